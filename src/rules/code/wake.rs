//! Which words wake rules on programs: to parse a file costs ten times what all else does, so a word alone is not enough, it must
//! stand as such rules need it.

use super::demand::Needle;
use super::reach;
use super::yields::handed_out;
use crate::classify::names;
use crate::facts::Language::{
    self, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::model::{Rule, Subject};
use foldhash::HashMap;

/// How a word must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stands {
    /// As what is called: `sign(`, `<Sign`.
    Called,
    /// As the end of what is called: `*Error(`.
    CalledEnd,
    /// As a name.
    Named,
    /// As a name that is given something.
    Given,
    /// As the environment: `process.env`.
    Environment,
    /// Anyhow.
    Anyhow,
}

/// A word that wakes a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) struct Word {
    pub bytes: Vec<u8>,
    pub(super) stands: Stands,
    /// The languages in which it says so; empty where it does in all.
    languages: &'static [Language],
}

/// Words for the environment, and in which languages they are: of all that `facts` reads as one, one stands in the text.
const ENVIRONMENT: &[(&str, Stands, &[Language])] = &[
    (".env", Stands::Environment, &[JavaScript, Python, Scala]),
    ("env", Stands::Called, &[JavaScript, Php, Python, Scala]),
    ("$env/", Stands::Anyhow, &[JavaScript]),
    ("cloudflare:workers", Stands::Anyhow, &[JavaScript]),
    ("node:process", Stands::Anyhow, &[JavaScript]),
    ("\"process\"", Stands::Anyhow, &[JavaScript]),
    ("'process'", Stands::Anyhow, &[JavaScript]),
    ("} = process", Stands::Anyhow, &[JavaScript]),
    ("environ", Stands::Named, &[Python]),
    ("env.str", Stands::Anyhow, &[Python]),
    ("decouple", Stands::Named, &[Python]),
    ("environs", Stands::Named, &[Python]),
    ("starlette", Stands::Named, &[Python]),
    ("getenv", Stands::Called, &[]),
    ("Getenv", Stands::Called, &[]),
    ("LookupEnv", Stands::Called, &[Go]),
    ("GetEnvironmentVariable", Stands::Called, &[]),
    ("Value", Stands::Called, &[Java, Kotlin]),
    ("ENV[", Stands::Anyhow, &[Php, Ruby]),
    ("ENV.fetch", Stands::Anyhow, &[Ruby]),
    ("_SERVER[", Stands::Anyhow, &[Php]),
    ("env::var", Stands::Anyhow, &[Rust]),
    ("env::{", Stands::Anyhow, &[Rust]),
    ("env!", Stands::Anyhow, &[Rust]),
    ("env.get", Stands::Anyhow, &[Scala]),
    ("envOr", Stands::Anyhow, &[Scala]),
    ("environment[\"", Stands::Anyhow, &[Swift]),
    ("Environment.get", Stands::Anyhow, &[Swift]),
];
/// A shorter word cannot be looked for.
const SHORTEST: usize = 3;

/// The words that wake a rule; none where it can only be known by the names of secrets, or by nothing.
pub(super) fn words(rule: &Rule) -> Vec<Word> {
    let mut words: Vec<Word> = match rule.on {
        Subject::Read => ENVIRONMENT
            .iter()
            .map(|&(word, stands, languages)| Word {
                bytes: word.as_bytes().to_vec(),
                stands,
                languages,
            })
            .collect(),
        _ => {
            // What is called may be what a name is given.
            let values = rule.all.iter().filter(|_| rule.on == Subject::Binding);
            let value = values
                .filter(|c| c.at == "value" && !c.callee.is_empty())
                .map(|c| &c.callee);
            let own = (!rule.callee.is_empty()).then_some((&rule.callee, rule.on));
            let (globs, on) = match own.or(value.map(|c| (c, Subject::Call)).next()) {
                Some(known) => known,
                None => return Vec::new(),
            };
            let stands = match on {
                Subject::Call => Stands::Called,
                _ => Stands::Given,
            };
            // Of `cookies.*` any member is given a value: what it is a member of is known.
            let known = |glob: &'_ str| match rule.on {
                Subject::Binding => lasts(glob.trim_end_matches(".*")),
                _ => lasts(glob),
            };
            globs
                .iter()
                .flat_map(|glob| known(glob).into_iter().map(move |last| (glob, last)))
                .flat_map(|(glob, last)| match before(glob) {
                    // `Log.d`: what it is a member of.
                    Some(before) if last.len() < SHORTEST && is_plain(&last) => lasts(before)
                        .iter()
                        .map(|part| word(part, Stands::Named))
                        .collect(),
                    _ => vec![word(&last, stands)],
                })
                .collect()
        }
    };
    words.sort();
    words.dedup();
    words
}

/// The last parts that a path may have by `glob`: `console.{log,info}` has two.
pub(super) fn lasts(glob: &str) -> Vec<String> {
    let glob = glob.strip_prefix("new ").unwrap_or(glob);
    let mut depth = 0usize;
    let mut start = 0;
    for (i, c) in glob.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => start = i + 1,
            _ => {}
        }
    }
    let last = &glob[start..];
    match (last.find('{'), last.rfind('}')) {
        (Some(open), Some(close)) if open < close => last[open + 1..close]
            .split(',')
            .map(|middle| [&last[..open], middle, &last[close + 1..]].concat())
            .flat_map(|whole| lasts(&whole))
            .collect(),
        _ => vec![last.to_owned()],
    }
}

/// What stands before the last part of a path that `glob` fits.
pub(super) fn before(glob: &str) -> Option<&str> {
    let depth = |at: usize| {
        let of = |c: char| glob[..at].matches(c).count();
        of('{').saturating_sub(of('}'))
    };
    let (dot, _) = glob.rmatch_indices('.').find(|&(at, _)| depth(at) == 0)?;
    Some(&glob[..dot])
}

/// Whether a part of a glob fits one word only.
pub(super) fn is_plain(part: &str) -> bool {
    !part.contains(['*', '?', '[', '{'])
}

/// The longest text that stands in all that `glob` fits; nothing of what stands in braces does, nor of `!glob`.
pub(super) fn longest(glob: &str) -> String {
    if glob.starts_with('!') {
        return String::new();
    }
    let (mut depth, mut parts) = (0usize, vec![String::new()]);
    for c in glob.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if depth == 0 && !matches!(c, '*' | '?' | '}' | ']') => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
        .into_iter()
        .max_by_key(String::len)
        .unwrap_or_default()
}

/// Whether one of the names at `positions` means a secret, without what stands around it: of `token.trim` it is `token`.
pub(in crate::rules) fn names_a_secret(text: &[u8], positions: &[usize]) -> bool {
    /// Longer words are data.
    const LONGEST: usize = 64;
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'-');
    let mut done = 0;
    positions.iter().any(|&at| {
        if at < done {
            return false;
        }
        let low = at.saturating_sub(LONGEST);
        let start = at - text[low..at].iter().rev().take_while(is_part).count();
        let high = text.len().min(at + LONGEST);
        let end = at + text[at..high].iter().take_while(is_part).count();
        done = end;
        let name = &text[start..end];
        [name, handed_out(name)].iter().any(|name| {
            let judged = names::name(name);
            judged.class.holds_secret() && !judged.client_safe
        })
    })
}

/// What surely stands in a name that a part of a glob fits.
fn word(part: &str, stands: Stands) -> Word {
    let longest = longest(part);
    Word {
        stands: match stands {
            _ if is_plain(part) => stands,
            Stands::Called if part.ends_with(&longest) => Stands::CalledEnd,
            _ => Stands::Anyhow,
        },
        bytes: longest.into_bytes(),
        languages: &[],
    }
}

impl Word {
    /// Whether it says something in `language`.
    pub(in crate::rules) fn is_of(&self, language: Language) -> bool {
        self.languages.is_empty() || self.languages.contains(&language)
    }

    /// Whether it is what is called, or given a value: the last part of a path.
    pub(super) fn is_last(&self) -> bool {
        matches!(
            self.stands,
            Stands::Called | Stands::CalledEnd | Stands::Given
        )
    }

    /// Whether it can be looked for.
    pub(super) fn is_long_enough(&self) -> bool {
        self.bytes.len() >= SHORTEST
    }

    /// Whether what the arguments of a call reach that the word names at one of `places` answers enough questions.
    pub(super) fn any_call(
        &self,
        values: &reach::Values<'_>,
        mut places: impl Iterator<Item = usize>,
        owners: &HashMap<Vec<u8>, Vec<Needle>>,
        questions: reach::Questions<'_>,
    ) -> bool {
        let called = reach::Called {
            name: &self.bytes,
            whole: self.stands == Stands::Called,
            owners: owners.get(&self.bytes).map(Vec::as_slice),
        };
        match self.stands {
            Stands::Called | Stands::CalledEnd => {
                places.any(|at| reach::is_call(values, called, at, questions))
            }
            _ => true,
        }
    }

    /// Whether the word at `at` stands as it must in a program in `language`.
    pub(in crate::rules) fn stands(
        &self,
        text: &[u8],
        at: usize,
        language: Option<Language>,
    ) -> bool {
        let before = at.checked_sub(1).and_then(|i| text.get(i)).copied();
        let behind = text.get(at + self.bytes.len()..).unwrap_or_default();
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'$';
        let ends = !behind.first().is_some_and(|&b| is_part(b));
        let whole = ends && !before.is_some_and(is_part);
        match self.stands {
            Stands::Anyhow => true,
            Stands::Named => whole,
            // Where scripts give names something is for their grammar to tell.
            Stands::Given => {
                let tells = language.is_some_and(|language| language != Language::JavaScript);
                whole && (!tells || reach::statement::given(text, at + self.bytes.len()).is_some())
            }
            Stands::Environment => ends && before.is_some_and(|b| is_part(b) || b == b'?'),
            Stands::CalledEnd => ends && is_called(behind, language),
            Stands::Called => {
                whole
                    && (is_called(behind, language)
                        || is_renamed(text, at, behind, language)
                        || is_element(text, at))
            }
        }
    }
}

/// Whether the name at `at` ends the name of an element: `<Form.Password`.
fn is_element(text: &[u8], at: usize) -> bool {
    /// Longer paths are no names of elements.
    const LONGEST: usize = 64;
    let before = &text[at.saturating_sub(LONGEST)..at];
    let mut before = before.iter().rev();
    before.find(|b| !(b.is_ascii_alphanumeric() || b"._$".contains(b))) == Some(&b'<')
}

/// Whether a name goes by another one here: `const { sign: s } = …`, `import s from "jsonwebtoken/sign"`.
fn is_renamed(text: &[u8], at: usize, behind: &[u8], language: Option<Language>) -> bool {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
    if language != Some(Language::JavaScript) {
        return false;
    }
    if matches!(behind, [b'"' | b'\'', ..]) {
        return is_module(text, at);
    }
    let Some(rest) = behind.strip_prefix(b":") else {
        return false;
    };
    let rest = rest.trim_ascii_start();
    let name = rest.iter().take_while(|b| is_part(b)).count();
    name > 0 && matches!(rest[name..].trim_ascii_start(), [b',' | b'}', ..])
}

/// Whether the quoted text that ends in the name at `at` is that of a module: `from "a/b"`, `require("a/b")`.
fn is_module(text: &[u8], at: usize) -> bool {
    /// Longer names of modules are paths of this tree.
    const LONGEST: usize = 100;
    let before = &text[at.saturating_sub(LONGEST)..at];
    let Some(open) = before.iter().rposition(|b| matches!(b, b'"' | b'\'')) else {
        return false;
    };
    let before = before[..open].trim_ascii_end();
    [&b"from"[..], b"require(", b"import("]
        .iter()
        .any(|word| before.ends_with(word))
}

/// Whether what stands behind a name says that it is called, or goes by another name here. In Ruby a call needs no brackets; elsewhere what
/// stands in braces behind a type is what it is made of, behind `!` what a macro is given.
fn is_called(behind: &[u8], language: Option<Language>) -> bool {
    let next = behind.trim_ascii_start();
    let called = matches!(next, [b'(' | b'`' | b'<', ..] | [b'?', b'.', ..]);
    called
        || next.starts_with(b"as ")
        || match language {
            Some(Language::JavaScript) | None => false,
            Some(Language::Ruby) => !next.starts_with(b"="),
            Some(_) => matches!(next, [b'{' | b'[' | b'!', ..] | [b':', b':', b'<', ..]),
        }
}
