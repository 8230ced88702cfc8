//! Paths, folders and the files that govern them. A folder is written without a slash at its end; the root is empty.

use super::{File, Tree};
use crate::model::RelPath;

/// The folder that the file at `path` lies in.
pub(super) fn folder(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&b| b == b'/').unwrap_or(0);
    &path[..end]
}

/// The path of what is called `name` in `folder`.
pub(super) fn join(folder: &[u8], name: &[u8]) -> RelPath {
    if folder.is_empty() {
        return RelPath::new(name);
    }
    RelPath::new([folder, name].join(&b'/'))
}

/// What is left of `path` below `folder`, if it lies there.
pub(super) fn below<'a>(path: &'a [u8], folder: &[u8]) -> Option<&'a [u8]> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix(b"/")
}

/// `folder` and the folders above it, the root last.
pub(super) fn upwards(folder: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(folder), |here| {
        (!here.is_empty()).then(|| self::folder(here))
    })
}

/// The file called `name` that is nearest to `path`, in its folder or one above.
pub(super) fn nearest<'t>(tree: &'t Tree<'_>, path: &[u8], name: &[u8]) -> Option<&'t File> {
    upwards(folder(path)).find_map(|folder| tree.file(join(folder, name).as_bytes()))
}

/// The files at any depth below `folder`, of `files` that are sorted by path.
pub(super) fn within<'f>(files: &'f [&'f File], folder: &[u8]) -> &'f [&'f File] {
    if folder.is_empty() {
        return files;
    }
    let prefix = [folder, b"/"].concat();
    let start = files.partition_point(|file| file.path.as_bytes() < prefix.as_slice());
    let rest = &files[start..];
    let end = rest.partition_point(|file| file.path.as_bytes().starts_with(&prefix));
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, tree};
    use super::*;
    use crate::model::Standing;

    #[test]
    fn folders_are_walked_to_the_root() {
        assert_eq!(folder(b"a/b/c"), b"a/b");
        assert_eq!(folder(b"c"), b"");
        let all: Vec<_> = upwards(b"a/b").collect();
        assert_eq!(all, [&b"a/b"[..], b"a", b""]);
        assert_eq!(upwards(b"").count(), 1);
        assert_eq!(join(b"", b"x"), RelPath::from("x"));
        assert_eq!(below(b"a/b", b"a"), Some(&b"b"[..]));
        assert_eq!(below(b"ab/b", b"a"), None);
    }

    #[test]
    fn what_lies_below_a_folder_is_one_stretch() {
        let tree =
            tree(["a/x", "a-b/x", "a0/x", "a/b/x", "b/x"].map(|p| file(p, Standing::Tracked)));
        let files: Vec<_> = tree.files.iter().collect();
        let paths = |folder: &[u8]| -> Vec<String> {
            let found = within(&files, folder).iter();
            found.map(|file| file.path.display()).collect()
        };
        assert_eq!(paths(b"a"), ["a/b/x", "a/x"]);
        assert_eq!(paths(b"c"), [""; 0]);
        assert_eq!(paths(b"").len(), 5);
    }

    #[test]
    fn the_nearest_file_counts() {
        let paths = [".gitignore", "a/.gitignore", "a/b/.env"];
        let tree = tree(paths.map(|p| file(p, Standing::Tracked)));
        let near = |path: &str| {
            let found = nearest(&tree, path.as_bytes(), b".gitignore");
            found.map(|file| file.path.display())
        };
        assert_eq!(near("a/b/.env").as_deref(), Some("a/.gitignore"));
        assert_eq!(near("b/.env").as_deref(), Some(".gitignore"));
    }
}
