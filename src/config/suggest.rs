//! "did you mean": the one place that says how near is near enough.

/// Below this a suggestion is a guess, and misleads.
const NEAR: f64 = 0.75;

/// The candidate that `word` was probably meant to be, the first of equals.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(&str, f64)> = None;
    for candidate in candidates {
        let likeness = likeness(word, candidate);
        if likeness >= NEAR && best.is_none_or(|(_, most)| likeness > most) {
            best = Some((candidate, likeness));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// 1 for equal words. Slips of the finger count by edits, words left out by what the two share at the front.
fn likeness(word: &str, candidate: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    edits.max(strsim::jaro_winkler(word, candidate) - 0.1)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_mended_and_strangers_are_not() {
        let keys = ["exclude", "accept", "fail-on", "confidence", "baseline"];
        assert_eq!(nearest("exlude", keys), Some("exclude"));
        assert_eq!(nearest("fail_on", keys), Some("fail-on"));
        assert_eq!(nearest("confidense", keys), Some("confidence"));
        assert_eq!(nearest("telephone", keys), None);
        assert_eq!(nearest("", keys), None);
        assert_eq!(nearest("x", []), None);
        let ids = ["slack-bot-token", "slack-user-token", "github-token"];
        assert_eq!(nearest("slack-bot", ids), Some("slack-bot-token"));
    }
}
