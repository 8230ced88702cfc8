//! Path globs, relative to the file that states them.

use std::path::Path;

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

/// Paths that a glob of files would have to match if it matched everything: at the top, below, hidden, without a suffix.
const PROBES: [&str; 4] = ["q7zv", "q7/zv.k9", ".q7/z/v/k", "q/z/v/k/.z9.q"];

/// Some globs and the folder that they are relative to.
///
/// `*` and `?` stay within one name, `**` crosses folders; a glob that names a folder covers what lies below it. All of them are
/// anchored: `*.pem` means the top folder alone, `**/*.pem` every folder.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    set: GlobSet,
    base: Base,
}

/// How the folder that globs are relative to lies to the root that paths are relative to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Base {
    /// They are the same, or have nothing to do with each other.
    #[default]
    Root,
    /// It lies so far below the root, ending in `/`: other paths do not match.
    Below(Vec<u8>),
    /// The root lies so far below it, ending in `/`: this goes before each path.
    Above(Vec<u8>),
}

impl Base {
    /// Of globs that stand in a file of `folder`.
    pub fn new(folder: &Path, root: &Path) -> Self {
        let way = |inner: &Path, outer: &Path| {
            let rest = inner.strip_prefix(outer).ok()?;
            let parts: Vec<_> = rest.iter().map(|part| part.as_encoded_bytes()).collect();
            let mut way = parts.join(&b'/');
            way.push(b'/');
            Some(way)
        };
        match (way(folder, root), way(root, folder)) {
            _ if folder == root => Self::Root,
            (Some(below), _) => Self::Below(below),
            (_, Some(above)) => Self::Above(above),
            (None, None) => Self::Root,
        }
    }
}

impl Globs {
    /// Compiles `globs`, which are relative to the scan's root.
    ///
    /// # Errors
    /// What is wrong with the first wrong one: its index, a message and a hint.
    pub fn new(globs: &[String]) -> Result<Self, (usize, String, String)> {
        Self::based(globs, Base::Root)
    }

    pub(super) fn based(globs: &[String], base: Base) -> Result<Self, (usize, String, String)> {
        let mut set = GlobSetBuilder::new();
        for (i, glob) in globs.iter().enumerate() {
            let at = |(message, hint)| (i, message, hint);
            let glob = normal(glob).map_err(at)?;
            for glob in [glob.to_owned(), format!("{glob}/**")] {
                let glob = GlobBuilder::new(&glob).literal_separator(true).build();
                set.add(glob.map_err(|e| at(invalid(&e)))?);
            }
        }
        let last = globs.len().saturating_sub(1);
        let set = set.build().map_err(|e| {
            let (message, hint) = invalid(&e);
            (last, message, hint)
        })?;
        Ok(Self { set, base })
    }

    /// Whether one of them covers `path`, the bytes of a [`RelPath`](crate::model::RelPath).
    pub fn matches(&self, path: &[u8]) -> bool {
        match &self.base {
            Base::Root => self.covers(path),
            Base::Below(way) => path.strip_prefix(&way[..]).is_some_and(|p| self.covers(p)),
            Base::Above(way) => self.covers(&[&way[..], path].concat()),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Whether they cover every path, however that is written.
    pub(super) fn cover_all(&self) -> bool {
        PROBES.iter().all(|probe| self.covers(probe.as_bytes()))
    }

    fn covers(&self, path: &[u8]) -> bool {
        self.set.is_match_candidate(&Candidate::from_bytes(path))
    }
}

/// The glob without what changes nothing (`./`, a leading or closing `/`).
fn normal(glob: &str) -> Result<&str, (String, String)> {
    let inner = glob.strip_prefix("./").unwrap_or(glob);
    let inner = inner.trim_start_matches('/').trim_end_matches('/');
    if inner.is_empty() {
        let hint = "write a path or glob such as \"vendor/**\"";
        return Err(("this names no path".to_owned(), hint.to_owned()));
    }
    if glob.starts_with('!') {
        let hint = "name what is meant, and leave out the rest";
        return Err(("globs have no negation".to_owned(), hint.to_owned()));
    }
    if inner.split('/').any(|part| part == "..") {
        let hint = "write it relative to the folder of the file it stands in, or put it in a file further up";
        return Err(("this leads out of its folder".to_owned(), hint.to_owned()));
    }
    if glob.contains('\\') && !glob.contains('/') && !glob.contains(['*', '?', '[', '{']) {
        let hint = format!(
            "paths are written with `/`: \"{}\"",
            glob.replace('\\', "/")
        );
        return Err(("this matches nothing".to_owned(), hint));
    }
    Ok(inner)
}

fn invalid(error: &globset::Error) -> (String, String) {
    (
        format!("this is not a glob: {}", error.kind()),
        "put [ ] around a character that is meant as itself: `[[]id].js`".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(list: &[&str], base: Base) -> Globs {
        let list: Vec<_> = list.iter().map(|&g| g.to_owned()).collect();
        Globs::based(&list, base).expect("valid globs")
    }

    #[test]
    fn globs_are_anchored_and_folders_cover_what_is_below() {
        let globs = globs(
            &["vendor/**", "docs", "*.pem", "**/*.snap", "./a/"],
            Base::Root,
        );
        for path in [
            "vendor/x",
            "vendor/a/b",
            "docs",
            "docs/a/b",
            "k.pem",
            "x/y.snap",
            "a/b",
        ] {
            assert!(globs.matches(path.as_bytes()), "{path}");
        }
        for path in [
            "src/vendor/x",
            "vendors",
            "a.pem.txt",
            "x/k.pem",
            "src/docs/a",
        ] {
            assert!(!globs.matches(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn they_are_relative_to_the_folder_of_their_file() {
        let root = Path::new("/r");
        let below = globs(&["b/*"], Base::new(Path::new("/r/a"), root));
        assert!(below.matches(b"a/b/c"));
        assert!(!below.matches(b"b/c"));
        let above = globs(&["r/b/*"], Base::new(Path::new("/"), root));
        assert!(above.matches(b"b/c"));
        assert_eq!(Base::new(Path::new("/elsewhere"), root), Base::Root);
        assert_eq!(Base::new(root, root), Base::Root);
    }

    #[test]
    fn everything_is_known_in_every_spelling() {
        for all in [
            &["**"][..],
            &["*"],
            &["**/*"],
            &["/**"],
            &["{*,x}"],
            &["?*"],
            &["[!/]*"],
        ] {
            assert!(globs(all, Base::Root).cover_all(), "{all:?}");
        }
        for some in [&["src/**"][..], &["**/*.js"], &[".*"]] {
            assert!(!globs(some, Base::Root).cover_all(), "{some:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_paths_too() {
        let globs = globs(&["a/*"], Base::Root);
        assert!(globs.matches(b"a/\xff"));
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        for (glob, says) in [
            ("", "names no path"),
            ("/", "names no path"),
            ("!a", "no negation"),
            ("../a", "leads out"),
            ("a\\b", "matches nothing"),
            ("a[", "not a glob"),
        ] {
            let (i, message, hint) =
                Globs::new(&["ok".to_owned(), glob.to_owned()]).expect_err(glob);
            assert!(
                i == 1 && message.contains(says) && !hint.is_empty(),
                "{message}"
            );
        }
    }
}
