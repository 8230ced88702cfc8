//! The program as its users meet it: arguments in, report and exit code out.

mod client;
mod contract;
mod generated;
mod history;
mod hooks;
mod hostile;
mod ignores;
mod leaks;
mod practices;
mod sources;
mod tree;
