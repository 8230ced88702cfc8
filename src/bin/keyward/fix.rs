//! `keyward fix`: shows what would mend the findings of the working tree, and does it where that is asked for.
//!
//! The library proposes, as data; here files are read again, changed and written. After that all is scanned once more, and what the scan says
//! counts: a change is no proof.

mod apply;
mod file;
mod remains;
mod rename;
mod show;
mod work;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};
use keyward::git::{Discover, Repository};
use keyward::model::{RelPath, Report};
use keyward::scan::{History, Options, Plan};

use crate::args::{self, FailOn, Judgement, Sources, When};
use crate::scan::{code, fail_on, options, tell_gaps, watched};
use crate::{FAILED, output, paint, say};
use work::{Task, Tasks};

/// What is mended may show what else can be: a file that git ignores now may get a new secret. More than three turns are none of that kind.
const TURNS: usize = 3;

const EXAMPLES: &str = "\
Examples:
  keyward fix                                        what would be changed
  keyward fix --apply                                do it, and say what remains
  keyward fix --apply --only env-file-tracked .env
  keyward fix --apply --unsafe                       also what others may notice

Nothing is rotated: where that is needed the steps are told, in their order.
docs/fixing.md says what is changed and how.

Exit code: as of `keyward scan` of what there is, or of what --apply leaves.";

/// `keyward fix`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files and folders; none is all of the folder, or of the repository.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change the files.
    #[arg(long)]
    apply: bool,
    /// With --apply, also what loses something or what others may notice.
    #[arg(long = "unsafe")]
    risky: bool,
    #[command(flatten)]
    judgement: Judgement,
    /// The severity from which the exit code is 1: critical, high, medium (default), low, info or never.
    #[arg(long, value_name = "SEVERITY", value_parser = args::fail_on(), hide_possible_values = true, help_heading = "What to report")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    sources: Sources,
}

/// Runs the command.
pub fn run(args: &Args, color: When) -> Result<u8> {
    let options = Options {
        paths: args.paths.clone(),
        // What only history holds cannot be changed, and an index for git to commit is a person's own choice.
        history: History::Not,
        ..options(&args.judgement, &args.sources)?
    };
    if let Some(repository) = Repository::discover(&options.cwd, &Discover::default())?
        && repository.is_bare()
    {
        bail!(
            "a bare repository has no files to change\n  hint: run it in a clone with a work tree"
        );
    }
    let paint = paint::painter(paint::wanted(color));
    let (mut plan, mut report) = scanned(&options)?;
    let first = report.clone();
    let (mut made, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let (mut failed, mut stuck) = (false, BTreeSet::new());
    for _ in 0..if args.apply { TURNS } else { 0 } {
        let tasks = Tasks::of(&plan, &report, args.risky, |safe| safe || args.risky)?;
        let mut tasks = tasks.prepared(plan.root(), &made);
        apply::hold_back(&mut tasks, &mut stuck);
        tasks.retain(|task| match &task.job {
            Ok(_) => true,
            // Told once.
            Err(reason) => refused.insert((task.path.clone(), reason.clone())),
        });
        let done = apply::apply(&plan, &tasks, &mut stuck);
        failed |= done.has_failed();
        // Behind the changing, so that nothing is shown as done that is not.
        done.mark(&mut tasks);
        output::stdout(|out| show::tasks(out, &plan, &tasks, &paint))?;
        if done.changed.is_empty() {
            break;
        }
        made.extend(done.changed);
        (plan, report) = scanned(&options)?;
    }
    let left = Tasks::of(&plan, &report, false, |safe| !args.apply || !safe)?;
    let mut left = left.prepared(plan.root(), &made);
    if !args.apply {
        apply::hold_back(&mut left, &mut stuck);
    }
    if !args.apply || !args.risky {
        output::stdout(|out| show::tasks(out, &plan, &left, &paint))?;
    }
    output::stdout(|out| {
        if args.apply {
            remains::difference(out, &first, &report, &paint)?;
        }
        remains::by_hand(out, &first, &made, paint::width())
    })?;
    say(&told(args, &left, &made));
    tell_gaps(&report);
    Ok(match code(&report, fail_on(args.fail_on, &plan)) {
        0 if failed => FAILED,
        code => code,
    })
}

fn scanned(options: &Options) -> Result<(Plan, Report)> {
    let plan = Plan::new(options.clone())?;
    let report = watched(&plan, true)?;
    Ok((plan, report))
}

/// One thing that was changed: a file, and what was done to it.
type Changed = (RelPath, &'static str);

/// What was done and what could be, in a line.
fn told(args: &Args, left: &[Task], made: &BTreeSet<Changed>) -> String {
    let count = |safe: bool| {
        let can = left.iter().filter(|task| task.job.is_ok());
        can.filter(|task| task.safe == safe).count()
    };
    let (safe, risky) = (count(true), count(false));
    let more = match (risky, args.risky) {
        (0, _) | (_, true) => String::new(),
        (1, _) => "; 1 change is unsafe and needs --apply --unsafe".to_owned(),
        (n, _) => format!("; {n} changes are unsafe and need --apply --unsafe"),
    };
    let changes = |n: usize| match n {
        1 => "1 change".to_owned(),
        n => format!("{n} changes"),
    };
    match args.apply {
        true if made.is_empty() => format!("nothing was changed{more}"),
        true => format!("made {}{more}", changes(made.len())),
        false if safe + risky == 0 => "there is nothing to change".to_owned(),
        false if safe == 0 => format!("nothing was changed{more}"),
        false => format!("nothing was changed: --apply makes {}{more}", changes(safe)),
    }
}
