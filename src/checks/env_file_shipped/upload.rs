//! What a package registry or a platform would get: their ignore files are written like `.gitignore` and take its place.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde_json::Value;

use super::{MOST, fault, ships};
use crate::checks::ground::Ground;
use crate::checks::{Fault, File, Tree, Where, env_files, folders, manifests};
use crate::model::{Fix, Severity, Standing};

/// The lines that keep environment files out.
const LINES: &[&str] = &[".env", ".env.*", "!.env.example"];

/// What `npm pack` would take of the folder of a `package.json`: `.npmignore` takes the place of `.gitignore`, so that a file which git ignores is
/// packed as soon as there is one (<https://docs.npmjs.com/cli/commands/npm-publish#files-included-in-package>).
pub(super) fn in_package(
    tree: &Tree<'_>,
    ground: Option<&dyn Ground>,
    files: &[&File],
    manifest: &File,
) -> Option<Fault> {
    if manifest.path.name() != b"package.json" || manifest.contexts.any(env_files::MADE_UP) {
        return None;
    }
    let folder = folders::folder(manifest.path.as_bytes());
    let beside = |file: &&&File| folders::folder(file.path.as_bytes()) == folder;
    let files: Vec<&File> = folders::within(files, folder)
        .iter()
        .filter(beside)
        .take(MOST)
        .copied()
        .collect();
    if files.is_empty() {
        return None;
    }
    let package = manifests::json(env_files::text(manifest))?;
    if !is_published(&package) {
        return None;
    }
    let ignore = tree.file(folders::join(folder, b".npmignore").as_bytes());
    let taken: Vec<&File> = if let Some(ignore) = ignore {
        let rules = rules(env_files::text(ignore));
        files
            .into_iter()
            .filter(|file| !covers(&rules, file.path.name()))
            .collect()
    } else {
        // Most projects have a manifest that nobody publishes, and of those git's rules say enough.
        let published = is_library(&package);
        let ignored = |file: &File| {
            ground.is_some_and(|ground| ground.standing(&file.path) == Standing::Ignored)
        };
        files
            .into_iter()
            .filter(|file| published && !ignored(file))
            .collect()
    };
    let first = taken.first()?;
    // An .npmignore that holds nothing but this would put back all that .gitignore names.
    let at = ignore.unwrap_or(manifest);
    let append = ignore.map_or_else(
        || env_files::ignore_file(tree, &first.path),
        |file| file.path.clone(),
    );
    let fix = Fix::Append {
        path: append,
        lines: LINES.iter().map(|&line| line.to_owned()).collect(),
    };
    let details = vec![ships(&taken), ("by", "npm publish".to_owned())];
    Some(fault(
        &at.path,
        Where::Line(1),
        Severity::High,
        details,
        vec![fix],
    ))
}

/// Whether npm would publish it, and all of its folder.
fn is_published(package: &Value) -> bool {
    let has = |key: &str| package.get(key).is_some_and(Value::is_string);
    package.get("private") != Some(&Value::Bool(true))
        && has("name")
        && has("version")
        && package.get("files").is_none()
}

/// Whether somebody means to publish it: what `npm init` writes says nothing of that.
fn is_library(package: &Value) -> bool {
    [
        "publishConfig",
        "exports",
        "bin",
        "module",
        "types",
        "typings",
    ]
    .iter()
    .any(|key| package.get(key).is_some())
}

/// What a platform's upload would take, by its ignore file.
pub(super) fn in_deployment(
    ground: Option<&dyn Ground>,
    files: &[&File],
    ignore: &File,
) -> Option<Fault> {
    let platform = match ignore.path.name() {
        b".vercelignore" => "vercel",
        b".gcloudignore" => "gcloud",
        b".ebignore" => "eb deploy",
        b".slugignore" => "git push heroku",
        b".cfignore" => "cf push",
        _ => return None,
    };
    let text = env_files::text(ignore);
    let includes = env_files::text(ignore)
        .split(|&b| b == b'\n')
        .any(|line| line.trim_ascii() == b"#!include:.gitignore");
    let rules = rules(text);
    let folder = folders::folder(ignore.path.as_bytes());
    let sent = |file: &&File| {
        let by_git = includes
            && ground.is_some_and(|ground| ground.standing(&file.path) == Standing::Ignored);
        // Vercel leaves `.env.local` out by itself; Heroku gets what is committed.
        let by_default = platform == "vercel" && file.path.name().ends_with(b".local")
            || platform == "git push heroku" && file.standing != Standing::Tracked;
        let rest = folders::below(file.path.as_bytes(), folder);
        !by_git && !by_default && rest.is_some_and(|rest| !covers(&rules, rest))
    };
    let files = folders::within(files, folder).iter().take(MOST).copied();
    let taken: Vec<&File> = files.filter(sent).collect();
    if taken.is_empty() {
        return None;
    }
    let fix = Fix::Append {
        path: ignore.path.clone(),
        lines: LINES.iter().map(|&line| line.to_owned()).collect(),
    };
    let details = vec![ships(&taken), ("by", platform.to_owned())];
    Some(fault(
        &ignore.path,
        Where::Line(1),
        Severity::Medium,
        details,
        vec![fix],
    ))
}

/// The rules of an ignore file. A line that is no pattern is passed over, as git does.
fn rules(text: &[u8]) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for (_, line) in env_files::patterns(text) {
        // One broken line leaves the others as they are.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// Whether a file or a folder above it is left out; `path` is relative to the folder of the rules.
fn covers(rules: &Gitignore, path: &[u8]) -> bool {
    let path = String::from_utf8_lossy(path);
    let slashes = path.match_indices('/').map(|(at, _)| &path[..at]);
    slashes
        .into_iter()
        .any(|folder| rules.matched(folder, true).is_ignore())
        || rules.matched(&*path, false).is_ignore()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::tests::{self, Ruled, detail, governing, secret, settings, tree};

    const APP: &str = r#"{"name":"a","version":"1.0.0","main":"index.js"}"#;
    const LIBRARY: &str = r#"{"name":"a","version":"1.0.0","exports":"./a.js"}"#;

    fn run(package: &str, others: &[(&str, &str)], standing: Standing) -> Vec<Fault> {
        let env = settings(".env", standing, &secret("DB_PASSWORD"));
        let others = others.iter().map(|(path, text)| governing(path, text));
        let tree = tree(others.chain([governing("package.json", package), env]));
        let mut faults = Vec::new();
        super::super::judge(&tree, Some(&Ruled::of(&tree)), &mut faults);
        faults
    }

    #[test]
    fn npmignore_takes_the_place_of_gitignore() {
        let ignored = Standing::Ignored;
        let git = (".gitignore", ".env");
        let faults = run(APP, &[git, (".npmignore", "test/")], ignored);
        assert_eq!(
            tests::told(&faults),
            [(".npmignore".to_owned(), Severity::High)]
        );
        assert_eq!(detail(&faults[0], "ships"), Some(".env"));
        assert!(run(APP, &[git, (".npmignore", "test/\n.env*\n")], ignored).is_empty());
        assert!(run(APP, &[git], ignored).is_empty());
        assert!(run(LIBRARY, &[git], ignored).is_empty());
    }

    #[test]
    fn a_library_without_rules_packs_everything() {
        let faults = run(LIBRARY, &[], Standing::Untracked);
        assert_eq!(
            tests::told(&faults),
            [("package.json".to_owned(), Severity::High)]
        );
        let lines = LINES.iter().map(|&line| line.to_owned()).collect();
        let path = crate::model::RelPath::from(".gitignore");
        assert_eq!(faults[0].fixes, [Fix::Append { path, lines }]);
    }

    #[test]
    fn what_nobody_publishes_packs_nothing() {
        let open = [(".npmignore", "test/")];
        for package in [
            r#"{"name":"a","version":"1.0.0","private":true}"#,
            r#"{"name":"a","version":"1.0.0","files":["dist"]}"#,
            r#"{"name":"a"}"#,
            "{}",
            "[",
        ] {
            assert!(
                run(package, &open, Standing::Ignored).is_empty(),
                "{package}"
            );
        }
        assert!(run(APP, &[], Standing::Untracked).is_empty());
    }

    #[test]
    fn platforms_go_by_their_own_ignore_files() {
        let of = |name: &str, text: &str, standing| {
            let faults = run("{}", &[(".gitignore", ".env"), (name, text)], standing);
            tests::severity(&faults)
        };
        let medium = Some(Severity::Medium);
        assert_eq!(of(".vercelignore", "test\n", Standing::Ignored), medium);
        assert_eq!(of(".vercelignore", ".env*\n", Standing::Ignored), None);
        assert_eq!(of(".gcloudignore", "test\n", Standing::Ignored), medium);
        assert_eq!(
            of(".gcloudignore", "#!include:.gitignore\n", Standing::Ignored),
            None
        );
        assert_eq!(of(".ebignore", "test\n!.env\n", Standing::Ignored), medium);
        assert_eq!(of(".slugignore", "test\n", Standing::Ignored), None);
        assert_eq!(of(".slugignore", "test\n", Standing::Tracked), medium);
        assert_eq!(of(".prettierignore", "test\n", Standing::Ignored), None);
    }

    #[test]
    fn vercel_leaves_local_files_out_by_itself() {
        let of = |ignore: &str| {
            let env = settings(".env.local", Standing::Ignored, &secret("DB_PASSWORD"));
            let tree = tree([governing(ignore, "test"), env]);
            let mut faults = Vec::new();
            super::super::judge(&tree, None, &mut faults);
            tests::severity(&faults)
        };
        assert_eq!(of(".vercelignore"), None);
        assert_eq!(of(".gcloudignore"), Some(Severity::Medium));
    }

    #[test]
    fn a_folder_that_is_left_out_takes_its_files_along() {
        let covered = |text: &str, path: &str| covers(&rules(text.as_bytes()), path.as_bytes());
        assert!(covered("api/", "api/deep/.env") && covered(".env", "api/.env"));
        assert!(!covered("/.env", "api/.env") && !covered(".env\n!.env", ".env"));
        assert!(!covered("[", "a"));
    }
}
