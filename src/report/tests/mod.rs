//! Small reports made by hand, and what holds for every format.

mod json;
mod sarif;
mod text;

use std::io;
use std::sync::Arc;

use super::*;
use crate::model::{
    Check, Confidence, Contexts, Error, Excerpt, Finding, Fingerprint, Identity, Notice,
    NoticeKind, Origin, Place, RelPath, Stats, Suppression,
};
use jiff::civil::Date;

fn check(id: &str) -> Arc<Check> {
    let (title, why, fix) = match id {
        "secret-header-in-client" => (
            "secret header sent from browser code",
            "whatever the browser sends, every visitor can read",
            "call a route of your own server, which adds the header from its environment",
        ),
        "cookie-missing-httponly" => (
            "session cookie that scripts can read",
            "one injected script is enough to take over every session",
            "set httpOnly: true",
        ),
        _ => (
            "GitHub personal access token",
            "whoever holds it can push to every repository that its owner can",
            "revoke it under Settings > Developer settings, and read the new one from the environment",
        ),
    };
    Arc::new(Check {
        id: id.to_owned(),
        title: title.to_owned(),
        why: why.to_owned(),
        fix: fix.to_owned(),
        links: vec!["https://docs.example.com/tokens?kind=all#revoke".to_owned()],
        family: "hardcoded-credential".to_owned(),
        client_safe: false,
        also: Vec::new(),
        kinds: Vec::new(),
        untracked: None,
        leads: false,
        private: false,
        was: Vec::new(),
    })
}

/// A place that shows `excerpt`, where `[` and `]` stand around the fault.
fn place(check: &Arc<Check>, severity: Severity, path: &str, line: usize, excerpt: &str) -> Place {
    let (before, rest) = excerpt.split_once('[').expect("a fault begins");
    let (fault, after) = rest.split_once(']').expect("a fault ends");
    let (caret, width) = (before.chars().count(), fault.chars().count());
    Place {
        check: Arc::clone(check),
        severity,
        confidence: Confidence::High,
        contexts: Contexts::default(),
        path: RelPath::from(path),
        line,
        column: caret + 1,
        end_line: line,
        end_column: caret + 1 + width,
        excerpt: Excerpt {
            text: format!("{before}{fault}{after}"),
            caret,
            width,
        },
        origin: Origin::Worktree,
        also: vec!["hardcoded-credential".to_owned()],
        details: Vec::new(),
        related: Vec::new(),
        fixes: Vec::new(),
        past: None,
        fingerprint: Fingerprint([0xab; 16]),
        identity: Identity(1),
        suppression: None,
        steps: Vec::new(),
    }
}

/// What the grouping of a scan makes of places that show one value.
fn finding(places: Vec<Place>) -> Finding {
    let worst = places[0].clone();
    Finding {
        check: worst.check,
        severity: worst.severity,
        confidence: worst.confidence,
        contexts: worst.contexts,
        also: worst.also,
        details: worst.details,
        fingerprint: worst.fingerprint,
        places,
    }
}

fn header() -> Place {
    place(
        &check("secret-header-in-client"),
        Severity::Critical,
        "web/src/session.jsx",
        5,
        r#"  headers: { "x-api-key": ["9f2c••••••••"] }"#,
    )
}

fn token(path: &str, line: usize) -> Place {
    place(
        &check("github-pat"),
        Severity::High,
        path,
        line,
        r#"const token = ["ghp_••••••••"];"#,
    )
}

fn cookie(path: &str, line: usize) -> Place {
    place(
        &check("cookie-missing-httponly"),
        Severity::Medium,
        path,
        line,
        r#"res.[cookie("sid", id)];"#,
    )
}

fn allowed(suppression: Suppression) -> Finding {
    let mut place = token("scripts/seed.ts", 8);
    place.suppression = Some(suppression);
    finding(vec![place])
}

fn report(findings: Vec<Finding>) -> Report {
    Report {
        findings,
        suppressed: Vec::new(),
        notices: Vec::new(),
        stats: Stats {
            files: 1216,
            bytes: 48_213_007,
            ..Stats::default()
        },
        today: Date::constant(2026, 11, 23),
    }
}

/// A report in which every part of every format has something to say, and something to steer a terminal with.
fn hostile() -> Report {
    let mut place = token("a b/\u{1b}[31m\u{7f}\u{9b}2J\u{202e}é:[x].js", 3);
    place.excerpt.text = "\u{1b}]0;x\u{7}\u{9b}31m \u{202e} ghp_••••••••".to_owned();
    place.details = vec![("account", "\u{1b}[8m\u{202e}me".to_owned())];
    let mut muted = place.clone();
    muted.suppression = Some(Suppression::Inline {
        reason: "\u{1b}[0m\u{9b}\u{7f}why".to_owned(),
    });
    Report {
        suppressed: vec![finding(vec![muted])],
        notices: vec![
            Notice::at(
                NoticeKind::Unreadable,
                RelPath::new(&b"b/\xff\x1b[2J%"[..]),
                "could not be read: \u{1b}[31mdenied",
            ),
            Notice::new(NoticeKind::UnusedIgnore, "\u{9b}31m suppressed nothing"),
            Notice::at(NoticeKind::Binary, "\u{1b}c.png".into(), "binary\u{7f}"),
        ],
        ..report(vec![finding(vec![place])])
    }
}

fn everything() -> Style<'static> {
    Style {
        show_suppressed: true,
        show_skipped: true,
        ..Style::plain()
    }
}

fn written(format: Format, report: &Report, style: &Style<'_>) -> String {
    let mut out = Vec::new();
    write(format, report, style, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn formats_are_known_by_their_words() {
    for &format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    assert_eq!(
        "xml".parse::<Format>().expect_err("unknown"),
        "not one of text, json, jsonl, sarif, github, gitlab, junit, markdown"
    );
}

#[test]
fn no_format_lets_a_terminal_be_steered() {
    for &format in Format::ALL {
        let text = written(format, &hostile(), &everything());
        let bad: Vec<_> = text
            .chars()
            .filter(|&c| c != '\n' && is_unsafe(c))
            .collect();
        assert!(bad.is_empty(), "{format}: {bad:?}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for &format in Format::ALL {
        let once = written(format, &hostile(), &everything());
        assert_eq!(once, written(format, &hostile(), &everything()));
        assert!(once.ends_with('\n'), "{format}");
    }
}

/// Takes some bytes, then refuses; or takes all, and refuses to flush.
struct Full {
    room: usize,
}

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        match taken {
            0 => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_writer_that_refuses_is_an_error() {
    for &format in Format::ALL {
        for (room, expected) in [
            (0, io::ErrorKind::StorageFull),
            (60, io::ErrorKind::StorageFull),
            (usize::MAX, io::ErrorKind::BrokenPipe),
        ] {
            match write(format, &hostile(), &everything(), &mut Full { room }) {
                Err(Error::Write(e)) => assert_eq!(e.kind(), expected, "{format}"),
                other => panic!("{format}: {other:?}"),
            }
        }
    }
}
