//! Values of Actions expressions, and the contexts that hold them.

use std::rc::Rc;

use super::unknown::Mark;

/// A value of an Actions expression. Text may hold unknown parts (see [`super::unknown`]).
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing is known of it, not even its type.
    Unknown(Mark),
    /// `null`: also what a missing property gives.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An IEEE double.
    Number(f64),
    /// Text.
    String(Rc<str>),
    /// A sequence; equal only to itself.
    Array(Rc<Array>),
    /// A mapping; equal only to itself.
    Object(Rc<Object>),
}

/// A sequence of values.
#[derive(Debug, Clone, Default)]
pub struct Array {
    /// The items in order.
    pub items: Vec<Value>,
    /// Whether there may be more items, or other ones, than these.
    pub open: Option<Mark>,
}

/// A mapping from names to values, in order of insertion; names are compared without case.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: Vec<(Rc<str>, Value)>,
    /// Why there may be more names than these; a missing name is then unknown and not null.
    pub open: Option<Mark>,
}
