//! Values that are fetched at run time: template holes, look-ups, secret managers, expressions.

use super::ValueClass;
use super::entropy::measure;
use super::lexicon::{LEXICON, Lexicon};
use crate::classify::names;

/// How holes open and close.
const HOLES: &[(&[u8], &[u8])] = &[
    (b"${{", b"}}"),
    (b"{{", b"}}"),
    (b"${", b"}"),
    (b"$(", b")"),
    (b"#{", b"}"),
    (b"%{", b"}"),
    (b"{%", b"%}"),
    (b"<%", b"%>"),
    (b"<?", b"?>"),
];

/// Whether the value, or all of it that matters, is fetched.
pub(super) fn reference(text: &[u8]) -> Option<ValueClass> {
    let yes = is_variable(text)
        || is_pointer(text)
        || is_expression(text)
        || is_mostly_holes(text)
        || is_put_together(text);
    yes.then_some(ValueClass::Reference)
}

/// `JWT_SECRET`: a map from a setting to the variable that it is read from.
pub(super) fn to_variable(text: &[u8]) -> Option<ValueClass> {
    let yes = text.contains(&b'_')
        && is_name(text)
        && is_upper(text)
        && names::name(text).class.holds_secret();
    yes.then_some(ValueClass::Reference)
}

/// The default of `${NAME:-default}` and Spring's `${name:default}`, which is a literal.
pub(super) fn default(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"${")?.strip_suffix(b"}")?;
    let end = inner
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')));
    // `-` is part of a Spring name and begins a default in a shell.
    let dash = inner.iter().position(|&b| b == b'-');
    let (name, rest) = inner.split_at(end.into_iter().chain(dash).min()?);
    let rest = match rest {
        [b':', b'-' | b'=', rest @ ..] | [b'-' | b'=', rest @ ..] => rest,
        [b':', b'?' | b'+' | b':' | b'/', ..] => return None,
        [b':', rest @ ..] if !is_resolver(name) => rest,
        _ => return None,
    };
    (!name.is_empty() && !rest.is_empty() && !rest.contains(&b'{')).then_some(rest)
}

/// Sources of the serverless framework and its like, which look like a name with a default.
fn is_resolver(name: &[u8]) -> bool {
    let names: [&[u8]; 14] = [
        b"self",
        b"ssm",
        b"env",
        b"file",
        b"cf",
        b"opt",
        b"sls",
        b"s3",
        b"aws",
        b"param",
        b"vault",
        b"secrets",
        b"secretsmanager",
        b"sys",
    ];
    names.contains(&name)
}

/// `$NAME`, `$$NAME`, `$1`, `%NAME%`, `` `command` ``.
fn is_variable(text: &[u8]) -> bool {
    if let Some(name) = text.strip_prefix(b"$") {
        let name = name.strip_prefix(b"$").unwrap_or(name);
        let name = name.strip_prefix(b"env:").unwrap_or(name);
        if is_member(name) {
            return true;
        }
        let digits = !name.is_empty() && name.iter().all(u8::is_ascii_digit) && name.len() <= 2;
        // A password may begin with a dollar: a variable is one case, or words.
        let word = is_name(name) && (is_upper(name) || measure(name).noise * 3 <= name.len());
        return digits || word;
    }
    match text {
        [b'%', name @ .., b'%'] => is_name(name),
        [b'`', name @ .., b'`'] => !name.is_empty(),
        _ => false,
    }
}

/// `Name.…`, `name->…`, `name[…`: what stands behind a variable's letters reaches into it.
fn is_member(text: &[u8]) -> bool {
    const LEAST: usize = 3;
    let end = text
        .iter()
        .position(|b| !(b.is_ascii_alphabetic() || *b == b'_'))
        .unwrap_or(text.len());
    end >= LEAST && matches!(text[end..], [b'.' | b'[', _, ..] | [b'-', b'>', ..])
}

/// A letter or `_`, then letters, digits, `_`.
fn is_name(text: &[u8]) -> bool {
    text.first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

fn is_upper(text: &[u8]) -> bool {
    !text.iter().any(u8::is_ascii_lowercase)
}

/// `op://vault/item`, `arn:aws:secretsmanager:…`, `process.env.X`.
fn is_pointer(text: &[u8]) -> bool {
    const LONGEST_PREFIX: usize = 48;
    let head = text[..text.len().min(LONGEST_PREFIX)].to_ascii_lowercase();
    if !Lexicon::begins(&LEXICON.references, &head) {
        return false;
    }
    // What follows is a name, not noise that happens to begin so.
    !measure(text).is_random()
        || memchr::memmem::find(&head, b"://").is_some()
        || head.starts_with(b"arn:")
}

/// Calls, property and index access, `a || b`.
fn is_expression(text: &[u8]) -> bool {
    let mut text = text.strip_suffix(b";").unwrap_or(text).trim_ascii();
    for word in [&b"await "[..], b"new ", b"return ", b"!", b"*", b"&"] {
        text = text.strip_prefix(word).unwrap_or(text).trim_ascii();
    }
    for sign in [
        &b" || "[..],
        b" ?? ",
        b" => ",
        b" + ",
        b" ? ",
        b" && ",
        b"()",
    ] {
        if memchr::memmem::find(text, sign).is_some() && !measure(text).is_random() {
            return true;
        }
    }
    let head_end = text
        .iter()
        .position(|b| {
            !(b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'.' | b':' | b'$' | b'>' | b'?' | b'!'))
        })
        .unwrap_or(text.len());
    let (head, rest) = text.split_at(head_end);
    let callee = head
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'$'))
        && measure(head).noise * 2 <= head.len();
    match (rest.first(), rest.last()) {
        (Some(b'('), Some(b')')) | (Some(b'['), Some(b']')) => callee,
        // `document.getElementById("…").value`, and what is left of it where a value ends at a quote.
        (Some(b'('), _) if head.contains(&b'.') => {
            let end = rest.iter().rposition(|&b| b == b')').map_or(1, |at| at + 1);
            callee
                && rest[end..]
                    .iter()
                    .all(|b| b.is_ascii_alphabetic() || *b == b'.')
        }
        (None, _) => callee && is_property(head),
        _ => false,
    }
}

/// `config.password`, `this.token`, `a->b`, `Foo::bar`, from a known root or three parts deep.
fn is_property(head: &[u8]) -> bool {
    let parts: Vec<&[u8]> = head
        .split(|b| matches!(b, b'.' | b':' | b'>' | b'-' | b'?' | b'!'))
        .filter(|p| !p.is_empty())
        .collect();
    let Some((first, others)) = parts.split_first() else {
        return false;
    };
    if others.is_empty() || !parts.iter().all(|p| is_name(p)) {
        return false;
    }
    let root = String::from_utf8_lossy(first).to_ascii_lowercase();
    LEXICON.roots.contains(root.trim_matches('_')) && measure(head).noise <= 2
}

/// Whether holes leave nothing that matters.
fn is_mostly_holes(text: &[u8]) -> bool {
    let mut rest = Vec::new();
    let mut at = 0;
    let mut holes = 0;
    while at < text.len() {
        let fresh = at == 0 || !text[at - 1].is_ascii_alphanumeric();
        match hole(&text[at..]).or_else(|| if fresh { variable(&text[at..]) } else { None }) {
            Some(len) => {
                holes += 1;
                at += len;
            }
            None => {
                rest.push(text[at]);
                at += 1;
            }
        }
    }
    if holes == 0 {
        return false;
    }
    // A fixed part that is strong by itself is a secret with a hole beside it.
    const STRONG: f32 = 56.0;
    let rest = measure(&rest);
    !(rest.is_random() && rest.bits >= STRONG)
}

/// `' . $password . '` and `" + password + "`, the quotes taken off: a text that ends here, and a variable.
fn is_put_together(text: &[u8]) -> bool {
    let sum = text.trim_ascii();
    if sum.len() > 2 && sum.starts_with(b"+ ") && sum.ends_with(b" +") {
        return true;
    }
    let text = text
        .strip_prefix(b"'")
        .or(text.strip_prefix(b"\""))
        .unwrap_or(text);
    let rest = text.trim_ascii_start().strip_prefix(b". ");
    rest.is_some_and(|rest| matches!(rest, [b'$', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..]))
}

/// The length of `$name` here; the `$` of a password stands before noise, or within a word.
fn variable(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"$")?;
    let len = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    let name = &rest[..len];
    (len > 2 && is_name(name) && (is_upper(name) || measure(name).noise == 0)).then_some(len + 1)
}

/// The length of the hole that begins here. One that is never closed reaches to the end, which also bounds the search: there is but one.
fn hole(text: &[u8]) -> Option<usize> {
    let (open, close) = HOLES.iter().find(|(open, _)| text.starts_with(open))?;
    // A password may hold `${`, but a hole begins with a name, a blank or a sign of a template.
    let next = text.get(open.len())?;
    if !(next.is_ascii_alphabetic()
        || matches!(
            next,
            b'_' | b' ' | b'-' | b'.' | b'=' | b'$' | b'#' | b'!' | b'%' | b'@' | b'"' | b'\''
        ))
    {
        return None;
    }
    let Some(end) = memchr::memmem::find(text, close) else {
        return Some(text.len());
    };
    is_balanced(&text[open.len()..end.max(open.len())]).then_some(end + close.len())
}

/// Whether each bracket of an expression has its fellow; those of a password stand as they come.
fn is_balanced(text: &[u8]) -> bool {
    const DEEPEST: usize = 16;
    let mut open = Vec::with_capacity(DEEPEST);
    for &b in text {
        match b {
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b')' | b']' if open.pop() != Some(b) => return false,
            _ => {}
        }
        if open.len() > DEEPEST {
            return true;
        }
    }
    // Where the hole was cut at the first sign that may close it, something is open still.
    true
}
