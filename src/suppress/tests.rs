use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::inline::{self, Mark, Marks};
use super::*;
use crate::config::Wanted;
use crate::model::{
    Check, Confidence, Contexts, Error, Excerpt, Fingerprint, Identity, NoticeKind, Origin,
    RelPath, Severity, Span,
};
use crate::text::{LineColumn, Window};

const TODAY: Date = date(2027, 2, 1);

fn place(id: &str, path: &str, fingerprint: u8) -> Place {
    let check = Check {
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
        was: vec!["old-id".to_owned()],
    };
    Place {
        check: Arc::new(check),
        severity: Severity::High,
        confidence: Confidence::High,
        contexts: Contexts::default(),
        path: path.into(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 2,
        excerpt: Excerpt::default(),
        origin: Origin::Worktree,
        also: vec!["also-id".to_owned()],
        details: Vec::new(),
        related: Vec::new(),
        fixes: Vec::new(),
        past: None,
        fingerprint: Fingerprint([fingerprint; 16]),
        identity: Identity(0),
        suppression: None,
        steps: Vec::new(),
    }
}

fn config(text: &str) -> Config {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("keyward.toml"), text).expect("written");
    let root = dir.path();
    Config::load(&Wanted {
        start: root,
        root,
        file: None,
        user: None,
        no_repo: false,
    })
    .expect("a valid file")
}

fn suppressor(config: &Config, baseline: Baseline, today: Date) -> Suppressor {
    Suppressor {
        allows: Allows::new(config, today),
        baseline,
    }
}

fn told(notices: &[Notice]) -> Vec<String> {
    notices.iter().map(ToString::to_string).collect()
}

/// `@allow` as keyward's own mark: written out, a scan of this file would tell of each that it is of no use.
fn marked(text: &str) -> String {
    text.replace("@allow", concat!("keyward", ":allow"))
}

fn inline_reason(text: &str, ids: &[&str]) -> Option<String> {
    let text = marked(text);
    let start = text.find("HIT").expect("a hit");
    match Marks::of(text.as_bytes()).suppression(Span::new(start, start + 3), ids)? {
        Suppression::Inline { reason } => Some(reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mark_counts_on_its_line_and_alone_on_the_one_above() {
    for text in [
        "HIT # @allow a-b made up",
        "HIT // @allow a-b: made up",
        "HIT /* @allow a-b made up */ more",
        "x\n# @allow a-b made up\nHIT\n",
        "x\r\n  <!-- @allow a-b -- made up -->\r\nHIT\r\n",
        "{/* @allow c, a-b made up */}\nHIT",
        "{{!-- @allow c,a-b made up --}}\nHIT",
        "<%# @allow a-b made up %>\nHIT",
        " * @allow a-b made up\nHIT",
        "x -- @allow q no\n-- @allow a-b made up\nHIT",
    ] {
        let reason = inline_reason(text, &["other", "a-b"]);
        assert!(
            reason.as_deref().is_some_and(|r| r.starts_with("made up")),
            "{text}: {reason:?}"
        );
    }
}

#[test]
fn a_mark_that_is_not_meant_does_not_count() {
    for text in [
        "HIT @allow a-b in no comment",
        "HIT # @allow a-b",
        "HIT # @allow a-b -- */",
        "HIT # @allow other reason",
        "HIT # @allow",
        "HIT # @allow * all of it",
        "HIT # @allow-next-line a-b reason",
        "HIT # @allowed a-b reason",
        "x = 1 # @allow a-b behind code of the line above\nHIT",
        "# @allow a-b two above\n\nHIT",
        "HIT\n# @allow a-b below\n",
        "HIT\nx # pragma: allowlist nextline secret",
        "x # gitleaks:allow\nHIT",
    ] {
        assert_eq!(inline_reason(text, &["a-b"]), None, "{text}");
    }
}

#[test]
fn marks_of_others_count_as_they_are() {
    for mark in [
        "gitleaks:allow",
        "betterleaks:allow",
        "trufflehog:ignore",
        "kingfisher:ignore",
        "pragma: allowlist secret",
        "secretlint-disable-line",
    ] {
        let reason = inline_reason(&format!("HIT  # {mark}"), &["a"]);
        assert_eq!(reason, Some(format!("marked `{mark}`")));
        let below = inline_reason(&format!("x  # {mark}\nHIT"), &["a"]);
        assert_eq!(below, None, "{mark}");
    }
    for mark in [
        "pragma: allowlist nextline secret",
        "secretlint-disable-next-line",
    ] {
        let reason = inline_reason(&format!("# {mark}\nHIT"), &["a"]);
        assert_eq!(reason, Some(format!("marked `{mark}`")));
        assert_eq!(inline_reason(&format!("HIT # {mark}"), &["a"]), None);
    }
    let all = "// secretlint-disable\nHIT";
    assert_eq!(
        inline_reason(all, &["a"]),
        None,
        "it would hide a whole file"
    );
}

#[test]
fn a_reason_does_not_repeat_the_value() {
    let reason = inline_reason("HIT # @allow a HIT is dead", &["a"]);
    assert_eq!(reason.as_deref(), Some("•••••••• is dead"));
}

#[test]
fn of_many_lines_the_first_and_the_last_count() {
    let span = |text: &str| Span::new(0, text.find("END").expect("an end") + 3);
    for (text, accepted) in [
        ("BEGIN # gitleaks:allow\nx\nEND", true),
        ("BEGIN\nx\nEND # gitleaks:allow", true),
        ("BEGIN\nx # gitleaks:allow\nEND", false),
    ] {
        let suppression = Marks::of(text.as_bytes()).suppression(span(text), &["a"]);
        assert_eq!(suppression.is_some(), accepted, "{text}");
    }
}

#[test]
fn marks_of_no_use_are_told() {
    let text = marked(
        "# @allow a used\nHIT\n# @allow b unused\nx\nHIT # @allow a\nHIT # @allow\n# @allow\n",
    );
    let marks: Vec<_> = Marks::of(text.as_bytes()).own().collect();
    let lines: Vec<_> = marks
        .iter()
        .map(|m| (m.line, m.alone, m.reason.as_deref()))
        .collect();
    assert_eq!(
        lines,
        [
            (1, true, Some("used")),
            (3, true, Some("unused")),
            (5, false, None),
            (6, false, None),
            (7, true, None)
        ]
    );
    let Mark { span, ids, .. } = &marks[1];
    assert_eq!(
        (&text[span.range()], ids.as_slice()),
        ("keyward:allow b unused", &["b".to_owned()][..])
    );
    let window = |text, line, whole| Window {
        text,
        first: LineColumn { line, column: 1 },
        from: 0,
        to: text.len(),
        whole,
    };
    let at = |line| Place {
        line,
        end_line: line,
        ..place("a", "p", 1)
    };
    let path = RelPath::from("p");
    let places = [at(2), at(5), at(6)];
    let told_of = |whole| {
        told(&inline::notices(
            &path,
            &window(text.as_bytes(), 1, true),
            &Marks::of(text.as_bytes()),
            &places,
            whole,
            &[],
        ))
    };
    let unused = "p: line 3: keyward:allow b suppresses nothing: remove it, or mend what it names";
    let others = [
        "p: line 5: keyward:allow a gives no reason and is not honoured: say why behind it",
        "p: line 6: keyward:allow names no check and is not honoured: write keyward:allow a REASON",
    ];
    assert_eq!(told_of(true), [&[unused][..], &others].concat());
    assert_eq!(told_of(false), others);

    let text = marked("# @allow b why\nx\n# @allow b why\n");
    let notices = inline::notices(
        &path,
        &window(text.as_bytes(), 11, false),
        &Marks::of(text.as_bytes()),
        &places,
        true,
        &[],
    );
    assert_eq!(told(&notices), [unused.replace("line 3", "line 11")]);
}

#[test]
fn an_allow_needs_all_that_it_names() {
    let config = config(
        "[[allow]]\nids = ['a']\npaths = ['t/**']\nreason = 'both'\n[[allow]]\nfingerprints = ['07070707070707070707070707070707']\nreason = 'one'\n[[allow]]\nids = ['old-id']\npaths = ['o/**']\nreason = 'old'\n[[allow]]\nids = ['also-id']\npaths = ['m/**']\nreason = 'merged'",
    );
    let allows = Allows::new(&config, TODAY);
    let reason = |id, path, fingerprint| match allows.suppression(&place(id, path, fingerprint)) {
        Some(Suppression::Allow { reason }) => Some(reason),
        _ => None,
    };
    assert_eq!(reason("a", "t/x", 1).as_deref(), Some("both"));
    assert_eq!(reason("a", "s/x", 1), None);
    assert_eq!(reason("b", "t/x", 1), None);
    assert_eq!(reason("b", "x", 7).as_deref(), Some("one"));
    assert_eq!(reason("b", "o/x", 1).as_deref(), Some("old"));
    assert_eq!(
        told(&allows.unused()),
        [
            "keyward.toml: line 12: this [[allow]] suppresses nothing: remove it, or mend what it names"
        ]
    );
    assert_eq!(reason("b", "m/x", 1).as_deref(), Some("merged"));
    assert!(allows.unused().is_empty());
}

#[test]
fn an_allow_ends_with_its_day() {
    let config = config("[[allow]]\nids = ['a']\nuntil = 2027-01-31\nreason = 'for now'");
    let last = suppressor(&config, Baseline::default(), date(2027, 1, 31));
    assert!(last.suppression(&place("a", "x", 1)).is_some() && last.notices(true).is_empty());
    let after = suppressor(&config, Baseline::default(), TODAY);
    assert_eq!(after.suppression(&place("a", "x", 1)), None);
    let notices = after.notices(false);
    assert_eq!(notices[0].kind, NoticeKind::ExpiredIgnore);
    assert_eq!(
        told(&notices),
        [
            "keyward.toml: line 1: this [[allow]] held until 2027-01-31 and suppresses nothing any more: mend what it accepts, or give it a new date"
        ]
    );
}

#[test]
fn a_baseline_comes_back_as_it_was_written() {
    let lines: BTreeSet<Line> = [(9, "b"), (1, "a"), (9, "b")]
        .map(|(fingerprint, id)| Line::of(&place(id, "x", fingerprint)))
        .into();
    let text = Baseline::text(&lines);
    assert!(text.starts_with("# ") && text.ends_with(&format!("{} b\n", "09".repeat(16))));
    let path = Path::new("base");
    // Merged by union, saved by an editor that ends lines otherwise.
    let merged = format!("\u{feff}{text}{text}").replace('\n', "\r\n");
    let baseline = Baseline::parse(path, "base", &merged).expect("a baseline");
    assert_eq!(baseline.lines(), lines);
    let suppressor = suppressor(&Config::default(), baseline, TODAY);
    let moved = place("renamed-check", "elsewhere", 9);
    assert_eq!(suppressor.suppression(&moved), Some(Suppression::Baseline));
    assert_eq!(suppressor.suppression(&place("a", "x", 2)), None);
    assert_eq!(
        told(&suppressor.notices(true)),
        [
            "base: 1 line suppresses nothing any more: `keyward baseline prune` drops what is of no use"
        ]
    );
    assert!(suppressor.notices(false).is_empty());
}

#[test]
fn an_allow_goes_before_the_baseline() {
    let config = config("[[allow]]\nids = ['a']\nreason = 'known'");
    let lines = BTreeSet::from([Line::of(&place("a", "x", 1))]);
    let baseline = Baseline::parse(Path::new("b"), "b", &Baseline::text(&lines)).expect("valid");
    let suppressor = suppressor(&config, baseline, TODAY);
    let reason = "known".to_owned();
    assert_eq!(
        suppressor.suppression(&place("a", "x", 1)),
        Some(Suppression::Allow { reason })
    );
    assert_eq!(suppressor.notices(true).len(), 1);
}

#[test]
fn what_is_no_baseline_is_an_error_with_its_line() {
    let good = format!("{} a\n", "0a".repeat(16));
    for (bad, says) in [
        ("<<<<<<< HEAD", "a merge conflict was left in the baseline"),
        ("{\"findings\": []}", "this is no line of a baseline"),
        ("0a0b a", "this is no line of a baseline"),
    ] {
        let text = format!("# header\n{good}\n{bad}\n");
        match Baseline::parse(Path::new("b"), "b", &text) {
            Err(Error::Config {
                line: 4, message, ..
            }) => assert_eq!(message, says),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_baseline_is_looked_for_where_it_was_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path();
    let nothing = Config::default();
    let usual = Baseline::find(None, &nothing, root, true).expect("may be absent");
    assert!(usual.path() == root.join(".keyward-baseline") && usual.unused().is_none());
    let distrusted = Baseline::find(None, &nothing, root, false).expect("none");
    assert_eq!(distrusted.path(), usual.path());
    let line = format!("{} a\n", "0a".repeat(16));
    fs::write(usual.path(), &line).expect("written");
    let lines = |trusted| {
        Baseline::find(None, &nothing, root, trusted)
            .expect("valid")
            .lines()
    };
    assert_eq!((lines(true).len(), lines(false).len()), (1, 0));
    let named = Baseline::find(Some(Path::new("/no/such")), &nothing, root, true);
    assert!(matches!(named, Err(Error::Read { .. })));
    fs::write(root.join("keyward.toml"), "\n[scan]\nbaseline = 'b'").expect("written");
    let wanted = Wanted {
        start: root,
        root,
        file: None,
        user: None,
        no_repo: false,
    };
    let said = Config::load(&wanted).expect("valid");
    let absent = Baseline::find(None, &said, root, true).expect("may be absent");
    assert_eq!(
        absent.unused().map(|n| n.to_string()).as_deref(),
        Some("keyward.toml: line 3: there is no baseline b: `keyward baseline write` makes it")
    );
    fs::write(root.join("b"), line).expect("written");
    let found = Baseline::find(None, &said, root, true).expect("valid");
    assert_eq!(found.lines().len(), 1);
}

proptest! {
    #[test]
    fn no_text_is_too_strange(
        text in "(\\PC|\n|# @allow|,| a|pragma: allowlist secret|\\*/){0,40}",
        start in 0usize..90,
        len in 0usize..90,
    ) {
        let text = marked(&text);
        let _ = Marks::of(text.as_bytes()).suppression(Span::new(start, start + len), &["a"]);
        for mark in Marks::of(text.as_bytes()).own() {
            prop_assert!(mark.span.start < mark.span.end && mark.span.end <= text.len());
            prop_assert!(mark.line >= 1 && mark.line <= text.lines().count());
        }
        let _ = Baseline::parse(Path::new("b"), "b", &text);
    }
}
