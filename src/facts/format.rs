//! The formats that are read as a whole, and which file is written in which.

use crate::model::RelPath;

use super::{Facts, dockerfile, dotenv, hcl, ini, object, records, shell, toml, xml, yaml};

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
        if is_code(path.name()) {
            return None;
        }
        let name = path.name().to_ascii_lowercase();
        let by_lines = [
            (Self::Records, records::is_named(&name)),
            (Self::Dotenv, dotenv::is_named(&name)),
            (Self::Dockerfile, dockerfile::is_named(&name)),
            (Self::Ini, ini::is_named(path, &name)),
            (Self::Shell, shell::is_named(&name)),
        ];
        if let Some((format, _)) = by_lines.into_iter().find(|(_, is)| *is) {
            return Some(format);
        }
        let ends = |endings: &[&str]| endings.iter().any(|e| name.ends_with(e.as_bytes()));
        if ends(TEMPLATES_OF_YAML) {
            return Some(Self::Yaml);
        }
        let dot = name.iter().rposition(|&b| b == b'.');
        let ending = dot.map_or(&b""[..], |dot| &name[dot + 1..]);
        match ending {
            _ if is_json(&name) => Some(Self::Json),
            b"json"
            | b"jsonc"
            | b"json5"
            | b"webmanifest"
            | b"tfstate"
            | b"har"
            | b"ipynb"
            | b"postman_collection"
            | b"code-workspace" => Some(Self::Json),
            b"yml" | b"yaml" | b"eyaml" => Some(Self::Yaml),
            b"toml" => Some(Self::Toml),
            _ if name == b"pipfile" => Some(Self::Toml),
            b"tf" | b"tfvars" | b"hcl" | b"nomad" | b"tofu" => Some(Self::Hcl),
            b"xml" | b"plist" | b"config" | b"csproj" | b"props" | b"targets" | b"resx"
            | b"nuspec" | b"csdef" | b"cscfg" | b"pubxml" => Some(Self::Xml),
            b"js" | b"ts" | b"mjs" | b"cjs" | b"mts" | b"cts" if is_configuration(path, &name) => {
                Some(Self::Script)
            }
            _ => None,
        }
    }
}

/// Most files of a tree, told by one look at their end.
fn is_code(name: &[u8]) -> bool {
    const ENDS: &[&[u8]] = &[
        b"rs", b"go", b"c", b"h", b"cc", b"cpp", b"hpp", b"java", b"kt", b"py", b"rb", b"md",
        b"html", b"css", b"scss", b"tsx", b"jsx", b"cs", b"swift", b"svg", b"lock", b"txt",
    ];
    let dot = name.iter().rposition(|&b| b == b'.');
    dot.is_some_and(|dot| dot > 0 && ENDS.contains(&&name[dot + 1..]))
}

/// Templates that become YAML.
const TEMPLATES_OF_YAML: &[&str] = &[".yml.j2", ".yaml.j2", ".yml.erb", ".yaml.erb"];

/// Whole names, and endings of two parts.
fn is_json(name: &[u8]) -> bool {
    matches!(name, b".babelrc" | b".eslintrc" | b".firebaserc")
        || name.ends_with(b".tfstate.backup")
}

/// Whether a module is there to configure: by its name, or by the folder it lies in. `name` is in lower case.
fn is_configuration(path: &RelPath, name: &[u8]) -> bool {
    let stem = name.split(|&b| b == b'.').next().unwrap_or_default();
    let folder = path.as_bytes().rsplit(|&b| b == b'/').nth(1);
    let words = name.split(|&b| b == b'.');
    matches!(stem, b"config" | b"settings" | b"env" | b"gatsby-config")
        || stem.starts_with(b"environment")
        || words.rev().nth(1) == Some(b"config")
        || folder.is_some_and(|folder| folder.eq_ignore_ascii_case(b"config"))
}

/// What `text` states, read to its end or to where it breaks the format's grammar.
pub fn read(format: Format, text: &[u8]) -> Facts {
    match format {
        Format::Json => object::json(text),
        Format::Script => object::script(text),
        Format::Hcl => hcl::read(text),
        Format::Xml => xml::read(text),
        Format::Yaml => yaml::read(text),
        Format::Toml => toml::read(text),
        Format::Dotenv => dotenv::read(text),
        Format::Records => records::read(text),
        Format::Ini => ini::read(text),
        Format::Shell => shell::read(text),
        Format::Dockerfile => dockerfile::read(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format() {
        for (format, names) in [
            (
                Some(Format::Json),
                &[
                    "package.json",
                    "a/b.JSONC",
                    "x.postman_collection.json",
                    "x.postman_collection",
                    "terraform.tfstate",
                    "terraform.tfstate.backup",
                    "x/.babelrc",
                ][..],
            ),
            (
                Some(Format::Script),
                &[
                    "next.config.js",
                    "a/vite.config.ts",
                    "ecosystem.config.cjs",
                    "gatsby-config.js",
                    "src/config.js",
                    "settings.ts",
                    "env.js",
                    "environment.prod.ts",
                    "environments.ts",
                    "config/db.js",
                    "app/Config/index.ts",
                    "app.config.mts",
                ],
            ),
            (
                Some(Format::Hcl),
                &[
                    "main.tf",
                    "a.auto.tfvars",
                    "x.pkr.hcl",
                    "job.nomad",
                    "main.tofu",
                ],
            ),
            (
                Some(Format::Xml),
                &[
                    "Web.config",
                    "Info.plist",
                    "a.csproj",
                    "strings.xml",
                    "x.pubxml",
                ],
            ),
            (
                None,
                &[
                    "index.js",
                    "src/server.ts",
                    "config/page.tsx",
                    "config/a/b.js",
                    "config.d",
                    "logo.svg",
                    "index.html",
                    "MainWindow.xaml",
                    ".prettierrc",
                    "",
                ],
            ),
        ] {
            for &name in names {
                assert_eq!(Format::of_path(&name.into()), format, "{name}");
            }
        }
    }
}
