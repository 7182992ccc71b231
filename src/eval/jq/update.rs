//! Assignments: `=`, `|=` and what changes by an operator.

use super::environment::Environment;
use super::evaluate::{Flow, Item, Machine, Out, Stop, combine};
use super::path;
use super::syntax::{Filter, Update};
use super::value::Value;

pub(super) fn run<'p>(
    machine: &Machine<'p>,
    update: Update,
    target: &'p Filter,
    with: &'p Filter,
    environment: &Environment<'p>,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    if update == Update::Modify {
        let value = modify(machine, target, with, environment, &input.value)?;
        return out(input.made(value));
    }
    machine.values(with, environment, &input.value, &mut |new| {
        let mut value = input.value.clone();
        for keys in paths(machine, target, environment, &input.value)? {
            let combined = match update {
                Update::Set => new.clone(),
                _ => combine(update, &path::get(&value, &keys)?, &new)?,
            };
            value = put(machine, &value, &keys, combined)?;
        }
        out(input.made(value))
    })
}

fn paths<'p>(
    machine: &Machine<'p>,
    target: &'p Filter,
    environment: &Environment<'p>,
    input: &Value,
) -> Result<Vec<Vec<Value>>, Stop> {
    let mut paths = Vec::new();
    machine.paths(target, environment, input, &mut |keys, _| {
        paths.push(keys);
        Ok(())
    })?;
    Ok(paths)
}

/// The value with another at a path, for what that costs.
pub(super) fn put(
    machine: &Machine<'_>,
    value: &Value,
    keys: &[Value],
    new: Value,
) -> Result<Value, Stop> {
    if keys.len() > 100 {
        return Err(Stop::Unknown);
    }
    machine.made(path::set(value, keys, new)?)
}

/// The first result takes the place of each value; where there is none, the value goes.
pub(super) fn modify<'p>(
    machine: &Machine<'p>,
    target: &'p Filter,
    with: &'p Filter,
    environment: &Environment<'p>,
    input: &Value,
) -> Result<Value, Stop> {
    let mut value = input.clone();
    let mut gone = Vec::new();
    for keys in paths(machine, target, environment, input)? {
        let old = path::get(&value, &keys)?;
        match first(machine, with, environment, &old)? {
            Some(new) => value = put(machine, &value, &keys, new)?,
            None => gone.push(Value::array(keys)),
        }
    }
    path::delete_all(&value, &gone)
}

/// The first result of a filter.
pub(super) fn first<'p>(
    machine: &Machine<'p>,
    filter: &'p Filter,
    environment: &Environment<'p>,
    input: &Value,
) -> Result<Option<Value>, Stop> {
    let mut found = None;
    let label = machine.label();
    let flow = machine.values(filter, environment, input, &mut |value| {
        found = Some(value);
        Err(Stop::Break(label))
    });
    match flow {
        Err(Stop::Break(at)) if at == label => Ok(found),
        Err(stop) => Err(stop),
        Ok(()) => Ok(None),
    }
}
