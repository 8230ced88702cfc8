//! Modules as people write them, and texts that nobody would.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

fn read(path: &str, text: &str) -> Module {
    module(&path.into(), text.as_bytes()).expect("a script")
}

fn said(module: &Module, span: Span) -> String {
    String::from_utf8_lossy(module.word(span)).into_owned()
}

/// What is taken of each link: `./a: x, default, *`.
fn links(text: &str) -> Vec<String> {
    let module = read("a.tsx", text);
    let names = |link: &Link| {
        let names = link.names.iter().map(|taken| match taken {
            Taken::Name(span) => said(&module, *span),
            Taken::Default => "default".to_owned(),
            Taken::All => "*".to_owned(),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let links = module.links.iter();
    links
        .map(|link| {
            format!(
                "{:?} {}: {}",
                link.by,
                said(&module, link.module),
                names(link)
            )
        })
        .collect()
}

/// What the export `name` leads to: names of links, through statements.
fn reaches(module: &Module, name: &str) -> Vec<String> {
    let export = module
        .exports
        .iter()
        .find(|e| module.word(e.name) == name.as_bytes());
    let mut open: Vec<Use> = export.and_then(|e| e.to).into_iter().collect();
    let mut seen = open.clone();
    let mut found = Vec::new();
    while let Some(used) = open.pop() {
        match used {
            Use::Link(link, _) => found.push(said(module, module.links[link].module)),
            Use::Part(part) => {
                for &next in &module.parts[part].uses {
                    if !seen.contains(&next) {
                        seen.push(next);
                        open.push(next);
                    }
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn imports_of_every_form() {
    for (text, wanted) in [
        ("import a from './a'", &["Import ./a: default"][..]),
        ("import * as a from \"./a\";", &["Import ./a: *"]),
        (
            "import d, { x, y as z, default as q } from './a';",
            &["Import ./a: default, x, y, default"],
        ),
        ("import d, * as a from './a'", &["Import ./a: default, *"]),
        (
            "import './a.css'; import 'b'",
            &["Import ./a.css: ", "Import b: "],
        ),
        (
            "import {\n  x, // one\n  y, /* } */\n} from './a'\nimport z from 'z'",
            &["Import ./a: x, y", "Import z: default"],
        ),
        (
            "import{x}from'./a';import y from'./y'",
            &["Import ./a: x", "Import ./y: default"],
        ),
        (
            "import data from './d.json' with { type: 'json' };\nimport x from 'x'",
            &["Import ./d.json: default", "Import x: default"],
        ),
        ("import x = require('./a');", &["Require ./a: *"]),
        (
            "export { a, b as c } from './a';\nexport * from './b';\nexport * as n from './n'",
            &["Export ./a: a, b", "Star ./b: ", "Export ./n: *"],
        ),
        (
            "const { a, b: c } = require('./a');\nvar d = require(\"./d\")",
            &["Require ./a: a, b", "Require ./d: *"],
        ),
        (
            "const P = lazy(() => import('./p'));\nfoo(require(`./q`));",
            &["Dynamic ./p: *", "Require ./q: *"],
        ),
        (
            "#!/usr/bin/env node\n// from './no'\n/* import n from './n' */\nimport x from './x'",
            &["Import ./x: default"],
        ),
        (
            "const x = 1;\nimport y from './y'",
            &["Import ./y: default"],
        ),
        (
            "import type from './a'; import { type } from './b'; import { type as t } from './c'",
            &[
                "Import ./a: default",
                "Import ./b: type",
                "Import ./c: type",
            ],
        ),
    ] {
        assert_eq!(links(text), wanted, "{text}");
    }
}

#[test]
fn types_strings_and_comments_take_nothing() {
    for text in [
        "import type { A } from './a'",
        "import type A from './a'",
        "import type * as A from './a'",
        "import { type A, type B } from './a'",
        "export type { A } from './a'",
        "export type * from './a'",
        "const s = \"import x from './a'\";",
        "const s = `\nimport('./a')\n`;",
        "// require('./a')\nfoo();",
        "foo();\n/*\n * import('./a')\n */",
        "const r = /import('.a')/;",
        "x.require('./a'); y.import('./b')",
        "import.meta.env.X",
        "const a = import(name)",
    ] {
        assert_eq!(links(text), [""; 0], "{text}");
    }
    assert_eq!(links("import { type A, b } from './a'"), ["Import ./a: b"]);
}

#[test]
fn directives_stand_behind_comments_and_before_statements() {
    for (client, text) in [
        (true, "\"use client\";\nimport x from 'x'"),
        (true, "\u{feff}// a\n/* b */ 'use client'\n"),
        (true, "'use strict';\n'use client'"),
        (false, "import x from 'x';\nfoo();\n'use client'"),
        (false, "// \"use client\""),
        (false, "const s = 'use client'"),
    ] {
        assert_eq!(read("a.js", text).client, client, "{text}");
    }
    assert!(read("a.ts", "'use server'\nexport async function f() {}").server);
}

#[test]
fn a_name_leads_to_what_its_statement_mentions() {
    let text = "import { a } from './a';\nimport b from './b';\nimport * as c from './c';\n\
        const inner = () => {\n  return a(`${b.x}`);\n};\n\
        export const one = () => inner();\n\
        export function two(x) {\n  // a\n  return x.a + 'a' + c.d;\n}\n\
        export type Three = typeof a;\n\
        export default class {\n  run() { return import('./d') }\n}\n\
        export { inner as four, b as five };\nexport { six } from './e';\nexport interface a2 { a: a }\n";
    let module = read("x.ts", text);
    assert_eq!(reaches(&module, "one"), ["./a", "./b"]);
    assert_eq!(reaches(&module, "two"), ["./c"]);
    assert_eq!(reaches(&module, "Three"), [""; 0]);
    assert_eq!(reaches(&module, "default"), ["./d"]);
    assert_eq!(reaches(&module, "four"), ["./a", "./b"]);
    assert_eq!(reaches(&module, "five"), ["./b"]);
    assert_eq!(reaches(&module, "six"), ["./e"]);
    assert!(!module.open);
}

#[test]
fn declarations_of_every_form_hand_out_their_names() {
    let text = "export const { a, b: [c, d = f(1, 2)], ...e } = x;\nexport async function* g() {}\n\
        export abstract class H {}\nexport const enum I {}\nexport enum J {}\nexport let k: string, l;\n\
        export declare const m: string;\nexport default function n() {}\n";
    let module = read("x.ts", text);
    let names: Vec<_> = module
        .exports
        .iter()
        .map(|e| said(&module, e.name))
        .collect();
    assert_eq!(
        names,
        ["a", "c", "d", "e", "g", "H", "I", "J", "k", "default"]
    );
}

#[test]
fn what_is_run_with_the_module_is_told_from_what_it_declares() {
    let module = read(
        "x.ts",
        "const a = 1;\nstart(a);\nfunction b() {}\nb.label = a;\nexport { b }",
    );
    let always: Vec<_> = module.parts.iter().map(|p| p.always).collect();
    assert_eq!(always, [false, true, false, false, false]);
    assert_eq!(module.parts[1].uses, [Use::Part(0)]);
    // Who takes b runs what is set on it.
    assert_eq!(module.parts[2].uses, [Use::Part(3)]);
    assert_eq!(module.part_at(0), Some(0));
    assert_eq!(module.part_at(14), Some(1));
    assert!(read("x.js", "module.exports = { a };").open);
    assert!(read("x.js", "exports.a = a;").open);
}

#[test]
fn signs_in_markup_end_with_their_line() {
    let text = "import { a } from './a';\nimport { b } from './b';\n\
        export const A = () => <p>Don't use ` here</p>;\nexport const B = () => <p>{b} 1/2</p>;\n";
    let module = read("x.tsx", text);
    assert_eq!(reaches(&module, "A"), [""; 0]);
    assert_eq!(reaches(&module, "B"), ["./b"]);
}

#[test]
fn components_and_pages_load_their_scripts() {
    let vue = read(
        "a.vue",
        "<template><p/></template>\n<script setup lang=\"ts\">\nimport { a } from './a'\n</script>",
    );
    assert_eq!(vue.parts[0].uses, [Use::Link(0, 0)]);
    assert_eq!(vue.links[0].line, 3);
    let page = read(
        "index.html",
        "<head><script type=module src=\"/src/main.ts\"></script><script>import('./b')</script>",
    );
    let loaded: Vec<_> = page.links.iter().map(|l| said(&page, l.module)).collect();
    assert_eq!(loaded, ["./b", "/src/main.ts"]);
    assert_eq!(page.loads.len(), 2);
    let astro = read(
        "a.astro",
        "---\nimport { db } from '../db';\nimport Chat from './Chat';\nimport Foot from './Foot';\n---\n\
         <Chat room=\"x\" client:load />\n<Foot/>\n<script>\nimport { t } from './t';\nt();\n</script>\n",
    );
    let loaded: Vec<_> = astro
        .loads
        .iter()
        .flat_map(|load| match load {
            Use::Part(part) => astro.parts[*part].uses.clone(),
            link => vec![*link],
        })
        .map(|used| match used {
            Use::Link(link, _) => said(&astro, astro.links[link].module),
            Use::Part(_) => String::new(),
        })
        .collect();
    assert_eq!(loaded, ["./t", "./Chat"]);
}

#[test]
fn other_files_are_no_modules() {
    assert!(module(&"a.md".into(), b"```js\nimport x from 'x'\n```").is_none());
    assert!(module(&"a.rs".into(), b"").is_none());
}

#[test]
fn hostile_texts_take_no_longer_than_others() {
    let lines = [
        "const { /*\n",
        "import {\n",
        "export {\n",
        "import { a\n",
        "\"\\",
        "`\\",
        "'\"",
        "(/[",
        "type /*\n",
        "`${",
        "}`",
        "x\n",
        "export const a = require('x');\n",
        "import('a');",
        "<script>",
        "<script src=a>",
        "const {",
        "a.b = c\n",
        "export * from 'a'\n",
    ];
    for line in lines {
        let text = line.repeat((1 << 20) / line.len());
        for path in ["a.ts", "a.vue", "a.html", "a.astro"] {
            let start = std::time::Instant::now();
            let module = module(&path.into(), text.as_bytes()).expect("a script");
            // Of a build without optimisation; what is not linear takes minutes.
            assert!(
                start.elapsed().as_secs() < 5,
                "{path} {line:?}: {:?}",
                start.elapsed()
            );
            assert!(
                module.weight() < 64 << 20,
                "{path} {line:?}: {}",
                module.weight()
            );
        }
    }
}

fn is_sound(module: &Module, text: &[u8]) {
    for link in &module.links {
        assert!(link.module.end <= module.words.len() && link.line >= 1);
    }
    let uses = module
        .parts
        .iter()
        .flat_map(|p| &p.uses)
        .chain(&module.loads);
    for used in uses.chain(module.exports.iter().filter_map(|e| e.to.as_ref())) {
        match *used {
            Use::Part(part) => assert!(part < module.parts.len()),
            Use::Link(link, name) => assert!(name < module.links[link].names.len()),
        }
    }
    assert!(module.parts.iter().all(|p| p.start <= text.len()));
    assert!(module.parts.is_sorted_by_key(|p| p.start));
}

proptest! {
    #[test]
    fn any_bytes_give_a_sound_module(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in 0..4usize) {
        let path = ["a.ts", "a.vue", "a.html", "a.astro"][name];
        is_sound(&module(&path.into(), &bytes).expect("a script"), &bytes);
    }

    #[test]
    fn any_words_give_a_sound_module(words in proptest::collection::vec(0..40usize, 0..80), name in 0..4usize) {
        const WORDS: [&str; 40] = [
            "import", "export", "from", "{", "}", "*", " as ", "'./a'", "\"b\"", "type ", "const ", "a", "b", ",", "=", "(", ")", "\n", "\n",
            "require(", "default ", "function ", "class ", "`", "${", "/*", "*/", "//", "/", "'", ";", ".", "...", "[", "]", ":", "<script>",
            "</script>", "---\n", " client:load",
        ];
        let mut text = String::new();
        for word in words {
            write!(text, "{}", WORDS[word]).expect("a string");
        }
        let path = ["a.ts", "a.vue", "a.html", "a.astro"][name];
        is_sound(&module(&path.into(), text.as_bytes()).expect("a script"), text.as_bytes());
    }
}

/// Prints what reading a tree takes: `KEYWARD_TREE=… cargo test --release --lib modules -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
#[allow(clippy::print_stdout, reason = "it is its purpose")]
fn a_whole_tree() {
    let root = std::env::var("KEYWARD_TREE").expect("KEYWARD_TREE");
    let mut files = Vec::new();
    for entry in ignore::Walk::new(&root).flatten() {
        let path = RelPath::from(&*entry.path().to_string_lossy());
        if entry.path().is_file() && dialect(&path).is_some() {
            files.push((path, std::fs::read(entry.path()).expect("a file")));
        }
    }
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let start = std::time::Instant::now();
    let modules: Vec<_> = files
        .iter()
        .filter_map(|(path, text)| module(path, text))
        .collect();
    let took = start.elapsed();
    let links: usize = modules.iter().map(|m| m.links.len()).sum();
    let weight: usize = modules.iter().map(Module::weight).sum();
    println!(
        "{} files, {bytes} bytes: {took:?}; {links} links, {weight} bytes kept",
        files.len()
    );
}
