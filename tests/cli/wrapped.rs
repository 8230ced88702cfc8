//! Secrets inside of encodings: found, told with what they are wrapped in, and not shown.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use serde_json::Value;

use crate::tree::{Run, Tree, expand};

/// A credential; another one for each number.
fn token(number: usize) -> String {
    expand(&format!("{number:04} ghp_<<an36>>"))[5..].to_owned()
}

fn base64(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

fn escaped(text: &str) -> String {
    text.bytes().map(|b| format!("\\u{b:04x}")).collect()
}

fn json(tree: &Tree, args: &[&str]) -> Run {
    tree.keyward(&[&["scan", "--format", "json"], args].concat())
}

/// `id path:line:column inside` of every place, sorted.
fn told(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().expect("findings");
    let places = findings.iter().flat_map(|f| {
        let places = f["places"].as_array().expect("places").iter();
        places.map(move |p| (f["id"].clone(), p.clone()))
    });
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut told: Vec<String> = places
        .map(|(id, p)| {
            let at = format!("{}:{}:{}", word(&p["path"]), p["line"], p["column"]);
            format!("{} {at} {}", word(&id), word(&p["inside"]))
        })
        .collect();
    told.sort();
    told
}

/// Holds that no eight characters of a value behind the four that a mask may show are in the report.
fn assert_hidden(run: &Run, value: &str) {
    let body: Vec<char> = value.chars().skip(4).collect();
    for part in body.windows(8).map(String::from_iter) {
        assert!(!run.stdout.contains(&part), "{part} in {}", run.stdout);
    }
}

/// What is wrapped in what: the name of the file, the line, the words that tell it.
fn forms(t: impl Fn() -> String) -> Vec<(&'static str, String, &'static str)> {
    let hex = HEXLOWER.encode(t().as_bytes());
    vec![
        ("base64.txt", base64(&t()), "base64"),
        (
            "base64url.txt",
            BASE64URL_NOPAD.encode(format!("~~~?{}", t()).as_bytes()),
            "base64",
        ),
        ("hex.txt", hex.clone(), "hex"),
        (
            "percent.txt",
            format!("/?t={}&a=1", t().replace('_', "%5f")),
            "percent-encoding",
        ),
        (
            "escapes.json",
            format!("{{\"a\": \"{}\"}}", escaped(&t())),
            "escape sequences",
        ),
        ("twice.txt", base64(&base64(&t())), "base64 in base64"),
        ("mixed.txt", base64(&hex), "hex in base64"),
        (
            "form.txt",
            format!("a=1&b%3D{}", base64(&t()).replace('=', "%3D")),
            "base64 in percent-encoding",
        ),
    ]
}

#[test]
fn a_secret_is_found_in_every_encoding_and_says_in_which() {
    for (name, line, inside) in forms(|| token(1)) {
        let tree = Tree::new();
        tree.bytes(name, format!("x = {line}\n").as_bytes());
        let run = json(&tree, &["."]);
        assert_eq!(run.code, 1, "{name}: {}", run.stdout);
        let report = run.json();
        let findings = report["findings"].as_array().expect("findings");
        assert_eq!(findings.len(), 1, "{name}: {}", run.stdout);
        assert_eq!(findings[0]["id"], "github-pat-classic", "{name}");
        assert_eq!(findings[0]["details"]["inside"], inside, "{name}");
        assert_eq!(findings[0]["places"][0]["inside"], inside, "{name}");
        assert_hidden(&run, &token(1));
        assert_hidden(&run, &line);
        let run = tree.keyward(&["scan", "."]);
        let said = format!("{name}:1:");
        assert!(run.stdout.starts_with(&said), "{}", run.stdout);
        assert!(
            run.stdout
                .contains(&format!("(inside {inside}) [github-pat-classic]")),
            "{}",
            run.stdout
        );
        assert_hidden(&run, &token(1));
        assert_hidden(&run, &line);
    }
}

#[test]
fn one_value_is_one_finding_however_it_is_written() {
    let tree = Tree::new();
    tree.bytes("a.txt", format!("{}\n", token(1)).as_bytes());
    for (name, line, _) in forms(|| token(1)) {
        tree.bytes(name, format!("{line}\n").as_bytes());
    }
    let run = json(&tree, &["."]);
    let report = run.json();
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(told(&run).len(), 9, "{}", run.stdout);
    let run = tree.keyward(&["scan", "."]);
    assert!(
        run.stdout.contains("twice.txt:1 (inside base64 in base64)"),
        "{}",
        run.stdout
    );

    // What is accepted plain is accepted wrapped.
    let print = report["findings"][0]["fingerprint"].as_str().expect("one");
    let allow = format!("[[allow]]\nfingerprints = [\"{print}\"]\nreason = \"revoked\"\n");
    tree.bytes("keyward.toml", allow.as_bytes());
    assert_eq!(json(&tree, &["."]).code, 0);
}

#[test]
fn each_secret_of_a_wrapped_text_is_told_where_it_stands() {
    let tree = Tree::new();
    let text = format!(
        "host = db.internal\nfirst = {}\nsecond = {}\n",
        token(1),
        token(2)
    );
    let lines = base64(&text.repeat(2));
    let lines: Vec<&str> = lines
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    tree.bytes("one.txt", format!("{}\n", base64(&text)).as_bytes());
    tree.bytes("lines.txt", lines.join("\n").as_bytes());
    let run = json(&tree, &["."]);
    let at = |text: &str| format!("github-pat-classic {text} base64");
    // Three bytes are four signs, 57 a line; the first token begins at byte 27, the second at 77, and 118 further on again.
    assert_eq!(
        told(&run),
        [
            "lines.txt:1:37",
            "lines.txt:2:27",
            "lines.txt:3:42",
            "lines.txt:4:33",
            "one.txt:1:103",
            "one.txt:1:37"
        ]
        .map(at),
        "{}",
        run.stdout
    );
    assert_hidden(&run, &token(1));
}

#[test]
fn a_name_and_a_value_are_read_in_what_is_wrapped() {
    let tree = Tree::new();
    let config = expand(r#"{"db":{"host":"db1","password":"<<an24>>"}}"#);
    tree.bytes("a.txt", format!("CONFIG={}\n", base64(&config)).as_bytes());
    let run = json(&tree, &["."]);
    assert_eq!(
        told(&run),
        ["hardcoded-credential a.txt:1:50 base64"],
        "{}",
        run.stdout
    );
    let uri = expand("postgres://bob:<<an20>>@db.internal.net/app");
    let tree = Tree::new();
    tree.bytes(
        "a.txt",
        format!(
            "a={}\n",
            uri.replace(':', "%3A")
                .replace('/', "%2F")
                .replace('@', "%40")
        )
        .as_bytes(),
    );
    assert_eq!(
        told(&json(&tree, &["."])),
        ["postgres-connection-uri a.txt:1:26 percent-encoding"]
    );
}

#[test]
fn what_is_known_as_it_stands_is_told_once_and_what_is_public_not_at_all() {
    let tree = Tree::new();
    let manifest = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  token: ";
    tree.bytes(
        "secret.yaml",
        format!("{manifest}{}\n", base64(&token(1))).as_bytes(),
    );
    let payload =
        BASE64URL_NOPAD.encode(format!("{{\"sub\":\"a\",\"t\":\"{}\"}}", token(2)).as_bytes());
    let head = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    tree.bytes(
        "jwt.txt",
        format!(
            "{head}.{payload}.{}\n",
            BASE64URL_NOPAD.encode(&[7, 200, 33, 90].repeat(8))
        )
        .as_bytes(),
    );
    tree.file(
        "key.txt",
        &format!("{}\n", base64(&expand("<<pem:PRIVATE KEY>>"))),
    );
    tree.file(
        "cert.txt",
        &format!(
            "{}\n<<pem:CERTIFICATE>>\n",
            base64(&expand("<<pem:CERTIFICATE>>"))
        ),
    );
    tree.file("lock.json", r#"{"integrity": "sha512-<<b64u86>>=="}"#);
    let map = base64(&format!(
        "{{\"version\":3,\"sources\":[\"a.js\"],\"mappings\":\"{}\"}}",
        "AAAA,CAAC;".repeat(90)
    ));
    tree.bytes(
        "a.js",
        format!("f();\n//# sourceMappingURL=data:application/json;base64,{map}\n").as_bytes(),
    );
    let run = json(&tree, &[".", "--pedantic", "--confidence", "low"]);
    let told = told(&run);
    let ids: Vec<&str> = told
        .iter()
        .map(|line| line.split(' ').next().unwrap_or_default())
        .collect();
    assert_eq!(
        ids,
        [
            "base64-pem-private-key",
            "github-pat-classic",
            "jwt-committed"
        ],
        "{told:?}"
    );
}

#[test]
fn what_is_wrapped_deeper_than_twice_or_goes_on_for_long_is_left() {
    let tree = Tree::new();
    tree.bytes("deep.txt", base64(&base64(&base64(&token(1)))).as_bytes());
    tree.bytes(
        "long.txt",
        base64(&format!("{}{}", "a word or two ".repeat(4_000), token(1))).as_bytes(),
    );
    assert_eq!(json(&tree, &["."]).code, 0);
}

#[test]
fn marks_the_index_ranges_and_the_history_know_of_it() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    let commit = |message: &str| {
        tree.git(&["add", "--all"]);
        tree.git(&["commit", "-q", "-m", message]);
    };
    commit("begin");
    tree.bytes(
        "a.txt",
        format!("a = 1\nt = {}\n", base64(&token(1))).as_bytes(),
    );
    tree.git(&["add", "--all"]);
    let want = ["github-pat-classic a.txt:2:5 base64"];
    assert_eq!(told(&json(&tree, &["--staged"])), want);
    commit("leak");
    assert_eq!(
        told(&json(
            &tree,
            &["--since", "HEAD~1", "--only", "github-pat-classic"]
        )),
        want
    );
    tree.file("a.txt", "a = 1\n");
    commit("mend");
    for engine in ["plain", "deltas"] {
        let run = json(
            &tree,
            &["--history-engine", engine, "--only", "github-pat-classic"],
        );
        assert_eq!(told(&run), want, "{engine}");
        assert_hidden(&run, &token(1));
    }
    // Put together here, because in this file it would be a mark of no use.
    let mark = concat!("keyward", ":allow github-pat-classic revoked");
    let tree = Tree::new();
    tree.bytes(
        "a.txt",
        format!("t = {} # {mark}\n", base64(&token(1))).as_bytes(),
    );
    assert_eq!(json(&tree, &["."]).code, 0);
}
