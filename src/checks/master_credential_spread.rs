//! `master-credential-spread`: the credential that may do everything, in more hands than the one that needs it.
//!
//! What reads such a variable, rules say (`rules/practice/services.toml`, as evidence). One module that reads it is where it belongs, and so are
//! schemas of the environment and scripts that set a system up; services of a compose file are told from three on, because the store that
//! it opens and the one that opens it both need it.

use std::collections::BTreeMap;

use super::{Entry, Fault, File, NOT_DELIVERED, Tree, Use, Where, is_settings, services, told};
use crate::model::{Confidence, Related, Severity};

const ID: &str = "master-credential-spread";
/// Modules that may read it before it is told.
const MODULES: usize = 1;
/// Services that may be given it before it is told.
const SERVICES: usize = 2;
/// Other places that are told.
const MOST_RELATED: usize = 3;
/// Words in paths of what declares variables, and of what makes the first user.
const EXPECTED: &[&str] = &[
    "bootstrap",
    "cli",
    "config",
    "configs",
    "configuration",
    "constants",
    "env",
    "environment",
    "init",
    "install",
    "migrate",
    "migration",
    "migrations",
    "schema",
    "script",
    "scripts",
    "seed",
    "seeder",
    "seeders",
    "seeds",
    "settings",
    "setup",
    "tools",
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let own = tree
        .files
        .iter()
        .filter(|file| !file.contexts.any(NOT_DELIVERED));
    let mut readers: BTreeMap<&str, Vec<(&File, &Use)>> = BTreeMap::new();
    for file in own.filter(|file| !is_expected(file)) {
        let mut uses = file.uses.iter().filter(|seen| seen.check == ID);
        if let Some(seen) = uses.next() {
            readers.entry(&seen.name).or_default().push((file, seen));
        }
    }
    for (name, readers) in readers.iter().filter(|(_, files)| files.len() > MODULES) {
        let (file, first) = readers[0];
        faults.push(Fault {
            details: vec![
                ("variable", (*name).to_owned()),
                ("modules", readers.len().to_string()),
            ],
            related: readers[1..]
                .iter()
                .take(MOST_RELATED)
                .map(|(file, seen)| Related {
                    path: file.path.clone(),
                    line: seen.spot.line,
                    what: "read here too".to_owned(),
                })
                .collect(),
            ..fault(file, &first.spot, name)
        });
    }
    for file in tree.files.iter().filter(|file| is_settings(file)) {
        for shared in services::shared(file, is_master) {
            if shared.services.len() > SERVICES {
                let first = shared.settings[0];
                let services = told::list(shared.services.iter().copied());
                faults.push(Fault {
                    details: vec![("variable", first.key.clone()), ("services", services)],
                    ..fault(file, &first.spot, &first.key)
                });
            }
        }
    }
}

fn fault(file: &File, spot: &super::Spot, name: &str) -> Fault {
    Fault {
        severity: Severity::Info,
        ..Fault::new(ID, file, Where::Spot(Box::new(spot.clone())))
            .about(name)
            .sure(Confidence::Medium)
    }
}

/// Whether a file says what variables there are, or sets a system up.
fn is_expected(file: &File) -> bool {
    let path = String::from_utf8_lossy(file.path.as_bytes()).to_ascii_lowercase();
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| EXPECTED.contains(&word))
}

/// `MASTER_PASSWORD`, `MONGO_ROOT_PASSWORD`, `ADMIN_API_KEY`.
fn is_master(entry: &Entry) -> bool {
    let key = entry.key.to_ascii_uppercase();
    let mut words = key.split('_');
    let first = words.next().is_some_and(|word| word == "ADMIN");
    entry.name.class.holds_secret()
        && (first || key.split('_').any(|word| matches!(word, "MASTER" | "ROOT")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, tree, using};
    use super::*;

    fn run(paths: &[&str]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let files = paths
            .iter()
            .map(|path| using(path, ID, &[("MASTER_PASSWORD", false)]));
        check(&tree(files), &mut faults);
        faults
    }

    #[test]
    fn several_modules_are_told_once() {
        let faults = run(&["src/c.js", "src/a.js", "src/b.js"]);
        assert_eq!(
            tests::told(&faults),
            [("src/a.js".to_owned(), Severity::Info)]
        );
        assert_eq!(tests::detail(&faults[0], "modules"), Some("3"));
        assert_eq!(faults[0].related.len(), 2);
    }

    #[test]
    fn the_only_reader_is_where_it_belongs() {
        for paths in [
            &["src/master.js"][..],
            &["src/master.js", "src/env.ts"],
            &["src/master.js", "scripts/create.js"],
            &["src/master.js", "test/a.test.js"],
            &["src/master.js", "db/seed.ts"],
        ] {
            assert!(run(paths).is_empty(), "{paths:?}");
        }
    }
}
