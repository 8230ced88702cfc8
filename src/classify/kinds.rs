//! What a file is for: continuous integration, a compose file, a Dockerfile, settings. By its name, and for Kubernetes by its content.
//!
//! A file has one kind. Where its kind is not known nothing is said: no rule may take silence for "harmless".

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::{RelPath, words};

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Variables for a program: `.env`.
    EnvFile,
    /// A pipeline: GitHub Actions, GitLab CI and the others.
    Ci,
    /// A compose file.
    Compose,
    /// A Kubernetes manifest, or the values of a Helm chart.
    Kubernetes,
    /// The recipe of an image.
    Dockerfile,
    /// What Terraform knows of the world, every secret in clear among it.
    TerraformState,
    /// Terraform and what else is written in HCL.
    Terraform,
    /// The build of a browser bundle.
    ClientConfig,
    /// Commands.
    Shell,
    /// What a program or a proxy wrote down of its traffic.
    Log,
    /// Statements or the schema of a database.
    Database,
    /// Settings of a program.
    Config,
}

words!(Kind {
    EnvFile = "env-file",
    Ci = "ci",
    Compose = "compose",
    Kubernetes = "kubernetes",
    Dockerfile = "dockerfile",
    TerraformState = "terraform-state",
    Terraform = "terraform",
    ClientConfig = "client-config",
    Shell = "shell",
    Log = "log",
    Database = "database",
    Config = "config",
});

/// One pattern of `kinds.toml`.
struct Pattern {
    text: &'static [u8],
    /// How many slashes it holds.
    slashes: usize,
    kind: Kind,
}

/// The patterns, in the order of their kinds.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let written: HashMap<&str, Vec<&'static str>> =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/kinds.json")))
            .expect("rules/kinds.toml has the shape that kinds.rs reads");
    let of_kind = |kind: &Kind| written.get(kind.as_str()).into_iter().flatten();
    let pattern = |kind: Kind, text: &&'static str| Pattern {
        text: text.as_bytes(),
        slashes: text.matches('/').count(),
        kind,
    };
    Kind::ALL
        .iter()
        .flat_map(|kind| of_kind(kind).map(|text| pattern(*kind, text)))
        .collect()
});

/// What the file at `path` is for; `text` is its beginning.
pub fn kind(path: &RelPath, text: &[u8]) -> Option<Kind> {
    let lower = path.as_bytes().to_ascii_lowercase();
    let named = named(&lower);
    let yaml = [&b".yml"[..], b".yaml", b".tpl"]
        .iter()
        .any(|end| lower.ends_with(end));
    match named {
        None | Some(Kind::Config) if yaml && is_manifest(text) => Some(Kind::Kubernetes),
        // A bundle for the server may know everything.
        Some(Kind::ClientConfig) if is_for_server(text) => Some(Kind::Config),
        None if lower.ends_with(b".yml") || lower.ends_with(b".yaml") => Some(Kind::Config),
        named => named,
    }
}

/// The kind that a path in lower case names: the first whose pattern fits.
fn named(path: &[u8]) -> Option<Kind> {
    /// Slashes of the longest pattern.
    const DEEPEST: usize = 3;
    let mut ends = [None; DEEPEST + 1];
    let slashes = path.iter().enumerate().rev().filter(|(_, b)| **b == b'/');
    let starts = slashes.map(|(i, _)| i + 1).chain([0]);
    for (end, start) in ends.iter_mut().zip(starts) {
        *end = Some(&path[start..]);
    }
    let fits = |pattern: &&Pattern| {
        let end = ends.get(pattern.slashes).copied().flatten();
        end.is_some_and(|end| may_fit(pattern.text, end) && wild(pattern.text, end))
    };
    PATTERNS.iter().find(fits).map(|pattern| pattern.kind)
}

/// Whether the first and the last byte agree: most patterns are told by that.
fn may_fit(pattern: &[u8], text: &[u8]) -> bool {
    let agree = |a: Option<&u8>, b: Option<&u8>| a == Some(&b'*') || a == b;
    agree(pattern.last(), text.last()) && agree(pattern.first(), text.first())
}

/// How far into a file its first lines are looked for.
const BEGINNING: usize = 4096;

fn is_for_server(text: &[u8]) -> bool {
    let text = &text[..text.len().min(BEGINNING)];
    [&b"target: 'node"[..], b"target: \"node"]
        .iter()
        .any(|target| memchr::memmem::find(text, target).is_some())
}

/// Whether lines at the left edge begin with `apiVersion:` and `kind:`.
fn is_manifest(text: &[u8]) -> bool {
    let text = &text[..text.len().min(BEGINNING)];
    let has = |word: &[u8]| {
        text.split(|&b| b == b'\n')
            .any(|line| line.starts_with(word))
    };
    has(b"kind:") && (has(b"apiVersion:") || has(b"spec:") || has(b"data:") || has(b"metadata:"))
}

/// Whether `text` is `pattern`, in which `*` stands for anything but a slash. Greedy with one way back, so linear for one star.
fn wild(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star.filter(|&(_, from)| text[from] != b'/') {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_names() {
        for (path, expected) in [
            (".env.production", Some(Kind::EnvFile)),
            ("deploy/prod.env", Some(Kind::EnvFile)),
            (".github/workflows/ci.yml", Some(Kind::Ci)),
            ("x/.github/workflows/ci.yml", Some(Kind::Ci)),
            ("workflows/ci.yml", Some(Kind::Config)),
            ("docker-compose.prod.yml", Some(Kind::Compose)),
            ("charts/api/values-prod.yaml", Some(Kind::Kubernetes)),
            ("build/Dockerfile.web", Some(Kind::Dockerfile)),
            ("infra/prod.tfvars", Some(Kind::Terraform)),
            ("terraform.tfstate.backup", Some(Kind::TerraformState)),
            ("next.config.mjs", Some(Kind::ClientConfig)),
            ("appsettings.Production.json", Some(Kind::Config)),
            ("config/database.yml", Some(Kind::Config)),
            ("config.js", Some(Kind::Config)),
            ("scripts/deploy.sh", Some(Kind::Shell)),
            ("logs/app", Some(Kind::Log)),
            ("db/seed.sql", Some(Kind::Database)),
            ("src/auth.js", None),
            ("src/config/deep/x.rs", None),
            ("README.md", None),
        ] {
            assert_eq!(kind(&RelPath::from(path), b""), expected, "{path}");
        }
    }

    #[test]
    fn manifests_are_told_by_their_content() {
        let of = |text: &str| kind(&RelPath::from("deploy/api.yaml"), text.as_bytes());
        assert_eq!(of("apiVersion: v1\nkind: Secret\n"), Some(Kind::Kubernetes));
        assert_eq!(of("items:\n  - kind: Secret\n"), Some(Kind::Config));
    }

    #[test]
    fn a_star_stops_at_a_slash_and_costs_no_time() {
        assert!(wild(b"a*.b", b"axx.b") && wild(b"a*", b"a") && wild(b"*.x.*", b"a.x.y"));
        assert!(!wild(b"a*.b", b"ax/x.b") && !wild(b"a*", b"ba"));
        let long = vec![b'a'; 1 << 16];
        assert!(!wild(b"*a*b", &long));
    }
}
