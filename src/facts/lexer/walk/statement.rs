//! Statements: declarations, assignments, headers, annotations.

use super::Walk;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Swift,
};
use crate::facts::lexer::tokens::Kind;

/// What stands before a declaration.
#[derive(Clone, Copy, Default)]
struct Modifiers {
    constant: bool,
    exported: bool,
    /// `var`, `const`: Go's type stands behind the name.
    declares: bool,
}

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
                        self.attributes();
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

    /// Past words before a declaration.
    fn modifiers(&mut self) -> Modifiers {
        let mut found = Modifiers::default();
        if self.is(&[Python, Ruby]) {
            if matches!(
                self.word(0),
                b"private" | b"public" | b"protected" | b"async"
            ) && self.word(1) == b"def"
            {
                self.at += 1;
            }
            return found;
        }
        loop {
            let declared = matches!(
                self.kind(1),
                Some(Kind::Name | Kind::Open(b'(' | b'[' | b'{'))
            );
            match self.word(0) {
                b"const" | b"final" | b"val" | b"let" | b"readonly" | b"static" | b"var"
                    if declared =>
                {
                    let word = self.word(0);
                    let constant = match self.grammar.language {
                        JavaScript | Php | CSharp | Go => word == b"const" || word == b"readonly",
                        Rust => word == b"const" || word == b"static",
                        _ => matches!(word, b"const" | b"final" | b"val" | b"let"),
                    };
                    found.constant |= constant;
                    found.declares |= matches!(word, b"const" | b"var");
                    if word == b"static" && self.is_open(1, b'{') {
                        break;
                    }
                    if self.is(&[Go]) && self.is_open(1, b'(') {
                        break;
                    }
                }
                b"pub" | b"public" | b"export" | b"open" => {
                    found.exported = true;
                    if self.is_open(1, b'(') && self.is(&[Rust]) {
                        self.at += 1;
                        self.step();
                        continue;
                    }
                    if self.kind(1) != Some(Kind::Name) && !self.is_open(1, b'{') {
                        break;
                    }
                }
                b"private" | b"protected" | b"internal" | b"fileprivate" | b"abstract"
                | b"override" | b"async" | b"default" | b"sealed" | b"lateinit" | b"inline"
                | b"suspend" | b"data" | b"virtual" | b"extern" | b"mut" | b"mutating"
                | b"lazy" | b"weak" | b"unowned" | b"convenience" | b"required" | b"declare"
                | b"volatile" | b"transient" | b"synchronized" | b"partial" | b"operator"
                | b"unsafe" | b"global" | b"tailrec" | b"external" | b"infix" | b"nonisolated"
                | b"native"
                    if self.kind(1) == Some(Kind::Name)
                        && !self.token(1).is_some_and(|t| t.newline && self.lines) => {}
                b"private" | b"fileprivate" if self.is(&[Swift]) && self.is_open(1, b'(') => {
                    self.at += 1;
                }
                _ => break,
            }
            self.at += 1;
        }
        found
    }

    /// A word of the language at the head of a statement, and what belongs to it.
    fn keyword(&mut self) -> bool {
        let word = self.word(0);
        // A variable that is called like a word of another language.
        if matches!(self.op(1), b"=" | b"." | b":=" | b"+=" | b"?." | b"->")
            && !(self.op(1) == b"." && self.is(&[Swift]))
        {
            return false;
        }
        match word {
            b"if" | b"elif" | b"elsif" | b"unless" | b"while" | b"until" | b"guard" => {
                self.at += 1;
                let outer = std::mem::replace(&mut self.condition, true);
                self.head();
                self.condition = outer;
            }
            b"for" | b"foreach" | b"switch" | b"catch" | b"except" | b"with" | b"lock"
            | b"select" | b"rescue" | b"fixed" => {
                self.at += 1;
                self.head();
            }
            b"using" => {
                self.at += 1;
                if self.is_open(0, b'(') {
                    self.head();
                }
            }
            b"match" | b"when" | b"synchronized" if self.op(1).is_empty() => {
                self.at += 1;
                self.head();
            }
            b"case" => {
                self.at += 1;
                self.head();
            }
            b"else" | b"do" | b"try" | b"finally" | b"ensure" | b"begin" | b"end" | b"then"
            | b"default" | b"loop" | b"unsafe" | b"deinit" | b"init" | b"repeat" | b"get"
            | b"set" | b"defer" | b"go" | b"fallthrough" | b"async" | b"await" | b"companion"
            | b"static" | b"in"
                if !self.is_open(1, b'(') || matches!(word, b"defer" | b"go" | b"await") =>
            {
                if matches!(
                    word,
                    b"get" | b"set" | b"init" | b"end" | b"loop" | b"repeat" | b"in"
                ) && self.is(&[Python])
                {
                    return false;
                }
                if matches!(
                    word,
                    b"get"
                        | b"set"
                        | b"repeat"
                        | b"default"
                        | b"init"
                        | b"try"
                        | b"go"
                        | b"defer"
                        | b"async"
                        | b"await"
                        | b"in"
                ) && self.is(&[Ruby])
                {
                    return false;
                }
                self.at += 1;
                self.eat(b":");
                if self.is(&[Ruby]) {
                    self.block_params();
                }
            }
            b"return" | b"yield" | b"break" | b"continue" | b"next" | b"pass" | b"assert"
            | b"del" | b"global" | b"nonlocal" => {
                self.at += 1;
                if !self.broke() && word == b"return" && !matches!(self.word(0), b"if" | b"unless")
                {
                    self.expression();
                }
            }
            b"echo" | b"print" if self.is(&[Php]) && !self.is_open(1, b'(') => {
                let name = self.at_span(self.at);
                self.at += 1;
                self.command_call(vec![name], None, name.start);
            }
            b"class" | b"interface" | b"enum" | b"struct" | b"trait" | b"impl" | b"namespace"
            | b"object" | b"extension" | b"protocol" | b"record" | b"mod" | b"module" | b"type"
            | b"package" | b"actor" | b"union" | b"typealias" | b"annotation" => {
                return self.container();
            }
            b"var" | b"const" if self.is(&[Go]) && self.is_open(1, b'(') => {
                let constant = word == b"const";
                self.at += 1;
                self.within(true, |walk| {
                    while walk.at < walk.end {
                        let before = walk.at;
                        let declares = true;
                        walk.simple(
                            Modifiers {
                                constant,
                                exported: false,
                                declares,
                            },
                            0,
                        );
                        walk.at += usize::from(walk.at == before || walk.op(0) == b";");
                    }
                });
            }
            _ => return false,
        }
        true
    }

    /// The head of what holds declarations; its body is read as statements.
    fn container(&mut self) -> bool {
        let word = self.word(0);
        let named = matches!(self.kind(1), Some(Kind::Name))
            || self.op(1) == b"<"
            || word == b"object" && self.is_open(1, b'{')
            || self.op(1) == b":";
        if !named && !(self.is(&[Ruby]) && self.op(1) == b"<<") {
            return false;
        }
        let begins = self.at;
        self.at += 1;
        if self.is(&[Go]) {
            // `type T struct { … }`: names and types.
            while self.at < self.end && !self.broke() {
                self.step();
            }
            return true;
        }
        while self.at < self.end {
            match self.kind(0) {
                Some(Kind::Open(b'{')) => {
                    if self.is(&[Rust]) && matches!(word, b"struct" | b"enum" | b"union") {
                        self.step();
                    } else {
                        self.block();
                    }
                    return true;
                }
                Some(Kind::Open(b'(')) if self.is(&[Kotlin, Java, CSharp]) => {
                    self.params();
                }
                Some(Kind::Op) if self.op(0) == b";" => return true,
                Some(Kind::Op) if self.op(0) == b":" && self.is(&[Python]) => {
                    self.at += 1;
                    return true;
                }
                Some(Kind::Op) if self.op(0) == b"=" => return true,
                Some(Kind::Op) if self.op(0) == b"@" => self.annotation(),
                _ if self.broke()
                    && self.at > begins + 1
                    && !matches!(self.op(0), b":" | b",")
                    && self.word(0) != b"where" =>
                {
                    return true;
                }
                _ => self.step(),
            }
        }
        true
    }

    /// The header of a statement, to where its body begins.
    pub(super) fn head(&mut self) {
        let outer = std::mem::replace(&mut self.header, true);
        if self.is(&[Java, CSharp, Php, JavaScript, Kotlin]) {
            if self.word(0) == b"await" || self.word(0) == b"constexpr" {
                self.at += 1;
            }
            if self.is_open(0, b'(') {
                self.within(false, Self::statements);
                self.header = outer;
                return;
            }
        }
        let mut first = true;
        while self.at < self.end && (first || !self.broke()) {
            first = false;
            let before = self.at;
            match (self.kind(0), self.op(0)) {
                (Some(Kind::Open(b'{')), _) if !self.is(&[Python, Ruby]) => break,
                (_, b":" | b"=>" | b"->") => {
                    self.at += 1;
                    break;
                }
                (_, b";") if !self.is(&[Go]) => break,
                (_, b";" | b",") => self.at += 1,
                (Some(Kind::Name), _) => match self.word(0) {
                    b"then" | b"do" | b"else" => break,
                    b"let" | b"var" | b"in" | b"await" | b"if" | b"case" | b"as" | b"async"
                    | b"mut" | b"where" => {
                        self.at += 1;
                    }
                    _ => _ = self.simple(Modifiers::default(), 0),
                },
                _ => _ = self.simple(Modifiers::default(), 0),
            }
            self.at += usize::from(self.at == before);
        }
        self.header = outer;
    }

    /// An expression, an assignment, a declaration.
    fn simple(&mut self, modifiers: Modifiers, start: usize) -> Option<ExprId> {
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
        while self.op(0) == b","
            && self.is(&[Python, Ruby, Go])
            && !(self.header && !self.is(&[Go]))
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

    /// `@name(…)` before what it says something of: a call, with or without brackets.
    pub(super) fn annotation(&mut self) {
        self.at += 1;
        if self.kind(0) != Some(Kind::Name) {
            return;
        }
        if self.op(1) == b":" && self.is(&[Kotlin]) {
            self.at += 2;
        }
        let start = self.here();
        let mut parts = Vec::new();
        while self.kind(0) == Some(Kind::Name) {
            parts.push(self.at_span(self.at));
            self.at += 1;
            if self.op(0) != b"." {
                break;
            }
            self.at += 1;
        }
        self.applied(parts, start);
    }

    /// The call of an annotation, and what a framework makes of it.
    fn applied(&mut self, parts: Vec<crate::model::Span>, start: usize) {
        let id = if self.is_open(0, b'(') && !self.broke() {
            self.call(parts, None, start, false)
        } else {
            self.called(parts, start)
        };
        self.injected(id);
    }

    /// `[A("x"), B]`, `#[a(x)]`.
    pub(super) fn attributes(&mut self) {
        self.within(false, |walk| {
            while walk.at < walk.end {
                let before = walk.at;
                if walk.kind(0) == Some(Kind::Name) && walk.op(1) == b":" {
                    walk.at += 2;
                }
                let start = walk.here();
                let mut parts = Vec::new();
                while walk.kind(0) == Some(Kind::Name) {
                    parts.push(walk.at_span(walk.at));
                    walk.at += 1;
                    if !matches!(walk.op(0), b"." | b"::" | b"\\") {
                        break;
                    }
                    walk.at += 1;
                }
                if !parts.is_empty() {
                    walk.applied(parts, start);
                }
                while walk.at < walk.end && walk.op(0) != b"," {
                    walk.step();
                }
                walk.at += usize::from(walk.at < walk.end);
                walk.at += usize::from(walk.at == before);
            }
        });
    }
}
