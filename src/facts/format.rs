//! The formats that are read as a whole, and which file is written in which.

use crate::model::RelPath;

use super::{Facts, dockerfile, dotenv, ini, records, shell};

/// A way to write a whole file of names and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `KEY=value` with quotes that span lines: `.env` and its like.
    Dotenv,
    /// `key = value` under `[sections]`: INI, properties, git and npm configuration, systemd units.
    Ini,
    /// Words in a fixed order: `.netrc`, `.pgpass`, `.git-credentials`, `.htpasswd`.
    Records,
    /// YAML, and templates of it.
    Yaml,
    /// JSON, JSON with comments, JSON5.
    Json,
    /// A configuration module in JavaScript or TypeScript: its object literals.
    Script,
    /// TOML.
    Toml,
    /// HCL: Terraform, Packer, Nomad.
    Hcl,
    /// XML, property lists.
    Xml,
    /// Dockerfile, Containerfile.
    Dockerfile,
    /// Shell scripts, and files of commands.
    Shell,
}

impl Format {
    /// Longer files are left to the rules over text.
    pub const LONGEST: usize = 8 << 20;

    /// Judged by the last part of the path.
    pub fn of_path(path: &RelPath) -> Option<Self> {
        let name = path.name().to_ascii_lowercase();
        let lines: [(Self, fn(&[u8]) -> bool); 4] = [
            (Self::Records, records::is_named),
            (Self::Dotenv, dotenv::is_named),
            (Self::Dockerfile, dockerfile::is_named),
            (Self::Shell, shell::is_named),
        ];
        let named = lines.iter().find(|(_, is_named)| is_named(&name));
        if let Some((format, _)) = named {
            return Some(*format);
        }
        ini::is_named(path, &name).then_some(Self::Ini)
    }
}

/// What `text` states, read to its end or to where it breaks the format's grammar.
pub fn read(format: Format, text: &[u8]) -> Facts {
    match format {
        Format::Dotenv => dotenv::read(text),
        Format::Ini => ini::read(text),
        Format::Records => records::read(text),
        Format::Dockerfile => dockerfile::read(text),
        Format::Shell => shell::read(text),
        _ => Facts::default(),
    }
}
