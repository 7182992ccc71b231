//! GitLab CI: which jobs a pipeline runs, with which variables, and what their scripts publish.

mod definition;
mod expression;
mod matrix;
mod refs;
mod rules;
mod run;
mod variables;

pub use definition::{Definition, is_pipeline, read};
pub use run::plans;
