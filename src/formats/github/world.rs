//! What one run of a workflow works with: the workflow, the event, the repository, and where
//! unknowns are noted.

use super::event::{Event, Settings};
use super::workflow::{Action, Workflow};
use crate::eval::unknown::Unknowns;
use crate::eval::value::Object;
use crate::files::{Files, Nowhere};
use crate::source::Place;

/// What a run may read of the repository: files that scripts `cat`, workflows, actions.
pub trait Repository: Files {
    /// The workflow of the repository at a path from its root.
    fn workflow(&self, path: &str) -> Option<&Workflow>;

    /// The action in a folder of the repository.
    fn action(&self, folder: &str) -> Option<&Action>;
}

impl Repository for Nowhere {
    fn workflow(&self, _: &str) -> Option<&Workflow> {
        None
    }

    fn action(&self, _: &str) -> Option<&Action> {
        None
    }
}

/// All that one run of a workflow needs.
pub struct Run<'a> {
    /// The workflow.
    pub workflow: &'a Workflow,
    /// The event.
    pub event: &'a Event,
    /// What the evaluation was told.
    pub settings: &'a Settings,
    /// The repository.
    pub repository: &'a dyn Repository,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// How many workflows call one another up to this one.
    pub depth: usize,
}

/// What a step leaves behind.
pub enum Effect {
    /// It ran; these are its outputs.
    Done(Object),
    /// It fails for certain, with what it says and where, unless a finding of its own tells that:
    /// the rest of the job does not run unless it says `always()`.
    Failed(Option<(String, Place)>),
}
