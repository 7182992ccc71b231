//! Functions of text.

use super::evaluate::Stop;
use super::format;
use super::operator::{describe, fail};
use super::value::Value;
use crate::eval::unknown::{self, Mark};

fn of<'v>(value: &'v Value, wrong: &str) -> Result<&'v str, Stop> {
    match value {
        Value::String(text) => Ok(text),
        other => fail(format!("{} {wrong}", describe(other))),
    }
}

fn known(text: &str) -> Result<&str, Stop> {
    if unknown::is_known(text) {
        Ok(text)
    } else {
        Err(Stop::Unknown)
    }
}

pub(super) fn plain(name: &str, value: &Value) -> Result<Value, Stop> {
    match name {
        "ascii_downcase" => {
            let text = of(value, "explode input must be a string")?;
            Ok(Value::text(text.to_ascii_lowercase()))
        }
        "ascii_upcase" => {
            let text = of(value, "explode input must be a string")?;
            Ok(Value::text(text.to_ascii_uppercase()))
        }
        "explode" => {
            let text = known(of(value, "cannot be exploded")?)?;
            let codes = text.chars().map(|c| Value::number(f64::from(u32::from(c))));
            Ok(Value::array(codes.collect()))
        }
        "implode" => implode(value),
        _ => {
            let text = known(of(value, "cannot be trimmed")?)?;
            let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
            Ok(Value::text(match name {
                "ltrim" => text.trim_start_matches(blank),
                "rtrim" => text.trim_end_matches(blank),
                _ => text.trim_matches(blank),
            }))
        }
    }
}

fn implode(value: &Value) -> Result<Value, Stop> {
    let Value::Array(codes) = value else {
        return fail(format!("{} cannot be imploded", describe(value)));
    };
    let mut text = String::new();
    for code in &codes.items {
        let Some(code) = code.as_number() else {
            return fail("Unicode codepoint must be numeric".to_owned());
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let c = char::from_u32(code as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        text.push(Mark::from_char(c).map_or(c, |_| char::REPLACEMENT_CHARACTER));
    }
    Ok(Value::text(text))
}

/// Whether a text starts with another, as far as unknown parts in it let one say.
fn starts(text: &str, part: &str) -> Result<bool, Stop> {
    known(part)?;
    let end = text.find(|c| Mark::from_char(c).is_some());
    match end.and_then(|end| text.get(..end)) {
        None => Ok(text.starts_with(part)),
        Some(prefix) if prefix.starts_with(part) => Ok(true),
        Some(prefix) if part.starts_with(prefix) => Err(Stop::Unknown),
        Some(_) => Ok(false),
    }
}

fn ends(text: &str, part: &str) -> Result<bool, Stop> {
    known(part)?;
    let suffix = text.rsplit(|c| Mark::from_char(c).is_some()).next();
    match suffix.filter(|_| !unknown::is_known(text)) {
        None => Ok(text.ends_with(part)),
        Some(suffix) if suffix.ends_with(part) => Ok(true),
        Some(suffix) if part.ends_with(suffix) => Err(Stop::Unknown),
        Some(_) => Ok(false),
    }
}

pub(super) fn with_one(name: &str, value: &Value, argument: &Value) -> Result<Value, Stop> {
    match (name, value, argument) {
        ("split", _, _) => split_known(value, argument),
        ("join", _, _) => join(value, argument),
        ("startswith", Value::String(text), Value::String(part)) => {
            starts(text, part).map(Value::Bool)
        }
        ("endswith", Value::String(text), Value::String(part)) => ends(text, part).map(Value::Bool),
        ("startswith" | "endswith", _, _) => fail(format!("{name}() requires string inputs")),
        (_, Value::String(text), Value::String(part)) => {
            let mut rest: &str = text;
            if name != "rtrimstr" && starts(rest, part)? {
                rest = rest.strip_prefix(&**part).unwrap_or(rest);
            }
            if name != "ltrimstr" && ends(rest, part)? {
                rest = rest.strip_suffix(&**part).unwrap_or(rest);
            }
            Ok(Value::text(rest))
        }
        _ => Ok(value.clone()),
    }
}

fn split_known(value: &Value, argument: &Value) -> Result<Value, Stop> {
    match (value, argument) {
        (Value::String(_), Value::String(_)) => split(value, argument),
        _ => fail("split input and separator must be strings".to_owned()),
    }
}

/// The parts of a text between those that are equal to another.
pub(super) fn split(value: &Value, argument: &Value) -> Result<Value, Stop> {
    let text = known(of(value, "cannot be split")?)?;
    let part = known(of(argument, "cannot be split")?)?;
    let parts: Vec<Value> = if text.is_empty() {
        Vec::new()
    } else if part.is_empty() {
        text.chars().map(|c| Value::text(c.to_string())).collect()
    } else {
        text.split(part).map(Value::text).collect()
    };
    Ok(Value::array(parts))
}

fn join(value: &Value, argument: &Value) -> Result<Value, Stop> {
    let items: Vec<&Value> = match value {
        Value::Array(array) => array.items.iter().collect(),
        Value::Object(object) => object.fields.values().collect(),
        other => return fail(format!("Cannot iterate over {}", describe(other))),
    };
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(of(argument, "cannot be added to a string")?);
        }
        match item {
            Value::Null => {}
            Value::String(own) => text.push_str(own),
            Value::Number(..) | Value::Bool(_) => text.push_str(&format::text(item)?),
            other => {
                return fail(format!(
                    "{} and {} cannot be added",
                    describe(&Value::text(text)),
                    describe(other)
                ));
            }
        }
        if text.len() > super::operator::LONGEST_TEXT {
            return Err(Stop::Unknown);
        }
    }
    Ok(Value::text(text))
}
