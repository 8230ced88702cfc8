//! `leaked-secret-not-rotated`: a value that was taken out of the files of the repository and is in use all the same, in an environment file that
//! git does not have. The history still shows it to everybody.

use super::{Earlier, Fault, Tree, Where, env_files, is_written_down};
use crate::model::{Confidence, Severity, Standing};

const ID: &str = "leaked-secret-not-rotated";

pub(super) fn check(tree: &Tree<'_>, earlier: &Earlier, faults: &mut Vec<Fault>) {
    let own = |file: &&super::File| {
        file.standing != Standing::Tracked
            && env_files::is_env(file)
            && !file.contexts.any(env_files::MADE_UP)
    };
    for file in tree.files.iter().filter(own) {
        for entry in file.entries.iter().filter(|entry| is_written_down(entry)) {
            let Some(before) = earlier.values.get(&entry.identity) else {
                continue;
            };
            let at = Where::Spot(Box::new(entry.spot.clone()));
            faults.push(Fault {
                severity: Severity::Critical,
                details: vec![("variable", entry.key.clone())],
                related: vec![before.clone()],
                ..Fault::new(ID, file, at)
                    .about(entry.path.clone())
                    .sure(Confidence::High)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{secret, settings, tree};
    use super::super::{File, tests::told};
    use super::*;
    use crate::model::{Identity, RelPath, Related};

    /// What is told where the history holds the value that `file` states.
    fn found(mut file: File) -> Vec<(String, Severity)> {
        for entry in &mut file.entries {
            entry.identity = Identity(7);
        }
        let before = Related {
            path: RelPath::from("src/a.js"),
            line: 4,
            what: String::new(),
        };
        let earlier = Earlier {
            values: [(Identity(7), before)].into(),
            ..Earlier::default()
        };
        let mut faults = Vec::new();
        check(&tree([file]), &earlier, &mut faults);
        told(&faults)
    }

    #[test]
    fn a_value_that_was_seen_and_is_in_use_is_critical() {
        for standing in [
            Standing::Ignored,
            Standing::IgnoredHere,
            Standing::Untracked,
        ] {
            let file = settings(".env", standing, &secret("JWT_SECRET"));
            assert_eq!(found(file), [(".env".to_owned(), Severity::Critical)]);
        }
    }

    #[test]
    fn what_says_nothing_about_rotation_is_not_told() {
        for (path, text) in [
            (".env", "DB_PASSWORD=postgres".to_owned()),
            (".env", "API_TOKEN=your-token-here".to_owned()),
            (".env", secret("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY")),
            (".env.example", secret("JWT_SECRET")),
            ("tests/.env", secret("JWT_SECRET")),
            ("config.json", secret("JWT_SECRET")),
        ] {
            assert_eq!(
                found(settings(path, Standing::Ignored, &text)),
                [],
                "{path}"
            );
        }
        let tracked = settings(".env", Standing::Tracked, &secret("JWT_SECRET"));
        assert_eq!(found(tracked), []);
        let other = settings(".env", Standing::Ignored, &secret("JWT_SECRET"));
        let mut faults = Vec::new();
        check(&tree([other]), &Earlier::default(), &mut faults);
        assert!(faults.is_empty());
    }
}
