//! `keyward hook install` and `uninstall`: a file is written and taken away, and whatever stood there stays.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keyward::git::{Discover, Repository};

use crate::args::{HookKind, Hooks, Installing};
use crate::{FAILED, say, world};

use super::place::{Folder, Manager, Whose};
use super::{husky, script};

/// Installs the hooks; done twice it is done once.
pub fn install(args: &Installing) -> Result<u8> {
    let repository = repository()?;
    let folder = Folder::of(&repository)?;
    let kinds = match &args.hooks.kinds[..] {
        [] => &[HookKind::Commit][..],
        kinds => kinds,
    };
    match folder.manager(&repository) {
        Some(Manager::Husky(files)) => {
            let told = kinds
                .iter()
                .map(|kind| with_husky(&files, *kind, args.append));
            return worst(told);
        }
        Some(Manager::Lefthook(file)) => return Ok(with_lefthook(file.as_deref(), kinds)),
        None => {}
    }
    if args.append {
        bail!("--append is for husky, and there is no .husky here\n  hint: run it without");
    }
    if folder.whose == Whose::Elsewhere && !args.shared {
        bail!(
            "core.hooksPath is {}, outside of this repository: a hook there would be asked by every repository that uses it\n  hint: \
             --shared installs it all the same; `git config core.hooksPath .git/hooks` gives this repository hooks of its own",
            folder.path.display()
        );
    }
    for kind in kinds {
        put(&folder.path, *kind)?;
    }
    if folder.whose == Whose::WorkTree {
        say(&format!(
            "core.hooksPath has git take hooks from {}, in the work tree: whoever else uses that folder gets them when they are committed",
            shown(&folder.path)
        ));
    }
    Ok(0)
}

/// Whether git, or husky for it, asks keyward before each commit; not where it cannot be told.
pub fn is_installed() -> bool {
    let Ok((repository, folder)) = repository().and_then(|r| Folder::of(&r).map(|f| (r, f))) else {
        return false;
    };
    match folder.manager(&repository) {
        Some(Manager::Husky(files)) => {
            husky::calls(&files.join(HookKind::Commit.name()), HookKind::Commit)
        }
        Some(Manager::Lefthook(Some(file))) => {
            fs::read_to_string(file).is_ok_and(|text| text.contains("keyward hook run pre-commit"))
        }
        Some(Manager::Lefthook(None)) => false,
        None => is_ours(&folder.path.join(HookKind::Commit.name())),
    }
}

/// Takes the hooks away: those that are named, else all.
pub fn uninstall(args: &Hooks) -> Result<u8> {
    let repository = repository()?;
    let folder = Folder::of(&repository)?;
    let kinds = match &args.kinds[..] {
        [] => &HookKind::ALL[..],
        kinds => kinds,
    };
    let manager = folder.manager(&repository);
    let mut found = false;
    for kind in kinds {
        if let Some(Manager::Husky(files)) = &manager {
            let file = files.join(kind.name());
            if husky::take_away(&file, *kind)? {
                found = true;
                say(&format!("took the line out of {}", shown(&file)));
            }
        }
        found |= take_away(&folder.path, *kind)?;
    }
    if let Some(Manager::Lefthook(Some(file))) = &manager
        && fs::read_to_string(file).is_ok_and(|text| text.contains("keyward hook run"))
    {
        found = true;
        let file = shown(file);
        say(&format!(
            "{file} still calls keyward: take that out by hand"
        ));
    }
    if !found {
        say(&format!("no hook of keyward's in {}", shown(&folder.path)));
    }
    Ok(0)
}

fn repository() -> Result<Repository> {
    Repository::discover(&world::cwd()?, &Discover::default())?.context(
        "hooks need a git repository, and there is none here\n  hint: run it inside the repository",
    )
}

/// Writes one hook, and keeps what is there under another name.
fn put(folder: &Path, kind: HookKind) -> Result<()> {
    let hook = folder.join(kind.name());
    let before = before(&hook);
    let text = script::text(kind);
    let fault = |path: &Path| format!("cannot write {}", path.display());
    fs::create_dir_all(folder).with_context(|| fault(folder))?;
    let is_there = fs::symlink_metadata(&hook).is_ok();
    if is_ours(&hook) {
        if fs::read(&hook).is_ok_and(|there| there == text.as_bytes()) {
            make_executable(&hook)?;
            say(&format!("{} is installed already", shown(&hook)));
            return Ok(());
        }
    } else if is_there {
        if fs::symlink_metadata(&before).is_ok() {
            bail!(
                "{} is not keyward's, and {} is there too, from an earlier install\n  hint: look at both, and leave one of them as {}",
                shown(&hook),
                shown(&before),
                kind.name()
            );
        }
        fs::rename(&hook, &before).with_context(|| fault(&before))?;
    }
    fs::write(&hook, text).with_context(|| fault(&hook))?;
    make_executable(&hook)?;
    let kept = match fs::symlink_metadata(&before) {
        Ok(_) => format!("; what was there is {} and runs first", shown(&before)),
        Err(_) => String::new(),
    };
    say(&format!("installed {}{kept}", shown(&hook)));
    Ok(())
}

/// Takes one hook away and puts back what was there; says whether there was one.
fn take_away(folder: &Path, kind: HookKind) -> Result<bool> {
    let hook = folder.join(kind.name());
    let before = before(&hook);
    let was_there = fs::symlink_metadata(&before).is_ok();
    if !is_ours(&hook) {
        if was_there {
            say(&format!(
                "{} is not keyward's any more: it is left, and so is {}",
                shown(&hook),
                shown(&before)
            ));
        }
        return Ok(was_there);
    }
    if was_there {
        fs::rename(&before, &hook).with_context(|| format!("cannot write {}", hook.display()))?;
        say(&format!("put back {} as it was", shown(&hook)));
    } else {
        fs::remove_file(&hook).with_context(|| format!("cannot remove {}", hook.display()))?;
        say(&format!("took away {}", shown(&hook)));
    }
    Ok(true)
}

/// husky's file is the project's own: it is changed where that is asked for, else its line is told.
fn with_husky(files: &Path, kind: HookKind, append: bool) -> Result<u8> {
    let file = files.join(kind.name());
    if husky::calls(&file, kind) {
        say(&format!("{} calls keyward already", shown(&file)));
        return Ok(0);
    }
    if append {
        husky::append(&file, kind)?;
        say(&format!(
            "appended to {}: {}",
            shown(&file),
            husky::command(kind)
        ));
        return Ok(0);
    }
    say(&format!(
        "husky runs the hooks of this repository, so nothing was installed\n  hint: add this line to {}, or have `keyward hook install --append` do it:\n    {}",
        shown(&file),
        husky::command(kind)
    ));
    Ok(FAILED)
}

/// lefthook writes the hooks anew from its configuration, which has a form that only its owner should change.
fn with_lefthook(file: Option<&Path>, kinds: &[HookKind]) -> u8 {
    let text = file.and_then(|file| fs::read_to_string(file).ok());
    let text = text.unwrap_or_default();
    let calls = |kind: &&HookKind| !text.contains(&format!("keyward hook run {}", kind.name()));
    let missing: Vec<_> = kinds.iter().filter(calls).collect();
    let name = file.map_or_else(|| "lefthook's configuration".to_owned(), shown);
    if missing.is_empty() {
        say(&format!("{name} calls keyward already"));
        return 0;
    }
    let stanzas = missing.iter().map(|kind| {
        let (remote, stdin) = match kind {
            HookKind::Commit => ("", ""),
            HookKind::Push => (" {1}", "\n          use_stdin: true"),
            HookKind::Receive => ("", "\n          use_stdin: true"),
        };
        let name = kind.name();
        format!(
            "\n    {name}:\n      commands:\n        keyward:\n          run: keyward hook run {name}{remote}{stdin}"
        )
    });
    let stanzas: String = stanzas.collect();
    say(&format!(
        "lefthook runs the hooks of this repository, so nothing was installed\n  hint: add this to {name}:{stanzas}"
    ));
    FAILED
}

fn worst(mut codes: impl Iterator<Item = Result<u8>>) -> Result<u8> {
    codes.try_fold(0, |worst, code| Ok(worst.max(code?)))
}

fn is_ours(hook: &Path) -> bool {
    fs::read(hook).is_ok_and(|text| script::is_ours(&text))
}

fn before(hook: &Path) -> PathBuf {
    let mut name = hook.as_os_str().to_owned();
    name.push(script::BEFORE);
    PathBuf::from(name)
}

/// Lets whoever may read a hook run it; Windows has no such bit.
pub fn make_executable(file: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let fault = || format!("cannot make {} executable", file.display());
        let mut mode = fs::metadata(file).with_context(fault)?.permissions();
        let readable = mode.mode() & 0o444;
        mode.set_mode(mode.mode() | readable >> 2);
        fs::set_permissions(file, mode).with_context(fault)?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// The path by its short name, where it has one.
fn shown(path: &Path) -> String {
    let cwd = world::cwd().unwrap_or_default();
    path.strip_prefix(cwd).unwrap_or(path).display().to_string()
}
