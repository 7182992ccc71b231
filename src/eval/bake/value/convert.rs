//! Turning a value into a declared kind.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Entries, Kind, Shape, Value, equal};
use crate::eval::value::Truth;

/// Items of a set that are compared with each other, where they are no words.
const MOST_COMPARED: usize = 1000;

/// The value as this kind; what stands in the way where it cannot be.
pub(in crate::eval::bake) fn convert(value: &Value, kind: &Kind) -> Result<Value, String> {
    let refused = || format!("{kind} required, but have {}", value.kind_name());
    match (kind, value) {
        (Kind::Any, _) | (_, Value::Unknown(_)) => Ok(value.clone()),
        // A null of another declared kind converts only where its kind would.
        (_, Value::Null(Some(held))) if kind.is_scalar() != held.is_scalar() => Err(refused()),
        (_, Value::Null(_)) => Ok(Value::Null(Some(Rc::new(kind.clone())))),
        (Kind::Text, Value::Text(_)) => Ok(value.clone()),
        (Kind::Text, _) => value.to_text().map(|t| Value::text(&t)).ok_or_else(refused),
        (Kind::Number, _) => match value.to_number() {
            Some(Ok(number)) => Ok(Value::Number(number)),
            Some(Err(mark)) => Ok(Value::Unknown(mark)),
            None => Err(refused()),
        },
        (Kind::Bool, _) => value.to_truth().map(Value::from).ok_or_else(refused),
        (Kind::List(item), Value::List(_, items)) => Ok(Value::list(each(items, item)?)),
        (Kind::Set(item), Value::List(_, items)) => Ok(set(each(items, item)?)),
        (Kind::Tuple(kinds), Value::List(_, items)) if kinds.len() == items.len() => {
            let items: Result<_, _> = items
                .iter()
                .zip(kinds)
                .map(|(item, kind)| convert(item, kind))
                .collect();
            Ok(Value::tuple(items?))
        }
        (Kind::Map(item), Value::Map(_, entries)) => {
            let entries: Result<Entries, String> = entries
                .iter()
                .map(|(name, value)| {
                    let value =
                        convert(value, item).map_err(|e| format!("element \"{name}\": {e}"));
                    Ok((Rc::clone(name), value?))
                })
                .collect();
            Ok(Value::Map(true, Rc::new(entries?)))
        }
        (Kind::Object(fields), Value::Map(_, entries)) => {
            let mut object = Entries::new();
            for (name, (kind, optional)) in fields {
                let value = match entries.get(name) {
                    Some(value) => convert(value, kind)?,
                    None if *optional => Value::Null(Some(Rc::new(kind.clone()))),
                    None => return Err(format!("attribute \"{name}\" is required")),
                };
                object.insert(Rc::clone(name), value);
            }
            Ok(Value::object(object))
        }
        _ => Err(refused()),
    }
}

fn each(items: &[Value], kind: &Kind) -> Result<Vec<Value>, String> {
    items.iter().map(|item| convert(item, kind)).collect()
}

/// A set of these items: each once, texts and numbers in order.
pub(in crate::eval::bake) fn set(items: Vec<Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    let mut words = BTreeSet::new();
    let mut others: Vec<Value> = Vec::new();
    for item in items {
        let word = match &item {
            Value::Text(_) | Value::Number(_) | Value::Bool(_) => item.to_text(),
            _ => None,
        };
        match word {
            Some(word) => {
                if words.insert((item.kind_name(), word)) {
                    kept.push(item);
                }
            }
            // So many lists in one set come from nobody who means well.
            None if others.len() > MOST_COMPARED => kept.push(item),
            None => {
                if !others
                    .iter()
                    .any(|known| equal(known, &item) == Truth::True)
                {
                    others.push(item.clone());
                    kept.push(item);
                }
            }
        }
    }
    kept.sort_by(|a, b| match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.text.cmp(&b.text),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        _ => std::cmp::Ordering::Equal,
    });
    Value::List(Shape::Set, Rc::new(kept))
}
