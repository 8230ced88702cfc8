//! The table, row by row, with variables as the systems document them.

use super::*;

const ZEROS: &str = "0000000000000000000000000000000000000000";

/// `FROM FROM… ->/=> TO` of the run that these words say: `NAME=VALUE`, parted by spaces; `=>` where it is held against where it parted.
fn told(words: &str) -> Option<String> {
    let value = |name: &str| {
        let mut words = words.split_whitespace().filter_map(|w| w.split_once('='));
        let (_, value) = words.find(|(known, _)| *known == name)?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    let run = run(&value)?;
    let arrow = if run.parted { "=>" } else { "->" };
    Some(format!(
        "{}: {} {arrow} {}",
        run.name,
        run.from.join(" "),
        run.to
    ))
}

#[test]
fn every_system_says_what_its_run_is_about() {
    let github = "GITHUB_ACTIONS=true";
    let gitlab = "GITLAB_CI=true CI=true CI_COMMIT_SHA=b";
    let cases = [
        // GitHub, and what takes its names.
        (
            format!("{github} GITHUB_EVENT_NAME=pull_request event.pull_request.base.sha=a event.pull_request.base.ref=main event.pull_request.head.sha=b event.before=x event.after=y"),
            "GitHub pull request: a origin/main => b",
        ),
        (
            format!("{github} GITHUB_EVENT_NAME=push event.before=a event.after=b event.repository.default_branch=main GITHUB_REF_NAME=topic"),
            "GitHub push: a origin/main -> b",
        ),
        (
            format!("{github} GITHUB_EVENT_NAME=push event.before={ZEROS} event.after=b event.repository.default_branch=main GITHUB_REF_NAME=topic"),
            "GitHub push: origin/main -> b",
        ),
        (
            format!("{github} GITHUB_EVENT_NAME=push event.before={ZEROS} event.after=b event.repository.default_branch=main GITHUB_REF_NAME=main"),
            "GitHub push:  -> b",
        ),
        (
            format!("{github} GITHUB_EVENT_NAME=merge_group event.merge_group.base_sha=a event.merge_group.base_ref=refs/heads/main event.merge_group.head_sha=b"),
            "GitHub merge queue: a origin/main => b",
        ),
        (format!("{github} GITHUB_EVENT_NAME=schedule GITHUB_SHA=b"), "GitHub run:  -> HEAD"),
        // GitLab.
        (
            format!("{gitlab} CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_DIFF_BASE_SHA=a CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_COMMIT_BEFORE_SHA={ZEROS}"),
            "GitLab merge request: a origin/main => b",
        ),
        (
            format!("{gitlab} CI_MERGE_REQUEST_DIFF_BASE_SHA=a CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=c"),
            "GitLab merge request: a => c",
        ),
        (
            format!("{gitlab} CI_PIPELINE_SOURCE=push CI_COMMIT_BEFORE_SHA=a CI_DEFAULT_BRANCH=main CI_COMMIT_REF_NAME=main"),
            "GitLab push: a -> b",
        ),
        (
            format!("{gitlab} CI_PIPELINE_SOURCE=push CI_COMMIT_BEFORE_SHA={ZEROS} CI_DEFAULT_BRANCH=main CI_COMMIT_REF_NAME=topic"),
            "GitLab push: origin/main -> b",
        ),
        (format!("{gitlab} CI_PIPELINE_SOURCE=schedule CI_COMMIT_BEFORE_SHA={ZEROS}"), "GitLab pipeline:  -> HEAD"),
        // The others.
        (
            "BITBUCKET_BUILD_NUMBER=7 BITBUCKET_PR_ID=1 BITBUCKET_PR_DESTINATION_COMMIT=a BITBUCKET_PR_DESTINATION_BRANCH=main BITBUCKET_COMMIT=b".to_owned(),
            "Bitbucket pull request: a origin/main => b",
        ),
        ("BITBUCKET_BUILD_NUMBER=7 BITBUCKET_COMMIT=b".to_owned(), "Bitbucket pipeline:  -> HEAD"),
        (
            "TF_BUILD=True BUILD_REASON=PullRequest SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/rel/1 SYSTEM_PULLREQUEST_SOURCECOMMITID=b BUILD_SOURCEVERSION=m".to_owned(),
            "Azure Pipelines pull request: origin/rel/1 => b",
        ),
        ("TF_BUILD=True BUILD_REASON=IndividualCI BUILD_SOURCEVERSION=b".to_owned(), "Azure Pipelines run:  -> HEAD"),
        ("CIRCLECI=true CIRCLE_PULL_REQUEST=u CIRCLE_SHA1=b".to_owned(), "CircleCI pull request: origin/HEAD => b"),
        ("CIRCLECI=true CIRCLE_SHA1=b".to_owned(), "CircleCI pipeline:  -> HEAD"),
        (
            "BUILDKITE=true BUILDKITE_PULL_REQUEST=3 BUILDKITE_PULL_REQUEST_BASE_BRANCH=main BUILDKITE_COMMIT=b".to_owned(),
            "Buildkite pull request: origin/main => b",
        ),
        (
            "BUILDKITE=true BUILDKITE_PULL_REQUEST_BASE_BRANCH= BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_BRANCH=topic BUILDKITE_COMMIT=HEAD".to_owned(),
            "Buildkite build: origin/main -> HEAD",
        ),
        (
            "BUILDKITE=true BUILDKITE_PIPELINE_DEFAULT_BRANCH=main BUILDKITE_BRANCH=main BUILDKITE_COMMIT=b".to_owned(),
            "Buildkite build:  -> b",
        ),
        ("JENKINS_HOME=/j CHANGE_TARGET=main GIT_COMMIT=b".to_owned(), "Jenkins pull request: origin/main => HEAD"),
        (
            "JENKINS_HOME=/j GIT_PREVIOUS_SUCCESSFUL_COMMIT=a GIT_COMMIT=b".to_owned(),
            "Jenkins build: a -> b",
        ),
        ("JENKINS_HOME=/j GIT_COMMIT=b".to_owned(), "Jenkins build:  -> b"),
        (
            "TRAVIS=true TRAVIS_PULL_REQUEST=5 TRAVIS_BRANCH=main TRAVIS_PULL_REQUEST_SHA=b".to_owned(),
            "Travis CI pull request: origin/main => b",
        ),
        (
            "TRAVIS=true TRAVIS_PULL_REQUEST=false TRAVIS_EVENT_TYPE=push TRAVIS_COMMIT_RANGE=a...b TRAVIS_COMMIT=b".to_owned(),
            "Travis CI push: a -> b",
        ),
        ("TRAVIS=true TRAVIS_PULL_REQUEST=false TRAVIS_EVENT_TYPE=cron".to_owned(), "Travis CI build:  -> HEAD"),
        (
            "DRONE=true CI=true DRONE_BUILD_EVENT=pull_request DRONE_TARGET_BRANCH=main DRONE_COMMIT_SHA=b".to_owned(),
            "Drone pull request: origin/main => b",
        ),
        (
            format!("DRONE=true DRONE_BUILD_EVENT=push DRONE_COMMIT_BEFORE={ZEROS} DRONE_COMMIT_AFTER=b DRONE_REPO_BRANCH=main DRONE_BRANCH=topic"),
            "Drone push: origin/main -> b",
        ),
        (
            "CI=woodpecker CI_PIPELINE_EVENT=pull_request CI_COMMIT_TARGET_BRANCH=main CI_COMMIT_SHA=b".to_owned(),
            "Woodpecker pull request: origin/main => b",
        ),
        (
            "CI=woodpecker CI_PIPELINE_EVENT=push CI_PREV_COMMIT_SHA=a CI_COMMIT_SHA=b CI_REPO_DEFAULT_BRANCH=main CI_COMMIT_BRANCH=main".to_owned(),
            "Woodpecker push: a -> b",
        ),
    ];
    for (words, expected) in &cases {
        assert_eq!(told(words).as_deref(), Some(*expected), "{words}");
    }
    let systems: Vec<_> = TABLE
        .iter()
        .map(|row| format!("{} {}:", row.system, row.run))
        .collect();
    for system in systems {
        let is_tried = cases.iter().any(|(_, told)| told.starts_with(&system));
        assert!(
            is_tried || system.ends_with("run:") || system.ends_with("build:"),
            "{system}"
        );
    }
}

#[test]
fn a_system_that_is_not_known_is_no_run() {
    assert_eq!(told(""), None);
    assert_eq!(told("CI=true GITHUB_ACTIONS=false"), None);
    assert_eq!(told("CI=true GITHUB_EVENT_NAME=push GITHUB_SHA=b"), None);
}

#[test]
fn a_part_of_the_event_is_found_by_its_names() {
    let event = serde_json::json!({"pull_request": {"base": {"sha": "a"}, "number": 3, "head": {"sha": ""}}});
    let part = |path| part(&event, path);
    assert_eq!(part("pull_request.base.sha").as_deref(), Some("a"));
    for none in [
        "pull_request.number",
        "pull_request.head.sha",
        "pull_request.base.ref",
        "before",
        "",
    ] {
        assert_eq!(part(none), None, "{none}");
    }
}
