//! Expressions: what each yields, and the calls in it.

use oxc_ast::ast::{
    Argument, BinaryExpression, ChainElement, Expression, LogicalExpression, MemberExpression,
    ObjectExpression, ObjectPropertyKind, PropertyKey, TaggedTemplateExpression, TemplateLiteral,
    UnaryExpression,
};
use oxc_span::GetSpan;
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

use super::module::inner;
use super::reader::Reader;
use crate::facts::code::{Call, Expr, ExprId};
use crate::model::Span;

/// A path of members and what it begins on.
#[derive(Default)]
struct Place {
    /// The last part first, each with the end of the expression that it ends.
    parts: Vec<(Span, usize)>,
    on: Option<ExprId>,
    start: usize,
}

impl Reader<'_> {
    /// What `expression` yields.
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> ExprId {
        let id = self.deeper(|reader| reader.yielded(expression));
        id.unwrap_or_else(|| {
            let span = self.span(expression.span());
            self.add(span, Expr::Unknown)
        })
    }

    fn yielded(&mut self, expression: &Expression<'_>) -> ExprId {
        let span = self.span(expression.span());
        match expression {
            Expression::StringLiteral(s) => self.text_of(inner(span), s.value.as_str()),
            Expression::TemplateLiteral(t) => self.template(t),
            Expression::NumericLiteral(_) | Expression::BigIntLiteral(_) => {
                self.add(span, Expr::Number)
            }
            Expression::BooleanLiteral(b) => self.add(span, Expr::Bool(b.value)),
            Expression::NullLiteral(_) => self.add(span, Expr::Null),
            Expression::Identifier(i) if i.name == "undefined" => self.add(span, Expr::Null),
            Expression::Identifier(_)
            | Expression::ThisExpression(_)
            | Expression::Super(_)
            | Expression::ImportMeta(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => self.path(expression),
            Expression::ChainExpression(c) => match &c.expression {
                ChainElement::CallExpression(c) => self.call(span, &c.callee, &c.arguments, false),
                ChainElement::TSNonNullExpression(n) => self.expression(&n.expression),
                _ => self.path(expression),
            },
            Expression::CallExpression(c) => self.call(span, &c.callee, &c.arguments, false),
            Expression::NewExpression(n) => self.call(span, &n.callee, &n.arguments, true),
            Expression::ImportExpression(i) => {
                let callee = Span::new(span.start, span.start + "import".len());
                let slot = self.open_call(span, [callee].into(), None, false);
                let source = self.expression(&i.source);
                let options = i.options.as_ref().map(|o| self.expression(o));
                self.close_call(slot, [source].into_iter().chain(options).collect())
            }
            Expression::TaggedTemplateExpression(t) => self.tagged(span, t),
            Expression::ParenthesizedExpression(p) => self.expression(&p.expression),
            Expression::TSAsExpression(t) => self.expression(&t.expression),
            Expression::TSSatisfiesExpression(t) => self.expression(&t.expression),
            Expression::TSTypeAssertion(t) => self.expression(&t.expression),
            Expression::TSNonNullExpression(t) => self.expression(&t.expression),
            Expression::TSInstantiationExpression(t) => self.expression(&t.expression),
            Expression::AwaitExpression(a) => self.expression(&a.argument),
            Expression::SequenceExpression(s) => {
                let mut last = None;
                for expression in &s.expressions {
                    last = Some(self.expression(expression));
                }
                last.unwrap_or_else(|| self.add(span, Expr::Unknown))
            }
            Expression::ConditionalExpression(c) => {
                self.condition(&c.test);
                let either = [
                    self.expression(&c.consequent),
                    self.expression(&c.alternate),
                ];
                self.add(span, Expr::Either(either.into()))
            }
            Expression::LogicalExpression(l) => self.logical(l),
            Expression::BinaryExpression(b) => self.binary(b),
            Expression::UnaryExpression(u) => self.unary(span, u),
            Expression::UpdateExpression(_) | Expression::PrivateInExpression(_) => {
                self.add(span, Expr::Flag)
            }
            Expression::AssignmentExpression(a) => self.assignment(a),
            Expression::ArrayExpression(a) => {
                let mut elements = Vec::new();
                for element in &a.elements {
                    match element {
                        oxc_ast::ast::ArrayExpressionElement::SpreadElement(s) => {
                            elements.push(self.expression(&s.argument));
                        }
                        other => elements.extend(other.as_expression().map(|e| self.expression(e))),
                    }
                }
                self.add(span, Expr::List(elements.into()))
            }
            Expression::ObjectExpression(o) => self.object(span, o),
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {
                self.literal(expression, None, false)
            }
            Expression::ClassExpression(c) => {
                self.class(c);
                self.add(span, Expr::Unknown)
            }
            Expression::YieldExpression(y) => {
                if let Some(argument) = &y.argument {
                    self.expression(argument);
                }
                self.add(span, Expr::Unknown)
            }
            Expression::JSXElement(e) => self.element(e),
            Expression::JSXFragment(f) => {
                let children = self.children(&f.children);
                self.add(span, Expr::List(children.into()))
            }
            Expression::RegExpLiteral(_)
            | Expression::NewTarget(_)
            | Expression::V8IntrinsicExpression(_) => self.add(span, Expr::Unknown),
        }
    }

    /// Text at `span`, whose value is `value`.
    pub(super) fn text_of(&mut self, span: Span, value: &str) -> ExprId {
        let plain = self.word(span) == value.as_bytes();
        let value = (!plain).then(|| value.as_bytes().into());
        self.add(span, Expr::Text(value))
    }

    fn template(&mut self, template: &TemplateLiteral<'_>) -> ExprId {
        let whole = inner(self.span(template.span));
        let cooked = |i: usize| template.quasis.get(i).and_then(|q| q.value.cooked.as_ref());
        if template.expressions.is_empty() {
            return match cooked(0) {
                Some(value) => self.text_of(whole, value.as_str()),
                None => self.add(whole, Expr::Text(None)),
            };
        }
        // Fixed parts end two bytes before a hole's expression at the latest; the parser gives their places.
        let mut parts = Vec::new();
        for (i, quasi) in template.quasis.iter().enumerate() {
            let span = self.span(quasi.span);
            match cooked(i) {
                _ if span.is_empty() => {}
                Some(value) => parts.push(self.text_of(span, value.as_str())),
                None => parts.push(self.add(span, Expr::Text(None))),
            }
            if let Some(hole) = template.expressions.get(i) {
                parts.push(self.expression(hole));
            }
        }
        self.add(whole, Expr::Join(parts.into()))
    }

    fn tagged(&mut self, span: Span, tagged: &TaggedTemplateExpression<'_>) -> ExprId {
        let (_, place) = self.place(&tagged.tag);
        let (parts, on) = (names(&place), place.on);
        let slot = self.open_call(span, parts, on, false);
        let text = self.template(&tagged.quasi);
        self.close_call(slot, vec![text])
    }

    /// The longest path that ends in `expression`, read from its end.
    fn place(&mut self, expression: &Expression<'_>) -> (Span, Place) {
        let span = self.span(expression.span());
        let mut place = Place {
            start: span.start,
            ..Place::default()
        };
        let mut at = expression;
        // A member of an optional chain is of another type than one outside.
        let mut member = None;
        loop {
            if let Some(m) = member.take().or_else(|| at.as_member_expression()) {
                let end = self.span(m.span()).end;
                match m {
                    MemberExpression::StaticMemberExpression(s) => {
                        place.parts.push((self.span(s.property.span), end));
                    }
                    MemberExpression::PrivateFieldExpression(p) => {
                        let field = self.span(p.field.span);
                        let name = Span::new((field.start + 1).min(field.end), field.end);
                        place.parts.push((name, end));
                    }
                    MemberExpression::ComputedMemberExpression(c) => {
                        match self.fixed(&c.expression) {
                            Some(name) => place.parts.push((name, end)),
                            None => {
                                self.expression(&c.object);
                                self.expression(&c.expression);
                                let span = self.span(c.span);
                                place.on = Some(self.add(span, Expr::Unknown));
                                break;
                            }
                        }
                    }
                }
                at = m.object();
                continue;
            }
            match at {
                Expression::ParenthesizedExpression(p) => at = &p.expression,
                Expression::TSAsExpression(t) => at = &t.expression,
                Expression::TSSatisfiesExpression(t) => at = &t.expression,
                Expression::TSTypeAssertion(t) => at = &t.expression,
                Expression::TSNonNullExpression(t) => at = &t.expression,
                Expression::TSInstantiationExpression(t) => at = &t.expression,
                Expression::ChainExpression(c) => match &c.expression {
                    ChainElement::TSNonNullExpression(n) => at = &n.expression,
                    ChainElement::CallExpression(_) => {
                        place.on = Some(self.expression(at));
                        break;
                    }
                    other => match other.as_member_expression() {
                        Some(m) => member = Some(m),
                        None => break,
                    },
                },
                Expression::Identifier(_)
                | Expression::ThisExpression(_)
                | Expression::Super(_) => {
                    let span = self.span(at.span());
                    place.start = span.start;
                    place.parts.push((span, span.end));
                    break;
                }
                Expression::ImportMeta(_) => {
                    let span = self.span(at.span());
                    let import = Span::new(span.start, span.start + "import".len());
                    let meta = Span::new(span.end - "meta".len(), span.end);
                    place.start = span.start;
                    place.parts.push((meta, span.end));
                    place.parts.push((import, import.end));
                    break;
                }
                _ => {
                    place.on = Some(self.expression(at));
                    break;
                }
            }
        }
        (span, place)
    }

    /// The name in `x["name"]`, `x[0]`.
    fn fixed(&self, index: &Expression<'_>) -> Option<Span> {
        let span = self.span(index.span());
        match index {
            Expression::StringLiteral(_) => Some(inner(span)),
            Expression::TemplateLiteral(t) if t.expressions.is_empty() => Some(inner(span)),
            Expression::NumericLiteral(_) => Some(span),
            _ => None,
        }
    }

    fn path(&mut self, expression: &Expression<'_>) -> ExprId {
        let (span, place) = self.place(expression);
        let parts = names(&place);
        match (&parts[..], place.on) {
            // `x[i]`.
            ([], Some(on)) => return on,
            ([name], None) if self.testing > 0 => self.note_tested(*name),
            _ => {}
        }
        let variable = self.read_in(&parts, &place, false);
        if place.on.is_some() || parts.len() > 1 {
            let last = parts.last().map(|&part| self.word(part));
            if last == Some(b"length") {
                return self.add(span, Expr::Flag);
            }
        }
        let on = place.on;
        let id = self.add(span, Expr::Path { parts, on });
        if let Some((name, span)) = variable {
            self.note_read(id, name, span);
        }
        id
    }

    /// The variable that a path reads, and where: `process.env.X` of `process.env.X.split`.
    fn read_in(&self, parts: &[Span], place: &Place, called: bool) -> Option<(Span, Span)> {
        if place.on.is_some() {
            return None;
        }
        let at = self.variable(parts)?;
        if called && at + 1 == parts.len() {
            return None;
        }
        let end = place.parts.get(place.parts.len() - 1 - at)?.1;
        Some((parts[at], Span::new(place.start, end)))
    }

    fn call(
        &mut self,
        span: Span,
        callee: &Expression<'_>,
        arguments: &[Argument<'_>],
        is_new: bool,
    ) -> ExprId {
        let (path, place) = self.place(callee);
        let parts = names(&place);
        if let Some((name, span)) = self.read_in(&parts, &place, true) {
            let id = self.add(path, Expr::Unknown);
            self.note_read(id, name, span);
        }
        let demanding = self.demands(&parts);
        let flag = matches!(&parts[..], [name] if self.word(*name) == b"Boolean");
        let slot = self.open_call(span, parts, place.on, is_new);
        self.testing += usize::from(demanding);
        let deciding = std::mem::take(&mut self.deciding);
        let mut args = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument {
                Argument::SpreadElement(s) => args.push(self.expression(&s.argument)),
                other => args.extend(other.as_expression().map(|e| self.expression(e))),
            }
        }
        self.testing -= usize::from(demanding);
        self.deciding = deciding;
        let id = self.close_call(slot, args);
        if flag {
            return self.add(span, Expr::Flag);
        }
        id
    }

    /// Makes room for a call, so that calls stand in the order of the text: what it is made on before it, its arguments behind.
    pub(super) fn open_call(
        &mut self,
        span: Span,
        callee: Box<[Span]>,
        on: Option<ExprId>,
        is_new: bool,
    ) -> usize {
        self.program.calls.push(Call {
            span,
            callee,
            on,
            args: Box::default(),
            named: Box::default(),
            is_new,
            function: self.function,
        });
        self.program.calls.len() - 1
    }

    pub(super) fn close_call(&mut self, slot: usize, args: Vec<ExprId>) -> ExprId {
        let span = self.program.calls[slot].span;
        let callee = self.program.calls[slot].callee.clone();
        if self.program.calls[slot].on.is_none() && !self.program.calls[slot].is_new {
            self.note_require(&callee, &args);
        }
        let id = self.add(span, Expr::Call(slot));
        if self.program.calls[slot].on.is_none() {
            self.note_call(id, span, &callee, &args);
        }
        self.program.calls[slot].args = args.into();
        id
    }

    /// `a || b ?? c && d`; the left side is a loop, as chains are long.
    fn logical(&mut self, last: &LogicalExpression<'_>) -> ExprId {
        let mut chain = vec![last];
        while let Some(Expression::LogicalExpression(left)) = chain.last().map(|l| &l.left) {
            chain.push(left);
        }
        let first = chain.last().map_or(&last.left, |l| &l.left);
        let mut current = match chain.last().map_or(last.operator, |l| l.operator) {
            LogicalOperator::And => self.condition(first),
            _ => self.expression(first),
        };
        let mut several = vec![current];
        while let Some(step) = chain.pop() {
            // What stands left of a later `&&` decides.
            let tests = chain
                .last()
                .is_some_and(|next| next.operator == LogicalOperator::And);
            self.testing += usize::from(tests);
            self.deciding += usize::from(tests);
            let right = self.expression(&step.right);
            self.deciding = self.deciding.saturating_sub(usize::from(tests));
            self.testing -= usize::from(tests);
            match step.operator {
                LogicalOperator::And => several.clear(),
                LogicalOperator::Or | LogicalOperator::Coalesce => {
                    self.note_fallback(current, right);
                }
            }
            several.push(right);
            current = right;
        }
        let span = self.span(last.span);
        self.add(span, Expr::Either(several.into()))
    }

    /// Arithmetic, comparison and `+`; the left side is a loop, as generated chains have thousands of parts.
    fn binary(&mut self, last: &BinaryExpression<'_>) -> ExprId {
        let compares = usize::from(last.operator != BinaryOperator::Addition);
        self.deciding += compares;
        let id = self.put_together(last);
        self.deciding = self.deciding.saturating_sub(compares);
        id
    }

    fn put_together(&mut self, last: &BinaryExpression<'_>) -> ExprId {
        let mut chain = vec![last];
        while let Some(Expression::BinaryExpression(left)) = chain.last().map(|b| &b.left) {
            chain.push(left);
        }
        let mut span = self.span(last.span);
        let first = chain.last().map_or(&last.left, |b| &b.left);
        let mut parts = vec![self.expression(first)];
        while let Some(step) = chain.pop() {
            span = self.span(step.span);
            let right = self.expression(&step.right);
            if step.operator == BinaryOperator::Addition {
                parts.push(right);
            } else {
                parts = vec![self.add(span, Expr::Flag)];
            }
        }
        if let [one] = parts[..] {
            return one;
        }
        let is = |id: &ExprId, wanted: fn(&Expr) -> bool| wanted(&self.program.node(*id).expr);
        let text = |e: &Expr| matches!(e, Expr::Text(_) | Expr::Join(_));
        let number = |e: &Expr| matches!(e, Expr::Number | Expr::Flag);
        let joined = parts.iter().any(|id| is(id, text)) || !parts.iter().any(|id| is(id, number));
        let expr = if joined {
            Expr::Join(parts.into())
        } else {
            Expr::Flag
        };
        self.add(span, expr)
    }

    fn unary(&mut self, span: Span, unary: &UnaryExpression<'_>) -> ExprId {
        let (expr, tests) = match unary.operator {
            UnaryOperator::LogicalNot => (Expr::Flag, true),
            UnaryOperator::Void => (Expr::Null, false),
            UnaryOperator::UnaryNegation
                if matches!(unary.argument, Expression::NumericLiteral(_)) =>
            {
                (Expr::Number, false)
            }
            _ => (Expr::Flag, false),
        };
        if tests {
            self.condition(&unary.argument);
        } else {
            self.expression(&unary.argument);
        }
        self.add(span, expr)
    }

    fn object(&mut self, span: Span, object: &ObjectExpression<'_>) -> ExprId {
        let mut members = Vec::with_capacity(object.properties.len());
        let mut spread = Vec::new();
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(p) => {
                    let name = self.key(&p.key);
                    let value = self.named(&p.value, name, false);
                    members.push((name, value));
                }
                ObjectPropertyKind::SpreadProperty(s) => spread.push(self.expression(&s.argument)),
            }
        }
        let (members, spread) = (members.into(), spread.into());
        self.add(span, Expr::Object { members, spread })
    }

    /// The name of a member, quotes and `#` left out; of `[computed]` what stands between the brackets.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> Span {
        let span = self.span(key.span());
        match key {
            PropertyKey::StaticIdentifier(_) => span,
            PropertyKey::PrivateIdentifier(_) => {
                Span::new((span.start + 1).min(span.end), span.end)
            }
            key => match key.as_expression() {
                Some(expression) => self.fixed(expression).unwrap_or_else(|| {
                    self.expression(expression);
                    span
                }),
                None => span,
            },
        }
    }

    /// An expression that a name is given: a function literal takes the name.
    pub(super) fn named(
        &mut self,
        expression: &Expression<'_>,
        name: Span,
        exported: bool,
    ) -> ExprId {
        let literal = expression.get_inner_expression();
        match literal {
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {
                self.literal(literal, Some(name), exported)
            }
            _ => self.expression(expression),
        }
    }

    pub(super) fn exported_literal(&mut self, expression: &Expression<'_>) -> ExprId {
        self.literal(expression.get_inner_expression(), None, true)
    }

    fn literal(
        &mut self,
        expression: &Expression<'_>,
        name: Option<Span>,
        exported: bool,
    ) -> ExprId {
        let span = self.span(expression.span());
        let function = match expression {
            Expression::FunctionExpression(f) => self.function(f, name, exported),
            Expression::ArrowFunctionExpression(a) => self.arrow(a, name, exported),
            _ => None,
        };
        self.add(span, function.map_or(Expr::Unknown, Expr::Function))
    }
}

/// The parts of a path, the first first.
fn names(place: &Place) -> Box<[Span]> {
    place.parts.iter().rev().map(|part| part.0).collect()
}
