//! GitHub's fine-grained personal access tokens, which carry a piece of a SHA-256 in their middle.

use super::{Evidence, Verdict};
use data_encoding::BASE32;
use sha2::{Digest, Sha256};

/// Bytes of a whole token: 11 of prefix, 22, an underscore, 59.
const TOKEN: usize = 93;
/// Bytes covered by the hash: all but the last sixteen.
const COVERED: usize = 77;
/// Characters of the hash, in base32, that follow the covered part.
const KEPT: usize = 8;

/// The 77 first characters, prefix included, hash to the eight that follow. What the last eight mean is not known;
/// they are not looked at (measured: two of four published samples, each a chance of 2^-40).
pub(super) fn github_fine_grained(token: &[u8]) -> Evidence {
    let prefixed = token.starts_with(concat!("github", "_pat_").as_bytes());
    let parts = token
        .get(..COVERED)
        .zip(token.get(COVERED..COVERED + KEPT))
        .filter(|_| prefixed && token.len() == TOKEN);
    let Some((covered, kept)) = parts else {
        return Evidence::of(Verdict::Unknown);
    };
    let hash = BASE32.encode(&Sha256::digest(covered));
    if hash.as_bytes().starts_with(kept) {
        Evidence::of(Verdict::Valid)
    } else {
        Evidence::of(Verdict::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::verify::{Verdict, Verifier};

    fn token(hash: &str) -> String {
        format!(
            "{}_{}_{}{hash}{}",
            "github_pat",
            "11EXAMPLE0SYNTHETIC000",
            "syntheticbodyqY6Nb3wWD25RQ4F5ZR3qa7yEeeby3a",
            "bP3E2Zs8"
        )
    }

    fn verdict(token: &str) -> Verdict {
        Verifier::GithubFineGrained.verify(token.as_bytes()).verdict
    }

    #[test]
    fn the_hash_decides() {
        assert_eq!(token("TBFW7L4V").len(), 93);
        assert_eq!(verdict(&token("TBFW7L4V")), Verdict::Valid);
        assert_eq!(verdict(&token("TBFW7L4W")), Verdict::Invalid);
        assert_eq!(verdict(&token("tbfw7l4v")), Verdict::Invalid);
    }

    #[test]
    fn other_lengths_and_prefixes_are_not_judged() {
        let whole = token("TBFW7L4V");
        assert_eq!(verdict(&whole[..92]), Verdict::Unknown);
        assert_eq!(
            verdict(&whole.replace("github", "gitlab")),
            Verdict::Unknown
        );
        assert_eq!(verdict(""), Verdict::Unknown);
    }
}
