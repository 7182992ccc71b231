//! Which of a registry's tags a reference is to have.

use std::cmp::Reverse;

use crate::audit::{Split, split};
use crate::image::{Tag, Version};
use crate::policy::Affix;

/// How far an update goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// To any newer version.
    Any,
    /// To one with the same first number.
    Minor,
    /// To one with the same first two numbers.
    Patch,
}

/// The version tags that a tag may stand for: of the variant that is given, else of that which the tag
/// names, and of the part of a version that it names, if it names one. Stable ones first, newest
/// first. Without a tag, all version tags.
#[must_use]
pub fn candidates(
    tags: &[String],
    floating: Option<&str>,
    declared: Option<&Affix>,
) -> Vec<String> {
    let read = floating.map(Tag::parse);
    let variant = read.as_ref().and_then(Tag::variant);
    let line: &[u64] = match &read {
        Some(Tag::Version { version, .. }) => version.numbers(),
        _ => &[],
    };
    let mut found: Vec<(&String, Version)> = tags
        .iter()
        .filter_map(|tag| Some((tag, split(tag)?)))
        .filter(|(tag, split)| match declared {
            Some(affix) => split.affix == *affix,
            None => floating.is_none() || Tag::parse(tag).variant() == variant,
        })
        .map(|(tag, split)| (tag, split.version))
        .filter(|(_, version)| version.numbers().starts_with(line))
        .collect();
    found.sort_by(|(_, a), (_, b)| {
        let stable = |version: &Version| version.prerelease().is_none();
        (Reverse(stable(a)), Reverse(a)).cmp(&(Reverse(stable(b)), Reverse(b)))
    });
    found.into_iter().map(|(tag, _)| tag.clone()).collect()
}

/// The most specific of version tags that all have one digest: with most numbers, then with a build.
/// Of several such, the first.
#[must_use]
pub fn best(tags: &[String]) -> Option<&String> {
    let weight = |tag: &String| {
        split(tag).map_or((0, false), |split| {
            (split.version.components(), split.version.build().is_some())
        })
    };
    tags.iter().rev().max_by_key(|tag| weight(tag))
}

/// The newest stable version of the same variant that is newer than a tag and within a bound; `None`
/// where there is none, or where the tag is no version.
#[must_use]
pub fn newer<'t>(tags: &'t [String], current: &str, bound: Bound) -> Option<&'t String> {
    let own = split(current)?;
    let alike = |other: &Split| {
        other.affix == own.affix
            && other.leading_v == own.leading_v
            && other.version.components() == own.version.components()
            && other.version.build().is_some() == own.version.build().is_some()
            && other.version.prerelease().is_none()
    };
    let kept = match bound {
        Bound::Any => 0,
        Bound::Minor => 1,
        Bound::Patch => 2,
    };
    let within = |other: &Split| {
        let (own, other) = (own.version.numbers(), other.version.numbers());
        own.iter()
            .zip(other)
            .take(kept)
            .all(|(own, other)| own == other)
    };
    tags.iter()
        .filter_map(|tag| Some((tag, split(tag)?)))
        .filter(|(_, other)| alike(other) && within(other) && other.version > own.version)
        .max_by(|(_, a), (_, b)| a.version.cmp(&b.version))
        .map(|(tag, _)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(list: &[&str]) -> Vec<String> {
        list.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn candidates_are_of_the_same_variant_newest_first() {
        let all = tags(&[
            "1.2.3",
            "1.10.0",
            "1.2.3-slim",
            "2.0.0-rc.1",
            "2.0.0-slim",
            "1.2",
            "latest",
            "v1.3.0",
        ]);
        let of = |tag| candidates(&all, tag, None);
        assert_eq!(
            of(Some("latest")),
            ["1.10.0", "v1.3.0", "1.2.3", "2.0.0-rc.1"]
        );
        assert_eq!(of(Some("latest-slim")), ["2.0.0-slim", "1.2.3-slim"]);
        assert_eq!(of(Some("slim")), ["2.0.0-slim", "1.2.3-slim"]);
        assert_eq!(of(Some("1.2")), ["1.2.3"]);
        assert_eq!(of(Some("1.2-slim")), ["1.2.3-slim"]);
        assert_eq!(of(None).len(), 6);
        let slim = Affix {
            prefix: String::new(),
            suffix: "-slim".to_owned(),
        };
        let declared = candidates(&all, Some("tiny"), Some(&slim));
        assert_eq!(declared, ["2.0.0-slim", "1.2.3-slim"]);
    }

    #[test]
    fn the_most_specific_is_taken() {
        let best = |list: &[&str]| best(&tags(list)).cloned();
        assert_eq!(best(&["1.2.3", "1.2.3-r5"]).as_deref(), Some("1.2.3-r5"));
        assert_eq!(best(&["1.2.3.4", "1.2.3"]).as_deref(), Some("1.2.3.4"));
        assert_eq!(best(&["1.2.4", "1.2.3"]).as_deref(), Some("1.2.4"));
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn updates_stay_within_their_bound() {
        let all = tags(&[
            "1.2.3",
            "1.2.9",
            "1.3.0",
            "2.0.0",
            "3.0.0-rc.1",
            "2.1.0-slim",
            "v4.0.0",
            "1.2.9-r1",
        ]);
        let of = |bound| newer(&all, "1.2.3", bound).map(String::as_str);
        assert_eq!(of(Bound::Any), Some("2.0.0"));
        assert_eq!(of(Bound::Minor), Some("1.3.0"));
        assert_eq!(of(Bound::Patch), Some("1.2.9"));
        assert_eq!(newer(&all, "2.0.0", Bound::Any), None);
        assert_eq!(
            newer(&all, "2.0.0-slim", Bound::Any).map(String::as_str),
            Some("2.1.0-slim")
        );
        assert_eq!(newer(&all, "latest", Bound::Any), None);
    }
}
