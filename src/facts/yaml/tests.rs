use super::*;
use crate::facts::{Pair, Via};

/// The dotted path and the value, as the program gets it, of each pair; `=` before the value of an element of a list.
fn told(text: &[u8]) -> Vec<(String, String)> {
    let facts = read(text);
    assert!(!facts.cut);
    facts.pairs.iter().map(|p| said(&facts, p, text)).collect()
}

fn said(facts: &Facts, pair: &Pair, text: &[u8]) -> (String, String) {
    let item = if pair.via == Via::Item { "=" } else { "" };
    let value = String::from_utf8_lossy(pair.value(text)).into_owned();
    let path = String::from_utf8_lossy(&facts.dotted(pair, text)).into_owned();
    (path, format!("{item}{value}"))
}

#[track_caller]
fn states(text: &str, expected: &[(&str, &str)]) {
    let told = told(text.as_bytes());
    let told: Vec<_> = told.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(told, expected, "{text}");
}

/// The text of the value of the only pair.
#[track_caller]
fn spans(text: &str, expected: &str) {
    let facts = read(text.as_bytes());
    assert_eq!(facts.pairs.len(), 1, "{text}");
    assert_eq!(&text[facts.pairs[0].value.range()], expected, "{text}");
}

#[test]
fn a_key_and_its_scalar_are_a_pair() {
    states("a: one\n", &[("a", "one")]);
    states("'a': \"one\"\n\"b\" : 'two'", &[("a", "one"), ("b", "two")]);
    states("a: 1 # note\nb: x#y\n", &[("a", "1"), ("b", "x#y")]);
    states("? a\n: one\n", &[("a", "one")]);
    states(
        "a: one\n  two\n\n  three\nb: x",
        &[("a", "one two\nthree"), ("b", "x")],
    );
    states("# a: one\n", &[]);
}

#[test]
fn quotes_are_left_out_and_escapes_resolved() {
    for (text, span, value) in [
        ("a: \"one\"  # note\n", "one", "one"),
        (r#"a: "o\"n\u0065""#, r#"o\"n\u0065"#, "o\"ne"),
        ("a: 'it''s'", "it''s", "it's"),
        ("a: 'x'''", "x''", "x'"),
        ("a: \"one\n  two\"", "one\n  two", "one two"),
    ] {
        spans(text, span);
        states(text, &[("a", value)]);
        assert!(read(text.as_bytes()).pairs[0].quoted, "{text}");
    }
}

#[test]
fn mappings_and_sequences_are_scopes() {
    states(
        "db:\n  main:\n    user: u\n  port: 1\ntop: x\n",
        &[("db.main.user", "u"), ("db.port", "1"), ("top", "x")],
    );
    states(
        "a: {b: one, \"c\": {d: 'two'}}",
        &[("a.b", "one"), ("a.c.d", "two")],
    );
    states(
        "a:\n- b: one\n  c: two\n- b: three\n",
        &[("a.b", "one"), ("a.c", "two"), ("a.b", "three")],
    );
}

#[test]
fn elements_belong_to_the_key_of_their_list() {
    states(
        "a:\n  hosts: [one, 'two']\n",
        &[("a.hosts", "=one"), ("a.hosts", "=two")],
    );
    states("a:\n- one\n-\n- - two\n", &[("a", "=one"), ("a", "=two")]);
    states("- one\n", &[("", "=one")]);
}

#[test]
fn an_element_may_be_an_assignment() {
    states(
        "web:\n  environment:\n    - A_B=v1\n    - \"C=v=2\"\n    - 'D=it''s'\n    - PASSED_ON\n    - 1=2\n",
        &[
            ("web.environment.A_B", "v1"),
            ("web.environment.C", "v=2"),
            ("web.environment.D", "it's"),
            ("web.environment", "=PASSED_ON"),
            ("web.environment", "=1=2"),
        ],
    );
    let command = [("script", "=A=v1 make"), ("script.A", "v1")];
    states("script:\n  - A=v1 make\n", &command);
}

#[test]
fn a_name_beside_a_value_is_its_key_too() {
    for text in [
        "env:\n- name: A\n  value: v1\n",
        "env: [{Name: \"A\", Value: v1}]",
        "env:\n- key: A\n  note: x\n  value: v1\n",
        "env:\n- value: v1\n  name: A\n",
    ] {
        assert!(
            told(text.as_bytes()).contains(&("env.A".into(), "v1".into())),
            "{text}"
        );
    }
    states(
        "env:\n- name: A\n  valueFrom:\n    secretKeyRef: {name: x, key: y}\n",
        &[
            ("env.name", "A"),
            ("env.valueFrom.secretKeyRef.name", "x"),
            ("env.valueFrom.secretKeyRef.key", "y"),
        ],
    );
    states(
        "env:\n- name: A\n- value: v1\n",
        &[("env.name", "A"), ("env.value", "v1")],
    );
}

#[test]
fn a_block_is_its_lines_without_the_indentation() {
    for (text, span, value) in [
        ("a: |\n  x\n  y\n", "x\n  y", "x\ny\n"),
        ("a: |-\n  x\n  y\n", "x\n  y", "x\ny"),
        ("a: |+\n  x\n\n", "x", "x\n\n"),
        ("a: >\n  x\n  y\n\n  z\n", "x\n  y\n\n  z", "x y\nz\n"),
        ("a: >-\n\n   x\n   y\n\n", "x\n   y", "\nx y"),
        ("a: |2\n    x\n   y\n", "x\n   y", "  x\n y\n"),
        ("a: &n |  # note\n  x\n", "x", "x\n"),
        ("a: |\r\n  x\r\n  y\r\n", "x\r\n  y", "x\ny\n"),
        ("a: |-\n  x", "x", "x"),
        ("a: |\n", "", ""),
    ] {
        spans(text, span);
        states(text, &[("a", value)]);
    }
}

#[test]
fn what_has_a_tag_of_its_own_begins_at_the_tag() {
    for (text, span) in [
        ("a: !vault |\n  x\n  y\n", "!vault |\n  x\n  y"),
        ("a: !Ref Name\n", "!Ref Name"),
        ("a: !secret 'x'\n", "!secret 'x'"),
        ("a: &n !secret x # note\n", "!secret x"),
        ("a: !reference [b, c]\n", "!reference [b, c]"),
        ("a: !x\n", "!x"),
    ] {
        spans(text, span);
        let facts = read(text.as_bytes());
        assert_eq!(
            (facts.pairs[0].quoted, &facts.pairs[0].read),
            (false, &None),
            "{text}"
        );
    }
    states(
        "a: !Join ['', [x, !Ref B]]\nb: y\n",
        &[
            ("a", "!Join ['', [x, !Ref B]]"),
            ("a", "=x"),
            ("a", "=!Ref B"),
            ("b", "y"),
        ],
    );
    states(
        "a: !!str 1\nb: ! two\nc: !x {d: one}\n",
        &[("a", "1"), ("b", "two"), ("c.d", "one")],
    );
}

#[test]
fn nothing_is_an_empty_value_behind_the_colon() {
    for text in ["a:\n", "a: ~\n", "a: null\n", "{a: }", "a: ''", "a: &n\n"] {
        let facts = read(text.as_bytes());
        assert_eq!(facts.pairs.len(), 1, "{text}");
        assert!(
            facts.pairs[0].value.is_empty() && facts.pairs[0].value.start > facts.pairs[0].key.end,
            "{text}"
        );
    }
}

#[test]
fn an_alias_is_never_expanded() {
    states(
        "base: &b\n  pw: v1\nlive:\n  <<: *b\n  other: *b\n  host: x\nlist: [*b, y]\n",
        &[("base.pw", "v1"), ("live.host", "x"), ("list", "=y")],
    );
    states(
        "a: &n v1\nb: *n\nc: {<<: {d: one}}\n",
        &[("a", "v1"), ("c.d", "one")],
    );
}

#[test]
fn each_document_has_its_own_top() {
    states(
        "a:\n  b: one\n---\nc: two\n...\n--- {d: three}\n",
        &[("a.b", "one"), ("c", "two"), ("d", "three")],
    );
}

#[test]
fn places_are_bytes() {
    states(
        "\u{feff}ä: \"ö\" # €\r\nb: 'é''😀'\r\nc: one\r\n",
        &[("ä", "ö"), ("b", "é'😀"), ("c", "one")],
    );
    let long = format!("a: \"{}\"\nb: one\n", "ä€😀".repeat(100));
    assert_eq!(told(long.as_bytes())[1], ("b".into(), "one".into()));
    let stray = told(b"a: \xff\xe2\x82x\nb: \0y\nc: {d: one}\n");
    assert_eq!(stray[1], ("b".into(), "\0y".into()));
    assert_eq!(stray[2], ("c.d".into(), "one".into()));
}

#[test]
fn data_of_a_kubernetes_secret_is_base64() {
    // "v1", "x\n", two bytes of no text, a template.
    let data = "data:\n  a: djE=\n  b: eAo=\n  c: /v8=\n  d: no base64!\nstringData:\n  e: djE=\n";
    let plain = [
        ("data.a", "v1"),
        ("data.b", "x\n"),
        ("data.c", "/v8="),
        ("data.d", "no base64!"),
        ("stringData.e", "djE="),
    ];
    let (before, after) = (
        format!("kind: Secret\n{data}"),
        format!("{data}kind: Secret\n"),
    );
    assert_eq!(
        &told(before.as_bytes())[1..],
        plain.map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    assert_eq!(
        &told(after.as_bytes())[..5],
        plain.map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    states(
        "kind: ConfigMap\ndata:\n  a: djE=\n",
        &[("kind", "ConfigMap"), ("data.a", "djE=")],
    );
    states(
        "kind: Secret\n---\ndata:\n  a: djE=\n",
        &[("kind", "Secret"), ("data.a", "djE=")],
    );
    states(
        "kind: Secret\nx:\n  data:\n    a: djE=\n",
        &[("kind", "Secret"), ("x.data.a", "djE=")],
    );
    states(
        "kind: Secret\ndata:\n  a: djE=\n  {{- if .x }}\n  b: djE=\n",
        &[("kind", "Secret"), ("data.a", "v1"), ("data.b", "v1")],
    );
}

#[test]
fn a_helm_template_is_read_by_lines_from_where_it_is_no_yaml() {
    states(
        "kind: Deployment\nspec:\n  env:\n    - name: A\n      value: v1\n    {{- if .Values.x }}\n    - name: B\n      value: \"v2\"  # note\n    {{- end }}\n    - name: C\n      value: {{ .Values.c | quote }}\n    - D=v4\n  image: {{ .Values.image }}:1\n  run: |\n    one\n    two\n\n  last: x\n",
        &[
            ("kind", "Deployment"),
            ("spec.env.name", "A"),
            ("spec.env.value", "v1"),
            ("spec.env.A", "v1"),
            ("spec.env.name", "B"),
            ("spec.env.value", "v2"),
            ("spec.env.B", "v2"),
            ("spec.env.name", "C"),
            ("spec.env.value", "{{ .Values.c | quote }}"),
            ("spec.env.C", "{{ .Values.c | quote }}"),
            ("spec.env.D", "v4"),
            ("spec.image", "{{ .Values.image }}:1"),
            ("spec.run", "one\ntwo\n"),
            ("spec.last", "x"),
        ],
    );
}

#[test]
fn jinja_tabs_and_broken_indentation_are_read_by_lines() {
    states(
        "{% if x %}\na: {{ b }}\n{% endif %}\nc:\n  d: 'it''s'\n  e: \"x\\ty\"\n{# note #}\nf: !vault |\n  x\n  y\ng: *n\nh: ~\n",
        &[
            ("a", "{{ b }}"),
            ("c.d", "it's"),
            ("c.e", "x\ty"),
            ("f", "!vault |\n  x\n  y"),
            ("h", ""),
        ],
    );
    states(
        "a:\n\tb: one\n\tc: two\nd: x\n",
        &[("a.b", "one"), ("a.c", "two"), ("d", "x")],
    );
    states(
        "a: one\n   b: two\n c: three\n",
        &[("a", "one"), ("b", "two"), ("c", "three")],
    );
    states(
        "{{ x }}\ne:\n- name: A\n- value: v1\n",
        &[("e.name", "A"), ("e.value", "v1")],
    );
    states("<% x %>\n---\na: one\n", &[("a", "one")]);
    states(
        "{{ x }}\na:\n- {{ b }}\n- one\nc: >\n  x\n  y\nd: 1\n",
        &[("a", "={{ b }}"), ("a", "=one"), ("c", "x y\n"), ("d", "1")],
    );
    states(
        "{{ x }}\n\"a\": \"x:y # z\"\n{{ k }}: v\nb: x:y\n",
        &[("a", "x:y # z"), ("{{ k }}", "v"), ("b", "x:y")],
    );
}

#[test]
fn each_end_of_a_name_tells_the_format() {
    use crate::facts::Format;
    for (path, format) in [
        ("a/b.yml", Some(Format::Yaml)),
        ("B.YAML", Some(Format::Yaml)),
        ("hiera/x.eyaml", Some(Format::Yaml)),
        ("x.yaml.j2", Some(Format::Yaml)),
        ("database.yml.erb", Some(Format::Yaml)),
        (".clang-format", None),
        ("yaml", None),
        ("x.toml", Some(Format::Toml)),
        ("app/Pipfile", Some(Format::Toml)),
    ] {
        assert_eq!(Format::of_path(&path.into()), format, "{path}");
    }
}

#[test]
fn lines_end_as_windows_ends_them() {
    states(
        "{{ x }}\r\na: one\r\nb: |\r\n  x\r\n  y\r\nc:\r\n  d: 'e'\r\n",
        &[("a", "one"), ("b", "x\ny\n"), ("c.d", "e")],
    );
}

#[test]
fn what_is_written_to_exhaust_a_parser_ends_at_once() {
    for unit in [
        "[",
        "{",
        "- ",
        "{a: ",
        "? ",
        ": ",
        "- [",
        "a:\n",
        "[a,",
        "\"",
        "'",
        "&a ",
        "!a ",
        "*a ",
        "{{",
        "a: |\n",
        "  \n",
        "- - |\n",
        "[[],",
        "---\n",
        "%TAG !a! b\n",
        "\t",
        "{? ",
    ] {
        let text = unit.repeat(100_000);
        let begun = std::time::Instant::now();
        read(text.as_bytes());
        assert!(begun.elapsed().as_secs() < 10, "{unit}");
    }
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for i in 1..100 {
        bomb += &format!("a{i}: &a{i} [*a{0}, *a{0}]\n", i - 1);
    }
    assert_eq!(read(bomb.as_bytes()).pairs.len(), 2);
    // The parser would write the prefix out for each tag.
    let tags = format!("%TAG !e! {}\n---\na: {{b: one}}\n", "x".repeat(1000));
    states(&tags, &[("a", "{b: one}")]);
}

#[test]
fn a_flow_collection_that_never_ends_is_read_by_lines() {
    let text = format!("[{}\nkey: v1\n", "a, ".repeat(200_000));
    assert_eq!(
        told(text.as_bytes()).last(),
        Some(&("key".into(), "v1".into()))
    );
}

#[track_caller]
fn holds(text: &[u8]) {
    let facts = read(text);
    for pair in &facts.pairs {
        assert!(pair.key.start <= pair.key.end && pair.key.end <= text.len());
        assert!(pair.value.start <= pair.value.end && pair.value.end <= text.len());
        facts.dotted(pair, text);
    }
}

/// What YAML and its templates are made of.
const TOKENS: &[&str] = &[
    "a",
    "b: ",
    "name: ",
    "value: ",
    "key",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    " ",
    "\t",
    "\"",
    "'",
    "\\",
    "|",
    ">",
    "|-\n",
    "|2\n",
    "&x ",
    "*x",
    "!t ",
    "!!str ",
    "!<",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " # ",
    "{{ ",
    " }}",
    "{%",
    "%}",
    "---\n",
    "...\n",
    "%TAG ",
    "<<: ",
    "~",
    "A=v1",
    "ä",
    "€",
    "\0",
    "data:\n  ",
    "kind: Secret\n",
    "\u{feff}",
    "run: ",
    "@",
    "`",
    "null",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_give_spans_in_bounds(text in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        holds(&text);
    }

    #[test]
    fn any_tokens_give_spans_in_bounds(tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..60)) {
        holds(tokens.concat().as_bytes());
    }
}
