//! What a file's first bytes say it is: text in which encoding, or no text.

use std::io::{self, Read};

/// How many bytes the judgement looks at.
pub const HEAD: usize = 8 * 1024;

/// How a file's bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, ASCII, Latin-1 and relatives: read as it is.
    Bytes,
    /// UTF-8 behind a byte order mark of 3 bytes.
    Utf8Bom,
    /// UTF-16, little end first; `bom` bytes are skipped.
    Utf16Le {
        /// Bytes of the byte order mark: 2 or 0.
        bom: usize,
    },
    /// UTF-16, big end first.
    Utf16Be {
        /// Bytes of the byte order mark: 2 or 0.
        bom: usize,
    },
    /// Not text.
    Binary,
}

/// First bytes of common binary formats. A name says nothing: a `.png` may hold text and a `.txt` a zip.
const MAGIC: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x7fELF",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"\x28\xb5\x2f\xfd",
    b"%PDF-",
    b"wOFF",
    b"wOF2",
    b"\x00\x01\x00\x00\x00",
    b"OTTO",
    b"ID3",
    b"OggS",
    b"fLaC",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\x00asm",
    b"SQLite format 3\x00",
    b"!<arch>\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
];

/// Of 100 bytes, so many control characters make a file binary. Random data has 10, text with a NUL after every path 3.
const CONTROL_PERCENT: usize = 8;

/// Judges a file by its first [`HEAD`] bytes (or all, where it is shorter).
pub fn sniff(head: &[u8]) -> Encoding {
    let head = &head[..head.len().min(HEAD)];
    match head {
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8Bom,
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Encoding::Binary, // UTF-32: nobody writes it
        [0xff, 0xfe, ..] => return Encoding::Utf16Le { bom: 2 },
        [0xfe, 0xff, ..] => return Encoding::Utf16Be { bom: 2 },
        _ => {}
    }
    if MAGIC.iter().any(|magic| head.starts_with(magic)) {
        return Encoding::Binary;
    }
    if memchr::memchr(0, head).is_some()
        && let Some(encoding) = utf16_without_mark(head)
    {
        return encoding;
    }
    let controls = controls(head);
    if controls * 100 > head.len() * CONTROL_PERCENT {
        Encoding::Binary
    } else {
        Encoding::Bytes
    }
}

/// UTF-16 of mostly Latin text has a NUL in nearly every second byte, always on the same side.
fn utf16_without_mark(head: &[u8]) -> Option<Encoding> {
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    let (mut low, mut high) = (0, 0);
    for pair in pairs {
        low += usize::from(pair[0] == 0 && is_texty(pair[1]));
        high += usize::from(pair[1] == 0 && is_texty(pair[0]));
    }
    let most = count * 9 / 10;
    match () {
        () if count < 4 => None,
        () if high > most => Some(Encoding::Utf16Le { bom: 0 }),
        () if low > most => Some(Encoding::Utf16Be { bom: 0 }),
        () => None,
    }
}

/// Control characters that text does not have. Counted without branches in blocks of whole vectors whose count fits a byte, so that
/// the compiler makes vector code of it: this runs over the head of every file.
fn controls(head: &[u8]) -> usize {
    const BLOCK: usize = 192;
    let is_control =
        |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r') & (b != 0x0c) & (b != 0x1b);
    head.chunks(BLOCK)
        .map(|block| usize::from(block.iter().map(|&b| u8::from(is_control(b))).sum::<u8>()))
        .sum()
}

fn is_texty(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e)
}

/// Reads UTF-16 as UTF-8; what is not valid becomes U+FFFD.
pub(super) struct Utf16Reader<R> {
    inner: R,
    big: bool,
    /// Bytes read and not decoded: at most a split unit or a split surrogate pair.
    rest: Vec<u8>,
    /// Text decoded and not handed out.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16Reader<R> {
    pub(super) fn new(inner: R, big: bool) -> Self {
        Self {
            inner,
            big,
            rest: Vec::new(),
            ready: Vec::new(),
            given: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = [0; HEAD];
        let n = self.inner.read(&mut raw)?;
        self.rest.extend_from_slice(&raw[..n]);
        let whole = self.rest.len() / 2 * 2;
        let mut units: Vec<u16> = self.rest[..whole]
            .chunks_exact(2)
            .map(|u| {
                if self.big {
                    u16::from_be_bytes([u[0], u[1]])
                } else {
                    u16::from_le_bytes([u[0], u[1]])
                }
            })
            .collect();
        let mut used = whole;
        if n > 0 && units.last().is_some_and(|u| (0xd800..0xdc00).contains(u)) {
            units.pop();
            used -= 2;
        }
        self.rest.drain(..used);
        self.ready.clear();
        self.given = 0;
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.ready
                .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if n == 0 {
            self.rest.clear();
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            let before = self.rest.len();
            self.refill()?;
            if self.ready.is_empty() && self.rest.len() <= before {
                return Ok(0);
            }
        }
        let n = out.len().min(self.ready.len() - self.given);
        out[..n].copy_from_slice(&self.ready[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|u| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn content_decides_what_is_text() {
        assert_eq!(sniff(b"plain"), Encoding::Bytes);
        assert_eq!(sniff(b""), Encoding::Bytes);
        assert_eq!(sniff("caf\u{e9} na\u{ef}ve".as_bytes()), Encoding::Bytes);
        assert_eq!(sniff(b"caf\xe9 latin-1"), Encoding::Bytes);
        assert_eq!(sniff(b"\xef\xbb\xbfx"), Encoding::Utf8Bom);
        assert_eq!(
            sniff(b"src/main.rs\0src/library.rs\0README.markdown\0"),
            Encoding::Bytes
        );
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n rest"), Encoding::Binary);
        assert_eq!(sniff(b"\x01\x02\x00\x00abc\x03\x04"), Encoding::Binary);
        assert_eq!(
            sniff(&utf16("KEY=value", false)),
            Encoding::Utf16Le { bom: 0 }
        );
        assert_eq!(
            sniff(&utf16("KEY=value", true)),
            Encoding::Utf16Be { bom: 0 }
        );
        assert_eq!(sniff(b"\xff\xfeK\0"), Encoding::Utf16Le { bom: 2 });
    }

    #[test]
    fn utf16_is_read_whole_whatever_the_reads_cut() {
        struct Dribble<'a>(&'a [u8]);
        impl Read for Dribble<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let n = self.0.len().min(3).min(out.len());
                out[..n].copy_from_slice(&self.0[..n]);
                self.0 = &self.0[n..];
                Ok(n)
            }
        }
        let text = "a\u{e9}\u{1f511}b\u{20ac}";
        for big in [false, true] {
            let bytes = utf16(text, big);
            let mut out = String::new();
            Utf16Reader::new(Dribble(&bytes), big)
                .read_to_string(&mut out)
                .expect("utf-8 comes out");
            assert_eq!(out, text);
        }
    }

    #[test]
    fn a_lone_surrogate_or_an_odd_byte_ends_the_text() {
        let mut out = Vec::new();
        Utf16Reader::new(&b"a\0\x00\xd8"[..], false)
            .read_to_end(&mut out)
            .expect("no error");
        assert_eq!(out, "a\u{fffd}".as_bytes());
        out.clear();
        Utf16Reader::new(&b"a\0b"[..], false)
            .read_to_end(&mut out)
            .expect("no error");
        assert_eq!(out, b"a");
    }
}
