//! Compose projects as compose itself sees them: interpolation, `.env` files, and the services that
//! a set of files comes to, each value with the place that decides it.
//!
//! Nothing here knows what an image use or a rule is; files are asked for by their paths within the
//! repository.

pub mod dotenv;
pub mod interpolate;

mod consistency;
mod environment;
mod extends;
mod include;
mod load;
mod loader;
mod merge;
mod name;
mod path;
mod place;
mod reader;
mod schema;
mod select;
mod service;
mod tree;

use crate::files::Files;
use crate::source::Span;
use interpolate::{InterpolateError, Piece};

pub use load::load;
pub use path::joined;
pub use select::{DEFAULTS, OVERRIDES, files_of};
pub use service::{Build, Service};

/// What a project is loaded from.
pub struct Request<'r> {
    /// The repository.
    pub files: &'r dyn Files,
    /// The folder where compose is started, relative to the root; empty for the root.
    pub folder: &'r str,
    /// The files named with `-f`, relative to that folder; with none, what `COMPOSE_FILE` says, or
    /// else the default file and its override.
    pub compose_files: &'r [String],
    /// The files named with `--env-file`; with none, `.env`.
    pub env_files: &'r [String],
    /// The variables of the process, which win over those of any file.
    pub environment: &'r dyn Fn(&str) -> Option<String>,
    /// What stands for a variable that neither the process nor a file is known to set.
    pub fallback: &'r dyn Fn(&str) -> Option<String>,
    /// The profiles that are on; with none, what `COMPOSE_PROFILES` says.
    pub profiles: &'r [String],
    /// Whether to go on where compose refuses: a required variable that is missing, a file that
    /// cannot be read, a service without image and build, an attribute that is not known.
    pub lenient: bool,
}

/// What a set of files comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// The services, sorted by name, with those that no active profile wants.
    pub services: Vec<Service>,
    /// Every file that was read, relative to the root; an [`Origin`] counts in it.
    pub files: Vec<String>,
    /// The files all of whose services are in the project, as indices of [`Project::files`]; from
    /// others, services are extended, or variables come.
    pub whole: Vec<usize>,
    /// Images that no service has, since another file replaces them.
    pub replaced: Vec<Origin>,
    /// What could not be followed, with its place; only where that is no error.
    pub unread: Vec<(String, Origin)>,
}

/// Bytes in a file of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index in [`Project::files`].
    pub file: usize,
    /// The bytes: of a scalar with its quotes.
    pub span: Span,
}

/// A text of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The text, variables replaced; as written where there is a problem.
    pub text: String,
    /// The scalar that decides it.
    pub at: Origin,
    /// What variables decide of it.
    pub variables: Vec<Variable>,
    /// Why its variables could not be replaced.
    pub problem: Option<InterpolateError>,
}

/// A part of a text that a variable decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The part.
    pub piece: Piece,
    /// Where a file sets the variable, where one does.
    pub at: Option<Origin>,
}

/// Why compose refuses a project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ComposeError {
    /// What is wrong.
    pub message: String,
    /// Where, as far as that is one place.
    pub at: Option<Origin>,
}

impl ComposeError {
    fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { message, at: None }
    }

    fn at(message: impl Into<String>, at: Origin) -> Self {
        let message = message.into();
        let at = Some(at);
        Self { message, at }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests;
