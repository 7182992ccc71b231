//! What a channel stands on: the newest version of its variant, an older one, something else.

use super::layout::{Audit, ChannelTag};
use super::release::Release;

/// What a channel stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The registry does not have it.
    Absent,
    /// Not everything that would tell was seen.
    Unknown,
    /// The newest stable version of its own variant.
    Newest(&'a Release),
    /// Another version of its own variant, with its tag.
    Other(&'a Release, &'a str),
    /// A version of another variant: its place in the scheme, and its tag.
    Crossed(&'a Release, usize, &'a str),
    /// No version at all.
    Orphan,
}

impl<'a> Standing<'a> {
    pub(super) fn of(audit: &'a Audit, channel: &ChannelTag) -> Self {
        let Some(tag) = &channel.tag else {
            return match audit.observed.complete {
                true => Self::Absent,
                false => Self::Unknown,
            };
        };
        let Some(digest) = audit.observed.digest(tag) else {
            return Self::Unknown;
        };
        let newest = audit.newest(channel.variant);
        if let Some((release, tag)) = newest {
            match audit.observed.digest(tag) {
                Some(own) if own == digest => return Self::Newest(release),
                Some(_) => {}
                // It may well be the newest.
                None => return Self::Unknown,
            }
        }
        if let Some((release, _, tag)) = audit.with_digest(digest, Some(channel.variant)).next() {
            return Self::Other(release, tag);
        }
        // Without the whole list its own variant may have the same.
        let crossed = audit.with_digest(digest, None).next();
        if let Some((release, variant, tag)) = crossed.filter(|_| audit.observed.complete) {
            return Self::Crossed(release, variant, tag);
        }
        let tags = || {
            audit
                .releases
                .iter()
                .flat_map(|release| release.tags.iter().flatten())
        };
        let all = audit.observed.complete && tags().all(|tag| audit.observed.digest(tag).is_some());
        match all && tags().next().is_some() {
            true => Self::Orphan,
            false => Self::Unknown,
        }
    }

    /// The version that it stands on, where there is one.
    #[must_use]
    pub fn release(&self) -> Option<&'a Release> {
        match self {
            Self::Newest(release) | Self::Other(release, _) | Self::Crossed(release, _, _) => {
                Some(release)
            }
            Self::Absent | Self::Unknown | Self::Orphan => None,
        }
    }
}
