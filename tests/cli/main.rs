//! The program as its users meet it: arguments in, report and exit code out.

mod ci;
mod client;
mod contract;
mod earlier;
mod explain;
mod fix;
mod formats;
mod generated;
mod history;
mod hooks;
mod hostile;
mod ignores;
mod init;
mod installed;
mod leaks;
mod manual;
mod outputs;
mod practices;
mod pushed;
mod repositories;
mod sources;
mod tree;
mod wrapped;
