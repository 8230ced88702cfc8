//! Where what is written to a file goes: past links, and to what is no file.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, is_separator};

use anyhow::{Context, Result, bail};

/// Links on the way to one file, as many as Linux follows.
const MOST_LINKS: usize = 40;

/// What the name of a file leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// What stdout of this process is open to.
    Stdout,
    /// What stderr is.
    Stderr,
    /// What is there and is written on: a pipe, a device, what a process has open. It may be a file that others hold, or one without
    /// a name, and is never replaced.
    Open(PathBuf),
    /// A file, or the place for one, its name free of links.
    File(PathBuf),
}

impl Target {
    /// What the name leads to.
    ///
    /// # Errors
    /// Links that lead round, and a name that ends as those of folders do.
    pub fn of(file: &Path) -> io::Result<Self> {
        // Of which the names below know nothing.
        if file
            .as_os_str()
            .as_encoded_bytes()
            .last()
            .is_some_and(|&b| is_separator(char::from(b)))
        {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let file = resolve(file)?;
        Ok(match descriptor(&file) {
            Some(1) => Self::Stdout,
            Some(2) => Self::Stderr,
            _ if is_system(&file) => Self::Open(file),
            _ if fs::metadata(&file).is_ok_and(|there| !there.is_file()) => Self::Open(file),
            _ => Self::File(file),
        })
    }
}

/// The number by which this process knows what is open, where the name says one.
fn descriptor(file: &Path) -> Option<u32> {
    if file == Path::new("/dev/stdout") {
        return Some(1);
    }
    if file == Path::new("/dev/stderr") {
        return Some(2);
    }
    let own = format!("/proc/{}/fd", std::process::id());
    let folders = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd", &own];
    let folder = file.parent()?;
    let is_own = folders.iter().any(|own| folder == Path::new(own));
    file.file_name()?.to_str()?.parse().ok().filter(|_| is_own)
}

/// Whether it is the system's own, and no file of anybody's. `/dev/shm` is a folder for files.
fn is_system(file: &Path) -> bool {
    file.starts_with("/proc") || file.starts_with("/dev") && !file.starts_with("/dev/shm")
}

/// Whether a link is one by name alone: what it leads to is open, and need not lie where it says. Those of `/proc` itself lead to
/// the process that asks.
fn is_open(link: &Path) -> bool {
    link.parent().is_some_and(|folder| {
        folder == Path::new("/proc") || folder.starts_with("/proc") && folder.ends_with("fd")
    })
}

/// The whole name of a file without links and `..`; those that lead nowhere yet are followed as well.
///
/// # Errors
/// Links that lead round.
pub fn resolve(file: &Path) -> io::Result<PathBuf> {
    let file = follow(file, |_| ())?;
    if is_system(&file) {
        return Ok(file);
    }
    // In the letters that the folder has, where the file system takes capitals for small ones.
    let folder = file
        .parent()
        .and_then(|folder| fs::canonicalize(folder).ok());
    let name = file.file_name();
    Ok(folder
        .zip(name)
        .map(|(folder, name)| folder.join(name))
        .unwrap_or(file))
}

fn follow(file: &Path, mut met: impl FnMut(&Path)) -> io::Result<PathBuf> {
    let mut here = PathBuf::new();
    let mut left = parts(&std::path::absolute(file)?);
    let mut links = 0;
    while let Some(part) = left.pop_front() {
        if part == ".." {
            here.pop();
            continue;
        }
        here.push(part);
        if is_open(&here) {
            continue;
        }
        // What cannot be asked is told when it is written.
        if let Ok(to) = fs::read_link(&here) {
            met(&here);
            links += 1;
            if links > MOST_LINKS {
                return Err(io::Error::other("too many symbolic links on the way"));
            }
            here.pop();
            let mut parts = parts(&to);
            parts.append(&mut left);
            left = parts;
        }
    }
    Ok(here)
}

fn parts(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_owned())
        .collect()
}

/// That what is written goes to where the name of its file says, and not to where a link in the tree at `root` leads: whoever wrote
/// what is scanned would choose the file that is written. What lies above the tree, and what the system itself offers, is the user's
/// own.
///
/// # Errors
/// Such a link, with a hint.
pub fn check(root: &Path, file: &Path) -> Result<()> {
    let root = fs::canonicalize(root)?;
    let mut below = None;
    let is_below = |link: &Path| {
        let folder = link
            .parent()
            .and_then(|folder| fs::canonicalize(folder).ok());
        folder.is_some_and(|folder| folder.starts_with(&root))
    };
    let met = |link: &Path| {
        if below.is_none() && is_below(link) && !is_system(link) {
            below = Some(link.to_owned());
        }
    };
    follow(file, met).with_context(|| format!("cannot write {}", file.display()))?;
    if let Some(link) = below {
        bail!(
            "cannot write {}: {} is a symbolic link in the tree that is scanned, and would choose the file that is written\n  hint: name the file that is meant, or one outside of the tree",
            file.display(),
            link.display()
        );
    }
    Ok(())
}

/// The name of a file below `root`, past all links, where it is one.
///
/// # Errors
/// Links that lead round.
pub fn below(root: &Path, file: &Path) -> io::Result<Option<PathBuf>> {
    let file = resolve(file)?;
    Ok(file.strip_prefix(resolve(root)?).ok().map(Path::to_owned))
}
