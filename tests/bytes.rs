//! The library alone, as a program that embeds it has it: no feature is needed, nothing is read but what is handed over.

use std::path::PathBuf;

use jiff::civil::{Date, date};
use keyward::model::{NoticeKind, Origin};
use keyward::rules::examples::expand;
use keyward::scan::{Options, Plan, Progress, Scanner, scan};

const TODAY: Date = date(2026, 1, 31);

fn options(cwd: PathBuf) -> Options {
    Options::new(cwd, TODAY)
}

fn text(template: &str) -> Vec<u8> {
    expand(template).expect("known macros").into_bytes()
}

#[test]
fn bytes_are_judged_by_the_path_that_they_are_given() {
    let scanner = Scanner::new(options(".".into())).expect("rules that hold");
    let leak = text("TOKEN = 'ghp_<<an36>>'\n");
    let report = scanner.scan("src/a.py", &leak);
    let [finding] = &report.findings[..] else {
        panic!("{:?}", report.findings);
    };
    assert_eq!(finding.check.id, "github-pat-classic");
    let place = &finding.places[0];
    let at = (place.path.display(), place.line, place.column, place.origin);
    assert_eq!(at, ("src/a.py".to_owned(), 1, 10, Origin::Stdin));
    let shown = String::from_utf8_lossy(&leak);
    let token = shown.split('\'').nth(1).expect("a token");
    assert!(!format!("{report:?}").contains(token), "it is masked");
    // What one document held is not told of the next, and a test weighs less.
    assert!(
        scanner
            .scan("src/b.py", b"TOKEN = read()\n")
            .findings
            .is_empty()
    );
    let test = scanner.scan("tests/a.py", &leak);
    assert!(test.findings[0].severity < finding.severity);
}

#[test]
fn threads_share_a_scanner() {
    let scanner = Scanner::new(options(".".into())).expect("rules that hold");
    let leak = text("TOKEN = 'ghp_<<an36>>'\n");
    std::thread::scope(|scope| {
        let run = || scanner.scan("a.py", &leak).findings.len();
        let threads = [(); 4].map(|()| scope.spawn(run));
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), 1);
        }
    });
}

#[test]
fn nothing_of_the_folder_counts_and_what_is_no_text_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("keyward.toml"), "no configuration").expect("written");
    // A repository that cannot be used.
    std::fs::write(dir.path().join(".git"), "gitdir: nowhere\n").expect("written");
    let scanner = Scanner::new(options(dir.path().to_owned())).expect("neither is read");
    let report = scanner.scan("a.bin", b"\0\x01\x02\0\0");
    assert_eq!(report.notices[0].kind, NoticeKind::Binary);
    assert!(report.complete() && report.findings.is_empty());
    assert_eq!(scanner.scan("a.py", b"").stats.files, 1);

    let broken = Options {
        config: Some(dir.path().join("keyward.toml")),
        ..options(dir.path().to_owned())
    };
    assert!(Scanner::new(broken).is_err(), "one that is named is read");
}

#[test]
fn a_folder_is_scanned_and_its_ignore_files_are_obeyed() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    // As much of a repository as makes its root one.
    for name in [".git/objects", ".git/refs"] {
        std::fs::create_dir_all(dir.path().join(name)).expect("made");
    }
    write(".git/HEAD", b"ref: refs/heads/main\n");
    write(".gitignore", b"build/\n");
    write("src/a.py", &text("TOKEN = 'ghp_<<an36>>'\n"));
    write("build/b.py", &text("KEY = 'ghp_<<an36>>'\n"));
    let plan = Plan::new(options(dir.path().to_owned())).expect("a plan");
    let report = scan(&plan, &Progress::default()).expect("a report");
    let paths: Vec<_> = (report.findings.iter())
        .flat_map(|f| &f.places)
        .map(|place| place.path.display())
        .collect();
    assert!(paths.contains(&"src/a.py".to_owned()), "{paths:?}");
    assert!(
        !paths.iter().any(|path| path.starts_with("build/")),
        "{paths:?}"
    );
    assert!(report.complete(), "{:?}", report.notices);
}
