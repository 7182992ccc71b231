//! The values of compose files as a tree, each with its place.

use std::rc::Rc;

use super::{Origin, Value};

/// Keys from the root of a file.
pub(super) type Path = Vec<Rc<str>>;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) content: Content,
    pub(super) at: Origin,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Null,
    Bool(bool),
    Number(Rc<str>),
    Text(Rc<Value>),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: Rc<str>,
    pub(super) at: Origin,
    pub(super) value: Node,
}

impl Node {
    /// The value under a key, also where that is null.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let mut entries = self.entries().iter();
        entries.find_map(|entry| (&*entry.name == name).then_some(&entry.value))
    }

    pub(super) fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn items_mut(&mut self) -> &mut [Self] {
        match &mut self.content {
            Content::List(items) => items,
            _ => &mut [],
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.content, Content::Map(_))
    }

    /// The text, where it is one; numbers and truth values are none.
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.content {
            Content::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a path or a name, where it is known well enough to be followed.
    pub(super) fn text(&self) -> Option<&str> {
        let value = self.value()?;
        value.problem.is_none().then_some(&*value.text)
    }

    /// Takes a key out.
    pub(super) fn remove(&mut self, name: &str) -> Option<Self> {
        let entries = self.entries_mut()?;
        let index = entries.iter().position(|entry| &*entry.name == name)?;
        Some(entries.remove(index).value)
    }

    /// Puts a value under a key, in the place of the one that is there.
    pub(super) fn set(&mut self, name: &str, value: Self) {
        let at = value.at;
        let Some(entries) = self.entries_mut() else {
            return;
        };
        match entries.iter_mut().find(|entry| &*entry.name == name) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry {
                name: name.into(),
                at,
                value,
            }),
        }
    }

    /// Takes out what a path leads to, where it is there.
    pub(super) fn reset(&mut self, path: &[Rc<str>]) {
        let Some((last, before)) = path.split_last() else {
            return;
        };
        let mut node = self;
        for name in before {
            let entries = node.entries_mut().map(|entries| entries.iter_mut());
            let found = entries.and_then(|mut entries| entries.find(|entry| entry.name == *name));
            match found {
                Some(entry) => node = &mut entry.value,
                None => return,
            }
        }
        node.remove(last);
    }
}
