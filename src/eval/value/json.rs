//! Values from JSON and to JSON.

use std::fmt::Write;
use std::rc::Rc;

use serde_json::Value as Json;

use super::{Array, Object, Value, print_number};
use crate::eval::unknown::clean;

/// Values nested deeper than this are cut off.
pub const MAX_DEPTH: usize = 100;

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::text(&clean(&text)),
            Json::Array(items) => Self::Array(Rc::new(Array {
                items: items.into_iter().map(Self::from).collect(),
                open: None,
            })),
            Json::Object(entries) => {
                let mut object = Object::default();
                for (name, value) in entries {
                    object.insert(&clean(&name), Self::from(value));
                }
                Self::Object(Rc::new(object))
            }
        }
    }
}

impl Value {
    /// The value as JSON; unknown parts stay marks, and numbers that JSON cannot write are null.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Unknown(_) | Self::String(_) => Json::String(self.to_text().to_string()),
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Number(value) => json_number(*value),
            Self::Array(array) => Json::Array(array.items.iter().map(Self::to_json).collect()),
            Self::Object(object) => object
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_json()))
                .collect(),
        }
    }

    /// What `toJSON` gives: two blanks a level, a line an item.
    #[must_use]
    pub fn to_json_text(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text, 0);
        text
    }

    fn write_json(&self, out: &mut String, depth: usize) {
        let indent = |out: &mut String, depth| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        };
        match self {
            Self::Array(array) if !array.items.is_empty() && depth < MAX_DEPTH => {
                out.push('[');
                for (index, item) in array.items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    indent(out, depth + 1);
                    item.write_json(out, depth + 1);
                }
                indent(out, depth);
                out.push(']');
            }
            Self::Object(object) if !object.is_empty() && depth < MAX_DEPTH => {
                out.push('{');
                for (index, (name, value)) in object.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    indent(out, depth + 1);
                    quote(out, name);
                    out.push_str(": ");
                    value.write_json(out, depth + 1);
                }
                indent(out, depth);
                out.push('}');
            }
            Self::Array(_) => out.push_str("[]"),
            Self::Object(_) => out.push_str("{}"),
            Self::Null => out.push_str("null"),
            Self::Bool(_) | Self::Unknown(_) => out.push_str(&self.to_text()),
            Self::Number(value) => out.push_str(&print_number(*value)),
            Self::String(text) => quote(out, text),
        }
    }
}

fn json_number(value: f64) -> Json {
    // Whole numbers are written without a fraction.
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Json::from(value as i64);
    }
    serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number)
}

fn quote(out: &mut String, text: &str) {
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
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
