//! What client code imports is told with the way to it, and accepted, masked and switched off like everything else.

use crate::tree::{Run, Tree};

const PAGE: &str =
    "\"use client\";\nimport { Token } from \"../ui/token\";\nexport default () => <Token />;\n";
const TOKEN: &str =
    "import { call } from '../lib/velt';\nexport const Token = () => <p>{call()}</p>;\n";
const READ: &str = "export const call = () => use(process.env.VELT_SECRET);\n";

fn project(velt: &str) -> Tree {
    let tree = Tree::new();
    tree.file("app/page.tsx", PAGE);
    tree.file("ui/token.tsx", TOKEN);
    tree.file("lib/velt.ts", velt);
    tree
}

fn scan(tree: &Tree, args: &[&str]) -> Run {
    let run = tree.keyward(&[&["scan", "."], args].concat());
    assert_eq!(run.stderr, "");
    run
}

#[test]
fn the_way_is_told_with_the_line_of_each_import() {
    let run = scan(&project(READ), &[]);
    let way = "(reached by app/page.tsx -> ui/token.tsx -> lib/velt.ts)";
    assert!(run.code == 1 && run.stdout.contains(way), "{}", run.stdout);
    for step in [
        "takes in ui/token.tsx at app/page.tsx:2",
        "takes in lib/velt.ts at ui/token.tsx:1",
    ] {
        assert!(run.stdout.contains(step), "{}", run.stdout);
    }
    let json = scan(&project(READ), &["--format", "json"]).json();
    let place = &json["findings"][0]["places"][0];
    assert_eq!(json["findings"][0]["id"], "server-secret-in-client");
    assert_eq!(place["path"], "lib/velt.ts");
    assert_eq!(place["related"].as_array().expect("steps").len(), 2);
}

#[test]
fn what_sleeps_is_accepted_where_it_stands_and_by_entries() {
    let marked = READ.replace(
        ";\n",
        concat!(
            "; // keyward:",
            "allow server-secret-in-client gone with the next build\n"
        ),
    );
    let run = scan(&project(&marked), &[]);
    assert!(
        run.code == 0 && run.stdout.contains("1 allowed"),
        "{}",
        run.stdout
    );
    let tree = project(READ);
    let entry = "[[allow]]\nids = [\"server-secret-in-client\"]\npaths = [\"lib/**\"]\nreason = \"known\"\n";
    tree.file("keyward.toml", entry);
    let run = scan(&tree, &[]);
    assert!(
        run.code == 0 && run.stdout.contains("1 allowed"),
        "{}",
        run.stdout
    );
    assert_eq!(
        scan(&project(READ), &["--skip", "server-secret-in-client"]).code,
        0
    );
}

#[test]
fn nothing_is_told_where_no_client_code_imports_it() {
    let tree = project(READ);
    tree.file("app/page.tsx", &PAGE.replace("\"use client\";\n", ""));
    let run = scan(&tree, &["--pedantic"]);
    assert!(!run.stdout.contains("in-client"), "{}", run.stdout);
}

#[test]
fn a_credential_that_client_code_imports_is_everybodys() {
    let with = |text: &str| scan(&project(text), &["--format", "json"]);
    let severity = |run: &Run| run.json()["findings"][0]["severity"].clone();
    let apart = with("const call_password = '<<an24>>';\nexport const call = () => use(1);\n");
    assert_eq!(severity(&apart), "high", "{}", apart.stdout);
    let used =
        with("const call_password = '<<an24>>';\nexport const call = () => use(call_password);\n");
    assert_eq!(severity(&used), "critical", "{}", used.stdout);
    assert!(
        used.stdout.contains("app/page.tsx -> ui/token.tsx"),
        "{}",
        used.stdout
    );
}

#[test]
fn the_value_of_a_header_is_masked() {
    let text =
        "export const call = () => fetch('/x', { headers: { 'x-auth-token': '<<hex32>>' } });\n";
    let tree = project(text);
    let written = std::fs::read_to_string(tree.path().join("lib/velt.ts")).expect("it is there");
    let value = written.split('\'').nth(5).expect("the value");
    assert_eq!(value.len(), 32, "{written}");
    let run = scan(&tree, &[]);
    assert!(
        run.stdout.contains("[secret-header-in-client]"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains(&value[8..]), "{}", run.stdout);
    // The value in a header was known before, and is told once.
    assert!(!run.stdout.contains("[hardcoded-"), "{}", run.stdout);
}
