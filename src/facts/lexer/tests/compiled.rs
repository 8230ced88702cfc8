//! A table for each language whose programs are compiled.

use super::{Language, state};

#[test]
fn go() {
    state(
        Language::Go,
        &[
            (
                "s, err := tok.SignedString([]byte(\"k\"))",
                &["s = tok.SignedString(byte(\"k\"))"],
            ),
            (
                "http.SetCookie(w, &http.Cookie{Name: \"t\", Secure: true, Value: v})",
                &["http.SetCookie(w, new http.Cookie(Name: \"t\", Secure: true, Value: v))"],
            ),
            (
                "const (\n  A = \"x\"\n  B string = `y\\n`\n)\nvar c, d string = \"one\", \"two\"\ncfg.ClientSecret = \"v1\"\nm := map[string]string{\"k\": \"v\"}\nl := []string{\"a\", b}",
                &[
                    "const A = \"x\"",
                    "const B = \"y\\n\"",
                    "c = \"one\"",
                    "d = \"two\"",
                    "cfg.ClientSecret = \"v1\"",
                    "m = {k: \"v\"}",
                    "l = [\"a\", b]",
                ],
            ),
            (
                "a := os.Getenv(\"A\")\nif a == \"\" {\n  a = \"d\"\n}\nif b := os.Getenv(\"B\"); b != \"\" { f(b) }",
                &[
                    "f(b)",
                    "a = os.Getenv(\"A\")",
                    "a = \"d\"",
                    "b = os.Getenv(\"B\")",
                    "env A or \"d\" guarded",
                    "env B guarded",
                ],
            ),
            (
                "package main\nimport \"os\"\nimport (\n  j \"github.com/x/jwt/v5\"\n  _ \"y\"\n)",
                &[
                    "import os (* as os)",
                    "import github.com/x/jwt/v5 (* as j)",
                    "import y (* as _)",
                ],
            ),
            (
                "func (s *S) Run(w http.ResponseWriter, a, b string) (string, error) {\n  go func(x int) { g(x) }(1)\n  for i, v := range list {\n    h(v)\n  }\n  return fmt.Sprintf(\"%s\", token), nil\n}",
                &[
                    "g(x)",
                    "h(v)",
                    "fmt.Sprintf(\"%s\", token)",
                    "i = list",
                    "fn Run(w, a, b)",
                    "fn Run/_(x)",
                ],
            ),
            (
                "type T struct {\n  A string `json:\"a\"`\n}\nx := T{A: \"v1\"}\nr := '\\''\nif x.A == y { z() }",
                &["z()", "x = new T(A: \"v1\")", "r = \"'\""],
            ),
        ],
    );
}

#[test]
fn java() {
    state(
        Language::Java,
        &[
            (
                "class A {\n  private static final String K = \"v1\";\n  private Map<String, List<String>> m = new HashMap<>();\n  byte[] b = \"k\".getBytes();\n}",
                &[
                    "const K = \"v1\"",
                    "m = new HashMap()",
                    "b = \"k\".getBytes()",
                ],
            ),
            (
                "return JWT.create().withIssuer(\"i\").sign(Algorithm.HMAC256(\"k\"));",
                &["JWT.create().withIssuer(\"i\").sign(Algorithm.HMAC256(\"k\"))"],
            ),
            (
                "ResponseCookie c = ResponseCookie.from(\"t\", v)\n  .httpOnly(true)\n  .secure(false)\n  .build();",
                &["c = ResponseCookie.from(\"t\", v).httpOnly(true).secure(false).build()"],
            ),
            (
                "@RestController\nclass C {\n  @Value(\"${x.y:d}\") private String s;\n  @PostMapping(value = \"/x\")\n  public String login(@RequestParam(\"t\") String token, final Map<String, String> m) throws E {\n    log.info(\"t \" + token);\n    if (a.isEmpty()) { return null; }\n    list.forEach(x -> f(x));\n  }\n  C(String q) { this.q = q; }\n}",
                &[
                    "RestController()",
                    "Value(\"${x.y:d}\")",
                    "PostMapping(value: \"/x\")",
                    "RequestParam(\"t\")",
                    "log.info((\"t \" + token))",
                    "a.isEmpty()",
                    "list.forEach(fn)",
                    "f(x)",
                    "this.q = q",
                    "env x.y or \"d\"",
                    "fn login(token, m)",
                    "fn login/_(x)",
                    "fn C(q)",
                ],
            ),
            (
                "String a = System.getenv(\"A\");\nString e = e ? System.getenv(\"E\") : \"d\";\nString b = a != null ? a : \"d\";\nvar c = Optional.ofNullable(System.getenv(\"C\")).orElse(\"d\");\nString t = \"\"\"\n  x \"y\" z\"\"\";",
                &[
                    "a = System.getenv(\"A\")",
                    "e = (System.getenv(\"E\") | \"d\")",
                    "b = (a | \"d\")",
                    "c = Optional.ofNullable(System.getenv(\"C\")).orElse(\"d\")",
                    "t = \"\n  x \"y\" z\"",
                    "env A",
                    "env E or \"d\"",
                    "env C or \"d\"",
                ],
            ),
            (
                "import java.util.*;\nimport static a.b.C.d;\nchar q = '\"'; /* f(\"no\") */ g((String) h, (int) 1);",
                &[
                    "g(h, 1)",
                    "q = \"\"\"",
                    "import java.util. ()",
                    "import a.b.C.d (d)",
                ],
            ),
        ],
    );
}

#[test]
fn kotlin() {
    state(
        Language::Kotlin,
        &[
            (
                "private const val K: String = \"v1\"\nval u = \"a $token ${x.y(\"z\")} \\$\"\nval m = mapOf(\"k\" to v)\nval d = System.getenv(\"D\") ?: \"d\"\nval e = System.getenv(\"E\") ?: throw X()\nval r = \"\"\"a \"b\" $c\"\"\"",
                &[
                    "X()",
                    "const K = \"v1\"",
                    "const u = (\"a \" + token + \" \" + x.y(\"z\") + \" $\")",
                    "const m = mapOf({k: v})",
                    "const d = (System.getenv(\"D\") | \"d\")",
                    "const e = System.getenv(\"E\")",
                    "const r = (\"a \"b\" \" + c)",
                    "env D or \"d\"",
                    "env E guarded",
                ],
            ),
            (
                "class A(private val s: String = \"v1\") : B(s) {\n  @Get(\"/x\")\n  override fun f(a: Map<String, Int>, b: String): String = g(a) { h(it) }\n  fun i() {\n    list.map { x, y -> j(x) }\n    if (a.isEmpty()) k() else l()\n    n(name = \"t\", secure = true)\n  }\n}",
                &[
                    "Get(\"/x\")",
                    "g(a, fn)",
                    "h(it)",
                    "list.map(fn)",
                    "j(x)",
                    "a.isEmpty()",
                    "k()",
                    "l()",
                    "n(name: \"t\", secure: true)",
                    "s = \"v1\"",
                    "fn f(a, b)",
                    "fn f/_()",
                    "fn i()",
                    "fn i/_(x, y)",
                ],
            ),
            (
                "import a.b.C as D\nimport e.*\n/* a /* b */ f() */ val x = if (c) \"a\" else \"b\"",
                &[
                    "const x = (\"a\" | \"b\")",
                    "import a.b.C (C as D)",
                    "import e. ()",
                ],
            ),
        ],
    );
}

#[test]
fn scala() {
    state(
        Language::Scala,
        &[
            (
                "private val k: String = \"v1\"\nval u = s\"a $token ${x.y(\"z\")} b\"\nval n = \"a $token\"\nval r = \"\"\"a \"b\" \\ c\"\"\"\nval m = Map(\"k\" -> v)\nval c = 'x'\nval t = Symbol('y, k)",
                &[
                    "const k = \"v1\"",
                    "const u = (\"a \" + token + \" \" + x.y(\"z\") + \" b\")",
                    "const n = \"a $token\"",
                    "const r = \"a \"b\" \\ c\"",
                    "const m = Map({k: v})",
                    "const c = \"x\"",
                    "const t = Symbol(_, k)",
                ],
            ),
            (
                "val d = sys.env.getOrElse(\"D\", \"d\")\nval e = sys.env.get(\"E\").getOrElse(\"e\")\nval f = sys.env(\"F\")\nval g = Option(System.getenv(\"G\"))",
                &[
                    "const d = sys.env.getOrElse(\"D\", \"d\")",
                    "const e = sys.env.get(\"E\").getOrElse(\"e\")",
                    "const f = sys.env(\"F\")",
                    "const g = Option(System.getenv(\"G\"))",
                    "env D or \"d\"",
                    "env E or \"e\"",
                    "env F guarded",
                    "env G",
                ],
            ),
            (
                "case class A[T](s: String = \"v1\", n: Int) extends B(s) with C {\n  @get(\"/x\")\n  override def f[A](a: Map[String, Int], b: String)(implicit c: D): String = g[T](a) { x => h(x) }\n  def i = {\n    list.map((x, y) => j(x))\n    if (a.isEmpty) k() else l()\n    n(name = \"t\", secure = true)\n  }\n}",
                &[
                    "get(\"/x\")",
                    "g(a, fn)",
                    "h(x)",
                    "list.map(fn)",
                    "j(x)",
                    "k()",
                    "l()",
                    "n(name: \"t\", secure: true)",
                    "s = \"v1\"",
                    "fn f(a, b)",
                    "fn f/_()",
                    "fn _(x)",
                    "fn i()",
                    "fn i/_(x, y)",
                ],
            ),
            // What a match gives is none of what it looks at.
            (
                "import a.b.{C, D => E}\nimport e._\n/* a /* b */ f() */ val x = if (c) \"a\" else \"b\"\nval y = k match { case None => \"d\" }\nk match {\n  case Some(v) => v\n  case None => g(\"d\")\n}\nval z = o getOrElse \"v1\"",
                &[
                    "Some(v)",
                    "g(\"d\")",
                    "const x = (\"a\" | \"b\")",
                    "const y = _",
                    "const z = _",
                    "import a.b. (C, D as E)",
                    "import e._ ()",
                ],
            ),
        ],
    );
}

#[test]
fn csharp() {
    state(
        Language::CSharp,
        &[
            (
                "#region x'\nvar key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(\"k\"));\n#endregion\nprivate const string A = @\"a\\\"\"b\";\npublic string? B { get; set; } = \"v1\";\npublic string P => \"v2\";",
                &[
                    "key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(\"k\"))",
                    "const A = \"a\\\"b\"",
                    "B = \"v1\"",
                    "P = \"v2\"",
                ],
            ),
            (
                "_log.Info($\"t={token:N} {{x}} {a.B(\"c\")}\");\nvar r = \"\"\"a \"b\" c\"\"\";\nvar v = $@\"\\{x}\";",
                &[
                    "_log.Info((\"t=\" + token + \" {{x}} \" + a.B(\"c\")))",
                    "r = \"a \"b\" c\"",
                    "v = (\"\\\" + x)",
                ],
            ),
            (
                "var a = Environment.GetEnvironmentVariable(\"A\") ?? \"d\";\nvar b = Environment.GetEnvironmentVariable(\"B\") ?? throw new E(\"no\");",
                &[
                    "new E(\"no\")",
                    "a = (Environment.GetEnvironmentVariable(\"A\") | \"d\")",
                    "b = Environment.GetEnvironmentVariable(\"B\")",
                    "env A or \"d\"",
                    "env B guarded",
                ],
            ),
            (
                "using System.Text;\nusing J = A.B;\nnamespace N;\n[ApiController]\nclass C : D {\n  [HttpPost(\"x\", Name = \"n\")]\n  public async Task<IActionResult> Login([FromQuery] string token, int n = 3) {\n    Response.Cookies.Append(\"t\", token, new CookieOptions { HttpOnly = true, Secure = false });\n    using var x = F();\n    list.Select(i => G(i)); var d = new Dictionary<string, string> { { \"k\", v }, [\"l\"] = w };\n  }\n}",
                &[
                    "ApiController()",
                    "HttpPost(\"x\", Name: \"n\")",
                    "FromQuery()",
                    "Response.Cookies.Append(\"t\", token, new CookieOptions(HttpOnly: true, Secure: false))",
                    "list.Select(fn)",
                    "G(i)",
                    "n = 3",
                    "x = F()",
                    "d = new Dictionary(k: v, l: w)",
                    "import System.Text (* as Text)",
                    "import A.B (* as J)",
                    "fn Login(token, n)",
                    "fn Login/_(i)",
                ],
            ),
        ],
    );
}

#[test]
fn rust() {
    state(
        Language::Rust,
        &[
            (
                "const X: &str = \"v1\";\nlet k = b\"v2\".to_vec(); let s = String::from(\"k\"); let r = r#\"a\"b\"#;\nself.secret = \"v3\".to_string();",
                &[
                    "const X = \"v1\"",
                    "k = \"v2\".to_vec()",
                    "s = String.from(\"k\")",
                    "r = \"a\"b\"",
                    "self.secret = \"v3\".to_string()",
                ],
            ),
            (
                "let u = format!(\"t {token} {{x}} {}\", y); println!(\"{u}\"); let c: Vec<&'a str> = vec![\"a\", 'b'];",
                &[
                    "println((\"{u}\" + u))",
                    "u = ((\"t {token} {{x}} {}\" + token) + y)",
                    "c = vec(\"a\", \"b\")",
                ],
            ),
            (
                "#[cfg(test)]\nmod tests { fn t() { f(1) } }\n#[cfg(unix)]\nmod u { g(2) }",
                &["cfg(test)", "cfg(unix)", "g(2)"],
            ),
            (
                "info!(user = %u, key = ?k, %id, \"x\");",
                &["info(id, \"x\", user: u, key: k)"],
            ),
            (
                "let a = std::env::var(\"A\").unwrap_or(\"d\".into());\nlet b = env::var(\"B\").unwrap_or_else(|_| \"d\".to_string());\nlet c = env!(\"C\"); let d = env::var(\"D\")?;",
                &[
                    "\"d\".to_string()",
                    "a = std.env.var(\"A\").unwrap_or(\"d\".into())",
                    "b = env.var(\"B\").unwrap_or_else(fn)",
                    "c = env(\"C\")",
                    "d = env.var(\"D\")",
                    "env A or \"d\".into()",
                    "env B or \"d\".to_string()",
                    "env C guarded",
                    "env D guarded",
                    "fn _(_)",
                ],
            ),
            (
                "use a::b::{c, d as e, f::{g}};\n#[get(\"/x\")]\npub async fn login<T: Into<String>>(a: &str, mut b: Vec<T>) -> Result<(), E> where T: X {\n  if x.is_empty() { return; }\n  match y { Some(z) => f(z), A::B { q, .. } => g(q) }\n  let t = Token { secret: \"v1\", exp };\n}",
                &[
                    "get(\"/x\")",
                    "x.is_empty()",
                    "Some(z)",
                    "f(z)",
                    "new A.B(q, _)",
                    "g(q)",
                    "t = new Token(exp, secret: \"v1\")",
                    "import a::b:: (c, d as e, g)",
                    "fn login(a, b)",
                ],
            ),
        ],
    );
}

#[test]
fn swift() {
    state(
        Language::Swift,
        &[
            (
                "let x: String = \"a \\(b.c) \\(d(\"e\"))\"\nprivate static let k = #\"v\\1\"#\nlet m: [String: String] = [\"k\": v]\nvar p: Int { return q() }",
                &[
                    "q()",
                    "const x = (\"a \" + b.c + \" \" + d(\"e\"))",
                    "const k = \"v\\1\"",
                    "const m = {k: v}",
                ],
            ),
            (
                "import Foundation\n@objc func f(_ a: String, with b: Int = 3) -> String {\n  guard let t = ProcessInfo.processInfo.environment[\"X\"] else { fatalError(\"no\") }\n  UserDefaults.standard.set(t, forKey: \"k\")\n  list.map { (y) in g(y) }\n  let u = ProcessInfo.processInfo.environment[\"U\"] ?? \"d\"\n  if a.isEmpty { h() }\n}",
                &[
                    "objc()",
                    "fatalError(\"no\")",
                    "UserDefaults.standard.set(t, forKey: \"k\")",
                    "list.map(fn)",
                    "g(y)",
                    "h()",
                    "b = 3",
                    "t = ProcessInfo.processInfo.environment.X",
                    "const u = (ProcessInfo.processInfo.environment.U | \"d\")",
                    "env X guarded",
                    "env U or \"d\"",
                    "import Foundation (* as Foundation)",
                    "fn f(a, b)",
                    "fn f/_(y)",
                ],
            ),
        ],
    );
}
