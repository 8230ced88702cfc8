//! A tree in a temporary folder, and what a source sees in it.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use keyward::git::{Discover, Repository};
use keyward::model::{Item, NoticeKind, RelPath};
use keyward::source::{Source, Staged, Worktree};

pub struct Repo {
    dir: tempfile::TempDir,
}

impl Repo {
    /// An empty folder.
    pub fn plain() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A repository with no commit.
    pub fn new() -> Self {
        let repo = Self::plain();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// A clone as over a network, which can leave things behind.
    pub fn cloned(whole: &Self, options: &[&str]) -> Self {
        let repo = Self::plain();
        let from = format!("file://{}", whole.path().display());
        repo.git(&[&["clone", "--quiet"], options, &[&from, "."]].concat());
        repo
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn join(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.join(path);
        fs::create_dir_all(path.parent().expect("in the folder")).expect("folders");
        fs::write(path, text).expect("a file");
        self
    }

    pub fn git(&self, args: &[&str]) -> String {
        git_in(self.path(), args)
    }

    pub fn commit(&self) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "--message=x"]);
        self
    }

    /// Has git import a stream of commits.
    pub fn import(&self, stream: &str) {
        let mut git = git_command(self.path(), &["fast-import", "--quiet", "--force"]);
        let mut child = git.stdin(Stdio::piped()).spawn().expect("git runs");
        let mut to = child.stdin.take().expect("a pipe");
        to.write_all(stream.as_bytes()).expect("it reads");
        drop(to);
        assert!(child.wait().expect("it ends").success(), "{stream}");
    }

    /// Adds another repository as `sub`, and no file of settings beside it.
    pub fn submodule(&self, inner: &Self) {
        let url = inner.path().to_string_lossy();
        self.git(&["submodule", "--quiet", "add", &url, "sub"]);
        self.git(&["rm", "--quiet", "--force", ".gitmodules"]);
    }

    /// Takes the file of an object away; gives its id.
    pub fn lose(&self, name: &str) -> String {
        let id = self.git(&["rev-parse", name]);
        let file = format!(".git/objects/{}/{}", &id[..2], &id[2..]);
        fs::remove_file(self.join(&file)).expect("a loose object");
        id
    }

    pub fn repository(&self) -> Arc<Repository> {
        self.repository_with(&Discover::default())
    }

    pub fn repository_with(&self, how: &Discover) -> Arc<Repository> {
        let found = Repository::discover(self.path(), how).expect("usable");
        Arc::new(found.expect("a repository"))
    }

    pub fn worktree(&self) -> Worktree {
        Worktree::new(self.path().to_owned(), None)
    }

    pub fn staged(&self) -> Staged {
        Staged {
            repository: self.repository(),
            paths: Vec::new(),
            exclude: Box::new(|_| false),
        }
    }
}

/// Numbers that look random and are the same in each run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }
}

/// Runs git apart from the machine's configuration.
pub fn git_in(folder: &Path, args: &[&str]) -> String {
    let out = git_command(folder, args).output().expect("git runs");
    assert!(out.status.success(), "git {args:?}: {}", text(&out));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

pub fn git_command(folder: &Path, args: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .args(["-c", "user.name=t", "-c", "user.email=t@localhost"])
        .args(["-c", "protocol.file.allow=always"])
        .args(args);
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    git
}

pub fn text(out: &Output) -> String {
    String::from_utf8_lossy(&[&out.stdout[..], &out.stderr[..]].concat()).into_owned()
}

/// What a source pushed, sorted.
#[derive(Debug, Default)]
pub struct Seen {
    /// `path = content`, with `local ` before it where it is, and `!` for the content that could not be read.
    pub blobs: Vec<String>,
    /// `kind path: message`.
    pub notices: Vec<String>,
    pub excluded: Vec<String>,
    pub complete: bool,
}

impl Seen {
    pub fn paths(&self) -> Vec<&str> {
        (self.blobs.iter())
            .map(|blob| blob.split(" = ").next().unwrap_or(blob))
            .collect()
    }
}

/// Pushes with one thread and with three, which must agree.
pub fn see(source: &dyn Source) -> Seen {
    let one = see_with(source, 1);
    let three = see_with(source, 3);
    assert_eq!(format!("{one:?}"), format!("{three:?}"));
    one
}

pub fn see_with(source: &dyn Source, jobs: usize) -> Seen {
    let seen = Mutex::new(Seen {
        complete: true,
        ..Seen::default()
    });
    source
        .push(jobs, &|item| {
            let mut line = String::new();
            if let Item::Blob(blob) = item {
                let mut blob = blob;
                let mut bytes = Vec::new();
                if blob.standing.is_ignored() {
                    line.push_str("local ");
                }
                let content = match blob.reader.read_to_end(&mut bytes) {
                    Ok(_) => String::from_utf8_lossy(&bytes).trim_end().to_owned(),
                    Err(_) => "!".to_owned(),
                };
                line = format!("{line}{} = {content}", blob.path);
                seen.lock().expect("no panic").blobs.push(line);
                return;
            }
            let mut seen = seen.lock().expect("no panic");
            match item {
                Item::Notice(notice) => {
                    seen.complete &= !notice.kind.incomplete();
                    seen.notices.push(format!("{} {notice}", notice.kind));
                }
                Item::Excluded(path) => seen.excluded.push(path.display()),
                Item::Blob(_) => {}
            }
        })
        .expect("a source that can be read");
    let mut seen = seen.into_inner().expect("no panic");
    seen.blobs.sort();
    seen.notices.sort();
    seen.excluded.sort();
    seen
}

pub fn globs(globs: &[&str]) -> keyward::source::Exclude {
    let mut set = globset::GlobSetBuilder::new();
    for glob in globs {
        set.add(globset::Glob::new(glob).expect("a glob"));
    }
    let set = set.build().expect("a set");
    Box::new(move |path| set.is_match_candidate(&globset::Candidate::from_bytes(path)))
}

pub fn is_env(path: &RelPath) -> bool {
    path.name().starts_with(b".env")
}

/// How many notices have this kind.
pub fn count(seen: &Seen, kind: NoticeKind) -> usize {
    let start = format!("{kind} ");
    (seen.notices.iter())
        .filter(|n| n.starts_with(&start))
        .count()
}
