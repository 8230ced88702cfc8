//! Checks over the whole tree: what git knows of the files, which values are equal, which keys open which tokens.
//!
//! Takes a [`Tree`], which holds what was kept of each file when it was read, and gives [`Fault`]s. One file for each check, called as
//! its id; what the check says of itself stands in `rules/repository/`. A check opens no file and asks no repository but through
//! [`Tree::git`], and it does not know who is told of the fault, nor what is ignored.

use crate::classify::values::ValueClass;
use crate::model::{Context, RelPath};

mod env_example_real_value;
mod jwt_committed;
mod jwt_cracked;
mod public_env_secret;
mod secret_reused;
mod secret_reused_across_envs;
mod tree;

pub use jwt_committed::{ID as JWT_COMMITTED, is_live as is_live_jwt, severity as severity_of_jwt};
pub use tree::{Entry, Fault, File, Spot, Token, Tree, Where};

/// A check over the tree.
type Check = fn(&Tree<'_>, &mut Vec<Fault>);

/// Every check with its id.
const ALL: &[(&str, Check)] = &[
    ("env-example-real-value", env_example_real_value::check),
    ("jwt-cracked", jwt_cracked::check),
    ("public-env-secret", public_env_secret::check),
    ("secret-reused", secret_reused::check),
    (
        "secret-reused-across-envs",
        secret_reused_across_envs::check,
    ),
];

/// What the checks find in `tree`, those alone whose id is `wanted`.
pub fn faults(tree: &Tree<'_>, wanted: impl Fn(&str) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, check) in ALL {
        if wanted(id) {
            check(tree, &mut faults);
        }
    }
    faults
}

/// The ids of all checks over the tree.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(id, _)| *id)
}

/// Files whose settings are compared: those that people keep, not those that tests and templates make up.
fn is_settings(file: &File) -> bool {
    const MADE_UP: &[Context] = &[
        Context::Test,
        Context::Docs,
        Context::Example,
        Context::Vendored,
        Context::Generated,
    ];
    file.kind.is_some() && !file.contexts.any(MADE_UP)
}

/// Whether the value is a secret that stands there in full, and one that is not like all others.
fn is_written_down(entry: &Entry) -> bool {
    const LEAST: usize = 8;
    let own = matches!(
        entry.value.class,
        ValueClass::Opaque | ValueClass::Uuid | ValueClass::Hash
    );
    let weak = entry.name.signing
        && matches!(
            entry.value.class,
            ValueClass::Dictionary | ValueClass::Identifier | ValueClass::Prose
        );
    let is_secret = entry.name.class.holds_secret() && !entry.name.client_safe;
    is_secret && entry.length >= LEAST && (own || weak)
}

/// A name of a key as a report shows it: cut, and without what steers a terminal.
fn shown(key: &str) -> String {
    const LONGEST: usize = 60;
    let name = RelPath::from(key).display();
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// The first names of a list, and how many more there are.
fn list(keys: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut names: Vec<_> = keys.iter().take(SHOWN).map(|key| shown(key)).collect();
    let last = match keys.len() {
        0 => return String::new(),
        n if n > SHOWN => format!("{} more", n - SHOWN),
        _ => names.pop().unwrap_or_default(),
    };
    if names.is_empty() {
        last
    } else {
        format!("{} and {last}", names.join(", "))
    }
}
