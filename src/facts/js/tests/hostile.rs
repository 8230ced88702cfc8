//! Programs that nobody writes: deep nesting, tokens in any order, bytes that are no text.

use proptest::prelude::*;

use super::*;

/// What opens a level and what closes it, where that is needed.
const NESTING: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("({a:", "})"),
    ("!", ""),
    ("- ", ""),
    ("typeof ", ""),
    ("await ", ""),
    ("new ", ""),
    ("a=>", ""),
    ("(a)=>", ""),
    ("async a=>", ""),
    ("(a=", ")"),
    ("a?b:", ""),
    ("a?", ":b"),
    ("a=", ""),
    ("a**", ""),
    ("a+", ""),
    ("a||", ""),
    ("a(", ")"),
    ("a[", "]"),
    ("a.", ""),
    ("a()", ""),
    ("a!", ""),
    ("a as ", ""),
    ("`${", "}`"),
    ("a`", "`"),
    ("<a>", "</a>"),
    ("<a>{", "}</a>"),
    ("<a b={", "}/>"),
    ("a<", ""),
    ("if(a)", ""),
    ("if(a);else ", ""),
    ("for(;;)", ""),
    ("a:", ""),
    ("function f(){", "}"),
    ("class A{a=", "}"),
    ("class extends ", ""),
    ("try{", "}finally{}"),
    ("switch(a){case a:", "}"),
    ("@(", ")a"),
];

#[test]
fn deep_nesting_neither_overflows_nor_takes_long() {
    const DEEP: usize = 100_000;
    for (open, close) in NESTING {
        for whole in [true, false] {
            let close = if whole { *close } else { "" };
            let text = format!("{}a{}", open.repeat(DEEP), close.repeat(DEEP));
            let read = move || {
                for dialect in [Dialect::JavaScript, Dialect::TypeScript] {
                    assert_sound(&read(text.as_bytes(), dialect), text.as_bytes());
                }
            };
            let thread = std::thread::Builder::new().stack_size(2 << 20);
            let started = std::time::Instant::now();
            thread.spawn(read).expect("a thread").join().expect(open);
            let taken = started.elapsed();
            assert!(taken.as_secs() < 20, "{open} takes {taken:?}");
        }
    }
}

#[test]
fn what_lies_too_deep_is_cut_and_the_rest_is_read() {
    let text = format!("f(1); {}g(2); h(3)", "!".repeat(300));
    let program = read(text.as_bytes(), Dialect::JavaScript);
    assert!(program.cut);
    assert_eq!(program.calls.len(), 2);
}

#[test]
fn long_chains_are_no_nesting() {
    for text in [
        format!("f({}'a')", "a + ".repeat(5000)),
        format!("f({}'a')", "a || ".repeat(5000)),
        format!("{} f(1)", "if (a) { b } else ".repeat(1000)),
        format!("f(a{})", ".b".repeat(5000)),
    ] {
        assert_eq!(Told::of(&text, Dialect::JavaScript).calls().len(), 1);
    }
}

fn tokens() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "a",
        "process",
        ".env",
        ".",
        "?.",
        "\"b\"",
        "'c'",
        "`d${",
        "}",
        "`",
        "(",
        ")",
        "[",
        "]",
        "{",
        "=>",
        "=",
        "??=",
        "+",
        "-",
        "!",
        "||",
        "&&",
        "??",
        "?",
        ":",
        ",",
        ";",
        "\n",
        "const ",
        "let ",
        "function ",
        "async ",
        "await ",
        "class ",
        "extends ",
        "import ",
        "export ",
        "default ",
        "from ",
        "require",
        "return ",
        "if",
        "else ",
        "for",
        " of ",
        " in ",
        "new ",
        "typeof ",
        "<",
        ">",
        "</",
        "/>",
        "/",
        "/*",
        "*/",
        "//",
        "...",
        "#x",
        "@d",
        "as ",
        "satisfies ",
        "enum ",
        "namespace ",
        "type ",
        "1",
        "\u{e9}",
        "<script>",
        "</script>",
        "---\n",
        "```js\n",
        "```\n",
        "super",
        "this",
        "import.meta",
        "${",
        "\\",
    ]);
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

const DIALECTS: [Dialect; 6] = [
    Dialect::JavaScript,
    Dialect::TypeScript,
    Dialect::Tsx,
    Dialect::Html,
    Dialect::Astro,
    Dialect::Markdown,
];

proptest! {
    #[test]
    fn any_bytes_give_spans_in_bounds(text in prop::collection::vec(any::<u8>(), 0..200)) {
        for dialect in DIALECTS {
            assert_sound(&read(&text, dialect), &text);
        }
    }

    #[test]
    fn any_tokens_give_spans_in_bounds(text in tokens()) {
        for dialect in DIALECTS {
            assert_sound(&read(text.as_bytes(), dialect), text.as_bytes());
        }
    }
}
