//! Changes that belong together are made together, or none of them is.

use super::{PROJECT, committed, text};
#[cfg(unix)]
use super::{set_mode, snapshot};
use crate::tree::Tree;

/// A name so long that no other file can be written beside the one of that name: found out when it is tried, and not before.
#[cfg(unix)]
fn unwritable(end: &str) -> String {
    "x".repeat(250) + end
}

#[cfg(unix)]
#[test]
fn a_rename_that_one_file_cannot_have_written_is_not_made() {
    let old = "NEXT_PUBLIC_VELT_AUTH_TOKEN";
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    tree.file(".gitignore", ".env*\n");
    set_mode(
        &tree.file(".env.local", &format!("{old}=<<hex32>>\n")),
        0o600,
    );
    tree.file("pages/api/a.js", &format!("send(process.env.{old});\n"));
    let name = unwritable(".js");
    tree.file(&name, &format!("send(process.env.{old});\n"));
    // What has nothing to do with it is done all the same.
    let cookie = "res.cookie('token', jwt, { path: '/' });\n";
    tree.file("src/b.js", cookie);
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--unsafe", "--fail-on", "never"]);
    assert_ne!(text(&tree, "src/b.js"), cookie, "{}", run.stdout);
    tree.file("src/b.js", cookie);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert_eq!(run.code, 2, "{}", run.stderr);
    for said in [
        format!("{name}: not changed: "),
        "pages/api/a.js: not changed: a variable is called otherwise in all files or in none"
            .to_owned(),
    ] {
        assert!(run.stderr.contains(&said), "{said}: {}", run.stderr);
        // Nor does stdout say that it was made.
        let said = said.replacen("not changed", "cannot be changed", 1);
        assert!(run.stdout.contains(&said), "{said}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("+send("), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_ignored_stays_in_the_index() {
    let said = ".env: not changed: the lines that .gitignore needs for it cannot be written";
    for how in ["link", "read-only"] {
        let tree = committed();
        if how == "link" {
            std::os::unix::fs::symlink("package.json", tree.path().join(".gitignore"))
                .expect("a link");
        } else {
            set_mode(&tree.file(".gitignore", "dist\n"), 0o444);
        }
        let run = tree.keyward(&["fix"]);
        let shown = said.replacen("not changed", "cannot be changed", 1);
        assert!(run.stdout.contains(&shown), "{how}: {}", run.stdout);
        let run = tree.keyward(&["fix", "--apply", "--fail-on", "never"]);
        assert!(tree.git(&["ls-files"]).contains(".env\n"), "{how}");
        assert_eq!(run.code, 2, "{how}: {}", run.stderr);
        assert_eq!(run.stderr.matches(said).count(), 1, "{how}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
    }
}

#[test]
fn texts_are_changed_up_to_the_length_that_the_guide_names() {
    let tree = committed();
    let ignored = |bytes: usize| {
        tree.bytes(
            ".gitignore",
            format!("#{}\n", "-".repeat(bytes - 2)).as_bytes(),
        );
        tree.keyward(&["fix", "--apply", "--fail-on", "never"])
    };
    let run = ignored((8 << 20) + 1);
    let said = ".gitignore: not changed: it is longer than 8 MiB";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(tree.git(&["ls-files"]).contains(".env\n"));
    assert!(!text(&tree, ".gitignore").contains(".env"));
    // The lines that are put in are part of it in the next turn.
    let run = ignored((8 << 20) - 100);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!tree.git(&["ls-files"]).contains(".env\n"));
    assert!(text(&tree, ".gitignore").contains("\n.env\n"));
}

#[test]
fn what_another_change_was_refused_for_is_done_in_its_turn() {
    let tree = Tree::repository();
    tree.file("package.json", PROJECT);
    let weak = "SESSION_SECRET=\"keyboard cat\"\n";
    let env = tree.file(
        ".env",
        &format!("NEXT_PUBLIC_VELT_AUTH_TOKEN=<<hex32>>\n{weak}"),
    );
    #[cfg(unix)]
    set_mode(&env, 0o600);
    #[cfg(not(unix))]
    drop(env);
    let ask = |name: &str| format!("send(process.env.{name});\n");
    tree.file("pages/api/a.js", &ask("NEXT_PUBLIC_VELT_AUTH_TOKEN"));
    // The name that it would get is taken.
    tree.file("b.js", &ask("VELT_AUTH_TOKEN"));
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "seed"]);
    let run = tree.keyward(&["fix", "--apply", "--unsafe"]);
    assert!(run.stderr.contains("b.js has a VELT_AUTH_TOKEN already"));
    // Git had to forget it before it could get a new secret.
    assert!(
        !tree.git(&["ls-files"]).contains(".env\n"),
        "{}",
        run.stderr
    );
    let after = text(&tree, ".env");
    assert!(!after.contains("keyboard cat"), "{}", run.stderr);
    assert!(after.contains("NEXT_PUBLIC_VELT_AUTH_TOKEN="), "{after}");
    assert!(run.stderr.contains("made 3 changes"), "{}", run.stderr);
}

/// Who owns the file, and its group.
#[cfg(unix)]
fn owner(file: &std::path::Path) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    let there = std::fs::metadata(file).expect("it is there");
    (there.uid(), there.gid())
}

#[cfg(unix)]
#[test]
fn a_file_that_is_changed_stays_with_its_owner() {
    let tree = committed();
    let file = tree.file(".gitignore", "dist\n");
    // Only root may give a file away; for others it is theirs before and behind.
    let given = std::os::unix::fs::chown(&file, Some(1234), Some(4321));
    let before = owner(&file);
    assert_eq!(given.is_ok(), before == (1234, 4321));
    let run = tree.keyward(&["fix", "--apply", "--fail-on", "never"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(text(&tree, ".gitignore").contains(".env"));
    assert_eq!(owner(&file), before);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_given_back_to_its_owner_is_left() {
    use std::os::unix::fs::chown;
    use std::os::unix::process::CommandExt;
    const OTHER: u32 = 4242;
    let tree = committed();
    let file = tree.file(".gitignore", "dist\n");
    // All else is that of whoever runs it, so that the file can be replaced, and not given back.
    for path in snapshot(tree.path())
        .keys()
        .chain([&tree.path().to_owned()])
    {
        if chown(path, Some(OTHER), Some(OTHER)).is_err() {
            // Not root: no file here is another's.
            return;
        }
    }
    chown(&file, Some(1234), Some(4321)).expect("we are root");
    let mut command = crate::tree::keyward(tree.path());
    command.args(["fix", "--apply", "--fail-on", "never"]);
    let Ok(out) = command.uid(OTHER).gid(OTHER).output() else {
        // The program lies where others may not look.
        return;
    };
    let run = crate::tree::Run::of(out);
    let said = ".gitignore: not changed: it belongs to another user or group";
    assert!(run.stderr.contains(said), "{}{}", run.stdout, run.stderr);
    assert_eq!(run.code, 2);
    assert_eq!(owner(&file), (1234, 4321));
    assert_eq!(text(&tree, ".gitignore"), "dist\n");
}
