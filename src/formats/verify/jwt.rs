//! JSON Web Tokens (RFC 7519) in the compact form of RFC 7515: header, payload and signature in base64url.
//!
//! The signature cannot be checked without the key; that header and payload are JSON, and that the signature is as
//! long as the algorithm makes it (RFC 7518, RFC 8037), is what can be told. `sub` and other claims about persons
//! are not given out.

use super::text::{base64, date_member, member, object};
use super::{Evidence, Verdict};

/// Reads header and claims. Valid where all three parts hold, unknown where only the signature has a length that
/// does not fit (cut in documentation, mostly), invalid where a part does not decode.
pub(super) fn jwt(token: &[u8]) -> Evidence {
    let mut parts = token.split(|b| *b == b'.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Evidence::of(Verdict::Invalid);
    };
    let header = base64(header).and_then(|json| object(&json));
    let claims = base64(payload).and_then(|json| object(&json));
    let (Some(header), Some(claims), Some(signature)) = (header, claims, base64(signature)) else {
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
}
