//! The tree of an expression.

use std::ops::Range;

use super::functions::Function;
use crate::eval::value::Value;

/// A part of an expression.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The bytes of the source that it covers.
    pub(super) span: Range<usize>,
    /// How many nodes lie on the longest way from here to a leaf, both counted.
    pub(super) depth: usize,
}

/// What a part of an expression is.
#[derive(Debug)]
pub(super) enum Kind {
    /// `null`, a boolean, a number, text; also the name after a dot.
    Literal(Value),
    /// A context by its name.
    Context(String),
    /// The `*` of `.*` and `[*]`.
    Wildcard,
    /// `base.name`, `base[key]`, `base.*`.
    Index(Box<Node>, Box<Node>),
    /// A function and its arguments.
    Call(Function, Vec<Node>),
    /// `!x`.
    Not(Box<Node>),
    /// A comparison.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// `a && b && c`, at least two.
    And(Vec<Node>),
    /// `a || b || c`, at least two.
    Or(Vec<Node>),
}

/// A comparison of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Node {
    /// A node without parts.
    pub(super) fn leaf(kind: Kind, span: Range<usize>) -> Self {
        Self {
            kind,
            span,
            depth: 1,
        }
    }

    /// The parts of this node.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Literal(_) | Kind::Context(_) | Kind::Wildcard => Vec::new(),
            Kind::Not(part) => vec![part],
            Kind::Index(left, right) | Kind::Compare(_, left, right) => vec![left, right],
            Kind::Call(_, parts) | Kind::And(parts) | Kind::Or(parts) => parts.iter().collect(),
        }
    }

    /// Whether this or any part of it is so.
    pub(super) fn any(&self, test: &dyn Fn(&Self) -> bool) -> bool {
        test(self) || self.parts().into_iter().any(|part| part.any(test))
    }
}
