//! Trees that were made to have files written that nobody asked for, or to show what nobody may see.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use super::{PROJECT, committed, set_mode, snapshot, text};
use crate::tree::{Tree, expand};

#[test]
fn nothing_is_written_through_a_symbolic_link() {
    let outside = Tree::new();
    let target = outside.file("target", "mine\n");
    let tree = committed();
    symlink(&target, tree.path().join(".gitignore")).expect("a link");
    let run = tree.keyward(&["fix", "--apply"]);
    assert_eq!(fs::read_to_string(&target).expect("it is there"), "mine\n");
    let said = ".gitignore: not changed: it is, or lies behind, a symbolic link";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_ne!(run.code, 0);
}

#[test]
fn a_read_only_file_is_left() {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    set_mode(&tree.file(".gitignore", "dist\n"), 0o444);
    tree.git(&["add", "-A"]);
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--fail-on", "never"]);
    assert_eq!(snapshot(tree.path()), before);
    assert!(
        run.stderr
            .contains(".gitignore: not changed: it is read-only"),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 2);
}

#[test]
fn a_path_may_be_any_bytes() {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    let folder = tree.path().join(OsStr::from_bytes(b"a \xff'$(x)"));
    fs::create_dir(&folder).expect("a folder");
    let code = folder.join("a.js");
    fs::write(&code, "res.cookie('token', jwt, { path: '/' });\n").expect("a file");
    let env = folder.join(".env");
    fs::write(&env, expand("DB_PASSWORD=<<an24>>\n")).expect("a file");
    set_mode(&env, 0o644);
    tree.git(&["add", "-A"]);
    let run = tree.keyward(&["fix", "--apply"]);
    let after = fs::read_to_string(code).expect("it is there");
    assert!(
        after.contains("httpOnly: true, secure: true"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(!tree.git(&["ls-files"]).contains(".env"), "{}", run.stderr);
    assert_eq!(super::mode(&fs::metadata(env).expect("it is there")), 0o600);
}

#[test]
fn a_diff_hides_what_stands_beside_the_change() {
    let secrets =
        ["<<an40>>", "x <<an40>>"].map(|form| expand(form).trim_start_matches("x ").to_owned());
    let pem = "-----BEGIN RSA PRIVATE KEY-----";
    let tree = Tree::repository();
    let body = expand("<<b6464>>");
    tree.file(
        "src/a.js",
        &format!(
            "const apiKey = '{}';\nres.cookie('token', '{}', {{ path: '/' }});\nconst k = `{pem}\n{body}\n`;\n",
            secrets[0], secrets[1]
        ),
    );
    // What another check knows is hidden also where that is not asked.
    let runs = [
        &["fix"][..],
        &["fix", "--only", "cookie-missing-httponly"],
        &["fix", "--apply"],
    ];
    for args in runs {
        let run = tree.keyward(args);
        assert!(run.stdout.contains("httpOnly: true"), "{}", run.stdout);
        for secret in &secrets {
            assert!(!run.stdout.contains(&secret[4..16]), "{}", run.stdout);
        }
    }
    assert!(text(&tree, "src/a.js").contains(&secrets[0]));
}

#[test]
fn nothing_that_a_repository_configures_is_run() {
    let tree = committed();
    let marker = tree.path().join("ran");
    let run = format!("touch '{}'", marker.display());
    tree.git(&["config", "core.fsmonitor", &run]);
    let hook = tree.bytes(
        ".git/hooks/post-index-change",
        format!("#!/bin/sh\n{run}\n").as_bytes(),
    );
    set_mode(&hook, 0o755);
    tree.keyward(&["fix", "--apply"]);
    assert!(!marker.exists());
    let index = tree.path().join(".git/index");
    assert!(
        !fs::read(index)
            .expect("it is there")
            .windows(4)
            .any(|w| w == b".env")
    );
}

#[test]
fn a_file_that_cannot_be_named_is_not_said_to_be_untracked() {
    let tree = Tree::repository();
    let name = crate::tree::expand(".env.ghp_<<an36>>");
    tree.file(&name, "DB_PASSWORD=<<an24>>\n");
    tree.git(&["add", "-A"]);
    let run = tree.keyward(&["fix", "--apply", "--fail-on", "never"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("0 of 1 files"), "{}", run.stderr);
    assert!(tree.git(&["ls-files"]).contains(&name));
}
