//! `jwt-shared-hmac`: one secret by which several services verify tokens, so that each of them can make tokens for all.
//!
//! Four things tell it: programs of several packages that verify with the same variable (evidence of `rules/practice/services.toml`), services
//! of one compose file that are given the same one, environment files of several folders that hold the same value, workloads of a cluster that
//! are given one key of a secret. Workers of one program are
//! one service.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Entry, Fault, File, Tree, Use, Where, is_settings, is_written_down, services, told, workloads,
};
use crate::classify::kinds::Kind;
use crate::model::{Confidence, Context, Identity, Related, Severity};

const ID: &str = "jwt-shared-hmac";
/// Other places that are told.
const MOST_RELATED: usize = 3;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    programs(tree, faults);
    for file in tree.files.iter().filter(|file| is_settings(file)) {
        for shared in services::shared(file, is_key) {
            if shared.services.len() > 1 {
                let places: Vec<_> = shared.settings.iter().map(|e| (file, &e.spot)).collect();
                let key = &shared.settings[0].key;
                faults.extend(fault(
                    key,
                    &places,
                    told::list(shared.services.iter().copied()),
                ));
            }
        }
    }
    env_files(tree, faults);
    workloads(tree, faults);
}

/// A file, a line of it, and the images that run there.
type Running<'f> = (&'f File, usize, Vec<String>);

/// Workloads of a cluster that are given one key of a secret; those of one name or one image are one program.
fn workloads(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let mut keys: BTreeMap<String, BTreeMap<String, Running<'_>>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| is_settings(file)) {
        for workload in workloads::workloads(file) {
            for given in workload.given {
                let words = format!("{} {}", given.variable, given.key).to_ascii_lowercase();
                let shared = words.contains("jwt") && !words.contains("public");
                if shared && !services::is_helper(&workload.name) {
                    let of = keys.entry(given.key).or_default();
                    let place = (file, given.line, workload.images.clone());
                    of.entry(workload.name.clone()).or_insert(place);
                }
            }
        }
    }
    for (key, programs) in keys {
        let mut images = BTreeSet::new();
        let mut programs: Vec<_> = programs.into_iter().collect();
        programs.retain(|(_, (_, _, of))| of.is_empty() || images.insert(of.clone()));
        let [(_, (file, line, _)), others @ ..] = &programs[..] else {
            continue;
        };
        if others.is_empty() {
            continue;
        }
        let names = told::list(programs.iter().map(|(name, _)| name.as_str()));
        let related = others.iter().take(MOST_RELATED);
        faults.push(Fault {
            severity: Severity::Info,
            details: vec![("key", key.clone()), ("services", names)],
            related: related
                .map(|(_, (file, line, _))| Related {
                    path: file.path.clone(),
                    line: *line,
                    what: "the same secret".to_owned(),
                })
                .collect(),
            ..Fault::new(ID, file, Where::Line(*line))
                .about(key)
                .sure(Confidence::Medium)
        });
    }
}

/// Programs of several packages that verify with one variable.
fn programs(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    const MADE_UP: &[Context] = &[
        Context::Test,
        Context::Docs,
        Context::Example,
        Context::Generated,
    ];
    let mut uses: BTreeMap<&str, BTreeMap<&[u8], (&File, &Use)>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| !file.contexts.any(MADE_UP)) {
        for seen in file.uses.iter().filter(|seen| seen.check == ID) {
            let unit = services::unit(tree, file.path.as_bytes());
            let of = uses.entry(&seen.name).or_default();
            of.entry(unit).or_insert((file, seen));
        }
    }
    for (name, units) in uses.into_iter().filter(|(_, units)| units.len() > 1) {
        let places: Vec<_> = units
            .values()
            .map(|(file, seen)| (*file, &seen.spot))
            .collect();
        let names: Vec<_> = units
            .keys()
            .map(|unit| String::from_utf8_lossy(unit))
            .collect();
        let names = names
            .iter()
            .map(|unit| if unit.is_empty() { "." } else { unit });
        faults.extend(fault(name, &places, told::list(names)));
    }
}

/// Environment files of several folders with one value.
fn env_files(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let mut values: BTreeMap<Identity, BTreeMap<&[u8], (&File, &Entry)>> = BTreeMap::new();
    let files = tree
        .files
        .iter()
        .filter(|file| file.kind == Some(Kind::EnvFile));
    for file in files.filter(|file| is_settings(file)) {
        for entry in file
            .entries
            .iter()
            .filter(|e| is_key(e) && is_written_down(e))
        {
            let unit = services::unit(tree, file.path.as_bytes());
            let of = values.entry(entry.identity).or_default();
            of.entry(unit).or_insert((file, entry));
        }
    }
    let mut found: Vec<Fault> = values
        .into_values()
        .filter(|units| units.len() > 1)
        .filter_map(|units| {
            let places: Vec<_> = units.values().map(|(file, e)| (*file, &e.spot)).collect();
            let key = &units.values().next()?.1.key;
            let names: Vec<_> = units
                .values()
                .map(|(file, _)| file.path.display())
                .collect();
            fault(key, &places, told::list(names.iter().map(String::as_str)))
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    faults.append(&mut found);
}

/// Whether it is a key of tokens that the operator makes up.
fn is_key(entry: &Entry) -> bool {
    entry.name.signing && entry.key.to_ascii_lowercase().contains("jwt")
}

fn fault(name: &str, places: &[(&File, &super::Spot)], services: String) -> Option<Fault> {
    let mut fault = Fault::of_variable(ID, name, places, "the same secret")?;
    fault.details.push(("services", services));
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, settings, strong, tree, using};
    use super::*;
    use crate::model::Standing;

    fn run(files: Vec<File>) -> Vec<Fault> {
        let mut faults = Vec::new();
        check(&tree(files), &mut faults);
        faults
    }

    #[test]
    fn services_that_verify_with_one_variable() {
        let verifies = |path, name| using(path, ID, &[(name, false)]);
        let faults = run(vec![
            verifies("services/a/src/x.ts", "JWT_SECRET"),
            verifies("services/b/src/y.ts", "JWT_SECRET"),
        ]);
        assert_eq!(
            tests::told(&faults),
            [("services/a/src/x.ts".to_owned(), Severity::Info)]
        );
        assert_eq!(
            tests::detail(&faults[0], "services"),
            Some("services/a, services/b")
        );
        for other in [
            verifies("services/a/src/z.ts", "JWT_SECRET"),
            verifies("services/b/src/y.ts", "WS_JWT_SECRET"),
            verifies("services/b/test/y.ts", "JWT_SECRET"),
        ] {
            assert!(run(vec![verifies("services/a/src/x.ts", "JWT_SECRET"), other]).is_empty());
        }
    }

    #[test]
    fn environment_files_that_hold_one_value() {
        let env = |path: &str, key: &str| {
            settings(path, Standing::Ignored, &format!("{key}={}", strong()))
        };
        let both = || {
            vec![
                env("apps/api/.env", "JWT_SECRET"),
                env("apps/ws/.env", "JWT_SECRET"),
            ]
        };
        assert_eq!(run(both()).len(), 1);
        let mut apart = both();
        apart[1].entries[0].identity = Identity(7);
        assert!(run(apart).is_empty());
        assert!(
            run(vec![
                env("apps/api/.env", "JWT_SECRET"),
                env("apps/api/.env.local", "JWT_SECRET")
            ])
            .is_empty()
        );
        assert!(
            run(vec![
                env("apps/api/.env", "SESSION_SECRET"),
                env("apps/ws/.env", "SESSION_SECRET")
            ])
            .is_empty()
        );
    }
}
