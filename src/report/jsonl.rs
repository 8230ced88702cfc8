//! JSON Lines: a finding a line, as [`json`](super::json) tells it, so that a reader of any size of report needs one line of memory.
//!
//! After the findings come `{"suppressedFinding": …}` where they were asked for, `{"notice": …}`, and one last `{"summary": …}`: a file
//! without it is cut off.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::Style;
use super::json::{FindingShape, VERSION, write_line};
use crate::model::{Notice, Report, Stats};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Line<'a> {
    SuppressedFinding(FindingShape<'a>),
    Notice(&'a Notice),
    Summary(Summary<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    version: u32,
    complete: bool,
    date: Date,
    findings: usize,
    suppressed: usize,
    stats: &'a Stats,
}

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        write_line(&FindingShape::from(finding), out)?;
    }
    if style.show_suppressed {
        for finding in &report.suppressed {
            write_line(&Line::SuppressedFinding(finding.into()), out)?;
        }
    }
    for notice in &report.notices {
        write_line(&Line::Notice(notice), out)?;
    }
    let summary = Summary {
        version: VERSION,
        complete: report.complete(),
        date: report.today,
        findings: report.findings.len(),
        suppressed: report.suppressed_places(),
        stats: &report.stats,
    };
    write_line(&Line::Summary(summary), out)
}
