//! `keyward rules list --cost`: what each rule takes on a folder of files.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail};
use ignore::WalkBuilder;
use keyward::classify::Setting;
use keyward::model::{RelPath, Standing};
use keyward::report::clean;
use keyward::rules::{Choice, Cost, Costs, Document, Ruleset};
use keyward::text::{Encoding, Syntax, sniff};

use crate::args::Sources;
use crate::{FAILED, catalogue, output, say};

/// Bytes of a file: longer ones are read in windows, and say nothing more of rules.
const LONGEST: u64 = 1 << 20;

/// Reads the files that git would not ignore, one after the other, and tells what took how long.
pub fn tell(sources: &Sources, folder: &Path) -> Result<u8> {
    let rules = catalogue::load(sources)?.choose(&Choice::default())?;
    let Measured {
        costs,
        files,
        unread,
    } = measure(&rules, folder)?;
    if let Some(first) = unread.first() {
        let what = match unread.len() {
            1 => "1 file or folder".to_owned(),
            more => format!("{more} files and folders"),
        };
        say(&format!(
            "{what} could not be read and did not count: {}",
            clean(&format!("{first:#}"))
        ));
    }
    if costs.bytes == 0 {
        bail!(
            "no text to measure rules by in {}\n  hint: files that git ignores and those above a megabyte are left out",
            folder.display()
        );
    }
    let megabytes = costs.bytes as f64 / 1e6;
    let each = |time: Duration| time.as_secs_f64() * 1e5 / megabytes;
    let mut dearest: Vec<(&String, &Cost)> = costs.rules.iter().collect();
    dearest.sort_by(|a, b| b.1.time.cmp(&a.1.time).then_with(|| a.0.cmp(b.0)));
    output::stdout(|out| {
        writeln!(out, " ms/100 MB   woken    hits  rule")?;
        for (name, cost) in dearest {
            let (time, Cost { woken, hits, .. }) = (each(cost.time), cost);
            writeln!(out, "{time:10.1} {woken:8} {hits:7}  {}", clean(name))?;
        }
        for (what, time) in [
            ("looking for the words that wake rules", costs.gate),
            ("reading settings, with all rules on them", costs.settings),
            (
                "reading programs, without the rules on them",
                costs.programs,
            ),
        ] {
            writeln!(out, "{:10.1} {:16}  {what}", each(time), "")?;
        }
        Ok(())
    })?;
    say(&format!("{files} files, {megabytes:.1} MB, one thread"));
    Ok(if unread.is_empty() { 0 } else { FAILED })
}

/// What was measured on how many files, and what could not be read.
#[derive(Default)]
struct Measured {
    costs: Costs,
    files: u64,
    unread: Vec<Error>,
}

fn measure(rules: &Ruleset, folder: &Path) -> Result<Measured> {
    let mut measured = Measured::default();
    fs::metadata(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut walk = WalkBuilder::new(folder);
    // Stores of git are none of its files, those of repositories in it neither.
    walk.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    for entry in walk.hidden(false).build() {
        let entry = match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => entry,
            Ok(_) => continue,
            Err(error) => {
                measured.unread.push(error.into());
                continue;
            }
        };
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let path = RelPath::from(path.to_string_lossy().replace('\\', "/").as_str());
        let text = match text(entry.path()) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(error) => {
                let error = Error::new(error).context(path.display());
                measured.unread.push(error);
                continue;
            }
        };
        if !matches!(sniff(&text), Encoding::Bytes | Encoding::Utf8Bom) {
            continue;
        }
        measured.files += 1;
        let setting = Setting::new(&path, Standing::Tracked);
        let document = Document {
            path: &path,
            syntax: Syntax::of_path(&path),
            text: &text,
            whole: true,
            beginning: &text,
            setting: &setting,
        };
        rules.measure(&document, &mut measured.costs);
    }
    Ok(measured)
}

/// What a file holds, if it is not too long.
fn text(file: &Path) -> io::Result<Option<Vec<u8>>> {
    if fs::symlink_metadata(file)?.len() > LONGEST {
        return Ok(None);
    }
    fs::read(file).map(Some)
}
