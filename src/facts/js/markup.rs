//! JSX: an element is the making of an object, its attributes are arguments by name, its children arguments by place.

use oxc_ast::ast::{
    JSXAttributeItem, JSXAttributeValue, JSXChild, JSXElement, JSXElementName,
    JSXMemberExpressionObject,
};
use oxc_span::GetSpan;

use super::module::inner;
use super::reader::Reader;
use crate::facts::code::{Expr, ExprId};
use crate::model::Span;

impl Reader<'_> {
    pub(super) fn element(&mut self, element: &JSXElement<'_>) -> ExprId {
        let span = self.span(element.span);
        let id = self.deeper(|reader| reader.made(element));
        id.unwrap_or_else(|| self.add(span, Expr::Unknown))
    }

    fn made(&mut self, element: &JSXElement<'_>) -> ExprId {
        let callee = self.element_name(&element.opening_element.name);
        let slot = self.open_call(self.span(element.span), callee, None, true);
        let (mut args, mut named) = (Vec::new(), Vec::new());
        for item in &element.opening_element.attributes {
            match item {
                JSXAttributeItem::Attribute(attribute) => {
                    if let Some(value) = &attribute.value
                        && let Some(value) = self.attribute(value)
                    {
                        named.push((self.span(attribute.name.span()), value));
                    }
                }
                JSXAttributeItem::SpreadAttribute(attribute) => {
                    let spread = self.expression(&attribute.argument);
                    let span = self.span(attribute.span);
                    args.push(self.add(
                        span,
                        Expr::Object {
                            members: Box::default(),
                            spread: [spread].into(),
                        },
                    ));
                }
            }
        }
        args.extend(self.children(&element.children));
        self.program.calls[slot].named = named.into();
        self.close_call(slot, args)
    }

    fn attribute(&mut self, value: &JSXAttributeValue<'_>) -> Option<ExprId> {
        match value {
            JSXAttributeValue::StringLiteral(s) => {
                Some(self.text_of(inner(self.span(s.span)), s.value.as_str()))
            }
            JSXAttributeValue::ExpressionContainer(c) => {
                let expression = c.expression.as_expression()?;
                Some(self.expression(expression))
            }
            JSXAttributeValue::Element(e) => Some(self.element(e)),
            JSXAttributeValue::Fragment(f) => {
                let children = self.children(&f.children);
                Some(self.add(self.span(f.span), Expr::List(children.into())))
            }
        }
    }

    pub(super) fn children(&mut self, children: &[JSXChild<'_>]) -> Vec<ExprId> {
        let mut found = Vec::new();
        let within = self.deeper(|reader| {
            for child in children {
                match child {
                    JSXChild::Text(_) => {}
                    JSXChild::Element(e) => found.push(reader.element(e)),
                    JSXChild::Fragment(f) => found.extend(reader.children(&f.children)),
                    JSXChild::ExpressionContainer(c) => {
                        let expression = c.expression.as_expression();
                        found.extend(expression.map(|e| reader.expression(e)));
                    }
                    JSXChild::Spread(s) => found.push(reader.expression(&s.expression)),
                }
            }
        });
        within.map_or_else(Vec::new, |()| found)
    }

    fn element_name(&self, name: &JSXElementName<'_>) -> Box<[Span]> {
        let JSXElementName::MemberExpression(member) = name else {
            return [self.span(name.span())].into();
        };
        let mut parts = vec![self.span(member.property.span)];
        let mut object = &member.object;
        while let JSXMemberExpressionObject::MemberExpression(inner) = object {
            parts.push(self.span(inner.property.span));
            object = &inner.object;
        }
        parts.push(self.span(object.span()));
        parts.reverse();
        parts.into()
    }
}
