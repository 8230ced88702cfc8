//! What a script takes from other modules and hands to them, told without parsing it.
//!
//! Takes the text of a JavaScript, TypeScript, Vue, Svelte, Astro or HTML file, gives a [`Module`]: its directives, its imports, and the
//! statements of its top level with what each of them mentions. It is read of every script of a tree, so nothing is built that the graph of
//! modules does not ask for: types are left out, they are gone at run time; so is what stands in a statement, but for names.
//!
//! A statement of the top level is one that begins a line: so people and formatters write modules, and what is written otherwise counts
//! as one statement. A name is mentioned where its word stands outside of strings and comments, whatever it means there; so
//! a parameter that is called like an import counts as the import.

mod cursor;
mod mentions;
mod pages;
mod statements;
#[cfg(test)]
mod tests;

use super::js::Dialect;
use super::language::dialect;
use crate::model::{RelPath, Span};
use foldhash::HashMap;

/// Links, exports and statements of one module: more than people write, and no more memory than a small multiple of the text.
const MOST: usize = 20_000;
/// Longer texts are bundles.
const LONGEST: usize = 2 << 20;

/// A script, as far as it matters to other modules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// `"use client"`: with all that it takes in it goes to the browser.
    pub client: bool,
    /// `"use server"`: what imports it gets references, never its code.
    pub server: bool,
    /// The modules that it takes something from, in the order of the text.
    pub links: Vec<Link>,
    /// What it hands to others.
    pub exports: Vec<Export>,
    /// Its statements, in the order of the text. Imports and types are such too, and mention nothing.
    pub parts: Vec<Part>,
    /// What a page has the browser load, whoever asks for the page: its scripts, its islands.
    pub loads: Vec<Use>,
    /// What it hands out is not all known: it sets `module.exports`, or it is a component.
    pub open: bool,
    /// The words that spans of it point to.
    words: Vec<u8>,
}

/// A module that something is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How it is called: see [`Module::word`].
    pub module: Span,
    /// The line where that stands, from 1.
    pub line: usize,
    /// What it is taken in by.
    pub by: By,
    /// What is taken of it; nothing where it is only run, or handed on as a whole.
    pub names: Vec<Taken>,
}

/// How a module is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// `import … from`.
    Import,
    /// `export … from`.
    Export,
    /// `export * from`.
    Star,
    /// `import("…")`.
    Dynamic,
    /// `require("…")`.
    Require,
    /// `<script src="…">`.
    Source,
}

/// What is taken of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What it exports by this name.
    Name(Span),
    /// Its default.
    Default,
    /// All of it, as one object.
    All,
}

/// A name that a module hands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The name there: `default` for the default.
    pub name: Span,
    /// What it stands for; nothing where it is a type, or a name of no module.
    pub to: Option<Use>,
}

/// A statement of the top level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it begins in the text; it ends where the next one begins.
    pub start: usize,
    /// It is run with the module, whoever imports what: it declares nothing.
    pub always: bool,
    /// What it mentions.
    pub uses: Vec<Use>,
}

/// Something that a statement mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// What another statement declares, an index into [`Module::parts`].
    Part(usize),
    /// What is taken from another module: an index into [`Module::links`], and one into its names.
    Link(usize, usize),
}

impl Module {
    /// What a span of this module says.
    pub fn word(&self, span: Span) -> &[u8] {
        self.words.get(span.range()).unwrap_or_default()
    }

    /// The statement that the byte at `at` of the text belongs to.
    pub fn part_at(&self, at: usize) -> Option<usize> {
        self.parts
            .partition_point(|part| part.start <= at)
            .checked_sub(1)
    }

    /// How the modules are called that it takes something from.
    pub fn imported(&self) -> impl Iterator<Item = &[u8]> {
        self.links.iter().map(|link| self.word(link.module))
    }

    /// What it weighs in memory, in bytes.
    pub fn weight(&self) -> usize {
        let uses: usize = self.parts.iter().map(|part| part.uses.len()).sum();
        let names: usize = self.links.iter().map(|link| link.names.len()).sum();
        size_of::<Self>()
            + self.words.len()
            + (uses + names) * size_of::<Use>()
            + self.links.len() * size_of::<Link>()
            + self.parts.len() * size_of::<Part>()
            + self.exports.len() * size_of::<Export>()
    }
}

/// The module in `text`; [`None`] where the file is no script and no page, or is a bundle by its length.
pub fn module(path: &RelPath, text: &[u8]) -> Option<Module> {
    let dialect = dialect(path)?;
    if dialect == Dialect::Markdown || text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader::new(text);
    match dialect {
        Dialect::Html if path.name().ends_with(b"ml") || path.name().ends_with(b"htm") => {
            reader.page();
        }
        Dialect::Html => reader.component(),
        Dialect::Astro => reader.astro(),
        _ => reader.script(),
    }
    Some(reader.module)
}

/// What is known while a module is read.
struct Reader<'a> {
    text: &'a [u8],
    module: Module,
    /// What the names of the file stand for, each with the statement that mentioned it last.
    locals: HashMap<&'a [u8], (Use, usize)>,
    /// The statements that mention nothing, in the order of the text.
    inert: Vec<usize>,
    /// By the place of its module: the link of a declaration that requires it.
    required: HashMap<usize, usize>,
    /// Where lines were counted to, and how many had ended before.
    counted: (usize, usize),
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            module: Module::default(),
            locals: HashMap::default(),
            inert: Vec::new(),
            required: HashMap::default(),
            counted: (0, 0),
        }
    }

    fn word(&self, span: Span) -> &'a [u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Keeps the text at `span`.
    fn keep(&mut self, span: Span) -> Span {
        let start = self.module.words.len();
        let word = self.word(span);
        self.module.words.extend_from_slice(word);
        Span::new(start, start + word.len())
    }

    /// The line of `at`, from 1. Cheap where it is asked in the order of the text.
    fn line(&mut self, at: usize) -> usize {
        let (from, lines) = self.counted;
        let (from, lines) = if at < from { (0, 0) } else { (from, lines) };
        let passed = self.text.get(from..at).unwrap_or_default();
        self.counted = (at, lines + memchr::memchr_iter(b'\n', passed).count());
        self.counted.1 + 1
    }

    /// Adds a link; its index, or none where there are too many.
    fn link(&mut self, module: Span, by: By, names: Vec<Taken>) -> Option<usize> {
        let names_kept: usize = names.len();
        if self.module.links.len() + names_kept >= MOST {
            return None;
        }
        let line = self.line(module.start);
        let module = self.keep(module);
        self.module.links.push(Link {
            module,
            line,
            by,
            names,
        });
        Some(self.module.links.len() - 1)
    }

    /// Adds a statement that begins at `start`.
    fn part(&mut self, start: usize, always: bool) -> usize {
        if self.module.parts.len() < MOST {
            self.module.parts.push(Part {
                start,
                always,
                uses: Vec::new(),
            });
        }
        self.module.parts.len() - 1
    }

    /// Adds a statement that is gone at run time, or whose names are known already.
    fn inert(&mut self, start: usize) {
        let part = self.part(start, false);
        self.inert.push(part);
    }

    fn export(&mut self, name: Span, to: Option<Use>) {
        if self.module.exports.len() < MOST {
            let name = self.keep(name);
            self.module.exports.push(Export { name, to });
        }
    }
}
