//! What is found in a history, under which path and of which commit.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use data_encoding::{BASE64, HEXLOWER};

use super::*;
use crate::generated::random::Random;
use crate::tree::git;

#[test]
fn a_secret_that_was_removed_is_told_with_its_commit_and_who_has_it() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    leak(&tree, "a.js", 1);
    tree.git(&["add", "--all"]);
    tree.git(&[
        "-c",
        "user.name=Ann Author",
        "commit",
        "-qm",
        "leak",
        "--date=2021-03-04T10:00:00+0100",
    ]);
    let first = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    tree.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    tree.file("a.js", "const t = process.env.T;\n");
    commit(&tree, "mend");
    let run = scan(&tree, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    let place = &report["findings"][0]["places"][0];
    assert_eq!(place["path"], "a.js");
    assert_eq!(place["line"], 1);
    assert_eq!(place["origin"], "history");
    assert_eq!(place["commit"]["id"], first.as_str());
    assert_eq!(place["commit"]["author"], "Ann Author");
    assert_eq!(place["commit"]["date"], "2021-03-04T10:00:00+01:00");
    assert_eq!(place["lastCommit"]["id"], first.as_str());
    assert_eq!(place["inHead"], false);
    assert_eq!(
        place["refs"],
        serde_json::json!(["refs/heads/main", "refs/remotes/origin/main"])
    );
    assert_eq!(place["pushed"], true);
    assert!(!run.stdout.contains(&token(1)), "{}", run.stdout);
    let text = tree.keyward(&["scan"]).stdout;
    for said in [
        "not in HEAD",
        "Ann Author",
        "2021-03-04",
        "pushed",
        "git filter-repo",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_a_host_keeps_of_a_pull_request_is_pushed() {
    let (tree, first, _) = removed();
    let pushed = || scan(&tree, &[]).json()["findings"][0]["places"][0]["pushed"].clone();
    assert_eq!(pushed(), false);
    tree.git(&["update-ref", "refs/pull/7/head", &first]);
    assert_eq!(pushed(), true);
}

#[test]
fn a_secret_that_is_still_there_is_one_place_and_knows_its_commit() {
    let tree = Tree::repository();
    leak(&tree, "a.js", 1);
    let first = commit(&tree, "leak");
    tree.bytes(
        "a.js",
        format!("// more\nconst t = '{}';\n", token(1)).as_bytes(),
    );
    commit(&tree, "edit");
    assert_eq!(
        told(&scan(&tree, &[])),
        [format!("a.js:2 worktree true {}", seven(&first))]
    );
}

#[test]
fn a_renamed_file_and_a_second_path_are_places_of_one_finding() {
    let tree = Tree::repository();
    leak(&tree, "a.js", 1);
    let first = commit(&tree, "leak");
    tree.git(&["mv", "a.js", "b.js"]);
    let second = commit(&tree, "rename");
    let run = scan(&tree, &[]);
    assert_eq!(run.json()["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        told(&run),
        [
            format!("a.js:1 history false {}", seven(&first)),
            format!("b.js:1 worktree true {}", seven(&second)),
        ]
    );
    leak(&tree, "c.js", 1);
    tree.git(&["rm", "-q", "b.js"]);
    commit(&tree, "move by hand");
    tree.git(&["rm", "-q", "c.js"]);
    commit(&tree, "away");
    let run = scan(&tree, &[]);
    assert_eq!(run.json()["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(told(&run).len(), 3, "{:?}", told(&run));
}

#[test]
fn every_reference_is_read() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    // Another branch.
    tree.git(&["checkout", "-qb", "other"]);
    leak(&tree, "branch.js", 1);
    commit(&tree, "on a branch");
    // A tag that no branch reaches.
    tree.git(&["checkout", "-q", "--detach", "main"]);
    leak(&tree, "tag.js", 2);
    commit(&tree, "under a tag");
    tree.git(&["tag", "v1"]);
    tree.git(&["checkout", "-q", "main"]);
    // Two stashes: of the older one only the log knows.
    leak(&tree, "README", 3);
    tree.git(&["stash", "push", "-q"]);
    leak(&tree, "README", 4);
    tree.git(&["stash", "push", "-q"]);
    // A note.
    tree.git(&["notes", "add", "-m", &format!("key {}", token(5))]);
    let report = scan(&tree, &[]).json();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let place = &finding["places"][0];
            let path = place["path"].as_str().expect("a path");
            let path = if path.len() == 40 { "NOTE" } else { path };
            format!("{path} {}", place["refs"])
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            r#"NOTE ["refs/notes/commits"]"#,
            r#"README ["refs/stash"]"#,
            r#"README ["stash@{1}"]"#,
            r#"branch.js ["refs/heads/other"]"#,
            r#"tag.js ["refs/tags/v1"]"#,
        ]
    );
}

#[test]
fn what_only_a_merge_brings_is_found_in_the_history_and_in_a_range() {
    let tree = Tree::repository();
    tree.file("a.js", "let a;\n");
    let base = commit(&tree, "begin");
    tree.git(&["checkout", "-qb", "side"]);
    tree.file("b.js", "let b;\n");
    commit(&tree, "side");
    tree.git(&["checkout", "-q", "main"]);
    tree.file("c.js", "let c;\n");
    commit(&tree, "main");
    tree.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    leak(&tree, "a.js", 1);
    let merge = commit(&tree, "merge");
    tree.file("a.js", "let a;\n");
    commit(&tree, "mend");
    let expected = [format!("a.js:1 history false {}", seven(&merge))];
    assert_eq!(told(&scan(&tree, &[])), expected);
    assert_eq!(told(&scan(&tree, &["--since", &base])), expected);
    assert_eq!(told(&scan(&tree, &["--range", "main~1..main"])).len(), 0);
}

#[test]
fn a_key_that_an_edit_completes_is_found() {
    let tree = Tree::repository();
    let pem = expand("<<pem:RSA PRIVATE KEY>>\n");
    let lines: Vec<&str> = pem.lines().collect();
    let (head, tail) = lines.split_at(lines.len() / 2);
    let pad = "some text that stays as it is\n".repeat(40);
    let write = |lines: &[&str]| {
        let text = format!("{pad}{}\n{pad}", lines.join("\n"));
        tree.bytes("notes.txt", text.as_bytes());
    };
    write(head);
    commit(&tree, "half of it");
    write(&[head, tail].concat());
    let whole = commit(&tree, "the rest");
    write(&["gone"]);
    commit(&tree, "mend");
    tree.git(&["gc", "-q", "--aggressive"]);
    for engine in ["deltas", "plain"] {
        let run = scan(&tree, &["--history-engine", engine]);
        let told = told(&run);
        let key = format!("notes.txt:41 history false {}", seven(&whole));
        assert!(told.contains(&key), "{engine}: {told:?}");
    }
}

#[test]
fn files_whose_lines_mean_little_by_themselves_are_read_as_a_whole() {
    let tree = Tree::repository();
    let pad = "  comment: nothing to see here\n"
        .repeat(30)
        .replace("comment", "c");
    let yaml = |port: u32, last: &str| format!("db:\n  port: {port}\n{last}rest:\n{pad}");
    tree.file("config/app.yml", &yaml(1, ""));
    tree.file("package.json", "{\"name\": \"x\"}\n");
    commit(&tree, "begin");
    tree.file("config/app.yml", &yaml(2, "  password: <<an20>>\n"));
    tree.file(
        "package.json",
        "{\"name\": \"x\",\n \"config\": {\n  \"password\":\n   \"<<an24>>\"\n }}\n",
    );
    let leak = commit(&tree, "leak");
    tree.file("config/app.yml", &yaml(3, ""));
    tree.file("package.json", "{\"name\": \"x\"}\n");
    commit(&tree, "mend");
    tree.git(&["gc", "-q", "--aggressive"]);
    let leak = seven(&leak);
    assert_eq!(
        told(&scan(&tree, &[])),
        [
            format!("config/app.yml:3 history false {leak}"),
            format!("package.json:4 history false {leak}"),
        ]
    );
}

#[test]
fn an_environment_file_that_was_removed_and_ignored_still_shows_its_secrets() {
    let tree = Tree::repository();
    tree.bytes(".env", format!("GITHUB_TOKEN={}\n", token(1)).as_bytes());
    let first = commit(&tree, "leak");
    tree.git(&["rm", "-q", ".env"]);
    tree.file(".gitignore", ".env\n");
    commit(&tree, "mend");
    assert_eq!(
        told(&scan(&tree, &[])),
        [format!(".env:1 history false {}", seven(&first))]
    );
}

#[test]
fn a_mark_in_the_tree_covers_what_older_versions_of_the_place_hold() {
    let tree = Tree::repository();
    leak(&tree, "a.js", 1);
    commit(&tree, "leak");
    assert_eq!(scan(&tree, &[]).code, 1);
    let mark = ["keyward", "allow github-pat-classic a test of ours"].join(":");
    let text = format!("// {mark}\nconst t = '{}';\n", token(1));
    tree.bytes("a.js", text.as_bytes());
    commit(&tree, "accept");
    let run = scan(&tree, &[]);
    assert_eq!((run.code, told(&run)), (0, vec![]));
}

#[test]
fn allow_entries_and_the_baseline_work_on_places_of_the_history() {
    let (tree, ..) = removed();
    let run = tree.keyward(&["baseline", "write"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = scan(&tree, &[]);
    assert_eq!((run.code, told(&run)), (0, vec![]), "{}", run.stdout);
    std::fs::remove_file(tree.path().join(".keyward-baseline")).expect("it was written");
    assert_eq!(scan(&tree, &[]).code, 1);
    tree.file(
        "keyward.toml",
        "[[allow]]\nids = [\"github-pat-classic\"]\npaths = [\"a.js\"]\nreason = \"revoked\"\n",
    );
    let run = scan(&tree, &[]);
    assert_eq!((run.code, told(&run)), (0, vec![]), "{}", run.stdout);
    assert_eq!(run.json()["suppressed"], 1);
}

#[test]
fn messages_of_commits_and_tags_are_read_for_what_vendors_mark() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    let said = format!(
        "deploy\n\nwith {}\npassword: {}\n",
        token(1),
        expand("<<an20>>")
    );
    let first = commit(&tree, &said);
    tree.git(&["tag", "-am", &format!("release with {}", token(2)), "v1"]);
    let expected = [
        format!("commit:{}:3 message true {}", &first[..12], seven(&first)),
        format!(
            "tag:v1:1 message false {}",
            seven(&tree.git(&["rev-parse", "v1"]))
        ),
    ];
    assert_eq!(told(&scan(&tree, &[])), expected);
    tree.git(&["gc", "-q"]);
    assert_eq!(told(&scan(&tree, &[])), expected);
    assert_eq!(told(&scan(&tree, &["--since", "HEAD~1"])), expected[..1]);
    let text = tree.keyward(&["scan"]).stdout;
    assert!(text.contains("reword that commit"), "{text}");
    let sarif = tree.keyward(&["scan", "--format", "sarif"]).stdout;
    assert!(sarif.contains("\"uri\": \"commit%3A"), "{sarif}");
}

/// A credential that is wrapped, or one of the lines that a longer text is wrapped in.
fn wrapped(dice: &mut Random) -> String {
    let token = token(dice.below(30));
    let plain = format!("host = db\nport = 5432\ntoken = {token}\nuser = app\n").repeat(2);
    let lines = BASE64.encode(plain.as_bytes());
    let lines: Vec<&[u8]> = lines.as_bytes().chunks(76).collect();
    match dice.below(5) {
        0 => format!("a = {}", BASE64.encode(token.as_bytes())),
        1 => format!("b = {}", HEXLOWER.encode(token.as_bytes())),
        2 => format!("c = x%20y&t={}", token.replace('_', "%5F")),
        3 => String::from_utf8_lossy(&lines.join(&b'\n')).into_owned(),
        _ => String::from_utf8_lossy(lines[dice.below(lines.len())]).into_owned(),
    }
}

/// A line of a file: mostly nothing, now and then a credential or half of one.
fn line(dice: &mut Random, path: &str) -> String {
    let secret = expand(&format!("{:03} <<an24>>", dice.below(40)))[4..].to_owned();
    let number = dice.below(1000);
    match (dice.below(12), path.rsplit('.').next().unwrap_or_default()) {
        (0, _) => format!("# {}", token(dice.below(30))),
        (1, "yml") => format!("password: {secret}"),
        (1, "json") => format!(" \"password\": \"{secret}\","),
        (1, "sh") => format!("export DB_PASSWORD={secret} \\"),
        (1, "tf") => format!("  password = \"{secret}\""),
        (1, _) => format!("password = \"{secret}\""),
        (2, _) => expand("<<pem:RSA PRIVATE KEY>>"),
        (3, _) => format!("postgres://shop:{secret}@db.internal:54{number}/shop"),
        (4, "yml") => format!("section{number}:"),
        (4, _) => format!("Authorization: Bearer {secret}"),
        (5, _) => wrapped(dice),
        _ => format!("line {number} of no concern = {}", number * 7),
    }
}

#[test]
fn what_deltas_add_tells_the_same_as_reading_every_version() {
    const FILES: &[&str] = &[
        "src/app.js",
        "src/app.py",
        "config/app.yml",
        "config/app.json",
        "deploy.sh",
        "main.tf",
        "app.properties",
        "notes.txt",
        "deep/copy.yml",
    ];
    let tree = Tree::repository();
    let mut dice = Random::new(7);
    let mut files: Vec<Vec<String>> = FILES
        .iter()
        .map(|path| (0..40).map(|_| line(&mut dice, path)).collect())
        .collect();
    let mut import = String::new();
    for at in 0..120 {
        let _ = writeln!(
            import,
            "commit refs/heads/main\ncommitter A <a@localhost> {} +0000\ndata 1\nx",
            1_500_000_000 + at * 60
        );
        for _ in 0..1 + dice.below(2) {
            let file = dice.below(FILES.len());
            let lines = &mut files[file];
            for _ in 0..1 + dice.below(3) {
                let to = dice.below(lines.len());
                match dice.below(5) {
                    0 | 1 => lines.insert(to, line(&mut dice, FILES[file])),
                    2 if lines.len() > 20 => drop(lines.remove(to)),
                    3 => lines[to] = line(&mut dice, FILES[file]),
                    // Lines move, a whole and cut in the middle.
                    _ => {
                        let moved = lines.remove(to);
                        lines.insert(dice.below(lines.len()), moved);
                    }
                }
            }
            let text = files[file].join("\n") + "\n";
            let _ = writeln!(
                import,
                "M 100644 inline {}\ndata {}\n{text}",
                FILES[file],
                text.len()
            );
        }
    }
    let mut command = git(tree.path(), &["fast-import", "--quiet"]);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("git runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(import.as_bytes()).expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    tree.git(&["reset", "-q", "--hard"]);
    tree.git(&["gc", "-q", "--aggressive"]);
    let report = |engine: &str| {
        let run = tree.keyward(&[
            "scan",
            "--format",
            "json",
            "--confidence",
            "low",
            "--history-only",
            "--history-engine",
            engine,
        ]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        run.stdout
    };
    let (plain, deltas) = (report("plain"), report("deltas"));
    let places = plain.matches("\"origin\": \"history\"").count();
    assert!(places > 60, "{places}");
    if plain != deltas {
        let differs = plain.lines().zip(deltas.lines()).find(|(a, b)| a != b);
        panic!("{differs:?}");
    }
}
