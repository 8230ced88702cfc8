use super::super::told::{assert_sound, told};
use super::super::{Facts, Via};
use super::*;

fn reads(text: &str, pairs: &[&str]) {
    let facts = read(text.as_bytes());
    assert_eq!(told(&facts, text.as_bytes()), pairs, "{text:?}");
}

fn vias(text: &str) -> Vec<Via> {
    read(text.as_bytes()).pairs.iter().map(|p| p.via).collect()
}

#[test]
fn a_variable_is_given_a_value() {
    for text in [
        "X=v1",
        "X=v1 run",
        "export X=v1",
        "export -n X=v1",
        "declare -x X=v1",
        "local X=v1",
        "readonly X=v1",
        "set -x X v1",
        "set -gx X v1",
        "set --export X v1",
        "setenv X v1",
        "$env:X = v1",
        "$Env:X=v1",
        "$X = v1",
        "[string]$X = v1",
        "if true; then X=v1; fi",
        "f() { X=v1; }",
        "(X=v1)",
        "a && X=v1",
        "a || X=v1",
        "a | X=v1",
        "a & X=v1",
        "# X=v2\nX=v1 # X=v3",
        "\u{feff}X=v1\r\n",
        "sudo X=v1 run",
        "env -i X=v1 run",
        "sudo -u me X=v1 run",
        "web: X=v1 run",
        ": 1600000000:0;X=v1",
        "2>&1 >log X=v1",
        "`\nX=v1",
    ] {
        reads(text, &["X = v1"]);
    }
    reads("X=", &["X = "]);
    reads("export A=1 B C=2", &["A = 1", "C = 2"]);
    for text in [
        "set -e X v1",
        "set -- X v1",
        "X=(v1)",
        "echo X",
        "[ $X = v1 ]",
        "x-y=v1z(",
        "=v1",
    ] {
        assert!(
            !told(&read(text.as_bytes()), text.as_bytes()).contains(&"X = v1".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn a_value_is_unquoted() {
    reads("X='a b'", &["X = \"a b\""]);
    reads("X=\"a b\"", &["X = \"a b\""]);
    reads(r#"X="a\"b\$c\d""#, &[r#"X = "a\"b\$c\d" -> a"b$c\d"#]);
    reads(r"X=$'a\'b\x41\q'", &[r#"X = "a\'b\x41\q" -> a'bA\q"#]);
    reads(r#"X=a'b'"c"\d"#, &[r#"X = a'b'"c"\d -> abcd"#]);
    reads("X=a\\\n  Y", &["X = a"]);
    reads("X=a\\\nb", &["X = a\\\nb -> ab"]);
    reads("X=\"a\\\nb\"", &["X = \"a\\\nb\" -> ab"]);
    reads("X='one\ntwo'\nY=v1", &["X = \"one\ntwo\"", "Y = v1"]);
    reads("X=a#b", &["X = a#b"]);
}

#[test]
fn what_is_computed_is_kept_as_it_is_written() {
    reads("X=$Y-${Z:-'a b'}", &["X = $Y-${Z:-'a b'} -> $Y-${Z:-a b}"]);
    reads("X=\"${Y:-it's}\"", &["X = \"${Y:-it's}\""]);
    reads("X=$(f \")\") Y=v1", &["X = $(f \")\")", "Y = v1"]);
    reads("X=\"$(f \"a b\")\"", &["X = $(f \"a b\")"]);
    reads("X=`f 'a b'` Y=v1", &["X = `f 'a b'`", "Y = v1"]);
    reads("X='$(f)'", &["X = \"$(f)\""]);
}

#[test]
fn commands_inside_words_are_read_too() {
    reads(
        "X=$(curl -u u:v1 h) Y=v2",
        &["X = $(curl -u u:v1 h)", "curl.-u = u:v1", "Y = v2"],
    );
    reads("sh -c 'export X=v1; f --a b'", &["X = v1", "f.--a = b"]);
}

#[test]
fn a_missing_quote_costs_its_line_only() {
    reads("X='v1\nY=v2", &["X = v1", "Y = v2"]);
    reads("echo it's\nY=v2", &["Y = v2"]);
    reads("X=$(f\nY=v2", &["X = $(f", "Y = v2"]);
}

#[test]
fn an_option_has_the_word_behind_it_or_its_own() {
    reads(
        "/usr/bin/f --a v1 --b=v2 --c",
        &["f.--a = v1", "f.--b = v2"],
    );
    reads("f --a --b 'v 2'", &["f.--b = \"v 2\""]);
    reads(
        "f --b='v 2' \"--c=v3\"",
        &["f.--b = \"v 2\"", "f.--c = \"v3\""],
    );
    reads(
        "f --secret v1 --password v2=",
        &["f.--secret = v1", "f.--password = v2="],
    );
    reads("f --a >x --b -1 -- y", &[]);
    reads("f --a\\\n v1", &["f.--a = v1"]);
    assert_eq!(vias("f --a v1 --b=v2"), [Via::Option, Via::Option]);
}

#[test]
fn letters_are_options_of_few_commands() {
    for (text, pair) in [
        ("mysql -pv1 db", "mysql.-p = v1"),
        ("mysqldump \"-pv 1\" db", "mysqldump.-p = \"v 1\""),
        ("curl -u u:v1 h", "curl.-u = u:v1"),
        ("curl -uu:v1 h", "curl.-u = u:v1"),
        ("curl -sSu u:v1 h", "curl.-sSu = u:v1"),
        ("curl -H 'A: v1' h", "curl.-H = \"A: v1\""),
        ("sshpass -p v1 ssh h", "sshpass.-p = v1"),
        ("docker login -p v1 h", "docker.login.-p = v1"),
        ("redis-cli -a v1", "redis-cli.-a = v1"),
        ("mongosh -p v1", "mongosh.-p = v1"),
        ("sqlcmd -Pv1", "sqlcmd.-P = v1"),
        ("ldapsearch -w v1", "ldapsearch.-w = v1"),
        ("zip -P v1 a", "zip.-P = v1"),
        ("openssl enc -k v1", "openssl.-k = v1"),
        ("openssl enc -passin pass:v1", "openssl.-passin = pass:v1"),
    ] {
        reads(text, &[pair]);
        assert_eq!(vias(text), [Via::Item]);
    }
    for text in [
        "mysql -p db",
        "f -p v1",
        "mkdir -p x",
        "curl -u",
        "curl -u -s",
    ] {
        reads(text, &[]);
    }
}

#[test]
fn a_command_of_commands_has_scopes() {
    for (text, pair) in [
        ("heroku config:set K=v1 -a x", "heroku.config:set.K = v1"),
        ("fly secrets set K=v1", "fly.secrets.set.K = v1"),
        ("docker run -e K=v1 image", "docker.run.K = v1"),
        ("docker run --rm -eK=v1 image", "docker.run.K = v1"),
        ("docker run --env K=v1 image", "docker.run.K = v1"),
        ("docker build --build-arg=k=v1 .", "docker.build.k = v1"),
        ("docker run -e \"K=v 1\" image", "docker.run.K = \"v 1\""),
        (
            "kubectl create secret generic n --from-literal=k=v1",
            "kubectl.create.secret.k = v1",
        ),
        ("helm upgrade --set k.j='v1'", "helm.upgrade.k.j = \"v1\""),
        ("gh secret set NAME --body v1", "gh.secret.set.--body = v1"),
        ("make K=v1", "make.K = v1"),
        ("make --silent K=v1", "make.K = v1"),
        ("echo 'K=v1' >> .env", "echo.K = \"v1\""),
        ("aws configure set name v1", "aws.configure.set.name = v1"),
        ("npm config set key v1", "npm.config.set.key = v1"),
        (
            "npm config set //h/:_authToken=v1",
            "npm.config.set._authToken = v1",
        ),
        ("git config --global a.b 'v 1'", "git.config.a.b = \"v 1\""),
    ] {
        reads(text, &[pair]);
    }
}

#[test]
fn a_heredoc_holds_lines_and_no_words() {
    reads(
        "cat <<EOF >x --a v1\nK=v2\nit's $(x\nEOF\nX=v3",
        &["cat.--a = v1", "<<.K = v2", "X = v3"],
    );
    reads(
        "cat <<-'A' <<\"B\"\nK=v1\n\tA\nL=v2\nB\nX=v3",
        &["<<.K = v1", "<<.L = v2", "X = v3"],
    );
    reads("cat <<< 'K=v1'\nX=v3", &["X = v3"]);
    reads("echo $((1<<EOF)); ((y<<EOF))\nX=v3", &["X = v3"]);
}

#[test]
fn a_makefile_has_variables_and_recipes() {
    reads(
        "A = v 1 # note\nB := v2\nC ?= v3\nexport D = v4\nE=v5\nF = one \\\n  two\nall: dep\n\t@X=v6 f --a v7\n\n\t-mysql -pv8 \\\n\t\tdb --b v9\n",
        &[
            "A = v 1",
            "B = v2",
            "C = v3",
            "D = v4",
            "E = v5",
            "F = one \\\n  two",
            "X = v6",
            "f.--a = v7",
            "mysql.-p = v8",
            "mysql.--b = v9",
        ],
    );
    reads(
        "a := 'v1'\nrun:\n    f --a v2\n",
        &["a = \"v1\"", "f.--a = v2"],
    );
    reads("A = v1", &["A = v1"]);
    reads("#!/bin/sh\nusage:\n\tX=v1 f\n", &["X = v1"]);
}

#[test]
fn files_are_known_by_name() {
    for name in [
        "x.sh",
        ".bashrc",
        "makefile",
        "rules.mk",
        "procfile",
        "justfile",
        ".zsh_history",
        "x.ps1",
    ] {
        assert!(is_named(name.as_bytes()), "{name}");
    }
    for name in ["x.bat", "sh", "makefile.am", "x.md"] {
        assert!(!is_named(name.as_bytes()), "{name}");
    }
}

#[test]
fn a_command_is_read_where_it_stands() {
    let text = b"run: X=v1 more";
    let mut facts = Facts::default();
    let outer = facts.enter(Scope::TOP, Span::new(0, 3));
    commands(text, Span::new(5, 9), outer, &mut facts);
    assert_eq!(told(&facts, text), ["run.X = v1"]);
}

#[test]
fn a_megabyte_of_openings_is_read_in_one_go() {
    for unit in [
        "\"",
        "'",
        "\\",
        "(",
        "<<",
        "<<A\n",
        "$(",
        "\"$(\n",
        "${",
        "'\n$(\n",
        "X='\n\"\n",
        "--a ",
        "sh -c '",
        "`\n",
        "#\n\\\n",
        "a:\n\t",
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
        "(X=|\"|'|`|\\\\|\\$\\(|\\$\\{|\\$'|\\(|\\)|\\{|\\}|<<|<<-|EOF|<|>|&|\\||;|#|--a|-p|-c |sh |curl |mysql |set -x |\\$env:|:=|a:|export | |\t|\n|\r)",
        0..60,
    )) {
        let text = parts.concat();
        assert_sound(&read(text.as_bytes()), text.as_bytes());
    }
}
