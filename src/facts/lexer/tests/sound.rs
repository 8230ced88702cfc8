//! What holds of any text.

use proptest::prelude::*;

use crate::facts::code::{Expr, Program};
use crate::facts::language::Language;
use crate::facts::lexer::read;
use crate::model::Span;

/// Panics where a span or an id of `program` does not lie in it.
fn assert_sound(program: &Program, text: &[u8]) {
    let lies = |span: Span| {
        assert!(
            span.start <= span.end && span.end <= text.len(),
            "{span:?} in {} bytes",
            text.len()
        );
    };
    let node = |id| {
        let node = program.node(id);
        lies(node.span);
        match &node.expr {
            Expr::Path { parts, .. } => parts.iter().copied().for_each(lies),
            Expr::Object { members, .. } => members.iter().for_each(|(name, _)| lies(*name)),
            Expr::Call(index) => assert!(*index < program.calls.len()),
            _ => {}
        }
    };
    for call in &program.calls {
        lies(call.span);
        call.callee.iter().copied().for_each(lies);
        call.args.iter().copied().chain(call.on).for_each(node);
        call.named.iter().for_each(|(name, value)| {
            lies(*name);
            node(*value);
        });
    }
    for binding in &program.bindings {
        assert!(!binding.target.is_empty());
        binding.target.iter().copied().for_each(lies);
        node(binding.value);
        program.resolve(text, binding.value, binding.function);
    }
    for read in &program.reads {
        lies(read.name);
        lies(read.span);
        read.fallback.into_iter().for_each(node);
    }
    for import in &program.imports {
        lies(import.module);
        import.names.iter().for_each(|(there, here)| {
            there.iter().copied().for_each(lies);
            lies(*here);
        });
    }
    for function in &program.functions {
        lies(function.span);
        function
            .name
            .iter()
            .chain(&function.params)
            .copied()
            .for_each(lies);
    }
}

const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "${",
    "#{",
    "\\(",
    "{$",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "@\"",
    "$\"",
    "$$\"\"\"",
    "f\"",
    "r#\"",
    "\"#",
    "b'",
    "%w[",
    "%q(",
    "<<~X",
    "<<X",
    "<<<X",
    "\nX\n",
    "/",
    "//",
    "/*",
    "*/",
    "#",
    "\n",
    "\n  ",
    " ",
    "\\",
    ";",
    ",",
    ":",
    "::",
    ".",
    "..",
    "?.",
    "?",
    "?:",
    "??",
    "||",
    "|",
    "&&",
    "!",
    "=",
    ":=",
    "==",
    "=>",
    "->",
    "+",
    "%",
    "<",
    ">",
    "@",
    "$",
    "$x",
    "x",
    "y",
    "Z",
    "1",
    "0",
    "def ",
    "func ",
    "fun ",
    "fn ",
    "function ",
    "class ",
    "import ",
    "from ",
    "use ",
    "using ",
    "require ",
    "if ",
    "else ",
    "end",
    " do ",
    "for ",
    " in ",
    "case ",
    "return ",
    "new ",
    "const ",
    "let ",
    "var ",
    "val ",
    "lambda ",
    "not ",
    " or ",
    " as ",
    " to ",
    "switch ",
    "match ",
    "async ",
    "static ",
    "<?php ",
    "?>",
    "é",
    "ENV[\"X\"]",
    "getenv(\"X\")",
    "=begin",
    "__END__",
    "init(",
    "type ",
    "struct ",
    "echo ",
    "map[",
    "private ",
    "throw ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_give_sound_facts(text in prop::collection::vec(any::<u8>(), 0..400)) {
        for &language in Language::ALL {
            assert_sound(&read(&text, language), &text);
        }
    }

    #[test]
    fn any_words_give_sound_facts(words in prop::collection::vec(prop::sample::select(WORDS), 0..120)) {
        let text = words.concat().into_bytes();
        let php = [b"<?php ", &text[..]].concat();
        for &language in Language::ALL {
            assert_sound(&read(&text, language), &text);
        }
        assert_sound(&read(&php, Language::Php), &php);
    }
}

/// Were one of these not linear, the test would take minutes.
#[test]
fn nesting_and_what_stays_open_cost_no_more_than_flat_text() {
    let mixed = [
        "f(a[{",
        "x = f(",
        "(a) => (",
        "a ? b : ",
        "if x { ",
        "\"#{",
        "f\"{",
        "$\"{",
        "\"\\(",
        "\"${",
        "<<X\n#{\nX\n",
        "def f(\n",
        "|a| ",
        "lambda: ",
        "(a)",
        "!-",
        "a.b(c) { ",
        "x<y,",
        "\"{$x",
        "@a(",
        "new A(",
        "a = b = ",
        "<<A <<B\n",
        "switch x { case ",
    ];
    for word in WORDS.iter().chain(&mixed) {
        let text = ["<?php x ", &word.repeat((1 << 13) / word.len())].concat();
        for &language in Language::ALL {
            read(text.as_bytes(), language);
        }
    }
}

#[test]
fn a_megabyte_of_openers_ends() {
    for (language, words) in [
        (Language::Ruby, "\"#{"),
        (Language::Ruby, "<<A\n"),
        (Language::Kotlin, "f({"),
        (Language::Python, "x[("),
        (Language::Rust, "/*"),
        (Language::Php, "<?php {\"$"),
    ] {
        let program = read(words.repeat((1 << 20) / words.len()).as_bytes(), language);
        assert!(program.cut, "{language:?} {words}");
    }
}
