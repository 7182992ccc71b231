//! Functions of truths, and those that choose.

use super::{Call, MANY, Named, Returned, exactly, with_nulls};
use crate::eval::bake::value::{Value, equal};
use crate::eval::value::Truth;

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "equal",
        with_nulls(2, 2, |call| Ok(equal(call.value(0), call.value(1)).into())),
    ),
    (
        "notequal",
        with_nulls(2, 2, |call| {
            Ok((!equal(call.value(0), call.value(1))).into())
        }),
    ),
    ("not", exactly(1, |call| Ok((!truth(call, 0)?).into()))),
    (
        "and",
        exactly(2, |call| Ok(truth(call, 0)?.and(truth(call, 1)?).into())),
    ),
    (
        "or",
        exactly(2, |call| Ok(truth(call, 0)?.or(truth(call, 1)?).into())),
    ),
    ("coalesce", with_nulls(1, MANY, coalesce)),
    (
        "homedir",
        exactly(
            0,
            |call| Err(call.unknown("the home folder of who runs it")),
        ),
    ),
];

fn truth(call: &Call<'_>, index: usize) -> Result<Truth, super::Stop> {
    call.value(index)
        .to_truth()
        .ok_or_else(|| call.fault("a bool is required"))
}

/// The first argument that is not null; an empty text is one.
fn coalesce(call: &Call<'_>) -> Returned {
    call.values
        .iter()
        .find(|value| !value.is_null())
        .cloned()
        .ok_or_else(|| call.fault("all arguments are null"))
        .map(|value| {
            let texts = call
                .values
                .iter()
                .any(|other| matches!(other, Value::Text(_)));
            match (&value, value.to_text()) {
                (Value::Number(_) | Value::Bool(_), Some(text)) if texts => Value::text(&text),
                _ => value,
            }
        })
}
