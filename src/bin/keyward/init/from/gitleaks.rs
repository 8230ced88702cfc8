//! `.gitleaks.toml` and `.gitleaksignore`, as gitleaks' README says that they are written.

mod ignored;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use keyward::config;
use serde::Deserialize;
use toml::Spanned;

use super::super::accepted::{Accepted, What};
use super::super::carried::{Allow, Carried, count};
use super::super::place::Place;
use super::rules::{self, Rule};
use super::{file, globs, ids, letters};

/// The files.
pub const FILES: [&str; 2] = [".gitleaks.toml", ".gitleaksignore"];
/// Files that extend one another, as deep as gitleaks goes.
const DEEPEST: usize = 2;

// Keys as [`letters`] gives them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    extend: Option<Spanned<Extend>>,
    allowlist: Option<Spanned<Allowlist>>,
    allowlists: Vec<Spanned<Allowlist>>,
    rules: Vec<Spanned<Rule>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extend {
    #[serde(rename = "usedefault")]
    use_default: bool,
    path: String,
    url: String,
    #[serde(rename = "disabledrules")]
    disabled_rules: Vec<String>,
}

/// What gitleaks passes by.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Allowlist {
    description: String,
    condition: String,
    commits: Vec<String>,
    paths: Vec<String>,
    regexes: Vec<String>,
    stopwords: Vec<String>,
    #[serde(rename = "targetrules")]
    target_rules: Vec<String>,
}

/// Takes both files over.
pub fn read(place: &Place, carried: &mut Carried<'_>) -> Result<()> {
    let mut known = BTreeMap::new();
    take(place, FILES[0], 0, &mut known, carried)?;
    if let Some(ignored) = file(place, FILES[1])? {
        ignored::read(&ignored, &known, carried)?;
    }
    Ok(())
}

/// Takes a file over, behind those that it extends. `known` holds what rules of one's own are called here.
fn take(
    place: &Place,
    name: &str,
    depth: usize,
    known: &mut BTreeMap<String, Vec<String>>,
    carried: &mut Carried<'_>,
) -> Result<()> {
    let Some(file) = file(place, name)? else {
        return Ok(());
    };
    let path = place.root.join(name);
    let (read, clashes) = letters::read::<Config>(&file.text)
        .map_err(|error| config::toml_fault(&path, &file.text, &error))?;
    for (key, offset) in clashes {
        carried.fits()?;
        let what = format!(
            "the key {} stands there twice, in other letters, of which gitleaks takes either: the first was taken over",
            called(carried, &key)
        );
        carried.leave(
            &file.at(offset),
            what,
            "keep one of them, and run this again",
        );
    }
    let has_rules = !read.rules.is_empty();
    let extend = read
        .extend
        .map(|extend| (file.at(extend.span().start), extend.into_inner()));
    if let Some((at, extend)) = &extend {
        extended(place, at, extend, depth, known, carried)?;
    }
    if has_rules && depth == 0 && !extend.is_some_and(|(_, extend)| extend.use_default) {
        carried.leave(
            &format!("{name}:1"),
            "gitleaks' own rules were not used: keyward's are always on",
            "switch single checks off with [checks.ID]; `keyward scan --only ID` looks for some alone",
        );
    }
    for rule in read.rules {
        carried.fits()?;
        let at = file.at(rule.span().start);
        let mut rule = rule.into_inner();
        let lists = std::mem::take(&mut rule.allowlists);
        let list = rule.allowlist.take();
        let id = rule.id.clone();
        let checks = rules::take(&at, rule, !lists.is_empty() || list.is_some(), carried);
        for list in list.into_iter().chain(lists) {
            allow(&at, &list, Some(&checks), carried);
        }
        known.entry(id).or_default().extend(checks);
    }
    for list in read.allowlist.into_iter().chain(read.allowlists) {
        carried.fits()?;
        let at = file.at(list.span().start);
        let list = list.into_inner();
        let of_rule = |id: &String| {
            let own = known.get(id).filter(|ids| !ids.is_empty()).cloned();
            own.unwrap_or_else(|| ids::of_gitleaks(carried.guard.rules(), id))
        };
        let rules: BTreeSet<&String> = list.target_rules.iter().collect();
        let targets: BTreeSet<String> = rules.into_iter().flat_map(of_rule).collect();
        let targets: Vec<String> = targets.into_iter().collect();
        let scope = (!list.target_rules.is_empty()).then_some(&targets[..]);
        allow(&at, &list, scope, carried);
    }
    Ok(())
}

fn extended(
    place: &Place,
    at: &str,
    extend: &Extend,
    depth: usize,
    known: &mut BTreeMap<String, Vec<String>>,
    carried: &mut Carried<'_>,
) -> Result<()> {
    if !extend.path.is_empty() {
        let inside = !extend.path.split(['/', '\\']).any(|part| part == "..")
            && !extend.path.starts_with('/')
            && !extend.path.contains(':')
            && carried.words(&extend.path).as_deref() == Some(&extend.path);
        let name = extend.path.trim_start_matches("./");
        if !inside || depth >= DEEPEST {
            carried.leave(
                at,
                "it extends a file outside of the repository, or too deep in others",
                "put that file into the repository, and run this again",
            );
        } else if file(place, name)?.is_none() {
            carried.leave(
                at,
                "it extends a file that is not there",
                "put that file there, and run this again",
            );
        } else {
            take(place, name, depth + 1, known, carried)?;
        }
    }
    if !extend.url.is_empty() {
        carried.leave(
            at,
            "it extends a file by its address, and nothing is fetched",
            "put that file into the repository, name it as `path`, and run this again",
        );
    }
    for id in extend.disabled_rules.iter().collect::<BTreeSet<_>>() {
        carried.fits()?;
        let checks = ids::of_gitleaks(carried.guard.rules(), id);
        for check in &checks {
            carried.switch_off(check, at);
        }
        if checks.is_empty() {
            let what = format!(
                "the rule {} is off, and no check is surely the same",
                called(carried, id)
            );
            carried.leave(at, what, "if one is in the way, switch it off with [checks.ID]; `keyward rules list` names all");
        }
    }
    Ok(())
}

/// A foreign name as it may be repeated.
pub fn called(carried: &Carried<'_>, name: &str) -> String {
    carried
        .words(name)
        .map_or_else(|| "(not repeated)".to_owned(), |name| format!("`{name}`"))
}

/// An allow list: of everything, or of some checks.
fn allow(at: &str, list: &Allowlist, of: Option<&[String]>, carried: &mut Carried<'_>) {
    let values = list.regexes.len() + list.stopwords.len();
    let kinds = [
        list.commits.len(),
        list.paths.len(),
        list.regexes.len(),
        list.stopwords.len(),
    ];
    let kinds = kinds.iter().filter(|count| **count > 0).count();
    // What is not surely "one of them" is taken for "all of them", or more would be left out than was.
    let one_is_enough = ["", "or", "||"]
        .iter()
        .any(|word| list.condition.eq_ignore_ascii_case(word));
    if !one_is_enough && kinds > 1 {
        carried.leave(
            at,
            "an allow list whose paths, commits and values must all fit: there is no such [[allow]]",
            "accept what it is about with `keyward baseline write`, or with `keyward:allow ID reason` on the line",
        );
        return;
    }
    if values > 0 {
        let some = count(values, "value");
        carried.leave(
            at,
            format!("{some} in an allow list, or as many patterns of values, not repeated here: keyward accepts findings, not values"),
            "accept those findings with `keyward baseline write`, or with `keyward:allow ID reason` on the line",
        );
    }
    commits(at, list, of, carried);
    if list.paths.is_empty() {
        return;
    }
    if of.is_some_and(<[String]>::is_empty) {
        carried.leave(
            at,
            "paths of a rule that is no check here",
            "write an [[allow]] with the `ids` and `paths` that are meant",
        );
        return;
    }
    let globs = paths(at, &list.paths, carried);
    let Some(ids) = of else {
        carried.exclude(at, globs);
        return;
    };
    let globs = carried.globs(at, globs);
    if !globs.is_empty() {
        let (name, line) = at.rsplit_once(':').unwrap_or((at, "1"));
        let reason = match carried.words(&list.description) {
            Some(description) => format!("carried over from {name}: {description}"),
            None => format!("carried over from {name}, line {line}"),
        };
        carried.accept(Allow {
            ids: ids.to_vec(),
            paths: globs,
            reason,
        });
    }
}

/// The globs of expressions; those that have none are left.
pub fn paths(at: &str, list: &[String], carried: &mut Carried<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for (number, pattern) in list.iter().enumerate() {
        if carried.work.is_done() {
            carried.leave_beyond(at, list.len() - number);
            break;
        }
        match globs::of_regex(pattern, &mut carried.work) {
            Ok(globs) => all.extend(globs),
            Err(why) => {
                let what = format!(
                    "the path {} has no form as a glob: {why}",
                    called(carried, pattern)
                );
                carried.leave(
                    at,
                    what,
                    "name what is meant in `exclude`, or in the `paths` of an [[allow]]",
                );
            }
        }
    }
    all
}

fn commits(at: &str, list: &Allowlist, of: Option<&[String]>, carried: &mut Carried<'_>) {
    if list.commits.is_empty() {
        return;
    }
    let is_id = |id: &&String| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let known: Vec<String> = list
        .commits
        .iter()
        .filter(is_id)
        .map(|id| id.to_ascii_lowercase())
        .collect();
    if of.is_some() || known.len() < list.commits.len() {
        let what = if of.is_some() {
            "commits that one rule passes by"
        } else {
            "commits that are no whole ids"
        };
        carried.leave(
            at,
            what,
            "accept what they brought with `keyward baseline write`",
        );
    }
    if of.is_none() {
        let at = |commit| Accepted {
            at: at.to_owned(),
            what: What::Commit(commit),
        };
        carried.accepted.extend(known.into_iter().map(at));
    }
}
