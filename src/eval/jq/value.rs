//! Values of `jq`: what they are, their order, and how large they have grown. Reading and printing
//! them as JSON lives in [`super::json`].

use std::cmp::Ordering;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::eval::unknown;

/// A value. Text may hold unknown parts.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64, Option<Rc<str>>),
    String(Rc<str>),
    Array(Rc<Array>),
    Object(Rc<Object>),
}

/// What is remembered of all that a collection holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) depth: u32,
    pub(super) weight: u32,
    pub(super) known: bool,
}

#[derive(Debug)]
pub(super) struct Array {
    pub(super) items: Vec<Value>,
    pub(super) extent: Extent,
}

pub(super) type Fields = IndexMap<Rc<str>, Value>;

#[derive(Debug)]
pub(super) struct Object {
    pub(super) fields: Fields,
    pub(super) extent: Extent,
    /// Whether all names are known.
    pub(super) named: bool,
}

impl Value {
    pub(super) fn number(number: f64) -> Self {
        Self::Number(number, None)
    }

    pub(super) fn count(count: usize) -> Self {
        #[allow(clippy::cast_precision_loss)]
        Self::Number(count as f64, None)
    }

    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::String(text.into())
    }

    pub(super) fn array(items: Vec<Self>) -> Self {
        let extent = extent_of(items.iter());
        Self::Array(Rc::new(Array { items, extent }))
    }

    pub(super) fn object(fields: Fields) -> Self {
        let mut extent = extent_of(fields.values());
        let named = fields.keys().all(|name| unknown::is_known(name));
        let names: usize = fields.keys().map(|name| name.len() / 16).sum();
        extent.known &= named;
        extent.weight = extent
            .weight
            .saturating_add(u32::try_from(names).unwrap_or(u32::MAX));
        Self::Object(Rc::new(Object {
            fields,
            extent,
            named,
        }))
    }

    /// The fields of an object that is made here.
    pub(super) fn record<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::object(
            fields
                .into_iter()
                .map(|(name, value)| (Rc::from(name), value))
                .collect(),
        )
    }

    pub(super) fn extent(&self) -> Extent {
        match self {
            Self::Array(array) => array.extent,
            Self::Object(object) => object.extent,
            Self::String(text) => Extent {
                depth: 0,
                weight: u32::try_from(text.len() / 16).unwrap_or(u32::MAX).max(1),
                known: unknown::is_known(text),
            },
            _ => Extent {
                depth: 0,
                weight: 1,
                known: true,
            },
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.extent().known
    }

    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number, _) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(..) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// The place of the type in the order of types.
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(..) => 3,
            Self::String(_) => 4,
            Self::Array(_) => 5,
            Self::Object(_) => 6,
        }
    }

    /// The order of two values; nothing where it depends on what is not known.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            // NaN is less than any number, itself too.
            (Self::Number(a, _), Self::Number(b, _)) => {
                Some(a.partial_cmp(b).unwrap_or(if a.is_nan() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }))
            }
            (Self::String(a), Self::String(b)) => {
                if unknown::is_known(a) && unknown::is_known(b) {
                    Some(a.as_bytes().cmp(b.as_bytes()))
                } else {
                    order_of_unknown(a, b)
                }
            }
            (Self::Array(a), Self::Array(b)) => {
                for (a, b) in a.items.iter().zip(&b.items) {
                    match a.order(b)? {
                        Ordering::Equal => {}
                        order => return Some(order),
                    }
                }
                Some(a.items.len().cmp(&b.items.len()))
            }
            (Self::Object(a), Self::Object(b)) => {
                if !a.named || !b.named {
                    return None;
                }
                let (left, right) = (sorted_keys(&a.fields), sorted_keys(&b.fields));
                match left.cmp(&right) {
                    Ordering::Equal => {}
                    order => return Some(order),
                }
                for key in left {
                    match a.fields.get(&key)?.order(b.fields.get(&key)?)? {
                        Ordering::Equal => {}
                        order => return Some(order),
                    }
                }
                Some(Ordering::Equal)
            }
            _ => Some(self.rank().cmp(&other.rank())),
        }
    }

    /// Whether two values are the same; nothing where that is not known.
    pub(super) fn same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::String(a), Self::String(b)) => {
                let (left, right) = (unknown::is_known(a), unknown::is_known(b));
                let could = |a: &str, b: &str| unknown::could_equal(a, b, |a, b| a == b);
                match (left, right) {
                    (true, true) => Some(a == b),
                    (false, true) if !could(a, b) => Some(false),
                    (true, false) if !could(b, a) => Some(false),
                    _ => None,
                }
            }
            (Self::Array(a), Self::Array(b)) => {
                if a.items.len() != b.items.len() {
                    return Some(false);
                }
                let pairs = a.items.iter().zip(&b.items);
                all_same(pairs.map(|(a, b)| a.same(b)))
            }
            (Self::Object(a), Self::Object(b)) if a.named && b.named => {
                if a.fields.len() != b.fields.len() {
                    return Some(false);
                }
                all_same(a.fields.iter().map(|(name, value)| {
                    let Some(other) = b.fields.get(name) else {
                        return Some(false);
                    };
                    value.same(other)
                }))
            }
            _ => self.order(other).map(Ordering::is_eq),
        }
    }
}

/// A difference decides, whatever else is not known.
fn all_same(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

/// Texts with unknown parts may still differ before these begin.
fn order_of_unknown(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = a
        .chars()
        .zip(b.chars())
        .find(|(a, b)| a != b || unknown::Mark::from_char(*a).is_some())?;
    let mark = |c| unknown::Mark::from_char(c).is_some();
    (!mark(a) && !mark(b)).then(|| a.cmp(&b))
}

pub(super) fn sorted_keys(fields: &Fields) -> Vec<Rc<str>> {
    let mut keys: Vec<Rc<str>> = fields.keys().cloned().collect();
    keys.sort_unstable();
    keys
}

fn extent_of<'v>(values: impl Iterator<Item = &'v Value>) -> Extent {
    let mut all = Extent {
        depth: 1,
        weight: 1,
        known: true,
    };
    for value in values {
        let own = value.extent();
        all.depth = all.depth.max(own.depth + 1);
        all.weight = all.weight.saturating_add(own.weight);
        all.known &= own.known;
    }
    all
}
