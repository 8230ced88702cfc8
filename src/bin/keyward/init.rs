//! `keyward init`: what a repository needs to be looked after, and what other scanners were told.
//!
//! [`place`] is where it is written and how: nothing that is there is overwritten, and no link is followed. [`ask`] decides what is done:
//! by flag, at a terminal, or not at all. [`config`], [`gitignore`], [`ci`] and the hooks of [`crate::hook`] are the parts; [`from`] reads
//! what other scanners were told into [`carried`], and [`accepted`] finds what their baselines accept.

mod accepted;
mod ask;
mod carried;
mod ci;
mod config;
mod from;
mod gitignore;
mod guard;
mod place;

use anyhow::Result;
use clap::ValueEnum;

use crate::args::{Hooks, Installing};
use crate::{FAILED, hook, say};

use ask::{Answer, Asker};
use place::Place;

const EXAMPLES: &str = "\
Examples:
  keyward init                                 asks what to write, at a terminal
  keyward init --yes                           writes all of it
  keyward init --gitignore --hook --ci github  these and keyward.toml
  keyward init --no-config --ci gitlab         only what GitLab needs
  keyward init --from gitleaks,detect-secrets  takes over what these know
  keyward init --yes --dry-run                 shows what would be written

What is there is left as it is. Without a terminal and without a flag
keyward.toml alone is written, and the rest is told.

Exit code:
  0  done, or there was nothing to do
  2  else";

/// `keyward init`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Init {
    /// Take over what another scanner is told: gitleaks, detect-secrets, secretlint; several times, or with commas.
    #[arg(
        long,
        value_name = "SCANNER",
        value_enum,
        value_delimiter = ',',
        hide_possible_values = true,
        conflicts_with = "no_config",
        help_heading = "What to take over"
    )]
    pub from: Vec<Scanner>,
    /// Write keyward.toml, in which every key is explained.
    #[arg(long, overrides_with = "no_config", help_heading = "What to write")]
    pub config: bool,
    /// Write no keyward.toml.
    #[arg(long, help_heading = "What to write")]
    pub no_config: bool,
    /// Have git ignore environment files.
    #[arg(long, overrides_with = "no_gitignore", help_heading = "What to write")]
    pub gitignore: bool,
    /// Leave .gitignore as it is.
    #[arg(long, help_heading = "What to write")]
    pub no_gitignore: bool,
    /// Have git ask keyward before each commit, as `keyward hook install` does.
    #[arg(long, overrides_with = "no_hook", help_heading = "What to write")]
    pub hook: bool,
    /// Install no hook.
    #[arg(long, help_heading = "What to write")]
    pub no_hook: bool,
    /// Write what a CI system needs: github, gitlab or none.
    #[arg(
        long,
        value_name = "SYSTEM",
        value_enum,
        hide_possible_values = true,
        help_heading = "What to write"
    )]
    pub ci: Option<System>,
    /// Say yes to all that is not decided by a flag.
    #[arg(long, short, help_heading = "How")]
    pub yes: bool,
    /// Write nothing, ask nothing, and show what would be written.
    #[arg(long, short = 'n', help_heading = "How")]
    pub dry_run: bool,
}

/// A scanner whose configuration can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scanner {
    /// `.gitleaks.toml` and `.gitleaksignore`.
    Gitleaks,
    /// `.secrets.baseline`.
    DetectSecrets,
    /// `.secretlintrc` and `.secretlintignore`.
    Secretlint,
}

/// A CI system that a file can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    /// `.github/workflows/keyward.yml`.
    Github,
    /// `.gitlab-ci.yml`.
    Gitlab,
    /// No file.
    None,
}

/// What has been done so far, and what is left to be told.
#[derive(Default)]
pub struct Outcome {
    /// Something was asked for and could not be done.
    failed: bool,
    /// What could be done as well, with the flag that does it.
    open: Vec<String>,
}

impl Outcome {
    /// Something could not be done; it is told by whoever says so.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// Nobody could be asked about this.
    pub fn leave_open(&mut self, what: &str, flag: &str) {
        self.open.push(format!("{flag}  {what}"));
    }
}

/// Runs the command.
pub fn run(args: &Init) -> Result<u8> {
    let place = Place::find(args.dry_run)?;
    let mut asker = Asker::new(args.yes, args.dry_run);
    let mut outcome = Outcome::default();
    // A part that cannot be written is no reason to leave the others out.
    let parts = [config::write, gitignore::write, install, ci::write];
    for part in parts {
        if let Err(error) = part(args, &place, &mut asker, &mut outcome) {
            say(&crate::world::told(&error));
            outcome.fail();
        }
    }
    if !outcome.open.is_empty() {
        say(&format!(
            "nobody was asked, so this was left; `keyward init` does it when called with\n  {}",
            outcome.open.join("\n  ")
        ));
    }
    Ok(if outcome.failed { FAILED } else { 0 })
}

fn install(args: &Init, place: &Place, asker: &mut Asker, outcome: &mut Outcome) -> Result<()> {
    let said = ask::said(args.hook, args.no_hook);
    if place.repository.is_none() && said != Some(true) {
        return Ok(());
    }
    if said.is_none() && hook::is_installed() {
        say("git asks keyward before each commit already");
        return Ok(());
    }
    match asker.decide(
        said,
        "Have git ask keyward before each commit?",
        Answer::Open,
    )? {
        Answer::No => {}
        Answer::Open => {
            outcome.leave_open("has git ask keyward before each commit", "--hook     ");
        }
        Answer::Yes if place.dry_run => say("would install the pre-commit hook"),
        Answer::Yes => {
            let code = hook::install(&Installing {
                hooks: Hooks { kinds: Vec::new() },
                append: false,
                shared: false,
            })?;
            if code != 0 {
                outcome.fail();
            }
        }
    }
    Ok(())
}
