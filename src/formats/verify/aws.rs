//! The account number inside an AWS access key id.
//!
//! AWS documents the four-letter prefixes only (IAM User Guide, "Unique identifiers"); that the sixteen characters
//! behind them are base32 with the account in bits 7 to 46 of the first six bytes was measured by third parties
//! (A. Steele, "AWS access key ID formats", 2020; T. Be'ery, 2023). There is no checksum, so an id is never more than
//! not wrong.

use super::{Evidence, Verdict};
use data_encoding::BASE32;

/// Reads the account. Ids issued before 2019, with I or J in the fifth place, do not hold it.
pub(super) fn access_key_id(token: &[u8]) -> Evidence {
    let body = match token.get(4..) {
        Some(body) if body.len() == 16 => body,
        _ => return Evidence::of(Verdict::Unknown),
    };
    // 0, 1, 8 and 9 are no base32 digits: such an id was typed by somebody.
    let Ok(bytes) = BASE32.decode(body) else {
        return Evidence::of(Verdict::Invalid);
    };
    let account = match body {
        [b'I' | b'J', ..] => None,
        _ => account(&bytes),
    };
    Evidence::of(Verdict::Unknown).with("account", account)
}

/// Forty bits hold more than twelve digits: a greater number is no account, so the id is no id of this form.
fn account(bytes: &[u8]) -> Option<String> {
    let first = bytes.first_chunk::<6>()?;
    let number = first.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    let account = (number & 0x7fff_ffff_ff80) >> 7;
    (account < 1_000_000_000_000).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::BASE32;

    fn verify(body: &str) -> Evidence {
        Verifier::AwsAccessKeyId.verify(format!("{}{body}", "AKIA").as_bytes())
    }

    /// The body of an id for that account.
    fn body(account: u64) -> String {
        let number = 1u64 << 47 | account << 7 | 0x35;
        let mut bytes = number.to_be_bytes()[2..].to_vec();
        bytes.extend([0x11, 0x22, 0x33, 0x44]);
        BASE32.encode(&bytes)
    }

    #[test]
    fn the_account_is_read() {
        for (id, account) in [
            (123_456_789_012, "123456789012"),
            (42, "000000000042"),
            (999_999_999_999, "999999999999"),
        ] {
            let evidence = verify(&body(id));
            assert_eq!(evidence.verdict, Verdict::Unknown);
            assert_eq!(evidence.detail("account"), Some(account));
        }
        assert_eq!(body(123_456_789_012), "RZPUZDIKGUISEM2E");
    }

    #[test]
    fn a_number_of_thirteen_digits_is_no_account() {
        assert_eq!(verify(&body(1_000_000_000_000)).detail("account"), None);
    }

    #[test]
    fn old_ids_hold_no_account() {
        for first in ["I", "J"] {
            let evidence = verify(&format!("{first}OSFODNN7EXAMPLE"));
            assert_eq!(evidence, Evidence::of(Verdict::Unknown));
        }
    }

    #[test]
    fn digits_outside_base32_are_invalid() {
        for digit in ["0", "1", "8", "9", "a", "="] {
            let evidence = verify(&format!("RZPUZDIKGUISEM2{digit}"));
            assert_eq!(evidence.verdict, Verdict::Invalid, "{digit}");
        }
        assert_eq!(verify("SHORT").verdict, Verdict::Unknown);
    }
}
