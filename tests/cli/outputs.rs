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

    let tree = Tree::new();
    tree.file("a.py", "x = 1\n");
    let closed = [tree.file("b.py", "y = 1\n"), tree.file("c/d.py", "z = 1\n")];
    let closed = [closed[0].as_path(), closed[1].parent().expect("a folder")];
    let set = |mode| {
        for path in closed {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        }
    };
    set(0o000);
    // Root reads what is closed to everybody.
    let is_root = fs::read(closed[0]).is_ok();
    let run = tree.keyward(&["rules", "list", "--cost", "."]);
    set(0o755);
    if is_root {
        return;
    }
    assert_eq!(run.code, 2, "{}", run.stderr);
    for said in [
        "1 files",
        "2 files and folders could not be read and did not count: ",
    ] {
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
}
