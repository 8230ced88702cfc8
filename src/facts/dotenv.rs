//! `.env` and its like: `KEY=value`, one a line, values in quotes over several.
//!
//! Takes the text, gives each assignment, duplicates too. Where the dialects differ it follows the one of the `dotenv` packages for
//! Node.js, which reads what most files hold. Does not expand `${VAR}`, and does not read what is commented out.

use super::lines::{is_blank, line, past_blanks, past_mark, trim};
use super::value::Value;
use super::{Facts, Scope, Via};
use crate::model::Span;

/// Endings of files that are called like an environment and are code, prose or another format.
const OTHERS: &[&[u8]] = &[
    b".bash", b".cjs", b".cs", b".erb", b".fish", b".go", b".html", b".java", b".js", b".json",
    b".jsx", b".md", b".mjs", b".php", b".ps1", b".py", b".rb", b".rs", b".sh", b".toml", b".ts",
    b".tsx", b".xml", b".yaml", b".yml", b".zsh",
];

/// What `.env` is called where dots are not wanted.
const UNDOTTED: &[&[u8]] = &[
    b"env.dev",
    b"env.development",
    b"env.example",
    b"env.local",
    b"env.prod",
    b"env.production",
    b"env.sample",
    b"env.staging",
    b"env.template",
];

/// Whether files called `name`, in lower case, are written so.
pub(super) fn is_named(name: &[u8]) -> bool {
    let prefixes: [&[u8]; 4] = [b".env.", b".env-", b".env_", b".dev.vars."];
    let whole: [&[u8]; 4] = [b".env", b".envrc", b".flaskenv", b".dev.vars"];
    if OTHERS.iter().any(|end| name.ends_with(end)) {
        return false;
    }
    whole.contains(&name)
        || UNDOTTED.contains(&name)
        || (name.len() > 4 && name.ends_with(b".env"))
        || prefixes
            .iter()
            .any(|p| name.len() > p.len() && name.starts_with(p))
}

/// What `text` assigns.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let whole = Span::new(past_mark(text), text.len());
    assignments(text, whole, Scope::TOP, &mut facts);
    facts
}

/// Adds what the lines of `at` assign, all of it lying in `outer`.
pub(super) fn assignments(text: &[u8], at: Span, outer: Scope, facts: &mut Facts) {
    let mut from = at.start;
    while from < at.end {
        let (whole, next) = line(text, from, at.end);
        from = next;
        let Some((key, sep)) = key(text, whole) else {
            continue;
        };
        let (value, end) = value(text, sep + 1, whole, at.end);
        // A value of several lines ends in the middle of one, whose rest is a comment at most.
        if end > whole.end {
            from = line(text, end, at.end).1;
        }
        if !facts.add(value.of(key, Via::Assignment, outer)) {
            return;
        }
    }
}

/// The name that `line` begins with, and where the `=` or `:` behind it stands.
fn key(text: &[u8], line: Span) -> Option<(Span, usize)> {
    let mut start = past_blanks(text, line.start, line.end);
    if text[start..line.end].starts_with(b"export") {
        let after = past_blanks(text, start + 6, line.end);
        if after > start + 6 {
            start = after;
        }
    }
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'.' | b'-');
    let end = start + text[start..line.end].iter().take_while(is_name).count();
    let sep = past_blanks(text, end, line.end);
    let is_pair = match text[sep..line.end] {
        [b'=', ..] => true,
        [b':'] => sep == end,
        [b':', next, ..] => sep == end && is_blank(next),
        _ => false,
    };
    (end > start && is_pair).then_some((Span::new(start, end), sep))
}

/// The value that begins at `from` in `line`, and where it ends, its closing quote counted in. May run on up to `limit`.
fn value(text: &[u8], from: usize, line: Span, limit: usize) -> (Value, usize) {
    let start = past_blanks(text, from, line.end);
    match text[start..line.end].first() {
        None => (Value::bare(Span::new(from, from)), line.end),
        Some(b'#') if start > from => (Value::bare(Span::new(from, from)), line.end),
        Some(&quote @ (b'"' | b'\'' | b'`')) => {
            let inside = Span::new(start + 1, line.end);
            let Some(close) = close(text, quote, inside, limit) else {
                return (Value::bare(trim(text, inside)), line.end);
            };
            let span = Span::new(start + 1, close);
            let read = (quote == b'"').then(|| unescaped(&text[span.range()]));
            let value = Value {
                span,
                quoted: true,
                read: read.flatten(),
            };
            (value, close + 1)
        }
        Some(_) => {
            let comment = text[start..line.end]
                .windows(2)
                .position(|w| is_blank(w[0]) && w[1] == b'#');
            let end = comment.map_or(line.end, |at| start + at);
            (Value::bare(trim(text, Span::new(start, end))), line.end)
        }
    }
}

/// Where the quote that was opened in front of `inside`, the rest of its line, is closed.
///
/// The next quote closes it if nothing but a comment follows. Otherwise the value holds quotes of its own, as JSON does, and the last of the
/// line closes it; or it was never closed and another line opens the quote found, which is why no byte is searched twice for one kind of quote.
fn close(text: &[u8], quote: u8, inside: Span, limit: usize) -> Option<usize> {
    let next = next_quote(text, quote, inside.start, limit)?;
    if is_last(text, next + 1, limit) {
        return Some(next);
    }
    if next >= inside.end {
        return None;
    }
    let rest = trim(text, inside);
    let last = rest.end.checked_sub(1).filter(|&at| text[at] == quote);
    Some(last.unwrap_or(next))
}

fn next_quote(text: &[u8], quote: u8, from: usize, limit: usize) -> Option<usize> {
    let mut at = from;
    while at < limit {
        match text[at] {
            b if b == quote => return Some(at),
            b'\\' if quote == b'"' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Whether nothing stands on the line from `from` on but a comment.
fn is_last(text: &[u8], from: usize, limit: usize) -> bool {
    let at = past_blanks(text, from, limit);
    matches!(text[at..limit].first(), None | Some(b'#' | b'\n' | b'\r'))
}

/// `value` as double quotes give it, where that differs.
fn unescaped(value: &[u8]) -> Option<Box<[u8]>> {
    memchr::memchr(b'\\', value)?;
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail.first()) {
            (b'\\', Some(b'n')) => Some(b'\n'),
            (b'\\', Some(b'r')) => Some(b'\r'),
            (b'\\', Some(b't')) => Some(b'\t'),
            (b'\\', Some(&b @ (b'"' | b'\\' | b'$'))) => Some(b),
            _ => None,
        };
        out.push(escaped.unwrap_or(*first));
        rest = &tail[usize::from(escaped.is_some())..];
    }
    (out != value).then(|| out.into())
}

#[cfg(test)]
mod tests {
    use super::super::told::{assert_sound, told};
    use super::*;

    fn reads(text: &str, pairs: &[&str]) {
        assert_eq!(
            told(&read(text.as_bytes()), text.as_bytes()),
            pairs,
            "{text:?}"
        );
    }

    #[test]
    fn a_line_gives_its_assignment() {
        for text in [
            "A=v1",
            "export A=v1",
            "export\tA=v1",
            " A = v1 ",
            "A: v1",
            "\u{feff}A=v1\r\n",
            "A=v1 # note",
            "A=v1\t#note",
            "# A=old\nA=v1",
            "#A=old\rA=v1\r",
        ] {
            reads(text, &["A = v1"]);
        }
        reads("a.b-c=v1", &["a.b-c = v1"]);
        reads("export=v1", &["export = v1"]);
        reads(
            "A=v1\nA=v2\rB=v3\r\nC=v4",
            &["A = v1", "A = v2", "B = v3", "C = v4"],
        );
    }

    #[test]
    fn a_bare_value_is_kept_as_it_stands() {
        reads("A=v1#v2", &["A = v1#v2"]);
        reads("A=#v1", &["A = #v1"]);
        reads("A=${B}/x $C", &["A = ${B}/x $C"]);
        reads("A=v1 v2=v3", &["A = v1 v2=v3"]);
        reads(r"A=a\nb", &[r"A = a\nb"]);
    }

    #[test]
    fn an_empty_value_stands_right_behind_the_sign() {
        for text in ["A=", "A= ", "A= # note", "A=\nB"] {
            let facts = read(text.as_bytes());
            assert_eq!(facts.pairs.len(), 1, "{text:?}");
            assert_eq!(facts.pairs[0].value, Span::new(2, 2), "{text:?}");
        }
        reads("A=\"\"", &["A = \"\""]);
    }

    #[test]
    fn quotes_are_left_out() {
        for text in [
            "A=\"v1\"",
            "A='v1'",
            "A=`v1`",
            "A = 'v1' # it's",
            "A=\"v1\";",
        ] {
            reads(text, &["A = \"v1\""]);
        }
        reads("A='a # b'", &["A = \"a # b\""]);
        reads("A='a\"b'", &["A = \"a\"b\""]);
    }

    #[test]
    fn a_quoted_value_may_span_lines() {
        reads(
            "A=\"one\ntwo\r\nthree\"  # note\nB=v1",
            &["A = \"one\ntwo\r\nthree\"", "B = v1"],
        );
        reads("A='one\nB=two'\nC=v1", &["A = \"one\nB=two\"", "C = v1"]);
    }

    #[test]
    fn json_in_the_quotes_it_uses_is_one_value() {
        reads(r#"A="{"a":"b"}""#, &[r#"A = "{"a":"b"}""#]);
    }

    #[test]
    fn a_missing_quote_costs_its_line_only() {
        reads("A=\"v1\nB=v2", &["A = v1", "B = v2"]);
        reads("A='v1\nB='v2'\nC=v3", &["A = v1", "B = \"v2\"", "C = v3"]);
        reads("A='", &["A = "]);
    }

    #[test]
    fn only_double_quotes_resolve_escapes_and_only_these() {
        reads(
            r#"A="a\nb\r\t\"\\\$\x""#,
            &[concat!(r#"A = "a\nb\r\t\"\\\$\x" -> "#, "a\nb\r\t\"\\$\\x")],
        );
        reads(r"A='a\nb'", &[r#"A = "a\nb""#]);
    }

    #[test]
    fn what_assigns_nothing_is_passed_over() {
        for text in [
            "", "A", "export A", "=v1", "A b=v1", "A+=v1", "A:v1", "A :v1", "# A=v1", "!A=v1",
        ] {
            reads(text, &[]);
        }
    }

    #[test]
    fn files_are_known_by_name() {
        for name in [
            ".env",
            ".env.local",
            "prod.env",
            ".envrc",
            ".dev.vars.ci",
            "env.prod",
        ] {
            assert!(is_named(name.as_bytes()), "{name}");
        }
        for name in [
            "env",
            ".env.d.ts",
            ".env.md",
            ".env.json",
            ".envx",
            "environment",
        ] {
            assert!(!is_named(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_megabyte_of_openings_is_read_in_one_go() {
        for unit in [
            "A=\"\n",
            "A='x\n",
            "A=\"\\\n",
            "\"",
            "\\",
            "A=`\nB='\nC=\"\n",
        ] {
            let text = unit.repeat((1 << 20) / unit.len());
            assert_sound(&read(text.as_bytes()), text.as_bytes());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_spans_in_bounds(text in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            assert_sound(&read(&text), &text);
        }

        #[test]
        fn so_does_any_mix_of_its_tokens(parts in proptest::collection::vec("(export |A|=|: |\"|'|`|\\\\|\n|\r|#| |\u{feff}|\\$\\{B\\})", 0..40)) {
            let text = parts.concat();
            let facts = read(text.as_bytes());
            assert_sound(&facts, text.as_bytes());
            for pair in &facts.pairs {
                proptest::prop_assert!(pair.key.end < pair.value.start);
            }
        }
    }
}
