//! Files of other scanners, whoever wrote them: what is read of them, what they cost, and what is kept to oneself.

use std::fs;

use sha1::{Digest, Sha1};

use super::moving::{TOKEN, acme};
use super::{is_there, read, says};
use crate::tree::{Tree, expand};

/// The 40 digits that detect-secrets knows a value by.
fn hash(value: &str) -> String {
    let digest = Sha1::digest(expand(value));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_secret_of_an_allow_list_is_repeated() {
    let tree = Tree::repository();
    let value = expand("<<an40>>");
    let token = expand(TOKEN);
    let text = format!(
        r#"
[[rules]]
id = "r-{value}"
description = "finds {token}"
regex = '''{value}'''
[[rules]]
id = "kept"
description = "the key {token} of the bot"
regex = '''kept_[a-z]{{20}}'''
keywords = ["{value}", "kept"]
[rules.allowlist]
description = "password = \"{value}\""
paths = ['''^x/{token}''', '''^y/''', '''(?i)\bz{token}''']
regexes = ['''{token}''']
stopwords = ["{value}"]
[allowlist]
description = "{token}"
regexes = ['''{token}''']
paths = ['''{value}/\w+''']
[extend]
disabledRules = ["{token}"]
path = "{token}.toml"
"#
    );
    tree.bytes(".gitleaks.toml", text.as_bytes());
    tree.bytes(
        ".gitleaksignore",
        format!("{token}:r:1\n{value}\n").as_bytes(),
    );
    tree.bytes(
        ".secretlintignore",
        format!("{token}/*\n!{token}\n").as_bytes(),
    );
    let rc = format!(
        r#"{{"rules":[{{"id":"{token}","disabled":true}},{{"id":"{value}","options":{{"allows":["/{token}/"]}}}}]}}"#
    );
    tree.bytes(".secretlintrc.json", rc.as_bytes());
    let baseline = format!(
        r#"{{"results":{{"{token}":[{{"hashed_secret":"x"}}]}},"filters_used":[{{"path":"a.should_exclude_file","pattern":["{token}\\b"]}}]}}"#
    );
    tree.bytes(".secrets.baseline", baseline.as_bytes());
    for more in [&["--dry-run"][..], &[]] {
        let run = tree.keyward(
            &[
                &["init", "--from", "gitleaks,secretlint,detect-secrets"],
                more,
            ]
            .concat(),
        );
        assert_eq!(run.code, 0, "{}", run.stderr);
        let written = fs::read_to_string(tree.path().join("keyward.toml")).unwrap_or_default();
        for (name, text) in [
            ("stdout", &run.stdout),
            ("stderr", &run.stderr),
            ("keyward.toml", &written),
        ] {
            for secret in [&token, &value] {
                assert!(!text.contains(&secret[..]), "{name}: {text}");
            }
        }
    }
    assert!(read(&tree, "keyward.toml").contains("kept_[a-z]{20}"));
}

#[test]
fn a_baseline_of_detect_secrets_goes_by_its_values() {
    let tree = Tree::repository();
    tree.file(
        "src/a.py",
        &format!("\r\n\r\ntoken = \"{TOKEN}\"\r\npassword = \"é<<an14>>\"\r\n"),
    );
    tree.file("src/b.yml", "url: postgres://app:<<an16>>@db.internal/x\n");
    let line = |text: &str, name: &str| {
        format!(
            "\"{name}\": [{{\"type\": \"x\", \"filename\": \"{name}\", \"hashed_secret\": \"{text}\", \"is_verified\": false, \"line_number\": 1, \"is_secret\": true}}]"
        )
    };
    let tokens = read(&tree, "src/a.py");
    let password = tokens
        .split("password = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a password");
    let url = read(&tree, "src/b.yml");
    let inner = url
        .split("app:")
        .nth(1)
        .and_then(|rest| rest.split('@').next())
        .expect("a password");
    let sha = |text: &str| {
        Sha1::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let token = tokens.split('"').nth(1).expect("a token");
    let entries = format!(
        "[{{\"hashed_secret\": \"{}\"}}, {{\"hashed_secret\": \"{}\"}}, {{\"hashed_secret\": \"{}\", \"line_number\": 3}}]",
        sha(token),
        sha(password),
        hash("no such value")
    );
    let text = format!(
        "{{\"version\": \"1.5.0\", \"plugins_used\": [], \"filters_used\": [{{\"path\": \"detect_secrets.filters.regex.should_exclude_file\", \"pattern\": [\"^vendor/\"]}}], \"results\": {{\"src/a.py\": {entries}, {}}}}}\n",
        line(&sha(inner), "src\\\\b.yml")
    );
    tree.bytes(".secrets.baseline", text.as_bytes());
    assert_eq!(tree.keyward(&["scan"]).code, 1);
    let run = tree.keyward(&["init", "--from", "detect-secrets"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            "3 findings that were accepted elsewhere",
            "1 of 4 that were accepted",
            ".secrets.baseline: src/a.py:3",
            "1 secret marked as real",
        ],
    );
    assert!(read(&tree, "keyward.toml").contains("\"vendor/**\""));
    let run = tree.keyward(&["scan"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    // Another value at an accepted place is no accepted one.
    tree.file("src/a.py", "\r\n\r\ntoken = \"ghp_<<an36>>\" # changed\r\n");
    assert_eq!(tree.keyward(&["scan"]).code, 1);
}

#[test]
fn secretlint_says_what_is_ignored_and_which_rules_are_off() {
    for (name, text) in [
        (
            ".secretlintrc.json",
            r#"{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend", "rules": [{"id": "@secretlint/secretlint-rule-npm", "disabled": true}, {"id": "@secretlint/secretlint-rule-aws", "disabled": true}]}]}"#,
        ),
        (
            ".secretlintrc.yml",
            "rules:\r\n  - id: \"@secretlint/secretlint-rule-preset-recommend\"\r\n    rules:\r\n      - id: \"@secretlint/secretlint-rule-npm\"\r\n        disabled: true\r\n      - id: \"@secretlint/secretlint-rule-aws\"\r\n        disabled: true\r\n",
        ),
        (
            ".secretlintrc",
            "rules: [{id: '@secretlint/secretlint-rule-npm', disabled: true}, {id: '@secretlint/secretlint-rule-aws', disabled: true}]\n",
        ),
    ] {
        let tree = Tree::repository();
        tree.bytes(name, text.as_bytes());
        tree.bytes(
            ".secretlintignore",
            b"# built\r\n/dist/\r\n!dist/keep\r\n*.snap\r\n",
        );
        let run = tree.keyward(&["init", "--from", "secretlint"]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        says(
            &run,
            &[
                "`@secretlint/secretlint-rule-aws` is off, and no check is surely the same",
                ".secretlintignore:2: `/dist/`: a line below takes part of it back",
                ".secretlintignore:3: `!dist/keep`",
            ],
        );
        let text = read(&tree, "keyward.toml");
        assert!(
            text.contains("[checks.npm-access-token]\noff = true")
                && text.contains("exclude = [\n  \"**/*.snap\",\n]"),
            "{text}"
        );
        assert_eq!(tree.keyward(&["scan", "--accept", "shallow"]).code, 0);
    }
    let tree = Tree::repository();
    tree.file(".secretlintrc.js", "module.exports = {}\n");
    let run = tree.keyward(&["init", "--from", "secretlint"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[".secretlintrc.js: it is a program, which is not run"],
    );
}

#[test]
fn what_cannot_be_read_is_an_error_with_a_hint() {
    for (name, text, scanner, told) in [
        ("a", "", "gitleaks", "no .gitleaks.toml, no .gitleaksignore"),
        (".gitleaks.toml", "a = [\n", "gitleaks", ".gitleaks.toml:"),
        (
            ".gitleaks.toml",
            "[allowlist]\npaths = 'x'\n",
            "gitleaks",
            ".gitleaks.toml:2:",
        ),
        (
            ".secrets.baseline",
            "{}",
            "detect-secrets",
            "no baseline of detect-secrets",
        ),
        (
            ".secretlintrc",
            "{a: [",
            "secretlint",
            "neither JSON nor YAML",
        ),
    ] {
        let tree = Tree::repository();
        tree.file(name, text);
        let run = tree.keyward(&["init", "--from", scanner]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        says(&run, &[told, "hint:"]);
        assert!(!is_there(&tree, "keyward.toml"), "{name}");
    }
    let tree = Tree::repository();
    tree.bytes(".gitleaks.toml", &vec![b'#'; (8 << 20) + 1]);
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2);
    says(&run, &["larger than 8 MiB"]);
}

#[test]
fn a_hostile_configuration_costs_little_and_says_nothing_of_its_own() {
    let deep = format!("{}x{}", "(".repeat(4000), ")".repeat(4000));
    let wide = format!("^{}$", "(a|b|.*/)?".repeat(90));
    let nested = "((((((((a?){8}){8}){8}){8}){8}){8}){8}){8}";
    let huge = "((((a{900}){900}){900}){900})";
    let long = "a.".repeat(400_000);
    let cased = format!("(?i){}", "abcdefghij".repeat(90));
    let many: String = (0..5000)
        .map(|i| format!("'''^p{i}/.*{i}.*x.*y$''',\n"))
        .collect();
    let tree = Tree::repository();
    let text = format!(
        "[extend]\npath = '../../etc/passwd'\nurl = 'https://example.com/x'\n[allowlist]\npaths = [\n'''{deep}''', '''{wide}''', '''{nested}''', '''{huge}''', '''{long}''', '''{cased}''', '''.*''',\n{many}]\ncommits = ['HEAD', '{}']\n\
         [[rules]]\nid = \"\\u001b[31m\\n[scan]\\nx\"\ndescription = \"a\\n[scan]\\nb\\u001b[0m\"\nregex = '''evil_[a-z]{{20}}'''\npath = '''{nested}'''\n[[rules]]\nid = 'h'\nregex = '''abc{huge}'''\n[[rules]]\nid = 'd'\nregex = '''abc{deep}'''\n",
        "f".repeat(40)
    );
    tree.bytes(".gitleaks.toml", text.as_bytes());
    let fingerprints: String = (0..20_000)
        .map(|i| format!("{}:src/{i}.js:r:{i}\n", "0".repeat(40)))
        .collect();
    tree.bytes(".gitleaksignore", fingerprints.as_bytes());
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert!(
        run.code == 0 || run.stderr.contains("more than the 1 MiB"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("internal error"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'));
    if run.code == 0 {
        let text = read(&tree, "keyward.toml");
        assert!(!text.contains('\u{1b}') && text.matches("\n[scan]").count() == 1);
        assert_eq!(tree.keyward(&["scan"]).code, 0);
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_repository_alone() {
    use std::os::unix::fs::symlink;

    let outside = Tree::new();
    let file = outside.file("c.toml", "[allowlist]\npaths = ['^vendor/']\n");
    let tree = Tree::repository();
    symlink(file, tree.path().join(".gitleaks.toml")).expect("a link");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &["leads out of the repository", "hint:"]);

    let tree = Tree::repository();
    tree.file("conf/c.toml", "[allowlist]\npaths = ['^vendor/']\n");
    symlink("conf/c.toml", tree.path().join(".gitleaks.toml")).expect("a link");
    assert_eq!(tree.keyward(&["init", "--from", "gitleaks"]).code, 0);
    assert!(read(&tree, "keyward.toml").contains("\"vendor/**\""));

    // Nor is the baseline written through one.
    let tree = acme();
    symlink(
        outside.path().join("b"),
        tree.path().join(".keyward-baseline"),
    )
    .expect("a link");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(fs::symlink_metadata(outside.path().join("b")).is_err());
}

#[test]
fn a_condition_that_is_not_surely_or_leaves_nothing_out() {
    for condition in ["&&", "AND", "every"] {
        let tree = Tree::repository();
        let list = format!("condition = '{condition}'\npaths = ['^src/']\nregexes = ['x']\n");
        tree.file(".gitleaks.toml", &format!("[[allowlists]]\n{list}"));
        tree.keyward(&["init", "--from", "gitleaks"]);
        let written = read(&tree, "keyward.toml");
        assert!(!written.contains("\"src/**\""), "{condition}: {written}");
    }
}

#[test]
fn a_baseline_outside_of_the_repository_is_left() {
    let (tree, other) = (Tree::repository(), Tree::new());
    let kept = "00112233445566778899aabbccddeeff jwt-committed of others\n";
    let baseline = other.file("baseline", kept);
    let config = format!("[scan]\nbaseline = '{}'\n", baseline.display());
    tree.file("keyward.toml", &config);
    tree.file("a.js", &format!("t = '{TOKEN}'\n"));
    tree.file(".gitleaksignore", "a.js:r:1\n");
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(fs::read_to_string(baseline).expect("it is there"), kept);
    assert!(
        run.stderr.contains("outside of the repository"),
        "{}",
        run.stderr
    );
}
