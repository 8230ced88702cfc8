//! What the verifiers share: base64 of any dialect, JSON objects, printable facts, dates.

use data_encoding::BASE64_MIME_PERMISSIVE;
use serde_json::{Map, Value};

/// Characters of the longest fact: enough for a URL or a project name, too few to flood a report.
const LONGEST_FACT: usize = 80;

/// Decodes base64 of either alphabet, padded or not. Bits beyond the last whole byte are not looked at, as the
/// decoders that read such tokens do not look at them either.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|b| *b != b'=').map_or(0, |i| i + 1);
    if end % 4 == 1 || text.len() - end > 2 {
        return None;
    }
    let mut padded = Vec::with_capacity(end + 3);
    for byte in text.get(..end)? {
        padded.push(match byte {
            b'-' => b'+',
            b'_' => b'/',
            b if b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/') => *b,
            _ => return None,
        });
    }
    padded.resize(end.next_multiple_of(4), b'=');
    BASE64_MIME_PERMISSIVE.decode(&padded).ok()
}

/// Undoes the ways `=`, `+` and `/` are escaped in URLs, properties files and JSON (Gson writes `\u003d`).
pub(super) fn unescape(token: &[u8]) -> Vec<u8> {
    const ESCAPES: [(&[u8], u8); 6] = [
        (b"\\=", b'='),
        (b"\\/", b'/'),
        (b"%3d", b'='),
        (b"%2b", b'+'),
        (b"%2f", b'/'),
        (b"\\u003d", b'='),
    ];
    let mut plain = Vec::with_capacity(token.len());
    let mut rest = token;
    while let Some((first, tail)) = rest.split_first() {
        let escape = ESCAPES.iter().find(|(escape, _)| {
            rest.get(..escape.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(escape))
        });
        match escape {
            Some((escape, byte)) => {
                plain.push(*byte);
                rest = rest.get(escape.len()..).unwrap_or_default();
            }
            None => {
                plain.push(*first);
                rest = tail;
            }
        }
    }
    plain
}

/// The JSON object these bytes are, if they are one.
pub(super) fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(bytes).ok()
}

/// A text or number of a JSON object, as a fact.
pub(super) fn member(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => fact(text),
        Value::Number(number) => fact(&number.to_string()),
        _ => None,
    }
}

/// A date member of a JSON object, in Unix seconds, as a fact.
pub(super) fn date_member(object: &Map<String, Value>, key: &str) -> Option<String> {
    seconds(object.get(key)?).and_then(date)
}

/// Unix seconds as JSON writes them: a whole number, or one with a fraction (Sentry's `iat`).
pub(super) fn seconds(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

/// Text as a fact for the report: cut at 80 characters, whatever a terminal might obey replaced. Nothing for empty
/// text, and nothing for a URL that may carry a password before its `@`.
pub(super) fn fact(text: &str) -> Option<String> {
    if text.is_empty() || (text.contains("://") && text.contains('@')) {
        return None;
    }
    let printable = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric();
    Some(
        text.chars()
            .take(LONGEST_FACT)
            .map(|c| {
                if printable(c) {
                    c
                } else {
                    char::REPLACEMENT_CHARACTER
                }
            })
            .collect(),
    )
}

/// The UTC date of Unix seconds as `2033-11-12`, for the years 1970 to 9999. The arithmetic is Howard Hinnant's
/// `civil_from_days`: years begin in March, so that the leap day is the last.
pub(super) fn date(seconds: i64) -> Option<String> {
    const YEAR_10000: i64 = 253_402_300_800;
    if !(0..YEAR_10000).contains(&seconds) {
        return None;
    }
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::{base64, date, fact, unescape};

    #[test]
    fn base64_of_every_dialect_decodes() {
        let bytes = Some(vec![0xfb, 0xff]);
        for text in ["+/8=", "-_8=", "+/8", "-_9"] {
            assert_eq!(base64(text.as_bytes()), bytes, "{text}");
        }
        for text in ["A", "A===", "AA=A", "AA\nAA", "AB*D"] {
            assert_eq!(base64(text.as_bytes()), None, "{text}");
        }
        assert_eq!(base64(b""), Some(Vec::new()));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape(b"a\\=b%3Dc%3dd\\u003de%2Bf\\/g"), b"a=b=c=d=e+f/g");
        assert_eq!(unescape(b"100%\\"), b"100%\\");
    }

    #[test]
    fn dates_are_civil() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (2_015_360_000, "2033-11-11"),
            (4_107_542_399, "2100-02-28"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(date(seconds).as_deref(), Some(day));
        }
        assert_eq!(date(-1), None);
        assert_eq!(date(i64::MAX), None);
    }

    #[test]
    fn facts_are_printable_and_short() {
        assert_eq!(
            fact("a\x1b[31m\u{202e}é").as_deref(),
            Some("a\u{fffd}[31m\u{fffd}é")
        );
        assert_eq!(fact(&"x".repeat(500)).map(|text| text.len()), Some(80));
        assert_eq!(fact("https://user:pass@host/"), None);
        assert_eq!(
            fact("https://sentry.io").as_deref(),
            Some("https://sentry.io")
        );
    }
}
