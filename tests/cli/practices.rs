//! Our own cases for the checks of settings, of the repository and of the strength of secrets.
//!
//! A case of `practices/*.toml` is a small project: its files, what git knows of them, and either where a check must speak and how gravely
//! (`flag`), or that it must not speak above info (`clean`), or not at all (`absent`).
//!
//! Contents hold the macros of rules/README.md, and `<<name>>` for the `values` of the case or of its file, so that a value can stand twice
//! and nothing that looks like a secret is written down. A value is a text, a list of texts to be joined, `{ base64 = … }`, or a signed
//! token: `{ claims = …, by = KEY, alg = … }`, with a random key where none is given;
//! a key of macros is the one that the value `key` has.

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::tree::{Run, Tree, expand};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    #[serde(default)]
    values: BTreeMap<String, Value>,
    case: Vec<toml::Spanned<Case>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    check: String,
    /// The severity of the finding that must be there.
    flag: Option<String>,
    /// Where: `path` or `path:line`; the only file if nothing is said; `*` for anywhere.
    at: Option<String>,
    #[serde(default)]
    clean: bool,
    #[serde(default)]
    absent: bool,
    #[serde(default)]
    values: BTreeMap<String, Value>,
    files: BTreeMap<String, String>,
    /// Files that are not committed; all others are, even where `.gitignore` names them.
    #[serde(default)]
    untracked: Vec<String>,
    /// Of files; 600 where nothing is said of an untracked one.
    #[serde(default)]
    modes: BTreeMap<String, String>,
    /// No repository, only a folder.
    #[serde(default)]
    folder: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Joined(Vec<String>),
    Base64 {
        base64: String,
    },
    Token {
        claims: String,
        /// The key it is signed with.
        by: Option<Box<Value>>,
        alg: Option<String>,
    },
}

impl Value {
    /// The text of it. `name` keeps two values with the same macro apart.
    fn text(&self, name: &str) -> String {
        // Macros give the same for the same text, and another for another text before them.
        let made = |text: &str| expand(&format!("{name}\n{text}"))[name.len() + 1..].to_owned();
        match self {
            Self::Text(text) => made(text),
            Self::Joined(parts) => parts.concat(),
            Self::Base64 { base64 } => BASE64.encode(made(base64).as_bytes()),
            Self::Token { claims, by, alg } => {
                let alg = alg.as_deref().unwrap_or("HS256");
                let key = by
                    .as_ref()
                    .map_or_else(|| made("<<an43>>"), |k| k.text("key"));
                let header = format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#);
                let signed = format!(
                    "{}.{}",
                    BASE64URL_NOPAD.encode(header.as_bytes()),
                    BASE64URL_NOPAD.encode(claims.as_bytes())
                );
                let signature = if alg == "HS256" {
                    hmac(key.as_bytes(), signed.as_bytes())
                } else {
                    made("<<an256>>").into_bytes()
                };
                format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
            }
        }
    }
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |with: u8| block.map(|b| b ^ with);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(text)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize()
        .to_vec()
}

impl Case {
    fn lay_out(&self, shared: &BTreeMap<String, Value>) -> Tree {
        let tree = if self.folder {
            Tree::new()
        } else {
            Tree::repository()
        };
        let mut values: Vec<(String, String)> = Vec::new();
        for (name, value) in shared.iter().chain(&self.values) {
            values.push((format!("<<{name}>>"), value.text(name)));
        }
        for (path, text) in &self.files {
            let filled = values.iter().fold(text.clone(), |text, (name, value)| {
                text.replace(name, value)
            });
            let file = tree.bytes(path, expand(&filled).as_bytes());
            let private = self.untracked.contains(path).then_some("600");
            if let Some(mode) = self.modes.get(path).map(String::as_str).or(private) {
                chmod(&file, mode);
            }
        }
        let tracked: Vec<&str> = self
            .files
            .keys()
            .map(String::as_str)
            .filter(|p| !self.untracked.iter().any(|u| u == p))
            .collect();
        if !self.folder && !tracked.is_empty() {
            tree.git(&[&["add", "-f", "--"], tracked.as_slice()].concat());
            tree.git(&["commit", "-q", "-m", "the project"]);
        }
        tree
    }

    /// What does not hold, if anything.
    fn fault(&self, run: &Run) -> Option<String> {
        if run.code != 0 {
            return Some(format!("exit code {}: {}", run.code, run.stderr));
        }
        let found = found(run);
        let mine = found
            .iter()
            .filter(|f| f.id == self.check || f.also.contains(&self.check));
        let wanted = match &self.flag {
            Some(severity) => {
                let at = match &self.at {
                    Some(at) => at.as_str(),
                    None => self.files.keys().next().map_or("", String::as_str),
                };
                let (path, line) = match at.rsplit_once(':') {
                    Some((path, line)) => (path, Some(line.parse().expect("a line"))),
                    None => (at, None),
                };
                let there = |f: &&Found| {
                    (path == "*" || f.path == path)
                        && line.is_none_or(|l: u64| l == f.line)
                        && f.severity == *severity
                };
                if mine.clone().any(|f| there(&f)) {
                    return None;
                }
                format!("{severity} at {at}")
            }
            None if self.absent => "nothing of it".to_owned(),
            None => "nothing of it above info".to_owned(),
        };
        if self.flag.is_none() && !mine.clone().any(|f| self.absent || f.severity != "info") {
            return None;
        }
        let there: Vec<String> = found.iter().map(ToString::to_string).collect();
        Some(format!("wanted {wanted}, found: [{}]", there.join("; ")))
    }
}

struct Found {
    id: String,
    also: Vec<String>,
    severity: String,
    path: String,
    line: u64,
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.id)?;
        if !self.also.is_empty() {
            write!(f, " (also {})", self.also.join(", "))?;
        }
        write!(f, " {} {}:{}", self.severity, self.path, self.line)
    }
}

fn found(run: &Run) -> Vec<Found> {
    let text = |v: &serde_json::Value| v.as_str().expect("a string").to_owned();
    let mut all = Vec::new();
    for finding in run.json()["findings"].as_array().expect("findings") {
        let also = finding["also"].as_array().expect("also");
        for place in finding["places"].as_array().expect("places") {
            all.push(Found {
                id: text(&finding["id"]),
                also: also.iter().map(text).collect(),
                severity: text(&place["severity"]),
                path: text(&place["path"]),
                line: place["line"].as_u64().expect("a line"),
            });
        }
    }
    all
}

#[cfg(unix)]
fn chmod(path: &Path, mode: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mode = u32::from_str_radix(mode, 8).expect("an octal mode");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("modes are set");
}

#[cfg(not(unix))]
fn chmod(_: &Path, _: &str) {}

fn read(name: &str) -> (String, Cases) {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).expect("a file of cases");
    let cases = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    (text, cases)
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/practices")
}

/// Runs all cases of a file, and lists every one that does not hold.
fn hold(name: &str) {
    let (text, cases) = read(name);
    let mut faults = Vec::new();
    for spanned in &cases.case {
        let case = spanned.get_ref();
        let tree = case.lay_out(&cases.values);
        let run = tree.keyward(&[
            "scan",
            ".",
            "--format",
            "json",
            "--pedantic",
            "--fail-on",
            "never",
            "--no-history",
            "--now",
            "2026-01-01",
        ]);
        if let Some(fault) = case.fault(&run) {
            let line = 1 + text[..spanned.span().start].matches('\n').count();
            let files: Vec<&str> = case.files.keys().map(String::as_str).collect();
            faults.push(format!(
                "{name}:{line} {} ({}): {fault}",
                case.check,
                files.join(", ")
            ));
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {} cases do not hold:\n{}",
        faults.len(),
        cases.case.len(),
        faults.join("\n")
    );
}

macro_rules! files {
    ($($test:ident = $file:literal;)*) => {
        const FILES: &[&str] = &[$($file),*];
        $(#[test] fn $test() { hold($file); })*
    };
}

files! {
    settings_files = "config.toml";
    pipelines_images_and_clusters = "delivery.toml";
    code = "code.toml";
    scripts_and_databases = "scripts.toml";
    addresses_and_credential_files = "credentials.toml";
    what_the_browser_gets = "public.toml";
    what_client_code_imports = "client-graph.toml";
    env_files = "env-files.toml";
    strength_and_reuse = "strength.toml";
    tokens = "tokens.toml";
    flows_and_hands = "flows.toml";
}

#[test]
fn tokens_are_signed_as_the_standard_says() {
    // RFC 4231, test case 2.
    let mac = hmac(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(
        data_encoding::HEXLOWER.encode(&mac),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn every_check_has_cases_of_both_kinds_and_every_file_is_run() {
    let mut there: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    there.sort();
    let mut run: Vec<&str> = FILES.to_vec();
    run.sort_unstable();
    assert_eq!(there, run);

    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for name in FILES {
        for case in read(name).1.case {
            let case = case.into_inner();
            assert_eq!(
                usize::from(case.flag.is_some())
                    + usize::from(case.clean)
                    + usize::from(case.absent),
                1,
                "{name}: a case of {} says one of flag, clean and absent",
                case.check
            );
            counts.entry(case.check).or_default()[usize::from(case.flag.is_none())] += 1;
        }
    }
    let few: Vec<_> = counts
        .iter()
        .filter(|(_, n)| n.iter().any(|n| *n < 5))
        .collect();
    assert!(few.is_empty(), "at least five of each kind, not {few:?}");
}
