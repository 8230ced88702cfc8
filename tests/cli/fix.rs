//! `keyward fix`: what it shows is what it does, once, and nothing else.

mod code;
mod hostile;
mod names;
mod secrets;
mod whole;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tree::{Run, Tree};

/// Every file below a folder with what is in it and its permissions, git's own left out but for its index.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u32)> {
    let mut out = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let there = fs::symlink_metadata(&path).expect("it is there");
            if there.is_dir() {
                if path.file_name().is_some_and(|name| name == ".git") {
                    let index = fs::read(path.join("index")).unwrap_or_default();
                    out.insert(path, (index, 0));
                } else {
                    folders.push(path);
                }
                continue;
            }
            let content = match there.is_symlink() {
                true => Vec::new(),
                false => fs::read(&path).unwrap_or_default(),
            };
            out.insert(path, (content, mode(&there)));
        }
    }
    out
}

#[cfg(unix)]
fn mode(there: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    there.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

/// The ids of what a scan of the tree finds.
fn ids(tree: &Tree) -> Vec<String> {
    let run = tree.keyward(&["scan", "--no-history", "--format", "json"]);
    let places = run.places();
    let ids = places.iter().filter_map(|place| place.split(' ').next());
    ids.map(str::to_owned).collect()
}

/// Shows, which changes nothing; applies, after which `check` finds nothing; and once more, which changes nothing. What the first two said.
fn mends(tree: &Tree, check: &str, with: &[&str]) -> (Run, Run) {
    assert!(ids(tree).iter().any(|id| id == check), "{:?}", ids(tree));
    let before = snapshot(tree.path());
    let shown = tree.keyward(&[&["fix", "--only", check], with].concat());
    assert!(shown.stdout.contains(check), "{}", shown.stdout);
    assert_eq!(snapshot(tree.path()), before, "{}", shown.stdout);
    let applied = tree.keyward(&[&["fix", "--apply", "--only", check], with].concat());
    assert!(
        !ids(tree).iter().any(|id| id == check),
        "{}",
        applied.stdout
    );
    let after = snapshot(tree.path());
    assert_ne!(after, before);
    let again = tree.keyward(&[&["fix", "--apply", "--only", check], with].concat());
    assert_eq!(snapshot(tree.path()), after, "{}", again.stdout);
    assert!(
        again.stderr.contains("nothing was changed"),
        "{}",
        again.stderr
    );
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    (shown, applied)
}

fn text(tree: &Tree, name: &str) -> String {
    fs::read_to_string(tree.path().join(name)).expect("it is there")
}

const PROJECT: &str = r#"{"dependencies":{"dotenv":"^16"}}"#;

/// A repository in which `.env` is committed.
fn committed() -> Tree {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    tree.file(".env", "DB_PASSWORD=<<an24>>\nPORT=3000\n");
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "seed"]);
    set_mode(&tree.path().join(".env"), 0o600);
    tree
}

#[test]
fn a_tracked_environment_file_is_untracked_and_ignored_and_stays() {
    let tree = committed();
    let (shown, applied) = mends(&tree, "env-file-tracked", &[]);
    let diff = "--- /dev/null\n+++ b/.gitignore\n@@ -0,0 +1,3 @@\n+.env\n+.env.*\n+!.env.example\n";
    assert!(shown.stdout.contains(diff), "{}", shown.stdout);
    assert!(
        shown
            .stdout
            .contains(".env: git rm --cached -- .env [env-file-tracked]")
    );
    assert_eq!(shown.code, 1, "it is tracked still");
    assert!(
        shown
            .stderr
            .contains("nothing was changed: --apply makes 2 changes")
    );
    assert_eq!(applied.code, 0, "{}", applied.stdout);
    assert!(
        applied.stdout.contains("gone: .env:1: critical"),
        "{}",
        applied.stdout
    );
    assert_eq!(tree.git(&["ls-files"]), "package.json\n");
    assert_eq!(
        tree.git(&["status", "--porcelain"]),
        "D  .env\n?? .gitignore\n"
    );
    assert!(text(&tree, ".env").contains("PORT=3000"));
}

#[test]
fn what_was_committed_is_to_be_rotated_by_hand_and_nothing_says_otherwise() {
    let tree = committed();
    for args in [&["fix"][..], &["fix", "--apply"]] {
        let run = tree.keyward(args);
        let steps = run
            .stdout
            .split_once("By hand, in this order")
            .map(|(_, s)| s);
        let steps = steps.unwrap_or_else(|| panic!("{}", run.stdout));
        assert!(steps.contains("keyward has done none of it"), "{steps}");
        let order = [
            "1. revoke",
            ".env:1: DB_PASSWORD",
            "2. put the new ones",
            "3. look through the logs",
            "4. ",
        ];
        let at: Vec<_> = order.iter().map(|part| steps.find(part)).collect();
        assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{steps}");
    }
}

#[test]
fn the_index_is_left_as_git_expects_it() {
    let tree = committed();
    tree.file("a.txt", "one\n");
    tree.file("b.txt", "one\n");
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "more"]);
    // Of the same length and in the same second: git must look at it again.
    tree.file("a.txt", "two\n");
    tree.keyward(&["fix", "--apply", "--only", "env-file-tracked"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(
        tree.git(&["status", "--porcelain"]),
        "D  .env\n M a.txt\n?? .gitignore\n"
    );
    assert_eq!(tree.git(&["fsck"]), "");
}

#[test]
fn an_index_that_somebody_else_writes_is_left() {
    let tree = committed();
    tree.file(".git/index.lock", "");
    let run = tree.keyward(&["fix", "--apply"]);
    assert!(run.stderr.contains("cannot write"), "{}", run.stderr);
    assert_eq!(run.code, 1, "it is tracked still");
    assert!(tree.git(&["ls-files"]).contains(".env"));
}

#[test]
fn ignore_lines_go_in_as_the_file_has_it() {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    tree.bytes(".gitignore", b"node_modules\r\ndist");
    tree.git(&["add", "-A"]);
    mends(&tree, "gitignore-missing-env", &[]);
    assert_eq!(
        text(&tree, ".gitignore"),
        "node_modules\r\ndist\r\n.env\r\n.env.*\r\n!.env.example\r\n"
    );
}

#[test]
fn a_last_line_without_an_end_is_shown_as_git_shows_it() {
    let tree = Tree::repository();
    tree.file(".env", "PORT=3000\n");
    tree.file(".gitignore", "target/");
    let run = tree.keyward(&["fix", "--only", "env-file-not-ignored"]);
    let wanted = "-target/\n\\ No newline at end of file\n+target/\n+.env\n";
    assert!(run.stdout.contains(wanted), "{}", run.stdout);
    assert_eq!(
        run.stdout.matches("No newline").count(),
        1,
        "{}",
        run.stdout
    );
}

#[test]
fn what_git_would_take_is_ignored() {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    tree.file("with space/.env.local", "DB_PASSWORD=<<an24>>\n");
    set_mode(&tree.path().join("with space/.env.local"), 0o600);
    mends(&tree, "env-file-not-ignored", &[]);
    assert!(
        !tree
            .git(&["status", "--porcelain", "-uall"])
            .contains(".env.local")
    );
}

#[test]
fn a_folder_that_is_no_repository_is_mended_too() {
    let tree = Tree::new();
    tree.file("package.json", PROJECT);
    tree.file(".env", "DB_PASSWORD=<<an24>>\n");
    set_mode(&tree.path().join(".env"), 0o600);
    mends(&tree, "env-file-not-ignored", &[]);
    assert!(text(&tree, ".gitignore").starts_with(".env\n"));
}

#[cfg(unix)]
#[test]
fn permissions_are_taken_from_others() {
    let tree = Tree::repository();
    tree.file(".gitignore", ".env\n");
    let env = tree.file(".env", "DB_PASSWORD=<<an24>>\n");
    set_mode(&env, 0o644);
    let (shown, _) = mends(&tree, "env-file-permissions", &[]);
    assert!(
        shown
            .stdout
            .contains(".env: chmod 600 .env [env-file-permissions]")
    );
    assert_eq!(mode(&fs::metadata(env).expect("it is there")), 0o600);
}

#[test]
fn what_is_accepted_or_not_asked_for_is_left() {
    let tree = committed();
    tree.file(
        "keyward.toml",
        "[[allow]]\nids = [\"env-file-tracked\"]\nreason = \"ours\"\n",
    );
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--skip", "gitignore-missing-env"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
}

#[test]
fn only_the_paths_that_are_named_are_mended() {
    let tree = committed();
    tree.file("api/.env", "DB_PASSWORD=<<an24>>\n");
    tree.git(&["add", "-A"]);
    tree.keyward(&["fix", "--apply", "--only", "env-file-tracked", "api"]);
    assert_eq!(tree.git(&["ls-files"]), ".env\npackage.json\n");
}

#[test]
fn a_tree_without_faults_needs_nothing() {
    let tree = Tree::repository();
    tree.file("a.txt", "x\n");
    for args in [&["fix"][..], &["fix", "--apply", "--unsafe"]] {
        let run = tree.keyward(args);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    }
}
