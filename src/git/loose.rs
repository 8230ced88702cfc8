//! Objects in files of their own: what `git add` and `git commit` leave until git packs it.
//!
//! Takes the bytes of such a file, gives the object. That its bytes are those of its id is not verified.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use libdeflater::{DecompressionError, Decompressor};

use super::discover::demand_file;
use super::pack::Kind;

/// Bytes of one object, as of one in a pack, and of the head before it.
const MOST: usize = 512 << 20;
const HEAD: usize = 32;

/// Reads the object in a file; `None` where there is no file.
///
/// # Errors
/// The file cannot be read, or holds no object.
pub(super) fn read(file: &Path) -> Result<Option<(Kind, Vec<u8>)>, String> {
    match demand_file(file) {
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e.to_string()),
        Ok(()) if fs::metadata(file).is_ok_and(|file| file.len() > MOST as u64) => {
            Err("it is too long".to_owned())
        }
        Ok(()) => {
            let packed = fs::read(file).map_err(|e| e.to_string())?;
            object(inflate(&packed)?).map(Some)
        }
    }
}

/// Inflates bytes that do not tell how many they become before they are.
fn inflate(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut inflater = Decompressor::new();
    // Deflate makes at most 1,032 bytes of one.
    let most = packed.len().saturating_mul(1032).min(MOST + HEAD);
    let mut bytes = vec![0; most.min(4 * packed.len() + HEAD)];
    loop {
        match inflater.zlib_decompress(packed, &mut bytes) {
            Ok(made) => {
                bytes.truncate(made);
                return Ok(bytes);
            }
            Err(DecompressionError::InsufficientSpace) if bytes.len() < most => {
                let more = most.min(4 * bytes.len());
                bytes.resize(more, 0);
            }
            Err(DecompressionError::InsufficientSpace) => return Err("it is too long".to_owned()),
            Err(DecompressionError::BadData) => return Err("it does not inflate".to_owned()),
        }
    }
}

/// Splits `blob 3␀abc`.
fn object(mut bytes: Vec<u8>) -> Result<(Kind, Vec<u8>), String> {
    let split = || {
        let end = bytes.iter().take(HEAD).position(|&b| b == 0)?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let (kind, size) = head.split_once(' ')?;
        let kind = match kind {
            "commit" => Kind::Commit,
            "tree" => Kind::Tree,
            "blob" => Kind::Blob,
            "tag" => Kind::Tag,
            _ => return None,
        };
        Some((kind, size.parse::<usize>().ok()?, end + 1))
    };
    let (kind, size, start) = split().ok_or("it does not begin as an object does")?;
    if size != bytes.len() - start {
        return Err("it is not as long as it says".to_owned());
    }
    bytes.drain(..start);
    Ok((kind, bytes))
}
