//! From findings to what is to be done, one task a file.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use keyward::model::{Fix, Identity, Place, RelPath, Report};
use keyward::scan::Plan;

use super::Changed;
use super::file::{self, Text};
use super::rename;

/// Bytes of a new secret, as the checks on signing keys advise.
const NEW: usize = 32;

/// The kind of what changes a text; it comes before all others.
const TEXT: u8 = 0;

/// Something to do.
pub struct Task {
    /// The file.
    pub path: RelPath,
    /// The checks that propose it.
    pub checks: BTreeSet<String>,
    /// It loses nothing, and nobody else notices.
    pub safe: bool,
    /// What it is, or why it cannot be done.
    pub job: Result<Job, String>,
    /// It is a text that is to be changed, also where that cannot be.
    pub is_text: bool,
    /// The same as a command, where one does it.
    pub command: Option<String>,
    /// Variables that get a new value.
    pub renewed: BTreeSet<String>,
    /// Variables that get another name, as `OLD -> NEW`.
    pub renamed: BTreeSet<String>,
    /// Ignore files that it needs lines in: what git forgets and does not ignore, it takes again.
    pub needs: BTreeSet<RelPath>,
}

/// What is to be done to a file.
pub enum Job {
    /// Its text is changed.
    Text(Text),
    /// The index forgets it.
    Untrack,
    /// Others may not read it any more.
    Restrict(PathBuf, u32),
}

impl Job {
    /// The kind of change.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Untrack => "index",
            Self::Restrict(..) => "mode",
        }
    }
}

impl Task {
    /// The kind of change: a file may need several.
    pub fn word(&self) -> &'static str {
        match &self.job {
            Ok(Job::Text(_)) if !self.renewed.is_empty() => "secret",
            job => job.as_ref().map_or("", Job::word),
        }
    }
}

/// What is done in one go: kind, file, and whether it is done with what is safe.
type Key = (u8, RelPath, bool);

/// All that the findings of a report propose, by file.
pub struct Tasks {
    groups: BTreeMap<Key, Group>,
    /// One new secret for each old one, wherever that stands.
    values: HashMap<Identity, String>,
}

#[derive(Default)]
struct Group {
    checks: BTreeSet<String>,
    fixes: Vec<(Fix, Identity)>,
    renamed: BTreeSet<String>,
    needs: BTreeSet<RelPath>,
    /// One of them is unsafe.
    risky: bool,
    /// Why it cannot be done.
    refused: Option<String>,
}

impl Tasks {
    /// What the reported findings propose and `wanted` says yes to, told whether it is safe; all of one file `together`, or what is safe
    /// by itself.
    pub fn of(
        plan: &Plan,
        report: &Report,
        together: bool,
        wanted: impl Fn(bool) -> bool,
    ) -> Result<Self> {
        let mut tasks = Self {
            groups: BTreeMap::new(),
            values: HashMap::new(),
        };
        let old = Old::of(report);
        let mut renames = BTreeMap::new();
        for finding in &report.findings {
            for place in &finding.places {
                for fix in &place.fixes {
                    let Some(safe) = old.allows(fix, place).filter(|&safe| wanted(safe)) else {
                        continue;
                    };
                    let id = &finding.check.id;
                    match fix {
                        Fix::Rename { path, from, to } => {
                            let name = (from.clone(), to.clone());
                            renames.entry(name).or_insert((path.clone(), id.clone()));
                            continue;
                        }
                        Fix::Generate { .. } => tasks.renew(place.identity)?,
                        _ => {}
                    }
                    let group = tasks.group(fix, together || safe);
                    group.add(id, fix.clone(), place.identity);
                    group.risky |= !safe;
                    if matches!(fix, Fix::Untrack { .. }) {
                        let lines = |fix: &&Fix| matches!(fix, Fix::Append { .. });
                        let needed = place.fixes.iter().filter(lines);
                        group.needs.extend(needed.map(|fix| fix.path().clone()));
                    }
                }
            }
        }
        if !renames.is_empty() {
            tasks.rename(plan, renames, together)?;
        }
        Ok(tasks)
    }

    fn group(&mut self, fix: &Fix, together: bool) -> &mut Group {
        let order = match fix {
            Fix::Untrack { .. } => 1,
            Fix::Restrict { .. } => 2,
            _ => TEXT,
        };
        let key = (order, fix.path().clone(), together);
        self.groups.entry(key).or_default()
    }

    /// Adds renames: all edits of each, or why there are none.
    fn rename(
        &mut self,
        plan: &Plan,
        renames: BTreeMap<rename::Name, (RelPath, String)>,
        together: bool,
    ) -> Result<()> {
        let names: Vec<_> = renames.keys().cloned().collect();
        let edits = rename::edits(plan, &names)?;
        for (((from, to), (path, id)), edits) in renames.into_iter().zip(edits) {
            let what = format!("{from} -> {to}");
            match edits {
                Ok(fixes) => {
                    for fix in fixes {
                        let group = self.group(&fix, together);
                        group.renamed.insert(what.clone());
                        group.add(&id, fix, Identity(0));
                        group.risky = true;
                    }
                }
                Err(reason) => {
                    let group = self.groups.entry((3, path, false)).or_default();
                    group.checks.insert(id);
                    group.risky = true;
                    let refused = group.refused.get_or_insert_default();
                    *refused += if refused.is_empty() { "" } else { "; " };
                    *refused += &format!("{what}: {reason}");
                }
            }
        }
        Ok(())
    }

    fn renew(&mut self, old: Identity) -> Result<()> {
        if let Entry::Vacant(entry) = self.values.entry(old) {
            let mut bytes = [0; NEW];
            getrandom::fill(&mut bytes)
                .context("the operating system gives no randomness, so no secret was made")?;
            entry.insert(data_encoding::HEXLOWER.encode(&bytes));
        }
        Ok(())
    }

    /// The tasks, with what they come to in the tree at `root`; those left out that change nothing, or that were `made` before.
    pub fn prepared(self, root: &Path, made: &BTreeSet<Changed>) -> Vec<Task> {
        let Self { groups, values } = self;
        let tasks = groups
            .into_iter()
            .map(|((kind, path, _), group)| group.task(kind, path, root, &values));
        tasks
            .filter(|task| match &task.job {
                // What is put in may bring the next fault of the kind; a value is made once.
                Ok(Job::Text(text)) if task.renewed.is_empty() => text.is_change(),
                Ok(_) => !made.contains(&(task.path.clone(), task.word())),
                Err(_) => true,
            })
            .collect()
    }
}

impl Group {
    fn add(&mut self, id: &str, fix: Fix, old: Identity) {
        self.checks.insert(id.to_owned());
        let fix = (fix, old);
        if !self.fixes.contains(&fix) {
            self.fixes.push(fix);
        }
    }

    fn task(
        self,
        kind: u8,
        path: RelPath,
        root: &Path,
        values: &HashMap<Identity, String>,
    ) -> Task {
        let job = match &self.fixes[..] {
            _ if self.refused.is_some() => Err(self.refused.unwrap_or_default()),
            [(Fix::Untrack { .. }, _), ..] => Ok(Job::Untrack),
            [(Fix::Restrict { mode, .. }, _), ..] => {
                file::found(root, &path).map(|file| Job::Restrict(file, *mode))
            }
            fixes => {
                let with = fixes.iter().map(|(fix, old)| (fix, values.get(old)));
                Text::new(root, &path, with).map(Job::Text)
            }
        };
        let renewed = self.fixes.iter().filter_map(|(fix, _)| match fix {
            Fix::Generate { name, .. } => Some(name.clone()),
            _ => None,
        });
        let command = match &self.fixes[..] {
            [(fix @ (Fix::Untrack { .. } | Fix::Restrict { .. }), _), ..] => fix.command(),
            _ => None,
        };
        Task {
            renewed: renewed.collect(),
            renamed: self.renamed,
            needs: self.needs,
            checks: self.checks,
            path,
            safe: !self.risky,
            job,
            is_text: kind == TEXT,
            command,
        }
    }
}

/// Where the values stand that would be replaced.
struct Old {
    places: HashMap<Identity, Places>,
}

/// Where one value stands, by file and line.
#[derive(Default)]
struct Places {
    /// Those that a new one can be put in.
    can: BTreeSet<(RelPath, usize)>,
    all: BTreeSet<(RelPath, usize)>,
}

impl Old {
    fn of(report: &Report) -> Self {
        let mut places: HashMap<_, Places> = HashMap::new();
        let findings = report.findings.iter().chain(&report.suppressed);
        for place in findings.flat_map(|finding| &finding.places) {
            let Places { can, all } = places.entry(place.identity).or_default();
            let at = (place.path.clone(), place.line);
            if place
                .fixes
                .iter()
                .any(|fix| matches!(fix, Fix::Generate { .. }))
            {
                can.insert(at.clone());
            }
            all.insert(at);
        }
        Self { places }
    }

    /// Whether a fix can be made at a place, and is safe there. Two programs that share a key must go on sharing it: it is renewed at all
    /// its places or at none, and that is for people to decide.
    fn allows(&self, fix: &Fix, place: &Place) -> Option<bool> {
        if !matches!(fix, Fix::Generate { .. }) {
            return Some(fix.is_safe());
        }
        let Places { can, all } = self.places.get(&place.identity)?;
        (can == all).then(|| fix.is_safe() && all.len() == 1)
    }
}
