//! What every CI system shares: the account of a run, the container commands of its scripts, and
//! the definitions that those commands build from. Nothing here knows how a workflow is written.

pub mod bake;
pub mod compose;
pub mod event;
pub mod go;
pub mod goreleaser;
pub mod images;
pub mod ko;
pub mod ledger;
pub mod script;
pub mod settings;
pub mod text;
pub mod tree;
pub mod variables;

use std::ops::Range;

use crate::eval::shell;
use crate::eval::unknown::Unknowns;
use crate::facts::Build;
use crate::files::Files;
use crate::source::Place;

/// A script of some CI system, evaluated text and all that is around it.
pub struct Script<'a> {
    /// The text; expressions of the CI system are replaced already, unknown parts are marks.
    pub text: &'a str,
    /// The place in the file of a byte range of the text.
    pub place: &'a dyn Fn(Range<usize>) -> Place,
    /// The number of the step in its job, from 0.
    pub step: usize,
    /// Variables, git and files as the script finds them.
    pub environment: &'a dyn shell::Environment,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The repository.
    pub files: &'a dyn Files,
    /// Whether the repository holds the Dockerfile of a build; `None` where that cannot be said.
    pub has_dockerfile: &'a dyn Fn(&Build) -> Option<bool>,
    /// The numbers of commands that belong to other jobs: what those push is theirs.
    pub of_others: &'a [Range<usize>],
}
