//! Single checks that are set otherwise, held against the checks that exist.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{At, Config, nearest};
use crate::model::{Check, Error, Notice, NoticeKind, Result, Severity};

/// A `[checks.ID]`.
#[derive(Clone, Debug)]
pub struct Switch {
    /// The check.
    pub id: String,
    /// A nearer file can switch on again what a farther one switched off.
    pub(super) off: Option<bool>,
    pub(super) severity: Option<Severity>,
    /// Where it stands.
    pub at: At,
}

impl Switch {
    /// Whether the check is off.
    pub fn off(&self) -> bool {
        self.off == Some(true)
    }

    /// The check's severity, in place of its rules'.
    pub fn severity(&self) -> Option<Severity> {
        self.severity
    }

    pub(super) fn lay_over(&mut self, nearer: Self) {
        self.off = nearer.off.or(self.off);
        self.severity = nearer.severity.or(self.severity);
        self.at = nearer.at;
    }

    /// Whether nothing of the check is seen without being asked for.
    fn silences(&self) -> bool {
        self.off() || self.severity == Some(Severity::Info)
    }
}

impl Config {
    /// Holds every id that the files name against the checks that exist, and tells which of them are off. `own` are the checks
    /// that came with the files' own rules and their folders of packs.
    ///
    /// # Errors
    /// [`Error::Config`] for an id that names no check, and where not one of the `builtin` checks is left.
    pub fn settle(&self, builtin: &[Arc<Check>], own: &[Arc<Check>]) -> Result<Vec<Notice>> {
        let known: BTreeSet<&str> = builtin.iter().chain(own).flat_map(|c| ids(c)).collect();
        // A family is accepted as a whole, but not switched off as one: it may be all there is.
        let families = builtin.iter().chain(own).map(|c| c.family.as_str());
        let allowed: BTreeSet<&str> = known.iter().copied().chain(families).collect();
        for switch in &self.checks {
            exists(&switch.id, &known, &switch.at)?;
        }
        for allow in &self.allow {
            for id in &allow.ids {
                exists(id, &allowed, &allow.at)?;
                if allow.everywhere() {
                    single(id, builtin, &allow.at)?;
                }
            }
        }
        self.something_is_left(builtin)?;
        Ok(self.checks.iter().filter_map(notice).collect())
    }

    fn something_is_left(&self, builtin: &[Arc<Check>]) -> Result<()> {
        let silent = |check: &Check| {
            let of_check = |s: &&Switch| ids(check).any(|id| id == s.id);
            self.checks.iter().filter(of_check).any(Switch::silences)
        };
        let Some(last) = self.checks.iter().rfind(|s| s.silences()) else {
            return Ok(());
        };
        if builtin.is_empty() || !builtin.iter().all(|check| silent(check)) {
            return Ok(());
        }
        Err(Error::Config {
            file: last.at.file.clone(),
            line: last.at.line,
            message: "with this, every built-in check is off".to_owned(),
            hint: "switch off those that do not fit; to run your own rules alone, name them with --only".to_owned(),
        })
    }
}

/// A family accepted everywhere is most of what there is.
fn single(id: &str, builtin: &[Arc<Check>], at: &At) -> Result<()> {
    let members = builtin.iter().filter(|check| check.family == id).count();
    if members < 2 {
        return Ok(());
    }
    Err(Error::Config {
        file: at.file.clone(),
        line: at.line,
        message: format!(
            "`{id}` is a family: this [[allow]] would accept {members} checks everywhere"
        ),
        hint: "name the paths or fingerprints that are meant, or the checks one by one".to_owned(),
    })
}

fn ids(check: &Check) -> impl Iterator<Item = &str> {
    std::iter::once(check.id.as_str()).chain(check.was.iter().map(String::as_str))
}

fn exists(id: &str, known: &BTreeSet<&str>, at: &At) -> Result<()> {
    if known.contains(id) {
        return Ok(());
    }
    let hint = match nearest(id, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`keyward rules list` names all checks".to_owned(),
    };
    Err(Error::Config {
        file: at.file.clone(),
        line: at.line,
        message: format!("there is no check `{id}`"),
        hint,
    })
}

fn notice(switch: &Switch) -> Option<Notice> {
    let id = &switch.id;
    let message = match (switch.off, switch.severity) {
        (Some(true), _) => format!("check `{id}` is off"),
        (_, Some(Severity::Info)) => {
            format!("check `{id}` is reported as info, which is shown with --pedantic only")
        }
        _ => return None,
    };
    Some(switch.at.notice(NoticeKind::SwitchedOff, &message))
}
