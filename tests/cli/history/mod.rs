//! The history of a repository: what is found there, what is told of it, and in which mode.

mod modes;
mod places;
mod words;

use serde_json::Value;

use crate::tree::{Run, Tree, expand};

/// A credential; another one for each number.
fn token(number: usize) -> String {
    expand(&format!("{number:04} ghp_<<an36>>"))[5..].to_owned()
}

/// Writes one line that holds a credential.
fn leak(tree: &Tree, path: &str, number: usize) {
    let line = format!("const t = '{}';\n", token(number));
    tree.bytes(path, line.as_bytes());
}

fn commit(tree: &Tree, message: &str) -> String {
    tree.git(&["add", "--all"]);
    tree.git(&["commit", "-q", "--allow-empty", "-m", message]);
    tree.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

/// A repository in whose history alone a credential stands, in `a.js`; with the two commits.
fn removed() -> (Tree, String, String) {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    leak(&tree, "a.js", 1);
    let first = commit(&tree, "leak");
    tree.file("a.js", "const t = process.env.T;\n");
    let last = commit(&tree, "mend");
    (tree, first, last)
}

fn scan(tree: &Tree, args: &[&str]) -> Run {
    tree.keyward(&[&["scan", "--format", "json", "--only", ONLY], args].concat())
}

/// Of the checks those that these tests are about: advice on the repository as a whole is another matter.
const ONLY: &str = "github-pat-classic,pem-private-key,secret-in-config,hardcoded-credential";

/// `path:line origin inHead commit` of every place.
fn told(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().expect("findings");
    let places = findings
        .iter()
        .flat_map(|f| f["places"].as_array().expect("places"));
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut told: Vec<String> = places
        .map(|p| {
            let id = word(&p["commit"]["id"]);
            format!(
                "{}:{} {} {} {}",
                word(&p["path"]),
                p["line"],
                word(&p["origin"]),
                p["inHead"],
                &id[..id.len().min(7)]
            )
        })
        .collect();
    told.sort();
    told
}

fn seven(id: &str) -> &str {
    &id[..7]
}
