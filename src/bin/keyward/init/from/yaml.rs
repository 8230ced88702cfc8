//! YAML as a tree of JSON: for configuration that people write, small and of one document.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Bytes of a text that is read: the parser keeps a hundred bytes for each character of a collection that does not end.
const LONGEST: usize = 256 << 10;
/// Collections in one another.
const DEEPEST: usize = 64;

/// A collection that is not at its end.
enum Open {
    List(Vec<Value>),
    Table(Map<String, Value>, Option<String>),
}

/// The tree; nothing for what is no YAML, too large, too deep or more than one document. Aliases stand for nothing, and values of whatever
/// type for their text, but for `true`, `false` and `null`.
pub fn read(text: &str) -> Option<Value> {
    if text.len() > LONGEST {
        return None;
    }
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    for event in Parser::new_from_str(text) {
        let done = match event.ok()?.0 {
            Event::Scalar(value, style, ..) => scalar(&value, style),
            Event::Alias(_) => Value::Null,
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEEPEST => {
                return None;
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop()? {
                Open::List(list) => Value::Array(list),
                Open::Table(table, _) => Value::Object(table),
            },
            Event::DocumentStart(_) if whole.is_some() => return None,
            _ => continue,
        };
        match open.last_mut() {
            None => whole = Some(done),
            Some(Open::List(list)) => list.push(done),
            Some(Open::Table(table, key)) => match key.take() {
                Some(key) => drop(table.insert(key, done)),
                None => {
                    *key = Some(
                        done.as_str()
                            .map_or_else(|| done.to_string(), str::to_owned),
                    )
                }
            },
        }
    }
    whole
}

/// The keys of a text that is one block of keys and values, as a pipeline is; nothing for any other.
pub fn keys(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with('{') {
        return None;
    }
    match read(text)? {
        Value::Object(table) => Some(table.into_iter().map(|(key, _)| key).collect()),
        _ => None,
    }
}

fn scalar(value: &str, style: ScalarStyle) -> Value {
    match (style, value) {
        (ScalarStyle::Plain, "true") => Value::Bool(true),
        (ScalarStyle::Plain, "false") => Value::Bool(false),
        (ScalarStyle::Plain, "" | "~" | "null") => Value::Null,
        _ => Value::String(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_tree_is_what_it_says() {
        let text = "rules:\r\n  - id: \"a\"\r\n    disabled: true\r\n  - {id: b, n: 1, x: ~}\r\n";
        let wanted =
            json!({"rules": [{"id": "a", "disabled": true}, {"id": "b", "n": "1", "x": null}]});
        assert_eq!(read(text), Some(wanted));
        assert_eq!(
            read("a: &x [1]\nb: *x\n"),
            Some(json!({"a": ["1"], "b": null}))
        );
        assert_eq!(read("a: 1\n---\nb: 2\n"), None);
        assert_eq!(read(&"[".repeat(1000)), None);
        assert_eq!(read("a: [\n"), None);
    }

    #[test]
    fn keys_of_a_pipeline() {
        let text = "stages: [test]\n.base: &base\n  script: [x]\nunit:\n  <<: *base\n  tags: !reference [.base, tags]\n";
        assert_eq!(
            keys(text).as_deref(),
            Some(&[".base", "stages", "unit"].map(str::to_owned)[..])
        );
        assert_eq!(keys("{a: 1}"), None);
        assert_eq!(keys("- a\n"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[ \\[\\]{}:,&*!|>a\"'#\\-\n\t]{0,60}|\\PC*") {
            let _ = read(&text);
        }
    }
}
