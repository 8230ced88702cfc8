//! What a run of a CI system is about: `--range auto`.
//!
//! Takes the variables that a system documents, and for GitHub the event that it leaves in a file; gives a range of commits, or says that
//! everything is meant. Which variable says what is a table, the first row that fits counts. Looks for no file but the event, and asks no
//! server.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use keyward::git::{Discover, Repository};
use serde_json::Value;

/// Gives the value of a variable that is set and not empty.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Begins the names that mean a part of GitHub's event: `event.pull_request.base.sha`.
const EVENT: &str = "event.";

/// A row of the table: one kind of run of one system.
struct Row {
    system: &'static str,
    run: &'static str,
    /// All of these hold.
    when: &'static [When],
    from: From,
    /// The commit at the end: the first of these that is set, else HEAD.
    to: &'static [&'static str],
}

enum When {
    Is(&'static str, &'static str),
    IsNot(&'static str, &'static str),
    Set(&'static str),
}
use When::{Is, IsNot, Set};

/// Where the range begins. Names of variables all.
enum From {
    /// At the commit where a pull request parted from its target: a commit of that, or the branch.
    Target {
        commit: Option<&'static str>,
        branch: &'static str,
    },
    /// At what the branch was before; a branch that is new, at what the default branch has, unless it is that.
    Before {
        commit: Option<&'static str>,
        default: Option<(&'static str, &'static str)>,
    },
    /// At the remote's own default branch.
    RemoteHead,
    /// There is no beginning: a schedule, a start by hand.
    Nowhere,
}
use From::{Before, Nowhere, RemoteHead, Target};

const fn row(
    system: &'static str,
    run: &'static str,
    when: &'static [When],
    from: From,
    to: &'static [&'static str],
) -> Row {
    Row {
        system,
        run,
        when,
        from,
        to,
    }
}

const GITHUB: When = Is("GITHUB_ACTIONS", "true");
const GITLAB: When = Is("GITLAB_CI", "true");
const BITBUCKET: When = Set("BITBUCKET_BUILD_NUMBER");
const AZURE: When = Is("TF_BUILD", "True");
const CIRCLE: When = Is("CIRCLECI", "true");
const BUILDKITE: When = Is("BUILDKITE", "true");
const JENKINS: When = Set("JENKINS_HOME");
const TRAVIS: When = Is("TRAVIS", "true");
const DRONE: When = Is("DRONE", "true");
const WOODPECKER: When = Is("CI", "woodpecker");

/// Source: each system's list of predefined variables, and for GitHub its webhook events. Gitea and Forgejo take GitHub's names.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    row("GitHub", "pull request", &[GITHUB, Set("event.pull_request.base.sha")],
        Target { commit: Some("event.pull_request.base.sha"), branch: "event.pull_request.base.ref" },
        &["event.pull_request.head.sha"]),
    row("GitHub", "merge queue", &[GITHUB, Set("event.merge_group.base_sha")],
        Target { commit: Some("event.merge_group.base_sha"), branch: "event.merge_group.base_ref" },
        &["event.merge_group.head_sha"]),
    row("GitHub", "push", &[GITHUB, Is("GITHUB_EVENT_NAME", "push")],
        Before { commit: Some("event.before"), default: Some(("event.repository.default_branch", "GITHUB_REF_NAME")) },
        &["event.after", "GITHUB_SHA"]),
    row("GitHub", "run", &[GITHUB], Nowhere, &[]),

    row("Woodpecker", "pull request", &[WOODPECKER, Is("CI_PIPELINE_EVENT", "pull_request")],
        Target { commit: None, branch: "CI_COMMIT_TARGET_BRANCH" }, &["CI_COMMIT_SHA"]),
    row("Woodpecker", "push", &[WOODPECKER, Is("CI_PIPELINE_EVENT", "push")],
        Before { commit: Some("CI_PREV_COMMIT_SHA"), default: Some(("CI_REPO_DEFAULT_BRANCH", "CI_COMMIT_BRANCH")) },
        &["CI_COMMIT_SHA"]),
    row("Woodpecker", "run", &[WOODPECKER], Nowhere, &[]),

    row("GitLab", "merge request", &[GITLAB, Set("CI_MERGE_REQUEST_DIFF_BASE_SHA")],
        Target { commit: Some("CI_MERGE_REQUEST_DIFF_BASE_SHA"), branch: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME" },
        // Of a pipeline for merged results CI_COMMIT_SHA is a merge with the target.
        &["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_COMMIT_SHA"]),
    row("GitLab", "push", &[GITLAB, Is("CI_PIPELINE_SOURCE", "push")],
        Before { commit: Some("CI_COMMIT_BEFORE_SHA"), default: Some(("CI_DEFAULT_BRANCH", "CI_COMMIT_REF_NAME")) },
        &["CI_COMMIT_SHA"]),
    row("GitLab", "pipeline", &[GITLAB], Nowhere, &[]),

    row("Bitbucket", "pull request", &[BITBUCKET, Set("BITBUCKET_PR_ID")],
        Target { commit: Some("BITBUCKET_PR_DESTINATION_COMMIT"), branch: "BITBUCKET_PR_DESTINATION_BRANCH" },
        &["BITBUCKET_COMMIT"]),
    row("Bitbucket", "pipeline", &[BITBUCKET], Nowhere, &[]),

    row("Azure Pipelines", "pull request", &[AZURE, Is("BUILD_REASON", "PullRequest")],
        Target { commit: None, branch: "SYSTEM_PULLREQUEST_TARGETBRANCH" },
        &["SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"]),
    row("Azure Pipelines", "run", &[AZURE], Nowhere, &[]),

    // It tells jobs neither the target of a pull request nor what a branch was before.
    row("CircleCI", "pull request", &[CIRCLE, Set("CIRCLE_PULL_REQUEST")], RemoteHead, &["CIRCLE_SHA1"]),
    row("CircleCI", "pipeline", &[CIRCLE], Nowhere, &[]),

    row("Buildkite", "pull request", &[BUILDKITE, Set("BUILDKITE_PULL_REQUEST_BASE_BRANCH")],
        Target { commit: None, branch: "BUILDKITE_PULL_REQUEST_BASE_BRANCH" }, &["BUILDKITE_COMMIT"]),
    row("Buildkite", "build", &[BUILDKITE],
        Before { commit: None, default: Some(("BUILDKITE_PIPELINE_DEFAULT_BRANCH", "BUILDKITE_BRANCH")) },
        &["BUILDKITE_COMMIT"]),

    row("Jenkins", "pull request", &[JENKINS, Set("CHANGE_TARGET")],
        Target { commit: None, branch: "CHANGE_TARGET" }, &[]),
    row("Jenkins", "build", &[JENKINS],
        Before { commit: Some("GIT_PREVIOUS_SUCCESSFUL_COMMIT"), default: None }, &["GIT_COMMIT"]),

    row("Travis CI", "pull request", &[TRAVIS, Set("TRAVIS_PULL_REQUEST"), IsNot("TRAVIS_PULL_REQUEST", "false")],
        Target { commit: None, branch: "TRAVIS_BRANCH" }, &["TRAVIS_PULL_REQUEST_SHA"]),
    row("Travis CI", "push", &[TRAVIS, Is("TRAVIS_EVENT_TYPE", "push")],
        Before { commit: Some("TRAVIS_COMMIT_RANGE"), default: None }, &["TRAVIS_COMMIT"]),
    row("Travis CI", "build", &[TRAVIS], Nowhere, &[]),

    row("Drone", "pull request", &[DRONE, Is("DRONE_BUILD_EVENT", "pull_request")],
        Target { commit: None, branch: "DRONE_TARGET_BRANCH" }, &["DRONE_COMMIT_SHA"]),
    row("Drone", "push", &[DRONE, Is("DRONE_BUILD_EVENT", "push")],
        Before { commit: Some("DRONE_COMMIT_BEFORE"), default: Some(("DRONE_REPO_BRANCH", "DRONE_BRANCH")) },
        &["DRONE_COMMIT_AFTER", "DRONE_COMMIT_SHA"]),
    row("Drone", "build", &[DRONE], Nowhere, &[]),
];

/// What a run is about.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    /// `GitHub push`.
    name: String,
    /// Where it may begin, the best first; nothing where everything is meant.
    from: Vec<String>,
    /// Its end.
    to: String,
    /// It is held against the commit where it parted from its beginning, which is there as long as the request is open.
    parted: bool,
}

/// What is decided.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// The range to scan, or everything.
    pub range: Option<String>,
    /// The same for people.
    pub told: String,
}

/// What this run is about, in the repository that `cwd` lies in.
///
/// # Errors
/// No system that is known, an event that cannot be read, a run about a branch that is gone.
pub fn decide(variables: Variables<'_>, cwd: &Path) -> Result<Decision> {
    let event = event(variables)?;
    let value = |name: &str| match name.strip_prefix(EVENT) {
        Some(path) => part(&event, path),
        None => variables(name),
    };
    let Some(run) = run(&value) else {
        bail!(
            "--range auto asks the CI system what this run is about, and no system that it knows is here\n  hint: name the range: --range origin/main...HEAD"
        );
    };
    if is_none(&run.to) {
        bail!(
            "{}: its branch is gone, and there is nothing to scan\n  hint: leave such runs out",
            run.name
        );
    }
    Ok(run.decision(Repository::discover(cwd, &Discover::default())?.as_ref()))
}

impl Run {
    /// Takes the best beginning that is there. A shallow clone and a lost target keep theirs, whether it is there or not, so that it is
    /// told what to do about it.
    fn decision(&self, repository: Option<&Repository>) -> Decision {
        let is_here = |name: &&String| {
            repository.is_some_and(|r| !r.is_shallow() && r.revision(name).is_ok())
        };
        let is_kept = self.parted || repository.is_none_or(Repository::is_shallow);
        let lost = self.from.first();
        let from = self.from.iter().find(is_here);
        let from = from.or(lost.filter(|_| is_kept));
        let name = &self.name;
        match (from, lost) {
            (Some(from), _) => {
                let dots = if self.parted { "..." } else { ".." };
                let range = format!("{from}{dots}{}", self.to);
                Decision {
                    told: format!("{name}: --range {range}"),
                    range: Some(range),
                }
            }
            (None, Some(lost)) => Decision {
                told: format!(
                    "{name}: {lost} was before it and is not in this clone; everything is scanned"
                ),
                range: None,
            },
            (None, None) => Decision {
                told: format!("{name}: no commit was before it; everything is scanned"),
                range: None,
            },
        }
    }
}

/// The first row that fits.
fn run(value: Variables<'_>) -> Option<Run> {
    let holds = |when: &When| match *when {
        Is(name, expected) => value(name).is_some_and(|v| v == expected),
        IsNot(name, other) => value(name).is_none_or(|v| v != other),
        Set(name) => value(name).is_some(),
    };
    let row = TABLE.iter().find(|row| row.when.iter().all(holds))?;
    let commit = |name: &Option<&str>| {
        // Travis CI gives a range.
        let value = value((*name)?)?;
        let commit = value.split("..").next().unwrap_or_default();
        (!is_none(commit)).then(|| commit.to_owned())
    };
    let branch = |name: &str| {
        let branch = value(name)?;
        let short = branch.strip_prefix("refs/heads/").unwrap_or(&branch);
        Some(format!("origin/{short}"))
    };
    let from = match &row.from {
        Target {
            commit: c,
            branch: b,
        } => [commit(c), branch(b)],
        Before { commit: c, default } => {
            let default = default.filter(|(default, this)| value(default) != value(this));
            [commit(c), default.and_then(|(default, _)| branch(default))]
        }
        RemoteHead => [Some("origin/HEAD".to_owned()), None],
        Nowhere => [None, None],
    };
    Some(Run {
        name: format!("{} {}", row.system, row.run),
        from: from.into_iter().flatten().collect(),
        to: row
            .to
            .iter()
            .find_map(|name| value(name))
            .unwrap_or_else(|| "HEAD".to_owned()),
        parted: matches!(row.from, Target { .. } | RemoteHead),
    })
}

/// Whether it is the id that stands for no commit.
fn is_none(id: &str) -> bool {
    id.bytes().all(|b| b == b'0')
}

/// The event that GitHub leaves for a run; nothing elsewhere.
fn event(variables: Variables<'_>) -> Result<Value> {
    let file = variables("GITHUB_EVENT_PATH").filter(|_| variables("GITHUB_ACTIONS").is_some());
    let Some(file) = file else {
        return Ok(Value::Null);
    };
    let read = || -> Result<Value> { Ok(serde_json::from_slice(&fs::read(&file)?)?) };
    read().with_context(|| format!("cannot read the event of this run in {file}"))
}

/// A text of the event, by the names that lead to it.
fn part(event: &Value, path: &str) -> Option<String> {
    let found = path
        .split('.')
        .try_fold(event, |value, name| value.get(name))?;
    found
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
