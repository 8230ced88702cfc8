//! Times the reading of a repository's history: `cargo bench --bench history -- REPOSITORY…`
//!
//! Prints for each part its seconds of wall time on one thread, and how much it read. `git cat-file --batch-all-objects --batch` is what to
//! hold it against.

use std::path::Path;
use std::time::Instant;

use keyward::git::history::History;
use keyward::git::pack::{Kind, Object, Op, Visit};
use keyward::git::{Oid, Repository};

#[derive(Default)]
struct Counted {
    objects: usize,
    bytes: usize,
    added: usize,
    lost: usize,
}

impl Visit for Counted {
    type State = ();

    fn object(&mut self, object: Object<'_, ()>) {
        self.objects += 1;
        self.bytes += object.data.len();
        self.added += match object.from {
            None => object.data.len(),
            Some(((), ops)) => ops
                .iter()
                .map(|op| {
                    if let Op::Add { length } = op {
                        *length
                    } else {
                        0
                    }
                })
                .sum(),
        };
    }

    fn lost(&mut self, _: Oid, _: &str) {
        self.lost += 1;
    }
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn main() {
    for path in std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
    {
        let repository = Repository::discover(Path::new(&path), &Default::default())
            .expect("usable")
            .expect("a repository");
        let begun = Instant::now();
        let history = History::read(&repository).expect("a history");
        let read = begun.elapsed();
        let begun = Instant::now();
        let mut counted = Counted::default();
        for pack in history.objects.packs() {
            pack.walk(&pack.roots(Kind::Blob), &mut counted);
        }
        println!(
            "{path}: {:.2} s for {} commits and {} paths of blobs, {:.2} s for {} blobs: {} MB, {} MB added, {} lost; {:?}",
            read.as_secs_f64(),
            history.commits.len(),
            history.blobs.len(),
            begun.elapsed().as_secs_f64(),
            counted.objects,
            counted.bytes >> 20,
            counted.added >> 20,
            counted.lost,
            history.gaps.missing,
        );
    }
}
