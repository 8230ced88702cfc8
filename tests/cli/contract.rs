//! Exit codes, formats and options, as scripts rely on them.

use crate::tree::{Tree, expand, formats, keyward};

const TOKEN: &str = "token = \"ghp_<<an36>>\"\n";

#[test]
fn a_clean_tree_exits_0_and_says_so() {
    let tree = Tree::new();
    tree.file("src/a.rs", "fn main() {}\n");
    let run = tree.keyward(&["scan", "."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("no findings · 1 file"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn a_finding_exits_1_and_fail_on_moves_the_line() {
    let tree = Tree::new();
    tree.file("src/a.rs", TOKEN);
    let scan = |args: &[&str]| tree.keyward(&[&["scan", "."], args].concat()).code;
    assert_eq!(scan(&[]), 1);
    assert_eq!(scan(&["--fail-on", "critical"]), 1);
    assert_eq!(scan(&["--fail-on", "never"]), 0);
    assert_eq!(
        scan(&[
            "--skip",
            "github-pat-classic",
            "--skip",
            "hardcoded-credential"
        ]),
        0
    );
}

#[test]
fn a_finding_in_a_test_says_so_and_weighs_less() {
    let tree = Tree::new();
    tree.file("tests/a.rs", TOKEN);
    let run = tree.keyward(&["scan", ".", "--fail-on", "high"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("tests/a.rs:1:10: medium:"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("test"), "{}", run.stdout);
}

#[test]
fn a_path_that_does_not_exist_exits_2_but_a_finding_beside_it_exits_1() {
    let tree = Tree::new();
    tree.file("a.rs", TOKEN);
    let run = tree.keyward(&["scan", "no-such"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stdout.contains("no-such"), "{}", run.stdout);
    assert_eq!(tree.keyward(&["scan", "no-such", "a.rs"]).code, 1);
    assert_eq!(
        tree.keyward(&["scan", "no-such", "--accept", "path:no-such"])
            .code,
        0
    );
}

#[test]
fn everything_excluded_exits_2() {
    let tree = Tree::new();
    tree.file("a.rs", TOKEN);
    tree.file("keyward.toml", "[scan]\nexclude = [\"**\"]\n");
    let run = tree.keyward(&["scan", "."]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stdout.contains("every file is excluded"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_bad_configuration_exits_2_and_names_file_and_line() {
    let tree = Tree::new();
    for (text, line, says) in [
        ("[scan]\nexclud = []\n", 2, "exclude"),
        (
            "\n\n[[rule]]\ncheck = \"x\"\nseverity = \"high\"\npattern = \"abc[\"\n",
            3,
            "x",
        ),
        (
            "[checks.github-pat-clasic]\noff = true\n",
            1,
            "github-pat-classic",
        ),
        ("[[allow]]\nreason = \"all of it\"\n", 1, "allow"),
    ] {
        tree.file("keyward.toml", text);
        let run = tree.keyward(&["scan", "."]);
        assert_eq!(run.code, 2, "{text}\n{}", run.stdout);
        assert!(
            run.stderr.contains(&format!("keyward.toml:{line}:")) && run.stderr.contains(says),
            "{text}\n{}",
            run.stderr
        );
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn an_unknown_id_is_an_error_with_a_suggestion() {
    let tree = Tree::new();
    let run = tree.keyward(&["scan", ".", "--only", "github-pat-clasic"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("did you mean `github-pat-classic`"),
        "{}",
        run.stderr
    );
    let run = tree.keyward(&["explain", "github-pat-clasic"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("github-pat-classic"), "{}", run.stderr);
}

#[test]
fn the_report_does_not_depend_on_threads_or_runs() {
    let tree = Tree::new();
    for i in 0..200 {
        tree.file(
            &format!("src/{}/f{i}.rs", i % 7),
            &format!("// {i}\nlet token = \"ghp_<<an36>>\";\nlet password = \"<<an15>>\";\n"),
        );
    }
    for format in formats() {
        let scan = |jobs: &str| {
            tree.keyward(&["scan", ".", "--format", format, "--jobs", jobs])
                .stdout
        };
        let one = scan("1");
        assert!(one.contains("src/"), "{format}");
        assert_eq!(one, scan("8"), "{format}");
        assert_eq!(one, scan("8"), "{format}");
    }
}

#[test]
fn one_scan_writes_many_reports() {
    let tree = Tree::new();
    tree.file("src/a.rs", TOKEN);
    let run = tree.keyward(&[
        "scan", "src", "--format", "json", "--output", "r.json", "--format", "sarif", "--output",
        "r.sarif",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let read =
        |name: &str| std::fs::read_to_string(tree.path().join(name)).expect("the report is there");
    assert!(read("r.json").contains("\"findings\""));
    assert!(read("r.sarif").contains("\"2.1.0\""));
}

#[test]
fn a_report_that_cannot_be_written_exits_2() {
    let tree = Tree::new();
    tree.file("a.rs", "fn main() {}\n");
    let run = tree.keyward(&["scan", ".", "--output", "no/such/folder/r.json"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("no/such/folder/r.json"),
        "{}",
        run.stderr
    );
    if cfg!(target_os = "linux") {
        let run = tree.keyward(&["scan", ".", "--output", "/dev/full"]);
        assert_eq!(run.code, 2, "a full disk: {}", run.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::Stdio;
    let tree = Tree::new();
    for i in 0..300 {
        tree.file(&format!("f{i}.rs"), "let a = \"ghp_<<an36>>\"; // many\n");
    }
    let mut command = keyward(tree.path());
    command
        .args(["scan", ".", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("keyward starts");
    drop(child.stdout.take());
    let out = child.wait_with_output().expect("it ends");
    assert!(
        out.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(out.status.code(), Some(1));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let tree = Tree::new();
    tree.file("src/a.rs", TOKEN);
    let coloured = |args: &[&str]| {
        tree.keyward(&[&["scan", "."], args].concat())
            .stdout
            .contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(!coloured(&["--color", "never"]));
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "always", "--format", "json"]));
    let out = keyward(tree.path())
        .args(["scan", "."])
        .env("NO_COLOR", "1")
        .output()
        .expect("keyward runs");
    assert!(!out.stdout.contains(&0x1b));
}

#[test]
fn one_value_at_many_places_is_one_finding() {
    let tree = Tree::new();
    let line = expand("const t = 'ghp_<<an36>>';\n");
    for i in 0..25 {
        tree.bytes(&format!("src/f{i:02}.js"), line.as_bytes());
    }
    let run = tree.keyward(&["scan", "."]);
    assert!(
        run.stdout.contains("1 finding: 1 critical"),
        "{}",
        run.stdout
    );
    let run = tree.keyward(&["scan", ".", "--format", "json"]);
    assert_eq!(run.json()["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(run.places().len(), 25);
    let run = tree.keyward(&["scan", ".", "--format", "sarif"]);
    assert_eq!(
        run.json()["runs"][0]["results"].as_array().map(Vec::len),
        Some(25),
        "one result a place"
    );
}

#[test]
fn rules_are_listed_checked_and_explained() {
    let tree = Tree::new();
    let run = tree.keyward(&["rules", "list"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.contains("github-pat-classic") && run.stdout.contains("hardcoded-credential")
    );
    let run = tree.keyward(&["rules", "check"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let run = tree.keyward(&["explain", "github-pat-classic"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("revoke"), "{}", run.stdout);
    tree.bytes(
        "mine/acme.toml",
        b"[[check]]\nid = \"acme-token\"\ntitle = \"Acme token\"\nwhy = \"w\"\nfix = \"f\"\n\n[[rule]]\ncheck = \"acme-token\"\n\
          severity = \"high\"\npattern = 'acme_[a-z0-9]{20}'\nhit = ['acme_<<lan20>>']\nmiss = ['acme_<<lan19>>']\n",
    );
    let run = tree.keyward(&["rules", "check", "mine"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    tree.file("app.txt", "acme_<<lan20>>\n");
    let run = tree.keyward(&["scan", "app.txt", "--rules", "mine", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.places(), ["acme-token high app.txt:1"]);
}

#[test]
fn keyward_finds_nothing_in_itself_and_allows_nothing() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = keyward(root)
        .args([
            "scan",
            ".",
            "--no-history",
            "--no-repo-config",
            "--format",
            "json",
        ])
        .output()
        .expect("keyward runs");
    let run = crate::tree::Run::of(out);
    assert_eq!(run.places(), Vec::<String>::new());
    assert_eq!(
        (run.code, run.json()["suppressed"].as_u64()),
        (0, Some(0)),
        "{}",
        run.stderr
    );
}
