//! GitHub Actions expressions: `${{ … }}` and `if:`.
//!
//! Text goes through `lex` and `parse` to a tree, and [`evaluate()`] gives its value under some
//! [`Contexts`]. [`evaluate_template`] finds expressions inside a scalar, [`evaluate_condition`]
//! reads an `if:`, [`references()`] tells what an expression reads. What the runner
//! of GitHub Actions does is the measure for all of it, down to how numbers print; on top of that
//! everything is three-valued: what is not known stays unknown, and decides nothing.

mod ast;
mod compare;
mod condition;
mod evaluate;
pub(crate) mod fold;
mod format;
mod functions;
pub(crate) mod index;
mod json;
mod lenient;
mod lex;
mod memory;
pub(crate) mod number;
mod parse;
mod query;
mod references;
mod search;
#[cfg(test)]
mod soundness;
mod template;
#[cfg(test)]
mod tests;

use thiserror::Error;

use super::unknown::Unknowns;
use super::value::Value;

pub use condition::evaluate_condition;
pub use evaluate::evaluate;
pub use query::{JsonContexts, evaluate_to_json};
pub use references::{Reference, references, template_references};
pub use template::{Piece, Rendered, evaluate_template};

/// An expression may have so many characters, counted in UTF-16 units.
const MAX_LENGTH: usize = 21_000;

/// The tree of an expression may be so deep.
const MAX_DEPTH: usize = 50;

/// How far an expression came before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It holds something that is no token.
    Lexing,
    /// Its tokens make no expression, or it names what does not exist.
    Parsing,
    /// It is well-formed and has no value.
    Evaluation,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ExprError {
    /// How far it came.
    pub phase: Phase,
    /// What is wrong, in words.
    pub message: String,
    /// Where, in bytes from the start of the text that was given.
    pub offset: usize,
}

impl ExprError {
    fn new(phase: Phase, message: impl Into<String>, offset: usize) -> Self {
        Self {
            phase,
            message: message.into(),
            offset,
        }
    }

    /// The same error, seen from a text in which the expression begins at `start`.
    fn moved(mut self, start: usize) -> Self {
        self.offset += start;
        self
    }
}

/// What an expression can read.
pub trait Contexts {
    /// The value of a context by its name in any case; `None` where there is no such context, which
    /// makes an expression that names it invalid.
    fn context(&self, name: &str) -> Option<Value>;

    /// What a function gives that belongs to the place and not to the language; its name comes in
    /// lower case. `None` is a value that is not known.
    ///
    /// Unless said otherwise the run is a good one so far: `success()` holds and `failure()` does
    /// not.
    fn function(&self, name: &str, arguments: &[Value]) -> Option<Value> {
        let _ = arguments;
        match name {
            "success" | "always" => Some(Value::Bool(true)),
            "failure" | "cancelled" => Some(Value::Bool(false)),
            _ => None,
        }
    }

    /// Whether such a function may be called here; its name comes in lower case.
    fn has_function(&self, name: &str) -> bool {
        functions::is_status(name) || name == "hashfiles"
    }

    /// Where what is not known is noted.
    fn unknowns(&self) -> &Unknowns;
}
