//! The command line, as scripts rely on it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use keyward::model::{Confidence, Severity};
use keyward::report::Format;

const EXAMPLES: &str = "\
Examples:
  keyward scan                               the repository with its history
  keyward scan --staged                      what the next commit would hold
  keyward scan --range origin/main...HEAD    what a pull request would bring
  keyward scan -f sarif -o r.sarif           a report for a code host
  git show HEAD:.env | keyward scan --stdin-path .env -
  keyward explain src/app.js:4               why that was reported
  keyward fix                                what a program can mend, shown
  keyward baseline write                     accept all that is there now
  keyward hook install                       have git ask before each commit
  keyward init                               set a repository up, or move here

Exit code:
  1  something at or above --fail-on was found
  2  else, if the work could not be done, or not all of it
  0  else";

const SCAN_EXAMPLES: &str = "\
Examples:
  keyward scan
  keyward scan src web/app.js
  keyward scan --staged --fail-on low
  keyward scan --range origin/main...HEAD
  keyward scan --range auto                   in CI: what its run is about
  keyward scan --since v1.2
  keyward scan --history-only
  keyward scan -f text -f sarif -o r.sarif    one scan, two reports
  git show HEAD:.env | keyward scan --stdin-path .env -

A finding is accepted by `keyward:allow ID reason` in a comment on its line or
the line above, by an [[allow]] in keyward.toml, or by the baseline.";

const INSTALL_EXAMPLES: &str = "\
Examples:
  keyward hook install                               before each commit
  keyward hook install --type pre-commit,pre-push    before commits and pushes
  keyward hook install --type pre-receive            in a bare repository
  keyward hook install --append                      where husky runs the hooks";

const RUN_EXAMPLES: &str = "\
Examples:
  keyward hook run pre-commit                 what is staged
  keyward hook run pre-push \"$1\"              what git says on stdin is pushed
  keyward hook run pre-receive                what git says on stdin is received

Exit code: as of `keyward scan`; git goes on where it is 0.";

/// Finds the credentials that are written down in a repository.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXAMPLES, max_term_width = 110)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to colour; `auto` obeys NO_COLOR and CLICOLOR_FORCE.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub color: When,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files and history, a range of commits, what is staged, or stdin.
    Scan(Box<Scan>),
    /// List the checks, or prove the rules by their examples.
    Rules(Rules),
    /// Tell what a check finds and what to do, or why a finding was reported.
    Explain(crate::explain::Explain),
    /// Accept what is there now, or drop what is there no more.
    Baseline(Baseline),
    /// Have git ask keyward before commits and pushes.
    Hook(Hook),
    /// Set a repository up: keyward.toml, ignored environment files, a hook, CI; take over what other scanners were told.
    Init(crate::init::Init),
    /// Print the JSON schema of keyward.toml or of rule files, for editors.
    Schema(crate::schema::Schema),
    /// Print what completes commands and options in a shell.
    Completions(crate::completions::Completions),
    /// Print the manual page, or write one for each command.
    Man(crate::man::Manual),
    /// Show what would mend the findings, and do it.
    Fix(Box<crate::fix::Args>),
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where stdout is a terminal.
    Auto,
    /// In every text report to stdout.
    Always,
    /// Never.
    Never,
}

/// `keyward scan`.
#[derive(Debug, clap::Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub struct Scan {
    /// Files and folders; `-` reads stdin; none is all of the folder, or of the repository with its history.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What is staged, as the next commit would hold it.
    #[arg(long, help_heading = "What to scan")]
    pub staged: bool,
    /// What these commits add, as a pull request does: A..B, A...B; a side that is left out is HEAD; `auto`: what this run of a CI system is about.
    #[arg(long, value_name = "A..B", conflicts_with_all = ["since", "staged", "paths", "no_history", "history_only"], help_heading = "What to scan")]
    pub range: Option<String>,
    /// What HEAD has beyond this commit, branch or tag.
    #[arg(long, value_name = "REV", conflicts_with_all = ["staged", "paths", "no_history", "history_only"], help_heading = "What to scan")]
    pub since: Option<String>,
    /// The path that stdin is judged by.
    #[arg(long, value_name = "NAME", help_heading = "What to scan")]
    pub stdin_path: Option<String>,
    /// The tree alone, without the history of its repository.
    #[arg(long, help_heading = "What to scan")]
    pub no_history: bool,
    /// The history of the repository alone.
    #[arg(long, conflicts_with_all = ["no_history", "staged", "paths"], help_heading = "What to scan")]
    pub history_only: bool,
    /// How versions of files are read: `deltas` reads what each adds, `plain` all of each, as a check on the other.
    #[arg(long, value_name = "ENGINE", default_value = "deltas", hide = true)]
    pub history_engine: Engine,
    #[command(flatten)]
    pub judgement: Judgement,
    /// The severity from which the exit code is 1: critical, high, medium (default), low, info or never.
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on(), hide_possible_values = true, help_heading = "What to report")]
    pub fail_on: Option<FailOn>,
    /// List what is accepted, with the reasons.
    #[arg(long, help_heading = "What to report")]
    pub show_suppressed: bool,
    /// List what was passed over.
    #[arg(long, help_heading = "What to report")]
    pub show_skipped: bool,
    /// Write secrets out in full, in every report.
    #[arg(long, help_heading = "What to report")]
    pub show_secrets: bool,
    /// Gaps that are no reason to fail: path:GLOB, shallow, partial.
    #[arg(
        long,
        value_name = "GAP",
        value_delimiter = ',',
        help_heading = "What to report"
    )]
    pub accept: Vec<String>,
    #[command(flatten)]
    pub sources: Sources,
    /// The form of the report; several times for several reports.
    #[arg(long, short, value_name = "FORMAT", value_parser = words::<Format>(Format::ALL.iter().map(|f| f.as_str())), help_heading = "Output")]
    pub format: Vec<Format>,
    /// Where the report of the --format beside it goes; stdout where there is none.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Vec<PathBuf>,
    /// No summary and no progress: findings alone.
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,
    /// No progress line.
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,
}

/// How versions of files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// What each adds to the one that it is stored as a change of.
    Deltas,
    /// All of each.
    Plain,
}

/// What counts, for all commands that scan.
#[derive(Debug, Default, clap::Args)]
pub struct Judgement {
    /// Read and judge what git ignores, too.
    #[arg(long, help_heading = "What to scan")]
    pub ignored: bool,
    /// Only these checks; several times, or with commas.
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        help_heading = "What to report"
    )]
    pub only: Vec<String>,
    /// Not these checks.
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        help_heading = "What to report"
    )]
    pub skip: Vec<String>,
    /// Report advice (info), too.
    #[arg(long, help_heading = "What to report")]
    pub pedantic: bool,
    /// The least confidence to report: low, medium (default) or high.
    #[arg(long, value_name = "CONFIDENCE", value_parser = words::<Confidence>(Confidence::ALL.iter().map(|c| c.as_str())), hide_possible_values = true, help_heading = "What to report")]
    pub confidence: Option<Confidence>,
    /// How many threads; as many as there are cores.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Output")]
    pub jobs: Option<u16>,
    /// The date that expiries are held against, else SOURCE_DATE_EPOCH, else today (UTC).
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "What to report")]
    pub now: Option<Date>,
}

/// Which files say what counts, for all commands that load rules.
#[derive(Debug, Default, clap::Args)]
pub struct Sources {
    /// This file in place of the repository's keyward.toml.
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Do not obey the repository's keyward.toml and baseline: for repositories one does not trust.
    #[arg(long, help_heading = "Configuration")]
    pub no_repo_config: bool,
    /// A file or folder of rules.
    #[arg(long, value_name = "DIR", help_heading = "Configuration")]
    pub rules: Vec<PathBuf>,
    /// The baseline [default: .keyward-baseline].
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub baseline: Option<PathBuf>,
}

/// `keyward rules`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rules {
    /// What to do; to list, where nothing is said.
    #[command(subcommand)]
    pub command: Option<RulesCommand>,
}

/// What to do with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// One line a check: its id, the severity of its worst rule, its title.
    List {
        #[command(flatten)]
        sources: Sources,
        /// One line a rule instead, the dearest first: what each takes on the files of this folder.
        #[arg(long, value_name = "FOLDER")]
        cost: Option<PathBuf>,
    },
    /// Run every example of every rule through all rules.
    Check {
        /// Files and folders of rules, beside the built-in ones.
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
}

/// `keyward baseline`.
#[derive(Debug, clap::Args)]
pub struct Baseline {
    /// What to do.
    #[command(subcommand)]
    pub command: BaselineCommand,
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Add what a scan of everything finds now.
    Write(Baselining),
    /// Drop the lines of what a scan of everything finds no more.
    Prune(Baselining),
}

/// How the baseline's scan is done.
#[derive(Debug, clap::Args)]
pub struct Baselining {
    #[command(flatten)]
    pub judgement: Judgement,
    #[command(flatten)]
    pub sources: Sources,
}

/// `keyward hook`.
#[derive(Debug, clap::Args)]
pub struct Hook {
    /// What to do.
    #[command(subcommand)]
    pub command: HookCommand,
}

/// What to do with git's hooks.
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Write the hooks into this repository; a hook that is there is kept, and runs first.
    #[command(after_help = INSTALL_EXAMPLES)]
    Install(Installing),
    /// Take the hooks away again, and put back what was there before.
    Uninstall(Hooks),
    /// What the hooks call: scans what is committed, pushed or received.
    #[command(after_help = RUN_EXAMPLES)]
    Run(Running),
}

/// Which hooks.
#[derive(Debug, clap::Args)]
pub struct Hooks {
    /// Which hooks: pre-commit, pre-push, pre-receive; several times, or with commas.
    #[arg(
        long = "type",
        value_name = "HOOK",
        value_enum,
        value_delimiter = ',',
        hide_possible_values = true
    )]
    pub kinds: Vec<HookKind>,
}

/// How hooks are installed.
#[derive(Debug, clap::Args)]
pub struct Installing {
    #[command(flatten)]
    pub hooks: Hooks,
    /// Where husky runs the hooks, append the line to its files.
    #[arg(long)]
    pub append: bool,
    /// Also where core.hooksPath names a folder outside of this repository, which others use as well.
    #[arg(long)]
    pub shared: bool,
}

/// What a hook hands on.
#[derive(Debug, clap::Args)]
pub struct Running {
    /// The hook that git runs.
    #[arg(value_name = "HOOK", value_enum)]
    pub kind: HookKind,
    /// For pre-push: the remote, by its name or its URL.
    #[arg(value_name = "REMOTE")]
    pub remote: Option<OsString>,
    /// The severity from which the commit or push is refused: critical, high, medium (default), low, info or never.
    #[arg(long, value_name = "SEVERITY", value_parser = fail_on(), hide_possible_values = true)]
    pub fail_on: Option<FailOn>,
    #[command(flatten)]
    pub sources: Sources,
}

/// A hook of git's that keyward has something to say in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HookKind {
    /// Before a commit is made.
    #[value(name = "pre-commit")]
    Commit,
    /// Before commits are pushed.
    #[value(name = "pre-push")]
    Push,
    /// On a server, before what was pushed is taken.
    #[value(name = "pre-receive")]
    Receive,
}

impl HookKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Commit, Self::Push, Self::Receive];

    /// The name of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commit => "pre-commit",
            Self::Push => "pre-push",
            Self::Receive => "pre-receive",
        }
    }
}

/// The severity from which a run fails, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailOn(pub Option<Severity>);

impl FromStr for FailOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "never" => Ok(Self(None)),
            word => word.parse().map(|severity| Self(Some(severity))),
        }
    }
}

/// The severity from which a run fails, as a word.
pub fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    words(
        Severity::ALL
            .iter()
            .rev()
            .map(|s| s.as_str())
            .chain(["never"]),
    )
}

/// One word of a closed set of the library's.
fn words<T>(known: impl Iterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(known.collect::<Vec<_>>()).try_map(|word| word.parse::<T>())
}

fn date(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "a date is written 2031-12-31".to_owned())
}
