//! `keyward scan`.

use std::path::Path;

use anyhow::{Result, bail};
use clap::ArgMatches;
use keyward::git::Discover;
use keyward::model::{RelPath, Report, Severity};
use keyward::report::{Format, Style, Target};
use keyward::scan::{History, Mode, Options, Plan, Progress, scan};

use crate::args::{Engine, FailOn, Judgement, Scan, Sources, When};
use crate::output::{self, Output};
use crate::progress::Line;
use crate::{FAILED, FOUND, ci, links, paint, say, world};

/// Runs the command.
pub fn run(args: &Scan, order: Option<&ArgMatches>, color: When) -> Result<u8> {
    let outputs = output::all(&args.format, &args.output, order)?;
    let plan = Plan::new(asked(args)?)?;
    for output in &outputs {
        output.check(plan.root())?;
    }
    let report = watched(&plan, !args.no_progress && !args.quiet)?;
    let mut code = code(&report, fail_on(args.fail_on, &plan));
    let shown = Shown {
        suppressed: args.show_suppressed,
        skipped: args.show_skipped,
        summary: !args.quiet,
    };
    for output in &outputs {
        if let Err(error) = write(output, &shown, &report, &plan, color) {
            // Reports that are still to come may be the ones that matter, and a finding is one all the same.
            say(&world::told(&error));
            code = if code == FOUND { FOUND } else { FAILED };
        }
    }
    let told =
        |output: &Output| output.file.is_none() && output.format == Format::Text && !args.quiet;
    if !outputs.iter().any(told) {
        tell_gaps(&report);
    }
    Ok(code)
}

/// What a report shows beside its findings.
pub struct Shown {
    /// What is suppressed.
    pub suppressed: bool,
    /// What was passed over.
    pub skipped: bool,
    /// Notices, and the line that counts.
    pub summary: bool,
}

/// Scans for a hook: one report in text, whose gaps are said in it.
pub fn told(options: Options, asked: Option<FailOn>, color: When) -> Result<u8> {
    let plan = Plan::new(options)?;
    let report = watched(&plan, false)?;
    let output = Output {
        format: Format::Text,
        file: None,
    };
    let shown = Shown {
        suppressed: false,
        skipped: false,
        summary: true,
    };
    write(&output, &shown, &report, &plan, color)?;
    Ok(code(&report, fail_on(asked, &plan)))
}

/// The severity from which a run fails, if any: the one that was asked for, else the configuration's, else medium.
pub fn fail_on(asked: Option<FailOn>, plan: &Plan) -> Option<Severity> {
    match asked {
        Some(FailOn(severity)) => severity,
        None => Some(plan.fail_on().unwrap_or(Severity::Medium)),
    }
}

/// The options that all scans share: the whole root, as the working tree has it.
pub fn options(judgement: &Judgement, sources: &Sources) -> Result<Options> {
    Ok(Options {
        paths: Vec::new(),
        mode: Mode::Worktree,
        history: History::Too,
        plain_history: false,
        ignored: judgement.ignored,
        config: sources.config.clone(),
        user_config: world::user_config(),
        no_repo_config: sources.no_repo_config,
        rules: sources.rules.clone(),
        only: judgement.only.clone(),
        skip: judgement.skip.clone(),
        pedantic: judgement.pedantic,
        confidence: judgement.confidence,
        baseline: sources.baseline.clone(),
        accept: Vec::new(),
        show_secrets: false,
        jobs: judgement.jobs.map_or_else(world::cores, usize::from),
        today: world::today(judgement.now)?,
        discover: Discover::default(),
        cwd: world::cwd()?,
    })
}

/// Scans, with a progress line where it is wanted.
pub fn watched(plan: &Plan, wanted: bool) -> keyward::model::Result<Report> {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        let _line = Line::start(scope, &progress, wanted);
        scan(plan, &progress)
    })
}

/// Tells on stderr what could not be done, where no report on stdout says it to the eye.
pub fn tell_gaps(report: &Report) {
    for notice in report.notices.iter().filter(|n| n.kind.incomplete()) {
        say(&notice.to_string());
    }
}

fn asked(args: &Scan) -> Result<Options> {
    let mut options = options(&args.judgement, &args.sources)?;
    options.accept.clone_from(&args.accept);
    options.show_secrets = args.show_secrets;
    options.plain_history = args.history_engine == Engine::Plain;
    options.history = match (args.no_history, args.history_only) {
        (true, _) => History::Not,
        (_, true) => History::Only,
        _ => History::Too,
    };
    let stdin = args.paths.iter().any(|path| path == Path::new("-"));
    if stdin {
        if args.paths.len() > 1 || args.staged {
            bail!(
                "`-` reads stdin and goes with no other source\n  hint: scan the rest in a run of its own"
            );
        }
        let name = args.stdin_path.as_deref().unwrap_or("stdin");
        options.mode = Mode::Stdin {
            name: RelPath::from(slashed(name).as_str()),
        };
        return Ok(options);
    }
    if args.stdin_path.is_some() {
        bail!(
            "--stdin-path names what `-` reads, and there is no `-`\n  hint: keyward scan --stdin-path NAME -"
        );
    }
    if let Some(range) = range(args)? {
        options.mode = Mode::Range(range);
        return Ok(options);
    }
    if args.staged {
        options.mode = Mode::Staged;
        options.discover = world::hook();
    }
    options.paths.clone_from(&args.paths);
    Ok(options)
}

/// The range of commits that is asked for, if one is.
fn range(args: &Scan) -> Result<Option<String>> {
    if args.range.as_deref() == Some("auto") {
        let decision = ci::decide(&world::variable, &world::cwd()?)?;
        if !args.quiet {
            say(&decision.told);
        }
        return Ok(decision.range);
    }
    let Some(since) = &args.since else {
        return Ok(args.range.clone());
    };
    if since.contains("..") {
        bail!("--since takes one commit, and `{since}` is a range\n  hint: --range {since}");
    }
    if since.trim().is_empty() {
        bail!(
            "--since names no commit\n  hint: a variable may not be set; `--since origin/main` is what this branch adds"
        );
    }
    Ok(Some(format!("{since}..HEAD")))
}

/// A name as the report's paths are written.
pub fn slashed(name: &str) -> String {
    let name = name.replace(std::path::MAIN_SEPARATOR, "/");
    name.trim_start_matches("./").to_owned()
}

fn write(output: &Output, shown: &Shown, report: &Report, plan: &Plan, color: When) -> Result<()> {
    if output.file.is_none() && output.format == Format::Text {
        return in_style(shown, plan, color, |style| output.write(report, style));
    }
    let paint = paint::painter(false);
    let root = std::path::absolute(plan.root()).unwrap_or_default();
    let style = Style {
        paint: &paint,
        show_suppressed: shown.suppressed,
        show_skipped: shown.skipped,
        summary: shown.summary,
        root: Some(&root),
        ..Style::plain()
    };
    output.write(report, &style)
}

/// The style of a report in text on stdout: colours and links where they are wanted, and the terminal's width.
pub fn in_style<R>(
    shown: &Shown,
    plan: &Plan,
    color: When,
    write: impl FnOnce(&Style<'_>) -> R,
) -> R {
    let paint = paint::painter(paint::wanted(color));
    let links = links::wanted(color);
    let root = std::path::absolute(plan.root()).unwrap_or_default();
    let link = |target: Target<'_>, text: &str| match target {
        _ if !links => text.to_owned(),
        Target::File(path) => links::to_file(&root, path, text),
        // What the repository's own rules say would lead where it likes.
        Target::Check(check) => match check.links.first() {
            Some(url) if plan.is_own(check) => links::to_page(url, text),
            _ => text.to_owned(),
        },
    };
    write(&Style {
        paint: &paint,
        link: &link,
        show_suppressed: shown.suppressed,
        show_skipped: shown.skipped,
        summary: shown.summary,
        width: paint::width(),
        root: Some(&root),
    })
}

/// The exit code of what a scan found.
pub fn code(report: &Report, fail_on: Option<Severity>) -> u8 {
    let found = fail_on.is_some_and(|least| report.findings.iter().any(|f| f.severity >= least));
    match (found, report.complete()) {
        (true, _) => FOUND,
        (false, false) => FAILED,
        (false, true) => 0,
    }
}
