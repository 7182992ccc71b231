//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`: values of one kind against one another.

use std::cmp::Ordering;

use super::TemplateError;
use super::execute::Run;
use super::value::Value;
use crate::eval::unknown::{self, Mark};

fn incompatible() -> TemplateError {
    TemplateError::new("incompatible types for comparison")
}

/// Whether a comparison holds: what is not known is decided.
fn unknown(run: &Run<'_>, name: &str, a: &Value, b: &Value) -> bool {
    let shown = |value: &Value| -> String {
        let text = value.print();
        let named = |c: char| match Mark::from_char(c).and_then(|mark| run.unknowns.get(mark)) {
            Some(unknown) => unknown.what,
            None => c.to_string(),
        };
        text.chars().map(named).collect()
    };
    let what = format!("`{name} {} {}`", shown(a), shown(b));
    let marks = a.first_mark().or_else(|| b.first_mark());
    let reason = marks
        .and_then(|mark| run.unknowns.get(mark))
        .map_or_else(String::new, |unknown| unknown.reason);
    run.decide(run.unknowns.note(what, reason))
}

fn equal(run: &Run<'_>, a: &Value, b: &Value) -> Result<bool, TemplateError> {
    Ok(match (a, b) {
        (Value::Unknown(left), Value::Unknown(right)) if left == right => true,
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => unknown(run, "eq", a, b),
        (Value::Text(left), Value::Text(right)) => {
            match (unknown::is_known(left), unknown::is_known(right)) {
                (true, true) => left == right,
                _ if left == right => true,
                (false, true) if !unknown::could_equal(left, right, |a, b| a == b) => false,
                (true, false) if !unknown::could_equal(right, left, |a, b| a == b) => false,
                _ => unknown(run, "eq", a, b),
            }
        }
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => (left - right).abs() == 0.0,
        (Value::Nil, Value::Nil) => true,
        (Value::Nil, _) | (_, Value::Nil) => false,
        _ => return Err(incompatible()),
    })
}

fn order(run: &Run<'_>, name: &str, a: &Value, b: &Value) -> Result<bool, TemplateError> {
    if a.first_mark().is_some() || b.first_mark().is_some() {
        return Ok(unknown(run, name, a, b));
    }
    let ordering = match (a, b) {
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Float(left), Value::Float(right)) => {
            left.partial_cmp(right).unwrap_or(Ordering::Greater)
        }
        _ => return Err(incompatible()),
    };
    Ok(match name {
        "lt" => ordering == Ordering::Less,
        "le" => ordering != Ordering::Greater,
        "gt" => ordering == Ordering::Greater,
        _ => ordering != Ordering::Less,
    })
}

/// Compares; `None` where the function is another.
pub(super) fn call(
    run: &Run<'_>,
    name: &str,
    arguments: &[Value],
) -> Option<Result<bool, TemplateError>> {
    Some(match (name, arguments) {
        ("eq", [first, rest @ ..]) if !rest.is_empty() => {
            for other in rest {
                match equal(run, first, other) {
                    Ok(false) => {}
                    decided => return Some(decided),
                }
            }
            Ok(false)
        }
        ("eq", _) => Err(TemplateError::new("missing argument for comparison")),
        ("ne", [a, b]) => equal(run, a, b).map(|same| !same),
        ("lt" | "le" | "gt" | "ge", [a, b]) => order(run, name, a, b),
        ("ne" | "lt" | "le" | "gt" | "ge", _) => {
            let got = arguments.len();
            let message = format!("wrong number of args for {name}: want 2 got {got}");
            Err(TemplateError::new(message))
        }
        _ => return None,
    })
}
