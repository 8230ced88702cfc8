//! Rules on programs, held against JavaScript.

use std::path::Path;

use crate::classify::Setting;
use crate::model::{Hit, RelPath, Standing};
use crate::rules::{Choice, Document, Loaded, Ruleset};
use crate::text::Syntax;

const CHECK: &str = r#"
[[check]]
id = "tested"
family = "tested"
title = "A check of these tests"
why = "it is looked for"
fix = "nothing"
"#;

/// The built-in rules and one on programs with `lines`.
fn rules(lines: &str) -> Ruleset {
    let text = format!("{CHECK}[[rule]]\ncheck = \"tested\"\nseverity = \"high\"\n{lines}\n");
    let pack = Loaded::parse(Path::new("t.toml"), &text).expect("TOML of a pack");
    let set = Ruleset::load(vec![pack]).expect("rules that load");
    let only = Choice {
        only: vec!["tested".to_owned()],
        ..Choice::default()
    };
    set.choose(&only).expect("a check that exists")
}

fn read(set: &Ruleset, path: &str, text: &str) -> Vec<Hit> {
    let path = RelPath::from(path);
    let hits = set.hits(&Document {
        path: &path,
        syntax: Syntax::of_path(&path),
        text: text.as_bytes(),
        whole: true,
        setting: &Setting::new(&path, Standing::Tracked),
    });
    hits.into_iter()
        .filter(|h| h.check.id == "tested")
        .collect()
}

/// What a rule with `lines` shows of `text`.
fn shown(lines: &str, text: &str) -> Vec<String> {
    let hits = read(&rules(lines), "src/a.js", text);
    hits.iter()
        .map(|hit| text[hit.span.range()].to_owned())
        .collect()
}

/// Holds the rule against each text: does it hit?
#[track_caller]
fn table(lines: &str, texts: &[(&str, bool)]) {
    let set = rules(lines);
    for &(text, wanted) in texts {
        let hits = read(&set, "src/a.js", text);
        assert_eq!(!hits.is_empty(), wanted, "{lines}\n{text}");
    }
}

#[test]
fn what_an_expression_yields() {
    let rule = r#"on = "call"
callee = ["console.log"]
all = [{ at = "*", yields = ["secret", "token", "password", "private-key", "api-key", "credential"] }]"#;
    let hit = |expr: &str| format!("console.log({expr})");
    for expr in [
        "token",
        "user.password",
        "process.env.JWT_SECRET",
        "`got ${token}`",
        "'got ' + token",
        "token || 'none'",
        "x ? token : null",
        "x && token",
        "JSON.stringify({ username, password })",
        "{ username, password }",
        "{ a: token }",
        "{ token: value }",
        "{ ...secrets, password }",
        "[a, token]",
        "String(token)",
        "token.trim()",
        "token.toString('hex')",
        "tokens[0].accessToken",
        "req.headers.get('authorization-token')",
        "localStorage.getItem('access_token')",
        "getAccessToken()",
        "jwt.sign({ id }, key)",
        "await fetchToken(user)",
        "new Error(`bad ${password}`)",
        "token.slice(7)",
        "token.split('.')[1]",
        "Object.assign({}, { password })",
        "user!.password",
    ] {
        assert!(yields(rule, &hit(expr)), "{expr} yields");
    }
    for expr in [
        "'the token is missing'",
        "`Missing secrets: ${missing.join(', ')}`",
        "token.length",
        "!!token",
        "!token",
        "typeof token",
        "token === other",
        "Boolean(token)",
        "mask(token)",
        "redact(user.password)",
        "hash(password)",
        "sha256(token)",
        "crypto.createHash('sha256').update(token).digest('hex')",
        "bcrypt.hashSync(password, 10)",
        "encrypt(secret)",
        "token.slice(0, 4)",
        "token.substring(0, 8)",
        "token.slice(-4)",
        "token.slice(0, 4) + '...'",
        "`token ${token.slice(0, 6)}…`",
        "{ token: '***' }",
        "{ token: !!token }",
        "{ token: mask(token) }",
        "{ password: undefined }",
        "{ hasToken: true, tokenLength }",
        "hasToken",
        "tokenCount",
        "user.email",
        "process.env.NODE_ENV",
        "process.env.NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY",
        "verifyToken(token)",
        "() => token",
        "123",
    ] {
        // A name of a secret stands in the file, so that the rule wakes.
        let text = format!("const apiToken = f();\n{}", hit(expr));
        assert!(!yields(rule, &text), "{expr} yields nothing");
    }
}

fn yields(rule: &str, text: &str) -> bool {
    thread_local! {
        static SET: std::cell::OnceCell<Ruleset> = const { std::cell::OnceCell::new() };
    }
    SET.with(|set| !read(set.get_or_init(|| rules(rule)), "src/a.ts", text).is_empty())
}

#[test]
fn names_are_followed() {
    let rule = r#"on = "call"
callee = ["console.log"]
all = [{ at = "0", yields = ["token"] }]"#;
    table(
        rule,
        &[
            ("const x = token; console.log(x)", true),
            ("const x = { token }; console.log(x)", true),
            ("const x = mask(token); console.log(x)", false),
            (
                "const x = process.env.API_TOKEN; f(() => console.log(x))",
                true,
            ),
            ("const hasToken = token; console.log(hasToken)", false),
            ("let token; let a = b, b = a; console.log(a)", false),
        ],
    );
}
