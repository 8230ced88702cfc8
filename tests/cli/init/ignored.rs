//! `.gitleaksignore`, and keys in whatever letters: an entry accepts what its rule is about, and nothing beside it.

use super::moving::TOKEN;
use super::{is_there, read, says};
use crate::tree::Tree;

const SLACK: &str = "xoxb-<<dg12>>-<<dg13>>-<<an24>>";

/// The ids that a scan reports.
fn reported(tree: &Tree) -> Vec<String> {
    let run = tree.keyward(&["scan", "--format", "json"]);
    let report = run.json();
    let findings = report["findings"].as_array().expect("findings").clone();
    let ids = findings.iter().map(|f| f["id"].as_str().map(str::to_owned));
    ids.map(|id| id.expect("an id")).collect()
}

/// A file with two credentials on one line.
fn two() -> Tree {
    let tree = Tree::repository();
    tree.file("a.js", &format!("const a = '{TOKEN}', b = '{SLACK}';\n"));
    tree
}

#[test]
fn an_entry_accepts_what_its_rule_is_about() {
    let tree = two();
    assert_eq!(reported(&tree).len(), 2);
    tree.file(".gitleaksignore", "a.js:github-pat:1\n");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(&run, &["1 finding that was accepted elsewhere is accepted"]);
    assert!(!run.stderr.contains("no check here"), "{}", run.stderr);
    assert_eq!(reported(&tree), ["slack-bot-token"]);
}

#[test]
fn an_entry_of_a_commit_accepts_what_its_rule_is_about() {
    let tree = two();
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "one"]);
    let commit = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let entry = format!("{commit}:a.js:slack-bot-token:1\n");
    tree.file(".gitleaksignore", &entry);
    assert_eq!(tree.keyward(&["init", "--from", "gitleaks"]).code, 0);
    assert_eq!(reported(&tree), ["github-pat-classic"]);
    // Also where the file was renamed since.
    let tree = two();
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "one"]);
    let commit = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    tree.git(&["mv", "a.js", "b.js"]);
    tree.git(&["commit", "-qm", "two"]);
    let entry = format!("{commit}:a.js:slack-bot-token:1\n");
    tree.file(".gitleaksignore", &entry);
    assert_eq!(tree.keyward(&["init", "--from", "gitleaks"]).code, 0);
    assert_eq!(reported(&tree), ["github-pat-classic"]);
}

#[test]
fn an_entry_of_a_rule_that_is_no_check_accepts_its_line_and_is_told() {
    let tree = two();
    tree.file("b.js", &format!("const b = '{SLACK}';\n"));
    tree.file(
        ".gitleaksignore",
        "a.js:generic-api-key:1\nb.js:slack-bot-token:1\nc.js:nobodys-rule:1\n",
    );
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            "1 entry is about a rule that is no check here",
            ".gitleaksignore:1",
        ],
    );
    let told = run
        .stderr
        .split("no check here")
        .nth(1)
        .expect("it is told");
    let told = told.split("are no findings here").next().expect("a start");
    assert!(!told.contains(".gitleaksignore:2"), "{}", run.stderr);
    assert_eq!(reported(&tree), Vec::<String>::new());
}

#[test]
fn an_entry_of_ones_own_rule_accepts_what_that_rule_finds() {
    let tree = Tree::repository();
    let rule = "[[rules]]\nid = 'Acme Token'\nregex = '''acme_[a-z0-9]{32}'''\n";
    tree.file(".gitleaks.toml", rule);
    tree.file("a.js", &format!("f('acme_<<lan32>>', '{SLACK}');\n"));
    tree.file(".gitleaksignore", "a.js:Acme Token:1\n");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("no check here"), "{}", run.stderr);
    assert_eq!(reported(&tree), ["slack-bot-token"]);
}

#[test]
fn keys_are_read_in_whatever_letters() {
    let tree = Tree::repository();
    let text = r#"
[Extend]
DisabledRules = ["npm-access-token"]
[[Rules]]
ID = "acme-deploy-token"
Regex = '''acme_([a-z0-9]{32})'''
SECRETGROUP = 1
KeyWords = ["acme_"]
[[Rules.AllowLists]]
Paths = ['''^fixtures/''']
[AllowList]
StopWords = ["client"]
paTHs = ['''^vendor/''']
"#;
    tree.file(".gitleaks.toml", text);
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(&run, &["1 value in an allow list"]);
    let written = read(&tree, "keyward.toml");
    for said in [
        "[checks.npm-access-token]\noff = true",
        "id = \"acme-deploy-token\"",
        "(?<secret>[a-z0-9]{32})",
        "\"fixtures/**\"",
        "\"vendor/**\"",
    ] {
        assert!(written.contains(said), "{said}: {written}");
    }
}

#[test]
fn keys_that_clash_are_told() {
    let tree = Tree::repository();
    let text =
        "[allowlist]\npaths = ['^vendor/']\nPaths = ['^src/']\n[AllowList]\npaths = ['^lib/']\n";
    tree.file(".gitleaks.toml", text);
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            ".gitleaks.toml:3: the key `Paths` stands there twice",
            ".gitleaks.toml:4: the key `AllowList` stands there twice",
        ],
    );
    let written = read(&tree, "keyward.toml");
    assert!(written.contains("\"vendor/**\""), "{written}");
    assert!(!written.contains("\"src/**\"") && !written.contains("\"lib/**\""));
    // A fault of types is told with its line as before.
    tree.file(".gitleaks.toml", "[AllowList]\nPaths = 'x'\n");
    let other = Tree::repository();
    other.file(".gitleaks.toml", "[AllowList]\nPaths = 'x'\n");
    let run = other.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &[".gitleaks.toml:2:"]);
    assert!(!is_there(&other, "keyward.toml"));
}
