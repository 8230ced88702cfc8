//! Which files are asked at all.

use super::{read, rules};
use crate::model::RelPath;

#[test]
fn files_may_be_passed_by() {
    let set = rules("on = \"call\"\ncallee = [\"fun\"]\npaths = [\"**/*.js\", \"!**/*dev*\"]");
    for (path, wanted) in [
        ("src/a.js", true),
        ("src/a.ts", false),
        ("src/a_dev.js", false),
    ] {
        assert_eq!(!read(&set, path, "fun()").is_empty(), wanted, "{path}");
    }
}

#[test]
fn words_wake_a_rule_only_where_they_stand_as_it_needs() {
    // A name that no built-in rule waits for.
    let set = rules(
        "on = \"call\"\ncallee = [\"jwt.stamp\"]\nall = [{ at = \"0\", name = [\"token\"] }]",
    );
    let woken = |text: &str| set.wakes(&RelPath::from("src/a.js"), text.as_bytes());
    assert!(woken("jwt.stamp(token)"));
    assert!(woken("import { stamp as s } from 'jwt'; s(token)"));
    for text in [
        "jwt.restamp(token)",
        "stamp = token",
        "// a stamp of token",
        "jwt.stamp(theme)",
        "import { stamp as s } from 'x'; s(token)",
    ] {
        assert!(!woken(text), "{text}");
    }
}

#[test]
fn habits_are_not_told_of_what_others_wrote() {
    let set = rules("on = \"call\"\ncallee = [\"fun\"]");
    assert_eq!(read(&set, "src/a.js", "fun()").len(), 1);
    assert!(read(&set, "node_modules/a/a.js", "fun()").is_empty());
    assert!(read(&set, "src/a.min.js", "fun()").is_empty());
    assert!(read(&set, "src/a.txt", "fun()").is_empty());
}

#[test]
fn a_file_that_cannot_be_hit_is_not_parsed() {
    let path = RelPath::from("src/a.js");
    for (rule, wakes, sleeps) in [
        (
            "all = [{ at = \"0.response_type\", text = '^code$' }]",
            "fun({ response_type: 'code' })",
            "fun({ type: 'code' })",
        ),
        (
            "all = [{ at = \"0\", text = '^process\\.env$' }]",
            "fun(process.env)",
            "fun(process['x'].env)",
        ),
        (
            "any = [{ at = \"0.apiKey\", is = [\"literal\"] }, { at = \"0\", name = [\"token\"] }]",
            "fun({ apiKey: 'a' })",
            "fun({ a: 'a' })",
        ),
        (
            "any = [{ at = \"0.apiKey\", is = [\"literal\"] }, { at = \"0\", name = [\"token\"] }]",
            "fun(token)",
            "fun(theme)",
        ),
        (
            "all = [{ at = \"0\", callee = [\"Math.random\"] }]",
            "fun(Math.random())",
            "fun(Math.round())",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "fun(`got ${token}`)",
            "fun('no token'.length, x); const token = y",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const text = `got ${token}`; const all = { text }; fun(all)",
            "const text = `got ${x}`; fun(text); go(token)",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const { a: x } = tokens.token; fun(x)",
            "const { a: x } = y; fun(x); go(token)",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const o = {}; o.a = token; fun(o)",
            "const o = {}; o.a = b; fun(o); go(token)",
        ),
        (
            "all = [{ at = \"0.apiKey\", is = [\"literal\"] }]",
            "class A { o = { apiKey: 'v1' }; f() { fun(this.o) } }",
            "class A { o = {}; f() { fun(this.o); go({ apiKey: 'v1' }) } }",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const x = f(a, (b) => b.token); fun(x ?? y)",
            "fun(x, \"(\"); go(token)",
        ),
        ("imports = [\"stripe\"]", "import 'stripe'; fun()", "fun()"),
        ("", "fun ()", "fun = 1; refun()"),
    ] {
        let set = rules(&format!("on = \"call\"\ncallee = [\"fun\"]\n{rule}"));
        assert!(set.wakes(&path, wakes.as_bytes()), "{wakes}");
        assert!(!set.wakes(&path, sleeps.as_bytes()), "{sleeps}");
    }
    let absent =
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0.maxAge\", is = [\"absent\"] }]";
    assert!(rules(absent).wakes(&path, b"fun({})"));
}
