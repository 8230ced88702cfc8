//! The ignore rules against git's own answers: standing, file, line and pattern, for rules by the table and at random.
//!
//! The user's own ignore file is found by the environment, so each test runs itself in a child that has one of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyward::git::{Decision, Ignores};
use keyward::model::{RelPath, Standing};

use crate::repo::{Dice, Repo};

/// Set in the child: the folder of its user.
const USER: &str = "KEYWARD_TEST_USER";

/// Rules of a folder's `.gitignore`; after `|`, those of folders below it.
const RULES: &[&str] = &[
    "",
    ".env",
    "/.env",
    "*.env",
    ".env*\n!.env.example",
    ".env.*\n!.env.example\n.env",
    "**/.env",
    "**/.env\n**/.env.*\n!**/.env.example",
    ".env | packages/api: !.env",
    "packages/ | packages/api: !.env",
    "packages/\n!packages/api/.env",
    "packages/*\n!packages/api\npackages/api/*\n!packages/api/.env",
    "/packages/**\n!/packages/**/",
    ".env | packages: !.env | packages/api: .env",
    "!.env | packages: /api/.env",
    "env/",
    "env",
    "/env/",
    "sub/env",
    "sub/env/",
    "env/*",
    "env/**",
    "!env/\nenv/",
    "*\n!*/\n!.env",
    "*\n!.env.example",
    "/*\n!/packages\n/packages/*\n!/packages/api",
    ".env   ",
    ".env\t",
    ".env\\ ",
    ".env\\  ",
    ".env\\\\ ",
    "odd\\ ",
    "odd\\ \\  ",
    "odd ",
    " .env",
    "\\#env",
    "#env",
    "\\!env",
    "!env\n.env",
    "!!env",
    ".env\r\n.env.local\r\n",
    ".env\r",
    ".env \r\n!.env\r\r\n",
    "\u{feff}.env\n.env.local",
    "\u{feff}#.env\n\u{feff}.env",
    ".env # comment",
    ".env #comment\n.env.local # x",
    "[.]env",
    ".en[a-z]",
    ".en[!a-u]",
    ".en[^v]",
    ".[[:alpha:]]nv",
    ".en[[:upper:]v]",
    ".en[[:odd:]v]",
    ".en[[:v]",
    ".en[]v]",
    ".en[v",
    ".en[\\v]",
    ".en[w-a]",
    "packages[/]api",
    "packages[!a]api",
    "[!#]env",
    "[#!]env",
    "[!!]env",
    "[\\!]env",
    "[+--]env",
    "?env",
    ".env?local",
    "packages?api",
    "?",
    "a/**/b",
    "/a/**/b",
    "a/**b",
    "a**/b",
    "a**b",
    "**/x",
    "**x",
    "x/**",
    "x/**/",
    "x**",
    "**",
    "**/",
    "/**",
    "/**/b",
    "**/**/b",
    "***/b",
    "a/***/b",
    "/",
    "//",
    "!",
    "!/",
    "//.env",
    ".env//",
    "./.env",
    "../.env",
    "a/../.env",
    "\\.env",
    ".env\\",
    "env\\/",
    ".env.{local,production}",
    ".env.{local",
    ".env.local}",
    "{a,b}",
    "*.{env,local}",
    "\\{a,b\\}",
    ".env,",
    ".env\n!.env\n.env\n!.env.local\n.env*",
    ".ENV",
    "packages/api/.env",
    "/packages/api/.env",
    "api/.env",
    "**/api/.env",
    "packages/**/.env",
    "packages/*/.env",
    "packages/*.env",
    "*/.env",
    "*/*/.env",
    "\n\n#\n\n.env\n\n",
    "packages/api/\n!packages/api/.env",
    "packages/api/*\n!packages/api/.env",
    "*.local\n!.env.local",
];

/// These exist as folders in every case; all that a rule could tell from a file of the same name.
const FOLDERS: &[&str] = &["env", "packages", "packages/api", "a", "a/c", "x", "sub"];

/// These exist nowhere.
const FILES: &[&str] = &[
    ".env",
    ".env.local",
    ".env.production",
    ".env.example",
    ".env.{local,production}",
    ".env.{local",
    ".env.local}",
    ".env # comment",
    ".env #comment",
    ".env ",
    ".env\t",
    ".env\r",
    ".env\\",
    ".env,",
    ".ENV",
    " .env",
    "odd",
    "odd ",
    "odd  ",
    "odd \\",
    "#env",
    "!env",
    "!!env",
    "-env",
    "^env",
    ".en",
    ".en[v",
    ".en[v]",
    ".en]",
    ".en:",
    "prod.env",
    "{a,b}",
    "packages/.env",
    "packages/.env.example",
    "packages/api/.env",
    "packages/api/.env.local",
    "packages/api/src/x.js",
    "packages/web/.env",
    "packages.api",
    "packagesbapi",
    "env/x",
    "env/deep/.env",
    "sub/env",
    "sub/.env",
    "sub/sub/env",
    "a/b",
    "a/c/b",
    "a/c/d/b",
    "a/cb",
    "ab/b",
    "axb",
    "ax/b",
    "b",
    "x/y",
    "x/y/z",
    "xx",
    "z/x",
    "z/y",
    "\u{feff}.env",
];

/// Runs the test in a child with a user of its own; gives that user's folder inside the child.
fn apart(test: &str) -> Option<PathBuf> {
    if let Some(user) = std::env::var_os(USER) {
        return Some(user.into());
    }
    let user = tempfile::tempdir().expect("a temporary folder");
    let config = user.path().join("config");
    fs::write(&config, "").expect("a file");
    let child = Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", test])
        .env(USER, user.path())
        .env("HOME", user.path())
        .env("XDG_CONFIG_HOME", user.path())
        .env("GIT_CONFIG_GLOBAL", config)
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("the test runs");
    assert!(child.status.success(), "{}", crate::repo::text(&child));
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(said.contains("1 passed"), "{said}");
    None
}

/// What git says of each path: the rule that decides.
fn asked(repo: &Repo, paths: &[String], shared: bool) -> Vec<Option<Decision>> {
    let exclude = repo.join(".git/info/exclude");
    let hidden = repo.join(".git/info/hidden");
    let mut git = Command::new("git");
    git.current_dir(repo.path());
    if shared {
        fs::rename(&exclude, &hidden).expect("git made one");
        git.args(["-c", "core.excludesFile=/dev/null"]);
    }
    let mut git = git
        .args([
            "check-ignore",
            "--no-index",
            "--verbose",
            "--non-matching",
            "--stdin",
            "-z",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut stdin = git.stdin.take().expect("piped");
    let input = paths.join("\0") + "\0";
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let out = git.wait_with_output().expect("git ends");
    writer.join().expect("no panic").expect("git reads");
    if shared {
        fs::rename(&hidden, &exclude).expect("it was there");
    }
    let out = String::from_utf8(out.stdout).expect("UTF-8");
    let fields: Vec<&str> = out.split_terminator('\0').collect();
    assert_eq!(fields.len(), 4 * paths.len());
    let rows = fields.chunks(4);
    rows.zip(paths)
        .map(|(row, path)| {
            assert_eq!(row[3], path);
            (!row[0].is_empty()).then(|| Decision {
                file: RelPath::from(row[0]),
                line: row[1].parse().expect("a number"),
                pattern: row[2].to_owned(),
            })
        })
        .collect()
}

/// Standing and decision by two questions: with this machine's rules, and without.
fn by_git(repo: &Repo, paths: &[String]) -> Vec<(Standing, Option<Decision>)> {
    let ignores = |d: &Option<Decision>| d.as_ref().is_some_and(|d| !d.pattern.starts_with('!'));
    let all = asked(repo, paths, false);
    let shared = asked(repo, paths, true);
    (all.into_iter().zip(shared))
        .map(|(all, shared)| match (ignores(&all), ignores(&shared)) {
            (true, true) => (Standing::Ignored, shared),
            (true, false) => (Standing::IgnoredHere, all),
            (false, _) => (Standing::Untracked, all),
        })
        .collect()
}

/// Holds every path against git; gives how many were ignored, by all and by this machine.
fn compare(repo: &Repo, ignores: &Ignores, paths: &[String]) -> (usize, usize) {
    let (mut wrong, mut all, mut here) = (String::new(), 0, 0);
    for (path, (standing, decision)) in paths.iter().zip(by_git(repo, paths)) {
        let rel = RelPath::from(path.as_str());
        let is_dir = repo.join(path).is_dir();
        let seen = (
            ignores.standing(&rel, is_dir),
            ignores.decided_by(&rel, is_dir),
        );
        all += usize::from(standing == Standing::Ignored);
        here += usize::from(standing == Standing::IgnoredHere);
        if seen != (standing, decision.clone()) {
            let rules = path.split('/').next().expect("a first part");
            let rules = fs::read_to_string(repo.join(rules).join(".gitignore"));
            let _ = writeln!(
                wrong,
                "{path:?} with {:?}: {seen:?}, git: {standing:?} {decision:?}",
                rules.unwrap_or_default(),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    (all, here)
}

fn write_rules(repo: &Repo, case: &str, rules: &str) {
    for folder in FOLDERS {
        fs::create_dir_all(repo.join(case).join(folder)).expect("folders");
    }
    for (at, part) in rules.split(" | ").enumerate() {
        match part.split_once(": ").filter(|_| at > 0) {
            Some((folder, text)) => repo.write(&format!("{case}/{folder}/.gitignore"), text),
            None => repo.write(&format!("{case}/.gitignore"), part),
        };
    }
}

fn paths_of(case: &str) -> impl Iterator<Item = String> {
    (FOLDERS.iter().chain(FILES)).map(move |path| format!("{case}/{path}"))
}

#[test]
fn the_table_agrees_with_git() {
    if apart("parity::the_table_agrees_with_git").is_none() {
        return;
    }
    let repo = Repo::new();
    let mut paths = Vec::new();
    for (at, rules) in RULES.iter().enumerate() {
        let case = format!("c{at}");
        write_rules(&repo, &case, rules);
        paths.extend(paths_of(&case));
    }
    let worktree = Ignores::of_worktree(repo.repository());
    let (ignored, _) = compare(&repo, &worktree, &paths);
    assert!(ignored > 600, "only {ignored} were ignored");

    repo.git(&["add", "--force", "--all"]);
    let index = Ignores::of_index(repo.repository());
    let folder = Ignores::of_folder(repo.path());
    for path in &paths {
        let is_dir = repo.join(path).is_dir();
        let path = RelPath::from(path.as_str());
        let said = (
            worktree.standing(&path, is_dir),
            worktree.decided_by(&path, is_dir),
        );
        for other in [&index, &folder] {
            let other = (
                other.standing(&path, is_dir),
                other.decided_by(&path, is_dir),
            );
            assert_eq!(other, said, "{path}");
        }
    }
}

#[test]
fn rules_at_random_agree_with_git() {
    if apart("parity::rules_at_random_agree_with_git").is_none() {
        return;
    }
    let mut dice = Dice(7);
    let mut next = |below: usize| dice.below(below);
    let parts = [
        "*",
        "**",
        "/",
        "?",
        "!",
        "[",
        "]",
        "-",
        "^",
        "\\",
        " ",
        "a",
        "b",
        "c",
        ".env",
        "env",
        "[a-c]",
        "[!a]",
        "{",
        "}",
        ",",
        "#",
        "/**/",
        "**/",
        "packages",
        "api",
        "x",
        ":",
        "\t",
        "[[:alpha:]]",
    ];
    let repo = Repo::new();
    let mut paths = Vec::new();
    for case in 0..250 {
        let case = format!("r{case}");
        let mut rules = String::new();
        for _ in 0..=next(2) {
            for _ in 0..=next(6) {
                rules.push_str(parts[next(parts.len())]);
            }
            rules.push('\n');
        }
        // The one known difference that does not need a name out of the ordinary.
        while rules.contains("//") {
            rules = rules.replace("//", "/");
        }
        write_rules(&repo, &case, &rules);
        paths.extend(paths_of(&case));
    }
    compare(&repo, &Ignores::of_worktree(repo.repository()), &paths);
}

#[test]
fn rules_of_this_machine_agree_with_git() {
    let Some(user) = apart("parity::rules_of_this_machine_agree_with_git") else {
        return;
    };
    let own = user.join("my-ignore");
    let config = format!("[core]\n\texcludesFile = {}\n", own.display());
    fs::write(user.join("config"), config).expect("a file");
    let cases: &[(&str, &str, &str)] = &[
        ("", "", ".env"),
        ("", ".env", ""),
        (".env", ".env", ".env"),
        ("!.env", ".env", ".env"),
        ("*.local\n", "!.env.local\n.env*", "!.env"),
        ("", "!.env", ".env*\nx/"),
        (".env", "packages/", "!.env"),
        (".env | packages/api: !.env", "packages/", ""),
        (".env | packages: !.env", "", "packages/api/"),
        ("packages/", "!packages/", "packages"),
        ("", "", ".env  \r\n.env.{local,production}\n"),
        ("", "/c0/.env", "/sub\n"),
        ("!sub/", "**/sub\na/**", "sub/env"),
    ];
    let (mut ignored, mut here) = (0, 0);
    for (rules, exclude, users) in cases {
        let repo = Repo::new();
        write_rules(&repo, "c0", rules);
        repo.write(".git/info/exclude", exclude);
        fs::write(&own, users).expect("a file");
        let paths: Vec<_> = paths_of("c0").collect();
        let found = compare(&repo, &Ignores::of_worktree(repo.repository()), &paths);
        ignored += found.0;
        here += found.1;
    }
    assert!(ignored > 20 && here > 50, "{ignored} and {here}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_where_git_follows_them() {
    let Some(user) = apart("parity::links_are_followed_where_git_follows_them") else {
        return;
    };
    let link = |to: &Path, at: &Path| {
        let _ = fs::remove_file(at);
        std::os::unix::fs::symlink(to, at).expect("a link");
    };
    let repo = Repo::new();
    repo.write("c0/rules", ".env\n")
        .write("exclude", "*.local\n");
    fs::write(user.join("dotfile"), "prod.env\n").expect("a file");
    fs::create_dir_all(user.join("git")).expect("a folder");
    link(&user.join("dotfile"), &user.join("git/ignore"));
    link(&repo.join("exclude"), &repo.join(".git/info/exclude"));
    link(&repo.join("c0/rules"), &repo.join("c0/.gitignore"));
    let paths: Vec<_> = paths_of("c0").collect();
    let found = compare(&repo, &Ignores::of_worktree(repo.repository()), &paths);
    assert_eq!(found, (0, 3));
}
