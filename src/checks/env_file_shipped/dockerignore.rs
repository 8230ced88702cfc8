//! `.dockerignore`: patterns from the root of the build context, the last that fits decides
//! (<https://docs.docker.com/build/concepts/context/#dockerignore-files>, and moby's `patternmatcher`).

/// Lines of an ignore file that are read; who writes more did not write them by hand.
const MOST: usize = 1000;
/// Bytes of a pattern or path: matching takes their product.
const LONGEST: usize = 4096;

/// The rules of one file.
pub(super) struct Rules(Vec<Rule>);

struct Rule {
    pattern: Vec<Piece>,
    takes_back: bool,
}

/// A step of a pattern.
enum Piece {
    Byte(u8),
    /// `?`
    Any,
    /// `[a-z]`, `[^a]`
    Class {
        ranges: Vec<(u8, u8)>,
        not: bool,
    },
    /// `*`: anything but a slash.
    Star,
    /// `**` at the end or before other text: anything.
    Stars,
    /// `**/`: nothing, or any folders.
    Folders,
}

impl Rules {
    /// Reads an ignore file. A pattern that is none is passed over.
    pub(super) fn of(text: &[u8]) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let lines = text.split(|&b| b == b'\n').take(MOST);
        let rules = lines
            .filter(|line| !line.starts_with(b"#"))
            .filter_map(|line| {
                let line = line.trim_ascii();
                let (takes_back, line) = match line.strip_prefix(b"!") {
                    Some(rest) => (true, rest.trim_ascii()),
                    None => (false, line),
                };
                let pattern = compiled(&cleaned(line))?;
                Some(Rule {
                    pattern,
                    takes_back,
                })
            });
        Self(rules.collect())
    }

    /// Whether a file of the context is left out, `path` being relative to the context's root.
    pub(super) fn leave_out(&self, path: &[u8]) -> bool {
        let last = self
            .0
            .iter()
            .rev()
            .find(|rule| fits(&rule.pattern, path, true));
        last.is_some_and(|rule| !rule.takes_back)
    }
}

/// Whether `pattern` fits the whole of `path`, by the rules for sources of `COPY`.
pub(super) fn is_match(pattern: &[u8], path: &[u8]) -> bool {
    compiled(pattern).is_some_and(|pattern| fits(&pattern, path, false))
}

/// Without `./`, slashes at both ends and doubled ones.
pub(super) fn cleaned(path: &[u8]) -> Vec<u8> {
    let parts = path
        .split(|&b| b == b'/')
        .filter(|part| !part.is_empty() && *part != b".");
    parts.collect::<Vec<_>>().join(&b'/')
}

/// None of an empty pattern, or one that breaks the grammar.
fn compiled(pattern: &[u8]) -> Option<Vec<Piece>> {
    if pattern.is_empty() || pattern.len() > LONGEST {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        pieces.push(match first {
            b'*' if rest.starts_with(b"*") => {
                while let Some(more) = rest.strip_prefix(b"*") {
                    rest = more;
                }
                match rest.strip_prefix(b"/") {
                    Some(more) => {
                        rest = more;
                        Piece::Folders
                    }
                    None => Piece::Stars,
                }
            }
            b'*' => Piece::Star,
            b'?' => Piece::Any,
            b'[' => {
                let (class, more) = class(rest)?;
                rest = more;
                class
            }
            b'\\' => {
                let (&byte, more) = rest.split_first()?;
                rest = more;
                Piece::Byte(byte)
            }
            byte => Piece::Byte(byte),
        });
    }
    Some(pieces)
}

/// A class whose `[` was read, and what follows it.
fn class(mut rest: &[u8]) -> Option<(Piece, &[u8])> {
    let not = rest.first().is_some_and(|b| b"^!".contains(b));
    if not {
        rest = &rest[1..];
    }
    let mut ranges = Vec::new();
    loop {
        let (&low, after) = rest.split_first()?;
        rest = after;
        if low == b']' && !ranges.is_empty() {
            return Some((Piece::Class { ranges, not }, rest));
        }
        let mut high = low;
        if let [b'-', end, after @ ..] = rest
            && *end != b']'
        {
            high = *end;
            rest = after;
        }
        ranges.push((low, high));
    }
}

/// Whether the pieces fit `path`, or, if `parents`, a folder above it. Keeps all the places that the pieces read so far can end at, so that no
/// pattern takes longer than its length times that of the path.
fn fits(pieces: &[Piece], path: &[u8], parents: bool) -> bool {
    if path.len() > LONGEST {
        return false;
    }
    let mut ends = vec![false; path.len() + 1];
    ends[0] = true;
    for piece in pieces {
        if !ends.contains(&true) {
            return false;
        }
        let mut next = vec![false; path.len() + 1];
        let mut open = false;
        for at in 0..=path.len() {
            let before = at.checked_sub(1).map(|i| (ends[i], path[i]));
            next[at] = match piece {
                Piece::Byte(byte) => before.is_some_and(|(yes, b)| yes && b == *byte),
                Piece::Any => before.is_some_and(|(yes, b)| yes && b != b'/'),
                Piece::Class { ranges, not } => before.is_some_and(|(yes, b)| {
                    let within = ranges.iter().any(|(low, high)| (low..=high).contains(&&b));
                    yes && b != b'/' && within != *not
                }),
                Piece::Star => {
                    open = ends[at] || open && before.is_some_and(|(_, b)| b != b'/');
                    open
                }
                Piece::Stars => {
                    open |= ends[at];
                    open
                }
                Piece::Folders => {
                    let here = ends[at];
                    let after_folder = open && before.is_some_and(|(_, b)| b == b'/');
                    open |= here;
                    here || after_folder
                }
            };
        }
        ends = next;
    }
    let is_end = |at: usize| at == path.len() || parents && path[at] == b'/';
    ends.iter().enumerate().any(|(at, yes)| *yes && is_end(at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_begin_at_the_root_and_the_last_decides() {
        for (rules, path, out) in [
            (".env", ".env", true),
            (".env", "api/.env", false),
            ("/.env", ".env", true),
            ("./.env", ".env", true),
            ("**/.env", ".env", true),
            ("**/.env", "a/b/.env", true),
            ("**/.env", "a/b.env", false),
            ("**/.env*", "api/.env.local", true),
            ("*/.env", "api/.env", true),
            ("*/.env", ".env", false),
            ("*.env", "a/x.env", false),
            ("*", "a/.env", true),
            ("**", "a/.env", true),
            ("api", "api/.env", true),
            ("api/", "api/deep/.env", true),
            ("api/**", "api/deep/.env", true),
            (".env*\n!.env.production", ".env.production", false),
            ("!.env\n.env", ".env", true),
            ("*\n!src", "src/.env", false),
            ("# .env", ".env", false),
            (".env # secrets", ".env", false),
            ("  .env  \r", ".env", true),
            (".en?", ".env", true),
            (".env.[a-p]*", ".env.local", true),
            (".env.[^a-p]*", ".env.local", false),
            (".env.[", ".env.[", false),
            ("{.env,x}", ".env", false),
            ("\\.env", ".env", true),
            ("", ".env", false),
            ("a**z", "a/b/z", true),
        ] {
            assert_eq!(
                Rules::of(rules.as_bytes()).leave_out(path.as_bytes()),
                out,
                "{rules} {path}"
            );
        }
    }

    #[test]
    fn a_source_fits_as_a_whole() {
        assert!(is_match(b"*", b".env") && is_match(b"a/*", b"a/.env"));
        assert!(!is_match(b"a", b"a/.env") && !is_match(b"*.json", b".env"));
    }

    proptest! {
        #[test]
        fn any_rules_and_paths_are_judged(rules in "[a./*!?\\[\\]\\\\^\\-\n #]{0,40}", path in "[a./]{0,20}") {
            let _ = Rules::of(rules.as_bytes()).leave_out(path.as_bytes());
        }

        #[test]
        fn a_plain_path_leaves_out_itself_and_what_is_below(path in "[a-c]{1,3}(/[a-c]{1,3}){0,3}") {
            let rules = Rules::of(path.as_bytes());
            prop_assert!(rules.leave_out(path.as_bytes()));
            let (below, beside) = (format!("{path}/x"), format!("{path}x"));
            prop_assert!(rules.leave_out(below.as_bytes()));
            prop_assert!(!rules.leave_out(beside.as_bytes()), "{}", path);
        }
    }
}
