//! `credential-file`: a file that is kept for the credentials in it, in the repository or about to be.
//!
//! What is in it counts first, its name second: a certificate is no key, and a `.npmrc` that fetches its token holds none. Keys inside source code,
//! settings and environment files are told by the checks of those. Stores that are no text (PKCS#12, Java keystores, KeePass) are not read, so they
//! are not seen here.

use super::env_files::{self, MADE_UP, NOT_OWN, Worth};
use super::{Fault, File, Tree, Where, private_keys};
use crate::classify::contexts;
use crate::classify::kinds::Kind;
use crate::model::{Confidence, Context, Fix, RelPath, Severity, Standing};

const ID: &str = "credential-file";

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A private key, told by its content.
    PrivateKey,
    /// The key of a service account of Google Cloud.
    ServiceAccount,
    /// What Terraform knows of the world.
    State,
    /// Logins of a program.
    Logins,
}

impl Sort {
    /// As a detail says it.
    fn word(self) -> &'static str {
        match self {
            Self::PrivateKey => "private key",
            Self::ServiceAccount => "key of a service account",
            Self::State => "Terraform state",
            Self::Logins => "logins of a program",
        }
    }
}

pub(super) fn check(tree: &Tree<'_>, faults: &mut Vec<Fault>) {
    for file in tree.files.iter().filter(|file| !file.contexts.any(NOT_OWN)) {
        if let Some(sort) = sort(file)
            && let Some(severity) = severity(tree, file, sort)
        {
            faults.push(fault(tree, file, sort, severity));
        }
    }
}

/// What the file is, if it is one of these and holds something.
fn sort(file: &File) -> Option<Sort> {
    let name = file.path.name().to_ascii_lowercase();
    let found = |id: &str| file.found.iter().any(|(other, _)| other == id);
    let holds = env_files::worth(file) >= Worth::Guessable;
    let sort = if name.ends_with(b".json") && found("gcp-service-account-key") {
        Some(Sort::ServiceAccount)
    } else if file.kind == Some(Kind::TerraformState) {
        holds.then_some(Sort::State)
    } else if is_key_name(&name) {
        private_keys::is_found(file).then_some(Sort::PrivateKey)
    } else {
        (is_login_file(&name, file.path.as_bytes()) && holds).then_some(Sort::Logins)
    };
    // By its name: in a folder called `examples` it is a file still.
    let template = || contexts::of_path(&RelPath::new(file.path.name())).has(Context::Example);
    sort.filter(|_| !contexts::is_env_file(&name) && !template())
}

/// Whether a file of that name, in lower case, is nothing but a key.
fn is_key_name(name: &[u8]) -> bool {
    const ENDS: &[&[u8]] = &[
        b".pem", b".key", b".ppk", b".pk8", b".p8", b".asc", b".gpg", b".agekey", b".jwk", b".rsa",
    ];
    const STARTS: &[&[u8]] = &[
        b"id_rsa",
        b"id_dsa",
        b"id_ecdsa",
        b"id_ed25519",
        b"ssh_host_",
        b"secring.",
    ];
    let is_code = [
        &b".js"[..],
        b".ts",
        b".py",
        b".rb",
        b".go",
        b".rs",
        b".java",
        b".md",
        b".pub",
    ];
    ENDS.iter().any(|end| name.ends_with(end))
        || STARTS.iter().any(|start| name.starts_with(start))
            && !is_code.iter().any(|end| name.ends_with(end))
        || name == b"wg0.conf"
        || name == b"identity"
}

/// Whether a file, its name in lower case, is where a program keeps its logins.
fn is_login_file(name: &[u8], path: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b".npmrc",
        b".yarnrc",
        b".yarnrc.yml",
        b".pypirc",
        b".netrc",
        b"_netrc",
        b".git-credentials",
        b".pgpass",
        b"pgpass.conf",
        b".my.cnf",
        b".htpasswd",
        b"kubeconfig",
        b"kubeconfig.yaml",
        b"kubeconfig.yml",
        b"admin.conf",
        b".dockercfg",
        b".s3cfg",
        b".boto",
        b"rclone.conf",
        b".rclone.conf",
        b"application_default_credentials.json",
        b".vault-token",
        b".databrickscfg",
        b"credentials.tfrc.json",
        b".smbcredentials",
        b".passwd-s3fs",
    ];
    const PATHS: &[&[u8]] = &[
        b".docker/config.json",
        b".aws/credentials",
        b".kube/config",
        b".cargo/credentials",
        b".cargo/credentials.toml",
        b".gem/credentials",
        b".config/gh/hosts.yml",
        b".composer/auth.json",
        b".m2/settings.xml",
    ];
    let ends_path = |end: &&[u8]| {
        let rest = path.strip_suffix(*end);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"/"))
    };
    NAMES.contains(&name) || name.starts_with(b"kubeconfig.") || PATHS.iter().any(ends_path)
}

/// How bad it is that the file is where it is, if it is.
fn severity(tree: &Tree<'_>, file: &File, sort: Sort) -> Option<Severity> {
    let locked = sort == Sort::PrivateKey && private_keys::is_locked(file);
    let severity = match file.standing {
        Standing::Tracked | Standing::Unversioned if locked => Severity::Medium,
        Standing::Tracked if sort == Sort::Logins => Severity::High,
        Standing::Tracked => Severity::Critical,
        Standing::Untracked => Severity::Medium,
        // Nobody scans a folder of other people's keys by accident, but many have logins beside their work.
        Standing::Unversioned if sort == Sort::PrivateKey => Severity::High,
        Standing::Unversioned => Severity::Medium,
        Standing::Ignored | Standing::IgnoredHere => return None,
    };
    let ignored = tree
        .git
        .is_some_and(|git| !tree.versioned && git.standing(&file.path, false).is_ignored());
    if file.standing == Standing::Unversioned && ignored {
        return None;
    }
    Some(if file.contexts.any(MADE_UP) {
        Severity::Low
    } else {
        severity
    })
}

fn fault(tree: &Tree<'_>, file: &File, sort: Sort, severity: Severity) -> Fault {
    let mut fixes = Vec::new();
    if file.standing == Standing::Tracked {
        fixes.push(Fix::Untrack {
            path: file.path.clone(),
        });
    }
    let ignore = env_files::ignore_file(tree, &file.path);
    let line = env_files::own_line(&ignore, &file.path).filter(|_| tree.versioned);
    fixes.extend(line.map(|line| Fix::Append {
        path: ignore,
        lines: vec![line],
    }));
    let mut entries = file
        .entries
        .iter()
        .filter(|entry| env_files::is_written(entry));
    let at = entries.next().map_or(Where::File, |entry| {
        Where::Spot(Box::new(entry.spot.clone()))
    });
    let mut details = vec![("is", sort.word().to_owned())];
    details.extend(env_files::holds(file, "rotate"));
    Fault {
        check: ID,
        severity,
        confidence: Confidence::High,
        path: file.path.clone(),
        at,
        subject: String::new(),
        details,
        related: Vec::new(),
        fixes,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, detail, file, holding, secret, settings, tree};
    use super::*;

    const KEY: &[&str] = &["pem-private-key"];

    fn of(file: File) -> Option<Severity> {
        let mut faults = Vec::new();
        check(&tree([file]), &mut faults);
        tests::severity(&faults)
    }

    fn tracked(path: &str, found: &[&str]) -> Option<Severity> {
        of(holding(path, Standing::Tracked, found))
    }

    #[test]
    fn what_opens_everything_is_critical_in_a_repository() {
        assert_eq!(
            tracked("deploy/id_rsa", &["openssh-private-key"]),
            Some(Severity::Critical)
        );
        assert_eq!(tracked("certs/server.key", KEY), Some(Severity::Critical));
        assert_eq!(
            tracked("keys/sa.json", &["gcp-service-account-key"]),
            Some(Severity::Critical)
        );
        let state = settings(
            "infra/terraform.tfstate",
            Standing::Tracked,
            &secret("db_password"),
        );
        assert_eq!(of(state), Some(Severity::Critical));
    }

    #[test]
    fn logins_of_programs_are_high() {
        for path in [
            ".npmrc",
            "a/.netrc",
            ".git-credentials",
            ".htpasswd",
            ".aws/credentials",
            "home/.docker/config.json",
            "kubeconfig.prod",
        ] {
            assert_eq!(
                tracked(path, &["some-token"]),
                Some(Severity::High),
                "{path}"
            );
        }
        let npmrc = settings(".npmrc", Standing::Tracked, &secret("_authToken"));
        assert_eq!(of(npmrc), Some(Severity::High));
        let pypirc = settings(".pypirc", Standing::Tracked, "password=postgres");
        assert_eq!(of(pypirc), Some(Severity::High));
    }

    #[test]
    fn the_standing_weighs() {
        let key = |standing| of(holding("a.pem", standing, KEY));
        let login = |standing| of(holding(".netrc", standing, &["netrc-credential"]));
        assert_eq!(key(Standing::Untracked), Some(Severity::Medium));
        assert_eq!(login(Standing::Untracked), Some(Severity::Medium));
        assert_eq!(key(Standing::Unversioned), Some(Severity::High));
        assert_eq!(login(Standing::Unversioned), Some(Severity::Medium));
        for standing in [Standing::Ignored, Standing::IgnoredHere] {
            assert_eq!(key(standing), None);
            assert_eq!(login(standing), None);
        }
        assert_eq!(tracked("tests/certs/ca.key", KEY), Some(Severity::Low));
        assert_eq!(
            tracked("examples/.npmrc", &["npm-access-token"]),
            Some(Severity::Low)
        );
    }

    #[test]
    fn what_holds_no_credential_is_no_such_file() {
        assert_eq!(tracked("certs/ca.pem", &[]), None);
        assert_eq!(tracked("keys/jwt.pub", &[]), None);
        assert_eq!(
            of(settings(
                ".npmrc",
                Standing::Tracked,
                "_authToken=${NPM_TOKEN}"
            )),
            None
        );
        assert_eq!(
            of(settings(
                ".npmrc",
                Standing::Tracked,
                "_authToken=YOUR_TOKEN"
            )),
            None
        );
        assert_eq!(of(file(".htpasswd.example", Standing::Tracked)), None);
        assert_eq!(tracked(".htpasswd.example", &["password-hash"]), None);
        assert_eq!(tracked("certs/server.example.key", KEY), None);
        assert_eq!(tracked("src/pem_test.go", KEY), None);
        assert_eq!(tracked("src/keys.rs", KEY), None);
        assert_eq!(tracked("id_rsa_parser.py", KEY), None);
        assert_eq!(tracked(".env", KEY), None);
        assert_eq!(tracked("node_modules/a/server.key", KEY), None);
    }

    #[test]
    fn it_stands_where_the_first_value_stands() {
        let npmrc = settings(
            ".npmrc",
            Standing::Tracked,
            &format!("username=bob\n{}", secret("_authToken")),
        );
        let mut faults = Vec::new();
        check(
            &tree([npmrc, holding("a.pem", Standing::Tracked, KEY)]),
            &mut faults,
        );
        assert!(matches!(&faults[0].at, Where::Spot(spot) if spot.line == 2));
        assert_eq!(detail(&faults[0], "rotate"), Some("_authToken"));
        assert!(matches!(faults[1].at, Where::File));
        let commands: Vec<_> = faults[1].fixes.iter().filter_map(Fix::command).collect();
        assert_eq!(
            commands,
            [
                "git rm --cached -- a.pem",
                "printf '%s\\n' /a.pem >> .gitignore"
            ]
        );
    }
}
