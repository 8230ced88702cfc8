//! `keyward man`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Args;
use crate::{output, say};

const EXAMPLES: &str = "\
Examples:
  keyward man | man -l -                          read it here
  keyward man --output ~/.local/share/man/man1    for `man keyward-scan`";

/// `keyward man`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Manual {
    /// Write a page for each command into this folder, which is made where it is missing.
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Manual) -> Result<u8> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.output else {
        let page = page(&command)?;
        output::stdout(|out| out.write_all(&page))?;
        return Ok(0);
    };
    let written = || format!("cannot write to {}", folder.display());
    fs::create_dir_all(folder).with_context(written)?;
    let mut names = Vec::new();
    let mut left = vec![&command];
    while let Some(command) = left.pop() {
        let shown = || command.get_subcommands().filter(|sub| !sub.is_hide_set());
        left.extend(shown());
        let page = page(command)?;
        let name = format!("{}.1", name(command));
        output::store(&folder.join(&name), |out| out.write_all(&page)).with_context(written)?;
        names.push(name);
    }
    let count = names.len();
    say(&format!("{count} pages in {}", folder.display()));
    Ok(0)
}

/// `keyward-hook-install`.
fn name(command: &Command) -> &str {
    let name = command.get_display_name();
    name.unwrap_or(command.get_name())
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone())
        .source(concat!("keyward ", env!("CARGO_PKG_VERSION")))
        .manual("keyward");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut out)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    if let Some(after) = command.get_after_help() {
        sections(&after.to_string(), &mut out)?;
    }
    if command.get_version().is_some() {
        man.render_version_section(&mut out)?;
    }
    Ok(out)
}

/// What stands below the options in the help: a line that ends in a colon heads a section, whose lines stay lines.
fn sections(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut preformatted = false;
    for line in text.lines() {
        if let Some(heading) = line.strip_suffix(':').filter(|h| !h.starts_with(' ')) {
            if preformatted {
                writeln!(out, ".fi")?;
            }
            writeln!(out, ".SH {}\n.nf", heading.to_uppercase())?;
            preformatted = true;
        } else {
            writeln!(out, "{}", escaped(line))?;
        }
    }
    match preformatted {
        true => writeln!(out, ".fi"),
        false => Ok(()),
    }
}

/// A line that roff takes for text, and whose hyphens can be copied.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_the_options_fits_80_columns() {
        let mut command = Args::command();
        command.build();
        let mut left = vec![&command];
        while let Some(command) = left.pop() {
            left.extend(command.get_subcommands());
            let text = command.get_after_help().map(ToString::to_string);
            for line in text.unwrap_or_default().lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", name(command));
            }
        }
    }

    #[test]
    fn what_stands_below_the_options_is_sections() {
        let mut out = Vec::new();
        sections("Examples:\n  a --b\n\nExit code:\n  .x", &mut out).expect("memory takes all");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(
            text,
            ".SH EXAMPLES\n.nf\n  a \\-\\-b\n\n.fi\n.SH EXIT CODE\n.nf\n  .x\n.fi\n"
        );
        assert_eq!(escaped(".x \\n"), "\\&.x \\en");
    }
}
