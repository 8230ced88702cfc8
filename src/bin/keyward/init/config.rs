//! keyward.toml: a template in which every key is explained, and in it what other scanners were told.

use anyhow::{Result, anyhow, bail};
use keyward::config::{self, Config};
use keyward::rules::{Ruleset, packs};

use crate::{output, say, world};

use super::accepted;
use super::ask::{self, Answer, Asker};
use super::carried::{Carried, Left, MOST, TEMPLATE};
use super::from;
use super::guard::Guard;
use super::place::{Place, There};
use super::{Init, Outcome, Scanner};

/// The names that the file may have; the first is the one that is written.
const NAMES: [&str; 2] = ["keyward.toml", ".keyward.toml"];
/// What was left is told on stderr so many times; all of it stands in the file.
const MOST_TOLD: usize = 20;

/// Writes the file, where there is none.
pub fn write(args: &Init, place: &Place, asker: &mut Asker, outcome: &mut Outcome) -> Result<()> {
    let said = ask::said(args.config, args.no_config);
    if said == Some(false) {
        return Ok(());
    }
    let there = NAMES.into_iter().map(|name| (name, place.there(name)));
    let there = there
        .into_iter()
        .find(|(_, there)| *there != There::Nothing);
    let before = match there {
        Some((name, There::File)) => Some(config::text(&place.root.join(name), MOST as u64)?),
        _ => None,
    };
    let pristine = before.as_deref().is_some_and(is_pristine);
    let is_free = there.is_none() || pristine;
    let scanners = if is_free || !args.from.is_empty() {
        wanted(args, place, asker, outcome)?
    } else {
        Vec::new()
    };
    if !scanners.is_empty() {
        let guard = Guard::new()?;
        let carried = from::read(place, &scanners, &guard)?;
        return take_over(place, &carried, there, before.as_deref(), outcome);
    }
    if let Some((name, there)) = there {
        if args.config && !matches!(there, There::File) {
            outcome.fail();
        }
        place.leave(name, there);
        return Ok(());
    }
    match asker.decide(
        said,
        "Write keyward.toml, in which every key is explained?",
        Answer::Yes,
    )? {
        Answer::Yes => place.create(NAMES[0], TEMPLATE),
        Answer::No | Answer::Open => Ok(()),
    }
}

/// The scanners that are taken over: those that are named, else those that are found and wanted.
fn wanted(
    args: &Init,
    place: &Place,
    asker: &mut Asker,
    outcome: &mut Outcome,
) -> Result<Vec<Scanner>> {
    let mut named = args.from.clone();
    named.sort();
    named.dedup();
    if !named.is_empty() {
        return Ok(named);
    }
    let mut wanted = Vec::new();
    for scanner in from::found(place) {
        let (word, files) = (scanner.word(), scanner.present(place).join(" and "));
        let question = format!("Take over what {word} is told in {files}?");
        match asker.decide(None, &question, Answer::Open)? {
            Answer::Yes => wanted.push(scanner),
            Answer::No => {}
            Answer::Open => {
                let what = format!("takes over what {word} is told in {files}");
                outcome.leave_open(&what, &format!("--from {word}"));
            }
        }
    }
    Ok(wanted)
}

fn take_over(
    place: &Place,
    carried: &Carried<'_>,
    there: Option<(&str, There)>,
    before: Option<&str>,
    outcome: &mut Outcome,
) -> Result<()> {
    carried.fits()?;
    let text = carried.text();
    check(place, &text)?;
    match (there, before) {
        (None, _) => place.create(NAMES[0], &text)?,
        (Some((name, _)), Some(before)) if same(before, &text) => {
            say(&format!(
                "{} is there, with all of that in it",
                place.shown(name)
            ));
            return accepted::write(place, &carried.accepted, outcome);
        }
        (Some((name, _)), Some(before)) if is_pristine(before) && place.dry_run => {
            say(&format!(
                "{} is as `keyward init` wrote it: it would be written anew",
                place.shown(name)
            ));
            show(&text)?;
        }
        (Some((name, _)), Some(before)) if is_pristine(before) => {
            place.replace(name, &text)?;
            say(&format!(
                "wrote {} anew, which was as `keyward init` had written it",
                place.shown(name)
            ));
        }
        (Some((name, there)), _) => {
            place.leave(name, there);
            say(
                "what would stand in it is on stdout\n  hint: put what you want of it there by hand",
            );
            show(&carried.own_text())?;
            outcome.fail();
        }
    }
    tell(&carried.left);
    accepted::write(place, &carried.accepted, outcome)
}

fn show(text: &str) -> Result<()> {
    output::stdout(|out| out.write_all(text.as_bytes()))
}

/// Whether the file says nothing of anybody's: it is the template.
fn is_pristine(text: &str) -> bool {
    same(text, TEMPLATE)
}

/// The same lines, whatever git makes of their ends.
fn same(one: &str, other: &str) -> bool {
    one.lines().eq(other.lines())
}

/// Whether a scan would accept the text: what is written must not be what stops the next scan.
fn check(place: &Place, text: &str) -> Result<()> {
    if text.len() > MOST {
        bail!(
            "what would be taken over is more than the 1 MiB that keyward.toml may have\n  hint: take it over by hand"
        );
    }
    let file = place.root.join(NAMES[0]);
    let accepted = || -> keyward::model::Result<()> {
        let config = Config::parse(&file, text, &place.root)?;
        let rules = Ruleset::load(packs(&config, &[], &place.root)?)?;
        config.settle(rules.own(), rules.users()).map(drop)
    };
    accepted().map_err(|error| {
        let told = world::told(&error.into());
        anyhow!("internal error: what was made of it is no configuration, so nothing was written: {told}\n  hint: please report it, with the version and this line")
    })
}

/// Tells what was left.
fn tell(left: &[Left]) {
    if left.is_empty() {
        return;
    }
    let lines: Vec<_> = left
        .iter()
        .take(MOST_TOLD)
        .map(|left| {
            format!(
                "\n  {}: {}\n    instead: {}",
                left.at, left.what, left.instead
            )
        })
        .collect();
    let more = match left.len() - lines.len() {
        0 => String::new(),
        more => format!("\n  and {more} more: keyward.toml lists them all at its end"),
    };
    say(&format!("not taken over:{}{more}", lines.concat()));
}

#[cfg(test)]
mod tests {
    use keyward::model::Error;

    use super::*;

    /// The template with every key in it said.
    fn uncommented() -> String {
        let is_key =
            |line: &str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
        let lines = TEMPLATE.lines().map(|line| match line {
            line if is_key(line) => &line[1..],
            line => line,
        });
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// The keys of a table, as the reader tells them of one that it does not know.
    fn keys(header: &str) -> Vec<String> {
        let text = format!("{header}\nqqqqqqqqqq = 1\n");
        let file = std::env::temp_dir().join("keyward.toml");
        let Err(Error::Config { hint, .. }) = Config::parse(&file, &text, &std::env::temp_dir())
        else {
            panic!("a key that does not exist")
        };
        let list = hint.strip_prefix("the keys here are ").expect("the keys");
        list.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn the_template_says_nothing_and_its_lines_are_accepted() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("security/rules")).expect("made");
        let place = Place {
            root: folder.path().to_owned(),
            repository: None,
            dry_run: false,
        };
        let file = folder.path().join("keyward.toml");
        let config = Config::parse(&file, TEMPLATE, folder.path()).expect("comments");
        assert!(config.allow.is_empty() && config.own.is_empty() && config.checks.is_empty());
        check(&place, &uncommented()).unwrap_or_else(|error| panic!("{error:#}"));
    }

    #[test]
    fn the_template_names_every_key() {
        for header in ["[scan]", "[checks.x]", "[[allow]]", "[[check]]", "[[rule]]"] {
            let mut missing = keys(header);
            let mut inside = "";
            let text = uncommented();
            for line in text.lines() {
                if line.starts_with('[') {
                    inside = if line.starts_with("[checks.") {
                        "[checks.x]"
                    } else {
                        line
                    };
                }
                let key = line.split(" = ").next().unwrap_or_default();
                missing.retain(|known| inside != header || known != key);
            }
            assert!(missing.is_empty(), "{header}: {missing:?}");
        }
    }
}
