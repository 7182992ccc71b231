//! What starts a workflow, and which events pass its filters.

use super::filter;
use super::tree::{Template, Tree};
use crate::source::Span;

/// One event named under `on`.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The event's name: `push`, `release`, …
    pub event: String,
    /// The bytes of the name.
    pub at: Span,
    filters: Option<Tree>,
}

/// What of an event the filters look at.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The event's name.
    pub event: &'a str,
    /// The full git ref.
    pub reference: &'a str,
    /// The branch that a pull request goes to.
    pub base: &'a str,
    /// The event's activity types; one event of a person may fire several.
    pub types: &'a [&'a str],
}

impl Trigger {
    /// Reads `on` in its three forms: a word, a list, a mapping.
    #[must_use]
    pub fn read(on: &Tree) -> Vec<Self> {
        let plain = |template: &Template| Self {
            event: template.text.clone(),
            at: template.span,
            filters: None,
        };
        match on {
            Tree::Mapping(pairs, _) => pairs
                .iter()
                .map(|(key, value)| Self {
                    filters: Some(value.clone()),
                    ..plain(key)
                })
                .collect(),
            _ => on
                .items()
                .iter()
                .filter_map(Tree::scalar)
                .map(plain)
                .collect(),
        }
    }

    /// The settings under the event, such as a dispatch's inputs.
    #[must_use]
    pub fn settings(&self) -> Option<&Tree> {
        self.filters.as_ref()
    }

    fn patterns(&self, name: &str) -> Option<Vec<&str>> {
        let list = self.filters.as_ref()?.get(name)?;
        Some(list.texts().collect())
    }

    /// The patterns that tags must match, where there are any.
    #[must_use]
    pub fn tag_patterns(&self) -> Vec<&str> {
        self.patterns("tags").unwrap_or_default()
    }

    /// The patterns that branches must match, where there are any.
    #[must_use]
    pub fn branch_patterns(&self) -> Vec<&str> {
        self.patterns("branches").unwrap_or_default()
    }

    /// Whether an event starts the workflow. Path filters are taken as passed: the question is
    /// what a change that matters publishes.
    #[must_use]
    pub fn admits(&self, incoming: &Incoming<'_>) -> bool {
        if self.event != incoming.event {
            return false;
        }
        match incoming.event {
            "push" => self.admits_push(incoming.reference),
            "pull_request" | "pull_request_target" => {
                self.admits_types(incoming.types, &["opened", "synchronize", "reopened"])
                    && self.admits_name("branches", "branches-ignore", incoming.base)
            }
            "workflow_run" => self.admits_name("branches", "branches-ignore", incoming.base),
            "release" => self.admits_types(incoming.types, &[]),
            _ => true,
        }
    }

    fn admits_push(&self, reference: &str) -> bool {
        let has = |name: &str| self.patterns(name).is_some();
        let tags = has("tags") || has("tags-ignore");
        let branches = has("branches") || has("branches-ignore");
        if let Some(tag) = reference.strip_prefix("refs/tags/") {
            (tags || !branches) && self.admits_name("tags", "tags-ignore", tag)
        } else if let Some(branch) = reference.strip_prefix("refs/heads/") {
            (branches || !tags) && self.admits_name("branches", "branches-ignore", branch)
        } else {
            false
        }
    }

    fn admits_name(&self, only: &str, ignore: &str, name: &str) -> bool {
        match (self.patterns(only), self.patterns(ignore)) {
            (Some(patterns), _) => filter::admits(patterns, name),
            (None, Some(patterns)) => !filter::admits(patterns, name),
            (None, None) => true,
        }
    }

    /// Without `types`, the default ones count; an empty default list means all.
    fn admits_types(&self, fired: &[&str], default: &[&str]) -> bool {
        match self.patterns("types") {
            Some(types) => types.iter().any(|wanted| fired.contains(wanted)),
            None => default.is_empty() || fired.iter().any(|fired| default.contains(fired)),
        }
    }
}
