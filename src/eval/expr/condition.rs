//! `if:`, whose text is an expression with or without `${{ }}`.

use super::ast::{Kind, Node};
use super::evaluate::{Evaluator, parse_for};
use super::functions::{Function, is_status};
use super::template::{evaluate_template, segments, single};
use super::{Contexts, ExprError};
use crate::eval::unknown::Mark;
use crate::eval::value::{Truth, Value};

/// Whether an `if:` holds, given as the value of its YAML scalar.
///
/// Text around `${{ }}`, be it a blank or the line break of a block scalar, makes it text, which
/// holds unless it is empty. Where no status function is called anywhere, `success()` must hold as
/// well; blanks alone mean just that.
///
/// # Errors
/// What the runner refuses.
pub fn evaluate_condition(text: &str, contexts: &dyn Contexts) -> Result<Truth, ExprError> {
    if text.trim().is_empty() {
        return Ok(success(contexts));
    }
    let mut span = 0..text.len();
    if text.contains("${{") {
        let segments = segments(text)?;
        let Some(expression) = single(&segments) else {
            let mut asks_status = false;
            for part in segments.iter().filter_map(|part| part.expression.clone()) {
                let source = text.get(part.clone()).unwrap_or_default();
                let tree = parse_for(source, contexts).map_err(|error| error.moved(part.start))?;
                asks_status |= tree.node.as_ref().is_some_and(calls_status);
            }
            return under_success(asks_status, contexts, || {
                Ok(evaluate_template(text, contexts)?.value.truth())
            });
        };
        span = expression;
    }
    let source = text.get(span.clone()).unwrap_or_default();
    let moved = |error: ExprError| error.moved(span.start);
    let tree = parse_for(source, contexts).map_err(moved)?;
    let Some(node) = &tree.node else {
        return Ok(success(contexts));
    };
    under_success(calls_status(node), contexts, || {
        let outcome = Evaluator::new(source, contexts).outcome(node, 0);
        Ok(outcome.map_err(moved)?.truth)
    })
}

fn under_success(
    asks_status: bool,
    contexts: &dyn Contexts,
    condition: impl FnOnce() -> Result<Truth, ExprError>,
) -> Result<Truth, ExprError> {
    if asks_status {
        return condition();
    }
    match success(contexts) {
        Truth::False => Ok(Truth::False),
        success => Ok(success.and(condition()?)),
    }
}

fn success(contexts: &dyn Contexts) -> Truth {
    match contexts.function("success", &[]) {
        Some(value) => value.truth(),
        None => {
            let mark: Mark = contexts
                .unknowns()
                .note("success()", "the result of what ran before");
            Value::Unknown(mark).truth()
        }
    }
}

fn calls_status(node: &Node) -> bool {
    node.any(&|node| match &node.kind {
        Kind::Call(Function::OfPlace(name), _) => is_status(name),
        _ => false,
    })
}
