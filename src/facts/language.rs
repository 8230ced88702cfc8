//! The languages that are read as programs, and which file is written in which.

use crate::model::{RelPath, Span};

use super::code::Program;
use super::js::{self, Dialect};
use super::lexer;

/// A language that programs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// C#.
    CSharp,
    /// Go.
    Go,
    /// Java.
    Java,
    /// JavaScript and TypeScript, with or without JSX.
    JavaScript,
    /// Kotlin, and scripts of Gradle in it.
    Kotlin,
    /// PHP, between `<?php` and `?>`.
    Php,
    /// Python, and stubs of types for it.
    Python,
    /// Ruby.
    Ruby,
    /// Rust.
    Rust,
    /// Scala, and its scripts.
    Scala,
    /// Swift.
    Swift,
}

crate::model::words!(Language {
    CSharp = "csharp",
    Go = "go",
    Java = "java",
    JavaScript = "javascript",
    Kotlin = "kotlin",
    Php = "php",
    Python = "python",
    Ruby = "ruby",
    Rust = "rust",
    Scala = "scala",
    Swift = "swift",
});

impl Language {
    /// Judged by the ending of the path's last part. Components, pages and documents hold scripts.
    pub fn of_path(path: &RelPath) -> Option<Self> {
        let name = path.name();
        let dot = memchr::memrchr(b'.', name)?;
        Some(match &name[dot + 1..].to_ascii_lowercase()[..] {
            b"cs" => Self::CSharp,
            b"go" => Self::Go,
            b"java" => Self::Java,
            b"js" | b"jsx" | b"mjs" | b"cjs" | b"ts" | b"tsx" | b"mts" | b"cts" => Self::JavaScript,
            b"kt" | b"kts" => Self::Kotlin,
            b"php" | b"phtml" => Self::Php,
            b"py" | b"pyi" => Self::Python,
            b"rb" | b"rake" | b"ru" => Self::Ruby,
            b"rs" => Self::Rust,
            b"scala" | b"sc" | b"sbt" => Self::Scala,
            b"swift" => Self::Swift,
            _ => return dialect(path).map(|_| Self::JavaScript),
        })
    }
}

/// Longer texts are left to the rules over text.
pub const LONGEST: usize = 2 << 20;

/// Says that this thread was begun with a stack of so many bytes: programs are then read on it, as deep as it reaches, and otherwise on
/// threads of the reader's own.
pub fn stand_on(bytes: usize) {
    js::stand_on(bytes);
}

/// What the program in `text` states; [`None`] where its language is not read, or `text` is longer than 2 MiB. Scripts are read by their
/// grammar; where that gives nothing of a file that is all script, by its tokens, and the program is cut.
pub fn program(path: &RelPath, text: &[u8]) -> Option<Program> {
    if text.len() > LONGEST {
        return None;
    }
    let language = Language::of_path(path)?;
    let Some(dialect) = dialect(path) else {
        return Some(lexer::read(text, language));
    };
    let program = js::read(text, dialect);
    let nothing = program.calls.is_empty() && program.bindings.is_empty();
    if !(program.cut && nothing && dialect.is_all_script()) {
        return Some(program);
    }
    let mut program = lexer::read(text, language);
    program.cut = true;
    Some(program)
}

/// Where the programs stand in a document that holds other things too, in the order of the text; nothing where all of it is one.
pub fn scripts(path: &RelPath, text: &[u8]) -> Option<Vec<Span>> {
    js::scripts(text, dialect(path)?)
}

/// How a file holds scripts, by its ending.
pub(super) fn dialect(path: &RelPath) -> Option<Dialect> {
    let name = path.name();
    let dot = memchr::memrchr(b'.', name)?;
    Some(match &name[dot + 1..].to_ascii_lowercase()[..] {
        b"js" | b"mjs" | b"cjs" | b"jsx" => Dialect::JavaScript,
        b"ts" | b"mts" | b"cts" => Dialect::TypeScript,
        b"tsx" => Dialect::Tsx,
        b"html" | b"htm" | b"vue" | b"svelte" => Dialect::Html,
        b"astro" => Dialect::Astro,
        b"md" | b"mdx" | b"markdown" => Dialect::Markdown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_language() {
        for (language, names) in [
            (Some(Language::Python), &["a/b.py", "x.PYI"][..]),
            (Some(Language::Ruby), &["lib/tasks/a.rake", "config.ru"]),
            (Some(Language::JavaScript), &["a.test.tsx", "b.mjs"]),
            (Some(Language::Kotlin), &["build.gradle.kts"]),
            (Some(Language::Scala), &["app/A.scala", "build.sbt"]),
            (Some(Language::JavaScript), &["a.vue", "README.md"]),
            (None, &["py", "a.", "b.pyc", "Makefile", ""]),
        ] {
            for &name in names {
                assert_eq!(Language::of_path(&name.into()), language, "{name}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let path = "a.py".into();
        assert!(program(&path, b"x = 'v1'").is_some_and(|p| p.bindings.len() == 1));
        assert!(program(&path, &vec![b' '; LONGEST + 1]).is_none());
        assert!(program(&"a.txt".into(), b"x = 'v1'").is_none());
    }
}
