//! Values that templates work on, and where their names come from.

use std::rc::Rc;

use super::super::javascript::number_text;
use crate::eval::unknown::{Mark, first_mark};

/// A value in a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    /// Text; it may hold unknown parts.
    Text(Rc<str>),
    List(Rc<[Value]>),
    /// What the template is rendered over: its names are those of [`Names`].
    Root,
    /// Named values, such as options.
    Object(Rc<[(&'static str, Value)]>),
    /// Something to call, by its name.
    Function(&'static str),
    /// Nothing is known of it.
    Unknown(Mark),
}

/// What a function is called with.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    /// The values in order.
    pub(crate) values: &'a [Value],
    /// The named values; `None` where it is called as a mere property, with nothing at all.
    pub(crate) named: Option<&'a [(String, Value)]>,
}

/// The names that a template is rendered over.
pub(crate) trait Names {
    /// All names, in order.
    fn names(&self) -> &'static [&'static str];

    /// The value of one of the names.
    fn get(&self, name: &str) -> Value;

    /// Calls one of the functions that [`Names::get`] gave.
    ///
    /// # Errors
    /// What it refuses, as the message of a failing run.
    fn call(&self, function: &str, arguments: &Arguments) -> Result<Value, String>;

    /// What all of it is as text.
    fn text(&self) -> String {
        "[object Object]".to_owned()
    }
}

impl Value {
    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Whether it counts as true and not empty; the mark where that is not known.
    pub(super) fn truth(&self) -> Result<bool, Mark> {
        Ok(match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0,
            Self::Text(text) => {
                if let Some(mark) = only_marks(text) {
                    return Err(mark);
                }
                !text.is_empty()
            }
            Self::List(items) => !items.is_empty(),
            Self::Root | Self::Object(_) | Self::Function(_) => true,
            Self::Unknown(mark) => return Err(*mark),
        })
    }

    /// The property of this name.
    pub(super) fn property(&self, name: &str, names: &dyn Names) -> Self {
        let index = || {
            let canonical = name == "0" || !name.starts_with('0');
            name.parse::<usize>().ok().filter(|_| canonical)
        };
        match self {
            Self::Root => names.get(name),
            Self::Object(list) => {
                let found = list.iter().find(|(key, _)| *key == name);
                found.map_or(Self::Undefined, |(_, value)| value.clone())
            }
            Self::List(items) if name == "length" => Self::Number(count(items.len())),
            Self::List(items) => {
                let item = index().and_then(|at| items.get(at));
                item.cloned().unwrap_or(Self::Undefined)
            }
            Self::Text(text) => match first_mark(text) {
                Some(mark) => Self::Unknown(mark),
                None if name == "length" => Self::Number(count(text.encode_utf16().count())),
                None => {
                    let c = index().and_then(|at| text.chars().nth(at));
                    c.map_or(Self::Undefined, |c| Self::text(c.to_string()))
                }
            },
            Self::Function(function) if name == "name" => Self::text(*function),
            Self::Function(function) if name == "length" => {
                // How many arguments it takes: those of time take a format and options.
                Self::Number(if function.ends_with("date") { 2.0 } else { 0.0 })
            }
            Self::Unknown(mark) => Self::Unknown(*mark),
            _ => Self::Undefined,
        }
    }

    /// The value written out.
    pub(super) fn write(&self, names: &dyn Names) -> String {
        match self {
            Self::Undefined | Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => number_text(*value),
            Self::Text(text) => text.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.write(names)).collect();
                items.join(",")
            }
            Self::Root => names.text(),
            Self::Object(_) => "[object Object]".to_owned(),
            Self::Function(name) => format!("function {name}"),
            Self::Unknown(mark) => mark.as_char().to_string(),
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn count(length: usize) -> f64 {
    length as f64
}

/// The first mark of a text that holds nothing else.
fn only_marks(text: &str) -> Option<Mark> {
    let mut marks = text.chars().map(Mark::from_char);
    let first = marks.next()??;
    marks.all(|mark| mark.is_some()).then_some(first)
}
