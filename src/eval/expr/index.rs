//! Reading properties and items, and the `.*` filter.

use std::rc::Rc;

use crate::eval::unknown::{self, Mark};
use crate::eval::value::{Array, Object, Value};

/// What reading a property gives.
pub(crate) enum Found {
    /// This value, which may itself be an unknown one.
    Value(Value),
    /// Nobody knows: what it is read from, or its name, is not known.
    Hidden(Mark),
}

/// `base[key]`, and `base.key` with the name as text.
pub(crate) fn read(base: &Value, key: &Value) -> Found {
    match base {
        Value::Unknown(mark) => Found::Hidden(*mark),
        Value::Array(array) if array.filtered => Found::Value(read_each(array, key)),
        Value::Array(array) => read_item(array, key),
        Value::Object(object) => read_property(object, key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Found::Value(Value::Null)
        }
    }
}

fn read_property(object: &Object, key: &Value) -> Found {
    match key {
        Value::Unknown(mark) => Found::Hidden(*mark),
        Value::Array(_) | Value::Object(_) => Found::Value(Value::Null),
        _ => {
            let name = key.to_text();
            if let Some(mark) = unknown::first_mark(&name) {
                return match object.open {
                    None if !object.could_have(&name) => Found::Value(Value::Null),
                    _ => Found::Hidden(mark),
                };
            }
            match (object.get(&name), object.open) {
                (Some(value), _) => Found::Value(value.clone()),
                (None, Some(mark)) => Found::Hidden(mark),
                (None, None) => Found::Value(Value::Null),
            }
        }
    }
}

fn read_item(array: &Array, key: &Value) -> Found {
    let place = match key.to_number() {
        Ok(number) => place(number),
        Err(_) if array.items.is_empty() && array.open.is_none() => None,
        Err(mark) => return Found::Hidden(mark),
    };
    let Some(place) = place else {
        return Found::Value(Value::Null);
    };
    match array.open {
        Some(mark) => Found::Hidden(mark),
        None => Found::Value(array.items.get(place).cloned().unwrap_or_default()),
    }
}

/// The place that a number names: rounded down, none if negative or beyond 32 bits.
fn place(number: f64) -> Option<usize> {
    if number.is_nan() || number < 0.0 || number.floor() > f64::from(i32::MAX) {
        return None;
    }
    // Within 0..2^31 by the line above.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some(number as usize)
}

/// An index on what a filter gave: applied to each item, where those that lack it fall away.
fn read_each(array: &Array, key: &Value) -> Value {
    let mut result = filter(array.open);
    for item in &array.items {
        let found = match item {
            Value::Unknown(mark) => Found::Hidden(*mark),
            Value::Object(object) => match read_property(object, key) {
                // Null because it is missing, or null as written: only the latter stays.
                Found::Value(Value::Null)
                    if key.is_collection() || object.get(&key.to_text()).is_none() =>
                {
                    continue;
                }
                found => found,
            },
            Value::Array(items) => match (key.to_number(), read_item(items, key)) {
                (Ok(number), Found::Value(_))
                    if place(number).is_none_or(|place| place >= items.items.len()) =>
                {
                    continue;
                }
                (_, found) => found,
            },
            _ => continue,
        };
        match found {
            Found::Value(value) => result.items.push(value),
            Found::Hidden(mark) => result.open = result.open.or(Some(mark)),
        }
    }
    Value::Array(Rc::new(result))
}

/// `base.*`: the values of a mapping, the items of a sequence, nothing of anything else.
pub(super) fn read_all(base: &Value) -> Value {
    let mut result = filter(None);
    match base {
        Value::Array(array) if array.filtered => {
            result.open = array.open;
            for item in &array.items {
                add_all(&mut result, item);
            }
        }
        _ => add_all(&mut result, base),
    }
    Value::Array(Rc::new(result))
}

fn add_all(result: &mut Array, value: &Value) {
    let open = match value {
        Value::Unknown(mark) => Some(*mark),
        Value::Array(array) => {
            result.items.extend(array.items.iter().cloned());
            array.open
        }
        Value::Object(object) => {
            result
                .items
                .extend(object.iter().map(|(_, value)| value.clone()));
            object.open
        }
        _ => None,
    };
    result.open = result.open.or(open);
}

fn filter(open: Option<Mark>) -> Array {
    Array {
        open,
        filtered: true,
        ..Array::default()
    }
}
