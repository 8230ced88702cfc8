//! Times each check alone on a tree: `cargo bench --bench rules -- FOLDER [ID…]`
//!
//! All text files of the folder that are no longer than a megabyte are read into memory first. Prints, dearest first, what a check takes more than
//! a scan for a check that nothing wakes, in milliseconds per hundred megabytes (the least of three passes, one thread), and how often it hits.
//! What several checks share (reading names and values, parsing programs) counts for each of them, so the sum is more than the whole, which is
//! told first.

use std::path::Path;
use std::time::Instant;

use ignore::WalkBuilder;
use keyward::classify::Setting;
use keyward::model::{RelPath, Standing};
use keyward::rules::{Choice, Document, Ruleset};
use keyward::text::Syntax;

const LONGEST: u64 = 1 << 20;
const PASSES: usize = 3;

fn texts(folder: &Path) -> Vec<(RelPath, Vec<u8>)> {
    let files = WalkBuilder::new(folder).hidden(false).build().flatten();
    let files = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    files
        .filter(|entry| entry.metadata().is_ok_and(|m| m.len() <= LONGEST))
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?.to_string_lossy();
            let text = std::fs::read(entry.path()).ok()?;
            let is_text = !text.contains(&0) && !path.starts_with(".git/");
            is_text.then(|| (RelPath::from(&*path), text))
        })
        .collect()
}

/// Seconds for all texts, the least of some passes, and how many hits there are.
fn time(rules: &Ruleset, texts: &[(RelPath, Vec<u8>)]) -> (f64, usize) {
    let pass = || {
        let begun = Instant::now();
        let hits = texts.iter().map(|(path, text)| {
            let setting = Setting::new(path, Standing::Tracked);
            let document = Document {
                path,
                syntax: Syntax::of_path(path),
                text,
                beginning: text,
                whole: true,
                setting: &setting,
            };
            rules.read(&document).hits.len()
        });
        let hits = hits.sum();
        (begun.elapsed().as_secs_f64(), hits)
    };
    let passes = (0..PASSES).map(|_| pass());
    passes.fold((f64::MAX, 0), |least, new| (least.0.min(new.0), new.1))
}

fn chosen(only: &[String]) -> Ruleset {
    let choice = Choice {
        only: only.to_owned(),
        ..Choice::default()
    };
    let rules = Ruleset::load(Vec::new()).and_then(|rules| rules.choose(&choice));
    rules.expect("the ids are those of checks")
}

#[allow(clippy::print_stdout)]
fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let folder = args.next().expect("a folder to read");
    let asked: Vec<String> = args.collect();
    let texts = texts(Path::new(&folder));
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let scale = |seconds: f64| seconds * 1e11 / bytes as f64;
    let all = chosen(&[]);
    let (whole, _) = time(&all, &texts);
    // Its rules are the words of a check over the tree: no text wakes them.
    let (floor, _) = time(&chosen(&["no-secret-scanning".to_owned()]), &texts);
    println!(
        "{:.1} MB: all {:.0} ms, none {:.0} ms per 100 MB",
        bytes as f64 / 1e6,
        scale(whole),
        scale(floor)
    );
    let ids = all.checks().iter().map(|check| check.id.clone());
    let ids = ids.filter(|id| asked.is_empty() || asked.contains(id));
    let mut costs: Vec<_> = ids
        .map(|id| {
            let (seconds, hits) = time(&chosen(std::slice::from_ref(&id)), &texts);
            (scale(seconds - floor), hits, id)
        })
        .collect();
    costs.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (cost, hits, id) in costs {
        println!("{cost:8.1} {hits:6} {id}");
    }
}
