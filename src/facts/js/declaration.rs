//! Names and what they are given: variables, patterns, assignments, parameters, classes, enums.

use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, BindingPattern, Class, ClassElement, Expression, FormalParameters,
    Function, SimpleAssignmentTarget, TSEnumDeclaration, TSEnumMemberName, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc_span::GetSpan;
use oxc_syntax::operator::AssignmentOperator;

use super::module::inner;
use super::reader::Reader;
use crate::facts::code::{self, Expr, ExprId, FunctionId};
use crate::model::Span;

/// Parts of a path that a pattern makes longer; beyond, it begins anew on what stands before, so that memory stays linear.
const LONGEST: usize = 8;

impl Reader<'_> {
    pub(super) fn variables(&mut self, declaration: &VariableDeclaration<'_>, exported: bool) {
        let constant = matches!(
            declaration.kind,
            VariableDeclarationKind::Const
                | VariableDeclarationKind::Using
                | VariableDeclarationKind::AwaitUsing
        );
        for declarator in &declaration.declarations {
            let value = declarator.init.as_ref().map(|init| match &declarator.id {
                BindingPattern::BindingIdentifier(name) => {
                    let name = self.span(name.span);
                    self.named(init, name, exported)
                }
                _ => self.expression(init),
            });
            if let Some(value) = value {
                let names = self.required_names(&declarator.id);
                self.note_required(value, names);
            }
            self.pattern(&declarator.id, value, constant, &mut Vec::new());
        }
    }

    /// The names there and here of a pattern that takes a module apart.
    fn required_names(&self, pattern: &BindingPattern<'_>) -> Vec<(Option<Span>, Span)> {
        let here = |pattern: &BindingPattern<'_>| match pattern {
            BindingPattern::BindingIdentifier(name) => Some(self.span(name.span)),
            _ => None,
        };
        match pattern {
            BindingPattern::BindingIdentifier(name) => vec![(None, self.span(name.span))],
            BindingPattern::ObjectPattern(object) => object
                .properties
                .iter()
                .filter_map(|p| Some((Some(self.span(p.key.span())), here(&p.value)?)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Binds the names of `pattern` to parts of `value`, or to their defaults alone where no value is known, and collects the names.
    pub(super) fn pattern(
        &mut self,
        pattern: &BindingPattern<'_>,
        value: Option<ExprId>,
        constant: bool,
        names: &mut Vec<Span>,
    ) {
        self.deeper(|reader| reader.take_apart(pattern, value, constant, names));
    }

    fn take_apart(
        &mut self,
        pattern: &BindingPattern<'_>,
        value: Option<ExprId>,
        constant: bool,
        names: &mut Vec<Span>,
    ) {
        match pattern {
            BindingPattern::BindingIdentifier(identifier) => {
                let name = self.span(identifier.span);
                names.push(name);
                if let Some(value) = value {
                    self.bind([name], value, constant);
                }
            }
            BindingPattern::AssignmentPattern(assignment) => {
                let span = self.span(assignment.span);
                let value = self.or_default(value, &assignment.right, span);
                self.pattern(&assignment.left, Some(value), constant, names);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let name = self.key(&property.key);
                    let member = value.map(|value| self.member(value, name));
                    self.pattern(&property.value, member, constant, names);
                }
                if let Some(rest) = &object.rest {
                    self.pattern(&rest.argument, value, constant, names);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for (i, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let value = value.map(|value| self.element_of(value, i));
                        self.pattern(element, value, constant, names);
                    }
                }
                if let Some(rest) = &array.rest {
                    self.pattern(&rest.argument, value, constant, names);
                }
            }
        }
    }

    fn or_default(&mut self, value: Option<ExprId>, default: &Expression<'_>, at: Span) -> ExprId {
        let default = self.expression(default);
        match value {
            Some(value) => {
                self.note_fallback(value, default);
                self.add(at, Expr::Either([value, default].into()))
            }
            None => default,
        }
    }

    /// The member `name` of what is at `value`.
    fn member(&mut self, value: ExprId, name: Span) -> ExprId {
        let (parts, on): (Box<[Span]>, _) = match &self.program.node(value).expr {
            Expr::Path { parts, on } if parts.len() < LONGEST => {
                (parts.iter().copied().chain([name]).collect(), *on)
            }
            _ => ([name].into(), Some(value)),
        };
        let variable = match on {
            None => self
                .variable(&parts)
                .is_some_and(|at| at + 1 == parts.len()),
            Some(_) => false,
        };
        let id = self.add(name, Expr::Path { parts, on });
        if variable {
            self.note_read(id, name, name);
        }
        id
    }

    fn element_of(&self, value: ExprId, index: usize) -> ExprId {
        match &self.program.node(value).expr {
            Expr::List(elements) => elements.get(index).copied().unwrap_or(value),
            _ => value,
        }
    }

    pub(super) fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> ExprId {
        let target = self.target(&assignment.left);
        let value = match &target[..] {
            [.., name] => self.named(&assignment.right, *name, self.is_export(&target)),
            [] => self.expression(&assignment.right),
        };
        let value = match assignment.operator {
            AssignmentOperator::Addition if !target.is_empty() => {
                let span = self.span(assignment.left.span());
                let parts = target.clone();
                let before = self.add(span, Expr::Path { parts, on: None });
                let whole = self.span(assignment.span);
                self.add(whole, Expr::Join([before, value].into()))
            }
            AssignmentOperator::Assign
            | AssignmentOperator::LogicalOr
            | AssignmentOperator::LogicalNullish
            | AssignmentOperator::LogicalAnd => value,
            _ => {
                let whole = self.span(assignment.span);
                return self.add(whole, Expr::Flag);
            }
        };
        match &assignment.left {
            AssignmentTarget::ObjectAssignmentTarget(_)
            | AssignmentTarget::ArrayAssignmentTarget(_) => {
                self.assign(&assignment.left, value);
            }
            _ if target.is_empty() => {}
            _ => self.bind(target, value, false),
        }
        value
    }

    /// Whether a path is `exports.x` or `module.exports.x`.
    fn is_export(&self, target: &[Span]) -> bool {
        match target {
            [exports, _] if self.word(*exports) == b"exports" => true,
            [module, exports, ..] => {
                self.word(*module) == b"module" && self.word(*exports) == b"exports"
            }
            _ => false,
        }
    }

    /// The path that is assigned to; a computed member has the name of what stands between the brackets. Empty for a pattern.
    fn target(&mut self, target: &AssignmentTarget<'_>) -> Box<[Span]> {
        if let Some(simple) = target.as_simple_assignment_target() {
            let inner = match simple {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                    return [self.span(name.span)].into();
                }
                SimpleAssignmentTarget::TSAsExpression(t) => &t.expression,
                SimpleAssignmentTarget::TSSatisfiesExpression(t) => &t.expression,
                SimpleAssignmentTarget::TSNonNullExpression(t) => &t.expression,
                SimpleAssignmentTarget::TSTypeAssertion(t) => &t.expression,
                simple => match simple.as_member_expression() {
                    Some(oxc_ast::ast::MemberExpression::ComputedMemberExpression(c)) => {
                        let object = self.expression(&c.object);
                        let name = match &c.expression {
                            Expression::StringLiteral(s) => inner(self.span(s.span)),
                            index => {
                                self.expression(index);
                                self.span(index.span())
                            }
                        };
                        return self.with_last(object, name);
                    }
                    Some(oxc_ast::ast::MemberExpression::StaticMemberExpression(s)) => {
                        let object = self.expression(&s.object);
                        return self.with_last(object, self.span(s.property.span));
                    }
                    Some(oxc_ast::ast::MemberExpression::PrivateFieldExpression(p)) => {
                        let object = self.expression(&p.object);
                        let field = self.span(p.field.span);
                        let name = Span::new((field.start + 1).min(field.end), field.end);
                        return self.with_last(object, name);
                    }
                    None => return Box::default(),
                },
            };
            let id = self.expression(inner);
            if let Expr::Path { parts, .. } = &self.program.node(id).expr {
                return parts.clone();
            }
        }
        Box::default()
    }

    fn with_last(&self, object: ExprId, name: Span) -> Box<[Span]> {
        match &self.program.node(object).expr {
            Expr::Path { parts, .. } => parts.iter().copied().chain([name]).collect(),
            _ => [name].into(),
        }
    }

    /// Gives the parts of `value` to the names of a pattern that is assigned to.
    fn assign(&mut self, target: &AssignmentTarget<'_>, value: ExprId) {
        self.deeper(|reader| reader.assign_parts(target, value));
    }

    fn assign_parts(&mut self, target: &AssignmentTarget<'_>, value: ExprId) {
        match target {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                            let name = self.span(p.binding.span);
                            let member = self.member(value, name);
                            let given = match &p.init {
                                Some(init) => self.or_default(Some(member), init, name),
                                None => member,
                            };
                            self.bind([name], given, false);
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                            let name = self.key(&p.name);
                            let member = self.member(value, name);
                            self.assign_or_default(&p.binding, member);
                        }
                    }
                }
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                for (i, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.assign_or_default(element, self.element_of(value, i));
                    }
                }
            }
            simple => {
                let path = self.target(simple);
                if !path.is_empty() {
                    self.bind(path, value, false);
                }
            }
        }
    }

    fn assign_or_default(&mut self, target: &AssignmentTargetMaybeDefault<'_>, value: ExprId) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(t) => {
                let span = self.span(t.span);
                let value = self.or_default(Some(value), &t.init, span);
                self.assign(&t.binding, value);
            }
            other => {
                if let Some(target) = other.as_assignment_target() {
                    self.assign(target, value);
                }
            }
        }
    }

    pub(super) fn function(
        &mut self,
        function: &Function<'_>,
        name: Option<Span>,
        exported: bool,
    ) -> Option<FunctionId> {
        let own = function.id.as_ref().map(|id| self.span(id.span));
        let span = self.span(function.span);
        let body = function.body.as_ref();
        self.within(span, own.or(name), exported, &function.params, |reader| {
            if let Some(body) = body {
                reader.statements(&body.statements);
            }
        })
    }

    pub(super) fn arrow(
        &mut self,
        arrow: &ArrowFunctionExpression<'_>,
        name: Option<Span>,
        exported: bool,
    ) -> Option<FunctionId> {
        let span = self.span(arrow.span);
        self.within(span, name, exported, &arrow.params, |reader| {
            match arrow.body.as_expression() {
                Some(expression) => _ = reader.expression(expression),
                None => {
                    if let oxc_ast::ast::ArrowFunctionBody::FunctionBody(body) = &arrow.body {
                        reader.statements(&body.statements);
                    }
                }
            }
        })
    }

    fn within(
        &mut self,
        span: Span,
        name: Option<Span>,
        exported: bool,
        parameters: &FormalParameters<'_>,
        body: impl FnOnce(&mut Self),
    ) -> Option<FunctionId> {
        let outer = self.function;
        let testing = std::mem::take(&mut self.testing);
        let deciding = std::mem::take(&mut self.deciding);
        let id = self.program.enter(code::Function {
            span,
            name,
            params: Box::default(),
            outer,
            exported,
        });
        self.function = id;
        let done = self.deeper(|reader| {
            let mut params = Vec::new();
            for parameter in &parameters.items {
                for decorator in &parameter.decorators {
                    reader.expression(&decorator.expression);
                }
                let default = parameter.initializer.as_ref();
                let default = default.map(|default| reader.expression(default));
                reader.pattern(&parameter.pattern, default, false, &mut params);
            }
            if let Some(rest) = &parameters.rest {
                reader.pattern(&rest.rest.argument, None, false, &mut params);
            }
            if let Some(function) = reader.program.functions.get_mut(id.0 as usize) {
                function.params = params.into();
            }
            body(reader);
        });
        self.function = outer;
        self.testing = testing;
        self.deciding = deciding;
        done.map(|()| id)
    }

    pub(super) fn class(&mut self, class: &Class<'_>) {
        self.deeper(|reader| reader.class_members(class));
    }

    fn class_members(&mut self, class: &Class<'_>) {
        let name = class.id.as_ref().map(|id| self.span(id.span));
        for decorator in &class.decorators {
            self.expression(&decorator.expression);
        }
        if let Some(heritage) = &class.heritage {
            self.expression(&heritage.expression);
        }
        for element in &class.body.body {
            for decorator in element_decorators(element) {
                self.expression(&decorator.expression);
            }
            match element {
                ClassElement::StaticBlock(block) => self.statements(&block.body),
                ClassElement::MethodDefinition(method) => {
                    let key = self.key(&method.key);
                    self.function(&method.value, Some(key), false);
                }
                ClassElement::PropertyDefinition(p) => {
                    let key = self.key(&p.key);
                    self.field(name, key, p.value.as_ref(), p.readonly);
                }
                ClassElement::AccessorProperty(p) => {
                    let key = self.key(&p.key);
                    self.field(name, key, p.value.as_ref(), false);
                }
                ClassElement::TSIndexSignature(_) => {}
            }
        }
    }

    /// A field is bound below the name of its class: it is no name of the code around.
    fn field(
        &mut self,
        class: Option<Span>,
        key: Span,
        value: Option<&Expression<'_>>,
        constant: bool,
    ) {
        if let Some(value) = value {
            let value = self.named(value, key, false);
            let target: Box<[Span]> = class.into_iter().chain([key]).collect();
            self.bind(target, value, constant);
        }
    }

    pub(super) fn members_of_enum(&mut self, declaration: &TSEnumDeclaration<'_>) {
        let name = self.span(declaration.id.span);
        for member in &declaration.body.members {
            let key = match &member.id {
                TSEnumMemberName::Identifier(id) => self.span(id.span),
                other => inner(self.span(other.span())),
            };
            if let Some(value) = &member.initializer {
                let value = self.expression(value);
                self.bind([name, key], value, true);
            }
        }
    }
}

fn element_decorators<'a>(element: &'a ClassElement<'_>) -> &'a [oxc_ast::ast::Decorator<'a>] {
    match element {
        ClassElement::MethodDefinition(m) => &m.decorators,
        ClassElement::PropertyDefinition(p) => &p.decorators,
        ClassElement::AccessorProperty(p) => &p.decorators,
        ClassElement::StaticBlock(_) | ClassElement::TSIndexSignature(_) => &[],
    }
}
