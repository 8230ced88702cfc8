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
        let name = &path.name().to_ascii_lowercase()[..];
        if records::is_named(name) {
            Some(Self::Records)
        } else if dotenv::is_named(name) {
            Some(Self::Dotenv)
        } else if dockerfile::is_named(name) {
            Some(Self::Dockerfile)
        } else if shell::is_named(name) {
            Some(Self::Shell)
        } else if ini::is_named(path, name) {
            Some(Self::Ini)
        } else {
            None
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_which_lines_are_read() {
        for (path, format) in [
            ("a/.env.local", Some(Format::Dotenv)),
            ("a/PROD.ENV", Some(Format::Dotenv)),
            ("a/.env.sh", Some(Format::Shell)),
            ("a/.env.d.ts", None),
            (".npmrc", Some(Format::Ini)),
            ("home/.aws/credentials", Some(Format::Ini)),
            ("credentials", None),
            (".netrc", Some(Format::Records)),
            ("pgpass.conf", Some(Format::Records)),
            ("other.conf", Some(Format::Ini)),
            ("Dockerfile.prod", Some(Format::Dockerfile)),
            ("Makefile", Some(Format::Shell)),
            ("README.md", None),
        ] {
            assert_eq!(Format::of_path(&RelPath::from(path)), format, "{path}");
        }
    }
}
