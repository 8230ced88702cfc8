//! Credential files whose fields have names by their place only.
//!
//! Takes the text of a `.netrc`, `.pgpass`, `.git-credentials` or `.htpasswd`, told apart by what stands in it, and gives each password or hash.
//! What keyward needs of the rest are the names: the key is the word `login`, `password`, `account` in the first, the user in the others; the scope is the host.
//!
//! Sources: netrc(5) and curl's reading of it, the PostgreSQL manual ("The Password File"), git-credential-store(1), Apache's htpasswd(1).

use super::lines::{is_blank, is_escaped, line, past_blanks, past_mark, trim};
use super::{Facts, Pair, Scope, Via};
use crate::model::Span;

/// Names of such files, in lower case.
const NAMES: &[&[u8]] = &[
    b".git-credentials",
    b".htpasswd",
    b".netrc",
    b".pgpass",
    b"_netrc",
    b"pgpass.conf",
];

/// What the last field of a record is.
const PASSWORD: &str = "password";

/// Whether files called `name`, in lower case, are written so.
pub(super) fn is_named(name: &[u8]) -> bool {
    NAMES.contains(&name)
}

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let from = past_mark(text);
    let is_netrc = first_word(text, from).is_some_and(|w| Keyword::of(&text[w.range()]).is_some());
    if is_netrc {
        netrc(text, from, &mut facts);
    } else {
        lines(text, from, &mut facts);
    }
    facts
}

/// The first word that is in no comment.
fn first_word(text: &[u8], mut from: usize) -> Option<Span> {
    loop {
        let word = Words { text, at: from }.next()?;
        if text[word.start] != b'#' {
            return Some(word);
        }
        from = line(text, word.start, text.len()).1;
    }
}

/// One record a line, each in the form that it shows.
fn lines(text: &[u8], mut from: usize, facts: &mut Facts) {
    while from < text.len() {
        let (whole, next) = line(text, from, text.len());
        from = next;
        let record = trim(text, whole);
        if record.is_empty() || text[record.start] == b'#' {
            continue;
        }
        let colons: Vec<usize> = memchr::memchr_iter(b':', &text[record.range()])
            .map(|at| record.start + at)
            .filter(|&at| !is_escaped(text, record.start, at))
            .take(4)
            .collect();
        let pair = match colons[..] {
            [first, ..] if text[first..record.end].starts_with(b"://") => {
                url(text, record, first + 3, facts)
            }
            [host, _, name, user] => {
                let value = Span::new(user + 1, record.end);
                Some(Pair {
                    within: facts.enter(Scope::TOP, Span::new(record.start, host)),
                    role: Some(PASSWORD),
                    read: unescaped(&text[value.range()]),
                    ..Pair::new(Span::new(name + 1, user), value, false, Via::Item)
                })
            }
            [user] => Some(Pair::new(
                Span::new(record.start, user),
                Span::new(user + 1, record.end),
                false,
                Via::Item,
            )),
            _ => None,
        };
        if pair.is_some_and(|pair| !facts.add(pair)) {
            return;
        }
    }
}

/// `user:password@host…`, which begins at `from`; the last `@` before the path parts them.
fn url(text: &[u8], record: Span, from: usize, facts: &mut Facts) -> Option<Pair> {
    let rest = &text[from..record.end];
    let slash = memchr::memchr(b'/', rest).unwrap_or(rest.len());
    let at = from + memchr::memrchr(b'@', &rest[..slash])?;
    let colon = from + memchr::memchr(b':', &text[from..at])?;
    let value = Span::new(colon + 1, at);
    Some(Pair {
        within: facts.enter(Scope::TOP, Span::new(at + 1, from + slash)),
        role: Some(PASSWORD),
        read: percent_decoded(&text[value.range()]),
        ..Pair::new(Span::new(from, colon), value, false, Via::Item)
    })
}

/// `\:` and `\\` resolved, where such occur.
fn unescaped(field: &[u8]) -> Option<Box<[u8]>> {
    memchr::memchr(b'\\', field)?;
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        let skip = *first == b'\\' && matches!(tail.first(), Some(b':' | b'\\'));
        rest = &tail[usize::from(skip)..];
        out.push(if skip { tail[0] } else { *first });
    }
    (out != field).then(|| out.into())
}

/// `%40` and its like resolved, where such occur.
fn percent_decoded(field: &[u8]) -> Option<Box<[u8]>> {
    memchr::memchr(b'%', field)?;
    let digit = |b: u8| {
        char::from(b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        let coded = match (first, tail) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        out.push(coded.map_or(*first, |(high, low)| high << 4 | low));
        rest = &tail[if coded.is_some() { 2 } else { 0 }..];
    }
    (out != field).then(|| out.into())
}

/// What a word of a `.netrc` announces.
#[derive(Clone, Copy)]
enum Keyword {
    Machine,
    Default,
    Macro,
    Field,
}

impl Keyword {
    fn of(word: &[u8]) -> Option<Self> {
        match word {
            b"machine" => Some(Self::Machine),
            b"default" => Some(Self::Default),
            b"macdef" => Some(Self::Macro),
            b"login" | b"password" | b"account" => Some(Self::Field),
            _ => None,
        }
    }
}

/// Words between blanks and line endings; one in double quotes may hold blanks, as curl reads it.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let parts = |b: u8| is_blank(b) || matches!(b, b'\n' | b'\r');
        let rest = &self.text[self.at..];
        let start = self.at + rest.iter().position(|&b| !parts(b))?;
        let rest = &self.text[start..];
        // Where the line has no other quote, none of its words is searched again: each of them would have been found.
        let len = (rest[0] == b'"')
            .then(|| {
                (1..rest.len())
                    .take_while(|&i| !matches!(rest[i], b'\n' | b'\r'))
                    .find(|&i| rest[i] == b'"' && !is_escaped(rest, 1, i))
                    .map(|i| i + 1)
            })
            .flatten();
        let len = len.unwrap_or_else(|| rest.iter().position(|&b| parts(b)).unwrap_or(rest.len()));
        self.at = start + len;
        Some(Span::new(start, self.at))
    }
}

fn netrc(text: &[u8], from: usize, facts: &mut Facts) {
    let mut words = Words { text, at: from };
    let mut machine = Scope::TOP;
    while let Some(word) = words.next() {
        match Keyword::of(&text[word.range()]) {
            Some(Keyword::Machine) => {
                let Some(host) = words.next() else { return };
                machine = facts.enter(Scope::TOP, host);
            }
            Some(Keyword::Default) => machine = facts.enter(Scope::TOP, word),
            Some(Keyword::Macro) => words.at = past_macro(text, words.at),
            Some(Keyword::Field) => {
                let Some(value) = words.next() else { return };
                let quoted =
                    value.len() > 1 && text[value.start] == b'"' && text[value.end - 1] == b'"';
                let inside = usize::from(quoted);
                let value = Span::new(value.start + inside, value.end - inside);
                let pair = Pair {
                    within: machine,
                    ..Pair::new(word, value, quoted, Via::Assignment)
                };
                if !facts.add(pair) {
                    return;
                }
            }
            None if text[word.start] == b'#' => words.at = line(text, word.start, text.len()).1,
            None => {}
        }
    }
}

/// Behind the macro whose name stands at `from`: it ends with an empty line.
fn past_macro(text: &[u8], mut from: usize) -> usize {
    while from < text.len() {
        let (whole, next) = line(text, from, text.len());
        from = next;
        if past_blanks(text, whole.start, whole.end) == whole.end {
            break;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::super::told::{assert_sound, told};
    use super::*;

    fn reads(text: &str, pairs: &[&str]) {
        let facts = read(text.as_bytes());
        assert_eq!(told(&facts, text.as_bytes()), pairs, "{text:?}");
    }

    #[test]
    fn a_netrc_has_machines() {
        reads(
            "machine h1 login u1 password v1\nmachine h2\n  login u2\n\tpassword \"v 2\"\ndefault account a password v3",
            &[
                "h1.login = u1",
                "h1.password = v1",
                "h2.login = u2",
                "h2.password = \"v 2\"",
                "default.account = a",
                "default.password = v3",
            ],
        );
        reads("# note\npassword v1", &["password = v1"]);
        reads(
            "login u1 # machine h2\npassword #v1",
            &["login = u1", "password = #v1"],
        );
        reads("machine", &[]);
        reads("machine h login", &[]);
        reads("machine h password \"v", &["h.password = \"v"]);
    }

    #[test]
    fn macros_are_skipped() {
        reads(
            "machine h\nmacdef init\npassword v1\ncd /x\n\nlogin u password v2",
            &["h.login = u", "h.password = v2"],
        );
        reads("macdef init\npassword v1", &[]);
    }

    #[test]
    fn a_pgpass_names_the_user_of_a_host() {
        reads(
            "# note\nh1:5432:*:u1:v1\nh\\:2:*:db:u\\:2:v\\:2\\\\:x\n",
            &["h1.u1 = v1", r"h\:2.u\:2 = v\:2\\:x -> v:2\:x"],
        );
    }

    #[test]
    fn stored_credentials_are_urls() {
        reads(
            &"https://u1:v1~h1\nhttps://u2:v%402%zz~h2:80/x~y\nhttps://u3~h3\nhttps://h4:1\n"
                .replace('~', "@"),
            &["h1.u1 = v1", "h2:80.u2 = v%402%zz -> v@2%zz"],
        );
    }

    #[test]
    fn an_htpasswd_has_one_colon() {
        reads(
            "u1:$2y$x\r\nu2:{SHA}y\n#u:v\nu3\na:b:c\n",
            &["u1 = $2y$x", "u2 = {SHA}y"],
        );
        reads("u1:", &["u1 = "]);
    }

    #[test]
    fn files_are_known_by_name() {
        assert!(is_named(b".netrc") && is_named(b"pgpass.conf"));
        assert!(!is_named(b"netrc.md"));
    }

    #[test]
    fn a_megabyte_of_openings_is_read_in_one_go() {
        for unit in [
            "\"",
            "login \"\n",
            ":",
            "\\",
            "://",
            "://@:",
            "macdef x\n\n",
            "password \"\\",
            "%",
        ] {
            for first in ["", "login "] {
                let text = [first, &unit.repeat((1 << 20) / unit.len())].concat();
                assert_sound(&read(text.as_bytes()), text.as_bytes());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_spans_in_bounds(text in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            assert_sound(&read(&text), &text);
        }

        #[test]
        fn so_does_any_mix_of_its_tokens(parts in proptest::collection::vec("(machine |login |password |macdef |default|#|\"|\\\\|:|://|@|/|%4|u| |\n|\r)", 0..40)) {
            let text = parts.concat();
            assert_sound(&read(text.as_bytes()), text.as_bytes());
        }
    }
}
