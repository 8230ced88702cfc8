//! A line on stderr that says how far a long scan is.

use std::io::{self, IsTerminal};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use keyward::scan::Progress;

/// A scan that is shorter shows nothing: a line that flickers tells nobody anything.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks at the counters.
const PACE: Duration = Duration::from_millis(100);

/// The line; it goes when it is dropped.
pub struct Line<'scope> {
    stop: Option<Sender<()>>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

impl<'scope> Line<'scope> {
    /// Starts the line, where it is wanted and stderr is a terminal.
    pub fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        progress: &'env Progress,
        wanted: bool,
    ) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self {
                stop: None,
                thread: None,
            };
        }
        let (stop, stopped) = mpsc::channel();
        let thread = scope.spawn(move || {
            if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::default_spinner());
            while stopped.recv_timeout(PACE) == Err(RecvTimeoutError::Timeout) {
                let files = HumanCount(progress.files.load(Ordering::Relaxed));
                let bytes = HumanBytes(progress.bytes.load(Ordering::Relaxed));
                let versions = progress.blobs.load(Ordering::Relaxed);
                bar.set_message(match versions {
                    0 => format!("{files} files, {bytes}"),
                    _ => format!("{files} files, {bytes}; {} versions", HumanCount(versions)),
                });
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Its panic has ended the process already.
            let _ = thread.join();
        }
    }
}
