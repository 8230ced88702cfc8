//! Text rules: a keyword woke one, its pattern decides.

use super::Document;
use super::ruleset::Compiled;
use crate::classify::values::{self, ValueClass};
use crate::formats::Match;
use crate::formats::verify::Verdict;
use crate::model::{Confidence, Hit, Secret, Span};

/// A word of `near` stands at most so many bytes before the match, or on its line.
const NEAR: usize = 120;
/// On a match's own line a word is looked for at most so far away: a minified file is one line.
const LINE: usize = 400;

/// Runs rule `index` around its keyword at `at`. `done` holds for each rule up to where it has looked already.
pub(super) fn hits(
    rules: &[Compiled],
    index: usize,
    document: &Document<'_>,
    at: usize,
    done: &mut Vec<usize>,
    hits: &mut Vec<Hit>,
) {
    let rule = &rules[index];
    done.resize(rules.len().max(done.len()), 0);
    if at < done[index] || !rule.wants(document) {
        return;
    }
    let Some(pattern) = &rule.pattern else { return };
    let mut found = Vec::new();
    if rule.rule.near.is_empty() {
        pattern.around(document.text, at, rule.own_keywords, &mut found);
    } else {
        let range = neighbourhood(document.text, at, done[index]);
        pattern.within(document.text, range, &mut found);
        done[index] = range.end;
    }
    for m in found {
        done[index] = done[index].max(m.span.end);
        hits.extend(judge(rule, document, m));
    }
}

/// Where a match may start that a word at `at` is near to; what was looked through already is left out.
fn neighbourhood(text: &[u8], at: usize, done: usize) -> Span {
    let low = at.saturating_sub(LINE);
    let start = memchr::memrchr(b'\n', &text[low..at]).map_or(low, |i| low + i + 1);
    let high = text.len().min(at + LINE);
    let line_end = memchr::memchr(b'\n', &text[at..high]).map_or(high, |i| at + i);
    Span::new(start.max(done), text.len().min(line_end.max(at + NEAR)))
}

/// Weighs a match: what its value is, what its structure proves.
fn judge(rule: &Compiled, document: &Document<'_>, m: Match) -> Option<Hit> {
    let value = &document.text[m.secret.range()];
    let mut hit = rule.hit();
    let evidence = rule
        .verifier
        .map(|v| v.verify(&document.text[m.span.range()]));
    match evidence.as_ref().map(|e| e.verdict) {
        Some(Verdict::Valid) => {
            hit.confidence = Confidence::High;
            hit.proved = true;
        }
        // A checksum proves more than any look of the value.
        _ if values::token(value).class != ValueClass::Opaque => return None,
        Some(Verdict::Invalid) => hit.confidence = hit.confidence.lowered(),
        _ => {}
    }
    hit.details = evidence.map(|e| e.details).unwrap_or_default();
    hit.span = m.secret;
    hit.hidden = vec![m.secret];
    hit.secret = Some(Secret::new(value));
    Some(hit)
}
