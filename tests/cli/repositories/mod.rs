//! Repositories that are hostile, broken or merely odd, each with the exit code and the notice that its reader has to expect: 1 where a
//! credential was found, 2 where none was and something could not be read, and 0 for nothing but a whole and clean scan.

mod broken;
mod configured;
mod forged;
mod packs;
mod shaped;

use std::path::{Path, PathBuf};

use crate::tree::{Run, Tree, expand, formats, git};

/// What the history of [`leaky`] holds and no file does.
const GONE: &str = "github-pat-classic critical gone.txt:1";

/// A repository of two commits: the first brings a token, the second takes it away.
fn leaky() -> Tree {
    let tree = Tree::repository();
    leak(&tree);
    tree
}

/// Adds the two commits to a repository.
fn leak(tree: &Tree) {
    tree.file("gone.txt", "t = ghp_<<an36>>\n");
    tree.file("stays.txt", "one\n");
    commit(tree);
    std::fs::remove_file(tree.path().join("gone.txt")).expect("it is there");
    commit(tree);
}

fn commit(tree: &Tree) {
    tree.git(&["add", "--all"]);
    tree.git(&["commit", "-q", "--no-verify", "-m", "x"]);
}

/// Runs git with these bytes as its input, gives what it says.
fn feed(tree: &Tree, args: &[&str], bytes: &[u8]) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let mut command = git(tree.path(), args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("git runs");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(bytes).expect("git reads");
    drop(pipe);
    let out = child.wait_with_output().expect("git ends");
    assert!(out.status.success(), "git {args:?}");
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// Writes an object that git itself would not make.
fn object(tree: &Tree, kind: &str, bytes: &[u8]) -> String {
    let args = ["hash-object", "-w", "--literally", "--stdin", "-t", kind];
    feed(tree, &args, bytes)
}

/// The bytes of a tree's line.
fn entry(mode: &str, name: &[u8], id: &str) -> Vec<u8> {
    let id: Vec<u8> = (0..id.len() / 2)
        .map(|i| u8::from_str_radix(&id[2 * i..2 * i + 2], 16).expect("hexadecimal"))
        .collect();
    [mode.as_bytes(), b" ", name, b"\0", &id].concat()
}

/// The bytes of a commit of that tree.
fn commit_of(root: &str) -> Vec<u8> {
    format!(
        "tree {root}\nauthor a <a@b> 1700000000 +0000\ncommitter a <a@b> 1700000000 +0000\n\nx\n"
    )
    .into_bytes()
}

/// Makes `refs/heads/main` a commit of that tree.
fn main_is(tree: &Tree, root: &str) {
    let commit = object(tree, "commit", &commit_of(root));
    tree.bytes(".git/refs/heads/main", format!("{commit}\n").as_bytes());
}

/// A blob with a token, by its id.
fn token(tree: &Tree) -> String {
    object(tree, "blob", expand("t = ghp_<<an36>>\n").as_bytes())
}

/// The one file of `.git/objects/pack` with that ending, which may be written from now on.
fn packed(tree: &Tree, ending: &str) -> PathBuf {
    let folder = tree.path().join(".git/objects/pack");
    let mut files = files(&folder);
    files.retain(|file| file.extension().is_some_and(|e| e == ending));
    assert_eq!(files.len(), 1, "one pack: {files:?}");
    writable(&files[0]);
    files.remove(0)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

/// What git writes once is made read-only.
fn writable(file: &Path) {
    let mut mode = std::fs::metadata(file).expect("a file").permissions();
    #[allow(clippy::permissions_set_readonly_false)]
    mode.set_readonly(false);
    std::fs::set_permissions(file, mode).expect("it is ours");
}

fn loose(tree: &Tree, id: &str) -> PathBuf {
    let path = tree.path().join(".git/objects");
    let path = path.join(&id[..2]).join(&id[2..]);
    writable(&path);
    path
}

/// The whole scan, read back.
fn scan(tree: &Tree) -> Run {
    tree.keyward(&["scan", "--format", "json"])
}

/// `kind: message` of every notice.
fn notices(run: &Run) -> Vec<String> {
    let report = run.json();
    let notices = report["notices"].as_array().expect("notices").iter();
    let told = notices.map(|notice| {
        let word = |key: &str| notice[key].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", word("kind"), word("message"))
    });
    told.collect()
}

/// The run ended so, and told what begins with the one and goes on with the other.
#[track_caller]
fn assert_told(run: &Run, code: i32, kind: &str, message: &str) {
    assert_eq!(run.code, code, "{}\n{}", run.stdout, run.stderr);
    let notices = notices(run);
    let told =
        |notice: &String| notice.starts_with(&format!("{kind}: ")) && notice.contains(message);
    assert!(
        notices.iter().any(told),
        "{kind}: {message}\nin {notices:#?}"
    );
}

/// The run told of a gap: it ends with 1 where it found something all the same, and else with 2.
#[track_caller]
fn assert_gap(run: &Run, kind: &str, message: &str) {
    let code = if run.places().is_empty() { 2 } else { 1 };
    assert_told(run, code, kind, message);
    assert_eq!(run.json()["complete"], false, "{}", run.stdout);
}

/// The run found the token that history alone holds, read everything, and has nothing to tell.
#[track_caller]
fn assert_whole(run: &Run) {
    assert_eq!(run.code, 1, "{}\n{}", run.stdout, run.stderr);
    assert_eq!(notices(run), [""; 0], "{}", run.stdout);
    assert!(finds(run, GONE), "{:?}", run.places());
}

fn finds(run: &Run, place: &str) -> bool {
    run.places().iter().any(|found| found == place)
}
