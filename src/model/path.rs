//! A path as git writes it: bytes, `/` between the parts, relative to what is scanned.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A path relative to the scan's root. Bytes, because file systems and git promise no encoding; `/` on every platform,
/// so that fingerprints and baselines agree between them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Arc<[u8]>);

impl RelPath {
    /// Takes the bytes as they are; the caller has made separators `/` and cut the root off.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes as the file system or git gave them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The last part.
    pub fn name(&self) -> &[u8] {
        let start = self.0.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
        &self.0[start..]
    }

    /// The path for people: invalid UTF-8 as U+FFFD, control characters escaped, so that no file name steers a terminal.
    pub fn display(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for c in String::from_utf8_lossy(&self.0).chars() {
            if c.is_control() || is_invisible(c) {
                out.extend(c.escape_unicode());
            } else {
                out.push(c);
            }
        }
        out
    }
}

/// Format characters that turn the reading direction or hide text: text may use them to pass for another.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl From<&[u8]> for RelPath {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<&str> for RelPath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display())
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.display())
    }
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_steer_a_terminal() {
        let path = RelPath::new(&b"a\x1b[31m/\xff\xe2\x80\xaeb"[..]);
        assert_eq!(path.display(), "a\\u{1b}[31m/\u{fffd}\\u{202e}b");
        assert_eq!(path.name(), &b"\xff\xe2\x80\xaeb"[..]);
    }
}
