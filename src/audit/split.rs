//! Cuts a version tag into the version and what stands around it, without knowing what was released.

use crate::image::{Precision, Tag, Version};
use crate::policy::Affix;

/// A tag of a whole version, cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The version.
    pub version: Version,
    /// The version as the tag spells it, without a leading `v`.
    pub spelled: String,
    /// Whether a `v` stands before it.
    pub leading_v: bool,
    /// What stands around it.
    pub affix: Affix,
}

/// Cuts a tag; `None` where it names no whole version, or a processor or a commit beside it.
#[must_use]
pub fn split(tag: &str) -> Option<Split> {
    let Tag::Version {
        version,
        leading_v,
        prefix,
        suffix,
    } = Tag::parse(tag)
    else {
        return None;
    };
    if version.precision() != Precision::Full {
        return None;
    }
    // One separator stands between a prefix and the version.
    let start = match prefix.len() {
        0 => 0,
        length => length + 1,
    };
    let after = tag.get(start..)?;
    let (_, rest) = Version::read(after)?;
    // A build belongs to the version, and stands before the variant here.
    let (build, suffix) = match suffix.as_str() {
        "" => (rest, ""),
        suffix => {
            let before = rest.strip_suffix(suffix)?;
            let build = before.trim_end_matches(['-', '_', '.']);
            (build, rest.get(build.len()..)?)
        }
    };
    if version.build().is_none() && !build.trim_matches(['-', '_', '.']).is_empty() {
        return None;
    }
    let spelled = after.get(..after.len() - rest.len() + build.len())?;
    let spelled = spelled.trim_end_matches(['-', '_', '.']);
    let affix = Affix {
        prefix: tag.get(..start)?.to_owned(),
        suffix: suffix.to_owned(),
    };
    if affix.is_no_variant() {
        return None;
    }
    Some(Split {
        version,
        spelled: spelled
            .strip_prefix(['v', 'V'])
            .unwrap_or(spelled)
            .to_owned(),
        leading_v,
        affix,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_cut_into_version_and_affix() {
        let of = |tag: &str| {
            let split = split(tag)?;
            let Affix { prefix, suffix } = split.affix;
            Some(format!("{prefix}|{}|{suffix}", split.spelled))
        };
        for (tag, wanted) in [
            ("0.24.9", Some("|0.24.9|")),
            ("0.24.9-slim", Some("|0.24.9|-slim")),
            ("v1.2.3_slim", Some("|1.2.3|_slim")),
            ("cuda-1.2.3", Some("cuda-|1.2.3|")),
            ("1.2.3-rc.1-full", Some("|1.2.3-rc.1|-full")),
            ("1.2.3-alpine3.20", Some("|1.2.3|-alpine3.20")),
            ("17.0.9_9-jre", Some("|17.0.9_9|-jre")),
            ("2024.03.1", Some("|2024.03.1|")),
            ("1.2.3-r5", Some("|1.2.3-r5|")),
            ("1.2", None),
            ("latest-slim", None),
            ("1.2.3-amd64", None),
            ("1.2.3-", Some("|1.2.3|")),
        ] {
            assert_eq!(of(tag).as_deref(), wanted, "{tag}");
        }
    }
}
