//! What a project depends on, by its manifest: whether it reads environment files, and whether it commits them by convention.
//!
//! Names of dependencies, never words of a text: a description that speaks of dotenv loads nothing. What cannot be parsed depends on nothing.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use super::{File, Tree, env_files, folders};
use crate::model::RelPath;

/// Manifests of projects, by name.
pub(super) const NAMES: &[&str] = &[
    "package.json",
    "composer.json",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "Gemfile",
    "go.mod",
    "Cargo.toml",
];

/// Packages that read `.env` files, in the order of the manifests above.
const LOADERS: &[(&str, &[&str])] = &[
    (
        "package.json",
        &[
            "dotenv",
            "dotenv-cli",
            "dotenv-expand",
            "dotenv-flow",
            "dotenv-safe",
            "dotenv-webpack",
            "dotenv-defaults",
            "@dotenvx/dotenvx",
            "env-cmd",
            "next",
            "nuxt",
            "nuxt3",
            "vite",
            "react-scripts",
            "@vue/cli-service",
            "astro",
            "@sveltejs/kit",
            "expo",
            "gatsby",
            "@nestjs/config",
            "@remix-run/dev",
            "@react-router/dev",
            "react-native-config",
            "react-native-dotenv",
            "@t3-oss/env-nextjs",
            "wrangler",
        ],
    ),
    (
        "composer.json",
        &["laravel/framework", "vlucas/phpdotenv", "symfony/dotenv"],
    ),
    ("pyproject.toml", PYTHON),
    ("requirements.txt", PYTHON),
    ("Pipfile", PYTHON),
    ("Gemfile", &["dotenv", "dotenv-rails", "figaro"]),
    (
        "go.mod",
        &[
            "github.com/joho/godotenv",
            "github.com/subosito/gotenv",
            "github.com/spf13/viper",
        ],
    ),
    ("Cargo.toml", &["dotenv", "dotenvy"]),
];
const PYTHON: &[&str] = &[
    "python-dotenv",
    "python-decouple",
    "django-environ",
    "environs",
    "pydantic-settings",
    "dynaconf",
    "pipenv",
];

/// Bundlers whose documentation has `.env` and `.env.production` committed, with settings that end up in the browser anyway.
const COMMITTERS: &[&str] = &[
    "vite",
    "next",
    "nuxt",
    "react-scripts",
    "@vue/cli-service",
    "astro",
    "@sveltejs/kit",
    "gatsby",
    "expo",
];

/// Whether `file` is a manifest of a project.
pub(super) fn is_manifest(file: &File) -> bool {
    NAMES.iter().any(|name| name.as_bytes() == file.path.name())
}

/// Whether the project of this manifest reads environment files.
pub(super) fn loads_env_files(manifest: &File) -> bool {
    let known = LOADERS
        .iter()
        .find(|(name, _)| name.as_bytes() == manifest.path.name());
    known.is_some_and(|(_, loaders)| {
        dependencies(manifest)
            .iter()
            .any(|name| loaders.contains(&name.as_str()))
    })
}

/// Which projects commit their environment files by convention; each manifest is read once.
pub(super) struct Conventions<'t> {
    tree: &'t Tree<'t>,
    known: RefCell<HashMap<&'t [u8], bool>>,
}

impl<'t> Conventions<'t> {
    /// Those of the projects in `tree`.
    pub(super) fn of(tree: &'t Tree<'_>) -> Self {
        Self {
            tree,
            known: RefCell::default(),
        }
    }

    /// Whether the project around `path` is one of them.
    pub(super) fn commit(&self, path: &RelPath) -> bool {
        let manifest = folders::nearest(self.tree, path.as_bytes(), b"package.json");
        manifest.is_some_and(|file| {
            let mut known = self.known.borrow_mut();
            *known.entry(file.path.as_bytes()).or_insert_with(|| {
                let names = dependencies(file);
                names.iter().any(|name| COMMITTERS.contains(&name.as_str()))
            })
        })
    }
}

/// The names of what a manifest depends on, as its ecosystem spells them.
pub(super) fn dependencies(manifest: &File) -> Vec<String> {
    let text = env_files::text(manifest);
    match manifest.path.name() {
        b"package.json" => of_json(
            text,
            &[
                "dependencies",
                "devDependencies",
                "peerDependencies",
                "optionalDependencies",
            ],
        ),
        b"composer.json" => of_json(text, &["require", "require-dev"]),
        b"pyproject.toml" | b"Pipfile" | b"Cargo.toml" => of_toml(text),
        name => of_lines(text, name),
    }
}

/// The object that a JSON file holds.
pub(super) fn json(text: &[u8]) -> Option<Value> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).ok()
}

fn of_json(text: &[u8], tables: &[&str]) -> Vec<String> {
    let manifest = json(text).unwrap_or_default();
    let objects = tables
        .iter()
        .filter_map(|table| manifest.get(table)?.as_object());
    objects.flat_map(|table| table.keys().cloned()).collect()
}

/// PEP 621 and PEP 735 lists, Poetry's, Pipenv's and Cargo's tables.
fn of_toml(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let Ok(manifest) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let mut names = Vec::new();
    collect(&manifest, false, DEEPEST, &mut names);
    names
}

/// Tables of a manifest lie no deeper: `tool.poetry.group.dev.dependencies`.
const DEEPEST: u8 = 6;

/// Adds what tables and lists of dependencies name; `within` says that everything in `table` is such a list.
fn collect(table: &toml::Table, within: bool, depth: u8, names: &mut Vec<String>) {
    const TABLES: &[&str] = &[
        "dependencies",
        "dev-dependencies",
        "build-dependencies",
        "packages",
        "dev-packages",
    ];
    const LISTS: &[&str] = &["optional-dependencies", "dependency-groups"];
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) if TABLES.contains(&key.as_str()) => {
                names.extend(inner.keys().map(|name| normal(name)));
            }
            toml::Value::Table(inner) if depth > 0 => {
                collect(inner, LISTS.contains(&key.as_str()), depth - 1, names);
            }
            toml::Value::Array(list) if within || key == "dependencies" => {
                let specifiers = list.iter().filter_map(toml::Value::as_str);
                names.extend(specifiers.map(|specifier| normal(first_word(specifier))));
            }
            _ => {}
        }
    }
}

/// One dependency a line: `name==1.0`, `gem "name"`, `require path v1`. Of a comment the first word is no name.
fn of_lines(text: &[u8], manifest: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(str::trim);
    let name = |line: &str| -> Option<String> {
        match manifest {
            b"Gemfile" => {
                let rest = line.strip_prefix("gem")?.trim_start_matches([' ', '(']);
                let quote = rest.chars().next().filter(|c| "\"'".contains(*c))?;
                rest[1..].split(quote).next().map(str::to_owned)
            }
            b"go.mod" => {
                let line = line
                    .strip_prefix("require")
                    .unwrap_or(line)
                    .trim_start_matches([' ', '(']);
                line.split_ascii_whitespace().next().map(str::to_owned)
            }
            _ => Some(normal(first_word(line))),
        }
    };
    lines.filter_map(name).collect()
}

/// The name at the start of a Python requirement.
fn first_word(specifier: &str) -> &str {
    let end = specifier.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
    &specifier[..end.unwrap_or(specifier.len())]
}

/// Python takes `Python_Dotenv` and `python-dotenv` for one name (PEP 503).
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::super::tests::governing;
    use super::*;

    #[test]
    fn a_loader_is_a_dependency() {
        for (path, text) in [
            ("package.json", r#"{"dependencies":{"dotenv":"1"}}"#),
            ("a/package.json", r#"{"devDependencies":{"vite":"7"}}"#),
            (
                "composer.json",
                r#"{"require":{"laravel/framework":"^12"}}"#,
            ),
            (
                "pyproject.toml",
                "[project]\ndependencies = [\"python-dotenv[cli]>=1.0\"]",
            ),
            (
                "pyproject.toml",
                "[project.optional-dependencies]\ndev = [\"Python_Decouple\"]",
            ),
            (
                "pyproject.toml",
                "[tool.poetry.group.dev.dependencies]\ndjango-environ = \"*\"",
            ),
            ("Pipfile", "[packages]\npydantic-settings = \"*\""),
            ("requirements.txt", "django\npython-dotenv==1.0 # env"),
            (
                "Gemfile",
                "source \"x\"\n  gem 'dotenv-rails', groups: [:dev]",
            ),
            (
                "go.mod",
                "module a\nrequire (\n\tgithub.com/joho/godotenv v1.5.1\n)",
            ),
            ("Cargo.toml", "[dependencies]\ndotenvy = \"0.15\""),
        ] {
            assert!(loads_env_files(&governing(path, text)), "{path}: {text}");
        }
    }

    #[test]
    fn a_word_is_none() {
        for (path, text) in [
            (
                "package.json",
                r#"{"description":"uses dotenv","dependencies":{"next-tick":"1"}}"#,
            ),
            ("package.json", r#"{"dependencies":"dotenv"}"#),
            ("package.json", "not json: dotenv"),
            (
                "pyproject.toml",
                "[project]\ndescription = \"like python-dotenv\"\ndependencies = [\"flask\"]",
            ),
            ("requirements.txt", "# python-dotenv\npython-dotenv-run"),
            ("Gemfile", "# gem 'dotenv'\ngem 'rails'"),
            ("go.mod", "module github.com/joho/godotenv-like"),
            ("manage.py", "import dotenv"),
        ] {
            assert!(!loads_env_files(&governing(path, text)), "{path}: {text}");
        }
    }
}
