use super::Weakness::*;
use super::*;

/// All wrong rows at once: a change of the lists shows its whole effect.
fn assert_weakness(expected: Option<Weakness>, rows: &[(&str, &str)]) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(key, value)| {
            (
                key,
                value,
                strength(value.as_bytes(), key.as_bytes()).weakness,
            )
        })
        .filter(|(_, _, weakness)| *weakness != expected)
        .collect();
    assert!(wrong.is_empty(), "not {expected:?}: {wrong:#?}");
}

fn under_jwt_secret(expected: Option<Weakness>, values: &[&str]) {
    let rows: Vec<_> = values.iter().map(|value| ("JWT_SECRET", *value)).collect();
    assert_weakness(expected, &rows);
}

#[test]
fn what_everybody_knows_is_listed() {
    under_jwt_secret(
        Some(Listed),
        &[
            "secret",
            "Secret!",
            "s3cr3t",
            "S3CR3T-K3Y",
            "changeme",
            "changemechangemechangemechangeme",
            "changeme-changeme",
            "password123!",
            "p@ssw0rd1",
            "123456789",
            "qwerty123",
            "mySecretKey123",
            "my_secret_key",
            "MY-JWT-SECRET-2025",
            "supersecretkey",
            "superSecretKey@345",
            "super-secret-jwt-token-with-at-least-32-characters-long",
            "your-256-bit-secret",
            "a-string-secret-at-least-256-bits-long",
            "your-super-secret-jwt-key-change-this-in-production",
            "please-change-this-very-long-key-before-you-deploy-it",
            "keyboard cat",
            "keyboardcat1",
            "shhhhh",
            "jwt_secret",
            "the-default-cookie-secret-should-only-be-used-in-development",
            "toBeModified1",
            "ThisTokenIsNotSoSecretChangeIt",
            "hard to guess string",
            "my-graphql-secret",
            "secret_key_base",
            "dev",
        ],
    );
    let made = format!("django-insecure-{}", "k3T9vQ2mZx".repeat(5));
    assert_weakness(Some(Listed), &[("SECRET_KEY", &made)]);
}

#[test]
fn other_weaknesses_are_told_apart() {
    assert_weakness(
        Some(OwnName),
        &[
            ("ORDERS_JWT_SECRET", "orders_jwt_secret"),
            ("ORDERS_JWT_SECRET", "OrdersJwtSecret1"),
            ("billing.signingKey", "billingSigningKey"),
            ("FROBNICATOR_SECRET", "frobnicator-secret-2025"),
        ],
    );
    under_jwt_secret(
        Some(FewSymbols),
        &[
            "abababababababababababababababab",
            "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
            "1221122112211221",
            "wxyzwxyzwxyzwxyzwxyz",
            "k3T9vQk3T9vQk3T9vQk3T9vQ",
            "edcbacdaebdecbaecdabeabcd",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaabcde",
        ],
    );
    under_jwt_secret(
        Some(Sequence),
        &[
            "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
            "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2",
            "23456789012345678901234567890123456",
            "bcdefghijklmnopqrstuvwxyz0123456789",
            "qwertyuiopasdfghjklzxcvbnm",
            "1234-5678-9012-3456",
        ],
    );
    under_jwt_secret(
        Some(Words),
        &[
            "my-app-secret",
            "shopAppSecret",
            "myHardcodedSecret",
            "myHardcodedSecret123",
            "orders service signing",
            "lantern",
            "horse-battery-lantern",
            "this-is-the-signing-key-for-our-orders",
            "summerOrders2024",
        ],
    );
    let hex = ["9f2c7a1e4b8d3f60", "59c1e7a2b4d8f036"].concat();
    under_jwt_secret(Some(HexShort), &[&hex, &hex.to_uppercase()]);
}

#[test]
fn strong_keys_have_no_weakness() {
    let base62 = ["Zt3Wc8Lm5Xq1Rv7K", "p9Yb2Nf6Hs4Jd0Ge"].concat();
    let hex = [
        "7f3a9b2c8d4e1f6a0b5c9d3e7f2a1b4c",
        "8d5e9f0a3b6c1d4e7f2a0b5c8d3e6f1",
    ]
    .concat();
    let base64 = data_encoding::BASE64.encode(&noise(32));
    let pem = format!("-----BEGIN {}-----\nAAAA\n-----END", "PRIVATE KEY");
    for value in [
        base62.as_str(),
        &base62[..27],
        &format!("abcdefghijklmnop{}", &base62[..16]),
        &hex,
        &format!("{hex}0"),
        &base64,
        &format!("base64:{base64}"),
        &pem,
        r#"{"kty":"oct","k":"AAAA"}"#,
        "correct horse battery staple orbit lantern velvet",
        "orbit-lantern-velvet-copper-window-harbor",
        "",
    ] {
        assert_eq!(
            strength(value.as_bytes(), b"JWT_SECRET").weakness,
            None,
            "{value}"
        );
    }
}

/// Bytes without a pattern, the same on every run.
fn noise(len: u8) -> Vec<u8> {
    (0..len)
        .map(|i| i.wrapping_mul(i).wrapping_mul(73) ^ i.wrapping_mul(151))
        .collect()
}

#[test]
fn bytes_are_those_that_the_library_uses() {
    let base64 = data_encoding::BASE64.encode(&noise(32));
    let url = data_encoding::BASE64URL_NOPAD.encode(&noise(32));
    let hex = data_encoding::HEXLOWER.encode(&noise(32));
    for (key, value, bytes) in [
        ("JWT_SECRET", "secret", 6),
        ("JWT_SECRET", "päss", 5),
        ("JWT_SECRET", "", 0),
        ("JWT_SECRET", &hex, 64),
        ("JWT_SECRET", &hex[..63], 63),
        ("JWT_SECRET", &base64, 44),
        ("APP_KEY", &format!("base64:{base64}"), 32),
        ("JWT_SECRET_BASE64", &base64, 32),
        ("JWT_SECRET_BASE64", &url, 32),
        ("jwtSecretBase64", &base64, 32),
        ("JWT_B64_SECRET", &base64, 32),
        ("JWT_SECRET_HEX", &hex, 32),
        // What does not decode is used as it stands.
        ("JWT_SECRET_HEX", "secret", 6),
        ("JWT_SECRET_BASE64", "no base64!", 10),
    ] {
        assert_eq!(
            strength(value.as_bytes(), key.as_bytes()).bytes,
            bytes,
            "{key}={value}"
        );
    }
}

#[test]
fn encoding_hides_no_weakness() {
    let value = data_encoding::BASE64.encode(b"changeme");
    let judged = strength(value.as_bytes(), b"JWT_SECRET_BASE64");
    assert_eq!((judged.bytes, judged.weakness), (8, Some(Listed)));
}

#[test]
fn candidates_are_many_and_the_same_each_time() {
    let all: Vec<_> = candidates().collect();
    assert!((2_000..20_000).contains(&all.len()), "{}", all.len());
    let different: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
    assert!(candidates().eq(all.iter().cloned()));
    for key in [
        "secret",
        "changeme",
        "password123",
        "your-256-bit-secret",
        "shhhhh",
        "keyboard cat",
        "jwt_secret",
        "mySecretKey123",
        "my-secret-key",
        "MySecretKey!",
        "JWT_SECRET",
        "supersecret2025",
        "supersecretkey123",
        "secret123!",
        "admin123",
        "my-graphql-secret",
        "some secret",
    ] {
        assert!(different.contains(&key.as_bytes().to_vec()), "{key}");
    }
}

#[test]
fn every_candidate_is_weak() {
    let strong: Vec<_> = candidates()
        .filter(|key| strength(key, b"").weakness.is_none())
        .map(|key| String::from_utf8_lossy(&key).into_owned())
        .collect();
    assert!(strong.is_empty(), "{} {strong:?}", strong.len());
}

#[test]
fn published_keys_name_their_source() {
    assert_eq!(
        published(b"your-256-bit-secret"),
        Some("jwt.io: the sample token")
    );
    assert!(
        published(b"super-secret-jwt-token-with-at-least-32-characters-long")
            .is_some_and(|place| place.contains("Supabase"))
    );
    assert!(published(b"a-string-secret-at-least-256-bits-long").is_some());
    for key in ["Your-256-bit-secret", "secret", "keyboard cat", ""] {
        assert_eq!(published(key.as_bytes()), None, "{key}");
    }
}

#[test]
fn the_worst_comes_first() {
    assert!(Weakness::ALL.is_sorted());
    assert_eq!(Weakness::ALL.first(), Some(&Listed));
}

proptest::proptest! {
    #[test]
    fn no_value_is_too_odd(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), text in "[a-zA-Z0-9._ -]{0,60}") {
        for (value, key) in [(&bytes[..], text.as_bytes()), (text.as_bytes(), &bytes), (&bytes, b"K_BASE64"), (text.as_bytes(), b"K_HEX")] {
            let judged = strength(value, key);
            proptest::prop_assert!(judged.bytes <= value.len());
        }
    }

    #[test]
    fn random_keys_are_strong(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 32..64)) {
        let distinct: std::collections::HashSet<_> = bytes.iter().collect();
        proptest::prop_assume!(distinct.len() > 24);
        for value in [data_encoding::BASE64.encode(&bytes), data_encoding::HEXLOWER.encode(&bytes)] {
            proptest::prop_assert_eq!(strength(value.as_bytes(), b"JWT_SECRET").weakness, None);
        }
    }
}
