//! Trees made by hand, for the tests of the checks.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jiff::civil::date;

use super::ground::Ground;
use super::{Entry, Fault, File, Spot, Tree, Use};
use crate::classify::kinds::kind;
use crate::classify::names::{self, NameClass};
use crate::classify::{contexts, values};
use crate::git::Decision;
use crate::model::{Excerpt, Identity, RelPath, Secret, Severity, Span, Standing};

/// A file of which nothing was kept.
pub(super) fn file(path: &str, standing: Standing) -> File {
    let path = RelPath::from(path);
    let kind = kind(&path, b"");
    let contexts = contexts::of_path(&path);
    File {
        kind,
        ..File::new(path, standing, contexts)
    }
}

/// A file of settings, one `NAME=value` a line.
pub(super) fn settings(path: &str, standing: Standing, text: &str) -> File {
    let mut file = file(path, standing);
    for (at, line) in text.lines().enumerate() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        file.settings += 1;
        let name = names::name(key.as_bytes());
        if name.class.holds_secret() || name.class == NameClass::Identifier {
            file.entries.push(Entry {
                shown: None,
                stretches: Vec::new(),
                path: key.to_owned(),
                key: key.to_owned(),
                name,
                value: values::value(value.as_bytes(), key.as_bytes()),
                length: value.len(),
                identity: Identity(0),
                strength: None,
                secret: None,
                spot: spot(at + 1),
            });
        }
    }
    file
}

/// A file in which checks found credentials.
pub(super) fn holding(path: &str, standing: Standing, found: &[&str]) -> File {
    File {
        found: found
            .iter()
            .map(|&id| (id.to_owned(), Severity::High))
            .collect(),
        ..file(path, standing)
    }
}

/// A tracked file whose text says what becomes of others.
pub(super) fn governing(path: &str, text: &str) -> File {
    File {
        text: Some(Secret::new(text.as_bytes())),
        ..file(path, Standing::Tracked)
    }
}

/// A program in which rules saw variables used for `check`, some of them guarded.
pub(super) fn using(path: &str, check: &str, names: &[(&str, bool)]) -> File {
    let uses = names.iter().zip(1..).map(|(&(name, guarded), line)| Use {
        check: check.to_owned(),
        rule: check.to_owned(),
        name: name.to_owned(),
        guarded,
        spot: spot(line),
    });
    File {
        uses: uses.collect(),
        ..file(path, Standing::Tracked)
    }
}

pub(super) fn spot(line: usize) -> Spot {
    Spot {
        span: Span::new(0, 0),
        line,
        column: 1,
        end_line: line,
        end_column: 1,
        excerpt: Excerpt::default(),
        accepted: Vec::new(),
    }
}

/// A repository that was looked at as a whole.
pub(super) fn tree(files: impl IntoIterator<Item = File>) -> Tree<'static> {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Tree {
        excludes: &|_| false,
        gaps: std::cell::RefCell::default(),
        files,
        git: None,
        versioned: true,
        whole: true,
        today: date(2026, 1, 1),
    }
}

/// A value that nobody could guess.
pub(super) fn strong() -> String {
    ["9fQ2xV7b", "Lk4Rz8Tn", "Wm3YcP6s"].concat()
}

/// `NAME=` and a value that nobody could guess.
pub(super) fn secret(name: &str) -> String {
    format!("{name}={}", strong())
}

/// What git would say, by ignore files as they stand in a tree.
#[derive(Default)]
pub(super) struct Ruled {
    /// Folder, rules and lines of each ignore file.
    files: Vec<(String, Gitignore, Vec<String>)>,
    /// This machine's own rules.
    here: Option<Gitignore>,
    tracked: Vec<RelPath>,
}

impl Ruled {
    /// By the `.gitignore` files of `tree`; tracked is what stands as such.
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let is_rules = |file: &&File| file.path.name() == b".gitignore" && file.text.is_some();
        let mut files: Vec<_> = tree.files.iter().filter(is_rules).map(parsed).collect();
        files.sort_by_key(|(folder, ..)| std::cmp::Reverse(folder.len()));
        let tracked = tree
            .files
            .iter()
            .filter(|f| f.standing == Standing::Tracked);
        Self {
            files,
            here: None,
            tracked: tracked.map(|f| f.path.clone()).collect(),
        }
    }

    /// With rules of this machine alone.
    pub(super) fn here(mut self, pattern: &str) -> Self {
        self.here = Some(rules(pattern));
        self
    }

    /// With one more file in the index.
    pub(super) fn tracking(mut self, path: &str) -> Self {
        self.tracked.push(RelPath::from(path));
        self
    }

    fn decide(&self, path: &str) -> Option<(bool, Decision)> {
        self.files.iter().find_map(|(folder, rules, lines)| {
            let rest = match folder.as_str() {
                "" => path,
                folder => path.strip_prefix(folder)?.strip_prefix('/')?,
            };
            let (ignored, glob) = match rules.matched_path_or_any_parents(rest, false) {
                Match::Ignore(glob) => (true, glob),
                Match::Whitelist(glob) => (false, glob),
                Match::None => return None,
            };
            let line = lines.iter().rposition(|line| line == glob.original())?;
            let file = super::folders::join(folder.as_bytes(), b".gitignore");
            let pattern = glob.original().to_owned();
            Some((
                ignored,
                Decision {
                    file,
                    line: line + 1,
                    pattern,
                },
            ))
        })
    }
}

fn parsed(file: &File) -> (String, Gitignore, Vec<String>) {
    let text = file.text.as_ref().map(Secret::expose).unwrap_or_default();
    let text = String::from_utf8_lossy(text).into_owned();
    let folder = super::folders::folder(file.path.as_bytes());
    (
        String::from_utf8_lossy(folder).into_owned(),
        rules(&text),
        text.lines().map(str::to_owned).collect(),
    )
}

fn rules(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        builder.add_line(None, line).expect("a pattern");
    }
    builder.build().expect("patterns")
}

impl Ground for Ruled {
    fn standing(&self, path: &RelPath) -> Standing {
        let text = path.display();
        match self.decide(&text) {
            Some((true, _)) => Standing::Ignored,
            Some((false, _)) => Standing::Untracked,
            None => match &self.here {
                Some(here) if here.matched(&text, false).is_ignore() => Standing::IgnoredHere,
                _ => Standing::Untracked,
            },
        }
    }

    fn decided_by(&self, path: &RelPath) -> Option<Decision> {
        self.decide(&path.display()).map(|(_, decided)| decided)
    }

    fn tracked(&self) -> Box<dyn Iterator<Item = &RelPath> + '_> {
        Box::new(self.tracked.iter())
    }
}

/// Where faults stand and how bad they are, in the order of their paths.
pub(super) fn told(faults: &[Fault]) -> Vec<(String, Severity)> {
    let mut told: Vec<_> = faults
        .iter()
        .map(|f| (f.path.display(), f.severity))
        .collect();
    told.sort();
    told
}

/// The one severity of what was found, if anything was.
pub(super) fn severity(faults: &[Fault]) -> Option<Severity> {
    assert!(faults.len() < 2, "{:?}", told(faults));
    faults.first().map(|fault| fault.severity)
}

/// A detail of a fault.
pub(super) fn detail<'f>(fault: &'f Fault, name: &str) -> Option<&'f str> {
    let found = fault.details.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn every_check_has_its_text() {
    let written = packs(std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/rules"
    )));
    for id in super::ids() {
        assert!(written.iter().any(|check| check == id), "{id}");
    }
}

/// The ids of all checks below a folder of packs.
fn packs(folder: &std::path::Path) -> Vec<String> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of packs") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            ids.extend(packs(&path));
        } else if let Ok(text) = std::fs::read_to_string(&path)
            && let Ok(pack) = toml::from_str::<crate::model::Pack>(&text)
        {
            ids.extend(pack.checks.into_iter().map(|check| check.id));
        }
    }
    ids
}
