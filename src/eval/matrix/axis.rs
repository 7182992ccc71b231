//! The axes of a matrix, and its lists of mappings, as far as they are known.

use super::{MatrixError, Step, fault};
use crate::eval::unknown::{self, Mark};
use crate::eval::value::{Array, Value};

/// An axis: its name and its values.
pub(super) struct Axis<'a> {
    pub(super) name: &'a str,
    pub(super) values: Values<'a>,
}

/// The values of an axis.
pub(super) enum Values<'a> {
    Known(&'a [Value]),
    Unknown(Mark),
}

impl Axis<'_> {
    pub(super) fn len(&self) -> usize {
        match self.values {
            Values::Known(values) => values.len(),
            Values::Unknown(_) => 1,
        }
    }
}

/// The items of `include` or `exclude`.
#[derive(Default)]
pub(super) struct List {
    pub(super) items: Vec<Value>,
    /// Why there may be others.
    pub(super) open: Option<Mark>,
}

impl List {
    /// The items of the list of this name.
    pub(super) fn read(name: &str, value: &Value, faults: &mut Vec<MatrixError>) -> Self {
        match items(value) {
            Ok(Values::Known(items)) => Self {
                items: items.to_vec(),
                open: None,
            },
            Ok(Values::Unknown(mark)) => Self {
                items: Vec::new(),
                open: Some(mark),
            },
            Err(()) => {
                let path = [Step::Key(name.to_owned())];
                faults.push(fault(path, format!("`{name}` is a list of mappings")));
                Self::default()
            }
        }
    }
}

/// What a list holds; an error where it is none.
fn items(value: &Value) -> Result<Values<'_>, ()> {
    match value {
        Value::Unknown(mark) => Ok(Values::Unknown(*mark)),
        Value::Array(array) => Ok(match array.as_ref() {
            Array {
                open: Some(mark), ..
            } => Values::Unknown(*mark),
            Array { items, .. } => Values::Known(items),
        }),
        Value::String(text) => unknown::first_mark(text).map(Values::Unknown).ok_or(()),
        _ => Err(()),
    }
}

/// The axis of this name, unless it is faulty.
pub(super) fn axis<'a>(
    name: &'a str,
    value: &'a Value,
    faults: &mut Vec<MatrixError>,
) -> Option<Axis<'a>> {
    let path = [Step::Key(name.to_owned())];
    match items(value) {
        Ok(Values::Known([])) => {
            faults.push(fault(path, format!("the axis `{name}` holds no values")));
            None
        }
        Ok(values) => Some(Axis { name, values }),
        Err(()) => {
            faults.push(fault(path, format!("the axis `{name}` is not a list")));
            None
        }
    }
}

/// How many combinations there are before `exclude`.
pub(super) fn size(axes: &[Axis<'_>]) -> Option<usize> {
    if axes.is_empty() {
        return Some(0);
    }
    axes.iter()
        .try_fold(1_usize, |size, axis| size.checked_mul(axis.len()))
}
