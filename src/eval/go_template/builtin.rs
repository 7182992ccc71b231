//! The functions of the language itself; comparisons and printing have files of their own.

use std::rc::Rc;

use super::TemplateError;
use super::execute::Run;
use super::value::Value;
use super::{compare, print};
use crate::eval::unknown::{self, Mark};

const NAMES: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

pub(super) fn knows(name: &str) -> bool {
    NAMES.contains(&name)
}

pub(super) fn call(run: &Run<'_>, name: &str, arguments: &[Value]) -> Result<Value, TemplateError> {
    if let Some(compared) = compare::call(run, name, arguments) {
        return compared.map(Value::Bool);
    }
    let unknown = || {
        let mark = arguments.iter().find_map(Value::first_mark);
        mark.map(|mark| derived(run, name, mark))
    };
    match (name, arguments) {
        ("not", [value]) => Ok(Value::Bool(!run.truth(value))),
        ("print", _) => Ok(Value::text(print::print(arguments))),
        ("println", _) => Ok(Value::text(print::println(arguments))),
        ("printf", _) => print::printf(arguments).map(Value::text),
        ("len", [value]) => length(value, unknown),
        ("index", [value, keys @ ..]) => {
            let mut value = value.clone();
            for key in keys {
                value = index(run, &value, key, &unknown)?;
            }
            Ok(value)
        }
        ("slice", [value, bounds @ ..]) => slice(value, bounds, unknown),
        ("html" | "js" | "urlquery", _) => {
            let text = print::print(arguments);
            Ok(Value::text(match name {
                "html" => html(&text),
                "js" => javascript(&text),
                _ => query(&text),
            }))
        }
        ("call", _) => Err(TemplateError::new("call of something that is no function")),
        _ => {
            let got = arguments.len();
            Err(TemplateError::new(format!(
                "wrong number of args for {name}: got {got}"
            )))
        }
    }
}

/// What a function makes of something unknown.
fn derived(run: &Run<'_>, name: &str, mark: Mark) -> Value {
    let (what, reason) = match run.unknowns.get(mark) {
        Some(unknown) => (format!("{name} of {}", unknown.what), unknown.reason),
        None => (name.to_owned(), String::new()),
    };
    Value::Unknown(run.unknowns.note(what, reason))
}

fn length(value: &Value, unknown: impl Fn() -> Option<Value>) -> Result<Value, TemplateError> {
    let count = match value {
        Value::List(items) => items.len(),
        Value::Map(map) => map.entries.len(),
        Value::Text(text) if unknown::is_known(text) => text.len(),
        Value::Text(_) | Value::Unknown(_) => return Ok(unknown().unwrap_or(Value::Nil)),
        other => {
            let message = format!("len of type {}", other.type_name());
            return Err(TemplateError::new(message));
        }
    };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index(
    run: &Run<'_>,
    value: &Value,
    key: &Value,
    unknown: &dyn Fn() -> Option<Value>,
) -> Result<Value, TemplateError> {
    if matches!(value, Value::Unknown(_)) || key.first_mark().is_some() {
        return Ok(unknown().unwrap_or(Value::Nil));
    }
    let outside = |number: &i64| TemplateError::new(format!("index out of range: {number}"));
    match (value, key) {
        (Value::Map(map), Value::Text(key)) => Ok(match map.entries.get(&**key) {
            Some(value) => value.clone(),
            None if map.of_text => Value::text(""),
            None => Value::Nil,
        }),
        (Value::Hosted, Value::Text(key)) => Ok(run.hosted(key)),
        (Value::List(items), Value::Int(number)) => {
            let item = usize::try_from(*number).ok().and_then(|at| items.get(at));
            item.cloned().ok_or_else(|| outside(number))
        }
        (Value::Text(text), Value::Int(number)) => {
            if !unknown::is_known(text) {
                return Ok(unknown().unwrap_or(Value::Nil));
            }
            let byte = usize::try_from(*number)
                .ok()
                .and_then(|at| text.as_bytes().get(at));
            byte.map(|byte| Value::Int(i64::from(*byte)))
                .ok_or_else(|| outside(number))
        }
        (Value::Nil, _) => Err(TemplateError::new("index of untyped nil")),
        (Value::Map(_) | Value::Hosted | Value::List(_), key) => {
            let message = format!("cannot index with type {}", key.type_name());
            Err(TemplateError::new(message))
        }
        (other, _) => {
            let message = format!("can't index item of type {}", other.type_name());
            Err(TemplateError::new(message))
        }
    }
}

fn slice(
    value: &Value,
    bounds: &[Value],
    unknown: impl Fn() -> Option<Value>,
) -> Result<Value, TemplateError> {
    if value.first_mark().is_some() || bounds.iter().any(|bound| bound.first_mark().is_some()) {
        return Ok(unknown().unwrap_or(Value::Nil));
    }
    let length = match value {
        Value::Text(text) => text.len(),
        Value::List(items) => items.len(),
        other => {
            let message = format!("can't slice item of type {}", other.type_name());
            return Err(TemplateError::new(message));
        }
    };
    let bound = |at: usize, usual: usize| match bounds.get(at) {
        None => Ok(usual),
        Some(Value::Int(number)) => usize::try_from(*number)
            .ok()
            .filter(|number| *number <= length)
            .ok_or_else(|| TemplateError::new(format!("index out of range: {number}"))),
        Some(other) => {
            let message = format!("cannot index slice with type {}", other.type_name());
            Err(TemplateError::new(message))
        }
    };
    let (from, to) = (bound(0, 0)?, bound(1, length)?);
    let wrong = || TemplateError::new(format!("invalid slice index: {from} > {to}"));
    match value {
        Value::Text(text) => text.get(from..to).map(Value::text).ok_or_else(wrong),
        Value::List(items) => {
            let items = items.get(from..to).ok_or_else(wrong)?;
            Ok(Value::List(Rc::new(items.to_vec())))
        }
        _ => Err(wrong()),
    }
}

fn html(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\0' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

fn javascript(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str(r"\\"),
            '\'' => escaped.push_str(r"\'"),
            '"' => escaped.push_str("\\\""),
            '<' | '>' | '&' | '=' => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if c < ' ' => escaped.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

fn query(text: &str) -> String {
    let mut escaped = String::new();
    let mut buffer = [0; 4];
    for c in text.chars() {
        match c {
            ' ' => escaped.push('+'),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~') => {
                escaped.push(c);
            }
            // An unknown part stays one.
            c if Mark::from_char(c).is_some() => escaped.push(c),
            c => {
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    escaped.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    escaped
}
