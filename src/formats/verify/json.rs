//! Tokens that carry JSON in base64: Sentry's, Grafana Cloud's, Mapbox's. None has a checksum; that the text decodes
//! to an object with the right members is the proof. Only members that are no part of the secret are given out.

use super::text::{base64, date_member, fact, member, object, unescape};
use super::{Evidence, Verdict};

/// Sentry organization tokens: `sntrys_<JSON>_<32 random bytes>` (vendor source:
/// `sentry/utils/security/orgauthtoken_token.py`).
pub(super) fn sentry(token: &[u8]) -> Evidence {
    let plain = unescape(token);
    // Both parts are of the standard alphabet, so that their underscores are the separators alone.
    let mut parts = plain.splitn(3, |b| *b == b'_');
    let (Some(_), Some(payload), Some(tail)) = (parts.next(), parts.next(), parts.next()) else {
        return Evidence::of(Verdict::Unknown);
    };
    let Some(payload) = base64(payload).and_then(|json| object(&json)) else {
        return Evidence::of(Verdict::Invalid);
    };
    let verdict = match (payload.contains_key("org"), base64(tail).map(|b| b.len())) {
        (false, _) => Verdict::Invalid,
        (true, Some(32)) => Verdict::Valid,
        // Cut where it was written down, or by the rule's pattern.
        (true, _) => Verdict::Unknown,
    };
    let url = member(&payload, "region_url").or_else(|| member(&payload, "url"));
    Evidence::of(verdict)
        .with("organization", member(&payload, "org"))
        .with("url", url)
        .with("issued", date_member(&payload, "iat"))
}

/// Grafana Cloud access policies (`glc_` and JSON with `o`, `n`, `k`, `m`), and Grafana's API keys of before 2023
/// (bare JSON with `k`, `n`, `id`). `k` is the secret (vendor source: `apikeygen`; published samples).
pub(super) fn grafana_cloud(token: &[u8]) -> Evidence {
    let plain = unescape(token);
    let (payload, is_policy) = match plain.strip_prefix(b"glc_") {
        Some(payload) => (payload, true),
        None => (plain.as_slice(), false),
    };
    let Some(payload) = base64(payload).and_then(|json| object(&json)) else {
        return Evidence::of(Verdict::Invalid);
    };
    let organization = if is_policy { "o" } else { "id" };
    let whole = ["k", "n", organization]
        .iter()
        .all(|key| payload.contains_key(*key));
    let region = payload
        .get("m")
        .and_then(|m| m.get("r"))
        .and_then(|region| fact(region.as_str()?));
    let verdict = if whole {
        Verdict::Valid
    } else {
        Verdict::Invalid
    };
    Evidence::of(verdict)
        .with("organization", member(&payload, organization))
        .with("name", member(&payload, "n"))
        .with("region", region)
}

/// Mapbox access tokens: `pk.`, `sk.` or `tk.`, JSON with user and token id, and a signature of 16 bytes (vendor:
/// docs.mapbox.com/api/accounts/tokens). The first letter is the privilege: `pk.` is made to be published.
pub(super) fn mapbox(token: &[u8]) -> Evidence {
    let mut parts = token.split(|b| *b == b'.');
    let (Some(kind), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Evidence::of(Verdict::Unknown);
    };
    let privilege = match kind {
        b"pk" => "public",
        b"sk" => "secret",
        b"tk" => "temporary",
        _ => return Evidence::of(Verdict::Unknown),
    };
    let payload = base64(payload).and_then(|json| object(&json));
    let Some(payload) = payload.filter(|json| json.contains_key("u")) else {
        return Evidence::of(Verdict::Invalid).with("privilege", fact(privilege));
    };
    let verdict = match base64(signature).map(|bytes| bytes.len()) {
        Some(16) => Verdict::Valid,
        _ => Verdict::Unknown,
    };
    Evidence::of(verdict)
        .with("user", member(&payload, "u"))
        .with("privilege", fact(privilege))
}

#[cfg(test)]
mod tests {
    use crate::formats::verify::{Evidence, Verdict, Verifier};
    use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};

    fn verify(verifier: Verifier, token: &str) -> Evidence {
        verifier.verify(token.as_bytes())
    }

    #[test]
    fn sentry_tokens() {
        let json = r#"{"iat": 1700000000.123456, "url": "https://sentry.io", "region_url": "https://us.sentry.io", "org": "demo-org"}"#;
        let tail = BASE64_NOPAD.encode(&(0..32).collect::<Vec<u8>>());
        let token = |json: &str, tail: &str| {
            format!("{}_{}_{tail}", "sntrys", BASE64.encode(json.as_bytes()))
        };
        let evidence = verify(Verifier::Sentry, &token(json, &tail));
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("organization"), Some("demo-org"));
        assert_eq!(evidence.detail("url"), Some("https://us.sentry.io"));
        assert_eq!(evidence.detail("issued"), Some("2023-11-14"));
        let cut = verify(Verifier::Sentry, &token(json, &tail[..20]));
        assert_eq!(cut.verdict, Verdict::Unknown);
        for wrong in ["{}", "[1]", "no json"] {
            let evidence = verify(Verifier::Sentry, &token(wrong, &tail));
            assert_eq!(evidence.verdict, Verdict::Invalid);
        }
        let user = format!("{}_{}", "sntryu", "0".repeat(64));
        assert_eq!(verify(Verifier::Sentry, &user).verdict, Verdict::Unknown);
    }

    #[test]
    fn grafana_cloud_tokens_and_older_keys() {
        let hidden = "0123456789abcdefghijklmn";
        let json = format!(r#"{{"o":"1","n":"demo","k":"{hidden}","m":{{"r":"eu"}}}}"#);
        let token = format!("{}_{}", "glc", BASE64.encode(json.as_bytes()));
        let evidence = verify(Verifier::GrafanaCloud, &token);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("organization"), Some("1"));
        assert_eq!(evidence.detail("name"), Some("demo"));
        assert_eq!(evidence.detail("region"), Some("eu"));
        assert!(evidence.details.iter().all(|(_, value)| value != hidden));

        let old = BASE64.encode(format!(r#"{{"k":"{hidden}","n":"ci","id":1}}"#).as_bytes());
        let evidence = verify(Verifier::GrafanaCloud, &old);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("name"), Some("ci"));
        let escaped = old.replace('=', "%3D");
        let evidence = verify(Verifier::GrafanaCloud, &escaped);
        assert_eq!(evidence.verdict, Verdict::Valid);

        let keyless = format!("{}_{}", "glc", BASE64.encode(br#"{"o":"1","n":"x"}"#));
        for wrong in [keyless.as_str(), "glc_!", ""] {
            let evidence = verify(Verifier::GrafanaCloud, wrong);
            assert_eq!(evidence.verdict, Verdict::Invalid);
        }
    }

    #[test]
    fn mapbox_tokens() {
        let payload = BASE64URL_NOPAD.encode(br#"{"u":"demo-user","a":"cl0000000000"}"#);
        let signature = BASE64URL_NOPAD.encode(&[7; 16]);
        for (kind, privilege) in [("pk", "public"), ("sk", "secret"), ("tk", "temporary")] {
            let evidence = verify(Verifier::Mapbox, &format!("{kind}.{payload}.{signature}"));
            assert_eq!(evidence.verdict, Verdict::Valid);
            assert_eq!(evidence.detail("user"), Some("demo-user"));
            assert_eq!(evidence.detail("privilege"), Some(privilege));
            assert_eq!(evidence.details.len(), 2);
        }
        let cut = verify(
            Verifier::Mapbox,
            &format!("sk.{payload}.{}", &signature[..9]),
        );
        assert_eq!(cut.verdict, Verdict::Unknown);
        let odd = verify(Verifier::Mapbox, &format!("sk.e30.{signature}"));
        assert_eq!(odd.verdict, Verdict::Invalid);
        assert_eq!(
            verify(Verifier::Mapbox, "xk.e30.a").verdict,
            Verdict::Unknown
        );
    }
}
