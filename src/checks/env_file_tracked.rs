//! `env-file-tracked`: an environment file in the index, whatever the ignore rules say of it.

use super::env_files::{self, MADE_UP, Worth};
use super::ground::Ground;
use super::manifests::Conventions;
use super::{Fault, File, Tree, Where};
use crate::classify::contexts;
use crate::model::{Confidence, Fix, RelPath, Severity, Standing};

const ID: &str = "env-file-tracked";

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let ground = tree.git.map(|git| git as &dyn Ground);
    let conventions = Conventions::of(tree);
    for file in &tree.files {
        if let Some(severity) = severity(&conventions, file) {
            faults.push(of_file(tree, ground, file, severity));
        }
    }
    if let Some(ground) = ground.filter(|_| tree.whole) {
        unread(tree, ground, faults);
    }
}

/// How bad it is that a file is tracked, if it is such a file and tracked.
pub(super) fn severity(conventions: &Conventions<'_>, file: &File) -> Option<Severity> {
    if file.standing != Standing::Tracked || !env_files::is_env(file) {
        return None;
    }
    let name = file.path.name();
    let severity = match env_files::worth(file) {
        Worth::Nothing | Worth::Sealed => return None,
        Worth::Settings if env_files::is_shared(name) => return None,
        Worth::Settings if env_files::is_public(file) || conventions.commit(&file.path) => {
            Severity::Low
        }
        Worth::Settings | Worth::Placeholders if env_files::is_for_all(name) => Severity::Low,
        Worth::Settings => Severity::Medium,
        Worth::Placeholders | Worth::Guessable => Severity::High,
        Worth::Usable => Severity::Critical,
    };
    Some(if file.contexts.any(MADE_UP) {
        Severity::Info
    } else {
        severity
    })
}

fn of_file(tree: &Tree<'_>, ground: Option<&dyn Ground>, file: &File, severity: Severity) -> Fault {
    let settings = || {
        let text = format!("{}, none of them a credential", file.settings);
        ("settings", text)
    };
    let detail = env_files::holds(file, "rotate").unwrap_or_else(settings);
    fault(
        tree,
        ground,
        &file.path,
        (severity, Confidence::High),
        vec![detail],
    )
}

/// What the index holds and nobody could read: deleted on disk, or bytes that are no text, as git-crypt leaves them where it is locked.
fn unread(tree: &Tree<'_>, ground: &dyn Ground, faults: &mut Vec<Fault>) {
    for path in ground
        .tracked()
        .filter(|path| !(tree.excludes)(path.as_bytes()))
    {
        let made_up = || {
            contexts::of_path(path).any(MADE_UP) || contexts::of_path(path).any(env_files::NOT_OWN)
        };
        if env_files::is_env_path(path) && tree.file(path.as_bytes()).is_none() && !made_up() {
            let detail = (
                "content",
                "not read: in the index, but no text on disk".to_owned(),
            );
            let weight = (Severity::Medium, Confidence::Medium);
            faults.push(fault(tree, Some(ground), path, weight, vec![detail]));
        }
    }
}

fn fault(
    tree: &Tree<'_>,
    ground: Option<&dyn Ground>,
    path: &RelPath,
    (severity, confidence): (Severity, Confidence),
    details: Vec<(&'static str, String)>,
) -> Fault {
    let mut fixes = vec![Fix::Untrack { path: path.clone() }];
    if ground.is_none_or(|ground| ground.standing(path) != Standing::Ignored) {
        let ignore = env_files::ignore_file(tree, path);
        let lines = env_files::missing_lines(tree, &ignore, path);
        if !lines.is_empty() {
            fixes.push(Fix::Append {
                path: ignore,
                lines,
            });
        }
    }
    Fault {
        check: ID,
        severity,
        confidence,
        path: path.clone(),
        at: Where::File,
        subject: String::new(),
        details,
        related: Vec::new(),
        fixes,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, Ruled, detail, governing, holding, secret, settings, tree};
    use super::*;

    fn of(path: &str, text: &str) -> Option<Severity> {
        found(settings(path, Standing::Tracked, text))
    }

    fn found(file: File) -> Option<Severity> {
        let mut faults = Vec::new();
        check(&tree([file]), &mut faults);
        tests::severity(&faults)
    }

    #[test]
    fn the_values_decide() {
        assert_eq!(of(".env", &secret("DB_PASSWORD")), Some(Severity::Critical));
        assert_eq!(
            of(".env.bak", &secret("MASTER_PASSWORD")),
            Some(Severity::Critical)
        );
        assert_eq!(of(".env", "DB_PASSWORD=postgres"), Some(Severity::High));
        assert_eq!(
            of(".env", "API_TOKEN=your-token-here"),
            Some(Severity::High)
        );
        assert_eq!(
            of(".env", "PORT=3000\nLOG_LEVEL=info"),
            Some(Severity::Medium)
        );
        let stripe = holding(
            "apps/web/.env.production",
            Standing::Tracked,
            &["stripe-secret-key"],
        );
        assert_eq!(found(stripe), Some(Severity::Critical));
    }

    #[test]
    fn what_is_good_for_nothing_weighs_little() {
        assert_eq!(
            of(".env.test", "API_TOKEN=your-token-here"),
            Some(Severity::Low)
        );
        assert_eq!(of(".env.development", "PORT=1"), Some(Severity::Low));
        assert_eq!(
            of(".env.test", "DB_PASSWORD=postgres"),
            Some(Severity::High)
        );
        assert_eq!(
            of("tests/.env", &secret("DB_PASSWORD")),
            Some(Severity::Info)
        );
        assert_eq!(of("examples/app/.env", "PORT=1"), Some(Severity::Info));
    }

    #[test]
    fn templates_and_encrypted_files_are_where_they_belong() {
        for (path, text) in [
            (".env.example", "DB_PASSWORD=postgres"),
            (".env.schema", "PORT=1"),
            (".env.vault", "DB_PASSWORD=x9"),
            (".env", ""),
            (".env", "# nothing yet"),
            (
                ".env.development",
                "DOTENV_PUBLIC_KEY=03c4\nDB_PASSWORD=encrypted:BD9XK0vQ",
            ),
            (".envrc", "EDITOR=vi"),
            (".flaskenv", "FLASK_APP=app"),
            ("docs/environment.env.md", "DB_PASSWORD=postgres"),
            ("vendor/x/.env", "DB_PASSWORD=postgres"),
        ] {
            assert_eq!(of(path, text), None, "{path}");
        }
        assert_eq!(of(".envrc", "DB_PASSWORD=postgres"), Some(Severity::High));
    }

    #[test]
    fn only_what_the_index_holds() {
        for standing in [
            Standing::Untracked,
            Standing::Ignored,
            Standing::Unversioned,
        ] {
            assert_eq!(
                found(settings(".env", standing, "DB_PASSWORD=postgres")),
                None
            );
        }
    }

    #[test]
    fn public_settings_are_committed_by_convention() {
        assert_eq!(
            of(".env", &secret("NEXT_PUBLIC_FIREBASE_API_KEY")),
            Some(Severity::Low)
        );
        let vite = governing("web/package.json", r#"{"devDependencies":{"vite":"^7"}}"#);
        let mut faults = Vec::new();
        let env = settings("web/.env", Standing::Tracked, "VITE_TITLE=Shop");
        check(&tree([vite, env]), &mut faults);
        assert_eq!(tests::severity(&faults), Some(Severity::Low));
    }

    #[test]
    fn names_are_told_and_values_are_not() {
        let text = format!("{}\nA_TOKEN=x9", secret("DB_PASSWORD"));
        let mut faults = Vec::new();
        check(
            &tree([settings(".env", Standing::Tracked, &text)]),
            &mut faults,
        );
        assert_eq!(detail(&faults[0], "rotate"), Some("DB_PASSWORD, A_TOKEN"));
        let all = format!("{:?}{:?}", faults[0].details, faults[0].fixes);
        assert!(!all.contains(&tests::strong()), "{all}");
    }

    #[test]
    fn the_index_is_mended_and_then_the_ignore_file() {
        let env = || settings("a/.env", Standing::Tracked, "PORT=1");
        let path = RelPath::from("a/.env");
        let untrack = Fix::Untrack { path: path.clone() };
        let fixes = |ignore: &str| {
            let tree = tree([env(), governing(".gitignore", ignore)]);
            let ruled = Ruled::of(&tree);
            of_file(
                &tree,
                Some(&ruled),
                tree.file(b"a/.env").expect("it is there"),
                Severity::Low,
            )
            .fixes
        };
        let append = Fix::Append {
            path: RelPath::from(".gitignore"),
            lines: [".env", ".env.*", "!.env.example"]
                .map(str::to_owned)
                .to_vec(),
        };
        assert_eq!(fixes("dist\n"), [untrack.clone(), append]);
        assert_eq!(fixes(".env\n"), [untrack]);
    }

    #[test]
    fn what_is_deleted_on_disk_is_in_the_index_still() {
        let tree = tree([settings("b/.env", Standing::Tracked, "")]);
        let ruled = Ruled::of(&tree)
            .tracking("a/.env")
            .tracking("a/.env.example")
            .tracking("tests/.env")
            .tracking("a/x.rs");
        let mut faults = Vec::new();
        unread(&tree, &ruled, &mut faults);
        assert_eq!(
            tests::told(&faults),
            [("a/.env".to_owned(), Severity::Medium)]
        );
    }
}
