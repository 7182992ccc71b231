//! Equality and order: loose across types, without case between texts, three-valued.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Truth, Value};
use crate::eval::unknown;

/// Text in the form in which case does not matter: each character by itself in upper case.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    // The dotless i has an upper case, but the runner does not fold it onto the plain I.
    if c == '\u{131}' || c == '\u{17f}' {
        return c;
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Whether two values are equal.
#[must_use]
pub fn equal(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Truth::Unknown(*mark),
        (Value::String(a), Value::String(b)) => equal_texts(a, b),
        (Value::Array(a), Value::Array(b)) => Truth::from(Rc::ptr_eq(a, b)),
        (Value::Object(a), Value::Object(b)) => Truth::from(Rc::ptr_eq(a, b)),
        (Value::Null, Value::Null) => Truth::True,
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            Truth::False
        }
        _ => match (a.to_number(), b.to_number()) {
            (Ok(a), Ok(b)) => Truth::from(a == b),
            (Err(mark), _) | (_, Err(mark)) => Truth::Unknown(mark),
        },
    }
}

fn equal_texts(a: &str, b: &str) -> Truth {
    let same = |a: char, b: char| fold_char(a) == fold_char(b);
    match (unknown::first_mark(a), unknown::first_mark(b)) {
        (None, None) => Truth::from(fold(a) == fold(b)),
        // The same unknown thing is equal to itself.
        _ if a == b => Truth::True,
        (Some(mark), None) if unknown::could_equal(a, b, same) => Truth::Unknown(mark),
        (None, Some(mark)) if unknown::could_equal(b, a, same) => Truth::Unknown(mark),
        (Some(mark), Some(_)) => Truth::Unknown(mark),
        _ => Truth::False,
    }
}

/// The order of two values, asked as a predicate; values that do not compare are in no order.
#[must_use]
pub fn compare(a: &Value, b: &Value, holds: impl Fn(Ordering) -> bool) -> Truth {
    match (a, b) {
        (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Truth::Unknown(*mark),
        (Value::String(a), Value::String(b)) => {
            match unknown::first_mark(a).or_else(|| unknown::first_mark(b)) {
                Some(mark) => Truth::Unknown(mark),
                None => Truth::from(holds(fold(a).encode_utf16().cmp(fold(b).encode_utf16()))),
            }
        }
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            // An array or object is still equal to itself where `<=` asks for that.
            match equal(a, b) {
                Truth::True => Truth::from(holds(Ordering::Equal)),
                other => other,
            }
        }
        _ => match (a.to_number(), b.to_number()) {
            (Ok(a), Ok(b)) => Truth::from(a.partial_cmp(&b).is_some_and(holds)),
            (Err(mark), _) | (_, Err(mark)) => Truth::Unknown(mark),
        },
    }
}
