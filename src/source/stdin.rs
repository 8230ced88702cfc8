//! One document from a stream.

use std::io::Read;
use std::sync::{Mutex, PoisonError};

use crate::model::{Blob, Item, Origin, RelPath, Result, Standing};

use super::Source;

/// Standard input, or whatever the caller reads in its place. Can be pushed once; a second time it is empty.
pub struct Stdin {
    /// The path that the bytes are judged by.
    pub name: RelPath,
    /// The bytes.
    pub reader: Mutex<Box<dyn Read + Send>>,
}

impl Source for Stdin {
    fn push(&self, _: usize, sink: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        sink(Item::Blob(Blob {
            path: self.name.clone(),
            origin: Origin::Stdin,
            standing: Standing::Unversioned,
            mode: None,
            version: None,
            reader: Box::new(&mut **reader),
        }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_one_blob_under_the_given_name() {
        let stdin = Stdin {
            name: RelPath::from("src/a.js"),
            reader: Mutex::new(Box::new(&b"x = 1\n"[..])),
        };
        let seen = Mutex::new(Vec::new());
        stdin
            .push(4, &|item| {
                if let Item::Blob(mut blob) = item {
                    let mut text = String::new();
                    blob.reader.read_to_string(&mut text).expect("a slice");
                    let mut seen = seen.lock().expect("no panic");
                    seen.push((blob.path.display(), blob.origin, text));
                }
            })
            .expect("a stream");
        assert_eq!(
            seen.into_inner().expect("no panic"),
            [("src/a.js".to_owned(), Origin::Stdin, "x = 1\n".to_owned())]
        );
    }
}
