//! One version with its variants: a row of the grid.

use crate::image::Version;
use crate::policy::Affix;

/// One version, with the tags that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// As its tags spell it, without a leading `v`.
    pub spelled: String,
    /// Whether its tags have a leading `v`.
    pub leading_v: bool,
    /// Its tags, in the order of the scheme's variants; `None` for one that it does not have.
    pub tags: Vec<Option<String>>,
}

impl Release {
    /// Whether it is a stable one: pre-releases never count as newest.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.version.prerelease().is_none()
    }

    /// The tag of a variant, by its place in the scheme.
    #[must_use]
    pub fn tag(&self, variant: usize) -> Option<&str> {
        self.tags.get(variant)?.as_deref()
    }

    /// How the tag of a variant is called, or would be.
    #[must_use]
    pub fn tag_of(&self, affix: &Affix) -> String {
        let v = if self.leading_v { "v" } else { "" };
        affix.around(&format!("{v}{}", self.spelled))
    }
}
