use super::super::told::{assert_sound, told};
use super::*;

fn reads(text: &str, pairs: &[&str]) {
    let facts = read(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text:?}");
}

#[test]
fn variables_lie_in_their_stage() {
    reads(
        "ARG A=v1\nFROM --platform=x image:1 AS one\nENV B=v2\narg C\nFROM image:2\nENV D=v3\n",
        &[
            "ARG.A = v1",
            "one.ENV.B = v2",
            "one.arg.C = ",
            "image:2.ENV.D = v3",
        ],
    );
    reads("ONBUILD ENV A=v1", &["ENV.A = v1"]);
    reads("# note\n\nLABEL a=b\nEXPOSE 80\nENV\nFROM\n", &[]);
}

#[test]
fn a_variable_is_written_in_three_ways() {
    reads(
        "ENV A=v1 B=\"v 2\" C='v3' D=v\\ 4",
        &[
            "ENV.A = v1",
            "ENV.B = \"v 2\"",
            "ENV.C = \"v3\"",
            "ENV.D = v\\ 4 -> v 4",
        ],
    );
    reads("ENV key some value  \n", &["ENV.key = some value"]);
    reads("ENV A=${B}/c", &["ENV.A = ${B}/c"]);
    reads("ENV A=\"v1\nENV B=v2", &["ENV.A = v1", "ENV.B = v2"]);
}

#[test]
fn lines_are_continued_over_comments() {
    for text in [
        "ENV A=v1 \\\n  B=v2\n",
        "ENV A=v1\\\r\n  B=v2\r\n",
        "ENV A=v1 \\\n# note \\\n\n  # note\n  B=v2\n",
        "# escape=`\nENV A=v1 `\n  B=v2\n",
        "ENV \\ \n A=v1 B=v2",
    ] {
        reads(text, &["ENV.A = v1", "ENV.B = v2"]);
    }
    reads(
        "# escape=`\nENV A=c:\\\nENV B=v2",
        &["ENV.A = c:\\", "ENV.B = v2"],
    );
}

#[test]
fn sources_of_copies_are_items() {
    for text in [
        "COPY a b /x/",
        "COPY --chown=me a b /x/",
        "COPY [\"a\", \"b\", \"/x/\"]",
        "COPY a \\\n b /x/",
    ] {
        let facts = read(text.as_bytes());
        let values: Vec<_> = facts.pairs.iter().map(|p| &text[p.value.range()]).collect();
        assert_eq!(values, ["a", "b"], "{text}");
        assert!(
            facts
                .pairs
                .iter()
                .all(|p| p.via == Via::Item && &text[p.key.range()] == "COPY")
        );
    }
    reads("FROM i AS s\nADD \"a b\" .", &["s.ADD = \"a b\""]);
    reads(
        "COPY --from=s a b\nCOPY a\nCOPY <<EOF /x\nENV A=v1\nEOF\nENV B=v2",
        &["ENV.B = v2"],
    );
}

#[test]
fn commands_are_read_by_the_shell() {
    reads(
        "FROM i AS s\nRUN --mount=type=secret,id=a --network=none X=v1 f --a v2 \\\n# note\n  --b v3 && g --c v4\nENV A=v5",
        &[
            "s.RUN.X = v1",
            "s.RUN.f.--a = v2",
            "s.RUN.f.--b = v3",
            "s.RUN.g.--c = v4",
            "s.ENV.A = v5",
        ],
    );
    reads(
        "RUN [\"f\", \"--a\", \"v 1\", \"--b=v2\"]",
        &["RUN.f.--a = \"v 1\"", "RUN.f.--b = \"v2\""],
    );
    reads(
        "CMD [\"sh\", \"-c\", \"mysql -pv1\"]",
        &["CMD.mysql.-p = v1"],
    );
    reads("RUN [ -f x ] && f --a v1", &["RUN.f.--a = v1"]);
}

#[test]
fn heredocs_are_scripts_or_files() {
    reads(
        "RUN <<EOF\nexport X=v1\nf --a v2\nEOF\nENV A=v3",
        &["RUN.X = v1", "RUN.f.--a = v2", "ENV.A = v3"],
    );
    reads(
        "RUN cat <<-'EOF' > x\n\tK=v1\n\tEOF\nENV A=v3",
        &["RUN.<<.K = v1", "ENV.A = v3"],
    );
    reads("RUN echo $((1<<EOF))\nENV A=v3", &["ENV.A = v3"]);
}

#[test]
fn files_are_known_by_name() {
    for name in [
        "dockerfile",
        "dockerfile.dev",
        "x.dockerfile",
        "containerfile",
    ] {
        assert!(is_named(name.as_bytes()), "{name}");
    }
    for name in ["dockerfiles", "docker", "my-dockerfile"] {
        assert!(!is_named(name.as_bytes()), "{name}");
    }
}

#[test]
fn a_megabyte_of_openings_is_read_in_one_go() {
    for unit in [
        "RUN \\\n",
        "RUN <<A\n",
        "\"",
        "'",
        "\\",
        "(",
        "<<",
        "<<A ",
        "\\\n#\n",
        "\"a\",",
        "ENV A=\"\n",
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
    fn so_does_any_mix_of_its_tokens(parts in proptest::collection::vec(
        "(FROM |ENV |ARG |COPY |RUN |ONBUILD |A=|\\[|\\]|,|\"|'|`|\\\\|\\\\\n|<<|EOF|--from=|--a |#|# escape=`\n| |\n|\r)",
        0..60,
    )) {
        let text = parts.concat();
        assert_sound(&read(text.as_bytes()), text.as_bytes());
    }
}
