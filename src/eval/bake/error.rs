//! What can go wrong in a bake definition: a message, and where it stands.

use std::ops::Range;

/// Bytes of one of the files of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct At {
    /// Index of the file in the request.
    pub(super) file: usize,
    /// First byte.
    pub(super) start: usize,
    /// Just past the last byte.
    pub(super) end: usize,
}

impl At {
    pub(super) fn new(file: usize, range: Range<usize>) -> Self {
        Self {
            file,
            start: range.start,
            end: range.end,
        }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Why `bake` refuses a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BakeError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Index of the file in the request, where the fault stands in a file.
    pub file: Option<usize>,
    /// The bytes in that file.
    pub range: Range<usize>,
}

/// A fault on its way to the caller. Boxed: results are passed around far more often than faults.
#[derive(Debug, Clone)]
pub(super) struct Fault(Box<(String, Option<At>)>);

pub(super) type Outcome<T> = Result<T, Fault>;

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Box::new((message.into(), None)))
    }

    pub(super) fn at(at: At, message: impl Into<String>) -> Self {
        Self(Box::new((message.into(), Some(at))))
    }

    /// The same fault, placed here unless it knows a place of its own.
    pub(super) fn or_at(mut self, at: At) -> Self {
        self.0.1.get_or_insert(at);
        self
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<Fault> for BakeError {
    fn from(fault: Fault) -> Self {
        let (message, at) = *fault.0;
        Self {
            message,
            file: at.map(|at| at.file),
            range: at.map_or(0..0, At::range),
        }
    }
}
