//! The small part of `jq` that scripts use on what other actions hand them.

use super::Output;
use super::jq_syntax::{Filter, Reader};
use crate::eval::shell::interpreter::Shell;
use crate::eval::unknown;
use serde_json::Value;

/// How deep a program may nest.
const DEPTH: usize = 16;

pub(super) fn run(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let mut raw = false;
    let mut compact = false;
    let mut joins = false;
    let mut program = None;
    let mut files = Vec::new();
    let mut none = false;
    let mut slurp = false;
    let mut named: Vec<(String, Value)> = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--raw-output" => raw = true,
            "--compact-output" => compact = true,
            "--null-input" => none = true,
            "--arg" => named.push((words.next()?.clone(), Value::String(words.next()?.clone()))),
            "--exit-status" => {}
            _ if word.starts_with("--") => return None,
            _ if word.starts_with('-') && word.len() > 1 => {
                for letter in word.chars().skip(1) {
                    match letter {
                        'r' => raw = true,
                        'c' => compact = true,
                        'j' => (raw, joins) = (true, true),
                        'n' => none = true,
                        's' => slurp = true,
                        'e' | 'M' | 'S' => {}
                        _ => return None,
                    }
                }
            }
            _ if program.is_none() => program = Some(word.clone()),
            _ => files.push(word.clone()),
        }
    }
    if slurp {
        return None;
    }
    let value = if none {
        Value::Null
    } else {
        let text = super::input(shell, &files)?;
        // Unknown parts inside strings stay there; anywhere else this is no JSON.
        serde_json::from_str(&text).ok()?
    };
    let program = program.unwrap_or_else(|| ".".to_owned());
    if !unknown::is_known(&program) {
        return None;
    }
    let mut reader = Reader {
        rest: program.trim(),
        named: &named,
        depth: DEPTH,
    };
    let filter = reader.pipe()?;
    if !reader.rest.trim().is_empty() {
        return None;
    }
    let mut budget = 10_000usize;
    let results = filter.run(&value, &mut budget)?;
    let mut out = String::new();
    for result in results {
        match result {
            Value::String(text) if raw => out.push_str(&text),
            other if compact || raw && !other.is_object() && !other.is_array() => {
                out.push_str(&other.to_string())
            }
            other => out.push_str(&serde_json::to_string_pretty(&other).ok()?),
        }
        if !joins {
            out.push('\n');
        }
    }
    Output::of(out)
}
fn truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

impl Filter {
    /// All results; nothing where that is not known or not implemented.
    fn run(&self, input: &Value, budget: &mut usize) -> Option<Vec<Value>> {
        *budget = budget.checked_sub(1)?;
        Some(match self {
            Self::Identity => vec![input.clone()],
            Self::Literal(value) => vec![value.clone()],
            Self::Field(of, index) => {
                let mut out = Vec::new();
                for value in of.run(input, budget)? {
                    for index in index.run(input, budget)? {
                        out.push(element(&value, &index)?);
                    }
                }
                out
            }
            Self::Each(of) => {
                let mut out = Vec::new();
                for value in of.run(input, budget)? {
                    match value {
                        Value::Array(items) => out.extend(items),
                        Value::Object(fields) => {
                            out.extend(fields.into_iter().map(|(_, value)| value))
                        }
                        _ => return None,
                    }
                }
                out
            }
            Self::Pipe(left, right) => {
                let mut out = Vec::new();
                for value in left.run(input, budget)? {
                    out.extend(right.run(&value, budget)?);
                }
                out
            }
            Self::Comma(left, right) => {
                let mut out = left.run(input, budget)?;
                out.extend(right.run(input, budget)?);
                out
            }
            Self::Add(left, right) => {
                let mut out = Vec::new();
                for right in right.run(input, budget)? {
                    for left in left.run(input, budget)? {
                        out.push(add(left, right.clone())?);
                    }
                }
                out
            }
            Self::Otherwise(left, right) => {
                let found: Vec<Value> = left
                    .run(input, budget)
                    .unwrap_or_default()
                    .into_iter()
                    .filter(truthy)
                    .collect();
                if found.is_empty() {
                    right.run(input, budget)?
                } else {
                    found
                }
            }
            Self::Compare(left, same, right) => {
                let (left, right) = (left.run(input, budget)?, right.run(input, budget)?);
                let known = |value: &Value| unknown::is_known(&value.to_string());
                if !left.iter().chain(&right).all(known) {
                    return None;
                }
                vec![Value::Bool((left == right) == *same)]
            }
            Self::Array(None) => vec![Value::Array(Vec::new())],
            Self::Array(Some(inner)) => vec![Value::Array(inner.run(input, budget)?)],
            Self::Call(name, arguments) => call(name, arguments, input, budget)?,
        })
    }
}

fn element(value: &Value, index: &Value) -> Option<Value> {
    match (value, index) {
        (Value::Null, _) => Some(Value::Null),
        (Value::Object(fields), Value::String(name)) => {
            Some(fields.get(name).cloned().unwrap_or(Value::Null))
        }
        (Value::Array(items), Value::Number(number)) => {
            let at = number.as_i64()?;
            let at = if at < 0 {
                i64::try_from(items.len()).ok()? + at
            } else {
                at
            };
            Some(
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at))
                    .cloned()
                    .unwrap_or(Value::Null),
            )
        }
        _ => None,
    }
}

fn add(left: Value, right: Value) -> Option<Value> {
    Some(match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other,
        (Value::String(left), Value::String(right)) => Value::String(left + &right),
        (Value::Array(mut left), Value::Array(right)) => {
            left.extend(right);
            Value::Array(left)
        }
        (Value::Number(left), Value::Number(right)) => {
            Value::from(left.as_i64()?.checked_add(right.as_i64()?)?)
        }
        _ => return None,
    })
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn call(name: &str, arguments: &[Filter], input: &Value, budget: &mut usize) -> Option<Vec<Value>> {
    let one = |index: usize, budget: &mut usize| -> Option<Value> {
        arguments.get(index)?.run(input, budget)?.into_iter().next()
    };
    let result = match (name, arguments.len()) {
        ("map", 1) => {
            let mut out = Vec::new();
            for item in input.as_array()? {
                out.extend(arguments.first()?.run(item, budget)?);
            }
            Value::Array(out)
        }
        ("select", 1) => {
            return Some(if truthy(&one(0, budget)?) {
                vec![input.clone()]
            } else {
                Vec::new()
            });
        }
        ("join", 1) => {
            let separator = text_of(&one(0, budget)?);
            let texts: Vec<String> = input.as_array()?.iter().map(text_of).collect();
            Value::String(texts.join(&separator))
        }
        ("split", 1) => {
            let text = input.as_str().filter(|text| unknown::is_known(text))?;
            let separator = one(0, budget)?;
            Value::Array(text.split(separator.as_str()?).map(Value::from).collect())
        }
        ("first", 0) => element(input, &Value::from(0))?,
        ("last", 0) => element(input, &Value::from(-1))?,
        ("length", 0) => match input {
            Value::Array(items) => Value::from(items.len()),
            Value::Object(fields) => Value::from(fields.len()),
            Value::String(text) if unknown::is_known(text) => Value::from(text.chars().count()),
            Value::Null => Value::from(0),
            _ => return None,
        },
        ("keys", 0) => {
            let mut keys: Vec<&String> = input.as_object()?.keys().collect();
            keys.sort();
            Value::Array(keys.into_iter().cloned().map(Value::String).collect())
        }
        ("keys_unsorted", 0) => Value::Array(
            input
                .as_object()?
                .keys()
                .cloned()
                .map(Value::String)
                .collect(),
        ),
        ("add", 0) => {
            let mut sum = Value::Null;
            for item in input.as_array()? {
                sum = add(sum, item.clone())?;
            }
            sum
        }
        ("tostring", 0) => Value::String(match input {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }),
        ("ascii_downcase", 0) => Value::String(input.as_str()?.to_ascii_lowercase()),
        ("ltrimstr", 1) | ("rtrimstr", 1) => {
            let text = input.as_str().filter(|text| unknown::is_known(text))?;
            let part = text_of(&one(0, budget)?);
            let cut = if name == "ltrimstr" {
                text.strip_prefix(&part)
            } else {
                text.strip_suffix(&part)
            };
            Value::String(cut.unwrap_or(text).to_owned())
        }
        ("startswith", 1) => {
            let text = input.as_str().filter(|text| unknown::is_known(text))?;
            Value::Bool(text.starts_with(one(0, budget)?.as_str()?))
        }
        ("not", 0) => Value::Bool(!truthy(input)),
        ("empty", 0) => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![result])
}
