//! An expression by itself, under contexts from JSON: what `taglint eval` prints.

use serde_json::json;

use super::{Contexts, ExprError, evaluate};
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::{Object, Value};

/// Contexts that are all known: the members of a JSON object.
#[derive(Debug, Default)]
pub struct JsonContexts {
    contexts: Object,
    unknowns: Unknowns,
}

impl From<&serde_json::Value> for JsonContexts {
    /// Anything but an object holds no contexts.
    fn from(json: &serde_json::Value) -> Self {
        let entries = json.as_object().into_iter().flatten();
        Self {
            contexts: entries
                .map(|(name, value)| (unknown::clean(name), Value::from(value)))
                .collect(),
            unknowns: Unknowns::default(),
        }
    }
}

impl Contexts for JsonContexts {
    fn context(&self, name: &str) -> Option<Value> {
        self.contexts.get(name).cloned()
    }

    fn unknowns(&self) -> &Unknowns {
        &self.unknowns
    }
}

/// The value of an expression as `{"type", "value", "string"}`: its type, itself as JSON (null for
/// NaN and the infinities), and the text that it becomes inside other text.
///
/// A value that cannot be known without a run has the type `unknown`.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_to_json(
    expr: &str,
    contexts: &serde_json::Value,
) -> Result<serde_json::Value, ExprError> {
    let source = unknown::clean(expr);
    let value = evaluate(&source, &JsonContexts::from(contexts))?;
    let json = match value {
        Value::Unknown(_) => serde_json::Value::Null,
        _ => value.to_json(),
    };
    Ok(json!({
        "type": value.type_name(),
        "value": json,
        "string": unknown::pattern(&value.to_text()),
    }))
}
