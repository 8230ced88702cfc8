//! Which environment a file configures: takes a path, and gives what its name or its folders say.
//!
//! It reads no file, so that `environment:` blocks of a CI file are not seen. Its words live in `[environments]` of
//! `rules/contexts.toml`. What is not sure is not said: `web.env` and `config/routes.json` belong to no environment.

use super::contexts::{environments, is_env_file, is_template};
use crate::model::RelPath;

/// Where the values of a file are used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// What users use.
    Production,
    /// What comes before: staging, QA, previews.
    Staging,
    /// The machine of a developer.
    Development,
    /// Test runs.
    Test,
    /// One that the team named: `overlays/acme/`. Lower case.
    Other(String),
}

/// A path longer than this is looked at from its end.
const LONGEST: usize = 1024;

/// The environment of the file at `path`; nothing for templates, for what all environments share, and where the path does not say.
///
/// The file's name counts first, then the nearest folder; `.env` and `.env.local` are of development where neither says more.
pub fn environment(path: &RelPath) -> Option<Environment> {
    if is_template(path.name()) {
        return None;
    }
    let bytes = path.as_bytes();
    let bytes = &bytes[bytes.len().saturating_sub(LONGEST)..];
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (dirs, name) = text.rsplit_once('/').unwrap_or(("", &text));
    let env = is_env_file(path.name());
    if env && is_plain_env(name) {
        return of_dirs(dirs).or(Some(Environment::Development));
    }
    match of_name(name, dirs.rsplit('/').next().unwrap_or_default(), env) {
        Label::Says(environment) => Some(environment),
        Label::None if env => None,
        _ => of_dirs(dirs),
    }
}

/// What a file name says of its environment.
enum Label {
    Says(Environment),
    /// It has a label, which is no environment: `.env.vault`, `values.schema.json`.
    None,
    /// It has no label.
    Silent,
}

/// `.env`, `.env.local`, `.envrc`, `.dev.vars`: a name that the tools give, whatever the environment.
fn is_plain_env(name: &str) -> bool {
    matches!(name, ".env" | ".envrc" | ".flaskenv" | ".dev.vars")
        || env_label(name).is_some_and(|label| {
            pieces(label).all(|piece| environments().not_labels.contains(piece))
        })
}

/// What follows `.env` and its like.
fn env_label(name: &str) -> Option<&str> {
    [".env", "env", ".dev.vars"]
        .iter()
        .find_map(|start| name.strip_prefix(start))
        .filter(|rest| rest.starts_with(['.', '-', '_']))
        .map(|rest| &rest[1..])
}

fn of_name(name: &str, dir: &str, env: bool) -> Label {
    let lists = environments();
    if env && let Some(rest) = env_label(name) {
        return open_label(rest);
    }
    let Some((stem, extension)) = name.trim_start_matches('.').rsplit_once('.') else {
        return Label::Silent;
    };
    // `values-prod.yaml`, `environment.prod.ts`
    for start in &lists.stems {
        let Some(rest) = stem.strip_prefix(start) else {
            continue;
        };
        if rest.starts_with(['.', '-', '_']) {
            let open = lists.open_stems.contains(start) && is_data(name);
            return if open {
                open_label(&rest[1..])
            } else {
                known(&rest[1..]).map_or(Label::None, Label::Says)
            };
        }
    }
    if lists.dirs.contains(dir) && is_data(name) {
        return open_label(stem);
    }
    // `prod.env`, `prod.tfvars`, `config/production.json`
    let named = matches!(extension, "env" | "tfvars")
        || lists.config_dirs.contains(dir)
        || lists.dirs.contains(dir);
    if named && let Some(environment) = known(stem) {
        return Label::Says(environment);
    }
    // `database.production.json`; in `login.test.json` the word is of tests, not of an environment.
    let middle = stem
        .rsplit_once('.')
        .filter(|_| is_data(name))
        .and_then(|(_, middle)| known(middle))
        .filter(|environment| *environment != Environment::Test);
    middle.map_or(Label::Silent, Label::Says)
}

fn is_data(name: &str) -> bool {
    environments()
        .data_ends
        .iter()
        .any(|end| name.ends_with(end))
}

/// The nearest folder that says it.
fn of_dirs(dirs: &str) -> Option<Environment> {
    let lists = environments();
    let mut parts = dirs.rsplit('/').peekable();
    while let Some(dir) = parts.next() {
        let parent = parts.peek().copied().unwrap_or_default();
        if lists.dirs.contains(parent) {
            return match open_label(dir) {
                Label::Says(environment) => Some(environment),
                _ => None,
            };
        }
        let told = lists.strict.contains(dir) || lists.config_dirs.contains(parent);
        if told && let Some(environment) = known(dir) {
            return Some(environment);
        }
    }
    None
}

/// A label where any word is an environment but those that are listed as none.
fn open_label(label: &str) -> Label {
    let lists = environments();
    let rest: Vec<_> = pieces(label)
        .filter(|piece| !lists.not_labels.contains(piece))
        .collect();
    match known(label) {
        // `.env.acme.local`: `local` says who keeps the file.
        Some(environment) if rest.is_empty() || known(&rest.join("-")).is_some() => {
            return Label::Says(environment);
        }
        _ if rest.is_empty() => return Label::Silent,
        _ => {}
    }
    if rest
        .iter()
        .any(|piece| lists.no_environment.contains(piece))
    {
        return Label::None;
    }
    Label::Says(Environment::Other(rest.join("-")))
}

/// The environment that a word of `label` names: `prod`, `eu-prod`, `production.local`. `local` counts where no other word does.
fn known(label: &str) -> Option<Environment> {
    let lists = environments();
    let mut found = None;
    let mut before = "";
    for piece in pieces(label) {
        let word = piece.trim_end_matches(|c: char| c.is_ascii_digit());
        let environment = [
            (&lists.production, Environment::Production),
            (&lists.staging, Environment::Staging),
            (&lists.development, Environment::Development),
            (&lists.test, Environment::Test),
        ]
        .into_iter()
        .find_map(|(words, environment)| {
            (words.contains(piece) || words.contains(word)).then_some(environment)
        });
        match environment {
            Some(Environment::Production) if lists.before.contains(before) => {
                return Some(Environment::Staging);
            }
            Some(environment) if piece != "local" => return Some(environment),
            Some(environment) => found = Some(environment),
            None if lists.no_environment.contains(piece) => return None,
            None => {}
        }
        before = piece;
    }
    found
}

fn pieces(label: &str) -> impl Iterator<Item = &str> {
    label
        .split(['.', '-', '_', ' '])
        .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests;
