//! The files in `docs/schema` are what the types say, and they take and refuse what the program takes and refuses.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};

use super::super::{Loaded, Ruleset};
use super::{of_config, of_rules, words};
use crate::config::{Config, Wanted};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// TOML as a schema sees it: dates are texts.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => list.iter().map(json).collect(),
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
        plain => serde_json::to_value(plain).expect("JSON has it"),
    }
}

/// What the schema has against `text`.
fn faults(schema: &Value, text: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let document = json(&toml::from_str(text).unwrap_or_else(|e| panic!("{e} in {text}")));
    validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// What the program has against `text` as a file of rules, and as keyward.toml.
fn refused(text: &str, is_config: bool) -> Option<String> {
    if !is_config {
        let loaded = Loaded::parse(Path::new("r.toml"), text);
        let loaded = loaded.and_then(|pack| Ruleset::load(vec![pack]).map(drop));
        return loaded.err().map(|error| error.to_string());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keyward.toml");
    fs::write(&file, text).expect("it is written");
    let config = Config::load(&Wanted {
        start: folder.path(),
        root: folder.path(),
        file: Some(&file),
        user: None,
        no_repo: true,
    });
    config.err().map(|error| error.to_string())
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    for (name, schema) in [
        ("keyward.toml.json", of_config()),
        ("rules.json", of_rules()),
    ] {
        let file = root().join("docs/schema").join(name);
        let made = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if env::var_os("KEYWARD_BLESS").is_some() {
            fs::write(&file, &made).expect("it is written");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept.replace("\r\n", "\n") == made,
            "docs/schema/{name} is out of date: KEYWARD_BLESS=1 cargo test --lib schema"
        );
    }
}

fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rule_files(&path));
        } else if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_built_in_rule_is_valid() {
    let schema = of_rules();
    let folders = [
        "generic",
        "languages",
        "practice",
        "providers",
        "repository",
        "settings",
    ];
    let files: Vec<_> = folders
        .iter()
        .flat_map(|folder| rule_files(&root().join("rules").join(folder)))
        .collect();
    assert!(files.len() > 150, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        let name = file.display();
        assert_eq!(faults(&schema, &text), [""; 0], "{name}");
    }
}

/// The samples of TOML in a page.
fn samples(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).expect("a page");
    let text = text.replace("\r\n", "\n");
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_samples_of_the_documentation_are_valid() {
    for (page, schema, least) in [
        ("README.md", of_config(), 1),
        ("rules/README.md", of_rules(), 3),
        // What is a file of rules is keyward.toml too.
        ("rules/README.md", of_config(), 3),
    ] {
        let samples = samples(page);
        assert!(samples.len() >= least, "{page}");
        for sample in samples {
            assert_eq!(faults(&schema, &sample), [""; 0], "{page}: {sample}");
        }
    }
}

/// A rule that holds, to plant mistakes in.
const RULE: &str = "[[check]]\nid = 'x-y'\ntitle = 'a'\nwhy = 'b'\nfix = 'c'\n[[rule]]\ncheck = 'x-y'\n\
                    on = 'call'\nseverity = 'low'\ncallee = ['acme.put']\n";

#[test]
fn unknown_keys_are_refused_by_both_with_a_suggestion() {
    let rule = |line: &str| format!("{RULE}{line}\n");
    let check = |line: &str| RULE.replace("[[rule]]", &format!("{line}\n[[rule]]"));
    for (is_config, text, word) in [
        (true, "scann = {}".to_owned(), "scan"),
        (true, "[scan]\nexlude = []".to_owned(), "exclude"),
        (true, "[scan]\nfail_on = 'low'".to_owned(), "fail-on"),
        (true, "[checks.x]\nsevertiy = 'low'".to_owned(), "severity"),
        (
            true,
            "[[allow]]\nids = ['x']\nreason = 'y'\npath = ['z']".to_owned(),
            "paths",
        ),
        (true, check("tittle = 'x'"), "title"),
        (true, rule("confidense = 'low'"), "confidence"),
        (true, rule("all = [{ at = '0', nam = ['token'] }]"), "name"),
        (false, format!("in_test = 'low'\n{RULE}"), "in_tests"),
        (false, check("links_to = []"), "links"),
        (false, rule("keyword = ['x']"), "keywords"),
        (false, rule("none = [{ at = '0', underr = '1m' }]"), "under"),
    ] {
        let schema = if is_config { of_config() } else { of_rules() };
        assert!(!faults(&schema, &text).is_empty(), "{text}");
        let error = refused(&text, is_config).unwrap_or_else(|| panic!("taken: {text}"));
        let hint = format!("did you mean `{word}`?");
        assert!(
            error.contains("there is no key") && error.contains(&hint),
            "{text}\n{error}"
        );
    }
    assert_eq!(faults(&of_rules(), RULE), [""; 0]);
    assert_eq!(refused(RULE, false), None);
    assert_eq!(refused(RULE, true), None);
}

#[test]
fn unknown_words_are_refused_by_both() {
    for (of, key, known) in words() {
        assert!(known.len() > 3, "{of} {key}");
        for (word, is_known) in [("no-such-word", false), (known[0], true)] {
            let one = match key {
                "verify" => format!("{key} = '{word}'"),
                _ => format!("{key} = ['{word}']"),
            };
            let text = match of {
                "Check" => RULE.replace("[[rule]]", &format!("{one}\n[[rule]]")),
                "Rule" => format!("{RULE}{one}\n"),
                "Pack" => format!("{one}\n{RULE}"),
                _ => format!("{RULE}all = [{{ at = '0', {one} }}]\n"),
            };
            assert_eq!(faults(&of_rules(), &text).is_empty(), is_known, "{text}");
            let error = refused(&text, false);
            assert_eq!(error.is_none(), is_known, "{text}\n{error:?}");
        }
    }
    for text in [
        "[scan]\nfail-on = 'hihg'",
        "[scan]\nconfidence = 'critical'",
        "[scan]\naccept = ['deep']",
        "[scan]\nbaseline = ''",
        "[checks.x]",
        "[checks.x]\nseverity = 'never'",
        "[[allow]]\nreason = 'x'",
        "[[allow]]\nids = ['x']\nreason = ' '",
        "[[allow]]\nids = ['x']",
        "[[allow]]\nids = ['x']\nreason = 'y'\nuntil = 'soon'",
        "[[allow]]\nreason = 'y'\nfingerprints = ['abc']",
    ] {
        assert!(!faults(&of_config(), text).is_empty(), "{text}");
        assert!(refused(text, true).is_some(), "{text}");
    }
}

#[test]
fn every_key_is_described() {
    fn walk(schema: &Value, at: &str, found: &mut Vec<String>) {
        let Some(object) = schema.as_object() else {
            return;
        };
        if let Some(Value::Object(properties)) = object.get("properties") {
            for (key, property) in properties {
                if property["description"].as_str().is_none_or(str::is_empty) {
                    found.push(format!("{at}.{key}"));
                }
            }
        }
        for (key, inner) in object {
            walk(inner, &format!("{at}.{key}"), found);
        }
    }
    let mut found = Vec::new();
    walk(&of_config(), "config", &mut found);
    walk(&of_rules(), "rules", &mut found);
    assert_eq!(found, [""; 0]);
}
