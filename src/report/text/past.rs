//! What history knows of a value, in words: when it came and went, who has it, and how it is taken out.

use crate::model::{Commit, Origin, Past, RelPath};

/// References that are named.
const FEW: usize = 3;

/// `first in 1a2b3c4d5e6f (2021-03-04, Jane Doe), last in 9f8e7d6c5b4a (2022-01-02, Joe), not in HEAD; in refs/heads/main and 2 more; pushed`.
pub(super) fn told(past: &Past) -> String {
    let mut parts = vec![format!("first in {}", commit(&past.first))];
    let end = match past.of_range {
        true => "at the end of the range",
        false => "in HEAD",
    };
    if past.in_head {
        parts.push(format!("still {end}"));
    } else {
        if past.last.id != past.first.id {
            parts.push(format!("last in {}", commit(&past.last)));
        }
        parts.push(format!("not {end}"));
    }
    let mut out = parts.join(", ");
    let heads: Vec<&str> = past.references.iter().map(|name| short(name)).collect();
    if let Some(shown) = heads
        .get(..heads.len().min(FEW))
        .filter(|shown| !shown.is_empty())
    {
        out += &format!("; in the history of {}", shown.join(", "));
        if past.held_by > shown.len() {
            out += &format!(" and {} more", past.held_by - shown.len());
        }
    }
    out + if past.pushed { "; pushed" } else { "" }
}

/// What to do first about every value that was in the history.
pub(super) const ROTATE: &str =
    "revoke it and make a new one: taking it out of the history does not take it back";

/// How a value is taken out that only history holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Remedy {
    /// Others have the file's versions.
    RewriteFiles,
    /// The last commit brought it, and nobody else has it.
    Amend,
    /// An earlier commit brought it, and nobody else has it.
    Rebase,
    /// Others have the message.
    RewriteMessages,
    /// Nobody else has the message.
    Reword,
    /// It is the message of a tag.
    Retag,
}

impl Remedy {
    pub(super) fn of(past: &Past, origin: Origin, path: &RelPath) -> Self {
        let is_out = past.pushed || past.references.is_empty();
        match origin {
            Origin::Message if tag(path).is_some() => Self::Retag,
            Origin::Message if is_out => Self::RewriteMessages,
            Origin::Message => Self::Reword,
            _ if is_out => Self::RewriteFiles,
            // In a range the last commit that changed the file need not be the last there is.
            _ if past.in_head && !past.of_range && past.first.id == past.last.id => Self::Amend,
            _ => Self::Rebase,
        }
    }

    /// In words, for this value.
    pub(super) fn told(self, past: &Past, path: &RelPath) -> String {
        let alone = "no remote has it as far as this clone knows";
        let first = past.first.short();
        let forget = "let it go with git reflog expire --expire=now --all && git gc --prune=now";
        let everywhere = "to take it out everywhere: git filter-repo --sensitive-data-removal";
        let push = "then push with force and tell all who have a clone";
        match self {
            Self::RewriteFiles => format!(
                "{everywhere} --replace-text FILE (a line `VALUE==>REMOVED` in FILE), {push}; or without the file: git filter-repo --sensitive-data-removal --invert-paths --path {}",
                quoted(&path.to_string())
            ),
            Self::Amend => format!("{alone}: take it out and git commit --amend"),
            Self::Rebase => format!(
                "{alone}: git rebase --interactive {first}^, edit that commit, and {forget}"
            ),
            Self::RewriteMessages => format!(
                "{everywhere} --replace-message FILE (a line `VALUE==>REMOVED` in FILE), {push}"
            ),
            Self::Reword => format!(
                "{alone}: git rebase --interactive {first}^, reword that commit, and {forget}"
            ),
            Self::Retag => {
                let tag = quoted(&tag(path).unwrap_or_default());
                format!(
                    "make the tag anew: git tag --force --annotate {tag} {tag}^{{}}, then git push --force REMOTE refs/tags/{tag} where it was pushed"
                )
            }
        }
    }
}

/// The tag whose message has this path.
fn tag(path: &RelPath) -> Option<String> {
    path.to_string().strip_prefix("tag:").map(str::to_owned)
}

fn commit(commit: &Commit) -> String {
    let (day, author) = (commit.day(), commit.author.as_str());
    let by: Vec<&str> = [day, author]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    match by.is_empty() {
        true => commit.short().to_owned(),
        false => format!("{} ({})", commit.short(), by.join(", ")),
    }
}

/// A reference as git names it to people.
fn short(name: &str) -> &str {
    ["refs/heads/", "refs/tags/", "refs/remotes/", "refs/"]
        .iter()
        .find_map(|start| name.strip_prefix(start))
        .unwrap_or(name)
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(in_head: bool, references: &[&str]) -> Past {
        let commit = |id: &str, day: &str| Commit {
            id: id.repeat(40),
            author: "Jane Doe".to_owned(),
            date: format!("{day}T10:00:00+01:00"),
        };
        Past {
            first: commit("a", "2021-03-04"),
            last: commit("b", "2022-01-02"),
            in_head,
            of_range: false,
            held_by: references.len(),
            references: references.iter().map(|&name| name.to_owned()).collect(),
            pushed: references
                .iter()
                .any(|name| name.starts_with("refs/remotes/")),
        }
    }

    #[test]
    fn what_history_knows_is_one_line() {
        let gone = past(false, &["refs/heads/main", "refs/remotes/origin/main"]);
        assert_eq!(
            told(&gone),
            "first in aaaaaaaaaaaa (2021-03-04, Jane Doe), last in bbbbbbbbbbbb (2022-01-02, Jane Doe), not in HEAD; \
             in the history of main, origin/main; pushed"
        );
        let there = past(
            true,
            &["refs/heads/a", "refs/heads/b", "refs/tags/c", "refs/stash"],
        );
        assert_eq!(
            told(&there),
            "first in aaaaaaaaaaaa (2021-03-04, Jane Doe), still in HEAD; in the history of a, b, c and 1 more"
        );
        let mut of_range = past(true, &[]);
        of_range.of_range = true;
        assert!(told(&of_range).ends_with("still at the end of the range"));
        of_range.in_head = false;
        assert!(told(&of_range).ends_with("not at the end of the range"));
    }

    #[test]
    fn what_is_done_depends_on_who_has_it_and_where_it_stands() {
        let gone = past(false, &["refs/heads/main"]);
        let remedy = |past: &Past, origin, path: &str| {
            let path = RelPath::from(path);
            let remedy = Remedy::of(past, origin, &path);
            (remedy, remedy.told(past, &path))
        };
        let (kind, words) = remedy(&gone, Origin::History, "a.js");
        assert_eq!(kind, Remedy::Rebase);
        assert!(
            words.contains("git rebase --interactive aaaaaaaaaaaa^, edit"),
            "{words}"
        );
        let pushed = past(false, &["refs/remotes/origin/main"]);
        let (kind, words) = remedy(&pushed, Origin::History, "a b.js");
        assert_eq!(kind, Remedy::RewriteFiles);
        assert!(words.ends_with("--path 'a b.js'"), "{words}");
        let mut newest = past(true, &["refs/heads/main"]);
        newest.last = newest.first.clone();
        assert_eq!(remedy(&newest, Origin::History, "a.js").0, Remedy::Amend);
        newest.of_range = true;
        assert_eq!(remedy(&newest, Origin::History, "a.js").0, Remedy::Rebase);
        let (kind, words) = remedy(&gone, Origin::Message, "commit:aaaaaaaaaaaa");
        assert_eq!(kind, Remedy::Reword);
        assert!(
            words.contains("git rebase --interactive aaaaaaaaaaaa^, reword"),
            "{words}"
        );
        let (kind, words) = remedy(&pushed, Origin::Message, "commit:aaaaaaaaaaaa");
        assert_eq!(kind, Remedy::RewriteMessages);
        assert!(words.contains("--replace-message"), "{words}");
        let (kind, words) = remedy(&gone, Origin::Message, "tag:v 1");
        assert_eq!(kind, Remedy::Retag);
        assert!(
            words.contains("git tag --force --annotate 'v 1' 'v 1'^{}"),
            "{words}"
        );
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted("a/b.env"), "a/b.env");
        assert_eq!(quoted("it's $(x)"), "'it'\\''s $(x)'");
    }
}
