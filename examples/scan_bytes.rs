//! Scans bytes that lie in memory: `some-command | cargo run --example scan_bytes -- config/app.yml`.
//!
//! The first argument says what they are: rules ask for the kind of a file. Exits with 1 where something was found, and with 2 where not
//! everything could be read. Needs no feature: with `--no-default-features` neither git nor the program is built.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{Read, stdin};
use std::process::ExitCode;

use keyward::scan::{Options, Scanner};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "stdin".into());
    // What the library knows of the day is what it is told: allow entries and certificates end on one.
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let scanner = Scanner::new(Options::new(".".into(), today))?;

    let mut bytes = Vec::new();
    stdin().read_to_end(&mut bytes)?;
    let report = scanner.scan(&path, &bytes);

    for finding in &report.findings {
        for place in &finding.places {
            let (line, column, severity) = (place.line, place.column, place.severity);
            let message = finding.message_at(place);
            // Masked: the secret itself is in no report.
            let shown = &place.excerpt.text;
            println!("{path}:{line}:{column}: {severity}: {message}\n    {shown}");
        }
    }
    for notice in &report.notices {
        eprintln!("{notice}");
    }
    Ok(match (report.findings.is_empty(), report.complete()) {
        (false, _) => ExitCode::from(1),
        (true, false) => ExitCode::from(2),
        (true, true) => ExitCode::SUCCESS,
    })
}
