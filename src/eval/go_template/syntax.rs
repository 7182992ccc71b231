//! What a template is made of, once read.

use super::value::Value;

/// One part of a template.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Text that is printed as it is.
    Text(String),
    /// A pipeline whose value is printed, unless it only sets a variable.
    Print(Pipeline),
    /// `if`.
    If(Branch),
    /// `with`.
    With(Branch),
    /// `range`.
    Range(Branch),
    /// `template`: its name, and what it gets.
    Template(String, Option<Pipeline>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// A pipeline that decides, and what it decides on.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) pipeline: Pipeline,
    pub(super) then: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which hands its value to the next as the last argument.
#[derive(Debug, Clone, Default)]
pub(super) struct Pipeline {
    /// The variables that get its value.
    pub(super) variables: Vec<String>,
    /// Whether these variables are there before.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Operand>>,
}

/// A value, and the fields that are taken from it one after another.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) head: Head,
    pub(super) fields: Vec<String>,
}

/// What an operand starts with.
#[derive(Debug, Clone)]
pub(super) enum Head {
    /// `.`
    Dot,
    /// `$x`; `$` is what the template as a whole gets.
    Variable(String),
    /// The name of a function.
    Function(String),
    /// A constant.
    Constant(Value),
    /// `( … )`
    Pipeline(Box<Pipeline>),
}
