//! A table for each language.

use super::{Language, state};

#[test]
fn python() {
    state(
        Language::Python,
        &[
            (
                r#"jwt.encode({"sub": u, **rest}, "k", algorithm="HS256")"#,
                &[r#"jwt.encode({sub: u, ...rest}, "k", algorithm: "HS256")"#],
            ),
            (
                "app.config[\"SECRET_KEY\"] = \"dev\"\nself.secret = b'v1'\nKEY: str = r'a\\b'\na = c = 'v1'\nx, y = 'one', 2\n",
                &[
                    "app.config.SECRET_KEY = \"dev\"",
                    "self.secret = \"v1\"",
                    "KEY = \"a\\b\"",
                    "a = \"v1\"",
                    "c = \"v1\"",
                    "x = \"one\"",
                    "y = 2",
                ],
            ),
            (
                "log.info(f\"t={token!r:>10} {{x}} {a['b']}\")\nx = 'a' 'b'\ny = 'k %s' % token\nz = a + 'b' + c",
                &[
                    "log.info((\"t=\" + token + \" {{x}} \" + a.b))",
                    "x = (\"a\" + \"b\")",
                    "y = (\"k %s\" + token)",
                    "z = (a + \"b\" + c)",
                ],
            ),
            (
                "x = a or 'v1'\ny = a if c else 'b'\nz = not a\nw = len(a)\nv = a == b\nu = t[:4]\nt = \"\"\"a\n'b\"\"\"",
                &[
                    "x = (a | \"v1\")",
                    "y = (a | \"b\")",
                    "z = ?",
                    "w = ?",
                    "v = ?",
                    "u = ?",
                    "t = \"a\n'b\"",
                ],
            ),
            (
                "a = os.environ['A']\nb = os.environ.get(\"B\", 'd')\nc = os.getenv('C') or 'd'\nd = os.getenv('D')\nif not d:\n    raise X\ne = config('E', default='d')\nos.environ['F'] = 'v1'",
                &[
                    "a = os.environ.A",
                    "b = os.environ.get(\"B\", \"d\")",
                    "c = (os.getenv(\"C\") | \"d\")",
                    "d = os.getenv(\"D\")",
                    "e = config(\"E\", default: \"d\")",
                    "os.environ.F = \"v1\"",
                    "env A guarded",
                    "env B or \"d\"",
                    "env C or \"d\"",
                    "env D guarded",
                    "env E or \"d\"",
                ],
            ),
            (
                "import jwt, os.path as p\nfrom .a import b as c, d\nfrom x import (\n  y,\n  z,\n)",
                &[
                    "import jwt (* as jwt)",
                    "import os.path (* as p)",
                    "import .a (b as c, d)",
                    "import x (y, z)",
                ],
            ),
            (
                "@app.route('/x', methods=['GET'])\n@login_required\ndef f(a, *b, c: str = 'v1', **d) -> str:\n    # g('no')\n    def h(x):\n        return i(x)\n    j(a)\nk(1)\nw = lambda q: q",
                &[
                    "app.route(\"/x\", methods: [\"GET\"])",
                    "login_required()",
                    "i(x)",
                    "j(a)",
                    "k(1)",
                    "c = \"v1\"",
                    "w = fn",
                    "fn f(a, b, c, d)",
                    "fn f/h(x)",
                    "fn _(q)",
                ],
            ),
            ("f(a, *b, c=1, **d)", &["f(a, b, {...d}, c: 1)"]),
            (
                "response.set_cookie(\n  't', v,\n  httponly=True,\n)\nx = [f(y) for y in z if y]",
                &[
                    "response.set_cookie(\"t\", v, httponly: true)",
                    "x = [f(y)]",
                ],
            ),
        ],
    );
}

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
fn ruby() {
    state(
        Language::Ruby,
        &[
            (
                "cookies[:t] = { value: x, httponly: true }\nrender json: { token: t }, status: 200\nlogger.info \"x #{token} #{a[\"b\"]}\"\nputs token\nf(:a, \"k\" => v, :l => 'it\\'s')\nputs [1]",
                &[
                    "render(json: {token: t}, status: 200)",
                    "logger.info((\"x \" + token + \" \" + a.b))",
                    "puts(token)",
                    "f(\"a\", k: v, l: \"it's\")",
                    "puts([1])",
                    "cookies.t = {value: x, httponly: true}",
                ],
            ),
            (
                "A = ENV[\"A\"] || \"d\"\nb = ENV.fetch('B')\nc = ENV.fetch(\"C\", \"d\")\nd = ENV.fetch(\"D\") { \"d\" }\ne = ENV['E'] or raise \"no\"\nf = ENV['F'] if g",
                &[
                    "raise(\"no\")",
                    "const A = (ENV.A | \"d\")",
                    "b = ENV.fetch(\"B\")",
                    "c = ENV.fetch(\"C\", \"d\")",
                    "d = ENV.fetch(\"D\", fn)",
                    "e = ENV.E",
                    "f = ENV.F",
                    "env A or \"d\"",
                    "env B guarded",
                    "env C or \"d\"",
                    "env D or \"d\"",
                    "env E guarded",
                    "env F",
                    "fn _()",
                ],
            ),
            (
                "require 'jwt'\nclass A < B\n  before_action :x, only: [:y]\n  def login(a, b = 'v1', c: 2)\n    @s ||= \"v2\"\n    x = y / 2; z = s.split(/[\"']/)\n    return if a.nil?\n    items.each do |i|\n      p i\n    end\n  end\n  def g = h(1)\n  private def k; end\n  def l\n    m(1)\n  end\nend\nn(2)",
                &[
                    "require(\"jwt\")",
                    "before_action(\"x\", only: [\"y\"])",
                    "p(i)",
                    "h(1)",
                    "m(1)",
                    "n(2)",
                    "b = \"v1\"",
                    "c = 2",
                    "@s = \"v2\"",
                    "x = _",
                    "z = s.split(_)",
                    "import jwt ()",
                    "fn login(a, b, c)",
                    "fn g()",
                    "fn k()",
                    "fn l()",
                ],
            ),
            (
                "$a = 'v1'\n$stdout.puts $a\nb = $1",
                &["$stdout.puts($a)", "$a = \"v1\"", "b = $1"],
            ),
            (
                "A = 'v1'.freeze\nlogger.info token.inspect\nx.warn { \"k #{y}\" }\nb = ENV['B'].to_s || 'd'\nc = to_s\nd = ENV['D'] ? ENV['D'] : 'd'",
                &[
                    "logger.info(token)",
                    "x.warn(fn, (\"k \" + y))",
                    "const A = \"v1\"",
                    "b = (ENV.B | \"d\")",
                    "c = to_s",
                    "d = (ENV.D | \"d\")",
                    "env B or \"d\"",
                    "env D",
                    "env D or \"d\"",
                    "fn _()",
                ],
            ),
            (
                "f \"#{$?} x\"\nR = /\n  ['\"] # it's\n/x\n%x{#{a} 'b' {}}\ng h / 2",
                &["f(($? + \" x\"))", "g(_)", "const R = _"],
            ),
            (
                "a = <<~X.strip + b\n  one #{two(\"X\")}\n  X y\nX\nc = %w[a b]\nd = %q(it's (so))\ne = \"k %s\" % t\n=begin\nf(1)\n=end\ng = t[0..3]\nh = a ? b : c\n__END__\ni(1)",
                &[
                    "two(\"X\")",
                    "a = ((\"  one \" + two(\"X\") + \"\n  X y\") + b)",
                    "c = _",
                    "d = \"it's (so)\"",
                    "e = (\"k %s\" + t)",
                    "g = ?",
                    "h = (b | c)",
                ],
            ),
        ],
    );
}

#[test]
fn php() {
    state(
        Language::Php,
        &[
            (
                "<p>don't f(1)</p><?php setcookie(\"t\", $t, [\"secure\" => true]); ?> it's <?= $x->y($z) ?>",
                &["setcookie(\"t\", t, {secure: true})", "x.y(z)"],
            ),
            (
                "<?php\ndefine('X', 'v1');\nconst Y = 'it\\'s';\nclass A {\n  private $k = 'v1'; const Z = \"v2\"; public ?string $n = null;\n  public function f(string $a, $b = 'v3'): string { $this->s = \"x $a {$b->c} $d[e] $g->h\"; return A::m('q' . $a); }\n}",
                &[
                    "define(\"X\", \"v1\")",
                    "A.m((\"q\" + a))",
                    "const Y = \"it's\"",
                    "k = \"v1\"",
                    "const Z = \"v2\"",
                    "n = null",
                    "b = \"v3\"",
                    "this.s = (\"x \" + a + \" \" + b.c + \" \" + d.e + \" \" + g.h)",
                    "fn f(a, b)",
                ],
            ),
            (
                "<?php $a = getenv('A') ?: 'd'; $b = env('B', 'd'); $c = $_ENV['C'] ?? 'd'; # g(1)\n$d = <<<X\n  v $a\n  X;\n$e = fn($x) => h($x); $f = function ($y) use ($z) { i($y); }; #[Route(\"/x\")]\nfunction j() {} echo $t, 'u';",
                &[
                    "h(x)",
                    "i(y)",
                    "Route(\"/x\")",
                    "echo(t, \"u\")",
                    "a = (getenv(\"A\") | \"d\")",
                    "b = env(\"B\", \"d\")",
                    "c = (_ENV.C | \"d\")",
                    "d = (\"  v \" + a)",
                    "e = fn",
                    "f = fn",
                    "env A or \"d\"",
                    "env B or \"d\"",
                    "env C or \"d\"",
                    "fn _(x)",
                    "fn _(y)",
                    "fn j()",
                ],
            ),
            (
                "<?php f(array('a' => 1, 'b' => array(2)), array());",
                &["f({a: 1, b: [2]}, [])"],
            ),
            (
                "<?php throw new \\A\\B(\"x\" . $t); $a = new \\C; $b = isset($_ENV['B']) ? $_ENV['B'] : 'd';",
                &[
                    "new A.B((\"x\" + t))",
                    "a = new C()",
                    "b = (_ENV.B | \"d\")",
                    "env B",
                    "env B or \"d\"",
                ],
            ),
            (
                "<?php use A\\B as C; use D\\{E, F as G}; foo(secure: true, b: 1);",
                &[
                    "foo(secure: true, b: 1)",
                    "import A\\B (B as C)",
                    "import D\\ (E, F as G)",
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

#[test]
fn javascript() {
    state(
        Language::JavaScript,
        &[(
            "import a, { b as c } from 'm'\nconst d = require(\"n\")\nconst k: string = process.env.K || 'd'\nexport async function f(x, { y }) { return jwt.sign({ sub: x, y }, `s${k}`, { expiresIn: '1h' }) }\nlist.map((z) => g(z.a))\nh = s.replace(/['\"]/g, '')",
            &[
                "jwt.sign({sub: x, y: y}, (\"s\" + k), {expiresIn: \"1h\"})",
                "list.map(fn)",
                "g(z.a)",
                "const d = require(\"n\")",
                "const k = (process.env.K | \"d\")",
                "h = s.replace(_, \"\")",
                "env K or \"d\"",
                "import m (* as a, b as c)",
                "import n (* as d)",
                "fn f(x, y)",
                "fn _(z)",
            ],
        )],
    );
}

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
