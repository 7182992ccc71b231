//! GitHub Actions workflows: as written, and what they would publish.

pub mod event;
pub mod filter;
pub mod tree;
pub mod triggers;
pub mod workflow;
