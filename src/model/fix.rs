//! What a program could do to mend a fault, and what else belongs to it: data that reports carry and `keyward fix` will apply.

use serde::Serialize;

use super::RelPath;

/// An edit that is safe to make: it loses nothing, and a second time it changes nothing. Rotating a value is not among them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Fix {
    /// Append lines to a file that holds one rule a line; make the file where there is none.
    Append {
        /// The ignore file.
        path: RelPath,
        /// The lines, without line ends.
        lines: Vec<String>,
    },
    /// Take a file out of the index and leave it on disk.
    Untrack {
        /// The file.
        path: RelPath,
    },
    /// Set a file's permissions.
    Restrict {
        /// The file.
        path: RelPath,
        /// Unix permission bits.
        mode: u32,
    },
}

impl Fix {
    /// The same as a command for a POSIX shell, to be run in the folder that paths are relative to.
    pub fn command(&self) -> String {
        match self {
            Self::Append { path, lines } => {
                let lines: Vec<_> = lines.iter().map(|line| quoted(line)).collect();
                format!("printf '%s\\n' {} >> {}", lines.join(" "), path_word(path))
            }
            Self::Untrack { path } => format!("git rm --cached -- {}", path_word(path)),
            Self::Restrict { path, mode } => format!("chmod {mode:o} {}", path_word(path)),
        }
    }
}

/// A path as one word that no command takes for an option.
fn path_word(path: &RelPath) -> String {
    let text = path.display();
    let text = if text.starts_with('-') {
        format!("./{text}")
    } else {
        text
    };
    quoted(&text)
}

/// A word for a POSIX shell: as it is where nothing in it means anything to one, in single quotes else.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Another place that a fault has to do with, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Related {
    /// The file.
    pub path: RelPath,
    /// The line, from 1.
    pub line: usize,
    /// What is there, lower case: "the same value".
    pub what: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_command() {
        let untrack = |path: &str| {
            Fix::Untrack {
                path: RelPath::from(path),
            }
            .command()
        };
        assert_eq!(untrack("a/.env"), "git rm --cached -- a/.env");
        assert_eq!(untrack("it's $(x)"), r"git rm --cached -- 'it'\''s $(x)'");
        let restrict = Fix::Restrict {
            path: RelPath::from("-rf"),
            mode: 0o600,
        };
        assert_eq!(restrict.command(), "chmod 600 ./-rf");
        let append = Fix::Append {
            path: RelPath::from(".gitignore"),
            lines: vec![".env".to_owned(), "!.env.example".to_owned()],
        };
        assert_eq!(
            append.command(),
            "printf '%s\\n' .env '!.env.example' >> .gitignore"
        );
    }
}
