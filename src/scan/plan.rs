//! What was asked for, made runnable: paths resolved, configuration layered, rules compiled.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::classify::Setting;
use crate::config::{self, Allow, Config, Switch, Wanted};
#[cfg(feature = "git")]
use crate::git::New;
use crate::git::{Ignores, Repository};
use crate::model::{
    Check, Confidence, Error, Notice, Origin, Place, RelPath, Result, Severity, Standing,
};
use crate::rules::{self, Choice, Document, Ruleset};
#[cfg(feature = "git")]
use crate::source::excluded;
use crate::source::{Nothing, Source};
use crate::suppress::Suppressor;
use crate::text::Syntax;

use super::asked::Asked;
#[cfg(feature = "git")]
use super::asked::Ranged;
use super::excerpt::Mask;
use super::options::{Mode, Options};

/// An audit that can be run.
pub struct Plan {
    pub(super) source: Box<dyn Source>,
    pub(super) rules: Ruleset,
    /// A rule looks at client code alone, so that it must be known which that is.
    pub(super) asks_for_clients: bool,
    pub(super) suppressor: Suppressor,
    /// What the plan itself has to tell.
    pub(super) notices: Vec<Notice>,
    accept: Vec<config::Accept>,
    pub(super) judge_local: bool,
    pub(super) pedantic: bool,
    pub(super) confidence: Confidence,
    pub(super) show_secrets: bool,
    /// All of the tree is looked at, so that what was not seen is not there.
    pub(super) whole: bool,
    pub(super) jobs: usize,
    pub(super) today: Date,
    fail_on: Option<Severity>,
    root: PathBuf,
    origin: Origin,
    config: Arc<Config>,
    /// What git makes of paths below the root, where files of a tree are read.
    pub(super) ignores: Option<Ignores>,
    /// Documents are read, not the history alone.
    pub(super) in_tree: bool,
    /// The root is a repository's.
    pub(super) versioned: bool,
    /// The repository whose history is scanned, if it is.
    #[cfg(feature = "git")]
    pub(super) past: Option<Arc<Repository>>,
    #[cfg(feature = "git")]
    pub(super) plain_history: bool,
    /// The range of commits that is scanned, if one is.
    #[cfg(feature = "git")]
    pub(super) range: Option<Ranged>,
}

impl Plan {
    /// Resolves, loads and compiles.
    ///
    /// # Errors
    /// A configuration, rule pack or baseline that does not hold, an id that does not exist, a repository that cannot be read.
    pub fn new(options: Options) -> Result<Self> {
        let start = options.cwd.join(
            options
                .paths
                .first()
                .map_or(Path::new("."), PathBuf::as_path),
        );
        let given = options.mode == Mode::Given;
        let repository = if start.exists() && !given {
            Repository::discover(&start, &options.discover)?.map(Arc::new)
        } else {
            None
        };
        let root = root(&options, &start, repository.as_deref());
        let mut config = Config::load(&Wanted {
            start: &start,
            root: &root,
            file: options.config.as_deref(),
            user: options.user_config.as_deref(),
            no_repo: options.no_repo_config || given,
        })?;
        let whole = options.mode == Mode::Worktree
            && (options.paths.is_empty()
                || options
                    .paths
                    .iter()
                    .any(|p| same(&options.cwd.join(p), &root)));

        let rules = Ruleset::load(rules::packs(&config, &options.rules, &options.cwd)?)?;
        let notices = config.settle(rules.own(), rules.users())?;
        let rules = rules.choose(&choice(&config, &options))?;
        if rules.is_silent() {
            return Err(Error::Usage {
                message: "every check is switched off, so nothing would be found".to_owned(),
                hint: "take some of --only, --skip or [checks] back".to_owned(),
            });
        }

        for allow in config.allow.iter_mut().filter(|_| !options.show_secrets) {
            conceal(&mut allow.reason, &rules);
        }
        let config = Arc::new(config);
        let baseline = options.baseline.as_ref().map(|path| options.cwd.join(path));
        let suppressor = Suppressor::new(
            &config,
            baseline.as_deref(),
            &root,
            !options.no_repo_config && !given,
            options.today,
        )?;
        let accept = options
            .accept
            .iter()
            .map(|word| config::Accept::parse(word))
            .collect::<Result<Vec<_>>>()?;
        let versioned = repository.is_some();
        // What lies in the folder of a bare repository is git's own.
        let bare = whole && repository.as_ref().is_some_and(|r| r.is_bare());
        if bare && !options.takes_history() {
            return Err(Error::Usage {
                message: "a bare repository has no files, only a history".to_owned(),
                hint: if cfg!(feature = "git") {
                    "run it without --no-history".to_owned()
                } else {
                    "scan a work tree: a build without the feature `git` reads no history"
                        .to_owned()
                },
            });
        }
        let in_tree = !bare && options.takes_tree();
        let asked = Asked::new(&options, &root, repository.as_ref())?;
        Ok(Self {
            #[cfg(feature = "git")]
            past: asked.past(whole)?,
            #[cfg(feature = "git")]
            plain_history: options.plain_history,
            origin: asked.origin(),
            config: Arc::clone(&config),
            ignores: asked.ignores(),
            versioned,
            source: if in_tree {
                asked.source(&config)?
            } else {
                Box::new(Nothing)
            },
            in_tree,
            #[cfg(feature = "git")]
            range: asked.range,
            asks_for_clients: rules.asks_for_clients(),
            rules,
            suppressor,
            notices,
            accept: config.accept.iter().cloned().chain(accept).collect(),
            judge_local: options.ignored,
            pedantic: options.pedantic,
            confidence: options
                .confidence
                .or(config.confidence.as_ref().map(|said| said.value))
                .unwrap_or(Confidence::Medium),
            show_secrets: options.show_secrets,
            whole: whole && in_tree,
            jobs: options.jobs.max(1),
            today: options.today,
            fail_on: config.fail_on.as_ref().map(|said| said.value),
            root,
        })
    }

    /// What the configuration says of the check, if it does.
    pub fn switch(&self, check: &Check) -> Option<&Switch> {
        let switches = &self.config.checks;
        switches
            .iter()
            .find(|switch| switch.id == check.id || check.was.contains(&switch.id))
    }

    /// The `[[allow]]` of the configuration that accepts the place, if one does.
    pub fn allow(&self, place: &Place) -> Option<&Allow> {
        let mut allows = self.config.allow.iter();
        allows.find(|allow| !allow.expired(self.today) && allow.covers(place))
    }

    /// Whether the check is one of keyward's own, so that what it says of itself can be trusted.
    pub fn is_own(&self, check: &Check) -> bool {
        self.rules.own().iter().any(|own| own.id == check.id)
    }

    /// The severity from which the configuration has a run fail, if it says so.
    pub fn fail_on(&self) -> Option<Severity> {
        self.fail_on
    }

    /// Whether everything is looked at, so that an ignore without use is one.
    pub(super) fn is_all(&self) -> bool {
        #[cfg(feature = "git")]
        let read = self.past.is_some();
        #[cfg(not(feature = "git"))]
        let read = false;
        self.whole && (read || !self.versioned)
    }

    /// The folder that the report's paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the baseline lies, or would.
    pub fn baseline(&self) -> &Path {
        self.suppressor.baseline().path()
    }

    /// Whether the configuration leaves the path out.
    pub(super) fn excludes(&self, path: &[u8]) -> bool {
        self.config.excludes(path)
    }

    /// Whether it leaves the path out, or a folder that it lies in.
    #[cfg(feature = "git")]
    pub(super) fn passes_by(&self, path: &[u8]) -> bool {
        !self.config.exclude.is_empty() && excluded(&|path| self.excludes(path), path)
    }

    /// Which version of its file a blob is, where a range of commits is scanned.
    #[cfg(feature = "git")]
    pub(super) fn version(&self, at: Option<usize>) -> Option<&New> {
        let range = &self.range.as_ref()?.range;
        range.blobs.get(at?)
    }

    /// Where the bytes come from.
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the gap that a notice tells of is accepted.
    pub(super) fn accepts(&self, notice: &Notice) -> bool {
        self.accept.iter().any(|accept| accept.covers(notice))
    }
}

/// A reason is written by hand, beside the secret that it is about: what the rules find in it is masked before any report sees it.
fn conceal(reason: &mut String, rules: &Ruleset) {
    let path = RelPath::from(config::BASELINE);
    let hits = rules.hits(&Document {
        path: &path,
        syntax: Syntax::Prose,
        text: reason.as_bytes(),
        beginning: reason.as_bytes(),
        whole: false,
        setting: &Setting::new(&path, Standing::Unversioned),
    });
    if !hits.is_empty() {
        let hidden = hits.into_iter().flat_map(|hit| hit.hidden);
        *reason = Mask::new(reason.as_bytes(), hidden, [], false).conceal(reason);
    }
}

/// What the report's paths are relative to: the repository, else the one folder that was asked for, else the current one.
fn root(options: &Options, start: &Path, repository: Option<&Repository>) -> PathBuf {
    match repository {
        Some(repository) => repository.root().to_owned(),
        None if options.paths.len() == 1 && start.is_dir() => start.to_owned(),
        None => options.cwd.clone(),
    }
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Which checks run, as configuration and command line have it together.
fn choice(config: &Config, options: &Options) -> Choice {
    let off = config
        .checks
        .iter()
        .filter(|switch| switch.off())
        .map(|switch| switch.id.clone());
    Choice {
        advice: options.pedantic,
        only: options.only.clone(),
        skip: options.skip.iter().cloned().chain(off).collect(),
        severity: config
            .checks
            .iter()
            .filter_map(|switch| Some((switch.id.clone(), switch.severity()?)))
            .collect(),
    }
}
