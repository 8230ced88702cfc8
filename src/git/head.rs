//! Which commit HEAD is.

use std::fs;
use std::io::ErrorKind;

use git2::Oid;
use memchr::memmem;

use crate::model::Result;

use super::discover::{demand_file, small};
use super::{Repository, error};

/// Git follows no more symbolic references than this.
const HOPS: usize = 5;

impl Repository {
    /// The commit that HEAD names; `None` where its branch has no commit yet.
    ///
    /// # Errors
    /// HEAD or the reference behind it cannot be read, or says nothing that git would write.
    pub fn head(&self) -> Result<Option<Oid>> {
        match self.resolve("HEAD")? {
            None if self.reference("HEAD")?.is_none() => {
                Err(self.broken("HEAD", "it does not exist"))
            }
            found => Ok(found),
        }
    }

    /// The object that a reference leads to, through symbolic ones; `None` where it, or what it leads to, does not exist. The
    /// name is joined to a path: it must be one that [`is_reference`] lets through.
    pub(super) fn resolve(&self, name: &str) -> Result<Option<Oid>> {
        let mut at = name.to_owned();
        for _ in 0..=HOPS {
            let Some(value) = self.reference(&at)? else {
                return Ok(None);
            };
            match value.strip_prefix("ref:") {
                Some(target) => at = target.trim().to_owned(),
                None => {
                    // FETCH_HEAD goes on behind the id.
                    let id = value.split_ascii_whitespace().next().unwrap_or_default();
                    return match Oid::from_str(id) {
                        Ok(oid) if id.len() == 40 => Ok(Some(oid)),
                        _ => Err(self.broken(&at, "it names no commit")),
                    };
                }
            }
            if at == "refs/heads/.invalid" {
                return Err(self.broken(
                    &at,
                    "references are kept as a reftable, which is not supported\n  hint: \
                     `git refs migrate --ref-format=files` turns them into files",
                ));
            }
            if !at.starts_with("refs/") || !is_reference(&at) {
                return Err(self.broken(name, "it names no reference"));
            }
        }
        Err(self.broken(name, "it leads in a circle"))
    }

    /// What a reference says, its own file before the packed ones.
    fn reference(&self, name: &str) -> Result<Option<String>> {
        let folders = [self.git_dir(), self.common_dir()];
        for folder in &folders[..if folders[0] == folders[1] { 1 } else { 2 }] {
            match small(&folder.join(name)) {
                Ok(value) => {
                    return String::from_utf8(value.trim_ascii().to_owned())
                        .map(Some)
                        .map_err(|_| self.broken(name, "it is not text"));
                }
                Err(e) if is_absent(&e) || folder.join(name).is_dir() => {}
                Err(e) => return Err(self.broken(name, &e.to_string())),
            }
        }
        let packed = self.packed()?;
        Ok(memmem::find_iter(packed, name).find_map(|at| {
            let ends = matches!(packed.get(at + name.len()), None | Some(b'\n' | b'\r'));
            let id = packed.get(at.checked_sub(41)?..at)?.strip_suffix(b" ")?;
            let begins = at == 41 || packed[at - 42] == b'\n';
            (begins && ends).then(|| String::from_utf8_lossy(id).into_owned())
        }))
    }

    /// The bytes of `packed-refs`, read once.
    fn packed(&self) -> Result<&[u8]> {
        if let Some(packed) = self.packed.get() {
            return Ok(packed);
        }
        let file = self.common_dir().join("packed-refs");
        let packed = match demand_file(&file).and_then(|()| fs::read(file)) {
            Ok(packed) => packed,
            Err(e) if is_absent(&e) => Vec::new(),
            Err(e) => return Err(self.broken("packed-refs", &e.to_string())),
        };
        Ok(self.packed.get_or_init(|| packed))
    }

    fn broken(&self, name: &str, message: &str) -> crate::model::Error {
        error(
            format!("cannot read {name} of {}", self.git_dir().display()),
            message,
        )
    }
}

/// Whether git lets a reference have this name, as far as it matters for a name that is joined to a path.
pub(super) fn is_reference(name: &str) -> bool {
    let odd = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    !name.contains(odd)
        && name.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && !part.contains("..")
                && !part.ends_with(".lock")
        })
}

fn is_absent(e: &std::io::Error) -> bool {
    matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
