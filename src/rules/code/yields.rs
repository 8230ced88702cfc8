//! What an expression would print or send.
//!
//! Takes an expression and name classes, says whether something of such a name comes out of it. The words of a message never count,
//! nor what says something about a secret: its length, whether it is there, its hash, its first characters. It follows names to what
//! they were given, and knows no types: a call counts by its name, if that says what it hands out.

use super::source::Source;
use crate::classify::names::{self, NameClass};
use crate::classify::values::{ValueClass, value};
use crate::facts::code::{Call, Expr, ExprId, FunctionId};
use crate::model::Span;

/// Expressions in one another, names that are followed among them.
const DEEPEST: usize = 48;
/// So many characters of a secret give it away to nobody.
const SHOWN: i64 = 8;
/// Parts of a path that take part in the judgement of its last.
const AROUND: usize = 3;

/// Functions that give a message in the reader's language.
const TELLING: &[&str] = &[
    "_",
    "__",
    "_lazy",
    "gettext",
    "gettext_lazy",
    "ugettext",
    "ugettext_lazy",
    "ngettext",
];
/// Parts of names of functions whose value tells nothing of what goes in.
const HIDING: &[&str] = &[
    "mask",
    "redact",
    "hash",
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "md5",
    "digest",
    "hmac",
    "encrypt",
    "obfuscat",
    "censor",
    "scrub",
    "anonymi",
    "fingerprint",
    "compare",
    "verify",
    "validate",
    "length",
    "timingsafeequal",
    "omit",
    "truncat",
];
/// Functions that give what they are given in another form; of the object they are called on too.
const PASSING: &[&str] = &[
    "stringify",
    "string",
    "tostring",
    "trim",
    "trimstart",
    "trimend",
    "concat",
    "join",
    "encodeuricomponent",
    "decodeuricomponent",
    "encodeuri",
    "btoa",
    "atob",
    "tolowercase",
    "touppercase",
    "inspect",
    "format",
    "assign",
    "values",
    "entries",
    "structuredclone",
    "urlsearchparams",
    "url",
    "split",
    "replace",
    "replaceall",
    "padstart",
    "padend",
    "normalize",
    "buffer",
    "from",
    "pop",
    "shift",
    "at",
    "dumps",
    "sprintf",
    "valueof",
    "json",
    "flat",
    "reverse",
    // PHP
    "json_encode",
    "implode",
    "print_r",
    "var_export",
    "serialize",
    "base64_encode",
    "urlencode",
    "rawurlencode",
    "vsprintf",
    // Ruby
    "to_json",
    "to_s",
    "inspect",
    "strip",
];
/// Types of Go that are made of names and values as an object is: `logrus.Fields{"token": t}`.
const MAPS: &[&str] = &["fields", "h", "m", "map", "mapclaims"];
/// Functions that give a part of what they are called on.
const CUTTING: &[&str] = &["slice", "substring", "substr"];
/// Functions that give what goes by the name they are given.
const GIVING: &[&str] = &[
    "get",
    "getitem",
    "getorthrow",
    "header",
    "cookie",
    "getcookie",
    "getheader",
    "input",
];
/// What a call gives beside what it hands out: `token, err := newToken()`.
const FAULTS: &[&[u8]] = &[b"err", b"error", b"e", b"ex", b"exception"];
/// Verbs in front of the name of what a function hands out.
const MAKING: &[&[u8]] = &[
    b"get",
    b"generate",
    b"create",
    b"issue",
    b"mint",
    b"make",
    b"build",
    b"obtain",
    b"acquire",
    b"load",
    b"read",
    b"fetch",
    b"decrypt",
    b"new",
    b"sign",
    b"request",
    b"require",
];

/// Whether the expression at `id`, which stands in `function`, yields something under a name of one of `classes`.
pub(super) fn yields(
    source: &Source<'_>,
    id: ExprId,
    function: FunctionId,
    classes: &[NameClass],
) -> bool {
    let asked = Asked {
        source,
        function,
        classes,
    };
    asked.yields(id, 0)
}

/// Whether a name means one of `classes` and is not made to be published.
pub(super) fn means(name: &[u8], classes: &[NameClass]) -> bool {
    let judged = names::name(name);
    !judged.client_safe && classes.contains(&judged.class)
}

/// The last names of a path, indices left out.
pub(super) fn name_of_path(source: &Source<'_>, parts: &[Span]) -> Vec<u8> {
    let is_index = |part: &Span| source.word(*part).iter().all(u8::is_ascii_digit);
    let end = parts.len() - parts.iter().rev().take_while(|p| is_index(p)).count();
    source.dotted(&parts[end.saturating_sub(AROUND)..end])
}

/// What a function hands out by its name, the verb in front taken off: of `getAccessToken` it is `AccessToken`.
pub(super) fn handed_out(name: &[u8]) -> &[u8] {
    let rest = |verb: &&[u8]| {
        let rest = name.strip_prefix(*verb)?;
        let begins = |b: &u8| *b == b'_' || b.is_ascii_uppercase();
        rest.first().is_some_and(begins).then_some(rest)
    };
    MAKING.iter().find_map(rest).unwrap_or(name)
}

struct Asked<'a, 'p> {
    source: &'a Source<'p>,
    function: FunctionId,
    classes: &'a [NameClass],
}

impl Asked<'_, '_> {
    fn yields(&self, id: ExprId, depth: usize) -> bool {
        if depth >= DEEPEST || !self.source.step() {
            return false;
        }
        let node = self.source.node(id);
        let next = |&id: &ExprId| self.yields(id, depth + 1);
        if let Some(variable) = self.source.variable(node.span) {
            return means(variable, self.classes);
        }
        match &node.expr {
            Expr::Path { parts, on } => self.path(id, parts, *on, depth),
            Expr::Join(parts) | Expr::Either(parts) | Expr::List(parts) => parts.iter().any(next),
            Expr::Object { members, spread } => {
                let member = |&(key, id): &(Span, ExprId)| {
                    let named = means(self.source.word(key), self.classes);
                    named && self.carries(id, depth + 1) || self.yields(id, depth + 1)
                };
                // `{ ...headers, authorization: "[redacted]" }`: what is spread is written over.
                let over = |&(key, id): &(Span, ExprId)| {
                    let named = names::name(self.source.word(key)).class.holds_secret();
                    named && !self.carries(id, depth + 1)
                };
                members.iter().any(member) || !members.iter().any(over) && spread.iter().any(next)
            }
            &Expr::Call(i) => self.call(&self.source.program.calls[i], depth),
            Expr::Text(_)
            | Expr::Number
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Function(_)
            | Expr::Flag
            | Expr::Unknown => false,
        }
    }

    fn path(&self, id: ExprId, parts: &[Span], on: Option<ExprId>, depth: usize) -> bool {
        let name = name_of_path(self.source, parts);
        if name.is_empty() {
            return on.is_some_and(|on| self.yields(on, depth + 1));
        }
        let named = means(&name, self.classes);
        if named && (on.is_some() || self.may_carry(id, &name, depth)) {
            return true;
        }
        // `hasToken`, `tokenLength`: whatever it was made of.
        if on.is_some() || FAULTS.contains(&&*name) || names::name(&name).class == NameClass::Meta {
            return false;
        }
        let given = self.source.given(id, self.function);
        let mut given = given.iter().filter(|given| given.value != id);
        given.any(|given| {
            let there = Asked {
                function: given.within,
                ..*self
            };
            there.yields(given.value, depth + 1)
        })
    }

    /// Whether a name that means a secret can hold one: unless all that it was given is seen and none of it is one.
    fn may_carry(&self, id: ExprId, name: &[u8], depth: usize) -> bool {
        let given = self.source.given(id, self.function);
        let all = given.iter().any(|given| given.only) || given.len() > 1;
        !all || given.iter().any(|given| {
            let there = Asked {
                function: given.within,
                ..*self
            };
            match self.source.literal(given.value) {
                Some(text) => value(text, name).class == ValueClass::Opaque,
                None => there.carries(given.value, depth + 1),
            }
        })
    }

    /// Whether a value under the name of a secret can be one: no text, no flag, nothing hidden.
    fn carries(&self, id: ExprId, depth: usize) -> bool {
        if depth >= DEEPEST || !self.source.step() {
            return false;
        }
        let next = |&id: &ExprId| self.carries(id, depth + 1);
        match &self.source.node(id).expr {
            Expr::Path { parts, .. } => {
                let name = name_of_path(self.source, parts);
                let given = self.source.resolve(id, self.function);
                names::name(&name).class != NameClass::Meta
                    && (given == id || self.carries(given, depth + 1))
            }
            Expr::Join(parts) | Expr::Either(parts) => parts.iter().any(next),
            &Expr::Call(i) => {
                let call = &self.source.program.calls[i];
                let last = self.last(call);
                let cut = CUTTING.contains(&&*last) && self.is_short_cut(call);
                // `Object.keys(tokens).sort()` are names.
                let before = match call.on {
                    Some(on) if matches!(self.source.node(on).expr, Expr::Call(_)) => {
                        self.carries(on, depth + 1)
                    }
                    _ => true,
                };
                !cut && before && last != "keys" && !is_hiding(&last) && !TELLING.contains(&&*last)
            }
            Expr::Unknown => true,
            _ => false,
        }
    }

    fn call(&self, call: &Call, depth: usize) -> bool {
        let last = self.last(call);
        if is_hiding(&last) {
            return false;
        }
        let named = call.named.iter().map(|&(_, id)| id);
        let all = || call.args.iter().copied().chain(named);
        if CUTTING.contains(&&*last) {
            return !self.is_short_cut(call) && self.receiver(call, depth);
        }
        if last.starts_with("replace") && self.is_masked(call) {
            return false;
        }
        if call.is_object() && MAPS.contains(&&*last) {
            let member = |&(key, id): &(Span, ExprId)| {
                let named = means(self.source.word(key), self.classes);
                named && self.carries(id, depth + 1) || self.yields(id, depth + 1)
            };
            return call.named.iter().any(member);
        }
        if PASSING.contains(&&*last) || last.ends_with("error") || last.ends_with("exception") {
            return self.receiver(call, depth) || all().any(|id| self.yields(id, depth + 1));
        }
        if GIVING.contains(&&*last) {
            let name = call.args.first().and_then(|&id| self.source.literal(id));
            return name.is_some_and(|name| means(name, self.classes));
        }
        self.hands_out(call, &last)
    }

    /// `getToken()`, `jwt.sign()`: what the name says it gives.
    fn hands_out(&self, call: &Call, last: &str) -> bool {
        let Some(&name) = call.callee.last() else {
            return false;
        };
        if last == "sign" {
            let token = self.classes.contains(&NameClass::Token);
            let called = self.source.called(call);
            let mut paths = called.iter().flatten();
            return token && paths.any(|p| p.contains("jwt") || p.contains("jsonwebtoken"));
        }
        let name = self.source.word(name);
        let handed = handed_out(name);
        // `get_secret("API_BASE")`: what it is asked for says what it hands out.
        let asked = call.args.first().and_then(|&id| self.source.literal(id));
        let setting = asked.filter(|asked| {
            let is_part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
            asked.contains(&b'_') && asked.iter().all(is_part)
        });
        handed.len() < name.len()
            && means(handed, self.classes)
            && setting.is_none_or(|asked| means(asked, self.classes))
    }

    /// What a method is called on yields.
    fn receiver(&self, call: &Call, depth: usize) -> bool {
        let Some((_, parts)) = call.callee.split_last() else {
            return false;
        };
        let name = name_of_path(self.source, parts);
        match call.on {
            Some(on) if parts.is_empty() => self.yields(on, depth + 1),
            _ => !name.is_empty() && means(&name, self.classes),
        }
    }

    fn last(&self, call: &Call) -> String {
        let last = call.callee.last().map(|&part| self.source.word(part));
        String::from_utf8_lossy(last.unwrap_or_default()).to_ascii_lowercase()
    }

    /// `replace(/./g, "*")`: every character, or all but a few, becomes a mark.
    fn is_masked(&self, call: &Call) -> bool {
        /// How regular expressions begin that fit any character.
        const ANY: &[&[u8]] = &[
            b"/./", b"/.+/", b"/.*/", b"/.(?", b"/(.", b"/(?<", b"/[^", b"/\\S", b"/\\w", b"/^.",
        ];
        let (Some(&what), Some(&mark)) = (call.args.first(), call.args.get(1)) else {
            return false;
        };
        let what = self.source.word(self.source.node(what).span);
        let is_mark = |b: &u8| matches!(b, b'*' | b'x' | b'X' | b'#' | b'.') || !b.is_ascii();
        let mark = self.source.literal(mark);
        mark.is_some_and(|mark| mark.iter().all(is_mark))
            && ANY.iter().any(|any| what.starts_with(any))
    }

    /// `slice(0, 4)`, `slice(-4)`: no more than a few characters.
    fn is_short_cut(&self, call: &Call) -> bool {
        let numbers: Vec<i64> = call
            .args
            .iter()
            .filter_map(|&id| std::str::from_utf8(self.source.word(self.source.node(id).span)).ok())
            .filter_map(number)
            .collect();
        match numbers[..] {
            [from] => call.args.len() == 1 && (-SHOWN..0).contains(&from),
            [from, to] if from >= 0 && to >= 0 => to.saturating_sub(from) <= SHOWN || to <= SHOWN,
            [from, _] => (-SHOWN..0).contains(&from),
            _ => false,
        }
    }
}

/// The number, or the bound in `Math.min(6, length)`.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let bound = text.strip_prefix("Math.min(").or(text.strip_prefix("min("));
    match bound {
        Some(bounds) => bounds.split([',', ')']).find_map(|n| n.trim().parse().ok()),
        None => text.parse().ok(),
    }
}

fn is_hiding(last: &str) -> bool {
    let crypt = last.ends_with("crypt") && !last.contains("decrypt");
    crypt || HIDING.iter().any(|word| last.contains(word))
}
