//! What is kept of a document when its text is gone, for the checks over the tree.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Plan;
use super::excerpt::Mask;
use super::judge::{self, Scene};
use crate::checks::{self, Entry, File, JWT_COMMITTED, Signed, Spot, Token, Use};
use crate::classify::Setting;
use crate::classify::kinds::Kind;
use crate::classify::names::NameClass;
use crate::classify::strength::strength;
use crate::classify::values::ValueClass;
use crate::facts::{self, Language, Module};
use crate::model::{
    Context, Hit, Notice, NoticeKind, Proposal, RelPath, Secret, Severity, Span, Suppression,
};
use crate::rules::{Reading, Stated};
use crate::text::{Lines, Window};

/// Settings and tokens that are kept of a whole tree: each takes half a kilobyte.
const MOST_ENTRIES: usize = 100_000;
/// Stretches that are kept of all files that browsers are sent: each takes 16 bytes.
const MOST_STRETCHES: usize = 2_000_000;
/// The text of a file that governs others is kept up to this length, in bytes.
const LONGEST_KEPT: usize = 64 << 10;
/// Bytes of such texts that are kept of a whole tree.
const MOST_KEPT: usize = 64 << 20;
/// Bytes of what scripts take from one another that are kept of a whole tree.
const MOST_OF_MODULES: usize = 256 << 20;
/// Names of users and their like are kept up to this length, in bytes.
const LONGEST_SHOWN: usize = 64;

/// How much is kept of a tree, so that a hostile one cannot fill the memory; and the key by which equal stretches are told, which is made
/// for this run and written nowhere.
#[derive(Default)]
pub(super) struct Ledger {
    key: RandomState,
    entries: AtomicUsize,
    stretches: AtomicUsize,
    bytes: AtomicUsize,
    full: AtomicBool,
    modules: AtomicUsize,
    many: AtomicBool,
}

impl Ledger {
    /// Equal for equal stretches of text.
    fn hash(&self, text: &[u8]) -> u64 {
        self.key.hash_one(text)
    }

    /// Whether there is room for one more stretch.
    fn stretch(&self) -> bool {
        self.room(self.stretches.fetch_add(1, Ordering::Relaxed) < MOST_STRETCHES)
    }

    /// Whether there is room for one more entry.
    pub(super) fn entry(&self) -> bool {
        self.room(self.entries.fetch_add(1, Ordering::Relaxed) < MOST_ENTRIES)
    }

    /// Whether there is room for a text of that length.
    fn text(&self, length: usize) -> bool {
        self.room(self.bytes.fetch_add(length, Ordering::Relaxed) < MOST_KEPT)
    }

    /// Whether there is room for a module of that weight.
    fn module(&self, weight: usize) -> bool {
        let is = self.modules.fetch_add(weight, Ordering::Relaxed) < MOST_OF_MODULES;
        if !is {
            self.many.store(true, Ordering::Relaxed);
        }
        is
    }

    fn room(&self, is: bool) -> bool {
        if !is {
            self.full.store(true, Ordering::Relaxed);
        }
        is
    }

    /// What is to be told where something was not kept.
    pub(super) fn notices(&self) -> impl Iterator<Item = Notice> {
        const SETTINGS: &str =
            "the tree holds more settings than can be compared: scan parts of it by themselves";
        const SCRIPTS: &str =
            "the tree holds more scripts than can be followed: scan parts of it by themselves";
        [(&self.full, SETTINGS), (&self.many, SCRIPTS)]
            .into_iter()
            .filter(|(full, _)| full.load(Ordering::Relaxed))
            .map(|(_, message)| Notice::new(NoticeKind::Unreadable, message))
    }
}

/// Whether the value of such a look is to be hidden wherever its line is shown.
pub(super) fn is_hidden(stated: &Stated) -> bool {
    use ValueClass::{Boolean, Empty, Encrypted, Placeholder, Reference};
    stated.name.class.holds_secret()
        && !stated.name.client_safe
        && ![Empty, Reference, Encrypted, Placeholder, Boolean].contains(&stated.judged.class)
}

/// Adds what one window of the document says to what is kept of its file.
pub(super) fn add(
    file: &mut File,
    reading: &Reading,
    scene: &Scene<'_>,
    mask: &Mask<'_>,
    ledger: &Ledger,
) {
    let text = scene.window.text;
    let lines = Lines::new(text, scene.window.first);
    let here = |span: Span| (scene.window.from..scene.window.to).contains(&span.start);
    let spot = |span: Span| spot(span, scene, mask, &lines);
    file.settings += reading.settings;
    if file.kind == Some(Kind::EnvFile) && scene.contexts.has(Context::Example) {
        file.digest = scene.editable();
    }
    for hit in reading.hits.iter().filter(|hit| here(hit.span)) {
        if let Some(secret) = token(hit)
            && ledger.entry()
        {
            file.tokens.push(Token {
                secret,
                spot: spot(hit.span),
            });
        }
        if is_shipped(file, hit) && ledger.entry() {
            let at = lines.position(hit.span.start);
            file.held.push((hit.span.start, at.line, at.column));
        }
        if let Some(Proposal::Signed(edit, variable)) = &hit.proposal
            && let Some(of) = scene.editable()
            && !hit.silent
            && ledger.entry()
        {
            let at = lines.position(hit.span.start);
            file.signed.push(Signed {
                check: hit.check.id.clone(),
                variable: variable.clone(),
                line: at.line,
                column: at.column,
                edit: edit.clone(),
                of,
            });
        }
        if hit.severity > Severity::Info {
            match file.found.iter_mut().find(|(id, _)| *id == hit.check.id) {
                Some((_, worst)) => *worst = hit.severity.max(*worst),
                None => file.found.push((hit.check.id.clone(), hit.severity)),
            }
        }
    }
    for hit in reading.evidence.iter().filter(|hit| here(hit.span)) {
        if let Some(evidence) = hit.evidence.as_ref().filter(|_| !hit.silent)
            && ledger.entry()
        {
            file.uses.push(Use {
                check: hit.check.id.clone(),
                rule: evidence.rule.clone(),
                name: hit.key.clone().unwrap_or_default(),
                guarded: evidence.guarded,
                spot: spot(hit.span),
            });
        }
    }
    let mut known: HashSet<String> = file.checked.iter().cloned().collect();
    for &span in reading.checked.iter().filter(|span| here(**span)) {
        let name = String::from_utf8_lossy(&text[span.range()]).into_owned();
        if known.insert(name.clone()) && ledger.entry() {
            file.checked.push(name);
        }
    }
    for stated in reading.stated.iter().filter(|stated| here(stated.key)) {
        if ledger.entry() {
            let mut entry = entry(stated, text, spot);
            if file.kind == Some(Kind::EnvFile) {
                let known_by = checks::known_by(stated.text.expose());
                entry.stretches = known_by.map(|text| ledger.hash(&text)).collect();
            }
            file.entries.push(entry);
        }
    }
    for mark in scene.marks.own().filter(|mark| mark.alone) {
        let Some(reason) = &mark.reason else { continue };
        let named = checks::ids().filter(|id| mark.ids.iter().any(|named| named == id));
        let new = named.filter(|id| !file.accepted.iter().any(|(known, _)| known == id));
        let new: Vec<_> = new.map(|id| (id, mask.conceal(reason))).collect();
        file.accepted.extend(new);
    }
    if checks::is_sent(scene.path) {
        add_stretches(file, scene, &lines, ledger);
    }
    let tells = match file.kind {
        Some(Kind::Compose) => true,
        Some(Kind::Kubernetes) if checks::gives_keys(text) => true,
        _ => governs(scene.path),
    };
    if tells && scene.window.whole && text.len() <= LONGEST_KEPT && ledger.text(text.len()) {
        file.text = Some(Secret::new(text));
    }
}

/// Keeps what may be a secret in a file that browsers are sent, each value of a window once.
fn add_stretches(file: &mut File, scene: &Scene<'_>, lines: &Lines<'_>, ledger: &Ledger) {
    let mut known: HashSet<u64> = HashSet::new();
    let window = scene.window;
    let here = |span: &Span| (window.from..window.to).contains(&span.start);
    for span in checks::stretches(window.text).filter(here) {
        let hash = ledger.hash(&window.text[span.range()]);
        if known.insert(hash) && ledger.stretch() {
            let line = lines.position(span.start).line;
            file.stretches
                .push((hash, u32::try_from(line).unwrap_or(u32::MAX)));
        }
    }
}

/// Whether a hit weighs more where client code imports its file.
fn is_shipped(file: &File, hit: &Hit) -> bool {
    let tells = hit.secret.is_some() && !hit.silent && hit.severity > Severity::Info;
    tells && file.module.is_some() && !file.contexts.has(Context::Client)
}

fn token(hit: &Hit) -> Option<Secret> {
    let is_jwt = hit.check.id == JWT_COMMITTED || hit.also.iter().any(|id| id == JWT_COMMITTED);
    hit.secret.clone().filter(|_| is_jwt)
}

fn entry(stated: &Stated, text: &[u8], spot: impl Fn(Span) -> Spot) -> Entry {
    let key = &text[stated.key.range()];
    let value = stated.text.expose();
    let signs = stated.name.signing || stated.name.class == NameClass::Secret;
    Entry {
        path: stated.path.clone(),
        key: String::from_utf8_lossy(key).into_owned(),
        name: stated.name,
        value: stated.judged,
        length: value.len(),
        identity: judge::identity_of_value(value),
        stretches: Vec::new(),
        shown: (stated.name.class == NameClass::Identifier && value.len() <= LONGEST_SHOWN)
            .then(|| String::from_utf8_lossy(value).into_owned()),
        strength: stated.name.signing.then(|| strength(value, key)),
        secret: signs.then(|| stated.text.clone()),
        spot: spot(if stated.value.is_empty() {
            stated.key
        } else {
            stated.value
        }),
    }
}

/// A place that can be shown later: its line is cut and masked now, and what comments accept there is asked for each check that may speak.
fn spot(span: Span, scene: &Scene<'_>, mask: &Mask<'_>, lines: &Lines<'_>) -> Spot {
    let (first, last) = (lines.position(span.start), lines.position(span.end));
    let accepted = checks::ids()
        .filter_map(|id| match scene.marks.suppression(span, &[id]) {
            Some(Suppression::Inline { reason }) => Some((id, mask.conceal(&reason))),
            _ => None,
        })
        .collect();
    Spot {
        span,
        line: first.line,
        column: first.column,
        end_line: last.line,
        end_column: last.column,
        excerpt: mask.excerpt(lines.start(span.start), lines.end(span.start), span),
        accepted,
    }
}

/// What a script takes from others, where somebody asks and there is room for it. Other people's scripts and those that programs made are
/// nobody's entry points, and tests are never shipped.
pub(super) fn module(
    path: &RelPath,
    setting: &Setting<'_>,
    window: &Window<'_>,
    plan: &Plan,
    ledger: &Ledger,
) -> Option<Module> {
    const NOT_SHIPPED: &[Context] = &[
        Context::Test,
        Context::Vendored,
        Context::Minified,
        Context::Lockfile,
        Context::Generated,
    ];
    let asked = window.whole && plan.ignores.is_some() && plan.asks_for_clients;
    if !asked || Language::of_path(path) != Some(Language::JavaScript) {
        return None;
    }
    // What the text itself says of where it stands is asked of few files, as it takes longer than this.
    if setting.of_path().any(NOT_SHIPPED) {
        return None;
    }
    let module = facts::module(path, window.text)?;
    ledger.module(module.weight()).then_some(module)
}

/// Whether a file says what becomes of others: a cheap question, asked of every file.
pub(super) fn governs(path: &RelPath) -> bool {
    const NAMES: &[&[u8]] = &[
        b".gitignore",
        b".dockerignore",
        b".npmignore",
        b".vercelignore",
        b".gcloudignore",
        b".ebignore",
        b".slugignore",
        b".cfignore",
        b"package.json",
        b".pre-commit-config.yaml",
        b"lefthook.yml",
        b"lefthook.yaml",
        b"secret_scanning.yml",
        b"requirements.txt",
        b"pyproject.toml",
        b"Pipfile",
        b"Gemfile",
        b"composer.json",
        b"go.mod",
        b"serverless.yml",
        b".gitlab-ci.yml",
        b"bitbucket-pipelines.yml",
        b"azure-pipelines.yml",
    ];
    let (name, whole) = (path.name(), path.as_bytes());
    NAMES.contains(&name)
        || checks::is_compiler_config(name)
        || name.starts_with(b"Dockerfile")
        || name.ends_with(b".dockerfile")
        || name.windows(8).any(|part| part == b".config.")
        || [&b".husky/"[..], b".github/workflows/", b".circleci/"]
            .iter()
            .any(|folder| whole.starts_with(folder))
}
