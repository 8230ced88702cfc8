//! `secret-reused-across-envs`: what opens one environment opens another.

use std::collections::BTreeMap;

use super::{Entry, Fault, File, Tree, Where, is_settings, is_written_down, told};
use crate::classify::environments::Environment;
use crate::model::{Confidence, Identity, Related, Severity};

/// Places of the same value that are named; a generated tree can hold any number.
const MOST_RELATED: usize = 100;

/// Compares the secrets of all files that belong to an environment.
pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let mut values: BTreeMap<Identity, Vec<Use<'_>>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| is_settings(file)) {
        let Some(environment) = &file.environment else {
            continue;
        };
        for entry in file.entries.iter().filter(|e| is_written_down(e)) {
            values.entry(entry.identity).or_default().push(Use {
                environment,
                file,
                entry,
            });
        }
    }
    let mut found: Vec<Fault> = values.values_mut().filter_map(|uses| fault(uses)).collect();
    found.sort_by(|a, b| (&a.path, &a.subject).cmp(&(&b.path, &b.subject)));
    faults.append(&mut found);
}

struct Use<'a> {
    environment: &'a Environment,
    file: &'a File,
    entry: &'a Entry,
}

/// One fault for a value, at the environment that has most to lose.
fn fault(uses: &mut [Use<'_>]) -> Option<Fault> {
    uses.sort_by(|a, b| {
        let key = |u: &Use<'_>| {
            (
                u.environment.clone(),
                u.file.path.clone(),
                u.entry.spot.line,
            )
        };
        key(a).cmp(&key(b))
    });
    let (first, others) = uses.split_first()?;
    let elsewhere: Vec<_> = others
        .iter()
        .filter(|u| u.environment != first.environment)
        .collect();
    let next = elsewhere.first()?;
    let severity = match (first.environment, next.environment) {
        (Environment::Production, _) => Severity::High,
        (Environment::Development, Environment::Test) => Severity::Low,
        _ => Severity::Medium,
    };
    let related = elsewhere.iter().map(|u| Related {
        path: u.file.path.clone(),
        line: u.entry.spot.line,
        what: "the same value".to_owned(),
    });
    Some(Fault {
        severity,
        details: vec![("name", told::shorter(&first.entry.key))],
        related: related.take(MOST_RELATED).collect(),
        ..Fault::new(
            "secret-reused-across-envs",
            first.file,
            Where::Spot(Box::new(first.entry.spot.clone())),
        )
        .about(first.entry.path.clone())
        .sure(Confidence::High)
    })
}
