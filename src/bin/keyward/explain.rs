//! `keyward explain`.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::{Result, bail};
use keyward::config::nearest;
use keyward::model::Check;
use keyward::report::{Role, clean};
use keyward::rules::Ruleset;

use crate::args::{Explain, When};
use crate::{catalogue, output, paint};

/// Runs the command.
pub fn run(args: &Explain, color: When) -> Result<u8> {
    let rules = catalogue::load(&args.sources)?;
    let Some(check) = rules.check(&args.id) else {
        let known = rules.checks().iter().map(|check| check.id.as_str());
        let hint = match nearest(&args.id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`keyward rules list` names all checks".to_owned(),
        };
        bail!("there is no check `{}`\n  hint: {hint}", args.id);
    };
    let paint = paint::painter(paint::wanted(color));
    output::stdout(|out| tell(out, &rules, check, &paint))?;
    Ok(0)
}

fn tell(
    out: &mut dyn Write,
    rules: &Ruleset,
    check: &Arc<Check>,
    paint: &dyn Fn(Role, &str) -> String,
) -> io::Result<()> {
    let severity = catalogue::worst(rules, check);
    writeln!(
        out,
        "{} [{}] {}\n",
        clean(&check.title),
        paint(Role::Id, &clean(&check.id)),
        paint(severity.into(), severity.as_str())
    )?;
    let mut line = |label: &str, text: &str| {
        if text.is_empty() {
            return Ok(());
        }
        let label = paint(Role::Label, &format!("{label}:"));
        writeln!(out, "  {label} {}", clean(text))
    };
    line("why", &check.why)?;
    line("fix", &check.fix)?;
    for link in &check.links {
        line("see", link)?;
    }
    if check.family != check.id {
        line("family", &check.family)?;
    }
    line("formerly", &check.was.join(", "))?;
    line(
        "accept",
        &format!(
            "keyward:allow {} REASON, in a comment on the line or the line above",
            check.id
        ),
    )?;
    for rule in rules.rules_of(&check.id) {
        let confidence = rule.confidence;
        line(
            "rule",
            &format!(
                "{}: {}, {confidence} confidence",
                rule.name(),
                rule.severity
            ),
        )?;
    }
    Ok(())
}
