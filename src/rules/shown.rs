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
    use crate::classify::Setting;
    use crate::model::{RelPath, Standing};
    use crate::rules::Document;
    use crate::text::Syntax;

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
    fn nothing_that_is_shown_has_the_form_of_a_credential() {
        // What surrounds a masked value still says that one stands there.
        const BY_PLACE: &[&str] = &[
            "hardcoded-auth-header",
            "netrc-credential",
            "secret-in-database",
            "token-in-url",
        ];
        let set = crate::rules::Ruleset::builtin().expect("built-in rules");
        let path = RelPath::from("page.txt");
        let mut found = Vec::new();
        for rule in builtin()
            .expect("built-in rules")
            .iter()
            .flat_map(|loaded| &loaded.pack.rules)
        {
            let examples = rule.hit.iter().chain(&rule.miss);
            let page = examples
                .map(|example| masked(example) + "\n")
                .collect::<String>();
            let hits = set.hits(&Document {
                path: &path,
                syntax: Syntax::of_path(&path),
                text: page.as_bytes(),
                beginning: page.as_bytes(),
                whole: true,
                setting: &Setting::new(&path, Standing::Tracked),
            });
            let by_form = hits
                .iter()
                .filter(|hit| !hit.by_name && hit.secret.is_some());
            let told = by_form.filter(|hit| !BY_PLACE.contains(&hit.check.id.as_str()));
            found.extend(told.map(|hit| format!("{} in\n{page}", hit.check.id)));
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
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
