//! `keyward completions`.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  bash        keyward completions bash > ~/.local/share/bash-completion/completions/keyward
  zsh         keyward completions zsh > DIR/_keyward, where DIR is one of $fpath
  fish        keyward completions fish > ~/.config/fish/completions/keyward.fish
  powershell  keyward completions powershell | Out-String | Invoke-Expression, in $PROFILE
  elvish      keyward completions elvish > ~/.config/elvish/lib/keyward.elv, and `use keyward` in rc.elv";

/// `keyward completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// The shell that reads them.
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Runs the command.
pub fn run(args: &Completions) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "keyward", &mut script);
    output::stdout(|out| out.write_all(&script))?;
    Ok(0)
}
