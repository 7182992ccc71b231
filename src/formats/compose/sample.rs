//! Samples of a `.env`, such as `.env.example`: whoever copies one sets its variables, to values that
//! are not known here.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use crate::eval::compose::{dotenv, joined};
use crate::files::Files;

/// Names of files that people copy to `.env`.
const NAMES: [&str; 6] = [
    ".env.dist",
    ".env.example",
    ".env.sample",
    ".env.template",
    "env.example",
    "example.env",
];

/// The samples of a repository, read once they are asked for.
pub(super) struct Samples<'f> {
    files: &'f dyn Files,
    variables: RefCell<HashMap<String, BTreeSet<String>>>,
}

impl<'f> Samples<'f> {
    pub(super) fn new(files: &'f dyn Files) -> Self {
        let variables = RefCell::default();
        Self { files, variables }
    }

    /// Whether a sample in this folder has the variable.
    pub(super) fn have(&self, folder: &str, variable: &str) -> bool {
        let mut variables = self.variables.borrow_mut();
        let known = variables.entry(folder.to_owned()).or_insert_with(|| {
            let paths = NAMES.iter().map(|name| joined(folder, name));
            let texts = paths.filter_map(|path| self.files.read(&path));
            let settings = texts.filter_map(|text| dotenv::read(&text, &|_| None, &|_| None).ok());
            settings.flatten().map(|setting| setting.name).collect()
        });
        known.contains(variable)
    }
}
