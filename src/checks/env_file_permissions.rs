//! `env-file-permissions`: a file with credentials that other users of the machine may read.
//!
//! Only of files that git does not have: it knows of permissions no more than whether a file can be run.

use super::env_files::{self, MADE_UP, Worth};
use super::{Fault, File, Tree, Where, private_keys};
use crate::classify::contexts;
use crate::model::{Confidence, Fix, RelPath, Severity, Standing};

const ID: &str = "env-file-permissions";
/// What the group and all others may do.
const OTHERS: u32 = 0o077;
/// What file systems without permissions say of every file.
const MOUNT: u32 = 0o777;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    let mut modes = tree.files.iter().filter_map(|file| file.mode);
    if modes.all(|mode| mode & MOUNT == MOUNT) {
        return;
    }
    for file in &tree.files {
        let open = file
            .mode
            .filter(|mode| mode & OTHERS != 0 && file.standing != Standing::Tracked);
        if let Some(mode) = open
            && let Some(severity) = severity(file)
        {
            faults.push(fault(file, mode, severity));
        }
    }
}

/// How bad it is that others may read the file, if it is.
fn severity(file: &File) -> Option<Severity> {
    if file.contexts.any(MADE_UP) || file.contexts.any(env_files::NOT_OWN) {
        return None;
    }
    let worth = env_files::worth(file);
    let logs_in =
        matches!(file.path.name(), b".netrc" | b"_netrc" | b".pgpass") && worth >= Worth::Guessable;
    let kept = contexts::is_credential_file(file.path.name(), &file.path);
    if logs_in || private_keys::is_named(&file.path) || kept && private_keys::is_found(file) {
        return Some(Severity::Medium);
    }
    (env_files::is_env(file) && worth >= Worth::Guessable).then_some(Severity::Low)
}

fn fault(file: &File, mode: u32, severity: Severity) -> Fault {
    let mut details = vec![("mode", format!("{:o}", mode & MOUNT))];
    details.extend(env_files::holds(file, "holds"));
    let path: RelPath = file.path.clone();
    Fault {
        check: ID,
        severity,
        confidence: Confidence::High,
        at: Where::File,
        subject: String::new(),
        details,
        related: Vec::new(),
        fixes: vec![Fix::Restrict {
            path: path.clone(),
            mode: 0o600,
        }],
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, detail, file, holding, secret, settings, tree};
    use super::*;

    fn of(files: Vec<File>) -> Option<Severity> {
        let mut faults = Vec::new();
        check(&tree(files), &mut faults);
        tests::severity(&faults)
    }

    fn with(mode: u32, file: File) -> Vec<File> {
        vec![File {
            mode: Some(mode),
            ..file
        }]
    }

    fn env(text: &str) -> File {
        settings(".env", Standing::Ignored, text)
    }

    #[test]
    fn others_may_not_read_credentials() {
        let secret = secret("DB_PASSWORD");
        for (mode, expected) in [
            (0o644, Some(Severity::Low)),
            (0o666, Some(Severity::Low)),
            (0o640, Some(Severity::Low)),
            (0o600, None),
            (0o400, None),
        ] {
            assert_eq!(of(with(mode, env(&secret))), expected, "{mode:o}");
        }
        assert_eq!(of(vec![env(&secret)]), None);
        let mut faults = Vec::new();
        check(&tree(with(0o100_644, env(&secret))), &mut faults);
        assert_eq!(detail(&faults[0], "mode"), Some("644"));
        let command = faults[0].fixes[0].command();
        assert_eq!(command.as_deref(), Some("chmod 600 .env"));
    }

    #[test]
    fn keys_and_logins_weigh_more() {
        let here = Standing::Untracked;
        assert_eq!(
            of(with(0o644, file("deploy/id_ed25519", here))),
            Some(Severity::Medium)
        );
        assert_eq!(
            of(with(0o644, holding("a/b.pem", here, &["pem-private-key"]))),
            Some(Severity::Medium)
        );
        assert_eq!(
            of(with(0o644, settings(".pgpass", here, "password=postgres"))),
            Some(Severity::Medium)
        );
        assert_eq!(
            of(with(0o644, holding(".netrc", here, &["netrc-credential"]))),
            Some(Severity::Medium)
        );
        assert_eq!(
            of(with(
                0o644,
                holding("src/keys.rs", here, &["pem-private-key"])
            )),
            None
        );
        assert_eq!(of(with(0o644, file("a/ca.pem", here))), None);
        assert_eq!(of(with(0o644, file("id_ed25519.pub", here))), None);
        assert_eq!(of(with(0o644, file(".netrc", here))), None);
    }

    #[test]
    fn what_holds_nothing_may_be_read() {
        assert_eq!(of(with(0o644, env("PORT=1"))), None);
        assert_eq!(of(with(0o644, env("API_TOKEN=your-token-here"))), None);
        let weak = "DB_PASSWORD=postgres";
        assert_eq!(
            of(with(
                0o644,
                settings(".env.example", Standing::Untracked, weak)
            )),
            None
        );
        assert_eq!(
            of(with(0o644, settings(".env", Standing::Tracked, weak))),
            None
        );
        assert_eq!(
            of(with(0o644, settings("tests/.env", Standing::Ignored, weak))),
            None
        );
    }

    #[test]
    fn a_mount_without_permissions_says_nothing() {
        let weak = "DB_PASSWORD=postgres";
        assert_eq!(of(with(0o777, env(weak))), None);
        let mut files = with(0o777, env(weak));
        files.extend(with(0o600, settings("a/.env", Standing::Ignored, weak)));
        assert_eq!(of(files), Some(Severity::Low));
    }
}
