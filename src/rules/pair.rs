//! Pair rules: a name that means a secret, and a value that can be one.

use super::Document;
use super::compiled::Compiled;
use crate::classify::names::{self, NameClass};
use crate::classify::{contexts, values};
use crate::facts::Pair;
use crate::formats::verify::Verdict;
use crate::model::{Confidence, Hit, Secret};
use crate::text::Syntax;

/// A password from here on is a machine's, and no example of a documentation.
const STRONG_BITS: f32 = 90.0;

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
        let sampled = name.class == NameClass::Password
            && value.bits < STRONG_BITS
            && in_comment_of_code(document, pair);
        let doubtful = sampled || !name.self_chosen && !is_issued(text);
        if !hit.proved && doubtful {
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

/// Comments of code show how a thing is called, with passwords made up for it; those of configuration hold what was in use.
fn in_comment_of_code(document: &Document<'_>, pair: &Pair) -> bool {
    const LONGEST: usize = 400;
    let end = pair.key.start;
    let low = end.saturating_sub(LONGEST);
    let before = &document.text[low..end];
    document.syntax == Syntax::Code && contexts::in_comment(before)
}

/// Whether a vendor can have issued the value: they keep to the alphabets of base64, base64url, hexadecimal and their like, so that a token
/// passes through headers and URLs. People's passwords hold anything.
fn is_issued(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || b"-_+/=.:~|".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_code_hold_examples() {
        let told = |syntax, text: &str| {
            let path = crate::model::RelPath::from("a");
            let document = Document {
                path: &path,
                syntax,
                text: text.as_bytes(),
            };
            let at = text.find("password").unwrap_or_default();
            let pairs = crate::facts::pairs(document.text, syntax, &[at]);
            pairs
                .iter()
                .map(|pair| in_comment_of_code(&document, pair))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(Syntax::Code, "x\n  # new(password: 'v1')"), [true]);
        assert_eq!(told(Syntax::Code, "// x\nnew(password: 'v1')"), [false]);
        assert_eq!(told(Syntax::Yaml, "# password: v1"), [false]);
    }

    #[test]
    fn blanks_around_a_token_are_none_of_it() {
        assert!(is_issued(b" k3T9vQ2mZx7L "));
        assert!(!is_issued(b"k3T9 vQ2mZx7L"));
    }
}
