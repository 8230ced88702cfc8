//! `secret-not-validated`: a secret of the environment that is used where it is read, while nothing in the tree looks whether it is there.
//!
//! What uses a secret, rules say (`rules/practice/startup.toml`, as evidence). That a variable is looked at is taken from the same read, or from
//! any line of any program of the tree: a check in another package may be meant for this one, so it counts too.

use std::collections::{BTreeMap, HashSet};

use super::{Fault, File, NOT_DELIVERED, Tree, Use};

const ID: &str = "secret-not-validated";

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    // What was not seen may be where it is looked at.
    if !tree.whole {
        return;
    }
    let own = || {
        tree.files
            .iter()
            .filter(|file| !file.contexts.any(NOT_DELIVERED))
    };
    let checked: HashSet<&str> = own()
        .flat_map(|file| file.checked.iter().map(String::as_str))
        .collect();
    let mut uses: BTreeMap<&str, Vec<(&File, &Use)>> = BTreeMap::new();
    for file in own() {
        for seen in file.uses.iter().filter(|seen| seen.check == ID) {
            uses.entry(&seen.name).or_default().push((file, seen));
        }
    }
    for (name, uses) in uses {
        if checked.contains(name) || uses.iter().any(|(_, seen)| seen.guarded) {
            continue;
        }
        let places: Vec<_> = uses
            .iter()
            .map(|(file, seen)| (*file, &seen.spot))
            .collect();
        faults.extend(Fault::of_variable(ID, name, &places, "used here too"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, file, tree, using};
    use super::*;
    use crate::model::{Severity, Standing};

    fn run(files: Vec<File>) -> Vec<Fault> {
        let mut faults = Vec::new();
        check(&tree(files), &mut faults);
        faults
    }

    fn looking(path: &str, names: &[&str]) -> File {
        File {
            checked: names.iter().map(|&name| name.to_owned()).collect(),
            ..file(path, Standing::Tracked)
        }
    }

    #[test]
    fn a_variable_is_told_once() {
        let faults = run(vec![
            using("src/b.js", ID, &[("JWT_SECRET", false)]),
            using("src/a.js", ID, &[("JWT_SECRET", false), ("API_KEY", false)]),
        ]);
        let info = |path: &str| (path.to_owned(), Severity::Info);
        assert_eq!(tests::told(&faults), [info("src/a.js"), info("src/a.js")]);
        let of_jwt = faults.iter().find(|f| f.subject == "JWT_SECRET");
        assert_eq!(of_jwt.map(|f| f.related.len()), Some(1));
    }

    #[test]
    fn one_look_anywhere_is_enough() {
        let uses = || using("src/a.js", ID, &[("JWT_SECRET", false)]);
        assert!(run(vec![uses(), looking("src/env.js", &["JWT_SECRET"])]).is_empty());
        assert!(run(vec![uses(), using("src/b.js", ID, &[("JWT_SECRET", true)])]).is_empty());
        assert_eq!(
            run(vec![uses(), looking("src/env.js", &["API_KEY"])]).len(),
            1
        );
        assert_eq!(
            run(vec![uses(), looking("test/env.js", &["JWT_SECRET"])]).len(),
            1
        );
    }

    #[test]
    fn only_programs_that_run_and_whole_trees() {
        for path in ["test/a.js", "examples/a.js", "docs/a.js"] {
            assert!(
                run(vec![using(path, ID, &[("JWT_SECRET", false)])]).is_empty(),
                "{path}"
            );
        }
        let part = Tree {
            whole: false,
            ..tree([using("a.js", ID, &[("JWT_SECRET", false)])])
        };
        let mut faults = Vec::new();
        check(&part, &mut faults);
        assert!(faults.is_empty());
    }
}
