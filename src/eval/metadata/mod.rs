//! metadata
mod entry;
mod error;
mod flavor;
mod image;
mod input;
mod javascript;
mod order;
mod template;
pub use error::*;
