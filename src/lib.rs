//! taglint.
pub mod eval;
pub mod image;
pub mod source;
pub mod yaml;
