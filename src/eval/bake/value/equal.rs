//! Equality, three-valued.

use super::{Shape, Value};
use crate::eval::unknown;
use crate::eval::value::Truth;

/// Whether two values are the same, kind included.
pub(in crate::eval::bake) fn equal(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Truth::Unknown(*mark),
        (Value::Null(_), Value::Null(_)) => Truth::True,
        (Value::Bool(a), Value::Bool(b)) => Truth::from(a == b),
        (Value::Number(a), Value::Number(b)) => Truth::from(a == b),
        (Value::Text(a), Value::Text(b)) => equal_texts(&a.text, &b.text),
        (Value::List(a_shape, a), Value::List(b_shape, b)) => {
            if (*a_shape == Shape::Tuple) != (*b_shape == Shape::Tuple) {
                return Truth::False;
            }
            let open = a.iter().chain(b.iter()).find_map(|item| match item {
                Value::Unknown(mark) => Some(*mark),
                _ => None,
            });
            match open {
                Some(mark) => Truth::Unknown(mark),
                None if a.len() != b.len() => Truth::False,
                None => a
                    .iter()
                    .zip(b.iter())
                    .fold(Truth::True, |all, (a, b)| all.and(equal(a, b))),
            }
        }
        (Value::Map(_, a), Value::Map(_, b)) => {
            if a.len() != b.len() {
                return Truth::False;
            }
            a.iter().zip(b.iter()).fold(Truth::True, |all, (a, b)| {
                all.and(equal_texts(a.0, b.0)).and(equal(a.1, b.1))
            })
        }
        _ => Truth::False,
    }
}

fn equal_texts(a: &str, b: &str) -> Truth {
    let same = |a: char, b: char| a == b;
    match (unknown::first_mark(a), unknown::first_mark(b)) {
        (None, None) => Truth::from(a == b),
        // The same unknown thing is equal to itself.
        _ if a == b => Truth::True,
        (Some(mark), None) if unknown::could_equal(a, b, same) => Truth::Unknown(mark),
        (None, Some(mark)) if unknown::could_equal(b, a, same) => Truth::Unknown(mark),
        (Some(mark), Some(_)) => Truth::Unknown(mark),
        _ => Truth::False,
    }
}
