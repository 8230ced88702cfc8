//! What a name stands for, and what an object is given after it is made: one table over all languages.

use super::{Language, state};

#[test]
fn a_default_is_not_what_a_parameter_stands_for() {
    for (text, given) in [
        ("<?php function f($a = false) { g($a); }", "a"),
        ("<?php function f($a = 'v1') { g($a); }", "a"),
        ("<?php function f() { $a = false; g($a); }", "false"),
    ] {
        let program = super::super::read(text.as_bytes(), Language::Php);
        let call = &program.calls[0];
        let id = program.resolve(text.as_bytes(), call.args[0], call.function);
        assert_eq!(&text[program.node(id).span.range()], given, "{text}");
    }
}

#[test]
fn a_member_is_followed_where_it_is_given_one_thing() {
    for (language, text, given) in [
        (
            Language::Php,
            "<?php class A { private $k = 'v1'; function f() { g($this->k); } }",
            "v1",
        ),
        (
            Language::Php,
            "<?php class A { const K = 'v1'; function f() { g(self::K); } }",
            "v1",
        ),
        (
            Language::Python,
            "class A:\n  def __init__(self):\n    self.k = 'v1'\n  def f(self):\n    g(self.k)",
            "v1",
        ),
        (
            Language::Php,
            "<?php class A { private $k = 'v1'; function f() { $this->k = $x; g($this->k); } }",
            "this->k",
        ),
        (
            Language::Php,
            "<?php class A { function f() { $k = 'v1'; g($this->k); } }",
            "this->k",
        ),
    ] {
        let program = super::super::read(text.as_bytes(), language);
        let call = program.calls.last().expect("a call");
        let id = program.resolve(text.as_bytes(), call.args[0], call.function);
        assert_eq!(&text[program.node(id).span.range()], given, "{text}");
    }
}

#[test]
fn a_literal_is_seen_through_what_makes_bytes_of_it() {
    for (language, text, literal) in [
        (Language::Go, "x := []byte(\"v1\")", Some("v1")),
        (Language::Java, "x = \"v1\".getBytes(UTF_8);", Some("v1")),
        (
            Language::CSharp,
            "x = Encoding.UTF8.GetBytes(\"v1\");",
            Some("v1"),
        ),
        (
            Language::Rust,
            "x = String::from(\"v1\").into_bytes();",
            Some("v1"),
        ),
        (Language::Python, "x = 'v1'.encode('utf-8')", Some("v1")),
        (Language::Python, "x = jwt.encode('v1')", None),
        (Language::Ruby, "x = hash(\"v1\")", None),
    ] {
        let program = super::super::read(text.as_bytes(), language);
        let literal_of = program.literal(text.as_bytes(), program.bindings[0].value);
        let said = literal_of.map(|id| &text[program.node(id).span.range()]);
        assert_eq!(said, literal, "{text}");
    }
}

#[test]
fn what_an_object_is_given_after() {
    state(
        Language::Go,
        &[
            (
                "c := &http.Cookie{Name: n}\nc.Secure = true\nhttp.SetCookie(w, c)",
                &[
                    "http.SetCookie(w, c)",
                    "c = new http.Cookie(Name: n, Secure: true)",
                    "c.Secure = true",
                ],
            ),
            (
                "c := http.Cookie{Secure: true}\nc.Secure = false",
                &[
                    "c = new http.Cookie(Secure: (true | false))",
                    "c.Secure = false",
                ],
            ),
            (
                "s.Options = &sessions.Options{MaxAge: 1}\ns.Options.HttpOnly = true",
                &[
                    "s.Options = new sessions.Options(MaxAge: 1, HttpOnly: true)",
                    "s.Options.HttpOnly = true",
                ],
            ),
            (
                "c := new(http.Cookie)\nc.Name = n",
                &["c = new http.Cookie(Name: n)", "c.Name = n"],
            ),
            (
                "c := cors.DefaultConfig()\nc.AllowAllOrigins = true\nd := find()\nd.A = 1",
                &[
                    "c = cors.DefaultConfig(AllowAllOrigins: true)",
                    "c.AllowAllOrigins = true",
                    "d = find()",
                    "d.A = 1",
                ],
            ),
            (
                "func a() {\n  c := T{}\n  func() { c.A = 1 }()\n}\nfunc b() {\n  c.B = 2\n}",
                &[
                    "c = new T(A: 1)",
                    "c.A = 1",
                    "c.B = 2",
                    "fn a()",
                    "fn a/_()",
                    "fn b()",
                ],
            ),
        ],
    );
    state(
        Language::Java,
        &[(
            "Cookie c = new Cookie(\"t\", v);\nc.setHttpOnly(true);\nc.addPart(p);\nc.setup(1);\nc = other();\nc.setSecure(true);",
            &[
                "c.setHttpOnly(true)",
                "c.addPart(p)",
                "c.setup(1)",
                "c.setSecure(true)",
                "c = new Cookie(\"t\", v, HttpOnly: true, Part: p)",
                "c = other()",
            ],
        )],
    );
    state(
        Language::Kotlin,
        &[
            (
                "val c = Cookie(\"t\", v)\nc.isHttpOnly = true\nc.secure = false",
                &[
                    "const c = Cookie(\"t\", v, HttpOnly: true, secure: false)",
                    "c.isHttpOnly = true",
                    "c.secure = false",
                ],
            ),
            (
                "val c = Cookie(\"t\", v).apply { isHttpOnly = true; setSecure(true) }\nc.path = p",
                &[
                    "setSecure(true)",
                    "const c = Cookie(\"t\", v, HttpOnly: true, Secure: true, path: p).apply(fn)",
                    "isHttpOnly = true",
                    "c.path = p",
                    "fn _()",
                ],
            ),
        ],
    );
    state(
        Language::CSharp,
        &[(
            "var o = new CookieOptions();\no.HttpOnly = true;\nResponse.Cookies.Append(\"t\", v, o);",
            &[
                "Response.Cookies.Append(\"t\", v, o)",
                "o = new CookieOptions(HttpOnly: true)",
                "o.HttpOnly = true",
            ],
        )],
    );
}

#[test]
fn what_is_given_to_a_name_that_was_read_stands_in() {
    state(
        Language::Go,
        &[
            (
                "a := os.Getenv(\"A\")\nif a == \"\" {\n  a = \"d\"\n}\nb := os.Getenv(\"B\")\nb = \"e\"",
                &[
                    "a = os.Getenv(\"A\")",
                    "a = \"d\"",
                    "b = os.Getenv(\"B\")",
                    "b = \"e\"",
                    "env A or \"d\" guarded",
                    "env B",
                ],
            ),
            (
                "c.A = os.Getenv(\"A\")\nif c.A == \"\" {\n  c.A = \"d\"\n}",
                &[
                    "c.A = os.Getenv(\"A\")",
                    "c.A = \"d\"",
                    "env A or \"d\" guarded",
                ],
            ),
        ],
    );
}
