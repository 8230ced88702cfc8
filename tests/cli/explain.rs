//! `keyward explain`: what a check is about, and why a finding was reported.

use crate::tree::{Run, Tree, expand, git, keyward};

const TOKEN: &str = "token = \"ghp_<<an36>>\"\n";

fn fingerprint(run: &Run, index: usize) -> String {
    let report = run.json();
    let text = report["findings"][index]["fingerprint"].as_str();
    text.expect("a fingerprint").to_owned()
}

#[test]
fn a_check_tells_how_it_finds_and_shows_no_token() {
    let tree = Tree::new();
    let run = tree.keyward(&["explain", "github-pat-classic"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for part in [
        "  why: ",
        "  fix: revoke it",
        "  see: https://",
        "  weight: critical in what ships; medium at most in tests",
        "  looks for: text of the form ghp_[A-Za-z0-9]{36}",
        "  proof: crc32-base62",
        "  wrong: GITHUB_TOKEN=ghp_•{36}",
        "  right: GITHUB_TOKEN=ghp_•{35}",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let run = tree.keyward(&["explain", "jwt-no-expiry"]);
    for part in [
        "looks for: calls of ",
        "only in: programs in go",
        "expiresIn of argument 3",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let run = tree.keyward(&["explain", "env-file-tracked"]);
    assert!(run.stdout.contains("all files together"), "{}", run.stdout);
}

#[test]
fn a_finding_tells_the_steps_of_its_judgement() {
    let tree = Tree::new();
    tree.file("tests/a.py", TOKEN);
    let fingerprint = fingerprint(&tree.keyward(&["scan", "--format", "json"]), 0);
    let by_place = tree.keyward(&["explain", "tests/a.py:1"]);
    assert_eq!(by_place.code, 0, "{}", by_place.stderr);
    for part in [
        "tests/a.py:1:10: medium: GitHub personal access token",
        "why medium severity and medium confidence\n  critical, high confidence: the rule github-pat-classic saw it\n",
        "\n  medium confidence: its checksum or structure does not hold (crc32-base62)\n",
        "\n  medium: it stands in test code,",
        "\n  tests/a.py:1:10 medium\n",
        &format!("fingerprint: {fingerprint}\n"),
    ] {
        assert!(
            by_place.stdout.contains(part),
            "{part}\n{}",
            by_place.stdout
        );
    }
    // As shells complete it, here and on Windows.
    let completed = format!(".{0}tests{0}a.py:1", std::path::MAIN_SEPARATOR);
    for what in [
        &fingerprint[..8],
        &fingerprint.to_uppercase(),
        "tests/a.py:1:10",
        &completed,
    ] {
        let run = tree.keyward(&["explain", what]);
        assert_eq!(run.stdout, by_place.stdout, "{what}");
    }
    let token = expand(TOKEN);
    let secret = token.split('"').nth(1).expect("a token");
    assert!(!by_place.stdout.contains(secret));
}

#[test]
fn a_place_is_meant_from_the_current_folder_too() {
    let tree = Tree::repository();
    tree.file("a.py", TOKEN);
    // Other values, or all would be one finding.
    let token = |last: &str| TOKEN.replace("36>>", &format!("35>>{last}"));
    tree.file("sub/b.py", &token("b"));
    tree.file("sub/sub/c.py", &token("c"));
    let whole = format!("{}:1", tree.path().join("sub/b.py").display());
    let run = |what: &str| {
        let mut command = keyward(&tree.path().join("sub"));
        command.args(["explain", "--no-history", what]);
        Run::of(command.output().expect("keyward runs"))
    };
    for (what, place) in [
        ("b.py:1", "sub/b.py:1:10"),
        ("b.py:1:10", "sub/b.py:1:10"),
        ("./b.py:1", "sub/b.py:1:10"),
        ("../a.py:1", "a.py:1:10"),
        ("./sub/../../a.py:1", "a.py:1:10"),
        ("../sub/b.py:1", "sub/b.py:1:10"),
        ("sub/c.py:1", "sub/sub/c.py:1:10"),
        (whole.as_str(), "sub/b.py:1:10"),
        // As reports name it.
        ("sub/b.py:1", "sub/b.py:1:10"),
        ("a.py:1", "a.py:1:10"),
    ] {
        let run = run(what);
        assert_eq!(run.code, 0, "{what}: {}", run.stderr);
        assert!(
            run.stdout.starts_with(&format!("{place}: ")),
            "{what}: {}",
            run.stdout
        );
    }
    for what in ["c.py:1", "../../a.py:1", "../b.py:1", "..:1"] {
        let run = run(what);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{what}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = keyward(tree.path());
    let out = command.args(["explain", "a.py:1"]).stdout(writer).output();
    let run = Run::of(out.expect("keyward runs"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn the_line_of_the_configuration_is_named() {
    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    tree.file(
        "keyward.toml",
        "[scan]\n\n[checks.github-pat-classic]\nseverity = \"low\"\n",
    );
    let run = tree.keyward(&["explain", "a.py:1"]);
    let says = "\n  low: keyward.toml:3 says so: [checks.github-pat-classic]\n";
    assert!(run.stdout.contains(says), "{}", run.stdout);
}

#[test]
fn what_is_accepted_or_hidden_is_explained_too() {
    let tree = Tree::new();
    tree.file(
        "a.py",
        &format!(
            "# keyward{}\n{TOKEN}",
            ":allow github-pat-classic signs nothing"
        ),
    );
    tree.file(
        "b.py",
        "connect(\n  # e.g. password='<<is:tulip-4-Rx>>'\n)\n",
    );
    let run = tree.keyward(&["explain", "a.py:2"]);
    let says = "accepted: by a comment in the file: signs nothing";
    assert!(run.stdout.contains(says), "{}{}", run.stdout, run.stderr);
    tree.file("c.py", TOKEN);
    tree.file(
        "keyward.toml",
        "[scan]\n\n[[allow]]\npaths = [\"c.py\"]\nreason = \"of a closed account\"\n",
    );
    let run = tree.keyward(&["explain", "c.py:1"]);
    let says = "accepted: by the [[allow]] keyward.toml:3: of a closed account";
    assert!(run.stdout.contains(says), "{}{}", run.stdout, run.stderr);
    let run = tree.keyward(&["explain", "b.py:2"]);
    assert!(
        run.stdout
            .contains("low confidence: a password in a comment of code")
            && run.stdout.contains("reports show it with --confidence low")
            && run
                .stdout
                .contains("the name password says what the value is"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn history_is_looked_through_unless_it_is_left_out() {
    let tree = Tree::repository();
    tree.file("a.py", TOKEN);
    tree.git(&["add", "."]);
    tree.git(&["commit", "-qm", "a"]);
    tree.file("a.py", "\n");
    tree.git(&["commit", "-qam", "b"]);
    let scan = tree.keyward(&["scan", "--format", "json"]);
    let fingerprint = fingerprint(&scan, 0);
    let run = tree.keyward(&["explain", &fingerprint]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("critical, first in commit "),
        "{}",
        run.stdout
    );
    let run = tree.keyward(&["explain", &fingerprint, "--no-history"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    // From a folder inside, where the scan is of that folder alone, the place is not known.
    let inside = tree.path().join("d");
    std::fs::create_dir(&inside).expect("a folder");
    let out = keyward(&inside).args(["explain", &fingerprint]).output();
    assert_eq!(Run::of(out.expect("it runs")).code, 0);
    assert!(git(tree.path(), &["status"]).output().is_ok());
}

#[test]
fn what_is_not_known_is_an_error_with_a_hint() {
    let tree = Tree::new();
    tree.file("a.py", "\n");
    for (what, says) in [
        ("0123456789abcdef", "--format json"),
        ("a.py:1", "--format json"),
        ("0123abc", "8 of its digits"),
        ("github-pat-clasic", "did you mean `github-pat-classic`"),
        ("telephone", "keyward rules list"),
    ] {
        let run = tree.keyward(&["explain", what]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{what}");
        assert!(
            run.stderr.contains("hint: ") && run.stderr.contains(says),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn one_fingerprint_of_two_values_tells_of_both() {
    let tree = Tree::new();
    // Weak values are known by their place and name.
    tree.file(
        "a.py",
        "password = '<<is:pinkzebra93>>'\nx = 1\npassword = '<<is:wronghorse77>>'\n",
    );
    let scan = tree.keyward(&["scan", "--format", "json", "--confidence", "low"]);
    let report = scan.json();
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 2, "{}", scan.stdout);
    assert_eq!(findings[0]["fingerprint"], findings[1]["fingerprint"]);
    let run = tree.keyward(&["explain", &fingerprint(&scan, 0)]);
    let told = run.stdout.matches("\nwhere it stands\n").count();
    assert_eq!(told, 2, "{}", run.stdout);
}
