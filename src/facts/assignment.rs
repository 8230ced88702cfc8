//! Pairs wherever a name is given a value on one line, in any language.
//!
//! Woken by the words of [`WORDS`], because reading every assignment of a tree would cost more than all other work. Reads from
//! such a word outwards: the whole name, what stands between, the value. Does not follow variables and does not join lines.

use super::{Pair, Via};
use crate::model::Span;
use crate::text::Syntax;

/// Stems of which a name holds one, in any case, when it may mean a secret.
pub const WORDS: &[&str] = &[
    "pass", "pwd", "secret", "token", "key", "auth", "cred", "bearer", "jwt", "salt",
];

/// A name is at most so long.
const LONGEST_KEY: usize = 100;
/// A value is at most so long.
const LONGEST_VALUE: usize = 4096;
/// A value may hold names with values of their own, which may hold others: so many at the most that no byte is read a thousand times.
const DEEPEST: usize = 4;
/// Between a name and its operator: a type, at most so long.
const LONGEST_TYPE: usize = 40;

/// The pairs whose names hold a word at one of `positions` (sorted), in order of their names.
pub fn pairs(text: &[u8], syntax: Syntax, positions: &[usize]) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut done = 0;
    // The ends of the values that hold the current name.
    let mut around: Vec<usize> = Vec::new();
    for &at in positions {
        around.retain(|&end| at < end);
        if at < done || around.len() >= DEEPEST {
            continue;
        }
        let key = key_around(text, at);
        done = key.end;
        if let Some(pair) = pair(text, syntax, key) {
            around.push(pair.value.end);
            found.push(pair);
        }
    }
    found
}

/// The name that holds the byte at `at`.
fn key_around(text: &[u8], at: usize) -> Span {
    let low = at.saturating_sub(LONGEST_KEY);
    let mut start = at;
    while start > low && in_key(text[start - 1]) {
        start -= 1;
    }
    let high = text.len().min(at + LONGEST_KEY);
    let mut end = at;
    while end < high && in_key(text[end]) {
        end += 1;
    }
    // `password:-x`, `key--`, `token.`: what ends a name is no part of it, what begins an option is.
    while end > at && matches!(text[end - 1], b'-' | b'.') {
        end -= 1;
    }
    while start < at && text[start] == b'.' {
        start += 1;
    }
    Span::new(start, end)
}

/// Whether what stands before a quoted name, its quote included, ends with an opening bracket.
fn is_first(before: &[u8]) -> bool {
    let before = before[..before.len().saturating_sub(1)].trim_ascii_end();
    matches!(before, [.., b'(' | b'[' | b'{'])
}

fn in_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$')
}

fn pair(text: &[u8], syntax: Syntax, key: Span) -> Option<Pair> {
    let key = with_words_before(text, syntax, key);
    let option = text[key.start..].starts_with(b"--");
    let quote = key
        .start
        .checked_sub(1)
        .map(|i| text[i])
        .filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    let mut cursor = Cursor { text, at: key.end };
    let closed = quote.is_some_and(|q| cursor.eat(q) || cursor.eat(b'\\') && cursor.eat(q));
    if is_named(text, key) && value_beside(&mut cursor) {
        return valued(&mut cursor, syntax, key, Via::Assignment, false);
    }
    cursor.eat(b']');
    cursor.blanks();
    let via = match cursor.peek()? {
        // The first of its list: in the middle of one a name is a value itself.
        b',' if closed && is_first(&text[..key.start]) => {
            cursor.at += 1;
            Via::Argument
        }
        b'(' if !closed => {
            cursor.at += 1;
            Via::Call
        }
        b'>' if key.start > 0 && text[key.start - 1] == b'<' && syntax != Syntax::Code => {
            cursor.at += 1;
            cursor.lines();
            Via::Element
        }
        _ if option && cursor.at > key.end => Via::Option,
        _ => {
            if !operator(&mut cursor) && !loose(&mut cursor, syntax, key) {
                typed(&mut cursor, syntax)?;
            }
            if option { Via::Option } else { Via::Assignment }
        }
    };
    let quoted_key = quote.is_some() && closed;
    valued(&mut cursor, syntax, key, via, quoted_key)
}

/// The pair of `key` and the value at the cursor.
fn valued(
    cursor: &mut Cursor<'_>,
    syntax: Syntax,
    key: Span,
    via: Via,
    quoted_key: bool,
) -> Option<Pair> {
    cursor.blanks();
    let (value, quoted) = match literal(cursor) {
        Some(span) => (span, true),
        None => (bare(cursor, syntax, via, quoted_key)?, false),
    };
    let text = cursor.text;
    let value = past_scheme(text, value, quoted);
    (!value.is_empty()).then_some(Pair {
        key,
        value,
        quoted,
        via,
    })
}

/// `key` alone is an index; in text for people the words before it say whose: `access key`, `Using Key=`.
fn with_words_before(text: &[u8], syntax: Syntax, key: Span) -> Span {
    const MOST_WORDS: usize = 2;
    if !is_loose(syntax) || !text[key.range()].eq_ignore_ascii_case(b"key") {
        return key;
    }
    let low = key.start.saturating_sub(LONGEST_TYPE);
    let mut start = key.start;
    for _ in 0..MOST_WORDS {
        let Some(end) = start.checked_sub(1).filter(|&i| text[i] == b' ') else {
            break;
        };
        let mut at = end;
        while at > low && text[at - 1].is_ascii_alphanumeric() {
            at -= 1;
        }
        if at == end || at == low {
            break;
        }
        start = at;
    }
    Span::new(start, key.end)
}

/// Text for people and output of programs, in which a pair may be written in any way.
fn is_loose(syntax: Syntax) -> bool {
    matches!(syntax, Syntax::Prose | Syntax::Unknown)
}

/// Whether the key is itself the value of a `name` or `key`: `- name: API_TOKEN`, `<add key="ApiKey"`.
fn is_named(text: &[u8], key: Span) -> bool {
    let before = &text[..key.start];
    let before = match before {
        [rest @ .., b'"' | b'\''] => rest,
        _ => before,
    };
    let before = before.trim_ascii_end();
    let Some(before) = before
        .strip_suffix(b":")
        .or_else(|| before.strip_suffix(b"="))
    else {
        return false;
    };
    let before = before.trim_ascii_end();
    let before = match before {
        [rest @ .., b'"' | b'\''] => rest,
        _ => before,
    };
    let tail = &before[before.len().saturating_sub(4)..];
    let longer = before.len().checked_sub(tail.len() + 1).map(|i| before[i]);
    (tail.eq_ignore_ascii_case(b"name") && !longer.is_some_and(in_key))
        || (tail.to_ascii_lowercase().ends_with(b"key")
            && !tail.first().is_some_and(|&b| in_key(b)))
}

/// Steps to the value that stands beside a named key: `value: x` on the same line or the next.
fn value_beside(cursor: &mut Cursor<'_>) -> bool {
    let from = cursor.at;
    cursor.eat(b',');
    cursor.lines();
    let quote = cursor.peek().filter(|b| matches!(b, b'"' | b'\''));
    if let Some(quote) = quote {
        cursor.eat(quote);
    }
    let named = cursor.text[cursor.at..]
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"value"));
    if named {
        cursor.at += 5;
        if quote.is_none_or(|q| cursor.eat(q)) {
            cursor.blanks();
            if cursor.eat(b':') || cursor.eat(b'=') {
                return true;
            }
        }
    }
    cursor.at = from;
    false
}

/// `token - 'x'`, `API_TOKEN x`: how notes and the output of programs tell a value.
fn loose(cursor: &mut Cursor<'_>, syntax: Syntax, key: Span) -> bool {
    const LEAST: usize = 16;
    if !is_loose(syntax) || cursor.at == key.end {
        return false;
    }
    let rest = &cursor.text[cursor.at..];
    if let [b'-', b' ', b'"' | b'\'' | b'`', ..] = rest {
        cursor.at += 2;
        return true;
    }
    let rest = &rest[..rest.len().min(LONGEST_VALUE)];
    let len = rest
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || b"-_+/=.~".contains(b)))
        .unwrap_or(rest.len());
    let word = &rest[..len];
    len >= LEAST
        && rest.get(len).is_none_or(u8::is_ascii_whitespace)
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_alphabetic)
}

/// `Authorization: Bearer x`: the scheme is no part of the credential (RFC 9110, 11.4). A bare value ended at the blank behind it.
fn past_scheme(text: &[u8], value: Span, quoted: bool) -> Span {
    const SCHEMES: &[&[u8]] = &[
        b"bearer", b"basic", b"token", b"key", b"apikey", b"api-key", b"bot",
    ];
    let word = &text[value.range()];
    let word = &word[..memchr::memchr(b' ', word).unwrap_or(word.len())];
    let behind = value.start + word.len();
    let is_scheme = SCHEMES.iter().any(|s| word.eq_ignore_ascii_case(s))
        || word.to_ascii_lowercase().ends_with(b"-key");
    if !is_scheme || text.get(behind) != Some(&b' ') {
        return value;
    }
    let start = behind + 1;
    if quoted || value.end > start {
        return Span::new(start, value.end.max(start));
    }
    let rest = &text[start..text.len().min(start + LONGEST_VALUE)];
    let end = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || b"\"'`,;<>)(&|".contains(b))
        .unwrap_or(rest.len());
    Span::new(start, start + end)
}

/// Steps over `=`, `:`, `=>`, `:=`, `||=`, `?=`, `??=`, `.=` and the `::=` and `:::=` of make; not over a comparison.
fn operator(cursor: &mut Cursor<'_>) -> bool {
    const OPERATORS: &[&[u8]] = &[
        b":::=", b"::=", b"||=", b"??=", b"=>", b":=", b"?=", b"+=", b".=", b"=", b":",
    ];
    const OTHERS: &[&[u8]] = &[b"==", b"=~", b"::"];
    let rest = &cursor.text[cursor.at..];
    let assigns = rest.starts_with(b":::=") || rest.starts_with(b"::=");
    if !assigns && OTHERS.iter().any(|o| rest.starts_with(o)) {
        return false;
    }
    match OPERATORS.iter().find(|o| rest.starts_with(o)) {
        Some(operator) => {
            cursor.at += operator.len();
            true
        }
        None => false,
    }
}

/// Steps over a type and the operator behind it: `key string = `, `key: &str = `, `key?: string = `.
fn typed(cursor: &mut Cursor<'_>, syntax: Syntax) -> Option<()> {
    if syntax != Syntax::Code && !is_loose(syntax) {
        return None;
    }
    let rest = &cursor.text[cursor.at..cursor.text.len().min(cursor.at + LONGEST_TYPE)];
    let end = rest.iter().position(|&b| {
        !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'*' | b'[' | b']' | b' ' | b'?'))
    })?;
    if end == 0 {
        return None;
    }
    // In prose only one word is a type, and a literal follows: `var token string = "x"`.
    if is_loose(syntax) {
        let one = rest[..end].trim_ascii().iter().all(|&b| b != b' ');
        let after = rest[end..].strip_prefix(b"=")?.trim_ascii_start();
        if !one || !matches!(after, [b'"' | b'\'' | b'`', ..]) {
            return None;
        }
    }
    cursor.at += end;
    operator(cursor).then_some(())
}

/// A quoted literal, its quotes and prefixes stepped over. Ends on its own line.
fn literal(cursor: &mut Cursor<'_>) -> Option<Span> {
    let text = cursor.text;
    let mut at = cursor.at;
    // A type annotation that came after a colon: `key: &str = "…"`, `key: String = …`.
    if let Some(end) = annotation(&text[at..]) {
        at += end;
    }
    // `@"…"`, `b"…"`, `r'…'`, `L"…"`, `[]byte("…")`, `new String("…")`: the literal is what counts.
    let prefix = text[at..]
        .iter()
        .take(2)
        .take_while(|b| {
            matches!(
                b,
                b'@' | b'b' | b'r' | b'u' | b'B' | b'R' | b'U' | b'L' | b'N' | b'\\'
            )
        })
        .count();
    let prefix = if matches!(text.get(at + prefix), Some(b'"' | b'\'' | b'`')) {
        prefix
    } else {
        0
    };
    let escaped = prefix > 0 && text[at + prefix - 1] == b'\\';
    at += prefix;
    let quote = *text.get(at)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let triple = text[at..].starts_with(&[quote; 3]);
    let start = at + if triple { 3 } else { 1 };
    let mut end = start;
    while end < text.len().min(start + LONGEST_VALUE) {
        match text[end] {
            b'\n' => return None,
            b'\\' if escaped && text.get(end + 1) == Some(&quote) => break,
            b'\\' => end += 2,
            b if b == quote => break,
            _ => end += 1,
        }
    }
    if end >= text.len().min(start + LONGEST_VALUE) {
        return None;
    }
    cursor.at = end;
    Some(Span::new(start, end))
}

/// The length of `&'static str = ` and the like at the start of `rest`.
fn annotation(rest: &[u8]) -> Option<usize> {
    let rest = &rest[..rest.len().min(LONGEST_TYPE)];
    let equals = rest.iter().position(|&b| b == b'=')?;
    let named = rest[..equals]
        .iter()
        .all(|&b| b.is_ascii_alphanumeric() || b"_&'[]<>?| .".contains(&b));
    let blanks = rest[equals + 1..]
        .iter()
        .take_while(|&&b| b == b' ')
        .count();
    (named
        && rest[0].is_ascii_alphabetic() | (rest[0] == b'&')
        && rest.get(equals + 1) != Some(&b'='))
    .then_some(equals + 1 + blanks)
}

/// A value without quotes, where the syntax has such.
fn bare(cursor: &Cursor<'_>, syntax: Syntax, via: Via, quoted_key: bool) -> Option<Span> {
    let text = cursor.text;
    let start = cursor.at;
    let line = &text[start..text.len().min(start + LONGEST_VALUE)];
    let line = &line[..memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len())];
    let stop: &[u8] = match (syntax, via) {
        (_, Via::Argument | Via::Call) => return None,
        (_, Via::Element) => b"<",
        (Syntax::Code | Syntax::Json, _) => return None,
        (_, Via::Option) | (Syntax::Shell, _) => b" \t;|&\"'`)",
        (Syntax::Lines, _) => b"",
        (Syntax::Yaml, _) => b"",
        (Syntax::Markup, _) => b" \t\"'<>;&",
        // A backslash begins the `\n` of a text within a string.
        (Syntax::Prose | Syntax::Unknown, _) => b" \t\"'`,;<>)(&|\\",
    };
    if quoted_key && syntax != Syntax::Yaml {
        return None;
    }
    let mut end = line
        .iter()
        .position(|b| stop.contains(b))
        .unwrap_or(line.len());
    if stop.is_empty() {
        // A comment behind the value begins after a blank.
        end = line
            .windows(2)
            .position(|w| matches!(w[0], b' ' | b'\t') && w[1] == b'#')
            .unwrap_or(end);
    }
    while end > 0 && matches!(line[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    (end > 0).then(|| Span::new(start, start + end))
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Steps over blanks and the end of one line.
    fn lines(&mut self) {
        self.blanks();
        self.eat(b'\r');
        if self.eat(b'\n') {
            self.blanks();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(syntax: Syntax, text: &str) -> Vec<(String, String)> {
        let lower = text.to_ascii_lowercase();
        let mut positions: Vec<usize> = WORDS
            .iter()
            .flat_map(|w| lower.match_indices(w).map(|(i, _)| i).collect::<Vec<_>>())
            .collect();
        positions.sort_unstable();
        pairs(text.as_bytes(), syntax, &positions)
            .into_iter()
            .map(|p| {
                (
                    text[p.key.range()].to_owned(),
                    text[p.value.range()].to_owned(),
                )
            })
            .collect()
    }

    fn one(syntax: Syntax, text: &str, key: &str, value: &str) {
        assert_eq!(
            read(syntax, text),
            [(key.to_owned(), value.to_owned())],
            "{text}"
        );
    }

    #[test]
    fn a_literal_is_read_behind_every_operator() {
        for text in [
            r#"dbPassword = "v1""#,
            r#"dbPassword: "v1""#,
            r#"dbPassword => "v1""#,
            r#"dbPassword := "v1""#,
            r#"dbPassword ||= 'v1'"#,
            r#"var dbPassword string = "v1""#,
            r#"dbPassword: &'static str = "v1";"#,
            r#"dbPassword?: string = `v1`"#,
            r#"{"dbPassword":"v1"}"#,
            r#"config["dbPassword"] = "v1""#,
            r#"define('dbPassword', 'v1');"#,
            r#"setenv( "dbPassword", "v1", 1)"#,
            r#"dbPassword("v1")"#,
            r#"dbPassword = b'v1'"#,
            r#"dbPassword = @"v1""#,
            r#""{\"dbPassword\": \"v1\"}""#,
        ] {
            one(Syntax::Code, text, "dbPassword", "v1");
        }
    }

    #[test]
    fn a_bare_value_is_one_where_the_syntax_has_such() {
        one(
            Syntax::Lines,
            "DB_PASSWORD=ab#c d  # live",
            "DB_PASSWORD",
            "ab#c d",
        );
        one(Syntax::Yaml, "  password: ab: c", "password", "ab: c");
        one(
            Syntax::Shell,
            "mysql --password=ab1 -h x",
            "--password",
            "ab1",
        );
        one(
            Syntax::Shell,
            "mysql --password ab1 -h x",
            "--password",
            "ab1",
        );
        one(
            Syntax::Shell,
            "export API_TOKEN=ab1; run",
            "API_TOKEN",
            "ab1",
        );
        one(
            Syntax::Markup,
            "<password>ab1</password>",
            "password",
            "ab1",
        );
        assert_eq!(read(Syntax::Code, "password = other;"), []);
        assert_eq!(read(Syntax::Json, "\"password\": null"), []);
    }

    #[test]
    fn make_and_php_have_operators_of_their_own() {
        for text in [
            r#"DB_PASSWORD ::= "v1""#,
            r#"DB_PASSWORD :::= "v1""#,
            r#"$DB_PASSWORD .= "v1""#,
        ] {
            let key = if text.starts_with('$') {
                "$DB_PASSWORD"
            } else {
                "DB_PASSWORD"
            };
            one(Syntax::Code, text, key, "v1");
            one(Syntax::Unknown, text, key, "v1");
        }
    }

    #[test]
    fn notes_tell_values_in_many_ways() {
        let value = ["k3T9vQ2mZx7L", "b5Wn8Yp1"].concat();
        one(Syntax::Prose, "acme token - 'v1'", "token", "v1");
        one(
            Syntax::Prose,
            &format!("API_TOKEN {value}\n"),
            "API_TOKEN",
            &value,
        );
        one(Syntax::Prose, "[DEBUG] Using Key=v1\n", "Using Key", "v1");
        one(Syntax::Prose, "the access key=v1\n", "access key", "v1");
        one(
            Syntax::Prose,
            r#"var acmeToken string = "v1""#,
            "acmeToken",
            "v1",
        );
        one(
            Syntax::Prose,
            r#"{"x": "API_TOKEN=v1\nOTHER=true"}"#,
            "API_TOKEN",
            "v1",
        );
        for text in [
            "the token expires at once",
            "the token 12345678",
            "no password for anybody: v1",
            "token - v1",
        ] {
            assert_eq!(read(Syntax::Prose, text), [], "{text}");
        }
        assert_eq!(read(Syntax::Code, &format!("API_TOKEN {value}\n")), []);
    }

    #[test]
    fn a_named_key_has_its_value_beside_it() {
        for (syntax, text) in [
            (Syntax::Yaml, "- name: DB_PASSWORD\n  value: v1\n"),
            (Syntax::Yaml, "- name: \"DB_PASSWORD\"\n  value: \"v1\"\n"),
            (Syntax::Json, r#"{"name": "DB_PASSWORD", "value": "v1"}"#),
            (Syntax::Lines, "name = \"DB_PASSWORD\"\n  value = \"v1\"\n"),
            (Syntax::Markup, r#"<add key="DB_PASSWORD" value="v1"/>"#),
        ] {
            let pair = ("DB_PASSWORD".to_owned(), "v1".to_owned());
            assert_eq!(read(syntax, text).last(), Some(&pair), "{text}");
        }
        let text = "- name: DB_PASSWORD\n  valueFrom: v1\n";
        assert_eq!(read(Syntax::Yaml, text), []);
    }

    #[test]
    fn an_element_may_begin_on_its_own_line() {
        let text = "<dbPassword>\n    v1\n</dbPassword>\n";
        one(Syntax::Markup, text, "dbPassword", "v1");
    }

    #[test]
    fn an_authentication_scheme_is_no_part_of_the_credential() {
        one(
            Syntax::Code,
            "headers['Authorization'] = 'Bearer ab1'",
            "Authorization",
            "ab1",
        );
        one(
            Syntax::Unknown,
            "Authorization: token ab1\n",
            "Authorization",
            "ab1",
        );
        one(
            Syntax::Unknown,
            "Authorization: Klaviyo-API-Key ab1",
            "Authorization",
            "ab1",
        );
        one(Syntax::Unknown, "token: bearer", "token", "bearer");
    }

    #[test]
    fn what_is_no_assignment_gives_nothing() {
        for text in [
            "[\"id\", \"host_key\", \"host_key_2\"]",
            "if (password == \"x\")",
            "password",
            "token::New(\"x\")",
            "the password is \"x\"",
            "secret = \"open",
        ] {
            assert_eq!(read(Syntax::Code, text), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_spans_in_bounds(text in proptest::collection::vec(proptest::num::u8::ANY, 0..200), at in 0usize..200) {
            for syntax in [Syntax::Code, Syntax::Lines, Syntax::Yaml, Syntax::Shell, Syntax::Markup, Syntax::Unknown] {
                if at < text.len() {
                    for pair in pairs(&text, syntax, &[at]) {
                        proptest::prop_assert!(pair.value.end <= text.len() && pair.key.end <= pair.value.start);
                    }
                }
            }
        }
    }
}
