//! From tokens to facts.
//!
//! A walk by descent: statements, expressions, operands. It never goes back, looks ahead a fixed number of tokens, and jumps over brackets
//! by a table of their mates, so it is linear. Nesting has a bound; what lies deeper is jumped over.

mod annotation;
mod arguments;
mod brackets;
mod environment;
mod expression;
mod function;
mod import;
mod keyword;
mod literal;
mod operand;
mod postfix;
mod statement;

use super::grammar::Grammar;
use super::settle;
use super::tokens::{self, Kind, Token};
use crate::facts::code::{Expr, ExprId, FunctionId, Program};
use crate::facts::language::Language;
use crate::model::Span;
use foldhash::{HashMap, HashSet};

/// Brackets and operands within one another. A walk of this depth fits a stack of 2 MiB without optimisation.
const DEEPEST: usize = 72;

struct Walk<'a> {
    text: &'a [u8],
    grammar: &'static Grammar,
    tokens: Vec<Token>,
    /// For each opening bracket the token that closes it, or closes what is around it.
    mates: Vec<u32>,
    program: Program,
    at: usize,
    /// The token that ends what is read.
    end: usize,
    /// The end of a line ends a statement here.
    lines: bool,
    /// In the header of a statement: a brace begins its body.
    header: bool,
    /// In the condition of a statement: names are looked at.
    condition: bool,
    depth: usize,
    function: FunctionId,
    /// Columns of functions that end with their indentation, and what is around them.
    indents: Vec<(u16, FunctionId)>,
    /// Reads of the environment, by the expressions that yield them.
    reads: HashMap<ExprId, usize>,
    /// Names that conditions look at.
    looked: HashSet<&'a [u8]>,
    /// A path whose last index is no name: `x[i + 1]`.
    computed: Option<ExprId>,
    /// What the function literal before yields.
    yielded: Option<ExprId>,
}

/// What `text` states.
pub(super) fn walk(text: &[u8], grammar: &'static Grammar) -> Program {
    let (tokens, cut) = tokens::tokens(text, grammar);
    let (mates, open) = brackets::mates(&tokens);
    let end = tokens.len();
    let mut walk = Walk {
        text,
        grammar,
        tokens,
        mates,
        program: Program::new(text.len()),
        at: 0,
        end,
        lines: !grammar.semicolons,
        header: false,
        condition: false,
        depth: 0,
        function: FunctionId(0),
        indents: Vec::new(),
        reads: HashMap::default(),
        looked: HashSet::default(),
        computed: None,
        yielded: None,
    };
    walk.program.cut = cut || open;
    walk.statements();
    walk.dedent(0);
    walk.guard();
    let mut program = walk.program;
    program.bindings.sort_by_key(|b| b.target[0].start);
    program.reads.sort_by_key(|r| r.span.start);
    settle::settle(&mut program, text);
    program
}

impl<'a> Walk<'a> {
    fn is(&self, languages: &[Language]) -> bool {
        languages.contains(&self.grammar.language)
    }

    fn token(&self, ahead: usize) -> Option<Token> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.tokens[at])
    }

    fn kind(&self, ahead: usize) -> Option<Kind> {
        self.token(ahead).map(|t| t.kind)
    }

    fn slice(&self, span: Span) -> &'a [u8] {
        &self.text[span.range()]
    }

    /// The word that stands `ahead`; nothing where there is none.
    fn word(&self, ahead: usize) -> &'a [u8] {
        match self.token(ahead) {
            Some(t) if t.kind == Kind::Name => self.slice(t.span()),
            _ => b"",
        }
    }

    /// The operator that stands `ahead`; nothing where there is none.
    fn op(&self, ahead: usize) -> &'a [u8] {
        match self.token(ahead) {
            Some(t) if t.kind == Kind::Op => self.slice(t.span()),
            _ => b"",
        }
    }

    fn is_open(&self, ahead: usize, bracket: u8) -> bool {
        self.kind(ahead) == Some(Kind::Open(bracket))
    }

    fn eat(&mut self, op: &[u8]) -> bool {
        let is = self.op(0) == op;
        self.at += usize::from(is);
        is
    }

    fn eat_word(&mut self, word: &[u8]) -> bool {
        let is = self.word(0) == word;
        self.at += usize::from(is);
        is
    }

    /// Whether the line ended before the next token, where that ends something.
    fn broke(&self) -> bool {
        self.lines && self.token(0).is_none_or(|t| t.newline)
    }

    /// Where the next token begins, or the last one ended.
    fn here(&self) -> usize {
        match self.token(0) {
            Some(t) => t.start as usize,
            None => self.behind(),
        }
    }

    /// Where the token before ended.
    fn behind(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        before.map_or(0, |t| t.end as usize)
    }

    /// From `start` to the end of the token before.
    fn since(&self, start: usize) -> Span {
        Span::new(start, self.behind().max(start))
    }

    fn add(&mut self, span: Span, expr: Expr) -> ExprId {
        self.program.add(span, expr)
    }

    fn unknown(&mut self) -> ExprId {
        let here = self.here();
        self.add(Span::new(here, here), Expr::Unknown)
    }

    fn expr(&self, id: ExprId) -> &Expr {
        &self.program.node(id).expr
    }

    fn span(&self, id: ExprId) -> Span {
        self.program.node(id).span
    }
}
