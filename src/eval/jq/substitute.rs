//! `sub` and `gsub`.

use super::environment::Environment;
use super::evaluate::{Flow, Item, Machine, Out, Stop};
use super::operator::{describe, fail};
use super::pattern;
use super::syntax::Filter;
use super::value::{Fields, Value};

pub(super) fn run<'p>(
    machine: &Machine<'p>,
    name: &str,
    arguments: &'p [Filter],
    environment: &Environment<'p>,
    input: &Item,
    out: Out<'_>,
) -> Flow {
    let (Some(expression), Some(with)) = (arguments.first(), arguments.get(1)) else {
        return Err(Stop::Unknown);
    };
    let value = &input.value;
    machine.values(expression, environment, value, &mut |expression| {
        let flags = match arguments.get(2) {
            Some(flags) => machine.all(flags, environment, value)?,
            None => vec![Value::text("")],
        };
        for flags in flags {
            let flags = match (&flags, name) {
                (Value::String(flags), "gsub") => Value::text(format!("{flags}g")),
                _ => flags,
            };
            let found = pattern::matches(value, &expression, &flags)?;
            let new = replaced(machine, value, &found, with, environment)?;
            out(input.made(machine.made(new)?))?;
        }
        Ok(())
    })
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.fields.get(name),
        _ => None,
    }
}

fn replaced<'p>(
    machine: &Machine<'p>,
    value: &Value,
    found: &[Value],
    with: &'p Filter,
    environment: &Environment<'p>,
) -> Result<Value, Stop> {
    let Value::String(text) = value else {
        return Err(Stop::Unknown);
    };
    let mut out = String::new();
    let mut rest = text.chars();
    let mut at = 0usize;
    for own in found {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = |name| field(own, name)?.as_number().map(|number| number as usize);
        let (Some(offset), Some(length)) = (count("offset"), count("length")) else {
            return Err(Stop::Unknown);
        };
        out.extend(rest.by_ref().take(offset.saturating_sub(at)));
        rest.by_ref().take(length).for_each(drop);
        at = offset + length;
        let mut named = Fields::new();
        if let Some(Value::Array(groups)) = field(own, "captures") {
            for group in &groups.items {
                if let Some(Value::String(name)) = field(group, "name") {
                    let text = field(group, "string").cloned().unwrap_or(Value::Null);
                    named.insert(name.clone(), text);
                }
            }
        }
        // Versions differ in what no text, or more than one, makes of the whole.
        let new = machine.all(with, environment, &Value::object(named))?;
        match new.as_slice() {
            [Value::String(new)] => out.push_str(new),
            [other] => {
                return fail(format!(
                    "{} and {} cannot be added",
                    describe(&Value::text(out)),
                    describe(other)
                ));
            }
            _ => return Err(Stop::Unknown),
        }
        if out.len() > super::operator::LONGEST_TEXT {
            return Err(Stop::Unknown);
        }
    }
    out.push_str(rest.as_str());
    Ok(Value::text(out))
}
