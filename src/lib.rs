//! taglint: which container image tags CI publishes, and which ones production runs.

pub mod eval;
pub mod facts;
pub mod finding;
pub mod formats;
pub mod image;
pub mod policy;
pub mod rules;
pub mod source;
pub mod yaml;
