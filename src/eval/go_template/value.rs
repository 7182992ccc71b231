//! Values that templates work on.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::eval::unknown::{self, Mark};

/// A value of a template. Text may hold unknown parts.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing at all.
    Nil,
    /// A truth.
    Bool(bool),
    /// A whole number, signed or not.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(Rc<str>),
    /// A sequence.
    List(Rc<Vec<Value>>),
    /// A mapping.
    Map(Rc<Map>),
    /// A mapping from text to text that the host answers for, such as the environment.
    Hosted,
    /// A point in time.
    Time(jiff::Timestamp),
    /// Not known, not even what it is.
    Unknown(Mark),
}

/// A mapping.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// Its entries.
    pub entries: BTreeMap<String, Value>,
    /// Whether all values are text: `index` gives empty text for what is missing.
    pub of_text: bool,
}

impl Value {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A sequence of texts.
    #[must_use]
    pub fn texts<T: Into<Rc<str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(Rc::new(texts.into_iter().map(Self::text).collect()))
    }

    /// What messages call its type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) | Self::Hosted => "map",
            Self::Time(_) => "time",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether it counts as true; the mark that decides, where that is not known.
    ///
    /// # Errors
    /// The mark.
    pub fn truth(&self) -> Result<bool, Mark> {
        match self {
            Self::Nil => Ok(false),
            Self::Bool(truth) => Ok(*truth),
            Self::Int(number) => Ok(*number != 0),
            Self::Float(number) => Ok(*number != 0.0),
            Self::Text(text) => match unknown::first_mark(text) {
                // Unknown parts may all be empty: only a known character makes text true.
                Some(mark) if text.chars().all(|c| Mark::from_char(c).is_some()) => Err(mark),
                _ => Ok(!text.is_empty()),
            },
            Self::List(items) => Ok(!items.is_empty()),
            Self::Map(map) => Ok(!map.entries.is_empty()),
            Self::Hosted | Self::Time(_) => Ok(true),
            Self::Unknown(mark) => Err(*mark),
        }
    }

    /// As a template prints it.
    #[must_use]
    pub fn print(&self) -> String {
        match self {
            Self::Nil => "<no value>".to_owned(),
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::print).collect();
                format!("[{}]", items.join(" "))
            }
            Self::Map(map) => {
                let entries = map.entries.iter();
                let entries: Vec<String> = entries
                    .map(|(key, value)| format!("{key}:{}", value.print()))
                    .collect();
                format!("map[{}]", entries.join(" "))
            }
            Self::Hosted => "map[]".to_owned(),
            Self::Time(time) => super::time::format(*time, "2006-01-02 15:04:05 -0700 MST"),
            Self::Unknown(mark) => mark.as_char().to_string(),
        }
    }

    /// The unknown parts in it that one can see from outside.
    #[must_use]
    pub fn first_mark(&self) -> Option<Mark> {
        match self {
            Self::Unknown(mark) => Some(*mark),
            Self::Text(text) => unknown::first_mark(text),
            Self::List(items) => items.iter().find_map(Self::first_mark),
            Self::Map(map) => map.entries.values().find_map(Self::first_mark),
            _ => None,
        }
    }
}
