//! Which language a file is written in, by its name.

use super::code::Program;
use super::js;
use crate::model::RelPath;

/// A language that a reader of programs knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    /// JavaScript, TypeScript, and documents with scripts in them.
    Js(js::Dialect),
}

/// The longest text that is read: what is longer was written by a program.
const LONGEST: usize = 2 << 20;

/// What the program at `path` states; [`None`] where its language is not read, or the text is longer than 2 MiB.
pub fn program(path: &RelPath, text: &[u8]) -> Option<Program> {
    let language = Language::of(path)?;
    (text.len() <= LONGEST).then(|| match language {
        Language::Js(dialect) => js::read(text, dialect),
    })
}

impl Language {
    fn of(path: &RelPath) -> Option<Self> {
        let name = path.name();
        let dot = memchr::memrchr(b'.', name)?;
        Some(match &name[dot + 1..].to_ascii_lowercase()[..] {
            b"js" | b"mjs" | b"cjs" | b"jsx" => Self::Js(js::Dialect::JavaScript),
            b"ts" | b"mts" | b"cts" => Self::Js(js::Dialect::TypeScript),
            b"tsx" => Self::Js(js::Dialect::Tsx),
            b"html" | b"htm" | b"vue" | b"svelte" => Self::Js(js::Dialect::Html),
            b"astro" => Self::Js(js::Dialect::Astro),
            b"md" | b"mdx" | b"markdown" => Self::Js(js::Dialect::Markdown),
            _ => return None,
        })
    }
}
