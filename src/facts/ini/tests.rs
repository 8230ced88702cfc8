use super::super::told::{assert_sound, told};
use super::*;

fn reads(text: &str, pairs: &[&str]) {
    let facts = read(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text:?}");
}

#[test]
fn a_key_has_a_value() {
    for text in [
        "a=v1",
        " a = v1 ",
        "a: v1",
        "a:v1\r\n",
        "\u{feff}a=v1\r",
        "# b=1\n; b=2\n!b=3\na=v1",
    ] {
        reads(text, &["a = v1"]);
    }
    reads("a b = v1 # x ; y", &["a b = v1 # x ; y"]);
    reads("a=\nb =  \n", &["a = ", "b = "]);
    assert_eq!(read(b"b =  \n").pairs[0].value, Span::new(3, 3));
    for text in ["a v1", "", "a", "[x]", "= v1"] {
        reads(text, &[]);
    }
}

#[test]
fn a_section_is_a_scope() {
    reads(
        "a=1\n[s]\nb=2\n[ t.u ] # x\nc=3",
        &["a = 1", "s.b = 2", "t.u.c = 3"],
    );
    reads(
        "[remote \"o\"]\n\turl = v1\n[url \"https://[::1]/\"]\n\tinsteadOf = v2\n[credential]\n\thelper = v3",
        &[
            "remote.o.url = v1",
            "url.https://[::1]/.insteadOf = v2",
            "credential.helper = v3",
        ],
    );
    reads("[open\na=1", &["a = 1"]);
}

#[test]
fn quotes_are_left_out() {
    reads("a = \"v1\"", &["a = \"v1\""]);
    reads("a = 'v 1' ; note", &["a = \"v 1\""]);
    reads("a = \"one\" two", &["a = \"one\" two"]);
    reads("a = \"one", &["a = \"one"]);
    reads(
        r#"a = "b\"c\\d\te""#,
        &[concat!(r#"a = "b\"c\\d\te" -> b"c\d"#, "\te")],
    );
}

#[test]
fn lines_are_continued_by_a_backslash() {
    reads(
        "a = one\\\n   two\\\r\n three\nb = 1",
        &["a = one\\\n   two\\\r\n three -> onetwothree", "b = 1"],
    );
    reads("a = x=1\\\nb = 2", &["a = x=1\\\nb = 2 -> x=1b = 2"]);
    reads("a = one\\\\\nb = 1", &[r"a = one\\", "b = 1"]);
    reads("a = one\\", &[r"a = one\"]);
}

#[test]
fn lines_are_continued_by_an_indentation() {
    reads(
        "a = one\n  two\n\tthree\nb = 1",
        &["a = one\n  two\n\tthree -> one\ntwo\nthree", "b = 1"],
    );
    reads(
        "[s]\na =\n  one\n  two\n",
        &["s.a = one\n  two -> one\ntwo"],
    );
    reads("[core]\n\ta = 1\n\tbare\n", &["core.a = 1"]);
    reads("a = 1\n  b = 2\n  # c\n", &["a = 1", "b = 2"]);
}

#[test]
fn npm_names_the_host_before_the_key() {
    reads(
        "//host/:_authToken=v1\n//host:80/p/:_password=v=2\n@s:registry=https://h/\n_auth=v3",
        &[
            "//host._authToken = v1",
            "//host:80/p._password = v=2",
            "@s:registry = https://h/",
            "_auth = v3",
        ],
    );
    let facts = read(b"//host/:_authToken=v1");
    assert_eq!(facts.pairs[0].key, Span::new(8, 18));
}

#[test]
fn a_unit_sets_an_environment() {
    reads(
        "[Service]\nEnvironment=\"A=one 1\" B=two \\\n  'C=v3' x\nEnvironment=D=v4\n",
        &[
            "Service.Environment.A = \"one 1\"",
            "Service.Environment.B = two",
            "Service.Environment.C = \"v3\"",
            "Service.Environment.D = v4",
        ],
    );
}

#[test]
fn properties_have_escapes_of_their_own() {
    reads(
        r"a\:b\=c = x\:y\=z\u0041\ud83d\ude00\\u",
        &[concat!(
            r"a\:b\=c = x\:y\=z\u0041\ud83d\ude00\\u -> x:y=zA",
            "\u{1f600}",
            r"\\u"
        )],
    );
    reads(r"a = C:\users\ud", &[r"a = C:\users\ud"]);
}

#[test]
fn files_are_known_by_name() {
    for path in [
        "a/x.ini",
        ".npmrc",
        "setup.cfg",
        "x/.aws/credentials",
        ".aws/config",
        "a.service",
    ] {
        let path = RelPath::from(path);
        assert!(is_named(&path, path.name()), "{path}");
    }
    for path in [
        ".editorconfig",
        "x.desktop",
        "aws/credentials",
        "config",
        "x.aws/config",
        "a.toml",
    ] {
        let path = RelPath::from(path);
        assert!(!is_named(&path, path.name()), "{path}");
    }
}

#[test]
fn a_megabyte_of_openings_is_read_in_one_go() {
    for unit in [
        "\"",
        "\\",
        "a=\\\n",
        "a=\"\n",
        "[\"",
        "a=1\n b\n",
        "\\u",
        "Environment=\"\n",
        " \n",
        "//:",
        "a=\"\\\"",
    ] {
        let text = unit.repeat((1 << 20) / unit.len());
        assert_sound(&read(text.as_bytes()), text.as_bytes());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_spans_in_bounds(text in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        assert_sound(&read(&text), &text);
    }

    #[test]
    fn so_does_any_mix_of_its_tokens(parts in proptest::collection::vec("(\\[|\\]|\"|'|a|=|:|//|/:|@|\\\\|\\\\u00e9|Environment=|#|;|!| |\t|\n|\r)", 0..40)) {
        let text = parts.concat();
        assert_sound(&read(text.as_bytes()), text.as_bytes());
    }
}
