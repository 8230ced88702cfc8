//! NATS NKEY seeds: base32 of two prefix bytes, 32 bytes of seed, and a CRC-16 (nats-io/nkeys, `strkey.go`).

use super::{Evidence, Verdict, text};
use data_encoding::BASE32_NOPAD;

/// Characters of a seed.
const TOKEN: usize = 58;
/// Prefix of every seed: `S` in the upper five bits.
const SEED: u8 = 18 << 3;

/// Checks the CRC of a seed, and reads whose it is. Public keys (56 characters) are not judged.
pub(super) fn seed(token: &[u8]) -> Evidence {
    if token.len() != TOKEN || !token.starts_with(b"S") {
        return Evidence::of(Verdict::Unknown);
    }
    let decoded = BASE32_NOPAD.decode(token).ok();
    let Some((covered, sum)) = decoded.as_deref().and_then(|b| b.split_last_chunk::<2>()) else {
        return Evidence::of(Verdict::Invalid);
    };
    let role = match token.get(1) {
        Some(b'U') => Some("user"),
        Some(b'A') => Some("account"),
        Some(b'O') => Some("operator"),
        Some(b'N') => Some("server"),
        Some(b'C') => Some("cluster"),
        Some(b'X') => Some("curve"),
        _ => None,
    };
    let is_seed = covered.first().is_some_and(|first| first & 0xf8 == SEED);
    let verdict = if is_seed && crc16(covered) == u16::from_le_bytes(*sum) {
        Verdict::Valid
    } else {
        Verdict::Invalid
    };
    Evidence::of(verdict).with("role", role.and_then(text::fact))
}

/// CRC-16/XMODEM: polynomial 0x1021, most significant bit first, starting from 0.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u16::from(*byte) << 8, |sum: u16, _| {
            let shifted = sum << 1;
            if sum & 0x8000 == 0 {
                shifted
            } else {
                shifted ^ 0x1021
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::crc16;
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::BASE32_NOPAD;

    fn verify(token: &str) -> Evidence {
        Verifier::Nkey.verify(token.as_bytes())
    }

    #[test]
    fn the_check_value_of_the_algorithm() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    #[test]
    fn seeds_verify_and_name_their_role() {
        let token = format!(
            "{}{}",
            "SUAAA", "AICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4H776Y"
        );
        let evidence = verify(&token);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("role"), Some("user"));
        let edited = token.replace("EQUCY", "EQUCZ");
        assert_eq!(verify(&edited).verdict, Verdict::Invalid);
        assert_eq!(verify(&token[..57]).verdict, Verdict::Unknown);
    }

    #[test]
    fn every_role_is_read() {
        for (value, role) in [
            (20, "user"),
            (0, "account"),
            (14, "operator"),
            (13, "server"),
            (2, "cluster"),
            (23, "curve"),
        ] {
            // The role takes five bits: three in the first byte, two in the second.
            let mut bytes = vec![18 << 3 | value >> 2, (value & 3) << 6];
            bytes.extend([9; 32]);
            let sum = crc16(&bytes);
            bytes.extend(sum.to_le_bytes());
            let evidence = verify(&BASE32_NOPAD.encode(&bytes));
            assert_eq!(evidence.verdict, Verdict::Valid, "{role}");
            assert_eq!(evidence.detail("role"), Some(role));
        }
    }

    #[test]
    fn foreign_characters_are_invalid() {
        assert_eq!(
            verify(&format!("S{}", "0".repeat(57))).verdict,
            Verdict::Invalid
        );
        assert_eq!(verify("").verdict, Verdict::Unknown);
    }
}
