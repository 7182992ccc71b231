//! A step that uses an action, and what it is given: the inputs as the action reads them.

use super::{input, list};
use crate::eval::unknown::Mark;
use crate::eval::value::Value;
use crate::formats::github::context::Frame;
use crate::formats::github::render::Rendered;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Run;
use crate::source::Place;

/// References or tags, each with where it stands.
pub type Names = Vec<(String, Place)>;

/// The step and its surroundings.
pub struct Given<'a> {
    /// The run.
    pub run: &'a Run<'a>,
    /// The step.
    pub step: &'a Step,
    /// What expressions see.
    pub frame: &'a Frame<'a>,
}

impl Given<'_> {
    /// Where the action is named.
    #[must_use]
    pub fn at(&self) -> Place {
        let step = self.step;
        Place {
            file: self.run.workflow.file,
            span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
        }
    }

    /// Where an input stands; the action's name where it does not.
    #[must_use]
    pub fn place(&self, name: &str) -> Place {
        self.step.input(name).map_or(self.at(), |tree| Place {
            file: self.run.workflow.file,
            span: tree.span(),
        })
    }

    /// An input as evaluated.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<Rendered> {
        input(self.run, self.step, self.frame, name)
    }

    /// An input's text, unless it is empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.input(name)?.text.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// The items of an input that is a list by lines, and by commas where the action says so.
    #[must_use]
    pub fn names(&self, name: &str, commas: bool) -> Names {
        let Some(input) = self.input(name) else {
            return Vec::new();
        };
        let items = list(&input.text, commas).into_iter();
        items
            .map(|(item, range)| (item, input.place(range)))
            .collect()
    }

    /// The same, without their places.
    #[must_use]
    pub fn texts(&self, name: &str, commas: bool) -> Vec<String> {
        let names = self.names(name, commas).into_iter();
        names.map(|(text, _)| text).collect()
    }

    /// A property of `github` as text.
    #[must_use]
    pub fn github(&self, property: &str) -> String {
        match &self.frame.github {
            Value::Object(github) => github
                .get(property)
                .map(|value| value.to_text().to_string())
                .unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// An output that is known only once the step has run.
    #[must_use]
    pub fn output(&self) -> Mark {
        let id = self.step.id.as_deref().unwrap_or("step");
        let what = format!("steps.{id}.outputs");
        let reason = "known only once the step has run";
        self.frame.unknowns.note_at(what, reason, Some(self.at()))
    }
}
