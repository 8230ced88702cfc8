//! What a generator made and what people type in its place.

use super::*;

/// A generator good enough to try many values, the same ones each time.
struct Dice(u64);

impl Dice {
    fn text(&mut self, alphabet: &[u8], len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| {
                self.0 = self
                    .0
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                alphabet[(self.0 >> 33) as usize % alphabet.len()]
            })
            .collect()
    }
}

const BASE62: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

#[test]
fn random_values_are_opaque() {
    let mut dice = Dice(7);
    let alphabets: [(&str, &[u8], usize, f32); 8] = [
        ("base62", BASE62, 32, 0.999),
        ("base62", BASE62, 16, 0.995),
        ("base62", BASE62, 12, 0.98),
        (
            "base64",
            b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
            40,
            0.999,
        ),
        ("hex", b"0123456789abcdef", 32, 0.995),
        ("base36", b"abcdefghijklmnopqrstuvwxyz0123456789", 20, 0.98),
        ("base32", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 24, 0.98),
        ("letters", b"abcdefghijklmnopqrstuvwxyz", 20, 0.97),
    ];
    for (name, alphabet, len, least) in alphabets {
        const TRIES: usize = 250;
        let mut missed = Vec::new();
        for _ in 0..TRIES {
            let text = dice.text(alphabet, len);
            let judged = value(&text, b"api_secret");
            if judged.class != Opaque {
                missed.push((judged.class, String::from_utf8_lossy(&text).into_owned()));
            }
        }
        let share = 1.0 - missed.len() as f32 / TRIES as f32;
        missed.truncate(8);
        assert!(share >= least, "{name} {len}: {share} {missed:?}");
    }
}

#[test]
fn random_tokens_are_no_placeholders() {
    let mut dice = Dice(11);
    for i in 0..400 {
        let mut body = dice.text(BASE62, 36);
        if i % 2 == 0 {
            body[3..7].copy_from_slice(if i % 4 == 0 { b"test" } else { b"xxxx" });
        }
        let token = [b"sk_live_", body.as_slice()].concat();
        assert_eq!(
            super::token(&token).class,
            Opaque,
            "{}",
            String::from_utf8_lossy(&token)
        );
    }
}

#[test]
fn made_up_tokens_are_placeholders() {
    let an = "k3T9vQ2mZx7Lb5Wn8Yp1";
    for (prefix, body) in [
        ("ghp_", "x".repeat(36)),
        ("ghp_", "XXXXXXXXXXXXXXXXXXXX1234XXXXXXXXXXXX".into()),
        ("sk_live_", "1234567890abcdefghijklmn".into()),
        ("sk_test_", "abc123...real_key".into()),
        ("xoxb-", "not-a-real-token".into()),
        ("AKIA", "IOSFODNN7ABCEXAMPLE".into()),
        ("glpat-", "YOUR-TOKEN-HERE".into()),
        ("ghp_", "YourGithubTokenHere0000000000".into()),
        ("npm_", "0".repeat(36)),
        ("ghp_", "abcdefghij".repeat(3)),
        ("ghp_", "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8".into()),
        ("sk-proj-", "your_key".into()),
    ] {
        let text = format!("{prefix}{body}");
        assert_eq!(super::token(text.as_bytes()).class, Placeholder, "{text}");
    }
    assert_eq!(
        super::token(format!("ghp_{an}{an}").as_bytes()).class,
        Placeholder,
        "a block twice"
    );
    assert_eq!(super::token(format!("ghp_{an}").as_bytes()).class, Opaque);
    assert_eq!(super::token(b"ghp_${TOKEN}").class, Reference);
}

#[test]
fn published_samples_are_known() {
    let sample = ["wJalrXUtnFEMI/K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
    assert_eq!(super::token(sample.as_bytes()).class, Placeholder);
    assert_eq!(class(&sample, "aws_secret_access_key"), Placeholder);
    let stripe = ["sk", "test", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
    assert_eq!(super::token(stripe.as_bytes()).class, Placeholder);
    let qstash = ["sig", "7RvLjqfZBvP5KEUimQCE1pvpLuou"].join("_");
    assert_eq!(class(&qstash, "qstash_current_signing_key"), Placeholder);
}

/// Held together here, so that no scanner wakes.
fn noise(len: usize) -> String {
    "k3T9vQ2mZx7Lb5Wn8Yp1q8Rt4Hs6Jd0Fg2Vc"[..len].to_owned()
}

#[test]
fn values_changed_by_hand_are_placeholders() {
    let n = noise(12);
    for (text, key) in [
        (format!("{n}=={}{}", ":", "x".repeat(32)), "api_token"),
        (format!("{n}..[Redacted]"), "api_secret"),
        (format!("sk_{n}{}", "example".repeat(8)), "acme_api_key"),
        ("fakek3999fakeecyfake3kfakeuzx".into(), "acme_token"),
        (format!("SAMPLE{}", noise(36)), "session_token"),
        ("1a2b3C4d-5E6f-7g8H-9i0J-k1l2M3n4o5p6".into(), "secret_key"),
        ("a1b2-c3d4-e5f6-g7h8-i9j0".into(), "api_key"),
        (format!("xoxc-{0}-{0}-{n}", "8".repeat(12)), "api_token"),
        (
            format!("eyJ0eXAiOiJKV1QiLCJhbGCiOiJIUzI1NiJ9.{n}.{n}"),
            "api_key",
        ),
        ("&lt;YOURPASSWROD&gt;".into(), "password"),
        (format!("acme_{n}<{0}an32>{1}", "<", ">"), "api_key"),
        (",.:-¨@*¿?!".into(), "password"),
    ] {
        assert_eq!(class(&text, key), Placeholder, "{key} = {text}");
    }
    assert_eq!(class("xqkzsib-too-short", "api_key"), Identifier);
    assert_eq!(class(&format!("$Vault.{}", noise(30)), "secret"), Reference);
    // Near misses.
    for (text, key) in [
        (noise(36), "api_key"),
        (format!("{}-xxxx", noise(24)), "api_key"),
        ("horseyexample29!4k".into(), "password"),
        (format!("SAM{}", noise(30)), "api_key"),
        ("1a9b3c7d-5e2f-7b8e-9d0a-c1f2".into(), "api_key"),
        (format!("$2{}", noise(30)), "password"),
        ("acmesib-too-short9-k3t9vq2mzx".into(), "api_key"),
    ] {
        assert_eq!(class(&text, key), Opaque, "{key} = {text}");
    }
}

#[test]
fn edited_samples_are_known() {
    let core = ["EMI/K7MDENG", "bPxRfiCY"].join("/");
    for text in [
        format!("wJalrXUtnF{core}EXAMPLEKE"),
        format!("wJalrXUtnF{core}EXAMPLEKEYa"),
        format!("wJalrXUtnF{core}SECRETSKEY"),
        format!("SAMPLEUtnF{core}EXXXXXXKEY"),
    ] {
        assert_eq!(class(&text, "aws_secret_access_key"), Placeholder, "{text}");
        assert_eq!(super::token(text.as_bytes()).class, Placeholder, "{text}");
    }
    let other = ["wJalrXUtnFEMI/K7MDENG", "bPxRfiCZEkAmPLqKEY"].join("/");
    assert_eq!(class(&other, "aws_secret_access_key"), Opaque);
}

#[test]
fn tokens_with_a_masked_part_are_placeholders() {
    for text in [
        format!(
            "https://hooks.acme.io/services/T00000000/B00000000/{}",
            "X".repeat(24)
        ),
        format!("acme_{}-{}", noise(10), "*".repeat(12)),
        format!("xoxc-{0}-{0}-{1}", "8".repeat(12), noise(30)),
    ] {
        assert_eq!(super::token(text.as_bytes()).class, Placeholder, "{text}");
    }
    let real = format!(
        "https://hooks.acme.io/services/T01ABCD9F/B02K4Q7ZR/{}",
        noise(24)
    );
    assert_eq!(super::token(real.as_bytes()).class, Opaque);
}
