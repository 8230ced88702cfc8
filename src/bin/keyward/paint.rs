//! Colours, by the role that a piece of text has.

use std::env;
use std::io::{self, IsTerminal};

use colored::{Color, Colorize};
use keyward::report::Role;

use crate::args::When;
use crate::world;

/// Whether stdout gets colours.
pub fn wanted(when: When) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, word: &str| env::var_os(name).is_some_and(|value| value == word);
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
        When::Auto => io::stdout().is_terminal() && !is("TERM", "dumb"),
    }
}

/// Columns that text on stdout is wrapped to; 0 where nothing is.
pub fn width() -> usize {
    match io::stdout().is_terminal() {
        true => world::columns(),
        false => 0,
    }
}

/// The painter that a report takes.
pub fn painter(coloured: bool) -> impl Fn(Role, &str) -> String {
    // Whether to colour was settled above; the crate would ask the environment once more, and of another stream.
    colored::control::set_override(coloured);
    move |role, text| {
        if coloured {
            paint(role, text)
        } else {
            text.to_owned()
        }
    }
}

/// Of the colours of terminals red and magenta alone can be read on light and dark backgrounds of all the usual palettes: on xterm's white, and
/// on others where bold is bright, yellow, green and cyan are next to nothing, and on black blue is. All else is told by weight.
fn paint(role: Role, text: &str) -> String {
    match role {
        Role::Critical => text.color(Color::BrightRed).bold(),
        Role::High => text.color(Color::Red).bold(),
        Role::Medium => text.color(Color::Magenta).bold(),
        Role::Path | Role::Label => text.bold(),
        Role::Dim => text.dimmed(),
        Role::Caret => text.color(Color::Red),
        Role::Low | Role::Info | Role::Id => text.normal(),
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_colour_is_lost_on_a_light_or_a_dark_background() {
        let paint = painter(true);
        for role in [
            Role::Critical,
            Role::High,
            Role::Medium,
            Role::Low,
            Role::Info,
            Role::Path,
            Role::Dim,
            Role::Caret,
            Role::Label,
            Role::Id,
        ] {
            let painted = paint(role, "x");
            let codes = painted.split("\u{1b}[").filter_map(|s| s.split_once('m'));
            for code in codes.flat_map(|(codes, _)| codes.split(';')) {
                let is_safe = ["0", "1", "2", "31", "35", "91"].contains(&code);
                assert!(is_safe, "{role:?}: {code}");
            }
        }
        assert_ne!(paint(Role::High, "x"), paint(Role::Medium, "x"));
        assert_ne!(paint(Role::Medium, "x"), paint(Role::Low, "x"));
    }
}
