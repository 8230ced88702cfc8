//! `gitignore-missing-env`: a project that reads environment files, whose names its ignore files do not know yet.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::env_files::{MADE_UP, NOT_OWN};
use super::ground::Ground;
use super::manifests::Conventions;
use super::{
    Fault, Tree, Where, env_file_not_ignored, env_file_tracked, env_files, folders, manifests, told,
};
use crate::model::{Confidence, Fix, RelPath, Severity, Standing};

const ID: &str = "gitignore-missing-env";
/// What a repository should ignore before anybody makes it.
const NAMES: &[&str] = &[".env", ".env.local", ".env.production", ".env.staging"];

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    if let Some(git) = tree.git.filter(|_| tree.whole) {
        judge(tree, git, faults);
    }
}

/// The lines that the ignore file in the root of a repository lacks, `text` being what it says; none where git passes over environment files
/// already, as `standing` says of a path.
pub fn missing_env_lines(
    text: Option<&str>,
    standing: impl Fn(&RelPath) -> Standing,
) -> Vec<String> {
    let paths = NAMES.iter().map(|name| RelPath::from(*name));
    let mut lines: Vec<String> = Vec::new();
    for path in paths.filter(|path| standing(path) != Standing::Ignored) {
        for line in env_files::lines_for(text.map(str::as_bytes), &path) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines
}

/// The names that one ignore file misses.
struct Missing {
    names: Vec<String>,
    severity: Severity,
}

fn judge(tree: &Tree<'_>, ground: &dyn Ground, faults: &mut Vec<Fault>) {
    // A plain folder with an ignore file is about to become a repository.
    if !tree.versioned && tree.file(b".gitignore").is_none() {
        return;
    }
    let told = told_of(tree, ground);
    let mut missing: BTreeMap<RelPath, Missing> = BTreeMap::new();
    for folder in projects(tree) {
        if told.contains(folder) {
            continue;
        }
        let names = missing_in(ground, folder);
        if names.is_empty() {
            continue;
        }
        let severity = severity(ground, folder);
        let near = env_files::ignore_file(tree, &names[0]);
        let all = missing.entry(near).or_insert(Missing {
            names: Vec::new(),
            severity,
        });
        all.severity = all.severity.max(severity);
        all.names.extend(names.iter().map(RelPath::display));
    }
    faults.extend(
        missing
            .into_iter()
            .map(|(path, missing)| fault(tree, path, &missing)),
    );
}

/// The folders of the projects that read environment files, each once.
fn projects<'t>(tree: &'t Tree<'_>) -> Vec<&'t [u8]> {
    let own = tree.files.iter().filter(|file| {
        manifests::is_manifest(file) && !file.contexts.any(NOT_OWN) && !file.contexts.any(MADE_UP)
    });
    let reading = own.filter(|file| manifests::loads_env_files(file));
    let mut folders: Vec<_> = reading
        .map(|file| folders::folder(file.path.as_bytes()))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// The folders with an environment file of which a check says already that git takes it.
fn told_of<'t>(tree: &'t Tree<'_>, ground: &dyn Ground) -> HashSet<&'t [u8]> {
    let conventions = Conventions::of(tree);
    let told = tree.files.iter().filter(|file| {
        env_file_not_ignored::speaks_of(tree, &conventions, ground, file)
            || env_file_tracked::severity(&conventions, file)
                .is_some_and(|severity| severity >= Severity::Medium)
    });
    told.map(|file| folders::folder(file.path.as_bytes()))
        .collect()
}

fn missing_in(ground: &dyn Ground, folder: &[u8]) -> Vec<RelPath> {
    let paths = NAMES
        .iter()
        .map(|name| folders::join(folder, name.as_bytes()));
    paths
        .filter(|path| ground.standing(path) != Standing::Ignored)
        .collect()
}

/// Low where the files that hold what must not be seen are covered: by the templates of Vite, Next and Create React App, which ignore
/// `.env.local` and commit the others by convention, and by those that name production.
fn severity(ground: &dyn Ground, folder: &[u8]) -> Severity {
    let covered = |name: &str| {
        let path = folders::join(folder, name.as_bytes());
        ground.standing(&path) == Standing::Ignored
    };
    let taken_back = NAMES.iter().any(|name| {
        let path = folders::join(folder, name.as_bytes());
        let decided = ground.decided_by(&path);
        decided.is_some_and(|rule| rule.pattern.starts_with('!'))
    });
    if taken_back {
        Severity::Medium
    } else if covered(".env.local") || covered(".env") && covered(".env.production") {
        Severity::Low
    } else {
        Severity::Medium
    }
}

fn fault(tree: &Tree<'_>, path: RelPath, missing: &Missing) -> Fault {
    let below = folders::folder(path.as_bytes());
    // Lines go by the last part alone, and of those there are few.
    let last: BTreeSet<&str> = missing.names.iter().map(|name| last(name)).collect();
    let mut lines: Vec<String> = Vec::new();
    for name in last {
        for line in env_files::missing_lines(tree, &path, &RelPath::from(name)) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let names = missing.names.iter().map(|name| {
        let rest = folders::below(name.as_bytes(), below);
        rest.and_then(|rest| std::str::from_utf8(rest).ok())
            .unwrap_or(name)
    });
    Fault {
        check: ID,
        severity: missing.severity,
        confidence: Confidence::High,
        at: Where::Line(1),
        subject: String::new(),
        details: vec![("missing", told::list(names))],
        related: Vec::new(),
        // Where there is no ignore file yet the fault is the root's.
        path: if tree.file(path.as_bytes()).is_some() {
            path.clone()
        } else {
            RelPath::from(".")
        },
        fixes: vec![Fix::Append { path, lines }],
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::super::tests::{self, Ruled, detail, governing, secret, settings, tree};
    use super::*;

    const NEXT: &str = r#"{"dependencies":{"next":"16"}}"#;

    fn run(files: Vec<File>) -> Vec<Fault> {
        let tree = tree(files);
        let mut faults = Vec::new();
        judge(&tree, &Ruled::of(&tree), &mut faults);
        faults
    }

    fn of(ignore: &str) -> Vec<Fault> {
        run(vec![
            governing("package.json", NEXT),
            governing(".gitignore", ignore),
        ])
    }

    #[test]
    fn names_that_are_not_ignored_are_told_once() {
        for (ignore, missing) in [
            (
                "node_modules\ndist\n",
                ".env, .env.local, .env.production and 1 more",
            ),
            (".env\n", ".env.local, .env.production, .env.staging"),
            (
                ".env # local secrets\n",
                ".env, .env.local, .env.production and 1 more",
            ),
            ("*.env\n", ".env.local, .env.production, .env.staging"),
            (".env*\n!.env.production\n", ".env.production"),
        ] {
            let faults = of(ignore);
            assert_eq!(
                tests::told(&faults),
                [(".gitignore".to_owned(), Severity::Medium)],
                "{ignore}"
            );
            assert_eq!(detail(&faults[0], "missing"), Some(missing), "{ignore}");
        }
    }

    #[test]
    fn rules_that_know_them_are_enough() {
        for ignore in [
            ".env*\n!.env.example",
            ".env\n.env.local\n.env.production\n.env.staging",
            "**/.env\n**/.env.*\n!**/.env.example",
        ] {
            assert!(of(ignore).is_empty(), "{ignore}");
        }
    }

    #[test]
    fn the_templates_of_bundlers_weigh_little() {
        assert_eq!(
            tests::severity(&of("node_modules\n*.local\n")),
            Some(Severity::Low)
        );
        assert_eq!(tests::severity(&of(".env*.local\n")), Some(Severity::Low));
        assert_eq!(
            tests::severity(&of(".env\n.env.local\n")),
            Some(Severity::Low)
        );
        assert_eq!(tests::severity(&of(".env\n")), Some(Severity::Medium));
        assert_eq!(
            tests::severity(&of(".env*\n!.env.staging\n")),
            Some(Severity::Medium)
        );
    }

    #[test]
    fn only_projects_that_read_such_files() {
        assert!(run(vec![governing(".gitignore", "target")]).is_empty());
        let plain = governing("package.json", r#"{"dependencies":{"express":"5"}}"#);
        assert!(run(vec![plain, governing(".gitignore", "target")]).is_empty());
        for path in [
            "examples/a/package.json",
            "test/fixtures/package.json",
            "vendor/a/package.json",
        ] {
            assert!(run(vec![governing(path, NEXT)]).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_project_without_an_ignore_file_is_told_at_its_place() {
        let faults = run(vec![governing("package.json", NEXT)]);
        assert_eq!(tests::told(&faults), [(".".to_owned(), Severity::Medium)]);
        let lines = [".env", ".env.*", "!.env.example"]
            .map(str::to_owned)
            .to_vec();
        let path = RelPath::from(".gitignore");
        assert_eq!(faults[0].fixes, [Fix::Append { path, lines }]);
        let plain = Tree {
            versioned: false,
            ..tree([governing("package.json", NEXT)])
        };
        let mut faults = Vec::new();
        judge(&plain, &Ruled::of(&plain), &mut faults);
        assert!(faults.is_empty());
    }

    #[test]
    fn packages_are_told_at_their_ignore_files() {
        let faults = run(vec![
            governing("package.json", "{}"),
            governing("a/package.json", NEXT),
            governing("a/.gitignore", ".env*"),
            governing("b/package.json", NEXT),
            governing("b/.gitignore", "dist"),
            governing("c/package.json", NEXT),
            governing("d/requirements.txt", "python-dotenv"),
        ]);
        let medium = |path: &str| (path.to_owned(), Severity::Medium);
        assert_eq!(tests::told(&faults), [medium("."), medium("b/.gitignore")]);
        let at_root = faults.iter().find(|f| f.path == RelPath::from("."));
        let missing = at_root.and_then(|fault| detail(fault, "missing"));
        assert_eq!(
            missing,
            Some("c/.env, c/.env.local, c/.env.production and 5 more")
        );
    }

    #[test]
    fn the_worst_package_of_an_ignore_file_weighs() {
        let faults = run(vec![
            governing(".gitignore", "a/*.local"),
            governing("a/package.json", NEXT),
            governing("b/package.json", NEXT),
        ]);
        assert_eq!(tests::severity(&faults), Some(Severity::Medium));
    }

    #[test]
    fn it_is_quiet_where_a_file_is_told_of() {
        for standing in [Standing::Untracked, Standing::Tracked] {
            let env = settings(".env", standing, &secret("DB_PASSWORD"));
            let faults = run(vec![
                governing("package.json", NEXT),
                governing(".gitignore", "dist"),
                env,
            ]);
            assert!(faults.is_empty(), "{standing:?}");
        }
    }

    #[test]
    fn what_this_machine_ignores_is_missing_for_others() {
        let tree = tree([governing("package.json", NEXT)]);
        let mut faults = Vec::new();
        judge(&tree, &Ruled::of(&tree).here(".env*"), &mut faults);
        assert_eq!(tests::severity(&faults), Some(Severity::Medium));
    }
}
