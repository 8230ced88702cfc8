//! Two thousand files with settings: a thousand with one fault each, and for each of them a twin without it.
//!
//! The tree is the same each time: a small generator of numbers with a fixed seed, no clock. Every fault must be found on its line, and
//! nothing may be found in a twin. What the repository as a whole is told (an env file is tracked) is not looked at: a twin has the name of its faulty brother.

mod formats;

use std::collections::BTreeMap;

use crate::tree::Tree;
use formats::{FORMATS, Format};

/// What is wrong in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// A random value of 20 to 40 characters under the name of a secret.
    Random,
    /// A secret under a prefix that ships it to the browser.
    Public,
    /// A signing key that is guessed, or too short.
    WeakJwt,
    /// A random value that stands in for a missing variable.
    Fallback,
}

/// What stands in a twin instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Twin {
    Reference,
    Placeholder,
    Encrypted,
    Meta,
    PublicKey,
    Publishable,
    Empty,
    /// The variable of a fallback is demanded, or falls back to nothing, or is no secret.
    NoFallback,
}

/// Names of what others issue: a placeholder under one is no running key.
const ISSUED: &[&[&str]] = &[
    &["api", "token"],
    &["client", "secret"],
    &["webhook", "secret"],
    &["access", "token"],
    &["deploy", "token"],
    &["db", "password"],
    &["smtp", "password"],
    &["billing", "api", "key"],
    &["redis", "password"],
    &["admin", "password"],
    &["bot", "token"],
];
/// Names of what an operator makes up.
const SELF_CHOSEN: &[&[&str]] = &[
    &["jwt", "secret"],
    &["session", "secret"],
    &["signing", "key"],
    &["encryption", "key"],
    &["refresh", "token", "secret"],
    &["cookie", "secret"],
];
const PREFIXES: &[&str] = &[
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "EXPO_PUBLIC_",
    "NUXT_PUBLIC_",
    "VUE_APP_",
    "GATSBY_",
    "STORYBOOK_",
];
/// What is said of a file by its name or of the whole repository.
const OF_THE_REPOSITORY: &[&str] = &[
    "env-file-tracked",
    "env-file-not-ignored",
    "env-file-shipped",
    "env-file-permissions",
    "gitignore-missing-env",
    "no-secret-scanning",
];

/// A file of the tree.
struct Made {
    path: String,
    text: String,
    /// First and last line of the setting in question.
    lines: [usize; 2],
    /// Format and fault, or format and kind of twin.
    kind: String,
    faulty: bool,
}

/// Numbers that look random: splitmix64.
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).expect("fits")).expect("fits")
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn text(&mut self, alphabet: &str, count: usize) -> String {
        let all = alphabet.as_bytes();
        (0..count)
            .map(|_| char::from(all[self.below(all.len())]))
            .collect()
    }

    pub fn base64(&mut self, count: usize) -> String {
        self.text(&[DIGITS, UPPER, LOWER].concat(), count)
    }

    /// 20 to 40 characters, of one of three alphabets that keys are written in.
    fn secret(&mut self) -> String {
        let count = 20 + self.below(21);
        let alphabet = match self.below(4) {
            0 => [DIGITS, "abcdef"].concat(),
            1 => [DIGITS, UPPER, LOWER, "-_"].concat(),
            _ => [DIGITS, UPPER, LOWER].concat(),
        };
        let body = self.text(&alphabet, count - 2);
        // Letters at both ends, for the sake of formats in which a mark would mean something.
        format!("{}{body}{}", self.text("abcdef", 1), self.text("abcdef", 1))
    }

    /// A signing key that nobody should run with.
    fn weak(&mut self) -> String {
        match self.below(5) {
            0 => ["sec", "ret"].concat(),
            1 => ["change", "me"].concat(),
            2 => ["super", "secret", "key"].concat(),
            3 => self.text("abc", 1).repeat(32),
            _ => {
                let count = 8 + self.below(8);
                self.base64(count)
            }
        }
    }
}

const DIGITS: &str = "0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

fn faulty(format: &Format, fault: Fault, dir: &str, path: &str, random: &mut Random) -> Made {
    let names = [ISSUED, SELF_CHOSEN].concat();
    let words = match fault {
        Fault::WeakJwt => random.one(&[
            ["jwt", "secret"].as_slice(),
            &["session", "secret"],
            &["nextauth", "secret"],
            &["jwt", "refresh", "secret"],
        ]),
        // Some keys of APIs are made for the browser: under such a prefix the name alone is no fault.
        Fault::Public => random.one(&[
            ["api", "token"].as_slice(),
            &["client", "secret"],
            &["db", "password"],
            &["jwt", "secret"],
            &["admin", "password"],
            &["webhook", "secret"],
            &["session", "secret"],
        ]),
        Fault::Random | Fault::Fallback => random.one(&names),
    };
    let name = format.style.join(words);
    let secret = random.secret();
    let (key, written) = match fault {
        Fault::Random => (name, format.literal(&secret)),
        Fault::Public => (
            format!("{}{name}", random.one(PREFIXES)),
            format.literal(&secret),
        ),
        Fault::WeakJwt => (name, format.literal(&random.weak())),
        Fault::Fallback => {
            let default = if spring(format) { ":" } else { ":-" };
            let variable = formats::Style::Upper.join(words);
            (
                name,
                format.literal(&format!("${{{variable}{default}{secret}}}")),
            )
        }
    };
    let (text, lines) = format.file(&key, &written, random);
    Made {
        path: path.replace('@', dir),
        text,
        lines,
        kind: format!("{}: {fault:?}", format.name),
        faulty: true,
    }
}

/// Whether `${NAME:value}` is how a fallback is written.
fn spring(format: &Format) -> bool {
    matches!(format.name, "spring yaml" | "properties")
}

fn twin_of(
    format: &Format,
    fault: Fault,
    round: usize,
    dir: &str,
    path: &str,
    random: &mut Random,
) -> Made {
    let kinds = match fault {
        Fault::Random => format.twins,
        Fault::Public => &[Twin::Publishable, Twin::Meta],
        Fault::WeakJwt => &[Twin::Reference, Twin::Meta, Twin::PublicKey],
        Fault::Fallback => &[Twin::NoFallback],
    };
    let kind = kinds[round % kinds.len()];
    let names = [ISSUED, SELF_CHOSEN].concat();
    let any = random.one(&names);
    let issued = random.one(ISSUED);
    let join = |words: &[&str]| format.style.join(words);
    let (key, written) = match kind {
        Twin::Reference => (join(any), format.reference(any)),
        Twin::Placeholder => {
            let what = formats::Style::Kebab.join(issued);
            let text = match random.below(4) {
                0 => format!("your-{what}-here"),
                1 => format!("replace-with-{what}"),
                2 => "xxxxxxxxxxxxxxxxxxxx".to_owned(),
                _ => format!("insert-{what}"),
            };
            (join(issued), format.literal(&text))
        }
        Twin::Encrypted => (join(any), format.encrypted(random)),
        Twin::Meta => {
            let (suffix, value) = [
                ("file", "/run/secrets/shop"),
                ("ttl", "3600"),
                ("url", "https://auth.example.com/token"),
                ("length", "32"),
                ("name", "shop-main"),
            ][random.below(5)];
            (
                join(&[any, [suffix].as_slice()].concat()),
                format.literal(value),
            )
        }
        Twin::PublicKey => {
            let words = random.one(&[
                ["jwt", "public", "key"].as_slice(),
                &["verifier", "public", "key"],
            ]);
            (join(words), format.literal(&random.base64(40)))
        }
        Twin::Publishable => {
            let (words, value) = match random.below(4) {
                0 => (
                    ["stripe", "publishable", "key"],
                    ["pk_", "live_", &random.base64(24)].concat(),
                ),
                1 => (["recaptcha", "site", "key"], random.base64(40)),
                2 => (
                    ["algolia", "search", "key"],
                    random.text(&[DIGITS, "abcdef"].concat(), 32),
                ),
                _ => (
                    ["posthog", "project", "key"],
                    ["phc_", &random.base64(43)].concat(),
                ),
            };
            let words = if words[0] == "posthog" {
                vec!["posthog", "key"]
            } else {
                words.to_vec()
            };
            (join(&words), format.literal(&value))
        }
        Twin::Empty => (join(issued), format.literal("")),
        Twin::NoFallback => {
            let variable = formats::Style::Upper.join(any);
            match (random.below(3), spring(format)) {
                (0, false) => (join(any), format!("${{{variable}:?set {variable}}}")),
                (0, true) => (join(any), format!("${{{variable}}}")),
                (1, false) => (join(issued), "${ISSUED_ELSEWHERE:-}".to_owned()),
                (1, true) => (join(issued), "${ISSUED_ELSEWHERE:}".to_owned()),
                (_, spring) => {
                    let default = if spring { ":" } else { ":-" };
                    let words = [any, ["url"].as_slice()].concat();
                    (
                        join(&words),
                        format!("${{{variable}_URL{default}https://auth.example.com/token}}"),
                    )
                }
            }
        }
    };
    // What a compose file demands has spaces in it; a list's plain scalar may, a shell's word may not.
    let written = match (kind, format.literal) {
        (Twin::NoFallback, formats::Literal::Quoted) => format!("\"{written}\""),
        _ => written,
    };
    let key = match fault {
        Fault::Public => format!("{}{key}", random.one(PREFIXES)),
        _ => key,
    };
    let (text, lines) = format.file(&key, &written, random);
    Made {
        path: path.replace('@', dir),
        text,
        lines,
        kind: format!("{}: {kind:?}", format.name),
        faulty: false,
    }
}

/// A thousand pairs: each format in turn, its faults and kinds of twins in turn.
fn tree() -> Vec<Made> {
    let mut random = Random(20_250_301);
    let mut made = Vec::new();
    for i in 0..1000 {
        let format = &FORMATS[i % FORMATS.len()];
        let round = i / FORMATS.len();
        let fault = format.faults[round % format.faults.len()];
        let path = format.paths[round % format.paths.len()];
        made.push(faulty(
            format,
            fault,
            &format!("s{i:04}"),
            path,
            &mut random,
        ));
        let rest = round / format.faults.len();
        made.push(twin_of(
            format,
            fault,
            rest,
            &format!("t{i:04}"),
            path,
            &mut random,
        ));
    }
    made
}

#[test]
fn every_fault_is_found_on_its_line_and_nothing_in_the_twins() {
    let files = tree();
    assert_eq!(files.len(), 2000);
    let repository = Tree::repository();
    for file in &files {
        repository.bytes(&file.path, file.text.as_bytes());
    }
    repository.git(&["add", "-A", "-f"]);
    repository.git(&["commit", "-q", "-m", "two thousand files"]);
    let run = repository.keyward(&[
        "scan",
        ".",
        "--no-history",
        "--confidence",
        "medium",
        "--fail-on",
        "never",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["stats"]["files"], 2000, "every file is read");

    let mut found: BTreeMap<&str, Vec<(u64, String)>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let id = finding["id"].as_str().expect("an id");
        if OF_THE_REPOSITORY.contains(&id) {
            continue;
        }
        for place in finding["places"].as_array().expect("places") {
            let severity = place["severity"].as_str().expect("a severity");
            let path = place["path"].as_str().expect("a path");
            if severity != "info" {
                let line = place["line"].as_u64().expect("a line");
                let what = format!("{id} {severity} on line {line}");
                found.entry(path).or_default().push((line, what));
            }
        }
    }

    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &files {
        *all.entry(&file.kind).or_default() += 1;
        let here = found.get(file.path.as_str()).map_or(&[][..], Vec::as_slice);
        let [first, last] = file.lines.map(|l| l as u64);
        let held = if file.faulty {
            here.iter().any(|(line, _)| (first..=last).contains(line))
        } else {
            here.is_empty()
        };
        if !held {
            let setting: Vec<&str> = file
                .text
                .lines()
                .skip(file.lines[0] - 1)
                .take(file.lines[1] - file.lines[0] + 1)
                .collect();
            let there: Vec<&str> = here.iter().map(|(_, what)| what.as_str()).collect();
            wrong.entry(&file.kind).or_default().push(format!(
                "    {}:{first} `{}`, found: [{}]",
                file.path,
                setting.join(" ").trim(),
                there.join(", ")
            ));
        }
    }
    let (missed, raised): (Vec<_>, Vec<_>) = wrong
        .iter()
        .partition(|(kind, _)| files.iter().any(|f| f.faulty && f.kind == **kind));
    let list = |groups: &[(&&str, &Vec<String>)]| -> String {
        groups
            .iter()
            .map(|(kind, lines)| {
                let some = lines[..lines.len().min(3)].join("\n");
                format!("  {kind}: {} of {}\n{some}\n", lines.len(), all[**kind])
            })
            .collect()
    };
    let count =
        |groups: &[(&&str, &Vec<String>)]| groups.iter().map(|(_, l)| l.len()).sum::<usize>();
    assert!(
        wrong.is_empty(),
        "{} of 1000 faults are not found\n{}{} of 1000 twins are reported\n{}",
        count(&missed),
        list(&missed),
        count(&raised),
        list(&raised),
    );
}
