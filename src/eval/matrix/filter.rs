//! Items of `include` and `exclude`, and which combinations they fit.

use std::rc::Rc;

use super::axis::{Axis, List};
use super::{MatrixError, Step, fault};
use crate::eval::expr::index::{Found, read};
use crate::eval::expr::number;
use crate::eval::unknown::Mark;
use crate::eval::value::{Object, Truth, Value};

/// GitHub compares each leaf with an expression of its own, whose depth is limited.
const MAX_DEPTH: usize = 48;

/// The values that a combination must have.
pub(super) struct Filter {
    values: Object,
    /// Each leaf, and the way to it.
    leaves: Vec<(Vec<Value>, Value)>,
    /// What is not known of the filter itself.
    doubt: Option<Mark>,
}

/// An item of `include`.
pub(super) enum Include {
    /// Values of axes that a combination must have, and what it then gets.
    Known(Filter, Object),
    /// Nobody knows what it fits and adds.
    Unknown(Mark),
}

impl Filter {
    fn new(values: Object, path: &[Step; 2]) -> Result<Self, MatrixError> {
        let mut filter = Self {
            values: Object::new(),
            leaves: Vec::new(),
            doubt: None,
        };
        for (name, value) in values.iter() {
            if !filter.collect(&mut vec![Value::text(name)], value) {
                return Err(fault(path.clone(), "this filter nests too deeply"));
            }
        }
        filter.values = values;
        Ok(filter)
    }

    /// Notes the leaves below a value; false where they lie too deep.
    fn collect(&mut self, way: &mut Vec<Value>, value: &Value) -> bool {
        if way.len() > MAX_DEPTH {
            return false;
        }
        let (parts, open): (Vec<(Value, &Value)>, _) = match value {
            Value::Object(object) => (
                object
                    .iter()
                    .map(|(name, value)| (Value::text(name), value))
                    .collect(),
                object.open,
            ),
            Value::Array(array) => (
                (0_u32..)
                    .zip(&array.items)
                    .map(|(place, item)| (Value::Number(f64::from(place)), item))
                    .collect(),
                array.open,
            ),
            Value::Number(number) => {
                // It goes through its text, which has 15 digits.
                let printed = number::parse(&number::print(*number));
                self.leaves.push((way.clone(), Value::Number(printed)));
                return true;
            }
            leaf => {
                self.leaves.push((way.clone(), leaf.clone()));
                return true;
            }
        };
        self.doubt = self.doubt.or(open);
        for (key, part) in parts {
            way.push(key);
            let fits = self.collect(way, part);
            way.pop();
            if !fits {
                return false;
            }
        }
        true
    }

    /// The mapping as written.
    pub(super) fn into_values(self) -> Object {
        self.values
    }

    /// Whether a combination has all of these values.
    pub(super) fn matches(&self, combination: &Rc<Object>) -> Truth {
        let mut matches = self.doubt.map_or(Truth::True, Truth::Unknown);
        for (way, wanted) in &self.leaves {
            let mut value = Value::Object(Rc::clone(combination));
            for key in way {
                value = match read(&value, key) {
                    Found::Value(value) => value,
                    Found::Hidden(mark) => Value::Unknown(mark),
                };
            }
            matches = matches.and(value.equals(wanted));
            if matches == Truth::False {
                break;
            }
        }
        matches
    }
}

/// The filters of `exclude`.
pub(super) fn excludes(
    list: &List,
    axes: &[Axis<'_>],
    faults: &mut Vec<MatrixError>,
) -> Vec<Filter> {
    let mut filters = Vec::new();
    for (place, item) in list.items.iter().enumerate() {
        let path = [Step::Key("exclude".to_owned()), Step::Item(place)];
        let object = match mapping(item) {
            Item::Known(object) => object,
            Item::Unknown(mark) => {
                filters.push(Filter {
                    values: Object::new(),
                    leaves: Vec::new(),
                    doubt: Some(mark),
                });
                continue;
            }
            Item::Other => {
                faults.push(fault(path, "an item of `exclude` is a mapping"));
                continue;
            }
        };
        if object.is_empty() {
            faults.push(fault(
                path.clone(),
                "an item of `exclude` must not be empty",
            ));
        }
        for (name, _) in object.iter().filter(|(name, _)| !is_axis(axes, name)) {
            let [list, item] = path.clone();
            faults.push(fault(
                [list, item, Step::Key(name.to_owned())],
                format!("`{name}` is no axis of this matrix, so there is nothing to exclude"),
            ));
        }
        match Filter::new(object.clone(), &path) {
            Ok(filter) => filters.push(filter),
            Err(fault) => faults.push(fault),
        }
    }
    filters
}

/// The items of `include`, each with its filter and what it adds.
pub(super) fn includes(
    list: &List,
    axes: &[Axis<'_>],
    faults: &mut Vec<MatrixError>,
) -> Vec<Include> {
    let mut includes = Vec::new();
    for (place, item) in list.items.iter().enumerate() {
        let path = [Step::Key("include".to_owned()), Step::Item(place)];
        let object = match mapping(item) {
            Item::Known(object) => object,
            Item::Unknown(mark) => {
                includes.push(Include::Unknown(mark));
                continue;
            }
            Item::Other => {
                faults.push(fault(path, "an item of `include` is a mapping"));
                continue;
            }
        };
        if object.is_empty() {
            faults.push(fault(path, "an item of `include` must not be empty"));
            continue;
        }
        let (mut filter, mut extras) = (Object::new(), Object::new());
        for (name, value) in object.iter() {
            let part = if is_axis(axes, name) {
                &mut filter
            } else {
                &mut extras
            };
            part.insert(name, value.clone());
        }
        match Filter::new(filter, &path) {
            Ok(filter) => includes.push(Include::Known(filter, extras)),
            Err(fault) => faults.push(fault),
        }
    }
    includes
}

enum Item<'a> {
    Known(&'a Object),
    Unknown(Mark),
    Other,
}

fn mapping(item: &Value) -> Item<'_> {
    match item {
        Value::Unknown(mark) => Item::Unknown(*mark),
        Value::Object(object) => match object.open {
            Some(mark) => Item::Unknown(mark),
            None => Item::Known(object),
        },
        _ => Item::Other,
    }
}

fn is_axis(axes: &[Axis<'_>], name: &str) -> bool {
    use crate::eval::expr::fold::fold_text;
    let name = fold_text(name);
    axes.iter().any(|axis| fold_text(axis.name) == name)
}
