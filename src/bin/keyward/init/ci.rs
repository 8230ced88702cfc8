//! A file for a CI system: the one that the repository is at home at, as far as it says so.

use std::fs;
use std::process::Command;

use anyhow::Result;
use keyward::config;

use crate::say;

use super::ask::{Answer, Asker};
use super::from::yaml;
use super::place::{Place, There, line_end};
use super::{Init, Outcome, System};

const WORKFLOWS: &str = ".github/workflows";
const WORKFLOW: &str = ".github/workflows/keyward.yml";
const PIPELINE: &str = ".gitlab-ci.yml";
/// As docs/ci.md has them.
const GITHUB: &str = include_str!("github.yml");
const GITLAB: &str = include_str!("gitlab.yml");
/// Nobody writes a pipeline that is larger.
const LONGEST: u64 = 1 << 20;
/// Workflows that are looked into for one that calls keyward.
const MOST: usize = 200;

/// Writes the file, or says what to add to the one that is there.
pub fn write(args: &Init, place: &Place, asker: &mut Asker, outcome: &mut Outcome) -> Result<()> {
    let system = match args.ci {
        Some(System::None) => return Ok(()),
        Some(system) => system,
        None => match at_home(place) {
            Some(system) => system,
            None => return Ok(()),
        },
    };
    let (name, flag) = match system {
        System::Gitlab => (PIPELINE, "--ci gitlab"),
        _ => (WORKFLOW, "--ci github"),
    };
    if calls(place, system) {
        say(&format!("{} calls keyward already", place.shown(name)));
        return Ok(());
    }
    let said = args.ci.map(|_| true);
    let there = place.there(name);
    if there != There::Nothing && (system == System::Github || there != There::File) {
        place.leave(name, there);
        if said == Some(true) {
            outcome.fail();
        }
        return Ok(());
    }
    let verb = if there == There::File {
        "Append to"
    } else {
        "Write"
    };
    match asker.decide(said, &format!("{verb} {name}?"), Answer::Open)? {
        Answer::No => return Ok(()),
        Answer::Open => {
            outcome.leave_open("has the CI system scan what a change brings", flag);
            return Ok(());
        }
        Answer::Yes => {}
    }
    let written = if system == System::Github {
        let branches = format!("branches: [{}]", branch(place));
        place.create(name, &GITHUB.replace("branches: [main]", &branches))?;
        true
    } else {
        include(place, there)?
    };
    if !written {
        outcome.fail();
    } else if !place.dry_run {
        say(&format!(
            "put the owner of keyward's repository in for OWNER in {}, before it is committed",
            place.shown(name)
        ));
    }
    Ok(())
}

/// Appends the `include` to a pipeline that has none; says whether it did.
fn include(place: &Place, there: There) -> Result<bool> {
    if there == There::Nothing {
        place.create(PIPELINE, GITLAB)?;
        return Ok(true);
    }
    let before = config::text(&place.root.join(PIPELINE), LONGEST)?;
    let end = line_end(&before);
    let mut more = GITLAB.replace('\n', end);
    more.insert_str(0, if before.ends_with('\n') { end } else { "\n\n" });
    let keys = |text: &str| yaml::keys(text);
    let fits = keys(&before).is_some_and(|keys| !keys.iter().any(|key| key == "include"))
        && keys(&format!("{before}{more}")).is_some_and(|keys| keys.iter().any(|k| k == "include"));
    if fits {
        place.append(PIPELINE, Some(&before), &more)?;
        return Ok(true);
    }
    let line = GITLAB.lines().last().unwrap_or_default().trim();
    say(&format!(
        "{} has an include of its own, or a form that is not appended to: left as it is\n  hint: add this to its `include`, with the owner of keyward's repository for OWNER:\n    {line}",
        place.shown(PIPELINE)
    ));
    Ok(false)
}

/// Whether a file of the system's calls keyward, whatever it is called.
fn calls(place: &Place, system: System) -> bool {
    let names = match system {
        System::Gitlab => vec![PIPELINE.to_owned()],
        _ => {
            let entries = fs::read_dir(place.root.join(WORKFLOWS))
                .into_iter()
                .flatten();
            let names = entries
                .take(MOST)
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            names.map(|name| format!("{WORKFLOWS}/{name}")).collect()
        }
    };
    names.iter().any(|name| {
        place.there(name) == There::File
            && config::text(&place.root.join(name), LONGEST).is_ok_and(|text| is_call(&text))
    })
}

fn is_call(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| !line.starts_with('#') && line.contains("keyward"))
}

/// By its files, else by the host of its remotes.
fn at_home(place: &Place) -> Option<System> {
    place.repository.as_ref()?;
    if place.there(PIPELINE) != There::Nothing {
        return Some(System::Gitlab);
    }
    if place.root.join(".github").is_dir() {
        return Some(System::Github);
    }
    let hosts = remotes(place);
    let at = |word: &str| hosts.iter().any(|host| host.contains(word));
    match (at("github"), at("gitlab")) {
        (true, false) => Some(System::Github),
        (false, true) => Some(System::Gitlab),
        _ => None,
    }
}

/// The hosts of the remotes.
fn remotes(place: &Place) -> Vec<String> {
    let listed = git(
        place,
        &["config", "-z", "--get-regexp", r"^remote\..*\.url$"],
    );
    let listed = listed.unwrap_or_default();
    let urls = listed
        .split('\0')
        .filter_map(|entry| entry.split_once('\n'));
    urls.filter_map(|(_, url)| host(url)).collect()
}

/// The branch that others push to: the remote's, else one that is called as such branches are.
fn branch(place: &Place) -> String {
    let is_plain = |name: &String| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._/-".contains(&b);
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(plain)
    };
    let named = |name: &str| git(place, &["symbolic-ref", "-q", "--short", name]);
    let of_remote = named("refs/remotes/origin/HEAD");
    let of_remote =
        of_remote.and_then(|name| Some(name.trim().strip_prefix("origin/")?.to_owned()));
    let usual = ["master", "trunk", "develop"];
    let own = || Some(named("HEAD")?.trim().to_owned()).filter(|name| usual.contains(&&name[..]));
    let name = of_remote.or_else(own).filter(is_plain);
    name.unwrap_or_else(|| "main".to_owned())
}

/// What git says of the repository. To ask for its configuration and its references runs nothing that stands in them.
fn git(place: &Place, words: &[&str]) -> Option<String> {
    let mut git_dir = std::ffi::OsString::from("--git-dir=");
    git_dir.push(place.repository.as_ref()?.git_dir());
    let mut git = Command::new("git");
    git.arg(git_dir).args(words).current_dir(&place.root);
    let out = git.output().ok().filter(|out| out.status.success())?;
    Some(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The host of `https://user@host/path`, `ssh://host:22/path` and `user@host:path`.
fn host(url: &str) -> Option<String> {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest,
        None if url.contains(':') => url,
        None => return None,
    };
    let authority = rest.split('/').next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next()?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_all_kinds_of_addresses() {
        for (url, wanted) in [
            ("https://github.com/a/b.git", Some("github.com")),
            (
                "https://me@gitlab.example.com:8443/a",
                Some("gitlab.example.com"),
            ),
            ("git@GitHub.com:a/b.git", Some("github.com")),
            ("ssh://git@gitlab.com:22/a/b", Some("gitlab.com")),
            ("../elsewhere", None),
        ] {
            assert_eq!(host(url).as_deref(), wanted, "{url}");
        }
    }

    #[test]
    fn the_files_say_what_the_guide_says() {
        let guide = include_str!("../../../../docs/ci.md").replace("\r\n", "\n");
        for text in [GITHUB, GITLAB] {
            let text = text.replace("\r\n", "\n");
            let (comment, rest) = text.split_once('\n').expect("lines");
            assert!(comment.starts_with('#') && comment.contains("OWNER"));
            assert!(guide.contains(&format!("```yaml\n{rest}```")), "{rest}");
        }
    }

    #[test]
    fn the_files_name_this_release() {
        let release = concat!("v", env!("CARGO_PKG_VERSION"));
        assert!(GITHUB.contains(&format!("OWNER/keyward@{release}")));
        assert!(GITLAB.contains(&format!("OWNER/keyward/{release}/")));
    }
}
