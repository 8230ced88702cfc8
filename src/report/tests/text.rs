//! What people read, whole.

use insta::assert_snapshot;

use super::*;
use crate::model::Context;

fn text(report: &Report) -> String {
    written(Format::Text, report, &Style::plain())
}

#[test]
fn one_finding() {
    assert_snapshot!(text(&report(vec![finding(vec![header()])])), @r#"
    web/src/session.jsx:5:27: critical: secret header sent from browser code [secret-header-in-client]
        5 |   headers: { "x-api-key": "9f2c••••••••" }
          |                           ^^^^^^^^^^^^^^
      why: whatever the browser sends, every visitor can read
      fix: call a route of your own server, which adds the header from its environment
      more: keyward explain secret-header-in-client

    1 finding: 1 critical · 1,216 files, 48 MB
    "#);
}

#[test]
fn a_check_explains_itself_once() {
    let report = report(vec![
        finding(vec![header(), token("src/users.js", 4)]),
        finding(vec![cookie("api/login.ts", 31)]),
        finding(vec![
            cookie("api/logout.ts", 7),
            cookie("api/refresh.ts", 12),
        ]),
        finding(vec![cookie("api/signup.ts", 104_233)]),
    ]);
    assert_snapshot!(text(&report), @r#"
    web/src/session.jsx:5:27: critical: secret header sent from browser code [secret-header-in-client]
        5 |   headers: { "x-api-key": "9f2c••••••••" }
          |                           ^^^^^^^^^^^^^^
      why: whatever the browser sends, every visitor can read
      fix: call a route of your own server, which adds the header from its environment
      more: keyward explain secret-header-in-client · also at src/users.js:4

    api/login.ts:31:5: medium: session cookie that scripts can read [cookie-missing-httponly]
       31 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      why: one injected script is enough to take over every session
      fix: set httpOnly: true
      more: keyward explain cookie-missing-httponly

    api/logout.ts:7:5: medium: session cookie that scripts can read [cookie-missing-httponly]
        7 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      more: also at api/refresh.ts:12

    api/signup.ts:104233:5: medium: session cookie that scripts can read [cookie-missing-httponly]
    104233 | res.cookie("sid", id);
           |     ^^^^^^^^^^^^^^^^^

    4 findings: 1 critical, 3 medium · 1,216 files, 48 MB
    "#);
}

#[test]
fn twenty_places_are_listed_and_more_are_counted() {
    let places = |n| (1..=n).map(|i| cookie(&format!("api/{i}.ts"), i)).collect();
    assert_snapshot!(text(&report(vec![finding(places(20)), finding(places(21))])), @r#"
    api/1.ts:1:5: medium: session cookie that scripts can read [cookie-missing-httponly]
        1 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      why: one injected script is enough to take over every session
      fix: set httpOnly: true
      more: keyward explain cookie-missing-httponly · also at api/2.ts:2, api/3.ts:3, api/4.ts:4, api/5.ts:5, api/6.ts:6, api/7.ts:7, api/8.ts:8, api/9.ts:9, api/10.ts:10, api/11.ts:11, api/12.ts:12, api/13.ts:13, api/14.ts:14, api/15.ts:15, api/16.ts:16, api/17.ts:17, api/18.ts:18, api/19.ts:19, api/20.ts:20

    api/1.ts:1:5: medium: session cookie that scripts can read [cookie-missing-httponly]
        1 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      more: also at api/2.ts:2, api/3.ts:3, api/4.ts:4, api/5.ts:5, api/6.ts:6, and 15 more (--format json lists them)

    2 findings: 2 medium · 1,216 files, 48 MB
    "#);
}

#[test]
fn what_weighs_on_a_finding_is_said_in_words() {
    let mut place = token("tests/billing.test.ts", 12);
    place.severity = Severity::Medium;
    place.confidence = Confidence::Medium;
    place.contexts = [Context::Test, Context::Comment].into_iter().collect();
    place.details = vec![
        ("account", "acme-bot".to_owned()),
        ("expires", "2027-01-31".to_owned()),
    ];
    place.also.push("secret-in-config".to_owned());
    assert_snapshot!(text(&report(vec![finding(vec![place])])), @r#"
    tests/billing.test.ts:12:15: medium: GitHub personal access token (account acme-bot, expires 2027-01-31) [github-pat]
       12 | const token = "ghp_••••••••";
          |               ^^^^^^^^^^^^^^
      why: whoever holds it can push to every repository that its owner can
      fix: revoke it under Settings > Developer settings, and read the new one from the environment
      more: keyward explain github-pat · in test code, in a comment · medium confidence · also: secret-in-config

    1 finding: 1 medium · 1,216 files, 48 MB
    "#);
}

#[test]
fn suppressed_findings_are_counted_and_listed_on_request() {
    let report = Report {
        suppressed: vec![
            allowed(Suppression::Inline {
                reason: "sandbox key, rotated weekly".to_owned(),
            }),
            allowed(Suppression::Inline {
                reason: String::new(),
            }),
            allowed(Suppression::Allow {
                reason: "published by the vendor".to_owned(),
            }),
            allowed(Suppression::Baseline),
        ],
        ..report(vec![finding(vec![cookie("api/login.ts", 31)])])
    };
    assert_snapshot!(text(&report), @r#"
    api/login.ts:31:5: medium: session cookie that scripts can read [cookie-missing-httponly]
       31 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      why: one injected script is enough to take over every session
      fix: set httpOnly: true
      more: keyward explain cookie-missing-httponly

    1 finding: 1 medium · 4 allowed · 1,216 files, 48 MB
    "#);
    assert_snapshot!(written(Format::Text, &report, &everything()), @r#"
    api/login.ts:31:5: medium: session cookie that scripts can read [cookie-missing-httponly]
       31 | res.cookie("sid", id);
          |     ^^^^^^^^^^^^^^^^^
      why: one injected script is enough to take over every session
      fix: set httpOnly: true
      more: keyward explain cookie-missing-httponly

    scripts/seed.ts:8:15: allowed (high): GitHub personal access token [github-pat]
      reason: comment in the file: sandbox key, rotated weekly
    scripts/seed.ts:8:15: allowed (high): GitHub personal access token [github-pat]
      reason: comment in the file, with no reason given
    scripts/seed.ts:8:15: allowed (high): GitHub personal access token [github-pat]
      reason: allow entry: published by the vendor
    scripts/seed.ts:8:15: allowed (high): GitHub personal access token [github-pat]
      reason: in the baseline

    1 finding: 1 medium · 4 allowed · 1,216 files, 48 MB
    "#);
}

#[test]
fn what_was_not_read_is_never_called_clean() {
    let mut report = Report {
        notices: vec![
            Notice::at(
                NoticeKind::Unreadable,
                "config/prod.env".into(),
                "could not be read: permission denied",
            ),
            Notice::at(NoticeKind::Missing, "srv".into(), "does not exist"),
            Notice::at(
                NoticeKind::Binary,
                "logo.png".into(),
                "binary file, passed over",
            ),
            Notice::at(
                NoticeKind::UnusedIgnore,
                "keyward.toml".into(),
                "the allow entry for github-pat suppressed nothing: remove it",
            ),
        ],
        ..report(Vec::new())
    };
    report.stats.skipped = 1;
    assert_snapshot!(text(&report), @"
    config/prod.env: could not be read: permission denied
    srv: does not exist
    keyward.toml: the allow entry for github-pat suppressed nothing: remove it

    no findings · incomplete: 2 things could not be read · 1,216 files, 48 MB · 1 skipped (--show-skipped)
    ");
    assert_snapshot!(written(Format::Text, &report, &everything()), @"
    config/prod.env: could not be read: permission denied
    srv: does not exist
    keyward.toml: the allow entry for github-pat suppressed nothing: remove it
    logo.png: binary file, passed over

    no findings · incomplete: 2 things could not be read · 1,216 files, 48 MB · 1 skipped
    ");
}

#[test]
fn nothing_found() {
    let mut report = report(Vec::new());
    report.stats = Stats {
        files: 1,
        bytes: 812,
        skipped: 2,
        excluded: 1340,
        hidden: 3,
        ..Stats::default()
    };
    assert_snapshot!(text(&report), @"no findings · 1 file, 812 B · 2 skipped (--show-skipped) · 1,340 excluded · 3 hidden (--pedantic, --confidence low)");

    report.stats = Stats::default();
    report.notices = vec![Notice::new(
        NoticeKind::NothingStaged,
        "nothing is staged: `git add` first",
    )];
    assert_snapshot!(text(&report), @"
    nothing is staged: `git add` first

    no findings · 0 files
    ");
}

#[test]
fn quiet_writes_findings_alone() {
    let quiet = Style {
        summary: false,
        ..Style::plain()
    };
    assert_snapshot!(written(Format::Text, &report(vec![finding(vec![header()])]), &quiet), @r#"
    web/src/session.jsx:5:27: critical: secret header sent from browser code [secret-header-in-client]
        5 |   headers: { "x-api-key": "9f2c••••••••" }
          |                           ^^^^^^^^^^^^^^
      why: whatever the browser sends, every visitor can read
      fix: call a route of your own server, which adds the header from its environment
      more: keyward explain secret-header-in-client
    "#);
    assert_snapshot!(written(Format::Text, &report(Vec::new()), &quiet), @"");
}

#[test]
fn a_narrow_terminal_wraps_words_and_keeps_the_fault_in_sight() {
    let mut place = place(
        &check("secret-header-in-client"),
        Severity::Critical,
        "web/src/session.jsx",
        5,
        r#"  const answer = await fetch("/api/users", { method: "POST", headers: { "x-api-key": ["9f2c••••••••"] } })"#,
    );
    place.contexts = Contexts::default().with(Context::Client);
    let narrow = Style {
        width: 60,
        ..Style::plain()
    };
    let report = report(vec![finding(vec![place, token("src/users.js", 4)])]);
    let text = written(Format::Text, &report, &narrow);
    assert_snapshot!(text, @r#"
    web/src/session.jsx:5:86: critical: secret header sent from browser code
        [secret-header-in-client]
        5 | …"POST", headers: { "x-api-key": "9f2c••••••••" } })
          |                                  ^^^^^^^^^^^^^^
      why: whatever the browser sends, every visitor can read
      fix: call a route of your own server, which adds the
           header from its environment
      more: keyward explain secret-header-in-client · in code
            that reaches the browser · also at src/users.js:4

    1 finding: 1 critical · 1,216 files, 48 MB
    "#);
    let narrow = Style {
        width: 30,
        ..narrow
    };
    let text = written(Format::Text, &report, &narrow);
    assert!(
        text.ends_with("\n1 finding: 1 critical\n  1,216 files, 48 MB\n"),
        "{text}"
    );
}

#[test]
fn an_excerpt_is_cut_at_every_width_without_losing_the_fault() {
    for before in [0, 1, 30, 140] {
        for fault in [1, 12, 200] {
            for after in [0, 1, 100] {
                let line = format!(
                    "{}[{}]{}",
                    "b".repeat(before),
                    "F".repeat(fault),
                    "a".repeat(after)
                );
                let place = place(&check("github-pat"), Severity::High, "a", 1, &line);
                let report = report(vec![finding(vec![place])]);
                for width in 28..120 {
                    let style = Style {
                        width,
                        ..Style::plain()
                    };
                    let text = written(Format::Text, &report, &style);
                    let lines = text.lines().skip_while(|line| !line.contains(" |"));
                    let lines: Vec<_> = lines.take(2).collect();
                    assert!(
                        lines.iter().all(|l| l.chars().count() <= width),
                        "{width}: {lines:#?}"
                    );
                    let under: String = lines[0]
                        .chars()
                        .zip(lines[1].chars())
                        .filter(|&(_, c)| c == '^')
                        .map(|(f, _)| f)
                        .collect();
                    assert!(under.starts_with('F'), "{width}: {lines:#?}");
                    assert!(
                        under.trim_end_matches('…').chars().all(|c| c == 'F'),
                        "{width}: {lines:#?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_caret_beyond_its_excerpt_is_no_panic() {
    let mut place = token("a", 1);
    place.excerpt.caret = 500;
    let style = Style {
        width: 30,
        ..Style::plain()
    };
    let text = written(Format::Text, &report(vec![finding(vec![place])]), &style);
    assert!(text.contains("ghp_"), "{text}");
}

#[test]
fn wide_letters_are_underlined_where_they_stand() {
    let place = place(
        &check("github-pat"),
        Severity::High,
        "a",
        1,
        "密码 = [ghp_••••]; 密",
    );
    let text = text(&report(vec![finding(vec![place])]));
    let under = text.lines().nth(2).expect("a line under it");
    assert_eq!(under, "      |        ^^^^^^^^");
}

#[test]
fn a_terminal_gets_notices_on_lines_and_commands_on_one() {
    let mut place = token("src/users.js", 4);
    place.fixes = vec![crate::model::Fix::Append {
        path: ".gitignore".into(),
        lines: vec![".env.production.local.and.more".to_owned(); 3],
    }];
    let report = Report {
        notices: vec![Notice::at(
            NoticeKind::Unreadable,
            RelPath::from("a/b.txt"),
            "could not be read to its end: the disk that it is on went away",
        )],
        ..report(vec![finding(vec![place])])
    };
    let narrow = Style {
        width: 40,
        ..Style::plain()
    };
    let text = written(Format::Text, &report, &narrow);
    let wrapped = "a/b.txt: could not be read to its end:\n  the disk that it is on went away\n";
    assert!(text.contains(wrapped), "{text}");
    let command = text.lines().find(|line| line.starts_with("  run: "));
    let command = command.expect("a command");
    assert!(command.ends_with(".gitignore"), "{text}");
    assert!(command.chars().count() > 40, "{text}");
}

#[test]
fn links_lead_to_files_that_are_there_and_to_checks() {
    let link = |target: Target<'_>, text: &str| match target {
        Target::File(path) => format!("<{path}|{text}>"),
        Target::Check(check) => format!("<{}|{text}>", check.links[0]),
    };
    let style = Style {
        link: &link,
        ..Style::plain()
    };
    let mut gone = token("old.js", 3);
    gone.origin = Origin::History;
    let report = report(vec![finding(vec![token("new.js", 4)]), finding(vec![gone])]);
    let text = written(Format::Text, &report, &style);
    let page = "https://docs.example.com/tokens?kind=all#revoke";
    assert!(text.contains("<new.js|new.js:4:15>: high: "), "{text}");
    assert!(
        text.contains(&format!("token <{page}|[github-pat]>\n")),
        "{text}"
    );
    assert!(text.contains("\nold.js:3:15: high: "), "{text}");
}

#[test]
fn colour_is_asked_for_by_role_and_changes_nothing_else() {
    let paint = |role: Role, text: &str| format!("<{role:?}>{text}</>");
    let style = Style {
        paint: &paint,
        ..Style::plain()
    };
    let report = report(vec![finding(vec![header()])]);
    let painted = written(Format::Text, &report, &style);
    assert_snapshot!(painted, @r#"
    <Path>web/src/session.jsx:5:27</>: <Critical>critical</>: secret header sent from browser code <Id>[secret-header-in-client]</>
    <Dim>    5 |</>   headers: { "x-api-key": "9f2c••••••••" }
    <Dim>      |</> <Caret>                          ^^^^^^^^^^^^^^</>
      <Label>why:</> whatever the browser sends, every visitor can read
      <Label>fix:</> call a route of your own server, which adds the header from its environment
      <Label>more:</> keyward explain secret-header-in-client

    1 finding: <Critical>1 critical</> · 1,216 files, 48 MB
    "#);
    let mut bare = painted.replace("</>", "");
    for role in ["Critical", "Path", "Dim", "Caret", "Label", "Id"] {
        bare = bare.replace(&format!("<{role}>"), "");
    }
    assert_eq!(bare, text(&report));
}
