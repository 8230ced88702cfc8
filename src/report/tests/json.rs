//! What programs read: the keys are an interface.

use insta::assert_snapshot;

use super::*;

fn sample() -> Report {
    let mut place = token("src/users.js", 4);
    place.details = vec![
        ("expires", "2027-01-31".to_owned()),
        ("account", "acme-bot".to_owned()),
    ];
    Report {
        suppressed: vec![allowed(Suppression::Allow {
            reason: "sandbox".to_owned(),
        })],
        notices: vec![
            Notice::at(
                NoticeKind::Unreadable,
                "prod.env".into(),
                "could not be read: permission denied",
            ),
            Notice::new(NoticeKind::NothingStaged, "nothing is staged"),
        ],
        ..report(vec![finding(vec![place])])
    }
}

#[test]
fn a_document() {
    assert_snapshot!(written(Format::Json, &sample(), &Style::plain()), @r#"
    {
      "version": 1,
      "complete": false,
      "date": "2026-11-23",
      "findings": [
        {
          "id": "github-pat",
          "severity": "high",
          "confidence": "high",
          "title": "GitHub personal access token",
          "message": "GitHub personal access token (expires 2027-01-31, account acme-bot)",
          "context": [],
          "also": [
            "hardcoded-credential"
          ],
          "fingerprint": "abababababababababababababababab",
          "details": {
            "expires": "2027-01-31",
            "account": "acme-bot"
          },
          "places": [
            {
              "path": "src/users.js",
              "line": 4,
              "column": 15,
              "endLine": 4,
              "endColumn": 29,
              "excerpt": "const token = \"ghp_••••••••\";",
              "origin": "worktree",
              "context": [],
              "severity": "high"
            }
          ],
          "why": "whoever holds it can push to every repository that its owner can",
          "fix": "revoke it under Settings > Developer settings, and read the new one from the environment",
          "links": [
            "https://docs.example.com/tokens?kind=all#revoke"
          ]
        }
      ],
      "suppressed": 1,
      "notices": [
        {
          "kind": "unreadable",
          "path": "prod.env",
          "message": "could not be read: permission denied"
        },
        {
          "kind": "nothing-staged",
          "message": "nothing is staged"
        }
      ],
      "stats": {
        "files": 1216,
        "bytes": 48213007,
        "commits": 0,
        "blobs": 0,
        "skipped": 0,
        "excluded": 0,
        "hidden": 0
      }
    }
    "#);
}

#[test]
fn suppressed_findings_are_written_on_request() {
    let text = written(Format::Json, &sample(), &everything());
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["suppressed"], 1);
    assert_snapshot!(json["suppressedFindings"][0]["places"][0]["suppression"], @r#"{"by":"allow","reason":"sandbox"}"#);
}

#[test]
fn lines() {
    assert_snapshot!(written(Format::Jsonl, &sample(), &everything()), @r#"
    {"id":"github-pat","severity":"high","confidence":"high","title":"GitHub personal access token","message":"GitHub personal access token (expires 2027-01-31, account acme-bot)","context":[],"also":["hardcoded-credential"],"fingerprint":"abababababababababababababababab","details":{"expires":"2027-01-31","account":"acme-bot"},"places":[{"path":"src/users.js","line":4,"column":15,"endLine":4,"endColumn":29,"excerpt":"const token = \"ghp_••••••••\";","origin":"worktree","context":[],"severity":"high"}],"why":"whoever holds it can push to every repository that its owner can","fix":"revoke it under Settings > Developer settings, and read the new one from the environment","links":["https://docs.example.com/tokens?kind=all#revoke"]}
    {"suppressedFinding":{"id":"github-pat","severity":"high","confidence":"high","title":"GitHub personal access token","message":"GitHub personal access token","context":[],"also":["hardcoded-credential"],"fingerprint":"abababababababababababababababab","places":[{"path":"scripts/seed.ts","line":8,"column":15,"endLine":8,"endColumn":29,"excerpt":"const token = \"ghp_••••••••\";","origin":"worktree","context":[],"severity":"high","suppression":{"by":"allow","reason":"sandbox"}}],"why":"whoever holds it can push to every repository that its owner can","fix":"revoke it under Settings > Developer settings, and read the new one from the environment","links":["https://docs.example.com/tokens?kind=all#revoke"]}}
    {"notice":{"kind":"unreadable","path":"prod.env","message":"could not be read: permission denied"}}
    {"notice":{"kind":"nothing-staged","message":"nothing is staged"}}
    {"summary":{"version":1,"complete":false,"date":"2026-11-23","findings":1,"suppressed":1,"stats":{"files":1216,"bytes":48213007,"commits":0,"blobs":0,"skipped":0,"excluded":0,"hidden":0}}}
    "#);
}

#[test]
fn escapes_lose_nothing() {
    let text = written(Format::Json, &hostile(), &everything());
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        json["findings"][0]["places"][0]["excerpt"],
        hostile().findings[0].places[0].excerpt.text
    );
    for line in written(Format::Jsonl, &hostile(), &everything()).lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a JSON object a line");
    }
}
