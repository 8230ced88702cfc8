//! Values that are code, markup or formats: no secret is written so.

use super::ValueClass;
use super::entropy::measure;

/// `<TOKEN>`, `[SECRET]`, `{api_key}`, `__TOKEN__`, `@TOKEN@`, `###TOKEN###`, `*REMOVED*`: a template's variable or an instruction.
pub(super) fn wrapped(text: &[u8]) -> Option<ValueClass> {
    let inner = match text {
        [b'<', inner @ .., b'>']
        | [b'[', inner @ .., b']']
        | [b'{', inner @ .., b'}']
        | [b'(', inner @ .., b')']
        | [b'@', inner @ .., b'@'] => inner,
        [b'_', b'_', inner @ .., b'_', b'_'] => inner,
        [b'%', b'%', .., b'%', b'%']
        | [b'$', b'$', .., b'$', b'$']
        | [b'!', b'!', .., b'!', b'!'] => stripped(text, text[0]),
        [b'*', inner @ .., b'*'] => inner,
        // Closed or not: what stands bare behind two is a comment.
        [b'#', b'#', ..] => stripped(text, b'#'),
        _ => return angled(text).then_some(ValueClass::Placeholder),
    };
    // Structured text stands in brackets too.
    let structured = inner
        .iter()
        .any(|b| matches!(b, b'"' | b'{' | b'}' | b'[' | b']'))
        && inner.len() > 2;
    if structured || (text[0] == b'<' && inner.contains(&b'<')) {
        return Some(ValueClass::Prose);
    }
    let measured = measure(inner);
    let random = measured.is_random() && !text.starts_with(b"<");
    (!random).then_some(ValueClass::Placeholder)
}

/// The text without the marks `mark` at its ends.
fn stripped(text: &[u8], mark: u8) -> &[u8] {
    let start = text.iter().take_while(|&&b| b == mark).count();
    let text = &text[start..];
    let end = text.iter().rposition(|&b| b != mark).map_or(0, |at| at + 1);
    &text[..end]
}

/// `Bearer <token>`, `<user>:<password>`, `sk_<<key>>`: names in angle brackets, and nothing random around them.
pub(super) fn angled(text: &[u8]) -> bool {
    let mut around = Vec::with_capacity(text.len());
    let (mut holes, mut doubled) = (0, false);
    let mut at = 0;
    while let Some(open) = text[at..].iter().position(|&b| b == b'<').map(|i| at + i) {
        let depth = text[open..].iter().take_while(|&&b| b == b'<').count();
        let word = open + depth;
        let Some(len) = text[word..]
            .iter()
            .take(LONGEST_HOLE)
            .position(|&b| b == b'>')
        else {
            break;
        };
        around.extend_from_slice(&text[at..open]);
        let hole = is_hole(&text[word..word + len], depth);
        holes += usize::from(hole);
        doubled |= hole && depth > 1;
        at = word
            + len
            + text[word + len..]
                .iter()
                .take(depth)
                .take_while(|&&b| b == b'>')
                .count();
    }
    around.extend_from_slice(&text[at..]);
    // No secret holds a macro, whatever stands around it.
    doubled || holes > 0 && !measure(&around).is_random()
}

/// The name in a hole is at most so long.
const LONGEST_HOLE: usize = 60;

/// Whether a word in angle brackets names what is to be put there; in doubled ones it does whatever it is.
fn is_hole(word: &[u8], depth: usize) -> bool {
    let named = word
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
    named && (depth > 1 || word.len() >= 3 && measure(word).noise * 3 <= word.len())
}

/// Regular expressions, formats, colours, markup, mail addresses, MIME types.
pub(super) fn code(text: &[u8]) -> Option<ValueClass> {
    if is_format(text) {
        return Some(ValueClass::Placeholder);
    }
    if is_validation(text) {
        return Some(ValueClass::Identifier);
    }
    if matches!(text, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'/', ..])
        && text.contains(&b'>')
        && text.contains(&b'/')
    {
        return Some(ValueClass::Prose);
    }
    let yes = is_regex(text)
        || is_colour(text)
        || is_mail(text)
        || is_selector(text)
        || is_escaped(text)
        || is_action(text)
        || is_hex_pairs(text);
    yes.then_some(ValueClass::Identifier)
}

/// `acl_a_viewlogs`: the name of a right, where a name such as `auth` says only that it is about them.
pub(super) fn snake(text: &[u8]) -> Option<ValueClass> {
    const WORDS: usize = 3;
    let word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase);
    let yes = text.split(|&b| b == b'_').all(word) && text.split(|&b| b == b'_').count() >= WORDS;
    yes.then_some(ValueClass::Identifier)
}

/// One sign that nobody types into a password, or two that some might.
fn is_regex(text: &[u8]) -> bool {
    const SURE: [&[u8]; 9] = [
        b"[a-z", b"[A-Z", b"[0-9", b"(?:", b"(?=", b"(?!", b"(?P<", br"[\", b"[:",
    ];
    const LIKELY: [&[u8]; 9] = [
        br"\d", br"\w", br"\s", br"\S", br"\b", b"[^", b".*", b".+", b"]*",
    ];
    let holds = |sign: &&&[u8]| memchr::memmem::find(text, sign).is_some();
    let likely = LIKELY.iter().filter(holds).count();
    let anchored = text.starts_with(b"^") && text.ends_with(b"$");
    SURE.iter().any(|sign| holds(&sign))
        || likely >= 2
        || anchored
        || (likely == 1 && !measure(text).is_random())
}

/// Bytes written as escapes: tables and test data.
fn is_escaped(text: &[u8]) -> bool {
    let escapes = text
        .windows(2)
        .filter(|w| w[0] == b'\\' && matches!(w[1], b'x' | b'u'))
        .count();
    escapes >= 3 && escapes * 8 >= text.len()
}

/// `INVALID_TOKEN`, `IPV6_PMTUDISC_DONT`, `third_party_impl`: parts of one case, with a word among them and few digits.
pub(super) fn is_joined_name(text: &[u8]) -> bool {
    let joints = text
        .iter()
        .filter(|b| matches!(b, b'_' | b'-' | b'.' | b':' | b'/'))
        .count();
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = text.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let upper = text.iter().filter(|b| b.is_ascii_uppercase()).count();
    let measured = measure(text);
    // Hardly a digit: a constant, whatever its abbreviations.
    let constant = upper > 0 && upper + joints + digits == text.len() && text.contains(&b'_');
    if constant && (digits == 0 || (joints > 1 && digits * 8 <= text.len())) {
        return true;
    }
    joints > 0
        && joints + digits + letters == text.len()
        && (upper == 0 || upper == letters)
        && digits * 6 <= text.len()
        && measured.words > 0
        && measured.noise * 4 <= text.len() * 3
        && measured.words * 2 > joints
}

/// `8C:0F:5F:60:F5:C4`: the address of a device; the longer ones are fingerprints.
fn is_hex_pairs(text: &[u8]) -> bool {
    text.len() >= 17
        && text.len() % 3 == 2
        && text.chunks(3).all(|c| {
            c[0].is_ascii_hexdigit()
                && c[1].is_ascii_hexdigit()
                && c.get(2).is_none_or(|b| matches!(b, b':' | b'-'))
        })
}

/// `%s`, `{0}`, `:name`, `?`: filled in later. Around them there is nothing random.
fn is_format(text: &[u8]) -> bool {
    if matches!(text, b"?" | b"{}" | b"%s" | b"$1") {
        return true;
    }
    if let [b':', name @ ..] = text
        && !name.is_empty()
        && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
    {
        return true;
    }
    let mut rest = Vec::with_capacity(text.len());
    let mut slots = 0;
    let mut at = 0;
    while at < text.len() {
        let here = &text[at..];
        let len = match here {
            [b'%', verb, after @ ..]
                if verb.is_ascii_alphabetic()
                    && !after.first().is_some_and(u8::is_ascii_alphanumeric) =>
            {
                2
            }
            [b'%', b'(', after @ ..] => after
                .iter()
                .take(40)
                .position(|&b| b == b')')
                .map_or(0, |i| i + 4),
            [b'{', after @ ..] => match after.iter().take(40).position(|&b| b == b'}') {
                Some(i)
                    if after[..i].iter().all(|b| {
                        b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'!')
                    }) =>
                {
                    i + 2
                }
                _ => 0,
            },
            _ => 0,
        };
        if len > 0 {
            slots += 1;
            at += len;
        } else {
            rest.push(text[at]);
            at += 1;
        }
    }
    slots > 0 && !measure(&rest).is_random()
}

fn is_colour(text: &[u8]) -> bool {
    text.strip_prefix(b"#").is_some_and(|hex| {
        matches!(hex.len(), 3 | 4 | 6 | 8) && hex.iter().all(u8::is_ascii_hexdigit)
    })
}

/// `someone@host.tld`: an account, not what opens it.
fn is_mail(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|&b| b == b'@') else {
        return false;
    };
    let (local, host) = (&text[..at], &text[at + 1..]);
    let plain = |t: &[u8]| {
        !t.is_empty()
            && t.iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+'))
    };
    let top = host.rsplit(|&b| b == b'.').next().unwrap_or_default();
    plain(local)
        && plain(host)
        && host.contains(&b'.')
        && (2..=6).contains(&top.len())
        && top.iter().all(u8::is_ascii_lowercase)
        && measure(host).noise * 3 <= host.len()
}

/// `.btn-primary`, `#password`, `input[name=token]`, `--token-color`, `@scope/name`.
fn is_selector(text: &[u8]) -> bool {
    let body = match text {
        [b'.' | b'#' | b'@' | b'&', b'a'..=b'z' | b'A'..=b'Z', ..]
        | [b'-', b'-', b'a'..=b'z', ..] => &text[1..],
        _ => return false,
    };
    let plain = body.iter().all(|b| {
        b.is_ascii_alphabetic()
            || matches!(b, b'-' | b'_' | b' ' | b'.' | b'/' | b':' | b'#' | b'>')
    });
    plain && measure(body).noise * 4 <= body.len()
}

/// Laravel's rules for a field: `required|string|min:8`.
fn is_validation(text: &[u8]) -> bool {
    const RULES: &[&[u8]] = &[
        b"bail",
        b"confirmed",
        b"current_password",
        b"filled",
        b"max",
        b"min",
        b"nullable",
        b"present",
        b"required",
        b"sometimes",
        b"string",
    ];
    let head = |rule: &[u8]| {
        let end = rule.iter().position(|&b| b == b':').unwrap_or(rule.len());
        (end, RULES.contains(&&rule[..end]))
    };
    let mut known = 0;
    let mut count = 0;
    for rule in text.split(|&b| b == b'|') {
        let (end, is_known) = head(rule);
        if !rule[..end]
            .iter()
            .all(|b| b.is_ascii_alphabetic() || *b == b'_')
        {
            return false;
        }
        known += usize::from(is_known);
        count += 1;
    }
    count > 1 && known > 0
}

/// What Laravel calls for an address: `LoginController@show`.
fn is_action(text: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(text, b"Controller@") else {
        return false;
    };
    let name = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'\\');
    let method = &text[at + b"Controller@".len()..];
    !method.is_empty() && text[..at].iter().chain(method).all(name)
}
