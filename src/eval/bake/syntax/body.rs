//! Bodies: attributes and blocks.

use std::rc::Rc;

use super::Expr;
use crate::eval::bake::error::At;

/// A name with its value.
#[derive(Debug, Clone)]
pub(in crate::eval::bake) struct Attribute {
    pub(in crate::eval::bake) name: Rc<str>,
    pub(in crate::eval::bake) value: Rc<Expr>,
}

/// A block: its type, labels, and what stands in it.
#[derive(Debug, Clone)]
pub(in crate::eval::bake) struct Block {
    pub(in crate::eval::bake) kind: Rc<str>,
    pub(in crate::eval::bake) labels: Vec<Rc<str>>,
    pub(in crate::eval::bake) body: Body,
    /// The first label, or the type where there is none.
    pub(in crate::eval::bake) at: At,
}

/// What stands in a file or a block.
#[derive(Debug, Clone, Default)]
pub(in crate::eval::bake) struct Body {
    pub(in crate::eval::bake) attributes: Vec<Attribute>,
    pub(in crate::eval::bake) blocks: Vec<Block>,
}

impl Body {
    pub(in crate::eval::bake) fn attribute(&self, name: &str) -> Option<&Rc<Expr>> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name == name)
            .map(|attribute| &attribute.value)
    }
}
