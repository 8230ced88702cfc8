//! What a document states, as far as rules may ask: read whole where its format is known and it names a secret, around woken words else.

use super::Document;
use crate::classify::names::{self, NameClass};
use crate::facts::{self, Facts, Format, Pair, Via};
use crate::model::{Context, RelPath, Span};
use foldhash::HashSet;

/// Files that hold other people's data are not read as a whole: nobody's settings, and much of them.
const NOT_READ: &[Context] = &[Context::Lockfile, Context::Minified, Context::Generated];

/// Which pairs are worth a look: of a file of data the least are, and to judge a name takes longer than to read it.
pub(super) struct Relevant<'a> {
    text: &'a [u8],
    /// Where names that may mean a secret stand, sorted.
    names: &'a [usize],
    all: bool,
}

impl<'a> Relevant<'a> {
    /// Of a document with secrets' words at `names`; `format` where it was read as a whole.
    pub(super) fn of(document: &Document<'a>, names: &'a [usize], format: Option<Format>) -> Self {
        Self {
            text: document.text,
            names,
            all: format.is_none_or(|format| is_told_by_name(format, document.path)),
        }
    }

    /// Whether the pair is.
    pub(super) fn is(&self, facts: &Facts, pair: &Pair) -> bool {
        /// Names around a pair that may say what it is: `variable "db_password" { default = …`.
        const AROUND: usize = 2;
        self.all
            || pair.role.is_some()
            || self.woke(pair.key)
            || self.is_user(pair.key)
            || facts
                .path(pair.within)
                .take(AROUND)
                .any(|name| self.woke(name))
    }

    fn woke(&self, name: Span) -> bool {
        let next = self.names.partition_point(|&at| at < name.start);
        self.names.get(next).is_some_and(|&at| at < name.end)
    }

    /// Whose a password is: `user`, `username`, `login`.
    fn is_user(&self, name: Span) -> bool {
        let name = &self.text[name.range()];
        name.windows(4)
            .any(|part| part.eq_ignore_ascii_case(b"user"))
            || name
                .windows(5)
                .any(|part| part.eq_ignore_ascii_case(b"login"))
    }
}

/// Whether a file of the format is read whatever stands in it: what matters there stands under names that no word wakes.
pub(super) fn is_told_by_name(format: Format, path: &RelPath) -> bool {
    use Format::{Dockerfile, Dotenv, Records, Script, Shell};
    matches!(format, Dotenv | Dockerfile | Records | Script | Shell)
        || [&b".har"[..], b".tfstate"]
            .iter()
            .any(|end| path.name().ends_with(end))
}

/// Whether the document is read as a whole whatever stands in it.
pub(super) fn is_read_anyhow(document: &Document<'_>) -> bool {
    let told = |format| is_told_by_name(format, document.path);
    document.whole && Format::of_path(document.path).is_some_and(told)
}

/// Whether one of the names at `positions` means a secret. Reading all of a file costs more than everything else that is done with it, and
/// most files that a word wakes hold an index key or keywords.
pub(super) fn names_a_secret(text: &[u8], positions: &[usize]) -> bool {
    let mut last: &[u8] = b"";
    let mut names = positions
        .iter()
        .map(|&at| &text[facts::name_at(text, at).range()]);
    names.any(|name| {
        let new = name != last;
        last = name;
        new && names::name(name).class.holds_secret()
    })
}

/// Those of the `positions` of names under which a pair can be a hit where the file is not read as a whole.
pub(super) fn judged<'a>(
    document: &'a Document<'_>,
    positions: &'a [usize],
) -> impl Iterator<Item = usize> + 'a {
    let mut last = (Span::new(0, 0), false);
    let judged = move |at: &usize| {
        let name = facts::key_at(document.text, document.syntax, *at);
        if last.0 != name {
            last = (
                name,
                is_judged(names::name(&document.text[name.range()]).class),
            );
        }
        last.1
    };
    positions.iter().copied().filter(judged)
}

/// Whether a pair under a name of the class is judged where the file is not read as a whole.
pub(super) fn is_judged(class: NameClass) -> bool {
    class.holds_secret() || class == NameClass::UnknownKey
}

/// What `document` states: all of it where its format is known and something woke, else what stands around `names`. With the format if it was all of it.
pub(super) fn facts_of(document: &Document<'_>, names: &[usize]) -> (Facts, Option<Format>) {
    let readable = document.whole && document.text.len() <= Format::LONGEST;
    let format = Format::of_path(document.path).filter(|format| {
        readable
            && (is_told_by_name(*format, document.path) || names_a_secret(document.text, names))
            && !document.contexts().any(NOT_READ)
    });
    let mut facts = format.map_or_else(Facts::default, |f| facts::read(f, document.text));
    for pair in facts.pairs.iter_mut().filter(|pair| pair.read.is_none()) {
        pair.value = facts::past_scheme(document.text, pair.value);
    }
    // A reader of the format knows better what stands at a name; it does not read comments, nor what is written inside values.
    let known: HashSet<usize> = facts.pairs.iter().map(|pair| pair.key.start).collect();
    // A list of names is no call.
    let listed = |pair: &Pair| {
        let data = !matches!(format, None | Some(Format::Script | Format::Shell));
        data && matches!(pair.via, Via::Argument | Via::Call)
    };
    // Where nothing is known of the format, a name that means no secret is asked nothing.
    let around = match format {
        Some(_) => facts::pairs(document.text, document.syntax, names),
        None => {
            let judged: Vec<usize> = judged(document, names).collect();
            facts::pairs(document.text, document.syntax, &judged)
        }
    };
    let unknown = around
        .into_iter()
        .filter(|pair| !known.contains(&pair.key.start) && !listed(pair));
    facts.pairs.extend(unknown);
    (facts, format)
}
