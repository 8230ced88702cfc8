//! Any pack with any index, as two files or as entries of which the files are made: no panic, each object shown once, told once that it is
//! lost, or a stray; and of entries each as an independent reading makes it.

#![no_main]

use std::collections::HashMap;

use keyward::git::Oid;
use keyward::git::pack::{Kind, Object, Op, Pack, Visit};

#[derive(Default)]
struct Seen {
    objects: Vec<(Oid, Vec<u8>)>,
    lost: usize,
}

impl Visit for Seen {
    type State = Vec<u8>;

    fn object(&mut self, object: Object<'_, Vec<u8>>) -> Vec<u8> {
        if let Some((base, ops)) = object.from {
            let mut at = 0;
            for op in ops {
                match *op {
                    Op::Copy { from, length } => {
                        assert_eq!(object.data[at..at + length], base[from..from + length]);
                        at += length;
                    }
                    Op::Add { length } => at += length,
                }
            }
            assert_eq!(at, object.data.len());
        }
        self.objects.push((object.oid(), object.data.to_vec()));
        object.data.to_vec()
    }

    fn lost(&mut self, _: Oid, _: &str) {
        self.lost += 1;
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&how, rest)) = data.split_first() else {
        return;
    };
    let (index, pack, truth) = if how & 1 == 0 {
        let entries = keyward_fuzz::entries(rest);
        let (index, pack) = keyward_fuzz::files(&entries);
        (index, pack, keyward_fuzz::truth(&entries))
    } else {
        let Some((length, rest)) = rest.split_first_chunk::<2>() else {
            return;
        };
        let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
        let (index, pack) = rest.split_at(length);
        (index.to_owned(), pack.to_owned(), HashMap::new())
    };
    let path = keyward_fuzz::folder().join("p.idx");
    std::fs::write(&path, index).expect("an index");
    std::fs::write(path.with_extension("pack"), pack).expect("a pack");
    let Ok(pack) = Pack::open(&path) else {
        assert!(truth.is_empty());
        return;
    };
    let mut seen = Seen::default();
    for kind in [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag] {
        pack.walk(&pack.roots(kind), &mut seen);
    }
    assert_eq!(
        seen.objects.len() + seen.lost + pack.strays().len(),
        pack.len()
    );
    let mut left = truth.values().flatten().count();
    for (oid, data) in &seen.objects {
        if let Some(truth) = truth.get(oid.as_bytes()) {
            left -= 1;
            assert_eq!(truth.as_ref().map(|(_, truth)| truth), Some(data));
            assert_eq!(pack.find(*oid).map(|place| pack.oid(place)), Some(*oid));
        }
    }
    assert_eq!(left, 0, "an object that can be made was not shown");
});
