//! `keyward schema`.

use anyhow::Result;
use clap::ValueEnum;

use crate::output;

const EXAMPLES: &str = "\
Examples:
  keyward schema config > .keyward.schema.json
  keyward schema rules > rules/.schema.json

An editor that reads TOML with taplo (VS Code with Even Better TOML, Helix,
Neovim) then completes and checks files that begin with the line
#:schema ./.keyward.schema.json";

/// `keyward schema`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Schema {
    /// Of what.
    #[arg(value_name = "WHAT", value_enum)]
    pub what: What,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// keyward.toml.
    Config,
    /// A file of rules, as --rules takes it.
    Rules,
}

/// Runs the command.
pub fn run(args: &Schema) -> Result<u8> {
    let text = match args.what {
        What::Config => include_str!("../../../docs/schema/keyward.toml.json"),
        What::Rules => include_str!("../../../docs/schema/rules.json"),
    };
    output::stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(0)
}
