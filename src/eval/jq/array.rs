//! Functions of arrays: order, groups, places.

use std::cmp::Ordering;

use super::evaluate::Stop;
use super::operator::{describe, fail};
use super::value::{Array, Value};

fn items(value: &Value) -> Result<&Array, Stop> {
    match value {
        Value::Array(array) => Ok(array),
        other => fail(format!(
            "{} cannot be sorted, as it is not an array",
            describe(other)
        )),
    }
}

/// Sorts values; their order has to be known.
pub(super) fn sort(values: &mut [Value]) -> Result<(), Stop> {
    sort_with(values, |a, b| a.order(b))
}

fn sort_with<T>(items: &mut [T], order: impl Fn(&T, &T) -> Option<Ordering>) -> Result<(), Stop> {
    let mut known = true;
    items.sort_by(|a, b| {
        order(a, b).unwrap_or_else(|| {
            known = false;
            Ordering::Equal
        })
    });
    if known { Ok(()) } else { Err(Stop::Unknown) }
}

pub(super) fn sorted(value: &Value) -> Result<Value, Stop> {
    let mut sorted = items(value)?.items.clone();
    if contains_nan(&sorted) {
        return Err(Stop::Unknown);
    }
    sort(&mut sorted)?;
    Ok(Value::array(sorted))
}

/// NaN is less than itself, which no order of a sort may say.
fn contains_nan(values: &[Value]) -> bool {
    values.iter().any(|value| match value {
        Value::Number(number, _) => number.is_nan(),
        Value::Array(array) => contains_nan(&array.items),
        Value::Object(object) => object
            .fields
            .values()
            .any(|value| contains_nan(std::slice::from_ref(value))),
        _ => false,
    })
}

/// `sort_by`, `group_by` and their like, over items with their keys.
pub(super) fn by_keys(name: &str, mut keyed: Vec<(Value, Value)>) -> Result<Value, Stop> {
    if keyed
        .iter()
        .any(|(key, _)| contains_nan(std::slice::from_ref(key)))
    {
        return Err(Stop::Unknown);
    }
    let order = |a: &(Value, Value), b: &(Value, Value)| a.0.order(&b.0);
    match name {
        "min_by" | "max_by" => {
            let mut best: Option<(Value, Value)> = None;
            for own in keyed {
                let better = match &best {
                    None => true,
                    Some(best) => match order(&own, best).ok_or(Stop::Unknown)? {
                        // Of equal ones the first is the least and the last the greatest.
                        Ordering::Less => name == "min_by",
                        Ordering::Equal | Ordering::Greater => name == "max_by",
                    },
                };
                if better {
                    best = Some(own);
                }
            }
            Ok(best.map_or(Value::Null, |(_, value)| value))
        }
        "sort_by" => {
            sort_with(&mut keyed, order)?;
            Ok(Value::array(keyed.into_iter().map(|own| own.1).collect()))
        }
        _ => {
            sort_with(&mut keyed, order)?;
            let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
            for (key, value) in keyed {
                match groups.last_mut() {
                    Some((own, group)) if own.order(&key) == Some(Ordering::Equal) => {
                        group.push(value);
                    }
                    _ => groups.push((key, vec![value])),
                }
            }
            let groups = groups.into_iter().map(|(_, group)| group);
            Ok(Value::array(if name == "unique_by" {
                groups
                    .filter_map(|group| group.into_iter().next())
                    .collect()
            } else {
                groups.map(Value::array).collect()
            }))
        }
    }
}

/// The same with each item as its own key.
pub(super) fn by_itself(name: &str, value: &Value) -> Result<Value, Stop> {
    let keyed = items(value)?.items.iter();
    by_keys(
        name,
        keyed.map(|item| (item.clone(), item.clone())).collect(),
    )
}

pub(super) fn reverse(value: &Value) -> Result<Value, Stop> {
    Ok(match value {
        Value::Array(array) => Value::array(array.items.iter().rev().cloned().collect()),
        // Versions differ in whether text can be reversed.
        Value::String(_) => return Err(Stop::Unknown),
        Value::Null => Value::array(Vec::new()),
        other => return fail(format!("Cannot reverse {}", describe(other))),
    })
}

pub(super) fn flatten(value: &Value, depth: f64) -> Result<Value, Stop> {
    if depth < 0.0 {
        return fail("flatten depth must not be negative".to_owned());
    }
    let all: Vec<Value> = match value {
        Value::Array(array) => array.items.clone(),
        Value::Object(object) => object.fields.values().cloned().collect(),
        other => return fail(format!("Cannot iterate over {}", describe(other))),
    };
    let mut flat = Vec::new();
    for item in all {
        match &item {
            Value::Array(_) if depth > 0.0 => {
                if let Value::Array(inner) = flatten(&item, depth - 1.0)? {
                    flat.extend(inner.items.iter().cloned());
                }
            }
            _ => flat.push(item),
        }
    }
    Ok(Value::array(flat))
}

/// Whether one value holds all of another.
pub(super) fn contains(value: &Value, part: &Value) -> Result<bool, Stop> {
    match (value, part) {
        (Value::Object(a), Value::Object(b)) => {
            if !a.named || !b.named {
                return Err(Stop::Unknown);
            }
            let mut unknown = false;
            for (name, part) in &b.fields {
                match a.fields.get(name).map(|own| inner(own, part)) {
                    Some(Ok(true)) => {}
                    Some(Err(Stop::Unknown)) => unknown = true,
                    Some(Err(stop)) => return Err(stop),
                    _ => return Ok(false),
                }
            }
            if unknown {
                Err(Stop::Unknown)
            } else {
                Ok(true)
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for part in &b.items {
                let mut found = Ok(false);
                for own in &a.items {
                    match inner(own, part) {
                        Ok(true) => {
                            found = Ok(true);
                            break;
                        }
                        Ok(false) => {}
                        Err(stop) => found = Err(stop),
                    }
                }
                if !found? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::String(a), Value::String(b)) => {
            if a.contains(&**b) {
                return Ok(true);
            }
            if value.is_known() && part.is_known() {
                return Ok(false);
            }
            Err(Stop::Unknown)
        }
        _ if value.type_name() == part.type_name() => value.same(part).ok_or(Stop::Unknown),
        _ => fail(format!(
            "{} and {} cannot have their containment checked",
            describe(value),
            describe(part)
        )),
    }
}

fn inner(value: &Value, part: &Value) -> Result<bool, Stop> {
    if value.type_name() == part.type_name() {
        contains(value, part)
    } else {
        value.same(part).ok_or(Stop::Unknown)
    }
}

/// The places of a value in an array, or of a text in another.
pub(super) fn indices(value: &Value, part: &Value) -> Result<Vec<Value>, Stop> {
    Ok(match (value, part) {
        (Value::Null, _) => Vec::new(),
        (Value::String(text), Value::String(wanted)) => {
            if !value.is_known() || !part.is_known() {
                return Err(Stop::Unknown);
            }
            if wanted.is_empty() {
                return Ok(Vec::new());
            }
            let starts = text.char_indices().enumerate();
            starts
                .filter(|(_, (at, _))| {
                    text.get(*at..)
                        .is_some_and(|rest| rest.starts_with(&**wanted))
                })
                .map(|(count, _)| Value::count(count))
                .collect()
        }
        (Value::Array(_), Value::Array(_)) => match super::path::element(value, part)? {
            Value::Array(found) => found.items.clone(),
            _ => Vec::new(),
        },
        (Value::Array(array), _) => {
            let mut found = Vec::new();
            for (at, own) in array.items.iter().enumerate() {
                if own.same(part).ok_or(Stop::Unknown)? {
                    found.push(Value::count(at));
                }
            }
            found
        }
        _ => {
            return fail(format!(
                "Cannot determine indices of {} in {}",
                describe(part),
                describe(value)
            ));
        }
    })
}
