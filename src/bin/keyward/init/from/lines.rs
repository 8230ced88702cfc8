//! Lines of ignore files as globs.

/// The glob of a line of an ignore file; nothing for a comment or an empty line, an error where it takes something back.
pub fn of_ignore(line: &str) -> Option<Result<String, &'static str>> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = if line.ends_with("\\ ") {
        line
    } else {
        line.trim_end_matches(' ')
    };
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    if line.starts_with('!') {
        return Some(Err(
            "it takes back what a line above leaves out, which globs cannot",
        ));
    }
    let anchored = line.trim_end_matches('/').contains('/');
    let mut out = String::new();
    let mut chars = line.trim_start_matches('/').trim_end_matches('/').chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c) if "*?[]{}!".contains(c) => out += &format!("[{c}]"),
                Some(c) => out.push(c),
                None => return Some(Err("it ends in a backslash")),
            },
            '{' | '}' => out += &format!("[{c}]"),
            c => out.push(c),
        }
    }
    if out.is_empty() {
        return Some(Err("it names no path"));
    }
    if !anchored {
        out.insert_str(0, "**/");
    }
    // A folder of that name, and no file.
    if line.ends_with('/') {
        out.push_str("/**");
    }
    Some(Ok(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_of_ignore_files() {
        let of = |line: &str| of_ignore(line).map(|glob| glob.map_err(|_| ()));
        let is = |glob: &str| Some(Ok(glob.to_owned()));
        assert_eq!(of("node_modules/\r"), is("**/node_modules/**"));
        assert_eq!(of("/dist"), is("dist"));
        assert_eq!(of("docs/*.md  "), is("docs/*.md"));
        assert_eq!(of("**/a{b}"), is("**/a[{]b[}]"));
        assert_eq!(of("\\#x"), is("**/#x"));
        assert_eq!(of("!keep"), Some(Err(())));
        assert_eq!(of("/"), Some(Err(())));
        assert_eq!(of("# c"), None);
        assert_eq!(of(""), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC*") {
            let _ = of_ignore(&text);
        }
    }
}
