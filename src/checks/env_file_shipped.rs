//! `env-file-shipped`: an environment file that an image, a package, a deployment or a web server would hand out.
//!
//! Only files that hold a credential; where the tree was not looked at as a whole, an ignore file may be there unseen, and only the web root is judged.
//! Commands that copy such a file by name are seen by rules over text.

mod dockerignore;
mod image;
mod upload;

use super::env_files::{self, MADE_UP, NOT_OWN, Worth};
use super::ground::Ground;
use super::{Fault, File, Tree, Where, folders, manifests, told};
use crate::classify::kinds::Kind;
use crate::model::{Confidence, Fix, RelPath, Severity};
use dockerignore::Rules;

const ID: &str = "env-file-shipped";
/// Environment files that are held against one recipe or ignore file.
const MOST: usize = 100;
/// Bytes of recipes and their ignore files times bytes of paths: what a tree of a thousand images needs is a hundredth of it, and a hostile tree
/// cannot ask for more.
const MOST_WORK: usize = 1 << 32;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    judge(tree, tree.git.map(|git| git as &dyn Ground), faults);
}

fn judge(tree: &Tree<'_>, ground: Option<&dyn Ground>, faults: &mut Vec<Fault>) {
    let holds =
        |file: &&File| env_files::is_env(file) && env_files::worth(file) >= Worth::Placeholders;
    let files: Vec<&File> = tree.files.iter().filter(holds).collect();
    faults.extend(files.iter().filter_map(|file| in_web_root(tree, file)));
    let shipped: Vec<&File> = files
        .into_iter()
        .filter(|file| !file.contexts.any(MADE_UP))
        .collect();
    if shipped.is_empty() || !tree.whole {
        return;
    }
    let mut left = MOST_WORK;
    for file in tree
        .files
        .iter()
        .filter(|file| file.text.is_some() && !file.contexts.any(NOT_OWN))
    {
        faults.extend(in_image(tree, &shipped, file, &mut left));
        faults.extend(upload::in_package(tree, ground, &shipped, file));
        faults.extend(upload::in_deployment(ground, &shipped, file));
    }
}

fn fault(
    path: &RelPath,
    at: Where,
    severity: Severity,
    details: Vec<(&'static str, String)>,
    fixes: Vec<Fix>,
) -> Fault {
    Fault {
        check: ID,
        severity,
        confidence: Confidence::High,
        path: path.clone(),
        at,
        subject: String::new(),
        details,
        related: Vec::new(),
        fixes,
    }
}

/// The names of files, as a detail.
fn ships(files: &[&File]) -> (&'static str, String) {
    let names: Vec<String> = files.iter().map(|file| file.path.display()).collect();
    ("ships", told::list(names.iter().map(String::as_str)))
}

/// Below a folder that web servers serve as it is. A folder of that name with a manifest in it is a project (`apps/www`).
fn in_web_root(tree: &Tree<'_>, file: &File) -> Option<Fault> {
    const ROOTS: &[&[u8]] = &[
        b"public",
        b"public_html",
        b"static",
        b"www",
        b"htdocs",
        b"dist",
        b"wwwroot",
    ];
    let folder = folders::folder(file.path.as_bytes());
    let root = folders::upwards(folder).find(|folder| {
        let name = folder.rsplit(|&b| b == b'/').next().unwrap_or_default();
        let mut manifests = manifests::NAMES.iter();
        ROOTS.contains(&name)
            && !manifests.any(|name| {
                tree.file(folders::join(folder, name.as_bytes()).as_bytes())
                    .is_some()
            })
    })?;
    let severity = match env_files::worth(file) {
        _ if file.contexts.any(MADE_UP) => Severity::Low,
        Worth::Guessable | Worth::Usable => Severity::Critical,
        _ => Severity::Medium,
    };
    let mut details = vec![("served from", RelPath::new(root).display())];
    details.extend(env_files::holds(file, "holds"));
    Some(fault(
        &file.path,
        Where::File,
        severity,
        details,
        Vec::new(),
    ))
}

/// The first instruction of a recipe that copies environment files along with their folder.
fn in_image(tree: &Tree<'_>, files: &[&File], recipe: &File, left: &mut usize) -> Option<Fault> {
    let name = recipe.path.name();
    if recipe.kind != Some(Kind::Dockerfile)
        || name.ends_with(b".dockerignore")
        || recipe.contexts.any(MADE_UP)
    {
        return None;
    }
    let copies = image::copies(env_files::text(recipe));
    let context = context(tree, recipe, &copies);
    // The recipe's own ignore file takes the place of the other.
    let own = RelPath::new([recipe.path.as_bytes(), b".dockerignore"].concat());
    let ignore = tree.file(own.as_bytes()).map_or_else(
        || folders::join(context, b".dockerignore"),
        |file| file.path.clone(),
    );
    let ignored = tree.file(ignore.as_bytes()).map(env_files::text);
    let ignored = ignored.unwrap_or_default();
    let files = folders::within(files, context);
    let files = &files[..files.len().min(MOST)];
    let paths: usize = files.iter().map(|file| file.path.as_bytes().len()).sum();
    let text = ignored.len() + env_files::text(recipe).len();
    *left = left.checked_sub(paths.saturating_mul(text))?;
    let rules = Rules::of(ignored);
    let open: Vec<_> = files
        .iter()
        .filter_map(|file| Some((*file, folders::below(file.path.as_bytes(), context)?)))
        .filter(|(_, path)| !rules.leave_out(path))
        .collect();
    let mut taken = copies.iter().filter_map(|copy| {
        let taken = open.iter().filter(|(_, path)| copy.takes(path));
        let taken: Vec<&File> = taken.map(|(file, _)| *file).collect();
        (!taken.is_empty()).then_some((copy, taken))
    });
    // What ends up in the image weighs more than what its making alone sees.
    let first = taken.next()?;
    let (copy, taken) = if first.0.ends_up {
        first
    } else {
        taken.find(|(copy, _)| copy.ends_up).unwrap_or(first)
    };
    let mut details = vec![ships(&taken), ("not in", ignore.display())];
    let severity = if copy.ends_up {
        Severity::High
    } else {
        details.push((
            "stage",
            "not the last: it stays in layers and caches of the build".to_owned(),
        ));
        Severity::Low
    };
    let mut lines = vec![
        "**/.env".to_owned(),
        "**/.env.*".to_owned(),
        "!**/.env.example".to_owned(),
    ];
    let unusual = taken
        .iter()
        .filter_map(|file| std::str::from_utf8(file.path.name()).ok());
    let unusual = unusual.filter(|name| *name != ".env" && !name.starts_with(".env."));
    lines.extend(unusual.map(|name| format!("**/{name}")));
    lines.sort_by_key(|line| line.starts_with('!'));
    lines.dedup();
    let fix = Fix::Append {
        path: ignore,
        lines,
    };
    Some(fault(
        &recipe.path,
        Where::Line(copy.line),
        severity,
        details,
        vec![fix],
    ))
}

/// The folder that a recipe is built in: its own, or the root where what it copies by name lies there alone.
fn context<'r>(tree: &Tree<'_>, recipe: &'r File, copies: &[image::Copy]) -> &'r [u8] {
    let own = folders::folder(recipe.path.as_bytes());
    let named = || {
        copies
            .iter()
            .flat_map(|copy| &copy.sources)
            .filter(|source| !source.is_empty())
    };
    let lies_in = |folder: &[u8]| {
        named().any(|source| exists(tree, folders::join(folder, source).as_bytes()))
    };
    if !lies_in(own) && lies_in(b"") {
        b""
    } else {
        own
    }
}

/// Whether anything is known at `path` or below it.
fn exists(tree: &Tree<'_>, path: &[u8]) -> bool {
    let below = [path, b"/"].concat();
    let start = tree
        .files
        .partition_point(|file| file.path.as_bytes() < below.as_slice());
    tree.file(path).is_some()
        || tree
            .files
            .get(start)
            .is_some_and(|file| file.path.as_bytes().starts_with(&below))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, Ruled, detail, governing, secret, settings, tree};
    use super::*;
    use crate::model::Standing;

    fn env(path: &str) -> File {
        settings(path, Standing::Ignored, &secret("DB_PASSWORD"))
    }

    fn run(files: Vec<File>) -> Vec<Fault> {
        let tree = tree(files);
        let mut faults = Vec::new();
        judge(&tree, Some(&Ruled::of(&tree)), &mut faults);
        faults
    }

    const ALL: &str = "FROM node:22\nCOPY . .\n";

    #[test]
    fn an_image_takes_what_its_ignore_file_does_not_name() {
        let of = |ignore: &[(&str, &str)], env: File| {
            let ignore = ignore.iter().map(|(path, text)| governing(path, text));
            run(ignore.chain([governing("Dockerfile", ALL), env]).collect())
        };
        let high = [("Dockerfile".to_owned(), Severity::High)];
        let faults = of(&[], env("a/.env"));
        assert_eq!(tests::told(&faults), high);
        assert!(matches!(faults[0].at, Where::Line(2)));
        assert_eq!(detail(&faults[0], "ships"), Some("a/.env"));
        assert_eq!(
            tests::told(&of(&[(".dockerignore", "node_modules")], env(".env"))),
            high
        );
        assert_eq!(
            tests::told(&of(&[(".dockerignore", ".env")], env("a/.env"))),
            high
        );
        assert!(of(&[(".dockerignore", ".env")], env(".env")).is_empty());
        assert!(of(&[(".dockerignore", "**/.env*")], env("a/.env")).is_empty());
        assert!(of(&[("Dockerfile.dockerignore", "**/.env*")], env(".env")).is_empty());
        assert_eq!(
            tests::told(&of(
                &[
                    (".dockerignore", "**/.env"),
                    ("Dockerfile.dockerignore", "x")
                ],
                env(".env")
            )),
            high
        );
        assert!(of(&[], settings(".env", Standing::Tracked, "PORT=1")).is_empty());
        assert!(
            of(
                &[],
                settings(".env.example", Standing::Tracked, "DB_PASSWORD=postgres")
            )
            .is_empty()
        );
        assert!(of(&[], env("tests/.env")).is_empty());
    }

    #[test]
    fn the_line_that_mends_it_covers_every_folder() {
        let faults = run(vec![
            governing("Dockerfile", ALL),
            env("a/.env"),
            env("prod.env"),
        ]);
        let lines = ["**/.env", "**/.env.*", "**/prod.env", "!**/.env.example"]
            .map(str::to_owned)
            .to_vec();
        let path = RelPath::from(".dockerignore");
        assert_eq!(faults[0].fixes, [Fix::Append { path, lines }]);
    }

    #[test]
    fn a_stage_that_is_thrown_away_weighs_little() {
        let text = "FROM node AS build\nCOPY . .\nFROM nginx\nCOPY --from=build /a/dist /b\n";
        let faults = run(vec![governing("Dockerfile", text), env(".env")]);
        assert_eq!(tests::severity(&faults), Some(Severity::Low));
        let text = "FROM node AS build\nCOPY . .\nFROM node\nCOPY . .\n";
        let faults = run(vec![governing("Dockerfile", text), env(".env")]);
        assert_eq!(tests::severity(&faults), Some(Severity::High));
        assert!(matches!(faults[0].at, Where::Line(4)));
    }

    #[test]
    fn a_recipe_is_built_where_its_sources_lie() {
        let recipe = "FROM a\nCOPY api/package.json .\nCOPY . .\n";
        let here = |manifest: &str| {
            let files = vec![
                governing("docker/Dockerfile", recipe),
                governing(manifest, "{}"),
                env(".env"),
            ];
            tests::severity(&run(files))
        };
        assert_eq!(here("api/package.json"), Some(Severity::High));
        assert_eq!(here("docker/api/package.json"), None);
        assert_eq!(here("web/package.json"), None);
    }

    #[test]
    fn a_web_root_serves_what_is_in_it() {
        let of = |path: &str| tests::severity(&run(vec![env(path)]));
        assert_eq!(of("public/.env"), Some(Severity::Critical));
        assert_eq!(
            of("site/htdocs/a/.env.production"),
            Some(Severity::Critical)
        );
        assert_eq!(of("tests/public/.env"), Some(Severity::Low));
        assert_eq!(of("publications/.env"), None);
        assert_eq!(of("public/.env.example"), None);
        assert!(
            run(vec![
                env("apps/www/.env"),
                governing("apps/www/package.json", "{}")
            ])
            .is_empty()
        );
        assert!(run(vec![settings("public/.env", Standing::Tracked, "PORT=1")]).is_empty());
        let weak = settings(
            "public/.env",
            Standing::Tracked,
            "API_TOKEN=your-token-here",
        );
        assert_eq!(tests::severity(&run(vec![weak])), Some(Severity::Medium));
    }

    #[test]
    fn what_was_not_looked_at_may_name_it() {
        let part = Tree {
            whole: false,
            ..tree([governing("Dockerfile", ALL), env(".env")])
        };
        let mut faults = Vec::new();
        judge(&part, None, &mut faults);
        assert!(faults.is_empty());
    }
}
