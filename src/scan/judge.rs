//! From hits to places: one fault is one place, weighed by where it stands.

use std::cell::OnceCell;

use sha2::{Digest as _, Sha256};

use super::excerpt::Mask;
use super::{Plan, summary};
use crate::checks::{JWT_COMMITTED, is_live_jwt, is_own_env_file, severity_of_jwt};
use crate::classify::{contexts, values};
use crate::edit;
use crate::model::{
    Context, Contexts, Digest, Fingerprint, Fix, Hit, Identity, Origin, Place, Proposal, RelPath,
    Severity, Suppression, Why,
};
use crate::rules::Reading;
use crate::suppress::inline::Marks;
use crate::text::{Lines, Window};

/// The check that speaks of an environment file which git would take.
const NOT_IGNORED: &str = "env-file-not-ignored";
/// In these a name and a value say little: other people's data, made by programs.
const NOT_WRITTEN_BY_HAND: &[Context] = &[
    Context::Vendored,
    Context::Minified,
    Context::Lockfile,
    Context::Generated,
];
/// So far into a line it is no longer asked whether a comment began in it: nobody writes such lines, and each hit on one would read
/// all of it.
const LONGEST_LINE: usize = 4096;
/// In these a credential is mostly one that was made up.
const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];

/// The document that hits were found in.
pub(super) struct Scene<'a> {
    pub path: &'a RelPath,
    pub origin: Origin,
    pub contexts: Contexts,
    pub window: &'a Window<'a>,
    pub marks: &'a Marks<'a>,
    pub plan: &'a Plan,
    /// What tells its text from others, made where a fix asks for it: a text may hold thousands.
    pub digest: OnceCell<Digest>,
}

impl<'a> Scene<'a> {
    /// What tells its text from others; nothing where that is not a whole file on disk, so that nobody can change it.
    pub(super) fn editable(&self) -> Option<Digest> {
        let is = self.window.whole && self.origin == Origin::Worktree;
        is.then(|| *self.digest.get_or_init(|| edit::digest(self.window.text)))
    }

    /// Hides all that was found in it, and every other value under the name of a secret: what one finding shows another may know.
    pub(super) fn mask(&self, reading: &Reading) -> Mask<'a> {
        let hits = reading.hits.iter().chain(&reading.dormant);
        let hits = hits.flat_map(|h| h.hidden.iter().copied());
        let stated = reading.stated.iter().filter(|s| summary::is_hidden(s));
        Mask::new(
            self.window.text,
            hits,
            stated
                .map(|s| s.value)
                .chain(reading.hidden.iter().copied()),
            self.plan.show_secrets,
        )
    }
}

/// Weighs and masks the hits of one window: at most `room` places, each with the byte it begins at, and how many hits were not looked at.
pub(super) fn places(
    mut hits: Vec<Hit>,
    scene: &Scene<'_>,
    mask: &Mask<'_>,
    room: usize,
) -> (Vec<(usize, Place)>, usize) {
    hits.retain(|h| !h.silent && (scene.window.from..scene.window.to).contains(&h.span.start));
    if hits.is_empty() {
        return (Vec::new(), 0);
    }
    let lines = Lines::new(scene.window.text, scene.window.first);
    let mut hits = hits.into_iter();
    let places = hits
        .by_ref()
        .filter_map(|hit| Some((hit.span.start, place(hit, scene, mask, &lines)?)))
        .take(room)
        .collect();
    (places, hits.len())
}

fn place(mut hit: Hit, scene: &Scene<'_>, mask: &Mask<'_>, lines: &Lines<'_>) -> Option<Place> {
    let text = scene.window.text;
    let (start, end) = (lines.start(hit.span.start), lines.end(hit.span.start));
    let mut contexts = scene.contexts;
    let before = &text[start..hit.span.start];
    if before.len() <= LONGEST_LINE && contexts::in_comment(before) {
        contexts = contexts.with(Context::Comment);
    }
    weigh(&mut hit, scene.path, contexts, scene.plan)?;
    let identity = identity_of(&hit, scene.path);
    let mut also = hit.also;
    if hit.check.family != hit.check.id {
        also.push(hit.check.family.clone());
    }
    also.sort();
    also.dedup();
    let ids: Vec<&str> = std::iter::once(&hit.check.id)
        .chain(&also)
        .map(String::as_str)
        .collect();
    let suppression = match scene.marks.suppression(hit.span, &ids) {
        Some(Suppression::Inline { reason }) => Some(Suppression::Inline {
            reason: mask.conceal(&reason),
        }),
        other => other,
    };
    let (first, last) = (lines.position(hit.span.start), lines.position(hit.span.end));
    let value = hit.secret.as_ref().map(|s| s.expose());
    Some(Place {
        severity: hit.severity,
        confidence: hit.confidence,
        contexts,
        path: scene.path.clone(),
        line: first.line,
        column: first.column,
        end_line: last.line,
        end_column: last.column,
        excerpt: mask.excerpt(start, end, hit.span),
        origin: scene.origin,
        fingerprint: fingerprint(
            &hit.check.family,
            &hit.check.id,
            scene.path,
            hit.key.as_deref(),
            value,
        ),
        identity,
        details: hit.details,
        related: Vec::new(),
        fixes: hit
            .proposal
            .and_then(|proposal| fix(proposal, contexts, scene))
            .into_iter()
            .collect(),
        past: None,
        suppression,
        also,
        steps: hit.steps,
        check: hit.check,
    })
}

/// What is done about a hit, if that can be said now and the file allows of it.
fn fix(proposal: Proposal, contexts: Contexts, scene: &Scene<'_>) -> Option<Fix> {
    let path = || scene.path.clone();
    match proposal {
        Proposal::Edit(edit) if !contexts.has(Context::Comment) => Some(Fix::Edit {
            path: path(),
            edits: vec![edit],
            of: scene.editable()?,
        }),
        // Anywhere else it would be committed.
        Proposal::Random(name, span)
            if contexts.has(Context::Local)
                && contexts.has(Context::EnvFile)
                && !contexts.has(Context::Comment) =>
        {
            Some(Fix::Generate {
                path: path(),
                name,
                span,
                of: scene.editable()?,
                safe: !contexts.has(Context::Production),
            })
        }
        // Every place of the name has to be seen.
        Proposal::Rename(from, to) if scene.plan.whole && scene.editable().is_some() => {
            Some(Fix::Rename {
                path: path(),
                from,
                to,
            })
        }
        // The rest of the tree has to be seen first.
        Proposal::Rename(..) | Proposal::Edit(_) | Proposal::Signed(..) | Proposal::Random(..) => {
            None
        }
    }
}

/// Weighs the hit by where it stands; nothing where the place says that it is no fault.
fn weigh(hit: &mut Hit, path: &RelPath, contexts: Contexts, plan: &Plan) -> Option<()> {
    if !hit.check.private && is_private(path, contexts, plan) {
        return None;
    }
    if hit.by_name && contexts.any(NOT_WRITTEN_BY_HAND) {
        return None;
    }
    let jwt = hit
        .secret
        .as_ref()
        .filter(|_| hit.check.id == JWT_COMMITTED);
    let claimed = jwt.and_then(|token| severity_of_jwt(token.expose(), plan.today));
    // A token that says it still works is none that a guide made up.
    let live = !contexts.has(Context::Test)
        && jwt.is_some_and(|token| is_live_jwt(token.expose(), plan.today));
    let untracked = hit
        .check
        .untracked
        .filter(|_| contexts.has(Context::Untracked));
    if let Some(severity) = claimed {
        hit.lower(severity, Why::Claims);
    } else if let Some(severity) = untracked {
        hit.lower(severity, Why::Untracked);
    }
    let made_up = MADE_UP.iter().copied().find(|&c| contexts.has(c));
    match made_up {
        _ if hit.severity == Severity::Info => {}
        Some(context) if !live => hit.lower(hit.in_tests, Why::MadeUp(context)),
        _ if contexts.has(Context::Local) && !hit.check.private => {
            hit.lower(Severity::Low, Why::Local);
        }
        // A habit of browser code was weighed as one; a credential there is everybody's.
        _ if contexts.has(Context::Client) && hit.secret.is_some() => {
            hit.severity = hit.severity.raised();
            hit.because(Why::Client);
        }
        Some(_) => hit.because(Why::Live),
        None => {}
    }
    Some(())
}

/// Whether a secret in such a file is where it belongs: git ignores it, or it is an environment file whose one fault is that git does not yet, which
/// is told of the file: as more than advice, or the credential would be hidden behind what nobody sees.
fn is_private(path: &RelPath, contexts: Contexts, plan: &Plan) -> bool {
    let told_of_file = contexts.has(Context::Untracked)
        && !contexts.any(MADE_UP)
        && is_own_env_file(path, contexts)
        && plan.rules.wants(NOT_IGNORED);
    contexts.has(Context::Local) && !plan.judge_local || told_of_file
}

/// Known by the value where it is strong; a short hash of a weak one in a committed baseline could be guessed, so that is known by its place.
fn fingerprint(
    family: &str,
    id: &str,
    path: &RelPath,
    key: Option<&str>,
    value: Option<&[u8]>,
) -> Fingerprint {
    let parts: [&[u8]; 4] = match value {
        Some(value) if values::is_strong(value) => [b"value", family.as_bytes(), value, b""],
        Some(_) => [
            b"key",
            family.as_bytes(),
            path.as_bytes(),
            key.unwrap_or(id).as_bytes(),
        ],
        None => [
            b"place",
            id.as_bytes(),
            path.as_bytes(),
            key.unwrap_or_default().as_bytes(),
        ],
    };
    let mut out = [0; 16];
    out.copy_from_slice(&digest(&parts)[..16]);
    Fingerprint(out)
}

/// What a fault over the tree is known by: its check, its file and what it is about.
pub(super) fn fingerprint_of_fault(id: &str, path: &RelPath, subject: &str) -> Fingerprint {
    let mut out = [0; 16];
    let parts: [&[u8]; 4] = [b"place", id.as_bytes(), path.as_bytes(), subject.as_bytes()];
    out.copy_from_slice(&digest(&parts)[..16]);
    Fingerprint(out)
}

/// What tells the value of a hit from others, whatever check found it; nothing where the fault is no value.
pub(super) fn value_of(hit: &Hit) -> Option<Identity> {
    let secret = hit.secret.as_ref().filter(|_| !hit.silent)?;
    Some(identity_of_value(secret.expose()))
}

/// What tells a value from others, wherever it stands and whatever it is called there.
pub(super) fn identity_of_value(value: &[u8]) -> Identity {
    identity(&[b"value", value])
}

/// A fault without a value is only equal to itself.
fn identity_of(hit: &Hit, path: &RelPath) -> Identity {
    value_of(hit).unwrap_or_else(|| {
        let start = hit.span.start.to_le_bytes();
        identity(&[b"place", hit.check.id.as_bytes(), path.as_bytes(), &start])
    })
}

fn identity(parts: &[&[u8]]) -> Identity {
    let mut out = [0; 16];
    out.copy_from_slice(&digest(parts)[..16]);
    Identity(u128::from_le_bytes(out))
}

/// SHA-256 over the parts, each behind its length, so that no two lists of parts look alike.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"keyward/v1");
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}
