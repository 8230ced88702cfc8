//! What a release is made of is named in several files, which no compiler holds against one another.

use std::path::{Path, PathBuf};

use saphyr_parser::{Event, Parser};

const WORKFLOWS: &[&str] = &[".github/workflows/ci.yml", ".github/workflows/release.yml"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Every scalar of a YAML file, in order: each key followed by its value where that is one.
fn scalars(name: &str) -> Vec<String> {
    let text = text(name);
    let events =
        Parser::new_from_str(&text).map(|event| event.unwrap_or_else(|e| panic!("{name}: {e}")));
    let scalars = events.filter_map(|(event, _)| match event {
        Event::Scalar(value, ..) => Some(value.into_owned()),
        _ => None,
    });
    scalars.collect()
}

/// The values of a key that are scalars.
fn values(name: &str, key: &str) -> Vec<String> {
    let scalars = scalars(name);
    let pairs = scalars.windows(2).filter(|pair| pair[0] == key);
    pairs.map(|pair| pair[1].clone()).collect()
}

/// The targets that the release workflow builds for.
fn targets() -> Vec<String> {
    let targets = values(".github/workflows/release.yml", "target");
    assert_eq!(targets.len(), 5, "{targets:?}");
    targets
}

#[test]
fn what_is_released_is_what_is_fetched() {
    let install = text("ci/install");
    for target in targets() {
        assert!(
            install.contains(&target),
            "ci/install does not know {target}"
        );
    }
    let known = install.matches("echo ").count() - 1;
    assert_eq!(
        known,
        targets().len(),
        "ci/install fetches what is never built"
    );
    for name in ["ci/install", "ci/package"] {
        assert!(
            text(name).contains("archive=keyward-$version-$target.tar.gz"),
            "{name}"
        );
    }
    let gitlab = scalars("ci/gitlab.yml");
    let archive = "archive=\"keyward-$KEYWARD_VERSION-$(uname -m)-unknown-linux-musl.tar.gz\"";
    assert!(gitlab.iter().any(|line| line == archive), "{gitlab:?}");
}

#[test]
fn one_version_is_named_everywhere() {
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    assert_eq!(values("ci/gitlab.yml", "KEYWARD_VERSION"), [version]);
    for name in ["docs/ci.md", "docs/hooks.md", "docs/releasing.md"] {
        let text = text(name);
        let named = text.split(|c: char| !(c.is_alphanumeric() || c == '.'));
        let is_version = |word: &&str| {
            word.strip_prefix('v').is_some_and(|v| {
                v.split('.').count() == 3 && v.starts_with(|c: char| c.is_ascii_digit())
            })
        };
        let others: Vec<_> = named
            .filter(is_version)
            .filter(|word| *word != version)
            .collect();
        assert_eq!(others, [""; 0], "{name}");
    }
}

#[test]
fn workflows_pin_what_they_use_and_test_what_is_promised() {
    for name in WORKFLOWS {
        let toolchain = values(name, "RUSTUP_TOOLCHAIN");
        let promised = concat!(env!("CARGO_PKG_RUST_VERSION"), ".0");
        assert_eq!(toolchain, [promised], "{name}");
        for used in values(name, "uses") {
            let own = used.starts_with("./") && path(&used).exists();
            let commit = used.split_once('@').map(|(_, commit)| commit);
            let pinned = |c: &str| c.len() == 40 && c.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(own || commit.is_some_and(pinned), "{name}: {used}");
        }
        let checkouts = text(name).matches("actions/checkout@").count();
        assert_eq!(
            values(name, "persist-credentials"),
            vec!["false"; checkouts],
            "{name}"
        );
    }
}

/// An expression in a script would be read by the shell as its own words.
#[test]
fn no_script_of_an_action_or_workflow_has_an_expression_in_it() {
    for name in WORKFLOWS.iter().chain(&["action.yml"]) {
        let scripts = values(name, "run");
        assert!(!scripts.is_empty(), "{name}");
        for script in scripts {
            assert!(!script.contains("${{"), "{name}: {script}");
        }
    }
}

#[test]
fn scripts_that_hooks_and_jobs_run_are_there_and_can_be_run() {
    for entry in values(".pre-commit-hooks.yaml", "entry") {
        let script = entry.split(' ').next().expect("a word");
        assert!(script == "keyward" || path(script).exists(), "{entry}");
    }
    #[cfg(unix)]
    for name in [
        "ci/install",
        "ci/keyward",
        "ci/licenses",
        "ci/package",
        "tests/e2e/run",
    ] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path(name)).expect(name).permissions();
        assert!(mode.mode() & 0o111 == 0o111, "{name} cannot be run");
    }
}
