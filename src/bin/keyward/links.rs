//! Links in a terminal: OSC 8, where it is known to take them.
//!
//! Only where stdout is a terminal and gets colours, so never in a pipe, with `--color never`, with NO_COLOR or with TERM=dumb. A terminal
//! that does not know the sequence would show rubbish or nothing, so one must say by its variables that it does; FORCE_HYPERLINK=1 says it for
//! one that cannot (tmux may or may not hand links on), FORCE_HYPERLINK=0 says no.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use keyward::model::RelPath;

use crate::args::When;
use crate::{paint, world};

/// Terminals that know links, by what they call themselves in TERM_PROGRAM.
const PROGRAMS: &[&str] = &[
    "iTerm.app",
    "WezTerm",
    "vscode",
    "ghostty",
    "Hyper",
    "terminology",
    "rio",
    "zed",
];
/// The same, in TERM.
const TERMS: &[&str] = &[
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
    "foot-extra",
    "wezterm",
    "contour",
];
/// Variables that only terminals set which know links.
const MARKS: &[&str] = &[
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "DOMTERM",
];
/// GNOME's terminals crashed on links in the version before.
const VTE: u32 = 5001;
/// Longer ones are cut or refused by terminals.
const LONGEST: usize = 2000;

/// Whether stdout gets links.
pub fn wanted(color: When) -> bool {
    io::stdout().is_terminal() && paint::wanted(color) && is_known(&world::variable)
}

fn is_known(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let term = variable("TERM").unwrap_or_default();
    let inherited = ["TMUX", "STY"].iter().any(|name| variable(name).is_some());
    // What is between here and the terminal has its variables and not its abilities.
    if inherited
        || ["tmux", "screen"]
            .iter()
            .any(|start| term.starts_with(start))
    {
        return false;
    }
    let vte = variable("VTE_VERSION").and_then(|version| version.parse().ok());
    vte.is_some_and(|version: u32| version >= VTE)
        || MARKS.iter().any(|name| variable(name).is_some())
        || TERMS.contains(&term.as_str())
        || variable("TERM_PROGRAM").is_some_and(|name| PROGRAMS.contains(&name.as_str()))
}

/// `text` as a link to the file at `path` below `root`.
pub fn to_file(root: &Path, path: &RelPath, text: &str) -> String {
    let mut full = root.as_os_str().as_encoded_bytes().to_vec();
    if cfg!(windows) {
        full.iter_mut()
            .filter(|b| **b == b'\\')
            .for_each(|b| *b = b'/');
        full = full.strip_prefix(b"//?/").unwrap_or(&full).to_vec();
    }
    if !full.starts_with(b"/") {
        full.insert(0, b'/');
    }
    if !full.ends_with(b"/") {
        full.push(b'/');
    }
    full.extend(path.as_bytes());
    link(&format!("file://{}{}", host(), encoded(&full)), text)
}

/// `text` as a link to a page of the web; as it is where that is none.
pub fn to_page(url: &str, text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_graphic();
    match url.starts_with("https://") && url.bytes().all(is_plain) {
        true => link(url, text),
        false => text.to_owned(),
    }
}

fn link(url: &str, text: &str) -> String {
    if url.len() > LONGEST {
        return text.to_owned();
    }
    format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// A path of any bytes in the letters of a URL: nothing of it can end the link or steer the terminal.
fn encoded(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for &b in path {
        match b {
            b'/' | b'-' | b'.' | b'_' | b'~' | b':' => out.push(char::from(b)),
            b if b.is_ascii_alphanumeric() => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Whose file it is: over ssh the terminal is on another machine. Nothing where the system does not say.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
    match name.bytes().all(is_plain) {
        true => name.to_owned(),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(set: &[(&str, &str)]) -> bool {
        is_known(&|name| {
            let value = set.iter().find(|(known, _)| *known == name);
            value.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_terminal_must_be_known_to_take_links() {
        assert!(!known(&[]) && !known(&[("TERM", "xterm-256color")]));
        assert!(known(&[("TERM", "xterm-kitty")]));
        assert!(known(&[
            ("VTE_VERSION", "7600"),
            ("TERM", "xterm-256color")
        ]));
        assert!(!known(&[("VTE_VERSION", "5000")]) && !known(&[("VTE_VERSION", "x")]));
        assert!(known(&[("TERM_PROGRAM", "vscode")]));
        assert!(!known(&[("TERM_PROGRAM", "Apple_Terminal")]));
        assert!(known(&[("WT_SESSION", "x")]));
        assert!(!known(&[("VTE_VERSION", "7600"), ("TMUX", "/tmp/x")]));
        assert!(!known(&[("WT_SESSION", "x"), ("TERM", "screen-256color")]));
        assert!(known(&[("FORCE_HYPERLINK", "1"), ("TMUX", "/tmp/x")]));
        assert!(!known(&[("FORCE_HYPERLINK", "0"), ("WT_SESSION", "x")]));
    }

    #[test]
    fn no_path_and_no_page_gets_out_of_its_link() {
        let path = RelPath::new(&b"a b/\xff\x1b\\\x07%\xc2\x9b;.js"[..]);
        let made = to_file(Path::new("/r\u{1b}"), &path, "shown");
        let (url, rest) = made
            .strip_prefix("\u{1b}]8;;")
            .and_then(|rest| rest.split_once("\u{1b}\\"))
            .expect("a link");
        assert!(url.starts_with("file://"), "{url}");
        assert!(
            url.ends_with("/r%1B/a%20b/%FF%1B%5C%07%25%C2%9B%3B.js"),
            "{url}"
        );
        assert_eq!(rest, "shown\u{1b}]8;;\u{1b}\\");
        for bad in [
            "javascript:x",
            "http://x",
            "https://x\u{1b}\\",
            "https://x y",
            "file:///x",
        ] {
            assert_eq!(to_page(bad, "shown"), "shown", "{bad:?}");
        }
        assert!(to_page("https://example.com/a", "x").contains("example.com"));
        let long = RelPath::new("a/".repeat(1000).into_bytes());
        assert_eq!(to_file(Path::new("/"), &long, "shown"), "shown");
    }
}
