//! What an environment file is worth to whoever reads it, and which line of an ignore file keeps it out.
//!
//! Takes what was kept of files, gives words and lines. It does not say how bad anything is: each check does.

use super::{Entry, File, Tree, folders, told};
use crate::classify::contexts;
use crate::classify::values::ValueClass;
use crate::model::{Context, Contexts, RelPath, Secret};

/// What is made to be guessed begins below; machine-made tokens at it (see [`crate::classify::values::Value::bits`]).
const USABLE_BITS: f32 = 40.0;

/// In these an environment file is mostly made up.
pub(super) const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];
/// Other people's files, and what programs made.
pub(super) const NOT_OWN: &[Context] = &[
    Context::Vendored,
    Context::Minified,
    Context::Lockfile,
    Context::Generated,
];

/// What a file of settings holds, the worst of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// Nothing at all.
    Nothing,
    /// Secrets that are encrypted, and none that is not.
    Sealed,
    /// Settings, and at most names of secrets that are empty or fetched elsewhere.
    Settings,
    /// Values to be replaced.
    Placeholders,
    /// Values that open something if they are in use: weak, short or of no known kind.
    Guessable,
    /// Values that somebody uses: made by a machine, or in a provider's format.
    Usable,
}

/// What `file` holds.
pub(super) fn worth(file: &File) -> Worth {
    let entries = file.entries.iter().filter(|entry| is_credential(entry));
    let found = file.found.iter().map(|(id, _)| {
        if is_issued(id) {
            Worth::Usable
        } else {
            Worth::Guessable
        }
    });
    let worst = entries.filter_map(worth_of).chain(found).max();
    match worst {
        Some(worth) => worth,
        None if file.settings > 0 || !file.entries.is_empty() => Worth::Settings,
        None => Worth::Nothing,
    }
}

/// The worth of one value; nothing where it is fetched elsewhere.
fn worth_of(entry: &Entry) -> Option<Worth> {
    use ValueClass::{
        Boolean, Dictionary, Empty, Encrypted, Hash, Identifier, Media, Number, Opaque,
        PasswordHash, Path, Placeholder, Prose, PublicKey, Reference, Url, Uuid,
    };
    match entry.value.class {
        Opaque | Uuid | Hash if entry.value.bits >= USABLE_BITS => Some(Worth::Usable),
        Opaque | Uuid | Hash | Dictionary | Number | Identifier | Prose | PasswordHash => {
            Some(Worth::Guessable)
        }
        Placeholder => Some(Worth::Placeholders),
        Encrypted => Some(Worth::Sealed),
        Empty | Reference | Boolean | Path | Url | Media | PublicKey => None,
    }
}

/// Whether the name means a secret that nobody is meant to publish.
pub(super) fn is_credential(entry: &Entry) -> bool {
    entry.name.class.holds_secret() && !entry.name.client_safe
}

/// Whether the entry is a secret whose value stands in its file.
pub(super) fn is_written(entry: &Entry) -> bool {
    is_credential(entry) && worth_of(entry).is_some_and(|worth| worth >= Worth::Placeholders)
}

/// Whether every setting of `file` is known, and is made to be published.
pub(super) fn is_public(file: &File) -> bool {
    file.entries.len() == file.settings
        && file
            .entries
            .iter()
            .all(|entry| entry.name.public && entry.name.client_safe)
}

/// The names of the secrets whose values stand in `file`, the worst first, as a detail called `word`; where no name says so, the checks that
/// found one. Nothing where there is none.
pub(super) fn holds(file: &File, word: &'static str) -> Option<(&'static str, String)> {
    let written = file.entries.iter().filter(|entry| is_written(entry));
    let mut written: Vec<&Entry> = written.collect();
    written.sort_by_key(|entry| std::cmp::Reverse(worth_of(entry)));
    let names = written.iter().map(|entry| entry.key.as_str());
    let found = file.found.iter().map(|(id, _)| id.as_str());
    let (word, list) = if written.is_empty() {
        ("found", told::list(found))
    } else {
        (word, told::list(names))
    };
    (!list.is_empty()).then_some((word, list))
}

/// Whether a check knows its credential by the format that a provider or a program gives it, so that nobody made it up: all but those that go by
/// names, by places or by the strength of a value, and those of addresses, whose passwords are often `postgres`.
fn is_issued(id: &str) -> bool {
    const STARTS: &[&str] = &[
        "hardcoded-",
        "secret-",
        "jwt-",
        "public-env-",
        "client-env-",
        "server-secret-",
        "token-",
        "credential-",
        "basic-auth-",
        "ldap-bind-",
        "password-",
        "env-",
        "netrc-",
        "maven-",
        "dotnet-",
        "android-signing-",
        "log-",
        "oauth-",
        "cookie-",
        "ci-",
        "master-credential-",
    ];
    const ENDS: &[&str] = &[
        "-connection-uri",
        "-connection-url",
        "-keyword-dsn",
        "-connection-string",
    ];
    // These hold a key that the provider made.
    let azure = id.starts_with("azure-");
    azure
        || !STARTS.iter().any(|start| id.starts_with(start))
            && !ENDS.iter().any(|end| id.ends_with(end))
}

/// Whether a path is that of an environment file that a program reads: no template, and none that is encrypted as a whole.
pub(super) fn is_env_path(path: &RelPath) -> bool {
    is_env_name(path.name())
}

/// Whether a file of that name is such a one.
pub fn is_env_name(name: &[u8]) -> bool {
    contexts::is_env_file(name) && !is_template(name)
}

/// Whether the file is such a one and belongs to this repository.
pub(super) fn is_env(file: &File) -> bool {
    is_own(&file.path, file.contexts)
}

/// Whether what stands at `path` is an environment file of which the checks over the tree speak: one that a program reads, of this repository.
pub fn is_own(path: &RelPath, contexts: Contexts) -> bool {
    contexts.has(Context::EnvFile) && !contexts.any(NOT_OWN) && !is_template(path.name())
}

/// By its name alone: a folder called `examples` makes no template of a file that a program reads.
fn is_template(name: &[u8]) -> bool {
    // Encrypted as a whole: dotenv-vault, SOPS, GnuPG, age.
    const ENDS: &[&[u8]] = &[
        b".schema",
        b"-vault",
        b".vault",
        b".enc",
        b".encrypted",
        b".gpg",
        b".pgp",
        b".age",
        b".asc",
        b".sops",
    ];
    let lower = name.to_ascii_lowercase();
    let defaults = lower.ends_with(b".defaults");
    ENDS.iter().any(|end| lower.ends_with(end))
        || !defaults && contexts::of_path(&RelPath::new(name)).has(Context::Example)
}

/// Whether a file of that name is committed by convention, with values that are good for nothing: `.env.test`, `.env.development`.
pub(super) fn is_for_all(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b".env.test",
        b".env.testing",
        b".env.ci",
        b".env.defaults",
        b".env.development",
        b".env.dev",
    ];
    NAMES.contains(&name.to_ascii_lowercase().as_slice())
}

/// Whether a file of that name mostly holds commands and flags that are meant to be shared: Flask's documentation keeps
/// `.flaskenv` in the repository, direnv's `.envrc` is a script.
pub(super) fn is_shared(name: &[u8]) -> bool {
    matches!(
        name.to_ascii_lowercase().as_slice(),
        b".flaskenv" | b".envrc"
    )
}

/// The ignore file that a line about `path` goes into: the nearest `.gitignore`, else that of the root.
pub(super) fn ignore_file(tree: &Tree<'_>, path: &RelPath) -> RelPath {
    folders::nearest(tree, path.as_bytes(), b".gitignore")
        .map_or_else(|| RelPath::from(".gitignore"), |file| file.path.clone())
}

/// The lines for that ignore file which make git pass over the environment file at `path`: the usual three where the ignore file says nothing of
/// such files yet, the one that is missing else. None where the name is no text.
pub(super) fn missing_lines(tree: &Tree<'_>, ignore: &RelPath, path: &RelPath) -> Vec<String> {
    let text = tree
        .file(ignore.as_bytes())
        .and_then(|file| file.text.as_ref());
    lines_for(text.map(Secret::expose), path)
}

/// The same, `text` being what the ignore file says, where there is one.
pub(super) fn lines_for(text: Option<&[u8]>, path: &RelPath) -> Vec<String> {
    let name = path.name();
    let usual = name == b".env" || name.starts_with(b".env.");
    let said = text.is_some_and(|text| patterns(text).any(|(_, line)| line.contains("env")));
    if usual && !said {
        return [".env", ".env.*", "!.env.example"]
            .map(str::to_owned)
            .to_vec();
    }
    escaped(name).into_iter().collect()
}

/// The line that is about the file at `path` alone, for the ignore file at `ignore` in a folder above it.
pub(super) fn own_line(ignore: &RelPath, path: &RelPath) -> Option<String> {
    let rest = folders::below(path.as_bytes(), folders::folder(ignore.as_bytes()))?;
    Some(format!("/{}", escaped(rest)?))
}

/// A path as a pattern of gitignore that means it and nothing else.
fn escaped(path: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(path).ok()?;
    if text.chars().any(char::is_control) {
        return None;
    }
    let mut out = String::new();
    let blanks = text.len() - text.trim_end_matches(' ').len();
    for (at, c) in text.char_indices() {
        let at_start = at == 0 && "!#".contains(c);
        if at_start || "*?[\\".contains(c) || at >= text.len() - blanks {
            out.push('\\');
        }
        out.push(c);
    }
    Some(out)
}

/// The patterns of an ignore file with their lines, from 1: neither blank lines nor comments.
pub(super) fn patterns(text: &[u8]) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = text.split(|&b| b == b'\n').enumerate();
    lines.filter_map(|(at, line)| {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        (!line.is_empty() && !line.starts_with('#')).then_some((at + 1, line))
    })
}

/// The text that was kept of `file`; empty where none was.
pub(super) fn text(file: &File) -> &[u8] {
    file.text.as_ref().map(Secret::expose).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{governing, holding, secret, settings, tree};
    use super::*;
    use crate::model::Standing::Tracked;

    #[test]
    fn the_worst_value_says_what_a_file_is_worth() {
        let of = |text: &str| worth(&settings(".env", Tracked, text));
        assert_eq!(of(""), Worth::Nothing);
        assert_eq!(of("PORT=3000"), Worth::Settings);
        assert_eq!(of("DB_PASSWORD=\nAPI_TOKEN=${TOKEN}"), Worth::Settings);
        assert_eq!(of("DB_PASSWORD=encrypted:BD9XK0vQ"), Worth::Sealed);
        assert_eq!(of("API_TOKEN=your-token-here\nPORT=1"), Worth::Placeholders);
        assert_eq!(of("DB_PASSWORD=postgres"), Worth::Guessable);
        assert_eq!(of(&secret("DB_PASSWORD")), Worth::Usable);
        let published = secret("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY");
        assert_eq!(of(&published), Worth::Settings);
    }

    #[test]
    fn a_providers_format_is_worth_more_than_a_name() {
        let of = |id: &str| worth(&holding(".env", Tracked, &[id]));
        assert_eq!(of("stripe-secret-key"), Worth::Usable);
        assert_eq!(of("azure-sql-connection-string"), Worth::Usable);
        assert_eq!(of("pem-private-key"), Worth::Usable);
        assert_eq!(of("postgres-connection-uri"), Worth::Guessable);
        assert_eq!(of("secret-in-config"), Worth::Guessable);
        assert_eq!(of("hardcoded-credential"), Worth::Guessable);
    }

    #[test]
    fn the_worst_names_are_told_first() {
        let text = format!(
            "A_TOKEN=your-token\n{}\nPORT=1\nB_TOKEN=",
            secret("DB_PASSWORD")
        );
        let told = |file: File| holds(&file, "rotate");
        let names = Some(("rotate", "DB_PASSWORD, A_TOKEN".to_owned()));
        assert_eq!(told(settings(".env", Tracked, &text)), names);
        let found = Some(("found", "stripe-secret-key".to_owned()));
        assert_eq!(
            told(holding(".env", Tracked, &["stripe-secret-key"])),
            found
        );
        assert_eq!(told(settings(".env", Tracked, "PORT=1")), None);
    }

    #[test]
    fn templates_are_told_by_their_own_names() {
        let is = |path: &str| is_env_path(&RelPath::from(path));
        for path in [
            ".env",
            "a/.env.production",
            "prod.env",
            "examples/.env",
            ".env.defaults",
            ".ENV",
        ] {
            assert!(is(path), "{path}");
        }
        for path in [
            ".env.example",
            ".env.sample",
            ".env.dist",
            ".env.schema",
            ".env.vault",
            "docs/environment.env.md",
            ".env.gpg",
            "env.ts",
        ] {
            assert!(!is(path), "{path}");
        }
    }

    #[test]
    fn a_missing_line_means_its_file() {
        let lines = |ignore: &str, path: &str| {
            let tree = tree([governing(".gitignore", ignore)]);
            missing_lines(&tree, &RelPath::from(".gitignore"), &RelPath::from(path))
        };
        assert_eq!(
            lines("node_modules", ".env.local"),
            [".env", ".env.*", "!.env.example"]
        );
        assert_eq!(
            lines("# .env\n", ".env"),
            [".env", ".env.*", "!.env.example"]
        );
        assert_eq!(lines(".env", ".env.local"), [".env.local"]);
        assert_eq!(lines("", "prod.env"), ["prod.env"]);
        assert_eq!(escaped(b"!a*b "), Some("\\!a\\*b\\ ".to_owned()));
        assert_eq!(escaped(b"a\nb"), None);
        let own = own_line(&RelPath::from("a/.gitignore"), &RelPath::from("a/b/id_rsa"));
        assert_eq!(own.as_deref(), Some("/b/id_rsa"));
    }
}
