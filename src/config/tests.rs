mod mistakes;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::model::{Check, Error};

const ROOT: &str = "/r";

fn parse(text: &str) -> Result<Config> {
    let path = Path::new(ROOT).join("keyward.toml");
    file::parse(&path, text, Owner::Repository, Path::new(ROOT))
}

/// Line, message and hint of the error that `result` must be.
#[track_caller]
fn fault<T>(result: Result<T>) -> (usize, String, String) {
    match result {
        Err(Error::Config {
            line,
            message,
            hint,
            ..
        }) => (line, message, hint),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn check(id: &str) -> Arc<Check> {
    Arc::new(Check {
        id: id.to_owned(),
        title: String::new(),
        why: String::new(),
        fix: String::new(),
        links: Vec::new(),
        family: "hardcoded-credential".to_owned(),
        client_safe: false,
        also: Vec::new(),
        kinds: Vec::new(),
        untracked: None,
        leads: false,
        private: false,
        was: vec![format!("old-{id}")],
    })
}

#[test]
fn a_whole_file_is_read() {
    let config = parse(
        r#"
[scan]
exclude = ["vendor/**"]
accept = ["path:locked/**", "shallow"]
fail-on = "high"
confidence = "low"
baseline = ".keyward-baseline"
rules = ["security/rules"]
[checks.github-token]
off = true
[checks.aws-key]
severity = "low"
[[allow]]
ids = ["slack-bot-token"]
paths = ["tests/**"]
fingerprints = ["00112233445566778899aabbccddeeff"]
until = 2027-01-31
reason = " made up "
[[allow]]
paths = ["docs/**"]
until = "2027-02-28"
reason = "examples"

[[check]]
id = "acme-token"
title = "Acme token"
why = "it deploys"
fix = "revoke it"

[[rule]]
check = "acme-token"
severity = "high"
pattern = 'acme_[a-z]{20}'
"#,
    )
    .expect("a valid file");
    assert!(config.excludes(b"vendor/a/b") && !config.excludes(b"src/a"));
    let unread = Notice::at(NoticeKind::Unreadable, "locked/a".into(), "it is");
    assert!(config.accept[0].covers(&unread) && !config.accept[1].covers(&unread));
    let cut = Notice::new(NoticeKind::Shallow, "it is");
    assert!(config.accept[1].covers(&cut) && !config.accept[0].covers(&cut));
    let fail_on = config.fail_on.as_ref().expect("said");
    assert_eq!((fail_on.value, fail_on.at.line), (Severity::High, 5));
    assert_eq!(
        config.confidence.as_ref().map(|c| c.value),
        Some(Confidence::Low)
    );
    let baseline = config.baseline.as_ref().map(|b| b.value.as_path());
    assert_eq!(baseline, Some(Path::new("/r/.keyward-baseline")));
    assert_eq!(config.rules[0].value, Path::new("/r/security/rules"));
    let checks: Vec<_> = config
        .checks
        .iter()
        .map(|s| (s.id.as_str(), s.off(), s.severity()))
        .collect();
    assert_eq!(
        checks,
        [
            ("github-token", true, None),
            ("aws-key", false, Some(Severity::Low))
        ]
    );
    let [first, second] = &config.allow[..] else {
        panic!("two entries")
    };
    assert_eq!((first.at.line, first.reason.as_str()), (13, "made up"));
    assert_eq!(
        first.fingerprints[0].to_string(),
        "00112233445566778899aabbccddeeff"
    );
    assert!(!first.expired(date(2027, 1, 31)) && first.expired(date(2027, 2, 1)));
    assert_eq!(second.until, Some(date(2027, 2, 28)));
    let own = &config.own[0];
    assert_eq!(
        (own.line_of_check(0), own.line_of(0), own.line_of(9)),
        (24, 30, 1)
    );
    assert_eq!(own.pack.rules[0].check, own.pack.checks[0].id);
    assert!(own.source.text.contains("acme_"));
}

#[test]
fn ids_are_held_against_the_checks_that_exist() {
    let (builtin, own) = ([check("aws-key"), check("github-token")], [check("mine")]);
    let settle = |text: &str| parse(text).expect("valid").settle(&builtin, &own);
    let (line, message, hint) = fault(settle("\n[checks.github-tokn]\noff = true"));
    assert_eq!(
        (line, message.as_str()),
        (2, "there is no check `github-tokn`")
    );
    assert_eq!(hint, "did you mean `github-token`?");
    let (line, _, hint) = fault(settle("[[allow]]\nids = ['qqqqq']\nreason = 'x'"));
    assert_eq!(
        (line, hint.as_str()),
        (1, "`keyward rules list` names all checks")
    );
    let family = "ids = ['hardcoded-credential']\nreason = 'x'\npaths = ['a']";
    assert!(settle(&format!("[[allow]]\n{family}")).is_ok());
    let (line, message, _) = fault(settle(
        "[[allow]]\nids = ['hardcoded-credential']\nreason = 'x'",
    ));
    assert_eq!(
        (line, message.as_str()),
        (
            1,
            "`hardcoded-credential` is a family: this [[allow]] would accept 2 checks everywhere"
        )
    );
    fault(settle("[checks.hardcoded-credential]\noff = true"));

    let notices = settle("[checks.aws-key]\noff = true\n[checks.mine]\nseverity = 'info'");
    let told: Vec<_> = notices
        .expect("one is left")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "keyward.toml: line 1: check `aws-key` is off",
            "keyward.toml: line 3: check `mine` is reported as info, which is shown with --pedantic only",
        ]
    );
}

#[test]
fn errors_do_not_repeat_values() {
    for text in [
        "scan = [[\"VALUE\", 1]]",
        "allow = [[\"VALUE\"]]",
        "[scan]\nconfidence = 'VALUE'",
        "[scan]\nconfidence = ['VALUE']",
        "[scan]\nexclude = ['VALUE[']",
        "[scan]\naccept = ['VALUE', 'path:VALUE[']",
        "[[allow]]\nreason = 'x'\nfingerprints = ['VALUE']",
        "[[allow]]\nreason = 'x'\nids = ['a']\nuntil = 'VALUE'",
        "[[rule]]\ncheck = 'a'\nseverity = 'VALUE'",
        "[[rule]]\ncheck = 'VALUE\n",
        "checks = { a = 'VALUE' }",
        "token = 'VALUE'",
    ] {
        let (_, message, hint) = fault(parse(text));
        assert!(
            !format!("{message} {hint}").contains("VALUE"),
            "{text}: {message}"
        );
    }
}

#[test]
fn a_file_cannot_switch_everything_off() {
    let builtin = [check("aws-key"), check("github-token")];
    let text = "[checks.aws-key]\noff = true\n[checks.old-github-token]\nseverity = 'info'";
    let (line, message, _) = fault(
        parse(text)
            .expect("valid")
            .settle(&builtin, &[check("own")]),
    );
    assert_eq!(
        (line, message.as_str()),
        (3, "with this, every built-in check is off")
    );
}

#[test]
fn the_nearest_file_wins_over_the_users_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("repo");
    fs::create_dir_all(root.join("a/b")).expect("folders");
    let user = dir.path().join("user.toml");
    let write = |path: &Path, text: &str| fs::write(path, text).expect("written");
    write(
        &user,
        "[scan]\nexclude = ['u/**']\nfail-on = 'low'\nconfidence = 'high'\n[checks.x]\noff = true\nseverity = 'low'",
    );
    write(&root.join("keyward.toml"), "[scan]\nconfidence = 'low'");
    write(
        &root.join("a/.keyward.toml"),
        "[scan]\nexclude = ['r/**']\nfail-on = 'high'\n[checks.x]\noff = false",
    );
    let b = root.join("a/b");
    let wanted = Wanted {
        start: &b,
        root: &root,
        file: None,
        user: Some(&user),
        no_repo: false,
    };
    let config = Config::load(&wanted).expect("valid files");
    assert_eq!(config.files, [user.clone(), root.join("a/.keyward.toml")]);
    assert!(config.excludes(b"u/1") && config.excludes(b"a/r/1"));
    assert!(!config.excludes(b"r/1"));
    assert_eq!(
        config.fail_on.as_ref().map(|s| s.value),
        Some(Severity::High)
    );
    assert_eq!(
        config.confidence.as_ref().map(|s| s.value),
        Some(Confidence::High)
    );
    assert!(!config.checks[0].off());
    assert_eq!(config.checks[0].severity(), Some(Severity::Low));

    let distrusted = Config::load(&Wanted {
        no_repo: true,
        ..wanted
    })
    .expect("valid");
    assert_eq!(distrusted.files, std::slice::from_ref(&user));
    let named = Config::load(&Wanted {
        file: Some(&root.join("keyward.toml")),
        ..wanted
    });
    assert_eq!(
        named.expect("valid").files,
        [user.clone(), root.join("keyward.toml")]
    );
    let roundabout = root.join("a/b/../b/.");
    let config = Config::load(&Wanted {
        start: &roundabout,
        user: None,
        ..wanted
    });
    assert_eq!(config.expect("valid").files, [root.join("a/.keyward.toml")]);
    let elsewhere = Wanted {
        start: dir.path(),
        user: None,
        ..wanted
    };
    assert_eq!(
        Config::load(&elsewhere).expect("valid").files,
        [root.join("keyward.toml")]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path();
    let wanted = Wanted {
        start: root,
        root,
        file: None,
        user: None,
        no_repo: false,
    };
    fs::create_dir(root.join("keyward.toml")).expect("a folder");
    assert!(matches!(Config::load(&wanted), Err(Error::Read { .. })));
    fs::remove_dir(root.join("keyward.toml")).expect("removed");
    fs::write(root.join("keyward.toml"), b"# a\n\xff").expect("written");
    let (line, message, _) = fault(Config::load(&wanted));
    assert_eq!((line, message.as_str()), (2, "this is not UTF-8"));
    let missing = root.join("none.toml");
    let named = Wanted {
        file: Some(&missing),
        ..wanted
    };
    assert!(matches!(Config::load(&named), Err(Error::Read { .. })));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn nor_is_anything_near_the_real_shape(
        lines in prop::collection::vec(
            "(\\[{1,2}(scan|checks\\.[a*]|allow|check|rule)\\]{1,2}|(exclude|ids|paths|reason|until|off|fingerprints|severity|accept) ?= ?(\\['[a-z*\\[{!/]*'\\]|'[a-zé]*'|true|[0-9-]{1,10}))",
            0..8,
        )
    ) {
        let text = lines.join("\n");
        if let Err(Error::Config { line, message, hint, .. }) = parse(&text) {
            prop_assert!(line >= 1 && line <= text.lines().count().max(1));
            prop_assert!(!message.is_empty() && !hint.is_empty());
        }
    }
}
