//! Pairs wherever a name is given a value on one line, in any language.
//!
//! Woken by the words of [`WORDS`], because reading every assignment of a tree would cost more than all other work. Reads from
//! such a word outwards: the whole name, what stands between, the value. Does not follow variables and does not join lines.

mod between;
mod cursor;
mod name;
mod value;

use between::{loose, operator, typed, value_beside};
use cursor::Cursor;
pub(super) use name::key_around as name_at;
use name::{is_first, is_loose, is_named, key_around, with_words_before};
pub(super) use value::past_scheme;
use value::{bare, literal, literal_below};

use super::{Pair, Via};
use crate::model::Span;
use crate::text::Syntax;

/// Stems of which a name holds one, in any case, when it may mean a secret.
pub const WORDS: &[&str] = &[
    "pass", "pwd", "secret", "token", "key", "auth", "cred", "bearer", "jwt", "salt",
];

/// A value may hold names with values of their own, which may hold others: so many at the most that no byte is read a thousand times.
const DEEPEST: usize = 4;

/// The name that the pair of a word at `at` would have.
pub fn key_at(text: &[u8], syntax: Syntax, at: usize) -> Span {
    with_words_before(text, syntax, key_around(text, at))
}

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

fn pair(text: &[u8], syntax: Syntax, key: Span) -> Option<Pair> {
    if is_demanded(text, key) {
        return None;
    }
    let key = with_words_before(text, syntax, key);
    let option = begins_option(text, syntax, key);
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
    if let Some(value) = compared(&mut cursor, syntax) {
        return Some(Pair::new(key, value, true, Via::Comparison));
    }
    if let Some(value) = in_query(text, key) {
        return Some(Pair::new(key, value, false, Via::Assignment));
    }
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
                // A name in quotes has no type: behind `json:"password" validate:"…"` stands another tag.
                if closed {
                    return None;
                }
                typed(&mut cursor, syntax)?;
            }
            match option {
                true => Via::Option,
                false if text[..key.start].ends_with(b"${") => Via::Default,
                false => Via::Assignment,
            }
        }
    };
    let quoted_key = quote.is_some() && closed;
    valued(&mut cursor, syntax, key, via, quoted_key)
}

/// `--key` of any command, `-Key` of one of PowerShell: whole words, which letters behind one dash are not elsewhere.
fn begins_option(text: &[u8], syntax: Syntax, key: Span) -> bool {
    const LEAST: usize = 5;
    match &text[key.range()] {
        [b'-', b'-', ..] => true,
        [b'-', word @ ..] if word.len() >= LEAST => {
            !matches!(syntax, Syntax::Code | Syntax::Json) && word[0].is_ascii_alphabetic()
        }
        _ => false,
    }
}

/// The literal that a name is held against: `key == "x"`, `key !== 'x'`.
fn compared(cursor: &mut Cursor<'_>, syntax: Syntax) -> Option<Span> {
    const COMPARISONS: &[&[u8]] = &[b"===", b"!==", b"==", b"!="];
    let rest = &cursor.text[cursor.at..];
    let sign = COMPARISONS.iter().find(|sign| rest.starts_with(sign))?;
    if syntax != Syntax::Code {
        return None;
    }
    let mut behind = Cursor {
        text: cursor.text,
        at: cursor.at + sign.len(),
    };
    behind.blanks();
    literal(&mut behind).filter(|value| !value.is_empty())
}

/// The value of a parameter of an address, in a text of any syntax: `?key=x&…`.
fn in_query(text: &[u8], key: Span) -> Option<Span> {
    const END: &[u8] = b"&#\"'`<>\\ \t\r\n{}()[],;$";
    let asked = matches!(text.get(key.start.checked_sub(1)?), Some(b'?' | b'&'));
    if !asked || text.get(key.end) != Some(&b'=') {
        return None;
    }
    let start = key.end + 1;
    let rest = &text[start..text.len().min(start + value::LONGEST_VALUE)];
    let len = rest.iter().position(|b| END.contains(b))?;
    // What a hole of a template fills in is not there.
    let whole = !matches!(rest[len], b'{' | b'(' | b'[' | b'$');
    (len > 0 && whole).then(|| Span::new(start, start + len))
}

/// `${KEY:-value}`: the value ends with the expansion.
fn within_expansion(text: &[u8], key: Span, value: Span) -> Span {
    let end =
        memchr::memchr(b'}', &text[value.range()]).filter(|_| text[..key.start].ends_with(b"${"));
    end.map_or(value, |end| Span::new(value.start, value.start + end))
}

/// Whether the end of an element follows.
fn closes(rest: &[u8]) -> bool {
    const BLANKS: usize = 80;
    let rest = rest[..rest.len().min(BLANKS)].trim_ascii_start();
    rest.starts_with(b"</") || rest.starts_with(b"<!") || rest.starts_with(b"]]>")
}

/// `${KEY:?message}`: a shell stops where the variable is missing; what stands behind it is for people.
fn is_demanded(text: &[u8], key: Span) -> bool {
    let rest = &text[key.end..];
    text[..key.start].ends_with(b"${") && (rest.starts_with(b":?") || rest.starts_with(b"?"))
}

/// The pair of `key` and the value at the cursor.
fn valued(
    cursor: &mut Cursor<'_>,
    syntax: Syntax,
    key: Span,
    via: Via,
    quoted_key: bool,
) -> Option<Pair> {
    // `PASSWORD= command`: a shell gives it nothing.
    let empty = matches!(syntax, Syntax::Shell | Syntax::Unknown)
        && cursor.text[key.end..].starts_with(b"= ");
    cursor.blanks();
    let below = |cursor: &mut Cursor<'_>| match via {
        Via::Assignment if syntax == Syntax::Code || is_loose(syntax) => literal_below(cursor),
        _ => None,
    };
    let (value, quoted) = match literal(cursor).or_else(|| below(cursor)) {
        Some(span) => (span, true),
        None if empty => return None,
        None => (bare(cursor, syntax, via, quoted_key)?, false),
    };
    let text = cursor.text;
    let value = past_scheme(text, value, quoted);
    let value = within_expansion(text, key, value);
    // `<PASSWORD> before …` is a word of a manual.
    if via == Via::Element && !closes(&text[value.end..]) {
        return None;
    }
    (!value.is_empty()).then(|| Pair::new(key, value, quoted, via))
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
    fn a_literal_may_stand_on_the_next_line() {
        for text in [
            "const dbPassword =\n  \"v1\";",
            "dbPassword:\r\n    'v1',",
            "db_password = (\n    \"v1\"\n)",
            "db_password = \\\n    \"v1\"",
            "dbPassword :=\n\t`v1`",
        ] {
            let found = read(Syntax::Code, text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].1, "v1", "{text}");
        }
        for text in [
            "password:\n  'label': 'v1'",
            "password =\n\n  \"v1\"",
            "password =\n  other(\"v1\")",
        ] {
            assert_eq!(read(Syntax::Code, text), [], "{text}");
        }
    }

    #[test]
    fn the_tags_of_a_field_are_no_pair() {
        let text = "Password string `json:\"password\" validate:\"required,max=255\"`";
        assert_eq!(read(Syntax::Code, text), []);
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
            Syntax::Yaml,
            "- DB_PASSWORD=ab1 DB_HOST=127.0.0.1",
            "DB_PASSWORD",
            "ab1",
        );
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
        assert_eq!(read(Syntax::Shell, "PASSWORD= run x"), []);
        assert_eq!(
            read(Syntax::Unknown, "a-jwt\t0.2.7.dev16890"),
            [],
            "columns of a table"
        );
        assert_eq!(read(Syntax::Json, "\"password\": null"), []);
        assert_eq!(read(Syntax::Yaml, "x: ${JWT_SECRET:?set it}"), []);
        assert_eq!(read(Syntax::Lines, "# AUTH <PASSWORD> before all"), []);
        one(
            Syntax::Shell,
            ": \"${DB_PASSWORD:=v1}\"",
            "DB_PASSWORD",
            "v1",
        );
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
    fn a_literal_is_compared() {
        for text in [
            r#"if (dbPassword == "v1") {"#,
            r#"if dbPassword != "v1" {"#,
            r#"dbPassword === 'v1'"#,
            r#"assert cfg["dbPassword"] == "v1""#,
        ] {
            one(Syntax::Code, text, "dbPassword", "v1");
        }
        assert_eq!(read(Syntax::Prose, r#"dbPassword == "v1""#), []);
    }

    #[test]
    fn a_parameter_of_an_address_has_a_value() {
        for syntax in [Syntax::Code, Syntax::Json, Syntax::Yaml, Syntax::Prose] {
            one(
                syntax,
                "\"https://h/x?private_token=v1&b=c\"",
                "private_token",
                "v1",
            );
        }
        assert_eq!(read(Syntax::Code, "`https://h/x?token=${v1}`"), []);
    }

    #[test]
    fn powershell_has_options_of_its_own() {
        one(
            Syntax::Prose,
            "Connect-It -Password v1 -x",
            "-Password",
            "v1",
        );
        assert_eq!(read(Syntax::Code, "x -Password v1"), []);
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
            "if (password == other)",
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
