//! The program: words in, exit code out.
//!
//! It reads arguments, environment and clock, once, and turns them into the library's options; stdout carries the report alone,
//! everything else goes to stderr. What is found and how it is told is the library's.
//!
//! Exit code, the same for every format: 1 where something at or above `--fail-on` was found; else 2 where the work could not be
//! done, or not all of it; else 0.

#![allow(clippy::exit)]

mod args;
mod baseline;
mod catalogue;
mod ci;
mod completions;
mod explain;
mod fix;
mod hook;
mod init;
mod links;
mod man;
mod output;
mod paint;
mod progress;
mod rules;
mod scan;
mod schema;
mod target;
mod world;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use keyward::model::RelPath;
use keyward::scan::concealed;

use args::{Args, Command};

/// Something at or above `--fail-on` was found.
const FOUND: u8 = 1;
/// The work could not be done, or not all of it.
const FAILED: u8 = 2;

/// Small things of many threads: the C library's allocator takes a tenth of a scan of scripts.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(panicked));
    let matches = Args::command().get_matches();
    // What clap has parsed fits the type that it was derived from.
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let result = match &args.command {
        Command::Scan(scan) => {
            let order = matches.subcommand_matches("scan");
            scan::run(scan, order, args.color)
        }
        Command::Rules(rules) => rules::run(rules),
        Command::Explain(explain) => explain::run(explain, args.color),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Hook(hook) => hook::run(hook, args.color),
        Command::Init(init) => init::run(init),
        Command::Schema(schema) => schema::run(schema),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(manual) => man::run(manual),
        Command::Fix(fix) => fix::run(fix, args.color),
    };
    let code = result.unwrap_or_else(|error| {
        say(&world::told(&error));
        FAILED
    });
    ExitCode::from(code)
}

/// Tells the user something, on stderr. It may repeat what a branch or a file is called, and that may be a secret.
fn say(message: &str) {
    print(&concealed(message));
}

#[allow(clippy::print_stderr)]
fn print(message: &str) {
    // Names of files and keys are in it, and no file may steer a terminal.
    let lines: Vec<_> = message
        .lines()
        .map(|line| RelPath::from(line).display())
        .collect();
    eprintln!("keyward: {}", lines.join("\n"));
}

/// A panic's payload can hold what is scanned, so only its place is told.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |location| {
        let parts: Vec<_> = location.file().split(['/', '\\']).collect();
        let tail = &parts[parts.len().saturating_sub(3)..];
        format!(" at {}:{}", tail.join("/"), location.line())
    });
    print(&format!(
        "internal error{place}: the scan is not whole\n  hint: please report it, with the version and this line"
    ));
    // In every thread: a scan that lost one must not go on and look whole.
    std::process::exit(FAILED.into());
}
