//! No secret stands in any output, whatever the format and wherever it was written.

use std::io::Write;
use std::process::Stdio;

use crate::tree::{Run, Tree, expand, formats, keyward};

/// Values that are planted, each its own; the macros are expanded once, so that all tests plant the same.
struct Planted {
    values: Vec<String>,
}

impl Planted {
    fn new() -> Self {
        Self { values: Vec::new() }
    }

    /// A fresh value of this form; what stands of it in outputs is looked for later.
    fn value(&mut self, form: &str) -> String {
        // The expander's randomness comes from the text, so a number in front makes each value its own.
        let numbered = expand(&format!("{:03} {form}", self.values.len()));
        let value = numbered[4..].to_owned();
        self.values.push(value.clone());
        value
    }

    /// Holds that no part of a planted value is in `run`: no eight characters behind the four that a mask may show.
    fn assert_hidden(&self, run: &Run, what: &str) {
        for value in &self.values {
            let body: Vec<char> = value
                .chars()
                .filter(|c| !c.is_whitespace())
                .skip(4)
                .collect();
            for part in body
                .windows(8)
                .map(String::from_iter)
                .filter(|p| !is_fixed(p))
            {
                for (stream, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
                    assert!(
                        !text.contains(&part),
                        "{what}: {stream} shows `{part}` of a planted value:\n{text}"
                    );
                }
            }
        }
    }
}

/// Parts that every key of a format has.
fn is_fixed(part: &str) -> bool {
    part.contains("-----")
        || part.contains("PRIVATE")
        || "BEGINRSAPRIVATEKEY ENDRSAPRIVATEKEY".contains(part)
}

/// A tree with a secret in every place that a report can show.
fn planted_tree() -> (Tree, Planted) {
    let mut p = Planted::new();
    let tree = Tree::repository();
    let github = p.value("ghp_<<an36>>");
    let twice = p.value("ghp_<<an36>>");
    let beside = p.value("Zq7<<an14>>");
    let reason = p.value("ghp_<<an36>>");
    let url = p.value("Kx9<<an16>>");
    let pem = p.value("<<pem:RSA PRIVATE KEY>>");
    let escaped = p.value("<<pem:PRIVATE KEY>>").replace('\n', "\\n");
    let weak = p.value("tr0ub4dor&3x9Q");
    let (long, wide, test) = (
        p.value("ghp_<<an36>>"),
        p.value("ghp_<<an36>>"),
        p.value("ghp_<<an36>>"),
    );
    let named = p.value("ghp_<<an36>>");
    let (commented, json, jwt) = (
        p.value("ghp_<<an36>>"),
        p.value("<<an40>>"),
        p.value("<<jwt>>"),
    );
    // Put together here, because in this file it would be a mark of no use.
    let mark = concat!("keyward", ":allow");
    let put = |name: &str, text: String| tree.bytes(name, text.as_bytes());
    put(
        "src/a.js",
        format!("const t = '{github}';\nlog('{twice}', '{twice}'); const password = '{beside}';\n"),
    );
    put(
        "src/allowed.js",
        format!("const t = '{reason}'; // {mark} github-pat-classic it is {reason} and dead\n"),
    );
    put(
        "conf/db.yml",
        format!("url: postgres://app:{url}@db.example.com/app\npassword: {weak}\n"),
    );
    put("keys/id.pem", pem);
    put(&format!("backup/{named}.txt"), format!("t = '{named}'\n"));
    put(
        "keys/sa.json",
        format!("{{\"private_key\": \"{escaped}\", \"client_secret\": \"{json}\"}}\n"),
    );
    put(
        "dist/long.js",
        format!(
            "var a=\"{}\";var k=\"{long}\";var b=\"{}\";\n",
            "x1y2".repeat(900),
            "z3 ".repeat(900)
        ),
    );
    let utf16 = format!("\u{feff}token = {wide}\r\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<_>>();
    tree.bytes("win/app.ini", &utf16);
    put(
        "tests/t.py",
        format!("TOKEN = '{test}'\n# was {commented}\nJWT = '{jwt}'\n"),
    );
    (tree, p)
}

#[test]
fn no_format_shows_a_secret() {
    let (tree, planted) = planted_tree();
    for format in formats() {
        for more in [
            &[][..],
            &[
                "--pedantic",
                "--confidence",
                "low",
                "--show-suppressed",
                "--show-skipped",
            ],
        ] {
            let run = tree.keyward(&[&["scan", ".", "--format", format], more].concat());
            assert_eq!(run.code, 1, "{}", run.stderr);
            assert!(
                run.stdout.contains("db.yml"),
                "the planted values are found: {}",
                run.stdout
            );
            planted.assert_hidden(&run, format);
        }
    }
}

#[test]
fn neither_does_the_index_nor_standard_input_nor_a_baseline() {
    let (tree, planted) = planted_tree();
    tree.git(&["add", "-A"]);
    planted.assert_hidden(&tree.keyward(&["scan", "--staged"]), "staged");
    let mut command = keyward(tree.path());
    command
        .args(["scan", "-", "--stdin-path", "src/a.js"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("keyward starts");
    let text = std::fs::read(tree.path().join("src/a.js")).expect("it was written");
    child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(&text)
        .expect("it reads");
    let run = Run::of(child.wait_with_output().expect("it ends"));
    assert_eq!(run.code, 1, "{}", run.stderr);
    planted.assert_hidden(&run, "stdin");
    planted.assert_hidden(&tree.keyward(&["baseline", "write"]), "baseline write");
    let baseline =
        std::fs::read_to_string(tree.path().join(".keyward-baseline")).expect("it was written");
    planted.assert_hidden(
        &Run {
            code: 0,
            stdout: baseline,
            stderr: String::new(),
        },
        "the baseline",
    );
}

#[test]
fn neither_do_errors() {
    let mut planted = Planted::new();
    let tree = Tree::new();
    let value = planted.value("ghp_<<an36>>");
    for text in [
        format!(
            "[[check]]\nid = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfix = \"x\"\n\n[[rule]]\ncheck = \"x\"\nseverity = \"high\"\npattern = '{value}[('\n"
        ),
        format!(
            "[[check]]\nid = \"x\"\ntitle = \"x\"\nwhy = \"x\"\nfix = \"x\"\n\n[[rule]]\ncheck = \"x\"\nseverity = \"high\"\npattern = '{value}\n"
        ),
        format!("[scan]\nconfidence = \"{value}\"\n"),
        format!("[scan]\nexclude = [\"{value}[\"]\n"),
        format!("token = \"{value}\"\n"),
    ] {
        tree.bytes("keyward.toml", text.as_bytes());
        let run = tree.keyward(&["scan", "."]);
        assert_eq!(run.code, 2, "{text}{}", run.stdout);
        planted.assert_hidden(&run, "an error");
    }
}

#[test]
fn only_show_secrets_shows_them() {
    let (tree, planted) = planted_tree();
    let run = tree.keyward(&["scan", ".", "--show-secrets"]);
    assert!(run.stdout.contains(&planted.values[0]), "{}", run.stdout);
}

#[test]
fn a_check_that_is_off_still_hides_what_it_knows() {
    let mut planted = Planted::new();
    let tree = Tree::new();
    let token = planted.value("ghp_<<an36>>");
    let other = planted.value("Zq7<<an20>>");
    let line = format!("f('{token}'); const password = '{other}';\n");
    tree.bytes("src/a.js", line.as_bytes());
    tree.bytes(&format!("src/{token}.js"), line.as_bytes());
    for args in [
        &["--skip", "github-pat-classic"][..],
        &["--only", "postgres-connection-uri,password-hash"],
        &["--skip", "hardcoded-credential"],
    ] {
        let run = tree.keyward(&[&["scan", "."], args].concat());
        planted.assert_hidden(&run, &args.join(" "));
        assert_eq!(
            run.stdout.contains("[github-pat-classic]"),
            args[1] == "hardcoded-credential"
        );
        assert_eq!(
            run.stdout.contains("[hardcoded-credential]"),
            args[1] == "github-pat-classic"
        );
    }
}

#[test]
fn what_is_said_of_a_file_hides_the_tokens_in_its_names() {
    let mut planted = Planted::new();
    let holds = "API_SECRET=<<an24>>\n";
    let [name, folder, ignored] =
        std::array::from_fn(|_| planted.value(concat!("gl", "pat-<<an20>>")));
    let tree = Tree::repository();
    tree.file(&format!("a/{name}.env"), holds);
    tree.file(&format!("{folder}/.gitignore"), "!.env\n");
    tree.file(&format!("{folder}/.env"), holds);
    tree.file("c/.gitignore", &format!(".env # {ignored}\n"));
    tree.file("c/.env", holds);
    tree.file("package.json", "{}\n");
    tree.file("Dockerfile", "FROM node:22\nCOPY . .\n");
    for format in formats() {
        let run = tree.keyward(&["scan", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        assert!(run.stdout.contains("env-file-not-ignored"), "{format}");
        planted.assert_hidden(&run, format);
    }
}

#[test]
fn no_value_of_a_secret_manifest_is_shown_beside_another() {
    let tree = Tree::new();
    let other = expand("<<b64:kT8vQz3RwX6mNb1L>>");
    let text = r#"{"apiVersion":"v1","kind":"Secret","data":{"password":"<<b64:Rj4vTq81zWm9>>","x.conf":"OTHER"}}"#;
    tree.file("s.yml", &expand(text).replace("OTHER", &other));
    let run = tree.keyward(&["scan", "--no-history", "."]);
    assert!(run.stdout.contains("s.yml:1:"), "{}", run.stdout);
    assert!(!run.stdout.contains(&other), "{}", run.stdout);
}

/// A habit is shown on its line, and what else stands there may be a secret that no rule has a word for.
#[test]
fn a_line_shown_for_a_habit_shows_no_random_value() {
    let tree = Tree::new();
    let values: Vec<String> = ["<<an24>>", "<<hex40>>", "<<b64u32>>"].map(expand).into();
    for (i, value) in values.iter().enumerate() {
        tree.file(
            &format!("src/a{i}.js"),
            &format!("console.log(\"token\", accessToken, \"{value}\");\n"),
        );
    }
    let run = tree.keyward(&["scan", "--pedantic", "--format", "json", "."]);
    assert!(run.stdout.contains("secret-in-log"), "{}", run.stdout);
    for value in values {
        assert!(!run.stdout.contains(&value[4..]), "{}", run.stdout);
    }
    let shown = tree.keyward(&["scan", "--pedantic", "--show-secrets", "."]);
    assert!(!shown.stdout.contains("••"), "{}", shown.stdout);
}
