//! PyPI tokens: `pypi-` and base64url of a binary macaroon, version 2 (libmacaroons, `doc/format.txt`).
//!
//! The closing HMAC needs the server's key and is not checked; that a few hundred bytes parse to the last as packets
//! with lengths is proof enough. What the caveats allow is read as Warehouse writes it (vendor source:
//! `warehouse/macaroons/caveats`).

use super::{Evidence, Verdict, text};
use serde_json::Value;

const END: u64 = 0;
const LOCATION: u64 = 1;
const IDENTIFIER: u64 = 2;
const VERIFICATION: u64 = 4;
const SIGNATURE: u64 = 6;
/// Bytes of the HMAC-SHA256 that closes a macaroon.
const HMAC: usize = 32;

/// Caveats read for facts: tokens have a handful, and a report need not carry what a hostile one has.
const READ: usize = 16;

/// Parses the macaroon, and reads the index, the projects and the expiry it is limited to.
pub(super) fn pypi(token: &[u8]) -> Evidence {
    let Some(body) = token.strip_prefix(b"pypi-") else {
        return Evidence::of(Verdict::Unknown);
    };
    let decoded = text::base64(body);
    let Some(macaroon) = decoded.as_deref().and_then(parse) else {
        return Evidence::of(Verdict::Invalid);
    };
    let mut evidence = Evidence::of(Verdict::Valid).with("index", printable(macaroon.location));
    for said in macaroon.said.into_iter().take(READ) {
        if let Ok(value) = serde_json::from_slice(said) {
            evidence = limit(evidence, &value);
        }
    }
    evidence
}

struct Macaroon<'a> {
    location: &'a [u8],
    /// The identifier, then the caveats, as they stand.
    said: Vec<&'a [u8]>,
}

/// A whole macaroon, with nothing behind it.
fn parse(bytes: &[u8]) -> Option<Macaroon<'_>> {
    let mut reader = Reader(bytes.strip_prefix(&[2])?);
    let mut macaroon = Macaroon {
        location: b"",
        said: Vec::new(),
    };
    let mut is_header = true;
    loop {
        let mut fields = 0;
        loop {
            match reader.number()? {
                END => break,
                LOCATION if is_header => macaroon.location = reader.bytes()?,
                IDENTIFIER => macaroon.said.push(reader.bytes()?),
                LOCATION | VERIFICATION => drop(reader.bytes()?),
                _ => return None,
            }
            fields += 1;
        }
        // A section without fields ends the caveats.
        if fields == 0 && !is_header {
            break;
        }
        is_header = false;
    }
    let closed = reader.number()? == SIGNATURE && reader.bytes()?.len() == HMAC;
    let has_identifier = !macaroon.said.is_empty();
    (closed && has_identifier && reader.0.is_empty()).then_some(macaroon)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A varint of at most 32 bits, seven a byte, least first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A length, and that many bytes.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// The limit a caveat sets: `{"version":1,"permissions":…}` until 2022; since then an array whose first number is
/// the kind: 0 for expiry, 1 for project names. Kinds that name people or publishers are left out.
fn limit(evidence: Evidence, caveat: &Value) -> Evidence {
    if let Some(permissions) = caveat.get("permissions") {
        return match permissions.as_str() {
            Some(scope) => evidence.with("scope", text::fact(scope)),
            None => evidence.with("projects", permissions.get("projects").and_then(names)),
        };
    }
    match (caveat.get(0).and_then(Value::as_u64), caveat.get(1)) {
        (Some(0), Some(expiry)) => {
            evidence.with("expires", text::seconds(expiry).and_then(text::date))
        }
        (Some(1), Some(projects)) => evidence.with("projects", names(projects)),
        _ => evidence,
    }
}

fn names(projects: &Value) -> Option<String> {
    let names: Vec<&str> = projects
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    text::fact(&names.join(" "))
}

fn printable(bytes: &[u8]) -> Option<String> {
    text::fact(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::{HMAC, IDENTIFIER, LOCATION, SIGNATURE};
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::BASE64URL_NOPAD;

    /// The locations that the two indices write into their tokens.
    const INDEX: &str = concat!("pypi", ".org");
    const TEST_INDEX: &str = concat!("test.pypi", ".org");

    fn field(kind: u64, bytes: &[u8]) -> Vec<u8> {
        let mut packet = vec![kind as u8, bytes.len() as u8];
        packet.extend(bytes);
        packet
    }

    fn macaroon(index: &str, identifier: &str, caveats: &[&str]) -> Vec<u8> {
        let mut bytes = vec![2];
        bytes.extend(field(LOCATION, index.as_bytes()));
        bytes.extend(field(IDENTIFIER, identifier.as_bytes()));
        bytes.push(0);
        for caveat in caveats {
            bytes.extend(field(IDENTIFIER, caveat.as_bytes()));
            bytes.push(0);
        }
        bytes.push(0);
        bytes.extend(field(SIGNATURE, &[0x5a; HMAC]));
        bytes
    }

    fn verify(bytes: &[u8]) -> Evidence {
        let token = format!("pypi-{}", BASE64URL_NOPAD.encode(bytes));
        Verifier::Pypi.verify(token.as_bytes())
    }

    #[test]
    fn the_constant_start_of_every_token() {
        let text = BASE64URL_NOPAD.encode(&macaroon(INDEX, "x", &[]));
        assert!(text.starts_with("AgEIcHlwaS5vcmc"));
    }

    #[test]
    fn tokens_for_all_projects_of_a_user() {
        let old = verify(&macaroon(
            INDEX,
            r#"{"version":1,"permissions":"user"}"#,
            &[],
        ));
        assert_eq!(old.verdict, Verdict::Valid);
        assert_eq!(old.detail("index"), Some(INDEX));
        assert_eq!(old.detail("scope"), Some("user"));
    }

    #[test]
    fn caveats_limit_projects_and_time() {
        let uuid = "00000000-0000-4000-8000-000000000000";
        let caveats = [
            r#"[1, ["left", "right"]]"#,
            "[0, 1700000000, 1600000000]",
            r#"[3, "someone"]"#,
        ];
        let evidence = verify(&macaroon(TEST_INDEX, uuid, &caveats));
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("projects"), Some("left right"));
        assert_eq!(evidence.detail("expires"), Some("2023-11-14"));
        assert_eq!(evidence.details.len(), 3);
        let old = r#"{"version":1,"permissions":{"projects":["left"]}}"#;
        let evidence = verify(&macaroon(INDEX, uuid, &[old]));
        assert_eq!(evidence.detail("projects"), Some("left"));
    }

    #[test]
    fn cut_or_lengthened_macaroons_are_invalid() {
        let whole = macaroon(INDEX, "identifier", &["[1, []]"]);
        for end in 0..whole.len() {
            assert_eq!(verify(&whole[..end]).verdict, Verdict::Invalid, "{end}");
        }
        let longer = [whole.as_slice(), &[0]].concat();
        assert_eq!(verify(&longer).verdict, Verdict::Invalid);
        assert_eq!(Verifier::Pypi.verify(b"AgEI").verdict, Verdict::Unknown);
    }
}
