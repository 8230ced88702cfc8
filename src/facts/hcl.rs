//! HCL: Terraform, Packer, Nomad.
//!
//! Takes text, gives a pair for each attribute, with the words before each brace as scopes. Brings the tokens; the walk over them is
//! that of [`object`](super::object). Evaluates nothing: a string with `${}` is kept as it is written, and so is the text of a heredoc,
//! indentation too.

use memchr::{memchr, memmem};

use super::Facts;
use super::object::{Dialect, Kind, Lexer, Token, walk};
use crate::model::Span;

/// Strings within the holes of strings.
const NESTED: usize = 32;

/// HCL of any kind.
pub(super) fn read(text: &[u8]) -> Facts {
    let at = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let source = Source {
        text,
        at,
        cut: false,
    };
    walk(text, Dialect::Hcl, source)
}

struct Source<'a> {
    text: &'a [u8],
    at: usize,
    cut: bool,
}

impl Source<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or_default()
    }

    /// Past blanks and comments; whether a line ended.
    fn blanks(&mut self) -> bool {
        let mut newline = false;
        while let Some(&b) = self.text.get(self.at) {
            match (b, self.peek(1)) {
                (b'\n', _) => {
                    newline = true;
                    self.at += 1;
                }
                (b' ' | b'\t' | b'\r' | 0x0b | 0x0c, _) => self.at += 1,
                (b'#', _) | (b'/', b'/') => self.at = self.line_end(self.at),
                (b'/', b'*') => {
                    let body = self.at + 2;
                    let end = memmem::find(&self.text[body..], b"*/").map(|i| body + i + 2);
                    self.cut |= end.is_none();
                    self.at = end.unwrap_or(self.text.len());
                }
                _ => break,
            }
        }
        newline
    }

    fn line_end(&self, from: usize) -> usize {
        memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |i| from + i)
    }

    /// Past a string that begins here: its contents, and whether they hold escapes. A string ends with its line unless one of its
    /// holes is open.
    fn string(&mut self) -> (Span, bool) {
        let start = self.at + 1;
        let mut escaped = false;
        // Of each string that is open, the braces that are open in its hole; none while its text is read.
        let mut open: Vec<Option<usize>> = vec![None];
        self.at = start;
        while let Some(&b) = self.text.get(self.at) {
            let (outermost, room) = (open.len() == 1, open.len() < NESTED);
            let Some(state) = open.last_mut() else {
                break;
            };
            let mut step = 1;
            match (state, b) {
                (None, b'\\') => {
                    escaped |= outermost;
                    step = 2;
                }
                (None, b'"') if outermost => {
                    self.at += 1;
                    return (Span::new(start, self.at - 1), escaped);
                }
                (None, b'"') => _ = open.pop(),
                (None, b'\n') => return (Span::new(start, self.at), escaped),
                (state @ None, b'$' | b'%') if self.peek(1) == b'{' => {
                    *state = Some(0);
                    step = 2;
                }
                // `$${` is no hole.
                (None, b'$' | b'%') if self.peek(1) == b => {
                    step = 2 + usize::from(self.peek(2) == b'{')
                }
                (Some(_), b'"') if room => open.push(None),
                (Some(braces), b'{') => *braces += 1,
                (Some(braces @ 1..), b'}') => *braces -= 1,
                (state @ Some(0), b'}') => *state = None,
                _ => {}
            }
            self.at = (self.at + step).min(self.text.len());
        }
        self.cut = true;
        (Span::new(start, self.at), escaped)
    }

    /// Past a heredoc whose `<<` stands here: its lines.
    fn heredoc(&mut self) -> Option<Span> {
        let mark = self.at + 2 + usize::from(self.peek(2) == b'-');
        let rest = &self.text[mark..];
        let length = rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        let blanks = behind
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'));
        let line = mark + length + blanks.count();
        if word.first().is_none_or(u8::is_ascii_digit)
            || !matches!(self.text.get(line), None | Some(b'\n'))
        {
            return None;
        }
        let start = (line + 1).min(self.text.len());
        let mut at = start;
        while at < self.text.len() {
            let end = self.line_end(at);
            if self.text[at..end].trim_ascii() == word {
                self.at = end;
                let body = &self.text[start..at];
                let body = body.strip_suffix(b"\n").unwrap_or(body);
                let body = body.strip_suffix(b"\r").unwrap_or(body);
                return Some(Span::new(start, start + body.len()));
            }
            at = end + 1;
        }
        self.cut = true;
        self.at = self.text.len();
        Some(Span::new(start, self.at))
    }

    fn punctuation(&mut self) -> Kind {
        let (kind, length) = match (self.peek(0), self.peek(1)) {
            (b @ (b'{' | b'[' | b'('), _) => (Kind::Open(b), 1),
            (b @ (b'}' | b']' | b')'), _) => (Kind::Close(b), 1),
            (b'=', b'=' | b'>') | (b'!' | b'<' | b'>', b'=') => (Kind::Operator, 2),
            (b'=', _) => (Kind::Assign, 1),
            (b':', _) => (Kind::Colon, 1),
            (b',', _) => (Kind::Comma, 1),
            (b'.', _) => (Kind::Dot, 1),
            (b, _) if is_name(b) => {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|&b| !is_name(b));
                (Kind::Name, length.unwrap_or(rest.len()))
            }
            _ => (Kind::Operator, 1),
        };
        self.at += length;
        kind
    }
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || b >= 0x80
}

impl Lexer for Source<'_> {
    fn next(&mut self, _before: Kind) -> Token {
        let newline = self.blanks();
        let start = self.at;
        let (kind, inner) = match self.peek(0) {
            _ if start >= self.text.len() => (Kind::End, None),
            b'"' => {
                let (inner, escaped) = self.string();
                (Kind::Text { escaped }, Some(inner))
            }
            b'<' if self.peek(1) == b'<' => match self.heredoc() {
                Some(body) => (Kind::Text { escaped: false }, Some(body)),
                None => (self.punctuation(), None),
            },
            _ => (self.punctuation(), None),
        };
        let span = Span::new(start, self.at);
        Token {
            kind,
            span,
            inner: inner.unwrap_or(span),
            newline,
        }
    }

    fn cut(&self) -> bool {
        self.cut
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::object::tests::{sound, told};
    use super::read;

    fn is(text: &str, pairs: &[&str]) {
        let facts = read(text.as_bytes());
        assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
        assert!(!facts.cut, "{text}");
    }

    #[test]
    fn the_words_before_a_brace_are_scopes() {
        is(
            "resource \"aws_db_instance\" \"d\" {\n  password = \"v1\" # live\n  port = 5432\n  tags = { a = \"b\", \"c\" : \"d\" }\n\n  timeouts {\n    create = var.create\n  }\n}\nlocals { x = \"y\" }\n",
            &[
                "resource.aws_db_instance.d.password = \"v1\"",
                "resource.aws_db_instance.d.port = 5432",
                "resource.aws_db_instance.d.tags.a = \"b\"",
                "resource.aws_db_instance.d.tags.c = \"d\"",
                "resource.aws_db_instance.d.timeouts.create = var.create",
                "locals.x = \"y\"",
            ],
        );
        is(
            "a = {\n b = \"one\"\n \"c\" = \"two\" // note\n /* d = 1 */ }\nname = \"X\"",
            &["a.b = \"one\"", "a.c = \"two\"", "name = \"X\""],
        );
    }

    #[test]
    fn expressions_go_on_within_brackets() {
        is(
            "a = merge(\n  var.b,\n  { c = \"one\" },\n)\nd = x == \"y\" ? \"z\" : null\ne = [\n  \"f\", # g\n  \"h\",\n]\ni = var.j[\"k\"].l\n",
            &[
                "a = merge(\n  var.b,\n  { c = \"one\" },\n)",
                "a.c = \"one\"",
                "d = x == \"y\" ? \"z\" : null",
                "e[] = \"f\"",
                "e[] = \"h\"",
                "i = var.j[\"k\"].l",
            ],
        );
        let text = "d = jsonencode([{ environment = [{ name = \"KEY\", value = \"v1\" }] }])";
        let facts = read(text.as_bytes());
        let told = told(&facts, text.as_bytes());
        assert!(
            told.contains(&"d.environment.KEY = \"v1\"".to_owned()),
            "{told:?}"
        );
    }

    #[test]
    fn strings_are_kept_and_escapes_read() {
        is(
            r#"a = "${var.x["k}"]}-$${y}-%{ if z }\"${"w"}"
b = "l\n\u0041\"""#,
            &[
                r#"a = "${var.x["k}"]}-$${y}-%{ if z }"${"w"}""#,
                "b = \"l\nA\"\"",
            ],
        );
        is(
            "a = \"open\nb = \"one\"\n",
            &["a = \"open\"", "b = \"one\""],
        );
    }

    #[test]
    fn a_heredoc_is_its_lines() {
        is(
            "a = <<EOT\nx = \"1\"\n  EOTX\nEOT\nb = <<-E\n    y\n    E\nc = <<X\nX\n",
            &["a = \"x = \"1\"\n  EOTX\"", "b = \"    y\"", "c = \"\""],
        );
        is("f(<<EOT\nx\nEOT\n)\na = 1 << 2", &["a = 1 << 2"]);
    }

    #[test]
    fn broken_hcl_gives_what_was_read() {
        for (text, pairs) in [
            (
                "a = \"one\"\nb {\n c = \"two",
                &["a = \"one\"", "b.c = \"two\""][..],
            ),
            ("a = <<EOT\nx\n", &["a = \"x\n\""]),
            ("a = \"${open\nb = \"c\"", &["a = \"${open\nb = \"c\"\""]),
            ("a = \"one\" /* open", &["a = \"one\""]),
        ] {
            let facts = read(text.as_bytes());
            assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
            assert!(facts.cut, "{text}");
        }
        for open in ["{", "a {\n", "a = [", "\"${", "<<A\n", "a = <<A\n"] {
            assert!(read(open.repeat(300_000).as_bytes()).pairs.len() < 1000);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_spans_in_bounds(text in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(sound(&read(&text), &text));
        }

        #[test]
        fn any_mix_of_tokens_gives_spans_in_bounds(words in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "(", ")", ":", ",", "=", "=>", "\"", "${", "$${", "%{", "\\", "#", "//", "/*",
            "*/", "\n", " ", "a", "b1", "<<A", "<<-A", "\nA\n", "<<", "==", "?", ".", "name", "value", "\r",
        ]), 0..200)) {
            let text = words.concat();
            prop_assert!(sound(&read(text.as_bytes()), text.as_bytes()));
        }
    }
}
