//! What stands behind a check, for who asks: its rules as they are written, and their examples without anything that looks like a token.

use super::Loaded;
use super::examples::{builtin, macro_at, token};
use crate::model::{Result, Rule};

/// The rules that serve the check, built-in ones and those of `users`, with their examples and with what their file says for all of its rules.
///
/// # Errors
/// None but a defect of the build.
pub fn rules(check: &str, users: &[Loaded]) -> Result<Vec<Rule>> {
    let own = builtin()?;
    let packs = own.iter().chain(users).map(|loaded| &loaded.pack);
    let rules = packs.flat_map(|pack| {
        let of_check = pack.rules.iter().filter(|rule| rule.check == check);
        of_check.map(|rule| {
            let mut rule = rule.clone();
            rule.in_tests = rule.in_tests.or(pack.in_tests);
            if rule.languages.is_empty() {
                rule.languages.clone_from(&pack.languages);
            }
            rule
        })
    });
    Ok(rules.collect())
}

/// An example with `•{n}` for each part that would be n random characters.
pub fn masked(example: &str) -> String {
    let mut out = String::new();
    let mut rest = example;
    while let Some(start) = macro_at(rest) {
        out.push_str(&rest[..start]);
        let Some(length) = rest[start..].find(">>") else {
            rest = &rest[start..];
            break;
        };
        let name = &rest[start + 2..start + length];
        match name.strip_prefix("pem:") {
            Some(label) => out.push_str(&format!("-----BEGIN {label}----- •••")),
            None => {
                let made = token(name, &mut super::examples::Random::new(example, 0));
                let count = made.map_or(0, |made| made.chars().count());
                out.push_str(&format!("•{{{count}}}"));
            }
        }
        rest = &rest[start + length + 2..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_show_what_is_fixed_and_how_much_is_random() {
        assert_eq!(masked("token: \"ghp_<<an36>>\""), "token: \"ghp_•{36}\"");
        assert_eq!(masked("a <<b64:user:pass>> <<is:x y>>"), "a •{12} •{3}");
        assert_eq!(masked("<<uuid>>-us<<hex8>>"), "•{36}-us•{8}");
        let key = masked("k = <<pem:RSA PRIVATE KEY>>");
        assert_eq!(key, "k = -----BEGIN RSA PRIVATE KEY----- •••");
        assert_eq!(masked("cat <<'EOF' << x <<oops"), "cat <<'EOF' << x <<oops");
    }

    #[test]
    fn rules_are_those_of_the_check_with_what_their_file_says() {
        let rules = rules("github-pat-classic", &[]).expect("built-in rules");
        assert!(rules.iter().all(|rule| !rule.hit.is_empty()));
        assert!(!rules.is_empty());
        let by_name = super::rules("hardcoded-credential", &[]).expect("built-in rules");
        assert!(by_name.iter().any(|rule| rule.in_tests.is_some()));
    }
}
