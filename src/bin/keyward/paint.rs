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

fn paint(role: Role, text: &str) -> String {
    match role {
        Role::Critical => text.color(Color::BrightRed).bold(),
        Role::High => text.color(Color::Red).bold(),
        Role::Medium => text.color(Color::Yellow).bold(),
        Role::Low => text.color(Color::Cyan),
        Role::Info => text.color(Color::Blue),
        Role::Path => text.bold(),
        Role::Dim => text.dimmed(),
        Role::Caret => text.color(Color::Red),
        Role::Label => text.color(Color::Green),
        Role::Id => text.color(Color::Magenta),
    }
    .to_string()
}
