//! Sources against real trees and real repositories, made with git.

mod commit;
mod git;
mod history;
mod nasty;
mod pack;
mod parity;
mod range;
mod repo;
mod revision;
mod staged;
mod standing;
mod worktree;
