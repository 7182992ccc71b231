//! Expressions and bodies, whether they were written in HCL or in JSON.

mod body;
mod json;
mod json_body;
mod native;
mod references;
mod template;

use std::rc::Rc;

use super::error::At;
use super::value::Value;

pub(super) use body::{Attribute, Block, Body};
use json::Json;
pub(super) use json::parse as parse_json;
pub(super) use json_body::Level;
pub(super) use native::{parse as parse_native, parse_inside as parse_kind};
pub(super) use references::Reference;

/// An expression and where it stands.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) node: Node,
    pub(super) at: At,
}

/// What an expression is.
#[derive(Debug)]
pub(super) enum Node {
    /// A known value.
    Literal(Value),
    /// Text with holes.
    Template(Vec<Part>),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`.
    Object(Vec<(Expr, Expr)>),
    /// A name.
    Variable(Rc<str>),
    /// `a ? b : c`.
    Conditional(Box<[Expr; 3]>),
    /// `name(a, b...)`, and whether the last argument is spread.
    Call(Rc<str>, Vec<Expr>, bool),
    /// `a.b[c].*.d`.
    Traversal(Box<Expr>, Vec<Step>),
    /// `!a`.
    Not(Box<Expr>),
    /// `-a`.
    Negate(Box<Expr>),
    /// `a + b`.
    Binary(Operator, Box<[Expr; 2]>),
    /// `[for k, v in a : b if c]` and `{for … : k => v... if c}`.
    For(Box<For>),
}

/// One step into a value.
#[derive(Debug)]
pub(super) enum Step {
    /// `.name`.
    Name(Rc<str>, At),
    /// `[expression]`.
    Index(Expr),
    /// `.*`: the names that follow go into each item.
    NameSplat,
    /// `[*]`: all steps that follow go into each item.
    FullSplat,
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A comprehension.
#[derive(Debug)]
pub(super) struct For {
    pub(super) names: Names,
    pub(super) collection: Expr,
    /// Present where an object is made.
    pub(super) key: Option<Expr>,
    pub(super) value: Expr,
    pub(super) grouped: bool,
    pub(super) condition: Option<Expr>,
}

/// The names that a loop gives to the key and the value of each item.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) key: Option<Rc<str>>,
    pub(super) value: Rc<str>,
}

/// A part of a template.
#[derive(Debug)]
pub(super) enum Part {
    /// Text as it is.
    Literal(String),
    /// `${…}`.
    Hole(Expr),
    /// `%{ if a }…%{ else }…%{ endif }`.
    If(Box<Expr>, Vec<Part>, Vec<Part>),
    /// `%{ for a in b }…%{ endfor }`.
    For(Names, Box<Expr>, Vec<Part>),
}

impl Expr {
    /// The text, where it is written as plain text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.node {
            Node::Literal(Value::Text(text)) => Some(&text.text),
            _ => None,
        }
    }
}
