//! Image references and tags: pure values, no input or output.

/// A parsed image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef;

/// How firmly a reference is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// It could not be resolved.
    Unresolved,
}

impl Pin {
    /// The pin of a reference.
    #[must_use]
    pub fn of(_: &ImageRef) -> Self {
        Self::Unresolved
    }
}
