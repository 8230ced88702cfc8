//! OpenPGP ASCII armour (RFC 4880 section 6, RFC 9580 section 6): headers, a blank line, base64 of packets, and a
//! CRC-24 on a line of its own that since RFC 9580 may be missing. The packets are not read beyond their first tag.

use super::{Verdict, text};

/// Judges what stands between the lines that begin and end the armour. Valid where the CRC is right, or where there
/// is none and a secret key packet comes first.
pub(super) fn armoured(body: &[u8]) -> Verdict {
    let mut packets = Vec::new();
    let mut sum = None;
    let mut has_headers = false;
    for line in lines(body) {
        let line = line.trim_ascii();
        match line {
            // Headers such as `Version: GnuPG v2`; no base64 holds a colon.
            _ if line.contains(&b':') => has_headers = true,
            [b'=', sum_text @ ..] if sum_text.len() == 4 => sum = text::base64(sum_text),
            _ => packets.extend_from_slice(line),
        }
    }
    if packets.is_empty() && has_headers {
        // Joined to one line without escapes: where the headers end cannot be told.
        return Verdict::Unknown;
    }
    let Some(bytes) = text::base64(&packets).filter(|bytes| !bytes.is_empty()) else {
        return Verdict::Invalid;
    };
    match sum {
        Some(sum) if crc24(&bytes) == sum.as_slice() => Verdict::Valid,
        Some(_) => Verdict::Invalid,
        None if is_secret_key(&bytes) => Verdict::Valid,
        None => Verdict::Invalid,
    }
}

/// Lines, whether they end in a line feed or in `\n` written out, once or twice escaped.
fn lines(body: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = body.get(at) {
        let is_escape = *byte == b'\\';
        if is_escape || *byte == b'\n' {
            lines.push(body.get(start..at).unwrap_or_default());
            let letter = body.get(at + 1);
            at += usize::from(is_escape && matches!(letter, Some(b'n' | b'r')));
            start = at + 1;
        }
        at += 1;
    }
    lines.push(body.get(start..).unwrap_or_default());
    lines
}

/// Packet tag 5 (secret key) in the old format, whose length type is in the low bits, or in the new.
fn is_secret_key(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x94..=0x97 | 0xc5))
}

/// CRC-24 of RFC 4880 section 6.1, as its three bytes.
fn crc24(bytes: &[u8]) -> [u8; 3] {
    let mut sum: u32 = 0x00b7_04ce;
    for byte in bytes {
        sum ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            sum <<= 1;
            if sum & 0x0100_0000 != 0 {
                sum ^= 0x0186_4cfb;
            }
        }
    }
    let [_, high, middle, low] = sum.to_be_bytes();
    [high, middle, low]
}

#[cfg(test)]
mod tests {
    use super::crc24;
    use crate::formats::verify::{Verdict, Verifier};
    use data_encoding::BASE64;

    fn verdict(body: &str) -> Verdict {
        let label = "PGP PRIVATE KEY BLOCK";
        let token = format!("-----BEGIN {label}-----{body}-----END {label}-----");
        Verifier::Pem.verify(token.as_bytes()).verdict
    }

    #[test]
    fn the_check_value_of_the_algorithm() {
        assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
        assert_eq!(BASE64.encode(&crc24(b"synthetic pgp packet bytes")), "EzUQ");
    }

    #[test]
    fn the_sum_decides_where_there_is_one() {
        let text = BASE64.encode(b"synthetic pgp packet bytes");
        for end in ["\n", "\r\n", "\\n", "\\r\\n", "\\\\n"] {
            let body =
                |sum: &str| format!("{end}Version: GnuPG v2{end}{end}{text}{end}={sum}{end}");
            assert_eq!(verdict(&body("EzUQ")), Verdict::Valid, "{end:?}");
            assert_eq!(verdict(&body("EzUR")), Verdict::Invalid, "{end:?}");
        }
    }

    #[test]
    fn without_a_sum_the_first_packet_decides() {
        for (tag, expected) in [
            (0x94, Verdict::Valid),
            (0xc5, Verdict::Valid),
            (0x99, Verdict::Invalid),
        ] {
            let text = BASE64.encode(&[tag, 3, 1, 2, 3, 4]);
            assert_eq!(verdict(&format!("\n\n{text}\n")), expected);
        }
        assert_eq!(verdict("\n\n...\n"), Verdict::Invalid);
        assert_eq!(verdict(""), Verdict::Invalid);
        assert_eq!(verdict(" Version: GnuPG v2 AAAA "), Verdict::Unknown);
    }
}
