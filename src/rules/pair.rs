//! Pair rules: a name that means a secret, and a value that can be one.

use super::Document;
use super::ruleset::Compiled;
use crate::classify::{names, values};
use crate::facts::Pair;
use crate::formats::verify::Verdict;
use crate::model::{Confidence, Hit, Secret};

/// Holds one pair against the pair rules.
pub(super) fn hits<'a>(
    rules: impl Iterator<Item = &'a Compiled>,
    document: &Document<'_>,
    pair: &Pair,
    hits: &mut Vec<Hit>,
) {
    let key = &document.text[pair.key.range()];
    let name = names::name(key);
    if !name.class.holds_secret() || name.client_safe {
        return;
    }
    let text = &document.text[pair.value.range()];
    let value = values::value(text, key);
    for rule in rules {
        let fits = rule.keys.contains(&name.class)
            && (rule.values.is_empty() || rule.values.contains(&value.class))
            && rule.rule.bits.is_none_or(|bits| value.bits >= bits)
            && rule.rule.quoted.is_none_or(|quoted| quoted == pair.quoted)
            && rule.pattern.as_ref().is_none_or(|p| p.is_whole(text))
            && rule.wants(document);
        if !fits {
            continue;
        }
        let mut hit = rule.hit();
        if let Some(evidence) = rule.verifier.map(|v| v.verify(text)) {
            hit.proved = evidence.verdict == Verdict::Valid;
            if hit.proved {
                hit.confidence = Confidence::High;
            }
            hit.details = evidence.details;
        }
        if !hit.proved && !name.self_chosen && !is_issued(text) {
            hit.confidence = Confidence::Low;
        }
        hit.span = pair.value;
        hit.hidden = vec![pair.value];
        hit.key = Some(String::from_utf8_lossy(key).into_owned());
        hit.secret = Some(Secret::new(text));
        hits.push(hit);
        return;
    }
}

/// Whether a vendor can have issued the value: they keep to the alphabets of base64, base64url, hexadecimal and their like, so that a token
/// passes through headers and URLs. People's passwords hold anything.
fn is_issued(value: &[u8]) -> bool {
    value
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || b"-_+/=.:~|".contains(b))
}
