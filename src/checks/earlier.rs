//! What the history of the repository says to the checks over the tree.

use std::collections::HashMap;

use super::File;
use super::env_files::worth;
use crate::model::{Identity, Related};

/// What the history holds and the tree does not.
#[derive(Default)]
pub struct Earlier {
    /// The environment files, by path.
    pub env_files: Vec<EnvFile>,
    /// Values that stand in no file of the tree which others get, each with where it stood.
    pub values: HashMap<Identity, Related>,
}

/// An environment file that commits hold.
pub struct EnvFile {
    /// The version that is worth most to whoever reads it.
    pub worst: File,
}

impl EnvFile {
    /// Takes in another version of it.
    pub fn meet(&mut self, version: File) {
        if worth(&version) > worth(&self.worst) {
            self.worst = version;
        }
    }
}
