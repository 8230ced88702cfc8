//! What a program could do to mend a fault, and what else belongs to it: data that reports carry and `keyward fix` applies.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{RelPath, Span};

/// A change that mends a fault, and that changes nothing when it is made a second time. Rotating a value is not among them.
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
    /// Change stretches of a text.
    Edit {
        /// The file.
        path: RelPath,
        /// The stretches, of the text without its byte order mark.
        edits: Vec<Edit>,
        /// The text that they are stretches of. Not for reports: what is short in a text could be guessed from it.
        #[serde(skip)]
        of: Digest,
    },
    /// Call a variable otherwise, in every file that says its name.
    Rename {
        /// A file in which it is given a value.
        path: RelPath,
        /// The name that it has.
        from: String,
        /// The name that it is to have.
        to: String,
    },
    /// Give a variable of an environment file that git ignores a new random value, which nobody is shown.
    Generate {
        /// The file.
        path: RelPath,
        /// The variable.
        name: String,
        /// Where its value stands, in the text without its byte order mark.
        #[serde(skip)]
        span: Span,
        /// The text that it stands in.
        #[serde(skip)]
        of: Digest,
        /// Whether nobody but the people at this machine notices.
        safe: bool,
    },
}

/// Tells a text from every other: SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

/// A stretch of a text with what is to stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The stretch; empty where something is put in.
    pub span: Span,
    /// What is to stand there.
    pub text: String,
    /// What goes around it.
    pub joint: Joint,
}

/// What stands around and between the texts that are put in at one place: several members of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Joint {
    /// Before the first.
    pub open: String,
    /// Between two.
    pub between: String,
    /// Behind the last.
    pub close: String,
}

impl Serialize for Edit {
    /// As it is where no other edit is made at its place.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Joint { open, close, .. } = &self.joint;
        let mut shape = serializer.serialize_struct("Edit", 3)?;
        shape.serialize_field("start", &self.span.start)?;
        shape.serialize_field("end", &self.span.end)?;
        shape.serialize_field("text", &format!("{open}{}{close}", self.text))?;
        shape.end()
    }
}

/// What a rule would do about a hit: a fix where the file allows of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// This.
    Edit(Edit),
    /// This, with the algorithms in it that the tree signs with by the key in a variable of the environment.
    Signed(Edit, String),
    /// A new random value of the variable, at the stretch.
    Random(String, Span),
    /// Another name for the variable.
    Rename(String, String),
}

impl Fix {
    /// The file that it changes.
    pub fn path(&self) -> &RelPath {
        match self {
            Self::Append { path, .. }
            | Self::Untrack { path }
            | Self::Restrict { path, .. }
            | Self::Edit { path, .. }
            | Self::Rename { path, .. }
            | Self::Generate { path, .. } => path,
        }
    }

    /// The same, to be told otherwise.
    pub fn path_mut(&mut self) -> &mut RelPath {
        match self {
            Self::Append { path, .. }
            | Self::Untrack { path }
            | Self::Restrict { path, .. }
            | Self::Edit { path, .. }
            | Self::Rename { path, .. }
            | Self::Generate { path, .. } => path,
        }
    }

    /// What it says that is called so by the tree, to be told otherwise.
    pub fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Append { lines, .. } => lines.iter_mut().collect(),
            Self::Generate { name, .. } => vec![name],
            Self::Rename { from, to, .. } => vec![from, to],
            Self::Untrack { .. } | Self::Restrict { .. } | Self::Edit { .. } => Vec::new(),
        }
    }

    /// Whether it can be made without asking: it loses nothing, and what works goes on working.
    pub fn is_safe(&self) -> bool {
        !matches!(
            self,
            Self::Rename { .. } | Self::Generate { safe: false, .. }
        )
    }

    /// The same as a command for a POSIX shell, to be run in the folder that paths are relative to, where one does it.
    pub fn command(&self) -> Option<String> {
        match self {
            Self::Append { path, lines } => {
                let lines: Vec<_> = lines.iter().map(|line| quoted(line)).collect();
                let path = path_word(path);
                Some(format!("printf '%s\\n' {} >> {path}", lines.join(" ")))
            }
            Self::Untrack { path } => Some(format!("git rm --cached -- {}", path_word(path))),
            Self::Restrict { path, mode } => Some(format!("chmod {mode:o} {}", path_word(path))),
            Self::Edit { .. } | Self::Rename { .. } | Self::Generate { .. } => None,
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
    fn an_edit_is_told_whole_and_the_text_it_is_of_is_not() {
        let fix = Fix::Edit {
            path: RelPath::from("a.js"),
            edits: vec![Edit {
                span: Span::new(3, 3),
                text: "secure: true".to_owned(),
                joint: Joint {
                    open: ", { ".to_owned(),
                    between: ", ".to_owned(),
                    close: " }".to_owned(),
                },
            }],
            of: Digest([7; 32]),
        };
        let told = serde_json::to_string(&fix).expect("it is data");
        assert_eq!(
            told,
            r#"{"do":"edit","path":"a.js","edits":[{"start":3,"end":3,"text":", { secure: true }"}]}"#
        );
    }

    #[test]
    fn a_path_is_one_word_of_a_command() {
        let untrack = |path: &str| {
            Fix::Untrack {
                path: RelPath::from(path),
            }
            .command()
            .expect("there is one")
        };
        assert_eq!(untrack("a/.env"), "git rm --cached -- a/.env");
        assert_eq!(untrack("it's $(x)"), r"git rm --cached -- 'it'\''s $(x)'");
        let restrict = Fix::Restrict {
            path: RelPath::from("-rf"),
            mode: 0o600,
        };
        assert_eq!(restrict.command().as_deref(), Some("chmod 600 ./-rf"));
        let append = Fix::Append {
            path: RelPath::from(".gitignore"),
            lines: vec![".env".to_owned(), "!.env.example".to_owned()],
        };
        assert_eq!(
            append.command().as_deref(),
            Some("printf '%s\\n' .env '!.env.example' >> .gitignore")
        );
    }
}
