//! A file, changed: read again, held against what was scanned, written whole or not at all.
//!
//! Nothing is written through a symbolic link, nor into git's own folder, nor where the owner has said that nobody writes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use keyward::edit;
use keyward::facts::Format;
use keyward::model::{Edit, Fix, Joint, RelPath};

use crate::output::{self, New};

/// Longer texts are scanned in pieces, so that no edit is proposed for them; ignore files are shorter by far.
const LONGEST: u64 = Format::LONGEST as u64;
/// What stands in a report in place of a secret, in the name of a file too.
const MASK: char = '•';

/// A text with what becomes of it.
pub struct Text {
    file: PathBuf,
    /// What is there; nothing where no file is.
    pub before: Option<Vec<u8>>,
    /// What is to be there.
    pub after: Vec<u8>,
    /// Edits that overlap another: they wait for the next run.
    pub left: usize,
}

impl Text {
    /// What the `fixes` make of the file at `path` below `root`, each with the new value where it needs one.
    ///
    /// # Errors
    /// Why it is not to be changed, in words.
    pub fn new<'a>(
        root: &Path,
        path: &RelPath,
        fixes: impl Iterator<Item = (&'a Fix, Option<&'a String>)>,
    ) -> Result<Self, String> {
        let file = below(root, path)?;
        let before = read(&file)?;
        let bytes = before.as_deref().unwrap_or_default();
        let (mark, text) = bytes.split_at(edit::mark(bytes));
        let is = edit::digest(text);
        let (mut edits, mut lines) = (Vec::new(), Vec::new());
        for (fix, value) in fixes {
            let of = match fix {
                Fix::Append { lines: new, .. } => {
                    if new.iter().any(|line| line.contains(MASK)) {
                        return Err("the name of the file holds a secret: rename it".to_owned());
                    }
                    lines.extend(new.iter().cloned());
                    continue;
                }
                Fix::Edit { edits: new, of, .. } => {
                    edits.extend(new.iter().cloned());
                    *of
                }
                Fix::Generate { span, of, .. } => {
                    edits.push(Edit {
                        span: *span,
                        text: value.cloned().ok_or("there is no new value")?,
                        joint: Joint::default(),
                    });
                    *of
                }
                Fix::Untrack { .. } | Fix::Restrict { .. } | Fix::Rename { .. } => continue,
            };
            if before.is_none() {
                return Err("it is not there any more".to_owned());
            }
            if of != is {
                return Err(
                    "it is not what was scanned: changed since, or in UTF-16; run it again"
                        .to_owned(),
                );
            }
        }
        let (text, left) = edit::change(text, &edits);
        let after = edit::append(&[mark, &text].concat(), &lines);
        Ok(Self {
            file,
            before,
            after,
            left,
        })
    }

    /// Its file, as it is told.
    pub fn name(&self) -> String {
        keyward::report::clean(&self.file.to_string_lossy())
    }

    /// Whether anything becomes of it.
    pub fn is_change(&self) -> bool {
        self.before.as_deref().unwrap_or_default() != self.after
    }

    /// Writes it beside the file, ready to take over.
    ///
    /// # Errors
    /// Why it cannot be written, in words.
    pub fn prepared(&self) -> Result<New, String> {
        if read(&self.file)? != self.before {
            return Err("it was changed meanwhile: run it again".to_owned());
        }
        New::write(&self.file, |out| out.write_all(&self.after)).map_err(|e| lower(&e))
    }

    /// Makes the file again what it was before the new text took it over.
    ///
    /// # Errors
    /// Why it is not, in words.
    pub fn put_back(&self) -> Result<(), String> {
        if read(&self.file)?.as_ref() != Some(&self.after) {
            return Err("it was changed meanwhile".to_owned());
        }
        match &self.before {
            None => fs::remove_file(&self.file),
            Some(before) => output::store(&self.file, |out| out.write_all(before)),
        }
        .map_err(|e| lower(&e))
    }
}

/// The file at `path` below `root`, which is there.
///
/// # Errors
/// Why it is not to be changed, in words.
pub fn found(root: &Path, path: &RelPath) -> Result<PathBuf, String> {
    let file = below(root, path)?;
    match fs::symlink_metadata(&file) {
        Ok(there) if there.is_file() => Ok(file),
        Ok(_) => Err("it is no regular file".to_owned()),
        Err(error) => Err(lower(&error)),
    }
}

/// Gives the file these permissions; where there are none of the kind nothing proposes it.
///
/// # Errors
/// What the system says.
pub fn restrict(file: &Path, mode: u32) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).map_err(|e| lower(&e))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, mode);
        Err("there are no such permissions on this system".to_owned())
    }
}

/// What is in a file that may be changed; nothing where none is there.
fn read(file: &Path) -> Result<Option<Vec<u8>>, String> {
    let there = match fs::symlink_metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        there => there.map_err(|e| lower(&e))?,
    };
    if !there.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if there.len() > LONGEST {
        return Err(format!("it is longer than {} MiB", LONGEST >> 20));
    }
    if there.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    fs::read(file).map(Some).map_err(|e| lower(&e))
}

/// Where `path` is below `root`, with no symbolic link on the way.
fn below(root: &Path, path: &RelPath) -> Result<PathBuf, String> {
    let mut file = root.to_owned();
    let mut parts = path.as_bytes().split(|&b| b == b'/').peekable();
    while let Some(part) = parts.next() {
        let odd = part.is_empty() || part == b"." || part == b"..";
        if odd || part.eq_ignore_ascii_case(b".git") || !is_plain(part) {
            return Err("it is no file of the tree".to_owned());
        }
        file.push(word(part));
        let last = parts.peek().is_none();
        match fs::symlink_metadata(&file) {
            Ok(there) if there.is_symlink() => {
                return Err("it is, or lies behind, a symbolic link".to_owned());
            }
            Ok(_) => {}
            Err(error) if last && error.kind() == ErrorKind::NotFound => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err("its folder is not there".to_owned());
            }
            Err(error) => return Err(lower(&error)),
        }
    }
    Ok(file)
}

/// What the system says, as part of a sentence.
pub fn lower(error: &std::io::Error) -> String {
    error.to_string().to_lowercase()
}

/// Whether a part of a path means nothing else to the system.
#[cfg(unix)]
fn is_plain(part: &[u8]) -> bool {
    !part.contains(&0)
}

#[cfg(not(unix))]
fn is_plain(part: &[u8]) -> bool {
    !part.iter().any(|b| matches!(b, 0 | b'\\' | b':'))
}

#[cfg(unix)]
fn word(part: &[u8]) -> &std::ffi::OsStr {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(part)
}

#[cfg(not(unix))]
fn word(part: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(part).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyward::model::Span;

    fn edit_of(text: &str) -> Fix {
        Fix::Edit {
            path: RelPath::from("a.js"),
            edits: vec![Edit {
                span: Span::new(0, 1),
                text: "X".to_owned(),
                joint: Joint::default(),
            }],
            of: edit::digest(text.as_bytes()),
        }
    }

    fn made(root: &Path, fix: &Fix) -> Result<Text, String> {
        Text::new(root, fix.path(), std::iter::once((fix, None)))
    }

    #[test]
    fn what_is_not_what_was_scanned_is_left() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("a.js");
        fs::write(&file, "\u{feff}abc").expect("it is ours");
        let text = made(dir.path(), &edit_of("abc")).expect("it is the same");
        assert_eq!(text.after, "\u{feff}Xbc".as_bytes());
        let reason = made(dir.path(), &edit_of("other")).err();
        assert!(reason.is_some_and(|r| r.starts_with("it is not what was scanned")));
        // Between the look and the writing.
        fs::write(&file, "later").expect("it is ours");
        let reason = text.prepared().expect_err("it was changed");
        assert!(reason.starts_with("it was changed meanwhile"), "{reason}");
        assert_eq!(fs::read(&file).expect("it is there"), b"later");
        fs::remove_file(&file).expect("it is ours");
        assert!(made(dir.path(), &edit_of("")).is_err());
    }

    #[test]
    fn no_file_outside_of_the_tree_is_one_of_it() {
        let dir = tempfile::tempdir().expect("a folder");
        for path in ["../a", "/etc/passwd", ".git/config", "a/.GIT/x", "a//b", ""] {
            assert!(below(dir.path(), &RelPath::from(path)).is_err(), "{path}");
        }
        assert!(below(dir.path(), &RelPath::from("no/such")).is_err());
        assert!(below(dir.path(), &RelPath::from("new")).is_ok());
    }

    #[test]
    fn a_line_that_a_report_had_to_mask_is_not_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let fix = Fix::Append {
            path: RelPath::from(".gitignore"),
            lines: vec!["ghp_••••••••.env".to_owned()],
        };
        assert!(made(dir.path(), &fix).is_err());
    }
}
