//! taglint: which container image tags CI publishes, and which ones production runs.

pub mod eval;
pub mod image;
pub mod source;
