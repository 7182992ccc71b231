//! The tree of a regular expression.

use super::Flags;
use super::class::Class;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Char(char),
    Any,
    Class(Class),
    Start,
    End,
    WordEdge {
        negated: bool,
    },
    Group {
        capture: Option<usize>,
        body: Box<Node>,
    },
    /// `(?i:…)`: its own flags.
    Modified {
        flags: Flags,
        body: Box<Node>,
    },
    Back(usize),
    NamedBack(String),
    Look {
        ahead: bool,
        negated: bool,
        body: Box<Node>,
    },
    Repeat(Box<Repeat>),
    Concat(Vec<Node>),
    Either(Vec<Node>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Repeat {
    pub(super) body: Node,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) greedy: bool,
    /// The captures inside, which each round begins without.
    pub(super) captures: std::ops::Range<usize>,
}

/// A parsed pattern.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) node: Node,
    /// How many captures it has, the whole match included.
    pub(super) captures: usize,
    pub(super) names: Vec<(String, usize)>,
}
