//! Paths into values: following, setting and deleting them.

use std::rc::Rc;

use super::evaluate::Stop;
use super::operator::{describe, fail};
use super::value::Value;

/// How long an array may grow by setting one element.
const LONGEST: usize = 100_000;

/// `.[key]`
pub(super) fn element(value: &Value, key: &Value) -> Result<Value, Stop> {
    Ok(match (value, key) {
        (Value::Object(object), Value::String(name)) => {
            if !object.named || !key.is_known() {
                return Err(Stop::Unknown);
            }
            object.fields.get(name).cloned().unwrap_or(Value::Null)
        }
        (Value::Array(array), Value::Number(number, _)) => at(*number, array.items.len())
            .and_then(|at| array.items.get(at))
            .cloned()
            .unwrap_or(Value::Null),
        (Value::Null, Value::String(_) | Value::Number(..) | Value::Null) => Value::Null,
        (Value::Array(_) | Value::Null | Value::String(_), Value::Object(range)) => {
            let part = |name: &str| range.fields.get(name).cloned().unwrap_or(Value::Null);
            slice(value, &part("start"), &part("end"))?
        }
        (Value::Array(array), Value::Array(wanted)) => {
            let wanted = &wanted.items;
            let mut found = Vec::new();
            for (start, window) in array.items.windows(wanted.len().max(1)).enumerate() {
                let mut all = !wanted.is_empty();
                for (a, b) in window.iter().zip(wanted) {
                    all &= a.same(b).ok_or(Stop::Unknown)?;
                }
                if all {
                    found.push(Value::count(start));
                }
            }
            if wanted.is_empty() {
                return Ok(Value::Null);
            }
            Value::array(found)
        }
        (_, Value::String(name)) => {
            return fail(format!(
                "Cannot index {} with string \"{name}\"",
                value.type_name()
            ));
        }
        _ => {
            return fail(format!(
                "Cannot index {} with {}",
                value.type_name(),
                key.type_name()
            ));
        }
    })
}

/// The position of an index; negative ones count from the end.
fn at(number: f64, length: usize) -> Option<usize> {
    let whole = number.floor();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let at = if whole < 0.0 {
        let from_end = whole + length as f64;
        (from_end >= 0.0).then_some(from_end as usize)
    } else {
        (!whole.is_nan()).then_some(whole as usize)
    };
    at
}

/// The bounds of a slice of something of this length.
fn bounds(from: &Value, to: &Value, length: usize) -> Result<(usize, usize), Stop> {
    let wrong = || fail("Start and end indices of an array slice must be numbers".to_owned());
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let bound = |value: &Value, missing: f64, up: bool| -> Result<usize, Stop> {
        let mut number = match value {
            Value::Null => missing,
            Value::Number(number, _) => *number,
            _ => return wrong(),
        };
        if number < 0.0 {
            number += length as f64;
        }
        let number = if up { number.ceil() } else { number.floor() };
        Ok(number.clamp(0.0, length as f64) as usize)
    };
    let start = bound(from, 0.0, false)?;
    #[allow(clippy::cast_precision_loss)]
    let end = bound(to, length as f64, true)?;
    Ok((start, end.max(start)))
}

/// `.[from:to]`
pub(super) fn slice(value: &Value, from: &Value, to: &Value) -> Result<Value, Stop> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::String(text) => {
            if !value.is_known() {
                return Err(Stop::Unknown);
            }
            let (start, end) = bounds(from, to, text.chars().count())?;
            let part: String = text.chars().skip(start).take(end - start).collect();
            Ok(Value::text(part))
        }
        Value::Array(array) => {
            let (start, end) = bounds(from, to, array.items.len())?;
            let part = array.items.get(start..end).unwrap_or_default();
            Ok(Value::array(part.to_vec()))
        }
        _ => fail(format!("Cannot index {} with object", value.type_name())),
    }
}

/// The value at a path; null where the way leads through null.
pub(super) fn get(value: &Value, path: &[Value]) -> Result<Value, Stop> {
    let mut value = value.clone();
    for key in path {
        if matches!(value, Value::Null) {
            return Ok(value);
        }
        value = element(&value, key)?;
    }
    Ok(value)
}

/// The value with another one at a path.
pub(super) fn set(value: &Value, path: &[Value], new: Value) -> Result<Value, Stop> {
    let Some((key, rest)) = path.split_first() else {
        return Ok(new);
    };
    let new = set(&element(value, key)?, rest, new)?;
    replace(value, key, new)
}

fn replace(value: &Value, key: &Value, new: Value) -> Result<Value, Stop> {
    match (value, key) {
        (Value::Object(object), Value::String(name)) => {
            let mut fields = object.fields.clone();
            fields.insert(Rc::clone(name), new);
            Ok(Value::object(fields))
        }
        (Value::Null, Value::String(name)) => Ok(Value::record([(name, new)])),
        (Value::Array(_) | Value::Null, Value::Number(number, _)) => {
            let mut items = match value {
                Value::Array(array) => array.items.clone(),
                _ => Vec::new(),
            };
            let Some(index) = at(*number, items.len()) else {
                return fail("Out of bounds negative array index".to_owned());
            };
            if index >= LONGEST {
                return Err(Stop::Unknown);
            }
            if index >= items.len() {
                items.resize(index + 1, Value::Null);
            }
            if let Some(item) = items.get_mut(index) {
                *item = new;
            }
            Ok(Value::array(items))
        }
        (Value::Array(_) | Value::Null, Value::Object(range)) => {
            let Value::Array(new) = new else {
                return fail("A slice of an array can only be assigned another array".to_owned());
            };
            let part = |name: &str| range.fields.get(name).cloned().unwrap_or(Value::Null);
            let mut items = match value {
                Value::Array(array) => array.items.clone(),
                _ => Vec::new(),
            };
            let (start, end) = bounds(&part("start"), &part("end"), items.len())?;
            items.splice(start..end, new.items.iter().cloned());
            Ok(Value::array(items))
        }
        _ => fail(format!(
            "Cannot index {} with {}",
            value.type_name(),
            key.type_name()
        )),
    }
}

/// The value without what is at these paths.
pub(super) fn delete_all(value: &Value, paths: &[Value]) -> Result<Value, Stop> {
    let mut paths = paths.to_vec();
    super::array::sort(&mut paths)?;
    let mut value = value.clone();
    for path in paths.iter().rev() {
        let Value::Array(path) = path else {
            return fail("Path must be specified as an array".to_owned());
        };
        value = delete(&value, &path.items)?;
    }
    Ok(value)
}

fn delete(value: &Value, path: &[Value]) -> Result<Value, Stop> {
    let Some((key, rest)) = path.split_first() else {
        return Ok(Value::Null);
    };
    if matches!(value, Value::Null) {
        return Ok(Value::Null);
    }
    if !rest.is_empty() {
        let inner = element(value, key)?;
        if matches!(inner, Value::Null) {
            return Ok(value.clone());
        }
        return replace(value, key, delete(&inner, rest)?);
    }
    match (value, key) {
        (Value::Object(object), Value::String(name)) => {
            if !object.named || !key.is_known() {
                return Err(Stop::Unknown);
            }
            let mut fields = object.fields.clone();
            fields.shift_remove(name);
            Ok(Value::object(fields))
        }
        (Value::Array(array), Value::Number(number, _)) => {
            let mut items = array.items.clone();
            if let Some(at) = at(*number, items.len()).filter(|at| *at < items.len()) {
                items.remove(at);
            }
            Ok(Value::array(items))
        }
        (Value::Array(array), Value::Object(range)) => {
            let part = |name: &str| range.fields.get(name).cloned().unwrap_or(Value::Null);
            let mut items = array.items.clone();
            let (start, end) = bounds(&part("start"), &part("end"), items.len())?;
            items.drain(start..end);
            Ok(Value::array(items))
        }
        (Value::Object(_), _) => fail(format!(
            "Cannot delete field at object index of {}",
            key.type_name()
        )),
        (Value::Array(_), _) => fail(format!(
            "Cannot delete field at array index of {}",
            key.type_name()
        )),
        _ => fail(format!("Cannot delete fields from {}", describe(value))),
    }
}
