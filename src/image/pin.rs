//! How firmly a reference is pinned: the verdict that rules and reports go by.

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
        image
            .tag()
            .map_or(Self::Untagged, |tag| Self::of_tag(&Tag::parse(tag)))
    }

    /// The pin that a tag gives where no digest stands beside it.
    #[must_use]
    pub fn of_tag(tag: &Tag) -> Self {
        match tag {
            Tag::Version { version, .. } if version.precision() == Precision::Full => Self::Version,
            Tag::Version { .. } => Self::Partial,
            Tag::Channel { .. } => Self::Channel,
            Tag::Commit => Self::Commit,
            Tag::Date => Self::Date,
            Tag::Other => Self::Other,
        }
    }

    /// Whether the reference is known to mean another image from one release to the next: by a
    /// channel, or by no tag at all. A part of a version is not counted: that it moves within its
    /// line is often what is wanted.
    #[must_use]
    pub fn floats(self) -> bool {
        matches!(self, Self::Channel | Self::Untagged)
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
