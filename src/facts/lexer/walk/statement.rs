//! Statements: declarations and assignments.

use super::Walk;
use super::keyword::Modifiers;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Swift,
};
use crate::facts::lexer::tokens::Kind;

impl Walk<'_> {
    /// Statements to the end of what is read; what the last of them yields.
    pub(super) fn statements(&mut self) -> Option<ExprId> {
        let mut last = None;
        while self.at < self.end {
            let before = self.at;
            let value = self.statement();
            if value.is_some() || self.op(0) != b";" {
                last = value;
            }
            self.at += usize::from(self.at == before);
        }
        last
    }

    /// Whether the attribute that comes next is `[cfg(test)]`.
    fn is_test_only(&self) -> bool {
        self.is(&[Rust])
            && self.word(1) == b"cfg"
            && self.is_open(2, b'(')
            && self.word(3) == b"test"
            && matches!(self.kind(4), Some(Kind::Close(_)))
    }

    /// Past the module that comes next, if one does: what is built for tests alone says nothing of the program.
    fn pass_module(&mut self) {
        let public = usize::from(self.word(0) == b"pub");
        if self.word(public) == b"mod" && self.is_open(public + 2, b'{') {
            self.at = self.past(self.at + public + 2);
        }
    }

    fn statement(&mut self) -> Option<ExprId> {
        let token = self.token(0)?;
        if self.is(&[Python, Ruby]) && token.newline && self.lines {
            let ends = self.is(&[Ruby]) && self.word(0) != b"end";
            if !ends && !matches!(token.kind, Kind::Close(_)) {
                self.dedent(token.indent);
            }
        }
        match token.kind {
            Kind::Op => match self.op(0) {
                b"@" if !self.is(&[Php]) => {
                    self.annotation();
                    return None;
                }
                b"#" if self.is(&[Rust, Php]) => {
                    self.at += 1;
                    self.eat(b"!");
                    if self.is_open(0, b'[') {
                        let test = self.is_test_only();
                        self.attributes();
                        if test {
                            self.pass_module();
                        }
                    }
                    return None;
                }
                b"#" if self.is(&[Swift]) => {
                    // `#if DEBUG`
                    self.at += 2.min(self.end - self.at);
                    return None;
                }
                b"," | b";" | b":" | b"=" | b"=>" | b"?" | b"?>" | b"|" => {
                    self.at += 1;
                    return None;
                }
                b"->" if !self.is(&[Ruby]) => {
                    self.at += 1;
                    return None;
                }
                _ => {}
            },
            Kind::Close(_) | Kind::HoleEnd | Kind::JoinEnd => {
                self.at += 1;
                return None;
            }
            Kind::Open(b'{') if !self.is(&[Python, Ruby]) => return self.block(),
            Kind::Open(b'[') if self.is(&[CSharp]) => {
                self.attributes();
                return None;
            }
            Kind::Name if self.import() => return None,
            _ => {}
        }
        let modifiers = self.modifiers();
        let start = token.start as usize;
        if self.begins_function() {
            self.at += 1;
            self.definition(start, modifiers.exported);
            return None;
        }
        if matches!(self.kind(0), Some(Kind::Name)) {
            if self.is(&[Swift]) && self.word(0) == b"init" && self.is_open(1, b'(')
                || self.is(&[Kotlin]) && self.word(0) == b"constructor" && self.is_open(1, b'(')
            {
                self.definition(start, modifiers.exported);
                return None;
            }
            if self.keyword() {
                return None;
            }
            if self.is_method() {
                self.definition(start, modifiers.exported);
                return None;
            }
        }
        if self.at >= self.end {
            return None;
        }
        self.simple(modifiers, start)
    }

    /// An expression, an assignment, a declaration.
    pub(super) fn simple(&mut self, modifiers: Modifiers, start: usize) -> Option<ExprId> {
        let mut targets = vec![self.expression()];
        while self.at < self.end && !self.broke() {
            let last = *targets.last()?;
            match (self.kind(0), self.op(0)) {
                (Some(Kind::Name), _) => {
                    if self.ends_simple()
                        || !matches!(
                            self.expr(last),
                            Expr::Path { .. }
                                | Expr::Flag
                                | Expr::Unknown
                                | Expr::List(_)
                                | Expr::Join(_)
                        )
                    {
                        return Some(last);
                    }
                    if self.is_method() {
                        self.definition(start, modifiers.exported);
                        return None;
                    }
                    if self.is(&[Go]) && modifiers.declares {
                        self.type_ahead();
                        continue;
                    }
                    if !self.is(&[Java, CSharp, Php, JavaScript, Kotlin, Swift]) {
                        return Some(last);
                    }
                    if self.is(&[CSharp]) && self.op(1) == b"=>" {
                        // A property that is worked out.
                        let name = self.at_span(self.at);
                        self.at += 2;
                        let value = self.expression();
                        self.push_binding([name].into(), value, false);
                        return Some(value);
                    }
                    *targets.last_mut()? = self.expression();
                }
                (_, b"*") | (Some(Kind::Open(b'[')), _) if self.is(&[Go]) && modifiers.declares => {
                    self.type_ahead()
                }
                (_, b":") if self.grammar.colons && !self.header => {
                    self.at += 1;
                    self.type_ahead();
                    if self.op(0) != b"=" {
                        return None;
                    }
                }
                (_, b"=" | b":=" | b"||=" | b"??=" | b"&&=") => {
                    return self.assignment(targets, modifiers.constant);
                }
                (
                    _,
                    b"+=" | b"-=" | b".=" | b"|=" | b"&=" | b"*=" | b"/=" | b"%=" | b"<<=" | b"^=",
                ) => {
                    self.at += 1;
                    return Some(self.expression());
                }
                (_, b",")
                    if self.is(&[Python, Ruby, Go]) && !self.header
                        || self.op(0) == b"," && self.is(&[Go, Python]) =>
                {
                    self.at += 1;
                    if self.at >= self.end || self.broke() {
                        break;
                    }
                    targets.push(self.expression());
                }
                (Some(Kind::Open(b'{')), _)
                    if self.is(&[CSharp])
                        && !self.header
                        && matches!(self.expr(last), Expr::Path { .. }) =>
                {
                    self.block();
                    if self.op(0) != b"=" {
                        return None;
                    }
                }
                (_, b"?") if self.is(&[CSharp]) => self.at += 1,
                _ => break,
            }
        }
        targets.last().copied()
    }

    /// Whether the word that comes next begins something of its own.
    fn ends_simple(&self) -> bool {
        matches!(
            self.word(0),
            b"if"
                | b"unless"
                | b"while"
                | b"until"
                | b"rescue"
                | b"do"
                | b"then"
                | b"end"
                | b"else"
                | b"elif"
                | b"in"
                | b"of"
                | b"for"
                | b"where"
                | b"throws"
                | b"as"
                | b"is"
                | b"when"
                | b"catch"
                | b"extends"
                | b"implements"
                | b"by"
                | b"return"
        )
    }

    /// Past a type, to what it is given or the end of the statement.
    fn type_ahead(&mut self) {
        let mut angles = 0usize;
        while self.at < self.end && !(self.broke() && angles == 0) {
            match (self.kind(0), self.op(0)) {
                (_, b"=" | b";" | b":=" | b"=>") => return,
                (_, b"<") => angles += 1,
                (_, b">") => angles = angles.saturating_sub(1),
                (_, b"," | b"@") if angles == 0 => return,
                (Some(Kind::Open(b'{')), _) if angles == 0 && !self.is(&[Go, JavaScript]) => return,
                (Some(Kind::Text(_) | Kind::Close(_)), _)
                    if angles == 0 && !self.is(&[JavaScript, Python]) =>
                {
                    return;
                }
                _ => {}
            }
            self.step();
        }
    }

    /// `targets = values`, the sign of which comes next.
    fn assignment(&mut self, targets: Vec<ExprId>, constant: bool) -> Option<ExprId> {
        let mut targets = targets;
        self.at += 1;
        let start = self.here();
        let mut values = vec![self.expression()];
        while self.op(0) == b"," && self.is(&[Python, Ruby, Go]) && (!self.header || self.is(&[Go]))
        {
            self.at += 1;
            if self.at >= self.end || self.broke() && self.is(&[Python]) {
                break;
            }
            values.push(self.expression());
        }
        // a = b = "x"
        while self.op(0) == b"=" && values.len() == 1 && !self.broke() {
            self.at += 1;
            targets.push(values.remove(0));
            values.push(self.expression());
            let value = values[0];
            for target in std::mem::take(&mut targets) {
                self.bind(target, value, constant);
            }
        }
        if targets.len() == values.len() {
            for (&target, &value) in targets.iter().zip(&values) {
                self.bind(target, value, constant);
            }
        } else if let (Some(&target), [value]) = (targets.first(), &values[..]) {
            self.bind(target, *value, constant);
        } else if let [target] = targets[..] {
            let list = self.add(self.since(start), Expr::List(values.clone().into()));
            self.bind(target, list, constant);
        }
        values.last().copied()
    }

    /// Gives `target` the value, should it be a name.
    pub(super) fn bind(&mut self, target: ExprId, value: ExprId, constant: bool) {
        if self.computed.take() == Some(target) {
            return;
        }
        let Expr::Path { parts, .. } = self.expr(target) else {
            return;
        };
        let parts = parts.clone();
        let upper = parts
            .last()
            .is_some_and(|p| self.slice(*p).first().is_some_and(u8::is_ascii_uppercase));
        let constant = constant || self.is(&[Ruby]) && parts.len() == 1 && upper;
        self.required_as(&parts, value);
        self.push_binding(parts, value, constant);
    }
}
