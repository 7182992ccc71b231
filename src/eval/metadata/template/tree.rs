//! The tree of a template.

use super::super::javascript::number_text;
use super::token::Strip;

/// Statements one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Program {
    pub(super) body: Vec<Statement>,
    /// It holds the block of an `else if` and nothing else.
    pub(super) chained: bool,
    pub(super) parameters: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement {
    Content(Content),
    Comment(Strip),
    Mustache {
        call: Call,
        escaped: bool,
        strip: Strip,
    },
    Block(Box<Block>),
    /// `{{> …}}`: there are no partials, so it fails when it is rendered.
    Partial(Strip),
    /// `{{* …}}`: not evaluated here.
    Decorator(Strip),
}

/// Literal text; `value` is what is left of it once blanks were taken away.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) original: String,
    pub(super) value: String,
    pub(super) left_stripped: bool,
    pub(super) right_stripped: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) call: Call,
    pub(super) program: Option<Program>,
    pub(super) inverse: Option<Program>,
    pub(super) open: Strip,
    pub(super) middle: Strip,
    pub(super) close: Strip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Plain,
    Partial,
    Decorator,
}

/// A name with what it is applied to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) path: Expression,
    pub(super) arguments: Vec<Expression>,
    pub(super) hash: Vec<(String, Expression)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Path(Path),
    Text(String),
    Number(f64),
    Bool(bool),
    Undefined,
    Null,
    Call(Box<Call>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    /// It begins with `@`.
    pub(super) data: bool,
    /// How many `..` it begins with.
    pub(super) depth: usize,
    pub(super) parts: Vec<String>,
    pub(super) original: String,
}

/// What a name was written as.
pub(super) fn original(path: &Expression) -> String {
    match path {
        Expression::Path(path) => path.original.clone(),
        Expression::Text(text) => text.clone(),
        Expression::Number(number) => number_text(*number),
        Expression::Bool(value) => value.to_string(),
        Expression::Undefined => "undefined".to_owned(),
        Expression::Null => "null".to_owned(),
        Expression::Call(_) => String::new(),
    }
}
