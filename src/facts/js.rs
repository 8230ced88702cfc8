//! JavaScript and TypeScript, alone, in other documents, and with markup in it.
//!
//! Takes text and the dialect its file is called by, gives a [`Program`]. Parses with oxc, whose types stay in this module. Resolves no
//! scopes and no types. Where the parser gives up it gives nothing at all; then the other dialects are tried, and at last the program
//! is [`cut`](Program::cut).

mod declaration;
mod depth;
pub(super) mod embedded;
mod environment;
mod expression;
mod markup;
mod module;
mod reader;
mod room;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use super::code::Program;
use crate::model::Span;
use reader::Reader;
pub(super) use room::stand_on;

/// What the name of a file says of the script in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `.js`, `.mjs`, `.cjs`, `.jsx`: may hold markup, and types where a build step takes them off.
    JavaScript,
    /// `.ts`, `.mts`, `.cts`: `<T>x` is a cast.
    TypeScript,
    /// `.tsx`.
    Tsx,
    /// `<script>` elements: HTML, Vue, Svelte.
    Html,
    /// `<script>` elements, and code between lines of `---` at the head.
    Astro,
    /// Fenced blocks.
    Markdown,
}

impl Dialect {
    /// Whether all of a file is script, so that where its grammar gives nothing its tokens still may.
    pub(super) fn is_all_script(self) -> bool {
        matches!(self, Self::JavaScript | Self::TypeScript | Self::Tsx)
    }
}

/// The program in `text`.
pub(super) fn read(text: &[u8], dialect: Dialect) -> Program {
    let source = legible(text);
    room::with_room(&source, dialect, read_source).unwrap_or_else(|| {
        let mut program = Program::new(text.len());
        program.cut = true;
        program
    })
}

/// Where the scripts stand in a text that holds other things too; nothing where all of it is script.
pub(super) fn scripts(text: &[u8], dialect: Dialect) -> Option<Vec<Span>> {
    let parts = || embedded::parts(legible(text).as_bytes(), dialect).into_iter();
    (!dialect.is_all_script()).then(|| parts().map(|(span, _)| span).collect())
}

fn read_source(source: &str, dialect: Dialect) -> Program {
    let mut reader = Reader::new(source.as_bytes());
    match dialect {
        Dialect::JavaScript | Dialect::TypeScript | Dialect::Tsx => {
            script(&mut reader, source, Span::new(0, source.len()), dialect);
        }
        Dialect::Html | Dialect::Astro | Dialect::Markdown => {
            for (part, dialect) in embedded::parts(source.as_bytes(), dialect) {
                script(&mut reader, source, part, dialect);
            }
        }
    }
    reader.finish()
}

/// The text as UTF-8 of the same length: a byte that is none becomes `_`, and NUL a blank.
fn legible(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text)
        && memchr::memchr(0, text.as_bytes()).is_none()
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.extend(
            chunk
                .valid()
                .chars()
                .map(|c| if c == '\0' { ' ' } else { c }),
        );
        out.extend(chunk.invalid().iter().map(|_| '_'));
    }
    Cow::Owned(out)
}

/// Reads the script at `part` of `source` in the first setting that the parser comes to its end with.
fn script(reader: &mut Reader<'_>, source: &str, part: Span, dialect: Dialect) {
    let Some(text) = source.get(part.range()) else {
        return;
    };
    if depth::too_deep(text.as_bytes()) {
        reader.program.cut = true;
        return;
    }
    let (module, script) = (SourceType::jsx(), SourceType::script().with_jsx(true));
    let (ts, tsx) = (SourceType::ts(), SourceType::tsx());
    let attempts = match dialect {
        Dialect::TypeScript => [ts, tsx, module],
        Dialect::Tsx => [tsx, ts, module],
        _ => [module, tsx, script],
    };
    let options = ParseOptions {
        allow_return_outside_function: true,
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    for attempt in attempts {
        let arena = Allocator::default();
        let parsed = Parser::new(&arena, text, attempt)
            .with_options(options)
            .parse();
        if !parsed.panicked {
            reader.base = part.start;
            reader.program(&parsed.program);
            return;
        }
    }
    reader.program.cut = true;
}

impl Reader<'_> {
    fn program(&mut self, program: &oxc_ast::ast::Program<'_>) {
        for directive in &program.directives {
            let span = self.unquoted(&directive.expression);
            self.program.directives.push(span);
        }
        self.statements(&program.body);
    }

    /// Puts what was found into the order of the text.
    fn finish(mut self) -> Program {
        self.mark_guarded();
        self.mark_exported();
        let mut program = self.program;
        program.bindings.sort_by_key(|b| b.target[0].start);
        program.reads.sort_by_key(|r| r.span.start);
        program.imports.sort_by_key(|i| i.module.start);
        program.set_branches(self.branches);
        program
    }
}
