mod hostile;

use super::{Dialect, read};
use crate::facts::code::{Expr, ExprId, FunctionId, Program};
use crate::model::Span;

/// How a test tells a program.
struct Told<'a> {
    text: &'a [u8],
    program: Program,
}

impl<'a> Told<'a> {
    fn of(text: &'a str, dialect: Dialect) -> Self {
        let program = read(text.as_bytes(), dialect);
        assert_sound(&program, text.as_bytes());
        assert!(!program.cut, "{text} is cut");
        let text = text.as_bytes();
        Self { text, program }
    }

    fn word(&self, span: Span) -> String {
        String::from_utf8_lossy(&self.text[span.range()]).into_owned()
    }

    fn dotted(&self, parts: &[Span]) -> String {
        let parts: Vec<_> = parts.iter().map(|&p| self.word(p)).collect();
        parts.join(".")
    }

    /// `"text"`, `1`, `path.of.names`, `call()`, `<a + b>`, `(a | b)`, `{name: value, ...spread}`, `[a, b]`, `fn`, `flag`, `?`.
    fn expr(&self, id: ExprId) -> String {
        let node = self.program.node(id);
        let all = |ids: &[ExprId], by: &str| {
            let ids: Vec<_> = ids.iter().map(|&id| self.expr(id)).collect();
            ids.join(by)
        };
        match &node.expr {
            Expr::Text(None) => format!("{:?}", self.word(node.span)),
            Expr::Text(Some(value)) => format!("{:?}!", String::from_utf8_lossy(value)),
            Expr::Number => self.word(node.span),
            Expr::Bool(b) => b.to_string(),
            Expr::Null => "null".to_owned(),
            Expr::Path { parts, on: None } => self.dotted(parts),
            Expr::Path {
                parts,
                on: Some(on),
            } => format!("{}.{}", self.expr(*on), self.dotted(parts)),
            Expr::Call(call) => self.call(*call),
            Expr::Join(parts) => format!("<{}>", all(parts, " + ")),
            Expr::Either(parts) => format!("({})", all(parts, " | ")),
            Expr::Object { members, spread } => {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("{}: {}", self.word(*name), self.expr(*value)));
                let spread = spread.iter().map(|&id| format!("...{}", self.expr(id)));
                format!(
                    "{{{}}}",
                    members.chain(spread).collect::<Vec<_>>().join(", ")
                )
            }
            Expr::List(parts) => format!("[{}]", all(parts, ", ")),
            Expr::Function(_) => "fn".to_owned(),
            Expr::Flag => "flag".to_owned(),
            Expr::Unknown => "?".to_owned(),
        }
    }

    fn call(&self, index: usize) -> String {
        let call = &self.program.calls[index];
        let new = if call.is_new { "new " } else { "" };
        let on = call.on.map_or(String::new(), |on| self.expr(on));
        let dot = if call.on.is_some() && !call.callee.is_empty() {
            "."
        } else {
            ""
        };
        let args = call.args.iter().map(|&a| self.expr(a));
        let named = call
            .named
            .iter()
            .map(|(name, value)| format!("{}={}", self.word(*name), self.expr(*value)));
        let args: Vec<_> = args.chain(named).collect();
        let callee = self.dotted(&call.callee);
        format!("{new}{on}{dot}{callee}({})", args.join(", "))
    }

    fn calls(&self) -> Vec<String> {
        (0..self.program.calls.len())
            .map(|i| self.call(i))
            .collect()
    }

    /// `name = value`, `const name = value`.
    fn bindings(&self) -> Vec<String> {
        let line = |b: &crate::facts::code::Binding| {
            let constant = if b.constant { "const " } else { "" };
            let (target, value) = (self.dotted(&b.target), self.expr(b.value));
            format!("{constant}{target} = {value}")
        };
        self.program.bindings.iter().map(line).collect()
    }

    /// `NAME`, `NAME ?? fallback`, `NAME guarded`.
    fn reads(&self) -> Vec<String> {
        let line = |r: &crate::facts::code::EnvRead| {
            let fallback = r
                .fallback
                .map_or(String::new(), |f| format!(" ?? {}", self.expr(f)));
            let guarded = if r.guarded { " guarded" } else { "" };
            format!("{}{fallback}{guarded}", self.word(r.name))
        };
        self.program.reads.iter().map(line).collect()
    }

    /// `module: there as here`, and what kind of import it is.
    fn imports(&self) -> Vec<String> {
        let line = |i: &crate::facts::code::Import| {
            let names = i.names.iter().map(|(there, here)| {
                let there = there.map_or("*".to_owned(), |t| self.word(t));
                format!(" {there}>{}", self.word(*here))
            });
            let (ty, ex) = (i.type_only, i.exported);
            let kind = [(ty, " type"), (ex, " exported")];
            let kind: String = kind.iter().filter(|k| k.0).map(|k| k.1).collect();
            format!(
                "{}:{}{kind}",
                self.word(i.module),
                names.collect::<String>()
            )
        };
        self.program.imports.iter().map(line).collect()
    }

    /// `name(params) in outer`, `export` in front.
    fn functions(&self) -> Vec<String> {
        let name = |id: FunctionId| self.program.function(id).name;
        let named = |name: Option<Span>| name.map_or("-".to_owned(), |n| self.word(n));
        let line = |f: &crate::facts::code::Function| {
            let params: Vec<_> = f.params.iter().map(|&p| self.word(p)).collect();
            let exported = if f.exported { "export " } else { "" };
            let outer = match f.outer == FunctionId::default() {
                true => String::new(),
                false => format!(" in {}", named(name(f.outer))),
            };
            format!("{exported}{}({}){outer}", named(f.name), params.join(", "))
        };
        self.program.functions[1..].iter().map(line).collect()
    }
}

/// Panics where a span does not stand in the text, or an id does not stand in the program.
fn assert_sound(program: &Program, text: &[u8]) {
    let sound = |span: Span| {
        let sound = span.start <= span.end && span.end <= text.len();
        assert!(sound, "{span:?} in {} bytes", text.len());
    };
    let node = |id: ExprId| {
        let node = program.node(id);
        sound(node.span);
        match &node.expr {
            Expr::Path { parts, .. } => parts.iter().copied().for_each(sound),
            Expr::Call(call) => assert!(*call < program.calls.len()),
            Expr::Object { members, .. } => members.iter().for_each(|m| sound(m.0)),
            Expr::Function(f) => sound(program.function(*f).span),
            _ => {}
        }
    };
    for call in &program.calls {
        sound(call.span);
        call.callee.iter().copied().for_each(sound);
        call.args.iter().copied().chain(call.on).for_each(node);
        for &(name, value) in &call.named {
            sound(name);
            node(value);
        }
    }
    for binding in &program.bindings {
        binding.target.iter().copied().for_each(sound);
        node(binding.value);
        program.resolve(text, binding.value, binding.function);
    }
    for read in &program.reads {
        sound(read.name);
        sound(read.span);
        read.fallback.into_iter().for_each(node);
    }
    for import in &program.imports {
        sound(import.module);
        for &(there, here) in &import.names {
            there.into_iter().chain([here]).for_each(sound);
        }
    }
    for function in &program.functions {
        sound(function.span);
        function
            .params
            .iter()
            .copied()
            .chain(function.name)
            .for_each(sound);
    }
    program.directives.iter().copied().for_each(sound);
}

#[test]
fn calls() {
    for (text, wanted) in [
        (
            "jwt.sign(p, 'v1').then(f)",
            &["jwt.sign(p, \"v1\")", "jwt.sign(p, \"v1\").then(f)"][..],
        ),
        (
            "new Stripe(key, { apiVersion: 'v1' })",
            &["new Stripe(key, {apiVersion: \"v1\"})"],
        ),
        ("a?.b?.(x)", &["a.b(x)"]),
        (
            "(await cookies()).set('n', t)",
            &["cookies()", "cookies().set(\"n\", t)"],
        ),
        ("f(...xs, [1, ...ys])", &["f(xs, [1, ys])"]),
        ("(() => { g(1) })()", &["g(1)", "fn()"]),
        ("make()(x)", &["make()", "make()(x)"]),
        ("hs[name](x)", &["?(x)"]),
        (
            "sql`select ${x} from t`",
            &["sql(<\"select \" + x + \" from t\">)"],
        ),
        ("import('./x')", &["import(\"./x\")"]),
        (
            "app.get('/x', (req, res) => res.json(u))",
            &["app.get(\"/x\", fn)", "res.json(u)"],
        ),
        ("this.#db.query(q)", &["this.db.query(q)"]),
        (
            "f(a as string, <T>b, c!, d satisfies D, (e))",
            &["f(a, b, c, d, e)"],
        ),
        (
            "@Controller('x') class A { @Get() m() { h() } }",
            &["Controller(\"x\")", "Get()", "h()"],
        ),
    ] {
        assert_eq!(
            Told::of(text, Dialect::TypeScript).calls(),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn expressions() {
    for (value, wanted) in [
        ("'a\\x62'", "\"ab\"!"),
        ("`a`", "\"a\""),
        ("`a${b}c${d}`", "<\"a\" + b + \"c\" + d>"),
        ("'a' + b + c.d", "<\"a\" + b + c.d>"),
        ("a + b", "<a + b>"),
        ("i + 1", "flag"),
        ("'x' + (a - b)", "<\"x\" + flag>"),
        ("a || b ?? 'c'", "(a | b | \"c\")"),
        ("a && b", "(b)"),
        ("a && b || c", "(b | c)"),
        ("c ? a : 'b'", "(a | \"b\")"),
        ("!x", "flag"),
        ("typeof x", "flag"),
        ("x === y", "flag"),
        ("x.length", "flag"),
        ("length", "length"),
        ("Boolean(x)", "flag"),
        ("a * b", "flag"),
        ("void 0", "null"),
        ("undefined", "null"),
        ("-1", "-1"),
        ("10n", "10n"),
        ("/x/g", "?"),
        ("(a, b)", "b"),
        ("await f(x)", "f(x)"),
        (
            "{ a, b: 'c', ['d']: e, [f]: g, m() {}, ...h }",
            "{a: a, b: \"c\", d: e, f: g, m: fn, ...h}",
        ),
        ("[a, 'b']", "[a, \"b\"]"),
        ("o['k'].l[0]", "o.k.l.0"),
        ("f().x.y", "f().x.y"),
        ("xs[i]", "?"),
        ("import.meta.url", "import.meta.url"),
        ("() => x", "fn"),
        ("y = z", "z"),
        ("class { }", "?"),
    ] {
        let text = format!("const v = {value};");
        let told = Told::of(&text, Dialect::JavaScript);
        let found = told.bindings();
        let wanted = format!("const v = {wanted}");
        assert!(found.contains(&wanted), "{text}: {found:?}");
    }
}

#[test]
fn bindings() {
    for (text, wanted) in [
        ("let a = 1, b; b = 'x'", &["a = 1", "b = \"x\""][..]),
        (
            "this.k = v; o['a b'].c = 1; h[K] = t",
            &["this.k = v", "o.a b.c = 1", "h.K = t"],
        ),
        (
            "class A { k = 'v1'; static readonly s = 'v2' }",
            &["A.k = \"v1\"", "const A.s = \"v2\""],
        ),
        (
            "const { a, b: { c = 'd' }, ...r } = req.body",
            &[
                "const a = req.body.a",
                "const c = (req.body.b.c | \"d\")",
                "const r = req.body",
            ],
        ),
        (
            "const [x, y] = ['a', 'b']",
            &["const x = \"a\"", "const y = \"b\""],
        ),
        ("const { t } = f()", &["const t = f().t"]),
        (
            "function f(a = 'x', { b = 'y', c }) {}",
            &["a = \"x\"", "b = \"y\""],
        ),
        ("module.exports.k = 'v1'", &["module.exports.k = \"v1\""]),
        ("export const k = 'v1'", &["const k = \"v1\""]),
        ("export default { a: 1 }", &["const default = {a: 1}"]),
        ("export { a as b }", &["const b = a"]),
        ("u += '?t=' + t", &["u = <u + <\"?t=\" + t>>"]),
        ("a ??= 'x'; n -= 1", &["a = \"x\""]),
        (
            "({ a, b: c.d = 'e' } = o)",
            &["a = o.a", "c.d = (o.b | \"e\")"],
        ),
        (
            "enum E { A = 'x', B = 'y' }",
            &["const E.A = \"x\"", "const E.B = \"y\""],
        ),
        ("for (const t of ts) { g(t) }", &["t = ts"]),
        ("namespace N { const a = 'b' }", &["const a = \"b\""]),
    ] {
        assert_eq!(
            Told::of(text, Dialect::TypeScript).bindings(),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn reads_of_the_environment() {
    for (text, wanted) in [
        (
            "f(process.env.A, process.env['B'], import.meta.env.C)",
            &["A", "B", "C"][..],
        ),
        (
            "f(Deno.env.get('A'), Bun.env.B, globalThis.process.env.C)",
            &["A", "B", "C"],
        ),
        (
            "const a = process.env.A!, b = process.env.B as string",
            &["A", "B"],
        ),
        (
            "const { A, B: b = 'x' } = process.env",
            &["A", "B ?? \"x\""],
        ),
        (
            "const a = process.env.A || process.env.B || 'x'",
            &["A ?? process.env.B", "B ?? \"x\""],
        ),
        ("const a = process.env.A ?? undefined", &["A"]),
        (
            "if (!process.env.A) throw e; g(process.env.B)",
            &["A guarded", "B"],
        ),
        ("const a = process.env.A; if (!a) throw e", &["A guarded"]),
        ("if (a) {} const a = process.env.A", &["A"]),
        ("const a = process.env.A; assert(a, 'm')", &["A guarded"]),
        ("schema.parse({ a: process.env.A })", &["A guarded"]),
        (
            "const a = process.env.A; function f(a) { if (!a) return }",
            &["A"],
        ),
        (
            "process.env.A.split(','); process.env.hasOwnProperty(x)",
            &["A"],
        ),
        ("f(process.env, process.env[name])", &[]),
        ("const env = process.env; f(env.A)", &["A"]),
        ("const { env } = process; f(env.A)", &["A"]),
        (
            "import { A } from '$env/static/private'; import { B as b } from 'x'",
            &["A"],
        ),
        (
            "import { env } from '$env/dynamic/private'; f(env.A)",
            &["A"],
        ),
        ("f(useRuntimeConfig().public.x)", &[]),
        ("process.env.A = 'x'", &[]),
    ] {
        assert_eq!(
            Told::of(text, Dialect::TypeScript).reads(),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn imports() {
    for (text, wanted) in [
        ("import a, { b as c, type T } from 'm'", &["m: *>a b>c"][..]),
        ("import * as a from 'm'; import 'n'", &["m: *>a", "n:"]),
        (
            "import type { T } from 'm'; import { type U } from 'n'",
            &["m: T>T type", "n: type"],
        ),
        (
            "export { a as b } from 'm'; export * from 'n'",
            &["m: a>b exported", "n: exported"],
        ),
        (
            "const a = require('m'); const { b: c } = require('n')",
            &["m: *>a", "n: b>c"],
        ),
        ("const { a } = await import('m')", &["m: a>a"]),
        ("import a = require('m')", &["m: *>a"]),
        ("require(name)", &[]),
    ] {
        assert_eq!(
            Told::of(text, Dialect::TypeScript).imports(),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn functions() {
    for (text, wanted) in [
        (
            "export async function GET(req, { params }) {}",
            &["export GET(req, params)"][..],
        ),
        (
            "export const POST = async (req) => {}",
            &["export POST(req)"],
        ),
        ("export default (req) => {}", &["export -(req)"]),
        ("function a() {} export { a }", &["export a()"]),
        ("exports.handler = function (e) {}", &["export handler(e)"]),
        (
            "class A { m(x, ...r) { return () => 1 } }",
            &["m(x, r)", "-() in m"],
        ),
        (
            "const o = { f: (a = 1) => {}, g([b]) {} }",
            &["f(a)", "g(b)"],
        ),
        ("app.get('/', (q) => {})", &["-(q)"]),
    ] {
        assert_eq!(
            Told::of(text, Dialect::TypeScript).functions(),
            wanted,
            "{text}"
        );
    }
}

#[test]
fn markup() {
    for (text, wanted) in [
        (
            "<A token={x} k='v' {...p} on />",
            &["new A({...p}, token=x, k=\"v\")"][..],
        ),
        (
            "<a.b>{x}<i>{f(y)}</i>text</a.b>",
            &["new a.b(x, new i(f(y)))", "new i(f(y))", "f(y)"],
        ),
        ("<><p>{x}</p></>", &["new p(x)"]),
    ] {
        for dialect in [Dialect::Tsx, Dialect::JavaScript] {
            assert_eq!(Told::of(text, dialect).calls(), wanted, "{text}");
        }
    }
}

#[test]
fn directives() {
    let told = Told::of("// a\n'use client'\nimport 'm'\n", Dialect::Tsx);
    let found: Vec<_> = told
        .program
        .directives
        .iter()
        .map(|&d| told.word(d))
        .collect();
    assert_eq!(found, ["use client"]);
}

#[test]
fn scripts_in_documents() {
    for (dialect, text) in [
        (
            Dialect::Html,
            "<p>don't f(0)</p><script>f(1)</script><SCRIPT type=module>g(2)</SCRIPT>",
        ),
        (
            Dialect::Html,
            "<script setup lang=\"ts\">f(1 as any)</script><template>f(0)</template><script>g(2)",
        ),
        (
            Dialect::Html,
            "<script type=\"application/json\">f(0)</script><scripts>f(0)</scripts><script>f(1);g(2)</script>",
        ),
        (
            Dialect::Astro,
            "---\nf(1 as any)\n---\n<p>{f(0)}</p><script>g(2)</script>",
        ),
        (
            Dialect::Markdown,
            "f(0)\n```js title=x\nf(1)\n```\n```sh\nf(0)\n```\n````md\n```js\nf(0)\n```\n````\n  ~~~TS\n  g(2)\n  ~~~\nf(0)\n",
        ),
        (
            Dialect::Markdown,
            "````typescript\nf(1 as any)\n````\n```node\ng(2)",
        ),
    ] {
        assert_eq!(Told::of(text, dialect).calls(), ["f(1)", "g(2)"], "{text}");
    }
}

#[test]
fn a_script_that_breaks_does_not_hide_the_next() {
    let text = b"<script>f(1</script><script>g(2)</script>";
    let program = read(text, Dialect::Html);
    assert!(program.cut);
    assert_eq!(program.calls.len(), 1);
}

#[test]
fn other_dialects_are_tried() {
    for text in [
        "f(x as string)",
        "f(<a>{x}</a>)",
        "with (o) { f(x) }",
        "return f(x)",
        "const k = process.env.A!; f(k)",
    ] {
        let told = Told::of(text, Dialect::JavaScript);
        assert!(
            told.program.calls.len() == 1 || text.contains("<a>"),
            "{text}"
        );
    }
    assert_eq!(
        Told::of("f(<a>{x}</a>)", Dialect::TypeScript).calls(),
        ["f(new a(x))", "new a(x)"]
    );
}

#[test]
fn bytes_that_are_no_text_keep_places() {
    let text = b"f('\xff\xe9\0', a\xe2\x82)";
    let program = read(text, Dialect::JavaScript);
    assert_sound(&program, text);
    let [call] = &program.calls[..] else {
        panic!("{program:?}");
    };
    let spans: Vec<_> = call.args.iter().map(|&a| program.node(a).span).collect();
    assert_eq!(spans, [Span::new(3, 6), Span::new(9, 12)]);
}
