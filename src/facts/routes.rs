//! Where a program answers requests: which function, at which path, behind what.
//!
//! Takes a program and the path of its file, gives routes. Reads what frameworks of JavaScript have in common: a method of HTTP that is called
//! with a path and a function (Express, Fastify, Hono, Koa's router, `router.route("/x").post(f)`), and the places where frameworks look for
//! functions by their file (`route.ts` below `app/`, `pages/api/`, `+server.ts`, `server/api/`). Follows names within the file alone: a
//! handler from another module is no route here. Whether somebody is asked who they are is for others to judge.
//!
//! Sources: expressjs.com/en/guide/routing.html, fastify.dev/docs/latest/Reference/Routes, hono.dev/docs/api/routing,
//! nextjs.org/docs/app/api-reference/file-conventions/route, svelte.dev/docs/kit/routing, nitro.build/guide/routing.

use std::cell::Cell;

use super::code::{Call, Expr, ExprId, FunctionId, Program};
use crate::model::{RelPath, Span};
use foldhash::HashMap;

/// Methods of routers, by the last part of what is called.
const VERBS: &[&[u8]] = &[b"get", b"post", b"put", b"patch", b"delete", b"all"];
/// What functions are called in the files of routes.
const METHODS: &[&[u8]] = &[b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"ALL"];
/// Functions that only say that their argument answers requests.
const DEFINING: &[&[u8]] = &[b"defineEventHandler", b"eventHandler", b"defineHandler"];
/// What pretends to be a server in tests, or asks one: `http.post("/x", () => HttpResponse.json(…))`.
const NO_SERVERS: &[&[u8]] = &[
    b"axios",
    b"fetchMock",
    b"http",
    b"mock",
    b"mockServer",
    b"msw",
    b"nock",
    b"request",
    b"rest",
];
/// Routes of one program: more than people write.
const MOST: usize = 2_000;

/// Bindings that are passed for one program, to follow names: a router of 1000 routes in a file of 1000 bindings takes a million.
const LOOKS: usize = 20_000_000;

/// A function that answers requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The path of the request: as it is written, or the file's own from the folder of routes on.
    pub path: Box<[u8]>,
    /// Where that is said: the literal, or the name of what the file hands out.
    pub at: Span,
    /// What answers.
    pub handler: FunctionId,
    /// What stands between the path and the handler, or around the handler: it may refuse before the handler runs.
    pub before: Box<[ExprId]>,
}

/// The routes of `program`, which `text` in the file at `file` states; in the order of the text.
pub fn routes(file: &RelPath, text: &[u8], program: &Program) -> Vec<Route> {
    let reader = Reader::new(text, program);
    let calls = program.calls.iter().filter_map(|call| reader.of_call(call));
    let mut routes: Vec<Route> = calls.take(MOST).collect();
    if let Some(place) = Place::of(file) {
        routes.extend(reader.of_file(&place));
    }
    routes
}

/// A file whose functions answer requests.
struct Place<'f> {
    path: &'f [u8],
    /// Its default export answers; functions named by methods do otherwise.
    default: bool,
}

impl<'f> Place<'f> {
    fn of(file: &'f RelPath) -> Option<Self> {
        let whole = file.as_bytes();
        let stem = |name: &'f [u8]| memchr::memchr(b'.', name).map_or(name, |at| &name[..at]);
        let below = |folder: &[u8]| {
            let at = memchr::memmem::find(whole, folder)?;
            (at == 0 || whole[at - 1] == b'/').then(|| &whole[at + folder.len() - 1..])
        };
        let script = [&b".ts"[..], b".js", b".tsx", b".jsx", b".mjs"]
            .iter()
            .any(|end| whole.ends_with(end));
        if !script {
            return None;
        }
        let named = |folder: &[u8]| below(folder).map(|path| (path, false));
        let (path, default) = if stem(file.name()) == b"route" {
            named(b"app/")?
        } else if file.name().starts_with(b"+server.") {
            named(b"routes/")?
        } else {
            let default = |folder: &[u8]| below(folder).map(|path| (path, true));
            default(b"pages/api/")
                .or_else(|| default(b"server/api/"))
                .or_else(|| default(b"server/routes/"))?
        };
        Some(Self { path, default })
    }
}

struct Reader<'p> {
    text: &'p [u8],
    program: &'p Program,
    /// The functions of the file by their names.
    named: HashMap<&'p [u8], FunctionId>,
    /// What may still be looked at.
    left: Cell<usize>,
}

impl<'p> Reader<'p> {
    fn new(text: &'p [u8], program: &'p Program) -> Self {
        let word = |span: Span| text.get(span.range()).unwrap_or_default();
        let mut named = HashMap::default();
        for (function, id) in program.functions.iter().zip(0..).skip(1) {
            if let Some(name) = function
                .name
                .filter(|_| function.outer == FunctionId::default())
            {
                named.entry(word(name)).or_insert(FunctionId(id));
            }
        }
        Self {
            text,
            program,
            named,
            left: Cell::new(LOOKS),
        }
    }

    fn word(&self, span: Span) -> &'p [u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// `app.post("/x", …, f)`, `router.route("/x").post(…, f)`.
    fn of_call(&self, call: &'p Call) -> Option<Route> {
        let verb = self.word(*call.callee.last()?);
        if !VERBS.contains(&verb) {
            return None;
        }
        let (at, path, rest) = match (call.on, call.callee.len()) {
            (None, 2..) if !NO_SERVERS.contains(&self.word(call.callee[0])) => {
                let (first, rest) = call.args.split_first()?;
                let (at, path) = self.path(*first)?;
                (at, path, rest)
            }
            (Some(on), _) => {
                let (at, path) = self.chained(on)?;
                (at, path, &call.args[..])
            }
            _ => return None,
        };
        let (last, before) = rest.split_last()?;
        let handler = self.function(*last, call.function)?;
        Some(Route {
            path: path.into(),
            at,
            handler,
            before: before.into(),
        })
    }

    /// The path that `route("/x")` is given, through the calls of a chain.
    fn chained(&self, on: ExprId) -> Option<(Span, &'p [u8])> {
        /// Methods of one route.
        const CHAIN: usize = 8;
        let mut on = on;
        for _ in 0..CHAIN {
            let Expr::Call(index) = self.program.node(on).expr else {
                return None;
            };
            let call = &self.program.calls[index];
            if self.word(*call.callee.last()?) == b"route" {
                return self.path(*call.args.first()?);
            }
            on = call.on?;
        }
        None
    }

    /// A literal that begins as paths of requests do.
    fn path(&self, id: ExprId) -> Option<(Span, &'p [u8])> {
        let node = self.program.node(id);
        let text = match &node.expr {
            Expr::Text(Some(value)) => value,
            Expr::Text(None) => self.word(node.span),
            // Of a list of paths the first speaks for all.
            Expr::List(several) => match several.first() {
                Some(&first) if matches!(self.program.node(first).expr, Expr::Text(_)) => {
                    return self.path(first);
                }
                _ => return None,
            },
            _ => return None,
        };
        text.starts_with(b"/").then_some((node.span, text))
    }

    /// The functions of a file that its framework calls.
    fn of_file(&self, place: &Place<'_>) -> Vec<Route> {
        let route = |at: Span, handler, before: &[ExprId]| Route {
            path: place.path.into(),
            at,
            handler,
            before: before.into(),
        };
        let mut routes = Vec::new();
        for binding in &self.program.bindings {
            let [.., name] = binding.target[..] else {
                continue;
            };
            let word = self.word(name);
            let answers = match place.default {
                true => matches!(word, b"default" | b"exports" | b"export"),
                false => METHODS.contains(&word),
            };
            if !answers || routes.len() >= MOST || binding.function != FunctionId::default() {
                continue;
            }
            if let Some(handler) = self.function(binding.value, binding.function) {
                routes.push(route(name, handler, &[]));
            } else if let Some((handler, around)) = self.wrapped(binding.value, binding.function) {
                routes.push(route(name, handler, around.as_slice()));
            }
        }
        let functions = self.program.functions.iter().enumerate().skip(1);
        for (i, function) in
            functions.filter(|(_, f)| f.exported && f.outer == FunctionId::default())
        {
            let id = FunctionId(u32::try_from(i).unwrap_or_default());
            let named = function
                .name
                .is_some_and(|n| METHODS.contains(&self.word(n)));
            if (place.default || named)
                && routes.len() < MOST
                && !routes.iter().any(|r| r.handler == id)
            {
                let start = function.span.start;
                let at = function.name.unwrap_or(Span::new(start, start));
                routes.push(route(at, id, &[]));
            }
        }
        routes
    }

    /// The function that a call is given, with the call where that may do more than define it: `withAuth(async (req) => …)`.
    fn wrapped(&self, id: ExprId, function: FunctionId) -> Option<(FunctionId, Vec<ExprId>)> {
        let Expr::Call(index) = self.program.node(id).expr else {
            return None;
        };
        let call = &self.program.calls[index];
        let handler = call
            .args
            .iter()
            .find_map(|&arg| self.function(arg, function))?;
        let defines = call
            .callee
            .last()
            .is_some_and(|&n| DEFINING.contains(&self.word(n)));
        Some((handler, if defines { Vec::new() } else { vec![id] }))
    }

    /// The function that stands at `id`, or that the name there has in this file.
    fn function(&self, id: ExprId, within: FunctionId) -> Option<FunctionId> {
        // To follow a name passes all bindings.
        let cost = 1 + self.program.bindings.len();
        let left = self.left.get().checked_sub(cost)?;
        self.left.set(left);
        let id = self.program.resolve(self.text, id, within);
        match &self.program.node(id).expr {
            Expr::Function(function) => Some(*function),
            Expr::Path { parts, on: None } => {
                let [name] = parts[..] else { return None };
                self.named.get(self.word(name)).copied()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::program;
    use super::*;

    /// Path, handler's first 12 bytes and the number of things before it.
    fn read(file: &str, text: &str) -> Vec<(String, String, usize)> {
        let file = RelPath::from(file);
        let program = program(&file, text.as_bytes()).expect("a program");
        let told = |route: Route| {
            let span = program.function(route.handler).span;
            let handler = text[span.range()].chars().take(12).collect();
            let path = String::from_utf8_lossy(&route.path).into_owned();
            assert!(text.get(route.at.range()).is_some());
            (path, handler, route.before.len())
        };
        let routes = routes(&file, text.as_bytes(), &program);
        routes.into_iter().map(told).collect()
    }

    fn is(file: &str, text: &str, wanted: &[(&str, &str, usize)]) {
        let found = read(file, text);
        let found: Vec<_> = found.iter().map(|(p, h, n)| (&**p, &**h, *n)).collect();
        assert_eq!(found, wanted, "{file}: {text}");
    }

    #[test]
    fn a_router_is_given_paths_and_functions() {
        is(
            "a.js",
            "app.post('/x', (req, res) => 1)",
            &[("/x", "(req, res) =", 0)],
        );
        is(
            "a.js",
            "app.get('/x', auth, limit(3), function f() {})",
            &[("/x", "function f()", 2)],
        );
        is(
            "a.js",
            "fastify.post('/x', { schema }, async () => 1)",
            &[("/x", "async () => ", 1)],
        );
        is(
            "a.js",
            "router.route('/x').get(list).post(auth, () => 2)",
            &[("/x", "() => 2", 1)],
        );
        is(
            "a.js",
            "this.app.get(['/a', '/b'], () => 1)",
            &[("/a", "() => 1", 0)],
        );
    }

    #[test]
    fn names_are_followed_within_the_file() {
        is(
            "a.js",
            "const f = () => 1; app.put('/x', f)",
            &[("/x", "() => 1", 0)],
        );
        is(
            "a.js",
            "app.put('/x', f); function f() {}",
            &[("/x", "function f()", 0)],
        );
        is(
            "a.js",
            "app.put('/x', controller.f); import { g } from './g'; app.put('/y', g)",
            &[],
        );
    }

    #[test]
    fn a_hostile_program_costs_no_more_than_others() {
        let mut text = "app.get('/x', f);".repeat(20_000);
        text.push_str(&"let a = b;".repeat(20_000));
        assert!(read("a.js", &text).is_empty());
        let text = "app.get('/x', () => 1);".repeat(MOST + 7);
        assert_eq!(read("a.js", &text).len(), MOST);
    }

    #[test]
    fn what_asks_or_pretends_is_no_server() {
        for text in [
            "axios.post('/x', () => 1)",
            "http.post('/x', () => 1)",
            "map.get('x', () => 1)",
            "cache.get('/x')",
            "get('/x', () => 1)",
            "app.listen('/x', () => 1)",
        ] {
            is("a.js", text, &[]);
        }
    }

    #[test]
    fn frameworks_look_by_file() {
        let post = "export async function POST(req) {} export function helper() {}";
        is(
            "app/api/token/route.ts",
            post,
            &[("/api/token/route.ts", "async functi", 0)],
        );
        is(
            "web/src/app/a/route.js",
            "export const GET = () => 1",
            &[("/a/route.js", "() => 1", 0)],
        );
        is(
            "app/a/route.ts",
            "export const GET = withAuth(async () => 1)",
            &[("/a/route.ts", "async () => ", 1)],
        );
        is(
            "src/routes/x/+server.ts",
            post,
            &[("/x/+server.ts", "async functi", 0)],
        );
        let default = "export default async (req, res) => 1";
        is(
            "pages/api/token.ts",
            default,
            &[("/token.ts", "async (req, ", 0)],
        );
        is(
            "pages/api/a.js",
            "export default function handler(req, res) {}",
            &[("/a.js", "function han", 0)],
        );
        is(
            "pages/api/a.js",
            "async function handler(q, s) {} export default handler",
            &[("/a.js", "async functi", 0)],
        );
        is(
            "server/api/t.ts",
            "export default defineEventHandler(() => 1)",
            &[("/t.ts", "() => 1", 0)],
        );
        is("src/a.ts", post, &[]);
        is("pages/token.tsx", default, &[]);
        is("myapp/a/route.ts", post, &[]);
    }
}
