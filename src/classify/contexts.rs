//! Where a file stands: by its path, by its first bytes, and whether a place in a line is a comment.
//!
//! Contexts lower or raise what a finding weighs; they never hide one. What is not sure is not said.

mod comment;
mod content;

use std::sync::LazyLock;

use foldhash::HashSet;
use serde::Deserialize;

use super::environments::{Environment, environment};
use crate::model::{Context, Contexts, RelPath};

pub use comment::in_comment;
pub use content::of_content;

type Set = HashSet<&'static str>;
type List = Vec<&'static str>;

/// `contexts.toml` as it is written.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Lexicon {
    dirs: Dirs,
    files: Files,
    credentials: Credentials,
    environments: Environments,
    content: Content,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Dirs {
    test: Set,
    docs: Set,
    example: Set,
    vendored: Set,
    generated: Set,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Files {
    test_starts: List,
    test_ends: List,
    test_middles: Set,
    example_middles: Set,
    example_ends: List,
    example_starts: List,
    docs_starts: List,
    docs_ends: List,
    lockfiles: Set,
    vendored_names: Set,
    minified_ends: List,
    generated_ends: List,
    client_ends: List,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Credentials {
    names: Set,
    ends: List,
    starts: List,
    paths: List,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Environments {
    pub production: Set,
    pub staging: Set,
    pub development: Set,
    pub test: Set,
    pub before: Set,
    pub strict: Set,
    pub dirs: Set,
    pub config_dirs: Set,
    pub stems: List,
    pub open_stems: Set,
    pub not_labels: Set,
    pub no_environment: Set,
    pub data_ends: List,
}

/// The lists of `[environments]`.
pub(super) fn environments() -> &'static Environments {
    &LEXICON.environments
}

/// Owned, because these hold quotes, which JSON escapes.
#[derive(Deserialize)]
struct Content {
    generated: Vec<String>,
    script: Vec<String>,
    document: Vec<String>,
    globals: Vec<String>,
    server: Vec<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // Embedded text, whose shape a test holds.
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/contexts.json")))
        .expect("rules/contexts.toml has the shape that contexts.rs reads")
});

/// What a path says of its file.
pub fn of_path(path: &RelPath) -> Contexts {
    let lexicon = &*LEXICON;
    let text = String::from_utf8_lossy(path.as_bytes());
    let all_lower = text.to_ascii_lowercase();
    let name = text.rsplit('/').next().unwrap_or_default();
    let (dirs, lower) = all_lower.split_at(text.len() - name.len());
    [
        of_dirs(dirs, &lexicon.dirs),
        Contexts::from_iter(is_translation(&text, &all_lower).then_some(Context::Docs)),
        of_name(name, lower, &lexicon.files),
        Contexts::from_iter(is_env_file(path.name()).then_some(Context::EnvFile)),
        Contexts::from_iter(is_of_production(path, lower).then_some(Context::Production)),
    ]
    .into_iter()
    .fold(Contexts::default(), Contexts::union)
}

/// Settings of production, not code that runs there.
fn is_of_production(path: &RelPath, lower: &str) -> bool {
    let ends = &LEXICON.environments.data_ends;
    (is_env_file(path.name()) || ends.iter().any(|end| lower.ends_with(end)))
        && environment(path) == Some(Environment::Production)
}

/// Whether a file name is that of a template.
pub(super) fn is_template(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name);
    of_name(&name, &name.to_ascii_lowercase(), &LEXICON.files).has(Context::Example)
}

/// What folders say, which are in lower case.
fn of_dirs(dirs: &str, lists: &Dirs) -> Contexts {
    let mut out = Contexts::default();
    for dir in dirs.split('/').filter(|d| !d.is_empty()) {
        for (list, context) in [
            (&lists.test, Context::Test),
            (&lists.docs, Context::Docs),
            (&lists.example, Context::Example),
            (&lists.vendored, Context::Vendored),
            (&lists.generated, Context::Generated),
        ] {
            if list.contains(dir) {
                out = out.with(context);
            }
        }
        // `my-app.tests`, `foo_test`, `Acme.Web.Tests`
        if ["-test", "-tests", "_test", "_tests", ".test", ".tests"]
            .iter()
            .any(|end| dir.ends_with(end))
        {
            out = out.with(Context::Test);
        }
        if dir.ends_with(".dist-info") || dir.ends_with(".egg-info") {
            out = out.with(Context::Vendored);
        }
    }
    out
}

/// Whether it holds what people read, in one of their languages: `lang/de/auth.php`, `resources/lang/pt-BR/x.php`, `config/locales/fr.yml`,
/// `intl/messages/de-CH.json`, `locale_pt-BR.ini`, `messages_de.properties`. `lower` is `path` in lower case.
fn is_translation(path: &str, lower: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "i18n",
        "intl",
        "lang",
        "langs",
        "language",
        "languages",
        "locale",
        "locales",
        "translations",
    ];
    /// How such files are called, the language behind.
    const NAMES: &[&str] = &[
        "locale",
        "messages",
        "strings",
        "translation",
        "translations",
    ];
    // Of a language for programs the folder would be called so too.
    const OTHERS: &[&str] = &["db", "go", "js", "md", "py", "rb", "rs", "ts"];
    let is_tag = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default();
        let mut parts = stem.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_lowercase())
            && !OTHERS.contains(&language)
            && parts.clone().count() <= 2
            && parts.all(|part| (2..=4).contains(&part.len()) && letters(part))
            // Three letters alone are a word as often.
            && (language.len() == 2 || stem.len() > 3)
    };
    let is_named = |part: &str| {
        let named = part.split_once(['_', '.', '-']);
        named.is_some_and(|(name, tag)| NAMES.contains(&name) && tag.contains('.') && is_tag(tag))
    };
    let mut parts = path.split('/');
    let mut folders = lower.split('/');
    while let (Some(part), Some(folder)) = (parts.next(), folders.next()) {
        let mut next = parts.clone().take(2);
        if is_named(part) || FOLDERS.contains(&folder) && next.any(is_tag) {
            return true;
        }
    }
    false
}

fn of_name(name: &str, lower: &str, lists: &Files) -> Contexts {
    let starts = |list: &List| list.iter().any(|p| lower.starts_with(p));
    let ends = |list: &List| list.iter().any(|p| lower.ends_with(p));
    // A leading dot begins no middle: `.env.test` is an environment, not a test.
    let stem = lower.trim_start_matches('.');
    let middle = |list: &Set| {
        let inner = stem
            .split_once('.')
            .and_then(|(_, rest)| rest.rsplit_once('.'));
        inner.is_some_and(|(inner, _)| inner.split('.').any(|part| list.contains(part)))
    };
    let mut out = Contexts::default();
    let mut set = |yes: bool, context| {
        if yes {
            out = out.with(context);
        }
    };
    let cased = lists.test_ends.iter().any(|end| name.ends_with(end));
    let env = is_env_file(name.as_bytes());
    set(
        cased || (!env && (middle(&lists.test_middles) || starts(&lists.test_starts))),
        Context::Test,
    );
    set(
        ends(&lists.example_ends)
            || starts(&lists.example_starts)
            || middle(&lists.example_middles),
        Context::Example,
    );
    set(
        ends(&lists.docs_ends) || (starts(&lists.docs_starts) && is_text_name(lower)),
        Context::Docs,
    );
    set(lists.lockfiles.contains(lower), Context::Lockfile);
    set(lists.vendored_names.contains(lower), Context::Vendored);
    set(ends(&lists.minified_ends), Context::Minified);
    set(ends(&lists.generated_ends), Context::Generated);
    set(ends(&lists.client_ends), Context::Client);
    out
}

/// `README`, `README.txt`, not `readme.js`.
fn is_text_name(lower: &str) -> bool {
    !lower.contains('.')
        || lower.ends_with(".txt")
        || lower.ends_with(".md")
        || lower.ends_with(".html")
}

/// Whether a file name is that of an environment file: `.env`, `.env.production`, `prod.env`, `.envrc`, `.dev.vars`, `.flaskenv`.
pub fn is_env_file(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    if matches!(
        lower.as_slice(),
        b".env" | b".envrc" | b"env" | b".flaskenv" | b".dev.vars" | b".env-cmdrc"
    ) {
        return lower != b"env";
    }
    let code: [&[u8]; 16] = [
        b".js",
        b".ts",
        b".mjs",
        b".cjs",
        b".d.ts",
        b".py",
        b".rb",
        b".go",
        b".rs",
        b".java",
        b".php",
        b".tsx",
        b".jsx",
        b".md",
        b".json.erb",
        b".cs",
    ];
    if code.iter().any(|end| lower.ends_with(end)) {
        return false;
    }
    let prefixed: [&[u8]; 4] = [b".env.", b".env-", b".env_", b".dev.vars."];
    prefixed.iter().any(|p| lower.len() > p.len() && lower.starts_with(p)) || (lower.len() > 4 && lower.ends_with(b".env"))
        // `env.local`, `env.production`: what `.env` is called where dots are not wanted.
        || [&b"env.local"[..], b"env.production", b"env.prod", b"env.development", b"env.dev", b"env.staging", b"env.example", b"env.sample", b"env.template"].contains(&lower.as_slice())
}

/// Whether a file is kept for the credentials in it, or is where they are mostly found: always worth a look. `name` is the last part of `path`.
pub fn is_credential_file(name: &[u8], path: &RelPath) -> bool {
    if is_plain_code(name) {
        return false;
    }
    if is_env_file(name) {
        return true;
    }
    let lists = &LEXICON.credentials;
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    // The public half is no secret, and a template is judged as one.
    if lower.ends_with(".pub") {
        return false;
    }
    let whole = String::from_utf8_lossy(path.as_bytes()).to_ascii_lowercase();
    let ends_path = |end: &&str| {
        whole
            .strip_suffix(end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    lists.names.contains(lower.as_str())
        || lists
            .ends
            .iter()
            .any(|end| lower.len() > end.len() && lower.ends_with(end))
        || lists
            .starts
            .iter()
            .any(|start| lower.starts_with(start) && !is_source(&lower))
        || lists.paths.iter().any(ends_path)
        || (lower.starts_with("appsettings") && lower.ends_with(".json"))
        || (lower.starts_with("docker-compose")
            && (lower.ends_with(".yml") || lower.ends_with(".yaml")))
        || (lower.starts_with("application")
            && [".yml", ".yaml", ".properties"]
                .iter()
                .any(|e| lower.ends_with(e)))
}

/// Most files of a tree, told by one look at their end; a test holds that no credential file ends so.
fn is_plain_code(name: &[u8]) -> bool {
    let dot = name.iter().rposition(|&b| b == b'.');
    dot.is_some_and(|dot| PLAIN_CODE.contains(&&name[dot + 1..]))
}

const PLAIN_CODE: &[&[u8]] = &[
    b"rs", b"go", b"c", b"h", b"cc", b"cpp", b"hpp", b"java", b"kt", b"md", b"html", b"css",
    b"svg", b"ts", b"tsx", b"jsx", b"js", b"mjs", b"cs", b"swift", b"scss", b"lock", b"png",
];

/// Code that handles such files is named after them.
fn is_source(lower: &str) -> bool {
    [
        ".js", ".ts", ".py", ".rb", ".go", ".rs", ".java", ".kt", ".cs", ".php", ".tsx", ".jsx",
        ".md", ".sh", ".html",
    ]
    .iter()
    .any(|e| lower.ends_with(e))
}

#[cfg(test)]
mod tests;
