//! What the reader makes of XML, as lines `path = value` (`"` around an attribute).

use proptest::prelude::*;

use super::super::object::tests::{sound, told};
use super::*;

fn is_xml(text: &str, pairs: &[&str]) {
    let facts = read(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
    assert!(!facts.cut, "{text}");
}

#[test]
fn elements_and_attributes_are_pairs() {
    is_xml(
        "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY e \"<b>'\">]>\n<a>\n  <!-- <password>v0</password> -->\n  <b:c d='one' e = \"two\"> three </b:c>\n  <f><g/>h</f>\n <i></i></a>",
        &["a.b:c = three", "a.b:c.d = \"one\"", "a.b:c.e = \"two\""],
    );
    is_xml(
        "<a><b>x &amp; &lol;&#33;</b><c><![CDATA[1 < &amp;]]></c><d>e<!-- f -->g</d><h i='&lt;'/></a>",
        &[
            "a.b = x & &lol;!",
            "a.c = 1 < &amp;",
            "a.d = eg",
            "a.h.i = \"<\"",
        ],
    );
}

#[test]
fn a_name_and_a_value_are_a_pair() {
    for text in [
        "<add key=\"X\" value=\"Y\"/>",
        "<property name='X' value='Y'></property>",
        "<Parameter Name='X' Value='Y' />",
        "<android:meta-data android:name='X' android:value='Y'/>",
        "<a name='X' b='c' value='Y'><d/></a>",
    ] {
        let facts = read(text.as_bytes());
        let told = told(&facts, text.as_bytes());
        assert!(told.contains(&"X = \"Y\"".to_owned()), "{told:?}");
    }
    for text in [
        "<entry key='X'>Y</entry>",
        "<string name='X'>\n Y</string>",
        "<property><name>X</name><value>Y</value></property>",
        "<data name='X'><value>Y</value></data>",
    ] {
        let facts = read(text.as_bytes());
        let told = told(&facts, text.as_bytes());
        assert!(told.contains(&"X = Y".to_owned()), "{told:?}");
    }
    is_xml(
        "<api><key>X</key><url>Y</url></api>",
        &["api.key = X", "api.url = Y"],
    );
    is_xml("<a name=''>Y</a>", &["a = Y", "a.name = \"\""]);
}

#[test]
fn a_property_list_names_what_follows() {
    is_xml(
        "<plist version='1.0'><dict><key>A</key><string>one</string><key>B</key><dict><key>C</key><integer>2</integer></dict><key>D</key><array><string>x</string><string>y</string></array><key>E</key><true/><key>F</key><data> z </data></dict></plist>",
        &[
            "plist.version = \"1.0\"",
            "plist.dict.A = one",
            "plist.dict.B.C = 2",
            "plist.dict.D[] = x",
            "plist.dict.D[] = y",
            "plist.dict.F = z",
        ],
    );
}

#[test]
fn broken_xml_gives_what_was_read() {
    for (text, pairs) in [
        ("<a><b>one</b><c>two", &["a.b = one", "a.c = two"][..]),
        ("<a><b c='one", &["a.b.c = \"one\""]),
        ("<a><b>one</b><!-- open", &["a.b = one"]),
        ("<a><b>one</b><![CDATA[ open", &["a.b = one"]),
        ("<a><b>one</b></a><!DOCTYPE x [", &["a.b = one"]),
    ] {
        let facts = read(text.as_bytes());
        assert_eq!(told(&facts, text.as_bytes()), pairs, "{text}");
        assert!(facts.cut, "{text}");
    }
    is_xml(
        "</x><a><b>one</a><c>1 < 2 </x> 3</c>",
        &["a.b = one", "c = 1 < 2 </x> 3"],
    );
    is_xml(
        "<a b=one c='two<d e='three'/></a>",
        &["a.b = \"one\"", "a.c = \"two\"", "a.d.e = \"three\""],
    );
    is_xml("<a b c=\"one\" = ></a>", &["a.c = \"one\""]);
}

#[test]
fn depth_costs_no_memory() {
    for open in [
        "<a>",
        "<a b='c'>",
        "<",
        "<a ",
        "<!",
        "</a",
        "<![CDATA[",
        "<a '",
        "<!DOCTYPE [\"",
        "<a b='",
    ] {
        let facts = read(open.repeat(300_000).as_bytes());
        assert!(
            facts.pairs.len() <= DEEPEST + 1 || !open.ends_with('>'),
            "{open}"
        );
    }
    let text = [
        "<a>".repeat(500),
        "</a>".repeat(500),
        "<b>one</b>".to_owned(),
    ]
    .concat();
    assert_eq!(told(&read(text.as_bytes()), text.as_bytes()), ["b = one"]);
}

proptest! {
    #[test]
    fn any_bytes_give_spans_in_bounds(text in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(sound(&read(&text), &text));
    }

    #[test]
    fn any_mix_of_tokens_gives_spans_in_bounds(words in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE", "[", "]", "=", "\"", "'",
        "&", "&amp;", "&#x41;", "a", "<a>", "</a>", "<dict>", "</dict>", "<key>", "</key>", "<array>", "</array>",
        "<value>", "</value>", " name='x'", " value='y'", " ", "\n", "<a", ":", "&#", "\u{e9}",
    ]), 0..200)) {
        let text = words.concat();
        prop_assert!(sound(&read(text.as_bytes()), text.as_bytes()));
    }
}
