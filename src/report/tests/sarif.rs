//! SARIF, against the official schema and read back as a consumer does.

use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;
use serde_json::Value;
use serde_sarif::sarif::Sarif;

use super::*;
use crate::model::Context;

fn log(report: &Report, style: &Style<'_>) -> Value {
    serde_json::from_str(&written(Format::Sarif, report, style)).expect("JSON")
}

/// What Cargo says, run with words.
fn cargo(words: &[&str]) -> String {
    let said = Command::new(env!("CARGO"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    String::from_utf8(said.stdout).expect("UTF-8")
}

/// The crate `serde-sarif` ships the official schema without naming it; Cargo knows where the crate lies. It is asked about this platform
/// alone, because packages of others may never have been downloaded.
fn official_schema() -> Value {
    let version = cargo(&["-vV"]);
    let host = version
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .expect("a host");
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages
        .iter()
        .find(|p| p["name"] == "serde-sarif")
        .expect("a dev-dependency");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let schema = std::fs::read(manifest.with_file_name("src").join("schema.json"))
        .expect("the schema is shipped");
    serde_json::from_slice(&schema).expect("JSON")
}

fn many() -> Report {
    let mut test = token("tests/a b.test.ts", 12);
    test.severity = Severity::Medium;
    test.contexts = Contexts::default().with(Context::Test);
    Report {
        suppressed: vec![
            allowed(Suppression::Inline {
                reason: "sandbox".to_owned(),
            }),
            allowed(Suppression::Baseline),
        ],
        notices: hostile().notices,
        ..report(vec![
            finding(vec![header()]),
            finding(vec![token("src/users.js", 4), test]),
            finding(vec![cookie("api/login.ts", 31)]),
        ])
    }
}

#[test]
fn the_official_schema_accepts_every_report() {
    let mut schema = official_schema();
    // Its pattern for languages has a stray bracket, which strict readers of regular expressions refuse; keyward writes no language.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"] = true.into();
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is one");
    for report in [report(Vec::new()), many(), hostile()] {
        for style in [Style::plain(), everything()] {
            let log = log(&report, &style);
            let errors: Vec<_> = validator
                .iter_errors(&log)
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
            serde_json::from_value::<Sarif>(log).expect("readable by another's types");
        }
    }
}

#[test]
fn a_run_with_one_finding() {
    assert_snapshot!(written(Format::Sarif, &report(vec![finding(vec![header()])]), &Style::plain()), @r#"
    {
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "runs": [
        {
          "columnKind": "unicodeCodePoints",
          "invocations": [
            {
              "executionSuccessful": true,
              "toolExecutionNotifications": []
            }
          ],
          "properties": {
            "date": "2026-11-23"
          },
          "results": [
            {
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "web/src/session.jsx",
                      "uriBaseId": "%SRCROOT%"
                    },
                    "region": {
                      "endColumn": 41,
                      "endLine": 5,
                      "snippet": {
                        "text": "  headers: { \"x-api-key\": \"9f2c••••••••\" }"
                      },
                      "startColumn": 27,
                      "startLine": 5
                    }
                  }
                }
              ],
              "message": {
                "text": "secret header sent from browser code"
              },
              "partialFingerprints": {
                "keyward/v1": "abababababababababababababababab"
              },
              "properties": {
                "also": [
                  "hardcoded-credential"
                ],
                "confidence": "high",
                "context": [],
                "severity": "critical"
              },
              "ruleId": "secret-header-in-client",
              "ruleIndex": 0
            }
          ],
          "tool": {
            "driver": {
              "name": "keyward",
              "rules": [
                {
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "fullDescription": {
                    "text": "whatever the browser sends, every visitor can read"
                  },
                  "help": {
                    "markdown": "**Why:** whatever the browser sends, every visitor can read\n\n**Fix:** call a route of your own server, which adds the header from its environment\n\n* <https://docs.example.com/tokens?kind=all#revoke>",
                    "text": "why: whatever the browser sends, every visitor can read\nfix: call a route of your own server, which adds the header from its environment"
                  },
                  "helpUri": "https://docs.example.com/tokens?kind=all#revoke",
                  "id": "secret-header-in-client",
                  "name": "SecretHeaderInClient",
                  "properties": {
                    "security-severity": "9.5",
                    "tags": [
                      "security",
                      "hardcoded-credential"
                    ]
                  },
                  "shortDescription": {
                    "text": "secret header sent from browser code"
                  }
                }
              ],
              "semanticVersion": "0.1.0"
            }
          }
        }
      ],
      "version": "2.1.0"
    }
    "#);
}

#[test]
fn only_rules_that_fired_each_once_by_id() {
    let log = log(&many(), &everything());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<_> = rules
        .iter()
        .map(|r| r["id"].as_str().expect("id"))
        .collect();
    assert_eq!(
        ids,
        [
            "cookie-missing-httponly",
            "github-pat",
            "secret-header-in-client"
        ]
    );
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 6, "one a place");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("index") as usize;
        assert_eq!(result["ruleId"], ids[index]);
    }
    let levels: Vec<_> = results
        .iter()
        .map(|r| r["level"].as_str().expect("level"))
        .collect();
    assert_eq!(
        levels,
        ["error", "error", "warning", "warning", "error", "error"]
    );
    assert_eq!(results[2]["properties"]["context"][0], "test");
}

#[test]
fn accepted_findings_are_left_out_or_marked() {
    let plain = log(&many(), &Style::plain());
    assert!(
        plain["runs"][0]["results"]
            .as_array()
            .expect("results")
            .iter()
            .all(|r| r["suppressions"].is_null())
    );
    let all = log(&many(), &everything());
    let results = all["runs"][0]["results"].as_array().expect("results");
    assert_snapshot!(results[4]["suppressions"], @r#"[{"justification":"sandbox","kind":"inSource"}]"#);
    assert_snapshot!(results[5]["suppressions"], @r#"[{"justification":"in the baseline","kind":"external"}]"#);
}

#[test]
fn a_scan_that_is_not_whole_says_so() {
    let log = log(&many(), &Style::plain());
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("notifications");
    let levels: Vec<_> = notes
        .iter()
        .map(|n| n["level"].as_str().expect("level"))
        .collect();
    assert_eq!(levels, ["error", "warning", "note"]);
}

#[test]
fn a_path_is_a_uri_of_its_bytes() {
    let mut place = token("x", 1);
    for (path, uri) in [
        (
            &b"app/(auth)/[id]/@modal/page.tsx"[..],
            "app/(auth)/%5Bid%5D/@modal/page.tsx",
        ),
        (b"c:/100% #1?.md", "c%3A/100%25%20%231%3F.md"),
        (
            b"\xff\xc3\xa9\x1b\\\"<>^`{|}.js",
            "%FF%C3%A9%1B%5C%22%3C%3E%5E%60%7B%7C%7D.js",
        ),
    ] {
        place.path = RelPath::new(path);
        let log = log(&report(vec![finding(vec![place.clone()])]), &Style::plain());
        let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], uri);
    }
}
