//! What stands between a name and its value: an operator, a type, the words of a note.

use super::cursor::Cursor;
use super::name::is_loose;
use super::value::LONGEST_VALUE;
use crate::model::Span;
use crate::text::Syntax;

/// Between a name and its operator: a type, at most so long.
pub(super) const LONGEST_TYPE: usize = 40;

/// Steps over `=`, `:`, `=>`, `:=`, `||=`, `?=`, `??=`, `.=` and the `::=` and `:::=` of make; not over a comparison.
pub(super) fn operator(cursor: &mut Cursor<'_>) -> bool {
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
pub(super) fn typed(cursor: &mut Cursor<'_>, syntax: Syntax) -> Option<()> {
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

/// The length of `&'static str = ` and the like at the start of `rest`.
pub(super) fn annotation(rest: &[u8]) -> Option<usize> {
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

/// `token - 'x'`, `API_TOKEN x`: how notes and the output of programs tell a value.
pub(super) fn loose(cursor: &mut Cursor<'_>, syntax: Syntax, key: Span) -> bool {
    const LEAST: usize = 16;
    // A tab parts the columns of a table: what stands in the next one is no value of this.
    if !is_loose(syntax) || cursor.at == key.end || cursor.text[key.end..cursor.at].contains(&b'\t')
    {
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

/// Steps to the value that stands beside a named key: `value: x` on the same line or the next.
pub(super) fn value_beside(cursor: &mut Cursor<'_>) -> bool {
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
