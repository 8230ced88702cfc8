//! What is taken over from other scanners, in keyward's own words.

use std::collections::HashSet;

use anyhow::{Result, bail};
use keyward::config::Globs;
use keyward::model::{Check, Confidence, Rule};
use keyward::report::clean;
use toml::Value;

use super::accepted::Accepted;
use super::from::Work;
use super::guard::Guard;

/// Bytes that keyward.toml may have.
pub const MOST: usize = 1 << 20;
/// What explains every key, all of it commented out. A line of it that begins with `#` and no blank is a key.
pub const TEMPLATE: &str = include_str!("template.toml");
/// Characters of foreign words that are repeated at once.
const LONGEST: usize = 160;
/// Bytes of all globs together: a scan holds each path against each of them.
const MOST_GLOBS: usize = 32 << 10;
/// Bytes of all globs that are looked at, taken or not.
const MOST_LOOKED_AT: usize = 4 * MOST_GLOBS;
/// What to do about a path.
const BY_HAND: &str = "name what is meant in `exclude`, or in the `paths` of an [[allow]]";
/// Paths that a list of globs would all match only if it matched everything.
const PROBES: [&str; 4] = ["q7zv", "q7/zv.k9", ".q7/z/v/k", "q/z/v/k/.z9.q"];

/// An `[[allow]]`.
#[derive(Debug, PartialEq, Eq)]
pub struct Allow {
    /// Checks; all where empty.
    pub ids: Vec<String>,
    /// Globs.
    pub paths: Vec<String>,
    /// Why, and from where.
    pub reason: String,
}

/// A check of one's own and its rule, with what is to be said of it.
pub struct Own {
    /// The check.
    pub check: Check,
    /// Its only rule.
    pub rule: Rule,
    /// Comments above it.
    pub notes: Vec<String>,
}

/// What could not be taken over.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    /// File and line.
    pub at: String,
    /// What and why.
    pub what: String,
    /// What to do instead.
    pub instead: String,
}

/// All that is taken over.
pub struct Carried<'g> {
    /// Decides what may be repeated.
    pub guard: &'g Guard,
    /// Globs of what is not read.
    pub exclude: Vec<String>,
    /// What is accepted.
    pub allow: Vec<Allow>,
    /// Checks that are off, and who said so.
    pub off: Vec<(String, String)>,
    /// Rules of one's own.
    pub own: Vec<Own>,
    /// Single findings, for the baseline.
    pub accepted: Vec<Accepted>,
    /// What was left.
    pub left: Vec<Left>,
    /// What expressions for paths may still cost.
    pub work: Work,
    /// The checks of `own`, by their ids.
    taken: HashSet<String>,
    /// Bytes that this comes to at least, and bytes of globs that were looked at.
    size: usize,
    looked_at: usize,
}

impl<'g> Carried<'g> {
    /// Nothing yet.
    pub fn new(guard: &'g Guard) -> Self {
        Self {
            guard,
            exclude: Vec::new(),
            allow: Vec::new(),
            off: Vec::new(),
            own: Vec::new(),
            accepted: Vec::new(),
            left: Vec::new(),
            work: Work::default(),
            taken: HashSet::new(),
            size: 0,
            looked_at: 0,
        }
    }

    /// That it still fits into keyward.toml. Asked while there is more to read, so that a file without end is not read to its end.
    ///
    /// # Errors
    /// It does not.
    pub fn fits(&self) -> Result<()> {
        if self.size > MOST {
            bail!(
                "what would be taken over is more than the 1 MiB that keyward.toml may have\n  hint: take it over by hand"
            );
        }
        Ok(())
    }

    /// Foreign words on one line, as far as they may be repeated.
    pub fn words(&self, text: &str) -> Option<String> {
        let text = clean(text.trim());
        // Asked of the whole: a part may not show what it is a part of.
        if text.is_empty() || self.guard.hides(&text) {
            return None;
        }
        let short: String = text.chars().take(LONGEST).collect();
        Some(if short.len() < text.len() {
            short + "…"
        } else {
            text
        })
    }

    /// Leaves something.
    pub fn leave(&mut self, at: &str, what: impl Into<String>, instead: impl Into<String>) {
        let left = Left {
            at: at.to_owned(),
            what: what.into(),
            instead: instead.into(),
        };
        self.size += left.at.len() + left.what.len() + left.instead.len();
        self.left.push(left);
    }

    /// Accepts what these checks find at these paths.
    pub fn accept(&mut self, allow: Allow) {
        let words = allow.ids.iter().chain(&allow.paths);
        self.size += words.map(String::len).sum::<usize>() + allow.reason.len();
        self.allow.push(allow);
    }

    /// Takes a rule of one's own over.
    pub fn take(&mut self, own: Own) {
        self.taken.insert(own.check.id.clone());
        self.own.push(own);
    }

    /// Whether a check has this id already.
    pub fn has_check(&self, id: &str) -> bool {
        self.taken.contains(id) || self.guard.rules().check(id).is_some()
    }

    /// Those of the globs that mean some files and hold no secret; the others are left.
    pub fn globs(&mut self, at: &str, globs: Vec<String>) -> Vec<String> {
        let lists = self.allow.iter().map(|allow| &allow.paths);
        let lists = lists.chain([&self.exclude]).flatten();
        let mut taken: usize = lists.map(String::len).sum();
        let mut kept: Vec<String> = Vec::new();
        let mut beyond = 0;
        for glob in globs {
            // Asked first, so that a list without end costs nothing.
            let is_beyond = self.looked_at > MOST_LOOKED_AT;
            if is_beyond || taken + glob.len() > MOST_GLOBS {
                beyond += 1;
                continue;
            }
            if kept.contains(&glob) {
                continue;
            }
            taken += glob.len();
            self.looked_at += glob.len();
            match self.fault(&glob) {
                Some(fault) => self.leave(at, fault, BY_HAND),
                None => kept.push(glob),
            }
        }
        self.leave_beyond(at, beyond);
        kept
    }

    /// Leaves so many paths, which are too many.
    pub fn leave_beyond(&mut self, at: &str, paths: usize) {
        if paths > 0 {
            let what = format!("{} more than are taken over", count(paths, "path"));
            self.leave(at, what, BY_HAND);
        }
    }

    fn fault(&self, glob: &str) -> Option<&'static str> {
        if self.guard.hides(glob) {
            return Some("a path that holds what looks like a credential");
        }
        if glob.chars().any(char::is_control) {
            return Some("a path with control characters");
        }
        match Globs::new(std::slice::from_ref(&glob.to_owned())) {
            Err(_) => Some("a path that has no form as a glob"),
            Ok(globs) if PROBES.iter().all(|probe| globs.matches(probe.as_bytes())) => {
                Some("a path that is every path: nothing would be scanned")
            }
            Ok(_) => None,
        }
    }

    /// Leaves these paths out of the scan.
    pub fn exclude(&mut self, at: &str, globs: Vec<String>) {
        for glob in self.globs(at, globs) {
            if !self.exclude.contains(&glob) {
                self.exclude.push(glob);
            }
        }
    }

    /// Switches a check off.
    pub fn switch_off(&mut self, id: &str, at: &str) {
        if !self.is_off(id) {
            self.off.push((id.to_owned(), at.to_owned()));
        }
    }

    /// Whether a check is switched off.
    pub fn is_off(&self, id: &str) -> bool {
        self.off.iter().any(|(known, _)| known == id)
    }

    /// The whole keyward.toml.
    pub fn text(&self) -> String {
        let head = "\n# --- taken over by `keyward init --from` ---\n";
        with_exclude(TEMPLATE, &self.exclude) + head + &self.tables()
    }

    /// What of it is no template.
    pub fn own_text(&self) -> String {
        let scan = match self.exclude[..] {
            [] => String::new(),
            _ => with_exclude("#[scan]\n#exclude = []\n", &self.exclude),
        };
        scan + &self.tables()
    }

    fn tables(&self) -> String {
        let mut out = String::new();
        for (id, at) in &self.off {
            out += &format!("\n# off in {}\n[checks.{id}]\noff = true\n", clean(at));
        }
        for allow in &self.allow {
            out += "\n[[allow]]\n";
            list(&mut out, "ids", &allow.ids);
            list(&mut out, "paths", &allow.paths);
            out += &format!("reason = {}\n", quoted(&allow.reason));
        }
        self.own.iter().for_each(|own| own.write(&mut out));
        if !self.left.is_empty() {
            out += "\n# Not taken over:\n";
        }
        for left in &self.left {
            let (at, what, instead) = (clean(&left.at), clean(&left.what), clean(&left.instead));
            out += &format!("# {at}: {what}\n#   instead: {instead}\n");
        }
        out
    }
}

impl Own {
    fn write(&self, out: &mut String) {
        let (check, rule) = (&self.check, &self.rule);
        out.push('\n');
        for note in &self.notes {
            *out += &format!("# {}\n", clean(note));
        }
        *out += "[[check]]\n";
        for (key, value) in [
            ("id", &check.id),
            ("title", &check.title),
            ("why", &check.why),
            ("fix", &check.fix),
        ] {
            *out += &format!("{key} = {}\n", quoted(value));
        }
        *out += &format!("\n[[rule]]\ncheck = {}\n", quoted(&rule.check));
        *out += &format!("severity = \"{}\"\n", rule.severity);
        if rule.confidence != Confidence::High {
            *out += &format!("confidence = \"{}\"\n", rule.confidence);
        }
        if let Some(pattern) = &rule.pattern {
            *out += &format!("pattern = {}\n", quoted(pattern));
        }
        if !rule.bounded {
            *out += "bounded = false\n";
        }
        list(out, "near", &rule.near);
        list(out, "paths", &rule.paths);
        list(out, "hit", &rule.hit);
        list(out, "miss", &rule.miss);
    }
}

/// The template with these globs in it, where there are any.
fn with_exclude(template: &str, globs: &[String]) -> String {
    if globs.is_empty() {
        return template.to_owned();
    }
    let mut exclude = "exclude = [\n".to_owned();
    for glob in globs {
        exclude += &format!("  {},\n", quoted(glob));
    }
    exclude += "]";
    let lines = template.lines().map(|line| match line {
        "#[scan]" => "[scan]",
        line if line.starts_with("#exclude = ") => &exclude,
        line => line,
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn list(out: &mut String, key: &str, words: &[String]) {
    if !words.is_empty() {
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        *out += &format!("{key} = [{}]\n", words.join(", "));
    }
}

/// `1 value`, `2 values`.
pub fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// As TOML writes a text.
pub fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
