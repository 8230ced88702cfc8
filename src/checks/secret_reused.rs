//! `secret-reused`: one value for two purposes in one file: keys that sign different things, or a password that is the user's name.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Entry, Fault, File, NOT_DELIVERED, Tree, Use, Where, is_settings, is_written_down, told,
};
use crate::classify::environments::Environment;
use crate::classify::kinds::Kind;
use crate::classify::names::NameClass;
use crate::classify::values::ValueClass;
use crate::model::{Confidence, Identity, Related, Severity};

const ID: &str = "secret-reused";
/// What images and servers are delivered with: whoever runs one on the own machine leaves it so.
const DELIVERED: &[&str] = &[
    "admin",
    "elastic",
    "guest",
    "keycloak",
    "minio",
    "minioadmin",
    "mongo",
    "mysql",
    "neo4j",
    "postgres",
    "rabbitmq",
    "redis",
    "root",
    "sa",
    "test",
    "user",
    "wordpress",
];

/// Compares the secrets of each file.
pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    for file in tree.files.iter().filter(|file| is_settings(file)) {
        keys(file, faults);
        passwords(file, faults);
    }
    tree.files.iter().for_each(|file| tokens(file, faults));
}

/// Tokens of one program that are told apart by what they are called, and signed with one variable.
fn tokens(file: &File, faults: &mut Vec<Fault>) {
    let signed = |rule: &'static str| {
        let own = move |seen: &&Use| seen.check == ID && seen.rule == rule;
        file.uses.iter().filter(own)
    };
    if file.contexts.any(NOT_DELIVERED) {
        return;
    }
    let access = signed("access-token-signed-with-a-variable");
    let access: BTreeMap<&str, &Use> = access.map(|seen| (&*seen.name, seen)).collect();
    let mut told = BTreeSet::new();
    for refresh in signed("refresh-token-signed-with-a-variable") {
        let same = access.get(&*refresh.name);
        let Some(access) = same.filter(|_| told.insert(&refresh.name)) else {
            continue;
        };
        faults.push(Fault {
            severity: Severity::High,
            details: vec![("variable", refresh.name.clone())],
            related: vec![Related {
                path: file.path.clone(),
                line: access.spot.line,
                what: "the access token's key".to_owned(),
            }],
            ..Fault::new(ID, file, Where::Spot(Box::new(refresh.spot.clone())))
                .about(refresh.name.clone())
                .sure(Confidence::High)
        });
    }
}

/// Keys of one file that sign different things and are equal.
fn keys(file: &File, faults: &mut Vec<Fault>) {
    let mut values: BTreeMap<Identity, Vec<&Entry>> = BTreeMap::new();
    for entry in &file.entries {
        if is_written_down(entry) && entry.name.signing {
            values.entry(entry.identity).or_default().push(entry);
        }
    }
    for entries in values.values() {
        let first = entries[0];
        let others: Vec<_> = entries[1..]
            .iter()
            .filter(|e| purpose(&e.key) != purpose(&first.key))
            .collect();
        if others.is_empty() {
            continue;
        }
        let names: Vec<_> = std::iter::once(&first)
            .chain(others.iter().copied())
            .map(|e| e.key.clone())
            .collect();
        faults.push(Fault {
            severity: Severity::High,
            details: vec![("names", told::list(names.iter().map(String::as_str)))],
            related: others
                .iter()
                .map(|e| Related {
                    path: file.path.clone(),
                    line: e.spot.line,
                    what: "the same value".to_owned(),
                })
                .collect(),
            ..Fault::new(
                "secret-reused",
                file,
                Where::Spot(Box::new(first.spot.clone())),
            )
            .about(first.path.clone())
            .sure(Confidence::High)
        });
    }
}

/// What a key is for, by its name: two names of one purpose are kept while a project changes from one library to the next.
fn purpose(key: &str) -> String {
    let word = key.to_ascii_lowercase().replace(['-', '.'], "_");
    let word = word.strip_prefix("next").unwrap_or(&word);
    let word = word.strip_suffix("_key").unwrap_or(word);
    word.replace('_', "")
}

/// Passwords that are the name of their user.
fn passwords(file: &File, faults: &mut Vec<Fault>) {
    let users: Vec<_> = file
        .entries
        .iter()
        .filter(|e| e.name.class == NameClass::Identifier && e.length >= 3)
        .filter_map(|e| {
            Some((
                stem(&e.path, &["username", "user_name", "user", "login"])?,
                e,
            ))
        })
        .collect();
    let by_stem: BTreeMap<_, _> = users.into_iter().collect();
    for entry in &file.entries {
        let judged = matches!(
            entry.value.class,
            ValueClass::Opaque | ValueClass::Dictionary | ValueClass::Identifier
        );
        if entry.name.class != NameClass::Password || !judged {
            continue;
        }
        let Some(user) = stem(&entry.path, &["password", "passwd", "pass", "pwd"])
            .and_then(|stem| by_stem.get(&stem))
            .filter(|user| user.identity == entry.identity)
        else {
            continue;
        };
        let shown = user.shown.as_deref().unwrap_or_default();
        if DELIVERED.contains(&shown) {
            continue;
        }
        faults.push(Fault {
            severity: severity(file, entry),
            details: vec![("names", told::list([user.key.as_str(), &entry.key]))],
            related: vec![Related {
                path: file.path.clone(),
                line: user.spot.line,
                what: "the user's name".to_owned(),
            }],
            ..Fault::new(
                "secret-reused",
                file,
                Where::Spot(Box::new(entry.spot.clone())),
            )
            .about(entry.path.clone())
            .sure(Confidence::High)
        });
    }
}

/// A service that only its neighbours reach has often its own name for a password, and so has a database on the own machine.
fn severity(file: &File, password: &Entry) -> Severity {
    const STORES: &[&str] = &[
        "db",
        "database",
        "mariadb",
        "mongo",
        "mongodb",
        "mysql",
        "pg",
        "postgres",
        "postgresql",
        "rabbitmq",
        "redis",
    ];
    let shared = matches!(file.kind, Some(Kind::Compose | Kind::Ci | Kind::Kubernetes));
    let word = password.key.to_ascii_lowercase();
    let store = word
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|w| STORES.contains(&w));
    let own = !matches!(
        file.environment,
        Some(Environment::Production | Environment::Staging)
    );
    if shared || store && own {
        Severity::Low
    } else {
        Severity::High
    }
}

/// What is left of a path when one of `ends` is cut off, in lower case: equal for a user and the password beside it.
fn stem(path: &str, ends: &[&str]) -> Option<String> {
    let path = path.to_ascii_lowercase();
    let rest = ends.iter().find_map(|end| path.strip_suffix(end))?;
    Some(rest.to_owned())
}
