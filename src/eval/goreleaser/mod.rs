//! What GoReleaser would build, tag and push for one commit: its configuration evaluated, with the
//! place of the very template that gives each image.
//!
//! [`Config::read`] takes the configuration as YAML, [`command::Command::read`] the command line,
//! and [`definition::evaluate`] runs the one by the other. Nothing here looks for files.

pub mod command;
mod config;
pub mod definition;
mod docker;
mod function;
mod ko;
mod scene;
mod version;

#[cfg(test)]
mod tests;

pub use config::{Config, Include, Text};
pub use scene::{Situation, Tag};

/// Where GoReleaser looks for its configuration, in this order.
pub const DEFAULT_FILES: [&str; 6] = [
    ".config/goreleaser.yml",
    ".config/goreleaser.yaml",
    ".goreleaser.yml",
    ".goreleaser.yaml",
    "goreleaser.yml",
    "goreleaser.yaml",
];
