//! Tokens that end in a CRC-32 (IEEE 802.3, as zlib's) of what precedes it. Vendors differ in the part that is
//! covered (body alone, or prefix too), in the digits, and in the order of bytes.

use super::{Evidence, Verdict, jwt, text};

/// Base62 as GitHub, npm, Vercel, Salad and Polar count.
const CAPITALS_FIRST: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Base62 as Apify counts.
const SMALL_FIRST: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Lower-case hexadecimal.
const HEX: &[u8] = b"0123456789abcdef";
/// Upper-case hexadecimal.
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";

/// GitHub's classic tokens and npm's: six base62 digits over the body after the last `_`; the prefix is not covered
/// (vendor: "Behind GitHub's new authentication token formats", 2021; measured on both).
pub(super) fn github(token: &[u8]) -> Evidence {
    // Installation tokens of 2026 are `ghs_<app id>_<JWT>` and carry no CRC; a JWT may hold an underscore, so the
    // last one says nothing there.
    if let Some(inner) = token.splitn(3, |b| *b == b'_').nth(2)
        && inner.starts_with(b"eyJ")
        && inner.contains(&b'.')
    {
        return jwt::jwt(inner);
    }
    base62_body(token, None)
}

/// Vercel's prefixes of 2026: 50 characters and six base62 digits (measured, not documented).
pub(super) fn vercel(token: &[u8]) -> Evidence {
    base62_body(token, Some(56))
}

/// Salad Cloud: a body behind `salad_cloud_<scope>_` and six base62 digits (measured, not documented).
pub(super) fn salad(token: &[u8]) -> Evidence {
    base62_body(token, None)
}

/// Polar: 37 characters and six base62 digits (vendor source).
pub(super) fn polar(token: &[u8]) -> Evidence {
    base62_body(token, Some(43))
}

/// Apify: six base62 digits, small letters first, over prefix and 30 characters (measured, not documented).
pub(super) fn apify(token: &[u8]) -> Evidence {
    match split_tail(token, 6) {
        Some((covered, tail)) if token.len() == 46 => {
            judge::<6>(crc32fast::hash(covered), tail, SMALL_FIRST)
        }
        _ => Evidence::of(Verdict::Unknown),
    }
}

/// Cloudflare's prefixes of 2026: 40 characters and eight hex digits. That a CRC-32 ends them is the vendor's word
/// (changelog), that it covers the body alone is a rule set's, so a mismatch proves nothing.
pub(super) fn cloudflare(token: &[u8]) -> Evidence {
    let Some((body, tail)) = after_underscore(token)
        .filter(|body| body.len() == 48)
        .and_then(|body| split_tail(body, 8))
    else {
        return Evidence::of(Verdict::Unknown);
    };
    match judge::<8>(crc32fast::hash(body), tail, HEX).verdict {
        Verdict::Valid => Evidence::of(Verdict::Valid),
        Verdict::Invalid | Verdict::Unknown => Evidence::of(Verdict::Unknown),
    }
}

/// Grafana service accounts: prefix and 32 characters are covered, the second underscore is not, and the sum is
/// written with its least byte first (vendor source: `satokengen`).
pub(super) fn grafana(token: &[u8]) -> Evidence {
    match (token.len(), token.get(..37), token.get(38..)) {
        (46, Some(covered), Some(tail)) if token.get(37) == Some(&b'_') => {
            judge::<8>(crc32fast::hash(covered).swap_bytes(), tail, HEX)
        }
        _ => Evidence::of(Verdict::Unknown),
    }
}

/// Zuplo: eight hex digits over the 32 characters between the underscores (measured, not documented).
pub(super) fn zuplo(token: &[u8]) -> Evidence {
    match (token.len(), token.get(5..37), token.get(38..)) {
        (46, Some(covered), Some(tail)) if token.get(37) == Some(&b'_') => {
            judge::<8>(crc32fast::hash(covered), tail, HEX)
        }
        _ => Evidence::of(Verdict::Unknown),
    }
}

/// Atlassian and Bitbucket Cloud: eight upper-case hex digits over all before them, prefix and `=` included
/// (measured). Properties files and URLs escape the `=`.
pub(super) fn atlassian(token: &[u8]) -> Evidence {
    let plain = text::unescape(token);
    match split_tail(&plain, 8) {
        Some((covered, tail)) if covered.len() >= 24 => {
            judge::<8>(crc32fast::hash(covered), tail, UPPER_HEX)
        }
        _ => Evidence::of(Verdict::Unknown),
    }
}

/// A number in the digits given, most significant first, padded on the left to `N` of them.
pub(super) fn digits<const N: usize>(number: u32, alphabet: &[u8]) -> [u8; N] {
    let mut written = [b'0'; N];
    let mut rest = number as usize;
    for place in written.iter_mut().rev() {
        if let Some(digit) = alphabet.get(rest % alphabet.len().max(1)) {
            *place = *digit;
        }
        rest /= alphabet.len().max(1);
    }
    written
}

/// Compares a sum with what the token's end says. An end in other characters is another kind of token.
fn judge<const N: usize>(sum: u32, tail: &[u8], alphabet: &[u8]) -> Evidence {
    if !tail.iter().all(|b| alphabet.contains(b)) {
        return Evidence::of(Verdict::Unknown);
    }
    if tail == digits::<N>(sum, alphabet) {
        Evidence::of(Verdict::Valid)
    } else {
        Evidence::of(Verdict::Invalid)
    }
}

/// Six base62 digits over the rest of what follows the last underscore.
fn base62_body(token: &[u8], length: Option<usize>) -> Evidence {
    let split = after_underscore(token)
        .filter(|body| length.is_none_or(|length| body.len() == length))
        .filter(|body| body.iter().all(u8::is_ascii_alphanumeric))
        .and_then(|body| split_tail(body, 6));
    match split {
        Some((covered, tail)) => judge::<6>(crc32fast::hash(covered), tail, CAPITALS_FIRST),
        None => Evidence::of(Verdict::Unknown),
    }
}

fn after_underscore(token: &[u8]) -> Option<&[u8]> {
    let at = token.iter().rposition(|b| *b == b'_')?;
    token.get(at + 1..)
}

/// The last `length` bytes, and what precedes them, which is not empty.
fn split_tail(token: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    let at = token.len().checked_sub(length).filter(|at| *at > 0)?;
    token.split_at_checked(at)
}

#[cfg(test)]
mod tests {
    use super::{CAPITALS_FIRST, digits};
    use crate::formats::verify::{Verdict, Verifier};

    /// Whole, with its last character changed, and without it.
    fn holds(verifier: Verifier, token: &str, changed: Verdict) {
        assert_eq!(verifier.verify(token.as_bytes()).verdict, Verdict::Valid);
        let (head, last) = token.split_at(token.len() - 1);
        let other = if last == "0" { "1" } else { "0" };
        let edited = format!("{head}{other}");
        assert_eq!(verifier.verify(edited.as_bytes()).verdict, changed);
        assert_ne!(verifier.verify(head.as_bytes()).verdict, Verdict::Valid);
    }

    #[test]
    fn the_check_value_of_the_algorithm() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
        assert_eq!(&digits::<6>(2_368_506_202, CAPITALS_FIRST), b"2aI0ew");
        assert_eq!(&digits::<6>(0, CAPITALS_FIRST), b"000000");
    }

    #[test]
    fn github_and_npm() {
        let body = "EXAMPLE0synthetic0body0Ky9Pf34";
        for prefix in ["ghp", "gho", "ghu", "ghs"] {
            let token = format!("{prefix}_{body}2aI0ew");
            holds(Verifier::Crc32Base62, &token, Verdict::Invalid);
        }
        let npm = format!("npm_{}1S6JEa", "syntheticNpmBodyIQ9Y7aJZqhB6ba");
        holds(Verifier::Crc32Base62, &npm, Verdict::Invalid);
        let none = Verifier::Crc32Base62.verify(b"no-underscore").verdict;
        assert_eq!(none, Verdict::Unknown);
    }

    #[test]
    fn installation_tokens_of_2026_are_judged_by_their_jwt() {
        let part =
            |json: &str| data_encoding::BASE64URL_NOPAD.encode(json.replace(' ', "").as_bytes());
        let signature = data_encoding::BASE64URL_NOPAD.encode(&[0xff; 32]);
        let token = format!(
            "ghs_12345_{}.{}.{signature}",
            part(r#"{"alg":"HS256"}"#),
            part(r#"{"iss":"12345"}"#)
        );
        let evidence = Verifier::Crc32Base62.verify(token.as_bytes());
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("iss"), Some("12345"));
    }

    #[test]
    fn vercel_salad_polar_apify() {
        let body = "Lc360a9Y6yNd14tDdO9eGzMcNU77sVTUUJ596lLlGUriAX1Dyy";
        for prefix in ["vcp", "vci", "vca", "vcr", "vck"] {
            let token = format!("{prefix}_{body}1LEwWW");
            holds(Verifier::Vercel, &token, Verdict::Invalid);
        }
        let salad = format!(
            "salad_cloud_{}_{}",
            "user", "dpomsCpFqPlpECXVMk11oHUGCiczMSpxkMzN5E6EUCL47etnG"
        );
        holds(Verifier::Salad, &salad, Verdict::Invalid);
        let polar = format!(
            "polar_{}_{}",
            "oat", "DUdvdr0UwfMpf5rg7wOojmCUuBRoeL5pykPTP2sWKyg"
        );
        holds(Verifier::Polar, &polar, Verdict::Invalid);
        let apify = format!("apify_{}_{}", "api", "XN9iYw1mXJft5isGXNwAMnEYYnWLeE0hLDL1");
        holds(Verifier::Apify, &apify, Verdict::Invalid);
    }

    #[test]
    fn hexadecimal_ones() {
        let cloudflare = format!(
            "{}_{}8e62dab1",
            "cfut", "TMAd7V3DnI8lFPPwtV5ASPZHu8qRtZHjQMhuOzE9"
        );
        holds(Verifier::Cloudflare, &cloudflare, Verdict::Unknown);
        let grafana = format!("{}_{}_0dc49d0b", "glsa", "McVbpT4r5yHUig43kiJfahqSIjOugM1y");
        holds(Verifier::GrafanaServiceAccount, &grafana, Verdict::Invalid);
        let zuplo = format!("{}_{}_811b13fa", "zpka", "254770f58904dba41ecccc3fc1626e53");
        holds(Verifier::Zuplo, &zuplo, Verdict::Invalid);
    }

    #[test]
    fn atlassian_with_any_escape_of_the_equals_sign() {
        let body = "xFfGF0syntheticAtlassianBodyeCN6Zj4a3dDVhYRnKTbxTNJFoBinF5aJXVuLkSIc";
        for equals in ["=", "\\=", "%3D", "%3d", "\\u003d"] {
            let token = format!("{}{body}{equals}4BD689EC", "ATATT3");
            holds(Verifier::Atlassian, &token, Verdict::Invalid);
        }
        let bitbucket = format!("{}{}", "ATBB", "47WQAmL9xVQ2zg4mZaouqKLi821DC0D9");
        holds(Verifier::Atlassian, &bitbucket, Verdict::Invalid);
        let lower = bitbucket.to_lowercase();
        let verdict = Verifier::Atlassian.verify(lower.as_bytes()).verdict;
        assert_eq!(verdict, Verdict::Unknown);
    }
}
