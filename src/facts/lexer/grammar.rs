//! What differs between the languages before a walk sees them: a row of a table each.

use crate::facts::language::Language;

/// What a backslash, or a doubled quote, says in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Nothing: the text says what stands there.
    None,
    /// `\n`, `\x41`, `\u{41}` and their like.
    All,
    /// Only the quote and the backslash: `'it\'s'` in PHP and Ruby.
    Quote,
    /// The quote written twice is one: `@"a ""b"""` in C#.
    Doubled,
}

/// How holes are written in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holes {
    /// There are none.
    None,
    /// `{x}`, and `{{` for a brace: Python, C#.
    Brace,
    /// `#{x}`: Ruby.
    Hash,
    /// `${x}`: JavaScript.
    DollarBrace,
    /// `$x` and `${x}`: Kotlin, Scala.
    Dollar,
    /// `$x`, `$x->y`, `$x[y]`, `{$x}`: PHP.
    Php,
    /// `\(x)`: Swift.
    Paren,
}

/// A language, as far as its tokens and statements differ.
#[derive(Debug)]
pub(super) struct Grammar {
    pub language: Language,
    /// `//` and `/* */` are comments.
    pub slashes: bool,
    /// `#` begins a comment.
    pub hash: bool,
    /// Comments lie in comments.
    pub nested: bool,
    /// Names of variables begin with `$`.
    pub dollar: bool,
    /// A statement ends with `;` and not with its line.
    pub semicolons: bool,
    /// A type follows its name behind a colon.
    pub colons: bool,
    /// A comparison or a bracket of types may follow a name: `Map<String, String>`.
    pub angles: bool,
}

/// Whether an operand stands behind the word, in whatever language.
pub(super) fn is_before_operand(word: &[u8]) -> bool {
    matches!(
        word,
        b"and"
            | b"assert"
            | b"await"
            | b"case"
            | b"delete"
            | b"do"
            | b"echo"
            | b"elif"
            | b"else"
            | b"elsif"
            | b"if"
            | b"in"
            | b"is"
            | b"lambda"
            | b"new"
            | b"not"
            | b"of"
            | b"or"
            | b"print"
            | b"puts"
            | b"raise"
            | b"return"
            | b"then"
            | b"throw"
            | b"typeof"
            | b"unless"
            | b"until"
            | b"when"
            | b"while"
            | b"yield"
    )
}

const PLAIN: Grammar = Grammar {
    language: Language::JavaScript,
    slashes: true,
    hash: false,
    nested: false,
    dollar: false,
    semicolons: false,
    colons: false,
    angles: false,
};

const CSHARP: Grammar = Grammar {
    language: Language::CSharp,
    semicolons: true,
    angles: true,
    ..PLAIN
};
const GO: Grammar = Grammar {
    language: Language::Go,
    ..PLAIN
};
const JAVA: Grammar = Grammar {
    language: Language::Java,
    semicolons: true,
    angles: true,
    ..PLAIN
};
const JAVASCRIPT: Grammar = Grammar {
    colons: true,
    angles: true,
    dollar: true,
    ..PLAIN
};
const KOTLIN: Grammar = Grammar {
    language: Language::Kotlin,
    nested: true,
    colons: true,
    angles: true,
    ..PLAIN
};
const PHP: Grammar = Grammar {
    language: Language::Php,
    hash: true,
    dollar: true,
    semicolons: true,
    ..PLAIN
};
const PYTHON: Grammar = Grammar {
    language: Language::Python,
    slashes: false,
    hash: true,
    colons: true,
    ..PLAIN
};
const RUBY: Grammar = Grammar {
    language: Language::Ruby,
    slashes: false,
    hash: true,
    dollar: true,
    ..PLAIN
};
const RUST: Grammar = Grammar {
    language: Language::Rust,
    nested: true,
    semicolons: true,
    colons: true,
    angles: true,
    ..PLAIN
};
const SCALA: Grammar = Grammar {
    language: Language::Scala,
    nested: true,
    colons: true,
    ..PLAIN
};
const SWIFT: Grammar = Grammar {
    language: Language::Swift,
    nested: true,
    colons: true,
    angles: true,
    ..PLAIN
};

impl Grammar {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::CSharp => &CSHARP,
            Language::Go => &GO,
            Language::Java => &JAVA,
            Language::JavaScript => &JAVASCRIPT,
            Language::Kotlin => &KOTLIN,
            Language::Php => &PHP,
            Language::Python => &PYTHON,
            Language::Ruby => &RUBY,
            Language::Rust => &RUST,
            Language::Scala => &SCALA,
            Language::Swift => &SWIFT,
        }
    }
}
