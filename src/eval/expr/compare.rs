//! Comparison of values: loose equality and order, with what is unknown left open.

use std::cmp::Ordering;
use std::rc::Rc;

use super::fold;
use crate::eval::unknown::{self, Mark};
use crate::eval::value::{Truth, Value};

/// Past this many steps a search through text with holes is given up, as "could be".
const SEARCH_STEPS: usize = 10_000_000;

/// Two operands after the coercions that a comparison begins with.
enum Pair<'a> {
    /// Null twice, or twice the same collection.
    Same,
    Numbers(f64, f64),
    Texts(&'a str, &'a str),
    Bools(bool, bool),
    /// Two that are never equal and have no order.
    Apart,
    Unknown(Mark),
}

fn coerce<'a>(left: &'a Value, right: &'a Value) -> Pair<'a> {
    match (left, right) {
        (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Pair::Unknown(*mark),
        (Value::Null, Value::Null) => Pair::Same,
        (Value::Bool(left), Value::Bool(right)) => Pair::Bools(*left, *right),
        (Value::String(left), Value::String(right)) => Pair::Texts(left, right),
        (Value::Array(left), Value::Array(right)) if Rc::ptr_eq(left, right) => Pair::Same,
        (Value::Object(left), Value::Object(right)) if Rc::ptr_eq(left, right) => Pair::Same,
        _ if left.is_collection() || right.is_collection() => Pair::Apart,
        _ => match (left.to_number(), right.to_number()) {
            // NaN is unequal to everything, known or not.
            (Ok(number), _) | (_, Ok(number)) if number.is_nan() => Pair::Apart,
            (Ok(left), Ok(right)) => Pair::Numbers(left, right),
            (Err(mark), _) | (_, Err(mark)) => Pair::Unknown(mark),
        },
    }
}

impl Value {
    /// `==`.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Truth {
        match coerce(self, other) {
            Pair::Same => Truth::True,
            #[allow(clippy::float_cmp)] // exact equality is what the language has
            Pair::Numbers(left, right) => (left == right).into(),
            Pair::Texts(left, right) => texts_equal(left, right),
            Pair::Bools(left, right) => (left == right).into(),
            Pair::Apart => Truth::False,
            Pair::Unknown(mark) => Truth::Unknown(mark),
        }
    }

    /// `<`; `>` is the same with the operands swapped.
    #[must_use]
    pub fn less_than(&self, other: &Self) -> Truth {
        match coerce(self, other) {
            Pair::Numbers(left, right) => (left < right).into(),
            Pair::Texts(left, right) => match text_order(left, right) {
                Ok(order) => order.is_lt().into(),
                Err(mark) => Truth::Unknown(mark),
            },
            Pair::Bools(left, right) => (!left && right).into(),
            Pair::Same | Pair::Apart => Truth::False,
            Pair::Unknown(mark) => Truth::Unknown(mark),
        }
    }

    /// `<=`; `>=` is the same with the operands swapped.
    #[must_use]
    pub fn at_most(&self, other: &Self) -> Truth {
        self.equals(other).or(self.less_than(other))
    }
}

/// Whether two texts are the same but for case.
fn texts_equal(left: &str, right: &str) -> Truth {
    match (unknown::first_mark(left), unknown::first_mark(right)) {
        (None, None) => left
            .chars()
            .map(fold::fold)
            .eq(right.chars().map(fold::fold))
            .into(),
        (Some(mark), None) => could_be(left, right, mark),
        (None, Some(mark)) => could_be(right, left, mark),
        (Some(mark), Some(_)) => {
            let apart = conflict(left.chars(), right.chars())
                || conflict(left.chars().rev(), right.chars().rev());
            if apart {
                Truth::False
            } else {
                Truth::Unknown(mark)
            }
        }
    }
}

/// Whether text with unknown parts could be this known text; never certain that it is.
pub(super) fn could_be(text: &str, known: &str, mark: Mark) -> Truth {
    if text.len().saturating_mul(known.len()) <= SEARCH_STEPS
        && !unknown::could_equal(text, known, fold::same)
    {
        return Truth::False;
    }
    Truth::Unknown(mark)
}

/// Whether two texts differ before either has an unknown part.
fn conflict(left: impl Iterator<Item = char>, right: impl Iterator<Item = char>) -> bool {
    left.zip(right)
        .take_while(|(a, b)| Mark::from_char(*a).is_none() && Mark::from_char(*b).is_none())
        .any(|(a, b)| !fold::same(a, b))
}

/// The order of two texts, or the mark that hides it.
fn text_order(left: &str, right: &str) -> Result<Ordering, Mark> {
    let (mut left, mut right) = (left.chars(), right.chars());
    loop {
        let (a, b) = (left.next(), right.next());
        if let Some(mark) = [a, b].into_iter().flatten().find_map(Mark::from_char) {
            return Err(mark);
        }
        let order = match (a, b) {
            (Some(a), Some(b)) => fold::order(a, b),
            (a, b) => return Ok(a.is_some().cmp(&b.is_some())),
        };
        if order.is_ne() {
            return Ok(order);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn what_is_known_of_a_text_decides_where_it_can() {
        let mark = Unknowns::default().note("x", "y");
        let hole = mark.as_char();
        let version = Value::text(format!("v{hole}"));
        let unknown = Truth::Unknown(mark);
        assert_eq!(version.equals(&Value::text("V1")), unknown);
        assert_eq!(version.equals(&Value::text("w")), Truth::False);
        assert_eq!(version.equals(&Value::Number(1.0)), Truth::False);
        assert_eq!(
            Value::unknown_text(mark).equals(&Value::Number(1.0)),
            unknown
        );
        assert_eq!(
            version.equals(&Value::text(format!("x{hole}"))),
            Truth::False
        );
        assert_eq!(version.equals(&Value::text(format!("{hole}x"))), unknown);
        assert_eq!(version.less_than(&Value::text("w")), Truth::True);
        assert_eq!(version.less_than(&Value::text("v1")), unknown);
        assert_eq!(Value::Unknown(mark).equals(&Value::Null), unknown);
    }
}
