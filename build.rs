//! Embeds `rules/`: TOML is checked and turned into JSON here, so that the program starts without parsing 400 patterns.
//!
//! Writes to OUT_DIR: `packs.json` (checks and rules without their examples, and the keywords that
//! are derived from their patterns), `shapes.jsonl` (what else those patterns imply: a line for each rule, which is read when the rule
//! first wakes), `examples.json` (the same rules with their examples and where they stand, read by `keyward rules check` alone), and one
//! JSON per word list.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(dead_code, unused_imports)]
#[path = "src/model"]
mod model {
    //! The part of `src/model` that says what a rule looks like.
    #[path = "severity.rs"]
    mod severity;
    pub use severity::{Confidence, Severity};
    #[path = "rule.rs"]
    mod rule;
    pub use rule::{Pack, Rule, Subject};
}

#[path = "src/formats/literals.rs"]
mod literals;
#[path = "src/formats/places.rs"]
mod places;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/model");
    println!("cargo::rerun-if-changed=src/formats/literals.rs");
    println!("cargo::rerun-if-changed=src/formats/places.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let rules = Path::new("rules");

    let mut packs = Vec::new();
    let mut examples = Vec::new();
    let mut shapes = Vec::new();
    for path in toml_files(rules) {
        let text = read(&path);
        if path.parent() == Some(rules) {
            let words: toml::Table = toml::from_str(&text).unwrap_or_else(|e| fail(&path, &e));
            let name = path.file_stem().expect("a file name").to_owned();
            write(&out.join(name).with_extension("json"), &words);
            continue;
        }
        let mut pack: model::Pack = toml::from_str(&text).unwrap_or_else(|e| fail(&path, &e));
        examples.push((slashed(&path), pack.clone()));
        let mut derived = Vec::new();
        for rule in &mut pack.rules {
            rule.hit.clear();
            rule.miss.clear();
            let shape =
                shape(rule).unwrap_or_else(|e| fail(&path, &format!("rule {}: {e}", rule.name())));
            if let Some(shape) = &shape {
                shapes.extend(serde_json::to_vec(shape).expect("plain data"));
            }
            shapes.push(b'\n');
            // Those of a rule that names its own are in the rule.
            let implied =
                shape.filter(|_| rule.on == model::Subject::Text && rule.keywords.is_empty());
            derived.push(implied.map(|shape| shape.keywords).unwrap_or_default());
        }
        packs.push((slashed(&path), pack, derived));
    }
    write(&out.join("packs.json"), &packs);
    write(&out.join("examples.json"), &examples);
    let path = out.join("shapes.jsonl");
    fs::write(&path, shapes).unwrap_or_else(|e| fail(&path, &e));
}

/// What the pattern of a rule on texts or pairs implies.
fn shape(rule: &model::Rule) -> Result<Option<literals::Shape>, String> {
    let pattern = rule.pattern.as_ref().filter(|_| !rule.on.is_code());
    pattern
        .map(|pattern| literals::Shape::of(pattern, &rule.keywords))
        .transpose()
}

/// All `*.toml` below `dir`, sorted, so that builds agree.
fn toml_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)
        .unwrap_or_else(|e| fail(dir, &e))
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            found.extend(toml_files(&path));
        } else if path.extension().is_some_and(|e| e == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| fail(path, &e))
}

fn write(path: &Path, value: &impl serde::Serialize) {
    let json = serde_json::to_vec(value).expect("plain data");
    fs::write(path, json).unwrap_or_else(|e| fail(path, &e));
}

fn fail(path: &Path, error: &dyn std::fmt::Display) -> ! {
    panic!("{}: {error}", path.display())
}
