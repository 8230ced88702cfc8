//! What only the history of a repository tells of environment files: that there was one, and that its values are in use still.

use crate::tree::{Run, Tree};

const SECRET: &str = "JWT_SECRET=<<an40>>\n";

fn scan(tree: &Tree, args: &[&str]) -> Run {
    tree.keyward(&[&["scan", "--format", "json"], args].concat())
}

fn commit(tree: &Tree) {
    tree.git(&["add", "--all"]);
    tree.git(&["commit", "-q", "--no-verify", "-m", "x"]);
}

fn remove(tree: &Tree, name: &str) {
    tree.git(&["rm", "-q", name]);
    tree.git(&["commit", "-q", "--no-verify", "-m", "x"]);
}

fn of(run: &Run, id: &str) -> Vec<String> {
    let places = run.places().into_iter();
    places.filter(|place| place.starts_with(id)).collect()
}

/// A repository that ignores environment files.
fn careful() -> Tree {
    let tree = Tree::repository();
    tree.bytes(".gitignore", b".env\n.env.*\n!.env.example\n");
    tree.bytes("README", b"one\n");
    commit(&tree);
    tree
}

#[test]
fn an_environment_file_that_is_gone_is_told_with_its_past() {
    let tree = Tree::repository();
    tree.file(".env", &format!("PORT=1\n{SECRET}"));
    commit(&tree);
    tree.file(".env", "PORT=1\n");
    commit(&tree);
    remove(&tree, ".env");
    let run = scan(&tree, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(
        of(&run, "env-file-in-history"),
        ["env-file-in-history critical .env:1"]
    );
    let report = run.json();
    let findings = report["findings"].as_array().expect("findings");
    let told = findings.iter().find(|f| f["id"] == "env-file-in-history");
    let place = &told.expect("it is told")["places"][0];
    let first = tree.git(&["rev-parse", "HEAD~2"]);
    let last = tree.git(&["rev-parse", "HEAD~1"]);
    assert_eq!(place["commit"]["id"], first.trim(), "{place}");
    assert_eq!(place["lastCommit"]["id"], last.trim());
    assert_eq!(place["inHead"], false);
    assert!(run.stdout.contains("JWT_SECRET"), "what to rotate");
    let text = tree.keyward(&["scan"]);
    assert!(
        text.stdout.contains("git rebase --interactive"),
        "{}",
        text.stdout
    );
    assert_eq!(scan(&tree, &["--no-history"]).code, 0);
}

#[test]
fn what_it_held_decides_how_bad_it_is() {
    for (path, text, severity) in [
        (".env", "PORT=3000\n", Some("medium")),
        (".env", "DB_PASSWORD=postgres\n", Some("medium")),
        (".env", "STRIPE_SECRET_KEY=<<an40>>\n", Some("critical")),
        ("config/.env.production", SECRET, Some("critical")),
        (".env.example", "JWT_SECRET=\n", None),
        ("src/env.ts", "export const env = {}\n", None),
    ] {
        let tree = careful();
        tree.file(path, text);
        tree.git(&["add", "-f", path]);
        tree.git(&["commit", "-q", "-m", "x"]);
        remove(&tree, path);
        let want = severity.map(|word| format!("env-file-in-history {word} {path}:1"));
        let found = of(&scan(&tree, &[]), "env-file-in-history");
        assert_eq!(found, Vec::from_iter(want), "{path}: {text}");
    }
}

#[test]
fn while_it_is_tracked_another_check_speaks() {
    let tree = Tree::repository();
    tree.file(".env", SECRET);
    commit(&tree);
    let run = scan(&tree, &[]);
    assert_eq!(of(&run, "env-file-tracked").len(), 1);
    assert_eq!(of(&run, "env-file-in-history").len(), 0);
    // Nobody else speaks where no file is looked at.
    let run = scan(&tree, &["--history-only"]);
    assert_eq!(of(&run, "env-file-tracked").len(), 0, "{}", run.stdout);
    assert_eq!(of(&run, "env-file-in-history").len(), 1, "{}", run.stdout);
    // What is on disk and no longer in the index is no cure.
    tree.bytes(".gitignore", b".env\n");
    tree.git(&["rm", "-q", "--cached", ".env"]);
    commit(&tree);
    let run = scan(&tree, &[]);
    assert_eq!(of(&run, "env-file-in-history").len(), 1, "{}", run.stdout);
}

#[test]
fn a_stash_and_another_branch_are_history() {
    let tree = careful();
    tree.git(&["checkout", "-q", "-b", "side"]);
    tree.file(".env.staging", SECRET);
    tree.git(&["add", "-f", ".env.staging"]);
    tree.git(&["commit", "-q", "-m", "x"]);
    tree.git(&["checkout", "-q", "main"]);
    tree.file(".env.local", "STRIPE_SECRET_KEY=<<an40>>\n");
    tree.git(&["add", "-f", ".env.local"]);
    tree.git(&["stash", "-q"]);
    assert_eq!(
        of(&scan(&tree, &[]), "env-file-in-history"),
        [
            "env-file-in-history critical .env.local:1",
            "env-file-in-history critical .env.staging:1"
        ]
    );
}

#[test]
fn a_value_that_was_taken_out_and_is_still_in_use_is_told() {
    for (path, text, env) in [
        (
            "src/sign.js",
            "const jwtSecret = '<<an40>>';\n",
            "JWT_SECRET",
        ),
        (
            "config.json",
            "{\"masterPassword\": \"<<an40>>\"}\n",
            "MASTER_PASSWORD",
        ),
        ("old.env", "API_TOKEN=<<an40>>\n", "API_TOKEN"),
    ] {
        let tree = careful();
        tree.file(path, text);
        tree.git(&["add", "-f", path]);
        tree.git(&["commit", "-q", "-m", "x"]);
        let line = crate::tree::expand(text);
        let value: String = line
            .split(|c: char| !c.is_ascii_alphanumeric())
            .max_by_key(|word| word.len())
            .expect("a value")
            .to_owned();
        tree.bytes(".env", format!("PORT=1\n{env}={value}\n").as_bytes());
        let before = scan(&tree, &[]);
        assert_eq!(
            of(&before, "leaked-secret").len(),
            0,
            "it is told where it stands"
        );
        remove(&tree, path);
        let run = scan(&tree, &[]);
        assert_eq!(
            of(&run, "leaked-secret-not-rotated"),
            ["leaked-secret-not-rotated critical .env:2"],
            "{path}: {}",
            run.stdout
        );
        assert!(run.stdout.contains("the same value, in commit"));
        assert!(!run.stdout.contains(&value), "{}", run.stdout);
        // Rotated.
        tree.file(".env", &format!("PORT=1\n{env}=<<an40>>x\n"));
        let after = scan(&tree, &[]);
        assert_eq!(of(&after, "leaked-secret"), [""; 0], "{}", after.stdout);
    }
}

#[test]
fn what_else_is_wrong_with_the_value_hides_nothing() {
    let tree = careful();
    // Too short for what it signs, which is told of the file.
    tree.file(".env", "JWT_SECRET=<<an24>>\n");
    tree.git(&["add", "-f", ".env"]);
    tree.git(&["commit", "-q", "-m", "x"]);
    tree.git(&["rm", "-q", "--cached", ".env"]);
    tree.git(&["commit", "-q", "-m", "x"]);
    let run = tree.keyward(&["scan", "--format", "json"]);
    assert_eq!(of(&run, "jwt-secret-too-short").len(), 1, "{}", run.stdout);
    assert_eq!(
        of(&run, "leaked-secret-not-rotated").len(),
        1,
        "{}",
        run.stdout
    );
}

#[test]
fn weak_and_public_values_prove_nothing() {
    for text in [
        "PORT=3000\n",
        "DB_PASSWORD=postgres\n",
        "NEXT_PUBLIC_VELT_API_KEY=<<an20>>\n",
    ] {
        let tree = careful();
        tree.file(".env", text);
        tree.git(&["add", "-f", ".env"]);
        tree.git(&["commit", "-q", "-m", "x"]);
        tree.git(&["rm", "-q", "--cached", ".env"]);
        tree.git(&["commit", "-q", "-m", "x"]);
        let run = scan(&tree, &[]);
        assert_eq!(of(&run, "leaked-secret"), [""; 0], "{text}");
    }
}

#[test]
fn both_can_be_accepted_and_switched_off() {
    let tree = careful();
    tree.file(".env", SECRET);
    tree.git(&["add", "-f", ".env"]);
    tree.git(&["commit", "-q", "-m", "x"]);
    tree.git(&["rm", "-q", "--cached", ".env"]);
    tree.git(&["commit", "-q", "-m", "x"]);
    let ids = |run: &Run| {
        let of = |id| of(run, id).len();
        (of("env-file-in-history"), of("leaked-secret-not-rotated"))
    };
    assert_eq!(ids(&scan(&tree, &[])), (1, 1));
    assert_eq!(
        ids(&scan(&tree, &["--skip", "env-file-in-history"])),
        (0, 1)
    );
    assert_eq!(
        ids(&scan(&tree, &["--only", "env-file-in-history"])),
        (1, 0)
    );
    let config = "[[allow]]\nids = [\"env-file-in-history\"]\npaths = [\".env\"]\nreason = \"all rotated\"\n";
    tree.bytes("keyward.toml", config.as_bytes());
    assert_eq!(ids(&scan(&tree, &[])), (0, 1));
}
