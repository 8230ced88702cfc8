//! How a file writes down a key and its value, as far as its name tells.

use crate::model::RelPath;

/// The ways in which values stand in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Programming languages: a literal is quoted; a bare word is code.
    Code,
    /// `KEY=value` up to the end of the line: dotenv, properties, INI, git configuration.
    Lines,
    /// `key: value`, bare or quoted.
    Yaml,
    /// Words split at blanks; `KEY=value` and options.
    Shell,
    /// `"key": "value"`.
    Json,
    /// Tags and attributes.
    Markup,
    /// Prose with examples in it.
    Prose,
    /// Anything else, command output and logs among it.
    Unknown,
}

impl Syntax {
    /// Judged by the last part of the path: whole names first, then the ending.
    pub fn of_path(path: &RelPath) -> Self {
        let name = path.name().to_ascii_lowercase();
        let name = String::from_utf8_lossy(&name);
        match &*name {
            "dockerfile" | "containerfile" | "makefile" | "procfile" | "jenkinsfile"
            | "justfile" => return Self::Shell,
            ".npmrc" | ".pypirc" | ".netrc" | "_netrc" | ".pgpass" | ".my.cnf" | ".s3cfg"
            | ".boto" | "credentials" | "config" | ".git-credentials" | ".htpasswd"
            | ".dockercfg" | ".flaskenv" | ".envrc" => return Self::Lines,
            _ => {}
        }
        if name.starts_with(".env") || name.ends_with(".env") {
            return Self::Lines;
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "properties" | "ini" | "cfg" | "conf" | "cnf" | "env" | "service" | "desktop"
            | "editorconfig" | "pgpass" | "netrc" | "dist" | "sample" | "example" | "template"
            | "local" => Self::Lines,
            "yml" | "yaml" | "eyaml" => Self::Yaml,
            "sh" | "bash" | "zsh" | "fish" | "ksh" | "bat" | "cmd" | "ps1" | "psm1"
            | "dockerfile" | "mk" | "bash_profile" | "bashrc" | "zshrc" | "profile"
            | "bash_history" | "zsh_history" => Self::Shell,
            "json" | "jsonc" | "json5" | "ipynb" | "har" | "webmanifest" | "tfstate" | "avsc" => {
                Self::Json
            }
            "xml" | "html" | "htm" | "xhtml" | "plist" | "config" | "csproj" | "props" | "svg"
            | "xsd" | "wsdl" | "xaml" | "vue" | "svelte" | "astro" | "jsp" | "erb" | "haml"
            | "cshtml" => Self::Markup,
            "md" | "mdx" | "markdown" | "rst" | "adoc" | "asciidoc" | "txt" | "tex" | "pod"
            | "1" => Self::Prose,
            "toml" | "vim" | "tf" | "tfvars" | "hcl" | "js" | "jsx" | "ts" | "tsx" | "mjs"
            | "cjs" | "mts" | "cts" | "py" | "pyi" | "rb" | "go" | "java" | "kt" | "kts"
            | "scala" | "groovy" | "gradle" | "cs" | "fs" | "vb" | "php" | "rs" | "swift" | "m"
            | "mm" | "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" | "pl" | "pm" | "t"
            | "lua" | "dart" | "ex" | "exs" | "erl" | "hs" | "clj" | "cljs" | "coffee" | "r"
            | "jl" | "sql" | "tcl" | "zig" | "nim" | "d" | "pas" | "bas" | "vbs" | "sol"
            | "graphql" | "proto" | "rake" | "gemspec" | "podspec" | "nix" | "ml" | "elm"
            | "css" | "scss" | "less" | "sass" | "cr" | "v" | "sv" | "asm" | "s" => Self::Code,
            _ => Self::Unknown,
        }
    }
}
