//! keyward finds the credentials that are written down in a repository, and the habits that leak them.
//!
//! The library audits; the program in `src/bin/keyward` is its first client. An audit is a [`scan::Plan`] that is run by
//! [`scan::scan`] and gives a [`model::Report`], which [`report::write`] writes. Bytes that lie in memory are scanned by a [`scan::Scanner`];
//! `examples/scan_bytes.rs` is a whole program that does so.
//!
//! # Features
//!
//! | | | without it |
//! |---|---|---|
//! | `git` | the index, ranges of commits and the history, read by libgit2 and by own readers | folders and bytes are scanned and no C is compiled. A repository is found and its ignore files are obeyed, but not its index: nothing counts as tracked, so that files that are ignored and tracked all the same are not read |
//! | `cli` | the program, with `git` | the library alone, without the crates that only the program needs |
//!
//! Both are on by default; a program that embeds the library takes `default-features = false`, and `features = ["git"]` where it wants it.
//!
//! # The flow
//!
//! ```text
//!  source ──blob──► text ──window──► rules ──hit──► judge, mask ──place──► suppress, group, sort ──► report
//!  worktree         encodings        text: bytes     (scan)     ▲          (scan)                    text, json,
//!  index            lines            pair: facts        │       │                                    jsonl, sarif,
//!  range            windows          code: programs     kept of each file                            of CI systems
//!  stdin, bytes                                         ├──► checks over the tree
//!                                                       └──► the history, against what the tree holds
//! ```
//!
//! Nothing flows back. A [`source`] hands out each blob once and no later stage opens a file. [`text`] decodes it and cuts it into windows,
//! so that memory is bounded whatever the size. The [`rules`] are data: one [`formats::Gate`] finds every keyword of every rule in one
//! pass; a text rule then runs its pattern on the bytes around the keyword, a pair rule asks [`facts`] for the name and the value that stand there
//! and [`classify`] for what they mean, and a rule over code asks for the calls and names of the [`facts::code::Program`]. What is wrapped in base64 and
//! its like ([`text::wrapped`]) is held against the rules on credentials as a text of its own, and traced back to where it stands. From a [`model::Hit`] on nobody knows which kind of rule it was: [`scan`] weighs it by where it stands,
//! masks every secret of the document and makes a [`model::Place`]. What the [`checks`] over the tree need of a file (its standing with git, its
//! settings with their places, masked already, the text of files that govern others) is kept when the file is gone, in bounds that a hostile tree
//! cannot break; they run once, at the end, and their faults are places like all others. [`suppress`] says which places are accepted; places that show one value
//! become one [`model::Finding`].
//!
//! A range of commits (`Mode::Range`, or `Mode::Pushed` for hooks) is a source like others: each blob that its commits add is read once, and what is gone by its end
//! is told with the commit that brought it. The whole history is read beside the tree by way of `git::pack` and `git::history`: only what is new in each version of
//! a file is held against the rules, and what is found is read once more as the whole file that it stands in. What hooks of git are about, the program
//! asks of their environment and their input.
//!
//! # Rooms, and who may name whom
//!
//! | rank | room | |
//! |---|---|---|
//! | 6 | `src/bin/keyward` | the program: words in, exit code out |
//! | 5 | [`scan`] | the picture above, in order |
//! | 4 | [`source`], [`rules`], [`checks`], [`suppress`], [`report`] | where documents come from, what is looked for in one and in all, what is accepted, what is told |
//! | 3 | [`classify`], [`facts`] | what names, values and places mean; what a document states |
//! | 2 | [`formats`], [`git`], [`config`], [`edit`] | token formats, git's data, keyward.toml, texts with edits made in them |
//! | 1 | [`model`], [`text`] | the words all share; bytes, lines, encodings |
//!
//! A module names only rooms of a lower rank, and rooms of one rank do not know one another (`text` may name `model`);
//! `tests/layers.rs` fails otherwise.
//!
//! # Invariants
//!
//! * A blob is read once. The checks over the tree read no file; what they ask of ignore rules, [`git::Ignores`] answers.
//! * Same input, same report, byte for byte, whatever the threads did.
//! * A raw secret leaves the library only through [`model::Secret::expose`]; `Debug`, `Display` and `Serialize` give the masked form.
//! * A scan that could not do all of its work never exits 0: each gap is a [`model::Notice`] of a kind that is
//!   [`incomplete`](model::NoticeKind::incomplete).
//! * Nothing that the scanned repository configures is run or obeyed, and nothing goes over the network.
//! * The clock is an input: [`scan::Options::today`].

pub mod checks;
pub mod classify;
pub mod config;
pub mod edit;
pub mod facts;
pub mod formats;
pub mod git;
pub mod model;
pub mod report;
pub mod rules;
pub mod scan;
pub mod source;
pub mod suppress;
pub mod text;
