//! `strategy.matrix`: from axes, `exclude` and `include` to the jobs that run.
//!
//! The order of jobs, what an `include` adds to and what it overwrites are the runner's. Where a
//! part of the matrix is not known the rest of it still is: an unknown axis gives jobs in which
//! that one value is unknown, an unknown `exclude` leaves it open which of the jobs there are.

mod axis;
mod combination;
mod filter;
mod name;
#[cfg(test)]
mod tests;

use thiserror::Error;

use self::axis::{List, axis, size};
use self::combination::{Combination, combination, include_all};
use self::name::Names;
use super::unknown::{self, Mark};
use super::value::{Object, Value};

/// GitHub runs no more jobs than this for one matrix.
const MAX_JOBS: usize = 256;

/// Where some of them are only possible, more patterns of jobs than this are not worth a list.
const MAX_PATTERNS: usize = 1024;

/// So many comparisons of a combination with an `include` or `exclude` are made at most.
const MAX_WORK: usize = 500_000;

/// What a matrix expands to.
#[derive(Debug, Clone)]
pub enum Matrix {
    /// These jobs, in order.
    Jobs(Vec<Instance>),
    /// Nobody knows.
    Unknown(Mark),
}

/// One combination of values, for which a job runs.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The `matrix` context: the axes in order, then what `include` added.
    pub values: Object,
    /// What tells the job apart within the run.
    pub id: String,
    /// What follows the job's name, such as `(linux, x64)`; empty where there is nothing to show.
    pub name_suffix: String,
    /// Whether the job exists.
    pub presence: Presence,
}

/// How sure it is that a combination is a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is one job.
    Certain,
    /// It is one job or none.
    Maybe(Mark),
    /// It stands for any number of jobs, which differ in what is not known of it.
    Any(Mark),
}

/// A fault of a matrix, for which GitHub refuses the job.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct MatrixError {
    /// Where: from `strategy.matrix` inwards.
    pub path: Vec<Step>,
    /// What is wrong, in words.
    pub message: String,
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of a name.
    Key(String),
    /// To an item, counted from 0.
    Item(usize),
}

impl Instance {
    /// The name of its job, as GitHub shows it for a job of this name.
    #[must_use]
    pub fn job_name(&self, job: &str) -> String {
        name::of_job(job, &self.name_suffix)
    }
}

/// Expands the value of `strategy.matrix`, in which expressions are evaluated already.
///
/// # Errors
/// Every fault for which GitHub refuses it, and a matrix of more than 256 jobs.
pub fn expand(matrix: &Value) -> Result<Matrix, Vec<MatrixError>> {
    let object = match matrix {
        Value::Unknown(mark) => return Ok(Matrix::Unknown(*mark)),
        Value::Object(object) => object,
        Value::String(text) if !unknown::is_known(text) => {
            return Ok(unknown::first_mark(text).map_or(Matrix::Jobs(Vec::new()), Matrix::Unknown));
        }
        _ => return Err(vec![fault([], "a matrix is a mapping of axes to lists")]),
    };
    if let Some(mark) = object.open {
        return Ok(Matrix::Unknown(mark));
    }
    let mut faults = Vec::new();
    let mut axes = Vec::new();
    let (mut include, mut exclude) = (List::default(), List::default());
    let mut empty = true;
    for (name, value) in object.iter() {
        match name {
            "include" => {
                include = List::read(name, value, &mut faults);
                empty &= include.items.is_empty() && include.open.is_none();
            }
            "exclude" => exclude = List::read(name, value, &mut faults),
            _ => {
                empty = false;
                axes.extend(axis(name, value, &mut faults));
            }
        }
    }
    if empty {
        faults.push(fault([], "a matrix needs an axis or an `include`"));
    }
    let excluded = filter::excludes(&exclude, &axes, &mut faults);
    let included = filter::includes(&include, &axes, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let size = size(&axes);
    let filters = excluded.len() + included.len() + 1;
    let Some(size) = size else {
        return Err(vec![too_many("more combinations than can be counted")]);
    };
    if size.saturating_mul(filters) > MAX_WORK {
        return Err(vec![too_many(&format!("{size} combinations"))]);
    }
    let mut combinations = Vec::new();
    for place in 0..size {
        combinations.extend(combination(place, size, &axes, &excluded, exclude.open));
    }
    let combinations = include_all(combinations, included, include.open);
    let certain = |combination: &&Combination| combination.presence == Presence::Certain;
    let jobs = combinations.iter().filter(certain).count();
    if jobs > MAX_JOBS {
        return Err(vec![too_many(&format!("{jobs} jobs"))]);
    }
    if combinations.len() > MAX_PATTERNS
        && let Some(mark) = combinations.iter().find_map(Combination::doubt)
    {
        return Ok(Matrix::Unknown(mark));
    }
    let mut names = Names::default();
    let jobs = combinations.into_iter().map(|job| job.named(&mut names));
    Ok(Matrix::Jobs(jobs.collect()))
}

fn fault<const N: usize>(path: [Step; N], message: impl Into<String>) -> MatrixError {
    MatrixError {
        path: path.into(),
        message: message.into(),
    }
}

fn too_many(what: &str) -> MatrixError {
    let message =
        format!("the matrix gives {what}, more than the {MAX_JOBS} jobs that GitHub runs");
    fault([], message)
}
