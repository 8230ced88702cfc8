//! Where reports are written, and what they call what lies outside of the tree.

use std::fs;

use crate::tree::{Tree, keyward};

const TOKEN: &str = "t = 'ghp_<<an36>>'\n";

#[cfg(unix)]
#[test]
fn no_link_of_the_tree_chooses_where_a_report_goes() {
    use std::os::unix::fs::symlink;

    let outside = Tree::new();
    let mine = outside.file("mine", "mine\n");
    let tree = Tree::repository();
    tree.file("sub/a.py", TOKEN);
    let link = |to: &std::path::Path, name: &str| {
        symlink(to, tree.path().join(name)).expect("a link");
    };
    link(&mine, "report.json");
    link(&outside.path().join("new"), "sub/dangling.json");
    link(outside.path(), "reports");
    link("sub".as_ref(), "inner");
    let whole = tree.path().join("report.json").display().to_string();
    for file in [
        "report.json",
        "./sub/../report.json",
        &whole,
        "sub/dangling.json",
        "reports/new",
        "reports/../new",
        "inner/new",
    ] {
        let run = tree.keyward(&["scan", "--format", "json", "--output", file]);
        assert_eq!(run.code, 2, "{file}: {}", run.stderr);
        for said in ["is a symbolic link in the tree", "hint:"] {
            assert!(run.stderr.contains(said), "{file}: {}", run.stderr);
        }
    }
    // From a folder of the tree as well.
    let mut command = keyward(&tree.path().join("sub"));
    let args = ["scan", "--format", "json", "--output", "../report.json"];
    let run = crate::tree::Run::of(command.args(args).output().expect("keyward runs"));
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(fs::read_to_string(mine).expect("it is there"), "mine\n");
    let all = fs::read_dir(outside.path()).expect("a folder").count();
    assert_eq!(all, 1, "nothing was written there");
    assert!(!tree.path().join("sub/new").exists());
}

#[cfg(unix)]
#[test]
fn links_of_ones_own_and_of_the_system_are_followed() {
    use std::os::unix::fs::symlink;

    let above = Tree::new();
    above.git(&["init", "-q", "real/tree"]);
    above.file("real/tree/a.py", TOKEN);
    above.file("real/kept.json", "");
    symlink("real", above.path().join("link")).expect("a link");
    symlink("real/kept.json", above.path().join("kept.json")).expect("a link");
    let run = |file: &str| {
        let mut command = keyward(&above.path().join("link/tree"));
        command.args(["scan", "--no-history", "--format", "json", "--output", file]);
        crate::tree::Run::of(command.output().expect("keyward runs"))
    };
    let new = above
        .path()
        .join("link/tree/new.json")
        .display()
        .to_string();
    let kept = above.path().join("kept.json").display().to_string();
    for file in ["report.json", &new, &kept, "/dev/null"] {
        let run = run(file);
        assert_eq!(run.code, 1, "{file}: {}", run.stderr);
    }
    assert!(above.path().join("real/tree/report.json").exists());
    assert!(above.path().join("real/tree/new.json").exists());
    let kept = fs::read_to_string(above.path().join("real/kept.json"));
    assert!(kept.expect("it is there").contains("github-pat-classic"));
    if cfg!(target_os = "linux") {
        for file in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let run = run(file);
            assert_eq!(run.code, 1, "{file}: {}", run.stderr);
            assert_eq!(
                run.places(),
                ["github-pat-classic critical a.py:1"],
                "{file}"
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_stdout_is_open_to_is_written_on_and_never_replaced() {
    use std::fs::{File, OpenOptions};
    use std::io::{Read, Seek};
    use std::os::unix::fs::symlink;

    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    let place = Tree::new();
    let link = place.path().join("link");
    symlink("/dev/stdout", &link).expect("a link");
    let link = link.display().to_string();
    let names = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", link.as_str()];
    let run = |args: &[&str], stdout: &File| {
        let mut command = keyward(tree.path());
        command.args(["scan"]).args(args);
        command.stdout(stdout.try_clone().expect("a handle"));
        crate::tree::Run::of(command.output().expect("keyward runs"))
    };
    for name in names {
        let log = place.file("log", "old\n");
        let more = OpenOptions::new().append(true).open(&log).expect("a log");
        let ran = run(&["--format", "markdown", "--output", name], &more);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        let text = fs::read_to_string(&log).expect("it is there");
        assert!(
            text.starts_with("old\n") && text.contains("a.py"),
            "{name}: {text}"
        );

        // The file that is written is the one that was opened.
        let new = File::create(place.path().join("new")).expect("a file");
        let ran = run(&["--format", "json", "--output", name], &new);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        let one = fs::read(place.path().join("new")).expect("it is there");
        let ran = run(&["--format", "json", "--output", name], &new);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        let two = fs::read(place.path().join("new")).expect("it is there");
        assert!(!one.is_empty() && two.len() > one.len(), "{name}");

        let mut gone = tempfile::tempfile().expect("a file without a name");
        let ran = run(&["--format", "json", "--output", name], &gone);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stderr);
        let mut text = String::new();
        gone.rewind().expect("a file");
        gone.read_to_string(&mut text).expect("text");
        assert!(text.contains("github-pat-classic"), "{name}: {text}");

        // Nothing is lost where two reports would go there.
        let new = File::create(place.path().join("new")).expect("a file");
        let both = ["--format", "text", "--format", "json", "--output", name];
        let ran = run(&both, &new);
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("would all go to stdout"),
            "{}",
            ran.stderr
        );
    }
    let is_link = fs::symlink_metadata(&link)
        .expect("it is there")
        .is_symlink();
    assert!(is_link, "it is left as it was");
    // Stderr in a file, which is said something more afterwards.
    let log = File::create(place.path().join("log")).expect("a file");
    let mut command = keyward(tree.path());
    command.args(["scan", "--format", "json", "--output", "/dev/stderr"]);
    let status = command.stderr(log).status().expect("keyward runs");
    assert_eq!(status.code(), Some(1));
    let text = fs::read_to_string(place.path().join("log")).expect("it is there");
    assert!(text.contains("github-pat-classic"), "{text}");
}

#[test]
fn one_file_is_one_however_it_is_spelled() {
    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    tree.file("sub/b.py", "x\n");
    let whole = tree.path().join("o").display().to_string();
    for other in ["o", "./o", "sub/../o", &whole] {
        let files = ["--format", "json", "--output", "o", "--format", "sarif"];
        let run = tree.keyward(&[&["scan"][..], &files, &["--output", other]].concat());
        assert_eq!(run.code, 2, "{other}: {}", run.stderr);
        for said in ["two reports would be written to", "hint:"] {
            assert!(run.stderr.contains(said), "{other}: {}", run.stderr);
        }
        assert!(!tree.path().join("o").exists(), "{other}");
    }
    // Nor is a folder that is not there a file, or a file a folder.
    for name in ["new/", "a.py/", "sub/"] {
        let run = tree.keyward(&["scan", "--format", "json", "--output", name]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("cannot write "),
            "{name}: {}",
            run.stderr
        );
    }
    assert!(!tree.path().join("new").exists());
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_also_where_it_leads_nowhere_yet() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    let place = Tree::new();
    place.file("folder/kept", "");
    let link = |to: &str, name: &str| symlink(to, place.path().join(name)).expect("a link");
    link("folder/new.json", "one");
    link("one", "two");
    link("round", "round");
    let run = |name: &str| {
        let file = place.path().join(name).display().to_string();
        tree.keyward(&["scan", "--format", "json", "--output", &file])
    };
    let ran = run("two");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(place.path().join("folder/new.json").is_file());
    for name in ["one", "two"] {
        let there = fs::symlink_metadata(place.path().join(name)).expect("it is there");
        assert!(there.is_symlink(), "{name}");
    }
    let ran = run("round");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("links"), "{}", ran.stderr);
    // A link of one's own does not lead past those of the tree.
    symlink(place.path().join("mine"), tree.path().join("theirs")).expect("a link");
    symlink(tree.path().join("theirs"), place.path().join("in")).expect("a link");
    let ran = run("in");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!place.path().join("mine").exists());
}

#[test]
fn the_tree_does_not_choose_where_its_baseline_goes() {
    let above = Tree::new();
    above.git(&["init", "-q", "tree"]);
    above.file("tree/a.py", TOKEN);
    above.file("tree/keyward.toml", "[scan]\nbaseline = \"../new.txt\"\n");
    let run = |args: &[&str]| {
        let mut command = keyward(&above.path().join("tree"));
        command.arg("baseline").args(args);
        crate::tree::Run::of(command.output().expect("keyward runs"))
    };
    let ran = run(&["write"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for said in ["outside of", "hint:", "--baseline"] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert!(!above.path().join("new.txt").exists());
    // The user may choose it, and so may the tree one of its own.
    assert_eq!(run(&["write", "--baseline", "../new.txt"]).code, 0);
    assert!(above.path().join("new.txt").exists());
    assert_eq!(run(&["prune"]).code, 2, "it is not written either");
    assert_eq!(run(&["prune", "--baseline", "../new.txt"]).code, 0);
    above.file("tree/ci/keep", "");
    above.file("tree/keyward.toml", "[scan]\nbaseline = \"ci/base\"\n");
    assert_eq!(run(&["write"]).code, 0);
    assert!(above.path().join("tree/ci/base").exists());
}

#[cfg(unix)]
#[test]
fn no_link_of_the_tree_chooses_where_its_baseline_goes() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new();
    tree.file("a.py", TOKEN);
    let place = Tree::new();
    let mine = place.path().join("mine");
    let link = tree.path().join(".keyward-baseline");
    symlink(&mine, &link).expect("a link");
    let check = |args: &[&str]| {
        let ran = tree.keyward(&[&["baseline"], args].concat());
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("is a symbolic link"), "{}", ran.stderr);
    };
    check(&["write"]);
    check(&["write", "--baseline", ".keyward-baseline"]);
    assert!(!mine.exists());
    fs::write(&mine, "").expect("it is ours");
    check(&["write"]);
    check(&["prune"]);
    assert_eq!(fs::read(&mine).expect("it is there"), b"");
}

#[test]
fn what_lies_outside_of_the_tree_is_named_whole_in_sarif() {
    let above = Tree::new();
    above.git(&["init", "-q", "tree"]);
    above.file("other place/ä:b.py", TOKEN);
    above.file("tree/a.py", TOKEN);
    let mut command = keyward(&above.path().join("tree"));
    command.args(["scan", "--no-history", "--format", "sarif", "a.py"]);
    command.arg("../other place/ä:b.py");
    let run = crate::tree::Run::of(command.output().expect("keyward runs"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let log = run.json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    let places: Vec<_> = results
        .iter()
        .map(|result| &result["locations"][0]["physicalLocation"]["artifactLocation"])
        .map(|place| (place["uri"].as_str().expect("a URI"), &place["uriBaseId"]))
        .collect();
    let (inside, outside): (Vec<(&str, &serde_json::Value)>, Vec<_>) =
        places.iter().copied().partition(|(uri, _)| *uri == "a.py");
    assert_eq!(inside.len(), 1, "{places:?}");
    assert_eq!(inside[0].1, "%SRCROOT%");
    assert_eq!(outside.len(), 1, "{places:?}");
    let (uri, base) = outside[0];
    assert!(base.is_null(), "{places:?}");
    assert!(uri.starts_with("file:///") && !uri.contains(".."), "{uri}");
    assert!(uri.ends_with("/other%20place/%C3%A4%3Ab.py"), "{uri}");
}

#[cfg(unix)]
#[test]
fn what_rules_were_not_measured_by_is_told() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    let tree = Tree::new();
    tree.file("a.py", "x = 1\n");
    let file = tree.file("b.py", "y = 1\n");
    let folder = tree.file("c/d.py", "z = 1\n");
    let listed = tree.file("e/f.py", "z = 1\n");
    let set = |mode| {
        let set = |path: &std::path::Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        set(tree.path(), 0o755);
        set(&file, mode);
        set(folder.parent().expect("a folder"), mode);
        // Its names can be read, and nothing more of them.
        set(listed.parent().expect("a folder"), mode | 0o444);
    };
    set(0o000);
    // Root reads what is closed to everybody, and can be somebody else.
    let is_root = fs::read(&file).is_ok();
    let run = || {
        let mut command = keyward(tree.path());
        command.args(["rules", "list", "--cost", "."]);
        command
    };
    let all = run().output();
    let somebody = run().uid(65534).output();
    set(0o755);
    let all = crate::tree::Run::of(all.expect("keyward runs"));
    let closed = match (is_root, somebody) {
        (false, _) => all,
        (true, somebody) => {
            assert_eq!(all.code, 0, "{}", all.stderr);
            assert!(all.stderr.contains("4 files"), "{}", all.stderr);
            // The program may lie where nobody else gets.
            let Ok(somebody) = somebody else { return };
            crate::tree::Run::of(somebody)
        }
    };
    assert_eq!(closed.code, 2, "{}", closed.stderr);
    for said in [
        "1 files",
        "3 files and folders could not be read and did not count: ",
    ] {
        assert!(closed.stderr.contains(said), "{}", closed.stderr);
    }
}

#[test]
fn no_store_of_git_is_measured() {
    let tree = Tree::repository();
    tree.file("a.py", "x = 1\n");
    tree.git(&["init", "-q", "nested/other"]);
    tree.file("nested/other/b.py", "y = 1\n");
    tree.file("linked/.git", "gitdir: elsewhere\n");
    let run = tree.keyward(&["rules", "list", "--cost", "."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("2 files"), "{}", run.stderr);
}
