//! Files made to hang a scan, to fill the memory, to leak through a report or to pass for clean.
//!
//! No test looks at a clock: each of the large inputs would take minutes, or gigabytes, where work grows with its square.

use std::io::Write;
use std::process::Stdio;

use crate::tree::{Run, Tree, expand, formats, keyward};

/// Bytes between the ends of two windows, and what they share: see `src/text/windows.rs`.
const WINDOW: usize = 8 << 20;
const OVERLAP: usize = 128 << 10;

/// Values of this form, each its own.
fn values(form: &str, count: usize) -> Vec<String> {
    let form = |i| format!("{i:06} {form}");
    (0..count)
        .map(|i| expand(&form(i))[7..].to_owned())
        .collect()
}

fn json(tree: &Tree, args: &[&str]) -> Run {
    tree.keyward(&[&["scan", ".", "--format", "json"], args].concat())
}

fn stdin(tree: &Tree, name: &str, text: &[u8]) -> Run {
    let mut command = keyward(tree.path());
    command
        .args(["scan", "-", "--format", "json", "--stdin-path", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("keyward starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let text = text.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(&text));
    let run = Run::of(child.wait_with_output().expect("it ends"));
    writer.join().expect("no panic").expect("it reads");
    run
}

#[test]
fn one_line_of_many_hits_and_marks_is_no_square() {
    let tree = Tree::new();
    let tokens = values("ghp_<<an36>>", 1_000);
    let line: String = tokens
        .iter()
        .map(|t| format!("x='{t}' // keyward{} no-such why ", ":allow"))
        .collect();
    tree.bytes("a.js", line.as_bytes());
    let run = json(&tree, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    // A few in a thousand look made up by chance.
    assert!(run.places().len() > tokens.len() - 20);
    let report = run.json();
    let notices = report["notices"].as_array().expect("notices");
    assert!(notices.len() <= 21, "{} notices", notices.len());
    assert!(tokens.iter().all(|t| !run.stdout.contains(&t[8..])));
}

#[test]
fn keywords_in_a_row_are_read_once() {
    let tree = Tree::new();
    for (i, text) in [
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJ.",
        "://a:",
        "password=",
        "password: ",
        "password=\"",
        "curl ",
        "Authorization: Bearer ",
        "postgres://u:",
        "keyward:allow ",
    ]
    .iter()
    .enumerate()
    {
        for ending in ["txt", "env", "js", "yml"] {
            let text = text.repeat(60_000 / text.len());
            tree.bytes(&format!("f{i}.{ending}"), text.as_bytes());
        }
    }
    let run = json(&tree, &[]);
    assert!(run.code <= 1, "{}", run.stderr);
    assert_eq!(run.json()["stats"]["files"], 40);
}

#[test]
fn what_stands_at_a_seam_is_found_once_with_its_line() {
    let tree = Tree::new();
    let tokens = values("ghp_<<an36>>", 5);
    let pem = expand("<<pem:RSA PRIVATE KEY>>");
    let mut text = "0123456789abcde\n"
        .repeat((2 * WINDOW + 4096) / 16)
        .into_bytes();
    let mut put = |at: usize, what: &str| {
        let at = at / 16 * 16;
        text[at..at + what.len()].copy_from_slice(what.as_bytes());
    };
    let seams = [
        WINDOW - OVERLAP,
        WINDOW - OVERLAP / 2,
        WINDOW - 16,
        2 * WINDOW - OVERLAP - OVERLAP / 2 + 8192,
    ];
    for (&at, token) in seams.iter().zip(&tokens) {
        put(at, &format!("{token}\n"));
    }
    let mark = format!(
        "# keyward{} github-pat-classic dead\n{}\n",
        ":allow", tokens[4]
    );
    put(WINDOW - OVERLAP / 2 - 96, &mark);
    put(2 * WINDOW - 2 * OVERLAP + OVERLAP / 2 - pem.len() / 2, &pem);
    let line = |what: &str| {
        let at = memchr::memmem::find(&text, what.as_bytes()).expect("it was put there");
        text[..at].iter().filter(|&&b| b == b'\n').count() + 1
    };
    let (lines, key) = (
        tokens[..4].iter().map(|t| line(t)).collect::<Vec<_>>(),
        line(&pem),
    );
    for run in [
        stdin(&tree, "a.txt", &text),
        stdin(&tree, "a.txt", &utf16(&text)),
    ] {
        assert_eq!(run.code, 1, "{}", run.stderr);
        let mut places = run.places();
        places.sort_unstable();
        let mut want: Vec<_> = lines
            .iter()
            .map(|line| format!("github-pat-classic critical a.txt:{line}"))
            .collect();
        want.sort_unstable();
        let (keys, tokens): (Vec<_>, Vec<_>) = places
            .into_iter()
            .partition(|p| p.ends_with(&format!(":{key}")));
        assert_eq!((keys.len(), tokens), (1, want));
        assert_eq!(run.json()["suppressed"], 1);
    }
}

fn utf16(text: &[u8]) -> Vec<u8> {
    let units = text.iter().flat_map(|&b| [b, 0]);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn more_places_than_a_report_can_bear_are_counted() {
    let tree = Tree::new();
    let token = expand("ghp_<<an36>>\n");
    let run = stdin(&tree, "a.txt", token.repeat(10_010).as_bytes());
    assert_eq!(run.code, 1);
    assert_eq!(run.places().len(), 10_000);
    let report = run.json();
    assert_eq!(report["complete"], false);
    let message = report["notices"][0]["message"].as_str().expect("told");
    assert!(message.contains("10 more"), "{message}");
}

#[test]
fn programs_that_cannot_be_read_are_counted_in_one_line() {
    let tree = Tree::new();
    let log = "console.log(user.password);\n";
    tree.bytes(
        "src/deep.js",
        format!("{log}{}", "[".repeat(3_000_000)).as_bytes(),
    );
    tree.bytes("src/broken.ts", format!("{log}const = = ;\n").as_bytes());
    tree.bytes("src/whole.js", log.as_bytes());
    tree.bytes(
        "docs/piece.md",
        format!("```js\n{log}const = = ;\n```\n").as_bytes(),
    );
    let run = json(&tree, &["--fail-on", "never"]);
    assert_eq!(run.code, 0);
    let report = run.json();
    assert_eq!(report["complete"], true);
    let told: Vec<_> = report["notices"]
        .as_array()
        .expect("notices")
        .iter()
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["kind"], "unparsed");
    let message = told[0]["message"].as_str().expect("told");
    assert!(message.starts_with("2 programs "), "{message}");
    // The tokens of what breaks are read all the same.
    let found = run.places();
    for path in ["src/broken.ts:1", "src/whole.js:1"] {
        assert!(found.iter().any(|p| p.ends_with(path)), "{found:?}");
    }
}

#[test]
fn a_configuration_that_is_endless_or_deep_is_an_error() {
    let tree = Tree::new();
    let deep = |open: &str, close: &str| {
        format!("a = {}{}\n", open.repeat(100_000), close.repeat(100_000))
    };
    for text in [
        deep("[", "]"),
        deep("{a=", "}"),
        format!("a{} = 1\n", ".a".repeat(100_000)),
        format!("[a{}]\n", ".a".repeat(100_000)),
        "# x\n".repeat(1 << 19),
    ] {
        tree.bytes("keyward.toml", text.as_bytes());
        let run = json(&tree, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(run.stderr.contains("keyward.toml"), "{}", run.stderr);
        assert!(run.stderr.len() < 2_000, "{}", run.stderr);
    }
}

#[test]
fn a_pattern_that_explodes_is_an_error() {
    let tree = Tree::new();
    let rule = |pattern: &str| {
        format!(
            "[[check]]\nid = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfix = \"x\"\n\n[[rule]]\ncheck = \"x\"\nseverity = \"high\"\npattern = '{pattern}'\n"
        )
    };
    for pattern in [
        "abc(?:(?:[a-z]{1000}){1000}){1000}".to_owned(),
        format!("abc{}a{}", "(?:".repeat(5_000), ")".repeat(5_000)),
        format!("abc[a-z]{{{}}}", u32::MAX),
    ] {
        tree.bytes("keyward.toml", rule(&pattern).as_bytes());
        let run = json(&tree, &[]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains("keyward.toml:7:"), "{}", run.stderr);
    }
}

#[test]
fn a_pack_or_a_reason_with_a_secret_in_it_does_not_show_it() {
    let token = expand("ghp_<<an36>>");
    let tree = Tree::new();
    tree.bytes(
        "mine.toml",
        format!("[[check]]\nid = \"x\"\nlinks = \"{token}\"\n").as_bytes(),
    );
    let run = json(&tree, &["--rules", "mine.toml"]);
    assert_eq!(run.code, 2);
    assert!(!run.stderr.contains(&token[8..]), "{}", run.stderr);

    let tree = Tree::new();
    tree.file("a.js", "k = 'ghp_<<an36>>'\n");
    let allow = format!("[[allow]]\npaths = ['a.js']\nreason = 'was {token} once'\n");
    tree.bytes("keyward.toml", allow.as_bytes());
    for format in formats() {
        let run = tree.keyward(&["scan", "a.js", "--show-suppressed", "--format", format]);
        assert!(run.stdout.contains(" once"), "{format}: {}", run.stdout);
        assert!(
            !run.stdout.contains(&token[8..]),
            "{format}: {}",
            run.stdout
        );
    }
}

#[test]
fn what_is_hidden_or_dropped_is_masked_on_the_line_of_another() {
    let tree = Tree::new();
    let token = expand("ghp_<<an36>>");
    let named = expand("<<an24>>");
    let line = format!("password = '{named}'; t = '{token}';\n");
    // By name alone a finding in other people's code is dropped.
    tree.bytes("vendor/a.js", line.as_bytes());
    tree.bytes("a.js", format!("/* {named} */ {line}").as_bytes());
    for format in formats() {
        let run = tree.keyward(&["scan", ".", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        for secret in [&named, &token] {
            assert!(
                !run.stdout.contains(&secret[8..]),
                "{format}: {}",
                run.stdout
            );
        }
    }
}

#[test]
fn nothing_that_a_repository_writes_steers_a_terminal() {
    let tree = Tree::new();
    tree.bytes(
        "keyward.toml",
        "[[check]]\nid = \"x-y\"\ntitle = \"a\\u001b[2Jb\\u202ec\\u061cd\"\nwhy = \"\\u001b]0;w\\u0007\"\nfix = \"f\"\n\n\
         [[rule]]\ncheck = \"x-y\"\nseverity = \"high\"\npattern = 'tok_[a-z]{8}'\n"
            .as_bytes(),
    );
    tree.bytes(
        "a\u{61c}\u{202e}b.txt",
        "tok_qwhzkvbn \u{1b}[31m\u{61c}\u{9b}\n".as_bytes(),
    );
    let is_bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{61c}');
    for args in [
        &["explain", "x-y"][..],
        &["rules", "list"],
        &["scan", "."],
        &["scan", ".", "--format", "json"],
        &["scan", ".", "--format", "jsonl"],
        &["scan", ".", "--format", "sarif"],
        &["scan", "no\u{1b}[2Jne"],
    ] {
        let run = tree.keyward(args);
        let text = run.stdout + &run.stderr;
        assert!(!text.contains(is_bad), "{args:?}: {text:?}");
    }
}

#[test]
fn hostile_trees_give_the_same_report_on_one_thread_and_on_many() {
    let tree = Tree::repository();
    for (i, token) in values("ghp_<<an36>>", 40).iter().enumerate() {
        let text = format!("a = '{token}'\r\nb = '{token}' # keyward{}\r\n", ":allow");
        tree.bytes(&format!("d{}/f{i}.py", i % 7), text.as_bytes());
        tree.bytes(&format!("d{}/b{i}.bin", i % 5), b"\0\x01\x02\x03\x04");
    }
    for format in formats() {
        let run = |jobs| {
            tree.keyward(&["scan", ".", "--format", format, "--jobs", jobs])
                .stdout
        };
        let one = run("1");
        assert!((0..4).all(|_| run("8") == one), "{format}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    fn mkfifo(tree: &Tree, name: &str) {
        let made = Command::new("mkfifo").arg(tree.path().join(name)).status();
        assert!(made.expect("mkfifo runs").success());
    }

    #[test]
    fn pipes_and_endless_devices_under_known_names_do_not_hold_a_scan_up() {
        for name in ["keyward.toml", ".keyward.toml", ".keyward-baseline"] {
            let tree = Tree::repository();
            mkfifo(&tree, name);
            let run = json(&tree, &[]);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}");
            assert!(run.stderr.contains(name), "{}", run.stderr);
            let tree = Tree::repository();
            symlink("/dev/zero", tree.path().join(name)).expect("a link");
            let run = json(&tree, &[]);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}");
        }
        let tree = Tree::repository();
        tree.file("a.js", "k = 'ghp_<<an36>>'\n");
        symlink("/dev/zero", tree.path().join(".gitignore")).expect("a link");
        tree.bytes("d/x", b"");
        mkfifo(&tree, "d/.gitignore");
        assert_eq!(json(&tree, &[]).code, 1);
    }

    #[test]
    fn pipes_and_endless_devices_among_rules_do_not_hold_a_scan_up() {
        let tree = Tree::new();
        tree.bytes("rules/a.txt", b"");
        mkfifo(&tree, "rules/x.toml");
        symlink("/dev/zero", tree.path().join("rules/y.toml")).expect("a link");
        symlink(".", tree.path().join("rules/loop")).expect("a link");
        assert_eq!(json(&tree, &["--rules", "rules"]).code, 0);
        for name in ["rules/x.toml", "rules/y.toml"] {
            assert_eq!(json(&tree, &["--rules", name]).code, 2);
            assert_eq!(json(&tree, &["--baseline", name]).code, 2);
            assert_eq!(json(&tree, &["--config", name]).code, 2);
        }
    }
}
