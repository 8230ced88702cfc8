//! `keyward rules`.

mod cost;

use std::path::PathBuf;

use anyhow::Result;
use keyward::report::clean;
use keyward::rules::examples;

use crate::args::{Rules, RulesCommand, Sources};
use crate::{FOUND, catalogue, output, say};

/// Runs the command.
pub fn run(args: &Rules) -> Result<u8> {
    match &args.command {
        None => list(&Sources::default()),
        Some(RulesCommand::List {
            sources,
            cost: None,
        }) => list(sources),
        Some(RulesCommand::List {
            sources,
            cost: Some(folder),
        }) => cost::tell(sources, folder),
        Some(RulesCommand::Check { paths }) => check(paths),
    }
}

fn list(sources: &Sources) -> Result<u8> {
    let rules = catalogue::load(sources)?;
    let mut checks: Vec<_> = rules.checks().iter().collect();
    checks.sort_by(|a, b| a.id.cmp(&b.id));
    let width = checks.iter().map(|c| c.id.len()).max().unwrap_or(0);
    output::stdout(|out| {
        checks.iter().try_for_each(|check| {
            let severity = catalogue::worst(&rules, check);
            let (id, title) = (clean(&check.id), clean(&check.title));
            writeln!(out, "{id:width$}  {severity:8}  {title}")
        })
    })?;
    Ok(0)
}

fn check(paths: &[PathBuf]) -> Result<u8> {
    let outcome = examples::check(paths)?;
    output::stdout(|out| {
        outcome.faults.iter().try_for_each(|fault| {
            let file = fault.file.display();
            let line = match fault.line {
                0 => format!("{file}: {}: {}", fault.rule, fault.message),
                line => format!("{file}:{line}: {}: {}", fault.rule, fault.message),
            };
            writeln!(out, "{}", clean(&line))
        })
    })?;
    let (rules, examples) = (outcome.rules, outcome.examples);
    if outcome.faults.is_empty() {
        say(&format!("{rules} rules, {examples} examples: all hold"));
        return Ok(0);
    }
    say(&format!(
        "{rules} rules, {examples} examples: {} do not hold",
        outcome.faults.len()
    ));
    Ok(FOUND)
}
