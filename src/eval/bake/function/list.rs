//! Functions of lists.

use std::rc::Rc;

use super::{Call, MANY, Named, Returned, Stop, between, exactly};
use crate::eval::bake::value::{Shape, Value, equal};
use crate::eval::unknown;
use crate::eval::value::Truth;

pub(super) const FUNCTIONS: &[Named] = &[
    ("concat", between(1, MANY, concat)),
    ("contains", exactly(2, contains)),
    ("distinct", exactly(1, distinct)),
    ("compact", exactly(1, compact)),
    ("coalescelist", between(1, MANY, coalesce_list)),
    ("chunklist", exactly(2, chunk_list)),
    ("element", exactly(2, element)),
    ("flatten", exactly(1, flatten)),
    ("indexof", exactly(2, index_of)),
    ("range", between(1, 3, range)),
    (
        "reverselist",
        exactly(1, |call| {
            let (_, items) = call.items(0)?;
            Ok(Value::list(items.iter().rev().cloned().collect()))
        }),
    ),
    ("slice", between(2, 3, slice)),
    ("sort", exactly(1, sort)),
];

fn concat(call: &Call<'_>) -> Returned {
    let mut all = Vec::new();
    let mut tuple = false;
    for index in 0..call.values.len() {
        match call.items(index) {
            Ok((shape, items)) => {
                tuple |= shape == Shape::Tuple;
                all.extend(items.iter().cloned());
            }
            // A list that is not known is an unknown number of items.
            Err(Stop::Unknown(mark)) => all.push(Value::Unknown(mark)),
            Err(stop) => return Err(stop),
        }
        call.budget.spend(all.len())?;
    }
    Ok(if tuple {
        Value::tuple(all)
    } else {
        Value::list(all)
    })
}

fn contains(call: &Call<'_>) -> Returned {
    let (_, items) = call.items(0)?;
    let wanted = call.value(1);
    let found = items
        .iter()
        .fold(Truth::False, |found, item| found.or(equal(item, wanted)));
    Ok(found.into())
}

fn distinct(call: &Call<'_>) -> Returned {
    let (_, items) = call.items(0)?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter() {
        call.budget.spend(kept.len())?;
        if !kept.iter().any(|known| equal(known, item) == Truth::True) {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn compact(call: &Call<'_>) -> Returned {
    let (_, items) = call.items(0)?;
    let filled = |item: &&Value| match item {
        Value::Null(_) => false,
        Value::Text(text) => !text.text.is_empty(),
        _ => true,
    };
    Ok(Value::list(items.iter().filter(filled).cloned().collect()))
}

fn coalesce_list(call: &Call<'_>) -> Returned {
    for index in 0..call.values.len() {
        let (_, items) = call.items(index)?;
        if items.iter().any(|item| !matches!(item, Value::Unknown(_))) {
            return Ok(call.value(index).clone());
        }
        if let Some(Value::Unknown(mark)) = items.first() {
            return Err(Stop::Unknown(*mark));
        }
    }
    Err(call.fault("all lists are empty"))
}

fn chunk_list(call: &Call<'_>) -> Returned {
    let items = call.known_items(0)?;
    let size = usize::try_from(call.whole(1)?).map_err(|_| call.fault("the size is negative"))?;
    let size = if size == 0 { items.len().max(1) } else { size };
    let chunks = items.chunks(size);
    Ok(Value::list(
        chunks.map(|chunk| Value::list(chunk.to_vec())).collect(),
    ))
}

fn element(call: &Call<'_>) -> Returned {
    let items = call.known_items(0)?;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Err(call.fault("the list is empty"));
    }
    let index = usize::try_from(call.whole(1)?.rem_euclid(count)).unwrap_or(0);
    Ok(items.get(index).cloned().unwrap_or(Value::NULL))
}

fn flatten(call: &Call<'_>) -> Returned {
    fn into(call: &Call<'_>, items: &[Value], flat: &mut Vec<Value>) -> Result<(), Stop> {
        for item in items {
            call.budget.spend(1)?;
            match item {
                Value::List(_, inner) => call
                    .budget
                    .deeper(|| Ok(into(call, inner, flat)))
                    .map_err(Stop::Fault)??,
                other => flat.push(other.clone()),
            }
        }
        Ok(())
    }
    let mut flat = Vec::new();
    into(call, call.items(0)?.1, &mut flat)?;
    Ok(Value::tuple(flat))
}

fn index_of(call: &Call<'_>) -> Returned {
    let (_, items) = call.items(0)?;
    if items.is_empty() {
        return Err(call.fault("the list is empty"));
    }
    for (index, item) in items.iter().enumerate() {
        match equal(item, call.value(1)) {
            Truth::True => return Ok(Value::Number(index as f64)),
            Truth::Unknown(mark) => return Err(Stop::Unknown(mark)),
            Truth::False => {}
        }
    }
    Err(call.fault("the list does not hold this item"))
}

/// Numbers from a start to before an end, at most 1024.
fn range(call: &Call<'_>) -> Returned {
    let (start, end) = match call.values.len() {
        1 => (0.0, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let forwards = start <= end;
    let step = match call.values.len() {
        3 => call.number(2)?,
        _ if forwards => 1.0,
        _ => -1.0,
    };
    if start != end && (step == 0.0 || (step > 0.0) != forwards) {
        return Err(call.fault("the step leads away from the end"));
    }
    let mut items = Vec::new();
    let mut at = start;
    while if forwards { at < end } else { at > end } {
        if items.len() >= 1024 {
            return Err(call.fault("more than 1024 numbers"));
        }
        items.push(Value::Number(at));
        at += step;
    }
    Ok(Value::list(items))
}

fn slice(call: &Call<'_>) -> Returned {
    let items = call.known_items(0)?;
    let bound = |index| -> Result<usize, Stop> {
        usize::try_from(call.whole(index)?).map_err(|_| call.fault("an index is negative"))
    };
    let start = bound(1)?;
    let end = if call.values.len() > 2 {
        bound(2)?
    } else {
        items.len()
    };
    match items.get(start..end) {
        Some(part) => Ok(Value::List(Shape::List, Rc::new(part.to_vec()))),
        None => Err(call.fault("the list is shorter than that")),
    }
}

fn sort(call: &Call<'_>) -> Returned {
    let (_, items) = call.items(0)?;
    let mut texts = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item.to_text() {
            Some(text) => texts.push((unknown::first_mark(&text).is_some(), text, item.clone())),
            None => return Err(call.fault("only strings can be sorted")),
        }
    }
    call.budget.spend(texts.len().saturating_mul(8))?;
    // What is not known has no place of its own: it comes last.
    texts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let sorted = texts.into_iter().map(|(_, text, item)| match item {
        Value::Unknown(_) | Value::Text(_) => item,
        _ => Value::text(&text),
    });
    Ok(Value::list(sorted.collect()))
}
