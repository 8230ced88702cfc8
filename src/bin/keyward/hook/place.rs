//! Where git takes the hooks of a repository from, and who else keeps them.
//!
//! `core.hooksPath` is asked of git itself, which knows all the files that it may stand in (includes, worktrees, the machine's). To read
//! the configuration runs nothing that stands in it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use keyward::git::Repository;

/// Names of lefthook's configuration, in the root and in `.config`, without and with a dot.
const LEFTHOOK: [&str; 5] = ["yml", "yaml", "toml", "json", "jsonc"];

/// The folder of a repository's hooks.
pub struct Folder {
    /// The folder; it may not exist.
    pub path: PathBuf,
    /// Whose it is.
    pub whose: Whose,
    /// core.hooksPath names it.
    is_configured: bool,
}

/// Whose folder the hooks are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The git directory's own, of all its worktrees.
    Git,
    /// In the work tree, by core.hooksPath.
    WorkTree,
    /// Somewhere else, by core.hooksPath.
    Elsewhere,
}

/// A program that writes the hooks itself.
pub enum Manager {
    /// husky, with the folder of its files.
    Husky(PathBuf),
    /// lefthook, with its configuration where it has one in the work tree.
    Lefthook(Option<PathBuf>),
}

impl Folder {
    /// The folder that git takes the repository's hooks from.
    pub fn of(repository: &Repository) -> Result<Self> {
        let Some(configured) = configured(repository)? else {
            return Ok(Self {
                path: repository.common_dir().join("hooks"),
                whose: Whose::Git,
                is_configured: false,
            });
        };
        if configured.as_os_str().is_empty() {
            bail!(
                "core.hooksPath is empty, so git runs no hooks\n  hint: git config --unset core.hooksPath"
            );
        }
        let path = repository.root().join(configured);
        if path.exists() && !path.is_dir() {
            bail!(
                "core.hooksPath is {}, which is no folder, so git runs no hooks\n  hint: git config --unset core.hooksPath",
                path.display()
            );
        }
        let real = path.ancestors().find_map(|above| {
            let rest = path.strip_prefix(above).ok()?;
            Some(fs::canonicalize(above).ok()?.join(rest))
        });
        let real = real.unwrap_or_else(|| path.clone());
        let inside = |folder: &Path| fs::canonicalize(folder).is_ok_and(|f| real.starts_with(f));
        let whose = if inside(repository.common_dir()) {
            Whose::Git
        } else if inside(repository.root()) {
            Whose::WorkTree
        } else {
            Whose::Elsewhere
        };
        Ok(Self {
            path,
            whose,
            is_configured: true,
        })
    }

    /// Who writes the hooks of this folder, or would with the next `npm install`, where it is not git's user.
    pub fn manager(&self, repository: &Repository) -> Option<Manager> {
        let ends = |end: &str| self.path.ends_with(end);
        if ends(".husky/_") {
            return self.path.parent().map(|f| Manager::Husky(f.to_owned()));
        }
        if ends(".husky") {
            return Some(Manager::Husky(self.path.clone()));
        }
        if repository.is_bare() {
            return None;
        }
        let husky = repository.root().join(".husky");
        if husky.is_dir() && !self.is_configured {
            return Some(Manager::Husky(husky));
        }
        let starts = ["lefthook", ".lefthook", ".config/lefthook"];
        let mut files = starts
            .iter()
            .flat_map(|start| LEFTHOOK.map(|end| repository.root().join(format!("{start}.{end}"))));
        if let Some(file) = files.find(|file| file.is_file()) {
            return Some(Manager::Lefthook(Some(file)));
        }
        let hook = fs::read(self.path.join("pre-commit")).unwrap_or_default();
        let calls = hook.windows(8).any(|word| word == b"lefthook");
        calls.then_some(Manager::Lefthook(None))
    }
}

/// What core.hooksPath says, with `~` expanded.
fn configured(repository: &Repository) -> Result<Option<PathBuf>> {
    let mut git_dir = OsString::from("--git-dir=");
    git_dir.push(repository.git_dir());
    let out = Command::new("git")
        .arg(git_dir)
        .args(["config", "-z", "--type=path", "--get", "core.hooksPath"])
        .current_dir(repository.root())
        .output()
        .context(
            "cannot ask git for core.hooksPath\n  hint: git has to be in PATH to install hooks",
        )?;
    match out.status.code() {
        Some(0) => {}
        // It is set nowhere.
        Some(1) => return Ok(None),
        _ => bail!(
            "git cannot read its configuration: {}",
            String::from_utf8_lossy(&out.stderr).trim()
        ),
    }
    let path = out.stdout.strip_suffix(b"\0").unwrap_or(&out.stdout);
    Ok(Some(path_of(path)))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
