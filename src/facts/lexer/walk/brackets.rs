//! Which bracket closes which, and what is read within one.

use super::{DEEPEST, Walk};
use crate::facts::lexer::tokens::{Kind, Token};

/// What closes what: the same number.
fn class(kind: Kind) -> Option<usize> {
    Some(match kind {
        Kind::Open(b'(') | Kind::Close(b')') => 0,
        Kind::Open(b'[') | Kind::Close(b']') => 1,
        Kind::Open(_) | Kind::Close(_) => 2,
        Kind::Join | Kind::JoinEnd => 3,
        Kind::Hole | Kind::HoleEnd => 4,
        _ => return None,
    })
}

/// For each opening bracket the token that closes it, or what is around it; and whether one stays open.
pub(super) fn mates(tokens: &[Token]) -> (Vec<u32>, bool) {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut mates = vec![small(tokens.len()); tokens.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut waiting = [0usize; 5];
    for (i, token) in tokens.iter().enumerate() {
        let Some(class) = class(token.kind) else {
            continue;
        };
        if matches!(token.kind, Kind::Open(_) | Kind::Join | Kind::Hole) {
            open.push((i, class));
            waiting[class] += 1;
            continue;
        }
        while waiting[class] > 0
            && let Some((opened, other)) = open.pop()
        {
            mates[opened] = small(i);
            waiting[other] -= 1;
            if other == class {
                break;
            }
        }
    }
    (mates, !open.is_empty())
}

impl Walk<'_> {
    /// The token that closes the bracket at `at`.
    pub(super) fn mate(&self, at: usize) -> usize {
        let mate = self.mates.get(at).map_or(self.end, |&mate| mate as usize);
        mate.min(self.end)
    }

    /// The token behind the bracket at `at`.
    pub(super) fn past(&self, at: usize) -> usize {
        let mate = self.mate(at);
        let closes =
            mate < self.end && class(self.tokens[mate].kind) == class(self.tokens[at].kind);
        (mate + usize::from(closes)).max(at + 1)
    }

    /// Reads what is in the bracket that begins here, which is jumped over where it lies too deep. `lines`: the end of a line ends a
    /// statement in it.
    pub(super) fn within<R>(
        &mut self,
        lines: bool,
        read: impl FnOnce(&mut Self) -> R,
    ) -> Option<R> {
        let (mate, past) = (self.mate(self.at), self.past(self.at));
        let outer = (self.end, self.lines, self.header);
        self.at += 1;
        self.end = mate.max(self.at);
        self.lines = lines && !self.grammar.semicolons;
        self.header = false;
        let result = self.deeper(read);
        (self.end, self.lines, self.header) = outer;
        self.at = past;
        result
    }

    /// Reads one level deeper, should there be one.
    pub(super) fn deeper<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= DEEPEST {
            self.program.cut = true;
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        Some(result)
    }
}
