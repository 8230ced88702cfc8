//! The schemas that editors take: those of the types, and in them the words that rules may use. Only in tests: the program
//! carries the files that they keep up to date.

mod tests;

use serde_json::{Value, json};

use super::code::KINDS_OF_THINGS;
use crate::classify::kinds::Kind;
use crate::classify::names::NameClass;
use crate::classify::strength::Weakness;
use crate::classify::values::ValueClass;
use crate::config::schema;
use crate::facts::{Language, Via};
use crate::formats::verify::Verifier;
use crate::model::{Context, Pack};

/// The schema of keyward.toml.
fn of_config() -> Value {
    let mut schema = schema::of_config();
    enumerate(&mut schema);
    schema
}

/// The schema of a file of rules.
fn of_rules() -> Value {
    let mut schema = schema::of::<Pack>();
    schema["title"] = json!("keyward rules");
    enumerate(&mut schema);
    schema
}

/// The words that a list or a text may hold, by the type and the key: serde takes any text there, and what compiles rules does not.
fn words() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    fn of<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|&one| word(one)).collect()
    }
    let names = || of(NameClass::ALL, NameClass::as_str);
    let values = || of(ValueClass::ALL, ValueClass::as_str);
    let kinds = || of(Kind::ALL, Kind::as_str);
    let contexts = || of(Context::ALL, Context::as_str);
    let languages = || of(Language::ALL, Language::as_str);
    vec![
        ("Check", "in", kinds()),
        ("Rule", "in", kinds()),
        ("Rule", "when", contexts()),
        ("Rule", "unless", contexts()),
        ("Rule", "via", of(Via::ALL, Via::as_str)),
        ("Rule", "weak", of(Weakness::ALL, Weakness::as_str)),
        ("Rule", "key", names()),
        ("Rule", "value", values()),
        ("Rule", "languages", languages()),
        ("Pack", "languages", languages()),
        ("Rule", "verify", of(&Verifier::ALL, Verifier::as_str)),
        ("Condition", "is", of(KINDS_OF_THINGS, |kind| kind.as_str())),
        ("Condition", "name", names()),
        ("Condition", "yields", names()),
        ("Condition", "value", values()),
    ]
}

fn enumerate(schema: &mut Value) {
    for (of, key, words) in words() {
        // The type that the schema is of stands at its head.
        let at = match schema["definitions"].get(of) {
            Some(_) => format!("/definitions/{of}/properties/{key}"),
            None => format!("/properties/{key}"),
        };
        if let Some(property) = schema.pointer_mut(&at) {
            match property["type"].as_str() {
                Some("array") => property["items"] = json!({ "type": "string", "enum": words }),
                _ => property["enum"] = json!(words),
            }
        }
    }
}
