//! Deltas: an object as what it copies from another and what it adds.

use super::{Fault, MOST};

/// One step of a delta, in the order of the object that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// So many bytes of the base, from there.
    Copy {
        /// Where they stand in the base.
        from: usize,
        /// How many.
        length: usize,
    },
    /// So many bytes that the delta brings itself.
    Add {
        /// How many.
        length: usize,
    },
}

/// What git takes for a copied length of 0.
const WHOLE: usize = 0x10000;
/// Steps of one delta: they take no more memory than the longest object.
const STEPS: usize = MOST / size_of::<Op>();
const CUT: Fault = "a delta is cut short";

/// Makes into `made` what `delta` makes of `base`, and tells in `ops` how.
pub fn apply(
    base: &[u8],
    delta: &[u8],
    made: &mut Vec<u8>,
    ops: &mut Vec<Op>,
) -> Result<(), Fault> {
    made.clear();
    ops.clear();
    let mut rest = delta;
    if size(&mut rest)? != base.len() {
        return Err("a delta is of another base");
    }
    let wanted = size(&mut rest)?;
    if wanted > MOST {
        return Err("it is too long");
    }
    made.reserve(wanted);
    while let Some((&op, after)) = rest.split_first() {
        rest = after;
        let (bytes, op) = if op & 0x80 != 0 {
            let from = number(&mut rest, op, 4)?;
            let length = match number(&mut rest, op >> 4, 3)? {
                0 => WHOLE,
                length => length,
            };
            let end = from.checked_add(length).ok_or(CUT)?;
            let bytes = base
                .get(from..end)
                .ok_or("a delta copies what its base does not hold")?;
            (bytes, Op::Copy { from, length })
        } else if op == 0 {
            return Err("a delta has a step of no known kind");
        } else {
            let length = usize::from(op);
            let (bytes, after) = rest.split_at_checked(length).ok_or(CUT)?;
            rest = after;
            (bytes, Op::Add { length })
        };
        if bytes.len() > wanted - made.len() {
            return Err("a delta makes more than it says");
        }
        if ops.len() == STEPS {
            return Err("a delta has too many steps");
        }
        made.extend_from_slice(bytes);
        ops.push(op);
    }
    if made.len() == wanted {
        Ok(())
    } else {
        Err("a delta makes less than it says")
    }
}

/// A size: groups of 7 bits, the lowest first.
fn size(rest: &mut &[u8]) -> Result<usize, Fault> {
    let mut size = 0usize;
    let mut shift = 0;
    loop {
        let (&byte, after) = rest.split_first().ok_or(CUT)?;
        *rest = after;
        let part = usize::from(byte & 0x7f);
        if shift >= usize::BITS || part << shift >> shift != part {
            return Err("a delta's size is too great");
        }
        size |= part << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return Ok(size);
        }
    }
}

/// A number of up to `bytes` bytes, of which `present` tells by its low bits which ones are there.
fn number(rest: &mut &[u8], present: u8, bytes: u32) -> Result<usize, Fault> {
    let mut number = 0;
    for i in 0..bytes {
        if present >> i & 1 != 0 {
            let (&byte, after) = rest.split_first().ok_or(CUT)?;
            *rest = after;
            number |= usize::from(byte) << (8 * i);
        }
    }
    Ok(number)
}
