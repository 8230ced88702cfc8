//! Pair rules: a name that means a secret, and a value that can be one.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Document;
use super::compiled::Compiled;
use super::ruleset::Ruleset;
use crate::classify::names::{self, Name, NameClass};
use crate::classify::strength::strength;
use crate::classify::values::{Value, ValueClass};
use crate::classify::{contexts, values};
use crate::facts::{Facts, Format, Pair, Via};
use crate::formats::verify::Verdict;
use crate::model::{Confidence, Hit, Secret, Span};
use crate::text::Syntax;

/// The look of an expression.
const FETCHED: Value = Value {
    class: ValueClass::Reference,
    bits: 0.0,
};
/// A password from here on is a machine's, and no example of a documentation.
const STRONG_BITS: f32 = 90.0;
/// So many names around a pair take part in the judgement of its own.
const AROUND: usize = 3;

/// A name that means a secret, or says whose it is, with its value: what checks over the tree compare.
pub struct Stated {
    /// Where the name stands.
    pub key: Span,
    /// Where the value stands.
    pub value: Span,
    /// The names around it and its own, joined by dots.
    pub path: String,
    /// The value as the program gets it.
    pub text: Secret,
    /// What the name means.
    pub name: Name,
    /// What the value looks like.
    pub judged: Value,
}

/// A pair with all that rules ask of it.
struct Asked<'a> {
    pair: &'a Pair,
    key: &'a [u8],
    text: &'a [u8],
    /// The names around it, joined by dots.
    around: &'a str,
    name: Name,
    value: OnceCell<Value>,
}

impl Asked<'_> {
    /// What the value looks like; of most pairs nobody asks.
    fn value(&self) -> Value {
        *self
            .value
            .get_or_init(|| values::value(self.text, self.key))
    }
}

/// Holds one pair against the pair rules. Gives what checks over the tree may compare: of a document that was read as a whole every name
/// that means a secret or says whose it is, of others the keys that sign.
pub(super) fn judge(
    set: &Ruleset,
    document: &Document<'_>,
    (facts, format): (&Facts, Option<Format>),
    pair: &Pair,
    hits: &mut Vec<Hit>,
) -> Option<Stated> {
    let key = &document.text[pair.key.range()];
    let (path, around) = path(document.text, facts, pair);
    let own = names::name(&path);
    // By its place alone, or where its name says nothing.
    let silent =
        own.class == NameClass::Other || own.class == NameClass::Identifier && key == b"key";
    let by_place = pair.via == Via::Item || silent;
    let name = match pair.role.filter(|_| by_place) {
        Some(role) => names::name(role.as_bytes()),
        None => own,
    };
    let secret = name.class.holds_secret();
    let whole = format.is_some();
    if !secret && !whole {
        return None;
    }
    let behind = &document.text[pair.value.end..];
    if values::has_hole(pair.value(document.text)) || behind.starts_with(b"<<") {
        return None;
    }
    let sealed = |s: Span| values::is_sealed(&document.text[s.range()]);
    if facts.path(pair.within).any(sealed) {
        return None;
    }
    let asked = Asked {
        pair,
        key,
        text: pair.value(document.text),
        around: &around,
        name,
        value: OnceCell::new(),
    };
    // What stands bare in a program is fetched at run time.
    if matches!(format, Some(Format::Script | Format::Hcl))
        && !pair.quoted
        && !asked.text.is_empty()
    {
        let _ = asked.value.set(FETCHED);
    }
    // One fault of each family: the first rule that fits speaks.
    let mut told: Vec<&str> = Vec::new();
    for rule in set.pair_rules(secret) {
        let family = rule.check.family.as_str();
        if !told.contains(&family) && fits(rule, document, &asked) {
            told.push(family);
            hits.push(hit(rule, document, &asked));
        }
    }
    let compared = whole && (secret || name.class == NameClass::Identifier) || name.signing;
    compared.then(|| Stated {
        key: pair.key,
        value: pair.value,
        path: String::from_utf8_lossy(&path).into_owned(),
        text: Secret::new(asked.text),
        name,
        judged: asked.value(),
    })
}

/// The last names around a pair and its own, and all those around it.
fn path<'a>(text: &'a [u8], facts: &Facts, pair: &Pair) -> (Cow<'a, [u8]>, String) {
    let key = &text[pair.key.range()];
    let mut around: Vec<_> = facts.path(pair.within).map(|s| &text[s.range()]).collect();
    if around.is_empty() {
        return (Cow::Borrowed(key), String::new());
    }
    around.reverse();
    let last = &around[around.len().saturating_sub(AROUND)..];
    let path = [&last.join(&b'.')[..], key].join(&b'.');
    let around = around.join(&b'.');
    let around = String::from_utf8_lossy(&around).into_owned();
    (Cow::Owned(path), around)
}

fn fits(rule: &Compiled, document: &Document<'_>, asked: &Asked<'_>) -> bool {
    let Asked { pair, name, .. } = asked;
    // Globs cost the most, so they are asked last.
    let named = || match rule.named.is_empty() {
        true => {
            !name.client_safe
                && (rule.keys.is_empty() && rule.rule.mentions.is_some()
                    || rule.keys.contains(&name.class))
        }
        false => rule.named.is_match(&*String::from_utf8_lossy(asked.key)),
    };
    (rule.via.is_empty() || rule.via.contains(&pair.via))
        && rule.rule.quoted.is_none_or(|quoted| quoted == pair.quoted)
        && rule.rule.public.is_none_or(|public| public == name.public)
        && rule
            .rule
            .signing
            .is_none_or(|signing| signing == name.signing)
        && named()
        && (rule.within.is_empty() || rule.within.is_match(asked.around))
        && rule.rule.mentions.is_none_or(|yes| yes == mentions(asked))
        && rule.wants(document)
        && (rule.values.is_empty() || rule.values.contains(&asked.value().class))
        && rule.rule.bits.is_none_or(|bits| asked.value().bits >= bits)
        && rule.pattern.as_ref().is_none_or(|p| p.is_whole(asked.text))
        && is_weak_enough(rule, asked)
}

/// Whether the value is the name of a secret, or ends in one: `process.env.JWT_SECRET`.
fn mentions(asked: &Asked<'_>) -> bool {
    let name = names::name(asked.text);
    name.class.holds_secret() && !name.client_safe
}

fn is_weak_enough(rule: &Compiled, asked: &Asked<'_>) -> bool {
    if rule.weak.is_empty() && rule.rule.shorter.is_none() {
        return true;
    }
    let strength = strength(asked.text, asked.key);
    (rule.weak.is_empty() || strength.weakness.is_some_and(|w| rule.weak.contains(&w)))
        && rule.rule.shorter.is_none_or(|bytes| strength.bytes < bytes)
}

fn hit(rule: &Compiled, document: &Document<'_>, asked: &Asked<'_>) -> Hit {
    let Asked { pair, text, .. } = *asked;
    let value = asked.value();
    let mut hit = rule.hit();
    if let Some(evidence) = rule.verifier.map(|v| v.verify(text)) {
        hit.proved = evidence.verdict == Verdict::Valid;
        if hit.proved {
            hit.confidence = Confidence::High;
        }
        hit.details = evidence.details;
    }
    if rule.rule.shorter.is_some() {
        let bytes = strength(text, asked.key).bytes;
        hit.details.push(("bytes", bytes.to_string()));
    }
    let sampled = asked.name.class == NameClass::Password
        && value.bits < STRONG_BITS
        && in_comment_of_code(document, pair);
    let opaque = value.class == ValueClass::Opaque;
    let literal = values::default(text).unwrap_or(text);
    let doubtful = sampled || opaque && !asked.name.self_chosen && !is_issued(literal);
    if !hit.proved && doubtful {
        hit.confidence = Confidence::Low;
    }
    hit.key = Some(String::from_utf8_lossy(asked.key).into_owned());
    hit.span = if pair.value.is_empty() {
        pair.key
    } else {
        pair.value
    };
    if !pair.value.is_empty() && rule.rule.secret {
        hit.hidden = vec![pair.value];
        hit.secret = Some(Secret::new(text));
    }
    hit
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
                whole: false,
                setting: &crate::classify::Setting::new(&path, crate::model::Standing::Unversioned),
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
