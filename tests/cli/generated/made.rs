//! The files of the tree: a fault, or what stands there when nothing is wrong.

use super::format::{Format, Literal, Style};
use super::formats::FORMATS;
use super::random::{DIGITS, Random};

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

/// A file of the tree.
pub struct Made {
    pub path: String,
    pub text: String,
    /// First and last line of the setting in question.
    pub lines: [usize; 2],
    /// Format and fault, or format and kind of twin.
    pub kind: String,
    pub faulty: bool,
}

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
            let variable = Style::Upper.join(words);
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
            let what = Style::Kebab.join(issued);
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
            let (words, value): (&[&str], String) = match random.below(4) {
                0 => (
                    &["stripe", "publishable", "key"],
                    ["pk_", "live_", &random.base64(24)].concat(),
                ),
                1 => (&["recaptcha", "site", "key"], random.base64(40)),
                2 => (
                    &["algolia", "search", "key"],
                    random.text(&[DIGITS, "abcdef"].concat(), 32),
                ),
                _ => (&["posthog", "key"], ["phc_", &random.base64(43)].concat()),
            };
            (join(words), format.literal(&value))
        }
        Twin::Empty => (join(issued), format.literal("")),
        Twin::NoFallback => {
            let variable = Style::Upper.join(any);
            let elsewhere = Style::Upper.join(issued);
            match (random.below(3), spring(format)) {
                (0, false) => (join(any), format!("${{{variable}:?set {variable}}}")),
                (0, true) => (join(any), format!("${{{variable}}}")),
                (1, false) => (join(issued), format!("${{{elsewhere}:-}}")),
                (1, true) => (join(issued), format!("${{{elsewhere}:}}")),
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
    // What a fallback says may have spaces in it.
    let written = match (kind, format.literal) {
        (Twin::NoFallback, Literal::Quoted) => format!("\"{written}\""),
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
pub fn tree() -> Vec<Made> {
    let mut random = Random::new(20_250_301);
    let mut made = Vec::new();
    for i in 0..1000 {
        let format = &FORMATS[i % FORMATS.len()];
        let round = i / FORMATS.len();
        let fault = format.faults[round % format.faults.len()];
        // Not in step with the faults.
        let path = format.paths[(round + round / format.faults.len()) % format.paths.len()];
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
