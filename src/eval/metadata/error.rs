//! Why a run of the action fails, and what in its inputs is at fault.

use std::ops::Range;

/// An input of the action, as something to point into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// `images`.
    Images,
    /// `tags`.
    Tags,
    /// `flavor`.
    Flavor,
    /// `labels`.
    Labels,
    /// `annotations`.
    Annotations,
}

/// The run fails: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MetadataError {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The input that is at fault.
    pub input: Input,
    /// The bytes of that input's text.
    pub range: Range<usize>,
}

impl MetadataError {
    pub(crate) fn new(input: Input, range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            input,
            range,
        }
    }
}
