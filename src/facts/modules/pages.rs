//! Pages and components: documents that scripts stand in.
//!
//! Takes a document, gives one statement for all of its scripts: a component is taken as a whole. Of an Astro page, which is put together
//! on the server, the browser gets the scripts and what a tag marks with `client:`.

use memchr::memmem;

use super::cursor::is_word;
use super::{By, Reader, Taken, Use, mentions};
use crate::facts::js::{Dialect, embedded};
use crate::model::Span;

/// Scripts of one document that are read.
const MOST_SCRIPTS: usize = 32;
/// Marks and sources of one document that are read.
const MOST_TAGS: usize = 1000;
/// How far before its mark a tag begins.
const LONGEST_TAG: usize = 2048;

impl Reader<'_> {
    /// An HTML page: what its scripts take in, and the files that they stand in.
    pub(super) fn page(&mut self) {
        self.component();
        for source in embedded::sources(self.text).into_iter().take(MOST_TAGS) {
            if let Some(link) = self.link(source, By::Source, vec![Taken::All]) {
                self.module.loads.push(Use::Link(link, 0));
            }
        }
        if !self.module.parts.is_empty() {
            self.module.loads.push(Use::Part(0));
        }
    }

    /// A component of Vue or Svelte.
    pub(super) fn component(&mut self) {
        self.module.open = true;
        self.part(0, true);
        for (part, _) in embedded::parts(self.text, Dialect::Html)
            .into_iter()
            .take(MOST_SCRIPTS)
        {
            self.whole(part, 0);
        }
    }

    /// A page of Astro.
    pub(super) fn astro(&mut self) {
        self.module.open = true;
        self.part(0, true);
        let mut end = 0;
        for (part, dialect) in embedded::parts(self.text, Dialect::Astro)
            .into_iter()
            .take(MOST_SCRIPTS)
        {
            if end == 0 && dialect == Dialect::TypeScript && !is_element(self.text, part) {
                self.whole(part, 0);
            } else {
                let script = self.part(part.start, false);
                self.whole(part, script);
                // The rest of the page is the server's again.
                let rest = self.part(part.end, false);
                self.module.loads.push(Use::Part(script));
                self.inert.push(rest);
            }
            end = part.end;
        }
        let islands: Vec<_> = memmem::find_iter(self.text, b" client:")
            .take(MOST_TAGS)
            .filter_map(|at| self.locals.get(tag(self.text, at)?).map(|(used, _)| *used))
            .collect();
        self.module.loads.extend(islands);
    }

    /// Reads the script at `span`; all that it takes in `part` uses.
    fn whole(&mut self, span: Span, part: usize) {
        let links = self.module.links.len();
        let body = self.head(span.start, span.end);
        if mentions::loads_late(&self.text[body..span.end]) {
            self.mentions(body, span.end);
        }
        self.use_all(links, part);
    }
}

/// Whether the script at `span` is what an element holds.
fn is_element(text: &[u8], span: Span) -> bool {
    span.start > 0 && text[span.start - 1] == b'>'
}

/// The name of the tag that the mark at `at` stands in: of `<Chat.Room client:load` it is `Chat`.
fn tag(text: &[u8], at: usize) -> Option<&[u8]> {
    let low = at.saturating_sub(LONGEST_TAG);
    let open = low + memchr::memrchr(b'<', &text[low..at])? + 1;
    let length = text[open..at].iter().take_while(|&&b| is_word(b)).count();
    Some(&text[open..open + length])
}
