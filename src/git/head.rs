//! Which commit HEAD is.

use std::fs;
use std::io::ErrorKind;

use git2::Oid;

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
        let mut name = "HEAD".to_owned();
        for _ in 0..HOPS {
            let Some(value) = self.reference(&name)? else {
                return if name == "HEAD" {
                    Err(self.broken(&name, "it does not exist"))
                } else {
                    Ok(None)
                };
            };
            match value.strip_prefix("ref:") {
                Some(target) => name = target.trim().to_owned(),
                None => {
                    return match Oid::from_str(&value) {
                        Ok(oid) if value.len() == 40 => Ok(Some(oid)),
                        _ => Err(self.broken(&name, "it names no commit")),
                    };
                }
            }
            if name == "refs/heads/.invalid" {
                return Err(self.broken(
                    &name,
                    "references are kept as a reftable, which is not supported\n  hint: \
                     `git refs migrate --ref-format=files` turns them into files",
                ));
            }
            // A name is joined to a path: it must not climb out of the git directory.
            if !name.starts_with("refs/") || name.split('/').any(|part| part == "..") {
                return Err(self.broken("HEAD", "it names no reference"));
            }
        }
        Err(self.broken("HEAD", "it leads in a circle"))
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
        let packed = self.common_dir().join("packed-refs");
        let packed = match demand_file(&packed).and_then(|()| fs::read(packed)) {
            Ok(packed) => packed,
            Err(e) if is_absent(&e) => return Ok(None),
            Err(e) => return Err(self.broken("packed-refs", &e.to_string())),
        };
        Ok(packed
            .split(|&b| b == b'\n')
            .filter_map(|line| line.split_at_checked(40))
            .find(|(_, rest)| {
                rest.strip_prefix(b" ")
                    .is_some_and(|packed| packed.trim_ascii_end() == name.as_bytes())
            })
            .map(|(oid, _)| String::from_utf8_lossy(oid).into_owned()))
    }

    fn broken(&self, name: &str, message: &str) -> crate::model::Error {
        error(
            format!("cannot read {name} of {}", self.git_dir().display()),
            message,
        )
    }
}

fn is_absent(e: &std::io::Error) -> bool {
    matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
