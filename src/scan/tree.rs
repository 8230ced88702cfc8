//! The checks over the tree: run when every document was read, their faults made places like all others.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::{Plan, judge};
use crate::checks::{self, Fault, File, SECRET_IN_CLIENT_BUNDLE, Shipped, Tree, What, Where};
use crate::model::{
    Context, Contexts, Excerpt, Fix, Identity, Notice, NoticeKind, Place, RelPath, Severity,
    Suppression, Why,
};

/// Other people's files, and files that programs made: what stands in them is no fault of this repository.
const NOT_OWN: &[Context] = &[
    Context::Vendored,
    Context::Minified,
    Context::Lockfile,
    Context::Generated,
];

/// In these a credential is mostly one that was made up.
const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];

/// The tree that `files` are of, as the checks ask for it.
pub(super) fn of<'a>(
    plan: &'a Plan,
    mut files: Vec<File>,
    excludes: &'a dyn Fn(&[u8]) -> bool,
) -> Tree<'a> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Tree {
        files,
        git: plan.ignores.as_ref(),
        versioned: plan.versioned,
        whole: plan.whole,
        excludes,
        gaps: RefCell::default(),
        today: plan.today,
    }
}

/// Runs the checks over `tree` and adds what they find to `places`.
pub(super) fn audit(
    plan: &Plan,
    tree: &Tree<'_>,
    places: &mut Vec<Place>,
    notices: &mut Vec<Notice>,
) {
    let faults = checks::faults(tree, |id| plan.rules.wants(id));
    let found = faults.into_iter().filter_map(|fault| {
        let file = tree.file(fault.path.as_bytes());
        place(plan, fault, file)
    });
    let found: Vec<Place> = found.collect();
    let shipped = checks::shipped(tree);
    let gaps = tree.gaps.borrow();
    notices.extend(
        gaps.iter()
            .map(|gap| Notice::new(NoticeKind::Unreadable, *gap)),
    );
    merge(places, found);
    ship(plan, shipped, places);
    mend(tree, places);
}

/// Adds the fixes that only the whole tree tells to the places that they are of.
fn mend(tree: &Tree<'_>, places: &mut [Place]) {
    let mut fixes: HashMap<_, Vec<Fix>> = HashMap::new();
    for (id, at, fix) in checks::algorithms(tree) {
        fixes.entry((id.to_owned(), at)).or_default().push(fix);
    }
    if fixes.is_empty() {
        return;
    }
    for place in places {
        let key = (
            place.check.id.clone(),
            (&place.path, place.line, place.column),
        );
        let found = fixes.get(&key).cloned();
        place.fixes.extend(found.into_iter().flatten());
    }
}

/// Adds the faults of scripts that client code reaches, but for those that are told already; a credential there is everybody's.
fn ship(plan: &Plan, shipped: Vec<Shipped>, places: &mut Vec<Place>) {
    if shipped.is_empty() {
        return;
    }
    let at = |p: &Place| (p.path.clone(), p.line, p.column);
    let mut known: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, place) in places.iter().enumerate() {
        known.entry(at(place)).or_default().push(i);
    }
    let (mut awake, mut merged) = (Vec::new(), HashSet::new());
    for Shipped {
        what,
        sure,
        way,
        steps,
    } in shipped
    {
        let chosen = |place: &Place| plan.rules.severity(&place.check.id).is_some();
        let way = way.map(|way| ("reached by", way));
        match what {
            What::Awake(mut place) => {
                let beside = known.get(&at(&place)).into_iter().flatten();
                let beside: Vec<usize> = beside
                    .copied()
                    .filter(|&i| places[i].check.family == place.check.family)
                    .collect();
                if beside.iter().any(|&i| places[i].check.id == place.check.id) {
                    continue;
                }
                if !sure && !chosen(&place) {
                    place.severity = place.severity.lowered();
                    place.because(Why::PerhapsClient);
                }
                for i in beside {
                    // What is known of the browser says more than what is known of the value.
                    let other = &places[i];
                    if other.severity > place.severity {
                        place.severity = other.severity;
                        place.because(Why::Beside(other.check.id.clone()));
                    }
                    place.also.push(other.check.id.clone());
                    place.also.extend(other.also.iter().cloned());
                    place.suppression = place.suppression.take().or(other.suppression.clone());
                    merged.insert(i);
                }
                place.also.retain(|id| *id != place.check.id);
                place.also.sort();
                place.also.dedup();
                place.contexts = place.contexts.with(Context::Client);
                place.details.extend(way);
                place.related = steps;
                awake.push(*place);
            }
            What::Held { path, line, column } => {
                for &i in known.get(&(path, line, column)).into_iter().flatten() {
                    let place = &mut places[i];
                    if !sure || place.contexts.any(MADE_UP) || place.contexts.has(Context::Client) {
                        continue;
                    }
                    if !chosen(place) && place.severity > Severity::Info {
                        place.severity = place.severity.raised();
                        place.because(Why::Client);
                    }
                    place.contexts = place.contexts.with(Context::Client);
                    place.details.extend(way.clone());
                    place.related.extend(steps.iter().cloned());
                }
            }
        }
    }
    let mut i = 0..;
    places.retain(|_| i.next().is_none_or(|i| !merged.contains(&i)));
    places.append(&mut awake);
}

/// The place of a fault in `file`; nothing where such a file has no faults.
pub(super) fn place(plan: &Plan, fault: Fault, file: Option<&File>) -> Option<Place> {
    let contexts = file.map_or_else(Contexts::default, |file| file.contexts);
    let of_file = || file.map(|file| file.accepted.clone()).unwrap_or_default();
    // A test holds that every check has its text.
    let check = plan.rules.check(fault.check)?.clone();
    let local = contexts.has(Context::Local) && !plan.judge_local;
    // What programs made is what this one looks at.
    let others = contexts.any(NOT_OWN) && fault.check != SECRET_IN_CLIENT_BUNDLE;
    if others || local && !check.private {
        return None;
    }
    let (line, column, end_line, end_column, excerpt, accepted) = match fault.at {
        Where::File => (1, 1, 1, 1, Excerpt::default(), of_file()),
        Where::Line(line) => (line, 1, line, 1, Excerpt::default(), of_file()),
        Where::Spot(spot) => (
            spot.line,
            spot.column,
            spot.end_line,
            spot.end_column,
            spot.excerpt,
            spot.accepted,
        ),
    };
    let suppression = accepted
        .into_iter()
        .find(|(id, _)| *id == fault.check)
        .map(|(_, reason)| Suppression::Inline { reason });
    let mut also = vec![check.family.clone()];
    also.retain(|id| *id != check.id);
    let mut place = Place {
        severity: fault.severity,
        confidence: fault.confidence,
        contexts,
        line,
        column,
        end_line,
        end_column,
        excerpt,
        origin: plan.origin(),
        also,
        details: fault.details,
        related: fault.related,
        fixes: fault.fixes,
        past: None,
        fingerprint: judge::fingerprint_of_fault(&check.id, &fault.path, &fault.subject),
        identity: identity(&check.id, &fault.path, &fault.subject),
        path: fault.path,
        suppression,
        steps: Vec::new(),
        check,
    };
    place.because(Why::Check);
    let configured = plan.rules.severity(&place.check.id);
    if let Some(severity) = configured.filter(|_| place.severity > Severity::Info) {
        place.severity = severity;
        place.because(Why::Configured);
    }
    Some(place)
}

fn identity(id: &str, path: &RelPath, subject: &str) -> Identity {
    let fingerprint = judge::fingerprint_of_fault(id, path, subject);
    Identity(u128::from_le_bytes(fingerprint.0))
}

/// Adds what was found over the tree; where its check speaks for its family, those of the family at the same place are told with it.
fn merge(places: &mut Vec<Place>, mut found: Vec<Place>) {
    let at = |p: &Place| (p.path.clone(), p.line, p.column, p.check.family.clone());
    let leading: HashMap<_, usize> = found
        .iter()
        .enumerate()
        .filter(|(_, place)| place.check.leads)
        .map(|(i, place)| (at(place), i))
        .collect();
    if !leading.is_empty() {
        places.retain(|other| {
            let leader = leading.get(&at(other));
            if let Some(&i) = leader {
                let leader = &mut found[i];
                leader.also.push(other.check.id.clone());
                leader.also.extend(other.also.iter().cloned());
                leader.also.sort();
                leader.also.dedup();
                leader.details.extend(other.details.iter().cloned());
                leader.fixes.extend(other.fixes.iter().cloned());
                leader.fixes.dedup();
                leader.suppression = leader.suppression.take().or(other.suppression.clone());
            }
            leader.is_none()
        });
    }
    places.append(&mut found);
}
