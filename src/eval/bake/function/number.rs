//! Functions of numbers.

use super::{Call, MANY, Named, Returned, between, exactly};
use crate::eval::bake::value::Value;

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "absolute",
        exactly(1, |call| number(call, call.number(0)?.abs())),
    ),
    (
        "add",
        exactly(2, |call| number(call, call.number(0)? + call.number(1)?)),
    ),
    (
        "subtract",
        exactly(2, |call| number(call, call.number(0)? - call.number(1)?)),
    ),
    (
        "multiply",
        exactly(2, |call| number(call, call.number(0)? * call.number(1)?)),
    ),
    (
        "divide",
        exactly(2, |call| number(call, call.number(0)? / call.number(1)?)),
    ),
    (
        "modulo",
        exactly(2, |call| number(call, call.number(0)? % call.number(1)?)),
    ),
    ("negate", exactly(1, |call| number(call, -call.number(0)?))),
    (
        "ceil",
        exactly(1, |call| number(call, call.number(0)?.ceil())),
    ),
    (
        "floor",
        exactly(1, |call| number(call, call.number(0)?.floor())),
    ),
    (
        "int",
        exactly(1, |call| number(call, call.number(0)?.trunc())),
    ),
    (
        "log",
        exactly(2, |call| {
            number(call, call.number(0)?.ln() / call.number(1)?.ln())
        }),
    ),
    (
        "pow",
        exactly(2, |call| {
            number(call, call.number(0)?.powf(call.number(1)?))
        }),
    ),
    (
        "signum",
        exactly(1, |call| {
            let value = call.number(0)?;
            number(call, if value == 0.0 { 0.0 } else { value.signum() })
        }),
    ),
    ("min", between(1, MANY, |call| fold(call, f64::min))),
    ("max", between(1, MANY, |call| fold(call, f64::max))),
    ("parseint", exactly(2, parse_int)),
    (
        "greaterthan",
        exactly(2, |call| Ok(Value::Bool(call.number(0)? > call.number(1)?))),
    ),
    (
        "greaterthanorequalto",
        exactly(2, |call| {
            Ok(Value::Bool(call.number(0)? >= call.number(1)?))
        }),
    ),
    (
        "lessthan",
        exactly(2, |call| Ok(Value::Bool(call.number(0)? < call.number(1)?))),
    ),
    (
        "lessthanorequalto",
        exactly(2, |call| {
            Ok(Value::Bool(call.number(0)? <= call.number(1)?))
        }),
    ),
];

fn number(call: &Call<'_>, value: f64) -> Returned {
    if value.is_finite() {
        return Ok(Value::Number(value));
    }
    Err(call.fault("the result is no number"))
}

fn fold(call: &Call<'_>, choose: fn(f64, f64) -> f64) -> Returned {
    let mut chosen = call.number(0)?;
    for index in 1..call.values.len() {
        chosen = choose(chosen, call.number(index)?);
    }
    Ok(Value::Number(chosen))
}

fn parse_int(call: &Call<'_>) -> Returned {
    let base = u32::try_from(call.whole(1)?).unwrap_or(0);
    if !(2..=36).contains(&base) {
        return Err(call.fault("the base must be between 2 and 36"));
    }
    match i64::from_str_radix(&call.known_text(0)?, base) {
        Ok(value) => Ok(Value::Number(value as f64)),
        Err(_) => Err(call.fault("the text is no such number")),
    }
}
