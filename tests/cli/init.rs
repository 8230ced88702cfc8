//! `keyward init`: what it writes, what it leaves, and what it takes over from other scanners.

mod foreign;
mod ignored;
mod large;
mod moving;

use std::fs;
use std::path::Path;

use crate::tree::{Run, Tree};

/// A repository of a project that reads environment files.
fn project() -> Tree {
    let tree = Tree::repository();
    tree.file("package.json", r#"{"dependencies":{"next":"16"}}"#);
    tree
}

fn read(tree: &Tree, name: &str) -> String {
    fs::read_to_string(tree.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn is_there(tree: &Tree, name: &str) -> bool {
    fs::symlink_metadata(tree.path().join(name)).is_ok()
}

#[track_caller]
fn says(run: &Run, words: &[&str]) {
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

/// Names, sizes and contents of all files, git's own left out.
fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.is_symlink() {
                if path.file_name().is_none_or(|name| name != "objects") {
                    folders.push(path);
                }
            } else {
                files.push((
                    path.display().to_string(),
                    fs::read(&path).unwrap_or_default(),
                ));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn nobody_to_ask_means_keyward_toml_alone() {
    let tree = project();
    tree.git(&["remote", "add", "origin", "git@github.com:me/it.git"]);
    let run = tree.keyward(&["init"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    says(
        &run,
        &["wrote keyward.toml", "--gitignore", "--hook", "--ci github"],
    );
    for name in [".gitignore", ".git/hooks/pre-commit", ".github"] {
        assert!(!is_there(&tree, name), "{name}");
    }
    assert_eq!(
        tree.keyward(&["scan"]).code,
        1,
        "environment files are not ignored yet"
    );
}

#[test]
fn yes_writes_all_of_it_and_a_scan_is_content() {
    let tree = project();
    tree.git(&["remote", "add", "origin", "https://github.com/me/it"]);
    let run = tree.keyward(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(read(&tree, ".gitignore"), ".env\n.env.*\n!.env.example\n");
    assert!(read(&tree, ".git/hooks/pre-commit").contains("keyward hook run pre-commit"));
    assert!(read(&tree, ".github/workflows/keyward.yml").contains("fetch-depth: 0"));
    says(
        &run,
        &["put the owner of keyward's repository in for OWNER"],
    );
    let run = tree.keyward(&["scan", "--pedantic"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.starts_with("no findings"), "{}", run.stdout);
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let tree = project();
    let arguments = ["init", "--yes", "--ci", "gitlab"];
    assert_eq!(tree.keyward(&arguments).code, 0);
    let before = all(tree.path());
    let run = tree.keyward(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(
        &run,
        &[
            "keyward.toml is there: left as it is",
            "git ignores environment files already",
            "git asks keyward before each commit already",
            ".gitlab-ci.yml calls keyward already",
        ],
    );
    assert!(before == all(tree.path()));
}

#[test]
fn flags_decide_without_a_question() {
    let tree = project();
    let run = tree.keyward(&["init", "--no-config", "--gitignore", "--no-hook"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(is_there(&tree, ".gitignore") && !is_there(&tree, "keyward.toml"));
    assert!(!run.stderr.contains("--hook"), "{}", run.stderr);
    let run = tree.keyward(&["init", "--yes", "--ci", "none", "--no-hook"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!is_there(&tree, ".github") && !is_there(&tree, ".gitlab-ci.yml"));
    assert!(!is_there(&tree, ".git/hooks/pre-commit"));
}

#[test]
fn a_dry_run_shows_all_and_writes_nothing() {
    let tree = project();
    tree.file(".gitignore", "node_modules\n");
    let before = all(tree.path());
    let run = tree.keyward(&["init", "--yes", "--dry-run", "--ci", "github"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for shown in [
        "# would write keyward.toml:",
        "#[scan]",
        "# would append to .gitignore:",
        "fetch-depth: 0",
    ] {
        assert!(run.stdout.contains(shown), "{shown}: {}", run.stdout);
    }
    says(&run, &["would install the pre-commit hook"]);
    assert!(before == all(tree.path()));
}

#[test]
fn gitignore_gets_what_is_missing_with_its_own_line_ends() {
    for (before, after) in [
        (
            "node_modules\r\n",
            "node_modules\r\n.env\r\n.env.*\r\n!.env.example\r\n",
        ),
        ("dist", "dist\n.env\n.env.*\n!.env.example\n"),
        (
            ".env\n",
            ".env\n.env.local\n.env.production\n.env.staging\n",
        ),
        (".env*\n!.env.example\n", ".env*\n!.env.example\n"),
    ] {
        let tree = project();
        tree.bytes(".gitignore", before.as_bytes());
        assert_eq!(tree.keyward(&["init", "--gitignore"]).code, 0);
        assert_eq!(read(&tree, ".gitignore"), after);
        assert_eq!(tree.keyward(&["scan"]).code, 0, "{before:?}");
    }
}

#[test]
fn a_pipeline_of_gitlabs_is_added_to_where_it_has_no_include() {
    let tree = project();
    tree.bytes(
        ".gitlab-ci.yml",
        b"stages: [test]\r\nunit:\r\n  script: [make]\r\n",
    );
    let run = tree.keyward(&["init", "--yes", "--no-hook"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = read(&tree, ".gitlab-ci.yml");
    assert!(
        text.starts_with("stages: [test]\r\n") && text.contains("\r\ninclude:\r\n  - remote: "),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());

    let tree = project();
    let own = "include:\n  - local: a.yml\n";
    tree.file(".gitlab-ci.yml", own);
    let run = tree.keyward(&["init", "--ci", "gitlab"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &["left as it is", "- remote: https://"]);
    assert_eq!(read(&tree, ".gitlab-ci.yml"), own);
}

#[test]
fn the_workflow_is_about_the_branch_that_others_push_to() {
    let branches = |tree: &Tree| {
        let run = tree.keyward(&["init", "--ci", "github"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let text = read(tree, ".github/workflows/keyward.yml");
        let line = text.lines().find(|line| line.contains("branches:"));
        line.unwrap_or_default().trim().to_owned()
    };
    let tree = project();
    tree.git(&["symbolic-ref", "HEAD", "refs/heads/master"]);
    assert_eq!(branches(&tree), "branches: [master]");
    let tree = project();
    tree.git(&["symbolic-ref", "HEAD", "refs/heads/fix/it"]);
    assert_eq!(branches(&tree), "branches: [main]");
    let tree = project();
    tree.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/next",
    ]);
    assert_eq!(branches(&tree), "branches: [next]");
    let tree = project();
    tree.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/x],y",
    ]);
    assert_eq!(branches(&tree), "branches: [main]");
}

#[test]
fn another_workflow_that_calls_keyward_is_enough() {
    let tree = project();
    tree.file(
        ".github/workflows/all.yml",
        "jobs:\n  a:\n    steps:\n      - run: keyward scan\n",
    );
    let run = tree.keyward(&["init", "--yes", "--no-hook"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(&run, &["calls keyward already"]);
    assert!(!is_there(&tree, ".github/workflows/keyward.yml"));
}

#[test]
fn in_a_folder_of_the_repository_its_root_is_set_up() {
    let tree = project();
    fs::create_dir(tree.path().join("src")).expect("made");
    let mut command = crate::tree::keyward(&tree.path().join("src"));
    let run = Run::of(
        command
            .args(["init", "--gitignore"])
            .output()
            .expect("keyward runs"),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(is_there(&tree, "keyward.toml") && is_there(&tree, ".gitignore"));
    assert!(!is_there(&tree, "src/keyward.toml"));
}

#[test]
fn a_plain_folder_gets_keyward_toml_and_no_hook() {
    let tree = Tree::new();
    let run = tree.keyward(&["init", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(is_there(&tree, "keyward.toml") && !is_there(&tree, ".gitignore"));
    let run = tree.keyward(&["init", "--hook"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &["hooks need a git repository", "hint:"]);
}

#[test]
fn a_bare_repository_is_told_what_is_for_servers() {
    let tree = Tree::new();
    tree.git(&["init", "-q", "--bare", "."]);
    let run = tree.keyward(&["init"]);
    assert_eq!(run.code, 2);
    says(&run, &["bare repository", "hint:", "pre-receive"]);
}

#[test]
fn a_configuration_that_is_there_stays_whatever_it_is_called() {
    for name in ["keyward.toml", ".keyward.toml"] {
        let tree = project();
        tree.file(name, "[scan]\nfail-on = \"high\"\n");
        let run = tree.keyward(&["init", "--config"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        says(&run, &[&format!("{name} is there: left as it is")]);
        assert_eq!(read(&tree, name), "[scan]\nfail-on = \"high\"\n");
        assert!(!is_there(&tree, "keyward.toml") || name == "keyward.toml");
    }
}

#[cfg(unix)]
#[test]
fn no_link_is_written_through() {
    use std::os::unix::fs::symlink;

    let outside = Tree::new();
    outside.file("ignore", "x\n");
    let folder = outside.path();
    for (link, to, arguments) in [
        ("keyward.toml", "new.toml", &["init"][..]),
        ("keyward.toml", "ignore", &["init"]),
        (
            ".gitignore",
            "ignore",
            &["init", "--no-config", "--gitignore"],
        ),
        (".gitignore", "new", &["init", "--no-config", "--gitignore"]),
        (".github", ".", &["init", "--no-config", "--ci", "github"]),
        (
            ".gitlab-ci.yml",
            "new.yml",
            &["init", "--no-config", "--ci", "gitlab"],
        ),
    ] {
        let tree = project();
        symlink(folder.join(to), tree.path().join(link)).expect("a link");
        let before = all(folder);
        let run = tree.keyward(arguments);
        says(&run, &["is a link", "left as it is"]);
        assert_eq!(
            run.code,
            if arguments.len() == 1 { 0 } else { 2 },
            "{link}: {}",
            run.stderr
        );
        assert!(before == all(folder), "{link} was written through");
        assert!(tree.path().join(link).is_symlink());
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said() {
    use std::os::unix::fs::PermissionsExt;

    let tree = project();
    let set =
        |mode| fs::set_permissions(tree.path(), fs::Permissions::from_mode(mode)).expect("ours");
    set(0o555);
    let is_root = fs::write(tree.path().join("probe"), "").is_ok();
    let run = tree.keyward(&["init", "--gitignore"]);
    set(0o755);
    if is_root {
        return;
    }
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(
        &run,
        &["cannot write keyward.toml", "cannot write .gitignore"],
    );
    assert!(!is_there(&tree, "keyward.toml"));
}
