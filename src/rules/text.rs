//! Text rules: a keyword woke one, its pattern decides.

use super::Document;
use super::compiled::Compiled;
use crate::classify::names::{self, NameClass};
use crate::classify::values::{self, ValueClass};
use crate::facts;
use crate::formats::verify::{Verdict, Verifier};
use crate::formats::{Match, Seen};
use crate::model::{Confidence, Hit, Secret, Span, Why};

/// A word of `near` stands at most so many bytes before the match or behind it, or on its line.
const NEAR: usize = 120;
/// A match that a word stands in begins at most so many bytes before it.
const BESIDE: usize = 24;
/// On a match's own line a word is looked for at most so far away: a minified file is one line.
const LINE: usize = 400;

/// A value begins at most so many bytes behind where the match does, or behind the name of the service: `(apiKey = "`.
const BEFORE_VALUE: usize = 96;
/// Signs after which nobody asks what a value is.
const LONGEST_VALUE: usize = 256;

/// What people make up as a password takes so many bits to guess; below it is a word from the list of every attacker.
const PASSWORD_BITS: f32 = 17.0;

/// Runs rule `index` around its keyword at `at`. `seen` holds for each rule where it has looked already.
pub(super) fn hits(
    rules: &[Compiled],
    index: usize,
    document: &Document<'_>,
    at: usize,
    seen: &mut Vec<Seen>,
    hits: &mut Vec<Hit>,
) {
    let rule = &rules[index];
    seen.resize(rules.len().max(seen.len()), Seen::default());
    let seen = &mut seen[index];
    let Some(pattern) = &rule.pattern else { return };
    let is_own = !rule.rule.keywords.is_empty();
    // Asked in the order of what it costs.
    if at < seen.starts || is_own && !pattern.may_stand(document.text, at) || !rule.wants(document)
    {
        return;
    }
    let mut found = Vec::new();
    // A pattern takes longer to run than a text to look through.
    let may_match = |begins: Span| !rule.of_services || holds_value(document.text, begins);
    if rule.rule.beside {
        // The name itself is no value, and a value may begin within it only where it is none.
        if !may_match(Span::new(at, at + BESIDE + BEFORE_VALUE)) {
            return;
        }
        let end = at + length_at(document.text, at, &rule.rule.near);
        let start = at.saturating_sub(BESIDE).max(seen.starts);
        let range = Span::new(start, document.text.len().min(end + 1));
        pattern.within(document.text, range, &mut found);
        found.retain(|m| m.secret.start >= end);
    } else if !is_own {
        let range = neighbourhood(document.text, at, seen.starts);
        if may_match(Span::new(range.start, range.end + BEFORE_VALUE)) {
            pattern.within(document.text, range, &mut found);
        }
        seen.starts = range.end;
    } else {
        pattern.around(document.text, at, seen, &mut found);
        found.retain(|m| is_near(document.text, m.span, &rule.rule.near));
    }
    found.retain(|m| !rule.of_services || !is_published(document.text, m.span.start));
    for m in found {
        seen.starts = seen.starts.max(m.span.end);
        hits.extend(judge(rule, document, m));
    }
}

/// Whether one of `words` stands around the match or on its line, if there are any.
fn is_near(text: &[u8], span: Span, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let low = span.start.saturating_sub(LINE);
    let line = memchr::memrchr(b'\n', &text[low..span.start]).map_or(low, |i| low + i + 1);
    let high = text.len().min(span.end + LINE);
    let end = memchr::memchr(b'\n', &text[span.end..high]).map_or(high, |i| span.end + i);
    let end = end.max(text.len().min(span.end + NEAR));
    let around = text[line.min(span.start.saturating_sub(NEAR))..end].to_ascii_lowercase();
    words
        .iter()
        .any(|word| memchr::memmem::find(&around, word.as_bytes()).is_some())
}

/// Whether the name that holds the byte at `at` is of what is made to be published: `algolia_search_key`.
fn is_published(text: &[u8], at: usize) -> bool {
    let name = names::name(&text[facts::name_at(text, at).range()]);
    name.client_safe || name.class == NameClass::PublicKey
}

/// Whether a value begins at `begins` that no word is: so many signs without a blank, a digit among them. The names of services stand in every
/// text, and few of them beside one.
fn holds_value(text: &[u8], begins: Span) -> bool {
    const SIGNS: usize = 16;
    let (mut signs, mut digit) = (0, false);
    let end = text.len().min(begins.end);
    for (at, b) in text.iter().enumerate().skip(begins.start) {
        let is_sign = b.is_ascii_alphanumeric()
            || matches!(b, b'_' | b'.' | b'+' | b'/' | b'=' | b'~' | b'-');
        if !is_sign {
            // What goes on behind the end began before it.
            if at >= end {
                return false;
            }
            (signs, digit) = (0, false);
            continue;
        }
        signs += 1;
        digit |= b.is_ascii_digit();
        if signs >= SIGNS && digit || signs > LONGEST_VALUE {
            return true;
        }
    }
    false
}

/// How long the longest of `words` is that stands at `at`.
fn length_at(text: &[u8], at: usize, words: &[String]) -> usize {
    let rest = &text[at..];
    let Some(first) = rest.first().map(u8::to_ascii_lowercase) else {
        return 0;
    };
    let stands = |word: &&String| {
        word.as_bytes().first() == Some(&first)
            && rest
                .get(..word.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    let words = words.iter().filter(stands);
    words.map(String::len).max().unwrap_or_default()
}

/// Where a match may start that a word of `near` at `at` is near to; what was looked through already is left out.
fn neighbourhood(text: &[u8], at: usize, done: usize) -> Span {
    let low = at.saturating_sub(LINE);
    let start = memchr::memrchr(b'\n', &text[low..at]).map_or(low, |i| low + i + 1);
    let high = text.len().min(at + LINE);
    let line_end = memchr::memchr(b'\n', &text[at..high]).map_or(high, |i| at + i);
    let start = start.min(at.saturating_sub(NEAR));
    Span::new(start.max(done), text.len().min(line_end.max(at + NEAR)))
}

/// Weighs a match: what its value is, what its structure proves.
fn judge(rule: &Compiled, document: &Document<'_>, m: Match) -> Option<Hit> {
    let value = &document.text[m.secret.range()];
    if goes_on(&document.text[m.span.end..]) {
        return None;
    }
    let mut hit = rule.hit();
    let evidence = rule
        .verifier
        .map(|v| v.verify(&document.text[m.span.range()]));
    let prover = rule.verifier.map_or("", Verifier::as_str);
    match evidence.as_ref().map(|e| e.verdict) {
        Some(Verdict::Valid) => {
            hit.confidence = Confidence::High;
            hit.proved = true;
            hit.because(Why::Proved(prover));
        }
        _ if rule.rule.sink => {
            if values::has_hole(value) {
                return None;
            }
        }
        // A checksum proves more than any look of the value.
        _ => {
            let (looks, why) = looks(rule, document.text, m.secret)?;
            hit.confidence = hit.confidence.min(looks);
            why.into_iter().for_each(|why| hit.because(why));
            if matches!(evidence.as_ref().map(|e| e.verdict), Some(Verdict::Invalid)) {
                hit.confidence = hit.confidence.lowered();
                hit.because(Why::Disproved(prover));
            }
        }
    }
    hit.details = evidence.map(|e| e.details).unwrap_or_default();
    hit.span = m.secret;
    if rule.rule.secret {
        hit.hidden = vec![m.secret];
        hit.secret = Some(Secret::new(value));
    }
    Some(hit)
}

/// Whether a template's hole follows: what was matched is the fixed part of a value that is put together later.
fn goes_on(rest: &[u8]) -> bool {
    const HOLES: &[&[u8]] = &[b"<<", b"${", b"{{", b"#{", b"%{", b"$(", b"<%"];
    HOLES.iter().any(|hole| rest.starts_with(hole))
}

/// How sure the look of a value leaves one that it is real, and why if it was judged by more than its format; nothing where it is a placeholder.
fn looks(rule: &Compiled, text: &[u8], secret: Span) -> Option<(Confidence, Option<Why>)> {
    let value = &text[secret.range()];
    if values::token(value).class != ValueClass::Opaque {
        return None;
    }
    let Some(kind) = rule.keys.first() else {
        return Some((Confidence::High, None));
    };
    // The pattern says nothing of the value but where it stands, so it is judged as one under a name.
    let judged = values::value(value, kind.as_str().as_bytes());
    let wanted = rule.values.is_empty() || rule.values.contains(&judged.class);
    if !wanted || rule.rule.bits.is_some_and(|bits| judged.bits < bits) {
        return None;
    }
    match judged.class {
        ValueClass::Opaque | ValueClass::Hash | ValueClass::Uuid
            if judged.bits >= PASSWORD_BITS && !repeats(text, secret) =>
        {
            Some((Confidence::High, Some(judged.told())))
        }
        ValueClass::Empty
        | ValueClass::Reference
        | ValueClass::Encrypted
        | ValueClass::Placeholder => None,
        _ => Some((Confidence::Low, Some(Why::Guessable))),
    }
}

/// Whether the value repeats what stands before it, as in `guest:guest`.
fn repeats(text: &[u8], secret: Span) -> bool {
    let before = &text[..secret.start.saturating_sub(1)];
    before.ends_with(&text[secret.range()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_near_before_behind_and_on_the_line() {
        let near = |text: &str| {
            let start = text.find("v1").expect("a value");
            is_near(
                text.as_bytes(),
                Span::new(start, start + 2),
                &["acme".to_owned()],
            )
        };
        assert!(near("ACME\n\nkey v1"));
        assert!(near("v1\n\nhost api.acme.example"));
        assert!(near(&format!("v1{}acme", " ".repeat(300))));
        let far = "\n".repeat(NEAR);
        assert!(!near(&format!("acme{far}v1{far}acme")));
    }

    #[test]
    fn a_value_may_end_behind_where_it_begins() {
        let begins = |text: &str, start, end| holds_value(text.as_bytes(), Span::new(start, end));
        let text = format!("acme {}7{}", "q".repeat(40), " z".repeat(20));
        assert!(begins(&text, 0, 6));
        assert!(!begins(&text, 0, 4));
        assert!(!begins(&text, 46, 80), "what began before is none");
        assert!(!begins(&"q".repeat(100), 0, 100), "no digit");
        assert!(!begins("a1 b2 c3 d4 e5 f6 g7 h8", 0, 23), "blanks");
    }

    #[test]
    fn the_longest_word_at_a_place_counts() {
        let words = ["acme".to_owned(), "acmebank".to_owned(), "bank".to_owned()];
        assert_eq!(length_at(b"x AcmeBankClient", 2, &words), 8);
        assert_eq!(length_at(b"x acme", 2, &words), 4);
        assert_eq!(length_at(b"x acm", 2, &words), 0);
    }
}
