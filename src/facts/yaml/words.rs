//! Words of YAML dialects: which keys hold commands, which name their neighbour, which values are base64.

use data_encoding::BASE64_MIME_PERMISSIVE;

use super::super::{Facts, Pair, Scope, Via, shell};
use crate::model::Span;

/// Keys of GitHub, GitLab, CircleCI, Azure and Bitbucket pipelines, of Ansible and of Kubernetes, whose value a shell runs.
const COMMANDS: &[&str] = &[
    "after_script",
    "bash",
    "before_script",
    "cmd",
    "command",
    "commands",
    "inlineScript",
    "powershell",
    "pwsh",
    "run",
    "script",
    "sh",
    "shell",
];

pub(super) fn is_command(key: &[u8]) -> bool {
    COMMANDS.iter().any(|c| c.as_bytes() == key)
}

/// Whether a plain value is nothing, in the words of the core schema.
pub(super) fn is_null(value: &[u8]) -> bool {
    matches!(value, b"" | b"~" | b"null" | b"Null" | b"NULL")
}

/// `{name: X, value: Y}`: the two, once both are known.
#[derive(Clone, Default)]
pub(super) struct Named {
    name: Option<Span>,
    value: Option<Pair>,
}

impl Named {
    /// Takes note of a pair, and gives X → Y when it was the second of the two.
    pub(super) fn see(&mut self, text: &[u8], pair: &Pair) -> Option<Pair> {
        match &text[pair.key.range()] {
            b"name" | b"Name" | b"key" | b"Key" if !pair.value.is_empty() => {
                self.name = Some(pair.value);
            }
            b"value" | b"Value" => self.value = Some(pair.clone()),
            _ => return None,
        }
        let key = self.name?;
        let value = self.value.take()?;
        self.name = None;
        Some(Pair { key, ..value })
    }
}

/// What is known of the document at hand as a manifest of Kubernetes.
#[derive(Default)]
pub(super) struct Manifest {
    secret: bool,
    /// Places of the pairs right under the top-level `data`, which is in base64, and `stringData`, which is not.
    data: Vec<(usize, bool)>,
}

impl Manifest {
    /// Takes note of the pair that is added next; `outer` is the one key around it, if any is.
    pub(super) fn see(&mut self, text: &[u8], outer: Option<Span>, pair: &Pair, facts: &Facts) {
        match outer {
            None if &text[pair.key.range()] == b"kind" => {
                self.secret = &text[pair.value.range()] == b"Secret";
            }
            Some(outer) if &text[outer.range()] == b"data" => {
                self.data.push((facts.pairs.len(), true));
            }
            Some(outer) if &text[outer.range()] == b"stringData" => {
                self.data.push((facts.pairs.len(), false));
            }
            _ => {}
        }
    }

    /// The pairs from the place `from` on were taken back.
    pub(super) fn forget(&mut self, from: usize) {
        self.data.retain(|&(at, _)| at < from);
    }

    /// The document ends: what a Secret holds is one whatever its name is, and is freed of its base64.
    pub(super) fn end(&mut self, text: &[u8], facts: &mut Facts) {
        for (at, encoded) in std::mem::take(&mut self.data) {
            let Some(pair) = facts.pairs.get_mut(at).filter(|_| self.secret) else {
                continue;
            };
            pair.role = Some("secret");
            if let Some(plain) = decoded(pair.value(text)).filter(|_| encoded) {
                pair.read = Some(plain.into());
            }
        }
        self.secret = false;
    }
}

/// What `value` is the base64 of, where that is text.
fn decoded(value: &[u8]) -> Option<Vec<u8>> {
    let plain = BASE64_MIME_PERMISSIVE.decode(value.trim_ascii()).ok()?;
    let is_text = std::str::from_utf8(&plain).is_ok_and(|s| {
        !s.is_empty() && !s.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    });
    is_text.then_some(plain)
}

/// The pair that an element of a list is: its own where it says `NAME=value`, else one of the list's.
///
/// `outer` is what the list lies in, `inner` the list itself. Returns false where there is no room.
pub(super) fn item(
    text: &[u8],
    mut pair: Pair,
    (outer, inner): (Scope, Scope),
    facts: &mut Facts,
) -> bool {
    let element = pair.value;
    let tagged = !pair.quoted && text[element.range()].starts_with(b"!");
    let command = is_command(&text[pair.key.range()]) && !tagged;
    pair.via = Via::Item;
    pair.within = outer;
    if let Some(at) = equals(&text[element.range()]).filter(|_| !command) {
        pair.key = Span::new(element.start, element.start + at);
        pair.value.start += at + 1;
        pair.via = Via::Assignment;
        pair.within = inner;
        pair.read = pair.read.and_then(|read| {
            let at = memchr::memchr(b'=', &read)?;
            (read[at + 1..] != text[pair.value.range()]).then(|| read[at + 1..].into())
        });
    }
    let room = facts.add(pair);
    if command && room {
        shell::commands(text, element, inner, facts);
    }
    room
}

/// Where the `=` of `NAME=value` stands.
fn equals(element: &[u8]) -> Option<usize> {
    let end = element
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')))?;
    let first = *element.first()?;
    (element[end] == b'=' && (first.is_ascii_alphabetic() || first == b'_')).then_some(end)
}
