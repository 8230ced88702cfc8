use super::*;
use keyward::config::Globs;
use proptest::prelude::*;
use regex::Regex;

fn globs(pattern: &str) -> String {
    match of_regex(pattern, &mut Work::default()) {
        Ok(globs) => globs.join(" "),
        Err(why) => format!("! {why}"),
    }
}

#[test]
fn what_people_write_becomes_what_they_mean() {
    for (pattern, wanted) in [
        (r"(^|/)vendor/", "**/vendor/**"),
        (r"(?:^|/)node_modules(?:/.*)?$", "**/node_modules"),
        (r"^docs/.*\.md$", "docs/**/*.md"),
        (r"^docs/", "docs/**"),
        (r"package-lock\.json$", "**/*package-lock.json"),
        (r"go\.(mod|sum)$", "**/*go.mod **/*go.sum"),
        (r"^src/[^/]+\.gen\.go$", "src/?*.gen.go"),
        (r"^(.*/)?testdata/[a-c]\.txt$", "**/testdata/[a-c].txt"),
        (r"(.*?)(jpg|gif)$", "**/*jpg **/*gif"),
        (r"gitleaks.toml", "**/*gitleaks?toml*"),
        (r"/test/", "*/**/test/**"),
        (r"^a[/\\]b$", "a/b"),
        (r"(?i)^readme$", "[Rr][Ee][Aa][Dd][Mm][Ee]"),
        (r"^a{2}\[x\]$", "aa[[]x[]]"),
    ] {
        assert_eq!(globs(pattern), wanted, "{pattern}");
    }
}

#[test]
fn what_a_glob_cannot_say_is_left() {
    for pattern in [
        r"^\d+\.sql$",
        r"\bkey\b",
        r"^(ab)*$",
        "",
        ".*",
        "^",
        "(",
        r"^[!^]x",
        "^/$",
    ] {
        assert!(
            globs(pattern).starts_with('!') || globs(pattern) == "**",
            "{pattern}: {}",
            globs(pattern)
        );
    }
}

proptest! {
    /// Whatever a glob matches the expression matches, or a folder above it.
    #[test]
    fn no_glob_matches_more_than_its_expression(
        pattern in r"(\^|\(\^\|/\))?(a|b|/|\.|\.\*|\[ab\]|\(a\|b/\)|a\?|\[\^/\]\*|\.\+|\(/\.\*\)\?){1,6}\$?",
        path in "[ab.]{1,3}(/[ab.]{1,3}){0,3}",
    ) {
        if let Ok(globs) = of_regex(&pattern, &mut Work::default()) {
            let set = Globs::new(&globs).expect("globs");
            let regex = Regex::new(&pattern).expect("a regular expression");
            let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
            if set.matches(path.as_bytes()) {
                prop_assert!(
                    regex.is_match(&path) || folders.clone().any(|folder| regex.is_match(folder)),
                    "{} became {:?} for {}", pattern, globs, path
                );
            }
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC*") {
        let _ = of_regex(&text, &mut Work::default());
    }
}
