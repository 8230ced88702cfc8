//! Packs as a fuzzer can write them: a list of entries with their bytes as they are, of which the two files are made.
//!
//! In a pack's own files nearly every change is found by zlib's checksum, and nothing behind it is reached. Here the bytes are packed
//! after they were changed. Each entry is 25 bytes and what they count: how it stands, a base, 20 bytes of id, a length of 16 bits with
//! the lowest byte first, and so many bytes.

use std::collections::HashMap;
use std::path::PathBuf;

/// Kinds of entries, as packs have them.
pub const OF_OFFSET: u8 = 6;
pub const OF_ID: u8 = 7;
/// Beside the kind: the size that is said is another than that of the bytes, and the bytes are written unpacked.
const LIES: u8 = 8;
const RAW: u8 = 16;
/// A delta that makes more is left out: that there is a limit is tested elsewhere, and reaching it takes seconds.
const MOST: usize = 4 << 20;

/// An entry of a pack.
#[derive(Clone)]
pub struct Entry {
    /// Its kind in the lowest three bits, and whether it is honest in the next two.
    pub how: u8,
    /// Of a delta, how many entries before this its base is; those of ids count on from the end.
    pub back: u8,
    pub id: [u8; 20],
    pub data: Vec<u8>,
}

impl Entry {
    pub fn kind(&self) -> u8 {
        self.how & 7
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend([self.how, self.back]);
        out.extend(self.id);
        out.extend((self.data.len() as u16).to_le_bytes());
        out.extend(&self.data);
    }
}

/// The entries that `input` says.
pub fn entries(mut input: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    while let Some((head, rest)) = input.split_first_chunk::<24>() {
        let [how, back, id @ .., low, high] = head;
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
        let (data, rest) = rest.split_at(length);
        input = rest;
        let entry = Entry {
            how: *how,
            back: *back,
            id: *id,
            data: data.to_owned(),
        };
        if entry.kind() < OF_OFFSET || made_length(data).is_none_or(|made| made <= MOST) {
            entries.push(entry);
        }
    }
    entries
}

/// Where the base of an entry stands.
fn base(entries: &[Entry], at: usize) -> Option<usize> {
    let back = usize::from(entries[at].back);
    match entries[at].kind() {
        OF_OFFSET => at.checked_sub(back),
        _ => Some((at + entries.len() - back % entries.len()) % entries.len()),
    }
}

/// The index and the pack that hold `entries`.
pub fn files(entries: &[Entry]) -> (Vec<u8>, Vec<u8>) {
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend((entries.len() as u32).to_be_bytes());
    let mut offsets = Vec::new();
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::fastest());
    for (at, entry) in entries.iter().enumerate() {
        offsets.push(pack.len());
        let lie = usize::from(entry.how & LIES != 0) * (usize::from(entry.back) << 4 | 1);
        let mut size = entry.data.len() ^ lie;
        pack.push(entry.kind() << 4 | (size & 15) as u8 | u8::from(size > 15) << 7);
        size >>= 4;
        while size > 0 {
            pack.push((size & 127) as u8 | u8::from(size > 127) << 7);
            size >>= 7;
        }
        match entry.kind() {
            OF_OFFSET => {
                let base = base(entries, at).map_or(0, |base| offsets[base]);
                let mut back = offsets[at].saturating_sub(base);
                let mut bytes = vec![(back & 127) as u8];
                while back > 127 {
                    back = (back >> 7) - 1;
                    bytes.push((back & 127) as u8 | 128);
                }
                pack.extend(bytes.iter().rev());
            }
            OF_ID => pack.extend(base(entries, at).map_or([0; 20], |base| entries[base].id)),
            _ => {}
        }
        if entry.how & RAW != 0 {
            pack.extend(&entry.data);
            continue;
        }
        let start = pack.len();
        pack.resize(start + packer.zlib_compress_bound(entry.data.len()), 0);
        let packed = packer.zlib_compress(&entry.data, &mut pack[start..]);
        pack.truncate(start + packed.expect("there is room"));
    }
    pack.extend([0; 20]);

    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&at| entries[at].id);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for byte in 0..=255 {
        let below = order.partition_point(|&at| entries[at].id[0] <= byte);
        index.extend((below as u32).to_be_bytes());
    }
    index.extend(order.iter().flat_map(|&at| entries[at].id));
    index.extend(vec![0; 4 * order.len()]);
    index.extend(
        order
            .iter()
            .flat_map(|&at| (offsets[at] as u32).to_be_bytes()),
    );
    index.extend([0; 40]);
    (index, pack)
}

/// The kind and the bytes of objects by their ids; `None` of those that cannot be made.
pub type Truth = HashMap<[u8; 20], Option<(u8, Vec<u8>)>>;

/// What the entries are by an independent reading. Nothing where an id stands twice: which of the two is meant is not said.
pub fn truth(entries: &[Entry]) -> Truth {
    let mut made: Vec<Option<(u8, Vec<u8>)>> = vec![None; entries.len()];
    let mut more = true;
    while more {
        more = false;
        for (at, entry) in entries.iter().enumerate() {
            if made[at].is_some() || entry.how & (LIES | RAW) != 0 {
                continue;
            }
            made[at] = match entry.kind() {
                1..=4 => Some((entry.kind(), entry.data.clone())),
                OF_OFFSET | OF_ID => base(entries, at)
                    .and_then(|base| made[base].as_ref())
                    .and_then(|(kind, base)| Some((*kind, apply(base, &entry.data)?))),
                _ => None,
            };
            more |= made[at].is_some();
        }
    }
    let ids = entries.iter().map(|entry| entry.id);
    let truth: Truth = ids.zip(made).collect();
    if truth.len() < entries.len() {
        return HashMap::new();
    }
    truth
}

/// What `delta` makes of `base`, one byte after the other.
pub fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut delta = delta.iter().copied();
    if number(&mut delta)? != base.len() as u128 {
        return None;
    }
    let wanted = number(&mut delta)?;
    let mut made = Vec::new();
    while let Some(step) = delta.next() {
        if step & 128 == 0 {
            for _ in 0..step {
                made.push(delta.next()?);
            }
            if step == 0 {
                return None;
            }
        } else {
            let mut parts = [0; 7];
            for (bit, part) in parts.iter_mut().enumerate() {
                if step >> bit & 1 != 0 {
                    *part = delta.next()?;
                }
            }
            let [a, b, c, d, e, f, g] = parts.map(usize::from);
            let from = a | b << 8 | c << 16 | d << 24;
            let length = match e | f << 8 | g << 16 {
                0 => 65_536,
                length => length,
            };
            made.extend_from_slice(base.get(from..from + length)?);
        }
        if made.len() as u128 > wanted {
            return None;
        }
    }
    (made.len() as u128 == wanted).then_some(made)
}

/// How long what a delta makes is, as it says.
fn made_length(delta: &[u8]) -> Option<usize> {
    let mut delta = delta.iter().copied();
    number(&mut delta)?;
    Some(usize::try_from(number(&mut delta)?).unwrap_or(usize::MAX))
}

fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<u128> {
    let mut number = 0u128;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        number |= u128::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return u64::try_from(number).ok().map(u128::from);
        }
    }
    None
}

/// A folder of this process, in memory where `TMPDIR` says so.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("keyward-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}
