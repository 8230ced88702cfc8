//! Lines of `.gitignore` for environment files: those that `gitignore-missing-env` tells of, so that a scan has nothing to say afterwards.

use anyhow::Result;
use keyward::checks;
use keyward::config;
use keyward::git::Ignores;

use crate::say;

use super::ask::{self, Answer, Asker};
use super::place::{Place, There, line_end};
use super::{Init, Outcome};

const NAME: &str = ".gitignore";
/// Nobody writes one that is larger.
const LONGEST: u64 = 1 << 20;

/// Appends what is missing.
pub fn write(args: &Init, place: &Place, asker: &mut Asker, outcome: &mut Outcome) -> Result<()> {
    let said = ask::said(args.gitignore, args.no_gitignore);
    let there = place.there(NAME);
    // A folder that is no repository and has no such file is none that git will look at.
    if place.repository.is_none() && there == There::Nothing && said != Some(true) {
        return Ok(());
    }
    if said == Some(false) {
        return Ok(());
    }
    if matches!(there, There::Link | There::Other) {
        place.leave(NAME, there);
        if said == Some(true) {
            outcome.fail();
        }
        return Ok(());
    }
    let before = match there {
        There::File => Some(config::text(&place.root.join(NAME), LONGEST)?),
        _ => None,
    };
    let ignores = match &place.repository {
        Some(repository) => Ignores::of_worktree(repository.clone()),
        None => Ignores::of_folder(&place.root),
    };
    let lines = checks::missing_env_lines(before.as_deref(), |path| ignores.standing(path, false));
    if lines.is_empty() {
        say("git ignores environment files already");
        return Ok(());
    }
    let question = format!("Append {} to .gitignore?", lines.join(", "));
    match asker.decide(said, &question, Answer::Open)? {
        Answer::No => {}
        Answer::Open => {
            outcome.leave_open("has git ignore environment files", "--gitignore");
        }
        Answer::Yes => place.append(NAME, before.as_deref(), &more(before.as_deref(), &lines))?,
    }
    Ok(())
}

/// The lines, with the line ends of the file that they go into.
fn more(before: Option<&str>, lines: &[String]) -> String {
    let text = before.unwrap_or_default();
    let end = line_end(text);
    let mut more = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        more += end;
    }
    for line in lines {
        more += line;
        more += end;
    }
    more
}
