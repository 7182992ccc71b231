//! Functions that give many values, or take several filters.

use super::environment::Environment;
use super::evaluate::{Flow, Item, Machine, Out, Stop};
use super::operator::fail;
use super::path;
use super::syntax::Filter;
use super::value::Value;

/// `any` and `all`, of which a search that ended early was decisive.
pub(super) fn decided(
    flow: Flow,
    label: usize,
    decisive: bool,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    match flow {
        Err(Stop::Break(at)) if at == label => out(input.made(Value::Bool(decisive))),
        Ok(()) => out(input.made(Value::Bool(!decisive))),
        flow => flow,
    }
}

/// Numbers from one up to another.
pub(super) fn range(
    machine: &Machine<'_>,
    from: &Value,
    to: &Value,
    by: f64,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    let (Some(mut next), Some(to)) = (from.as_number(), to.as_number()) else {
        return fail("Range bounds must be numeric".to_owned());
    };
    while (by > 0.0 && next < to) || (by < 0.0 && next > to) || (by == 0.0 && next < to) {
        machine.spend(1)?;
        out(input.made(Value::number(next)))?;
        next += by;
    }
    Ok(())
}

/// What is left to visit.
enum Left {
    Item(Item),
    Stop(Stop),
}

/// The value, and what the filter gives for it, and so on: `recurse`, `repeat`, `while`.
pub(super) fn recurse<'p>(
    machine: &Machine<'p>,
    filter: &'p Filter,
    condition: Option<&'p Filter>,
    environment: &Environment<'p>,
    input: Item,
    out: Out<'_>,
) -> Flow {
    let mut left = vec![Left::Item(input)];
    let mut start = true;
    while let Some(next) = left.pop() {
        machine.spend(1)?;
        let item = match next {
            Left::Item(item) => item,
            Left::Stop(stop) => return Err(stop),
        };
        if let Some(condition) = condition
            && !std::mem::take(&mut start)
        {
            // `recurse(f; condition)` asks only what the filter gave.
            let truths = machine.all(condition, environment, &item.value)?;
            if !truths.iter().any(Value::is_true) {
                continue;
            }
        }
        out(item.clone())?;
        push(machine, filter, environment, item, &mut left);
    }
    Ok(())
}

/// Puts what a filter gives for an item in front of what is left.
fn push<'p>(
    machine: &Machine<'p>,
    filter: &'p Filter,
    environment: &Environment<'p>,
    item: Item,
    left: &mut Vec<Left>,
) {
    let mut inner = Vec::new();
    let flow = machine.eval(filter, environment, item, &mut |item| {
        machine.made(item.value.clone())?;
        inner.push(Left::Item(item));
        Ok(())
    });
    if let Err(stop) = flow {
        inner.push(Left::Stop(stop));
    }
    left.extend(inner.into_iter().rev());
}

/// `while` gives each value as long as the condition holds; `until` the first for which it does.
fn conditional<'p>(
    machine: &Machine<'p>,
    until: bool,
    condition: &'p Filter,
    filter: &'p Filter,
    environment: &Environment<'p>,
    input: Item,
    out: Out<'_>,
) -> Flow {
    let mut left = vec![Left::Item(input)];
    while let Some(next) = left.pop() {
        machine.spend(1)?;
        let item = match next {
            Left::Item(item) => item,
            Left::Stop(stop) => return Err(stop),
        };
        let truths = machine.all(condition, environment, &item.value)?;
        let [truth] = truths.as_slice() else {
            return Err(Stop::Unknown);
        };
        match (until, truth.is_true()) {
            (true, true) => {
                out(item)?;
                continue;
            }
            (false, false) => continue,
            (true, false) => {}
            (false, true) => out(item.clone())?,
        }
        push(machine, filter, environment, item, &mut left);
    }
    Ok(())
}

/// Functions of more than one argument that take one as a filter.
pub(super) fn with_more<'p>(
    machine: &Machine<'p>,
    name: &str,
    arguments: &'p [Filter],
    environment: &Environment<'p>,
    input: &Item,
    out: Out<'_>,
) -> Option<Flow> {
    let value = &input.value;
    Some(match (name, arguments) {
        ("range", [from, to]) => machine.values(from, environment, value, &mut |from| {
            machine.values(to, environment, value, &mut |to| {
                range(machine, &from, &to, 1.0, input, out)
            })
        }),
        ("range", [from, to, by]) => machine.values(from, environment, value, &mut |from| {
            machine.values(to, environment, value, &mut |to| {
                machine.values(by, environment, value, &mut |by| match by.as_number() {
                    Some(by) => range(machine, &from, &to, by, input, out),
                    None => fail("Range bounds must be numeric".to_owned()),
                })
            })
        }),
        ("limit" | "nth", [count, filter]) => {
            machine.values(count, environment, value, &mut |count| {
                let Some(count) = count.as_number() else {
                    return Err(Stop::Unknown);
                };
                if name == "nth" && count < 0.0 {
                    return fail("Out of bounds negative array index".to_owned());
                }
                if name == "limit" && count <= 0.0 {
                    // Up to 1.7 a negative limit is none.
                    return if count < 0.0 {
                        machine.eval(filter, environment, input.clone(), out)
                    } else {
                        Ok(())
                    };
                }
                let wanted = if name == "nth" { count + 1.0 } else { count };
                limit(
                    machine,
                    wanted,
                    name == "nth",
                    filter,
                    environment,
                    input,
                    out,
                )
            })
        }
        ("while" | "until", [condition, filter]) => conditional(
            machine,
            name == "until",
            condition,
            filter,
            environment,
            input.clone(),
            out,
        ),
        ("recurse", [filter, condition]) => recurse(
            machine,
            filter,
            Some(condition),
            environment,
            input.clone(),
            out,
        ),
        ("any" | "all", [source, condition]) => {
            let decisive = name == "any";
            let label = machine.label();
            let flow = machine.values(source, environment, value, &mut |item| {
                machine.values(condition, environment, &item, &mut |truth| {
                    if truth.is_true() == decisive {
                        return Err(Stop::Break(label));
                    }
                    Ok(())
                })
            });
            decided(flow, label, decisive, input, out)
        }
        ("setpath", [keys, new]) => machine.values(keys, environment, value, &mut |keys| {
            machine.values(new, environment, value, &mut |new| {
                let Value::Array(keys) = &keys else {
                    return fail("Path must be specified as an array".to_owned());
                };
                out(input.made(super::update::put(machine, value, &keys.items, new)?))
            })
        }),
        ("sub" | "gsub", [_, _] | [_, _, _]) => {
            super::substitute::run(machine, name, arguments, environment, input, out)
        }
        _ => return None,
    })
}

fn limit<'p>(
    machine: &Machine<'p>,
    wanted: f64,
    only_last: bool,
    filter: &'p Filter,
    environment: &Environment<'p>,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    let label = machine.label();
    let mut seen = 0.0;
    let mut last = None;
    let flow = machine.eval(filter, environment, input.clone(), &mut |item| {
        seen += 1.0;
        if only_last {
            last = Some(item);
        } else {
            out(item)?;
        }
        if seen >= wanted {
            return Err(Stop::Break(label));
        }
        Ok(())
    });
    match flow {
        Err(Stop::Break(at)) if at == label => {}
        flow => flow?,
    }
    last.map_or(Ok(()), out)
}

/// `transpose`: missing cells are null.
pub(super) fn transpose(value: &Value) -> Result<Value, Stop> {
    let Value::Array(rows) = value else {
        return Err(Stop::Unknown);
    };
    let mut width = 0;
    for row in &rows.items {
        match row {
            Value::Array(row) => width = width.max(row.items.len()),
            Value::Null => {}
            _ => return Err(Stop::Unknown),
        }
    }
    let mut columns = Vec::new();
    for at in 0..width {
        let mut column = Vec::new();
        for row in &rows.items {
            column.push(path::element(row, &Value::count(at))?);
        }
        columns.push(Value::array(column));
    }
    Ok(Value::array(columns))
}
