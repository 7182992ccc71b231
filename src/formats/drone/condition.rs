//! `when` and `trigger`: which events a pipeline or a step runs on.

use globset::GlobBuilder;

use super::surroundings::{Surroundings, event_name};
use crate::eval::drone::Family;
use crate::eval::value::Truth;
use crate::formats::github::event::Event;
use crate::formats::github::tree::Tree;
use crate::source::{FileId, Place};

/// What conditions are asked against.
pub(super) struct Asked<'a> {
    pub(super) event: &'a Event,
    pub(super) family: Family,
    pub(super) file: FileId,
    pub(super) repository: Option<&'a str>,
    pub(super) around: &'a Surroundings<'a>,
}

impl Asked<'_> {
    /// Whether a condition holds: a mapping in which all must hold, or Woodpecker's list of such,
    /// of which one must.
    pub(super) fn holds(&self, condition: Option<&Tree>) -> Truth {
        match condition {
            None => Truth::True,
            Some(Tree::Sequence(list, _)) if !list.is_empty() => {
                let each = list.iter().map(|one| self.all(one));
                each.reduce(Truth::or).unwrap_or(Truth::True)
            }
            Some(one) => self.all(one),
        }
    }

    fn all(&self, condition: &Tree) -> Truth {
        let each = condition
            .pairs()
            .iter()
            .map(|(key, value)| self.one(&key.text, value));
        each.reduce(Truth::and).unwrap_or(Truth::True)
    }

    fn one(&self, key: &str, value: &Tree) -> Truth {
        let name = event_name(self.event, self.family).unwrap_or_default();
        match key {
            "event" => self.matches(value, name),
            "ref" => self.matches(value, &self.event.reference),
            "branch" => match self.event.branch().or(self.event.base.as_deref()) {
                Some(branch) => self.matches(value, branch),
                // A tag is of no branch: Woodpecker does not ask then, Drone finds none.
                None if self.family == Family::Woodpecker => Truth::True,
                None => self.matches(value, ""),
            },
            "tag" => self.matches(value, self.event.tag().unwrap_or_default()),
            "repo" => match self.repository {
                Some(repository) => self.matches(value, repository),
                // A guard against forks.
                None => Truth::True,
            },
            // The question is what a run publishes that goes well.
            "status" => self.matches(value, "success"),
            // Of a deployment that somebody starts.
            "target" => Truth::from(value.items().is_empty()),
            "evaluate" => self.unknown("evaluate", "an expression of the pipeline", value),
            "cron" if name == "cron" => self.unknown("cron", "which clock starts it", value),
            "cron" => Truth::False,
            // Paths are taken as touched, and the machine as the one that is asked for.
            _ => Truth::True,
        }
    }

    fn unknown(&self, what: &str, reason: &str, value: &Tree) -> Truth {
        let at = Place {
            file: self.file,
            span: value.span(),
        };
        Truth::Unknown(self.around.unknowns.note_at(what, reason, Some(at)))
    }

    /// Whether a list, or one with `include` and `exclude`, admits a name.
    fn matches(&self, value: &Tree, name: &str) -> Truth {
        let any = |list: &Tree| {
            let mut patterns = list.items().iter().filter_map(Tree::scalar);
            patterns.any(|pattern| {
                let at = Place {
                    file: self.file,
                    span: pattern.span,
                };
                admits(&self.around.substitute(&pattern.text, at), name)
            })
        };
        if value.pairs().is_empty() {
            return Truth::from(value.items().is_empty() || any(value));
        }
        let excluded = value.get("exclude").is_some_and(any);
        let include = value.get("include").filter(|list| !list.items().is_empty());
        Truth::from(!excluded && include.is_none_or(any))
    }
}

fn admits(pattern: &str, name: &str) -> bool {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    match glob {
        Ok(glob) => glob.compile_matcher().is_match(name),
        Err(_) => pattern == name,
    }
}
