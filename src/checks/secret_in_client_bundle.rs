//! `secret-in-client-bundle`: the value of a variable that only the server should know stands in what the browser is sent.
//!
//! Nothing is guessed: a value of the tree's own environment files is looked for as it is, and in base64. A file is read once and nobody
//! knows then which values will be looked for, so of each file that browsers get the [`stretches`] of letters and digits are kept as hashes with
//! their lines, and a value is known by its longest stretch.

use std::collections::{HashMap, HashSet};

use data_encoding::BASE64_NOPAD;

use super::{Entry, Fault, File, Tree, Where, is_settings, is_written_down};
use crate::classify::kinds::Kind;
use crate::classify::values::ValueClass;
use crate::model::{Confidence, Context, RelPath, Related, Severity, Span};

/// Told of files that programs made, too.
pub const ID: &str = "secret-in-client-bundle";
/// Shorter values stand anywhere by chance.
const SHORTEST: usize = 12;
/// Longer stretches are images and fonts.
const LONGEST: usize = 512;
/// Folders whose files are sent as they are, or are made to be.
const SENT: &[&[u8]] = &[
    b".next/static/",
    b".output/public/",
    b"build/assets/",
    b"build/client/",
    b"build/static/",
    b"dist/",
    b"out/",
    b"public/",
    b"wwwroot/",
    b"www/",
];
/// Parts of paths below them that stay on the server.
const KEPT: &[&[u8]] = &[
    b"api",
    b"backend",
    b"bin",
    b"cjs",
    b"cli",
    b"functions",
    b"lambda",
    b"node",
    b"scripts",
    b"server",
    b"ssr",
    b"worker",
    b"workers",
];
/// Endings of what browsers read as text.
const READ: &[&[u8]] = &[
    b".css",
    b".htm",
    b".html",
    b".js",
    b".json",
    b".map",
    b".mjs",
    b".txt",
    b".webmanifest",
    b".xml",
];

/// Whether the file at `path` is one that browsers are sent, as far as its folder tells.
pub fn is_sent(path: &RelPath) -> bool {
    let whole = path.as_bytes();
    if !READ.iter().any(|end| whole.ends_with(end)) {
        return false;
    }
    let below = SENT.iter().find_map(|folder| {
        let mut found = memchr::memmem::find_iter(whole, folder);
        let at = found.find(|&at| at == 0 || whole[at - 1] == b'/')?;
        Some(&whole[at + folder.len()..])
    });
    below.is_some_and(|below| {
        !below.split(|&b| b == b'/').any(|part| {
            let stem = memchr::memchr(b'.', part).map_or(part, |at| &part[..at]);
            KEPT.contains(&stem)
        })
    })
}

/// The stretches of `text` that may be a secret: letters, digits and what base64 adds, a digit among them.
pub fn stretches(text: &[u8]) -> impl Iterator<Item = Span> + '_ {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'/');
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at + text[at..].iter().take_while(|b| !is_part(b)).count();
            let end = start + text[start..].iter().take_while(|b| is_part(b)).count();
            at = end;
            let stretch = &text[start..end];
            if (SHORTEST..=LONGEST).contains(&stretch.len())
                && stretch.iter().any(u8::is_ascii_digit)
            {
                return Some(Span::new(start, end));
            }
        }
        None
    })
}

/// What a value is known by: the stretch that is most of it, as it stands and in base64. Nothing where that is too little.
pub fn known_by(value: &[u8]) -> impl Iterator<Item = Vec<u8>> + use<> {
    let longest = stretches(value)
        .max_by_key(|span| span.len())
        .filter(|span| span.len() * 2 > value.len());
    let plain = longest.map(|span| value[span.range()].to_vec());
    let encoded = plain
        .is_some()
        .then(|| BASE64_NOPAD.encode(value).into_bytes());
    plain.into_iter().chain(encoded)
}

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let needles = needles(tree);
    if needles.is_empty() {
        return;
    }
    const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];
    for file in tree.files.iter().filter(|file| !file.contexts.any(MADE_UP)) {
        let mut told = HashSet::new();
        for &(stretch, line) in &file.stretches {
            let Some((from, entry)) = needles.get(&stretch) else {
                continue;
            };
            if !told.insert(&entry.key) {
                continue;
            }
            faults.push(Fault {
                severity: Severity::Critical,
                details: vec![("variable", entry.key.clone())],
                related: vec![Related {
                    path: from.path.clone(),
                    line: entry.spot.line,
                    what: "the variable".to_owned(),
                }],
                ..Fault::new(ID, file, Where::Line(line as usize))
                    .about(entry.key.clone())
                    .sure(Confidence::High)
            });
        }
    }
}

/// What secrets of the tree's environment files are known by; what a public variable holds as well is no secret.
fn needles<'t>(tree: &'t Tree<'_>) -> HashMap<u64, (&'t File, &'t Entry)> {
    let of_env = |file: &&File| file.kind == Some(Kind::EnvFile);
    let files: Vec<&File> = tree
        .files
        .iter()
        .filter(of_env)
        .filter(|f| is_settings(f))
        .collect();
    let entries = || {
        files
            .iter()
            .flat_map(|file| file.entries.iter().map(move |entry| (*file, entry)))
    };
    let public: HashSet<u64> = entries()
        .filter(|(_, entry)| entry.name.public || entry.name.client_safe)
        .flat_map(|(_, entry)| entry.stretches.iter().copied())
        .collect();
    let mut needles = HashMap::new();
    for (file, entry) in entries().filter(|(_, entry)| is_secret(entry)) {
        for &stretch in entry.stretches.iter().filter(|s| !public.contains(s)) {
            needles.entry(stretch).or_insert((file, entry));
        }
    }
    needles
}

fn is_secret(entry: &Entry) -> bool {
    let own = matches!(
        entry.value.class,
        ValueClass::Opaque | ValueClass::Hash | ValueClass::Uuid
    );
    own && is_written_down(entry)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, file, settings, strong, tree};
    use super::*;
    use crate::model::Standing;

    /// An environment file whose entries are known by 1, 2, 3 …
    fn env(path: &str, text: &str) -> File {
        let mut file = settings(path, Standing::Ignored, text);
        for (entry, at) in file.entries.iter_mut().zip(1..) {
            entry.stretches = vec![at];
        }
        file
    }

    fn sent(path: &str, stretches: &[u64]) -> File {
        File {
            stretches: stretches.iter().map(|&s| (s, 7)).collect(),
            ..file(path, Standing::Tracked)
        }
    }

    fn run(files: Vec<File>) -> Vec<(String, Severity)> {
        let mut faults = Vec::new();
        check(&tree(files), &mut faults);
        tests::told(&faults)
    }

    #[test]
    fn a_value_is_found_where_it_is_sent() {
        let one = env(".env", &format!("API_TOKEN={}", strong()));
        let found = run(vec![
            one,
            sent("dist/a.js", &[9, 1, 1]),
            sent("dist/b.js", &[9]),
        ]);
        assert_eq!(found, [("dist/a.js".to_owned(), Severity::Critical)]);
    }

    #[test]
    fn what_is_public_or_weak_is_no_secret() {
        for text in [
            format!("NEXT_PUBLIC_API_KEY={}", strong()),
            "DB_PASSWORD=postgres".to_owned(),
            "SESSION_SECRET=development-secret-1".to_owned(),
            format!("API_TOKEN=${{{}}}", "OTHER_TOKEN"),
        ] {
            assert!(
                run(vec![env(".env", &text), sent("dist/a.js", &[1])]).is_empty(),
                "{text}"
            );
        }
        let template = env(".env.example", &format!("API_TOKEN={}", strong()));
        assert!(run(vec![template, sent("dist/a.js", &[1])]).is_empty());
        let both = format!("NEXT_PUBLIC_API_KEY={0}\nAPI_KEY={0}", strong());
        let mut both = env(".env", &both);
        both.entries.iter_mut().for_each(|e| e.stretches = vec![1]);
        assert!(run(vec![both, sent("dist/a.js", &[1])]).is_empty());
    }

    #[test]
    fn a_folder_tells_what_is_sent() {
        for path in [
            "dist/assets/i.js",
            ".next/static/chunks/1.js",
            "web/build/static/js/m.js.map",
            "public/env.js",
            "out/index.html",
        ] {
            assert!(is_sent(&RelPath::from(path)), "{path}");
        }
        for path in [
            ".next/server/app/route.js",
            "dist/server/index.js",
            "dist/server.js",
            "src/a.js",
            "public/a.png",
            "mydist/a.js",
            "dist/api/x.js",
        ] {
            assert!(!is_sent(&RelPath::from(path)), "{path}");
        }
    }

    #[test]
    fn stretches_end_at_what_separates_values() {
        let value = strong();
        for text in [
            format!("a=\"{value}\";"),
            format!("k\\\"{value}\\\""),
            format!("?t={value}&x=1"),
            format!("Bearer {value}"),
        ] {
            let found: Vec<_> = stretches(text.as_bytes())
                .map(|s| &text[s.range()])
                .collect();
            assert_eq!(found, [value.as_str()], "{text}");
        }
        assert_eq!(stretches(b"information architecture").count(), 0);
        assert_eq!(
            known_by(value.as_bytes()).next(),
            Some(value.clone().into_bytes())
        );
        assert_eq!(known_by(b"a b c d e f g h 1").count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn stretches_lie_in_the_text(text: Vec<u8>) {
            for span in stretches(&text) {
                proptest::prop_assert!(span.end <= text.len() && span.start < span.end);
            }
        }
    }
}
