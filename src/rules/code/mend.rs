//! What is to be put where in a call, so that it is no fault any more.
//!
//! Only what stands in the call itself is changed: an object that a name stands for may serve others too.

use crate::edit::{self, Brackets};
use crate::facts::code::{Call, Expr, ExprId};
use crate::model::{self, Edit, Joint, Proposal, Span, Subject};

use super::super::compiled::Fault;
use super::place::{At, Target, What};
use super::source::{Source, Thing};

/// How much of a text says which quotes it likes.
const SAMPLE: usize = 64 << 10;

/// What a rule would have done.
pub(super) struct Mend {
    at: Option<Member>,
    put: Put,
}

/// What is given a value.
enum Member {
    /// A member of the argument at a place.
    Of(usize, String),
    /// An argument by name, where it is given.
    Named(String),
}

enum Put {
    Text(String),
    /// The algorithms that are signed with by the key at a place.
    Signed(At),
}

impl Mend {
    /// What `mend` asks for, of a rule on `on`.
    pub(super) fn new(mend: &model::Mend, on: Subject) -> Result<Self, Fault> {
        let fault = |message: &str| {
            let hint = "rules/README.md shows the forms, e.g. mend = { at = \"2.httpOnly\", put = \"true\" }";
            (message.to_owned(), hint)
        };
        let place = |text: &String| {
            let at = At::parse(text).filter(|at| at.suits(on));
            at.ok_or_else(|| fault(&format!("place `{text}` is not known")))
        };
        let put = match (&mend.put, &mend.signed) {
            (Some(put), None) => Put::Text(put.clone()),
            (None, Some(key)) => Put::Signed(place(key)?),
            _ => return Err(fault("`mend` needs one of `put` and `signed`")),
        };
        if mend.random || mend.unpublished {
            return Err(fault(
                "only a pair has a name, and a value that can be made at random",
            ));
        }
        let at = match &mend.at {
            None => None,
            Some(at) => {
                let member = Member::parse(at).filter(|_| on == Subject::Call);
                Some(member.ok_or_else(|| fault(&format!("nothing can be put at `{at}`")))?)
            }
        };
        Ok(Self { at, put })
    }

    /// What is to be done about `thing`, whose fault stands at `shown`, if what stands there can be told.
    pub(super) fn propose(
        &self,
        source: &Source<'_>,
        thing: Thing<'_>,
        shown: Option<Target<'_>>,
    ) -> Option<Proposal> {
        if !source.step() {
            return None;
        }
        let text = match &self.put {
            Put::Text(text) => text.as_str(),
            Put::Signed(_) => "['{}']",
        };
        let text = match likes_double(source.text) {
            true => text.replace('\'', "\""),
            false => text.to_owned(),
        };
        let edit = match (&self.at, thing) {
            (None, _) => {
                let What::Expr(id) = shown?.what else {
                    return None;
                };
                replaced(source, id, text)?
            }
            (Some(member), Thing::Call(call)) => member.given(source, call, text)?,
            (Some(_), _) => return None,
        };
        Some(match &self.put {
            Put::Text(_) => Proposal::Edit(edit),
            Put::Signed(key) => {
                let key = key.find(source, thing).targets.into_iter().next()?;
                let What::Expr(id) = key.what else {
                    return None;
                };
                let name = source.read(id, thing.function())?.name;
                let name = String::from_utf8_lossy(source.word(name)).into_owned();
                Proposal::Signed(edit, name)
            }
        })
    }
}

impl Member {
    fn parse(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix('@') {
            return Some(Self::Named(name.to_owned()));
        }
        let (place, name) = text.split_once('.')?;
        let is_name = !name.is_empty() && !name.contains(['.', '*']);
        is_name.then_some(Self::Of(place.parse().ok()?, name.to_owned()))
    }

    /// The edit by which it has the value `text` in `call`.
    fn given(&self, source: &Source<'_>, call: &Call, text: String) -> Option<Edit> {
        match self {
            // One that a function does not know would have the call fail, so none is put in.
            Self::Named(name) => {
                let is_it = |key: Span| source.word(key).eq_ignore_ascii_case(name.as_bytes());
                let (_, id) = call.named.iter().find(|(key, _)| is_it(*key))?;
                replaced(source, *id, text)
            }
            Self::Of(place, name) => {
                let member = format!("{name}: {text}");
                match call.args.get(*place) {
                    Some(&id) => of_argument(source, id, name.as_bytes(), text, member),
                    None if call.args.len() == *place && call.named.is_empty() => {
                        let (at, joint) = behind(source, call)?;
                        Some(put_in(at, member, braced(&joint.open, &joint.close)))
                    }
                    None => None,
                }
            }
        }
    }
}

/// The edit by which the argument at `id` has a member: an object gets it, and what stands in place of one becomes one.
fn of_argument(
    source: &Source<'_>,
    id: ExprId,
    name: &[u8],
    text: String,
    member: String,
) -> Option<Edit> {
    let node = source.node(id);
    match &node.expr {
        Expr::Object { members, spread } if spread.is_empty() => {
            let mut known = members.iter();
            if let Some(&(_, id)) = known.find(|(key, _)| source.word(*key) == name) {
                return replaced(source, id, text);
            }
            let whole = source.word(node.span);
            let is_literal = whole.starts_with(b"{") && whole.ends_with(b"}");
            let inner = Span::new(node.span.start + 1, node.span.end.checked_sub(1)?);
            let first = members.iter().map(|(key, _)| key.start).min();
            let ends = |&(key, id): &(Span, ExprId)| key.end.max(source.node(id).span.end);
            let last = members.iter().map(ends).max();
            let slot = edit::slot(source.text, inner, first.zip(last), Brackets::Object);
            let (at, joint) = slot.filter(|_| is_literal)?;
            Some(put_in(at, member, joint))
        }
        // A callback stands where the settings may.
        Expr::Function(_) => Some(put_in(node.span.start, member, braced("", ", "))),
        Expr::Null => Some(Edit {
            span: node.span,
            text: member,
            joint: braced("", ""),
        }),
        _ => None,
    }
}

/// The edit by which a flag that is off has the value `text`.
fn replaced(source: &Source<'_>, id: ExprId, text: String) -> Option<Edit> {
    let node = source.node(id);
    matches!(node.expr, Expr::Bool(false)).then(|| Edit {
        span: node.span,
        text,
        joint: Joint::default(),
    })
}

/// The place behind the last argument of a call that has some.
fn behind(source: &Source<'_>, call: &Call) -> Option<(usize, Joint)> {
    let end = call.span.end.checked_sub(1)?;
    let spans = || call.args.iter().map(|&id| source.node(id).span);
    let first = spans().map(|span| span.start).min()?;
    let last = spans().map(|span| span.end).max()?;
    let inner = Span::new(first, end);
    let closes = source.text.get(end) == Some(&b')') && last <= end;
    edit::slot(source.text, inner, Some((first, last)), Brackets::Call).filter(|_| closes)
}

fn put_in(at: usize, text: String, joint: Joint) -> Edit {
    Edit {
        span: Span::new(at, at),
        text,
        joint,
    }
}

/// What makes members an object of their own.
fn braced(before: &str, behind: &str) -> Joint {
    Joint {
        open: format!("{before}{{ "),
        between: ", ".to_owned(),
        close: format!(" }}{behind}"),
    }
}

/// Whether a text writes its literals in double quotes.
fn likes_double(text: &[u8]) -> bool {
    let text = &text[..text.len().min(SAMPLE)];
    let count = |quote| memchr::memchr_iter(quote, text).count();
    count(b'"') > count(b'\'')
}
