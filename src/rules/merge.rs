//! Hits of one family on one place are one hit: the one that says most stays and lists the others.

use std::collections::{BTreeMap, HashMap};

use crate::model::Hit;

/// Merges hits of one family whose spans overlap.
pub(super) fn merge(mut hits: Vec<Hit>) -> Vec<Hit> {
    if hits.len() < 2 {
        return hits;
    }
    hits.sort_by(|a, b| {
        // A format of its own says more than what stands around a value, and that more than a name.
        let rank = |h: &Hit| {
            (
                !h.by_name,
                h.in_tests,
                h.proved,
                h.confidence,
                h.severity,
                h.span.len(),
            )
        };
        rank(b)
            .cmp(&rank(a))
            .then(a.span.cmp(&b.span))
            .then(a.check.id.cmp(&b.check.id))
    });
    // What is kept of a family is disjoint, so a hit can only overlap its neighbours: a file of a million hits stays cheap.
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut places: HashMap<String, BTreeMap<usize, usize>> = HashMap::new();
    for hit in hits {
        let family = places.entry(hit.check.family.clone()).or_default();
        let before = family.range(..=hit.span.start).next_back().map(|(_, &i)| i);
        let after = family.range(hit.span.start..).next().map(|(_, &i)| i);
        let same = before
            .into_iter()
            .chain(after)
            .find(|&i| kept[i].span.overlaps(hit.span));
        match same {
            None => {
                family.insert(hit.span.start, kept.len());
                kept.push(hit);
            }
            Some(i)
                if hit.check.leads && !kept[i].check.leads
                    || hit.outranks.contains(&kept[i].check.id) =>
            {
                let loser = std::mem::replace(&mut kept[i], hit);
                absorb(&mut kept[i], loser);
            }
            Some(i) => absorb(&mut kept[i], hit),
        }
    }
    kept.sort_by(|a, b| a.span.cmp(&b.span).then(a.check.id.cmp(&b.check.id)));
    kept
}

fn absorb(winner: &mut Hit, loser: Hit) {
    let own = &winner.check.id;
    winner.also.extend(
        std::iter::once(loser.check.id.clone())
            .chain(loser.also)
            .filter(|id| id != own),
    );
    winner.hidden.extend(loser.hidden);
    winner.key = winner.key.take().or(loser.key);
    winner.proposal = winner.proposal.take().or(loser.proposal);
    if winner.details.is_empty() {
        winner.details = loser.details;
    }
}
