//! Places in calls, bindings and reads: `1`, `*`, `2.expiresIn`, `@secure`, `0.*`, `value`.

use super::source::{Source, Thing};
use crate::facts::code::{Expr, ExprId, FunctionId};
use crate::model::Span;

/// Things at one place that are looked at: more than people write.
const MOST: usize = 1000;
/// Words in the names of settings, of which one that cannot be seen may hold any member.
const SETTINGS: &[&[u8]] = &[b"opt", b"conf", b"setting", b"param", b"attr", b"init"];

/// Where a condition looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    head: Head,
    members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Head {
    /// What is called, given a value, or read.
    Whole,
    Argument(usize),
    AnyArgument,
    Named(String),
    Value,
    Name,
    Fallback,
    On,
    /// The route whose handler it stands in.
    Route,
    /// That handler.
    Handler,
    /// What stands before or around the handler.
    Before,
    /// The name that what a call gives is given.
    Given,
    /// The function around it.
    Around,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Member {
    Any,
    Called(String),
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What<'p> {
    /// An expression.
    Expr(ExprId),
    /// Names alone: what is called, given a value, or read.
    Names(&'p [Span]),
    /// A route, by its place among those of the program.
    Route(usize),
    /// A function.
    Function(FunctionId),
}

/// One thing at a place, with the name it has there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target<'p> {
    pub key: Option<Span>,
    pub what: What<'p>,
}

/// All that stands at a place.
#[derive(Default)]
pub(super) struct Found<'p> {
    pub targets: Vec<Target<'p>>,
    /// There may be more that the text does not show.
    pub open: bool,
}

impl At {
    /// Reads a place; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let head = match parts.next()? {
            "call" | "target" => Head::Whole,
            "*" => Head::AnyArgument,
            "value" => Head::Value,
            "name" => Head::Name,
            "fallback" => Head::Fallback,
            "on" => Head::On,
            "route" => Head::Route,
            "handler" => Head::Handler,
            "before" => Head::Before,
            "given" => Head::Given,
            "around" => Head::Around,
            word => match word.strip_prefix('@') {
                Some("") => return None,
                Some(name) => Head::Named(name.to_owned()),
                None => Head::Argument(word.parse().ok()?),
            },
        };
        let members: Option<Vec<_>> = parts
            .map(|part| match part {
                "" => None,
                "*" => Some(Member::Any),
                name => Some(Member::Called(name.to_owned())),
            })
            .collect();
        let members = members?;
        Some(Self { head, members })
    }

    /// Whether such a place is there in what a rule looks at.
    pub(super) fn suits(&self, on: crate::model::Subject) -> bool {
        use crate::model::Subject::{Binding, Call, Read};
        match self.head {
            Head::Whole | Head::Route | Head::Handler | Head::Before | Head::Around => on.is_code(),
            Head::Argument(_) | Head::AnyArgument | Head::Named(_) | Head::On | Head::Given => {
                on == Call
            }
            Head::Value => on == Binding,
            Head::Name | Head::Fallback => on == Read,
        }
    }

    /// Whether what stands there need not stand in the text: the route of a file is where the file lies.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.head == Head::Route
    }

    /// Whether it is a path of names, and no expression.
    pub(super) fn is_path(&self) -> bool {
        matches!(self.head, Head::Whole | Head::Name | Head::Given) && self.members.is_empty()
    }

    /// Whether it is an argument or lies in one.
    pub(super) fn is_argument(&self) -> bool {
        matches!(
            self.head,
            Head::Argument(_) | Head::AnyArgument | Head::Named(_)
        )
    }

    /// The names that stand in the text where something stands at the place.
    pub(super) fn names(&self) -> Vec<&str> {
        let members = self.members.iter().filter_map(|member| match member {
            Member::Called(name) => Some(&**name),
            Member::Any => None,
        });
        members.collect()
    }

    /// The name that an argument has which stands there, in whatever case.
    pub(super) fn named(&self) -> Option<&str> {
        match &self.head {
            Head::Named(name) => Some(name),
            _ => None,
        }
    }

    /// What stands there.
    pub(super) fn find<'p>(&self, source: &Source<'p>, thing: Thing<'p>) -> Found<'p> {
        let mut found = self.begin(source, thing);
        let any = self.head == Head::AnyArgument;
        let filled = match self.members.is_empty() {
            true => Vec::new(),
            false => filled(source, thing, &found.targets),
        };
        for (depth, member) in self.members.iter().enumerate() {
            let mut next = Found {
                open: found.open,
                ..Found::default()
            };
            for target in found.targets {
                if let What::Expr(id) = target.what {
                    let meant = source.resolve(id, thing.function());
                    next.open |= member.find(source, thing, meant, any, &mut next.targets);
                }
            }
            // Members may be given to it after it is made.
            let here = filled.iter().filter(|(names, _)| {
                let mut steps = self.members.iter().zip(*names);
                names.len() == depth + 1 && steps.all(|(member, &name)| member.fits(source, name))
            });
            next.targets
                .extend(here.take(MOST).map(|&(names, value)| Target {
                    key: names.last().copied(),
                    what: What::Expr(value),
                }));
            found = next;
        }
        found.targets.truncate(MOST);
        found
    }

    fn begin<'p>(&self, source: &Source<'p>, thing: Thing<'p>) -> Found<'p> {
        let expr = |id: ExprId| Target {
            key: None,
            what: What::Expr(id),
        };
        let names = |names: &'p [Span]| Target {
            key: None,
            what: What::Names(names),
        };
        let targets = match (&self.head, thing) {
            (Head::Whole, Thing::Call(call)) => vec![names(&call.callee)],
            (Head::Whole, Thing::Binding(binding)) => vec![names(&binding.target)],
            (Head::Whole, Thing::Read(read)) => vec![names(std::slice::from_ref(&read.span))],
            (&Head::Argument(i), Thing::Call(call)) => {
                call.args.get(i).map(|&id| expr(id)).into_iter().collect()
            }
            (Head::AnyArgument, Thing::Call(call)) => {
                let named = call.named.iter().map(|&(key, id)| Target {
                    key: Some(key),
                    what: What::Expr(id),
                });
                let args = call.args.iter().map(|&id| expr(id));
                args.chain(named).take(MOST).collect()
            }
            (Head::Named(name), Thing::Call(call)) => {
                let named = call
                    .named
                    .iter()
                    .filter(|(key, _)| source.word(*key).eq_ignore_ascii_case(name.as_bytes()));
                named
                    .map(|&(key, id)| Target {
                        key: Some(key),
                        what: What::Expr(id),
                    })
                    .collect()
            }
            (Head::Given, Thing::Call(call)) => {
                source.receives(call).map(names).into_iter().collect()
            }
            (Head::Around, thing) => {
                vec![names(source.around(thing.function()))]
            }
            (Head::On, Thing::Call(call)) => call.on.map(expr).into_iter().collect(),
            (Head::Route | Head::Handler | Head::Before, _) => {
                let Some(index) = source.route_around(thing.function()) else {
                    return Found::default();
                };
                let route = &source.routes()[index];
                let one = |what| vec![Target { key: None, what }];
                match self.head {
                    Head::Route => one(What::Route(index)),
                    Head::Handler => one(What::Function(route.handler)),
                    _ => route.before.iter().map(|&id| expr(id)).collect(),
                }
            }
            (Head::Value, Thing::Binding(binding)) => vec![expr(binding.value)],
            (Head::Name, Thing::Read(read)) => vec![names(std::slice::from_ref(&read.name))],
            (Head::Fallback, Thing::Read(read)) => read.fallback.map(expr).into_iter().collect(),
            _ => Vec::new(),
        };
        let open = false;
        let mut found = Found { targets, open };
        if let (Head::Named(name), Thing::Call(call), true) =
            (&self.head, thing, found.targets.is_empty())
        {
            // It may stand in what is spread: `**options`.
            let member = Member::Called(name.clone());
            for &id in call.args.iter().filter(|&&id| is_spread(source, id)) {
                found.open |= member.find(source, thing, id, true, &mut found.targets);
            }
        }
        found
    }
}

/// Whether an argument is what is spread into a call by name.
fn is_spread(source: &Source<'_>, id: ExprId) -> bool {
    match &source.node(id).expr {
        Expr::Object { members, spread } => members.is_empty() && !spread.is_empty(),
        _ => false,
    }
}

/// What is assigned to members of the `targets` that are names.
fn filled<'p>(
    source: &Source<'p>,
    thing: Thing<'p>,
    targets: &[Target<'p>],
) -> Vec<(&'p [Span], ExprId)> {
    let named = targets.iter().filter_map(|target| match target.what {
        What::Expr(id) => match &source.node(id).expr {
            Expr::Path { parts, on: None } => Some((&**parts, source.node(id).span.start)),
            _ => None,
        },
        What::Names(_) | What::Route(_) | What::Function(_) => None,
    });
    let all = named.flat_map(|(parts, at)| source.filled(parts, at, thing.function()));
    all.take(MOST).collect()
}

impl Member {
    /// Collects the members of the expression at `id`. Whether there may be more. Of `any` argument, one that is no object is none of
    /// settings unless its name says so.
    fn find<'p>(
        &self,
        source: &Source<'p>,
        thing: Thing<'p>,
        id: ExprId,
        any: bool,
        found: &mut Vec<Target<'p>>,
    ) -> bool {
        match &source.node(id).expr {
            Expr::Object { members, spread } => {
                let mut open = self.among(source, members, found);
                let (mut inner, mut hidden) = (Vec::new(), false);
                for &id in spread {
                    let id = source.resolve(id, thing.function());
                    hidden |= match &source.node(id).expr {
                        Expr::Object { members, spread } => {
                            open |= self.among(source, members, &mut inner);
                            !spread.is_empty()
                        }
                        Expr::Null | Expr::Flag => false,
                        _ => true,
                    };
                }
                // What one spread gives, another that is not seen may give anew.
                if !hidden {
                    found.append(&mut inner);
                }
                open || hidden
            }
            Expr::List(elements) if *self == Self::Any => {
                found.extend(elements.iter().take(MOST).map(|&id| Target {
                    key: None,
                    what: What::Expr(id),
                }));
                false
            }
            Expr::Path { parts, .. } if any => {
                let last = parts
                    .last()
                    .map(|&part| source.word(part).to_ascii_lowercase());
                last.is_some_and(|last| {
                    SETTINGS
                        .iter()
                        .any(|word| memchr::memmem::find(&last, word).is_some())
                })
            }
            // What an object is made with, by name, are its members.
            &Expr::Call(i) if source.program.calls[i].is_object() => {
                self.among(source, &source.program.calls[i].named, found)
            }
            Expr::Path { .. } | Expr::Call(_) | Expr::Unknown | Expr::Either(_) => !any,
            _ => false,
        }
    }

    fn fits(&self, source: &Source<'_>, key: Span) -> bool {
        match self {
            Self::Any => true,
            Self::Called(name) => source.word(key) == name.as_bytes(),
        }
    }

    fn among<'p>(
        &self,
        source: &Source<'p>,
        members: &'p [(Span, ExprId)],
        found: &mut Vec<Target<'p>>,
    ) -> bool {
        let missing = |id: ExprId| {
            let node = source.node(id);
            node.expr == Expr::Null && source.word(node.span) == b"undefined"
        };
        for &(key, id) in members.iter().take(MOST) {
            if self.fits(source, key) && !missing(id) {
                found.push(Target {
                    key: Some(key),
                    what: What::Expr(id),
                });
            }
        }
        members.len() > MOST
    }
}
