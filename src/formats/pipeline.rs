//! The definitions of CI, whatever system they are for: one way to ask any of them what it
//! publishes.

use super::ci::settings::Settings;
use super::drone;
use super::foreign::{self, Foreign};
use super::github::run;
use super::github::workflow::Workflow;
use super::github::world::Repository;
use super::gitlab;
use super::makefile::{self, Makefile};
use crate::facts::Plan;

/// A definition of CI.
#[derive(Debug)]
pub enum Pipeline {
    /// A workflow of GitHub and its like.
    Workflow(Workflow),
    /// Pipelines of Drone or Woodpecker.
    Containers(drone::Definition),
    /// A pipeline of GitLab.
    Gitlab(gitlab::Definition),
    /// A Makefile.
    Makefile(Makefile),
    /// A definition that is not evaluated.
    Foreign(Foreign),
}

impl Pipeline {
    /// The workflow that it is.
    #[must_use]
    pub fn workflow(&self) -> Option<&Workflow> {
        match self {
            Self::Workflow(workflow) => Some(workflow),
            _ => None,
        }
    }

    /// What it publishes on the event that the settings name, or in each scenario that its
    /// conditions admit.
    #[must_use]
    pub fn plans(&self, settings: &Settings, repository: &dyn Repository) -> Vec<Plan> {
        match self {
            Self::Workflow(workflow) => run::plans(workflow, settings, repository),
            Self::Containers(definition) => drone::plans(definition, settings, repository),
            Self::Gitlab(definition) => gitlab::plans(definition, settings, repository),
            Self::Makefile(makefile) => makefile::plans(makefile, settings, repository),
            Self::Foreign(foreign) => foreign::plans(foreign, settings),
        }
    }
}
