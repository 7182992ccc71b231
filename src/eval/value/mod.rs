//! Values of Actions expressions: their types, and how each turns into text, a number or a truth.

mod compare;
mod json;
mod number;
mod truth;

use std::rc::Rc;

use super::unknown::{self, Mark};

pub use compare::{compare, equal, fold};
pub use json::MAX_DEPTH;
pub use number::{parse as parse_number, print as print_number};
pub use truth::Truth;

/// A value of an Actions expression. Text may hold unknown parts (see [`super::unknown`]).
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing is known of it, not even its type.
    Unknown(Mark),
    /// `null`: also what a missing property gives.
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
    /// Why there may be more items, or other ones, than these.
    pub open: Option<Mark>,
}

/// A mapping from names to values, in order of insertion; names are compared without case.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: Vec<(Rc<str>, Value)>,
    /// Why there may be more names than these; a missing name is then unknown and not null.
    pub open: Option<Mark>,
}

impl Object {
    /// The value of a name, any case; `None` where it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut entries = self.entries.iter();
        entries.find_map(|(known, value)| same_name(known, name).then_some(value))
    }

    /// Sets a name; one that is there keeps its place and spelling.
    pub fn insert(&mut self, name: &str, value: Value) {
        let mut entries = self.entries.iter_mut();
        match entries.find(|(known, _)| same_name(known, name)) {
            Some((_, old)) => *old = value,
            None => self.entries.push((Rc::from(name), value)),
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Rc<str>, &Value)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// How many names are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no name is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && fold(a) == fold(b))
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::String(Rc::from(text))
    }

    /// The word for its type; an unknown value has the word `unknown`.
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

    /// Whether it is no array and no object; an unknown value may be either.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// Whether it counts as true.
    #[must_use]
    pub fn truth(&self) -> Truth {
        match self {
            Self::Unknown(mark) => Truth::Unknown(*mark),
            Self::Null => Truth::False,
            Self::Bool(value) => Truth::from(*value),
            Self::Number(value) => Truth::from(*value != 0.0 && !value.is_nan()),
            Self::String(text) => match unknown::first_mark(text) {
                // Text around an unknown part is there whatever the part is.
                Some(mark) if unknown::marks(text).count() == text.chars().count() => {
                    Truth::Unknown(mark)
                }
                Some(_) => Truth::True,
                None => Truth::from(!text.is_empty()),
            },
            Self::Array(_) | Self::Object(_) => Truth::True,
        }
    }

    /// Its text: an unknown value is its mark.
    #[must_use]
    pub fn to_text(&self) -> Rc<str> {
        match self {
            Self::Unknown(mark) => Rc::from(mark.as_char().to_string()),
            Self::Null => Rc::from(""),
            Self::Bool(value) => Rc::from(if *value { "true" } else { "false" }),
            Self::Number(value) => Rc::from(print_number(*value)),
            Self::String(text) => Rc::clone(text),
            Self::Array(_) => Rc::from("Array"),
            Self::Object(_) => Rc::from("Object"),
        }
    }

    /// Its number, NaN where it is none; `Err` with the mark where it is not known.
    ///
    /// # Errors
    /// The value, or a part of its text, is unknown.
    pub fn to_number(&self) -> Result<f64, Mark> {
        match self {
            Self::Unknown(mark) => Err(*mark),
            Self::Null => Ok(0.0),
            Self::Bool(value) => Ok(f64::from(u8::from(*value))),
            Self::Number(value) => Ok(*value),
            Self::String(text) => match unknown::first_mark(text) {
                Some(mark) => Err(mark),
                None => Ok(parse_number(text)),
            },
            Self::Array(_) | Self::Object(_) => Ok(f64::NAN),
        }
    }

    /// The value with all objects in it open: what they do not name is unknown.
    #[must_use]
    pub fn opened(self, mark: Mark) -> Self {
        match self {
            Self::Object(object) => {
                let mut open = Object {
                    entries: Vec::with_capacity(object.len()),
                    open: Some(mark),
                };
                for (name, value) in object.iter() {
                    open.entries
                        .push((Rc::clone(name), value.clone().opened(mark)));
                }
                Self::Object(Rc::new(open))
            }
            other => other,
        }
    }
}
