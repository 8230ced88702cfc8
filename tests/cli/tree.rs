//! A tree to scan, and the program run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A temporary folder that is scanned.
pub struct Tree {
    dir: TempDir,
}

impl Tree {
    /// An empty folder, no repository.
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// An empty repository with no commit.
    pub fn repository() -> Self {
        let tree = Self::new();
        tree.git(&["init", "-q", "-b", "main"]);
        tree
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file; macros of rules/README.md are expanded in its text.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        self.bytes(name, expand(text).as_bytes())
    }

    pub fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders are made");
        std::fs::write(&path, bytes).expect("a file is written");
        path
    }

    /// Runs git with nobody's configuration.
    pub fn git(&self, args: &[&str]) -> String {
        let out = git(self.path(), args).output().expect("git runs");
        assert!(
            out.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// The program in this folder, nothing of the caller's environment about colour, dates or git in it.
    pub fn keyward(&self, args: &[&str]) -> Run {
        let mut command = keyward(self.path());
        command.args(args);
        Run::of(command.output().expect("keyward runs"))
    }
}

pub fn git(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    // Hooks that call keyward find the one that is tested.
    let own = Path::new(env!("CARGO_BIN_EXE_keyward")).parent();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.map(Path::to_owned).into_iter();
    let folders = folders.chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).expect("no colons"));
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
}

pub fn keyward(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
    command
        .current_dir(dir)
        .env("HOME", dir)
        .env("XDG_CONFIG_HOME", dir.join("no-such-folder"));
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "SOURCE_DATE_EPOCH",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_WORK_TREE",
    ] {
        command.env_remove(name);
    }
    command
}

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(out: Output) -> Self {
        Self {
            code: out.status.code().expect("it was not killed"),
            stdout: String::from_utf8(out.stdout).expect("reports are UTF-8"),
            stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
        }
    }

    /// The report, read back.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("{e} in {}\n{}", self.stdout, self.stderr))
    }

    /// `id severity path:line` of every place, as the report sorts them.
    pub fn places(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().expect("findings");
        let places = findings.iter().flat_map(|f| {
            let places = f["places"].as_array().expect("places");
            places.iter().map(move |p| {
                let (id, severity, path) = (text(&f["id"]), text(&f["severity"]), text(&p["path"]));
                format!("{id} {severity} {path}:{}", p["line"])
            })
        });
        places.collect()
    }
}

/// The words of all formats.
pub fn formats() -> impl Iterator<Item = &'static str> {
    keyward::report::Format::ALL.iter().map(|f| f.as_str())
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().expect("a string")
}

pub fn expand(text: &str) -> String {
    keyward::rules::examples::expand(text).expect("known macros")
}
