//! Drone and Woodpecker: pipelines of containers, in which plugins build and push images.

mod condition;
mod definition;
mod manifest;
mod matrix;
mod plugin;
mod run;
mod settings;
mod substitute;
pub mod tags;
mod variables;

pub use definition::{Definition, Pipeline, System, is_named, read, system};
pub use run::plans;
