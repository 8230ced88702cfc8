//! What a program states, whatever language it is written in: calls with their arguments, names with what they are given, what is read from
//! the environment, imports, routes.
//!
//! A reader of a language fills a [`Program`]; everything behind it knows no syntax. Expressions form a small tree of what matters for
//! what they *yield*: text, names, joined text, alternatives, objects, calls. What yields nothing that could be a secret (a comparison,
//! a length, `!x`, `typeof x`) is [`Expr::Flag`]. All spans are bytes of the text the reader was given.

mod given;

use crate::model::Span;
use foldhash::HashSet;

/// A place in the tree of expressions of one [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub(super) u32);

/// A function of one [`Program`]; 0 is the file itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub(super) u32);

/// An expression, as far as it says what it yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A string literal, or a template without holes; the node's span leaves the quotes out. The value where escapes make it differ.
    Text(Option<Box<[u8]>>),
    /// A number, as it is written.
    Number,
    /// `true` or `false`.
    Bool(bool),
    /// `null`, `undefined`, `None`, `nil`.
    Null,
    /// A name or a path of members: `token`, `req.query.token`, `process.env["X"]` (three parts). Of `f().x` the part `x` alone, on the call.
    Path {
        /// The names, quotes left out.
        parts: Box<[Span]>,
        /// What the first part is a member of, where that is no name.
        on: Option<ExprId>,
    },
    /// A call, or `new`: an index into [`Program::calls`].
    Call(usize),
    /// Text put together: a template with holes, `a + b`, an f-string, interpolation, `format!`. Fixed parts are [`Expr::Text`].
    Join(Box<[ExprId]>),
    /// One of several: `a || b`, `a ?? b`, `c ? a : b`, `a or b`.
    Either(Box<[ExprId]>),
    /// An object, dictionary or hash literal.
    Object {
        /// Names and values; a shorthand member has its own name as value.
        members: Box<[(Span, ExprId)]>,
        /// What is spread into it.
        spread: Box<[ExprId]>,
    },
    /// A list literal.
    List(Box<[ExprId]>),
    /// A function literal.
    Function(FunctionId),
    /// Something whose value tells nothing of what it is made of.
    Flag,
    /// Anything else.
    Unknown,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands; of a string literal without its quotes.
    pub span: Span,
    /// What it is.
    pub expr: Expr,
}

/// A call of a function or method, or the making of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// All of it.
    pub span: Span,
    /// The path that is called: `jwt.sign` is two parts, `new Stripe(…)` one. Empty where what is called has no name: `f()()`.
    pub callee: Box<[Span]>,
    /// What the first part is a member of, where that is no name: the call before it in a chain.
    pub on: Option<ExprId>,
    /// Arguments by place.
    pub args: Box<[ExprId]>,
    /// Arguments by name: `secure=True`, `key: value` behind the last place in Ruby, named arguments of C#, Kotlin, PHP, Scala, Swift.
    pub named: Box<[(Span, ExprId)]>,
    /// `new`, or a composite literal of a type.
    pub is_new: bool,
    /// The function it stands in.
    pub function: FunctionId,
}

impl Call {
    /// Whether it makes an object of which nothing is said but by name: `http.Cookie{Secure: true}`.
    pub fn is_object(&self) -> bool {
        self.is_new && (self.args.is_empty() || !self.named.is_empty())
    }
}

/// A name that is given a value: a declaration, an assignment, a default of a parameter. The last part of a path counts as its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The names: `this.secret` is two parts, `app.config["SECRET_KEY"]` three.
    pub target: Box<[Span]>,
    /// What it is given.
    pub value: ExprId,
    /// It cannot be given another.
    pub constant: bool,
    /// The function it stands in.
    pub function: FunctionId,
}

/// A variable that is read from the environment: `process.env.X`, `import.meta.env.X`, `os.environ["X"]`, `ENV["X"]`, `getenv("X")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvRead {
    /// The variable's name.
    pub name: Span,
    /// All of the expression.
    pub span: Span,
    /// What is taken where it is missing, if that is a value.
    pub fallback: Option<ExprId>,
    /// What is done where it is missing: the program looks (`if (!x) throw`), throws, or the read itself fails (`os.environ["X"]`, `ENV.fetch`).
    pub guarded: bool,
    /// The function it stands in.
    pub function: FunctionId,
}

/// A module that another is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How the module is called, quotes left out.
    pub module: Span,
    /// The names there and here; both the module's own for `import x`, `import * as x`, `require`, with [`None`] there.
    pub names: Box<[(Option<Span>, Span)]>,
    /// Types alone: nothing of it is there at run time.
    pub type_only: bool,
    /// It is handed on: `export … from`.
    pub exported: bool,
}

/// A function: of the file, of a class, or without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// All of it; the whole file for the first.
    pub span: Span,
    /// Its name, if it has one.
    pub name: Option<Span>,
    /// The names of its parameters; of a destructured one the names in it.
    pub params: Box<[Span]>,
    /// The function around it; its own for the first.
    pub outer: FunctionId,
    /// It is handed to other modules.
    pub exported: bool,
}

/// A value that a name may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: ExprId,
    /// The function it was given in.
    pub within: FunctionId,
    /// The name has no other.
    pub only: bool,
}

/// Methods that give the text they are called on, as bytes or as text of another kind.
const METHODS: &[&[u8]] = &[
    b"as_bytes",
    b"as_str",
    b"encode",
    b"getBytes",
    b"into",
    b"into_bytes",
    b"strip",
    b"toByteArray",
    b"toCharArray",
    b"toString",
    b"to_owned",
    b"to_s",
    b"to_string",
    b"to_vec",
    b"trim",
];

/// Functions that give the text they are given.
const FUNCTIONS: &[&[u8]] = &[
    b"Data",
    b"GetBytes",
    b"String",
    b"byte",
    b"bytearray",
    b"bytes",
    b"from",
    b"from_static",
    b"str",
    b"string",
];

/// What a program states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    nodes: Vec<Node>,
    /// Calls, in the order of the text.
    pub calls: Vec<Call>,
    /// Names and their values, in the order of the text.
    pub bindings: Vec<Binding>,
    /// Reads of the environment, in the order of the text.
    pub reads: Vec<EnvRead>,
    /// Imports, in the order of the text.
    pub imports: Vec<Import>,
    /// Functions; the first is the file itself.
    pub functions: Vec<Function>,
    /// `"use client"`, `"use server"` and their like at the head of the file.
    pub directives: Vec<Span>,
    /// Stretches of the text that may be passed by, in the order of the text, each with the index of the one around it.
    branches: Vec<(Span, Option<usize>)>,
    /// Where reads of the environment begin that only decide what is done: `if (process.env.X)`.
    deciding: HashSet<usize>,
    /// The reader did not come to the end: what follows is unread.
    pub cut: bool,
}

impl Program {
    /// Nodes of one program: more than people write, and no more memory than ten times the longest text that is read.
    pub const MOST: usize = 500_000;

    /// A program that states nothing yet; `length` is that of its text.
    pub fn new(length: usize) -> Self {
        let file = Function {
            span: Span::new(0, length),
            name: None,
            params: Box::default(),
            outer: FunctionId(0),
            exported: false,
        };
        Self {
            nodes: Vec::new(),
            calls: Vec::new(),
            bindings: Vec::new(),
            reads: Vec::new(),
            imports: Vec::new(),
            functions: vec![file],
            directives: Vec::new(),
            branches: Vec::new(),
            deciding: HashSet::default(),
            cut: false,
        }
    }

    /// Says which stretches of the text may be passed by: branches, bodies of loops, blocks. They lie in one another or side by side. A reader
    /// that knows of none says nothing.
    pub fn set_branches(&mut self, mut spans: Vec<Span>) {
        spans.sort_by_key(|b| (b.start, std::cmp::Reverse(b.end)));
        let mut around: Vec<usize> = Vec::new();
        self.branches = Vec::with_capacity(spans.len());
        for (i, span) in spans.into_iter().enumerate() {
            while let Some(&last) = around.last()
                && self.branches[last].0.end <= span.start
            {
                around.pop();
            }
            self.branches.push((span, around.last().copied()));
            around.push(i);
        }
    }

    /// Says that the read of the environment at `at` only decides what is done.
    pub fn set_deciding(&mut self, at: usize) {
        self.deciding.insert(at);
    }

    /// Whether the read of the environment at `at` only decides what is done: its value goes nowhere.
    pub fn only_decides(&self, at: usize) -> bool {
        self.deciding.contains(&at)
    }

    /// Adds an expression. Beyond [`Program::MOST`] all are the last one, and the program is cut.
    pub fn add(&mut self, span: Span, expr: Expr) -> ExprId {
        if self.nodes.len() >= Self::MOST {
            self.cut = true;
        } else {
            self.nodes.push(Node { span, expr });
        }
        ExprId(u32::try_from(self.nodes.len() - 1).unwrap_or_default())
    }

    /// Adds a function in `outer`.
    pub fn enter(&mut self, function: Function) -> FunctionId {
        if self.functions.len() < Self::MOST {
            self.functions.push(function);
        } else {
            self.cut = true;
        }
        FunctionId(u32::try_from(self.functions.len() - 1).unwrap_or_default())
    }

    /// The expression at `id`.
    pub fn node(&self, id: ExprId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The function at `id`.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The string literal behind `id`, seen through what only turns text into bytes or another kind of text: `[]byte("k")`,
    /// `"k".getBytes()`, `Encoding.UTF8.GetBytes("k")`, `String::from("k")`, `"k".to_string()`.
    /// Readers keep such calls as calls.
    pub fn literal(&self, text: &[u8], id: ExprId) -> Option<ExprId> {
        const STEPS: usize = 4;
        let mut id = id;
        for _ in 0..STEPS {
            match &self.node(id).expr {
                Expr::Text(_) => return Some(id),
                Expr::Call(index) => {
                    let call = self.calls.get(*index)?;
                    let name = &text[call.callee.last()?.range()];
                    id = match (call.on, call.args.first()) {
                        (Some(on), _) if METHODS.contains(&name) => on,
                        (_, Some(&first)) if FUNCTIONS.contains(&name) => first,
                        _ => return None,
                    };
                }
                _ => return None,
            }
        }
        None
    }
}
