//! Arithmetic and comparison.

use std::cmp::Ordering;
use std::rc::Rc;

use super::evaluate::Stop;
use super::json;
use super::syntax::Operator;
use super::value::{Fields, Value};

/// How long text may grow.
pub(super) const LONGEST_TEXT: usize = 1_000_000;

/// An error with this message.
pub(super) fn fail<T>(message: String) -> Result<T, Stop> {
    Err(Stop::Error(Value::text(message)))
}

/// A value in a message: its type and the start of its text.
pub(super) fn describe(value: &Value) -> String {
    const MOST: usize = 11;
    let text = json::compact(value).unwrap_or_default();
    if text.len() < MOST + 4 {
        return format!("{} ({text})", value.type_name());
    }
    let mut end = MOST.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = text.get(..end).unwrap_or_default();
    format!("{} ({start}...)", value.type_name())
}

/// The result of an operator on two values.
pub(super) fn apply(operator: Operator, left: &Value, right: &Value) -> Result<Value, Stop> {
    let order = || left.order(right).ok_or(Stop::Unknown);
    Ok(match operator {
        Operator::Add => return add(left, right),
        Operator::Subtract => return subtract(left, right),
        Operator::Multiply => return multiply(left, right),
        Operator::Divide => return divide(left, right),
        Operator::Remainder => return remainder(left, right),
        Operator::Equal => Value::Bool(left.same(right).ok_or(Stop::Unknown)?),
        Operator::Unequal => Value::Bool(!left.same(right).ok_or(Stop::Unknown)?),
        Operator::Less => Value::Bool(order()? == Ordering::Less),
        Operator::AtMost => Value::Bool(order()? != Ordering::Greater),
        Operator::Greater => Value::Bool(order()? == Ordering::Greater),
        Operator::AtLeast => Value::Bool(order()? != Ordering::Less),
    })
}

fn wrong<T>(left: &Value, right: &Value, done: &str) -> Result<T, Stop> {
    fail(format!(
        "{} and {} cannot be {done}",
        describe(left),
        describe(right)
    ))
}

pub(super) fn add(left: &Value, right: &Value) -> Result<Value, Stop> {
    Ok(match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (Value::Number(a, _), Value::Number(b, _)) => Value::number(a + b),
        (Value::String(a), Value::String(b)) => {
            if a.len() + b.len() > LONGEST_TEXT {
                return Err(Stop::Unknown);
            }
            Value::text(format!("{a}{b}"))
        }
        (Value::Array(a), Value::Array(b)) => {
            Value::array(a.items.iter().chain(&b.items).cloned().collect())
        }
        (Value::Object(a), Value::Object(b)) => {
            if !a.named || !b.named {
                return Err(Stop::Unknown);
            }
            let mut fields = a.fields.clone();
            for (name, value) in &b.fields {
                fields.insert(Rc::clone(name), value.clone());
            }
            Value::object(fields)
        }
        _ => return wrong(left, right, "added"),
    })
}

fn subtract(left: &Value, right: &Value) -> Result<Value, Stop> {
    Ok(match (left, right) {
        (Value::Number(a, _), Value::Number(b, _)) => Value::number(a - b),
        (Value::Array(a), Value::Array(b)) => {
            let mut kept = Vec::new();
            for item in &a.items {
                let mut gone = Some(false);
                for other in &b.items {
                    match item.same(other) {
                        Some(true) => {
                            gone = Some(true);
                            break;
                        }
                        None => gone = None,
                        Some(false) => {}
                    }
                }
                if !gone.ok_or(Stop::Unknown)? {
                    kept.push(item.clone());
                }
            }
            Value::array(kept)
        }
        _ => return wrong(left, right, "subtracted"),
    })
}

fn multiply(left: &Value, right: &Value) -> Result<Value, Stop> {
    Ok(match (left, right) {
        (Value::Number(a, _), Value::Number(b, _)) => Value::number(a * b),
        (Value::String(text), Value::Number(times, _))
        | (Value::Number(times, _), Value::String(text)) => {
            if times.is_nan() || *times <= 0.0 {
                return Ok(Value::Null);
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let times = times.ceil().max(1.0) as usize;
            if text.len().saturating_mul(times) > LONGEST_TEXT {
                return Err(Stop::Unknown);
            }
            Value::text(text.repeat(times))
        }
        (Value::Object(a), Value::Object(b)) => Value::object(merge(&a.fields, &b.fields)?),
        _ => return wrong(left, right, "multiplied"),
    })
}

/// Two objects as one, and so are what both hold as objects.
fn merge(left: &Fields, right: &Fields) -> Result<Fields, Stop> {
    let mut fields = left.clone();
    for (name, value) in right {
        if !crate::eval::unknown::is_known(name) {
            return Err(Stop::Unknown);
        }
        let merged = match (fields.get(name), value) {
            (Some(Value::Object(a)), Value::Object(b)) => {
                Value::object(merge(&a.fields, &b.fields)?)
            }
            _ => value.clone(),
        };
        fields.insert(Rc::clone(name), merged);
    }
    Ok(fields)
}

fn divide(left: &Value, right: &Value) -> Result<Value, Stop> {
    match (left, right) {
        (Value::Number(_, _), Value::Number(b, _)) if *b == 0.0 => {
            wrong(left, right, "divided because the divisor is zero")
        }
        (Value::Number(a, _), Value::Number(b, _)) => Ok(Value::number(a / b)),
        (Value::String(_), Value::String(_)) => super::text::split(left, right),
        _ => wrong(left, right, "divided"),
    }
}

fn remainder(left: &Value, right: &Value) -> Result<Value, Stop> {
    let (Value::Number(a, _), Value::Number(b, _)) = (left, right) else {
        return wrong(left, right, "divided");
    };
    if a.is_nan() || b.is_nan() {
        return Ok(Value::number(f64::NAN));
    }
    // Both are cut to integers; the sign is the left one's.
    #[allow(clippy::cast_possible_truncation)]
    let (a, b) = (*a as i64, *b as i64);
    if b == 0 {
        return wrong(left, right, "divided because the divisor is zero");
    }
    let rest = i64::try_from(a.unsigned_abs() % b.unsigned_abs()).unwrap_or_default();
    #[allow(clippy::cast_precision_loss)]
    let rest = if a < 0 { -rest } else { rest } as f64;
    Ok(Value::number(rest))
}
