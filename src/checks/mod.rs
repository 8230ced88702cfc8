//! Checks over the whole tree: what git knows of the files, which values are equal, which keys open which tokens.
//!
//! Takes a [`Tree`], which holds what was kept of each file when it was read, and gives [`Fault`]s. One file for each check, called as
//! its id; what the check says of itself stands in `rules/repository/`. A check opens no file and asks no repository but through
//! [`Tree::git`], and it does not know who is told of the fault, nor what is ignored.

mod credential_file;
mod env_file_not_ignored;
mod env_file_permissions;
mod env_file_shipped;
mod env_file_tracked;
mod env_files;
mod folders;
mod gitignore_missing_env;
mod ground;
mod manifests;
mod no_secret_scanning;
mod private_keys;
mod told;
mod tree;

#[cfg(test)]
mod tests;

pub use tree::{Entry, Fault, File, Spot, Token, Tree, Where};

/// A check over the tree.
type Check = fn(&Tree<'_>, &mut Vec<Fault>);

/// Every check with its id.
const ALL: &[(&str, Check)] = &[
    ("env-file-tracked", env_file_tracked::check),
    ("env-file-not-ignored", env_file_not_ignored::check),
    ("gitignore-missing-env", gitignore_missing_env::check),
    ("env-file-shipped", env_file_shipped::check),
    ("env-file-permissions", env_file_permissions::check),
    ("no-secret-scanning", no_secret_scanning::check),
    ("credential-file", credential_file::check),
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
