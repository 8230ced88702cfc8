//! What is read: encodings, ignored files, the index, standard input, odd files.

use std::io::Write;
use std::process::Stdio;

use crate::tree::{Run, Tree, expand, formats, keyward};

fn json(tree: &Tree, args: &[&str]) -> Run {
    tree.keyward(&[&["scan", "--format", "json"], args].concat())
}

#[test]
fn text_is_read_in_every_encoding_and_columns_are_characters() {
    let tree = Tree::new();
    let line = expand("é = 'ghp_<<an36>>'");
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|u| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            })
            .collect()
    };
    tree.bytes("a-utf8.txt", line.as_bytes());
    tree.bytes("b-bom.txt", format!("\u{feff}{line}").as_bytes());
    tree.bytes("c-le.txt", &utf16(&format!("\u{feff}{line}"), false));
    tree.bytes("d-be.txt", &utf16(&format!("\u{feff}{line}"), true));
    tree.bytes("e-le-no-mark.txt", &utf16(&line, false));
    tree.bytes("e-be-no-mark.txt", &utf16(&line, true));
    tree.bytes(
        "f-latin1.txt",
        &[b"\xe9".as_slice(), &line.as_bytes()[2..]].concat(),
    );
    tree.bytes("g-crlf.txt", format!("x\r\n{line}\r\n").as_bytes());
    tree.bytes(
        "h-nul.txt",
        format!("{}a\0b\n{line}", "some text before\n".repeat(20)).as_bytes(),
    );
    let run = json(&tree, &["."]);
    let report = run.json();
    let mut places: Vec<String> = report["findings"][0]["places"]
        .as_array()
        .expect("places")
        .iter()
        .map(|p| {
            format!(
                "{}:{}:{}-{}",
                p["path"].as_str().expect("a path"),
                p["line"],
                p["column"],
                p["endColumn"]
            )
        })
        .collect();
    places.sort();
    assert_eq!(
        places,
        [
            "a-utf8.txt:1:6-46",
            "b-bom.txt:1:6-46",
            "c-le.txt:1:6-46",
            "d-be.txt:1:6-46",
            "e-be-no-mark.txt:1:6-46",
            "e-le-no-mark.txt:1:6-46",
            "f-latin1.txt:1:6-46",
            "g-crlf.txt:2:6-46",
            "h-nul.txt:22:6-46"
        ]
    );
    assert_eq!(report["stats"]["files"], 9);
}

#[test]
fn a_binary_is_passed_over_by_content_and_not_by_name() {
    let tree = Tree::new();
    let token = expand("ghp_<<an36>>");
    tree.bytes(
        "really.txt",
        &[b"\x7fELF\x02\x01\x01\0\0\0", token.as_bytes()].concat(),
    );
    tree.bytes("photo.png", token.as_bytes());
    let run = json(&tree, &["."]);
    assert_eq!(run.places(), ["github-pat-classic critical photo.png:1"]);
    assert_eq!(run.json()["stats"]["skipped"], 1);
    assert_eq!(run.code, 1);
}

#[test]
fn of_ignored_files_only_credential_files_are_read_and_a_secret_there_is_where_it_belongs() {
    let tree = Tree::repository();
    tree.file(".gitignore", ".env\nlogs/\n");
    tree.file(".env", "GITHUB_TOKEN=ghp_<<an36>>\n");
    tree.file("logs/a.txt", "ghp_<<an36>>\n");
    // Who may read the file is another matter, and not one of every system.
    let args = [".", "--skip", "env-file-permissions"];
    let run = json(&tree, &args);
    assert_eq!((run.code, run.places()), (0, vec![]));
    assert_eq!(run.json()["stats"]["files"], 2, ".gitignore and .env");
    let run = json(&tree, &[&args[..], &["--ignored"]].concat());
    assert_eq!(
        run.places(),
        [
            "github-pat-classic low .env:1",
            "github-pat-classic low logs/a.txt:1"
        ]
    );
}

#[test]
fn an_ignored_file_that_is_tracked_is_judged() {
    let tree = Tree::repository();
    tree.file(".env", "GITHUB_TOKEN=ghp_<<an36>>\n");
    tree.git(&["add", ".env"]);
    tree.file(".gitignore", ".env\n");
    assert_eq!(
        json(&tree, &["."]).places(),
        [
            "env-file-tracked critical .env:1",
            "github-pat-classic critical .env:1"
        ]
    );
}

#[test]
fn paths_that_overlap_are_reported_once() {
    let tree = Tree::new();
    tree.file("src/a.js", "t = 'ghp_<<an36>>'\n");
    let all = tree.path().join("src").display().to_string();
    let run = json(&tree, &["src", "src/a.js", "./src/../src", &all]);
    assert_eq!(run.json()["stats"]["files"], 1);
    assert_eq!(run.places().len(), 1);
}

#[test]
fn the_index_is_read_and_never_the_working_file() {
    let tree = Tree::repository();
    tree.file("a.js", "t = 'ghp_<<an36>>'\n");
    tree.git(&["add", "a.js"]);
    tree.file("a.js", "t = process.env.T\n");
    tree.file("b.js", "t = 'ghp_<<an36>>'\n");
    let run = json(&tree, &["--staged"]);
    assert_eq!(
        (run.code, run.places()),
        (1, vec!["github-pat-classic critical a.js:1".to_owned()])
    );
    tree.git(&["commit", "-qm", "x"]);
    let run = tree.keyward(&["scan", "--staged"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("nothing is staged"), "{}", run.stdout);
}

#[test]
fn standard_input_is_judged_by_the_name_it_is_given() {
    let tree = Tree::new();
    let scan = |name: &[&str]| {
        let mut command = keyward(tree.path());
        command.args(["scan", "-", "--format", "json"]).args(name);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("keyward starts");
        let text = expand("t = 'ghp_<<an36>>'\n");
        child
            .stdin
            .take()
            .expect("it is piped")
            .write_all(text.as_bytes())
            .expect("it reads");
        Run::of(child.wait_with_output().expect("it ends"))
    };
    assert_eq!(
        scan(&["--stdin-path", "tests/a.js"]).places(),
        ["github-pat-classic medium tests/a.js:1"]
    );
    assert_eq!(scan(&[]).code, 1);
}

#[test]
fn a_file_of_many_windows_is_read_to_its_end() {
    let tree = Tree::new();
    let mut text = "x".repeat(20 * 1024 * 1024);
    text.push_str(&expand(" ghp_<<an36>>"));
    tree.bytes("one-line.txt", text.as_bytes());
    let run = json(&tree, &["."]);
    assert_eq!(
        run.json()["findings"][0]["places"][0]["column"],
        20 * 1024 * 1024 + 2
    );
    assert_eq!(run.json()["stats"]["bytes"], text.len());
    assert!(run.stdout.len() < 4_000, "the excerpt is cut");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_makes_the_scan_incomplete() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new();
    tree.file("ok.txt", "fine\n");
    let path = tree.file("closed/a.txt", "x\n");
    let folder = path.parent().expect("a folder");
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o000)).expect("it is ours");
    let run = tree.keyward(&["scan", "."]);
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    // Root reads what is closed to everybody.
    if !run.stdout.contains("2 files") {
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stdout.contains("closed"), "{}", run.stdout);
    }
}

#[cfg(unix)]
#[test]
fn links_pipes_and_hostile_names_do_no_harm() {
    use std::os::unix::ffi::OsStrExt;
    let outside = Tree::new();
    outside.file("secret.txt", "ghp_<<an36>>\n");
    let tree = Tree::new();
    std::os::unix::fs::symlink(outside.path(), tree.path().join("out")).expect("a link");
    std::os::unix::fs::symlink(".", tree.path().join("loop")).expect("a link");
    let name = std::ffi::OsStr::from_bytes(b"e\x1b[31mvil\xff.txt");
    std::fs::write(tree.path().join(name), expand("ghp_<<an36>>\n")).expect("any bytes are a name");
    for format in formats() {
        let run = tree.keyward(&["scan", ".", "--format", format, "--show-skipped"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(
            !run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
            "{format}: {:?}",
            run.stdout
        );
        assert!(
            !run.stdout.contains("secret.txt"),
            "{format}: a link was followed out of the tree"
        );
    }
}

#[test]
fn of_an_untracked_environment_file_something_is_always_told() {
    // Where nothing is said of the file, or only advice, the credential in it is.
    let holds = "DATABASE_URL=postgres://shop:<<an20>>@db.internal/shop\n";
    for path in [
        ".env",
        ".env.vault",
        ".env.enc",
        "node_modules/x/.env",
        "vendor/x/.env",
    ] {
        let tree = Tree::repository();
        tree.file(path, holds);
        let run = tree.keyward(&["scan"]);
        assert_eq!(run.code, 1, "{path}: {}", run.stdout);
        assert!(run.stdout.contains(path), "{path}: {}", run.stdout);
    }
}
