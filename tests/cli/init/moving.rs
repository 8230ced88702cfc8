//! `keyward init --from`: what other scanners were told, taken over.

use std::fs;

use super::{is_there, read, says};
use crate::tree::{Tree, expand};

pub const TOKEN: &str = "ghp_<<an36>>";

fn commit(tree: &Tree, message: &str) -> String {
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", message]);
    tree.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

/// A repository that gitleaks has looked after for years.
pub fn acme() -> Tree {
    let tree = Tree::repository();
    // Of one text with macros each token is another.
    let line = format!("const t = '{}';\n", expand(TOKEN));
    tree.bytes("src/old.js", line.as_bytes());
    let first = commit(&tree, "one");
    // The accepted one was moved to another file and another line, another came and went.
    fs::remove_file(tree.path().join("src/old.js")).expect("it is there");
    tree.bytes("src/new.js", format!("\n\n{line}").as_bytes());
    tree.file(
        "src/gone.js",
        "const s = 'xoxb-<<dg12>>-<<dg13>>-<<an24>>';\n",
    );
    let second = commit(&tree, "two");
    fs::remove_file(tree.path().join("src/gone.js")).expect("it is there");
    tree.file("src/conf.py", "db_password = \"<<an14>>\"\n");
    commit(&tree, "three");
    tree.file(
        ".gitleaksignore",
        &format!("# reviewed\n{first}:src/old.js:github-pat:1\nsrc/conf.py:generic-api-key:1\nsrc/none.py:generic-api-key:7\nrubbish\n"),
    );
    tree.file(
        ".gitleaks.toml",
        &format!(
            r#"
title = "acme"

[extend]
useDefault = true
disabledRules = ["github-fine-grained-pat", "generic-api-key"]

[[rules]]
id = "acme-deploy-token"
description = "Acme deploy token"
regex = '''acme_(?:live|test)_[a-z0-9]{{32}}\b'''
keywords = ["acme_"]
entropy = 3.5
tags = ["acme"]
[[rules.allowlists]]
description = "recorded events"
paths = ['''^test/fixtures/''']

[[rules]]
id = "Internal_Key"
description = "Internal key"
regex = '''(?i)\b(?:ik|internal)[_-]?key\s*[:=]\s*["']?([0-9a-f]{{40}})["']?'''
secretGroup = 1
keywords = ["internal", "ik_key"]
path = '''\.ya?ml$'''

[[rules]]
id = "everything"
regex = '''(?i)(?:key|token|secret)[a-z0-9_]{{0,25}}\s*[:=]\s*['"]([0-9a-z]{{8,}})['"]'''
keywords = ["key", "token", "secret"]

[[rules]]
id = "anywhere"
description = "A key of forty digits"
regex = '''[0-9a-f]{{40}}'''
keywords = ["ACMEKEY"]

[[rules]]
id = "pfx"
path = '''\.pfx$'''

[[rules]]
id = "ahead"
regex = '''(?=x)y{{3}}'''

[allowlist]
description = "global"
paths = ['''(^|/)vendor/''', '''package-lock\.json$''', '''\d+\.sql$''']
regexes = ['''(?i)example''']
stopwords = ["client"]
commits = ["{second}"]

[[allowlists]]
targetRules = ["github-pat"]
description = "shown in the guides"
paths = ['''^docs/''']

[[allowlists]]
condition = "AND"
paths = ['''^a/''']
regexes = ["b"]
"#
        ),
    );
    tree
}

#[test]
fn a_whole_project_moves_from_gitleaks() {
    let tree = acme();
    assert_eq!(tree.keyward(&["scan"]).code, 1);
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    says(
        &run,
        &[
            "wrote keyward.toml",
            ".gitleaks.toml:4: the rule `generic-api-key` is off, and no check is surely the same",
            "the rule `everything`: it looks for every secret by its name",
            "the rule `pfx` finds files by their paths alone",
            "the rule `ahead`: its expression cannot be read here",
            "2 values in an allow list",
            "the path `\\d+\\.sql$` has no form as a glob",
            ".gitleaksignore:5: no fingerprint",
            "1 of 4 that were accepted elsewhere are no findings here",
            ".gitleaksignore:4",
        ],
    );
    let text = read(&tree, "keyward.toml");
    for said in [
        "[scan]\n",
        "\"**/vendor/**\"",
        "\"**/*package-lock.json\"",
        "[checks.github-pat-fine-grained]\noff = true\n",
        "ids = [\"acme-deploy-token\"]\npaths = [\"test/fixtures/**\"]\nreason = \"carried over from .gitleaks.toml: recorded events\"",
        "ids = [\"github-pat-classic\"]\npaths = [\"docs/**\"]\nreason = \"carried over from .gitleaks.toml: shown in the guides\"",
        "id = \"internal-key\"",
        "(?<secret>[0-9a-f]{40})",
        "# .gitleaks.toml:",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // What was accepted is accepted: moved, gone, and in the tree.
    let run = tree.keyward(&["scan", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.places(), Vec::<String>::new());
    let baseline = read(&tree, ".keyward-baseline");
    assert_eq!(baseline.lines().count(), 2 + 3, "{baseline}");
    let run = tree.keyward(&["rules", "check", "keyward.toml"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn what_was_taken_over_works() {
    let tree = acme();
    assert_eq!(tree.keyward(&["init", "--from", "gitleaks"]).code, 0);
    let token = "x = 'acme_live_<<lan32>>'\n";
    tree.file("src/a.js", token);
    tree.file("vendor/a.js", token);
    tree.file("test/fixtures/a.js", token);
    tree.file("conf/a.yml", "internal_key: <<hex40>>\n");
    tree.file("src/near.js", "// acmekey\nf('<<hex40>>')\n");
    tree.file("src/far.js", "f('<<hex40>>')\n");
    tree.file("conf/a.txt", "internal_key: <<hex40>>\n");
    tree.file("src/new.js", "const t = 'ghp_<<an36>>'; // another\n");
    let run = tree.keyward(&["scan", "--no-history", "--format", "json"]);
    let places = run.places();
    let has = |place: &str| places.iter().any(|known| known == place);
    assert!(has("acme-deploy-token high src/a.js:1"), "{places:?}");
    assert!(has("internal-key high conf/a.yml:1"), "{places:?}");
    assert!(has("anywhere high src/near.js:2"), "{places:?}");
    assert!(
        has("github-pat-classic critical src/new.js:1"),
        "{places:?}"
    );
    assert!(
        !places.iter().any(|p| p.contains("vendor/")
            || p.contains("far.js")
            || p.contains("fixtures/")
            || p.contains("internal-key high conf/a.txt")),
        "{places:?}"
    );
}

#[test]
fn moving_twice_changes_nothing() {
    let tree = acme();
    assert_eq!(tree.keyward(&["init", "--from", "gitleaks"]).code, 0);
    let (config, baseline) = (
        read(&tree, "keyward.toml"),
        read(&tree, ".keyward-baseline"),
    );
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            "keyward.toml is there, with all of that in it",
            "accepts all of them already",
        ],
    );
    assert_eq!(config, read(&tree, "keyward.toml"));
    assert_eq!(baseline, read(&tree, ".keyward-baseline"));
}

#[test]
fn what_is_found_is_offered_and_the_untouched_template_makes_room() {
    let tree = acme();
    let run = tree.keyward(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &["--from gitleaks", ".gitleaks.toml and .gitleaksignore"],
    );
    assert!(!read(&tree, "keyward.toml").contains("\n[scan]"));
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(&run, &["wrote keyward.toml anew"]);
    assert!(read(&tree, "keyward.toml").contains("\n[scan]"));
}

#[test]
fn a_configuration_of_ones_own_is_left_and_the_rest_is_shown() {
    let tree = acme();
    tree.file("keyward.toml", "[scan]\nfail-on = \"high\"\n");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &["keyward.toml is there: left as it is", "on stdout"]);
    assert!(
        run.stdout.contains("[[check]]") && run.stdout.contains("exclude = ["),
        "{}",
        run.stdout
    );
    assert_eq!(read(&tree, "keyward.toml"), "[scan]\nfail-on = \"high\"\n");
}

#[test]
fn a_dry_run_takes_nothing_over() {
    let tree = acme();
    let run = tree.keyward(&["init", "--from", "gitleaks", "--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("id = \"acme-deploy-token\""),
        "{}",
        run.stdout
    );
    says(
        &run,
        &["would scan, and accept in the baseline what 4 entries name"],
    );
    assert!(!is_there(&tree, "keyward.toml") && !is_there(&tree, ".keyward-baseline"));
}

#[test]
fn what_is_found_by_itself_is_not_taken_over() {
    let tree = Tree::repository();
    tree.file("src/a.js", &format!("const t = '{TOKEN}';\n"));
    tree.file("src/b.js", &format!("const t = '{TOKEN}'; // accepted\n"));
    tree.file("docs/c.js", &format!("const t = '{TOKEN}'; // allowed\n"));
    let rules = "
[[rules]]
id = 'github-pat'
regex = 'ghp_[0-9a-zA-Z]{36}'
keywords = ['ghp_']
[[rules.allowlists]]
paths = ['^docs/']
[[rules]]
id = 'app tokens'
regex = '(?:ghu|ghs)_[0-9a-zA-Z]{36}'
[[rules]]
id = 'partly'
regex = '(?:gho|acme)_[0-9a-zA-Z]{36}'
[[rules]]
id = 'pem'
regex = '-----BEGIN[ A-Z]{0,100}PRIVATE KEY-----[\\s\\S-]{64,}?KEY-----'
";
    tree.bytes(".gitleaks.toml", rules.as_bytes());
    tree.file(".gitleaksignore", "src/b.js:github-pat:1\n");
    let found = || tree.keyward(&["scan", "--format", "json", "--fail-on", "critical"]);
    assert_eq!(found().code, 1);
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            ".gitleaks.toml:2: the rule `github-pat` is left out: `github-pat-classic` finds it",
            "the rule `pem` is left out: ",
            "the rule `app tokens` is left out: `github-app-installation-token`, `github-app-user-token` find it",
            "1 finding that was accepted elsewhere",
        ],
    );
    let written = read(&tree, "keyward.toml");
    let allowed = "ids = [\"github-pat-classic\"]\npaths = [\"docs/**\"]";
    assert!(written.contains(allowed), "{written}");
    tree.file("src/c.txt", "<<pem:PRIVATE KEY>>\n");
    tree.file("src/d.js", "const t = 'gho_<<an36>>';\n");
    tree.file("src/e.js", "const t = 'acme_<<an36>>';\n");
    let run = found();
    assert_eq!(run.code, 1);
    assert_eq!(
        run.places(),
        [
            "github-pat-classic critical src/a.js:1",
            "pem-private-key critical src/c.txt:1",
            "github-oauth-token critical src/d.js:1",
            "partly high src/e.js:1",
        ]
    );
    let run = tree.keyward(&["rules", "check", "keyward.toml"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}
