//! Mappings: names in any case, in order of insertion, perhaps not all of them known.

use std::collections::HashMap;
use std::rc::Rc;

use super::Value;
use crate::eval::expr::fold::{fold_text, same};
use crate::eval::unknown::{self, Mark};

/// A mapping from names to values, in order of insertion; names are compared without case.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: Vec<(Rc<str>, Value)>,
    places: HashMap<String, usize>,
    /// Why there may be more names than these; a missing name is then unknown and not null.
    pub open: Option<Mark>,
}

impl Object {
    /// An empty mapping.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty mapping of which not every name is known.
    #[must_use]
    pub fn open(mark: Mark) -> Self {
        Self {
            open: Some(mark),
            ..Self::default()
        }
    }

    /// The value under a name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.places.get(&fold_text(name))?;
        self.entries.get(*place).map(|(_, value)| value)
    }

    /// What reading this property gives: null where it is missing, unknown where it may exist.
    #[must_use]
    pub fn property(&self, name: &str) -> Value {
        match (self.get(name), self.open) {
            (Some(value), _) => value.clone(),
            (None, Some(mark)) => Value::Unknown(mark),
            (None, None) => Value::Null,
        }
    }

    /// Sets a name. One that exists, in any case, keeps its place and its spelling.
    pub fn insert(&mut self, name: impl Into<Rc<str>>, value: Value) {
        let name = name.into();
        let place = *self
            .places
            .entry(fold_text(&name))
            .or_insert(self.entries.len());
        match self.entries.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => self.entries.push((name, value)),
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries
            .iter()
            .map(|(name, value)| (name.as_ref(), value))
    }

    /// How many names it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a name with unknown parts could be one of its names.
    #[must_use]
    pub(crate) fn could_have(&self, name: &str) -> bool {
        self.iter()
            .any(|(own, _)| unknown::could_equal(name, own, same))
    }
}

impl<N: Into<Rc<str>>> FromIterator<(N, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(entries: I) -> Self {
        let mut object = Self::new();
        for (name, value) in entries {
            object.insert(name, value);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_replaced_in_place() {
        let mut object: Object = [("Tag", Value::Null), ("b", Value::Null)]
            .into_iter()
            .collect();
        object.insert("TAG", Value::Bool(true));
        assert_eq!(
            object.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["Tag", "b"]
        );
        assert!(matches!(object.get("tag"), Some(Value::Bool(true))));
    }
}
