//! A text with every secret of it masked, line by line: what a diff may show.

use std::cell::OnceCell;

use super::Plan;
use super::judge::Scene;
use crate::classify::Setting;
use crate::facts::{self, Format};
use crate::model::{Context, RelPath, Span, Standing};
use crate::rules::Document;
use crate::suppress::inline::Marks;
use crate::text::{LineColumn, Syntax, Window};

/// What stands in place of a value.
const MASK: &str = "••••••••";

/// The lines of `text`, the file at `path`, as people may see them. Of an environment file no value is shown at all.
pub fn masked(plan: &Plan, path: &RelPath, text: &[u8]) -> Vec<String> {
    let setting = Setting::new(path, Standing::Tracked);
    let reading = plan.rules.read(&Document {
        path,
        syntax: Syntax::of_path(path),
        text,
        beginning: text,
        whole: true,
        setting: &setting,
    });
    let contexts = setting.contexts(text);
    let window = Window {
        text,
        first: LineColumn { line: 1, column: 1 },
        from: 0,
        to: text.len() + 1,
        whole: true,
    };
    let scene = Scene {
        path,
        origin: plan.origin(),
        contexts,
        window: &window,
        marks: &Marks::of(text),
        plan,
        digest: OnceCell::new(),
    };
    let mask = scene.mask(&reading);
    let mut at = 0;
    let lines = text.split_inclusive(|&b| b == b'\n').map(|line| {
        let start = at;
        at += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Span::new(start, start + line.len())
    });
    if !contexts.has(Context::EnvFile) {
        return lines.map(|line| mask.line(line.start, line.end)).collect();
    }
    let facts = facts::read(Format::Dotenv, text);
    let mut values: Vec<Span> = facts.pairs.iter().map(|pair| pair.value).collect();
    values.retain(|value| !value.is_empty());
    values.sort_unstable();
    let shown = lines.map(|line| {
        let next = values.partition_point(|value| value.end <= line.start);
        match values.get(next).filter(|value| value.start < line.end) {
            // A value may go on over lines.
            Some(value) if value.start < line.start => MASK.to_owned(),
            Some(value) => {
                let name = mask.line(line.start, value.start);
                format!("{}{MASK}", name.trim_end_matches(['"', '\'', '`']))
            }
            None => without_value(&mask.line(line.start, line.end)),
        }
    });
    shown.collect()
}

/// A line of an environment file that gives no variable a value, or has been put into a comment: what may be one is left out.
fn without_value(line: &str) -> String {
    match line.split_once('=') {
        Some((name, value)) if matches!(value.trim(), "" | "\"\"" | "''") => {
            format!("{name}={value}")
        }
        Some((name, _)) => format!("{name}={MASK}"),
        None if line.trim().is_empty() || line.trim_start().starts_with('#') => line.to_owned(),
        None => MASK.to_owned(),
    }
}
