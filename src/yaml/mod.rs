//! YAML documents as trees whose every node knows its bytes in the source.
//!
//! [`Yaml::parse`] reads all documents of a file into one arena. Aliases stay aliases and are
//! followed only when asked for, so an alias bomb costs nothing; `<<` is honoured by
//! [`NodeRef::get`] and [`NodeRef::entries`]. A fault ends its own document only: the error is
//! kept, and reading goes on at the next `---`.

mod build;
mod comments;
mod compare;
mod index;
mod node;
mod parts;
mod scalar;

pub use build::YamlError;
pub use node::{Items, Kind, NodeRef};
pub use scalar::{Scalar, ScalarStyle, SourceMap, Typed};

use std::collections::HashMap;

use crate::source::Span;
use node::{Node, NodeId};

/// Nesting past this is refused with an error at its place, so that walks cannot exhaust the stack.
pub const MAX_DEPTH: usize = 200;

/// All documents of one YAML (or JSON) file.
#[derive(Debug, Default)]
pub struct Yaml<'s> {
    text: &'s str,
    nodes: Vec<Node<'s>>,
    children: Vec<NodeId>,
    roots: Vec<NodeId>,
    errors: Vec<YamlError>,
    /// Where reading broke off until the next document.
    broken: Vec<usize>,
    indexes: HashMap<NodeId, index::Index>,
}

impl<'s> Yaml<'s> {
    /// Reads every document; faults are in [`Yaml::errors`], never a panic.
    #[must_use]
    pub fn parse(text: &'s str) -> Self {
        Self::indexed(text, &[Span::new(0, text.len())])
    }

    /// Reads only the documents whose text is wanted: others are passed over unread, as if they were
    /// not there, faults and all.
    #[must_use]
    pub fn parse_where(text: &'s str, wanted: impl Fn(&str) -> bool) -> Self {
        Self::indexed(text, &parts::wanted(text, wanted))
    }

    fn indexed(text: &'s str, parts: &[Span]) -> Self {
        let mut yaml = build::build(text, parts);
        yaml.indexes = index::of(&yaml);
        yaml
    }

    /// The root of each document that could be read, in order.
    pub fn documents(&self) -> impl Iterator<Item = NodeRef<'_, 's>> {
        self.roots.iter().map(|id| NodeRef::at(self, *id))
    }

    /// The first document.
    #[must_use]
    pub fn first(&self) -> Option<NodeRef<'_, 's>> {
        self.documents().next()
    }

    /// What could not be read, in order of place.
    #[must_use]
    pub fn errors(&self) -> &[YamlError] {
        &self.errors
    }

    fn node(&self, id: NodeId) -> Option<&Node<'s>> {
        self.nodes.get(id.0 as usize)
    }
}

#[cfg(test)]
mod tests;
