//! What can be done is done: texts first, then permissions and the index, so that an ignore line is there before the index forgets a file.
//!
//! Texts that belong together are all written beside their files before the first takes over, and where one of them cannot, those that
//! did are put back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use keyward::git::{Discover, Repository};
use keyward::model::RelPath;
use keyward::scan::Plan;

use super::Changed;
use super::file::{self, Text};
use super::work::{Job, Task};
use crate::output::New;
use crate::{say, world};

/// What came of changing.
#[derive(Default)]
pub struct Done {
    /// What was changed.
    pub changed: Vec<Changed>,
    /// What was not, and why.
    refused: BTreeMap<Changed, String>,
}

/// Refuses what needs lines in a file that is not changed. `stuck` are the files that were not, and become those that are not.
pub fn hold_back(tasks: &mut Vec<Task>, stuck: &mut BTreeSet<RelPath>) {
    // They were tried, and that was told.
    let is_stuck = |set: &Vec<&Task>| set.iter().any(|task| stuck.contains(&task.path));
    let tried: BTreeSet<RelPath> = sets(tasks)
        .into_iter()
        .filter(is_stuck)
        .flatten()
        .map(|task| task.path.clone())
        .collect();
    tasks.retain(|task| !(matches!(task.job, Ok(Job::Text(_))) && tried.contains(&task.path)));
    // A rename that cannot be made says nothing of what else is to be changed in the file.
    let refused = tasks
        .iter()
        .filter(|task| task.is_text && task.job.is_err());
    stuck.extend(refused.map(|task| task.path.clone()));
    for task in tasks {
        if task.job.is_ok()
            && let Err(reason) = ready(task, stuck)
        {
            task.job = Err(reason);
        }
    }
}

/// Whether the lines that a task needs can be there.
fn ready(task: &Task, stuck: &BTreeSet<RelPath>) -> Result<(), String> {
    match task.needs.intersection(stuck).next() {
        None => Ok(()),
        Some(file) => Err(format!(
            "the lines that {file} needs for it cannot be written, and without them git would take it again"
        )),
    }
}

/// Does what can be done. Files whose text could not be changed become `stuck`.
pub fn apply(plan: &Plan, tasks: &[Task], stuck: &mut BTreeSet<RelPath>) -> Done {
    let mut done = Done::default();
    for set in sets(tasks) {
        let result = change(&set);
        let why = result.as_ref().err();
        for (at, task) in set.iter().enumerate() {
            match why {
                None => done.changed.push((task.path.clone(), task.word())),
                Some(fault) => {
                    stuck.insert(task.path.clone());
                    done.fail(task, fault.of(at));
                }
            }
        }
    }
    let mut untrack = Vec::new();
    for task in tasks {
        let result = match &task.job {
            Ok(Job::Text(_)) => continue,
            Err(_) if !task.renamed.is_empty() => continue,
            Err(reason) => Err(reason.clone()),
            Ok(Job::Untrack) => match ready(task, stuck) {
                Ok(()) => {
                    untrack.push(task.path.clone());
                    continue;
                }
                late => late,
            },
            Ok(Job::Restrict(file, mode)) => file::restrict(file, *mode),
        };
        match result {
            Ok(()) => done.changed.push((task.path.clone(), task.word())),
            Err(reason) => done.fail(task, &reason),
        }
    }
    if !untrack.is_empty() {
        let all = |path: RelPath| (path, Job::Untrack.word());
        match untracked(plan, &untrack) {
            Ok(()) => done.changed.extend(untrack.into_iter().map(all)),
            Err(error) => {
                let told = world::told(&error);
                let reason = told.lines().next().unwrap_or_default();
                let all = untrack.into_iter().map(all);
                done.refused
                    .extend(all.map(|what| (what, reason.to_owned())));
                say(&told);
            }
        }
    }
    done
}

impl Done {
    /// Whether something was not changed.
    pub fn has_failed(&self) -> bool {
        !self.refused.is_empty()
    }

    /// Says of tasks that could be done and then were not why that is.
    pub fn mark(&self, tasks: &mut [Task]) {
        for task in tasks.iter_mut().filter(|task| task.job.is_ok()) {
            let what = (task.path.clone(), task.word());
            if let Some(reason) = self.refused.get(&what) {
                task.job = Err(reason.clone());
            }
        }
    }

    fn fail(&mut self, task: &Task, reason: &str) {
        say(&format!("{}: not changed: {reason}", task.path));
        let what = (task.path.clone(), task.word());
        self.refused.insert(what, reason.to_owned());
    }
}

/// The texts that are changed together or not at all: those that a rename joins, and each of the others.
fn sets(tasks: &[Task]) -> Vec<Vec<&Task>> {
    let mut alone = Vec::new();
    let mut joined: Vec<(BTreeSet<&String>, Vec<&Task>)> = Vec::new();
    for task in tasks {
        let mut names: BTreeSet<&String> = task.renamed.iter().collect();
        if names.is_empty() {
            if matches!(task.job, Ok(Job::Text(_))) {
                alone.push(vec![task]);
            }
            continue;
        }
        let mut set = vec![task];
        joined.retain_mut(|(known, tasks)| {
            let is_other = known.is_disjoint(&names);
            if !is_other {
                names.append(known);
                set.splice(..0, tasks.drain(..));
            }
            is_other
        });
        joined.push((names, set));
    }
    alone.extend(joined.into_iter().map(|(_, set)| set));
    alone
}

/// Why nothing of a set was changed.
struct Fault {
    /// The one that could not be.
    at: usize,
    reason: String,
}

impl Fault {
    /// What is to be said of one of the set.
    fn of(&self, at: usize) -> &str {
        if at == self.at {
            return &self.reason;
        }
        "a variable is called otherwise in all files or in none"
    }
}

/// Changes all texts of a set, or none of them.
fn change(set: &[&Task]) -> Result<(), Fault> {
    let mut ready = Vec::with_capacity(set.len());
    for (at, task) in set.iter().enumerate() {
        let new = match &task.job {
            Ok(Job::Text(text)) => text.prepared().map(|new| (text, new)),
            Ok(_) => continue,
            Err(reason) => Err(reason.clone()),
        };
        ready.push(new.map_err(|reason| Fault { at, reason })?);
    }
    take_over(ready)
}

/// Has all new texts take over their files; where one cannot, those that have are put back.
fn take_over(ready: Vec<(&Text, New)>) -> Result<(), Fault> {
    let mut taken: Vec<&Text> = Vec::with_capacity(ready.len());
    for (at, (text, new)) in ready.into_iter().enumerate() {
        let Err(error) = new.take_over() else {
            taken.push(text);
            continue;
        };
        let mut reason = file::lower(&error);
        for text in taken {
            if let Err(other) = text.put_back() {
                reason += &format!(
                    "; {} was changed already and could not be put back: {other}",
                    text.name()
                );
            }
        }
        return Err(Fault { at, reason });
    }
    Ok(())
}

fn untracked(plan: &Plan, paths: &[RelPath]) -> Result<()> {
    let repository = Repository::discover(plan.root(), &Discover::default())?;
    let taken = repository.map_or(Ok(0), |repository| repository.untrack(paths))?;
    // The name of a file that holds a secret is masked, and no file is called so.
    if taken != paths.len() {
        bail!(
            "{taken} of {} files were taken out of the index\n  hint: a name that holds a secret is not known here: `git rm --cached` by hand",
            paths.len()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use keyward::model::Fix;

    #[test]
    fn what_took_over_is_put_back_where_another_cannot() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("a"), "one\n").expect("it is ours");
        let texts = ["a", "b", "c"].map(|name| {
            let fix = Fix::Append {
                path: RelPath::from(name),
                lines: vec!["two".to_owned()],
            };
            let fixes = std::iter::once((&fix, None));
            Text::new(dir.path(), fix.path(), fixes).expect("it can be changed")
        });
        let ready: Vec<_> = texts
            .iter()
            .map(|text| (text, text.prepared().expect("it is written")))
            .collect();
        // What stands there now cannot be taken over.
        fs::create_dir(dir.path().join("c")).expect("it is ours");
        let fault = take_over(ready).expect_err("a folder");
        assert_eq!(fault.at, 2, "{}", fault.reason);
        assert_eq!(
            fs::read(dir.path().join("a")).expect("it is there"),
            b"one\n"
        );
        let left = fs::read_dir(dir.path()).expect("a folder").count();
        assert_eq!(left, 2, "the file and the folder");
    }
}
