//! The shape of keyward.toml as a JSON schema, for editors. Made of the types that read the file and of their comments, and only in
//! tests: the program carries the file that they keep up to date.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::file::File;

/// The schema of keyward.toml.
pub(crate) fn of_config() -> Value {
    of::<File>()
}

/// The schema of a type, in the draft that editors of TOML understand.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07()
        .with_transform(RecursiveTransform(|schema: &mut Schema| plain(schema)));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    transform_subschemas(&mut RecursiveTransform(plain), &mut schema);
    schema.to_value()
}

/// Alternatives of which each demands one of `keys`.
pub(super) fn one_of(keys: &[&str]) -> Value {
    keys.iter()
        .map(|key| json!({ "required": [key] }))
        .collect()
}

/// TOML knows no null, and what is left out needs no saying.
fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let empty = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty)
    };
    if object.get("default").is_some_and(empty) {
        object.remove("default");
    }
    object.remove("format");
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|word| word != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(any)) = object.get_mut("anyOf") {
        any.retain(|one| one["type"] != "null");
        if let [Value::Object(only)] = &mut any[..] {
            let only = std::mem::take(only);
            object.remove("anyOf");
            object.extend(only);
        }
    }
}
