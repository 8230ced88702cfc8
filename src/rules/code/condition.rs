//! Conditions: what must be true of something at a place.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

use super::duration;
use super::place::{At, Target, What};
use super::source::{Source, Thing};
use super::yields::{means, name_of_path, yields};
use crate::classify::names::NameClass;
use crate::classify::strength::strength;
use crate::classify::values::{self, ValueClass};
use crate::facts::code::{Call, Expr, ExprId, FunctionId};
use crate::model::{self, Subject};
use crate::rules::compiled::{Fault, SYNTAX, words};
use crate::rules::globs::Globs;

/// What a key is called whose place says that it is one.
const KEY: &[u8] = b"secret";
/// Longer texts are no names.
const LONGEST_NAME: usize = 100;
/// So much of an expression is looked through for names.
const LONGEST_TEXT: usize = 4096;
/// So much of a function is looked through: a guard may stand at its end.
const LONGEST_FUNCTION: usize = 32 << 10;
/// Calls that are passed, or bytes that are looked through, in the time of one step.
const PASSED: usize = 16;
/// Functions that give the bytes of the literal they are given: `Buffer.from`, `new TextEncoder().encode`, `[]byte(…)`.
const BYTES_OF: &[&[u8]] = &[
    b"encode",
    b"byte",
    b"bytes",
    b"getBytes",
    b"GetBytes",
    b"toCharArray",
    b"createSecretKey",
    b"utf8ToBytes",
    b"toByteArray",
    b"as_bytes",
    b"as_ref",
    b"into",
    b"to_owned",
    b"to_string",
    b"into_bytes",
    b"to_vec",
];

/// What kind of thing stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Kind {
    Absent,
    Present,
    Literal,
    True,
    False,
    Null,
    Number,
    Object,
    List,
    Function,
    Call,
    Flag,
    Unknown,
}

crate::model::words!(Kind {
    Absent = "absent",
    Present = "present",
    Literal = "literal",
    True = "true",
    False = "false",
    Null = "null",
    Number = "number",
    Object = "object",
    List = "list",
    Function = "function",
    Call = "call",
    Flag = "flag",
    Unknown = "unknown",
});

/// A condition, ready to be asked.
pub(super) struct Condition {
    pub at: At,
    is: Vec<Kind>,
    names: Vec<NameClass>,
    yields: Vec<NameClass>,
    text: Option<(String, OnceLock<Option<Regex>>)>,
    values: Vec<ValueClass>,
    over: Option<f64>,
    under: Option<f64>,
    bytes_under: Option<usize>,
    callee: Globs,
    mentions: Option<bool>,
    reads: Option<bool>,
    calls: Globs,
}

impl Condition {
    pub(super) fn new(condition: &model::Condition, on: Subject) -> Result<Self, Fault> {
        let unknown = |kind: &str, word: &str| {
            (
                format!("{kind} `{word}` is not known"),
                "rules/README.md lists the known ones",
            )
        };
        let place = &condition.at;
        let at = At::parse(place)
            .filter(|at| at.suits(on))
            .ok_or_else(|| unknown("place", place))?;
        let time = |text: &Option<String>| {
            let read =
                |text: &String| duration::of_rule(text).ok_or_else(|| unknown("duration", text));
            text.as_ref().map(read).transpose()
        };
        let made = Self {
            at,
            is: words(&condition.is, |word| unknown("kind", word))?,
            names: words(&condition.name, |word| unknown("name class", word))?,
            yields: words(&condition.yields, |word| unknown("name class", word))?,
            text: condition.text.clone().map(|text| (text, OnceLock::new())),
            values: words(&condition.value, |word| unknown("value", word))?,
            over: time(&condition.over)?,
            under: time(&condition.under)?,
            bytes_under: condition.bytes_under,
            callee: Globs::new(condition.callee.iter().cloned(), false),
            mentions: condition.mentions,
            reads: condition.reads,
            calls: Globs::new(condition.calls.iter().cloned(), false),
        };
        if made.is.is_empty() && !made.asks() {
            return Err((
                format!("a condition on `{place}` says nothing of it"),
                "say what must be true there, e.g. is = [\"absent\"]",
            ));
        }
        Ok(made)
    }

    /// Builds its regular expression and its globs now.
    pub(super) fn compile(&self) -> Result<(), Fault> {
        self.callee.check()?;
        self.calls.check()?;
        match &self.text {
            Some((text, _)) => build(text).map(drop).map_err(|e| (e.to_string(), SYNTAX)),
            None => Ok(()),
        }
    }

    /// Whether it says more than of what kind a thing is.
    fn asks(&self) -> bool {
        self.text.is_some()
            || self.over.is_some()
            || self.under.is_some()
            || self.bytes_under.is_some()
            || self.mentions.is_some()
            || self.reads.is_some()
            || !self.calls.is_empty()
            || !(self.names.is_empty()
                && self.yields.is_empty()
                && self.values.is_empty()
                && self.callee.is_empty())
    }

    /// Whether it holds, and for what if that is something.
    pub(super) fn holds<'p>(
        &self,
        source: &Source<'p>,
        thing: Thing<'p>,
    ) -> Option<Option<Target<'p>>> {
        let found = self.at.find(source, thing);
        if found.targets.is_empty() {
            let is = |kind| self.is.contains(&kind);
            let holds = if found.open {
                is(Kind::Unknown) || is(Kind::Present)
            } else {
                is(Kind::Absent)
            };
            return (holds && !self.asks()).then_some(None);
        }
        let function = thing.function();
        let holds = |target: &Target<'p>| self.fits(source, *target, function);
        found.targets.into_iter().find(holds).map(Some)
    }

    fn fits(&self, source: &Source<'_>, target: Target<'_>, function: FunctionId) -> bool {
        let seen = Seen::of(source, target, function);
        let literal = seen.literal;
        let key = target.key.map_or(KEY, |key| source.word(key));
        let shorter = |bytes| literal.is_some_and(|text| strength(text, key).bytes < bytes);
        let time = |fits: &dyn Fn(f64) -> bool| seen.duration(source).is_some_and(fits);
        (self.is.is_empty() || self.is.iter().any(|&kind| seen.is(source, kind)))
            && (self.names.is_empty() || seen.is_named(source, &self.names))
            && (self.values.is_empty()
                || literal
                    .is_some_and(|text| self.values.contains(&values::value(text, key).class)))
            && self.bytes_under.is_none_or(shorter)
            && self.over.is_none_or(|over| time(&|seconds| seconds > over))
            && self
                .under
                .is_none_or(|under| time(&|seconds| seconds < under))
            && (self.callee.is_empty() || seen.calls(source, &self.callee))
            && self.text.as_ref().is_none_or(|(text, regex)| {
                let regex = regex.get_or_init(|| build(text).ok());
                regex
                    .as_ref()
                    .is_some_and(|r| r.is_match(&seen.text(source)))
            })
            && self.mentions.is_none_or(|yes| yes == seen.mentions(source))
            && self.reads.is_none_or(|yes| yes == seen.reads(source))
            && (self.calls.is_empty() || seen.holds_call(source, &self.calls))
            && (self.yields.is_empty() || seen.yields(source, &self.yields))
    }
}

fn build(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).unicode(false).build()
}

/// A thing at a place, followed to what it was given.
struct Seen<'p> {
    target: Target<'p>,
    function: FunctionId,
    /// What the expression is, names followed.
    meant: Option<ExprId>,
    literal: Option<&'p [u8]>,
}

/// The literal that the expression at `id` is, or whose bytes it gives, and its value.
pub(super) fn literal<'p>(
    source: &Source<'p>,
    id: ExprId,
    function: FunctionId,
) -> Option<(ExprId, &'p [u8])> {
    /// Calls around a literal, as in `createSecretKey(Buffer.from("…"))`.
    const AROUND: usize = 3;
    let mut id = source.resolve(id, function);
    for _ in 0..AROUND {
        match source.node(id).expr {
            Expr::Call(i) => {
                let inner = bytes_of(source, &source.program.calls[i], function)?;
                id = source.resolve(inner, function);
            }
            _ => break,
        }
    }
    let text = source.literal(id)?;
    (!is_charset(text)).then_some((id, text))
}

/// Whether `text` names a way to write text as bytes.
fn is_charset(text: &[u8]) -> bool {
    let starts = |name: &[u8]| {
        let start = text.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    const NAMES: &[&[u8]] = &[
        b"utf",
        b"ascii",
        b"latin",
        b"iso-8859",
        b"us-ascii",
        b"cp125",
    ];
    /// Longer texts are none.
    const LONGEST: usize = 12;
    text.len() <= LONGEST && NAMES.iter().any(|name| starts(name))
}

/// What a call gives the bytes of.
fn bytes_of(source: &Source<'_>, call: &Call, function: FunctionId) -> Option<ExprId> {
    let last = source.word(*call.callee.last()?);
    let first = source.word(*call.callee.first()?);
    let gives = BYTES_OF.contains(&last)
        || last == b"from" && matches!(first, b"Buffer" | b"Uint8Array")
        || last == b"decode" && first == b"base64url";
    let on_text = |&on: &ExprId| matches!(source.node(on).expr, Expr::Text(_));
    // `KEY.getBytes(UTF_8)`, and not `Encoding.UTF8.GetBytes(KEY)`.
    let named = || {
        let given = source.receiver(call, function)?;
        on_text(&source.resolve(given, function)).then_some(given)
    };
    let on = call.on.filter(on_text);
    gives.then(|| on.or_else(named).or(call.args.first().copied()))?
}

impl<'p> Seen<'p> {
    fn of(source: &Source<'p>, target: Target<'p>, function: FunctionId) -> Self {
        let (meant, literal) = match target.what {
            What::Expr(id) => (
                Some(source.resolve(id, function)),
                literal(source, id, function).map(|(_, text)| text),
            ),
            What::Names(_) | What::Route(_) | What::Function(_) => (None, None),
        };
        Self {
            target,
            function,
            meant,
            literal,
        }
    }

    fn is(&self, source: &Source<'_>, kind: Kind) -> bool {
        let Some(id) = self.meant else {
            return match (kind, self.target.what) {
                (Kind::Flag, What::Names([one])) => source.program.only_decides(one.start),
                (Kind::Function, What::Function(_)) => true,
                _ => kind == Kind::Present,
            };
        };
        let node = source.node(id);
        match kind {
            Kind::Absent => false,
            Kind::Present => true,
            Kind::Literal => self.literal.is_some(),
            Kind::True => node.expr == Expr::Bool(true),
            Kind::False => node.expr == Expr::Bool(false),
            Kind::Null => node.expr == Expr::Null,
            Kind::Number => match node.expr {
                Expr::Number => true,
                Expr::Flag | Expr::Unknown => duration::number(source.word(node.span)).is_some(),
                _ => false,
            },
            Kind::Object => matches!(node.expr, Expr::Object { .. }),
            Kind::List => matches!(node.expr, Expr::List(_)),
            Kind::Function => matches!(node.expr, Expr::Function(_)),
            Kind::Call => matches!(node.expr, Expr::Call(_)) && self.literal.is_none(),
            Kind::Flag => node.expr == Expr::Flag,
            Kind::Unknown => matches!(node.expr, Expr::Path { .. } | Expr::Unknown),
        }
    }

    /// Whether its own name, or that of what it was given, means one of `classes`.
    fn is_named(&self, source: &Source<'_>, classes: &[NameClass]) -> bool {
        if let Some(key) = self.target.key
            && means(source.word(key), classes)
        {
            return true;
        }
        match self.target.what {
            What::Names(parts) => means(&name_of_path(source, parts), classes),
            What::Route(_) | What::Function(_) => false,
            What::Expr(id) => [Some(id), self.meant]
                .into_iter()
                .flatten()
                .any(|id| match &source.node(id).expr {
                    Expr::Path { parts, .. } => means(&name_of_path(source, parts), classes),
                    Expr::Text(_) => source
                        .literal(id)
                        .is_some_and(|text| text.len() <= LONGEST_NAME && means(text, classes)),
                    _ => false,
                }),
        }
    }

    fn yields(&self, source: &Source<'_>, classes: &[NameClass]) -> bool {
        match self.target.what {
            What::Names(parts) => means(&name_of_path(source, parts), classes),
            What::Route(_) | What::Function(_) => false,
            What::Expr(id) => yields(source, id, self.function, classes),
        }
    }

    fn duration(&self, source: &Source<'_>) -> Option<f64> {
        let node = source.node(self.meant?);
        match node.expr {
            Expr::Number | Expr::Flag | Expr::Unknown => duration::number(source.word(node.span)),
            _ => duration::of_text(self.literal?),
        }
    }

    fn calls(&self, source: &Source<'_>, globs: &Globs) -> bool {
        let Some(Expr::Call(i)) = self.meant.map(|id| &source.node(id).expr) else {
            return false;
        };
        let called = source.called(&source.program.calls[*i]);
        called.iter().flatten().any(|path| globs.is_match(path))
    }

    /// The literal's text; what is no literal as it is written.
    fn text(&self, source: &Source<'p>) -> std::borrow::Cow<'p, [u8]> {
        match (self.literal, self.target.what) {
            (Some(text), _) => text.into(),
            (None, What::Expr(id)) => {
                let written = source.word(source.node(self.meant.unwrap_or(id)).span);
                written[..written.len().min(LONGEST_TEXT)].into()
            }
            (None, What::Names(parts)) => source.dotted(parts).into(),
            (None, What::Route(index)) => source.routes()[index].path.to_vec().into(),
            (None, What::Function(id)) => {
                let written = source.word(source.program.function(id).span);
                source.take(written.len().min(LONGEST_FUNCTION) / PASSED);
                written[..written.len().min(LONGEST_FUNCTION)].into()
            }
        }
    }

    /// Whether it is a variable of the environment whose name means a secret, and nothing stands in for it.
    fn reads(&self, source: &Source<'_>) -> bool {
        let What::Expr(id) = self.target.what else {
            return false;
        };
        let read = source.read(id, self.function);
        read.is_some_and(|read| names_secret(source.word(read.name)))
    }

    /// Whether one of `globs` is called in the function that it is.
    fn holds_call(&self, source: &Source<'_>, globs: &Globs) -> bool {
        let function = match (self.target.what, self.meant.map(|id| &source.node(id).expr)) {
            (What::Function(function), _) | (_, Some(&Expr::Function(function))) => function,
            _ => return false,
        };
        if !source.take(1 + source.program.calls.len() / PASSED) {
            return false;
        }
        source.calls_in(function).any(|call| {
            let called = source.called(call);
            source.step() && called.iter().flatten().any(|path| globs.is_match(path))
        })
    }

    /// Whether a name in its text, variables of the environment among them, means a secret. Texts between plain quotes are left out.
    fn mentions(&self, source: &Source<'_>) -> bool {
        let text = match self.target.what {
            What::Expr(id) => source.word(source.node(id).span),
            What::Names(parts) => return names_secret(&source.dotted(parts)),
            What::Route(_) | What::Function(_) => return false,
        };
        if matches!(self.target.what, What::Expr(id) if source.literal(id).is_some()) {
            return false;
        }
        let text = &text[..text.len().min(LONGEST_TEXT)];
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"_$.".contains(b);
            at += match rest[0] {
                quote @ (b'"' | b'\'') => {
                    memchr::memchr(quote, &rest[1..]).map_or(rest.len(), |end| end + 2)
                }
                b if is_part(&b) => {
                    let end = rest.iter().take_while(|b| is_part(b)).count();
                    if names_secret(&rest[..end]) {
                        return true;
                    }
                    end
                }
                _ => 1,
            };
        }
        false
    }
}

fn names_secret(name: &[u8]) -> bool {
    let judged = crate::classify::names::name(name);
    judged.class.holds_secret() && !judged.client_safe
}
