//! The grid: versions by variants, newest first, and the channels over them.

use std::collections::BTreeMap;

use super::release::Release;
use super::split::{Split, split};
use super::{Observed, Seen, Standing};
use crate::image::{Digest, ImageRef, Version};
use crate::policy::{Affix, Declared, Scheme};
use crate::source::Place;

/// An inferred variant is one that several versions carry, unless there are no more versions, or one
/// that has a channel.
const CARRIERS: usize = 2;

/// A channel of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelTag {
    /// The channel: `latest`.
    pub channel: String,
    /// The place of its variant in the scheme.
    pub variant: usize,
    /// Its tag, where the registry has it.
    pub tag: Option<String>,
    /// What it is called, or would be.
    pub wanted: String,
}

/// An image as its registry shows it.
#[derive(Debug, Clone)]
pub struct Audit {
    /// What was seen.
    pub observed: Observed,
    /// What was seen the last time, where that is known.
    pub previous: Option<Observed>,
    /// Its scheme: as declared, or as its tags show it.
    pub scheme: Scheme,
    /// The versions, newest first, pre-releases among them.
    pub releases: Vec<Release>,
    /// The channels that releases move, variant by variant.
    pub channels: Vec<ChannelTag>,
    /// Where findings about it stand.
    pub at: Place,
    /// Where a workflow publishes it, where one does.
    pub published_at: Option<Place>,
}

impl Audit {
    /// Lays out what was seen, by what a policy declares, if one does.
    #[must_use]
    pub fn new(observed: Observed, declared: Option<Declared>, at: Place) -> Self {
        let read: Vec<(&str, Split)> = observed
            .tags
            .keys()
            .filter_map(|tag| Some((tag.as_str(), split(tag)?)))
            .collect();
        let scheme = scheme(&observed, &read, declared);
        let releases = releases(&read, &scheme);
        let channels = channels(&observed, &scheme);
        Self {
            previous: None,
            published_at: None,
            scheme,
            releases,
            channels,
            at,
            observed,
        }
    }

    /// The image as short as people write it.
    #[must_use]
    pub fn name(&self) -> String {
        let image = ImageRef::parse_normalized(&self.observed.image);
        image.map_or_else(
            |_| self.observed.image.clone(),
            |image| image.familiar_name().to_owned(),
        )
    }

    /// The whole reference of a tag.
    #[must_use]
    pub fn reference(&self, tag: &str) -> String {
        format!("{}:{tag}", self.name())
    }

    /// What was seen of a tag.
    #[must_use]
    pub fn seen(&self, tag: &str) -> Option<&Seen> {
        self.observed.tags.get(tag)
    }

    /// The stable versions, newest first.
    pub fn stable(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(|release| release.is_stable())
    }

    /// The newest stable version that has a variant, with its tag.
    #[must_use]
    pub fn newest(&self, variant: usize) -> Option<(&Release, &str)> {
        let mut stable = self.stable();
        stable.find_map(|release| Some((release, release.tag(variant)?)))
    }

    /// How a variant is called.
    #[must_use]
    pub fn variant_name(&self, variant: usize) -> String {
        let affix = self.scheme.variants.get(variant);
        affix.map_or_else(String::new, |affix| self.scheme.variant_name(affix))
    }

    /// The version tags that have a digest: of a variant or of all, with the version.
    pub fn with_digest(
        &self,
        digest: &Digest,
        variant: Option<usize>,
    ) -> impl Iterator<Item = (&Release, usize, &str)> {
        self.releases
            .iter()
            .flat_map(|release| {
                release
                    .tags
                    .iter()
                    .enumerate()
                    .map(move |(index, tag)| (release, index, tag))
            })
            .filter_map(|(release, index, tag)| Some((release, index, tag.as_deref()?)))
            .filter(move |(_, index, tag)| {
                variant.is_none_or(|variant| variant == *index)
                    && self.observed.digest(tag) == Some(digest)
            })
    }

    /// What a channel stands on.
    #[must_use]
    pub fn standing(&self, channel: &ChannelTag) -> Standing<'_> {
        Standing::of(self, channel)
    }

    /// The tags by which the newest stable versions have their variants: of so many versions.
    #[must_use]
    pub fn newest_tags(&self, versions: usize) -> Vec<&str> {
        let newest = self.stable().take(versions);
        newest
            .flat_map(|release| release.tags.iter().flatten().map(String::as_str))
            .collect()
    }
}

/// The scheme that tags show, or that is declared.
fn scheme(observed: &Observed, read: &[(&str, Split)], declared: Option<Declared>) -> Scheme {
    let mut carriers: BTreeMap<&Affix, std::collections::BTreeSet<&Version>> = BTreeMap::new();
    let stable = read
        .iter()
        .filter(|(_, split)| split.version.prerelease().is_none());
    for (_, split) in stable {
        carriers
            .entry(&split.affix)
            .or_default()
            .insert(&split.version);
    }
    let most = carriers
        .values()
        .map(std::collections::BTreeSet::len)
        .max()
        .unwrap_or(0);
    let least = CARRIERS.min(most);
    let has_channel = |affix: &Affix| {
        let mut names = affix.channel_names("latest").into_iter();
        names.any(|name| observed.tags.contains_key(&name))
    };
    let carried = carriers
        .iter()
        .filter(|(affix, versions)| versions.len() >= least || has_channel(affix));
    let mut variants: Vec<Affix> = carried.map(|(affix, _)| (*affix).clone()).collect();
    variants.sort_by(|a, b| (!a.is_base(), a).cmp(&(!b.is_base(), b)));
    let inferred = Scheme {
        variants,
        declared: None,
    };
    inferred.with_declared(declared)
}

fn releases(read: &[(&str, Split)], scheme: &Scheme) -> Vec<Release> {
    let mut rows: BTreeMap<&Version, Release> = BTreeMap::new();
    for (tag, split) in read {
        let Some(variant) = scheme
            .variants
            .iter()
            .position(|affix| *affix == split.affix)
        else {
            continue;
        };
        let release = rows.entry(&split.version).or_insert_with(|| Release {
            version: split.version.clone(),
            spelled: split.spelled.clone(),
            leading_v: split.leading_v,
            tags: vec![None; scheme.variants.len()],
        });
        if let Some(cell) = release.tags.get_mut(variant) {
            cell.get_or_insert_with(|| (*tag).to_owned());
        }
    }
    rows.into_values().rev().collect()
}

fn channels(observed: &Observed, scheme: &Scheme) -> Vec<ChannelTag> {
    let mut found = Vec::new();
    for channel in scheme.release_channels() {
        for (variant, affix) in scheme.variants.iter().enumerate() {
            let mut names = scheme.channel_names(channel, affix).into_iter();
            let tag = names.find(|name| observed.tags.contains_key(name));
            let wanted = scheme.channel_tag(channel, affix);
            found.push(ChannelTag {
                channel: channel.to_owned(),
                variant,
                wanted: tag.clone().unwrap_or(wanted),
                tag,
            });
        }
    }
    found
}
