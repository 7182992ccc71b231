//! `toJSON` and `fromJSON`.

use super::memory::{Builder, Exceeded};
use super::{lenient, number};
use crate::eval::unknown;
use crate::eval::value::Value;

/// A value as JSON, indented by two blanks. What is not known of it is a mark at its place; of a
/// collection that is open, only that it is one is known.
pub(super) fn print(value: &Value) -> Result<String, Exceeded> {
    let mut out = Builder::default();
    write(value, 0, &mut out)?;
    Ok(out.finish())
}

fn write(value: &Value, level: usize, out: &mut Builder) -> Result<(), Exceeded> {
    match value {
        Value::Null => out.push("null"),
        Value::Number(number) => out.push(&number::print(*number)),
        Value::Unknown(_) | Value::Bool(_) => out.push(&value.to_text()),
        Value::String(text) => out.push(&quoted(text)),
        Value::Array(array) => {
            if let Some(mark) = array.open {
                return out.push(&format!("[{}]", mark.as_char()));
            }
            if array.items.is_empty() {
                return out.push("[]");
            }
            out.push("[")?;
            for (place, item) in array.items.iter().enumerate() {
                out.push(&line(place, level + 1))?;
                write(item, level + 1, out)?;
            }
            out.push(&format!("\n{}]", "  ".repeat(level)))
        }
        Value::Object(object) => {
            if let Some(mark) = object.open {
                return out.push(&format!("{{{}}}", mark.as_char()));
            }
            if object.is_empty() {
                return out.push("{}");
            }
            out.push("{")?;
            for (place, (name, item)) in object.iter().enumerate() {
                out.push(&format!("{}{}: ", line(place, level + 1), quoted(name)))?;
                write(item, level + 1, out)?;
            }
            out.push(&format!("\n{}}}", "  ".repeat(level)))
        }
    }
}

/// What stands before the item at this place.
fn line(place: usize, level: usize) -> String {
    let comma = if place == 0 { "" } else { "," };
    format!("{comma}\n{}", "  ".repeat(level))
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..'\u{20}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The value that JSON spells; unknown where the text has unknown parts.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    if let Some(mark) = unknown::first_mark(text) {
        return Ok(Value::Unknown(mark));
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => Ok(json.into()),
        // The common case is plain JSON, and its errors tell most.
        Err(error) => lenient::parse(text).ok_or_else(|| format!("this is no JSON: {error}")),
    }
}
