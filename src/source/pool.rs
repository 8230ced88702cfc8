//! Threads that share a stack of jobs, where a job may add more.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::facts;

/// The consumer's parsers run on these threads and recurse; address space is all that this costs.
const STACK: usize = 64 << 20;

/// The jobs that wait. Last in, first out: a walk goes deep before it goes wide, and holds few paths at a time.
pub(crate) struct Pool<J> {
    state: Mutex<State<J>>,
    changed: Condvar,
}

struct State<J> {
    waiting: Vec<J>,
    /// Waiting or running.
    open: usize,
    /// Threads that sleep. To wake costs a system call even where nobody does.
    asleep: usize,
}

impl<J: Send> Pool<J> {
    /// Runs `work` for each job of `first`, and for those added meanwhile, on up to `threads` threads.
    pub(crate) fn run(threads: usize, first: Vec<J>, work: impl Fn(J, &Self) + Sync) {
        Self::run_with(threads, first, || (), |(), job, pool| work(job, pool), drop);
    }

    /// The same, with what each thread makes at its start, uses for all of its jobs, and gives away at its end.
    pub(crate) fn run_with<S>(
        threads: usize,
        first: Vec<J>,
        start: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, J, &Self) + Sync,
        end: impl Fn(S) + Sync,
    ) {
        let pool = Self {
            state: Mutex::new(State {
                open: first.len(),
                waiting: first,
                asleep: 0,
            }),
            changed: Condvar::new(),
        };
        let worker = || {
            let mut state = start();
            while let Some(job) = pool.next() {
                let _done = Done(&pool);
                work(&mut state, job, &pool);
            }
            end(state);
        };
        let started = thread::scope(|scope| {
            (0..threads.max(1))
                .filter(|_| {
                    thread::Builder::new()
                        .stack_size(STACK)
                        .spawn_scoped(scope, || {
                            facts::stand_on(STACK);
                            worker();
                        })
                        .is_ok()
                })
                .count()
        });
        // A system that gives no thread at all still gets its work done.
        if started == 0 {
            worker();
        }
    }

    /// Adds jobs to those that wait.
    pub(super) fn add(&self, jobs: impl IntoIterator<Item = J>) {
        let mut state = self.lock();
        let before = state.waiting.len();
        state.waiting.extend(jobs);
        state.open += state.waiting.len() - before;
        let asleep = state.asleep > 0;
        drop(state);
        if asleep {
            self.changed.notify_all();
        }
    }

    /// A job, or `None` once no job waits and none runs that could add one.
    fn next(&self) -> Option<J> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop() {
                return Some(job);
            }
            if state.open == 0 {
                return None;
            }
            state.asleep += 1;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.asleep -= 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a job as done even where the consumer panicked: the other threads would wait for ever.
struct Done<'a, J: Send>(&'a Pool<J>);

impl<J: Send> Drop for Done<'_, J> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.open -= 1;
        if state.open == 0 {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn jobs_that_add_jobs_are_all_run() {
        for threads in [0, 1, 3] {
            let ran = AtomicUsize::new(0);
            Pool::run(threads, vec![6u32, 6], |depth, pool| {
                ran.fetch_add(1, Ordering::Relaxed);
                if depth > 0 {
                    pool.add([depth - 1, depth - 1]);
                }
            });
            assert_eq!(ran.into_inner(), 2 * 127);
        }
    }

    #[test]
    fn a_panic_does_not_hang_the_others() {
        let result = std::panic::catch_unwind(|| {
            Pool::run(2, (0..8).collect(), |job, _| assert!(job != 3));
        });
        assert!(result.is_err());
    }
}
