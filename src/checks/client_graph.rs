//! Which code a browser gets: the scripts that entry points take in, statement by statement.
//!
//! Takes the modules of a [`Tree`], gives the sleeping faults that client code reaches, each with the shortest way to it. Walks breadth first from
//! what is known to be shipped; from a module on only what is asked of it by name is followed, as a bundler drops the rest. Stops at what
//! never leaves the server. It reads no file and installs nothing: a module that is not in the tree is none of ours.
//!
//! What cannot be told by names (an object of all exports, `module.exports`, a module that is loaded while the program runs) is followed
//! as a whole, after all else, and what is only reached so is not sure.

mod aliases;
mod entries;
mod resolve;
mod server;
#[cfg(test)]
mod tests;
mod walk;

use super::{File, Tree, told};
use crate::model::{Place, RelPath, Related};

pub use aliases::is_config as is_compiler_config;
pub use server::is_server;
use walk::{Walk, Way};

/// What came to the browser.
pub struct Shipped {
    /// What it is.
    pub what: What,
    /// Every name on the way was followed.
    pub sure: bool,
    /// The way, for people: `app/page.tsx -> ui/token.tsx -> lib/velt.ts`; nothing where the file is an entry point itself.
    pub way: Option<String>,
    /// Where each module on the way takes in the next one.
    pub steps: Vec<Related>,
}

/// A fault in client code.
pub enum What {
    /// One that sleeps no longer: the place, as it was kept.
    Awake(Box<Place>),
    /// A credential that is told already.
    Held {
        /// The file.
        path: RelPath,
        /// Its line, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
    },
}

/// Steps of a way that are told.
const MOST_STEPS: usize = 8;

/// The faults in `tree` that client code reaches, in the order of their files.
pub fn shipped(tree: &Tree<'_>) -> Vec<Shipped> {
    let is_silent = |file: &File| file.dormant.is_empty() && file.held.is_empty();
    if tree.files.iter().all(is_silent) {
        return Vec::new();
    }
    let walk = Walk::of(tree);
    let mut found = Vec::new();
    for (i, file) in tree.files.iter().enumerate() {
        let Some(module) = &file.module else { continue };
        let awake = file
            .dormant
            .iter()
            .map(|(at, place)| (*at, What::Awake(Box::new(place.clone()))));
        let held = file.held.iter().map(|&(at, line, column)| {
            let path = file.path.clone();
            (at, What::Held { path, line, column })
        });
        for (at, what) in awake.chain(held) {
            let part = module.part_at(at);
            let Some(reached) = part.and_then(|part| walk.reached(i, part)) else {
                continue;
            };
            let way = walk.way(reached.trail, MOST_STEPS);
            let next = way.steps.iter().skip(1).map(|(file, _)| *file).chain([i]);
            let steps = way
                .steps
                .iter()
                .zip(next)
                .map(|((from, line), next)| Related {
                    path: tree.files[*from].path.clone(),
                    line: *line,
                    what: format!("takes in {}", tree.files[next].path.display()),
                });
            found.push(Shipped {
                what,
                sure: reached.sure,
                steps: steps.collect(),
                way: (!way.steps.is_empty()).then(|| told(tree, &way, i)),
            });
        }
    }
    found
}

/// `a -> b -> c`, which leads to the file at index `end`; of a long way the ends.
fn told(tree: &Tree<'_>, way: &Way, end: usize) -> String {
    let shown =
        |file: usize| told::shorter(&String::from_utf8_lossy(tree.files[file].path.as_bytes()));
    let mut names = Vec::new();
    if way
        .steps
        .first()
        .is_none_or(|(first, _)| *first != way.entry)
    {
        names.push(shown(way.entry));
    }
    if way.left > 0 {
        names.push(format!("({} more)", way.left));
    }
    names.extend(way.steps.iter().map(|(file, _)| shown(*file)));
    names.push(shown(end));
    names.join(" -> ")
}
