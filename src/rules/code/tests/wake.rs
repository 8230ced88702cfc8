//! Which files are asked at all.

use super::{read, rules};
use crate::facts::{self, Language};
use crate::model::RelPath;

#[test]
fn files_may_be_passed_by() {
    let set = rules("on = \"call\"\ncallee = [\"fun\"]\npaths = [\"**/*.js\", \"!**/*dev*\"]");
    for (path, wanted) in [
        ("src/a.js", true),
        ("src/a.ts", false),
        ("src/a_dev.js", false),
    ] {
        assert_eq!(!read(&set, path, "fun()").is_empty(), wanted, "{path}");
    }
}

#[test]
fn words_wake_a_rule_only_where_they_stand_as_it_needs() {
    // A name that no built-in rule waits for.
    let set = rules(
        "on = \"call\"\ncallee = [\"jwt.stamp\"]\nall = [{ at = \"0\", name = [\"token\"] }]",
    );
    let woken = |text: &str| set.wakes(&RelPath::from("src/a.js"), text.as_bytes());
    assert!(woken("jwt.stamp(token)"));
    assert!(woken("import { stamp as s } from 'jwt'; s(token)"));
    for text in [
        "jwt.restamp(token)",
        "stamp = token",
        "// a stamp of token",
        "jwt.stamp(theme)",
        "import { stamp as s } from 'x'; s(token)",
    ] {
        assert!(!woken(text), "{text}");
    }
}

#[test]
fn habits_are_not_told_of_what_others_wrote() {
    let set = rules("on = \"call\"\ncallee = [\"fun\"]");
    assert_eq!(read(&set, "src/a.js", "fun()").len(), 1);
    assert!(read(&set, "node_modules/a/a.js", "fun()").is_empty());
    assert!(read(&set, "src/a.min.js", "fun()").is_empty());
    assert!(read(&set, "src/a.txt", "fun()").is_empty());
}

#[test]
fn a_file_that_cannot_be_hit_is_not_parsed() {
    let path = RelPath::from("src/a.js");
    for (rule, wakes, sleeps) in [
        (
            "all = [{ at = \"0.response_type\", text = '^code$' }]",
            "fun({ response_type: 'code' })",
            "fun({ type: 'code' })",
        ),
        (
            "all = [{ at = \"0\", text = '^process\\.env$' }]",
            "fun(process.env)",
            "fun(process['x'].env)",
        ),
        (
            "any = [{ at = \"0.apiKey\", is = [\"literal\"] }, { at = \"0\", name = [\"token\"] }]",
            "fun({ apiKey: 'a' })",
            "fun({ a: 'a' })",
        ),
        (
            "any = [{ at = \"0.apiKey\", is = [\"literal\"] }, { at = \"0\", name = [\"token\"] }]",
            "fun(token)",
            "fun(theme)",
        ),
        (
            "all = [{ at = \"0\", callee = [\"Math.random\"] }]",
            "fun(Math.random())",
            "fun(Math.round())",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "fun(`got ${token}`)",
            "fun('no token'.length, x); const token = y",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const text = `got ${token}`; const all = { text }; fun(all)",
            "const text = `got ${x}`; fun(text); go(token)",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const { a: x } = tokens.token; fun(x)",
            "const { a: x } = y; fun(x); go(token)",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const o = {}; o.a = token; fun(o)",
            "const o = {}; o.a = b; fun(o); go(token)",
        ),
        (
            "all = [{ at = \"0.apiKey\", is = [\"literal\"] }]",
            "class A { o = { apiKey: 'v1' }; f() { fun(this.o) } }",
            "class A { o = {}; f() { fun(this.o); go({ apiKey: 'v1' }) } }",
        ),
        (
            "all = [{ at = \"*\", yields = [\"token\"] }]",
            "const x = f(a, (b) => b.token); fun(x ?? y)",
            "fun(x, \"(\"); go(token)",
        ),
        (
            "all = [{ at = \"0.apiKey\", is = [\"literal\"] }]",
            "fun({ $apiKey: 1, \"apiKey\": 'v1' })",
            "fun({ myapiKey: 'v1', apiKeys: 'v2' })",
        ),
        (
            "all = [{ at = \"0\", callee = [\"Math.random\"] }]",
            "const { random } = Math; fun(random())",
            "fun(Math.randomise(x))",
        ),
        ("imports = [\"stripe\"]", "import 'stripe'; fun()", "fun()"),
        ("", "fun ()", "fun = 1; refun()"),
    ] {
        let set = rules(&format!("on = \"call\"\ncallee = [\"fun\"]\n{rule}"));
        assert!(set.wakes(&path, wakes.as_bytes()), "{wakes}");
        assert!(!set.wakes(&path, sleeps.as_bytes()), "{sleeps}");
    }
    let absent =
        "on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0.maxAge\", is = [\"absent\"] }]";
    assert!(rules(absent).wakes(&path, b"fun({})"));
}

#[test]
fn calls_of_every_language_are_looked_at_before_they_are_parsed() {
    let yields = "any = [{ at = \"*\", yields = [\"token\"] }]";
    let named = "any = [{ at = \"@keyword\", is = [\"literal\"] }]";
    for (path, rule, wakes, sleeps) in [
        (
            "a.rb",
            yields,
            "fun \"got #{token}\"",
            "fun \"got no token\"\ntoken = x",
        ),
        ("a.rb", yields, "fun a,\n  token", "fun a\ngo token"),
        (
            "a.rb",
            yields,
            "x = token\nfun \"#{x}\"",
            "x = theme\nfun \"#{x}\"\ngo token",
        ),
        ("a.rb", yields, "fun do\n  token\nend", "go(fun, token)"),
        (
            "a.rb",
            yields,
            "fun <<~END\n#{token}\nEND",
            "def fun token\nend",
        ),
        (
            "a.rs",
            yields,
            "fun!(\"{token}\");",
            "fun!(\"token\"); go(token);",
        ),
        ("a.rs", yields, "fun::<T>(&token);", "fn fun(token: T) {}"),
        (
            "a.py",
            yields,
            "fun(f\"{token}\")",
            "fun('token')\ntoken = 1",
        ),
        (
            "a.py",
            yields,
            "a, b = go(token)\nfun(b)",
            "a, b = go(c)\nfun(b)\ntoken = 1",
        ),
        (
            "a.go",
            yields,
            "x := token\nfun(x)",
            "x := y\nfun(x)\ngo(token)",
        ),
        (
            "a.kt",
            yields,
            "fun { \"$token\" }",
            "fun { \"token\" }\nval token = 1",
        ),
        ("a.rb", named, "fun Keyword: 'v1'", "fun key: 'v1'\nkeyword"),
        (
            "a.rb",
            named,
            "fun \"keyword\" => 'v1'",
            "fun 'the keyword is', 'v1'",
        ),
        (
            "a.rb",
            named,
            "x = fun(a)\nx.keyword ||= 'v1'",
            "fun keywords: 'v1', a_keyword: 'v1'",
        ),
        (
            "a.kt",
            named,
            "val x = fun(a)\nx.setKeyword('v1')",
            "val x = fun(a)\nx.getKeyword('v1')",
        ),
        (
            "a.py",
            named,
            "x = fun(a)\nx.keyword = 'v1'",
            "x = fun(a)\ny.z = 'keyword'",
        ),
    ] {
        let all = "languages = [\"ruby\", \"rust\", \"python\", \"go\", \"kotlin\"]";
        let set = rules(&format!("on = \"call\"\ncallee = [\"fun\"]\n{all}\n{rule}"));
        let path = RelPath::from(path);
        assert!(set.wakes(&path, wakes.as_bytes()), "{wakes}");
        assert!(!set.wakes(&path, sleeps.as_bytes()), "{sleeps}");
    }
}

#[test]
fn what_another_type_has_is_not_what_is_called() {
    let set = rules(
        "on = \"call\"\nlanguages = [\"rust\"]\ncallee = [\"*Fault.stamp\"]\nall = [{ at = \"0\", name = [\"token\"] }]",
    );
    let woken = |text: &str| set.wakes(&RelPath::from("a.rs"), text.as_bytes());
    assert!(woken("io::Fault::stamp(token)"));
    assert!(woken("MyFault::stamp(token)"));
    assert!(woken("use io::Fault as F;\nF::stamp(token)"));
    assert!(woken("let f = Fault; f.stamp(token)"));
    assert!(!woken("Vec::stamp(token); Fault::go()"));
}

#[test]
fn names_are_given_something_before_rules_on_that_wake() {
    let set = rules("on = \"binding\"\nlanguages = [\"ruby\"]\ncallee = [\"aes.stamp\"]");
    let woken = |text: &str| set.wakes(&RelPath::from("a.rb"), text.as_bytes());
    assert!(woken("aes.stamp = 'v1'"));
    assert!(woken("aes.stamp, b = 'v1', c"));
    assert!(woken("aes.stamp ||= 'v1'"));
    assert!(!woken("aes.stamp == 'v1'"));
    assert!(!woken("go(aes.stamp)\nx = 1"));
}

#[test]
fn only_the_words_that_stand_in_a_text_are_asked() {
    // Of `gun*` it is not known how it is called, but it must be there.
    let set = rules(
        "on = \"call\"\nlanguages = [\"ruby\"]\ncallee = [\"fun\", \"gun*\"]\nany = [{ at = \"*\", yields = [\"token\"] }]",
    );
    let woken = |text: &str| set.wakes(&RelPath::from("a.rb"), text.as_bytes());
    assert!(woken("fun(token)"));
    assert!(woken("gunner(x)\ntoken = 1"));
    assert!(!woken("fun(x)\ntoken = 1"));
}

#[test]
fn a_word_wakes_nothing_where_what_it_is_a_member_of_is_missing() {
    let set = rules(
        "on = \"call\"\nlanguages = [\"ruby\"]\ncallee = [\"Client.fetch\", \"post\"]\nall = [{ at = \"0\", is = [\"literal\"] }]",
    );
    let woken = |text: &str| set.wakes(&RelPath::from("a.rb"), text.as_bytes());
    assert!(woken("Client.fetch('v1')"));
    assert!(woken("post('v1')"));
    assert!(!woken("ENV.fetch('v1')"));
    let set =
        rules("on = \"binding\"\nlanguages = [\"ruby\"]\ncallee = [\"aes.stamp\", \"key.*\"]");
    let woken = |text: &str| set.wakes(&RelPath::from("a.rb"), text.as_bytes());
    assert!(woken("aes.stamp = 'v1'"));
    assert!(woken("key = { a: 'v1' }"));
    assert!(!woken("des.stamp = 'v1'"));
}

#[test]
fn each_language_has_its_own_words_for_the_environment() {
    let languages: Vec<_> = Language::ALL.iter().map(|l| l.to_string()).collect();
    let set = rules(&format!(
        "on = \"read\"\nlanguages = {languages:?}\nall = [{{ at = \"name\", name = [\"token\"] }}]"
    ));
    // What the readers take for a read is one that wakes.
    for (path, reads) in [
        (
            "a.js",
            &[
                "process.env.TOKEN",
                "Bun.env.TOKEN",
                "import.meta.env.TOKEN",
                "Deno.env.get('TOKEN')",
                "const { env: e } = process; e.TOKEN",
                "const { TOKEN } = process.env",
                "import { env as e } from \"process\"; e.TOKEN",
                "import { env } from 'process'; env?.TOKEN",
                "import { env } from \"process\"; env.TOKEN",
                "import { env } from \"node:process\"; env.TOKEN",
                "import { env } from 'cloudflare:workers'; env.TOKEN",
                "import { TOKEN } from '$env/static/private'",
            ][..],
        ),
        ("a.rb", &["ENV[\"TOKEN\"]", "ENV.fetch(\"TOKEN\")"]),
        (
            "a.php",
            &[
                "<?php env('TOKEN')",
                "<?php getenv('TOKEN')",
                "<?php $_ENV['TOKEN']",
                "<?php $_SERVER['TOKEN']",
            ],
        ),
        (
            "a.py",
            &[
                "import os\nx = os.environ[\"TOKEN\"]",
                "x = os.environ.get('TOKEN')",
                "x = os.getenv('TOKEN')",
                "from a.env import env\nx = env.str('TOKEN', 'v')",
                "x = settings.env.str('TOKEN', 'v')",
                "x = env('TOKEN')",
                "from decouple import config\nx = config('TOKEN')",
                "from starlette.config import Config\nconfig = Config()\nx = config('TOKEN')",
            ],
        ),
        (
            "a.go",
            &[
                "x := os.Getenv(\"TOKEN\")",
                "x, ok := os.LookupEnv(\"TOKEN\")",
            ],
        ),
        (
            "a.rs",
            &[
                "let x = env::var(\"TOKEN\");",
                "let x = std::env::var_os(\"TOKEN\");",
                "let x = env!(\"TOKEN\");",
            ],
        ),
        (
            "A.java",
            &["class A { String x = System.getenv(\"TOKEN\"); @Value(\"${TOKEN:v}\") String y; }"],
        ),
        (
            "a.kt",
            &[
                "val x = System.getenv(\"TOKEN\")",
                "val x = System.getenv()[\"TOKEN\"]",
            ],
        ),
        (
            "a.cs",
            &["var x = Environment.GetEnvironmentVariable(\"TOKEN\");"],
        ),
        (
            "a.swift",
            &[
                "let x = ProcessInfo.processInfo.environment[\"TOKEN\"]",
                "let x = Environment.get(\"TOKEN\")",
            ],
        ),
        (
            "a.scala",
            &[
                "val x = sys.env(\"TOKEN\")",
                "val x = sys.env.getOrElse(\"TOKEN\", \"v\")",
                "val x = env.getOrElse(\"TOKEN\", \"v\")",
                "val x = Properties.envOrElse(\"TOKEN\", \"v\")",
            ],
        ),
    ] {
        let path = RelPath::from(path);
        for text in reads {
            assert!(set.wakes(&path, text.as_bytes()), "{text}");
            let program = facts::program(&path, text.as_bytes()).expect("a program");
            assert!(!program.reads.is_empty(), "is it read at all: {text}");
        }
    }
    let woken = |path: &str, text: &str| set.wakes(&RelPath::from(path), text.as_bytes());
    assert!(!woken("a.rb", "env(\"TOKEN\")"), "a call like any other");
    assert!(!woken("a.rb", "environ[\"TOKEN\"]"));
}

#[test]
fn between_a_name_and_what_it_is_given_may_stand_what_languages_let() {
    let argument = "all = [{ at = \"@locked\", is = [\"false\", \"literal\"] }]";
    let member = "all = [{ at = \"0.Secure\", is = [\"false\"] }]";
    for (path, rule, text) in [
        ("a.py", argument, "fun('a', locked  # since 2\n  = 'v')"),
        ("a.py", argument, "fun('a', locked \\\n = 'v')"),
        ("a.kt", argument, "fun(\"a\", locked /* since 2 */ = \"v\")"),
        ("a.kt", argument, "fun(\"a\", `locked` = \"v\")"),
        ("a.php", argument, "fun('a', locked /* c */ : 'v');"),
        ("a.php", argument, "$c = fun('a'); $c[ 'locked' ] = false;"),
        ("a.rb", argument, "c = fun('a')\nc[ :locked ] = 'v'"),
        ("a.cs", argument, "fun(\"a\") { [ \"locked\" ] = \"v\" }"),
        ("a.go", argument, "jar.fun{`locked`: \"v\"}"),
        (
            "a.kt",
            argument,
            "val c = fun(\"a\"); c.setLocked /* x */ (false)",
        ),
        (
            "A.java",
            member,
            "Cookie c = new Cookie(\"a\"); c.setSecure(false); r.fun(c);",
        ),
        (
            "a.js",
            "all = [{ at = \"0.locked\", is = [\"true\"] }]",
            "fun({\u{a0}locked: true })",
        ),
    ] {
        let languages: Vec<_> = Language::ALL.iter().map(|l| l.to_string()).collect();
        let set = rules(&format!(
            "on = \"call\"\nlanguages = {languages:?}\ncallee = [\"fun\"]\n{rule}"
        ));
        assert!(set.wakes(&RelPath::from(path), text.as_bytes()), "{text}");
    }
}

#[test]
fn only_the_scripts_of_a_document_wake_rules() {
    let set =
        rules("on = \"call\"\ncallee = [\"fun\"]\nall = [{ at = \"0\", name = [\"token\"] }]");
    let woken = |path: &str, text: &str| set.wakes(&RelPath::from(path), text.as_bytes());
    assert!(woken("a.md", "Call it.\n```js\nfun(token)\n```\n"));
    assert!(!woken("a.md", "fun(token)\n```js\nfun(x)\n```\n"));
    assert!(!woken("a.md", "fun(token)\n```sh\nfun(token)\n```\n"));
    assert!(
        woken("a.md", "```\0js\nfun(token)\n```\n"),
        "NUL is a blank"
    );
    assert!(woken("a.html", "<p>x</p><script>fun(token)</script>"));
    assert!(!woken("a.html", "<p>fun(token)</p><script>fun(x)</script>"));
}

#[test]
fn any_name_of_a_secret_wakes_what_asks_for_one() {
    // What a path means may be said by any of its names, wherever they stand.
    let set = rules(
        "on = \"call\"\nlanguages = [\"javascript\", \"python\", \"ruby\", \"rust\", \"swift\"]\ncallee = [\"fun\", \"fun!\"]\nall = [{ at = \"*\", yields = [\"secret\", \"token\"] }]",
    );
    for (path, text) in [
        ("a.ts", "fun(auth[`token`])"),
        ("a.ts", "fun(x?.[\"auth\"]?.[\"key\"])"),
        ("a.ts", "fun((auth as any).key)"),
        ("a.py", "def f(jwt, i):\n    fun(jwt[i].key)"),
        ("a.rb", "fun private&.[](:token)"),
        (
            "a.rs",
            "fn f(&self) { fun!(\"v {}\", self.auth\n    .key); }",
        ),
        ("a.swift", "fun(auth\n    .key)"),
    ] {
        assert!(set.wakes(&RelPath::from(path), text.as_bytes()), "{text}");
    }
}
