//! GitHub Actions expressions: parsed and evaluated as the runner does, three-valued.

mod evaluate;
mod function;
mod lex;
mod parse;
mod template;

use thiserror::Error;

use super::unknown::Unknowns;
use super::value::{Object, Value};
use evaluate::Evaluator;

pub use function::Function;
pub use template::{Piece, Rendered, evaluate_condition, evaluate_template};

/// In which phase an expression fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its text does not split into tokens.
    Lexing,
    /// Its tokens make no expression.
    Parsing,
    /// Its values do not fit.
    Evaluation,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ExprError {
    /// The phase in which it fails.
    pub phase: Phase,
    /// What is wrong.
    pub message: String,
    /// Where, in bytes from the start of the text.
    pub offset: usize,
}

/// What an expression can refer to.
pub trait Contexts {
    /// A top-level context by its name, any case; `None` where there is none of that name.
    fn context(&self, name: &str) -> Option<Value>;

    /// What `hashFiles` and the status functions give here; `None` where they are not available.
    fn function(&self, name: &str, arguments: &[Value]) -> Option<Value>;

    /// Where unknowns are noted.
    fn unknowns(&self) -> &Unknowns;
}

/// Evaluates an expression, without `${{ }}`; an empty one is null.
///
/// # Errors
/// The expression does not lex, parse or evaluate.
pub fn evaluate(source: &str, contexts: &dyn Contexts) -> Result<Value, ExprError> {
    let knows = |name: &str| contexts.context(name).is_some();
    match parse::parse(source, &knows)? {
        Some(node) => Evaluator { source, contexts }.value(&node),
        None => Ok(Value::Null),
    }
}

/// Contexts from a JSON object.
struct Given {
    contexts: Object,
    unknowns: Unknowns,
}

impl Contexts for Given {
    fn context(&self, name: &str) -> Option<Value> {
        self.contexts.get(name).cloned()
    }

    fn function(&self, name: &str, _: &[Value]) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "success" | "always" => Some(Value::Bool(true)),
            "failure" | "cancelled" => Some(Value::Bool(false)),
            _ => None,
        }
    }

    fn unknowns(&self) -> &Unknowns {
        &self.unknowns
    }
}

/// Evaluates an expression over contexts given as a JSON object; the answer has `type`, `value`
/// and `string`.
///
/// # Errors
/// The expression does not lex, parse or evaluate.
pub fn evaluate_to_json(
    source: &str,
    contexts: &serde_json::Value,
) -> Result<serde_json::Value, ExprError> {
    let contexts = match Value::from(contexts.clone()) {
        Value::Object(object) => (*object).clone(),
        _ => Object::default(),
    };
    let given = Given {
        contexts,
        unknowns: Unknowns::default(),
    };
    let value = evaluate(source, &given)?;
    Ok(serde_json::json!({
        "type": value.type_name(),
        "value": value.to_json(),
        "string": &*value.to_text(),
    }))
}

#[cfg(test)]
mod tests;
