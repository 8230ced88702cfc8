//! `.gitleaksignore`: findings by their places and rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Result;

use super::super::{File, ids};
use crate::init::accepted::{Accepted, What};
use crate::init::carried::Carried;

/// `commit:file:rule:line` or `file:rule:line`, one a line. A rule of one's own may change one of gitleaks': an entry may be about either.
pub fn read(
    file: &File<'_>,
    known: &BTreeMap<String, Vec<String>>,
    carried: &mut Carried<'_>,
) -> Result<()> {
    let mut checks: HashMap<&str, Arc<[String]>> = HashMap::new();
    // One for all of them, so that entries that ask for the same are known to.
    let unknown: Arc<[String]> = Arc::new([]);
    for (line, text) in file.text.lines().enumerate() {
        carried.fits()?;
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let at = format!("{}:{}", file.name, line + 1);
        match fingerprint(text) {
            Some((commit, path, rule, line)) => {
                let of_rule = || {
                    let mut all = ids::of_gitleaks(carried.guard.rules(), rule);
                    all.extend(known.get(rule).into_iter().flatten().cloned());
                    all.sort();
                    all.dedup();
                    if all.is_empty() {
                        unknown.clone()
                    } else {
                        all.into()
                    }
                };
                let checks = checks.entry(rule).or_insert_with(of_rule).clone();
                let what = What::Line {
                    commit,
                    path,
                    line,
                    checks,
                };
                carried.accepted.push(Accepted { at, what });
            }
            None => carried.leave(
                &at,
                "no fingerprint of a finding",
                "nothing, if it is of no use; `keyward baseline write` accepts all there is",
            ),
        }
    }
    Ok(())
}

/// Commit, path, rule and line.
fn fingerprint(text: &str) -> Option<(Option<String>, String, &str, usize)> {
    let mut parts = text.rsplitn(3, ':');
    let line = parts.next()?.trim().parse().ok()?;
    let rule = parts.next().filter(|rule| !rule.is_empty())?;
    let rest = parts.next()?;
    let commit = rest
        .split_once(':')
        .filter(|(id, _)| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    let (commit, path) = commit.map_or((None, rest), |(id, path)| {
        (Some(id.to_ascii_lowercase()), path)
    });
    let path = path.replace('\\', "/");
    let path = path.trim_start_matches("./");
    (!path.is_empty()).then(|| (commit, path.to_owned(), rule, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_of_both_forms() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let long = format!("{id}:src/a:b.js:rule:7");
        assert_eq!(
            fingerprint(&long),
            Some((Some(id.to_owned()), "src/a:b.js".to_owned(), "rule", 7))
        );
        assert_eq!(
            fingerprint("src\\a.js:rule:1"),
            Some((None, "src/a.js".to_owned(), "rule", 1))
        );
        for wrong in ["", "a", "a:b", "a:b:c", ":r:1", "a::1", "a:b:-1"] {
            assert_eq!(fingerprint(wrong), None, "{wrong}");
        }
    }
}
