//! Mistakes are told, hostile programs cost nothing, and the manual is right.

use std::path::Path;

use super::{CHECK, read, rules};
use crate::rules::{Loaded, Ruleset};

#[test]
fn mistakes_in_rules_are_told() {
    for lines in [
        "on = \"call\"",
        "on = \"call\"\ncallee = [\"a\"]",
        "on = \"call\"\ncallee = [\"abc.*\"]\nall = [{ at = \"one\", is = [\"true\"] }]",
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"value\", is = [\"true\"] }]",
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\" }]",
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\", is = [\"odd\"] }]",
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\", over = \"soon\" }]",
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\", text = \"(\" }]",
        "on = \"binding\"",
        "pattern = \"abc\"\ncallee = [\"fun\"]",
    ] {
        let text = format!("{CHECK}[[rule]]\ncheck = \"tested\"\nseverity = \"high\"\n{lines}\n");
        let pack = Loaded::parse(Path::new("t.toml"), &text).expect("TOML of a pack");
        assert!(Ruleset::load(vec![pack]).is_err(), "{lines}");
    }
}

#[test]
fn hostile_programs_cost_neither_stack_nor_time() {
    let set = rules(
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"*\", yields = [\"token\"] }]\nnone = [{ at = \"0.a.b\", mentions = true }]",
    );
    let deep = 100_000;
    let ring: String = (0..20_000)
        .map(|i| format!("a{i}=a{}+a{};", i + 1, i / 2))
        .collect();
    for text in [
        format!("fun({}token{})", "(".repeat(deep), ")".repeat(deep)),
        format!("fun({}token{})", "f(".repeat(deep), ")".repeat(deep)),
        format!("fun({}token)", "!x||".repeat(deep)),
        format!("fun({}x); token", "x+".repeat(deep)),
        format!("fun(x{}); token", ".f()".repeat(deep)),
        format!("{ring}fun(a0); token"),
        format!("token;{}", "fun(x);x=x+x;".repeat(20_000)),
    ] {
        let begun = std::time::Instant::now();
        read(&set, "src/a.js", &text);
        assert!(begun.elapsed().as_secs() < 20, "{}", &text[..40]);
    }
}

#[test]
fn the_example_of_the_readme_holds() {
    let readme = include_str!("../../../../rules/README.md");
    let section = readme
        .split("## Rules about programs")
        .nth(1)
        .expect("a section");
    let example = section
        .split("```toml")
        .nth(1)
        .and_then(|s| s.split("```").next());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("acme.toml");
    std::fs::write(&file, example.expect("an example")).expect("a file");
    let outcome = crate::rules::examples::check(&[file]).expect("rules that load");
    let acme = |fault: &&crate::rules::examples::Fault| fault.rule.starts_with("acme-token");
    assert_eq!(outcome.faults.iter().find(acme), None);
}
