//! The formats for CI systems, each read back by a parser or a schema of its own kind.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

use crate::tree::{Run, Tree, formats};

/// A line with a token that no other line has.
fn token(number: usize) -> String {
    format!("/* {number} */ const a = 'ghp_<<an36>>';\n")
}

/// A repository with findings of every severity, one only in its history, one allowed, and names that mean something to every format.
fn tree() -> Tree {
    let tree = Tree::repository();
    tree.file("old.js", &token(1));
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "first"]);
    tree.file("old.js", "const old = process.env.OLD;\n");
    tree.git(&["commit", "-q", "-am", "second"]);
    tree.file(HOSTILE, &token(2));
    tree.file("##[error]www.example.com_*.js", &token(3));
    tree.file("tests/t.py", "TOKEN = 'ghp_<<an36>>'\n");
    let mark = [
        " // keyward",
        ":allow github-pat-classic a *some* <i>reason</i>\n",
    ]
    .concat();
    tree.file("allowed.js", &(token(4).trim_end().to_owned() + &mark));
    tree
}

/// A name that each format has to write otherwise.
const HOSTILE: &str = "::error::x, 100%|<b>&[y](z) `@team` \"q\" '#1.js";

/// More findings than some formats show.
fn crowded() -> Tree {
    let tree = Tree::new();
    for i in 0..600 {
        let name = format!("src/some/folder/with/a/long/name/f{i:03}.js");
        tree.file(&name, &token(i));
    }
    tree
}

fn scan(tree: &Tree, format: &str, more: &[&str]) -> Run {
    let run = tree.keyward(&[&["scan", "--format", format], more].concat());
    assert_eq!(run.code, 1, "{format}: {}{}", run.stdout, run.stderr);
    run
}

/// A workflow command, as actions/runner reads one.
struct Command {
    level: String,
    properties: BTreeMap<String, String>,
    message: String,
}

fn unescaped(text: &str, more: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (escape, raw) in [&[("%0D", "\r"), ("%0A", "\n")], more].concat() {
        text = text.replace(escape, raw);
    }
    text.replace("%25", "%")
}

fn commands(run: &Run) -> Vec<Command> {
    let read = |line: &str| {
        let Some(command) = line.trim_start().strip_prefix("::") else {
            assert!(!line.contains("##["), "an older form of a command: {line}");
            return None;
        };
        let (head, message) = command.split_once("::").expect("a whole command");
        let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
        let properties = properties
            .split(',')
            .filter_map(|pair| pair.split_once('='));
        let value = |v: &str| unescaped(v, &[("%3A", ":"), ("%2C", ",")]);
        Some(Command {
            level: level.to_owned(),
            properties: properties.map(|(k, v)| (k.to_owned(), value(v))).collect(),
            message: unescaped(message, &[]),
        })
    };
    run.stdout.lines().filter_map(read).collect()
}

#[test]
fn github_is_workflow_commands_and_nothing_in_a_file_makes_one() {
    let run = scan(&tree(), "github", &["--show-suppressed", "--show-skipped"]);
    let commands = commands(&run);
    let known = ["error", "warning", "notice", "group", "endgroup"];
    assert!(commands.iter().all(|c| known.contains(&c.level.as_str())));
    let of = |path: &str| {
        commands
            .iter()
            .find(|c| c.properties.get("file").is_some_and(|f| f == path))
    };
    let hostile = of(HOSTILE).expect("its name comes back");
    assert_eq!(hostile.level, "error");
    assert_eq!(hostile.properties["line"], "1");
    assert_eq!(hostile.properties["title"], "critical: github-pat-classic");
    assert!(hostile.message.contains("\nwhy: ") && hostile.message.contains("\nfix: "));
    assert_eq!(of("tests/t.py").expect("of a test").level, "warning");
    assert!(of("old.js").is_none(), "no line of a file that is there");
    let old = commands
        .iter()
        .find(|c| c.message.contains("at: old.js:1 in commit "))
        .expect("told");
    assert!(!old.properties.contains_key("line"));
    assert!(
        run.stdout.contains("allowed: allowed.js:1: "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\nkeyward: "), "{}", run.stdout);
}

#[test]
fn github_shows_ten_of_a_level_and_counts_the_rest() {
    let tree = crowded();
    tree.file("tests/t.py", "TOKEN = 'ghp_<<an36>>'\n");
    let run = scan(&tree, "github", &["no-such-path", "."]);
    let commands = commands(&run);
    let count = |level: &str| commands.iter().filter(|c| c.level == level).count();
    assert_eq!(
        (count("error"), count("warning")),
        (10, 1),
        "{}",
        run.stdout
    );
    assert_eq!(
        commands[0].properties["title"],
        "keyward: the scan is not whole"
    );
    assert!(
        commands[0].message.contains("no-such-path"),
        "{}",
        commands[0].message
    );
    let group = commands
        .iter()
        .find(|c| c.level == "group")
        .expect("the rest");
    assert_eq!(group.message, "591 findings without an annotation");
    let summary = run.stdout.lines().last().expect("a summary");
    assert_eq!(
        summary,
        "keyward: 601 findings: 600 critical, 1 medium, 10 of them as annotations, and the scan is not whole"
    );
}

/// What GitLab's documentation of report formats and the schema 15 of secret detection demand, in words of our own. The schema itself is
/// not ours to ship: KEYWARD_GITLAB_SCHEMA names a copy of it that reports are held against too.
fn gitlab_schema() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let time = json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$" });
    let web = json!({ "type": "string", "pattern": "^https?://.+" });
    let tool = json!({
        "type": "object",
        "required": ["id", "name", "version", "vendor"],
        "properties": { "id": text, "name": text, "version": text,
            "vendor": { "type": "object", "required": ["name"], "properties": { "name": text } } },
    });
    let field = json!({
        "type": "object",
        "required": ["name", "type", "value"],
        "properties": { "name": text, "type": { "const": "text" }, "value": { "type": "string" } },
    });
    let vulnerability = json!({
        "type": "object",
        "required": ["id", "identifiers", "location"],
        "properties": {
            "id": text,
            "name": { "type": "string", "maxLength": 255 },
            "description": { "type": "string", "maxLength": 1_048_576 },
            "severity": { "enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
            "solution": { "type": "string", "maxLength": 7000 },
            "identifiers": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["type", "name", "value"],
                "properties": { "type": text, "name": text, "value": text, "url": web },
            }},
            "links": { "type": "array", "items": { "type": "object", "required": ["url"], "properties": { "url": web } } },
            "details": { "type": "object", "additionalProperties": field },
            "location": {
                "type": "object",
                "required": ["commit"],
                "properties": {
                    "file": { "type": "string" },
                    "commit": { "type": "object", "required": ["sha"],
                        "properties": { "sha": text, "author": { "type": "string" }, "date": { "type": "string" } } },
                    "start_line": { "type": "number" },
                    "end_line": { "type": "number" },
                },
            },
        },
    });
    json!({
        "type": "object",
        "required": ["scan", "version", "vulnerabilities"],
        "properties": {
            "version": { "type": "string", "pattern": r"^15\.\d+\.\d+$" },
            "scan": {
                "type": "object",
                "required": ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
                "properties": {
                    "analyzer": tool, "scanner": tool, "start_time": time, "end_time": time,
                    "status": { "enum": ["success", "failure"] },
                    "type": { "const": "secret_detection" },
                    "messages": { "type": "array", "items": {
                        "type": "object",
                        "required": ["level", "value"],
                        "properties": { "level": { "enum": ["info", "warn", "fatal"] }, "value": text },
                    }},
                },
            },
            "vulnerabilities": { "type": "array", "items": vulnerability },
        },
    })
}

fn assert_gitlab(report: &Value) {
    let mut schemas = vec![gitlab_schema()];
    if let Some(file) = std::env::var_os("KEYWARD_GITLAB_SCHEMA") {
        let text = std::fs::read(file).expect("the schema is there");
        schemas.push(serde_json::from_slice(&text).expect("JSON"));
    }
    for schema in &schemas {
        let validator = jsonschema::validator_for(schema).expect("a schema");
        let errors = validator
            .iter_errors(report)
            .map(|e| format!("{}: {e}", e.instance_path()));
        assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    }
}

#[test]
fn gitlab_is_a_report_of_secret_detection() {
    let tree = tree();
    let run = scan(
        &tree,
        "gitlab",
        &["--show-suppressed", "--show-skipped", "--pedantic"],
    );
    let report = run.json();
    assert_gitlab(&report);
    let found = report["vulnerabilities"].as_array().expect("a list");
    let ids: std::collections::BTreeSet<_> = found.iter().map(|v| v["id"].as_str()).collect();
    assert_eq!(ids.len(), found.len(), "each id once");
    assert_eq!(report["scan"]["status"], "success");
    let of = |path: &str| {
        let place = found.iter().find(|v| v["location"]["file"] == path);
        place.unwrap_or_else(|| panic!("{path}: {}", run.stdout))
    };
    assert_eq!(of("tests/t.py")["severity"], "Medium");
    assert_eq!(of("tests/t.py")["location"]["commit"]["sha"], "0000000");
    let first = tree.git(&["rev-parse", "HEAD~1"]);
    assert_eq!(of("old.js")["location"]["commit"]["sha"], first.trim());
    assert!(
        !found.iter().any(|v| v["location"]["file"] == "allowed.js"),
        "GitLab would open it"
    );
    let messages = report["scan"]["messages"].to_string();
    assert!(messages.contains("allowed: allowed.js:1: "), "{messages}");

    let run = scan(&tree, "gitlab", &["tests", "no-such-path"]);
    assert_gitlab(&run.json());
    assert_eq!(run.json()["scan"]["status"], "failure");
    assert_eq!(run.json()["scan"]["messages"][0]["level"], "warn");
}

#[test]
fn gitlab_takes_a_place_that_is_no_file_and_a_report_without_any() {
    let tree = Tree::repository();
    tree.file("a.rs", "fn main() {}\n");
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "first"]);
    let run = tree.keyward(&["scan", "--format", "gitlab"]);
    assert_eq!((run.code, &run.json()["vulnerabilities"]), (0, &json!([])));
    assert_gitlab(&run.json());
    let said = crate::tree::expand("uses ghp_<<an36>>");
    tree.git(&["commit", "-q", "--allow-empty", "-m", &said]);
    tree.file(".env", "DB_PASSWORD=<<an16>>\n");
    for more in [&[][..], &["--history-only"], &["--range", "HEAD~1..HEAD"]] {
        let run = scan(&tree, "gitlab", more);
        assert_gitlab(&run.json());
        let found = run.json()["vulnerabilities"].clone();
        let head = tree.git(&["rev-parse", "HEAD"]);
        let message = (found.as_array().expect("a list").iter())
            .find(|v| v["location"]["commit"]["sha"] == head.trim())
            .expect("what a message says");
        assert!(message["location"].get("file").is_none(), "{message}");
    }
}

/// Annotations and alerts belong to files of the repository, and code hosts know those by their path from its root.
#[test]
fn places_are_told_from_the_root_of_the_repository_wherever_keyward_runs() {
    let tree = Tree::repository();
    tree.file("app/src/a.js", &token(1));
    tree.git(&["add", "."]);
    tree.git(&["commit", "-q", "-m", "first"]);
    tree.file("elsewhere/x.txt", "");
    for (folder, path) in [
        ("app", "src"),
        ("app/src", "."),
        ("app", "src/a.js"),
        ("elsewhere", "../app"),
    ] {
        for format in ["text", "github", "sarif", "gitlab", "junit", "json"] {
            let mut command = crate::tree::keyward(&tree.path().join(folder));
            let run = Run::of(
                command
                    .args(["scan", path, "--format", format])
                    .output()
                    .expect("keyward runs"),
            );
            assert_eq!(run.code, 1, "{folder} {path} {format}: {}", run.stderr);
            let told = [
                "\napp/src/a.js:1:",
                "file=app/src/a.js,",
                "\"app/src/a.js\"",
            ];
            let told = told
                .iter()
                .any(|told| format!("\n{}", run.stdout).contains(told));
            assert!(told, "{folder} {path} {format}: {}", run.stdout);
        }
    }
}

#[test]
fn junit_is_xml_with_a_case_for_each_place() {
    let tree = tree();
    let run = scan(
        &tree,
        "junit",
        &["--show-suppressed", "tests", "allowed.js", "no-such-path"],
    );
    let document = roxmltree::Document::parse(&run.stdout).expect("XML");
    let suites = document.root_element();
    assert_eq!(suites.tag_name().name(), "testsuites");
    let suite = suites.first_element_child().expect("a suite");
    for counted in [suites, suite] {
        for (name, count) in [
            ("tests", "3"),
            ("failures", "1"),
            ("errors", "1"),
            ("skipped", "1"),
        ] {
            assert_eq!(counted.attribute(name), Some(count), "{name}");
        }
    }
    let cases: Vec<_> = suite
        .children()
        .filter(|n| n.has_tag_name("testcase"))
        .collect();
    assert_eq!(cases.len(), 3);
    assert_eq!(cases[0].attribute("file"), Some("tests/t.py"));
    assert_eq!(cases[0].attribute("classname"), Some("github-pat-classic"));
    let failure = cases[0].first_element_child().expect("a failure");
    assert_eq!(
        (failure.tag_name().name(), failure.attribute("type")),
        ("failure", Some("medium"))
    );
    let error = cases[1].first_element_child().expect("an error");
    assert!(
        error
            .attribute("message")
            .is_some_and(|m| m.contains("no-such-path"))
    );
    let skipped = cases[2].first_element_child().expect("skipped");
    assert!(
        skipped
            .attribute("message")
            .is_some_and(|m| m.contains("*some* <i>reason</i>"))
    );

    let all = scan(&tree, "junit", &[]);
    let document = roxmltree::Document::parse(&all.stdout).expect("XML");
    let hostile = document
        .descendants()
        .any(|n| n.attribute("file") == Some(HOSTILE));
    assert!(hostile, "{}", all.stdout);

    let clean = Tree::new();
    clean.file("a.rs", "fn main() {}\n");
    let run = clean.keyward(&["scan", "--format", "junit"]);
    let document = roxmltree::Document::parse(&run.stdout).expect("XML");
    let cases = document
        .descendants()
        .filter(|n| n.has_tag_name("testcase"));
    assert_eq!(
        (run.code, cases.count()),
        (0, 1),
        "a suite without cases is an error to some"
    );
}

/// What a comment has: the targets of its links, its tags, and the cells of its table's rows.
fn comment(text: &str) -> (Vec<String>, Vec<String>, Vec<usize>) {
    let (mut links, mut tags, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.to_string())
            }
            Event::Html(tag) | Event::InlineHtml(tag) => tags.push(tag.trim().to_owned()),
            Event::Start(Tag::TableRow) => rows.push(0),
            Event::Start(Tag::TableCell) => {
                if let Some(cells) = rows.last_mut() {
                    *cells += 1;
                }
            }
            _ => {}
        }
    }
    (links, tags, rows)
}

#[test]
fn markdown_is_a_comment_in_which_names_stay_names() {
    let tree = tree();
    let run = scan(&tree, "markdown", &["--show-suppressed", "--show-skipped"]);
    let (links, tags, rows) = comment(&run.stdout);
    assert!(
        links.iter().all(|url| url.starts_with("https://")),
        "{links:?}"
    );
    assert!(
        !links.is_empty()
            && !links
                .iter()
                .any(|url| url.contains("example.com") || url == "z")
    );
    // Once in the table and once below it, letter by letter.
    let texts =
        Parser::new_ext(&run.stdout, Options::ENABLE_TABLES).filter_map(|event| match event {
            Event::Text(text) => Some(text.to_string()),
            _ => None,
        });
    let shown = texts.collect::<String>();
    assert_eq!(shown.matches(HOSTILE).count(), 2, "{shown}");
    let known = ["<code>", "</code>", "<details>", "</details>", "<!-- -->"];
    let known = |tag: &String| known.contains(&tag.as_str()) || tag.starts_with("<summary>");
    assert!(tags.iter().all(known), "{tags:?}");
    assert!(
        rows.len() == 4 && rows.iter().all(|cells| *cells == 3),
        "{rows:?}"
    );
    assert!(run.stdout.starts_with("### keyward: "), "{}", run.stdout);
    assert!(
        run.stdout.contains("old.js&#58;1 in commit "),
        "{}",
        run.stdout
    );
    for raw in ["@team", "www.", "<b>", "[y](z)"] {
        assert!(!run.stdout.contains(raw), "{raw}");
    }
    let run = scan(&tree, "markdown", &["tests", "no-such-path"]);
    assert!(
        run.stdout.contains("**The scan is not whole:**"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("no-such-path"), "{}", run.stdout);
}

#[test]
fn a_comment_is_never_longer_than_a_host_takes() {
    let run = scan(&crowded(), "markdown", &[]);
    let length = run.stdout.chars().count();
    assert!((40_000..=65_536).contains(&length), "{length}");
    let (_, tags, rows) = comment(&run.stdout);
    let count = |tag: &str| tags.iter().filter(|t| **t == tag).count();
    assert_eq!(count("<details>"), count("</details>"));
    let (_, note) = run
        .stdout
        .rsplit_once("Left out, because a comment holds 65,536 characters: ")
        .expect("a note");
    let told: usize = note
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("a count");
    assert_eq!(rows.len() + told, 600);
}

#[test]
fn every_format_says_that_a_scan_is_not_whole_and_none_changes_the_exit_code() {
    let tree = Tree::new();
    tree.file("a.rs", "fn main() {}\n");
    for format in formats() {
        let run = tree.keyward(&["scan", "a.rs", "no-such-path", "--format", format]);
        assert_eq!(run.code, 2, "{format}");
        assert!(
            run.stdout.contains("no-such-path"),
            "{format}: {}",
            run.stdout
        );
        assert_eq!(
            tree.keyward(&["scan", "a.rs", "--format", format]).code,
            0,
            "{format}"
        );
    }
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let tree = tree();
    let at = |name: &str| tree.path().join(name);
    tree.file("out/r.json", "before");
    let run = scan(
        &tree,
        "text",
        &[
            "--format",
            "json",
            "--output",
            "out/r.json",
            "--output",
            "out/r.xml",
            "--output",
            "out/r.md",
        ],
    );
    assert!(run.stdout.contains("critical"), "{}", run.stdout);
    let json = std::fs::read_to_string(at("out/r.json")).expect("a report");
    serde_json::from_str::<Value>(&json).expect("whole");
    assert!(
        std::fs::read_to_string(at("out/r.xml"))
            .expect("a report")
            .ends_with("</testsuites>\n")
    );
    assert!(
        std::fs::read_to_string(at("out/r.md"))
            .expect("a report")
            .starts_with("### ")
    );
    assert_eq!(
        std::fs::read_dir(at("out")).expect("a folder").count(),
        3,
        "nothing is left beside"
    );
}

#[test]
fn formats_and_files_that_do_not_pair_are_told() {
    let tree = Tree::new();
    tree.file("a.rs", "fn main() {}\n");
    for (args, says) in [
        (
            &["--format", "json", "--format", "sarif"][..],
            "json and sarif would all go to stdout",
        ),
        (
            &["--format", "json", "--output", "a", "--output", "b"],
            "no --format stands beside --output b",
        ),
        (
            &["--output", "r.json", "--output", "r.json"],
            "two reports would be written to r.json",
        ),
    ] {
        let run = tree.keyward(&[&["scan", "."], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(
            run.stderr.contains(says) && run.stderr.contains("hint: "),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn the_readme_tells_of_every_format() {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    let told: Vec<_> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .collect();
    assert!(formats().all(|format| told.contains(&format)), "{told:?}");
}
