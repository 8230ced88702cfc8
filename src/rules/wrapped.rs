//! Credentials inside of base64, hexadecimal digits, percent-encoding and escapes.
//!
//! What is wrapped in a document is a document of its own, held against the same rules: those on text, and where all of it is text that
//! someone wrote down in base64 or digits, those on names and values too. What they find is a hit like others: it stands where the source
//! has it, and says in what it is wrapped. Of base64 and digits it hides all, as nobody sees where in them the secret ends.

use super::{Document, Part, Ruleset, Scratch};
use crate::model::{Hit, Place, Span};
use crate::text::Syntax;
use crate::text::wrapped::{self, Wrapped};

/// So many times a text may be wrapped.
const DEPTH: usize = 2;

/// Adds to `hits`, which stand as they are in `document`, what is wrapped there and begins in `part`, where escapes stand at `escapes`. Whether
/// something is wrapped there that goes over several lines or far.
pub(super) fn hits(
    set: &Ruleset,
    document: &Document<'_>,
    part: Span,
    escapes: Vec<usize>,
    hits: &mut Vec<Hit>,
) -> bool {
    add(set, document, part, escapes, DEPTH, hits)
}

fn add(
    set: &Ruleset,
    document: &Document<'_>,
    part: Span,
    mut escapes: Vec<usize>,
    depth: usize,
    hits: &mut Vec<Hit>,
) -> bool {
    let mut far = false;
    let mut found: Vec<Hit> = Vec::new();
    escapes.sort_unstable();
    wrapped::each(document.text, part, &escapes, |wrapped| {
        far |= !wrapped.near;
        let inner = Document {
            text: &wrapped.text,
            syntax: syntax(&wrapped.text),
            whole: false,
            ..*document
        };
        let all = Span::new(0, wrapped.text.len());
        let Part {
            hits: mut inside,
            escapes,
            ..
        } = set.found_at(&inner, all, &mut Scratch::default());
        let written = !wrapped.wrapping.is_legible()
            && wrapped.whole
            && std::str::from_utf8(&wrapped.text).is_ok()
            && !is_piece(&wrapped.text);
        inside.retain(|hit| hit.check.is_credential() && (written || !hit.by_name));
        if depth > 1 {
            add(set, &inner, all, escapes, depth - 1, &mut inside);
        }
        found.extend(inside.into_iter().map(|hit| outside(hit, wrapped)));
    });
    if found.is_empty() {
        return far;
    }
    // A format that knows the wrapping as well has told of it.
    let mut known: Vec<Span> = hits
        .iter()
        .filter(|hit| !hit.by_name && !hit.silent && hit.check.is_credential())
        .map(|hit| hit.span)
        .collect();
    known.sort_unstable_by_key(|span| span.end);
    found.retain(|hit| {
        let next = known.partition_point(|span| span.end <= hit.span.start);
        !known.get(next).is_some_and(|span| span.overlaps(hit.span))
    });
    hits.append(&mut found);
    far
}

/// A hit in a wrapped text as one in the text around it.
fn outside(mut hit: Hit, wrapped: &Wrapped) -> Hit {
    hit.span = wrapped.source(hit.span);
    hit.hidden = match wrapped.wrapping.is_legible() {
        true => hit.hidden.into_iter().map(|s| wrapped.source(s)).collect(),
        false => vec![wrapped.span],
    };
    // What is wrapped cannot be changed where it stands.
    hit.proposal = None;
    let form = wrapped.wrapping.as_str();
    match hit
        .details
        .iter_mut()
        .find(|(name, _)| *name == Place::INSIDE)
    {
        Some((_, said)) => *said = format!("{said} in {form}"),
        None => hit.details.push((Place::INSIDE, form.to_owned())),
    }
    hit
}

/// Whether the text is a piece of JSON: a line of a token that someone broke into lines.
fn is_piece(text: &[u8]) -> bool {
    syntax(text) != Syntax::Json && memchr::memmem::find(text, b"\":").is_some()
}

/// How a text that has no name writes values down.
fn syntax(text: &[u8]) -> Syntax {
    match text.trim_ascii_start().first() {
        Some(b'{' | b'[') => Syntax::Json,
        Some(b'<') => Syntax::Markup,
        _ => Syntax::Unknown,
    }
}
