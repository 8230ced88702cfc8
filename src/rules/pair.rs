//! Pair rules: a name that means a secret, and a value that can be one.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Document;
use super::compiled::Compiled;
use super::reading::is_judged;
use super::ruleset::Ruleset;
use crate::classify::names::{self, Name, NameClass};
use crate::classify::strength::strength;
use crate::classify::values::{Value, ValueClass};
use crate::classify::{contexts, values};
use crate::facts::{Facts, Format, Pair, Via};
use crate::formats::verify::{Verdict, Verifier};
use crate::model::{Confidence, Edit, Hit, Joint, Proposal, Secret, Span, Why};
use crate::text::Syntax;

/// The look of an expression.
const FETCHED: Value = Value {
    class: ValueClass::Reference,
    bits: 0.0,
};
/// A password from here on is a machine's, and no example of a documentation.
const STRONG_BITS: f32 = 90.0;
/// Characters of a name that are told.
const LONGEST_NAME: usize = 60;
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
    if !whole && !is_judged(name.class) {
        return None;
    }
    let behind = &document.text[pair.value.end..];
    if values::has_hole(pair.value(document.text)) || behind.starts_with(b"<<") {
        return None;
    }
    if is_character(document, pair) {
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
    if pair.via == Via::Comparison {
        return None;
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

/// Whether the quotes of a value enclose a character: single ones do in C and its kin, where no text or comment stands around them.
fn is_character(document: &Document<'_>, pair: &Pair) -> bool {
    const ENDS: &[&[u8]] = &[
        b"c", b"h", b"cc", b"cpp", b"hpp", b"m", b"mm", b"java", b"kt", b"scala", b"go", b"rs",
        b"cs",
    ];
    const LONGEST: usize = 400;
    let single = pair.value.start.checked_sub(1).map(|at| document.text[at]) == Some(b'\'');
    if !pair.quoted || !single || document.syntax != Syntax::Code {
        return false;
    }
    let name = document.path.name();
    let end = name.rsplit(|&b| b == b'.').next().unwrap_or_default();
    let low = pair.key.start.saturating_sub(LONGEST);
    let before = &document.text[low..pair.key.start];
    let line = before.rsplit(|&b| b == b'\n').next().unwrap_or_default();
    let quotes = line.iter().filter(|b| matches!(b, b'"' | b'`')).count();
    ENDS.contains(&end) && quotes % 2 == 0 && !contexts::in_comment(line)
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
        false => rule.named.is_match(asked.key),
    };
    is_written_so(rule, pair.via)
        && rule.rule.quoted.is_none_or(|quoted| quoted == pair.quoted)
        && rule.rule.public.is_none_or(|public| public == name.public)
        && rule
            .rule
            .signing
            .is_none_or(|signing| signing == name.signing)
        && rule.wants_kind(document)
        && named()
        && (rule.within.is_empty() || rule.within.is_match(asked.around))
        && rule.rule.mentions.is_none_or(|yes| yes == mentions(asked))
        && rule.wants(document)
        && (rule.values.is_empty() || rule.values.contains(&asked.value().class))
        && rule.rule.bits.is_none_or(|bits| asked.value().bits >= bits)
        && rule.pattern.as_ref().is_none_or(|p| p.is_whole(asked.text))
        && is_weak_enough(rule, asked)
}

/// Whether the rule looks at pairs that are written so. What is only asked for in a comparison is given nothing, so a rule must name it.
fn is_written_so(rule: &Compiled, via: Via) -> bool {
    if rule.via.is_empty() {
        via != Via::Comparison
    } else {
        rule.via.contains(&via)
    }
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
    let key = String::from_utf8_lossy(asked.key).into_owned();
    hit.because(Why::Named(key.chars().take(LONGEST_NAME).collect()));
    hit.because(value.told());
    if let Some(evidence) = rule.verifier.map(|v| v.verify(text)) {
        hit.proved = evidence.verdict == Verdict::Valid;
        if hit.proved {
            hit.confidence = Confidence::High;
            hit.because(Why::Proved(rule.verifier.map_or("", Verifier::as_str)));
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
    let doubtful = sampled || opaque && !asked.name.self_chosen && !is_issued(literal, value);
    if !hit.proved && doubtful {
        hit.confidence = Confidence::Low;
        hit.because(match sampled {
            true => Why::Sample,
            false => Why::MadeByHand,
        });
    }
    hit.key = Some(key);
    hit.proposal = proposal(rule, asked);
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

/// What the rule would do about the value.
fn proposal(rule: &Compiled, asked: &Asked<'_>) -> Option<Proposal> {
    let span = asked.pair.value;
    let mend = rule.rule.mend.as_ref()?;
    let text = |name| String::from_utf8_lossy(name).into_owned();
    if mend.unpublished {
        let to = names::unpublished(asked.key)?;
        return Some(Proposal::Rename(text(asked.key), text(to)));
    }
    if span.is_empty() {
        return None;
    }
    if mend.random {
        return Some(Proposal::Random(text(asked.key), span));
    }
    Some(Proposal::Edit(Edit {
        span,
        text: mend.put.clone()?,
        joint: Joint::default(),
    }))
}

/// Comments of code show how a thing is called, with passwords made up for it; those of configuration, and statements that were commented out, hold
/// what was in use.
fn in_comment_of_code(document: &Document<'_>, pair: &Pair) -> bool {
    const LONGEST: usize = 400;
    let end = pair.key.start;
    let low = end.saturating_sub(LONGEST);
    let before = &document.text[low..end];
    document.syntax == Syntax::Code
        && contexts::in_comment(before)
        && !is_commented_out(document.text, pair)
}

/// Whether the comment on the line of `pair` is the pair and nothing else: `#dbPassword = 'x'`.
fn is_commented_out(text: &[u8], pair: &Pair) -> bool {
    const LONGEST: usize = 80;
    let low = pair.key.start.saturating_sub(LONGEST);
    let start = memchr::memrchr(b'\n', &text[low..pair.key.start]).map_or(low, |at| low + at + 1);
    // Samples in the documentation of code are set in by more than one blank.
    let mark = text[start..pair.key.start].trim_ascii_start();
    let mark = mark.strip_suffix(b" ").unwrap_or(mark);
    let high = text.len().min(pair.value.end + LONGEST);
    let rest = &text[pair.value.end..high];
    let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    matches!(mark, b"#" | b"//" | b"--")
        && pair.quoted
        && pair.via == Via::Assignment
        && matches!(
            rest.trim_ascii(),
            [b'"' | b'\''] | [b'"' | b'\'', b';' | b',']
        )
}

/// Whether a vendor or a generator can have issued the value: they keep to the alphabets of base64, base64url, hexadecimal and their like, so that a
/// token passes through headers and URLs, or put it into an object of JSON. Long noise in which every eighth sign is another comes from a generator
/// of passwords, which frameworks ask for; one other sign in a token's alphabet was put there by hand.
fn is_issued(text: &[u8], value: Value) -> bool {
    /// WordPress' salts have some 380.
    const MACHINE_BITS: f32 = 160.0;
    let text = text.trim_ascii();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_+/=.:~|".contains(b);
    text.iter().all(plain)
        || matches!(text, [b'{', .., b'}'])
        || value.bits >= MACHINE_BITS
            && text.is_ascii()
            && !text.contains(&b'\\')
            && text.iter().filter(|b| !plain(b)).count() * 8 >= text.len()
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
                beginning: text.as_bytes(),
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
        assert_eq!(told(Syntax::Code, "#password = 'v1'\n"), [false]);
        assert_eq!(told(Syntax::Code, "// password = \"v1\";\n"), [false]);
        assert_eq!(told(Syntax::Code, "/// password = \"v1\";\n"), [true]);
        assert_eq!(told(Syntax::Code, "#   password = 'v1'\n"), [true]);
        assert_eq!(told(Syntax::Code, "# e.g. password = 'v1'\n"), [true]);
        assert_eq!(told(Syntax::Yaml, "# password: v1"), [false]);
    }

    #[test]
    fn blanks_around_a_token_are_none_of_it() {
        let issued = |text: &[u8]| is_issued(text, values::value(text, b"token"));
        assert!(issued(b" k3T9vQ2mZx7L "));
        assert!(!issued(b"k3T9 vQ2mZx7L"));
        let salt = ["k3T9 vQ2m(Zx7L%", "Rj4,vTq8>1zWm#", "c6 ]Hd0Ge&2Nf9"].concat();
        assert!(issued(salt.as_bytes()));
    }
}
