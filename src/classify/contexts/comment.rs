//! Whether a place in a line stands in a comment, judged from the line alone.

/// Whether what follows `line_before` on its line stands in a comment: `//`, `#`, `--`, `<!--`, `/*`, and `*`, `;`, `rem` at the line's beginning.
///
/// Judged from the line's start: a block comment or a string that began on an earlier line is not seen, but the `*` that most
/// block comments repeat is. Signs inside a string, `https://`, `#define` and `#{` begin none.
pub fn in_comment(line_before: &[u8]) -> bool {
    let line = match line_before.iter().rposition(|&b| b == b'\n') {
        Some(end) => &line_before[end + 1..],
        None => line_before,
    };
    let text = line.trim_ascii_start();
    begins_comment(text) || holds_open_comment(text)
}

/// Signs that count only where a line begins.
fn begins_comment(text: &[u8]) -> bool {
    let blank = |at: usize| text.get(at).is_none_or(u8::is_ascii_whitespace);
    match text {
        [b'*', rest @ ..] => blank(1) || rest.starts_with(b"/"),
        // `;(function` begins a statement.
        [b';', next, ..] => !matches!(next, b'(' | b'[' | b'`' | b'+' | b'-' | b'/'),
        [b';'] => true,
        [b'#', rest @ ..] => is_hash_comment(rest),
        [b'-', b'-', ..] => blank(2) || text.starts_with(b"--["),
        [b'/', b'/', rest @ ..] => !is_registry(rest),
        _ => {
            text.len() >= 3
                && text[..3].eq_ignore_ascii_case(b"rem")
                && text.get(3).is_some_and(u8::is_ascii_whitespace)
        }
    }
}

/// `#define`, `#[derive]`, `#{…}`, `#fff` and `#id` of a style sheet are no comments.
fn is_hash_comment(rest: &[u8]) -> bool {
    const DIRECTIVES: [&[u8]; 16] = [
        b"define",
        b"include",
        b"ifdef",
        b"ifndef",
        b"if ",
        b"elif",
        b"else",
        b"endif",
        b"pragma",
        b"undef",
        b"import",
        b"error",
        b"warning",
        b"region",
        b"endregion",
        b"using",
    ];
    !DIRECTIVES.iter().any(|d| rest.starts_with(d)) && !matches!(rest.first(), Some(b'[' | b'{'))
}

/// `//registry.example.com/:_authToken=` of an `.npmrc` is a key.
fn is_registry(rest: &[u8]) -> bool {
    !rest.iter().any(u8::is_ascii_whitespace) && memchr::memmem::find(rest, b"/:_").is_some()
}

/// Signs that count anywhere outside strings; a comment that is closed again does not.
fn holds_open_comment(text: &[u8]) -> bool {
    let mut quote: Option<u8> = None;
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        let before = at.checked_sub(1).and_then(|i| text.get(i)).copied();
        let rest = &text[at..];
        if let Some(open) = quote {
            match b {
                b'\\' => at += 1,
                _ if b == open => quote = None,
                _ => {}
            }
            at += 1;
            continue;
        }
        let apart = before.is_none_or(|b| b.is_ascii_whitespace());
        match b {
            // The apostrophe of `don't` opens nothing.
            b'\'' if before.is_some_and(|b| b.is_ascii_alphanumeric()) => {}
            b'"' | b'\'' | b'`' => quote = Some(b),
            b'/' if rest.starts_with(b"/*")
                && before.is_none_or(|b| {
                    b.is_ascii_whitespace() || matches!(b, b'{' | b'}' | b'(' | b')' | b';' | b',')
                }) =>
            {
                match memchr::memmem::find(&rest[2..], b"*/") {
                    Some(end) => at += end + 3,
                    None => return true,
                }
            }
            b'/' if rest.starts_with(b"//")
                && before.is_none_or(|b| {
                    b.is_ascii_whitespace() || matches!(b, b';' | b')' | b'}' | b',' | b'{')
                })
                && at > 0 =>
            {
                return true;
            }
            b'<' if rest.starts_with(b"<!--") => match memchr::memmem::find(&rest[4..], b"-->") {
                Some(end) => at += end + 6,
                None => return true,
            },
            b'#' if at > 0
                && apart
                && rest
                    .get(1)
                    .is_none_or(|b| matches!(b, b' ' | b'\t' | b'#' | b'!')) =>
            {
                return true;
            }
            b'-' if at > 0
                && apart
                && rest.starts_with(b"--")
                && rest.get(2).is_none_or(|b| matches!(b, b' ' | b'\t')) =>
            {
                return true;
            }
            _ => {}
        }
        at += 1;
    }
    false
}
