//! What the walk makes of each language, as lines `path = value` (`"` around a quoted one).

use proptest::prelude::*;

use super::*;
use crate::facts::{Pair, Via};

/// The pairs of `text`, one a line.
pub(in crate::facts) fn told(facts: &Facts, text: &[u8]) -> Vec<String> {
    let line = |pair: &Pair| {
        let path = String::from_utf8_lossy(&facts.dotted(pair, text)).into_owned();
        let value = String::from_utf8_lossy(pair.value(text)).into_owned();
        let sign = if pair.via == Via::Item { "[]" } else { "" };
        match pair.quoted {
            true => format!("{path}{sign} = \"{value}\""),
            false => format!("{path}{sign} = {value}"),
        }
    };
    facts.pairs.iter().map(line).collect()
}

/// Every span lies within the text, and every scope ends at the top.
pub(in crate::facts) fn sound(facts: &Facts, text: &[u8]) -> bool {
    facts.pairs.iter().all(|pair| {
        let lies = |span: crate::model::Span| span.start <= span.end && span.end <= text.len();
        lies(pair.key) && lies(pair.value) && facts.path(pair.within).all(lies)
    })
}

fn is_json(text: &str, pairs: &[&str]) {
    let facts = json(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
}

fn is_script(text: &str, pairs: &[&str]) {
    let facts = script(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
}

#[test]
fn members_of_objects_are_pairs() {
    is_json(
        r#"{"a": "one", "b": {"c": 1, "d": {"e": null}}, "f": "", "g": -1.5e3}"#,
        &[
            "a = \"one\"",
            "b.c = 1",
            "b.d.e = null",
            "f = \"\"",
            "g = -1.5e3",
        ],
    );
    is_json(
        r#"{"tags": ["x", "y", 3, ["z"]], "list": [{"a": "b"}, {"a": "c"}]}"#,
        &[
            "tags[] = \"x\"",
            "tags[] = \"y\"",
            "tags[] = 3",
            "tags[] = \"z\"",
            "list.a = \"b\"",
            "list.a = \"c\"",
        ],
    );
}

#[test]
fn a_name_and_a_value_are_a_pair() {
    is_json(
        r#"{"environment": [{"name": "DB_PASSWORD", "value": "v1", "type": "t"}]}"#,
        &[
            "environment.name = \"DB_PASSWORD\"",
            "environment.DB_PASSWORD = \"v1\"",
            "environment.value = \"v1\"",
            "environment.type = \"t\"",
        ],
    );
    for (name, value) in [
        ("key", "value"),
        ("Name", "Value"),
        ("ParameterKey", "ParameterValue"),
    ] {
        let text = format!(r#"[{{"{value}": "v\n1", "{name}": "X"}}]"#);
        let facts = json(text.as_bytes());
        let told = told(&facts, text.as_bytes());
        assert!(told.contains(&"X = \"v\n1\"".to_owned()), "{told:?}");
    }
    is_json(
        r#"[{"name": "X", "value": {"a": "b"}}, {"name": "Y"}, {"name": "", "value": "z"}]"#,
        &[
            "name = \"X\"",
            "value.a = \"b\"",
            "name = \"Y\"",
            "name = \"\"",
            "value = \"z\"",
        ],
    );
}

#[test]
fn relatives_of_json_are_read() {
    is_json(
        "\u{feff}{ // note\n 'a': 'it\\'s', /* b: 1 */ c-d: one, \"e\": [\"x\",], }",
        &["a = \"it's\"", "c-d = one", "e[] = \"x\""],
    );
    is_json("{\"url\": \"http://x/*y*/\"}", &["url = \"http://x/*y*/\""]);
    is_json(
        "{\"a\": \"one\"\n \"b\": \"two\" \"c\": 3}",
        &["a = \"one\"", "b = \"two\"", "c = 3"],
    );
    is_json(
        "{\"a\": \"one\"}\n{\"a\": \"two\"}\n",
        &["a = \"one\"", "a = \"two\""],
    );
}

#[test]
fn broken_json_gives_what_was_read() {
    for (text, pairs) in [
        (
            r#"{"a": "one", "b": {"c": "two"#,
            &["a = \"one\"", "b.c = \"two\""][..],
        ),
        (r#"{"a": "one", "b": "#, &["a = \"one\""]),
        (r#"{"a": {"b": "one""#, &["a.b = \"one\""]),
        ("{\"a\": [\"one\", /* open", &["a[] = \"one\""]),
    ] {
        let facts = json(text.as_bytes());
        assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
        assert!(facts.cut, "{text}");
    }
    is_json(
        "{\"a\": \"open\n, \"b\": \"one\"}",
        &["a = \"open\"", "b = \"one\""],
    );
    is_json(
        r#"{"a": {"b": ["one"}, "c": "two"}"#,
        &["a.b[] = \"one\"", "c = \"two\""],
    );
    is_json(r#"]})){"a": "one"}"#, &["a = \"one\""]);
    assert!(!json(b"{\"a\": [1, {}]} // done").cut);
}

#[test]
fn depth_costs_no_memory() {
    for open in ["[", "{\"a\":", "(", "`${", "f(", "a={", "<"] {
        let text = open.repeat(1_000_000);
        for facts in [json(text.as_bytes()), script(text.as_bytes())] {
            assert!(facts.pairs.len() < 1000, "{open}");
        }
        assert!(json(text.as_bytes()).cut || !open.starts_with(['[', '{']));
    }
    let text = [
        "{\"a\":".repeat(500),
        "}".repeat(500),
        "{\"b\": \"one\"}".to_owned(),
    ]
    .concat();
    is_json(&text, &["b = \"one\""]);
}

#[test]
fn a_pair_full_document_ends_there() {
    let text = "{\"a\": 1},".repeat(Facts::MOST + 10);
    let facts = json(text.as_bytes());
    assert_eq!((facts.pairs.len(), facts.cut), (Facts::MOST, true));
    let text = ["{\"a\": [", &"1,".repeat(Facts::MOST), "], \"b\": \"one\"}"].concat();
    assert_eq!(
        told(&json(text.as_bytes()), text.as_bytes()).last(),
        Some(&"b = \"one\"".to_owned())
    );
}

#[test]
fn a_configuration_module_is_an_object_with_a_name() {
    is_script(
        "module.exports = {\n  env: { JWT_SECRET: 'v1', PORT: 3000 },\n  key,\n  ...rest,\n}\n",
        &[
            "exports.env.JWT_SECRET = \"v1\"",
            "exports.env.PORT = 3000",
            "exports.key = key",
        ],
    );
    is_script(
        "export default defineConfig({ server: { token: `v1` } })",
        &[
            "default = defineConfig({ server: { token: `v1` } })",
            "default.defineConfig.server.token = \"v1\"",
        ],
    );
    is_script(
        "const config: Config = { a: 'one' } satisfies X\nexport default config",
        &["config.a = \"one\"", "default = config"],
    );
    is_script(
        "const x: Record<string, string> = { 'a-b': 'one' as const, [c]: 'two', ['d']: 'three' } as const;",
        &["x.a-b = \"one\"", "x.c = \"two\"", "x.d = \"three\""],
    );
}

#[test]
fn calls_name_what_they_are_given() {
    is_script(
        "x = { plugins: [ new webpack.DefinePlugin({ 'process.env.KEY': JSON.stringify('v1') }),\n new EnvironmentPlugin(['NODE_ENV', 'KEY']) ] }",
        &[
            "x.plugins.DefinePlugin.process.env.KEY = JSON.stringify('v1')",
            "x.plugins.EnvironmentPlugin[] = \"NODE_ENV\"",
            "x.plugins.EnvironmentPlugin[] = \"KEY\"",
        ],
    );
    is_script(
        "defineNuxtConfig({ a: 'one' })",
        &["defineNuxtConfig.a = \"one\""],
    );
    is_script("new Map<string>(['one'])", &["Map[] = \"one\""]);
    is_script(
        "if ({ a: 'one' }) { x = 'two' }",
        &["a = \"one\"", "x = \"two\""],
    );
}

#[test]
fn what_is_no_literal_is_kept_as_it_is_written() {
    is_script(
        "const a = { b: process.env.KEY, c: `x${y('}')}z`, d: 'e' + f, g: h || 'i' , j: /[/}]'/g, k: 4 / 2 / 1 };",
        &[
            "a.b = process.env.KEY",
            "a.c = `x${y('}')}z`",
            "a.d = 'e' + f",
            "a.g = h || 'i'",
            "a.j = /[/}]'/g",
            "a.k = 4 / 2 / 1",
        ],
    );
    is_script(
        "a = { b: () => { c = 'one' }, d() { return { e: 'two' } }, f: 'three' }",
        &["a.c = \"one\"", "a.e = \"two\"", "a.f = \"three\""],
    );
}

#[test]
fn statements_end_with_their_lines() {
    is_script(
        "#!/usr/bin/env node\n'use strict'\nconst a = 'one'\nlet b = 'two', c = 3\nexport const d = 'four';\nprocess.env.E = 'five'\nconfig['f'] = 'six'\ng ||= 'seven'\nh\n  .i()\nj = 'ei\\\nght'",
        &[
            "a = \"one\"",
            "b = \"two\"",
            "c = 3",
            "d = \"four\"",
            "E = \"five\"",
            "f = \"six\"",
            "g = \"seven\"",
            "j = \"eight\"",
        ],
    );
    is_script(
        "class A { private key: string = 'one'; static b = 'two'\n run(): void { this.c = 'three' } }\nfunction f(d = 'four') {}\nswitch (x) { case 'y': z = 'five'; break; default: z = 'six' }\nenum E { F = 'seven' }",
        &[
            "key = \"one\"",
            "b = \"two\"",
            "c = \"three\"",
            "f.d = \"four\"",
            "z = \"five\"",
            "z = \"six\"",
            "F = \"seven\"",
        ],
    );
    is_script(
        "import { a, b as c } from 'x'\nconst { d, e: f } = require('y')\nfor (const g of h) {}\n",
        &[],
    );
}

#[test]
fn scripts_of_a_package_are_no_scope_elsewhere() {
    is_json(
        r#"{"scripts": {"start": "node x"}, "a": {"scripts": {"b": "c"}}}"#,
        &["scripts.start = \"node x\"", "a.scripts.b = \"c\""],
    );
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ":",
        ",",
        ";",
        "=",
        "=>",
        "\"",
        "'",
        "`",
        "${",
        "\\",
        "/",
        "//",
        "/*",
        "*/",
        "\n",
        " ",
        "a",
        "b1",
        "const ",
        "export default ",
        "case ",
        "new ",
        "...",
        "?.",
        "<",
        ">",
        "as ",
        "name",
        "value",
        "key",
        "-1",
        "\u{e9}",
        "return ",
        "function ",
        "class ",
        "\\u00",
        "#!",
    ]);
    prop::collection::vec(word, 0..200).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_bytes_give_spans_in_bounds(text in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(sound(&json(&text), &text));
        prop_assert!(sound(&script(&text), &text));
    }

    #[test]
    fn any_mix_of_tokens_gives_spans_in_bounds(text in words()) {
        let text = text.as_bytes();
        prop_assert!(sound(&json(text), text));
        prop_assert!(sound(&script(text), text));
    }

    #[test]
    fn what_serde_writes_is_read_back(pairs in prop::collection::btree_map("[a-z]{1,8}", any::<String>(), 0..8)) {
        let text = serde_json::to_string(&pairs).expect("JSON");
        let facts = json(text.as_bytes());
        prop_assert!(!facts.cut);
        prop_assert_eq!(facts.pairs.len(), pairs.len());
        for (pair, (key, value)) in facts.pairs.iter().zip(&pairs) {
            prop_assert_eq!(&text.as_bytes()[pair.key.range()], key.as_bytes());
            prop_assert_eq!(pair.value(text.as_bytes()), value.as_bytes());
        }
    }
}
