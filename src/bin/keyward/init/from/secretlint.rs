//! `.secretlintrc` and `.secretlintignore`, as secretlint's documentation says that they are written.

use anyhow::{Result, bail};
use serde_json::Value;

use super::super::carried::{Carried, count};
use super::super::place::{Place, There};
use super::gitleaks::called;
use super::{File, file, ids, lines, yaml};

/// The files; of the first six secretlint takes one.
pub const FILES: [&str; 8] = [
    ".secretlintrc.json",
    ".secretlintrc",
    ".secretlintrc.yml",
    ".secretlintrc.yaml",
    ".secretlintrc.js",
    ".secretlintrc.cjs",
    ".secretlintrc.mjs",
    IGNORE,
];
const IGNORE: &str = ".secretlintignore";
/// Presets in one another.
const DEEPEST: usize = 4;

/// Takes both files over.
pub fn read(place: &Place, carried: &mut Carried<'_>) -> Result<()> {
    for name in FILES {
        if name == IGNORE || place.there(name) == There::Nothing {
            continue;
        }
        if name.ends_with("js") {
            carried.leave(
                name,
                "it is a program, which is not run",
                "write what it says into keyward.toml by hand",
            );
            continue;
        }
        let Some(file) = file(place, name)? else {
            continue;
        };
        let Some(tree) = serde_json::from_str(&file.text)
            .ok()
            .or_else(|| yaml::read(&file.text))
        else {
            bail!(
                "{} is neither JSON nor YAML that can be read\n  hint: mend it, or leave secretlint out of --from",
                place.shown(name)
            );
        };
        rules(&file, &tree, 0, carried)?;
    }
    if let Some(file) = file(place, IGNORE)? {
        ignored(&file, carried)?;
    }
    Ok(())
}

fn rules(file: &File<'_>, tree: &Value, depth: usize, carried: &mut Carried<'_>) -> Result<()> {
    let at = file.name;
    for rule in tree["rules"].as_array().into_iter().flatten() {
        carried.fits()?;
        let id = rule["id"].as_str().unwrap_or_default();
        if rule["disabled"].as_bool() == Some(true) {
            let checks = ids::of_secretlint(carried.guard.rules(), id);
            checks
                .iter()
                .for_each(|check| carried.switch_off(check, at));
            if checks.is_empty() {
                carried.leave(at, format!("the rule {} is off, and no check is surely the same", called(carried, id)), "if one is in the way, switch it off with [checks.ID]; `keyward rules list` names all");
            }
            continue;
        }
        if rule["allowMessageIds"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
        {
            carried.leave(at, format!("messages that the rule {} keeps to itself", called(carried, id)), "if a check is in the way, switch it off with [checks.ID]; `keyward rules list` names all");
        }
        let allows = rule["options"]["allows"].as_array().map_or(0, Vec::len);
        if allows > 0 {
            carried.leave(
                at,
                format!("{} that the rule {} allows, or as many patterns of values, not repeated here: keyward accepts findings, not values", count(allows, "value"), called(carried, id)),
                "accept those findings with `keyward baseline write`, or with `keyward:allow ID reason` on the line",
            );
        }
        let patterns = rule["options"]["patterns"].as_array().map_or(0, Vec::len);
        if patterns > 0 {
            carried.leave(
                at,
                format!(
                    "{} of the rule {}, written for JavaScript",
                    count(patterns, "pattern"),
                    called(carried, id)
                ),
                "write rules: rules/README.md tells how",
            );
        }
        if depth < DEEPEST {
            rules(file, rule, depth + 1, carried)?;
        }
    }
    Ok(())
}

/// Lines as `.gitignore` has them. What a line takes back again would be left out for good, so what stands above one is not taken over.
fn ignored(file: &File<'_>, carried: &mut Carried<'_>) -> Result<()> {
    let all: Vec<&str> = file.text.lines().collect();
    let last = all.iter().rposition(|line| line.starts_with('!'));
    for (number, line) in all.iter().enumerate() {
        carried.fits()?;
        let Some(glob) = lines::of_ignore(line) else {
            continue;
        };
        let at = format!("{}:{}", file.name, number + 1);
        let glob = match glob {
            Ok(_) if last.is_some_and(|last| number < last) => {
                Err("a line below takes part of it back, which globs cannot")
            }
            other => other,
        };
        match glob {
            Ok(glob) => carried.exclude(&at, vec![glob]),
            Err(why) => carried.leave(
                &at,
                format!("{}: {why}", called(carried, line)),
                "name what is meant in `exclude`",
            ),
        }
    }
    Ok(())
}
