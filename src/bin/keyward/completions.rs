//! `keyward completions`.

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  eval \"$(keyward completions bash)\"                  in ~/.bashrc
  keyward completions zsh > DIR/_keyward               DIR is one of $fpath
  keyward completions fish | source                    in config.fish
  keyward completions powershell | Out-String | iex    in $PROFILE
  eval (keyward completions elvish | slurp)            in rc.elv";

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
