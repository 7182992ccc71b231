//! What the action comes to: tags, where each comes from, and why an entry yields none.

use std::ops::Range;

use super::entry::{Attribute, EntryKind};
use super::flavor::Flavor;
use super::image::Image;

/// What the action comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The output `version`: empty where there is none.
    pub version: String,
    /// The enabled images, in order.
    pub images: Vec<Image>,
    /// The tag names, in order, `latest` at the end.
    pub tags: Vec<Tag>,
    /// The entries in the order they are written.
    pub entries: Vec<Entry>,
    /// The flavor.
    pub flavor: Flavor,
    /// What the action would warn of.
    pub warnings: Vec<Warning>,
    pub(super) separator: String,
    pub(super) bake_target: String,
    pub(super) revision: String,
}

/// One tag name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name; it may hold unknown parts.
    pub name: String,
    /// Whether it surely is published.
    pub certain: bool,
    /// Where it comes from.
    pub source: TagSource,
}

/// What makes a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagSource {
    /// The entry of this index.
    Entry(usize),
    /// The automatic `latest`.
    Latest {
        /// The entry that decided that it is added.
        decided_by: usize,
    },
}

/// One entry of the `tags` input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its bytes in the raw `tags` input; empty for an entry of the default list.
    pub range: Range<usize>,
    /// Its type.
    pub kind: EntryKind,
    /// `enable=…`, where it is there.
    pub enable: Option<Attribute>,
    /// `value=…` or the bare field.
    pub value: Option<Attribute>,
    /// `pattern=…`.
    pub pattern: Option<Attribute>,
    /// `match=…` of semver and pep440.
    pub matches: Option<Attribute>,
    /// `prefix=…`, or the prefix that the type has of its own.
    pub prefix: Option<Attribute>,
    /// `suffix=…`.
    pub suffix: Option<Attribute>,
    /// What it comes to for this event.
    pub outcome: EntryOutcome,
    /// Whether it adds `latest` if it is the first that yields; `None` where that is not known or
    /// it yields nothing.
    pub latest: Option<bool>,
}

/// What an entry comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryOutcome {
    /// A tag; others may have yielded the same before.
    Yields {
        /// The tag's name.
        tag: String,
        /// Whether it surely does.
        certain: bool,
    },
    /// `enable` is false.
    Disabled,
    /// The type takes no part in this event.
    WrongEvent,
    /// The event is about another branch than that of `type=edge`.
    WrongBranch,
    /// The pattern does not match.
    NoMatch {
        /// The text that was looked at.
        text: String,
    },
    /// The pattern matches and has no such group, or the group matched nothing.
    NoGroup,
    /// What should be a version is none.
    InvalidVersion {
        /// The text that was looked at.
        text: String,
    },
    /// The value is empty.
    Empty,
    /// It would fail the run, and it is not known whether it is enabled.
    Fails {
        /// Why.
        message: String,
    },
}

/// Something that the action warns of and goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The entry it is about, by index.
    pub entry: usize,
    /// What it says.
    pub message: String,
}
