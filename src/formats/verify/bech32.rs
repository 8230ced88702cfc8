//! age keys, which are bech32 (BIP 173, constant 1) without its limit of 90 characters: identities
//! (`AGE-SECRET-KEY-1…`, secret), plugin identities, and recipients (`age1…`, public). The format is that of
//! C2SP's age specification.

use super::{Evidence, Verdict, text};

/// The 32 digits of bech32.
const DIGITS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of the checksum.
const CHECKSUM: usize = 6;

/// Checks the six characters at the end. Upper and lower case are the same, but must not be mixed.
pub(super) fn age(token: &[u8]) -> Evidence {
    let lower = token.to_ascii_lowercase();
    let Some(separator) = lower.iter().rposition(|b| *b == b'1') else {
        return Evidence::of(Verdict::Unknown);
    };
    let (prefix, data) = lower.split_at(separator);
    let kind = match prefix {
        b"age" => "recipient",
        p if p.starts_with(b"age-secret-key-") => "identity",
        p if p.starts_with(b"age-plugin-") => "plugin identity",
        p if p.starts_with(b"age1") => "plugin recipient",
        _ => return Evidence::of(Verdict::Unknown),
    };
    let mixed =
        token.iter().any(u8::is_ascii_lowercase) && token.iter().any(u8::is_ascii_uppercase);
    let data = data.get(1..).unwrap_or_default();
    let verdict = if !mixed && data.len() >= CHECKSUM && checksum(prefix, data) == Some(1) {
        Verdict::Valid
    } else {
        Verdict::Invalid
    };
    Evidence::of(verdict).with("kind", text::fact(kind))
}

/// The BCH remainder of prefix and data: 1 where the data ends in the right checksum; none for a foreign character.
fn checksum(prefix: &[u8], data: &[u8]) -> Option<u32> {
    let high = prefix.iter().map(|b| b >> 5);
    let low = prefix.iter().map(|b| b & 31);
    let mut sum = 1;
    for value in high.chain([0]).chain(low) {
        sum = step(sum, value);
    }
    for byte in data {
        let value = DIGITS.iter().position(|digit| digit == byte)?;
        sum = step(sum, u8::try_from(value).ok()?);
    }
    Some(sum)
}

fn step(sum: u32, value: u8) -> u32 {
    const GENERATORS: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let top = sum >> 25;
    let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
    GENERATORS
        .iter()
        .enumerate()
        .filter(|(bit, _)| top >> bit & 1 == 1)
        .fold(shifted, |sum, (_, generator)| sum ^ generator)
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, checksum};
    use crate::formats::verify::{Evidence, Verdict, Verifier};

    fn verify(token: &str) -> Evidence {
        Verifier::Age.verify(token.as_bytes())
    }

    fn identity() -> String {
        let data = "QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG";
        format!("{}-1{data}", "AGE-SECRET-KEY")
    }

    #[test]
    fn identities_verify_in_either_case() {
        let token = identity();
        let evidence = verify(&token);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("kind"), Some("identity"));
        assert_eq!(verify(&token.to_lowercase()).verdict, Verdict::Valid);
    }

    #[test]
    fn edits_mixed_case_and_foreign_characters_are_invalid() {
        let token = identity();
        let edited = token.replace("RYDWG", "RYDWQ");
        let mixed = token.replace("RYDWG", "RYDWg");
        let foreign = token.replace("RYDWG", "RYDWB");
        for wrong in [edited.as_str(), &mixed, &foreign, &token[..20]] {
            assert_eq!(verify(wrong).verdict, Verdict::Invalid, "{wrong}");
        }
    }

    #[test]
    fn recipients_verify_with_their_own_prefix() {
        // The checksum is what makes the remainder 1: the remainder over six zeros, with 1 taken out.
        let body = "qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s";
        let rest = checksum(b"age", format!("{body}qqqqqq").as_bytes()).expect("bech32") ^ 1;
        let mut token = format!("age1{body}");
        for shift in [25, 20, 15, 10, 5, 0] {
            token.push(char::from(DIGITS[(rest >> shift & 31) as usize]));
        }
        let evidence = verify(&token);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("kind"), Some("recipient"));
    }

    #[test]
    fn other_prefixes_are_not_judged() {
        for token in ["", "1", "bc1qqqqqqqqqq", "AGE-SECRET-KEY"] {
            assert_eq!(verify(token).verdict, Verdict::Unknown, "{token}");
        }
    }
}
