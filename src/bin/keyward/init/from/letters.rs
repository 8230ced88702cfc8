//! TOML whose keys mean the same in large and in small letters, as gitleaks reads its own.

use std::mem;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Deserializer, Error};

/// A key, and the byte where it stands.
pub type Clash = (String, usize);

/// Reads a text with all keys in small letters. Also gives the keys that stood in their table before, in other letters: those, and what they
/// say, are passed over.
///
/// # Errors
/// It is no TOML, or not what is asked for.
pub fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<(T, Vec<Clash>), Error> {
    let mut tree = DeTable::parse(text)?;
    let mut clashes = Vec::new();
    table(tree.as_mut(), &mut clashes);
    Ok((T::deserialize(Deserializer::from(tree))?, clashes))
}

fn table(all: &mut DeTable<'_>, clashes: &mut Vec<Clash>) {
    for (key, mut value) in mem::take(all) {
        let small = DeString::from(key.as_ref().to_lowercase());
        if all.contains_key(&small[..]) {
            clashes.push((key.as_ref().to_string(), key.span().start));
            continue;
        }
        inside(value.as_mut(), clashes);
        all.insert(Spanned::new(key.span(), small), value);
    }
}

fn inside(value: &mut DeValue<'_>, clashes: &mut Vec<Clash>) {
    match value {
        DeValue::Table(all) => table(all, clashes),
        DeValue::Array(all) => {
            for value in all.iter_mut() {
                inside(value.as_mut(), clashes);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::Table;

    #[test]
    fn keys_are_small_and_values_stay() {
        let text = "Ab = 'Ab'\n[[Cd]]\nEf = [{ Gh = 'I' }]\n[[Cd]]\neF = 1\nEF = 2\n";
        let (table, clashes) = read::<Table>(text).expect("TOML");
        let wanted = "ab = 'Ab'\n[[cd]]\nef = [{ gh = 'I' }]\n[[cd]]\nef = 1\n";
        assert_eq!(table, wanted.parse().expect("TOML"));
        let at = text.find("EF").expect("it is there");
        assert_eq!(clashes, [("EF".to_owned(), at)]);
        assert!(read::<Table>("a = [").is_err());
    }
}
