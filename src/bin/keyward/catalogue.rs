//! All checks that a scan from here would know: the built-in ones and the user's own.

use std::sync::Arc;

use anyhow::Result;
use keyward::config::{Config, Wanted};
use keyward::git::{Discover, Repository};
use keyward::model::{Check, Severity};
use keyward::rules::{Loaded, Ruleset, packs};

use crate::args::Sources;
use crate::world;

/// Loads them, whatever is switched off.
pub fn load(sources: &Sources) -> Result<Ruleset> {
    Ok(load_with(sources)?.0)
}

/// Loads them, and gives the user's own packs beside them.
pub fn load_with(sources: &Sources) -> Result<(Ruleset, Vec<Loaded>)> {
    let cwd = world::cwd()?;
    let repository = Repository::discover(&cwd, &Discover::default())?;
    let root = repository.as_ref().map_or(cwd.as_path(), Repository::root);
    let config = Config::load(&Wanted {
        start: &cwd,
        root,
        file: sources.config.as_deref(),
        user: world::user_config().as_deref(),
        no_repo: sources.no_repo_config,
    })?;
    let packs = packs(&config, &sources.rules, &cwd)?;
    Ok((Ruleset::load(packs.clone())?, packs))
}

/// The severity of a check's worst rule, before context; info where it is made to be published, or has no rule.
pub fn worst(rules: &Ruleset, check: &Arc<Check>) -> Severity {
    if check.client_safe {
        return Severity::Info;
    }
    let severities = rules.rules_of(&check.id).map(|rule| rule.severity);
    severities.max().unwrap_or(Severity::Info)
}
