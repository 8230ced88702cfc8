//! JSON Web Tokens (RFC 7519) in the compact form of RFC 7515: header, payload and signature in base64url.
//!
//! Takes the bytes of one token and gives a verdict on its structure, what it says of itself ([`decode`]), and whether
//! a key that the caller brings signed it ([`Signed`]). It makes up no keys, knows no clock, and asks nobody.
//! Header and payload must be JSON, and the signature as long as the algorithm makes it (RFC 7518, RFC 8037).
//! `sub` and other claims about persons are not given out.

mod signed;

use serde_json::{Map, Value};

use super::text::{base64, date_member, fact, member, object, seconds};
use super::{Evidence, Verdict};

pub use signed::{Signed, signed_with};

/// Bytes of the longest token that is decoded or tried: servers refuse longer headers.
const LONGEST: usize = 8 * 1024;

/// What a token says of itself. No value of a claim is in it but those that say what the token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwt {
    /// The algorithm of the header, 80 printable characters at most.
    pub alg: String,
    /// Who issued it, 80 printable characters at most.
    pub issuer: Option<String>,
    /// Whom it is meant for, where that is one text, 80 printable characters at most.
    pub audience: Option<String>,
    /// The role that it carries, as Supabase and PostgREST use it.
    pub role: Option<String>,
    /// Seconds since 1970 from which on it is void; nothing where it never is.
    pub expires: Option<i64>,
    /// Seconds since 1970 at which it was issued.
    pub issued: Option<i64>,
    /// The names of the claims, sorted; 64 at most, 80 printable characters each.
    pub claims: Vec<String>,
}

impl Jwt {
    /// Whether its role is made to be published: Supabase's `anon`.
    pub fn is_public(&self) -> bool {
        self.role.as_deref() == Some("anon")
    }

    /// Whether the vendor publishes it for use on one's own machine: the issuer of Supabase's local stack.
    pub fn is_demo(&self) -> bool {
        self.issuer.as_deref() == Some("supabase-demo")
    }
}

/// Reads a token of three parts, of 8 KiB at most: nothing where header or payload is no JSON object, or the header
/// names no algorithm. The signature may be anything.
pub fn decode(token: &[u8]) -> Option<Jwt> {
    const MOST_CLAIMS: usize = 64;
    let (header, claims) = short(token)?.objects()?;
    let mut names: Vec<_> = claims.keys().filter_map(|name| fact(name)).collect();
    names.sort_unstable();
    names.truncate(MOST_CLAIMS);
    Some(Jwt {
        alg: fact(header.get("alg")?.as_str()?)?,
        issuer: member(&claims, "iss"),
        audience: member(&claims, "aud"),
        role: member(&claims, "role"),
        expires: claims.get("exp").and_then(seconds),
        issued: claims.get("iat").and_then(seconds),
        claims: names,
    })
}

fn short(token: &[u8]) -> Option<Parts<'_>> {
    Parts::of(token).filter(|_| token.len() <= LONGEST)
}

/// The three parts as they stand.
struct Parts<'a> {
    header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Nothing for two parts, and for five (JWE).
    fn of(token: &'a [u8]) -> Option<Self> {
        let mut parts = token.split(|b| *b == b'.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(payload), Some(signature), None) => Some(Self {
                header,
                payload,
                signature,
            }),
            _ => None,
        }
    }

    fn objects(&self) -> Option<(Map<String, Value>, Map<String, Value>)> {
        let part = |text| base64(text).and_then(|json| object(&json));
        Some((part(self.header)?, part(self.payload)?))
    }
}

/// Reads header and claims. Valid where all three parts hold, unknown where only the signature has a length that
/// does not fit (cut in documentation, mostly), invalid where a part does not decode.
pub(super) fn jwt(token: &[u8]) -> Evidence {
    let Some(parts) = Parts::of(token) else {
        return Evidence::of(Verdict::Invalid);
    };
    let (Some((header, claims)), Some(signature)) = (parts.objects(), base64(parts.signature))
    else {
        return Evidence::of(Verdict::Invalid);
    };
    let Some(alg) = header.get("alg").and_then(|alg| alg.as_str()) else {
        return Evidence::of(Verdict::Invalid);
    };
    let verdict = match fits(alg, signature.len()) {
        true => Verdict::Valid,
        false if signature.is_empty() => Verdict::Invalid,
        false => Verdict::Unknown,
    };
    let supabase = claims.get("iss").and_then(|iss| iss.as_str()) == Some("supabase");
    let project = if supabase {
        member(&claims, "ref")
    } else {
        None
    };
    Evidence::of(verdict)
        .with("alg", member(&header, "alg"))
        .with("iss", member(&claims, "iss"))
        .with("role", member(&claims, "role"))
        .with("project", project)
        .with("expires", date_member(&claims, "exp"))
}

/// Whether a signature of that many bytes can be one of that algorithm; those we do not know may be of any length
/// but none.
fn fits(alg: &str, length: usize) -> bool {
    match alg {
        "none" => length == 0,
        "HS256" => length == 32,
        "HS384" => length == 48,
        "HS512" | "ES256" | "ES256K" => length == 64,
        "ES384" => length == 96,
        "ES512" => length == 132,
        "EdDSA" => matches!(length, 64 | 114),
        // As long as the modulus; 1024 bits is the shortest still met.
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => length >= 128,
        _ => length > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::BASE64URL_NOPAD;

    fn token(header: &str, claims: &str, signature: usize) -> String {
        format!(
            "{}.{}.{}",
            BASE64URL_NOPAD.encode(header.as_bytes()),
            BASE64URL_NOPAD.encode(claims.as_bytes()),
            BASE64URL_NOPAD.encode(&vec![0xa5; signature])
        )
    }

    fn verify(token: &str) -> Evidence {
        Verifier::Jwt.verify(token.as_bytes())
    }

    #[test]
    fn a_service_role_is_read() {
        let claims = r#"{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","sub":"someone",
            "iat":1700000000,"exp":2015360000}"#;
        let evidence = verify(&token(r#"{"alg":"HS256","typ":"JWT"}"#, claims, 32));
        assert_eq!(evidence.verdict, Verdict::Valid);
        let expected = [
            ("alg", "HS256"),
            ("iss", "supabase"),
            ("role", "service_role"),
            ("project", "abcdefghijklmnopqrst"),
            ("expires", "2033-11-11"),
        ];
        let expected = expected.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(evidence.details, expected);
    }

    #[test]
    fn claims_of_odd_types_are_left_out() {
        let claims = r#"{"iss":["a"],"role":{"x":1},"exp":"soon"}"#;
        let evidence = verify(&token(r#"{"alg":"RS256"}"#, claims, 256));
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.details, [("alg", "RS256".to_owned())]);
        let fraction = token(r#"{"alg":"ES256"}"#, r#"{"exp":1.7e9}"#, 64);
        assert_eq!(verify(&fraction).detail("expires"), Some("2023-11-14"));
    }

    #[test]
    fn signatures_are_measured() {
        for (alg, length, verdict) in [
            ("HS256", 31, Verdict::Unknown),
            ("HS256", 0, Verdict::Invalid),
            ("none", 0, Verdict::Valid),
            ("none", 9, Verdict::Unknown),
            ("RS256", 512, Verdict::Valid),
            ("RS256", 64, Verdict::Unknown),
            ("EdDSA", 64, Verdict::Valid),
            ("homemade", 7, Verdict::Valid),
        ] {
            let header = format!(r#"{{"alg":"{alg}"}}"#);
            let evidence = verify(&token(&header, "{}", length));
            assert_eq!(evidence.verdict, verdict, "{alg} {length}");
        }
    }

    #[test]
    fn parts_that_do_not_decode_are_invalid() {
        let whole = token(r#"{"alg":"HS256"}"#, "{}", 32);
        for wrong in [
            String::new(),
            "a.b".to_owned(),
            format!("{whole}.more"),
            whole.replacen("ey", "EY", 1),
            token(r#"{"typ":"JWT"}"#, "{}", 32),
            token(r#"{"alg":"HS256"}"#, "[]", 32),
            token(r#"{"alg":256}"#, "{}", 32),
            token(&"[".repeat(5000), "{}", 32),
        ] {
            assert_eq!(verify(&wrong).verdict, Verdict::Invalid, "{wrong}");
        }
    }

    #[test]
    fn a_token_tells_what_it_opens_and_no_values() {
        let claims = r#"{"sub":"someone","email":"a@b.example","iss":"supabase-demo","role":"anon","aud":"shop",
            "iat":1700000000.5,"exp":2015360000}"#;
        let jwt = decode(token(r#"{"alg":"HS256"}"#, claims, 32).as_bytes()).expect("a token");
        assert_eq!(
            (jwt.alg.as_str(), jwt.audience.as_deref()),
            ("HS256", Some("shop"))
        );
        assert_eq!(
            (jwt.issued, jwt.expires),
            (Some(1_700_000_000), Some(2_015_360_000))
        );
        assert_eq!(
            jwt.claims,
            ["aud", "email", "exp", "iat", "iss", "role", "sub"]
        );
        assert!(jwt.is_public() && jwt.is_demo());
        assert!(!format!("{jwt:?}").contains("someone"));

        let service = r#"{"iss":"supabase","role":"service_role"}"#;
        let jwt = decode(token(r#"{"alg":"RS256"}"#, service, 0).as_bytes()).expect("a token");
        assert_eq!(
            (jwt.expires, jwt.role.as_deref()),
            (None, Some("service_role"))
        );
        assert!(!jwt.is_public() && !jwt.is_demo());
    }

    #[test]
    fn what_is_no_token_is_not_decoded() {
        let whole = token(r#"{"alg":"HS256"}"#, "{}", 32);
        assert!(decode(whole.as_bytes()).is_some());
        for wrong in [
            String::new(),
            "a.b.c".to_owned(),
            format!("{whole}.a.b"),
            whole.replacen('.', "..", 1),
            token("{}", "{}", 32),
            token(r#"{"alg":"HS256"}"#, "1", 32),
            token(
                r#"{"alg":"HS256"}"#,
                &format!(r#"{{"a":"{}"}}"#, "b".repeat(8192)),
                32,
            ),
        ] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong:.40}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_token_is_too_odd(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), text in "[a-zA-Z0-9._=-]{0,90}") {
            decode(&bytes);
            decode(text.as_bytes());
            super::signed_with(&bytes, text.as_bytes());
            super::signed_with(text.as_bytes(), &bytes);
        }
    }
}
