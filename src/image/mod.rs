//! Image references and tags: pure values, no input or output.
//!
//! A reference ([`ImageRef`]) is read by distribution's grammar, in `grammar.rs`; what its tag says
//! ([`Tag`]) is read by convention, since a registry gives tags no meaning. [`Pin`] is the verdict
//! of both together.

mod digest;
mod error;
mod grammar;
mod pin;
mod reference;
mod repository;
mod tag;
mod version;

pub use digest::Digest;
pub use error::ReferenceError;
pub use grammar::is_tag;
pub use pin::Pin;
pub use reference::{AnyRef, ImageRef};
pub use repository::Repository;
pub use tag::Tag;
pub use version::{Precision, Version};
