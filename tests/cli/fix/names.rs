//! Variables that builds publish: renamed everywhere or nowhere, and only where that is asked for.

use super::{PROJECT, mends, set_mode, snapshot, text};
use crate::tree::{Tree, expand};

const OLD: &str = "NEXT_PUBLIC_VELT_AUTH_TOKEN";
const NEW: &str = "VELT_AUTH_TOKEN";

fn published() -> Tree {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    tree.file(".gitignore", ".env*\n");
    let env = tree.file(".env.local", &format!("{OLD}=<<hex32>>\n{OLD}_URL=/a\n"));
    set_mode(&env, 0o600);
    tree.file(
        "pages/api/a.js",
        &format!("const token = process.env.{OLD};\nexport default (req, res) => send(token, process.env.{OLD});\n"),
    );
    tree.file(
        "deploy.sh",
        &format!("test \"${{{OLD}}}\" && echo $ {OLD}\r\n"),
    );
    tree.git(&["add", "-A"]);
    tree
}

#[test]
fn a_published_name_is_changed_wherever_it_stands() {
    let tree = published();
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert!(
        run.stderr.contains("3 changes are unsafe"),
        "{}",
        run.stderr
    );
    let (shown, _) = mends(&tree, "public-env-secret", &["--unsafe"]);
    let diff = format!("-{OLD}=••••••••\n+{NEW}=••••••••\n");
    assert!(shown.stdout.contains(&diff), "{}", shown.stdout);
    assert!(
        shown
            .stdout
            .contains(&format!("note: {OLD} -> {NEW}: code in the browser"))
    );
    assert!(shown.stdout.contains("deploy.sh: unsafe: edit"));
    assert!(
        shown.stdout.contains("1. revoke"),
        "it was shipped: {}",
        shown.stdout
    );
    let code = text(&tree, "pages/api/a.js");
    assert_eq!(
        code.matches(&format!("process.env.{NEW}")).count(),
        2,
        "{code}"
    );
    assert_eq!(
        text(&tree, "deploy.sh"),
        format!("test \"${{{NEW}}}\" && echo $ {NEW}\r\n")
    );
    assert!(text(&tree, ".env.local").contains(&format!("\n{OLD}_URL=/a")));
}

#[test]
fn two_names_do_not_become_one() {
    let tree = published();
    tree.file("src/b.js", &format!("const other = process.env.{NEW};\n"));
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--unsafe"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    let said = format!("{OLD} -> {NEW}: src/b.js has a {NEW} already");
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert_eq!(run.code, 1);
}

#[cfg(unix)]
#[test]
fn where_one_file_cannot_be_changed_none_is() {
    let tree = published();
    set_mode(&tree.path().join("deploy.sh"), 0o444);
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--unsafe"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert!(
        run.stderr
            .contains("deploy.sh says it too, and it is read-only"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_part_of_the_tree_does_not_say_all_names() {
    let tree = published();
    let before = snapshot(tree.path());
    tree.keyward(&["fix", "--apply", "--unsafe", ".env.local"]);
    assert_eq!(snapshot(tree.path()), before);
}

#[test]
fn two_variables_never_become_one() {
    let tree = published();
    let other = OLD.replacen("NEXT_PUBLIC_", "VITE_", 1);
    let env = text(&tree, ".env.local");
    tree.file(".env.local", &format!("{env}{other}=<<an32>>\n"));
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--unsafe", "--only", "public-env-secret"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    let reason = format!("{other} would be called {NEW} as well");
    assert!(run.stdout.contains(&reason), "{}", run.stdout);
}

#[test]
fn a_secret_that_a_file_is_called_by_is_not_told() {
    let tree = published();
    let secret = expand("ghp_<<an36>>");
    let code = format!("send(process.env.{OLD});\n");
    tree.file(&format!("{secret}.js"), &code);
    for args in [&["fix"][..], &["fix", "--apply", "--unsafe"]] {
        let run = tree.keyward(args);
        assert!(run.stdout.contains("ghp_"), "{}", run.stdout);
        let told = [run.stdout, run.stderr].concat();
        assert!(!told.contains(&secret), "{told}");
    }
}

#[test]
fn very_many_lines_are_shown_as_one_change() {
    let tree = published();
    tree.file(
        "many.js",
        &format!("send(process.env.{OLD});\n").repeat(5000),
    );
    let run = tree.keyward(&["fix", "--only", "public-env-secret"]);
    let shown = |sign: char| {
        let line = |line: &&str| line.starts_with(&format!("{sign}send(process.env."));
        run.stdout.lines().filter(line).count()
    };
    assert_eq!((shown('-'), shown('+')), (5000, 5000));
}
