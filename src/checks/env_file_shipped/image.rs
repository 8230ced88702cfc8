//! What the recipe of an image copies out of its build context.

use std::collections::HashMap;

use super::dockerignore::{cleaned, is_match};

/// Lines of a recipe that copy something in.
pub(super) struct Copy {
    /// The line of the instruction, from 1.
    pub line: usize,
    /// What it copies, relative to the root of the context; the whole context is empty.
    pub sources: Vec<Vec<u8>>,
    /// Patterns of what it leaves out: `--exclude`.
    pub excluded: Vec<Vec<u8>>,
    /// The stage is the last one, or the last one is made from it.
    pub ends_up: bool,
}

/// The instructions that copy from the context, in their order. What a variable names, another stage or an address is not known here.
pub(super) fn copies(text: &[u8]) -> Vec<Copy> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut copies: Vec<(usize, Copy)> = Vec::new();
    for (line, instruction) in instructions(text) {
        let mut words = instruction.split_ascii_whitespace();
        let name = words.next().unwrap_or_default().to_ascii_uppercase();
        match name.as_str() {
            "FROM" => stages.push(Stage::of(words)),
            "COPY" | "ADD" => {
                let rest = instruction
                    .trim_start()
                    .get(name.len()..)
                    .unwrap_or_default();
                let at = stages.len().saturating_sub(1);
                copies.extend(copy(line, rest.trim_start()).map(|copy| (at, copy)));
            }
            _ => {}
        }
    }
    let last = lineage(&stages);
    for (stage, copy) in &mut copies {
        copy.ends_up = last.get(*stage).copied().unwrap_or(true);
    }
    copies.into_iter().map(|(_, copy)| copy).collect()
}

/// `FROM base AS name`
struct Stage {
    base: String,
    name: Option<String>,
}

impl Stage {
    fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut words = words.filter(|word| !word.starts_with("--"));
        let base = words.next().unwrap_or_default().to_ascii_lowercase();
        let alias = words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("as"));
        let name = words.next().filter(|_| alias).map(str::to_ascii_lowercase);
        Self { base, name }
    }
}

/// Which stages the last one is made from by `FROM`, itself among them.
fn lineage(stages: &[Stage]) -> Vec<bool> {
    let mut last = vec![false; stages.len()];
    let mut known = HashMap::new();
    let mut bases = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        bases.push(known.get(stage.base.as_str()).copied());
        if let Some(name) = &stage.name {
            known.insert(name.as_str(), at);
        }
    }
    // A base stands before its stage, so this ends.
    let mut here = stages.len().checked_sub(1);
    while let Some(at) = here {
        last[at] = true;
        here = bases[at];
    }
    last
}

/// The arguments of a `COPY` or `ADD`.
fn copy(line: usize, arguments: &str) -> Option<Copy> {
    let mut rest = arguments;
    let mut excluded = Vec::new();
    while rest.starts_with("--") {
        let (flag, after) = rest.split_once(|c: char| c.is_ascii_whitespace())?;
        rest = after.trim_start();
        if flag.starts_with("--from=") {
            return None;
        }
        excluded.extend(
            flag.strip_prefix("--exclude=")
                .map(|pattern| cleaned(pattern.as_bytes())),
        );
    }
    let words: Vec<String> = match serde_json::from_str(rest.trim()) {
        Ok(words) => words,
        Err(_) => rest.split_ascii_whitespace().map(str::to_owned).collect(),
    };
    let (_, sources) = words.split_last()?;
    let known = |source: &&String| {
        !source.contains(['$', '<']) && !source.contains("://") && !source.starts_with("git@")
    };
    let sources = sources
        .iter()
        .filter(known)
        .map(|source| cleaned(source.as_bytes()));
    let sources: Vec<_> = sources.collect();
    (!sources.is_empty()).then_some(Copy {
        line,
        sources,
        excluded,
        ends_up: true,
    })
}

impl Copy {
    /// Whether it takes the file at `path` with a folder or by a pattern that does not name it: who names a file means it.
    pub(super) fn takes(&self, path: &[u8]) -> bool {
        let out = |pattern: &Vec<u8>| parents(path).any(|above| is_match(pattern, above));
        self.sources.iter().any(|source| source_takes(source, path))
            && !self.excluded.iter().any(out)
    }
}

fn source_takes(source: &[u8], path: &[u8]) -> bool {
    if source.is_empty() {
        return true;
    }
    let deep = source.iter().filter(|&&b| b == b'/').count() + 1;
    let mut slashes = path.iter().enumerate().filter(|(_, b)| **b == b'/');
    match slashes.nth(deep - 1) {
        Some((end, _)) => is_match(source, &path[..end]),
        None => {
            let last = source.rsplit(|&b| b == b'/').next().unwrap_or_default();
            let names_it = last.windows(3).any(|part| part == b"env");
            !names_it && is_match(source, path)
        }
    }
}

/// `path` and the folders above it.
fn parents(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/');
    ends.map(|(at, _)| &path[..at]).chain([path])
}

/// The instructions with the lines that they begin at, continued lines joined, comments and the bodies of here-documents left out.
fn instructions(text: &[u8]) -> Vec<(usize, String)> {
    let text = String::from_utf8_lossy(text);
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut open, mut until) = (false, None::<String>);
    for (at, line) in text.lines().enumerate() {
        if let Some(end) = &until {
            if line.trim() == end {
                until = None;
            }
            continue;
        }
        let line = line.trim();
        if line.starts_with('#') || open && line.is_empty() || line.is_empty() {
            continue;
        }
        let (body, more) = match line.strip_suffix('\\') {
            Some(body) => (body, true),
            None => (line, false),
        };
        match found.last_mut().filter(|_| open) {
            Some((_, instruction)) => {
                instruction.push(' ');
                instruction.push_str(body);
            }
            None => found.push((at + 1, body.to_owned())),
        }
        open = more;
        if !open {
            until = found
                .last()
                .and_then(|(_, instruction)| here_document(instruction));
        }
    }
    found
}

/// The word that ends the here-document which an instruction begins.
fn here_document(instruction: &str) -> Option<String> {
    let name = instruction.split_ascii_whitespace().next()?;
    if !["RUN", "COPY", "ADD"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let rest = &instruction[instruction.find("<<")? + 2..];
    let word = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
    let end = word
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(word.len());
    (end > 0).then(|| word[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn takes(text: &str, path: &str) -> Option<usize> {
        let all = copies(text.as_bytes());
        let found = all.iter().find(|copy| copy.takes(path.as_bytes()));
        found.map(|copy| copy.line)
    }

    #[test]
    fn folders_are_copied_with_all_that_is_in_them() {
        for (text, path, line) in [
            ("FROM node:22\nCOPY . .", ".env", Some(2)),
            ("FROM a\ncopy ./ /app/", "api/.env", Some(2)),
            ("FROM a\nADD / /app", ".env", Some(2)),
            ("FROM a\nCOPY --chown=app:app . /app", ".env", Some(2)),
            ("FROM a\nCOPY [\".\", \"/app dir\"]", ".env", Some(2)),
            ("FROM a\nCOPY api /app", "api/.env", Some(2)),
            (
                "FROM a\nCOPY \\\n  # all of it\n  api web \\\n  /app",
                "web/.env",
                Some(2),
            ),
            ("FROM a\nCOPY * /app/", ".env", Some(2)),
            ("FROM a\nCOPY packages/* /app/", "packages/a/.env", Some(2)),
            ("FROM a\nRUN <<EOF\nCOPY . .\nEOF\nCOPY src .", ".env", None),
            ("FROM a\nCOPY package.json src/ ./", ".env", None),
            ("FROM a\nCOPY --from=build . .", ".env", None),
            ("FROM a\nCOPY --exclude=.env* . .", ".env.local", None),
            ("FROM a\nCOPY --exclude=*.md . .", ".env", Some(2)),
            ("FROM a\nCOPY .env* ./", ".env", None),
            ("FROM a\nCOPY .env ./", ".env", None),
            ("FROM a\nCOPY $DIR .", ".env", None),
            ("FROM a\nADD https://example.com/x .", ".env", None),
            ("# COPY . .", ".env", None),
            ("FROM a\nCOPY .", ".env", None),
        ] {
            assert_eq!(takes(text, path), line, "{text}");
        }
    }

    #[test]
    fn stages_that_are_thrown_away_are_told() {
        let ends = |text: &str| -> Vec<bool> {
            copies(text.as_bytes())
                .iter()
                .map(|copy| copy.ends_up)
                .collect()
        };
        assert_eq!(
            ends("FROM a AS build\nCOPY . .\nFROM nginx\nCOPY --from=build /x /y"),
            [false]
        );
        assert_eq!(
            ends("FROM a AS base\nCOPY . .\nFROM --platform=x base\nRUN x"),
            [true]
        );
        assert_eq!(ends("FROM a\nCOPY . ."), [true]);
        assert_eq!(
            ends("FROM a AS a\nCOPY . .\nFROM a AS a\nCOPY x ."),
            [true, true]
        );
    }

    proptest! {
        #[test]
        fn any_recipe_is_read(text in "(?s)((FROM|COPY|ADD|RUN <<E|E|--from=|\\.|\\\\|\n| |\\[|\"|é|a){1,3}){0,30}") {
            for copy in copies(text.as_bytes()) {
                prop_assert!(copy.line >= 1 && copy.line <= text.lines().count());
                let _ = copy.takes(b"a/.env");
            }
        }
    }
}
