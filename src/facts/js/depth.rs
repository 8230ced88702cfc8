//! How deep brackets nest, told from the text.
//!
//! oxc reads `(a = (b = (…` and `a<b<c<…` again at each level, to tell parameters and types from expressions: the time is quadratic in
//! the depth and worse (400 levels take 0.2 s, 3,000 take seconds). This looks at strings, comments and templates, and guesses regular
//! expressions from what stands before them. A text that fools it costs time; it cannot cost the stack, see [`room`](super::room).

use memchr::{memchr, memmem};

/// Brackets around one another. People stay below 30, bundles below 50.
const DEEPEST: usize = 80;
/// `<` that nothing closes, within one pair of brackets.
const ANGLES: usize = 40;

/// Bytes that mean something here; all others are passed at once.
const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let bytes = b"/'\"`()[]{}<>;";
    let mut i = 0;
    while i < bytes.len() {
        marks[bytes[i] as usize] = true;
        i += 1;
    }
    marks
};

/// Whether brackets nest deeper than the parser can read in linear time.
pub(super) fn too_deep(text: &[u8]) -> bool {
    // What is open: `(`, `[`, `{`, or `$` for the hole of a template; with each the `<` that are open in it.
    let mut open: Vec<(u8, usize)> = vec![(b'{', 0)];
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(skipped) = rest.iter().position(|&b| MARKS[usize::from(b)]) else {
            break;
        };
        at += skipped;
        let b = text[at];
        let next = text.get(at + 1).copied().unwrap_or_default();
        match b {
            b'/' if next == b'/' => at = line_end(text, at),
            b'/' if next == b'*' => {
                at = memmem::find(&text[at + 2..], b"*/").map_or(text.len(), |i| at + 4 + i);
            }
            b'/' if begins_value(&text[..at]) => at = past_pattern(text, at),
            b'\'' | b'"' => at = past_string(text, at),
            b'`' => at = template(text, at + 1, &mut open),
            b'(' | b'[' | b'{' => {
                open.push((b, 0));
                at += 1;
            }
            b'}' if open.last().is_some_and(|&(kind, _)| kind == b'$') => {
                open.pop();
                at = template(text, at + 1, &mut open);
            }
            b')' | b']' | b'}' => {
                close(&mut open, b);
                at += 1;
            }
            _ => {
                if let Some((_, angles)) = open.last_mut() {
                    match b {
                        b'<' => *angles += 1,
                        b'>' => *angles = angles.saturating_sub(1),
                        b';' => *angles = 0,
                        _ => {}
                    }
                    if *angles > ANGLES {
                        return true;
                    }
                }
                at += 1;
            }
        }
        if open.len() > DEEPEST {
            return true;
        }
    }
    false
}

/// Closes the nearest bracket that `end` closes; `}` closes what was left open in its block, too.
fn close(open: &mut Vec<(u8, usize)>, end: u8) {
    let start = match end {
        b')' => b'(',
        b']' => b'[',
        _ => b'{',
    };
    for i in (1..open.len()).rev() {
        let kind = open[i].0;
        if kind == start {
            return open.truncate(i);
        }
        if kind == b'$' || kind == b'{' {
            return;
        }
    }
}

/// Whether a value can begin behind `before`, so that `/` begins a regular expression. Behind a word it is a division: after
/// `return` that is wrong, and harmless where the expression has no quotes.
fn begins_value(before: &[u8]) -> bool {
    before
        .trim_ascii_end()
        .last()
        .is_none_or(|b| b"(,=:[!&|?{};+".contains(b))
}

fn line_end(text: &[u8], from: usize) -> usize {
    memchr(b'\n', &text[from..]).map_or(text.len(), |i| from + i)
}

/// Past a string, or to the end of its line.
fn past_string(text: &[u8], start: usize) -> usize {
    let quote = text[start];
    let mut at = start + 1;
    while let Some(&b) = text.get(at) {
        match b {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if b == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Past a regular expression; past its first `/` alone where it does not end with its line.
fn past_pattern(text: &[u8], start: usize) -> usize {
    let mut class = false;
    let mut at = start + 1;
    while let Some(&b) = text.get(at) {
        match b {
            b'\\' => at += 1,
            b'\n' => break,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return at + 1,
            _ => {}
        }
        at += 1;
    }
    start + 1
}

/// Past the fixed part of a template that begins at `from`; opens the hole that it ends with.
fn template(text: &[u8], from: usize, open: &mut Vec<(u8, usize)>) -> usize {
    let mut at = from;
    while let Some(&b) = text.get(at) {
        match b {
            b'\\' => at += 1,
            b'`' => return at + 1,
            b'$' if text.get(at + 1) == Some(&b'{') => {
                open.push((b'$', 0));
                return at + 2;
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_of_code_counts_and_that_of_text_does_not() {
        let deep = |part: &str| too_deep(part.repeat(200).as_bytes());
        for part in [
            "(a=",
            "[",
            "{ b; ",
            "`${",
            "a<",
            "f(')',",
            "/* ) */ (",
            "`)${(",
        ] {
            assert!(deep(part), "{part}");
        }
        for part in [
            "(a)",
            "'('; ",
            "\"(\\\"(\";",
            "/* ( */",
            "// (\n",
            "`(${a}(`;",
            "a = /[(/]\\(/;",
            "i < n; ",
            "a<b>;",
            "<p>(a)</p>",
            "{ x = y / (a\n}",
            "s = 'a\n",
            "() => {}\n",
        ] {
            assert!(!deep(part), "{part}");
        }
    }
}
