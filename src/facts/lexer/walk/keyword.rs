//! Words of a language at the head of a statement: modifiers, headers, what holds declarations.

use super::Walk;
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;

/// What stands before a declaration.
#[derive(Clone, Copy, Default)]
pub(super) struct Modifiers {
    pub constant: bool,
    pub exported: bool,
    /// `var`, `const`: Go's type stands behind the name.
    pub declares: bool,
}

impl Walk<'_> {
    /// Past words before a declaration.
    pub(super) fn modifiers(&mut self) -> Modifiers {
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
    pub(super) fn keyword(&mut self) -> bool {
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
            b"case" if self.is(&[Scala]) && matches!(self.word(1), b"class" | b"object") => {
                self.at += 1;
                return self.container();
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
        let singleton = self.is(&[Ruby]) && self.op(1) == b"<<";
        if !named && !singleton {
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
                Some(Kind::Open(b'(')) if self.is(&[Kotlin, Java, CSharp, Scala]) => {
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
        if self.is(&[Java, CSharp, Php, JavaScript, Kotlin, Scala]) {
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
}
