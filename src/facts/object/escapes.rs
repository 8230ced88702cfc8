//! What a string with escapes says.

/// The string that `raw` writes, in JSON, JavaScript or HCL: what is no escape of any of them stands for itself.
pub(in crate::facts) fn read(raw: &[u8]) -> Box<[u8]> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&b) = raw.get(at) {
        at += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let Some(&escape) = raw.get(at) else {
            out.push(b);
            break;
        };
        at += 1;
        match escape {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(0x08),
            b'f' => out.push(0x0c),
            b'v' => out.push(0x0b),
            b'0' if !raw.get(at).is_some_and(u8::is_ascii_digit) => out.push(0),
            // A line that goes on.
            b'\n' => {}
            b'\r' => at += usize::from(raw.get(at) == Some(&b'\n')),
            b'x' | b'u' | b'U' => match character(escape, &raw[at..]) {
                Some((c, length)) => {
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    at += length;
                }
                None => out.push(escape),
            },
            _ => out.push(escape),
        }
    }
    out.into()
}

/// The character that the digits at the start of `rest` number, and how many bytes they take.
fn character(escape: u8, rest: &[u8]) -> Option<(char, usize)> {
    if escape == b'u' && rest.first() == Some(&b'{') {
        let length = rest.iter().take(8).position(|&b| b == b'}')?;
        return Some((char::from_u32(hex(&rest[1..length])?)?, length + 1));
    }
    let width = match escape {
        b'x' => 2,
        b'u' => 4,
        _ => 8,
    };
    let code = hex(rest.get(..width)?)?;
    if (0xd800..0xdc00).contains(&code)
        && let Some(low) = rest[width..].strip_prefix(b"\\u").and_then(|r| r.get(..4))
        && let Some(low @ 0xdc00..0xe000) = hex(low)
    {
        let both = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        return Some((char::from_u32(both)?, width + 6));
    }
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((c, width))
}

fn hex(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn escapes_become_what_they_stand_for() {
        for (raw, said) in [
            (r"a\nb\tc", "a\nb\tc"),
            (r#"\"\\\/\'"#, "\"\\/'"),
            (r"\u0041\x42\u{43}\U00000044", "ABCD"),
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"\ud83d!", "\u{fffd}!"),
            ("a\\\r\nb\\\nc", "abc"),
            (r"\u00", "u00"),
            (r"\u{}\u{110000}", "u{}u{110000}"),
            (r"end\", r"end\"),
        ] {
            assert_eq!(&*read(raw.as_bytes()), said.as_bytes(), "{raw}");
        }
    }
}
