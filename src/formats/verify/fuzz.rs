//! No bytes make a verifier panic, and no fact is longer than the report has room for.

use super::Verifier;
use proptest::prelude::*;

/// Starts that lead each verifier past its first checks, split so that no token stands in this file.
const STARTS: [&str; 24] = [
    "",
    concat!("ghp", "_"),
    concat!("ghs", "_1_eyJ"),
    concat!("github", "_pat_"),
    concat!("glpat", "-"),
    concat!("ATA", "TT3"),
    concat!("gl", "sa_"),
    concat!("gl", "c_"),
    concat!("cf", "ut_"),
    concat!("apify", "_api_"),
    concat!("AGE-SECRET", "-KEY-1"),
    "age1",
    "SU",
    "pypi-AgE",
    "AKIA",
    concat!("sntry", "s_"),
    "sk.",
    concat!("-----BEGIN", " RSA PRIVATE KEY-----"),
    concat!("-----BEGIN", " PGP PRIVATE KEY BLOCK-----\n\n"),
    concat!(
        "-----BEGIN",
        " OPENSSH PRIVATE KEY-----b3BlbnNzaC1rZXktdjEA"
    ),
    concat!("-----BEGIN", " PRIVATE KEY-----MIL"),
    "LS0tLS1CRUdJTi",
    "e30.e30.",
    "\\",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_survived(
        start in 0..STARTS.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let token = [STARTS[start].as_bytes(), &bytes].concat();
        for verifier in Verifier::ALL {
            let evidence = verifier.verify(&token);
            prop_assert!(evidence.details.iter().all(|(_, value)| value.chars().count() <= 80));
        }
    }

    #[test]
    fn any_text_of_the_token_alphabets_is_survived(
        start in 0..STARTS.len(),
        text in r"[A-Za-z0-9+/=_.\\n:,-]{0,120}",
    ) {
        let token = format!("{}{text}", STARTS[start]);
        for verifier in Verifier::ALL {
            verifier.verify(token.as_bytes());
            verifier.verify(text.as_bytes());
        }
    }
}
