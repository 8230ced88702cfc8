//! What history knows of a value, in words: when it came and went, who has it, and how it is taken out.

use crate::model::{Commit, Past, Place};

/// References that are named.
const FEW: usize = 3;

/// `first in 1a2b3c4d5e6f (2021-03-04, Jane Doe), last in 9f8e7d6c5b4a (2022-01-02, Joe), not in HEAD; in refs/heads/main and 2 more; pushed`.
pub(super) fn told(past: &Past) -> String {
    let mut parts = vec![format!("first in {}", commit(&past.first))];
    if past.in_head {
        parts.push("still in HEAD".to_owned());
    } else {
        if past.last.id != past.first.id {
            parts.push(format!("last in {}", commit(&past.last)));
        }
        parts.push("not in HEAD".to_owned());
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

/// What to do about a value that only history holds, in order.
pub(super) fn remedy(past: &Past, place: &Place) -> Vec<String> {
    let rotate = "revoke it and make a new one: taking it out of the history does not take it back";
    let rewrite = if past.pushed || past.references.is_empty() {
        format!(
            "to take it out everywhere: git filter-repo --sensitive-data-removal --replace-text FILE (a line `VALUE==>REMOVED` in FILE), then push with force and tell all who have a clone; or without the file: git filter-repo --sensitive-data-removal --invert-paths --path {}",
            quoted(&place.path.to_string())
        )
    } else if past.in_head && past.first.id == past.last.id {
        "no remote has it as far as this clone knows: take it out and git commit --amend".to_owned()
    } else {
        format!(
            "no remote has it as far as this clone knows: git rebase --interactive {}^, edit that commit, and let it go with git reflog expire --expire=now --all && git gc --prune=now",
            past.first.short()
        )
    };
    vec![rotate.to_owned(), rewrite]
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
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted("a/b.env"), "a/b.env");
        assert_eq!(quoted("it's $(x)"), "'it'\\''s $(x)'");
    }
}
