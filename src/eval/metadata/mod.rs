//! metadata
mod entry;
mod error;
mod flavor;
mod image;
mod input;
mod javascript;
mod order;
mod template;
mod pattern;
mod date;
mod version;
pub use error::*;
