//! PEM blocks (RFC 7468, RFC 1421), as they stand in source code: on lines of their own, on one line with `\n`
//! written out, or as quoted lines joined by `+` or commas.
//!
//! A body must be base64 of a DER SEQUENCE that is all there, or of an OpenSSH key (OpenSSH's PROTOCOL.key). Nothing
//! inside the key is read but whether a passphrase protects it; blocks of OpenPGP go to their own reader.

use super::{Evidence, Verdict, pgp, text};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// The first bytes of `-----BEGIN` in base64.
const WRAPPED: &[u8] = b"LS0tLS1CRUdJTi";
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// Checks the body of the first block in the token; a block that is itself in base64, as in Kubernetes secrets, is
/// unwrapped first.
pub(super) fn block(token: &[u8]) -> Evidence {
    if token.starts_with(WRAPPED) {
        return text::base64(&text::unescape(token))
            .map_or_else(|| Evidence::of(Verdict::Invalid), |pem| armour(&pem));
    }
    armour(token)
}

fn armour(token: &[u8]) -> Evidence {
    let block = find(token, BEGIN).and_then(|at| token.get(at + BEGIN.len()..));
    let Some((label, rest)) = block.and_then(|block| cut(block, DASHES)) else {
        return Evidence::of(Verdict::Unknown);
    };
    let (body, is_whole) = match cut(rest, END) {
        Some((body, _)) => (body, true),
        None => (rest, false),
    };
    let name = text::fact(&String::from_utf8_lossy(label));
    if label.starts_with(b"PGP ") {
        let verdict = match pgp::armoured(body) {
            Verdict::Invalid if !is_whole => Verdict::Unknown,
            verdict => verdict,
        };
        return Evidence::of(verdict).with("label", name);
    }
    let tokens = words(body);
    let mut words = tokens.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let mut encoded = Vec::new();
    let mut enciphered = false;
    while let Some(word) = words.next() {
        if word.ends_with(b":") {
            // `Proc-Type: 4,ENCRYPTED` and `DEK-Info: <cipher>,<vector>`: two values each.
            let values = [words.next(), words.next()];
            enciphered |= values.contains(&Some(b"ENCRYPTED".as_slice()));
        } else if !word.iter().all(|b| *b == b'+') {
            encoded.extend_from_slice(word);
        }
    }
    let decoded = text::base64(&encoded).filter(|bytes| !bytes.is_empty());
    let (holds, encrypted) = match decoded.as_deref() {
        None => (false, None),
        // The cipher text of a traditional key shows nothing.
        Some(_) if enciphered => (true, Some(true)),
        Some(bytes) => match bytes.strip_prefix(OPENSSH) {
            Some(key) => (cipher(key).is_some(), cipher(key).map(|c| c != b"none")),
            None => (is_sequence(bytes), Some(label.starts_with(b"ENCRYPTED"))),
        },
    };
    let verdict = match (holds, is_whole) {
        (true, _) => Verdict::Valid,
        (false, true) => Verdict::Invalid,
        // The rest may stand beyond what the rule's pattern took.
        (false, false) => Verdict::Unknown,
    };
    let encrypted = encrypted.filter(|_| holds);
    Evidence::of(verdict).with("label", name).with(
        "encrypted",
        encrypted.map(|yes| if yes { "yes" } else { "no" }.to_owned()),
    )
}

/// The body with each separator and each escape that stands for one made a space. A body with anything else, such
/// as an ellipsis, keeps it, and does not decode.
fn words(body: &[u8]) -> Vec<u8> {
    let mut words = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'\\' => {
                // Text escaped twice has two backslashes, and so on.
                let from = tail.iter().position(|b| *b != b'\\').unwrap_or(tail.len());
                rest = tail.get(from..).unwrap_or_default();
                let (byte, length) = match rest {
                    [b'n' | b'r' | b't', ..] => (b' ', 1),
                    [b'/', ..] => (b'/', 1),
                    [b'u', b'0', b'0', b'3', b'd' | b'D', ..] => (b'=', 5),
                    [b'u', b'0', b'0', b'2', b'b' | b'B', ..] => (b'+', 5),
                    [b'u', b'0', b'0', b'0', _, ..] => (b' ', 5),
                    _ => (b' ', 0),
                };
                words.push(byte);
                rest = rest.get(length..).unwrap_or_default();
            }
            b'"' | b'\'' | b'`' | b',' => words.push(b' '),
            b if b.is_ascii_whitespace() => words.push(b' '),
            b => words.push(*b),
        }
    }
    words
}

/// The cipher of an OpenSSH key, `none` where no passphrase protects it.
fn cipher(key: &[u8]) -> Option<&[u8]> {
    let (length, rest) = key.split_first_chunk::<4>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// Whether these bytes are a DER SEQUENCE with all its contents. Bytes behind it are let pass, as OpenSSL does.
fn is_sequence(bytes: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = bytes else {
        return false;
    };
    let needed = match length {
        0..=0x7f => return rest.len() >= usize::from(*length) && *length > 0,
        0x81..=0x84 => usize::from(length & 0x7f),
        _ => return false,
    };
    rest.split_at_checked(needed)
        .is_some_and(|(size, contents)| {
            let size = size.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
            contents.len() as u64 >= size
        })
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|at| at == needle)
}

/// What stands before and after the first `mark`.
fn cut<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(text, mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::OPENSSH;
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::BASE64;

    fn verify(token: &str) -> Evidence {
        Verifier::Pem.verify(token.as_bytes())
    }

    fn armour(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----{body}-----END {label}-----")
    }

    /// A SEQUENCE of 300 bytes whose base64 holds `+` and `/`.
    fn sequence() -> Vec<u8> {
        let mut der = vec![0x30, 0x82, 0x01, 0x2c];
        der.extend((0..300u32).map(|i| (i * 37 % 256) as u8 | 0x3e));
        der
    }

    fn lines(bytes: &[u8]) -> Vec<String> {
        let text = BASE64.encode(bytes);
        let lines = text.as_bytes().chunks(64);
        lines
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect()
    }

    #[test]
    fn every_way_to_write_a_key_down() {
        let lines = lines(&sequence());
        assert!(lines.iter().any(|line| line.contains('+')));
        for (start, joint, end) in [
            ("\n", "\n", "\n"),
            ("\r\n    ", "\r\n    ", "\r\n    "),
            ("\\n", "\\n", "\\n"),
            ("\\\\n", "\\\\n", "\\\\n"),
            ("\\r\\n", "\\r\\n", "\\r\\n"),
            (" ", " ", " "),
            ("\\n\" +\n  \"", "\\n\" +\n  \"", "\\n\" +\n  \""),
            ("'+'", "'+'", "'+'"),
            ("\",\n  \"", "\",\n  \"", "\",\n  \""),
            ("\\\n", "\\\n", "\\\n"),
            ("", "", ""),
        ] {
            let body = format!("{start}{}{end}", lines.join(joint));
            let evidence = verify(&armour("RSA PRIVATE KEY", &body));
            assert_eq!(evidence.verdict, Verdict::Valid, "{joint:?}");
            assert_eq!(evidence.detail("label"), Some("RSA PRIVATE KEY"));
            assert_eq!(evidence.detail("encrypted"), Some("no"));
        }
        let json = lines
            .join("\\n")
            .replace('/', "\\/")
            .replace('=', "\\u003d");
        let evidence = verify(&armour("PRIVATE KEY", &json));
        assert_eq!(evidence.verdict, Verdict::Valid);
    }

    #[test]
    fn passphrases_are_told() {
        let body = lines(&sequence()).join("\n");
        let pkcs8 = verify(&armour("ENCRYPTED PRIVATE KEY", &body));
        assert_eq!(pkcs8.detail("encrypted"), Some("yes"));
        for joint in ["\n", "\\n", " "] {
            let body = format!(
                "{joint}Proc-Type: 4,ENCRYPTED{joint}DEK-Info: AES-128-CBC,{}{joint}{joint}{}{joint}",
                "0".repeat(32),
                BASE64.encode(&[9; 64])
            );
            let evidence = verify(&armour("RSA PRIVATE KEY", &body));
            assert_eq!(evidence.verdict, Verdict::Valid);
            assert_eq!(evidence.detail("encrypted"), Some("yes"));
        }
        for (cipher, encrypted) in [("none", "no"), ("aes256-ctr", "yes")] {
            let mut key = OPENSSH.to_vec();
            key.extend((cipher.len() as u32).to_be_bytes());
            key.extend(cipher.as_bytes());
            key.extend([0; 40]);
            let body = format!("\n{}\n", lines(&key).join("\n"));
            let evidence = verify(&armour("OPENSSH PRIVATE KEY", &body));
            assert_eq!(evidence.verdict, Verdict::Valid);
            assert_eq!(evidence.detail("encrypted"), Some(encrypted));
        }
    }

    #[test]
    fn wrapped_blocks_are_unwrapped() {
        let pem = armour(
            "PRIVATE KEY",
            &format!("\n{}\n", lines(&sequence()).join("\n")),
        );
        let evidence = verify(&BASE64.encode(pem.as_bytes()));
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("label"), Some("PRIVATE KEY"));
    }

    #[test]
    fn what_is_no_key_is_invalid() {
        let lines = lines(&sequence());
        for body in [
            "",
            "\n...\n",
            "\nyour key here\n",
            "\nAAAA\n",
            &lines[0],
            "MIIE...abcd",
        ] {
            let evidence = verify(&armour("PRIVATE KEY", body));
            assert_eq!(evidence.verdict, Verdict::Invalid, "{body}");
            assert_eq!(evidence.detail("encrypted"), None);
        }
    }

    #[test]
    fn without_an_end_or_a_beginning_nothing_is_wrong() {
        let open = format!(
            "-----BEGIN {}-----\n{}",
            "PRIVATE KEY",
            lines(&sequence())[0]
        );
        assert_eq!(verify(&open).verdict, Verdict::Unknown);
        let open = format!("-----BEGIN {}-----\n\nAAAA", "PGP PRIVATE KEY BLOCK");
        assert_eq!(verify(&open).verdict, Verdict::Unknown);
        assert_eq!(verify("MIIE").verdict, Verdict::Unknown);
        assert_eq!(verify("").verdict, Verdict::Unknown);
    }
}
