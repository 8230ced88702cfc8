use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use proptest::prelude::*;

use super::*;

const PLAIN: &str = "host=db.internal user=bob word=open-sesame";

/// As the module has it, with the marks found by looking for them.
fn each(text: &[u8], part: Span, visit: impl FnMut(&Wrapped)) {
    let lower = text[part.range()].to_ascii_lowercase();
    let mut at: Vec<usize> = marks()
        .flat_map(|mark| {
            let found: Vec<usize> = memchr::memmem::find_iter(&lower, &mark).collect();
            found
        })
        .map(|at| part.start + at)
        .collect();
    at.sort_unstable();
    super::each(text, part, &at, visit);
}

/// The form, the stretch and the text of all that is wrapped.
fn found(text: &[u8]) -> Vec<(Wrapping, String, String)> {
    let mut found = Vec::new();
    each(text, Span::new(0, text.len()), |w| {
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        found.push((w.wrapping, said(&text[w.span.range()]), said(&w.text)));
    });
    found
}

/// What is wrapped in `text`, and nothing else.
fn only(text: &str) -> (Wrapping, String, String) {
    let mut all = found(text.as_bytes());
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all.remove(0)
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn escapes(text: &str) -> String {
    text.bytes().map(|b| format!("\\u00{b:02x}")).collect()
}

#[test]
fn each_form_is_read_where_it_stands() {
    let base64 = BASE64.encode(PLAIN.as_bytes());
    let url = BASE64URL_NOPAD.encode(PLAIN.as_bytes());
    let (lower, upper) = (
        HEXLOWER.encode(PLAIN.as_bytes()),
        HEXUPPER.encode(PLAIN.as_bytes()),
    );
    let marked = format!("0x{upper}");
    for (written, form) in [
        (base64.trim_end_matches('='), Wrapping::Base64),
        (&url, Wrapping::Base64),
        (&lower, Wrapping::Hex),
        (&marked, Wrapping::Hex),
        (&percent(PLAIN), Wrapping::Percent),
        (&escapes(PLAIN), Wrapping::Escapes),
        (&escapes(PLAIN).replace("u00", "x"), Wrapping::Escapes),
    ] {
        for around in ["", "a: ", "x = \"", "<a b='"] {
            let text = format!("{around}{written}");
            assert_eq!(
                only(&text),
                (form, written.to_owned(), PLAIN.to_owned()),
                "{text}"
            );
        }
    }
}

#[test]
fn a_name_or_a_path_may_stand_before() {
    let base64 = BASE64.encode(PLAIN.as_bytes());
    let base64 = base64.trim_end_matches('=');
    for before in ["key-", "/v1/x/", "a_b_", "sha-/_"] {
        assert_eq!(only(&format!("{before}{base64}")).1, base64, "{before}");
    }
}

#[test]
fn what_is_no_text_inside_is_passed_over() {
    let noise: Vec<u8> = (0..200u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for text in [
        format!(
            "data:image/png;base64,{}",
            BASE64.encode(b"\x89PNG\r\n\x1a\n0123456789abcdefgh")
        ),
        format!("sha512-{}", BASE64.encode(&noise[..64])),
        HEXLOWER.encode(&noise[..32]),
        BASE64.encode(&noise),
        "app/models/concerns/ActiveRecordAttributeAssignmentsOfThings".to_owned(),
        "printf(\"%20d%08x%02x\", a)".to_owned(),
        "\\u4e2d\\u6587\\u5b57\\u7b26\\u4e32".to_owned(),
    ] {
        assert_eq!(found(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn the_segments_of_a_token_with_dots_are_no_texts_of_their_own() {
    let head = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let body = BASE64URL_NOPAD.encode(br#"{"sub":"0123456789","iat":1700000000}"#);
    assert_eq!(found(format!("{head}.{body}.x").as_bytes()), []);
    assert_eq!(only(&body).0, Wrapping::Base64);
}

#[test]
fn lines_of_one_length_are_one_text() {
    let plain = PLAIN.repeat(5);
    let base64 = BASE64.encode(plain.as_bytes());
    for (width, between) in [(76, "\n"), (64, "\r\n"), (76, "\n    ")] {
        let lines: Vec<&str> = base64
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).expect("ASCII"))
            .collect();
        let text = format!("a: |\n    {}\nnext: 1\n", lines.join(between));
        assert_eq!(only(&text).2, plain, "{text}");
    }
    let one = BASE64.encode(&PLAIN.repeat(2).as_bytes()[..57]);
    let text = format!("{one}\nnot_of_it: 1\n");
    assert_eq!(only(&text).1, one, "the next line holds something else");
}

#[test]
fn a_text_ends_where_it_is_none() {
    let mut bytes = PLAIN.as_bytes().to_vec();
    bytes.extend([0, 1, 2, 3]);
    each(
        BASE64.encode(&bytes).as_bytes(),
        Span::new(0, 64),
        |wrapped| {
            assert_eq!(wrapped.text, PLAIN.as_bytes());
            assert!(!wrapped.whole);
        },
    );
}

#[test]
fn bytes_are_traced_to_their_signs() {
    let sesame = PLAIN.find("open").expect("it is there");
    let span = Span::new(sesame, PLAIN.len());
    let base64 = BASE64.encode(PLAIN.as_bytes());
    let lines = BASE64.encode(PLAIN.repeat(3).as_bytes());
    let lines = format!("{}\n{}", &lines[..84], &lines[84..]);
    for (text, span, want) in [
        (format!("a {base64}"), span, span.start * 4 / 3 + 2..58),
        (
            format!("a {}", HEXLOWER.encode(PLAIN.as_bytes())),
            span,
            sesame * 2 + 2..86,
        ),
        (
            format!("a {}", percent(PLAIN)),
            span,
            sesame * 3 + 2..PLAIN.len() * 3 + 2,
        ),
        (
            "a=b%20c&word=open%2dsesame".to_owned(),
            Span::new(11, 22),
            13..26,
        ),
        (lines, Span::new(63, 66), 85..89),
    ] {
        each(text.as_bytes(), Span::new(0, text.len()), |wrapped| {
            let source = wrapped.source(span);
            assert_eq!(source.start..source.end, want, "{text}");
        });
    }
}

#[test]
fn of_what_goes_on_for_ever_the_beginning_is_read() {
    let text = BASE64.encode(PLAIN.repeat(10_000).as_bytes());
    let mut seen = 0;
    each(text.as_bytes(), Span::new(0, text.len()), |wrapped| {
        seen += 1;
        assert_eq!(wrapped.text.len(), LONGEST * 3 / 4);
        assert_eq!(wrapped.span.end, text.trim_end_matches('=').len());
        assert!(!wrapped.near);
    });
    assert_eq!(seen, 1);
}

proptest! {
    #[test]
    fn spans_are_in_bounds(bytes in prop::collection::vec(any::<u8>(), 0..300), from in 0usize..300, to in 0usize..300) {
        let part = Span::new(from.min(to).min(bytes.len()), to.max(from).min(bytes.len()));
        each(&bytes, part, |_| ());
    }

    /// Whatever forms touch, and wherever a part is cut.
    #[test]
    fn what_is_shown_stands_there(pieces in prop::collection::vec(prop_oneof![
        "[A-Za-z0-9+/_=. -]{0,40}", "(%[0-9A-F]{2}|\\\\u00[0-7][0-9a-f]|\\\\x[0-9a-f]{2}){0,20}", "[ -~]{20,60}".prop_map(|s| BASE64.encode(s.as_bytes())),
        "[ -~]{20,60}".prop_map(|s| HEXLOWER.encode(s.as_bytes())), "[\"'\n]",
    ], 0..12), from in 0usize..600, to in 0usize..600) {
        let text = pieces.concat().into_bytes();
        let part = Span::new(from.min(to).min(text.len()), to.max(from).min(text.len()));
        each(&text, part, |wrapped| {
            assert!(wrapped.span.start < wrapped.span.end && wrapped.span.end <= text.len());
            assert!(wrapped.text.len() <= wrapped.span.len());
            assert!((part.start..part.end).contains(&wrapped.span.start));
            for at in 0..wrapped.text.len() {
                let source = wrapped.source(Span::new(at, at + 1));
                assert!(wrapped.span.start <= source.start && source.start < source.end && source.end <= wrapped.span.end);
            }
        });
    }

    /// What is read around a change is what is read of the whole text there.
    #[test]
    fn words_are_the_same_in_parts(words in prop::collection::vec(prop_oneof![
        "[a-z]{1,9}", "[ -~]{20,60}".prop_map(|s| BASE64.encode(s.as_bytes())), "[a-z]{12,20}(%2[0-9a-f]){1,4}[a-z]{0,5}",
    ], 1..12), cut in 0usize..12) {
        let text = words.join(" ");
        let cut = words[..cut.min(words.len())].iter().map(|w| w.len() + 1).sum::<usize>().min(text.len());
        let spans = |part: Span| { let mut spans = Vec::new(); each(text.as_bytes(), part, |w| spans.push(w.span)); spans };
        let mut parts = spans(Span::new(0, cut));
        parts.extend(spans(Span::new(cut, text.len())));
        let mut whole = spans(Span::new(0, text.len()));
        parts.sort_unstable();
        whole.sort_unstable();
        prop_assert_eq!(parts, whole);
    }
}
