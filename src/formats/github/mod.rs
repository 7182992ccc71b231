//! GitHub Actions workflows: as written, and what they would publish.

pub mod event;
pub mod filter;
pub mod run;
pub mod workflow;
pub mod world;

mod actions;
mod call;
mod context;
mod dockerfile;
mod payload;
mod render;
mod script;
mod step;
pub mod triggers;

pub use super::ci::tree;
