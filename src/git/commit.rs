//! Commits as their bytes say: what they stand on, who made them, when, and what they say of it.
//!
//! Takes the bytes of a commit, gives plain data. The bytes are hostile: nothing is demanded of them but a tree in the first line, and what
//! a name or a message holds is given as it is, control characters too. Checks no signature.

use std::fmt;

use git2::{ObjectType, Oid};
use jiff::Timestamp;
use jiff::tz::Offset;
use memchr::memmem;

use super::{Repository, error};
use crate::model::Result;

/// What a walk over commits needs of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Links {
    /// Its tree.
    pub(super) tree: Oid,
    /// The commits before it.
    pub(super) parents: Vec<Oid>,
    /// When it was committed, in seconds since 1970; 0 where it does not say.
    pub(super) time: i64,
}

/// A commit as a report tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitHead {
    /// The commits before it.
    pub parents: Vec<Oid>,
    /// Who made the change, and when.
    pub author: Person,
    /// Who made the commit, and when.
    pub committer: Person,
    /// What it says, in the bytes that it was given.
    pub message: Vec<u8>,
}

/// A tag with a message of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagHead {
    /// What it names; a tag of a tag names another tag.
    pub object: Option<Oid>,
    /// Who made it, and when.
    pub tagger: Person,
    /// What it says, its signature with it.
    pub message: Vec<u8>,
}

/// Who did something, and when. A commit that names nobody has empty words here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name; bytes that are not UTF-8 as U+FFFD.
    pub name: String,
    /// The mail address, in the same way.
    pub mail: String,
    /// When; `None` where it says no time.
    pub date: Option<Moment>,
}

/// A time with the clock that it was read from. Shown as RFC 3339 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes that the clock was ahead of UTC.
    pub offset: i32,
}

impl Repository {
    /// What a commit says.
    ///
    /// # Errors
    /// It is missing, corrupt or no commit.
    pub fn commit(&self, oid: Oid) -> Result<CommitHead> {
        let bytes = self.object(oid, ObjectType::Commit)?;
        CommitHead::parse(&bytes).ok_or_else(|| malformed(oid))
    }

    /// What a tag says; `None` where the object is none.
    ///
    /// # Errors
    /// It is missing or corrupt.
    pub fn tag(&self, oid: Oid) -> Result<Option<TagHead>> {
        let (kind, bytes) = self.any(oid)?;
        Ok((kind == ObjectType::Tag).then(|| TagHead::parse(&bytes)))
    }

    /// What a commit stands on.
    pub(super) fn links(&self, oid: Oid) -> Result<Links> {
        let bytes = self.object(oid, ObjectType::Commit)?;
        Links::parse(&bytes).ok_or_else(|| malformed(oid))
    }
}

fn malformed(oid: Oid) -> crate::model::Error {
    error(
        format!("cannot read commit {oid}"),
        "it is not what git would write",
    )
}

impl Links {
    /// Reads a commit's first lines: `tree`, any number of `parent`, `author`, `committer`.
    pub(super) fn parse(commit: &[u8]) -> Option<Self> {
        let mut lines = head(commit);
        let tree = oid(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::new();
        let mut time = 0;
        for line in lines {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                parents.push(oid(parent)?);
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                time = Moment::parse(committer).map_or(0, |date| date.seconds);
                break;
            }
        }
        Some(Self {
            tree,
            parents,
            time,
        })
    }
}

impl CommitHead {
    /// Reads the bytes of a commit; `None` where they do not begin as a commit's do.
    pub fn parse(commit: &[u8]) -> Option<Self> {
        Some(Self {
            parents: Links::parse(commit)?.parents,
            author: person(commit, b"author "),
            committer: person(commit, b"committer "),
            message: message(commit).to_owned(),
        })
    }
}

impl TagHead {
    /// Reads the bytes of a tag; what they do not say is empty.
    pub fn parse(tag: &[u8]) -> Self {
        let object = head(tag).find_map(|line| line.strip_prefix(b"object "));
        Self {
            object: object.and_then(oid),
            tagger: person(tag, b"tagger "),
            message: message(tag).to_owned(),
        }
    }
}

/// What the bytes of a commit or a tag say behind their first lines.
pub fn message(object: &[u8]) -> &[u8] {
    let at = memmem::find(object, b"\n\n").map_or(object.len(), |at| at + 2);
    &object[at..]
}

/// Who has a part in a commit or a tag.
fn person(object: &[u8], role: &[u8]) -> Person {
    let line = head(object).find_map(|line| line.strip_prefix(role));
    line.map(Person::parse).unwrap_or_default()
}

impl Person {
    /// Reads `A U Thor <a@example.com> 1700000000 +0100`.
    fn parse(line: &[u8]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        let (name, behind) = split(line, b'<');
        let (mail, _) = split(behind, b'>');
        Self {
            name: text(name),
            mail: text(mail),
            date: Moment::parse(line),
        }
    }
}

impl Moment {
    /// Reads the two numbers behind the last `>`.
    fn parse(line: &[u8]) -> Option<Self> {
        let behind = line.rsplit(|&b| b == b'>').next()?;
        let mut words = std::str::from_utf8(behind).ok()?.split_ascii_whitespace();
        let seconds = words.next()?.parse().ok()?;
        let offset = words.next().and_then(|word| word.parse::<i32>().ok());
        let offset = offset.unwrap_or(0);
        Some(Self {
            seconds,
            offset: (offset / 100).saturating_mul(60) + offset % 100,
        })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset.checked_mul(60);
        let offset = offset.and_then(|seconds| Offset::from_seconds(seconds).ok());
        match Timestamp::from_second(self.seconds) {
            Ok(time) => time
                .display_with_offset(offset.unwrap_or(Offset::UTC))
                .fmt(f),
            // Beyond the year 9999, or before -9999.
            Err(_) => write!(f, "@{}", self.seconds),
        }
    }
}

/// The lines before the message.
fn head(commit: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = commit.split(|&b| b == b'\n');
    lines.take_while(|line| !line.is_empty())
}

/// What is before a byte and behind it; all and nothing where it is not there.
fn split(line: &[u8], at: u8) -> (&[u8], &[u8]) {
    match memchr::memchr(at, line) {
        Some(found) => (&line[..found], &line[found + 1..]),
        None => (line, &[]),
    }
}

/// An id in hexadecimal, whole.
pub(super) fn oid(hex: &[u8]) -> Option<Oid> {
    let hex = std::str::from_utf8(hex)
        .ok()
        .filter(|hex| hex.len() == 40)?;
    Oid::from_str(hex).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn commit(author: &str) -> CommitHead {
        let text = format!(
            "tree {:040}\nparent {:040}\nauthor {author}\ncommitter C <c> 7 +0000\ngpgsig -x\n \n author X <x> 1 +0000\n\nsubject\n\nauthor N <n>\n",
            1, 2
        );
        CommitHead::parse(text.as_bytes()).expect("a commit")
    }

    #[test]
    fn a_commit_is_read_up_to_its_message() {
        let head = commit("A U Thor <a@example.com> 1700000000 +0130");
        assert_eq!(head.author.name, "A U Thor");
        assert_eq!(head.author.mail, "a@example.com");
        let date = head.author.date.expect("a date");
        assert_eq!(date.to_string(), "2023-11-14T23:43:20+01:30");
        assert_eq!(head.committer.name, "C");
        assert_eq!(head.message, b"subject\n\nauthor N <n>\n");
        assert_eq!(head.parents.len(), 1);
    }

    #[test]
    fn odd_people_are_read_as_far_as_they_go() {
        let dates = [
            ("A <a> -5 -0330", "1969-12-31T20:29:55-03:30"),
            ("A <a> 1", "1970-01-01T00:00:01+00:00"),
            ("A <a> 1 +9999", "1970-01-01T00:00:01+00:00"),
            ("A <b> <a> 9999999999999 +0000", "@9999999999999"),
        ];
        for (line, date) in dates {
            let author = commit(line).author;
            assert_eq!(
                author.date.map(|date| date.to_string()).as_deref(),
                Some(date)
            );
            assert_eq!(author.name, "A");
        }
        for line in [
            "A <a>",
            "A <a> soon +0000",
            "A",
            "",
            "A <a> 99999999999999999999 +0000",
        ] {
            assert_eq!(commit(line).author.date, None, "{line}");
        }
        assert_eq!(commit("\u{1b}[1m <a").author.mail, "a");
    }

    proptest! {
        #[test]
        fn no_commit_makes_it_panic(mut bytes: Vec<u8>, author: String) {
            CommitHead::parse(&bytes);
            let _ = commit(&author).author.date.map(|date| date.to_string());
            let mut begun = format!("tree {:040}\nauthor ", 1).into_bytes();
            begun.append(&mut bytes);
            prop_assert!(CommitHead::parse(&begun).is_some() || begun.windows(8).any(|w| w == b"\nparent "));
        }
    }
}
