//! Where in a match of a pattern the keywords stand that a rule gives for it.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};

use super::literals::{MOST, SHORTEST, UNBOUNDED};

/// Parts of a pattern, one behind the other, that are looked at.
const PARTS: usize = 64;

/// At most so many bytes of a match of `hir` come before one of `keywords`, which were not derived from it; nothing where it does not say of
/// each of them where it stands.
pub fn before(hir: &Hir, keywords: &[String]) -> Option<usize> {
    let mut places = Vec::new();
    place(hir, 0, &mut places);
    let begins = |literal: &[u8], keyword: &[u8]| {
        literal.starts_with(keyword) || literal.len() >= SHORTEST && keyword.starts_with(literal)
    };
    let furthest = |keyword: &String| {
        let in_literal = |literal: &Vec<u8>| {
            let is = |at: &usize| begins(&literal[*at..], keyword.as_bytes());
            (0..literal.len()).rev().find(is)
        };
        let places = places.iter().flat_map(|(at, literals)| {
            let inside = literals.iter().filter_map(in_literal);
            inside.map(move |inside| at + inside)
        });
        places.max()
    };
    let furthest: Option<Vec<usize>> = keywords.iter().map(furthest).collect();
    furthest?.into_iter().max()
}

/// For each part of a match that begins with few literals: how far into the match that is at most, and which.
fn place(hir: &Hir, at: usize, places: &mut Vec<(usize, Vec<Vec<u8>>)>) {
    begin(hir, at, places);
    match hir.kind() {
        HirKind::Capture(capture) => place(&capture.sub, at, places),
        HirKind::Alternation(ways) => ways.iter().for_each(|way| place(way, at, places)),
        HirKind::Repetition(repetition) if repetition.max == Some(1) => {
            place(&repetition.sub, at, places);
        }
        HirKind::Concat(parts) => {
            let mut at = at;
            for (i, part) in parts.iter().enumerate().take(PARTS) {
                if i > 0 {
                    begin(&Hir::concat(parts[i..].to_vec()), at, places);
                }
                place(part, at, places);
                let longest = part.properties().maximum_len().unwrap_or(UNBOUNDED);
                at = at.saturating_add(longest).min(UNBOUNDED);
            }
        }
        _ => {}
    }
}

/// Adds the literals that a match of `hir` begins with, if they are few.
fn begin(hir: &Hir, at: usize, places: &mut Vec<(usize, Vec<Vec<u8>>)>) {
    let seq = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_class(8)
        .limit_total(MOST)
        .extract(hir);
    if let Some(literals) = seq.literals() {
        let literals = literals.iter().map(|l| l.as_bytes().to_vec());
        places.push((at, literals.collect()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::literals::parse;
    use super::*;

    fn told(pattern: &str, keywords: &[&str]) -> Option<usize> {
        let keywords: Vec<String> = keywords.iter().map(|&k| k.to_owned()).collect();
        before(&parse(pattern).expect("a pattern"), &keywords)
    }

    #[test]
    fn a_keyword_stands_where_the_pattern_has_it() {
        assert_eq!(told("one[a-z]", &["one"]), Some(0));
        assert_eq!(told("(?:http|ws)s?:/?/", &["://"]), Some(5));
        assert_eq!(told("a{1,4}(?:BY|By) x", &["BY x", "By x"]), Some(4));
        assert_eq!(
            told("(?<a>x{2})(?:y(?:one|two))?", &["one", "two"]),
            Some(3)
        );
    }

    #[test]
    fn a_keyword_may_stand_within_a_literal() {
        assert_eq!(told("(?:bind|AuthBind) [a-z]", &["ind "]), Some(5));
        assert_eq!(told(r"[a-z]{3}\.one", &["one"]), Some(4));
    }

    #[test]
    fn the_furthest_of_several_places_counts() {
        assert_eq!(told("one|[a-z]{7}one", &["one"]), Some(7));
    }

    #[test]
    fn a_keyword_that_the_pattern_does_not_have_may_stand_anywhere() {
        assert_eq!(told("[a-z]{3}=[0-9]", &["one"]), None);
        assert_eq!(told("one=[0-9]", &["one", "two"]), None);
    }

    #[test]
    fn before_it_may_stand_what_has_no_end() {
        assert_eq!(told("[a-z]+one", &["one"]), Some(UNBOUNDED));
    }
}
