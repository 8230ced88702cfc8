//! Lists for details: names of keys and files, never values, short and safe for a terminal.

use crate::model::RelPath;

/// Names that a list shows before it counts.
const SHOWN: usize = 3;
/// Characters of a name.
const LONGEST: usize = 80;

/// `A, B, C and 2 more`, each name once.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut more = 0;
    let mut seen = std::collections::HashSet::new();
    for name in names.into_iter().filter(|name| seen.insert(*name)) {
        if shown.len() < SHOWN {
            shown.push(name);
        } else {
            more += 1;
        }
    }
    let shown: Vec<String> = shown.into_iter().map(shorter).collect();
    let mut out = shown.join(", ");
    if more > 0 {
        out.push_str(&format!(" and {more} more"));
    }
    out
}

/// One name or line, cut where it is long, control characters escaped.
pub(super) fn shorter(text: &str) -> String {
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    RelPath::from(cut.as_str()).display()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_and_steers_no_terminal() {
        assert_eq!(list(["A"]), "A");
        assert_eq!(list(["A", "B", "A", "C"]), "A, B, C");
        assert_eq!(list(["A", "B", "C", "D", "E"]), "A, B, C and 2 more");
        assert_eq!(list(["A\x1b[31m"]), "A\\u{1b}[31m");
        assert_eq!(list(["x".repeat(200).as_str()]).chars().count(), 81);
    }
}
