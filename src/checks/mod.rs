//! Checks over the whole tree: what git knows of the files, which values are equal, which keys open which tokens.
//!
//! Takes a [`Tree`], which holds what was kept of each file when it was read, and gives [`Fault`]s. One file for each check, called as
//! its id; what the check says of itself stands in `rules/repository/`, or in `rules/practice/` beside the rules that are its evidence.
//! A check opens no file and asks no repository but through [`Tree::git`], and it does not know who is told of the fault, nor what is ignored.
//!
//! Beside the checks, [`shipped`] says which scripts client code imports: what is a fault in those alone was found when they were read, and slept.

mod algorithms;
mod client_graph;
mod credential_file;
mod earlier;
mod env_example_real_value;
mod env_file_in_history;
mod env_file_not_ignored;
mod env_file_permissions;
mod env_file_shipped;
mod env_file_tracked;
mod env_files;
mod folders;
mod gitignore_missing_env;
mod ground;
mod jwt_committed;
mod jwt_cracked;
mod jwt_shared_hmac;
mod leaked_secret_not_rotated;
mod manifests;
mod master_credential_spread;
mod no_secret_scanning;
mod private_keys;
mod public_env_secret;
mod secret_in_client_bundle;
mod secret_not_validated;
mod secret_reused;
mod secret_reused_across_envs;
mod services;
mod told;
mod tree;
mod workloads;

#[cfg(test)]
mod tests;

use crate::classify::values::ValueClass;
use crate::model::Context;

pub use algorithms::algorithms;
pub use client_graph::{Shipped, What, is_compiler_config, is_server, shipped};
pub use earlier::{Earlier, EnvFile};
pub use env_files::{is_env_name, is_own as is_own_env_file};
pub use gitignore_missing_env::missing_env_lines;
pub use jwt_committed::{ID as JWT_COMMITTED, is_live as is_live_jwt, severity as severity_of_jwt};
pub use secret_in_client_bundle::{ID as SECRET_IN_CLIENT_BUNDLE, is_sent, known_by, stretches};

pub use tree::{Entry, Fault, File, Signed, Spot, Token, Tree, Use, Where};
pub use workloads::gives_keys;

/// A check over the tree.
type Check = fn(&Tree<'_>, &mut Vec<Fault>);

/// Every check with its id.
const ALL: &[(&str, Check)] = &[
    ("credential-file", credential_file::check),
    ("env-example-real-value", env_example_real_value::check),
    ("env-file-not-ignored", env_file_not_ignored::check),
    ("env-file-permissions", env_file_permissions::check),
    ("env-file-shipped", env_file_shipped::check),
    ("env-file-tracked", env_file_tracked::check),
    ("gitignore-missing-env", gitignore_missing_env::check),
    ("jwt-cracked", jwt_cracked::check),
    ("jwt-shared-hmac", jwt_shared_hmac::check),
    ("master-credential-spread", master_credential_spread::check),
    ("no-secret-scanning", no_secret_scanning::check),
    ("public-env-secret", public_env_secret::check),
    ("secret-in-client-bundle", secret_in_client_bundle::check),
    ("secret-not-validated", secret_not_validated::check),
    ("secret-reused", secret_reused::check),
    (
        "secret-reused-across-envs",
        secret_reused_across_envs::check,
    ),
];

/// A check over the tree and the history.
type CheckOfPast = fn(&Tree<'_>, &Earlier, &mut Vec<Fault>);

/// Every check that asks the history, with its id.
const OF_PAST: &[(&str, CheckOfPast)] = &[
    ("env-file-in-history", env_file_in_history::check),
    (
        "leaked-secret-not-rotated",
        leaked_secret_not_rotated::check,
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

/// What the checks find that ask the history as well, those alone whose id is `wanted`.
pub fn faults_of_past(
    tree: &Tree<'_>,
    earlier: &Earlier,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, check) in OF_PAST {
        if wanted(id) {
            check(tree, earlier, &mut faults);
        }
    }
    faults
}

/// The ids of all checks over the tree.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let of_tree = ALL.iter().map(|(id, _)| *id);
    of_tree.chain(OF_PAST.iter().map(|(id, _)| *id))
}

/// What is not delivered: what tests and templates make up, what others wrote.
const NOT_DELIVERED: &[Context] = &[
    Context::Test,
    Context::Docs,
    Context::Example,
    Context::Vendored,
    Context::Generated,
];

/// Files whose settings are compared: those that people keep.
fn is_settings(file: &File) -> bool {
    file.kind.is_some() && !file.contexts.any(NOT_DELIVERED)
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
