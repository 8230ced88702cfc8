//! What names are written with, in all languages: told by a table, as every byte of a program is asked.

/// Whether the byte stands in names: every byte of a character beyond ASCII counts as one.
pub(super) fn is_name(b: u8) -> bool {
    NAMES[usize::from(b)]
}

/// How many bytes of a name `text` begins with.
pub(super) fn names(text: &[u8]) -> usize {
    text.iter().take_while(|b| is_name(**b)).count()
}

const NAMES: [bool; 256] = {
    let mut names = [false; 256];
    let mut b = 0;
    while b < 256 {
        names[b] = (b as u8).is_ascii_alphanumeric() || b == b'_' as usize || b >= 0x80;
        b += 1;
    }
    names
};
