//! Paths as other scanners name them, by regular expressions, as globs.
//!
//! A glob that stands for an expression may match fewer paths, never more, but for what lies below a folder of that name: whatever it
//! matched beyond them would go unscanned. What has no such glob is left.

use std::collections::HashSet;

use keyward::formats::literals;
use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind, Look, Repetition};

/// Globs that one expression may become.
const MOST: usize = 64;
/// Times that a repetition is written out.
const TIMES: u32 = 8;

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// The path begins here.
    Start,
    /// The path ends here.
    End,
    /// This character.
    Is(char),
    /// One of these, as a glob writes them.
    Of(String),
    /// Whatever, folders too.
    Any,
    /// Whatever in one name.
    Run,
}

type Parts = Vec<Part>;

/// Bytes of an expression, and parts of a glob.
const LONGEST: usize = 1000;

/// What expressions may cost altogether: whoever wrote them chooses how many there are, and how many ways each can be read in.
pub struct Work {
    patterns: usize,
    parts: usize,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            patterns: 10_000,
            parts: 4 << 20,
        }
    }
}

impl Work {
    /// Whether nothing is left of it.
    pub fn is_done(&self) -> bool {
        self.patterns == 0 || self.parts == 0
    }

    fn spend(&mut self, parts: usize) -> Result<(), &'static str> {
        self.parts = self.parts.saturating_sub(parts);
        if self.parts == 0 {
            return Err("it, and those before it, can be read in too many ways");
        }
        Ok(())
    }
}

/// The globs of a regular expression that is looked for in paths.
///
/// # Errors
/// Why there are none.
pub fn of_regex(pattern: &str, work: &mut Work) -> Result<Vec<String>, &'static str> {
    work.patterns = work.patterns.saturating_sub(1);
    if pattern.len() > LONGEST {
        return Err(TOO_LONG);
    }
    let hir = literals::parse(pattern).map_err(|_| "it cannot be read as a regular expression")?;
    let mut globs: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for parts in parts(&hir, work)? {
        let Some(parts) = anchored(parts)? else {
            continue;
        };
        for glob in written(&parts, work)? {
            if known.insert(glob.clone()) {
                globs.push(glob);
            }
        }
    }
    if globs.is_empty() {
        return Err("it matches no path");
    }
    Ok(joined(&globs, &known))
}

/// All ways in which an expression can be read.
fn parts(hir: &Hir, work: &mut Work) -> Result<Vec<Parts>, &'static str> {
    match hir.kind() {
        HirKind::Empty => Ok(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).map_err(|_| "it is about bytes")?;
            Ok(vec![text.chars().map(Part::Is).collect()])
        }
        HirKind::Class(class) => one_of(class),
        HirKind::Look(Look::Start | Look::StartLF) => Ok(vec![vec![Part::Start]]),
        HirKind::Look(Look::End | Look::EndLF) => Ok(vec![vec![Part::End]]),
        HirKind::Look(_) => Err("it asks where words begin or end"),
        HirKind::Repetition(repetition) => repeated(repetition, work),
        HirKind::Capture(capture) => parts(&capture.sub, work),
        HirKind::Alternation(ways) => {
            let mut all = Vec::new();
            for way in ways {
                all.extend(parts(way, work)?);
                bounded(&all)?;
            }
            Ok(all)
        }
        HirKind::Concat(list) => {
            let mut all = vec![Vec::new()];
            for next in list {
                all = product(all, &parts(next, work)?, work)?;
            }
            Ok(all)
        }
    }
}

fn bounded(all: &[Parts]) -> Result<(), &'static str> {
    if all.len() > MOST {
        return Err("it stands for too many globs");
    }
    Ok(())
}

/// Each of the first with each of the others behind it.
fn product(
    mut before: Vec<Parts>,
    behind: &[Parts],
    work: &mut Work,
) -> Result<Vec<Parts>, &'static str> {
    // As a rule there is one way to go on, which is no reason to write all that is before it anew.
    if let [only] = behind {
        for a in &mut before {
            lengthen(a, only, work)?;
        }
        return Ok(before);
    }
    let mut all = Vec::new();
    for a in &before {
        for b in behind {
            work.spend(a.len())?;
            let mut a = a.clone();
            lengthen(&mut a, b, work)?;
            all.push(a);
            bounded(&all)?;
        }
    }
    Ok(all)
}

fn lengthen(parts: &mut Parts, more: &Parts, work: &mut Work) -> Result<(), &'static str> {
    if parts.len() + more.len() > LONGEST {
        return Err(TOO_LONG);
    }
    work.spend(1 + more.len())?;
    parts.extend_from_slice(more);
    Ok(())
}

fn repeated(repetition: &Repetition, work: &mut Work) -> Result<Vec<Parts>, &'static str> {
    let (min, max) = (repetition.min, repetition.max);
    if let HirKind::Class(Class::Bytes(class)) = repetition.sub.kind()
        && max.is_none()
        && let Some(run) = run(class)
    {
        // One that has to be there is one of a name.
        let mut all = vec![Part::Of("?".to_owned()); min.min(TIMES) as usize];
        all.push(run);
        return if min > TIMES {
            Err(REPEATS)
        } else {
            Ok(vec![all])
        };
    }
    let Some(max) = max.filter(|max| *max <= TIMES) else {
        return Err(REPEATS);
    };
    let once = parts(&repetition.sub, work)?;
    let mut all = Vec::new();
    let mut ways = vec![Vec::new()];
    for times in 0..=max {
        if times > 0 {
            ways = product(ways, &once, work)?;
        }
        if times >= min {
            work.spend(ways.iter().map(Vec::len).sum())?;
            all.extend(ways.iter().cloned());
            bounded(&all)?;
        }
    }
    Ok(all)
}

const TOO_LONG: &str = "it is too long";
const REPEATS: &str = "it repeats something, which a glob cannot say";

/// What a class stands for where it is repeated without end.
fn run(class: &ClassBytes) -> Option<Part> {
    let lacks = |b: u8| !holds(class, b);
    let many = (b' '..=b'~').filter(|&b| lacks(b)).count();
    match many {
        0 => Some(Part::Any),
        1 if lacks(b'/') => Some(Part::Run),
        // `[^/\\]`: no path has a backslash.
        2 if lacks(b'/') && lacks(b'\\') => Some(Part::Run),
        _ => None,
    }
}

fn holds(class: &ClassBytes, b: u8) -> bool {
    class
        .iter()
        .any(|range| (range.start()..=range.end()).contains(&b))
}

/// A class that stands once: `/` apart, because no class of a glob has it.
fn one_of(class: &Class) -> Result<Vec<Parts>, &'static str> {
    let Class::Bytes(class) = class else {
        return Err("it is about letters of other alphabets");
    };
    if run(class).is_some() {
        return Ok(vec![vec![Part::Of("?".to_owned())]]);
    }
    let slash = holds(class, b'/').then(|| vec![Part::Is('/')]);
    let rest: Vec<char> = (b' '..=b'~')
        .filter(|b| !b"/\\".contains(b) && holds(class, *b))
        .map(char::from)
        .collect();
    let rest = match rest[..] {
        [] => None,
        [only] => Some(vec![Part::Is(only)]),
        _ => Some(vec![Part::Of(class_of(&rest)?)]),
    };
    Ok(slash.into_iter().chain(rest).collect())
}

/// `[a-z_-]`, of characters that mean nothing in it, `-` last.
fn class_of(of: &[char]) -> Result<String, &'static str> {
    if of.iter().any(|c| "[]!^".contains(*c)) {
        return Err("it has a class that a glob cannot say");
    }
    let mut out = "[".to_owned();
    let plain: Vec<char> = of.iter().copied().filter(|c| *c != '-').collect();
    let mut at = 0;
    while at < plain.len() {
        let mut end = at;
        while end + 1 < plain.len() && plain[end + 1] as u32 == plain[end] as u32 + 1 {
            end += 1;
        }
        out.push(plain[at]);
        if end > at + 1 {
            out.push('-');
        }
        if end > at {
            out.push(plain[end]);
        }
        at = end + 1;
    }
    if of.contains(&'-') {
        out.push('-');
    }
    out.push(']');
    Ok(out)
}

/// The whole path: what is not anchored may have anything around it. Nothing where the anchors contradict the rest.
fn anchored(parts: Parts) -> Result<Option<Parts>, &'static str> {
    let mut out = Parts::new();
    let mut parts = &parts[..];
    let mut is_start = false;
    while let [Part::Start, rest @ ..] = parts {
        (is_start, parts) = (true, rest);
    }
    let mut is_end = false;
    while let [rest @ .., Part::End] = parts {
        (is_end, parts) = (true, rest);
    }
    if parts
        .iter()
        .any(|part| matches!(part, Part::Start | Part::End))
    {
        return Ok(None);
    }
    // A path begins with no slash and ends with none.
    if is_start && parts.first() == Some(&Part::Is('/'))
        || is_end && parts.last() == Some(&Part::Is('/'))
    {
        return Ok(None);
    }
    if parts.is_empty() {
        return Err("it is every path");
    }
    if !is_start {
        out.push(Part::Any);
    }
    out.extend_from_slice(parts);
    if !is_end {
        out.push(Part::Any);
    }
    out.dedup_by(|a, b| *a == Part::Any && *b == Part::Any);
    Ok(Some(out))
}

/// The globs of one way. What may be anything ends in a name or goes on into folders, which are two globs.
fn written(parts: &[Part], work: &mut Work) -> Result<Vec<String>, &'static str> {
    let mut all = vec![String::new()];
    for (at, part) in parts.iter().enumerate() {
        work.spend(all.len())?;
        let next = parts.get(at + 1);
        let mut more = Vec::new();
        for mut out in all {
            match part {
                Part::Is('\\') => continue,
                Part::Is('!') if out.is_empty() => return Err("it begins with `!`"),
                Part::Is(c) if "*?[]{}".contains(*c) => out += &format!("[{c}]"),
                Part::Is(c) => out.push(*c),
                Part::Of(class) => out += class,
                Part::Run => star(&mut out),
                Part::Any => {
                    more.extend(anything(&out, next));
                    continue;
                }
                Part::Start | Part::End => {}
            }
            more.push(out);
        }
        all = more;
        if all.len() > MOST {
            return Err("it stands for too many globs");
        }
    }
    all.retain(|glob| !glob.is_empty() && !glob.contains("//"));
    Ok(all)
}

fn star(out: &mut String) {
    if !out.ends_with('*') {
        out.push('*');
    }
}

fn anything(before: &str, next: Option<&Part>) -> Vec<String> {
    let with = |end: &str| format!("{before}{end}");
    let in_name = !before.is_empty() && !before.ends_with('/');
    match (in_name, next) {
        (false, None) => vec![with("**")],
        (_, Some(Part::Is('/'))) => {
            let mut out = before.to_owned();
            star(&mut out);
            vec![out + "/**"]
        }
        (false, Some(_)) => vec![with("**/*")],
        // A glob that names a folder covers what is below it.
        (true, _) => {
            let mut near = before.to_owned();
            star(&mut near);
            match next {
                None => vec![near],
                Some(_) => vec![near.clone(), near + "/**/*"],
            }
        }
    }
}

/// Fewer globs that say the same: `a/**` beside `a`, and `*/**/a` beside `a`, which are `**/a`.
fn joined(globs: &[String], known: &HashSet<String>) -> Vec<String> {
    let has = |glob: &str| known.contains(glob);
    let mut out: Vec<String> = Vec::new();
    let mut said = HashSet::new();
    for glob in globs {
        if glob.strip_suffix("/**").is_some_and(has) {
            continue;
        }
        let deep = format!("*/**/{glob}");
        let glob = match glob.strip_prefix("*/**/") {
            Some(rest) if has(rest) => continue,
            _ if has(&deep) => format!("**/{glob}"),
            _ => glob.clone(),
        };
        if said.insert(glob.clone()) {
            out.push(glob);
        }
    }
    out
}

#[cfg(test)]
mod tests;
