//! How a format writes one setting, and what stands around it.

use super::made::{Fault, Twin};
use super::random::Random;

/// How a format joins the words of a name.
#[derive(Clone, Copy)]
pub enum Style {
    Upper,
    Snake,
    Camel,
    Pascal,
    Kebab,
    Dots,
}

impl Style {
    pub fn join(self, words: &[&str]) -> String {
        let capital = |w: &str| w[..1].to_uppercase() + &w[1..];
        match self {
            Self::Upper => words.join("_").to_uppercase(),
            Self::Snake => words.join("_"),
            Self::Kebab => words.join("-"),
            Self::Dots => words.join("."),
            Self::Pascal => words.iter().map(|w| capital(w)).collect(),
            Self::Camel => words[0].to_owned() + &Self::Pascal.join(&words[1..]),
        }
    }
}

/// One format of files with settings.
pub struct Format {
    pub name: &'static str,
    /// The paths it has, `@` for a folder or name of its own.
    pub paths: &'static [&'static str],
    pub style: Style,
    pub head: &'static str,
    /// A setting; `#k` is its name, `#v` the value as written, quotes and all.
    pub entry: &'static str,
    /// A literal, `#` the text.
    pub literal: Literal,
    /// Between two settings.
    pub between: &'static str,
    pub tail: &'static str,
    /// Harmless lines around the setting in question, where an entry of this format cannot hold one.
    pub filler: Option<&'static [&'static str]>,
    /// How a value is taken from elsewhere, `#` the name in upper case, `#_` in lower case.
    pub reference: &'static str,
    pub encrypted: &'static str,
    pub faults: &'static [Fault],
    pub twins: &'static [Twin],
}

#[derive(Clone, Copy)]
pub enum Literal {
    Bare,
    Quoted,
    Base64,
}

/// Settings that nobody minds.
const HARMLESS: &[(&[&str], &str)] = &[
    (&["port"], "3000"),
    (&["log", "level"], "info"),
    (&["region"], "eu-west-1"),
    (&["max", "retries"], "3"),
    (&["feature", "signup"], "true"),
    (&["app", "name"], "shop"),
    (&["cache", "ttl"], "60"),
    (&["base", "url"], "https://shop.example.com"),
    (&["timeout", "ms"], "2500"),
    (&["token", "issuer"], "shop"),
    (&["password", "min", "length"], "12"),
    (&["key", "prefix"], "shop:"),
    (&["db", "host"], "db.internal.example.com"),
];

impl Format {
    pub fn literal(&self, text: &str) -> String {
        match self.literal {
            Literal::Bare => text.to_owned(),
            Literal::Quoted => format!("\"{text}\""),
            Literal::Base64 => data_encoding::BASE64.encode(text.as_bytes()),
        }
    }

    pub fn reference(&self, words: &[&str]) -> String {
        let name = Style::Upper.join(words);
        // `#{NAME}#` is a form of references itself.
        if self.reference.contains("#{#}#") {
            return self.reference.replace("{#}", &format!("{{{name}}}"));
        }
        self.reference
            .replace("#_", &Style::Snake.join(words))
            .replace('#', &name)
    }

    pub fn encrypted(&self, random: &mut Random) -> String {
        let mut text = String::new();
        for (i, part) in self.encrypted.split('#').enumerate() {
            if i > 0 {
                let count = 8 * (2 + random.below(4));
                text.push_str(&random.base64(count));
            }
            text.push_str(part);
        }
        if text.starts_with('\'') {
            text
        } else {
            self.literal(&text)
        }
    }

    /// The text of a file with this setting among harmless ones, and the lines that the setting stands in.
    pub fn file(&self, key: &str, written: &str, random: &mut Random) -> (String, [usize; 2]) {
        let entry = self.entry.replace("#k", key).replace("#v", written);
        let before = random.below(6);
        let after = random.below(4);
        let mut entries = self.fillers(before + after, random);
        let at = before.min(entries.len());
        entries.insert(at, entry.clone());
        let text = format!("{}{}{}", self.head, entries.join(self.between), self.tail);
        let start = self.head.len()
            + entries[..at]
                .iter()
                .map(|e| e.len() + self.between.len())
                .sum::<usize>();
        let first = 1 + text[..start].matches('\n').count();
        (text, [first, first + entry.matches('\n').count()])
    }

    fn fillers(&self, count: usize, random: &mut Random) -> Vec<String> {
        let own: Vec<String> = match self.filler {
            Some(lines) => lines.iter().map(|&l| l.to_owned()).collect(),
            None => HARMLESS
                .iter()
                .map(|(words, value)| {
                    let key = self.style.join(words);
                    self.entry
                        .replace("#k", &key)
                        .replace("#v", &self.literal(value))
                })
                .collect(),
        };
        let from = random.below(own.len());
        own.iter()
            .cycle()
            .skip(from)
            .take(count.min(own.len()))
            .cloned()
            .collect()
    }
}
