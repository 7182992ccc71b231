//! How firmly a reference is pinned.

use super::{ImageRef, Precision, Tag};

/// How firmly a reference is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pin {
    /// By digest: nothing moves it, whatever tag stands before it.
    Digest,
    /// By a whole version.
    Version,
    /// By a part of a version, which moves with each release below it.
    Partial,
    /// By a name that moves.
    Channel,
    /// Not at all: it means `latest`.
    Untagged,
    /// By a commit.
    Commit,
    /// By a date.
    Date,
    /// By a tag of which nothing can be told.
    Other,
    /// It could not be resolved to a reference.
    Unresolved,
}

impl Pin {
    /// The pin of a reference.
    #[must_use]
    pub fn of(image: &ImageRef) -> Self {
        if image.digest().is_some() {
            return Self::Digest;
        }
        let Some(tag) = image.tag() else {
            return Self::Untagged;
        };
        match Tag::parse(tag) {
            Tag::Version { version, .. } if version.precision() == Precision::Full => Self::Version,
            Tag::Version { .. } => Self::Partial,
            Tag::Channel { .. } => Self::Channel,
            Tag::Commit => Self::Commit,
            Tag::Date => Self::Date,
            Tag::Other => Self::Other,
        }
    }

    /// The word for it in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Version => "version",
            Self::Partial => "partial",
            Self::Channel => "channel",
            Self::Untagged => "untagged",
            Self::Commit => "commit",
            Self::Date => "date",
            Self::Other => "other",
            Self::Unresolved => "unresolved",
        }
    }
}
