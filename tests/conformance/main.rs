//! The evaluators against facts taken from the real tools.
//!
//! The facts lie outside the repository, in `../shared/vectors`; where that folder is absent (on a
//! user's machine), each test says so and passes.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

mod bake;
mod compose;
mod drone;
mod expressions;
mod image_reference;
mod kustomize;
mod matrix;
mod metadata;
mod vectors;
mod versions;
