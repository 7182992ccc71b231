//! The event as the action sees it: which branch, tag, pull request and commit it is about.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::Context;
use crate::eval::unknown::{Mark, could_equal, first_mark, marks};

/// What the reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    Branch(String),
    Tag(String),
    Pull(String),
    Other,
    /// Not even its kind is known.
    Unknown(Mark),
}

/// Something that may be so, not so, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(Mark),
}

/// A property of the payload.
pub(crate) enum Property<'a> {
    Found(&'a Json),
    Missing,
    Unknown(Mark),
}

type Kind = fn(String) -> Reference;

pub(crate) struct Event<'a> {
    pub(super) context: &'a Context<'a>,
    full_reference: String,
    pub(crate) reference: Reference,
    pub(crate) sha: String,
    /// Unknown parts that cannot be empty.
    solid: RefCell<Vec<Mark>>,
}

impl<'a> Event<'a> {
    pub(crate) fn new(context: &'a Context<'a>) -> Self {
        let mut event = Self {
            context,
            full_reference: context.reference.to_owned(),
            reference: Reference::Other,
            sha: context.sha.to_owned(),
            solid: RefCell::default(),
        };
        if event.named("pull_request_target") == Truth::Yes {
            let number = match event.property(&["number"]) {
                Property::Found(Json::String(text)) => text.clone(),
                Property::Found(other) => other.to_string(),
                Property::Missing => "undefined".to_owned(),
                Property::Unknown(mark) => {
                    event.solid(mark);
                    mark.as_char().to_string()
                }
            };
            event.full_reference = format!("refs/pull/{number}/merge");
        }
        event.reference = event.read_reference();
        if let Some(sha) = event.head_sha() {
            event.sha = sha;
        }
        marks(&event.sha).for_each(|mark| event.solid(mark));
        event
    }

    pub(super) fn solid(&self, mark: Mark) {
        self.solid.borrow_mut().push(mark);
    }

    /// Whether an unknown part may be no text at all.
    pub(crate) fn may_be_empty(&self, mark: Mark) -> bool {
        !self.solid.borrow().contains(&mark)
    }

    fn read_reference(&self) -> Reference {
        let text = self.full_reference.as_str();
        let kinds: [(&str, Kind); 3] = [
            ("refs/heads/", Reference::Branch),
            ("refs/tags/", Reference::Tag),
            ("refs/pull/", Reference::Pull),
        ];
        for (prefix, kind) in kinds {
            if let Some(name) = text.strip_prefix(prefix) {
                marks(name).for_each(|mark| self.solid(mark));
                return kind(match prefix {
                    "refs/pull/" => without_merge(name),
                    _ => name.to_owned(),
                });
            }
        }
        let Some(mark) = first_mark(text) else {
            return Reference::Other;
        };
        let known = text.split(mark.as_char()).next().unwrap_or_default();
        if kinds.iter().any(|(prefix, _)| prefix.starts_with(known)) {
            return Reference::Unknown(mark);
        }
        Reference::Other
    }

    /// Whether the name of the event contains a word.
    pub(crate) fn named(&self, word: &str) -> Truth {
        let name = self.context.event_name;
        match first_mark(name) {
            _ if name.contains(word) => Truth::Yes,
            Some(mark) => Truth::Unknown(mark),
            None => Truth::No,
        }
    }

    /// A property of the payload; `null` counts as missing.
    fn property(&self, path: &[&str]) -> Property<'a> {
        let mut at = self.context.payload.json;
        for name in path {
            match at.get(name) {
                Some(value) if !value.is_null() => at = value,
                Some(_) => return Property::Missing,
                None if self.context.payload.complete => return Property::Missing,
                None => {
                    let what = format!("github.event.{}", path.join("."));
                    let reason = "the sample event does not say it";
                    return Property::Unknown(self.context.unknowns.note(what, reason));
                }
            }
        }
        Property::Found(at)
    }

    pub(super) fn text(&self, path: &[&str]) -> String {
        match self.property(path) {
            Property::Found(Json::String(text)) => text.clone(),
            Property::Found(_) | Property::Missing => String::new(),
            Property::Unknown(mark) => mark.as_char().to_string(),
        }
    }

    pub(crate) fn base_ref(&self) -> String {
        match &self.reference {
            Reference::Tag(_) => {
                let base = self.text(&["base_ref"]);
                base.strip_prefix("refs/heads/").unwrap_or(&base).to_owned()
            }
            Reference::Pull(_) => self.text(&["pull_request", "base", "ref"]),
            Reference::Unknown(mark) => mark.as_char().to_string(),
            Reference::Branch(_) | Reference::Other => String::new(),
        }
    }

    pub(crate) fn is_default_branch(&self) -> Truth {
        let reference = self.full_reference.as_str();
        let branch = reference.strip_prefix("refs/heads/").unwrap_or(reference);
        if branch.is_empty() {
            return Truth::No;
        }
        let default = match self.property(&["repository", "default_branch"]) {
            Property::Found(Json::String(text)) => text.clone(),
            Property::Found(_) | Property::Missing => String::new(),
            // A sample need not repeat what is known of the repository.
            Property::Unknown(_) => self.context.default_branch.to_owned(),
        };
        let here = match self.reference {
            Reference::Unknown(_) => match equal(reference, &format!("refs/heads/{default}")) {
                Truth::No => equal(branch, &default),
                truth => truth,
            },
            _ => equal(branch, &default),
        };
        if here == Truth::Yes {
            return Truth::Yes;
        }
        // These run for the last commit of the default branch, whatever their reference.
        let words = ["create", "discussion", "issues", "schedule"];
        let names: Vec<Truth> = words.iter().map(|word| self.named(word)).collect();
        if names.contains(&Truth::Yes) {
            return Truth::Yes;
        }
        let unknown = |truth: &Truth| matches!(truth, Truth::Unknown(_));
        names.into_iter().find(unknown).unwrap_or(here)
    }

    /// Whether the branch of the event is this one, or the default branch for an empty name.
    pub(crate) fn is_on(&self, branch: &str) -> Truth {
        let wanted = if branch.is_empty() {
            self.context.default_branch
        } else {
            branch
        };
        match &self.reference {
            Reference::Branch(name) => equal(name, wanted),
            Reference::Unknown(mark) => Truth::Unknown(*mark),
            _ => Truth::No,
        }
    }
}

/// The text without a `/merge` at its end. What may or may not be that end is one unknown part.
fn without_merge(text: &str) -> String {
    const END: &str = "/merge";
    if let Some(rest) = text.strip_suffix(END) {
        return rest.to_owned();
    }
    for (at, _) in text.char_indices() {
        let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
        if let Some(mark) = first_mark(tail)
            && could_equal(tail, END, |a, b| a == b)
        {
            return format!("{head}{}", mark.as_char());
        }
    }
    text.to_owned()
}

/// Whether two texts that may hold unknown parts are the same.
fn equal(text: &str, wanted: &str) -> Truth {
    let same = |a: char, b: char| a == b;
    match (first_mark(text), first_mark(wanted)) {
        (None, None) if text == wanted => Truth::Yes,
        (None, None) => Truth::No,
        (Some(mark), None) if could_equal(text, wanted, same) => Truth::Unknown(mark),
        (None, Some(mark)) if could_equal(wanted, text, same) => Truth::Unknown(mark),
        (Some(mark), Some(_)) => Truth::Unknown(mark),
        _ => Truth::No,
    }
}
