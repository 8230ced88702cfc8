//! One line of an ignore file, in the dialect of the `ignore` crate.
//!
//! Takes a line without its line end, gives the line that the crate reads as git reads the first. The two differ in blanks at
//! the end, in braces (git has no alternatives, so `.env.{local,prod}` names one odd file), in classes, in `**` between
//! letters and in what is malformed: such a pattern matches nothing in git. Facts from gitignore(5), `dir.c` and
//! `wildmatch.c` of git; the table of `tests/source/parity.rs` holds both against `git check-ignore`.
//!
//! Two differences stay. It works on characters, where git compares bytes: `?` and classes differ for names that are not
//! ASCII. And two slashes in a row match nothing, where git lets `**` beside them match them away.

use std::iter::Peekable;
use std::str::Chars;

/// The crate's line, or `None` where git's matches nothing: a comment, an empty one, a malformed one.
pub(super) fn translate(line: &str) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let line = trimmed(line);
    let (mark, rest) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest),
        None => ("", line),
    };
    let (body, only_dirs) = match rest.strip_suffix('/') {
        Some(body) => (body, "/"),
        None => (rest, ""),
    };
    // No path begins or ends with a slash, or has two in a row.
    if body.is_empty() || body.ends_with('/') || body.contains("//") || body.starts_with("\\/") {
        return None;
    }
    let mut out = String::with_capacity(body.len() + 8);
    out.push_str(mark);
    // A pattern without a slash is asked of the name alone, others of the whole path. Said here, because classes lose and
    // gain slashes.
    let by_name = !body.contains('/');
    out.push_str(if by_name { "**/" } else { "/" });
    let body = body.strip_prefix('/').unwrap_or(body);
    let start = out.len();
    // Git compares what stands before the first special character by itself: a `**` right behind it begins a pattern and
    // crosses folders too, as in `a**/b`.
    let mut odd = None;
    let mut rest = body.chars().peekable();
    let (mut prev, mut plain) = ('/', true);
    while let Some(c) = rest.next() {
        match c {
            '\\' => literal(rest.next()?, &mut out),
            '*' => {
                let mut stars = 1;
                while rest.next_if_eq(&'*').is_some() {
                    stars += 1;
                }
                let mut ahead = rest.clone();
                let ends = match ahead.next() {
                    None | Some('/') => true,
                    Some('\\') => ahead.next() == Some('/'),
                    Some(_) => false,
                };
                let crosses = stars > 1 && ends && !by_name;
                if crosses && prev == '/' {
                    out.push_str(if rest.peek().is_some() { "**" } else { "**/*" });
                } else if crosses && plain {
                    odd = Some(out.len());
                } else {
                    out.push('*');
                }
            }
            '[' => class(&mut rest, &mut out)?,
            '?' | '/' => out.push(c),
            _ => literal(c, &mut out),
        }
        plain &= !matches!(c, '\\' | '*' | '?' | '[');
        prev = c;
    }
    if let Some(at) = odd {
        let (head, mut tail) = (&out[start..at], &out[at..]);
        while let Some(next) = tail.strip_prefix("/**").filter(|next| *next != "/*") {
            tail = next;
        }
        let both = match tail.strip_prefix('/') {
            Some(bare) if bare != "**/*" => format!("{{{head}{bare},{head}*/**{tail}}}"),
            _ => format!("{{{head}*,{head}*/**/*}}"),
        };
        out.replace_range(start.., &both);
    }
    out.push_str(only_dirs);
    Some(out)
}

/// The line without the blanks at its end, but for one that a backslash keeps. Only blanks: a tab stays.
pub(super) fn trimmed(line: &str) -> &str {
    let mut end = 0;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if escaped || c != ' ' {
            end = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    &line[..end]
}

/// A character that stands for itself. White space goes in a class, because the crate trims it at the end.
fn literal(c: char, out: &mut String) {
    match c {
        _ if c.is_whitespace() => out.extend(['[', c, ']']),
        '\\' | '*' | '?' | '[' | ']' | '{' | '}' | ',' | '!' | '#' => out.extend(['\\', c]),
        _ => out.push(c),
    }
}

/// What stands between `[` and `]`. `None` where it is malformed or holds nothing.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    let negated = rest.next_if(|c| matches!(c, '!' | '^')).is_some();
    let mut ranges = Vec::new();
    let mut prev: Option<char> = None;
    let mut first = true;
    loop {
        let c = rest.next()?;
        match c {
            ']' if !first => break,
            '\\' => {
                let c = rest.next()?;
                ranges.push((c, c));
                prev = Some(c);
            }
            '-' if prev.is_some() && rest.peek().is_some_and(|c| *c != ']') => {
                let end = match rest.next()? {
                    '\\' => rest.next()?,
                    end => end,
                };
                ranges.extend(prev.filter(|start| *start <= end).map(|start| (start, end)));
                prev = None;
            }
            '[' if rest.peek() == Some(&':') => match named(rest)? {
                Some(name) => {
                    ranges.extend_from_slice(members(&name)?);
                    prev = None;
                }
                None => {
                    ranges.push(('[', '['));
                    prev = Some('[');
                }
            },
            c => {
                ranges.push((c, c));
                prev = Some(c);
            }
        }
        first = false;
    }
    emit(negated, &ranges, out)
}

/// Writes a class as the crate reads one: no escapes, `]` first, `-` last. A class never matches a slash.
fn emit(negated: bool, ranges: &[(char, char)], out: &mut String) -> Option<()> {
    let has = |c| {
        ranges
            .iter()
            .any(|(start, end)| (*start..=*end).contains(&c))
    };
    let mut plain = ranges.to_vec();
    for special in [']', '-', '/', '!', '^'] {
        plain = plain
            .into_iter()
            .flat_map(|r| without(r, special))
            .collect();
    }
    if plain.is_empty() && !negated && ![']', '-', '!', '^'].into_iter().any(has) {
        return None;
    }
    out.push('[');
    if negated {
        out.push('!');
    }
    if has(']') {
        out.push(']');
    } else if !negated && (has('!') || has('^')) {
        // They would negate if they came first. No name holds this.
        out.push('\0');
    }
    out.extend(['!', '^'].into_iter().filter(|c| has(*c)));
    for (start, end) in plain {
        out.extend([start, '-', end]);
    }
    if negated {
        out.push('/');
    }
    if has('-') {
        out.push('-');
    }
    out.push(']');
    Some(())
}

/// A range without one of its characters.
fn without((start, end): (char, char), c: char) -> impl Iterator<Item = (char, char)> {
    let parts = if (start..=end).contains(&c) {
        // All that are cut out are ASCII, so both neighbours exist.
        let (before, after) = (c as u8 - 1, c as u8 + 1);
        [(start, char::from(before)), (char::from(after), end)]
    } else {
        // The second one is empty.
        [(start, end), ('b', 'a')]
    };
    parts.into_iter().filter(|(start, end)| start <= end)
}

/// The name of `[:name:]`, after its `[`. `Some(None)` where it is none and the bracket stands for itself; `None` where the
/// class has no end.
fn named(rest: &mut Peekable<Chars<'_>>) -> Option<Option<String>> {
    let mut ahead = rest.clone();
    ahead.next();
    let mut name = String::new();
    loop {
        match ahead.next()? {
            ']' => break,
            c => name.push(c),
        }
    }
    if name.pop() != Some(':') {
        return Some(None);
    }
    *rest = ahead;
    Some(Some(name))
}

/// The ASCII characters of a named class; `None` where git knows none of this name.
fn members(name: &str) -> Option<&'static [(char, char)]> {
    Some(match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "blank" => &[(' ', ' '), ('\t', '\t')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        "upper" => &[('A', 'Z')],
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ignore::gitignore::GitignoreBuilder;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_at_the_end_go_unless_they_are_escaped() {
        assert_eq!(trimmed("a  "), "a");
        assert_eq!(trimmed("a\\  "), "a\\ ");
        assert_eq!(trimmed("a\\ \\  "), "a\\ \\ ");
        assert_eq!(trimmed("a\t "), "a\t");
        assert_eq!(trimmed("   "), "");
    }

    #[test]
    fn what_matches_nothing_in_git_is_left_out() {
        for line in ["", "#a", "  ", "!", "/", "!/", "a\\", "[a", "[[:odd:]]"] {
            assert_eq!(translate(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic_and_the_crate_takes_what_comes_out(
            line in prop_oneof![r"[-a\\*?!/\[\]{},^#: .é\t]{0,12}", ".*"]
        ) {
            if let Some(out) = translate(&line) {
                prop_assert!(GitignoreBuilder::new("").add_line(None, &out).is_ok(), "{out}");
            }
        }
    }
}
