//! A tree in a temporary folder, and what a source sees in it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
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
