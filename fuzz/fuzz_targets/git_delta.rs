//! Any base and any delta: what is made of them is what an independent reading makes, and what is told of copies and additions makes the same again.

#![no_main]

use keyward::git::pack::{Op, apply};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((length, rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (base, delta) = rest.split_at(length);
    let (mut made, mut ops) = (Vec::new(), Vec::new());
    let told = apply(base, delta, &mut made, &mut ops);
    let truth = keyward_fuzz::apply(base, delta);
    match (told, truth) {
        (Ok(()), Some(truth)) => assert_eq!(made, truth),
        (Err(_), None) => return,
        (told, truth) => panic!(
            "{told:?}, but {} bytes",
            truth.map_or(0, |truth| truth.len())
        ),
    }
    let mut at = 0;
    for op in ops {
        match op {
            Op::Copy { from, length } => {
                assert_eq!(made[at..at + length], base[from..from + length]);
                at += length;
            }
            Op::Add { length } => {
                // It is somewhere in what the delta brings.
                let added = &made[at..at + length];
                assert!(length > 0 && length < 128 && memchr::memmem::find(delta, added).is_some());
                at += length;
            }
        }
    }
    assert_eq!(at, made.len());
});
