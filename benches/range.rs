//! Times the reading of a range of commits: `cargo bench --bench range -- FOLDER [RANGE…]`
//!
//! Where the folder is no repository, one is made in it: 5,000 files and 80,000 commits of a file or two, each merged side branch beside
//! the main line. Prints the median and the longest of eleven runs, each with a repository opened anew.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keyward::git::{Range, Repository};

const FILES: usize = 5_000;
const COMMITS: usize = 80_000;

/// Has git import a history whose `feature` is ten commits beyond `main~100`.
fn make(folder: &Path) -> std::io::Result<()> {
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(args);
        git
    };
    std::fs::create_dir_all(folder)?;
    git(&["init", "--quiet", "--initial-branch=main"]).status()?;
    let mut import = git(&["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut to = BufWriter::new(import.stdin.take().expect("a pipe"));
    for at in 0..COMMITS {
        // Every hundredth commit merges the fiftieth before it, whose line goes on beside.
        let (branch, time) = ("refs/heads/main", 1_400_000_000 + at * 3600);
        writeln!(to, "commit {branch}\nmark :{}", at + 1)?;
        writeln!(to, "committer A <a@localhost> {time} +0000\ndata 1\nx")?;
        if at % 100 == 99 {
            writeln!(to, "merge :{}", at - 50)?;
        }
        let files = if at == 0 {
            0..FILES
        } else {
            at..at + 1 + at % 2
        };
        for file in files {
            let file = file * 7919 % FILES;
            let path = format!("src/{}/{}/file{file}.rs", file % 20, file % 250);
            let text = format!("fn f{file}() {{}}\n").repeat(30) + &format!("// {at}\n");
            writeln!(to, "M 100644 inline {path}\ndata {}\n{text}", text.len())?;
        }
    }
    for at in 0..10 {
        writeln!(to, "commit refs/heads/feature")?;
        let time = 1_400_000_000 + (COMMITS - 90 + at) * 3600;
        writeln!(to, "committer A <a@localhost> {time} +0000\ndata 1\nx")?;
        if at == 0 {
            writeln!(to, "from :{}", COMMITS - 100)?;
        }
        let path = format!("src/{at}/{}/new{at}.rs", at * 3);
        writeln!(to, "M 100644 inline {path}\ndata 2\n{at}\n")?;
    }
    to.flush()?;
    drop(to);
    import.wait()?;
    git(&["repack", "-a", "-d", "--quiet"]).status()?;
    git(&["reset", "--hard", "--quiet"]).status()?;
    Ok(())
}

/// Reads a range with nothing known before.
fn read(folder: &Path, range: &str) -> (Duration, Range) {
    let begun = Instant::now();
    let repository = Repository::discover(folder, &Default::default());
    let repository = repository.expect("usable").expect("a repository");
    let range = repository.range(range).expect("a range");
    (begun.elapsed(), range)
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn main() {
    let args: Vec<_> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let Some((folder, ranges)) = args.split_first() else {
        return;
    };
    let folder = Path::new(folder);
    if !folder.join(".git").exists() {
        make(folder).expect("a repository");
    }
    let usual = [
        "HEAD~10..HEAD",
        "main..feature",
        "main...feature",
        "feature..main",
        "HEAD~1000..HEAD",
        "HEAD~10000..HEAD",
    ];
    let ranges = match ranges {
        [] => usual.map(str::to_owned).to_vec(),
        some => some.to_vec(),
    };
    for range in ranges {
        let mut times: Vec<_> = (0..11).map(|_| read(folder, &range).0).collect();
        times.sort_unstable();
        let (_, read) = read(folder, &range);
        println!(
            "{range}: {:.1} ms (longest {:.1}), {} commits, {} blobs, {} gaps",
            times[5].as_secs_f64() * 1e3,
            times[10].as_secs_f64() * 1e3,
            read.commits.len(),
            read.blobs.len(),
            read.gaps.len(),
        );
    }
}
