//! `keyward hook run`: scans what git is about to do, and says no by the exit code of `keyward scan`.

use std::io;

use anyhow::{Context, Result};
use keyward::git::{Oid, Repository};
use keyward::scan::{Mode, Options};

use crate::args::{HookKind, Judgement, Running, When};
use crate::{FAILED, FOUND, say, scan, world};

use super::pushed::{self, Pushed};

/// Runs the command.
pub fn run(args: &Running, color: When) -> Result<u8> {
    let mut options = scan::options(&Judgement::default(), &args.sources)?;
    options.discover = world::hook();
    if args.kind == HookKind::Commit {
        options.mode = Mode::Staged;
        return scan::told(options, args.fail_on, color);
    }
    let pushed = pushed::read(args.kind, io::stdin().lock())?;
    let repository = Repository::discover(&options.cwd, &options.discover)?
        .context("a hook runs in a git repository, and there is none here")?;
    let remote = args.remote.as_ref().map(|remote| remote.to_string_lossy());
    let mut known = pushed::known(args.kind, remote.as_deref(), &pushed, &repository)?;
    if pushed.is_empty() {
        say("git names nothing that is pushed: nothing to scan");
    }
    let (mut found, mut failed) = (false, false);
    for Pushed { name, new, .. } in pushed {
        let Some(tip) = new else {
            say(&format!("{name} is deleted: nothing to scan"));
            continue;
        };
        if known.contains(&tip) {
            say(&format!(
                "{name} names what is there already: nothing to scan"
            ));
            continue;
        }
        say(&format!("{name}:"));
        // One that cannot be scanned does not keep the others from being told.
        let code = scan::told(of_push(&options, tip, &known), args.fail_on, color);
        let code = code.unwrap_or_else(|error| {
            say(&world::told(&error));
            FAILED
        });
        found |= code == FOUND;
        failed |= code == FAILED;
        known.push(tip);
    }
    Ok(match (found, failed) {
        (true, _) => FOUND,
        (false, true) => FAILED,
        (false, false) => 0,
    })
}

fn of_push(options: &Options, tip: Oid, known: &[Oid]) -> Options {
    Options {
        mode: Mode::Pushed {
            tip,
            known: known.to_owned(),
        },
        ..options.clone()
    }
}
