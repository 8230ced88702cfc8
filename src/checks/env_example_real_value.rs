//! `env-example-real-value`, where it is proved: the template carries the very value that an environment file on this machine has.

use std::collections::HashMap;

use super::{Fault, Tree, Where, is_written_down, told};
use crate::classify::kinds::Kind;
use crate::model::{Confidence, Context, Edit, Fix, Joint, Related, Severity};

/// Compares templates with the files that are made of them.
pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let (templates, real): (Vec<_>, Vec<_>) = tree
        .files
        .iter()
        .filter(|file| file.kind == Some(Kind::EnvFile))
        .partition(|file| file.contexts.has(Context::Example));
    let mut values = HashMap::new();
    for file in real {
        for entry in file.entries.iter().filter(|e| is_written_down(e)) {
            values.entry(entry.identity).or_insert((file, entry));
        }
    }
    for file in templates {
        for entry in file.entries.iter().filter(|e| is_written_down(e)) {
            let Some((of, same)) = values.get(&entry.identity) else {
                continue;
            };
            let blank = |of| Fix::Edit {
                path: file.path.clone(),
                edits: vec![Edit {
                    span: entry.spot.span,
                    text: String::new(),
                    joint: Joint::default(),
                }],
                of,
            };
            faults.push(Fault {
                fixes: file.digest.map(blank).into_iter().collect(),
                severity: Severity::Critical,
                details: vec![("name", told::shorter(&entry.key))],
                related: vec![Related {
                    path: of.path.clone(),
                    line: same.spot.line,
                    what: "the same value".to_owned(),
                }],
                ..Fault::new(
                    "env-example-real-value",
                    file,
                    Where::Spot(Box::new(entry.spot.clone())),
                )
                .about(entry.path.clone())
                .sure(Confidence::High)
            });
        }
    }
}
