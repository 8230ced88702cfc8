//! Credentials in what commits and tags say.
//!
//! A message is prose: what is told is what a vendor's format gives away, not what a name before a value does. It is no file; its place has
//! the path `commit:` with the beginning of the commit's id, or `tag:` with the tag's name, and [`Origin::Message`]. Notes are files of a
//! history of their own, `refs/notes/*`, and are read as such.

use std::collections::{HashMap, HashSet};

use git2::Oid;

use super::{is_remote, told};
use crate::classify::Setting;
use crate::git::history::History;
use crate::git::{Repository, TagHead, message};
use crate::model::{Commit, Hit, Notice, NoticeKind, Origin, Past, Place, RelPath, Span, Standing};
use crate::rules::{Document, Ruleset, Scratch};
use crate::scan::{MOST_PLACES, Plan, document};
use crate::text::Syntax;

/// Tags of tags: git itself makes one level.
const TAGS: usize = 16;
/// What the name of a reference begins with that is a tag.
const TAG: &str = "refs/tags/";

/// Looks at commits as they are read: to read them all again for their messages would cost as much.
pub(super) struct Watch<'a> {
    reader: Reader<'a>,
    /// The commits whose messages hold something.
    met: HashSet<Oid>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            reader: Reader::new(plan),
            met: HashSet::new(),
        }
    }

    /// Looks at a commit.
    pub(super) fn see(&mut self, oid: Oid, commit: &[u8]) {
        if self.reader.may_hold_one(message(commit)) {
            self.met.insert(oid);
        }
    }
}

/// Adds to `places` what the messages of all commits and tags of `history` hold, whose commits `watch` has seen. Gives what was not told.
pub(super) fn audit(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    watch: &Watch<'_>,
    places: &mut Vec<Place>,
) -> Vec<Notice> {
    let mut found = of_commits(plan, repository, history, watch);
    found.sort_unstable_by_key(|(commit, place)| (*commit, place.line, place.column));
    let mut notices = Vec::new();
    if found.len() > MOST_PLACES {
        let message = format!(
            "messages of commits hold more than {MOST_PLACES} credentials: the rest is not told"
        );
        notices.push(Notice::new(NoticeKind::Unreadable, message));
        found.truncate(MOST_PLACES);
    }
    let mut commits: Vec<u32> = found.iter().map(|(commit, _)| *commit).collect();
    commits.dedup();
    let holders = history.holders(&commits);
    let names = |holders: Vec<usize>| -> Vec<String> {
        let names = holders.into_iter().map(|i| &history.references[i].name);
        names.cloned().collect()
    };
    let holders: HashMap<u32, Vec<String>> = commits
        .iter()
        .copied()
        .zip(holders.into_iter().map(names))
        .collect();
    let in_head = if commits.is_empty() {
        Vec::new()
    } else {
        before_head(repository, history)
    };
    for (commit, mut place) in found {
        let head = told::head(repository, history.commits[commit as usize].oid);
        let references = holders.get(&commit).cloned().unwrap_or_default();
        place.past = Some(past(head, in_head[commit as usize], references));
        places.push(place);
    }
    of_tags(plan, repository, history, places);
    notices
}

/// What the messages of these commits hold, all of which HEAD or what is compared with it has.
pub(in crate::scan) fn of_range(
    plan: &Plan,
    repository: &Repository,
    commits: &[Oid],
) -> Vec<Place> {
    let mut places = Vec::new();
    let mut reader = Reader::new(plan);
    for &oid in commits {
        // A commit of a range was read to find it.
        let Ok(head) = repository.commit(oid) else {
            continue;
        };
        for mut place in reader.places(&path_of(oid), &head.message) {
            place.past = Some(past(told::head(repository, oid), true, Vec::new()));
            places.push(place);
        }
    }
    places
}

fn past(commit: Commit, in_head: bool, mut references: Vec<String>) -> Box<Past> {
    let pushed = references.iter().any(|name| is_remote(name));
    let held_by = references.len();
    references.truncate(Past::MOST);
    Box::new(Past {
        first: commit.clone(),
        last: commit,
        in_head,
        pushed,
        held_by,
        references,
    })
}

/// How a commit's message is named.
fn path_of(commit: Oid) -> RelPath {
    let id = commit.to_string();
    RelPath::from(format!("commit:{}", &id[..12]).as_str())
}

/// Which commits HEAD stands on, itself among them.
fn before_head(repository: &Repository, history: &History) -> Vec<bool> {
    let head = repository.head().ok().flatten();
    let mut held: Vec<bool> = history
        .commits
        .iter()
        .map(|commit| Some(commit.oid) == head)
        .collect();
    // Parents stand before their children.
    for at in (0..held.len()).rev().filter(|_| head.is_some()) {
        if held[at] {
            for &parent in &history.commits[at].parents {
                held[parent as usize] = true;
            }
        }
    }
    held
}

/// Places in messages, each with its commit.
fn of_commits(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    watch: &Watch<'_>,
) -> Vec<(u32, Place)> {
    let mut reader = Reader::new(plan);
    let mut found = Vec::new();
    for (at, commit) in (0..).zip(&history.commits) {
        // What cannot be read was told when the history was.
        if watch.met.contains(&commit.oid)
            && let Ok(head) = repository.commit(commit.oid)
        {
            let places = reader.places(&path_of(commit.oid), &head.message);
            found.extend(places.into_iter().map(|place| (at, place)));
        }
    }
    found
}

/// Adds what the messages of tags hold.
fn of_tags(plan: &Plan, repository: &Repository, history: &History, places: &mut Vec<Place>) {
    let mut reader = Reader::new(plan);
    for reference in &history.references {
        let Some(name) = reference.name.strip_prefix(TAG) else {
            continue;
        };
        let path = RelPath::from(format!("tag:{name}").as_str());
        let mut at = Some(reference.oid);
        for _ in 0..TAGS {
            // What cannot be read was told as a reference.
            let tag = at.map(|oid| (oid, repository.tag(oid)));
            let Some((oid, Ok(Some(tag)))) = tag else {
                break;
            };
            for mut place in reader.places(&path, &tag.message) {
                let references = vec![reference.name.clone()];
                place.past = Some(past(tagged(oid, &tag), false, references));
                places.push(place);
            }
            at = tag.object;
        }
    }
}

/// A tag, as a report tells of a commit.
fn tagged(oid: Oid, tag: &TagHead) -> Commit {
    Commit {
        id: oid.to_string(),
        author: tag.tagger.name.clone(),
        date: tag
            .tagger
            .date
            .map(|date| date.to_string())
            .unwrap_or_default(),
    }
}

/// A message is prose: what names what is no concern.
fn by_format(hit: &Hit) -> bool {
    !hit.by_name
}

/// Reads messages.
struct Reader<'a> {
    plan: &'a Plan,
    /// Of any message.
    path: RelPath,
    rules: &'a Ruleset,
    scratch: Scratch,
}

impl<'a> Reader<'a> {
    fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            path: path_of(Oid::ZERO_SHA1),
            rules: &plan.rules,
            scratch: Scratch::default(),
        }
    }

    /// Whether a message holds something. Nearly none does.
    fn may_hold_one(&mut self, message: &[u8]) -> bool {
        let document = Document {
            path: &self.path,
            syntax: Syntax::Prose,
            text: message,
            beginning: message,
            whole: true,
            setting: &Setting::new(&self.path, Standing::Tracked),
        };
        let all = Span::new(0, message.len());
        let part = self.rules.credentials_at(&document, all, &mut self.scratch);
        part.hits.iter().any(by_format)
    }

    /// What a message holds.
    fn places(&mut self, path: &RelPath, message: &[u8]) -> Vec<Place> {
        if !self.may_hold_one(message) {
            return Vec::new();
        }
        document::credentials(self.plan, path, Origin::Message, &mut &*message, by_format).places
    }
}
