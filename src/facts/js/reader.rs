//! The walk over one parsed script: what all parts of it share, and statements.
//!
//! Written by hand and not with a visitor: each node is met once, expressions come back as what they yield, and the depth is counted in
//! two places only.

use oxc_ast::ast::{
    BlockStatement, Declaration, ExportDefaultDeclarationKind, Expression, ForStatementLeft,
    IfStatement, ModuleDeclaration, Statement, TSModuleBlock, TSNamespaceDeclarationBody,
};
use oxc_span::GetSpan;

use super::environment::Environment;
use crate::facts::code::{Binding, Expr, ExprId, FunctionId, Program};
use crate::model::Span;

/// Statements and expressions around one another. People stay below 60; a generated chain of calls may meet it.
const DEEPEST: usize = 200;

/// What is known so far of one text.
pub(super) struct Reader<'t> {
    /// The whole text, of which the script that is read may be a part.
    pub text: &'t [u8],
    /// Where the script begins.
    pub base: usize,
    pub program: Program,
    pub function: FunctionId,
    /// Conditions around this place, within its function.
    pub testing: usize,
    /// Those of them that nothing is called in.
    pub deciding: usize,
    pub environment: Environment<'t>,
    /// Names in `export { … }`.
    pub handed_on: Vec<Span>,
    /// What may be passed by.
    pub branches: Vec<Span>,
    depth: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            base: 0,
            program: Program::new(text.len()),
            function: FunctionId::default(),
            testing: 0,
            deciding: 0,
            environment: Environment::default(),
            handed_on: Vec::new(),
            branches: Vec::new(),
            depth: 0,
        }
    }

    /// What the parser calls `span`, in the whole text.
    pub(super) fn span(&self, span: oxc_span::Span) -> Span {
        Span::new(
            self.base + span.start as usize,
            self.base + span.end as usize,
        )
    }

    pub(super) fn word(&self, span: Span) -> &'t [u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn add(&mut self, span: Span, expr: Expr) -> ExprId {
        self.program.add(span, expr)
    }

    pub(super) fn bind(&mut self, target: impl Into<Box<[Span]>>, value: ExprId, constant: bool) {
        let target = target.into();
        if let [name] = target[..] {
            self.note_given(name, value);
        }
        self.program.bindings.push(Binding {
            target,
            value,
            constant,
            function: self.function,
        });
    }

    /// Runs `step` one level deeper; nothing where that is too deep.
    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.program.cut = true;
            return None;
        }
        self.depth += 1;
        let given = step(self);
        self.depth -= 1;
        Some(given)
    }

    /// An expression that decides what is done next.
    pub(super) fn condition(&mut self, expression: &Expression<'_>) -> ExprId {
        self.testing += 1;
        self.deciding += 1;
        let id = self.expression(expression);
        self.deciding = self.deciding.saturating_sub(1);
        self.testing -= 1;
        id
    }

    pub(super) fn statements(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, statement: &Statement<'_>) {
        self.deeper(|reader| reader.state(statement));
    }

    /// A statement that may be passed by.
    fn branch(&mut self, statement: &Statement<'_>) {
        if !matches!(statement, Statement::BlockStatement(_)) {
            let span = self.span(statement.span());
            self.branches.push(span);
        }
        self.statement(statement);
    }

    fn block_of(&mut self, block: &BlockStatement<'_>) {
        let span = self.span(block.span);
        self.branches.push(span);
        self.statements(&block.body);
    }

    fn state(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::BlockStatement(block) => self.block_of(block),
            Statement::ExpressionStatement(s) => _ = self.expression(&s.expression),
            Statement::IfStatement(s) => self.choice(s),
            Statement::ReturnStatement(s) => self.optional(s.argument.as_ref()),
            Statement::ThrowStatement(s) => _ = self.expression(&s.argument),
            Statement::LabeledStatement(s) => self.statement(&s.body),
            Statement::WithStatement(s) => {
                self.expression(&s.object);
                self.statement(&s.body);
            }
            Statement::WhileStatement(s) => {
                self.condition(&s.test);
                self.branch(&s.body);
            }
            Statement::DoWhileStatement(s) => {
                self.statement(&s.body);
                self.condition(&s.test);
            }
            Statement::ForStatement(s) => {
                match &s.init {
                    Some(oxc_ast::ast::ForStatementInit::VariableDeclaration(d)) => {
                        self.variables(d, false);
                    }
                    Some(init) => self.optional(init.as_expression()),
                    None => {}
                }
                if let Some(test) = &s.test {
                    self.condition(test);
                }
                self.optional(s.update.as_ref());
                self.branch(&s.body);
            }
            Statement::ForInStatement(s) => {
                self.expression(&s.right);
                self.branch(&s.body);
            }
            Statement::ForOfStatement(s) => {
                let elements = self.expression(&s.right);
                if let ForStatementLeft::VariableDeclaration(d) = &s.left {
                    for declarator in &d.declarations {
                        self.pattern(&declarator.id, Some(elements), false, &mut Vec::new());
                    }
                }
                self.branch(&s.body);
            }
            Statement::SwitchStatement(s) => {
                self.condition(&s.discriminant);
                for case in &s.cases {
                    let span = self.span(case.span);
                    self.branches.push(span);
                    self.optional(case.test.as_ref());
                    self.statements(&case.consequent);
                }
            }
            Statement::TryStatement(s) => {
                self.block_of(&s.block);
                if let Some(handler) = &s.handler {
                    self.block_of(&handler.body);
                }
                if let Some(last) = &s.finalizer {
                    self.block_of(last);
                }
            }
            Statement::BreakStatement(_)
            | Statement::ContinueStatement(_)
            | Statement::DebuggerStatement(_)
            | Statement::EmptyStatement(_) => {}
            other => {
                if let Some(declaration) = other.as_declaration() {
                    self.declaration(declaration, false);
                } else if let Some(module) = other.as_module_declaration() {
                    self.module_declaration(module);
                }
            }
        }
    }

    fn optional(&mut self, expression: Option<&Expression<'_>>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    /// `if … else if …`: a chain of them is no nesting.
    fn choice(&mut self, first: &IfStatement<'_>) {
        let mut at = first;
        loop {
            self.condition(&at.test);
            self.branch(&at.consequent);
            match &at.alternate {
                Some(Statement::IfStatement(next)) => at = next,
                Some(last) => return self.branch(last),
                None => return,
            }
        }
    }

    fn declaration(&mut self, declaration: &Declaration<'_>, exported: bool) {
        match declaration {
            Declaration::VariableDeclaration(d) => self.variables(d, exported),
            Declaration::FunctionDeclaration(f) => _ = self.function(f, None, exported),
            Declaration::ClassDeclaration(c) => self.class(c),
            Declaration::TSEnumDeclaration(e) => self.members_of_enum(e),
            Declaration::TSNamespaceDeclaration(n) => {
                let mut body = &n.body;
                while let TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) = body {
                    body = &inner.body;
                }
                if let TSNamespaceDeclarationBody::TSModuleBlock(block) = body {
                    self.block(block);
                }
            }
            Declaration::TSExternalModuleDeclaration(m) => {
                if let Some(block) = &m.body {
                    self.block(block);
                }
            }
            Declaration::TSGlobalDeclaration(g) => self.block(&g.body),
            Declaration::TSImportEqualsDeclaration(i) => self.import_equals(i),
            Declaration::TSTypeAliasDeclaration(_) | Declaration::TSInterfaceDeclaration(_) => {}
        }
    }

    fn block(&mut self, block: &TSModuleBlock<'_>) {
        self.statements(&block.body);
    }

    fn module_declaration(&mut self, module: &ModuleDeclaration<'_>) {
        match module {
            ModuleDeclaration::ImportDeclaration(i) => self.import(i),
            ModuleDeclaration::ExportAllDeclaration(e) => self.export_all(e),
            ModuleDeclaration::ExportFromDeclaration(e) => self.export_from(e),
            ModuleDeclaration::ExportNamedDeclaration(e) => self.export_names(e),
            ModuleDeclaration::ExportDeclaration(e) => self.declaration(&e.declaration, true),
            ModuleDeclaration::ExportDefaultDeclaration(e) => match &e.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(f) => {
                    self.function(f, None, true);
                }
                ExportDefaultDeclarationKind::ClassDeclaration(c) => self.class(c),
                ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => {}
                other => {
                    if let Some(expression) = other.as_expression() {
                        // `default` stands first between `export` and the value, comments aside.
                        let whole = self.span(e.span);
                        let value = self.span(expression.span());
                        let head = Span::new(whole.start, value.start.max(whole.start));
                        let at = memchr::memmem::find(self.word(head), b"default")
                            .map_or(whole.start, |i| whole.start + i);
                        let name = Span::new(at, (at + "default".len()).min(whole.end));
                        self.export_value(name, expression);
                    }
                }
            },
            ModuleDeclaration::TSExportAssignment(e) => {
                let start = self.span(e.span).start;
                let name = Span::new(start, start + "export".len());
                self.export_value(name, &e.expression);
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn export_value(&mut self, name: Span, expression: &Expression<'_>) {
        let id = match expression.get_inner_expression() {
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {
                self.exported_literal(expression)
            }
            _ => self.expression(expression),
        };
        self.bind([name], id, true);
    }
}
