//! Mappings: names in any case, in order of insertion, perhaps not all of them known.

use std::collections::HashMap;
use std::rc::Rc;

use super::Value;
use crate::eval::expr::fold::{fold_text, same, same_text};
use crate::eval::unknown::{self, Mark};

/// Up to this many names, looking at each is faster than a table.
const FEW: usize = 40;

/// A mapping from names to values, in order of insertion; names are compared without case. Copies
/// share what they hold until one of them changes.
#[derive(Debug, Clone, Default)]
pub struct Object {
    entries: Rc<Vec<(Rc<str>, Value)>>,
    /// Where each name is, once there are more than a few.
    places: Rc<HashMap<String, usize>>,
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
        let place = self.place(name)?;
        self.entries.get(place).map(|(_, value)| value)
    }

    fn place(&self, name: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            let mut names = self.entries.iter();
            return match name.is_ascii() {
                // No other character is an ASCII one in another case.
                true => names.position(|(own, _)| own.eq_ignore_ascii_case(name)),
                false => names.position(|(own, _)| same_text(own, name)),
            };
        }
        self.places.get(&fold_text(name)).copied()
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
        let place = self.place(&name);
        let entries = Rc::make_mut(&mut self.entries);
        if let Some(entry) = place.and_then(|place| entries.get_mut(place)) {
            entry.1 = value;
            return;
        }
        entries.push((name, value));
        let count = entries.len();
        if count > FEW {
            let places = Rc::make_mut(&mut self.places);
            // All of them the first time, then only the new one.
            let known = if count == FEW + 1 { 0 } else { count - 1 };
            let new = entries.iter().enumerate().skip(known);
            places.extend(new.map(|(place, (name, _))| (fold_text(name), place)));
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

    #[test]
    fn many_names_are_found_like_few() {
        let mut object = Object::new();
        for round in 0..2 {
            for number in 0..40 {
                object.insert(format!("Name{number}"), Value::Bool(round == 1));
                let copy = object.clone();
                assert!(copy.get(&format!("nAME{number}")).is_some());
                assert!(copy.get("name").is_none() && copy.len() <= 40);
            }
        }
        assert_eq!(object.len(), 40);
        let all = |(_, value): (&str, &Value)| matches!(value, Value::Bool(true));
        assert!(object.iter().all(all));
    }
}
