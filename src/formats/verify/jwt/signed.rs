//! Whether a key signed a token: HMAC with SHA-256, SHA-384 or SHA-512 (RFC 7518 section 3.2), offline.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::{base64, short};

/// A token made ready to try many keys on: decoded once, so that a key costs one HMAC.
#[derive(Clone, Debug)]
pub struct Signed {
    algorithm: Algorithm,
    /// Header and payload as they stand, with the dot between.
    message: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
}

impl Signed {
    /// Takes a token of three parts and 8 KiB at most. Nothing where its header names another algorithm than HS256,
    /// HS384 or HS512, or the signature has not the length of that: no key can have signed it.
    pub fn of(token: &[u8]) -> Option<Self> {
        let parts = short(token)?;
        let (header, _) = parts.objects()?;
        let (algorithm, length) = match header.get("alg")?.as_str()? {
            "HS256" => (Algorithm::Hs256, 32),
            "HS384" => (Algorithm::Hs384, 48),
            "HS512" => (Algorithm::Hs512, 64),
            _ => return None,
        };
        let signature = base64(parts.signature)?;
        let end = parts.header.len() + 1 + parts.payload.len();
        (signature.len() == length).then(|| Self {
            algorithm,
            message: token.get(..end).unwrap_or_default().to_vec(),
            signature,
        })
    }

    /// Whether `key`, byte for byte as it stands, signed the token.
    pub fn by(&self, key: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Hs256 => self.verifies::<Hmac<Sha256>>(key),
            Algorithm::Hs384 => self.verifies::<Hmac<Sha384>>(key),
            Algorithm::Hs512 => self.verifies::<Hmac<Sha512>>(key),
        }
    }

    fn verifies<M: Mac + KeyInit>(&self, key: &[u8]) -> bool {
        <M as KeyInit>::new_from_slice(key).is_ok_and(|mac| {
            mac.chain_update(&self.message)
                .verify_slice(&self.signature)
                .is_ok()
        })
    }
}

/// Whether `key` signed `token`; no for every algorithm but HS256, HS384 and HS512, and for tokens above 8 KiB.
/// For more than one key, [`Signed`] is cheaper.
pub fn signed_with(token: &[u8], key: &[u8]) -> bool {
    Signed::of(token).is_some_and(|signed| signed.by(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;

    fn mac<M: Mac + KeyInit>(message: &str, key: &[u8]) -> Vec<u8> {
        let mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
        mac.chain_update(message.as_bytes())
            .finalize()
            .into_bytes()
            .to_vec()
    }

    fn token(alg: &str, claims: &str, key: &[u8]) -> String {
        let header = BASE64URL_NOPAD.encode(format!(r#"{{"alg":"{alg}"}}"#).as_bytes());
        let message = format!("{header}.{}", BASE64URL_NOPAD.encode(claims.as_bytes()));
        let signature = match alg {
            "HS384" => mac::<Hmac<Sha384>>(&message, key),
            "HS512" => mac::<Hmac<Sha512>>(&message, key),
            _ => mac::<Hmac<Sha256>>(&message, key),
        };
        format!("{message}.{}", BASE64URL_NOPAD.encode(&signature))
    }

    #[test]
    fn the_key_of_a_token_is_known_again() {
        let long = vec![b'k'; 300];
        for alg in ["HS256", "HS384", "HS512"] {
            for key in [&b"v1"[..], b"", b"\xff\x00", &long] {
                let token = token(alg, r#"{"a":1}"#, key);
                assert!(signed_with(token.as_bytes(), key), "{alg}");
                assert!(!signed_with(token.as_bytes(), b"v2"), "{alg}");
            }
        }
    }

    /// RFC 7515, appendix A.1: the key and the token of the standard, joined here from their parts.
    #[test]
    fn the_example_of_the_standard_verifies() {
        let key = BASE64URL_NOPAD
            .decode(
                [
                    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T",
                    "-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
                ]
                .concat()
                .as_bytes(),
            )
            .expect("the key of the standard");
        let header = BASE64URL_NOPAD.encode(b"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
        let payload = BASE64URL_NOPAD.encode(
            b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
        );
        let signature = ["dBjftJeZ4CVP-mB92K27", "uhbUJU1p1r_wW1gFWFOEjXk"].concat();
        assert!(signed_with(
            format!("{header}.{payload}.{signature}").as_bytes(),
            &key
        ));
    }

    #[test]
    fn nothing_else_is_tried() {
        let good = token("HS256", "{}", b"v1");
        let none = good.rsplit_once('.').map_or("", |(message, _)| message);
        for wrong in [
            token("RS256", "{}", b"v1"),
            token("none", "{}", b"v1"),
            token("hs256", "{}", b"v1"),
            format!("{none}."),
            format!("{none}.{}", BASE64URL_NOPAD.encode(&[0; 31])),
            token(
                "HS256",
                &format!(r#"{{"a":"{}"}}"#, "b".repeat(8192)),
                b"v1",
            ),
        ] {
            assert!(Signed::of(wrong.as_bytes()).is_none(), "{wrong:.60}");
        }
        assert!(signed_with(good.as_bytes(), b"v1"));
    }

    /// `cargo test --release --lib speed -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement, not a test"]
    fn speed() {
        let token = token("HS256", r#"{"sub":"1","name":"a","iat":1516239022}"#, b"v1");
        let signed = Signed::of(token.as_bytes()).expect("a token");
        let begun = std::time::Instant::now();
        let tries = 500_000u32;
        let found = (0..tries).filter(|n| signed.by(&n.to_le_bytes())).count();
        assert_eq!(found, 0);
        assert!(
            begun.elapsed().as_secs_f32() < 1.0,
            "{:?} for {tries} keys",
            begun.elapsed()
        );
    }
}
