//! Values of Actions expressions: what contexts hold and evaluation gives.
//!
//! How values compare lives in [`super::expr`]; here is what they are, their truth, and their way
//! to and from JSON and text.

mod object;
mod truth;

use std::rc::Rc;

use super::expr::number;
use super::unknown::{self, Mark};

pub use object::Object;
pub use truth::Truth;

/// A value of an Actions expression. Text may hold unknown parts (see [`super::unknown`]).
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// Nothing is known of it, not even its type.
    Unknown(Mark),
    /// `null`: also what a missing property gives.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An IEEE double.
    Number(f64),
    /// Text.
    String(Rc<str>),
    /// A sequence; equal only to itself.
    Array(Rc<Array>),
    /// A mapping; equal only to itself.
    Object(Rc<Object>),
}

/// A sequence of values.
#[derive(Debug, Clone, Default)]
pub struct Array {
    /// The items in order.
    pub items: Vec<Value>,
    /// Whether there may be more items, or other ones, than these.
    pub open: Option<Mark>,
    /// Whether `.*` made it: an index then goes to its items, and not to itself.
    pub filtered: bool,
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Unknown(mark) => Self::Unknown(mark),
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
        }
    }
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::String(text.into())
    }

    /// Text of which nothing is known but that it is text.
    #[must_use]
    pub fn unknown_text(mark: Mark) -> Self {
        Self::text(mark.as_char().to_string())
    }

    /// A sequence of exactly these items.
    #[must_use]
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array {
            items,
            ..Array::default()
        }))
    }

    /// A mapping as a value.
    #[must_use]
    pub fn object(object: Object) -> Self {
        Self::Object(Rc::new(object))
    }

    /// The name of its type as `taglint eval` prints it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Whether a condition made of it alone holds.
    #[must_use]
    pub fn truth(&self) -> Truth {
        match self {
            Self::Unknown(mark) => Truth::Unknown(*mark),
            Self::Null => Truth::False,
            Self::Bool(truth) => (*truth).into(),
            Self::Number(number) => (*number != 0.0 && !number.is_nan()).into(),
            Self::String(text) => match unknown::first_mark(text) {
                // Unknown parts may all be empty, so only a known character makes text true.
                Some(mark) if text.chars().all(|c| Mark::from_char(c).is_some()) => {
                    Truth::Unknown(mark)
                }
                _ => (!text.is_empty()).into(),
            },
            Self::Array(_) | Self::Object(_) => Truth::True,
        }
    }

    /// The value as text, as `${{ }}` inside other text prints it; an unknown one is its mark.
    #[must_use]
    pub fn to_text(&self) -> Rc<str> {
        match self {
            Self::Unknown(mark) => mark.as_char().to_string().into(),
            Self::Null => "".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Number(number) => number::print(*number).into(),
            Self::String(text) => Rc::clone(text),
            Self::Array(_) => "Array".into(),
            Self::Object(_) => "Object".into(),
        }
    }

    /// The value as a number: NaN where it is none.
    ///
    /// # Errors
    /// The mark of what is unknown, where that decides the number.
    pub fn to_number(&self) -> Result<f64, Mark> {
        match self {
            Self::Unknown(mark) => Err(*mark),
            Self::Null => Ok(0.0),
            Self::Bool(truth) => Ok(f64::from(u8::from(*truth))),
            Self::Number(number) => Ok(*number),
            Self::String(text) => match unknown::first_mark(text) {
                Some(mark) if number::could_be_number(text) => Err(mark),
                Some(_) => Ok(f64::NAN),
                None => Ok(number::parse(text)),
            },
            Self::Array(_) | Self::Object(_) => Ok(f64::NAN),
        }
    }

    /// Whether it is a sequence or a mapping.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// The value as JSON. Unknown parts stay as marks inside text, an unknown value is its mark as
    /// text, and that a collection is open is lost. NaN and the infinities become null.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Unknown(_) | Self::String(_) => self.to_text().as_ref().into(),
            Self::Null => serde_json::Value::Null,
            Self::Bool(truth) => (*truth).into(),
            Self::Number(number) => number::to_json(*number),
            Self::Array(array) => array.items.iter().map(Self::to_json).collect(),
            Self::Object(object) => object
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_json()))
                .collect(),
        }
    }
}

impl From<&serde_json::Value> for Value {
    /// Text is cleaned: what JSON escapes spell is no mark.
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(*truth),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::text(unknown::clean(text)),
            serde_json::Value::Array(items) => Self::array(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => Self::object(
                entries
                    .iter()
                    .map(|(name, value)| (unknown::clean(name), Self::from(value)))
                    .collect(),
            ),
        }
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        Self::from(&json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn text_is_true_once_a_character_is_known() {
        let mark = Unknowns::default().note("x", "y");
        assert_eq!(Value::unknown_text(mark).truth(), Truth::Unknown(mark));
        let text = format!("v{}", mark.as_char());
        assert_eq!(Value::text(text).truth(), Truth::True);
        assert_eq!(Value::text("").truth(), Truth::False);
    }

    #[test]
    fn json_cannot_spell_a_mark() {
        let json: serde_json::Value = serde_json::from_str(r#""a\uDB80\uDC00""#).unwrap();
        assert_eq!(Value::from(json).to_text().as_ref(), "a\u{fffd}");
    }
}
