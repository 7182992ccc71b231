//! Values of bake definitions: their kinds, and how each turns into text, a number or a truth.

mod convert;
mod equal;
mod kind;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::error::At;
use crate::eval::unknown::{self, Mark};
use crate::eval::value::Truth;

pub(super) use convert::{convert, set};
pub(super) use equal::equal;
pub(super) use kind::Kind;

/// A value. Text may hold unknown parts; a value that is not known at all is of any kind, and as
/// an item of a list it stands for any number of items.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Not known.
    Unknown(Mark),
    /// Nothing, of a declared kind where there is one.
    Null(Option<Rc<Kind>>),
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(Text),
    /// Items in order.
    List(Shape, Rc<Vec<Value>>),
    /// Values by name; true for one that was declared as a map and not written as an object.
    Map(bool, Rc<Entries>),
}

/// Values by name, in the order in which HCL walks them.
pub(super) type Entries = BTreeMap<Rc<str>, Value>;

/// Text, and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) text: Rc<str>,
    pub(super) at: Option<At>,
}

/// What kind of sequence a list is. Written in place it is a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Tuple,
    List,
    Set,
}

impl Value {
    pub(super) const NULL: Self = Self::Null(None);

    pub(super) fn text(text: &str) -> Self {
        Self::Text(Text {
            text: text.into(),
            at: None,
        })
    }

    pub(super) fn tuple(items: Vec<Self>) -> Self {
        Self::List(Shape::Tuple, Rc::new(items))
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::List(Shape::List, Rc::new(items))
    }

    pub(super) fn object(entries: Entries) -> Self {
        Self::Map(false, Rc::new(entries))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// Whether lists and maps are inside each other no more often than this.
    pub(super) fn nests_within(&self, levels: usize) -> bool {
        let inside = |value: &Self| levels > 0 && value.nests_within(levels - 1);
        match self {
            Self::List(_, items) => items.iter().all(inside),
            Self::Map(_, entries) => entries.values().all(inside),
            _ => true,
        }
    }

    /// The kind as messages name it.
    pub(super) fn kind_name(&self) -> String {
        match self {
            Self::Unknown(_) => "unknown".to_owned(),
            Self::Null(Some(kind)) => kind.to_string(),
            Self::Null(None) => "dynamic".to_owned(),
            Self::Bool(_) => "bool".to_owned(),
            Self::Number(_) => "number".to_owned(),
            Self::Text(_) => "string".to_owned(),
            Self::List(Shape::Tuple, _) => "tuple".to_owned(),
            Self::List(Shape::List, _) => "list".to_owned(),
            Self::List(Shape::Set, _) => "set".to_owned(),
            Self::Map(true, _) => "map".to_owned(),
            Self::Map(false, _) => "object".to_owned(),
        }
    }

    /// As text, where it has a form as text. An unknown value is its mark.
    pub(super) fn to_text(&self) -> Option<Rc<str>> {
        match self {
            Self::Unknown(mark) => Some(mark.as_char().to_string().into()),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Self::Number(value) => Some(print_number(*value).into()),
            Self::Text(text) => Some(Rc::clone(&text.text)),
            Self::Null(_) | Self::List(..) | Self::Map(..) => None,
        }
    }

    /// As a number, where it has a form as one; the mark where that is not known.
    pub(super) fn to_number(&self) -> Option<Result<f64, Mark>> {
        match self {
            Self::Unknown(mark) => Some(Err(*mark)),
            Self::Number(value) => Some(Ok(*value)),
            Self::Text(text) => match unknown::first_mark(&text.text) {
                Some(mark) => Some(Err(mark)),
                None => parse_number(&text.text).map(Ok),
            },
            _ => None,
        }
    }

    /// As a truth, where it has a form as one.
    pub(super) fn to_truth(&self) -> Option<Truth> {
        match self {
            Self::Unknown(mark) => Some(Truth::Unknown(*mark)),
            Self::Bool(value) => Some(Truth::from(*value)),
            Self::Text(text) => match (&*text.text, unknown::first_mark(&text.text)) {
                (_, Some(mark)) => Some(Truth::Unknown(mark)),
                ("true" | "1", None) => Some(Truth::True),
                ("false" | "0", None) => Some(Truth::False),
                _ => None,
            },
            _ => None,
        }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            Truth::Unknown(mark) => Self::Unknown(mark),
        }
    }
}

/// Digits, a fraction and an exponent, with an optional sign.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    let value: f64 = plain.then(|| text.parse().ok())??;
    value.is_finite().then_some(value)
}

/// A number as text: without exponent, and without the noise of binary fractions.
pub(super) fn print_number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.fract() != 0.0 && value.abs() < 1e15 {
        // HCL calculates with 512 bits; 15 digits are what both agree on.
        let short: f64 = format!("{value:.14e}").parse().unwrap_or(value);
        return format!("{short}");
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_and_print_as_hcl_does() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (124.0, "124"),
            (-2.5, "-2.5"),
            (1e21, "1000000000000000000000"),
            (-0.0, "0"),
        ] {
            assert_eq!(print_number(value), text);
        }
        assert_eq!(parse_number("5.1"), Some(5.1));
        assert_eq!(parse_number("-1e3"), Some(-1000.0));
        for text in ["", "inf", "NaN", "0x1", "a", "-", "1 "] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
