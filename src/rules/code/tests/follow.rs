//! What names were given, and what expressions yield.

use super::{read, rules, table};
use crate::rules::Ruleset;

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

/// A rule on the call of `f`, with a literal as its argument.
const LITERAL: &str = r#"on = "call"
callee = ["fun"]
all = [{ at = "0", is = ["literal"] }]"#;

#[test]
fn a_parameter_is_what_the_caller_gives() {
    table(
        LITERAL,
        &[
            ("const key = 'v1'; function g() { fun(key) }", true),
            ("const key = 'v1'; function g(key) { fun(key) }", false),
            (
                "const key = 'v1'; const g = ({ key }) => () => fun(key)",
                false,
            ),
            ("const g = (key = 'v1') => fun(key)", false),
            ("function g(key) { key = 'v1'; fun(key) }", true),
            ("function g(key) { if (!key) key = 'v1'; fun(key) }", false),
            ("function g(key) { const own = 'v1'; fun(own) }", true),
        ],
    );
    let open = r#"on = "call"
callee = ["fun"]
all = [{ at = "0.safe", is = ["absent"] }]"#;
    table(
        open,
        &[
            ("const g = (o = {}) => fun(o)", false),
            ("const o = {}; fun(o)", true),
        ],
    );
}

#[test]
fn a_name_has_no_single_value_where_branches_give_others() {
    table(
        LITERAL,
        &[
            ("let k = 'v1'; fun(k)", true),
            ("let k; if (a) k = 'v1'; else k = b; fun(k)", false),
            ("let k; if (a) { k = b } else { k = 'v1' } fun(k)", false),
            ("let k; try { k = 'v1' } catch { k = b } fun(k)", false),
            (
                "let k; switch (a) { case 1: k = b; break; default: k = 'v1' } fun(k)",
                false,
            ),
            ("let k; for (const a of b) { k = 'v1'; fun(k) }", true),
            ("let k; if (a) { k = 'v1'; fun(k) }", true),
            ("const k = f(); if (a) { const k = 'v1' } fun(k)", false),
            ("const k = 'v1'; if (a) { const k = f() } fun(k)", true),
            (
                "let k = 'v1'; const set = (x) => { k = x }; const g = () => fun(k)",
                false,
            ),
            ("let k = 'v1'; const g = () => fun(k)", true),
            ("const g = () => fun(K); const K = 'v1';", true),
        ],
    );
    let yields = r#"on = "call"
callee = ["console.log"]
all = [{ at = "0", yields = ["token"] }]"#;
    table(
        yields,
        &[
            ("let x; if (a) x = token; else x = b; console.log(x)", true),
            ("let x; if (a) x = c; else x = b; console.log(x)", false),
            ("const h = { token }; console.log({ ...h })", true),
            (
                "const h = { token }; console.log({ ...h, token: '***' })",
                false,
            ),
            ("const f = (to = urls.token) => console.log({ to })", false),
        ],
    );
}

#[test]
fn members_are_followed() {
    table(
        LITERAL,
        &[
            ("const c = { key: 'v1' }; fun(c.key)", true),
            ("const c = { jwt: { key: 'v1' } }; fun(c.jwt.key)", true),
            (
                "const c = { key: 'v1' }; function g(c) { fun(c.key) }",
                false,
            ),
            ("const c = { key: 'v1', ...more }; fun(c.key)", false),
            ("const c = { key: 'v1' }; c.key = load(); fun(c.key)", false),
            ("const c = {}; c.key = 'v1'; fun(c.key)", true),
            (
                "class A { constructor() { this.key = 'v1' } go() { fun(this.key) } }",
                true,
            ),
            ("class A { key = 'v1'; go() { fun(this.key) } }", true),
            (
                "class A { key = 'v1'; set(k) { this.key = k } go() { fun(this.key) } }",
                false,
            ),
        ],
    );
    let absent = r#"on = "call"
callee = ["fun"]
all = [{ at = "0.safe", is = ["absent"] }]"#;
    table(
        absent,
        &[
            ("const o = {}; o.safe = true; fun(o)", false),
            ("const o = {}; if (a) o.safe = true; fun(o)", false),
            ("const o = {}; fun(o); o.safe = true", true),
            ("const o = {}; p.safe = true; fun(o)", true),
        ],
    );
    table(
        absent,
        &[
            ("const base = {}; fun({ ...base })", true),
            ("fun({ ...base })", false),
        ],
    );
    let given = r#"on = "call"
callee = ["fun"]
all = [{ at = "0.safe", is = ["false"] }]"#;
    table(
        given,
        &[
            ("const base = { safe: false }; fun({ ...base })", true),
            (
                "const base = { safe: false }; fun({ ...base, ...own })",
                false,
            ),
        ],
    );
    let deep = r#"on = "call"
callee = ["fun"]
all = [{ at = "0.a.safe", is = ["true"] }]"#;
    table(
        deep,
        &[
            ("const o = { a: {} }; o.a.safe = true; fun(o)", true),
            ("const o = {}; o.a = { safe: true }; fun(o)", true),
            ("const o = { a: {} }; o.safe = true; fun(o)", false),
        ],
    );
}

#[test]
fn a_name_of_a_secret_counts_unless_its_value_is_seen_to_be_none() {
    let rule = r#"on = "call"
callee = ["console.log"]
all = [{ at = "0", yields = ["password"] }]"#;
    table(
        rule,
        &[
            ("const password = ask(); console.log(password)", true),
            (
                "let password; if (a) password = ask(); console.log(password)",
                true,
            ),
            ("const password = 'on'; console.log(password)", false),
            (
                "const passwords = Object.keys(given).sort(); console.log(passwords)",
                false,
            ),
            (
                "const password = bcrypt(given); console.log(password)",
                false,
            ),
            (
                "const password = given ? null : '(hidden)'; console.log({ password })",
                false,
            ),
            ("function f(password = '') { console.log(password) }", true),
            ("console.log(password.replace(/./g, '*'))", false),
            (r"console.log(password.replace(/\./g, '*'))", true),
        ],
    );
}
