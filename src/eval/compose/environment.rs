//! The variables of a project: those that the caller gives, and those of its `.env` files.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{ComposeError, Origin, dotenv};
use crate::source::Span;

/// Variables with their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    values: BTreeMap<String, (String, Option<Origin>)>,
}

impl Environment {
    pub(super) fn new(given: &BTreeMap<String, String>) -> Self {
        let values = given.iter().map(|(name, value)| {
            let value = (value.clone(), None);
            (name.clone(), value)
        });
        Self {
            values: values.collect(),
        }
    }

    /// The value of a variable.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|(value, _)| value.clone())
    }

    /// Where a file sets it, where one does.
    pub(super) fn origin(&self, name: &str) -> Option<Origin> {
        self.values.get(name)?.1
    }

    /// Sets a variable that is not set, or is empty.
    pub(super) fn set_empty(&mut self, name: &str, value: String) {
        let known = self.values.entry(name.to_owned()).or_default();
        if known.0.is_empty() {
            *known = (value, None);
        }
    }

    /// Reads `.env` files, each with its number: a later one wins, and what was set before them
    /// wins over all.
    ///
    /// # Errors
    /// A file that is none.
    pub(super) fn read(&mut self, files: &[(usize, Rc<str>)]) -> Result<(), ComposeError> {
        let mut read: BTreeMap<String, (String, Option<Origin>)> = BTreeMap::new();
        for (file, text) in files {
            let outer = |name: &str| {
                let known = self.values.get(name).or_else(|| read.get(name));
                known.map(|(value, _)| value.clone())
            };
            let settings =
                dotenv::read(text, &outer).map_err(|error| ComposeError::new(error.to_string()))?;
            for setting in settings {
                let origin = Origin {
                    file: *file,
                    span: Span::new(setting.range.start, setting.range.end),
                };
                read.insert(setting.name, (setting.value, Some(origin)));
            }
        }
        for (name, value) in read {
            self.values.entry(name).or_insert(value);
        }
        Ok(())
    }
}
