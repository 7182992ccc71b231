//! What a script of a CI system finds around it: variables, git, the repository's files.

use std::collections::BTreeMap;

use super::event::Event;
use super::settings::Settings;
use crate::eval::shell::{Environment, Repository, Variable};
use crate::eval::unknown::{Mark, Unknowns};
use crate::files::Files;

/// What a variable holds that nothing here sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing: all that can set one is in the files.
    Unset,
    /// Nobody knows: the settings of the project may set it.
    Settings,
}

/// The variables of a job, with git and the files.
#[derive(Clone)]
pub struct Variables<'a> {
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The repository.
    pub files: &'a dyn Files,
    elsewhere: Elsewhere,
    set: BTreeMap<String, String>,
    /// Names, or beginnings of names with `*`, that are certainly not set.
    unset: Vec<String>,
    git: Repository,
}

/// Variables that every machine sets to something of its own.
const OF_THE_MACHINE: &[&str] = &[
    "HOME", "PATH", "PWD", "USER", "LOGNAME", "HOSTNAME", "SHELL", "TMPDIR", "LANG", "UID", "EUID",
    "RANDOM", "SECONDS", "GOPATH", "OSTYPE", "HOSTTYPE", "MACHTYPE",
];

impl<'a> Variables<'a> {
    /// Those that the caller gives for an event, and no others.
    #[must_use]
    pub fn new(
        event: &Event,
        settings: &Settings,
        files: &'a dyn Files,
        unknowns: &'a Unknowns,
        elsewhere: Elsewhere,
    ) -> Self {
        let branch = event.reference.strip_prefix("refs/heads/");
        let given = settings.vars.iter().chain(&settings.env);
        Self {
            unknowns,
            files,
            elsewhere,
            set: given.cloned().collect(),
            unset: Vec::new(),
            git: Repository {
                commit: Some(event.sha.clone()),
                // CI systems check a commit out, and no branch; a tag has none anyway.
                branch: match (branch, event.tag()) {
                    (Some(branch), _) => Some(branch.to_owned()),
                    (None, Some(_)) => Some(String::new()),
                    (None, None) => None,
                },
                tags: event.tag().map(|tag| vec![tag.to_owned()]),
                last_tag: None,
            },
        }
    }

    /// Sets a variable to text, which may hold unknown parts.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        self.unset.retain(|own| own != name);
        self.set.insert(name.to_owned(), text.into());
    }

    /// Sets a variable that nothing has set yet.
    pub fn set_default(&mut self, name: &str, text: impl Into<String>) {
        self.set
            .entry(name.to_owned())
            .or_insert_with(|| text.into());
    }

    /// Sets a variable to something that is one value throughout a run, and not known.
    pub fn set_unknown(&mut self, name: &str, reason: &str) {
        if !self.set.contains_key(name) {
            let mark = self.unknowns.note(format!("variables.{name}"), reason);
            self.set.insert(name.to_owned(), mark.as_char().to_string());
        }
    }

    /// Names that are not set; a trailing `*` stands for any rest.
    pub fn set_none(&mut self, names: &[&str]) {
        self.unset
            .extend(names.iter().map(|name| (*name).to_owned()));
    }

    /// The text that is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.get(name).map(String::as_str)
    }

    /// The value, with the mark of one that is not known.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        match self.variable(name) {
            Variable::Known(text) => Some(text),
            Variable::Unknown(mark) => Some(mark.as_char().to_string()),
            Variable::Unset => None,
        }
    }

    fn unknown(&self, name: &str, reason: &str) -> Mark {
        self.unknowns.note(format!("variables.{name}"), reason)
    }
}

impl Environment for Variables<'_> {
    fn variable(&self, name: &str) -> Variable {
        if let Some(text) = self.set.get(name) {
            return Variable::Known(text.clone());
        }
        let none = |own: &String| match own.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => own == name,
        };
        if OF_THE_MACHINE.contains(&name) {
            let mark = self
                .unknowns
                .note(format!("${name}"), "differs from machine to machine");
            return Variable::Unknown(mark);
        }
        if self.elsewhere == Elsewhere::Unset
            || self.unset.iter().any(none)
            || name.starts_with("GITHUB_")
            || !name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        {
            return Variable::Unset;
        }
        let reason = "the settings of the project may set it";
        Variable::Unknown(self.unknown(name, reason))
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        self.git.answer(arguments)
    }

    fn file(&self, path: &str) -> Option<String> {
        self.files.read(path)
    }

    fn may_be_unset(&self, name: &str) -> bool {
        self.elsewhere == Elsewhere::Settings && !self.set.contains_key(name)
    }
}
