//! `public-env-secret` under a prefix of the project's own: what its build calls public besides what every build does.

use super::{Entry, Fault, File, Tree, Where, is_written_down, told};
use crate::classify::kinds::Kind;
use crate::classify::names;
use crate::facts::{self, Format};
use crate::model::{Confidence, Context, RelPath, Severity};

/// How builds call the prefix: Vite and Astro, SvelteKit.
const SETTINGS: &[&[u8]] = &[b"envPrefix", b"publicPrefix"];

/// Looks for secrets under the prefixes that the tree's build configurations name.
pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let prefixes: Vec<(Vec<u8>, &RelPath)> = tree.files.iter().flat_map(prefixes).collect();
    if prefixes.is_empty() {
        return;
    }
    let all: Vec<&[u8]> = prefixes.iter().map(|(prefix, _)| &prefix[..]).collect();
    for file in &tree.files {
        if !matches!(
            file.kind,
            Some(Kind::EnvFile | Kind::Ci | Kind::Dockerfile | Kind::Compose)
        ) {
            continue;
        }
        for entry in &file.entries {
            let name = names::with_prefix(entry.key.as_bytes(), &all);
            let told = entry.name.public || name.client_safe || !name.class.holds_secret();
            let prefix = prefixes
                .iter()
                .find(|(prefix, _)| entry.key.as_bytes().starts_with(prefix));
            if let Some((_, of)) = prefix.filter(|_| !told) {
                faults.push(fault(file, entry, of));
            }
        }
    }
}

fn fault(file: &File, entry: &Entry, of: &RelPath) -> Fault {
    let severity = match is_written_down(entry) {
        _ if file.contexts.has(Context::Example) => Severity::Medium,
        true => Severity::Critical,
        false => Severity::High,
    };
    Fault {
        severity,
        details: vec![
            ("name", told::shorter(&entry.key)),
            ("made public by", of.display()),
        ],
        ..Fault::new(
            "public-env-secret",
            file,
            Where::Spot(Box::new(entry.spot.clone())),
        )
        .about(entry.path.clone())
        .sure(Confidence::High)
    }
}

/// The prefixes that a build configuration names.
fn prefixes(file: &File) -> Vec<(Vec<u8>, &RelPath)> {
    let Some(text) = file
        .text
        .as_ref()
        .filter(|_| file.kind == Some(Kind::ClientConfig))
    else {
        return Vec::new();
    };
    let text = text.expose();
    let facts = facts::read(Format::Script, text);
    facts
        .pairs
        .iter()
        .filter(|pair| pair.quoted && SETTINGS.contains(&&text[pair.key.range()]))
        .map(|pair| (pair.value(text).to_vec(), &file.path))
        .filter(|(prefix, _)| prefix.len() >= 2)
        .collect()
}
