//! Names of commits, as people and build servers write them.
//!
//! Takes what `git rev-parse` takes: an id or the beginning of one, a reference by any of its short names, what `git describe` prints, and
//! behind it `~N`, `^N`, `^{commit}`. Gives the commit's id. Does not read logs of references (`main@{yesterday}`), the configuration
//! (`@{upstream}`) or messages (`:/fix`): whoever means such a commit is told to write its id.

use git2::{ErrorCode, ObjectType, Oid};

use super::commit::oid;
use super::head::is_reference;
use super::{Repository, error};
use crate::model::{Error, Result};

/// Where git looks for a short name, in its order.
const RULES: &[(&str, &str)] = &[
    ("", ""),
    ("refs/", ""),
    ("refs/tags/", ""),
    ("refs/heads/", ""),
    ("refs/remotes/", ""),
    ("refs/remotes/", "/HEAD"),
];
/// Tags of tags: git itself makes one level.
const TAGS: usize = 16;
/// The shortest beginning of an id that git takes.
const SHORTEST: usize = 4;
/// Names that are looked at for one that is near.
const NAMES: usize = 100_000;
/// How much a name has to be like another to be offered for it.
const NEAR: f64 = 0.6;
/// What to do about a clone without the commits that are asked for.
pub(super) const DEEPEN: &str = "the clone is shallow: set `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` on GitLab, or run `git fetch --unshallow`";

/// A step from one commit to another.
enum Step {
    /// `~N`: first parents, so many times.
    Back(u32),
    /// `^N`: the parent of this number, from 1; the commit itself for 0.
    Parent(usize),
}

impl Repository {
    /// The commit that a name means. References go before beginnings of ids, as they do for git.
    ///
    /// # Errors
    /// Nothing has this name, more than one commit has, or it means no commit; the hint says what to write.
    pub fn revision(&self, name: &str) -> Result<Oid> {
        let base = name.find(['^', '~']).unwrap_or(name.len());
        let base = name.find("@{").unwrap_or(base).min(base);
        let (base, steps) = (&name[..base], steps(name, &name[base..])?);
        let mut commit = self.peeled(name, self.meant(base)?)?;
        let shallow = self.shallow();
        for step in steps {
            let (times, parent) = match step {
                Step::Parent(0) => continue,
                Step::Parent(number) => (1, number - 1),
                Step::Back(times) => (times, 0),
            };
            for _ in 0..times {
                let cut = shallow.contains(&commit);
                let parents = if cut {
                    Vec::new()
                } else {
                    self.links(commit)?.parents
                };
                commit = *parents.get(parent).ok_or_else(|| Error::Usage {
                    message: format!(
                        "no commit is called `{name}`: {commit} has no parent {}",
                        parent + 1
                    ),
                    hint: if cut { DEEPEN } else { "go back less far" }.to_owned(),
                })?;
            }
        }
        Ok(commit)
    }

    /// The commit that an object is, or that it leads to as a tag.
    ///
    /// # Errors
    /// It is not here, cannot be read, or leads to no commit.
    pub fn commit_behind(&self, oid: Oid) -> Result<Oid> {
        if self.objects()?.exists(oid) {
            self.peeled(&oid.to_string(), oid)
        } else {
            Err(self.absent(oid))
        }
    }

    /// The object that a name without suffixes means.
    fn meant(&self, name: &str) -> Result<Oid> {
        if let Some(oid) = oid(name.as_bytes()) {
            let here = !oid.is_zero() && self.objects()?.exists(oid);
            return if here { Ok(oid) } else { Err(self.absent(oid)) };
        }
        if name == "@" {
            return self.meant("HEAD");
        }
        for (before, behind) in RULES {
            let name = format!("{before}{name}{behind}");
            // Beside the references git keeps heads in capitals, and files that are no references at all.
            let root = || name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
            if is_reference(&name)
                && (name.starts_with("refs/") || root())
                && let Some(oid) = self.resolve(&name)?
            {
                return Ok(oid);
            }
        }
        let described = name.rfind("-g").map(|at| &name[at + 2..]);
        for hex in described.into_iter().chain([name]) {
            if let Some(oid) = self.begun(hex)? {
                return Ok(oid);
            }
        }
        Err(self.unknown(name))
    }

    /// The object whose id begins so. Where several do, the one among them that is a commit or a tag.
    fn begun(&self, hex: &str) -> Result<Option<Oid>> {
        if hex.len() < SHORTEST || hex.len() > 40 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let hex = hex.to_ascii_lowercase();
        let what = |e: git2::Error| error(format!("cannot look for objects {hex}…"), e.message());
        let objects = self.objects()?;
        let start = Oid::from_str(&format!("{hex:0<40}")).map_err(what)?;
        match objects.exists_prefix(start, hex.len()) {
            Ok(oid) => return Ok(Some(oid)),
            Err(e) if e.code() == ErrorCode::NotFound => return Ok(None),
            Err(e) if e.code() == ErrorCode::Ambiguous => {}
            Err(e) => return Err(what(e)),
        }
        let mut all = Vec::new();
        let each = |oid: &Oid| {
            if oid.to_string().starts_with(&hex) {
                all.push(*oid);
            }
            true
        };
        objects.foreach(each).map_err(what)?;
        all.sort_unstable();
        all.dedup();
        let is_commit = |oid: &Oid| {
            let kind = self.any(*oid).map(|(kind, _)| kind);
            kind.is_ok_and(|kind| matches!(kind, ObjectType::Commit | ObjectType::Tag))
        };
        let commits: Vec<_> = all.iter().copied().filter(is_commit).collect();
        match &commits[..] {
            [one] => Ok(Some(*one)),
            [] => Err(no_commit(
                &hex,
                "the beginning of the ids of several objects",
            )),
            several => {
                let several: Vec<_> = several.iter().take(5).map(Oid::to_string).collect();
                Err(Error::Usage {
                    message: format!("`{hex}` is the beginning of more than one commit's id"),
                    hint: format!("write more of one of these: {}", several.join(", ")),
                })
            }
        }
    }

    /// The commit that an object is, or that it leads to as a tag.
    fn peeled(&self, name: &str, mut oid: Oid) -> Result<Oid> {
        for _ in 0..TAGS {
            match self.any(oid)? {
                (ObjectType::Commit, _) => return Ok(oid),
                (ObjectType::Tag, tag) => {
                    let hex = tag.strip_prefix(b"object ").and_then(|rest| rest.get(..40));
                    oid = hex.and_then(self::oid).ok_or_else(|| {
                        error(format!("cannot read tag {oid}"), "it names no object")
                    })?;
                }
                (kind, _) => return Err(no_commit(name, &format!("a {kind}"))),
            }
        }
        Err(no_commit(name, "a tag of too many tags"))
    }

    /// An id of an object that is not here.
    fn absent(&self, oid: Oid) -> Error {
        if oid.is_zero() {
            return Error::Usage {
                message: "an id of zeros names no commit".to_owned(),
                hint: "a push that makes a branch has nothing before it: name the branch that it started from, such as `origin/main`".to_owned(),
            };
        }
        Error::Usage {
            message: format!("commit {oid} is not in this repository"),
            hint: if self.shallow().is_empty() {
                format!("`git fetch origin {oid}` brings it if the server still has it")
            } else {
                DEEPEN.to_owned()
            },
        }
    }

    /// A name that nothing has.
    fn unknown(&self, name: &str) -> Error {
        let mut hints = Vec::new();
        let near = self.near(name);
        if !near.is_empty() {
            hints.push(format!("did you mean {}?", near.join(" or ")));
        }
        if !self.shallow().is_empty() {
            hints.push(DEEPEN.to_owned());
        }
        if hints.is_empty() {
            hints.push("`git branch --all` and `git tag` list the names; `git fetch` brings what the server has".to_owned());
        }
        let name = match name {
            "" => "a range needs a commit on one side at least".to_owned(),
            "HEAD" => "HEAD has no commit yet".to_owned(),
            _ => format!("no commit is called `{name}`"),
        };
        Error::Usage {
            message: name,
            hint: hints.join("; "),
        }
    }

    /// Up to three names that are like this one, the nearest first.
    fn near(&self, name: &str) -> Vec<String> {
        let (references, _) = self.references().unwrap_or_default();
        let short = references.iter().filter_map(|reference| {
            ["refs/heads/", "refs/tags/", "refs/remotes/"]
                .iter()
                .find_map(|start| reference.name.strip_prefix(start))
        });
        let mut near: Vec<_> = short
            .take(NAMES)
            .map(|known| {
                let end = known.rsplit('/').next().unwrap_or(known);
                let like = if end == name {
                    1.0
                } else {
                    strsim::normalized_damerau_levenshtein(known, name)
                };
                (like, known)
            })
            .filter(|(like, _)| *like >= NEAR)
            .collect();
        // References are listed by name, so that branches stay before those of remotes.
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.dedup();
        near.iter()
            .take(3)
            .map(|(_, name)| format!("`{name}`"))
            .collect()
    }
}

/// Reads what follows a name.
fn steps(name: &str, mut suffix: &str) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    while !suffix.is_empty() {
        if let Some(rest) = ["^{commit}", "^{}"]
            .iter()
            .find_map(|peel| suffix.strip_prefix(peel))
        {
            suffix = rest;
            continue;
        }
        let Some(rest) = suffix.strip_prefix(['^', '~']) else {
            return Err(not_understood(name));
        };
        let back = suffix.starts_with('~');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = match &rest[..digits] {
            "" => Some(1),
            digits => digits.parse::<u32>().ok(),
        };
        suffix = &rest[digits..];
        let goes_on = suffix.is_empty() || suffix.starts_with(['^', '~']);
        steps.push(match number {
            Some(times) if goes_on && back => Step::Back(times),
            Some(number) if goes_on => Step::Parent(number as usize),
            _ => return Err(not_understood(name)),
        });
    }
    Ok(steps)
}

/// A name that only git itself can make sense of.
fn not_understood(name: &str) -> Error {
    let upstream = ["@{u}", "@{upstream}", "@{push}"];
    let hint = if upstream.iter().any(|end| name.contains(end)) {
        "which branch that is stands in the configuration, which is not read: name the branch itself, such as `origin/main`".to_owned()
    } else {
        format!("write the id that `git rev-parse '{name}'` prints")
    };
    Error::Usage {
        message: format!("`{name}` is not a name that keyward understands"),
        hint,
    }
}

fn no_commit(name: &str, what: &str) -> Error {
    Error::Usage {
        message: format!("`{name}` is {what}, not a commit"),
        hint: "name a commit, a branch or a tag of a commit".to_owned(),
    }
}
