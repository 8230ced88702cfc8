//! From places to findings: one check and value is one finding, wherever it stands.

use std::collections::HashMap;

use crate::model::{Finding, Place};

/// Groups and sorts, so that the order in which threads came does not show.
pub(super) fn findings(mut places: Vec<Place>) -> Vec<Finding> {
    places.sort_by(|a, b| {
        let key = |p: &Place| (p.path.clone(), p.line, p.column, p.end_line, p.end_column);
        b.severity
            .cmp(&a.severity)
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.check.id.cmp(&b.check.id))
    });
    let mut at: HashMap<_, usize> = HashMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for place in places {
        let key = (
            place.check.id.clone(),
            place.identity,
            place.suppression.is_some(),
        );
        match at.get(&key) {
            Some(&i) => {
                let finding = &mut findings[i];
                finding.confidence = finding.confidence.max(place.confidence);
                finding.also.extend(place.also.iter().cloned());
                finding.places.push(place);
            }
            None => {
                at.insert(key, findings.len());
                findings.push(Finding {
                    check: place.check.clone(),
                    severity: place.severity,
                    confidence: place.confidence,
                    contexts: place.contexts,
                    also: place.also.clone(),
                    details: place.details.clone(),
                    fingerprint: place.fingerprint.clone(),
                    places: vec![place],
                });
            }
        }
    }
    for finding in &mut findings {
        finding.also.sort();
        finding.also.dedup();
    }
    findings
}
