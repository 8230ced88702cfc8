//! Programs: what is put into a call keeps its style, and what is not surely known is not put in.

use super::{ids, mends, snapshot, text};
use crate::tree::Tree;

fn with(name: &str, code: &str) -> Tree {
    let tree = Tree::repository();
    tree.file(name, code);
    tree
}

/// What becomes of `src/a.js` when all is mended.
fn mended(code: &str) -> String {
    let tree = with("src/a.js", code);
    tree.keyward(&["fix", "--apply"]);
    text(&tree, "src/a.js")
}

#[test]
fn cookies_get_their_flags() {
    for (before, after) in [
        (
            "res.cookie('token', jwt, { path: '/' });\n",
            "res.cookie('token', jwt, { path: '/', httpOnly: true, secure: true, sameSite: 'lax' });\n",
        ),
        (
            "res.cookie(\"token\", jwt);\n",
            "res.cookie(\"token\", jwt, { httpOnly: true, secure: true, sameSite: \"lax\" });\n",
        ),
        (
            "res.cookie('token', jwt, {\r\n\tpath: '/',\r\n\tsecure: false,\r\n});\r\n",
            "res.cookie('token', jwt, {\r\n\tpath: '/',\r\n\tsecure: true,\r\n\thttpOnly: true,\r\n\tsameSite: 'lax',\r\n});\r\n",
        ),
        (
            "res.cookie(\n  'token',\n  jwt\n);\n",
            "res.cookie(\n  'token',\n  jwt,\n  { httpOnly: true, secure: true, sameSite: 'lax' }\n);\n",
        ),
        (
            "app.use(session({ secret: process.env.S, cookie: { httpOnly: false } }));\n",
            "app.use(session({ secret: process.env.S, cookie: { httpOnly: true } }));\n",
        ),
    ] {
        assert_eq!(mended(before), after);
    }
}

#[test]
fn a_flag_that_is_off_is_put_on_in_python() {
    let code =
        "resp.set_cookie('session_token', tok, httponly=False, secure=False, samesite='Lax')\r\n";
    let tree = with("app/a.py", code);
    mends(&tree, "cookie-missing-httponly", &[]);
    mends(&tree, "cookie-missing-secure", &[]);
    assert_eq!(text(&tree, "app/a.py"), code.replace("False", "True"));
    // Not every framework calls it so.
    let code = "resp.set_cookie('session_token', tok, secure=True, samesite='Lax')\n";
    let tree = with("app/a.py", code);
    tree.keyward(&["fix", "--apply", "--unsafe"]);
    assert_eq!(text(&tree, "app/a.py"), code);
}

#[test]
fn each_flag_is_mended_by_itself() {
    for (check, flag) in [
        ("cookie-missing-httponly", "httpOnly: true"),
        ("cookie-missing-secure", "secure: true"),
        ("cookie-missing-samesite", "sameSite: 'lax'"),
    ] {
        let tree = with("web dir/a.ts", "res.cookie('token', jwt, { path: '/' });\n");
        let (shown, _) = mends(&tree, check, &[]);
        let after = format!("res.cookie('token', jwt, {{ path: '/', {flag} }});\n");
        assert!(
            shown.stdout.contains(&format!("\n+{after}")),
            "{}",
            shown.stdout
        );
        assert_eq!(text(&tree, "web dir/a.ts"), after);
    }
}

#[test]
fn what_cannot_be_seen_is_not_changed() {
    for code in [
        "const o = { path: '/' };\nres.cookie('token', jwt, o);\nres.cookie('theme', x, o);\n",
        "res.cookie('token', jwt, { path: '/' /* all */ });\n",
        "res.cookie('token', jwt, {\n  path: '/', // all\n});\n",
    ] {
        let tree = with("src/a.js", code);
        let before = snapshot(tree.path());
        assert!(ids(&tree).contains(&"cookie-missing-httponly".to_owned()));
        let run = tree.keyward(&["fix", "--apply", "--unsafe"]);
        assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    }
}

const SIGN: &str = "const jwt = require('jsonwebtoken');\njwt.sign({ sub }, process.env.JWT_SECRET, { expiresIn: '15m' });\n";
const VERIFY: &str = "const jwt = require('jsonwebtoken');\nconst user = jwt.verify(token, process.env.JWT_SECRET);\n";

#[test]
fn a_verification_names_what_the_tree_signs_with() {
    let tree = with("src/login.js", SIGN);
    tree.file("src/auth.js", VERIFY);
    mends(&tree, "jwt-verify-no-algorithms", &[]);
    let after = VERIFY.replace("JWT_SECRET)", "JWT_SECRET, { algorithms: ['HS256'] })");
    assert_eq!(text(&tree, "src/auth.js"), after);

    let tree = with(
        "src/login.js",
        &SIGN.replace("'15m'", "'15m', algorithm: 'HS512'"),
    );
    tree.file(
        "src/auth.js",
        "const key = process.env.JWT_SECRET;\njwt.verify(token, key, { issuer: 'a' });\njwt.verify(token, key, (e, user) => {});\n",
    );
    mends(&tree, "jwt-verify-no-algorithms", &[]);
    assert_eq!(
        text(&tree, "src/auth.js"),
        "const key = process.env.JWT_SECRET;\njwt.verify(token, key, { issuer: 'a', algorithms: ['HS512'] });\njwt.verify(token, key, { algorithms: ['HS512'] }, (e, user) => {});\n"
    );
}

#[test]
fn an_algorithm_is_never_guessed() {
    let other = SIGN.replace("'15m'", "'15m', algorithm: 'HS384'");
    for sign in [
        String::new(),
        SIGN.replace("JWT_SECRET", "OTHER_SECRET"),
        SIGN.replace("{ expiresIn: '15m' }", "options"),
        format!("{SIGN}{other}"),
        SIGN.replace("'15m'", "'15m', algorithm"),
        SIGN.replace("'15m'", "'15m', algorithm: 'RS256'"),
    ] {
        let tree = with("src/login.js", &sign);
        tree.file("src/auth.js", VERIFY);
        let before = snapshot(tree.path());
        tree.keyward(&[
            "fix",
            "--apply",
            "--unsafe",
            "--only",
            "jwt-verify-no-algorithms",
        ]);
        assert_eq!(snapshot(tree.path()), before, "{sign}");
    }
}

#[test]
fn a_part_of_the_tree_says_not_all_that_signs() {
    let tree = with("src/login.js", SIGN);
    tree.file("src/auth.js", VERIFY);
    tree.keyward(&["fix", "--apply", "src/login.js", "src/auth.js"]);
    assert_eq!(text(&tree, "src/auth.js"), VERIFY);
}

#[test]
fn a_report_tells_the_edit_and_the_command() {
    let tree = with(
        "src/a.js",
        "res.cookie('token', jwt, { path: '/', sameSite: 'lax', secure: true });\n",
    );
    let json = tree.keyward(&["scan", "--format", "json"]).json();
    let fix = &json["findings"][0]["places"][0]["fixes"][0];
    assert_eq!(
        *fix,
        serde_json::json!({ "do": "edit", "path": "src/a.js", "edits": [{ "start": 67, "end": 67, "text": ", httpOnly: true" }] })
    );
    let said = tree.keyward(&["scan"]).stdout;
    assert!(
        said.contains("run: keyward fix --apply --only cookie-missing-httponly"),
        "{said}"
    );
}
