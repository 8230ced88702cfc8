//! `jwt-cracked`: a token in the tree was signed with a key that everybody tries, or that stands in the tree itself.
//!
//! Proof, not suspicion: the signature is computed and compared (RFC 7515, HS256, HS384 and HS512). Nothing leaves the machine, and no
//! claim is told.

use std::collections::{HashMap, HashSet};

use super::{Entry, Fault, File, Token, Tree, Where, told};
use crate::classify::strength::{candidates, published};
use crate::formats::verify::jwt::{self, Signed};
use crate::model::{Confidence, Context, Related, Severity};

/// Keys that are tried on all tokens together: some seconds of one core, which only a tree made for it can cost.
const MOST_TRIES: usize = 4_000_000;

/// What is told of the tokens beyond.
const GAP: &str = "more JWTs than keys are tried on: scan parts of the tree by themselves to have all of them tried";

/// Tries the keys of the lists and of the tree on every token of the tree.
pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let tokens = || {
        tree.files
            .iter()
            .flat_map(|f| f.tokens.iter().map(move |t| (f, t)))
    };
    if tokens().next().is_none() {
        return;
    }
    let own = own_keys(tree);
    let listed: Vec<Vec<u8>> = candidates().collect();
    let mut known: HashMap<&[u8], Option<Key<'_>>> = HashMap::new();
    let mut tries = 0;
    for (file, token) in tokens() {
        let text = token.secret.expose();
        let key = *known.entry(text).or_insert_with(|| {
            let signed = Signed::of(text)?;
            if tries >= MOST_TRIES {
                tree.gaps.borrow_mut().push(GAP);
                return None;
            }
            tries += own.len() + listed.len();
            let own = own.iter().find(|(_, e)| opens(&signed, e));
            let listed = || listed.iter().find(|key| signed.by(key));
            match own {
                Some((file, entry)) => Some(Key::Own(file, entry)),
                None => listed().map(|key| published(key).map_or(Key::Listed, Key::Published)),
            }
        });
        if let Some(key) = key {
            faults.push(fault(file, token, key));
        }
    }
}

/// Whose key it was.
#[derive(Clone, Copy)]
enum Key<'a> {
    /// It stands in the tree.
    Own(&'a File, &'a Entry),
    /// Documentation shows it.
    Published(&'static str),
    /// Everybody tries it.
    Listed,
}

/// The values of the tree that can be signing keys, each once.
fn own_keys<'t>(tree: &'t Tree<'_>) -> Vec<(&'t File, &'t Entry)> {
    let mut seen = HashSet::new();
    let entries = tree
        .files
        .iter()
        .flat_map(|f| f.entries.iter().map(move |e| (f, e)));
    entries
        .filter(|(_, e)| e.secret.as_ref().is_some_and(|s| !s.expose().is_empty()))
        .filter(|(_, e)| seen.insert(e.identity))
        .collect()
}

fn opens(signed: &Signed, entry: &Entry) -> bool {
    entry.secret.as_ref().is_some_and(|s| signed.by(s.expose()))
}

fn fault(file: &File, token: &Token, key: Key<'_>) -> Fault {
    let claims = jwt::decode(token.secret.expose());
    let demo = claims.as_ref().is_some_and(|jwt| jwt.is_demo());
    let (severity, said, related) = match key {
        Key::Published(place) => (Severity::Info, place.to_owned(), Vec::new()),
        _ if demo => (
            Severity::Info,
            "a published demo key".to_owned(),
            Vec::new(),
        ),
        Key::Listed => (
            Severity::Critical,
            "one that everybody tries first".to_owned(),
            Vec::new(),
        ),
        Key::Own(of, entry) => (
            Severity::Critical,
            format!("the value of {}", told::shorter(&entry.key)),
            vec![Related {
                path: of.path.clone(),
                line: entry.spot.line,
                what: "the key that signed it".to_owned(),
            }],
        ),
    };
    // Tests sign their tokens with whatever is at hand, and check nothing with them that matters.
    let made_up = file
        .contexts
        .any(&[Context::Test, Context::Docs, Context::Example]);
    Fault {
        severity: if made_up {
            severity.min(Severity::Low)
        } else {
            severity
        },
        details: vec![("key", said)],
        related,
        ..Fault::new(
            "jwt-cracked",
            file,
            Where::Spot(Box::new(token.spot.clone())),
        )
        .about(token.spot.line.to_string())
        .sure(Confidence::High)
    }
}
