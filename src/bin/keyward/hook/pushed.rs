//! What git tells a hook on stdin: which references are pushed.

use std::io::Read;

use anyhow::{Context, Result, bail};
use keyward::git::{Oid, Repository};

use crate::args::HookKind;

/// More than the references of any push.
const MOST: u64 = 256 << 20;

/// One reference of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// What it is called where it is pushed to.
    pub name: String,
    /// What it named there; nothing for one that is made.
    pub old: Option<Oid>,
    /// What it is to name; nothing for one that is deleted.
    pub new: Option<Oid>,
}

/// Reads what git says to a hook.
pub fn read(kind: HookKind, stdin: impl Read) -> Result<Vec<Pushed>> {
    let mut bytes = Vec::new();
    let read = stdin.take(MOST + 1).read_to_end(&mut bytes);
    read.context("cannot read stdin, where git names what is pushed")?;
    if bytes.len() as u64 > MOST {
        bail!("stdin names more references than anybody pushes");
    }
    // Names of references need not be UTF-8; they are shown, never looked for.
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            parse(kind, line).with_context(|| {
                format!(
                    "stdin is not what git tells a {} hook\n  hint: git runs the hook; by hand, `keyward scan --range A..B` does the same",
                    kind.name()
                )
            })
        })
        .collect()
}

/// `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID` of pre-push, `OLD-ID NEW-ID REF` of pre-receive.
fn parse(kind: HookKind, line: &str) -> Option<Pushed> {
    let words: Vec<_> = line.split(' ').collect();
    let (old, new, name) = match (kind, &words[..]) {
        // What is pushed may be written as `HEAD~1`, or with spaces: `main@{1 day ago}`.
        (HookKind::Push, [_, .., new, name, old]) => (old, new, name),
        (HookKind::Receive, [old, new, name]) => (old, new, name),
        _ => return None,
    };
    let id = |hex: &str| match Oid::from_str(hex.trim()) {
        Ok(oid) if hex.trim().len() == 40 => Some(Some(oid).filter(|oid| !oid.is_zero())),
        _ => None,
    };
    Some(Pushed {
        name: (*name).to_owned(),
        old: id(old)?,
        new: id(new)?,
    })
}

/// What those have who are pushed to, as far as this repository knows.
///
/// A server knows all its references. Before a push it is what the references are known to name there, and what the remote had when it was
/// last fetched from or pushed to; of a push to a URL, what any remote had.
pub fn known(
    kind: HookKind,
    remote: Option<&str>,
    pushed: &[Pushed],
    repository: &Repository,
) -> Result<Vec<Oid>> {
    let (references, _) = repository.references()?;
    let prefix = match (kind, remote) {
        (HookKind::Receive, _) => "refs/".to_owned(),
        (_, Some(remote)) if !is_url(remote) => format!("refs/remotes/{remote}/"),
        _ => "refs/remotes/".to_owned(),
    };
    let there = references
        .iter()
        .filter(|reference| reference.name.starts_with(&prefix))
        .map(|reference| reference.oid);
    Ok(there.chain(pushed.iter().filter_map(|p| p.old)).collect())
}

/// Names of remotes that are configured hold neither.
fn is_url(remote: &str) -> bool {
    remote.contains(':') || remote.starts_with(['/', '.', '~'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "1111111111111111111111111111111111111111";
    const Z: &str = "0000000000000000000000000000000000000000";

    fn told(kind: HookKind, text: &str) -> Option<Vec<(String, bool, bool)>> {
        let pushed = read(kind, text.as_bytes()).ok()?;
        let each = |p: Pushed| (p.name, p.old.is_some(), p.new.is_some());
        Some(pushed.into_iter().map(each).collect())
    }

    #[test]
    fn what_git_says_is_read() {
        let push = format!(
            "refs/heads/a {A} refs/heads/b {A}\nHEAD {A} refs/heads/n {Z}\n(delete) {Z} refs/heads/d {A}\n"
        );
        let all = |name: &str, old, new| (name.to_owned(), old, new);
        assert_eq!(
            told(HookKind::Push, &push),
            Some(vec![
                all("refs/heads/b", true, true),
                all("refs/heads/n", false, true),
                all("refs/heads/d", true, false)
            ])
        );
        let spaced = format!("main@{{1 day ago}} {A} refs/heads/m {Z}\n");
        assert_eq!(
            told(HookKind::Push, &spaced),
            Some(vec![all("refs/heads/m", false, true)])
        );
        let receive = format!("{Z} {A} refs/heads/n\r\n\n");
        assert_eq!(
            told(HookKind::Receive, &receive),
            Some(vec![all("refs/heads/n", false, true)])
        );
        assert_eq!(told(HookKind::Receive, ""), Some(Vec::new()));
    }

    #[test]
    fn what_git_does_not_say_is_refused() {
        for text in ["x", "x y z", &format!("{A} {A}"), "a 11 b 22"] {
            assert_eq!(told(HookKind::Push, text), None, "{text}");
            assert_eq!(told(HookKind::Receive, text), None, "{text}");
        }
    }

    #[test]
    fn a_remote_has_a_name_or_is_a_url() {
        for url in ["git@host:a/b", "https://host/a", "../b.git", "/srv/b.git"] {
            assert!(is_url(url), "{url}");
        }
        assert!(!is_url("origin") && !is_url("team/fork"));
    }
}
