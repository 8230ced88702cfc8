//! `no-secret-scanning`: no hook and no pipeline that looks for the next secret. Advice: hooks in `.git` and the settings of a host are not seen.

use super::env_files::NOT_OWN;
use super::{Fault, File, Tree, Where, env_files, manifests};
use crate::classify::contexts;
use crate::classify::kinds::Kind;
use crate::model::{Confidence, RelPath, Severity};

const ID: &str = "no-secret-scanning";
/// Programs that look for secrets, and GitLab's template that does.
const SCANNERS: &[&str] = &[
    "keyward",
    "gitleaks",
    "betterleaks",
    "trufflehog",
    "kingfisher",
    "detect-secrets",
    "git-secrets",
    "talisman",
    "ripsecrets",
    "secretlint",
    "ggshield",
    "noseyparker",
    "secret-detection",
];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    if !tree.whole
        || !tree.versioned
        || !tree.files.iter().any(has_to_lose)
        || tree.files.iter().any(looks)
    {
        return;
    }
    faults.push(Fault {
        check: ID,
        severity: Severity::Info,
        confidence: Confidence::High,
        path: RelPath::from(".gitignore"),
        at: Where::Line(1),
        subject: String::new(),
        details: Vec::new(),
        related: Vec::new(),
        fixes: Vec::new(),
    });
}

/// Whether the file is one that a project with secrets has, or runs something before a change is taken, where a scanner would be at home.
fn has_to_lose(file: &File) -> bool {
    !file.contexts.any(NOT_OWN)
        && (manifests::is_manifest(file)
            || runs_others(file)
            || contexts::is_credential_file(file.path.name(), &file.path))
}

/// Whether the file has a scanner run.
fn looks(file: &File) -> bool {
    let path = file.path.as_bytes();
    if path == b".github/secret_scanning.yml" {
        return true;
    }
    runs_others(file) && {
        let text = env_files::text(file).to_ascii_lowercase();
        let mut lines = text
            .split(|&b| b == b'\n')
            .filter(|line| !line.trim_ascii_start().starts_with(b"#"));
        lines.any(names_a_scanner)
    }
}

fn names_a_scanner(line: &[u8]) -> bool {
    SCANNERS
        .iter()
        .any(|name| memchr::memmem::find(line, name.as_bytes()).is_some())
}

/// Hooks, pipelines and what configures them.
fn runs_others(file: &File) -> bool {
    const NAMES: &[&[u8]] = &[
        b".pre-commit-config.yaml",
        b"lefthook.yml",
        b"lefthook.yaml",
        b"package.json",
    ];
    let path = file.path.as_bytes();
    file.kind == Some(Kind::Ci)
        || NAMES.contains(&file.path.name())
        || [&b".husky/"[..], b".circleci/", b".github/workflows/"]
            .iter()
            .any(|folder| path.starts_with(folder))
        || path.windows(12).any(|part| part == b"lint-staged.")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, file, governing, settings, tree};
    use super::*;
    use crate::model::Standing;

    fn of(files: Vec<File>) -> Option<Severity> {
        let mut faults = Vec::new();
        check(&tree(files), &mut faults);
        tests::severity(&faults)
    }

    fn beside(path: &str, text: &str) -> Option<Severity> {
        of(vec![
            governing(path, text),
            settings(".env", Standing::Ignored, "PORT=1"),
        ])
    }

    #[test]
    fn a_hook_or_a_pipeline_that_looks_is_enough() {
        for (path, text) in [
            (".husky/pre-commit", "keyward scan --staged"),
            (
                ".pre-commit-config.yaml",
                "- repo: https://example.com/gitleaks",
            ),
            (
                ".github/workflows/s.yml",
                "uses: trufflesecurity/TruffleHog@main",
            ),
            (
                ".gitlab-ci.yml",
                "include: [{ template: Security/Secret-Detection.gitlab-ci.yml }]",
            ),
            (".circleci/config.yml", "- run: ggshield secret scan ci"),
            ("package.json", r#"{"scripts":{"lint":"secretlint '**'"}}"#),
            (".github/secret_scanning.yml", "paths-ignore: []"),
        ] {
            assert_eq!(beside(path, text), None, "{path}");
        }
    }

    #[test]
    fn others_do_not_look() {
        for (path, text) in [
            (".github/workflows/ci.yml", "run: npm test"),
            (".github/workflows/ci.yml", "  # TODO: gitleaks"),
            (".pre-commit-config.yaml", "repos: [{repo: black}]"),
            (".husky/pre-commit", "npx lint-staged"),
            (".dockerignore", "gitleaks.json"),
        ] {
            assert_eq!(beside(path, text), Some(Severity::Info), "{path}: {text}");
        }
    }

    #[test]
    fn advice_is_for_projects() {
        assert_eq!(
            of(vec![file("package.json", Standing::Tracked)]),
            Some(Severity::Info)
        );
        let hook = governing("lefthook.yml", "pre-commit: {}");
        assert_eq!(of(vec![hook]), Some(Severity::Info));
        assert_eq!(of(vec![file("src/a.rs", Standing::Tracked)]), None);
        assert_eq!(
            of(vec![file("vendor/a/package.json", Standing::Tracked)]),
            None
        );
        for tree in [
            Tree {
                versioned: false,
                ..tree([file("package.json", Standing::Unversioned)])
            },
            Tree {
                whole: false,
                ..tree([file("package.json", Standing::Tracked)])
            },
        ] {
            let mut faults = Vec::new();
            check(&tree, &mut faults);
            assert!(faults.is_empty());
        }
    }
}
