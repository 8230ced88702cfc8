//! Which service a file or a setting belongs to: packages of a repository, services of a compose file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, File, Tree, folders};
use crate::classify::kinds::Kind;
use crate::facts::{self, Format};

/// Folders whose own folders are services each.
const FOLDERS: &[&[u8]] = &[
    b"apps",
    b"microservices",
    b"packages",
    b"servers",
    b"services",
];
/// Words in the names of services that do the work of another, in the same trust.
const HELPERS: &[&str] = &[
    "beat",
    "celery",
    "cron",
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "queue",
    "replica",
    "scheduler",
    "sidekiq",
    "worker",
    "workers",
];
/// What tells a package.
const MANIFESTS: &[&[u8]] = &[
    b"package.json",
    b"pyproject.toml",
    b"go.mod",
    b"composer.json",
    b"Gemfile",
];

/// The folder of the service that the file at `path` is part of: that of the nearest manifest, else the first below `services/` or its like; the
/// root is empty.
pub(super) fn unit<'p>(tree: &Tree<'_>, path: &'p [u8]) -> &'p [u8] {
    let folder = folders::folder(path);
    let own = |folder: &&[u8]| {
        let holds = |name: &&[u8]| tree.file(folders::join(folder, name).as_bytes()).is_some();
        !folder.is_empty() && MANIFESTS.iter().any(holds)
    };
    if let Some(found) = folders::upwards(folder).find(own) {
        return found;
    }
    let mut parts = folder.split(|&b| b == b'/');
    match (parts.next(), parts.next()) {
        (Some(first), Some(second)) if FOLDERS.contains(&first) => {
            &folder[..first.len() + 1 + second.len()]
        }
        _ => b"",
    }
}

/// A variable that a compose file gives to services.
pub(super) struct Shared<'f> {
    /// The settings, in the order of the file; one for each image or build, so that workers of one program count once.
    pub settings: Vec<&'f Entry>,
    /// The services, by name.
    pub services: BTreeSet<&'f str>,
}

/// The variables of a compose file that `wanted` picks, by name and value.
pub(super) fn shared<'f>(file: &'f File, wanted: impl Fn(&Entry) -> bool) -> Vec<Shared<'f>> {
    if file.kind != Some(Kind::Compose) {
        return Vec::new();
    }
    let mut found: BTreeMap<(&str, crate::model::Identity), BTreeMap<&str, &Entry>> =
        BTreeMap::new();
    for entry in file.entries.iter().filter(|entry| wanted(entry)) {
        if let Some(service) = service(&entry.path).filter(|name| !is_helper(name)) {
            let of = found.entry((&entry.key, entry.identity)).or_default();
            of.entry(service).or_insert(entry);
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let programs = programs(file);
    found
        .into_values()
        .map(|of| {
            let mut seen = BTreeSet::new();
            let mut settings: Vec<&Entry> = Vec::new();
            let mut services = BTreeSet::new();
            for (service, entry) in of {
                let program = programs
                    .get(service)
                    .cloned()
                    .unwrap_or_else(|| service.to_owned());
                if seen.insert(program) {
                    settings.push(entry);
                    services.insert(service);
                }
            }
            settings.sort_by_key(|entry| entry.spot.span.start);
            Shared { settings, services }
        })
        .collect()
}

/// `api` of `services.api.environment.KEY`.
fn service(path: &str) -> Option<&str> {
    let mut parts = path.split('.');
    match (parts.next()?, parts.next()?, parts.next()?) {
        ("services", service, "environment") => Some(service),
        _ => None,
    }
}

/// `app-worker`, `celery_beat`: a part of another service.
pub(super) fn is_helper(service: &str) -> bool {
    let lower = service.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| HELPERS.contains(&word))
}

/// What each service of a compose file runs: its build or its image.
fn programs(file: &File) -> BTreeMap<String, String> {
    let Some(text) = &file.text else {
        return BTreeMap::new();
    };
    let text = text.expose();
    let facts = facts::read(Format::Yaml, text);
    let mut programs = BTreeMap::new();
    for pair in &facts.pairs {
        let path = String::from_utf8_lossy(&facts.dotted(pair, text)).into_owned();
        let parts: Vec<&str> = path.split('.').collect();
        let value = String::from_utf8_lossy(pair.value(text)).into_owned();
        if let ["services", service, "build" | "image"]
        | ["services", service, "build", "context" | "dockerfile"] = parts[..]
        {
            let program: &mut String = programs.entry(service.to_owned()).or_default();
            // Where both stand the image is what the build is called; a build of another file is another program.
            if parts.get(2) == Some(&"build") || program.is_empty() {
                program.push_str(&format!("{} {value};", parts[parts.len() - 1]));
            }
        }
    }
    programs
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, governing, tree};
    use super::*;
    use crate::model::Standing;

    #[test]
    fn a_manifest_makes_a_service() {
        let all = tree([
            governing("package.json", "{}"),
            governing("web/package.json", "{}"),
        ]);
        assert_eq!(unit(&all, b"web/src/a.js"), b"web");
        assert_eq!(unit(&all, b"src/a.js"), b"");
        assert_eq!(unit(&all, b"services/a/src/x.ts"), b"services/a");
        let none = tree([file("a.js", Standing::Tracked)]);
        assert_eq!(unit(&none, b"apps/b/x.ts"), b"apps/b");
        assert_eq!(unit(&none, b"apps/x.ts"), b"");
    }

    #[test]
    fn the_place_of_a_setting_names_its_service() {
        assert_eq!(service("services.api.environment.JWT_SECRET"), Some("api"));
        assert_eq!(service("services.api.labels.JWT_SECRET"), None);
        assert_eq!(service("JWT_SECRET"), None);
        assert!(is_helper("flowise-worker") && is_helper("celery_beat") && !is_helper("jobs"));
    }

    #[test]
    fn a_service_runs_what_it_builds() {
        let text = "services:\n  api:\n    build: ./app\n  worker:\n    build: ./app\n    image: x\n  db:\n    image: postgres\n";
        let programs = programs(&governing("compose.yml", text));
        assert_eq!(programs.get("api"), programs.get("worker"));
        assert_ne!(programs.get("api"), programs.get("db"));
    }
}
