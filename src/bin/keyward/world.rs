//! What depends on the machine and the moment: clock, environment, folders. Read here, and nowhere else.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use keyward::git::Discover;
use keyward::model::Error;

/// The folder that relative paths are meant from.
pub fn cwd() -> Result<PathBuf> {
    env::current_dir().context("the current folder cannot be read: change to one that exists")
}

/// The date of this run: what was asked for, else SOURCE_DATE_EPOCH, else the clock. In UTC, so that a report does not hang on
/// where it was made.
pub fn today(asked: Option<Date>) -> Result<Date> {
    if let Some(date) = asked {
        return Ok(date);
    }
    let moment = match env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds = text.trim().parse::<i64>().ok();
            seconds
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .context("SOURCE_DATE_EPOCH is not a number of seconds\n  hint: unset it, or use --now 2031-12-31")?
        }
        Err(_) => Timestamp::now(),
    };
    Ok(moment.to_zoned(TimeZone::UTC).date())
}

/// A variable of the environment that is set and not empty.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The user's own keyward.toml, whether it exists or not.
pub fn user_config() -> Option<PathBuf> {
    let folders = etcetera::choose_base_strategy().ok()?;
    Some(folders.config_dir().join("keyward").join("keyward.toml"))
}

/// What git tells its hooks. Only for what is staged: `git commit -a` stages into an index of its own, while a scan of paths
/// that a hook starts may be of another repository altogether.
pub fn hook() -> Discover {
    let path = |name: &str| {
        env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let list = |name: &str| env::var_os(name).map(|v| env::split_paths(&v).collect::<Vec<_>>());
    Discover {
        index_file: path("GIT_INDEX_FILE"),
        git_dir: path("GIT_DIR"),
        work_tree: path("GIT_WORK_TREE"),
        object_dirs: path("GIT_OBJECT_DIRECTORY")
            .into_iter()
            .chain(list("GIT_ALTERNATE_OBJECT_DIRECTORIES").unwrap_or_default())
            .collect(),
    }
}

/// As many threads as there are cores for this process.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Columns of the terminal, as it says itself or else the user's shell; 0 where neither does.
pub fn columns() -> usize {
    let said = || variable("COLUMNS").and_then(|columns| columns.parse().ok());
    match terminal_size::terminal_size() {
        Some((width, _)) if width.0 > 0 => usize::from(width.0),
        _ => said().unwrap_or(0),
    }
}

/// An error for people: files below the current folder by their short names.
pub fn told(error: &anyhow::Error) -> String {
    let cwd = env::current_dir().unwrap_or_default();
    let short = |path: &Path| {
        path.strip_prefix(&cwd)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    match error.downcast_ref::<Error>() {
        Some(Error::Config {
            file,
            line,
            message,
            hint,
        }) => {
            format!("{}:{line}: {message}\n  hint: {hint}", short(file))
        }
        Some(Error::Read { path, source }) => format!("cannot read {}: {source}", short(path)),
        _ => format!("{error:#}"),
    }
}
