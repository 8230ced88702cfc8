//! How a rule finds, in words, from what it says.

use keyward::model::{Condition, Rule, Subject};

/// Of a longer list the first so many are named.
const MOST: usize = 12;

/// What the rule looks for and where, and what makes it sure; each with its label.
pub fn told(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut out = vec![("looks for", subject(rule))];
    let mut add = |label, text: String| {
        if !text.is_empty() {
            out.push((label, text));
        }
    };
    for condition in &rule.all {
        add("and", clause(condition));
    }
    let any: Vec<_> = rule.any.iter().map(clause).collect();
    add("and one of", any.join("; or "));
    for condition in &rule.none {
        add("but not", clause(condition));
    }
    add("only in", files(rule));
    add("only where", rule.when.join(" and "));
    add("not where", rule.unless.join(" or "));
    if let Some(name) = &rule.verify {
        add(
            "proof",
            format!("{name}: where that holds the confidence is high, where not a step less"),
        );
    }
    if rule.evidence {
        add(
            "then",
            "it is no fault by itself: the check compares what it finds with other files"
                .to_owned(),
        );
    }
    if !rule.secret {
        add(
            "shows",
            "the line as it is written: no secret is in it".to_owned(),
        );
    }
    out
}

fn subject(rule: &Rule) -> String {
    match rule.on {
        Subject::Text => text(rule),
        Subject::Pair => pair(rule),
        Subject::Call => format!("calls of {}", list(&rule.callee)) + &imports(rule),
        Subject::Binding if rule.callee.is_empty() => {
            "values that are given to any name".to_owned() + &imports(rule)
        }
        Subject::Binding => {
            format!("values that are given to {}", list(&rule.callee)) + &imports(rule)
        }
        Subject::Read => {
            "variables that a program reads from its environment".to_owned() + &imports(rule)
        }
    }
}

fn imports(rule: &Rule) -> String {
    let (shunned, wanted): (Vec<_>, Vec<_>) =
        rule.imports.iter().partition(|glob| glob.starts_with('!'));
    let shunned: Vec<_> = shunned.iter().map(|glob| &glob[1..]).collect();
    let mut out = String::new();
    if !wanted.is_empty() {
        out += &format!(", in files that import {}", list(&wanted));
    }
    if !shunned.is_empty() {
        out += &format!(", in files that do not import {}", list(&shunned));
    }
    out
}

fn text(rule: &Rule) -> String {
    let pattern = rule.pattern.as_deref().unwrap_or_default();
    let mut out = format!("text of the form {pattern}");
    let near = match &rule.near[..] {
        [list] if list == "@services" => "the name of a service whose keys have no form".to_owned(),
        words => list(words),
    };
    if !rule.near.is_empty() {
        out += &match rule.beside {
            true => format!(", right behind {near}"),
            false => format!(", with {near} near it or on its line"),
        };
    }
    if !rule.key.is_empty() {
        out += &format!(", judged as {}", list(&rule.key));
    }
    out + &value(rule)
}

fn pair(rule: &Rule) -> String {
    let name = if !rule.named.is_empty() {
        format!("values under the names {}", list(&rule.named))
    } else if !rule.key.is_empty() {
        format!("values under names that mean {}", list(&rule.key))
    } else {
        "values under any name".to_owned()
    };
    let mut out = name + &value(rule);
    if let Some(pattern) = &rule.pattern {
        out += &format!(", of the form {pattern}");
    }
    let mut add = |text: String| out += &format!(", {text}");
    if let Some(mentions) = rule.mentions {
        add(said(mentions, "that name a secret", "that name no secret"));
    }
    if !rule.weak.is_empty() {
        add(format!("that are weak ({})", rule.weak.join(", ")));
    }
    if let Some(bytes) = rule.shorter {
        add(format!("shorter than {bytes} bytes"));
    }
    if let Some(quoted) = rule.quoted {
        add(said(quoted, "in quotes", "without quotes"));
    }
    if let Some(public) = rule.public {
        let (yes, no) = (
            "with a prefix that puts them into the browser",
            "without a prefix that puts them into the browser",
        );
        add(said(public, yes, no));
    }
    if let Some(signing) = rule.signing {
        add(said(
            signing,
            "which sign sessions or tokens",
            "which sign nothing",
        ));
    }
    if !rule.within.is_empty() {
        add(format!("within {}", list(&rule.within)));
    }
    if !rule.via.is_empty() {
        add(format!("written as {}", list(&rule.via)));
    }
    out
}

fn value(rule: &Rule) -> String {
    let mut out = String::new();
    if !rule.value.is_empty() {
        out += &format!(", that are {}", list(&rule.value));
    }
    if let Some(bits) = rule.bits {
        out += &format!(", that take {bits} bits to guess or more");
    }
    out
}

fn said(is: bool, yes: &str, no: &str) -> String {
    (if is { yes } else { no }).to_owned()
}

/// The files that it looks at, nothing where those are all.
fn files(rule: &Rule) -> String {
    let mut parts = Vec::new();
    if rule.on != Subject::Text && rule.on != Subject::Pair {
        parts.push(match rule.languages.is_empty() {
            true => "programs in javascript".to_owned(),
            false => format!("programs in {}", list(&rule.languages)),
        });
    }
    if !rule.kinds.is_empty() {
        parts.push(format!("files of the kind {}", list(&rule.kinds)));
    }
    let (passed, wanted): (Vec<_>, Vec<_>) =
        rule.paths.iter().partition(|glob| glob.starts_with('!'));
    if !wanted.is_empty() {
        parts.push(format!("files named {}", list(&wanted)));
    }
    let passed: Vec<_> = passed.iter().map(|glob| &glob[1..]).collect();
    if !passed.is_empty() {
        parts.push(format!("files not named {}", list(&passed)));
    }
    parts.join("; ")
}

/// A condition: its place, and what must be true of it.
fn clause(condition: &Condition) -> String {
    let mut parts = Vec::new();
    let mut add = |words: &str, of: &[String]| {
        if !of.is_empty() {
            parts.push(format!("{words} {}", list(of)));
        }
    };
    add("is", &condition.is);
    add("is named as", &condition.name);
    add("would print or send", &condition.yields);
    add("is a value that is", &condition.value);
    add("is a call of", &condition.callee);
    add("calls", &condition.calls);
    if let Some(text) = &condition.text {
        parts.push(format!("holds text that fits {text}"));
    }
    if let Some(over) = &condition.over {
        parts.push(format!("is longer than {over}"));
    }
    if let Some(under) = &condition.under {
        parts.push(format!("is shorter than {under}"));
    }
    if let Some(bytes) = condition.bytes_under {
        parts.push(format!("has fewer than {bytes} bytes"));
    }
    if let Some(mentions) = condition.mentions {
        parts.push(said(mentions, "names a secret", "names no secret"));
    }
    if let Some(reads) = condition.reads {
        let (yes, no) = (
            "is a secret from the environment that nothing stands in for",
            "is no secret from the environment",
        );
        parts.push(said(reads, yes, no));
    }
    format!("{} {}", place(&condition.at), parts.join(" and "))
}

/// `2.expiresIn` as `expiresIn of argument 3`, and so on.
fn place(at: &str) -> String {
    let (head, rest) = at.split_once('.').unwrap_or((at, ""));
    let head = match head {
        "*" => "any argument".to_owned(),
        "on" => "what it is called on".to_owned(),
        "around" => "the function around it, or the file,".to_owned(),
        "given" => "the name that is given the result".to_owned(),
        "value" => "the value".to_owned(),
        "target" => "the path that is given it".to_owned(),
        "name" => "the variable".to_owned(),
        "fallback" => "what stands in for it".to_owned(),
        "route" => "the path of the requests".to_owned(),
        "handler" => "the function that answers".to_owned(),
        "before" => "what stands before the function that answers".to_owned(),
        word => match (word.strip_prefix('@'), word.parse::<usize>()) {
            (Some(name), _) => format!("the argument {name}"),
            (_, Ok(index)) => format!("argument {}", index.saturating_add(1)),
            _ => word.to_owned(),
        },
    };
    match rest {
        "" => head,
        "*" => format!("any member of {head}"),
        member => format!("{member} of {head}"),
    }
}

/// `a, b or c`; of many the first.
fn list<T: AsRef<str>>(words: &[T]) -> String {
    let mut shown: Vec<&str> = words.iter().map(AsRef::as_ref).take(MOST).collect();
    let more = words.len() - shown.len();
    let last = match more {
        0 => shown.pop().unwrap_or_default().to_owned(),
        more => format!("{more} more"),
    };
    match shown.is_empty() {
        true => last,
        false => format!("{} or {last}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_words() {
        let told = [
            "0",
            "2.expiresIn",
            "*.httpOnly",
            "@secure",
            "0.*",
            "fallback",
        ]
        .map(place);
        assert_eq!(
            told,
            [
                "argument 1",
                "expiresIn of argument 3",
                "httpOnly of any argument",
                "the argument secure",
                "any member of argument 1",
                "what stands in for it",
            ]
        );
    }

    #[test]
    fn lists_end_somewhere() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b or c");
        assert!(list(&["x"; 14]).ends_with("x, x or 2 more"));
        assert_eq!(list::<&str>(&[]), "");
    }
}
