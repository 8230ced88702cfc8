//! One line in a file of husky's, which all who install the project get with it.
//!
//! husky runs `.husky/pre-commit` by `sh -e`, so the line's exit code is obeyed wherever it stands. It is put at the end, and taken away
//! so that the file is again what it was.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::args::HookKind;

use super::install::make_executable;

/// Behind the command, so that no line is taken away that somebody wrote by hand.
const MARK: &str = " # added by keyward hook install";
/// The beginning of a file that was not there. Older versions of husky have git run it, so it says by what.
const BEGINNING: &str = "#!/bin/sh\n# made by keyward hook install\n";

/// The command that the file has to call.
pub fn command(kind: HookKind) -> &'static str {
    match kind {
        HookKind::Commit => "keyward hook run pre-commit",
        HookKind::Push => "keyward hook run pre-push \"$1\"",
        HookKind::Receive => "keyward hook run pre-receive",
    }
}

/// Whether the file calls keyward, by our line or another.
pub fn calls(file: &Path, kind: HookKind) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let called = format!("keyward hook run {}", kind.name());
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| !line.starts_with('#') && line.contains(&called))
}

/// Appends the line, to a file that is made where there is none.
pub fn append(file: &Path, kind: HookKind) -> Result<()> {
    let before = if file.exists() {
        Some(fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?)
    } else {
        None
    };
    let is_new = before.is_none();
    let after = with_line(&before.unwrap_or_else(|| BEGINNING.to_owned()), kind);
    store(file, &after)?;
    if is_new {
        make_executable(file)?;
    }
    Ok(())
}

/// Takes our line away; says whether it was there.
pub fn take_away(file: &Path, kind: HookKind) -> Result<bool> {
    let Ok(text) = fs::read_to_string(file) else {
        return Ok(false);
    };
    let Some(before) = without_line(&text, kind) else {
        return Ok(false);
    };
    if before == BEGINNING {
        fs::remove_file(file).with_context(|| format!("cannot remove {}", file.display()))?;
    } else {
        store(file, &before)?;
    }
    Ok(true)
}

/// The line ends as the last one did: with an ending, or with the file.
fn with_line(text: &str, kind: HookKind) -> String {
    let line = format!("{}{MARK}", command(kind));
    if text.is_empty() || text.ends_with('\n') {
        format!("{text}{line}\n")
    } else {
        format!("{text}\n{line}")
    }
}

fn without_line(text: &str, kind: HookKind) -> Option<String> {
    let line = format!("{}{MARK}", command(kind));
    let at = text.find(&line)?;
    let (before, behind) = (&text[..at], &text[at + line.len()..]);
    match behind.strip_prefix("\r\n").or(behind.strip_prefix('\n')) {
        Some(behind) => Some(format!("{before}{behind}")),
        None => Some(format!(
            "{}{behind}",
            before.strip_suffix('\n').unwrap_or(before)
        )),
    }
}

fn store(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_goes_as_it_came() {
        for text in ["", "npm test\n", "npm test", "a\r\nb\r\n", "a\n\n", "\n"] {
            let with = with_line(text, HookKind::Push);
            assert!(with.contains("keyward hook run pre-push \"$1\""));
            let without = without_line(&with, HookKind::Push);
            assert_eq!(without.as_deref(), Some(text), "{text:?}");
            let other = without_line(&with, HookKind::Commit);
            assert_eq!(other, None);
        }
        let more = format!("{}npm run lint\n", with_line("a\n", HookKind::Commit));
        let without = without_line(&more, HookKind::Commit);
        assert_eq!(without.as_deref(), Some("a\nnpm run lint\n"));
    }
}
