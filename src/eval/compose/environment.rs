//! The variables of a project: those that the caller gives, and those of its `.env` files.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{ComposeError, Origin, Request, dotenv};
use crate::eval::unknown;
use crate::source::Span;

/// Variables with their values.
#[derive(Clone)]
pub(super) struct Environment<'r> {
    given: &'r dyn Fn(&str) -> Option<String>,
    fallback: &'r dyn Fn(&str) -> Option<String>,
    /// What files set.
    values: BTreeMap<String, (String, Origin)>,
    /// `COMPOSE_PROJECT_NAME`, once it is decided.
    project: Option<String>,
}

impl<'r> Environment<'r> {
    pub(super) fn new(request: &Request<'r>) -> Self {
        Self {
            given: request.environment,
            fallback: request.fallback,
            values: BTreeMap::new(),
            project: None,
        }
    }

    /// The value of a variable.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let project = || {
            self.project
                .clone()
                .filter(|_| name == "COMPOSE_PROJECT_NAME")
        };
        project()
            .or_else(|| self.set(name))
            .or_else(|| (self.fallback)(name))
    }

    /// The value of a variable that is known to be set.
    pub(super) fn set(&self, name: &str) -> Option<String> {
        let file = || self.values.get(name).map(|(value, _)| value.clone());
        (self.given)(name).or_else(file)
    }

    /// Where a file sets it, where one does and nothing else comes first.
    pub(super) fn origin(&self, name: &str) -> Option<Origin> {
        let (_, origin) = self.values.get(name)?;
        (self.given)(name).is_none().then_some(*origin)
    }

    /// Decides over `COMPOSE_PROJECT_NAME`.
    pub(super) fn name_project(&mut self, name: String) {
        self.project = Some(name);
    }

    /// Reads `.env` files, each with its number: a later one wins, and what was set before them
    /// wins over all.
    ///
    /// # Errors
    /// A file that is none.
    pub(super) fn read(&mut self, files: &[(usize, Rc<str>)]) -> Result<(), ComposeError> {
        let mut read: BTreeMap<String, (String, Origin)> = BTreeMap::new();
        for (file, text) in files {
            let outer = |name: &str| {
                let known = || read.get(name).map(|(value, _)| value.clone());
                self.set(name).or_else(known)
            };
            let settings = dotenv::read(&unknown::clean(text), &outer, self.fallback)
                .map_err(|error| ComposeError::new(error.to_string()))?;
            for setting in settings {
                let origin = Origin {
                    file: *file,
                    span: Span::new(setting.range.start, setting.range.end),
                };
                read.insert(setting.name, (setting.value, origin));
            }
        }
        for (name, value) in read {
            self.values.entry(name).or_insert(value);
        }
        Ok(())
    }
}
