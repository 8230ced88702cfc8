//! What a check is about, from what it and its rules say.

use std::io;

use keyward::model::{Check, Rule, Severity};
use keyward::report::{Role, clean};
use keyward::rules::shown::masked;

use super::{Page, rule};

/// Examples of each kind that are shown of a rule.
const EXAMPLES: usize = 3;
/// Characters of an example that are shown.
const LONGEST: usize = 160;

/// Writes it all.
pub fn tell(
    page: &mut Page<'_>,
    check: &Check,
    severity: Severity,
    rules: &[Rule],
) -> io::Result<()> {
    let id = (page.paint)(Role::Id, &format!("[{}]", clean(&check.id)));
    let word = (page.paint)(severity.into(), severity.as_str());
    writeln!(page.out, "{} {id} {word}\n", clean(&check.title))?;
    page.line("why", &check.why)?;
    page.line("fix", &check.fix)?;
    for link in &check.links {
        page.link("see", link)?;
    }
    if check.family != check.id {
        page.line("family", &check.family)?;
    }
    page.line("formerly", &check.was.join(", "))?;
    page.line("weight", &weight(check, rules))?;
    page.line(
        "accept",
        &format!(
            "keyward:allow {} REASON, in a comment on the line or the line above",
            check.id
        ),
    )?;
    if rules.is_empty() {
        page.heading("how it is found")?;
        page.line(
            "looks at",
            "all files together, at the end of a scan: no line alone shows it",
        )?;
    }
    for one in rules {
        let confidence = one.confidence;
        page.heading(&format!(
            "rule {}: {}, {confidence} confidence",
            one.name(),
            one.severity
        ))?;
        for (label, text) in rule::told(one) {
            page.line(label, &text)?;
        }
        for (label, examples) in [("right", &one.miss), ("wrong", &one.hit)] {
            for example in examples.iter().take(EXAMPLES) {
                page.line(label, &sample(example))?;
            }
        }
    }
    Ok(())
}

/// An example on one line, without anything that looks like a token.
fn sample(example: &str) -> String {
    let text = masked(example);
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    let text = lines.join(" ⏎ ");
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// How much a finding weighs, by where it stands.
fn weight(check: &Check, rules: &[Rule]) -> String {
    if check.client_safe {
        return "info wherever it stands, shown with --pedantic: such values are made to be published".to_owned();
    }
    let Some(worst) = rules.iter().max_by_key(|rule| rule.severity) else {
        return "by what is found, and less where that is sure to be made up".to_owned();
    };
    let mut parts = vec![format!("{} in what ships", worst.severity)];
    let in_tests = worst.in_tests.unwrap_or(Severity::Medium);
    if in_tests < worst.severity {
        parts.push(format!(
            "{in_tests} at most in tests, documentation and examples"
        ));
    }
    if let Some(severity) = check.untracked {
        parts.push(format!(
            "{severity} at most in a file that git does not know"
        ));
    }
    if worst.secret && worst.severity < Severity::Critical {
        parts.push("a step more where it reaches the browser".to_owned());
    }
    if !check.private {
        parts.push("not told of files that git ignores, or low with --ignored".to_owned());
    }
    parts.join("; ")
}
