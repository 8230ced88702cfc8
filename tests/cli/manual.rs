//! What people and shells read about the program: help, manual pages, completions, schemas; and how reports look in a terminal's width.

use std::process::Command;

use crate::tree::{Tree, keyward};

const COMMANDS: &[&str] = &[
    "scan",
    "rules",
    "explain",
    "baseline",
    "hook",
    "schema",
    "completions",
    "man",
];

#[test]
fn completions_are_made_for_every_shell() {
    let tree = Tree::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = tree.keyward(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["explain", "history-only", "pre-receive"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(tree.keyward(&["completions", "tcsh"]).code, 2);
}

#[test]
fn bash_completes_commands_options_and_words() {
    let tree = Tree::new();
    let script = tree.keyward(&["completions", "bash"]).stdout;
    let completed = |words: &[&str]| {
        let line = words.join(" ");
        let (at, list) = (words.len() - 1, words.join("' '"));
        let asked = format!(
            "{script}\nCOMP_WORDS=('{list}'); COMP_CWORD={at}; COMP_LINE='{line}'; COMP_POINT={}; \
             _keyward keyward '{}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            line.len(),
            words[at],
            words[at - 1],
        );
        let out = Command::new("bash")
            .args(["--norc", "-c", &asked])
            .output()
            .ok()?;
        Some(
            String::from_utf8_lossy(&out.stdout)
                .trim()
                .replace("\r\n", "\n"),
        )
    };
    let Some(first) = completed(&["keyward", "sc"]) else {
        return;
    };
    assert_eq!(first, "scan\nschema");
    assert_eq!(completed(&["keyward", "sca"]).as_deref(), Some("scan"));
    assert_eq!(
        completed(&["keyward", "scan", "--stag"]).as_deref(),
        Some("--staged")
    );
    assert_eq!(
        completed(&["keyward", "scan", "--format", "sar"]).as_deref(),
        Some("sarif")
    );
    assert_eq!(
        completed(&["keyward", "hook", "inst"]).as_deref(),
        Some("install")
    );
}

#[test]
fn a_manual_page_is_printed_or_one_is_written_for_each_command() {
    let tree = Tree::new();
    let run = tree.keyward(&["man"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for part in [
        ".TH keyward 1",
        ".SH EXAMPLES",
        ".SH EXIT CODE",
        "keyward\\-scan(1)",
    ] {
        assert!(run.stdout.contains(part), "{part}\n{}", run.stdout);
    }
    let run = tree.keyward(&["man", "--output", "share/man1"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let folder = tree.path().join("share/man1");
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    for command in COMMANDS {
        let page = page(&format!("keyward-{command}.1"));
        assert!(
            page.contains(&format!(".TH keyward-{command} 1")),
            "{command}: {page}"
        );
    }
    assert!(page("keyward-hook-install.1").contains("core.hooksPath"));
    let count = std::fs::read_dir(&folder).expect("a folder").count();
    assert!(
        run.stderr.contains(&format!("{count} pages in ")),
        "{}",
        run.stderr
    );
}

#[test]
fn every_command_and_option_is_explained() {
    let tree = Tree::new();
    for command in COMMANDS {
        let run = tree.keyward(&[command, "--help"]);
        assert_eq!(run.code, 0, "{command}");
        let lines: Vec<&str> = run.stdout.lines().collect();
        for (i, line) in lines.iter().enumerate() {
            let is_option = line.trim_start().starts_with("--") || line.starts_with("  -");
            if is_option {
                let explained = lines
                    .get(i + 1)
                    .is_some_and(|next| next.starts_with("          "));
                let beside = line.trim().split("  ").count() > 1;
                assert!(explained || beside, "{command}: {line}");
            }
        }
    }
}

#[test]
fn schemas_are_printed_as_they_are_committed() {
    let tree = Tree::new();
    for (what, file) in [("config", "keyward.toml.json"), ("rules", "rules.json")] {
        let run = tree.keyward(&["schema", what]);
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
        let kept = std::fs::read_to_string(path.join(file)).expect("a schema");
        assert_eq!((run.code, run.stdout), (0, kept));
    }
    assert_eq!(tree.keyward(&["schema", "report"]).code, 2);
}

#[test]
fn a_pipe_gets_no_link_no_colour_and_no_line_break() {
    let tree = Tree::new();
    tree.file("a b.py", "token = \"ghp_<<an36>>\"\n");
    for args in [
        &["scan"][..],
        &["explain", "a b.py:1"],
        &["explain", "github-pat-classic"],
    ] {
        let mut command = keyward(tree.path());
        command.args(args).env("COLUMNS", "40");
        for (name, value) in [
            ("FORCE_HYPERLINK", "1"),
            ("TERM", "xterm-kitty"),
            ("WT_SESSION", "x"),
        ] {
            command.env(name, value);
        }
        let out = command.output().expect("it runs");
        let text = String::from_utf8(out.stdout).expect("UTF-8");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        let fix = text
            .lines()
            .find(|line| line.starts_with("  fix: "))
            .expect("a fix");
        assert!(fix.ends_with("read it from the environment"), "{fix}");
    }
}
