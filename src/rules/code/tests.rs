//! Rules on programs, held against JavaScript.

mod follow;
mod sound;
mod wake;

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
        beginning: text.as_bytes(),
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
fn the_fault_stands_where_the_condition_that_holds_says() {
    let rule = r#"on = "call"
callee = ["fun"]
any = [{ at = "0.a", is = ["literal"] }, { at = "0.b", is = ["literal"] }]
show = "any"
secret = false"#;
    assert_eq!(shown(rule, "fun({ a: x, b: 'v2' })"), ["v2"]);
    assert_eq!(shown(rule, "fun({ a: 'v1', b: 'v2' })"), ["v1"]);
}

#[test]
fn where_a_result_goes_and_what_made_a_name() {
    let to = r#"on = "call"
callee = ["make"]
all = [{ at = "given", name = ["password"] }]"#;
    table(
        to,
        &[
            ("const password = make(8)", true),
            ("user.password = await make(8)", true),
            ("const colour = make(8)", false),
            ("make(password)", false),
        ],
    );
    let around = r#"on = "call"
callee = ["decode"]
none = [{ at = "around", text = 'verify\(' }]"#;
    table(
        around,
        &[
            (
                "function f() { decode(t) } function g() { verify(t) }",
                true,
            ),
            ("function f() { verify(t); decode(t) }", false),
        ],
    );
    let made = r#"on = "call"
callee = ["crypto.createSign.sign"]
all = [{ at = "0", is = ["literal"] }]"#;
    table(
        made,
        &[
            ("const s = crypto.createSign('a'); s.sign('v1')", true),
            (
                "import { createSign as c } from 'node:crypto'; const s = c('a'); s.sign('v1')",
                true,
            ),
            (
                "let s = other(); if (a) s = crypto.createSign('a'); s.sign('v1')",
                false,
            ),
            ("s.sign('v1')", false),
        ],
    );
}

#[test]
fn a_read_that_only_decides_is_a_flag() {
    let rule = r#"on = "read"
all = [{ at = "name", name = ["secret"] }]
none = [{ at = "target", is = ["flag"] }]"#;
    table(
        rule,
        &[
            ("const a = process.env.JWT_SECRET", true),
            ("const a = b ? process.env.JWT_SECRET : c", true),
            ("if (verify(process.env.JWT_SECRET)) go()", true),
            ("if (process.env.JWT_SECRET) go()", false),
            ("const a = process.env.JWT_SECRET ? 1 : 2", false),
            ("const a = b && process.env.JWT_SECRET && c", false),
            ("const a = process.env.JWT_SECRET === b", false),
        ],
    );
}

#[test]
fn a_name_that_is_about_a_secret_can_be_asked_for() {
    let rule = r#"on = "call"
callee = ["fun"]
all = [{ at = "0", name = ["meta"] }]"#;
    table(
        rule,
        &[("fun('token_count')", true), ("fun('token')", false)],
    );
}

#[test]
fn every_place_is_looked_at() {
    let call = |at: &str, text: &str| {
        let rule = format!(
            "on = \"call\"\ncallee = [\"fun\", \"*.fun\", \"new x.fun\"]\nall = [{{ at = \"{at}\", text = \"^v1$\" }}]\nshow = \"{at}\"\nsecret = false"
        );
        shown(&rule, text)
    };
    assert_eq!(call("0", "fun('v1', 2)"), ["v1"]);
    assert_eq!(call("0", "fun(2, 'v1')"), [""; 0]);
    assert_eq!(call("1", "fun(2, 'v1')"), ["v1"]);
    assert_eq!(call("*", "fun(2, 'v1')"), ["v1"]);
    assert_eq!(call("1.a.b", "fun(2, { a: { b: 'v1' } })"), ["v1"]);
    assert_eq!(call("1.a.b", "fun(2, { b: 'v1' })"), [""; 0]);
    assert_eq!(call("*.a", "fun(2, { a: 'v1' })"), ["v1"]);
    assert_eq!(call("0.*", "fun({ a: 1, b: 'v1' })"), ["v1"]);
    assert_eq!(call("0.*", "fun(['v2', 'v1'])"), ["v1"]);
    assert_eq!(call("0.a", "const o = { a: 'v1' }; fun(o)"), ["v1"]);
    assert_eq!(call("0.a", "const o = { a: 'v1' }; fun({ ...o })"), ["v1"]);
    assert_eq!(call("0", "const o = 'v1'; fun(o)"), ["o"]);
    assert_eq!(call("@a", "x = <x.fun a='v1' />"), ["v1"]);
    assert_eq!(call("on", "'v1'.fun()"), ["v1"]);
    let binding = |at: &str, show: &str, text: &str| {
        let rule = format!(
            "on = \"binding\"\ncallee = [\"a.bcd\"]\nall = [{{ at = \"{at}\", text = '^(v1|a.bcd)$' }}]\nshow = \"{show}\"\nsecret = false"
        );
        shown(&rule, text)
    };
    assert_eq!(binding("value", "value", "a.bcd = 'v1'"), ["v1"]);
    assert_eq!(binding("target", "target", "a.bcd = 'v2'"), ["a.bcd"]);
    assert_eq!(binding("value", "target", "b.bcd = 'v1'"), [""; 0]);
    let read = |at: &str, text: &str| {
        let rule = format!(
            "on = \"read\"\nall = [{{ at = \"{at}\", text = '^(v1|PORT)$' }}]\nshow = \"{at}\"\nsecret = false"
        );
        shown(&rule, text)
    };
    assert_eq!(read("name", "x = process.env.PORT"), ["PORT"]);
    assert_eq!(read("name", "x = process.env.HOST"), [""; 0]);
    assert_eq!(read("fallback", "x = process.env.HOST || 'v1'"), ["v1"]);
    assert_eq!(read("fallback", "x = process.env.HOST || 'v2'"), [""; 0]);
}

/// A rule on `f` that demands `condition` of its first argument.
fn first(condition: &str) -> String {
    format!("on = \"call\"\ncallee = [\"fun\"]\nall = [{{ at = \"0\", {condition} }}]")
}

#[test]
fn a_handler_is_judged_as_a_whole() {
    let lines = r#"on = "call"
callee = ["jwt.sign"]
all = [{ at = "route", text = "refresh" }, { at = "handler", calls = ["jwt.verify", "verify*"] }]
none = [{ at = "before", is = ["present"] }, { at = "handler", text = "rotate" }]
hit = ["x"]
miss = ["x"]"#;
    let handler =
        |before: &str, body: &str| format!("app.post('/refresh', {before}(q, s) => {{ {body} }})");
    table(
        lines,
        &[
            (&handler("", "s.send(jwt.sign(jwt.verify(q.t)))"), true),
            (
                &handler("", "[1].map(() => jwt.sign(verifyToken(q)))"),
                true,
            ),
            (&handler("", "s.send(jwt.sign(q.t)); // jwt.verify("), false),
            (
                &handler("limit, ", "s.send(jwt.sign(jwt.verify(q.t)))"),
                false,
            ),
            (
                &handler("", "rotate(q); s.send(jwt.sign(jwt.verify(q.t)))"),
                false,
            ),
            (
                "app.post('/login', (q, s) => s.send(jwt.sign(jwt.verify(q.t))))",
                false,
            ),
            ("const refresh = (q) => jwt.sign(jwt.verify(q.t))", false),
        ],
    );
    let shows = format!("{lines}\nshow = \"route\"\nsecret = false");
    let text = handler("", "s.send(jwt.sign(jwt.verify(q.t)), jwt.sign(q))");
    assert_eq!(shown(&shows, &text), ["/refresh"]);
}

#[test]
fn the_route_of_a_file_is_where_it_lies() {
    let set = rules(
        r#"on = "call"
callee = ["jwt.sign"]
all = [{ at = "route", text = "/token/" }]
hit = ["x"]
miss = ["x"]"#,
    );
    let text = "export async function POST(req) { return jwt.sign(await req.json()) }";
    assert_eq!(read(&set, "app/api/token/route.ts", text).len(), 1);
    assert!(read(&set, "app/api/tokens/route.ts", text).is_empty());
    assert!(read(&set, "lib/token/sign.ts", text).is_empty());
}

#[test]
fn what_is_given_has_a_name() {
    let lines = r#"on = "call"
callee = ["sign"]
all = [{ at = "given", text = "refresh" }]
hit = ["x"]
miss = ["x"]"#;
    table(
        lines,
        &[
            ("const refresh = sign(a)", true),
            ("const refresh = await sign(a)", true),
            ("send({ refresh: sign(a) })", true),
            ("const x = { refresh: sign(a) }", true),
            ("function refresh() { return sign(a) }", true),
            (
                "const refresh = () => { return { a: 1, b: [sign(a)] } }",
                true,
            ),
            ("const access = sign(a); const refresh = 1", false),
            ("const f = () => sign(a)", false),
            ("sign(refresh)", false),
        ],
    );
}

#[test]
fn evidence_is_about_a_variable() {
    let lines = r#"on = "call"
callee = ["sign"]
any = [{ at = "0", reads = true }, { at = "1.key", reads = true }]
evidence = true
hit = ["x"]
miss = ["x"]"#;
    let set = rules(lines);
    let of = |text: &str| {
        let seen = read(&set, "src/a.js", text).into_iter().next()?;
        Some((seen.key?, seen.evidence?.guarded))
    };
    let is = |name: &str, guarded| Some((name.to_owned(), guarded));
    assert_eq!(of("sign(process.env.JWT_SECRET)"), is("JWT_SECRET", false));
    assert_eq!(
        of("const k = process.env.JWT_SECRET; sign(k)"),
        is("JWT_SECRET", false)
    );
    assert_eq!(
        of("const k = process.env.JWT_SECRET; if (!k) throw 1; sign(k)"),
        is("JWT_SECRET", true)
    );
    assert_eq!(of("sign(`${process.env.API_KEY}`)"), is("API_KEY", false));
    assert_eq!(
        of("sign(p, { key: process.env['API_KEY'] })"),
        is("API_KEY", false)
    );
    assert_eq!(
        of("const { API_KEY } = process.env; sign(API_KEY)"),
        is("API_KEY", false)
    );
    for text in [
        "sign(process.env.JWT_SECRET || 'x')",
        "sign(process.env.NODE_ENV)",
        "sign(JWT_SECRET)",
        "sign(p, process.env.JWT_SECRET)",
        "sign(`a${process.env.JWT_SECRET}`)",
    ] {
        assert_eq!(of(text), None, "{text}");
    }
}

#[test]
fn what_kind_of_thing_it_is() {
    for (kind, hit, miss) in [
        ("absent", "fun()", "fun(1)"),
        ("present", "fun(1)", "fun()"),
        ("literal", "fun('a')", "fun(a)"),
        ("literal", "const a = 'b'; fun(a)", "fun(`${a}`)"),
        ("literal", "fun(Buffer.from('a'))", "fun(Buffer.alloc(3))"),
        (
            "literal",
            "fun(new TextEncoder().encode('a'))",
            "fun(g('a'))",
        ),
        ("true", "fun(true)", "fun(false)"),
        ("false", "fun(false)", "fun(true)"),
        ("null", "fun(null)", "fun(0)"),
        ("number", "fun(60 * 60)", "fun(a * 60)"),
        ("object", "fun({})", "fun([])"),
        ("list", "fun([])", "fun({})"),
        ("function", "fun(() => 1)", "fun(1)"),
        ("call", "fun(g())", "fun(Buffer.from('a'))"),
        ("unknown", "fun(a)", "const a = 1; fun(a)"),
    ] {
        let rule = first(&format!("is = [\"{kind}\"]"));
        table(&rule, &[(hit, true), (miss, false)]);
    }
}

#[test]
fn a_member_that_may_be_there_is_not_absent() {
    let rule = |kind: &str| {
        format!("on = \"call\"\ncallee = [\"fun\"]\nall = [{{ at = \"1.a\", is = [\"{kind}\"] }}]")
    };
    let texts = [
        "fun(x)",
        "fun(x, {})",
        "fun(x, { a: 1 })",
        "fun(x, { a: undefined })",
        "fun(x, o)",
        "fun(x, { ...o })",
    ];
    for (kind, wanted) in [
        ("absent", [true, true, false, true, false, false]),
        ("present", [false, false, true, false, true, true]),
        ("unknown", [false, false, false, false, true, true]),
    ] {
        let texts: Vec<_> = texts.iter().copied().zip(wanted).collect();
        table(&rule(kind), &texts);
    }
    let any = "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"*.a\", is = [\"absent\"] }]";
    table(
        any,
        &[
            ("fun('n', token)", true),
            ("fun('n', token, options)", false),
        ],
    );
}

#[test]
fn every_condition_is_asked() {
    for (condition, hit, miss) in [
        ("name = [\"token\"]", "fun('token')", "fun('theme')"),
        (
            "name = [\"token\"]",
            "fun(a.accessToken)",
            "fun(accessToken.a)",
        ),
        (
            "name = [\"token\"]",
            "const a = req.token; fun(a)",
            "const a = req.b; fun(a) // token",
        ),
        ("text = '^a+$'", "fun('aa')", "fun('ab')"),
        ("text = '=$'", "fun(`a=`)", "fun(`a`)"),
        ("value = [\"boolean\"]", "fun('true')", "fun('abc def')"),
        ("over = \"30d\"", "fun('1y')", "fun('30d')"),
        ("over = \"3600\"", "fun(60 * 61)", "fun(3600)"),
        ("under = \"15m\"", "fun('60')", "fun(60 * 60)"),
        ("bytes_under = 3", "fun('ab')", "fun('abc')"),
        (
            "callee = [\"Math.random\"]",
            "fun(Math.random())",
            "fun(Math.round())",
        ),
        (
            "callee = [\"Math.random\"]",
            "const a = Math.random(); fun(a)",
            "fun(Math.random)",
        ),
        (
            "mentions = true",
            "fun({ a: g(process.env.JWT_SECRET) })",
            "fun({ a: g(process.env.PORT) }) // token",
        ),
        (
            "mentions = true",
            "fun(x => user.password)",
            "fun('the password', 1); password",
        ),
        ("is = [\"literal\"], text = 'a'", "fun('a')", "fun(a)"),
    ] {
        table(&first(condition), &[(hit, true), (miss, false)]);
    }
}

#[test]
fn conditions_are_joined() {
    let rule = "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\", text = 'a' }]\nany = [{ at = \"0\", text = 'b' }, { at = \"0\", text = 'c' }]\nnone = [{ at = \"0\", text = 'd' }]";
    table(
        rule,
        &[
            ("fun('a')", false),
            ("fun('b')", false),
            ("fun('ab')", true),
            ("fun('ac')", true),
            ("fun('acd')", false),
        ],
    );
}

#[test]
fn what_is_called_goes_by_its_module_too() {
    let rule = "on = \"call\"\ncallee = [\"jsonwebtoken.sign\"]";
    table(
        rule,
        &[
            ("import j from 'jsonwebtoken'; j.sign()", true),
            ("import * as j from 'jsonwebtoken'; j.sign()", true),
            ("import { sign } from 'jsonwebtoken'; sign()", true),
            ("import { sign as s } from 'jsonwebtoken'; s()", true),
            ("const j = require('jsonwebtoken'); j.sign()", true),
            (
                "import { default as j } from 'jsonwebtoken'; j.sign()",
                true,
            ),
            ("const { sign: s } = require('jsonwebtoken'); s()", true),
            (
                "const { sign: s } = await import('jsonwebtoken'); s()",
                true,
            ),
            ("import s from 'jsonwebtoken/sign'; s()", true),
            (
                "const j = require('jsonwebtoken'); const { sign } = j; sign()",
                true,
            ),
            ("import s from 'jose/sign'; s()", false),
            ("const { sign: s } = require('jose'); s()", false),
            ("import j from 'jose'; j.sign()", false),
            ("import type j from 'jsonwebtoken'; j.sign()", false),
            ("j.sign()", false),
        ],
    );
    let rule = "on = \"call\"\ncallee = [\"new Stripe\"]\nimports = [\"stripe\", \"node-*\"]";
    table(
        rule,
        &[
            ("import Stripe from 'stripe'; new Stripe()", true),
            ("import 'node-x'; new Stripe()", true),
            ("import Stripe from 'stripe'; Stripe()", false),
            ("import x from 'other'; new Stripe() // stripe", false),
        ],
    );
    table(
        "on = \"call\"\ncallee = [\"*.sign\"]\nimports = [\"!jose*\"]",
        &[
            ("j.sign()", true),
            ("import j from 'jsonwebtoken'; j.sign()", true),
            ("import j from 'jose'; j.sign()", false),
            (
                "import j from 'jsonwebtoken'; import 'jose/x'; j.sign()",
                false,
            ),
        ],
    );
    let chain = "on = \"call\"\ncallee = [\"new SignJWT.*.sign\"]";
    table(
        chain,
        &[
            ("new SignJWT(a).setIssuedAt().sign(k)", true),
            ("new SignJWT(a).sign(k)", false),
        ],
    );
    table(
        "on = \"call\"\ncallee = [\"console.{log,info}\"]",
        &[("console.info(1)", true), ("console.warn(1)", false)],
    );
    table(
        "on = \"call\"\ncallee = [\"*.set*\"]",
        &[("a.setItem(1)", true), ("a.getItem(1)", false)],
    );
}

#[test]
fn a_literal_that_is_shown_is_hidden() {
    let lines = "on = \"call\"\ncallee = [\"jwt.sign\"]\nall = [{ at = \"1\", is = [\"literal\"] }]\nshow = \"1\"";
    for text in [
        "jwt.sign(a, 'v1')",
        "const k = 'v1';\njwt.sign(a, k)",
        "jwt.sign(a, Buffer.from('v1'))",
    ] {
        let hits = read(&rules(lines), "src/a.js", text);
        let [hit] = &hits[..] else {
            panic!("{text}: {hits:?}")
        };
        assert_eq!(&text[hit.span.range()], "v1", "{text}");
        assert_eq!(hit.hidden, [hit.span], "{text}");
        assert_eq!(hit.secret.as_ref().map(|s| s.expose()), Some(&b"v1"[..]));
    }
    let habit = format!("{lines}\nsecret = false");
    let hits = read(&rules(&habit), "src/a.js", "jwt.sign(a, 'v1')");
    assert!(hits[0].hidden.is_empty() && hits[0].secret.is_none());
    assert_eq!(
        shown("on = \"call\"\ncallee = [\"jwt.sign\"]", "x = jwt.sign(a)"),
        ["jwt.sign"]
    );
    assert_eq!(
        shown(
            "on = \"call\"\ncallee = [\"jwt.sign\"]\nshow = \"0\"",
            "x = jwt.sign(a)"
        ),
        ["a"]
    );
}
