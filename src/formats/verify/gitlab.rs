//! GitLab's routable tokens: `<prefix><payload>.<version>.<length><checksum>`, or the same without a version.
//!
//! The payload is base64url of 16 random bytes, a few lines that route the request (`o:1`, `u:1z`, numbers in base
//! 36), and one byte with their length. The checksum is the CRC-32 of everything before it in seven base36 digits
//! (vendor source: `Authn::TokenField::Generator::RoutableToken`). Tokens of the older shape carry none.

use super::crc::digits;
use super::{Evidence, Verdict, text};

const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Checks the checksum, and reads the ids of cell, organization, group, project and user.
pub(super) fn routable(token: &[u8]) -> Evidence {
    let Some((head, tail)) = split_at_last_dot(token) else {
        return Evidence::of(Verdict::Unknown);
    };
    let Some((length, checksum)) = tail.split_at_checked(2) else {
        return Evidence::of(Verdict::Unknown);
    };
    if checksum.len() != 7 || !tail.iter().all(|b| BASE36.contains(b)) {
        return Evidence::of(Verdict::Unknown);
    }
    let covered = token.get(..token.len() - 7).unwrap_or_default();
    let matches = checksum == digits::<7>(crc32fast::hash(covered), BASE36);
    let routes = routes(head, length);
    // An instance may put a prefix of its own in front, which the checksum covers and a rule may not have matched:
    // a payload that routes well is not called wrong for it.
    let verdict = match (matches, routes.is_empty()) {
        (true, _) => Verdict::Valid,
        (false, false) => Verdict::Unknown,
        (false, true) => Verdict::Invalid,
    };
    Evidence {
        verdict,
        details: routes,
    }
}

/// The routing ids of the payload, which is the last `length` characters before the version.
fn routes(head: &[u8], length: &[u8]) -> Vec<(&'static str, String)> {
    let unversioned = match split_at_last_dot(head) {
        Some((payload, version)) if version.len() == 2 => payload,
        _ => head,
    };
    let payload = number(length)
        .and_then(|length| usize::try_from(length).ok())
        .and_then(|length| unversioned.len().checked_sub(length))
        .and_then(|start| unversioned.get(start..))
        .and_then(text::base64);
    payload
        .as_deref()
        .and_then(routing_text)
        .map(ids)
        .unwrap_or_default()
}

/// The lines between the 16 random bytes and the byte that holds their length.
fn routing_text(payload: &[u8]) -> Option<&[u8]> {
    let (length, rest) = payload.split_last()?;
    let start = rest.len().checked_sub(usize::from(*length))?;
    if start == 16 { rest.get(16..) } else { None }
}

/// The ids as decimal numbers; none at all unless each line is a key, a colon and a number, and one names the
/// organization, as all must.
fn ids(routing: &[u8]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for line in routing.split(|b| *b == b'\n') {
        let [key, b':', value @ ..] = line else {
            return Vec::new();
        };
        let Some(id) = number(value) else {
            return Vec::new();
        };
        let name = match key {
            b'c' => "cell",
            b'g' => "group",
            b'o' => "organization",
            b'p' => "project",
            b't' => "type",
            b'u' => "user",
            _ => return Vec::new(),
        };
        found.push((name, id.to_string()));
    }
    if found.iter().any(|(name, _)| *name == "organization") {
        found
    } else {
        Vec::new()
    }
}

fn number(base36: &[u8]) -> Option<u64> {
    if !base36.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(base36).ok()?, 36).ok()
}

fn split_at_last_dot(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().rposition(|b| *b == b'.')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::{BASE36, digits};
    use crate::formats::verify::{Evidence, Verdict, Verifier};

    const PAYLOAD: &str = "AAECAwQFBgcICQoLDA0OD2M6MQpvOjEKdToxegw";

    fn verify(token: &str) -> Evidence {
        Verifier::GitlabRoutable.verify(token.as_bytes())
    }

    #[test]
    fn both_shapes_verify_and_route() {
        for end in ["01.130nidjmq", "131y5yv7u"] {
            let evidence = verify(&format!("{}-{PAYLOAD}.{end}", "glpat"));
            assert_eq!(evidence.verdict, Verdict::Valid);
            assert_eq!(evidence.detail("cell"), Some("1"));
            assert_eq!(evidence.detail("organization"), Some("1"));
            assert_eq!(evidence.detail("user"), Some("71"));
        }
    }

    #[test]
    fn runner_tokens_and_instance_prefixes_are_covered() {
        for prefix in ["glrt-t1_", "acme-glpat-"] {
            let covered = format!("{prefix}{PAYLOAD}.01.13");
            let sum = digits::<7>(crc32fast::hash(covered.as_bytes()), BASE36);
            let token = format!("{covered}{}", String::from_utf8_lossy(&sum));
            assert_eq!(verify(&token).verdict, Verdict::Valid);
        }
    }

    #[test]
    fn a_wrong_sum_counts_only_where_nothing_routes() {
        let routed = verify(&format!("{}-{PAYLOAD}.01.130nidjmx", "glpat"));
        assert_eq!(routed.verdict, Verdict::Unknown);
        assert_eq!(routed.detail("user"), Some("71"));
        let random = PAYLOAD.replace("D2M6", "D3x7");
        let evidence = verify(&format!("{}-{random}.01.130nidjmq", "glpat"));
        assert_eq!(evidence.verdict, Verdict::Invalid);
        assert!(evidence.details.is_empty());
    }

    #[test]
    fn other_shapes_are_not_judged() {
        for token in ["", ".", "glpat", "a.b", "a.1234567890", "a.13ABCDEFG"] {
            assert_eq!(verify(token).verdict, Verdict::Unknown, "{token}");
        }
    }
}
