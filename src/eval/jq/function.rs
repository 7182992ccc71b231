//! Functions by name: those that a program defines, those that take filters, and the way to the
//! others.

use super::environment::{Bound, Callee, Environment};
use super::evaluate::{Flow, Item, Machine, Out, Stop};
use super::json::Fault;
use super::operator::{describe, fail};
use super::syntax::{Definition, Filter};
use super::value::Value;
use super::{array, iterate, native, path, prelude, update};

/// Calls a function.
pub(super) fn call<'p>(
    machine: &Machine<'p>,
    name: &'p str,
    arguments: &'p [Filter],
    environment: &Environment<'p>,
    input: Item,
    out: Out<'_>,
) -> Flow {
    match environment.function(name, arguments.len()) {
        Some(Callee::Function(definition, outer)) => {
            return defined(
                machine,
                definition,
                outer,
                arguments,
                environment,
                input,
                out,
            );
        }
        Some(Callee::Argument(filter, outer)) => {
            return machine.eval(filter, &outer, input, out);
        }
        None => {}
    }
    match arguments {
        [] => {
            if let Some(flow) = without(machine, name, &input, out) {
                return flow;
            }
        }
        [first] => {
            if is_form(name) {
                return with_one(machine, name, first, environment, input, out);
            }
        }
        _ => {
            if let Some(flow) =
                iterate::with_more(machine, name, arguments, environment, &input, out)
            {
                return flow;
            }
        }
    }
    if let Some(definition) = prelude::function(name, arguments.len()) {
        let outer = Environment::default();
        return defined(
            machine,
            definition,
            outer,
            arguments,
            environment,
            input,
            out,
        );
    }
    native_call(
        machine,
        name,
        arguments,
        Vec::new(),
        environment,
        &input,
        out,
    )
}

/// Calls a function that a program defines, `outer` being what is bound where it does so.
fn defined<'p>(
    machine: &Machine<'p>,
    definition: &'p Definition,
    outer: Environment<'p>,
    arguments: &'p [Filter],
    caller: &Environment<'p>,
    input: Item,
    out: Out<'_>,
) -> Flow {
    parameters(
        machine,
        &definition.parameters,
        arguments,
        caller,
        outer,
        &input.value,
        &mut |inner| machine.eval(&definition.body, inner, input.clone(), out),
    )
}

fn parameters<'p>(
    machine: &Machine<'p>,
    names: &'p [String],
    arguments: &'p [Filter],
    caller: &Environment<'p>,
    inner: Environment<'p>,
    input: &Value,
    out: &mut dyn FnMut(&Environment<'p>) -> Flow,
) -> Flow {
    let (Some((name, names)), Some((argument, arguments))) =
        (names.split_first(), arguments.split_first())
    else {
        return out(&inner);
    };
    let Some(plain) = name.strip_prefix('$') else {
        let inner = inner.with(Bound::Argument(name, argument, caller.clone()));
        return parameters(machine, names, arguments, caller, inner, input, out);
    };
    machine.values(argument, caller, input, &mut |value| {
        let inner = inner
            .with(Bound::Argument(plain, argument, caller.clone()))
            .with(Bound::Variable(plain, value));
        parameters(machine, names, arguments, caller, inner, input, out)
    })
}

/// Calls a function of values alone, once for each choice of its arguments.
fn native_call<'p>(
    machine: &Machine<'p>,
    name: &str,
    rest: &'p [Filter],
    values: Vec<Value>,
    environment: &Environment<'p>,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    let Some((argument, rest)) = rest.split_first() else {
        let weight = input.value.extent().weight;
        machine.spend(u64::from(weight) / 8)?;
        let value = native::call(name, &input.value, &values)?;
        return out(input.made(machine.made(value)?));
    };
    machine.values(argument, environment, &input.value, &mut |value| {
        let mut values = values.clone();
        values.push(value);
        native_call(machine, name, rest, values, environment, input, out)
    })
}

/// Functions without arguments that do more than make one value of another.
fn without(machine: &Machine<'_>, name: &str, input: &Item, out: Out<'_>) -> Option<Flow> {
    Some(match name {
        "empty" => Ok(()),
        "error" => Err(Stop::Error(input.value.clone())),
        "not" => out(input.made(Value::Bool(!input.value.is_true()))),
        "recurse" => everything(machine, input.clone(), out),
        "first" => element(input, 0.0, out),
        "last" => element(input, -1.0, out),
        "input" => match next_input(machine) {
            Ok(Some(value)) => out(input.made(value)),
            Ok(None) => fail("No more inputs".to_owned()),
            Err(stop) => Err(stop),
        },
        "inputs" => loop {
            match next_input(machine) {
                Ok(Some(value)) => {
                    if let Err(stop) = out(input.made(value)) {
                        break Err(stop);
                    }
                }
                Ok(None) => break Ok(()),
                Err(stop) => break Err(stop),
            }
        },
        "debug" | "stderr" => out(input.clone()),
        _ => return None,
    })
}

fn element(input: &Item, at: f64, out: Out<'_>) -> Flow {
    let key = Value::number(at);
    let value = path::element(&input.value, &key)?;
    out(input.step(key, value)?)
}

fn next_input(machine: &Machine<'_>) -> Result<Option<Value>, Stop> {
    if !machine.input_known {
        return Err(Stop::Unknown);
    }
    match machine.inputs.borrow_mut().pop() {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value)),
        Some(Err(Fault::Unknown)) => Err(Stop::Unknown),
        Some(Err(Fault::Broken)) => Err(Stop::Error(Value::text("the input is no JSON"))),
    }
}

/// `..`: the value and all in it.
pub(super) fn everything(machine: &Machine<'_>, input: Item, out: Out<'_>) -> Flow {
    let mut left = vec![input];
    while let Some(item) = left.pop() {
        machine.spend(1)?;
        let mut inner = Vec::new();
        if matches!(item.value, Value::Array(_) | Value::Object(_)) {
            machine.each(&item, &mut |item| {
                inner.push(item);
                Ok(())
            })?;
        }
        out(item)?;
        left.extend(inner.into_iter().rev());
    }
    Ok(())
}

/// Whether a function of one argument takes it as a filter.
fn is_form(name: &str) -> bool {
    matches!(
        name,
        "select"
            | "path"
            | "first"
            | "last"
            | "any"
            | "all"
            | "isempty"
            | "isvalid"
            | "error"
            | "range"
            | "recurse"
            | "sort_by"
            | "group_by"
            | "unique_by"
            | "min_by"
            | "max_by"
            | "map_values"
            | "getpath"
            | "del"
            | "paths"
            | "debug"
    )
}

fn with_one<'p>(
    machine: &Machine<'p>,
    name: &str,
    argument: &'p Filter,
    environment: &Environment<'p>,
    input: Item,
    out: Out<'_>,
) -> Flow {
    let value = &input.value;
    match name {
        "select" => machine.values(argument, environment, value, &mut |truth| {
            if truth.is_true() {
                out(input.clone())
            } else {
                Ok(())
            }
        }),
        "debug" => out(input),
        "path" => machine.paths(argument, environment, value, &mut |keys, _| {
            out(input.made(Value::array(keys)))
        }),
        "paths" => {
            let mut items = Vec::new();
            let start = Item {
                value: value.clone(),
                track: super::evaluate::Track::At(None),
            };
            everything(machine, start, &mut |item| {
                items.push(item);
                Ok(())
            })?;
            for item in items {
                let keys = item.track.keys().unwrap_or_default();
                if keys.is_empty() {
                    continue;
                }
                machine.values(argument, environment, &item.value, &mut |truth| {
                    if truth.is_true() {
                        return out(input.made(Value::array(keys.clone())));
                    }
                    Ok(())
                })?;
            }
            Ok(())
        }
        "first" => {
            let label = machine.label();
            let mut found = None;
            let flow = machine.eval(argument, environment, input, &mut |item| {
                found = Some(item);
                Err(Stop::Break(label))
            });
            match (flow, found) {
                (Err(Stop::Break(at)), Some(item)) if at == label => out(item),
                (flow, _) => flow,
            }
        }
        "last" => {
            let mut found = None;
            machine.eval(argument, environment, input, &mut |item| {
                found = Some(item);
                Ok(())
            })?;
            found.map_or(Ok(()), out)
        }
        "any" | "all" => {
            let decisive = name == "any";
            let label = machine.label();
            let flow = machine.each(&Item::of(value.clone()), &mut |item| {
                machine.values(argument, environment, &item.value, &mut |truth| {
                    if truth.is_true() == decisive {
                        return Err(Stop::Break(label));
                    }
                    Ok(())
                })
            });
            iterate::decided(flow, label, decisive, &input, out)
        }
        "isempty" => {
            let found = update::first(machine, argument, environment, value)?;
            out(input.made(Value::Bool(found.is_none())))
        }
        "isvalid" => {
            let valid = match machine.all(argument, environment, value) {
                Err(Stop::Error(_)) => false,
                Err(stop) => return Err(stop),
                Ok(_) => true,
            };
            out(input.made(Value::Bool(valid)))
        }
        "error" => machine.values(argument, environment, value, &mut |error| {
            Err(Stop::Error(error))
        }),
        "range" => machine.values(argument, environment, value, &mut |to| {
            iterate::range(machine, &Value::number(0.0), &to, 1.0, &input, out)
        }),
        "recurse" => iterate::recurse(machine, argument, None, environment, input, out),
        "getpath" => machine.values(argument, environment, value, &mut |keys| {
            let Value::Array(keys) = &keys else {
                return fail("Path must be specified as an array".to_owned());
            };
            let found = path::get(&input.value, &keys.items)?;
            let mut item = input.clone();
            for key in &keys.items {
                item = item.step(key.clone(), Value::Null)?;
            }
            item.value = found;
            out(item)
        }),
        "del" => {
            let mut paths = Vec::new();
            machine.paths(argument, environment, value, &mut |keys, _| {
                paths.push(Value::array(keys));
                Ok(())
            })?;
            out(input.made(path::delete_all(value, &paths)?))
        }
        "map_values" => {
            let mut new = value.clone();
            let mut gone = Vec::new();
            machine.each(
                &Item {
                    value: value.clone(),
                    track: super::evaluate::Track::At(None),
                },
                &mut |item| {
                    let keys = item.track.keys().unwrap_or_default();
                    match update::first(machine, argument, environment, &item.value)? {
                        Some(value) => new = update::put(machine, &new, &keys, value)?,
                        None => gone.push(Value::array(keys)),
                    }
                    Ok(())
                },
            )?;
            out(input.made(path::delete_all(&new, &gone)?))
        }
        _ => {
            let Value::Array(items) = value else {
                return fail(format!("Cannot index {} with number", describe(value)));
            };
            let mut keyed = Vec::new();
            for item in &items.items {
                let keys = machine.all(argument, environment, item)?;
                machine.spend(4)?;
                keyed.push((Value::array(keys), item.clone()));
            }
            out(input.made(machine.made(array::by_keys(name, keyed)?)?))
        }
    }
}
