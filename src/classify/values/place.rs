//! Addresses, and the credentials within them.

use super::ValueClass;
use super::entropy::measure;
use super::lexicon::LEXICON;

/// What follows an authentication scheme; the part after the colon where it is Basic and decodes.
pub(super) fn after_scheme(text: &[u8]) -> Option<&[u8]> {
    const SCHEMES: [&[u8]; 8] = [
        b"Bearer ", b"bearer ", b"Basic ", b"Token ", b"token ", b"ApiKey ", b"JWT ", b"Digest ",
    ];
    let rest = SCHEMES
        .iter()
        .find_map(|scheme| text.strip_prefix(*scheme))?
        .trim_ascii();
    // `Bearer token required` is a sentence.
    (!rest.is_empty() && !rest.contains(&b' ')).then_some(rest)
}

/// The password of `scheme://user:password@host`.
pub(super) fn password_in_url(text: &[u8]) -> Option<&[u8]> {
    let rest = after_protocol(text)?;
    let end = rest
        .iter()
        .position(|b| matches!(b, b'/' | b'?' | b'#' | b' '))
        .unwrap_or(rest.len());
    // A password may hold `/` or `@`: the last `@` of the authority ends it, else the last of all before a blank.
    let at = rest[..end].iter().rposition(|&b| b == b'@').or_else(|| {
        let line = rest
            .split(|b| b.is_ascii_whitespace())
            .next()
            .unwrap_or_default();
        let colon = line.iter().position(|&b| b == b':')?;
        let at = line.iter().rposition(|&b| b == b'@')?;
        let slash = line.iter().position(|&b| b == b'/')?;
        (colon < slash && slash < at && !line[colon + 1..slash].iter().all(u8::is_ascii_digit))
            .then_some(at)
    })?;
    let user = &rest[..at];
    let colon = user.iter().position(|&b| b == b':')?;
    let password = &user[colon + 1..];
    (!password.is_empty()).then_some(password)
}

fn after_protocol(text: &[u8]) -> Option<&[u8]> {
    const LONGEST_PROTOCOL: usize = 24;
    let at = memchr::memmem::find(&text[..text.len().min(LONGEST_PROTOCOL + 3)], b"://")?;
    let plain = text[..at]
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b':'));
    (at > 0 && plain).then(|| &text[at + 3..])
}

/// The password of `Server=s;Password=p;`, `host=h password=p`, `jdbc:…?password=p`.
pub(super) fn password_in_pairs(text: &[u8]) -> Option<&[u8]> {
    const NAMES: [&[u8]; 9] = [
        b"password=",
        b"pwd=",
        b"passwd=",
        b"accountkey=",
        b"sharedaccesskey=",
        b"sharedaccesssignature=",
        b"accesskey=",
        b"clientsecret=",
        b"pass=",
    ];
    memchr::memchr(b'=', text)?;
    let lower = text.to_ascii_lowercase();
    NAMES.iter().find_map(|name| {
        let at = memchr::memmem::find(&lower, name)?;
        let fresh = at == 0 || matches!(lower[at - 1], b';' | b'?' | b'&' | b' ' | b',');
        let rest = &text[at + name.len()..];
        let end = rest
            .iter()
            .position(|b| matches!(b, b';' | b'&' | b' ' | b','))
            .unwrap_or(rest.len());
        (fresh && at > 0 && end > 0).then(|| &rest[..end])
    })
}

/// The texts within a value that is an object of JSON, escaped perhaps: `{"user":"x","sig":"…"}`. Names are left out.
pub(super) fn members(text: &[u8]) -> Vec<&[u8]> {
    const MOST: usize = 16;
    let mut out = Vec::new();
    let (Some(b'{'), Some(b'}')) = (text.first(), text.last()) else {
        return out;
    };
    let mut rest = text;
    let mut after_colon = false;
    while let Some(at) = memchr::memchr(b'"', rest) {
        after_colon |= rest[..at].contains(&b':');
        let body = &rest[at + 1..];
        let Some(len) = memchr::memchr(b'"', body) else {
            break;
        };
        let member = body[..len].strip_suffix(b"\\").unwrap_or(&body[..len]);
        if after_colon && out.len() < MOST {
            out.push(member);
        }
        after_colon = false;
        rest = &body[len + 1..];
    }
    out
}

/// The password of `user:password`, which is what a name such as `auth` holds.
pub(super) fn password_of_pair(text: &[u8]) -> Option<&[u8]> {
    let colon = text.iter().position(|&b| b == b':')?;
    let (user, password) = (&text[..colon], &text[colon + 1..]);
    let named = !user.is_empty()
        && user
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@'));
    let plain = password.len() > 2
        && !password
            .iter()
            .any(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b':'));
    (named && plain).then_some(password)
}

/// URLs, hosts, ports.
pub(super) fn url(text: &[u8]) -> Option<ValueClass> {
    let protocol = after_protocol(text).is_some()
        || text.starts_with(b"mailto:")
        || text.starts_with(b"jdbc:");
    let network = text.strip_prefix(b"//").is_some_and(is_host);
    // Pairs without a password in them.
    let pairs = text.contains(&b';')
        && text.iter().filter(|&&b| b == b'=').count() >= 2
        && !measure(text).is_random();
    (protocol || network || pairs || is_host(text)).then_some(ValueClass::Url)
}

/// `api.example.com`, `db.internal:5432`, `localhost:8080`.
fn is_host(text: &[u8]) -> bool {
    const TOPS: [&[u8]; 24] = [
        b"com",
        b"org",
        b"net",
        b"io",
        b"dev",
        b"app",
        b"local",
        b"internal",
        b"cloud",
        b"co",
        b"ai",
        b"example",
        b"test",
        b"svc",
        b"edu",
        b"gov",
        b"de",
        b"uk",
        b"eu",
        b"us",
        b"localhost",
        b"lan",
        b"xyz",
        b"info",
    ];
    let end = text.iter().position(|&b| b == b'/').unwrap_or(text.len());
    let (authority, path) = text.split_at(end);
    let (host, port) = match authority.iter().position(|&b| b == b':') {
        Some(colon) => (&authority[..colon], &authority[colon + 1..]),
        None => (authority, &b""[..]),
    };
    let plain = host
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'*'));
    let top = host.rsplit(|&b| b == b'.').next().unwrap_or_default();
    let named = TOPS.contains(&top) && (host.contains(&b'.') || top == b"localhost");
    let numbered = (2..=5).contains(&port.len())
        && port.iter().all(u8::is_ascii_digit)
        && measure(host).noise <= 2;
    !host.is_empty()
        && plain
        && !measure(host).is_random()
        && (named || numbered)
        && !measure(path).is_random()
}

/// Files and folders: words between slashes, or a known ending.
pub(super) fn path(text: &[u8]) -> Option<ValueClass> {
    // Read from that file: `@/run/secrets/key`.
    let text = match text {
        [b'@', rest @ ..] if matches!(rest, [b'/', ..] | [b'.', b'/', ..]) => rest,
        _ => text,
    };
    let rooted = matches!(
        text,
        [b'/', ..]
            | [b'.', b'/', ..]
            | [b'.', b'.', b'/', ..]
            | [b'~', b'/', ..]
            | [b'\\', b'\\', ..]
    ) || matches!(text, [b'a'..=b'z' | b'A'..=b'Z', b':', b'\\' | b'/', ..]);
    let slashed = text.contains(&b'/') || text.contains(&b'\\');
    if slashed && has_extension(text, true) {
        return Some(ValueClass::Path);
    }
    let measured = measure(text);
    // Base64 has slashes too; its letters are no words.
    if measured.is_random() || text.len() < 2 || text.starts_with(b"@") {
        return None;
    }
    let named = rooted || (slashed && measured.noise * 5 <= text.len() && !text.contains(&b' '));
    (named || has_extension(text, false)).then_some(ValueClass::Path)
}

/// A known ending. Without a slash, what stands before it must read like a name; base64 and its kin have no dots.
fn has_extension(text: &[u8], slashed: bool) -> bool {
    let Some(dot) = text.iter().rposition(|&b| b == b'.') else {
        return false;
    };
    let (stem, extension) = (&text[..dot], &text[dot + 1..]);
    let known = str::from_utf8(extension)
        .is_ok_and(|e| LEXICON.extensions.contains(e.to_ascii_lowercase().as_str()));
    let plain = !stem.iter().any(|b| matches!(b, b' ' | b'"' | b'(' | b'='));
    known && plain && (slashed || measure(stem).noise * 2 <= stem.len())
}
