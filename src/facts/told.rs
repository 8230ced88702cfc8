//! How tests of readers tell facts: one line a pair, and what must hold of any.

use super::Facts;

/// One line a pair: `a.b.key = value`, `"value"` where it is a quoted literal, and ` -> read` where the program gets something else.
pub(super) fn told(facts: &Facts, text: &[u8]) -> Vec<String> {
    let line = |pair: &super::Pair| {
        let name = facts.dotted(pair, text);
        let name = String::from_utf8_lossy(&name);
        let value = String::from_utf8_lossy(&text[pair.value.range()]);
        let read = pair.read.as_deref().map(String::from_utf8_lossy);
        let read = read.map_or(String::new(), |r| format!(" -> {r}"));
        match pair.quoted {
            true => format!("{name} = \"{value}\"{read}"),
            false => format!("{name} = {value}{read}"),
        }
    };
    facts.pairs.iter().map(line).collect()
}

/// Panics where a fact does not stand in `text`.
pub(super) fn assert_sound(facts: &Facts, text: &[u8]) {
    for pair in &facts.pairs {
        let names = facts.path(pair.within);
        for span in names.chain([pair.key, pair.value]) {
            assert!(
                span.start <= span.end && span.end <= text.len(),
                "{span:?} in {} bytes",
                text.len()
            );
        }
    }
}
