//! `keyward hook`: git asks keyward before commits and pushes.
//!
//! [`place`] finds the folder that git takes hooks from and who else keeps it, [`script`] is what is written there, [`install`] puts it
//! there and takes it away, [`husky`] does so for husky's files, [`run`] is what the hooks call, [`pushed`] reads what git tells them.

mod husky;
mod install;
mod place;
mod pushed;
mod run;
mod script;

use anyhow::Result;

use crate::args::{Hook, HookCommand, When};

pub use install::{install, is_installed};

/// Runs the command.
pub fn run(args: &Hook, color: When) -> Result<u8> {
    match &args.command {
        HookCommand::Install(args) => install::install(args),
        HookCommand::Uninstall(args) => install::uninstall(args),
        HookCommand::Run(args) => run::run(args, color),
    }
}
