//! What is to be done, shown: unified diffs in which no secret stands, and commands.

use std::io::{self, Write};

use keyward::model::RelPath;
use keyward::report::Role;
use keyward::scan::{self, Plan};
use similar::{Algorithm, ChangeTag, DiffOp};

use super::file::Text;
use super::work::{Job, Task};

/// Lines around a change.
const AROUND: usize = 2;
/// Characters of a line that are shown.
const WIDEST: usize = 300;

/// A painter of words by their role.
type Paint<'a> = &'a dyn Fn(Role, &str) -> String;

/// Shows the tasks that can be done, and why others cannot.
pub fn tasks(
    out: &mut dyn Write,
    plan: &Plan,
    tasks: &[Task],
    paint: &dyn Fn(Role, &str) -> String,
) -> io::Result<()> {
    for task in tasks {
        let checks: Vec<&str> = task.checks.iter().map(String::as_str).collect();
        let id = paint(Role::Id, &format!("[{}]", checks.join(", ")));
        let tier = if task.safe { "" } else { "unsafe: " };
        let path = paint(Role::Path, &scan::concealed(&task.path.display()));
        match &task.job {
            Err(reason) => {
                let reason = scan::concealed(reason);
                writeln!(out, "{path}: cannot be changed: {reason} {id}\n")?;
            }
            Ok(Job::Untrack | Job::Restrict(..)) => {
                let command = task.command.as_deref().unwrap_or_default();
                writeln!(out, "{path}: {tier}{command} {id}\n")?;
            }
            Ok(Job::Text(text)) => {
                let what = match text.before {
                    None => "a new file",
                    Some(_) => "edit",
                };
                writeln!(out, "{path}: {tier}{what} {id}")?;
                diff(out, plan, &task.path, text, paint)?;
                notes(out, task, text)?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// What a reader of the diff cannot see in it.
fn notes(out: &mut dyn Write, task: &Task, text: &Text) -> io::Result<()> {
    if !task.renewed.is_empty() {
        let names: Vec<&str> = task.renewed.iter().map(String::as_str).collect();
        let names = RelPath::from(&*names.join(", ")).display();
        writeln!(
            out,
            "  note: {names}: 32 new random bytes, which nobody is shown; what was there is kept nowhere, and what it signed (sessions, tokens) ends"
        )?;
    }
    for renamed in &task.renamed {
        writeln!(
            out,
            "  note: {}: code in the browser finds nothing under the new name: let it ask a route of the server; and set the new name wherever it runs",
            RelPath::from(&**renamed).display()
        )?;
    }
    if text.left > 0 {
        writeln!(
            out,
            "  note: {} more edits overlap these: run it again",
            text.left
        )?;
    }
    Ok(())
}

/// The lines that change, with some around them. They are found in the texts as they are, and shown masked.
fn diff(
    out: &mut dyn Write,
    plan: &Plan,
    path: &RelPath,
    text: &Text,
    paint: Paint<'_>,
) -> io::Result<()> {
    let before = text.before.as_deref().unwrap_or_default();
    let lines = |text| -> Vec<&[u8]> { <[u8]>::split_inclusive(text, |&b| b == b'\n').collect() };
    let (old, new) = (lines(before), lines(&text.after));
    let shown_old = scan::masked(plan, path, before);
    let shown_new = scan::masked(plan, path, &text.after);
    let name = scan::concealed(&path.display());
    let from = match text.before {
        None => "/dev/null".to_owned(),
        Some(_) => format!("a/{name}"),
    };
    writeln!(out, "{}", paint(Role::Dim, &format!("--- {from}")))?;
    writeln!(out, "{}", paint(Role::Dim, &format!("+++ b/{name}")))?;
    let ops = changes(&old, &new);
    for hunk in similar::group_diff_ops(ops, AROUND) {
        let range = |of: fn(&DiffOp) -> std::ops::Range<usize>| {
            let start = hunk.first().map_or(0, |op| of(op).start);
            let end = hunk.last().map_or(0, |op| of(op).end);
            let from = if start == end { start } else { start + 1 };
            format!("{from},{}", end - start)
        };
        let head = format!(
            "@@ -{} +{} @@",
            range(DiffOp::old_range),
            range(DiffOp::new_range)
        );
        writeln!(out, "{}", paint(Role::Dim, &head))?;
        for change in hunk.iter().flat_map(|op| op.iter_changes(&old, &new)) {
            let (sign, at, shown) = match change.tag() {
                ChangeTag::Equal => (' ', change.old_index(), &shown_old),
                ChangeTag::Delete => ('-', change.old_index(), &shown_old),
                ChangeTag::Insert => ('+', change.new_index(), &shown_new),
            };
            let line = at.and_then(|at| shown.get(at)).map_or("", String::as_str);
            let cut: String = line.chars().take(WIDEST).collect();
            let more = if cut.len() < line.len() { "…" } else { "" };
            writeln!(out, "{sign}{cut}{more}")?;
            if !change.value().ends_with(b"\n") {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// How one text becomes the other. Where very many lines differ they are one change: to find the least takes the square of their number.
fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    const MOST: usize = 4000;
    let same = |pairs: &mut dyn Iterator<Item = (&&[u8], &&[u8])>| {
        pairs.take_while(|(a, b)| a == b).count()
    };
    let before = same(&mut old.iter().zip(new));
    let (rest_old, rest_new) = (&old[before..], &new[before..]);
    let behind = same(&mut rest_old.iter().rev().zip(rest_new.iter().rev()));
    let (old_len, new_len) = (rest_old.len() - behind, rest_new.len() - behind);
    if old_len.max(new_len) <= MOST {
        return similar::capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal {
        old_index,
        new_index,
        len,
    };
    let changed = DiffOp::Replace {
        old_index: before,
        old_len,
        new_index: before,
        new_len,
    };
    let ops = [
        equal(0, 0, before),
        changed,
        equal(before + old_len, before + new_len, behind),
    ];
    let is_something = |op: &DiffOp| !matches!(op, DiffOp::Equal { len: 0, .. });
    ops.into_iter().filter(is_something).collect()
}
