//! `--range auto`: the environment of CI systems in, the range out.

use std::path::Path;

use crate::tree::{Run, Tree, git, keyward};

/// A repository whose branch `topic` adds a token to what `main` has, with a remote that has both; gives the ids of the two.
fn repository() -> (Tree, String, String) {
    let tree = Tree::repository();
    tree.file("old.js", "const a = 'ghp_<<an36>>';\n");
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "first"]);
    let main = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    tree.git(&["checkout", "-q", "-b", "topic"]);
    tree.file("new.js", "const b = 'ghp_<<an36>>';\n");
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "second"]);
    let topic = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    tree.git(&["update-ref", "refs/remotes/origin/main", &main]);
    (tree, main, topic)
}

/// `scan --range auto` in a folder, with these variables and none of the machine's CI system.
fn auto(dir: &Path, variables: &[(&str, &str)]) -> Run {
    let mut command = keyward(dir);
    command.args(["scan", "--range", "auto", "--format", "json"]);
    for system in [
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "CI",
        "TF_BUILD",
        "CIRCLECI",
        "BUILDKITE",
        "JENKINS_HOME",
        "TRAVIS",
        "DRONE",
        "BITBUCKET_BUILD_NUMBER",
    ] {
        command.env_remove(system);
    }
    command.envs(variables.iter().copied());
    Run::of(command.output().expect("keyward runs"))
}

fn paths(run: &Run) -> Vec<String> {
    let path = |place: String| place.rsplit_once(' ').expect("a path").1.to_owned();
    run.places().into_iter().map(path).collect()
}

#[test]
fn a_pull_request_of_github_is_read_from_its_event() {
    let (tree, main, topic) = repository();
    let event = format!(
        r#"{{"pull_request": {{"base": {{"sha": "{main}", "ref": "main"}}, "head": {{"sha": "{topic}"}}}}}}"#
    );
    let outside = Tree::new();
    let event = outside.bytes("event.json", event.as_bytes());
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_EVENT_PATH", event.to_str().expect("UTF-8")),
    ];
    let run = auto(tree.path(), &variables);
    assert_eq!(paths(&run), ["new.js:1"], "{}", run.stderr);
    assert_eq!(
        (run.code, run.stderr),
        (
            1,
            format!("keyward: GitHub pull request: --range {main}...{topic}\n")
        )
    );

    outside.bytes("event.json", b"{");
    let run = auto(tree.path(), &variables);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("cannot read the event of this run in "),
        "{}",
        run.stderr
    );
}

#[test]
fn a_push_of_a_new_branch_is_held_against_the_default_branch() {
    let (tree, _, topic) = repository();
    let zeros = "0".repeat(40);
    let gitlab = |before: &str, branch: &str| {
        let variables = [
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_BEFORE_SHA", before),
            ("CI_DEFAULT_BRANCH", "main"),
            ("CI_COMMIT_REF_NAME", branch),
            ("CI_COMMIT_SHA", &topic),
        ];
        auto(tree.path(), &variables)
    };
    let run = gitlab(&zeros, "topic");
    assert_eq!(paths(&run), ["new.js:1"], "{}", run.stderr);
    // What was there before a push by force is in no clone.
    assert_eq!(paths(&gitlab(&"1".repeat(40), "topic")), ["new.js:1"]);
    // The first push of all has nothing before it, and one by force nothing that is here.
    for (before, says) in [
        (&zeros, "no commit was before it; everything"),
        (&"1".repeat(40), "is not in this clone; everything"),
    ] {
        let run = gitlab(before, "main");
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert_eq!(paths(&run).len(), 2, "{}", run.stdout);
    }
}

#[test]
fn a_shallow_clone_is_an_error_that_says_what_to_set() {
    let (tree, main, topic) = repository();
    let parent = Tree::new();
    let from = format!("file://{}", tree.path().display());
    let cloned = git(
        parent.path(),
        &[
            "clone", "-q", "--depth", "1", "--branch", "topic", &from, "clone",
        ],
    )
    .status();
    assert!(cloned.expect("git runs").success());
    let clone = parent.path().join("clone");
    for base in [main.as_str(), &"1".repeat(40)] {
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base),
            ("CI_COMMIT_SHA", &topic),
        ];
        let run = auto(&clone, &gitlab);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(
            run.stderr.contains("fetch-depth: 0") && run.stderr.contains("GIT_DEPTH: 0"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn where_no_system_is_known_it_says_so() {
    let (tree, ..) = repository();
    let run = auto(tree.path(), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("no system that it knows is here")
            && run.stderr.contains("--range origin/main...HEAD"),
        "{}",
        run.stderr
    );
    let run = auto(
        tree.path(),
        &[("JENKINS_HOME", "/j"), ("CHANGE_TARGET", "lost")],
    );
    assert_eq!(
        run.code, 2,
        "a target that was not fetched is no reason to pass: {}",
        run.stderr
    );
    let deleted = [
        ("GITLAB_CI", "true"),
        ("CI_PIPELINE_SOURCE", "push"),
        ("CI_COMMIT_SHA", "0000000000000000000000000000000000000000"),
    ];
    assert_eq!(auto(tree.path(), &deleted).code, 2);
}

/// What stands in an input, a branch's name or a title, must never become words of a shell.
#[test]
fn the_action_hands_values_to_scripts_as_variables_alone() {
    let action = include_str!("../../action.yml");
    let mut scripts = action.split("run: |\n").skip(1);
    let script = |text: &str| -> String {
        let is_script = |line: &&str| line.is_empty() || line.starts_with("        ");
        text.lines().take_while(is_script).collect()
    };
    assert_eq!(scripts.clone().count(), 2);
    assert!(scripts.all(|text| !script(text).contains("${{") && script(text).len() > 300));
}
