//! Azure's "highly identifiable secrets": base64 keys with a four-character signature of the service near the end,
//! and a Marvin32 sum last. Algorithm, signatures and seeds are those of microsoft/security-utilities
//! (`Marvin.cs`, `IdentifiableMetadata.cs`, `IdentifiableSecrets.cs`); storage and Cosmos DB keys are measured.
//!
//! Keys issued before the scheme have no signature, so a key without one is never called wrong.

use super::{Evidence, Verdict, text};
use data_encoding::BASE64_NOPAD;

/// Seed of storage keys and of every annotated key.
const DEFAULT: &[u8; 8] = b"Default0";

/// A service's signature, its name, and its seeds; a seed is eight ASCII characters that name the kind of key.
type Service = (&'static [u8; 4], &'static str, &'static [&'static [u8; 8]]);

const MESSAGING: &[&[u8; 8]] = &[
    b"Send0000",
    b"Manage00",
    b"Listen00",
    b"System00",
    b"Unknown0",
];

const SERVICES: [Service; 15] = [
    (b"+ASt", "Azure Storage", &[DEFAULT]),
    (
        b"ACDb",
        "Azure Cosmos DB",
        &[
            b"MastRW00",
            b"MastRO00",
            b"SystRW00",
            b"SystRO00",
            b"SysAll00",
            b"Resour00",
            b"Encryp00",
        ],
    ),
    (b"+ABa", "Azure Batch", &[b"AbAcct00"]),
    (b"+ASb", "Azure Service Bus", MESSAGING),
    (b"+AEh", "Azure Event Hubs", MESSAGING),
    (b"+ARm", "Azure Relay", MESSAGING),
    (b"AZEG", "Azure Event Grid", &[b"SendRecv"]),
    (
        b"AIoT",
        "Azure IoT",
        &[b"IoTHub00", b"DpsKey00", b"Device00"],
    ),
    (REDIS, "Azure Cache for Redis", &[b"Access00"]),
    (b"+ACR", "Azure Container Registry", &[b"ACRDflt0"]),
    (
        b"AzFu",
        "Azure Functions",
        &[b"Master00", b"System00", b"Functi00"],
    ),
    (b"AzSe", "Azure AI Search", &[b"Query000", b"PAdmin00"]),
    (
        b"APIM",
        "Azure API Management",
        &[b"Tenant00", b"IoTHub00", b"Gatewy00", b"GitKey00"],
    ),
    (b"+AMC", "Azure Machine Learning", &[b"Classic0"]),
    (b"+SQL", "Azure SQL", &[b"UsrPwd00"]),
];

const REDIS: &[u8; 4] = b"AzCa";

/// Keys with a signature before the sum, tried with every seed of the service the signature names.
pub(super) fn his(token: &[u8]) -> Evidence {
    let unknown = || Evidence::of(Verdict::Unknown);
    let plain = text::unescape(token);
    let Some(bytes) = text::base64(&plain) else {
        return unknown();
    };
    // The vendor's own limits; the sum is the last four bytes, the signature the last whole characters before it.
    if !(24..=4096).contains(&bytes.len()) {
        return unknown();
    }
    let written = BASE64_NOPAD.encode(&bytes).into_bytes();
    let Some((covered, sum)) = bytes.split_last_chunk::<4>() else {
        return unknown();
    };
    let end = covered.len() * 4 / 3;
    let signature = written.get(end.saturating_sub(4)..end).unwrap_or_default();
    let Some((_, service, seeds)) = SERVICES.iter().find(|(known, ..)| *known == signature) else {
        return unknown();
    };
    let seed = seeds.iter().find(|seed| {
        let expected = marvin32(seed, covered).to_le_bytes();
        expected == *sum || (signature == REDIS && redis(covered, expected) == written)
    });
    let verdict = match seed {
        Some(_) => Verdict::Valid,
        // The vendor's check of rewritten Redis keys covers the sum itself, so we cannot tell ours is what is issued.
        None if signature == REDIS => Verdict::Unknown,
        None => Verdict::Invalid,
    };
    Evidence::of(verdict)
        .with("service", Some((*service).to_owned()))
        .with("access", seed.and_then(|seed| access(seed)))
}

/// Redis keys are rewritten without the characters that connection strings trip over.
fn redis(covered: &[u8], sum: [u8; 4]) -> Vec<u8> {
    let key = BASE64_NOPAD.encode(&[covered, &sum].concat());
    key.replace('+', "P").replace('/', "F").into_bytes()
}

/// What the seed that fits says of the key's rights, where the vendor's name for it is plain.
fn access(seed: &[u8; 8]) -> Option<String> {
    let meaning = match seed {
        b"MastRW00" => "master, read and write",
        b"MastRO00" => "master, read only",
        b"SystRW00" => "system, read and write",
        b"SystRO00" => "system, read only",
        b"Send0000" => "send",
        b"Manage00" => "manage",
        b"Listen00" => "listen",
        b"IoTHub00" => "hub or subscription",
        b"DpsKey00" => "device provisioning",
        b"Device00" => "device",
        b"Master00" => "master",
        b"System00" => "system",
        b"Functi00" => "function",
        b"Query000" => "query",
        b"PAdmin00" => "admin",
        b"Tenant00" => "direct management",
        b"Gatewy00" => "gateway",
        b"GitKey00" => "repository",
        _ => return None,
    };
    Some(meaning.to_owned())
}

/// The common annotated key of 84 characters (or 88 with the rest of the sum and padding): `JQQJ9`, year and month
/// of issue, reserved bytes, the provider's signature, three bytes of the sum. No published sample verifies, so a
/// mismatch proves nothing.
pub(super) fn annotated(token: &[u8]) -> Evidence {
    let (Some(covered), Some(sum)) = (token.get(..80), token.get(80..84)) else {
        return Evidence::of(Verdict::Unknown);
    };
    let issued = match covered.get(52..60) {
        Some([b'J', b'Q', b'Q', b'J', b'9', _, year, month]) => issued(*year, *month),
        _ => return Evidence::of(Verdict::Unknown),
    };
    let provider = covered.get(76..80).unwrap_or_default();
    let service = match provider.to_ascii_uppercase().as_slice() {
        b"AZDO" => Some("Azure DevOps".to_owned()),
        b"ACOG" => Some("Azure AI services".to_owned()),
        _ => text::fact(&String::from_utf8_lossy(provider)),
    };
    let expected = text::base64(covered).map(|bytes| marvin32(DEFAULT, &bytes).to_le_bytes());
    let verdict = match (expected, text::base64(sum)) {
        (Some(expected), Some(sum)) if expected.starts_with(&sum) => Verdict::Valid,
        _ => Verdict::Unknown,
    };
    Evidence::of(verdict)
        .with("service", service)
        .with("issued", issued)
}

/// The month of issue: `A` is 2024, and `A` is January.
fn issued(year: u8, month: u8) -> Option<String> {
    if !year.is_ascii_uppercase() || !(b'A'..=b'L').contains(&month) {
        return None;
    }
    let (year, month) = (2024 + u16::from(year - b'A'), month - b'A' + 1);
    Some(format!("{year}-{month:02}"))
}

/// Marvin32 with a 64-bit seed, given as the text it spells in big-endian order.
fn marvin32(seed: &[u8; 8], data: &[u8]) -> u32 {
    let seed = u64::from_be_bytes(*seed);
    let (mut p0, mut p1) = (seed as u32, (seed >> 32) as u32);
    let mut mix = |word: u32| {
        p0 = p0.wrapping_add(word);
        p1 ^= p0;
        p0 = p0.rotate_left(20).wrapping_add(p1);
        p1 = p1.rotate_left(9) ^ p0;
        p0 = p0.rotate_left(27).wrapping_add(p1);
        p1 = p1.rotate_left(19);
        p0 ^ p1
    };
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        mix(u32::from_le_bytes(*word));
    }
    let tail = rest
        .iter()
        .rev()
        .fold(0x80, |tail, byte| tail << 8 | u32::from(*byte));
    mix(tail);
    mix(0)
}

#[cfg(test)]
mod tests {
    use super::{BASE64_NOPAD, SERVICES, marvin32};
    use crate::formats::verify::{Evidence, Verdict, Verifier, text};

    fn his(token: &str) -> Evidence {
        Verifier::AzureHis.verify(token.as_bytes())
    }

    /// A key of `length` bytes with that signature and the sum of that seed.
    fn key(length: usize, signature: &[u8; 4], seed: &[u8; 8]) -> String {
        let fill: Vec<u8> = (0..length).map(|i| (i * 7 + 3) as u8).collect();
        let mut text = BASE64_NOPAD.encode(&fill).into_bytes();
        let end = (length - 4) * 4 / 3;
        text[end - 4..end].copy_from_slice(signature);
        let mut bytes = text::base64(&text).expect("still base64");
        // Where the signature ends inside a byte, that byte's low bits are zero.
        if !(length - 4).is_multiple_of(3) {
            bytes[length - 5] &= if (length - 4) % 3 == 1 { 0xfc } else { 0xf0 };
        }
        let sum = marvin32(seed, &bytes[..length - 4]).to_le_bytes();
        bytes[length - 4..].copy_from_slice(&sum);
        data_encoding::BASE64.encode(&bytes)
    }

    #[test]
    fn the_worked_example_of_a_storage_key() {
        let mut bytes: Vec<u8> = (0..57).map(|i| (i * 7 + 3) as u8).collect();
        bytes.extend(text::base64(b"+ASt").expect("base64"));
        assert_eq!(marvin32(b"Default0", &bytes), 0xf9e2_b3cf);
        let token = key(64, b"+ASt", b"Default0");
        assert!(token.ends_with("+AStz7Pi+Q=="));
        let evidence = his(&token);
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("service"), Some("Azure Storage"));
    }

    #[test]
    fn every_service_with_every_seed_and_length() {
        for (signature, service, seeds) in SERVICES {
            for seed in seeds {
                for length in [32, 39, 40, 64] {
                    let token = key(length, signature, seed);
                    let evidence = his(&token);
                    assert_eq!(evidence.verdict, Verdict::Valid, "{service} {length}");
                    assert_eq!(evidence.detail("service"), Some(service));
                }
            }
        }
    }

    #[test]
    fn url_forms_and_missing_padding_are_read() {
        let token = key(64, b"+ASt", b"Default0");
        for form in [
            token.replace('+', "-").replace('/', "_"),
            token
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D"),
            token.replace('=', ""),
        ] {
            assert_eq!(his(&form).verdict, Verdict::Valid);
        }
    }

    #[test]
    fn a_wrong_sum_is_invalid_and_no_signature_is_unknown() {
        let token = key(64, b"ACDb", b"MastRO00");
        assert_eq!(his(&token).detail("access"), Some("master, read only"));
        let (first, rest) = token.split_at(1);
        let edited = format!("{}{rest}", if first == "B" { "C" } else { "B" });
        assert_eq!(his(&edited).verdict, Verdict::Invalid);
        let old = data_encoding::BASE64.encode(&[7; 64]);
        assert_eq!(his(&old), Evidence::of(Verdict::Unknown));
    }

    #[test]
    fn annotated_keys() {
        let random = "nRgm6PM4TAYR8EgFNhVChgNEpTB2hlV9TjjQiuC1mrYTjpnyDYBv";
        let token = |sum: &str| format!("{random}{}BK{}AZDO{sum}", "JQQJ99", "A".repeat(16));
        let verify = |token: &str| Verifier::AzureAnnotated.verify(token.as_bytes());
        let evidence = verify(&token("drqn"));
        assert_eq!(evidence.verdict, Verdict::Valid);
        assert_eq!(evidence.detail("service"), Some("Azure DevOps"));
        assert_eq!(evidence.detail("issued"), Some("2025-11"));
        let edited = verify(&token("drqo"));
        assert_eq!(edited.verdict, Verdict::Unknown);
        assert_eq!(edited.detail("issued"), Some("2025-11"));
        assert!(verify(random).details.is_empty());
    }
}
