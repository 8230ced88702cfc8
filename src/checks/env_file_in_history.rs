//! `env-file-in-history`: an environment file that was committed once. While it still is, `env-file-tracked` speaks.

use super::env_files::{self, MADE_UP, NOT_OWN, Worth};
use super::manifests::Conventions;
use super::{Earlier, EnvFile, Fault, File, Tree, Where};
use crate::model::{Confidence, Severity};

const ID: &str = "env-file-in-history";

pub(super) fn check(tree: &Tree<'_>, earlier: &Earlier, faults: &mut Vec<Fault>) {
    let conventions = Conventions::of(tree);
    for file in &earlier.env_files {
        faults.extend(fault(&conventions, file));
    }
}

fn fault(conventions: &Conventions<'_>, EnvFile { worst }: &EnvFile) -> Option<Fault> {
    let severity = severity(conventions, worst)?;
    let settings = || {
        let text = format!("{}, none of them a credential", worst.settings);
        ("settings", text)
    };
    Some(Fault {
        severity,
        details: vec![env_files::holds(worst, "rotate").unwrap_or_else(settings)],
        ..Fault::new(ID, worst, Where::File).sure(Confidence::High)
    })
}

/// How bad it is that such a version can be had.
fn severity(conventions: &Conventions<'_>, file: &File) -> Option<Severity> {
    let name = file.path.name();
    if file.contexts.any(NOT_OWN) {
        return None;
    }
    let severity = match env_files::worth(file) {
        Worth::Nothing | Worth::Sealed => return None,
        // What is committed on purpose leaks nothing when it is gone.
        Worth::Settings
            if env_files::is_shared(name)
                || env_files::is_for_all(name)
                || env_files::is_public(file)
                || conventions.commit(&file.path) =>
        {
            return None;
        }
        // It was not filled in as long as it was committed.
        Worth::Placeholders => Severity::Info,
        Worth::Settings | Worth::Guessable => Severity::Medium,
        Worth::Usable => Severity::Critical,
    };
    Some(if file.contexts.any(MADE_UP) {
        Severity::Info
    } else {
        severity
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, detail, governing, holding, secret, settings, tree};
    use super::*;
    use crate::model::Standing;

    fn of(path: &str, versions: &[&str]) -> Vec<Fault> {
        let versions = versions.iter();
        found(versions.map(|text| settings(path, Standing::Tracked, text)))
    }

    fn found(mut versions: impl Iterator<Item = File>) -> Vec<Fault> {
        let mut file = EnvFile {
            worst: versions.next().expect("a version"),
        };
        versions.for_each(|version| file.meet(version));
        let earlier = Earlier {
            env_files: vec![file],
            ..Earlier::default()
        };
        let mut faults = Vec::new();
        check(&tree([]), &earlier, &mut faults);
        faults
    }

    #[test]
    fn the_worst_version_decides() {
        let severity = |versions: &[&str]| tests::severity(&of(".env", versions));
        let (usable, guessable) = (secret("DB_PASSWORD"), "DB_PASSWORD=postgres");
        assert_eq!(severity(&["PORT=1"]), Some(Severity::Medium));
        assert_eq!(severity(&["PORT=1", guessable]), Some(Severity::Medium));
        assert_eq!(
            severity(&["PORT=1", &usable, guessable]),
            Some(Severity::Critical)
        );
        assert_eq!(
            severity(&["API_TOKEN=your-token-here"]),
            Some(Severity::Info)
        );
        assert_eq!(severity(&["", "# nothing"]), None);
        let key = holding(".env", Standing::Tracked, &["stripe-secret-key"]);
        let found = found([key].into_iter());
        assert_eq!(tests::severity(&found), Some(Severity::Critical));
    }

    #[test]
    fn what_was_meant_for_all_is_no_fault() {
        for path in [".env.test", ".flaskenv", ".envrc", "node_modules/a/.env"] {
            assert_eq!(tests::severity(&of(path, &["PORT=1"])), None, "{path}");
        }
        let public = secret("NEXT_PUBLIC_FIREBASE_API_KEY");
        assert_eq!(tests::severity(&of(".env", &[&public])), None);
        let example = of("tests/.env", &[&secret("DB_PASSWORD")]);
        assert_eq!(tests::severity(&example), Some(Severity::Info));
        // A project whose framework has such files committed.
        let manifest = governing(
            "package.json",
            r#"{"dependencies":{"react-scripts":"5.0.1"}}"#,
        );
        let tree = tree([manifest]);
        let conventions = Conventions::of(&tree);
        let file = settings(".env", Standing::Tracked, "PORT=1");
        assert_eq!(severity(&conventions, &file), None);
    }

    #[test]
    fn it_is_told_what_to_rotate() {
        let faults = of(".env", &["PORT=1", &secret("DB_PASSWORD")]);
        assert_eq!(detail(&faults[0], "rotate"), Some("DB_PASSWORD"));
        let faults = of(".env", &["PORT=1"]);
        assert_eq!(
            detail(&faults[0], "settings"),
            Some("1, none of them a credential")
        );
    }
}
