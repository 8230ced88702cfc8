//! Where a file stands: by its path, by its first bytes, and whether a place in a line is a comment.
//!
//! Contexts lower or raise what a finding weighs; they never hide one. What is not sure is not said.

mod comment;
mod content;
mod ends;

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use super::environments::{Environment, environment};
use crate::model::{Context, Contexts, RelPath};

pub use comment::in_comment;
pub use content::of_content;
use ends::Ends;

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

/// What the names of folders say.
static FOLDERS: LazyLock<HashMap<&'static str, Contexts>> = LazyLock::new(|| {
    let dirs = &LEXICON.dirs;
    let mut folders = HashMap::default();
    for (list, context) in [
        (&dirs.test, Context::Test),
        (&dirs.docs, Context::Docs),
        (&dirs.example, Context::Example),
        (&dirs.vendored, Context::Vendored),
        (&dirs.generated, Context::Generated),
    ] {
        for &name in list {
            let said: &mut Contexts = folders.entry(name).or_default();
            *said = said.with(context);
        }
    }
    folders
});

/// Ends of names as they are written.
static CASED_ENDS: LazyLock<Ends<Context>> =
    LazyLock::new(|| Ends::new([(&LEXICON.files.test_ends, Context::Test)]));

/// Ends of names in any case.
static ENDS: LazyLock<Ends<Context>> = LazyLock::new(|| {
    let files = &LEXICON.files;
    Ends::new([
        (&files.example_ends, Context::Example),
        (&files.docs_ends, Context::Docs),
        (&files.minified_ends, Context::Minified),
        (&files.generated_ends, Context::Generated),
        (&files.client_ends, Context::Client),
    ])
});

/// Ends of the names of credential files, and of their paths.
static CREDENTIAL_ENDS: LazyLock<[Ends<()>; 2]> = LazyLock::new(|| {
    let lists = &LEXICON.credentials;
    [&lists.ends, &lists.paths].map(|list| Ends::new([(list, ())]))
});

/// What a path says of its file.
pub fn of_path(path: &RelPath) -> Contexts {
    let lexicon = &*LEXICON;
    let text = String::from_utf8_lossy(path.as_bytes());
    let all_lower = text.to_ascii_lowercase();
    let name = text.rsplit('/').next().unwrap_or_default();
    let (dirs, lower) = all_lower.split_at(text.len() - name.len());
    [
        of_dirs(dirs),
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
fn of_dirs(dirs: &str) -> Contexts {
    let mut out = Contexts::default();
    for dir in dirs.split('/').filter(|d| !d.is_empty()) {
        out = out.union(FOLDERS.get(dir).copied().unwrap_or_default());
        // `my-app.tests`, `foo_test`, `Acme.Web.Tests`
        let behind = |sign: fn(u8) -> bool| {
            let at = dir.bytes().rposition(sign)?;
            dir.as_bytes().get(at + 1..)
        };
        if let Some(b"test" | b"tests") = behind(|b| matches!(b, b'-' | b'_' | b'.')) {
            out = out.with(Context::Test);
        }
        if let Some(b"dist-info" | b"egg-info") = behind(|b| b == b'.') {
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
    // A leading dot begins no middle: `.env.test` is an environment, not a test.
    let stem = lower.trim_start_matches('.');
    let middle = |list: &Set| {
        let inner = stem
            .split_once('.')
            .and_then(|(_, rest)| rest.rsplit_once('.'));
        inner.is_some_and(|(inner, _)| inner.split('.').any(|part| list.contains(part)))
    };
    let cased = CASED_ENDS.of(name.as_bytes());
    let ends = cased.filter(|(end, _)| name.ends_with(end));
    let ends = ends.chain(ENDS.of(name.as_bytes()));
    let mut out: Contexts = ends.map(|(_, context)| *context).collect();
    let mut set = |yes: bool, context| {
        if yes {
            out = out.with(context);
        }
    };
    set(
        (middle(&lists.test_middles) || starts(&lists.test_starts))
            && !is_env_file(name.as_bytes()),
        Context::Test,
    );
    set(
        starts(&lists.example_starts) || middle(&lists.example_middles),
        Context::Example,
    );
    set(
        starts(&lists.docs_starts) && is_text_name(lower),
        Context::Docs,
    );
    set(lists.lockfiles.contains(lower), Context::Lockfile);
    set(lists.vendored_names.contains(lower), Context::Vendored);
    out
}

/// Whether a file of that name is client code by its name: what [`of_path`] says of it.
pub fn is_client_name(name: &[u8]) -> bool {
    ENDS.of(name)
        .any(|(_, context)| *context == Context::Client)
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
    // Each of these holds the letter.
    if memchr::memchr2(b'v', b'V', name).is_none() {
        return false;
    }
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
    let lower = name.to_ascii_lowercase();
    // The public half is no secret, and a template is judged as one.
    if lower.ends_with(b".pub") {
        return false;
    }
    let [ends, paths] = &*CREDENTIAL_ENDS;
    let path = path.as_bytes();
    let is_part = |end: &str| {
        let before = path[..path.len() - end.len()].last();
        before.is_none_or(|&b| b == b'/')
    };
    let starts = |start: &str| lower.starts_with(start.as_bytes());
    let ends_in = |list: &[&[u8]]| list.iter().any(|end| lower.ends_with(end));
    std::str::from_utf8(&lower).is_ok_and(|lower| lists.names.contains(lower))
        || ends.of(name).any(|(end, ())| name.len() > end.len())
        || lists.starts.iter().any(|start| starts(start)) && !is_source(&lower)
        || paths.of(path).any(|(end, ())| is_part(end))
        || starts("appsettings") && lower.ends_with(b".json")
        || starts("docker-compose") && ends_in(&[b".yml", b".yaml"])
        || starts("application") && ends_in(&[b".yml", b".yaml", b".properties"])
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
fn is_source(lower: &[u8]) -> bool {
    [
        ".js", ".ts", ".py", ".rb", ".go", ".rs", ".java", ".kt", ".cs", ".php", ".tsx", ".jsx",
        ".md", ".sh", ".html",
    ]
    .iter()
    .any(|e| lower.ends_with(e.as_bytes()))
}

#[cfg(test)]
mod tests;
