use super::*;

/// The dotted path and the value, as the program gets it, of each pair; `=` before the value of an element of a list.
fn told(facts: &Facts, text: &[u8]) -> Vec<(String, String)> {
    let said = |p: &Pair| {
        let item = if p.via == Via::Item { "=" } else { "" };
        let path = String::from_utf8_lossy(&facts.dotted(p, text)).into_owned();
        let value = String::from_utf8_lossy(p.value(text)).into_owned();
        (path, format!("{item}{value}"))
    };
    facts.pairs.iter().map(said).collect()
}

#[track_caller]
fn equal(facts: &Facts, text: &str, expected: &[(&str, &str)]) {
    let told = told(facts, text.as_bytes());
    let told: Vec<_> = told.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(told, expected, "{text}");
}

/// Both readers say so.
#[track_caller]
fn states(text: &str, expected: &[(&str, &str)]) {
    assert!(DeTable::parse(text).is_ok(), "{text}");
    equal(&read(text.as_bytes()), text, expected);
    equal(&lines::read(text.as_bytes()), text, expected);
}

/// The reader of lines says so, of what is no TOML.
#[track_caller]
fn saves(text: &str, expected: &[(&str, &str)]) {
    assert!(DeTable::parse(text).is_err(), "{text}");
    let facts = read(text.as_bytes());
    assert!(!facts.cut);
    equal(&facts, text, expected);
}

#[test]
fn a_key_and_its_value_are_a_pair() {
    states(
        "a = \"one\" # note\nb = 'two'\n\"c\" = 1\nd = true\n",
        &[("a", "one"), ("b", "two"), ("c", "1"), ("d", "true")],
    );
    states(
        "a = 2020-01-02 03:04:05\nb = 0x1F\n# c = 1\n",
        &[("a", "2020-01-02 03:04:05"), ("b", "0x1F")],
    );
    states(
        "\u{feff}\"ä\" = \"ö€\"\r\nb = 'x'\r\n",
        &[("ä", "ö€"), ("b", "x")],
    );
}

#[test]
fn strings_lose_their_quotes_and_escapes() {
    for (text, span, value) in [
        (r#"a = "o\"n\u0065""#, r#"o\"n\u0065"#, "o\"ne"),
        (r"a = 'o\n'", r"o\n", r"o\n"),
        ("a = \"\"\"\none\ntwo\"\"\"", "one\ntwo", "one\ntwo"),
        ("a = '''\r\none\r\n'''", "one\r\n", "one\r\n"),
        (
            "a = \"\"\"one \\\n  two\"\"\"\"",
            "one \\\n  two\"",
            "one two\"",
        ),
        ("a = \"\"", "", ""),
    ] {
        states(text, &[("a", value)]);
        for facts in [read(text.as_bytes()), lines::read(text.as_bytes())] {
            assert_eq!(&text[facts.pairs[0].value.range()], span, "{text}");
            assert!(facts.pairs[0].quoted);
        }
    }
}

#[test]
fn tables_of_all_kinds_are_scopes() {
    states(
        "a.b.c = 1\n[d]\ne = { f = 2, g.h = 'x' }\n[d.\"i\".j]\nk = 3\n[[l]]\nm = 4\n[[l]]\nm = 5\n",
        &[
            ("a.b.c", "1"),
            ("d.e.f", "2"),
            ("d.e.g.h", "x"),
            ("d.i.j.k", "3"),
            ("l.m", "4"),
            ("l.m", "5"),
        ],
    );
    states(
        "[a]\nb = 1\n[c]\nd = 2\n[a.e]\nf = 3\n",
        &[("a.b", "1"), ("c.d", "2"), ("a.e.f", "3")],
    );
}

#[test]
fn elements_belong_to_the_key_of_their_array() {
    states(
        "[t]\na = [\n  'one', # note\n  \"two\",\n]\nb = [[1, 2], [{ c = 3 }]]\n",
        &[
            ("t.a", "=one"),
            ("t.a", "=two"),
            ("t.b", "=1"),
            ("t.b", "=2"),
            ("t.b.c", "3"),
        ],
    );
}

#[test]
fn what_is_no_toml_is_read_by_lines() {
    saves("a = 1\na = 2\n", &[("a", "1"), ("a", "2")]);
    saves(
        "a = {{ x }}\nb = \"open\nc = 'v1'\n",
        &[("b", "open"), ("c", "v1")],
    );
    saves(
        "a = [\nb = \"v1\"\n[t]\nc = 'x'\n",
        &[("b", "v1"), ("t.c", "x")],
    );
    saves(
        "a = \nb = one # note\n{% if x %}\n[t\nc = 1\n",
        &[("a", ""), ("b", "one"), ("t.c", "1")],
    );
    saves("a = \"\"\"open\nb = 'x'\n", &[("a", "open"), ("b", "x")]);
    saves("a = \"\\q\"\n", &[("a", "\\q")]);
    let stray = b"a = \"\xff\"\nb = 'x'\n";
    assert_eq!(told(&read(stray), stray)[1], ("b".into(), "x".into()));
}

#[test]
fn what_is_written_to_exhaust_a_parser_ends_at_once() {
    for (before, unit) in [
        ("a = ", "["),
        ("a = ", "{a="),
        ("a", ".a"),
        ("[", "a."),
        ("a = ", "[\n"),
        ("a = ", "[1,"),
        ("", "[[a]]\n"),
        ("", "a = [\n"),
        ("", "a = \"\"\"\n"),
        ("", "'"),
        ("", "[a.b]\n"),
        ("", "\n"),
        ("a = \"", "\\"),
    ] {
        let text = format!("{before}{}", unit.repeat(100_000));
        let begun = std::time::Instant::now();
        read(text.as_bytes());
        assert!(begun.elapsed().as_secs() < 10, "{before}{unit}");
    }
    let dotted = format!("{}a", "a.".repeat(78));
    let text = format!(
        "a = {}1{}",
        format!("{{{dotted} = ").repeat(78),
        "}".repeat(78)
    );
    assert!(DeTable::parse(&text).is_ok());
    assert_eq!(read(text.as_bytes()).pairs.len(), 1);
}

#[track_caller]
fn holds(text: &[u8]) {
    for facts in [read(text), lines::read(text)] {
        for pair in &facts.pairs {
            assert!(pair.key.start <= pair.key.end && pair.key.end <= text.len());
            assert!(pair.value.start <= pair.value.end && pair.value.end <= text.len());
            facts.dotted(pair, text);
        }
    }
}

/// What TOML is made of.
const TOKENS: &[&str] = &[
    "a",
    "b = ",
    " = ",
    "\"c\"",
    "'d'",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u00",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ".",
    "\n",
    "\n",
    "\r\n",
    " ",
    "#",
    "1",
    "true",
    "ä",
    "€",
    "2020-01-02",
    "a = 1\n",
    "[t]\n",
    "x = [\n",
    "\u{feff}",
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
