//! Image references and tags: pure values, no input or output.

mod pin;
mod reference;
mod tag;
mod version;

pub use pin::Pin;
pub use reference::{Digest, ImageRef, ReferenceError};
pub use tag::{Tag, is_tag};
pub use version::{Precision, Version};
