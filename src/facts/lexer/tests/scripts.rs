//! A table for each language whose programs are run as they are written.

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
