//! Functions of sets.

use super::{Call, MANY, Named, Returned, Stop, between, exactly};
use crate::eval::bake::value::{Value, equal, set};
use crate::eval::value::Truth;

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "sethaselement",
        exactly(2, |call| {
            let items = call.known_items(0)?;
            Ok(Value::Bool(has(call, items, call.value(1))?))
        }),
    ),
    (
        "setunion",
        between(1, MANY, |call| {
            let mut all = Vec::new();
            for index in 0..call.values.len() {
                all.extend(call.known_items(index)?.iter().cloned());
            }
            give(call, all)
        }),
    ),
    (
        "setintersection",
        between(1, MANY, |call| {
            let mut kept = Vec::new();
            'items: for item in call.known_items(0)?.iter() {
                for index in 1..call.values.len() {
                    if !has(call, call.known_items(index)?, item)? {
                        continue 'items;
                    }
                }
                kept.push(item.clone());
            }
            give(call, kept)
        }),
    ),
    (
        "setsubtract",
        exactly(2, |call| give(call, without(call, 0, 1)?)),
    ),
    (
        "setsymmetricdifference",
        exactly(2, |call| {
            let mut all = without(call, 0, 1)?;
            all.extend(without(call, 1, 0)?);
            give(call, all)
        }),
    ),
    ("setproduct", between(1, MANY, product)),
];

fn has(call: &Call<'_>, items: &[Value], wanted: &Value) -> Result<bool, Stop> {
    call.budget.spend(items.len())?;
    let found = items
        .iter()
        .fold(Truth::False, |found, item| found.or(equal(item, wanted)));
    match found {
        Truth::Unknown(mark) => Err(Stop::Unknown(mark)),
        found => Ok(found == Truth::True),
    }
}

fn without(call: &Call<'_>, from: usize, taken: usize) -> Result<Vec<Value>, Stop> {
    let taken = call.known_items(taken)?;
    let mut kept = Vec::new();
    for item in call.known_items(from)?.iter() {
        if !has(call, taken, item)? {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

fn give(call: &Call<'_>, items: Vec<Value>) -> Returned {
    call.budget.spend(items.len().saturating_mul(items.len()))?;
    Ok(set(items))
}

fn product(call: &Call<'_>) -> Returned {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for index in 0..call.values.len() {
        let items = call.known_items(index)?;
        call.budget
            .spend(rows.len().saturating_mul(items.len()).saturating_mul(4))?;
        rows = rows
            .iter()
            .flat_map(|row| {
                items.iter().map(move |item| {
                    let mut row = row.clone();
                    row.push(item.clone());
                    row
                })
            })
            .collect();
    }
    Ok(Value::list(rows.into_iter().map(Value::tuple).collect()))
}
