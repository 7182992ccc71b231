//! Functions of numbers.

use super::evaluate::Stop;
use super::json;
use super::operator::{describe, fail};
use super::value::Value;

/// The number that a value is.
pub(super) fn of(value: &Value) -> Result<f64, Stop> {
    match value {
        Value::Number(number, _) => Ok(*number),
        other => fail(format!("{} number required", describe(other))),
    }
}

/// `tonumber`
pub(super) fn parse(value: &Value) -> Result<Value, Stop> {
    match value {
        Value::Number(..) => Ok(value.clone()),
        Value::String(text) => {
            if !value.is_known() {
                return Err(Stop::Unknown);
            }
            let shaped = text
                .trim_start_matches('-')
                .starts_with(|c: char| c.is_ascii_digit() || c == '.');
            match json::number(text).filter(|_| shaped) {
                Some(number) => Ok(number),
                // Versions differ in the blanks around a number.
                None if text.trim() != &**text => Err(Stop::Unknown),
                None if &**text == "nan" => Ok(Value::number(f64::NAN)),
                None => fail(format!("{} cannot be parsed as a number", describe(value))),
            }
        }
        other => fail(format!("{} cannot be parsed as a number", describe(other))),
    }
}

/// Functions of one number.
pub(super) fn plain(name: &str, value: &Value) -> Result<Value, Stop> {
    let function: fn(f64) -> f64 = match name {
        "floor" => f64::floor,
        "ceil" => f64::ceil,
        "round" => f64::round,
        "trunc" => f64::trunc,
        "rint" | "nearbyint" => f64::round_ties_even,
        "sqrt" => f64::sqrt,
        "cbrt" => f64::cbrt,
        "fabs" => f64::abs,
        "abs" => f64::abs,
        "exp" => f64::exp,
        "exp2" => f64::exp2,
        "log" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        _ => return Err(Stop::Unknown),
    };
    let number = of(value)?;
    if name == "abs" && number >= 0.0 {
        return Ok(value.clone());
    }
    Ok(Value::number(function(number)))
}

/// Functions of two numbers.
pub(super) fn two(name: &str, left: &Value, right: &Value) -> Result<Value, Stop> {
    let (left, right) = (of(left)?, of(right)?);
    Ok(Value::number(match name {
        "pow" => left.powf(right),
        "atan2" => left.atan2(right),
        "fmod" => left % right,
        "fmin" => left.min(right),
        "fmax" => left.max(right),
        _ => return Err(Stop::Unknown),
    }))
}
