//! `env-file-not-ignored`: an environment file on disk that the next `git add .` takes.

use super::env_files::{self, MADE_UP, Worth};
use super::ground::Ground;
use super::manifests::Conventions;
use super::{Fault, File, Tree, Where, folders, manifests, told};
use crate::model::{Confidence, Fix, RelPath, Severity, Standing};

const ID: &str = "env-file-not-ignored";

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    judge(tree, tree.git.map(|git| git as &dyn Ground), faults);
}

fn judge(tree: &Tree<'_>, ground: Option<&dyn Ground>, faults: &mut Vec<Fault>) {
    let project = is_project(tree);
    let conventions = Conventions::of(tree);
    for file in tree.files.iter().filter(|file| env_files::is_env(file)) {
        let standing = standing(tree, ground, file);
        let severity = match standing {
            Standing::Unversioned if project => {
                of_worth(&conventions, file).map(|s| s.min(Severity::Medium))
            }
            Standing::Untracked => of_worth(&conventions, file),
            Standing::IgnoredHere => of_worth(&conventions, file).map(|s| s.min(Severity::Low)),
            _ => None,
        };
        if let Some(severity) = severity {
            faults.push(fault(tree, ground, file, standing, severity));
        }
    }
}

/// Whether this check speaks of `file`, as more than advice: then nobody else need say that its name is not ignored.
pub(super) fn speaks_of(
    tree: &Tree<'_>,
    conventions: &Conventions<'_>,
    ground: &dyn Ground,
    file: &File,
) -> bool {
    env_files::is_env(file)
        && matches!(
            standing(tree, Some(ground), file),
            Standing::Untracked | Standing::Unversioned
        )
        && of_worth(conventions, file).is_some_and(|severity| severity > Severity::Info)
}

/// What git says; of a plain folder what its own `.gitignore` files say.
fn standing(tree: &Tree<'_>, ground: Option<&dyn Ground>, file: &File) -> Standing {
    match (file.standing, ground) {
        (Standing::Unversioned, Some(ground)) if !tree.versioned => {
            match ground.standing(&file.path) {
                Standing::Untracked => Standing::Unversioned,
                ignored => ignored,
            }
        }
        (standing, _) => standing,
    }
}

/// Whether a plain folder is one that somebody makes a repository of: people scan others for other reasons.
fn is_project(tree: &Tree<'_>) -> bool {
    let mut names = manifests::NAMES.iter().copied().chain([".gitignore"]);
    !tree.versioned && names.any(|name| tree.file(name.as_bytes()).is_some())
}

/// How bad it is that git would take such a file, if it is.
fn of_worth(conventions: &Conventions<'_>, file: &File) -> Option<Severity> {
    let name = file.path.name();
    let severity = match env_files::worth(file) {
        Worth::Sealed => return None,
        Worth::Nothing | Worth::Settings if env_files::is_shared(name) => return None,
        Worth::Nothing => Severity::Low,
        Worth::Settings | Worth::Placeholders if env_files::is_for_all(name) => Severity::Low,
        Worth::Settings if conventions.commit(&file.path) && !is_local(name) => Severity::Low,
        Worth::Settings | Worth::Placeholders => Severity::Medium,
        Worth::Guessable | Worth::Usable => Severity::High,
    };
    Some(if file.contexts.any(MADE_UP) {
        Severity::Info
    } else {
        severity
    })
}

/// `.env.local` is the one that no convention commits.
fn is_local(name: &[u8]) -> bool {
    name.ends_with(b".local")
}

fn fault(
    tree: &Tree<'_>,
    ground: Option<&dyn Ground>,
    file: &File,
    standing: Standing,
    severity: Severity,
) -> Fault {
    let mut details = Vec::from_iter(env_files::holds(file, "holds"));
    if standing == Standing::IgnoredHere {
        details.push(("ignored", "on this machine only".to_owned()));
    } else if let Some(rule) = rule(tree, ground, &file.path) {
        details.push(("rule", rule));
    }
    let ignore = env_files::ignore_file(tree, &file.path);
    let lines = env_files::missing_lines(tree, &ignore, &file.path);
    let fix = Fix::Append {
        path: ignore,
        lines,
    };
    Fault {
        check: ID,
        severity,
        confidence: Confidence::High,
        path: file.path.clone(),
        at: Where::File,
        subject: String::new(),
        details,
        related: Vec::new(),
        fixes: Vec::from_iter(
            matches!(&fix, Fix::Append { lines, .. } if !lines.is_empty()).then_some(fix),
        ),
    }
}

/// The rule that takes others back, or that was meant to cover `path` and does not: the nearest ignore file first.
fn rule(tree: &Tree<'_>, ground: Option<&dyn Ground>, path: &RelPath) -> Option<String> {
    let decided = ground.and_then(|ground| ground.decided_by(path));
    if let Some(rule) = decided.filter(|rule| rule.pattern.starts_with('!')) {
        let pattern = told::shorter(&rule.pattern);
        return Some(format!(
            "{}:{} `{pattern}` takes it back",
            rule.file, rule.line
        ));
    }
    let mut near = folders::upwards(folders::folder(path.as_bytes()))
        .filter_map(|folder| tree.file(folders::join(folder, b".gitignore").as_bytes()));
    near.find_map(|file| {
        let mut patterns = env_files::patterns(env_files::text(file));
        let (line, pattern) =
            patterns.find(|(_, line)| line.contains(".env") && !line.starts_with('!'))?;
        let why = if pattern.contains(" #") || pattern.contains("\t#") {
            "is one pattern, since a comment needs a line of its own"
        } else {
            "does not cover it"
        };
        Some(format!(
            "{}:{line} `{}` {why}",
            file.path,
            told::shorter(pattern)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, Ruled, detail, governing, secret, settings, tree};
    use super::*;

    /// What is said of one file that is not ignored, beside ignore files.
    fn of(path: &str, text: &str, rules: &[(&str, &str)]) -> Vec<Fault> {
        let rules = rules.iter().map(|(path, text)| governing(path, text));
        let tree = tree(rules.chain([settings(path, Standing::Untracked, text)]));
        run(tree)
    }

    /// As the walk would have it: what the rules ignore stands as ignored.
    fn run(mut tree: Tree<'_>) -> Vec<Fault> {
        let ruled = Ruled::of(&tree);
        let loose = |file: &&mut File| file.standing == Standing::Untracked;
        for file in tree.files.iter_mut().filter(loose) {
            file.standing = ruled.standing(&file.path);
        }
        let mut faults = Vec::new();
        judge(&tree, Some(&ruled), &mut faults);
        faults
    }

    fn severity(path: &str, text: &str) -> Option<Severity> {
        tests::severity(&of(path, text, &[]))
    }

    #[test]
    fn the_values_decide() {
        assert_eq!(
            severity(".env.local", &secret("DB_PASSWORD")),
            Some(Severity::High)
        );
        assert_eq!(
            severity(".env", "DB_PASSWORD=postgres"),
            Some(Severity::High)
        );
        assert_eq!(severity(".env.local", "A=1"), Some(Severity::Medium));
        assert_eq!(
            severity(".env", "API_TOKEN=your-token-here"),
            Some(Severity::Medium)
        );
        assert_eq!(
            severity(".env.test", "API_TOKEN=your-token-here"),
            Some(Severity::Low)
        );
        assert_eq!(severity(".env", ""), Some(Severity::Low));
        assert_eq!(
            severity("fixtures/.env", &secret("DB_PASSWORD")),
            Some(Severity::Info)
        );
    }

    #[test]
    fn what_is_meant_to_be_committed_is_not_told() {
        assert_eq!(severity(".env.example", "API_TOKEN="), None);
        assert_eq!(severity(".env", "API_TOKEN=encrypted:BD9XK0vQ"), None);
        assert_eq!(severity(".flaskenv", "FLASK_APP=app"), None);
        assert_eq!(
            severity(".envrc", "DB_PASSWORD=postgres"),
            Some(Severity::High)
        );
        let vite = [("package.json", r#"{"devDependencies":{"vite":"7"}}"#)];
        assert_eq!(
            tests::severity(&of(".env", "VITE_A=1", &vite)),
            Some(Severity::Low)
        );
        assert_eq!(
            tests::severity(&of(".env.local", "VITE_A=1", &vite)),
            Some(Severity::Medium)
        );
    }

    #[test]
    fn the_rule_that_does_not_cover_it_is_named() {
        let rule = |path: &str, rules: &[(&str, &str)]| {
            let faults = of(path, &secret("DB_PASSWORD"), rules);
            assert_eq!(tests::severity(&faults), Some(Severity::High), "{path}");
            detail(&faults[0], "rule").map(str::to_owned)
        };
        assert_eq!(rule(".env", &[]), None);
        assert_eq!(rule(".env", &[(".gitignore", "dist\n")]), None);
        assert_eq!(
            rule(
                ".env.production",
                &[(".gitignore", ".env*\n!.env.production\n")]
            )
            .as_deref(),
            Some(".gitignore:2 `!.env.production` takes it back")
        );
        assert_eq!(
            rule(".env.staging", &[(".gitignore", "x\n.env\n")]).as_deref(),
            Some(".gitignore:2 `.env` does not cover it")
        );
        assert_eq!(
            rule(".env.local", &[(".gitignore", "*.env")]).as_deref(),
            Some(".gitignore:1 `*.env` does not cover it")
        );
        assert_eq!(
            rule("packages/api/.env", &[(".gitignore", "/.env")]).as_deref(),
            Some(".gitignore:1 `/.env` does not cover it")
        );
        assert_eq!(
            rule(".env", &[(".gitignore", ".env # local secrets")]).as_deref(),
            Some(
                ".gitignore:1 `.env # local secrets` is one pattern, since a comment needs a line of its own"
            )
        );
    }

    #[test]
    fn a_rule_anywhere_above_covers_it() {
        for (path, ignore, rules) in [
            (".env.local", ".gitignore", ".env*\n!.env.example"),
            ("services/api/.env", "services/api/.gitignore", ".env"),
            ("services/api/.env", ".gitignore", ".env"),
            ("services/api/.env", ".gitignore", "services/"),
            (".env", ".gitignore", ".env\r\n"),
        ] {
            let faults = of(path, &secret("DB_PASSWORD"), &[(ignore, rules)]);
            assert!(faults.is_empty(), "{path}: {rules}");
        }
    }

    #[test]
    fn a_rule_of_this_machine_protects_nobody_else() {
        let mut faults = Vec::new();
        let tree = tree([settings(
            ".env",
            Standing::IgnoredHere,
            &secret("DB_PASSWORD"),
        )]);
        judge(&tree, None, &mut faults);
        assert_eq!(tests::severity(&faults), Some(Severity::Low));
        assert_eq!(detail(&faults[0], "ignored"), Some("on this machine only"));
        assert_eq!(detail(&faults[0], "holds"), Some("DB_PASSWORD"));
    }

    #[test]
    fn a_plain_folder_is_judged_where_it_is_a_project() {
        let of = |files: Vec<File>| {
            let env = settings(".env", Standing::Unversioned, &secret("DB_PASSWORD"));
            let tree = Tree {
                versioned: false,
                ..tree(files.into_iter().chain([env]))
            };
            run_plain(&tree)
        };
        assert_eq!(of(vec![]), None);
        assert_eq!(of(vec![governing("notes.txt", "")]), None);
        assert_eq!(
            of(vec![governing("package.json", "{}")]),
            Some(Severity::Medium)
        );
        assert_eq!(
            of(vec![governing(".gitignore", "dist")]),
            Some(Severity::Medium)
        );
        assert_eq!(of(vec![governing(".gitignore", ".env")]), None);
    }

    fn run_plain(tree: &Tree<'_>) -> Option<Severity> {
        let mut faults = Vec::new();
        judge(tree, Some(&Ruled::of(tree)), &mut faults);
        tests::severity(&faults)
    }

    #[test]
    fn the_line_goes_into_the_nearest_ignore_file() {
        let rules = [(".gitignore", "dist"), ("api/.gitignore", ".env")];
        let faults = of("api/.env.local", &secret("DB_PASSWORD"), &rules);
        let append = |path: &str, lines: &[&str]| Fix::Append {
            path: RelPath::from(path),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        };
        assert_eq!(faults[0].fixes, [append("api/.gitignore", &[".env.local"])]);
        let faults = of("web/.env", &secret("DB_PASSWORD"), &rules);
        assert_eq!(
            faults[0].fixes,
            [append(".gitignore", &[".env", ".env.*", "!.env.example"])]
        );
    }

    #[test]
    fn each_file_is_a_fault_of_its_own() {
        let files = ["a/.env", "b/.env"]
            .map(|path| settings(path, Standing::Untracked, "DB_PASSWORD=postgres"));
        let faults = run(tree(files));
        let high = |path: &str| (path.to_owned(), Severity::High);
        assert_eq!(tests::told(&faults), [high("a/.env"), high("b/.env")]);
    }
}
