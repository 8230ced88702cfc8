//! Input that was made to hang, mislead or break a scan.

use std::fs;

use keyward::model::{Item, NoticeKind};
use keyward::source::Source;

use crate::repo::{Repo, count, git_command, see};

#[test]
fn nothing_that_the_repository_configures_is_run() {
    let repo = Repo::new();
    repo.write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
        .write("a", "1");
    repo.commit();
    repo.write("a", "2").write("b", "3");
    repo.git(&["add", "--all"]);
    let marker = repo.join("ran");
    let run = format!("sh -c 'touch \"{}\"; cat'", marker.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.hooksPath",
        "core.editor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "credential.helper",
    ] {
        repo.git(&["config", key, &run]);
    }
    // Git itself obeys, which shows that the trap is live.
    let _ = git_command(repo.path(), &["diff", "HEAD"]).output();
    assert!(fs::remove_file(&marker).is_ok());
    assert_eq!(see(&repo.staged()).blobs, ["a = 2", "b = 3"]);
    assert_eq!(see(&repo.worktree()).paths(), [".gitattributes", "a", "b"]);
    assert!(!marker.exists());
}

#[test]
fn a_configuration_that_cannot_be_read_stops_nothing() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write("a", "2").git(&["add", "a"]);
    repo.write(
        ".git/config",
        "[core\n\0repositoryformatversion = 99\n[include]\npath = /dev/zero\n",
    );
    assert_eq!(see(&repo.staged()).blobs, ["a = 2"]);
    assert_eq!(see(&repo.worktree()).blobs, ["a = 2"]);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    fn mkfifo(path: &std::path::Path) {
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.expect("mkfifo runs").success());
    }

    #[test]
    fn links_are_not_followed_and_told_where_they_leave_the_tree() {
        let outside = Repo::plain();
        outside.write("secret", "outside");
        let repo = Repo::new();
        repo.write("dir/a", "1");
        symlink("a", repo.join("dir/inside")).expect("a link");
        symlink("..", repo.join("dir/loop")).expect("a link");
        symlink("self", repo.join("self")).expect("a link");
        symlink("nowhere", repo.join("dangling")).expect("a link");
        symlink(outside.path(), repo.join("out")).expect("a link");
        symlink(outside.join("secret"), repo.join("out.txt")).expect("a link");
        let seen = see(&repo.worktree());
        assert_eq!(seen.blobs, ["dir/a = 1"]);
        let mut told: Vec<_> = (seen.notices.iter())
            .filter_map(|n| n.split(": ").next())
            .collect();
        told.sort_unstable();
        assert_eq!(
            told,
            ["link dangling", "link out", "link out.txt", "link self"]
        );
        assert!(seen.complete);

        let mut worktree = repo.worktree();
        worktree.paths = vec![repo.join("out.txt")];
        let seen = see(&worktree);
        assert!(seen.blobs[0].ends_with("/secret = outside"), "{seen:?}");
        worktree.paths = vec![repo.join("dangling"), repo.join("self")];
        let seen = see(&worktree);
        assert_eq!(count(&seen, NoticeKind::Missing), 1, "{seen:?}");
        assert_eq!(count(&seen, NoticeKind::Unreadable), 1, "{seen:?}");
    }

    #[test]
    fn a_root_that_is_a_link_is_resolved() {
        let repo = Repo::new();
        repo.write("a", "1");
        let other = Repo::plain();
        symlink(repo.path(), other.join("link")).expect("a link");
        let mut worktree = repo.worktree();
        worktree.root = other.join("link");
        assert_eq!(see(&worktree).blobs, ["a = 1"]);
        worktree.paths = vec![other.join("link/a"), repo.join("a"), other.join("link")];
        assert_eq!(see(&worktree).blobs, ["a = 1"]);
    }

    #[test]
    fn pipes_sockets_and_devices_are_never_opened() {
        let repo = Repo::new();
        repo.write("a", "1");
        mkfifo(&repo.join("pipe"));
        let _socket = UnixListener::bind(repo.join("socket")).expect("a socket");
        let seen = see(&repo.worktree());
        assert_eq!(seen.blobs, ["a = 1"]);
        assert_eq!(
            seen.notices,
            [
                "link pipe: a named pipe is not opened",
                "link socket: a socket is not opened"
            ]
        );
        let mut worktree = repo.worktree();
        worktree.paths = vec![repo.join("pipe"), "/dev/zero".into()];
        let seen = see(&worktree);
        assert_eq!(count(&seen, NoticeKind::Unreadable), 2);
        assert!(!seen.complete);
    }

    #[test]
    fn ignore_files_that_are_no_files_are_not_opened() {
        let repo = Repo::new();
        repo.write("a/x", "1").write("b/x", "2").write("c/x", "3");
        mkfifo(&repo.join("a/.gitignore"));
        mkfifo(&repo.join("a/.git"));
        symlink("/dev/zero", repo.join("b/.gitignore")).expect("a link");
        fs::create_dir(repo.join("c/.gitignore")).expect("a folder");
        assert_eq!(see(&repo.worktree()).paths(), ["a/x", "b/x", "c/x"]);
    }

    #[test]
    fn an_index_that_is_a_pipe_is_not_opened() {
        let repo = Repo::new();
        repo.write("a", "1");
        mkfifo(&repo.join(".git/index"));
        assert!(repo.staged().push(1, &|_| {}).is_err());
        let seen = see(&repo.worktree());
        assert_eq!(seen.blobs, ["a = 1"]);
        assert_eq!(count(&seen, NoticeKind::Unreadable), 1);
    }

    #[test]
    fn names_that_are_not_utf8_are_kept() {
        let repo = Repo::new();
        let name = OsStr::from_bytes(b"caf\xe9/\x1b[31m\xff.txt");
        let path = repo.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, "1").expect("a file");
        repo.git(&["add", "--all"]);
        let raw = std::sync::Mutex::new(Vec::new());
        let keep = |item: Item<'_>| {
            if let Item::Blob(blob) = item {
                raw.lock()
                    .expect("no panic")
                    .push(blob.path.as_bytes().to_vec());
            }
        };
        repo.worktree().push(2, &keep).expect("a tree");
        repo.staged().push(2, &keep).expect("an index");
        let mut only = repo.worktree();
        only.paths = vec![path];
        only.push(2, &keep).expect("a file");
        assert_eq!(
            raw.into_inner().expect("no panic"),
            vec![name.as_bytes(); 3]
        );
    }

    #[test]
    fn folders_deeper_than_a_path_may_be_long_are_told() {
        let repo = Repo::new();
        repo.write("a", "1");
        // From the inside out, because no path reaches so deep.
        for _ in 0..1500 {
            fs::create_dir(repo.join("outer")).expect("a folder");
            let _ = fs::rename(repo.join("deep"), repo.join("outer/deep"));
            fs::rename(repo.join("outer"), repo.join("deep")).expect("a folder");
        }
        let seen = see(&repo.worktree());
        assert_eq!(seen.blobs, ["a = 1"]);
        assert_eq!(count(&seen, NoticeKind::Unreadable), 1, "{seen:?}");
        assert!(!seen.complete);
        let removed = Command::new("rm")
            .arg("-rf")
            .arg(repo.join("deep"))
            .status();
        assert!(removed.expect("rm runs").success());
    }

    #[test]
    fn a_file_that_vanishes_is_told() {
        let repo = Repo::new();
        repo.write("a", "1").write("b", "2");
        let blobs = std::sync::atomic::AtomicUsize::new(0);
        let notices = std::sync::Mutex::new(Vec::new());
        let sink = |item: Item<'_>| match item {
            Item::Blob(_) => {
                blobs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let _ = fs::remove_file(repo.join("a"));
                let _ = fs::remove_file(repo.join("b"));
            }
            Item::Notice(notice) => notices.lock().expect("no panic").push(notice),
            Item::Excluded(_) => {}
        };
        repo.worktree().push(1, &sink).expect("a tree");
        let notices = notices.into_inner().expect("no panic");
        assert_eq!((blobs.into_inner(), notices.len()), (1, 1));
        assert!(notices[0].message.contains("vanished"), "{notices:?}");
        assert_eq!(notices[0].kind, NoticeKind::Unreadable);
    }

    #[test]
    fn unreadable_files_and_folders_are_told() {
        use std::os::unix::fs::PermissionsExt;
        let repo = Repo::new();
        repo.write("file", "1").write("dir/b", "2").write("c", "3");
        for path in ["file", "dir"] {
            let closed = fs::Permissions::from_mode(0o000);
            fs::set_permissions(repo.join(path), closed).expect("its owner");
        }
        // To root nothing is closed.
        if fs::File::open(repo.join("file")).is_err() {
            let seen = see(&repo.worktree());
            assert_eq!(seen.blobs, ["c = 3"]);
            assert_eq!(
                seen.notices,
                [
                    "unreadable dir: the folder cannot be read: permission denied",
                    "unreadable file: cannot be opened: permission denied"
                ]
            );
        }
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(repo.join("dir"), open).expect("its owner");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_error_while_reading_is_left_to_the_consumer() {
        let mut worktree = Repo::plain().worktree();
        worktree.root = "/proc/self".into();
        // Its first page is not mapped, so that it opens and then fails.
        worktree.paths = vec!["/proc/self/mem".into()];
        assert_eq!(see(&worktree).blobs, ["mem = !"]);
    }
}
