//! What was asked for, made runnable: paths resolved, configuration layered, rules compiled.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use crate::classify::{Setting, contexts};
use crate::config::{self, Allow, Config, Switch, Wanted};
use crate::git::{self, Discover, Ignores, New, Oid, Repository};
use crate::model::{
    Check, Confidence, Error, Notice, Origin, Place, RelPath, Result, Severity, Standing,
};
use crate::rules::{self, Choice, Document, Ruleset};
use crate::source::{self, Exclude, Nothing, Range, Source, Staged, Stdin, Worktree};
use crate::suppress::Suppressor;
use crate::text::Syntax;

use super::excerpt::Mask;

/// Where the documents come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The files of the working tree.
    Worktree,
    /// The blobs of the index that differ from HEAD.
    Staged,
    /// The blobs that the commits of a range add, as [`Repository::range`] takes one.
    Range(String),
    /// The blobs that the commits add which `tip` has beyond all of `known`, as [`Repository::beyond`] finds them: a push.
    Pushed {
        /// What is pushed: a commit, or a tag of one.
        tip: Oid,
        /// What those who it is pushed to have.
        known: Vec<Oid>,
    },
    /// Standard input, under this name.
    Stdin {
        /// The path it is judged by.
        name: RelPath,
    },
}

/// Whether the history of a repository is scanned, where its whole tree is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// No.
    Not,
    /// Beside the tree.
    #[default]
    Too,
    /// Without the tree.
    Only,
}

/// What the user asked for. Nothing here is checked yet.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files and folders; all of the root where empty.
    pub paths: Vec<PathBuf>,
    /// Where the documents come from.
    pub mode: Mode,
    /// Whether the history is scanned.
    pub history: History,
    /// Read each version of a file as a whole, whatever it was made of: slow, and what the quick way is held against.
    pub plain_history: bool,
    /// Read and judge what git ignores as well.
    pub ignored: bool,
    /// This configuration file instead of the ones that would be found.
    pub config: Option<PathBuf>,
    /// The user's own configuration, below the repository's.
    pub user_config: Option<PathBuf>,
    /// Do not read the repository's configuration.
    pub no_repo_config: bool,
    /// Files and folders of rules.
    pub rules: Vec<PathBuf>,
    /// If not empty, only these checks.
    pub only: Vec<String>,
    /// Not these checks.
    pub skip: Vec<String>,
    /// Report info as well.
    pub pedantic: bool,
    /// The least confidence to report.
    pub confidence: Option<Confidence>,
    /// The baseline.
    pub baseline: Option<PathBuf>,
    /// Gaps that are no reason to fail.
    pub accept: Vec<String>,
    /// Show secrets unmasked.
    pub show_secrets: bool,
    /// How many threads; at least one.
    pub jobs: usize,
    /// The date that expiries are held against.
    pub today: Date,
    /// What a hook's environment says of the repository.
    pub discover: Discover,
    /// The folder that relative paths are meant from.
    pub cwd: PathBuf,
}

/// An audit that can be run.
pub struct Plan {
    pub(super) source: Box<dyn Source>,
    pub(super) rules: Ruleset,
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
    pub(super) past: Option<Arc<Repository>>,
    pub(super) plain_history: bool,
    /// The range of commits that is scanned, if one is.
    pub(super) range: Option<Ranged>,
}

/// A range of commits, and whose they are.
#[derive(Clone)]
pub(super) struct Ranged {
    pub repository: Arc<Repository>,
    pub range: Arc<git::Range>,
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
        let repository = if start.exists() {
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
            no_repo: options.no_repo_config,
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
            !options.no_repo_config,
            options.today,
        )?;
        let accept = options
            .accept
            .iter()
            .map(|word| config::Accept::parse(word))
            .collect::<Result<Vec<_>>>()?;
        let versioned = repository.is_some();
        let range = ranged(&options.mode, repository.as_ref())?;
        let ignores = match (&options.mode, &repository) {
            (Mode::Stdin { .. }, _) => None,
            (Mode::Staged, Some(repository)) => Some(Ignores::of_index(repository.clone())),
            (Mode::Range(_) | Mode::Pushed { .. }, _) => range
                .as_ref()
                .map(|ranged| Ignores::of_commit(Arc::clone(&ranged.repository), ranged.range.tip)),
            (_, Some(repository)) => Some(Ignores::of_worktree(repository.clone())),
            (_, None) => Some(Ignores::of_folder(&root)),
        };
        let origin = match options.mode {
            Mode::Worktree => Origin::Worktree,
            Mode::Staged => Origin::Index,
            Mode::Range(_) | Mode::Pushed { .. } => Origin::History,
            Mode::Stdin { .. } => Origin::Stdin,
        };
        // What lies in the folder of a bare repository is git's own.
        let bare = whole && repository.as_ref().is_some_and(|r| r.is_bare());
        if bare && options.history == History::Not {
            return Err(Error::Usage {
                message: "a bare repository has no files, only a history".to_owned(),
                hint: "run it without --no-history".to_owned(),
            });
        }
        let in_tree = !bare && options.history != History::Only;
        let past = match (options.history, &repository) {
            (History::Only, None) => {
                return Err(Error::Usage {
                    message: "--history-only needs a git repository, and there is none here"
                        .to_owned(),
                    hint: "run it inside the repository".to_owned(),
                });
            }
            (History::Only, Some(_)) if !whole => {
                return Err(Error::Usage {
                    message: "--history-only scans all of a repository's history".to_owned(),
                    hint: "name no PATH, or scan that without it".to_owned(),
                });
            }
            (History::Not, _) => None,
            (_, repository) => repository.clone().filter(|_| whole),
        };
        Ok(Self {
            past,
            plain_history: options.plain_history,
            origin,
            config: Arc::clone(&config),
            ignores,
            versioned,
            source: if in_tree {
                source(&options, &root, repository, range.as_ref(), &config)?
            } else {
                Box::new(Nothing)
            },
            in_tree,
            range,
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
        self.whole && (self.past.is_some() || !self.versioned)
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
    pub(super) fn passes_by(&self, path: &[u8]) -> bool {
        !self.config.exclude.is_empty() && source::excluded(&|path| self.excludes(path), path)
    }

    /// Which version of its file a blob is, where a range of commits is scanned.
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

/// The range that was asked for, read.
fn ranged(mode: &Mode, repository: Option<&Arc<Repository>>) -> Result<Option<Ranged>> {
    let needed = || {
        repository.ok_or_else(|| Error::Usage {
            message: "a range of commits needs a git repository, and there is none here".to_owned(),
            hint: "run it inside the repository, or scan the folder with `keyward scan PATH`"
                .to_owned(),
        })
    };
    let (repository, range) = match mode {
        Mode::Range(range) => (needed()?, needed()?.range(range)?),
        Mode::Pushed { tip, known } => (needed()?, needed()?.beyond(*tip, known)?),
        Mode::Worktree | Mode::Staged | Mode::Stdin { .. } => return Ok(None),
    };
    Ok(Some(Ranged {
        repository: Arc::clone(repository),
        range: Arc::new(range),
    }))
}

fn source(
    options: &Options,
    root: &Path,
    repository: Option<Arc<Repository>>,
    range: Option<&Ranged>,
    config: &Arc<Config>,
) -> Result<Box<dyn Source>> {
    let paths: Vec<PathBuf> = options
        .paths
        .iter()
        .map(|path| options.cwd.join(path))
        .collect();
    let config = Arc::clone(config);
    let exclude: Exclude = if config.exclude.is_empty() {
        Box::new(|_| false)
    } else {
        Box::new(move |path: &[u8]| config.excludes(path))
    };
    Ok(match &options.mode {
        Mode::Worktree => Box::new(Worktree {
            root: root.to_owned(),
            paths,
            repository,
            read_ignored: options.ignored,
            ignored_but_read: |path| contexts::is_credential_file(path.name(), path),
            exclude,
        }),
        Mode::Staged => Box::new(Staged {
            repository: repository.ok_or_else(|| Error::Usage {
                message: "--staged needs a git repository, and there is none here".to_owned(),
                hint: "run it inside the repository, or scan the folder with `keyward scan PATH`"
                    .to_owned(),
            })?,
            paths,
            exclude,
        }),
        Mode::Range(_) | Mode::Pushed { .. } => match range.cloned() {
            Some(Ranged { repository, range }) => Box::new(Range {
                repository,
                range,
                exclude,
            }),
            None => Box::new(Nothing),
        },
        Mode::Stdin { name } => Box::new(Stdin {
            name: name.clone(),
            reader: Mutex::new(Box::new(std::io::stdin())),
        }),
    })
}
