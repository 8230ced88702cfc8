//! Which variables of the environment a text looks at before it uses them, as far as a line tells.
//!
//! Takes the text of a program and places in it where words of secrets stand; gives the names of variables that are not merely read there: a
//! name in quotes (a list of what is required, a message of what is missing), a key of a schema, a name behind `!` or `if (`, one that is
//! compared, measured or given something else to stand in. Knows no scopes and no values: it is asked of every file of a tree, where to
//! parse each would cost too much, and its answer only ever says that a variable is in good hands.

use super::name_at;
use crate::model::Span;

/// So far from a name the text is looked at.
const NEAR: usize = 48;
/// Functions that give what is missing as nothing, so that a name in quotes in them is a plain read.
const PLAIN: &[&[u8]] = &[
    b"getenv",
    b"Getenv",
    b"environ.get",
    b"env.get",
    b"get_env",
    b"env",
    b"environ",
    b"System.getenv",
];
/// Words behind which what stands in brackets is looked at.
const LOOKING: &[&[u8]] = &[
    b"if",
    b"unless",
    b"while",
    b"assert",
    b"ok",
    b"invariant",
    b"expect",
    b"required",
    b"requireEnv",
    b"ensure",
    b"check",
    b"must",
    b"Boolean",
    b"isset",
    b"empty",
    b"len",
    b"defined",
    b"nonNull",
    b"requireNonNull",
];

/// The names, in the order of `positions`, which are sorted; each as often as it is looked at.
pub fn checked(text: &[u8], positions: &[usize]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut done = 0;
    for &at in positions {
        // Most words of secrets stand in names of other kinds.
        if at < done || !text.get(at).is_some_and(u8::is_ascii_uppercase) {
            continue;
        }
        let name = variable(text, name_at(text, at));
        done = name.end.max(at + 1);
        if is_variable(&text[name.range()]) && is_looked_at(text, name) {
            found.push(name);
        }
    }
    found
}

/// Of `process.env.X` the part that is the variable.
fn variable(text: &[u8], path: Span) -> Span {
    let word = &text[path.range()];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let capitals = |part: &[u8]| {
        part.iter().any(u8::is_ascii_uppercase) && !part.iter().any(u8::is_ascii_lowercase)
    };
    let mut start = path.start;
    for part in word.split(|b| !is_part(b)) {
        if capitals(part) {
            return Span::new(start, start + part.len());
        }
        start += part.len() + 1;
    }
    path
}

/// Whether a name is written as variables of the environment are.
fn is_variable(name: &[u8]) -> bool {
    let part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    name.len() >= 4 && name.iter().all(part) && name.contains(&b'_')
}

fn is_looked_at(text: &[u8], name: Span) -> bool {
    let before = &text[name.start.saturating_sub(NEAR)..name.start];
    let behind = &text[name.end..text.len().min(name.end + NEAR)];
    if let (Some(open @ (b'"' | b'\'' | b'`')), Some(close)) = (before.last(), behind.first())
        && open == close
    {
        return is_checked_quoted(&before[..before.len() - 1], &behind[1..]);
    }
    let line = behind.trim_ascii_start();
    // `required: JWT_SECRET`, in a message.
    let in_text = before.last().is_some_and(|b| *b == b' ') && is_in_quotes(before);
    in_text || is_key(before, line) || is_tested(before, behind)
}

/// A name in quotes is looked at unless the environment is asked for it and may say nothing.
fn is_checked_quoted(before: &[u8], behind: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let (open, path) = match before.split_last() {
        Some((open @ (b'[' | b'('), path)) => (*open, path),
        _ => return true,
    };
    // What is read may still be looked at: `if (!process.env["X"])`, `os.environ["X"]` fails by itself.
    if path.ends_with(b"environ") && open == b'[' {
        return true;
    }
    if !PLAIN.iter().any(|plain| path.ends_with(plain)) {
        return true;
    }
    let end = behind
        .iter()
        .position(|b| matches!(b, b']' | b')'))
        .map_or(behind.len(), |i| i + 1);
    is_tested(path, &behind[end..])
}

/// Whether a line before a name opens a quote and does not close it.
fn is_in_quotes(before: &[u8]) -> bool {
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]);
    [b'"', b'\'', b'`']
        .iter()
        .any(|quote| line.iter().filter(|b| *b == quote).count() % 2 == 1)
}

/// A key whose value is no read: `JWT_SECRET: z.string().min(32)`.
fn is_key(before: &[u8], behind: &[u8]) -> bool {
    let starts = before
        .trim_ascii_end()
        .last()
        .is_none_or(|b| matches!(b, b'{' | b',' | b'(' | b';'));
    let Some(value) = behind.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else {
        return false;
    };
    let called = value
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"._$\n ".contains(b))
        .count();
    let reads = [
        &b"process.env"[..],
        b"import.meta",
        b"env.",
        b"Bun.env",
        b"Deno.env",
    ]
    .iter()
    .any(|read| value.starts_with(read));
    starts && !reads && value.get(called) == Some(&b'(')
}

/// Whether what stands around a name or a read of it tests it.
fn is_tested(before: &[u8], behind: &[u8]) -> bool {
    let is_part =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$' | b'[' | b'?');
    let path = before.iter().rev().take_while(|b| is_part(b)).count();
    let before = before[..before.len() - path].trim_ascii_end();
    let asked = match before.split_last() {
        Some((b'!', _)) => true,
        Some((b'(', rest)) => {
            let rest = rest.trim_ascii_end();
            LOOKING.iter().any(|word| {
                rest.strip_suffix(*word)
                    .is_some_and(|rest| !rest.last().is_some_and(u8::is_ascii_alphanumeric))
            })
        }
        _ => {
            before.ends_with(b"if")
                || before.ends_with(b"not")
                || before.ends_with(b"&&")
                || before.ends_with(b"unless")
        }
    };
    const TESTS: &[&[u8]] = &[
        b"??",
        b"||",
        b"===",
        b"!==",
        b"==",
        b"!=",
        b"&&",
        b"is None",
        b"is not",
        b" or ",
        b".length",
        b"?.length",
        b"? ",
    ];
    let behind = behind.trim_ascii_start();
    let behind = behind
        .strip_prefix(b"!")
        .filter(|rest| !rest.starts_with(b"="))
        .unwrap_or(behind);
    asked
        || TESTS.iter().any(|test| {
            behind
                .trim_ascii_start()
                .starts_with(test.trim_ascii_start())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut positions: Vec<usize> = ["SECRET", "KEY", "TOKEN", "PASSWORD"]
            .iter()
            .flat_map(|word| text.match_indices(word).map(|(at, _)| at))
            .collect();
        positions.sort_unstable();
        checked(text.as_bytes(), &positions)
            .into_iter()
            .map(|name| &text[name.range()])
            .collect()
    }

    #[test]
    fn what_is_looked_at() {
        for text in [
            "if (!process.env.JWT_SECRET) throw new Error('x')",
            "const s = process.env.JWT_SECRET ?? fail()",
            "const s = process.env.JWT_SECRET || 'x'",
            "const s = process.env['JWT_SECRET'] ?? fail()",
            "['JWT_SECRET', 'PORT'].filter(k => !process.env[k])",
            "z.object({ JWT_SECRET: z.string().min(32) })",
            "z.object({\n  PORT: z.number(),\n  JWT_SECRET: z\n    .string() })",
            "cleanEnv(process.env, { JWT_SECRET: str() })",
            "if (JWT_SECRET.length < 32) throw x",
            "if (JWT_SECRET === undefined) exit()",
            "assert(process.env.JWT_SECRET)",
            "assert(process.env.JWT_SECRET, 'needed')",
            "if (a && process.env.JWT_SECRET) b()",
            "requireEnv('JWT_SECRET')",
            "config.getOrThrow('JWT_SECRET')",
            "throw new Error('missing JWT_SECRET in the environment')",
            "key = os.environ[\"JWT_SECRET\"]",
            "if not JWT_SECRET: raise",
            "const on = process.env.JWT_SECRET ? a : b",
        ] {
            assert_eq!(names(text), ["JWT_SECRET"], "{text}");
        }
    }

    #[test]
    fn what_is_only_read() {
        for text in [
            "jwt.sign(p, process.env.JWT_SECRET, { expiresIn: '15m' })",
            "new Stripe(process.env.STRIPE_SECRET_KEY!)",
            "const JWT_SECRET = process.env.JWT_SECRET;",
            "const { JWT_SECRET } = process.env;",
            "const s = process.env['JWT_SECRET'];",
            "const s = process.env[\"JWT_SECRET\"] as string;",
            "jwt.sign(p, JWT_SECRET, o)",
            "session({ secret: process.env.SESSION_SECRET })",
            "module.exports = { env: { JWT_SECRET: process.env.JWT_SECRET } }",
            "KEY = os.environ.get(\"JWT_SECRET\")",
            "KEY = os.getenv('JWT_SECRET')",
            "// set JWT_SECRET first",
            "declare const JWT_SECRET: string;",
            "const config = { jwtSecret: JWT_SECRET };",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[A-Z_!('\"\\[\\]{}:.=?|& \\n]{0,80}", at in 0usize..90) {
            for name in checked(text.as_bytes(), &[at]) {
                proptest::prop_assert!(name.end <= text.len());
            }
        }
    }
}
