//! Globs of rules, built when they are first asked: of a thousand rules a scan asks some tens, and to build them all takes longer than to
//! scan a small repository.

use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::compiled::Fault;

/// Some globs; none of them fits anything where there are none.
pub(super) struct Globs {
    globs: Box<[String]>,
    any_case: bool,
    /// Those that hold no sign but stars, and the set of the others: words are compared a hundred times faster than a set is asked.
    plain: OnceLock<(Box<[Plain]>, Option<GlobSet>)>,
}

impl Globs {
    pub(super) fn new(globs: impl IntoIterator<Item = String>, any_case: bool) -> Self {
        Self {
            globs: globs.into_iter().collect(),
            any_case,
            plain: OnceLock::new(),
        }
    }

    /// Builds them now, so that a mistake of a user's shows at once. Tests prove the built-in ones.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.build(&self.globs).map(drop)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Whether one of them fits.
    pub(super) fn is_match(&self, text: impl AsRef<[u8]>) -> bool {
        let text = text.as_ref();
        if self.is_empty() {
            return false;
        }
        let (plain, set) = self.plain.get_or_init(|| self.sort());
        plain.iter().any(|glob| glob.fits(text, self.any_case))
            || set.as_ref().is_some_and(|set| {
                let text = String::from_utf8_lossy(text);
                match self.any_case {
                    // Plain words are looked up, where they are not asked in any case: then each is an expression.
                    true => set.is_match(text.to_ascii_lowercase()),
                    false => set.is_match(&*text),
                }
            })
    }

    fn sort(&self) -> (Box<[Plain]>, Option<GlobSet>) {
        let (mut plain, mut others) = (Vec::new(), Vec::new());
        for glob in &self.globs {
            match Plain::of(glob) {
                Some(glob) => plain.push(glob),
                None => others.push(glob.clone()),
            }
        }
        let set = (!others.is_empty()).then(|| self.build(&others).unwrap_or_default());
        (plain.into(), set)
    }

    fn build(&self, globs: &[String]) -> Result<GlobSet, Fault> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let glob = match self.any_case {
                true => Glob::new(&glob.to_ascii_lowercase()),
                false => Glob::new(glob),
            };
            set.add(glob.map_err(|e| {
                (
                    format!("this is not a glob: {}", e.kind()),
                    "globs are written as in .gitignore: `**/*.tfvars`",
                )
            })?);
        }
        set.build()
            .map_err(|e| (e.kind().to_string(), "write fewer globs"))
    }
}

/// A glob whose only sign is the star, which stands for any bytes: what lies between the stars.
struct Plain {
    parts: Box<[Box<[u8]>]>,
    /// It begins with `**/` and goes on with a word: any folders may stand before.
    below: bool,
}

impl Plain {
    /// The glob, where it is such a one.
    fn of(glob: &str) -> Option<Self> {
        let name = glob.strip_prefix("**/");
        let rest = name.unwrap_or(glob).as_bytes();
        let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.*".contains(b);
        (!rest.is_empty() && rest.iter().all(is_plain)).then(|| Self {
            parts: rest.split(|&b| b == b'*').map(Box::from).collect(),
            below: name.is_some() && !rest.starts_with(b"*"),
        })
    }

    fn fits(&self, text: &[u8], any_case: bool) -> bool {
        let below = || memchr::memchr_iter(b'/', text).map(|i| &text[i + 1..]);
        self.is(text, any_case) || self.below && below().any(|text| self.is(text, any_case))
    }

    fn is(&self, text: &[u8], any_case: bool) -> bool {
        let equal = |a: &[u8], b: &[u8]| match any_case {
            true => a.eq_ignore_ascii_case(b),
            false => a == b,
        };
        let (first, middle, last) = match &*self.parts {
            [] => return false,
            [word] => return equal(text, word),
            [first, middle @ .., last] => (first, middle, last),
        };
        let Some(inner) = text.len().checked_sub(first.len() + last.len()) else {
            return false;
        };
        let (begin, rest) = text.split_at(first.len());
        let (mut rest, end) = rest.split_at(inner);
        equal(begin, first)
            && equal(end, last)
            && middle.iter().filter(|part| !part.is_empty()).all(|part| {
                let found = rest.windows(part.len()).position(|at| equal(at, part));
                rest = found.map_or(&[], |at| &rest[at + part.len()..]);
                found.is_some()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_globs_fit_what_a_set_of_them_fits() {
        let globs = [
            "COPY", "*", "**", "*a", "a*", "**env", "env**", "**a.b**", "*x*y", "*x*y*", "x-*-y",
            "**/*.rb", "**/a", "**/a*", "**/*", "*.rb", "a.*.b", "**a*",
        ];
        let texts = [
            "", "a", "A", "b", "copy", "COPY", "COPYCOPY", "env", "my.env", "env.x", "xy", "yx",
            "axbyc", "x-y", "x--y", "x-1-y", "x-1-Y", "c.rb", "d/c.rb", "d/e/a", "da", "d/ab",
            "a/b", ".rb", "a.b", "a.c.b", "1a.b2", "xx.yy",
        ];
        for glob in globs {
            let plain = Plain::of(glob).expect("plain");
            for any_case in [false, true] {
                let all = Globs::new([glob.to_owned()], any_case);
                let set = all.build(&all.globs).expect("a glob");
                for text in texts {
                    let path = match any_case {
                        true => text.to_ascii_lowercase(),
                        false => text.to_owned(),
                    };
                    let fits = plain.fits(text.as_bytes(), any_case);
                    assert_eq!(fits, set.is_match(path), "{glob} {text} {any_case}");
                }
            }
        }
        for glob in [
            "a?", "{a,b}", "[ab]", "a/*", "a\\*", "**/", "!a", "a/**/b", "",
        ] {
            assert!(Plain::of(glob).is_none(), "{glob}");
        }
    }

    #[test]
    fn what_is_not_plain_is_asked_of_a_set() {
        let globs = Globs::new(["**/lib/**".to_owned(), "*.Go".to_owned()], false);
        assert!(globs.is_match(b"a/lib/b.c") && globs.is_match(b"a.Go"));
        assert!(!globs.is_match(b"a.go") && !globs.is_match(b"lib"));
    }
}
