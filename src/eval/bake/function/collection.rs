//! Functions of maps, and those that lists and maps share.

use std::rc::Rc;

use super::{Call, MANY, Named, Returned, Stop, between, exactly, with_nulls};
use crate::eval::bake::value::{Entries, Value};
use crate::eval::unknown;

pub(super) const FUNCTIONS: &[Named] = &[
    ("length", exactly(1, length)),
    (
        "keys",
        exactly(1, |call| {
            let entries = call.entries(0)?;
            Ok(Value::list(
                entries.keys().map(|name| Value::text(name)).collect(),
            ))
        }),
    ),
    (
        "values",
        exactly(1, |call| {
            Ok(Value::tuple(call.entries(0)?.values().cloned().collect()))
        }),
    ),
    ("lookup", between(2, 3, lookup)),
    ("merge", with_nulls(0, MANY, merge)),
    ("index", exactly(2, member)),
    (
        "hasindex",
        exactly(2, |call| match member(call) {
            Ok(Value::Unknown(mark)) | Err(Stop::Unknown(mark)) => Err(Stop::Unknown(mark)),
            found => Ok(Value::Bool(found.is_ok())),
        }),
    ),
    ("zipmap", exactly(2, zip_map)),
];

fn length(call: &Call<'_>) -> Returned {
    match call.value(0) {
        Value::Map(_, entries) => match entries.keys().find_map(|key| unknown::first_mark(key)) {
            Some(mark) => Err(Stop::Unknown(mark)),
            None => Ok(Value::Number(entries.len() as f64)),
        },
        _ => Ok(Value::Number(call.known_items(0)?.len() as f64)),
    }
}

fn lookup(call: &Call<'_>) -> Returned {
    let entries = call.entries(0)?;
    let key = call.known_text(1)?;
    if let Some(value) = entries.get(&key) {
        return Ok(value.clone());
    }
    if let Some(mark) = entries.keys().find_map(|key| unknown::first_mark(key)) {
        return Err(Stop::Unknown(mark));
    }
    match call.values.get(2) {
        Some(default) => Ok(default.clone()),
        None => Err(call.fault("there is no such key, and no default")),
    }
}

fn merge(call: &Call<'_>) -> Returned {
    let mut all = Entries::new();
    for index in 0..call.values.len() {
        if call.value(index).is_null() {
            continue;
        }
        for (name, value) in call.entries(index)?.iter() {
            all.insert(Rc::clone(name), value.clone());
        }
    }
    Ok(Value::object(all))
}

fn member(call: &Call<'_>) -> Returned {
    let key = call.value(1);
    match call.value(0) {
        Value::Unknown(mark) => Err(Stop::Unknown(*mark)),
        Value::Map(_, entries) => {
            let found = key.to_text().and_then(|key| entries.get(&key).cloned());
            found.ok_or_else(|| call.fault("there is no such key"))
        }
        _ => {
            let items = call.known_items(0)?;
            let index = usize::try_from(call.whole(1)?).ok();
            let found = index.and_then(|index| items.get(index).cloned());
            found.ok_or_else(|| call.fault("there is no such item"))
        }
    }
}

fn zip_map(call: &Call<'_>) -> Returned {
    let (names, values) = (call.known_items(0)?, call.known_items(1)?);
    if names.len() != values.len() {
        return Err(call.fault("there must be as many keys as values"));
    }
    let mut entries = Entries::new();
    for (name, value) in names.iter().zip(values.iter()) {
        let name = name.to_text();
        let name = name.ok_or_else(|| call.fault("keys must be strings"))?;
        entries.insert(name, value.clone());
    }
    Ok(Value::object(entries))
}
