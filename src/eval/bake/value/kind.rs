//! The kinds that a variable can be declared with: `string`, `list(number)`, `object({ … })`.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// A declared kind.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::eval::bake) enum Kind {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Kind>),
    Set(Box<Kind>),
    Map(Box<Kind>),
    Tuple(Vec<Kind>),
    /// Fields, and whether each may be left out.
    Object(BTreeMap<Rc<str>, (Kind, bool)>),
}

impl Kind {
    /// Whether a value of it is one word: text, a number or a truth.
    pub(in crate::eval::bake) fn is_scalar(&self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Bool)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("dynamic"),
            Self::Text => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Bool => f.write_str("bool"),
            Self::List(kind) => write!(f, "list of {kind}"),
            Self::Set(kind) => write!(f, "set of {kind}"),
            Self::Map(kind) => write!(f, "map of {kind}"),
            Self::Tuple(_) => f.write_str("tuple"),
            Self::Object(_) => f.write_str("object"),
        }
    }
}
