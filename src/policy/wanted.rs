//! What a scheme asks of tags: which tag a channel of a variant has, which variant a tag names,
//! what moves a channel. A scheme that a policy declares answers to the letter, an inferred one by
//! the habits of the field.

use super::declared::version_form;
use super::{Affix, Channel, Follows, Scheme, Variant};
use crate::image::Tag;
use crate::nearest::distance;
use crate::source::Place;

/// What a policy declares of one image's scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The variants under this image's name; empty where they are inferred.
    pub variants: Vec<Variant>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The version tags that each release publishes.
    pub versions: Vec<String>,
    /// Whether each version has to be signed.
    pub signed: bool,
    /// Where the scheme is declared.
    pub at: Place,
}

/// What a tag has to do with a scheme's variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// It names this variant.
    Variant(Affix),
    /// It names none that the scheme has: what it names, and the nearest right tag.
    Unknown {
        /// The part that names a variant, or the whole tag where it is a channel misspelt.
        word: String,
        /// The tag that it was perhaps meant for.
        nearest: Option<String>,
    },
    /// It says nothing of variants.
    Nothing,
}

impl Scheme {
    /// The declared variants; empty where they are inferred.
    #[must_use]
    pub fn declared_variants(&self) -> &[Variant] {
        let declared = self.declared.as_ref();
        declared.map_or(&[], |declared| declared.variants.as_slice())
    }

    /// The declared variant with this affix.
    #[must_use]
    pub fn declared_variant(&self, affix: &Affix) -> Option<&Variant> {
        let mut variants = self.declared_variants().iter();
        variants.find(|variant| variant.affix == *affix)
    }

    /// How a variant is called.
    #[must_use]
    pub fn variant_name(&self, affix: &Affix) -> String {
        self.declared_variant(affix)
            .map_or_else(|| affix.name(), |variant| variant.name.clone())
    }

    /// The declared channel of this name.
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        let channels = &self.declared.as_ref()?.channels;
        channels.iter().find(|channel| channel.name == name)
    }

    /// The names of the channels that each release is to move: `latest` where nothing is declared.
    #[must_use]
    pub fn release_channels(&self) -> Vec<&str> {
        match &self.declared {
            None => vec!["latest"],
            Some(declared) => {
                let channels = declared.channels.iter();
                let follows = channels.filter(|channel| channel.follows == Follows::Releases);
                follows.map(|channel| channel.name.as_str()).collect()
            }
        }
    }

    /// The tag of a channel of a variant, as it is to be called.
    #[must_use]
    pub fn channel_tag(&self, channel: &str, affix: &Affix) -> String {
        match self.channel(channel) {
            Some(declared) => declared.tag(&self.variant_name(affix), affix),
            None => affix.around(channel),
        }
    }

    /// All tags that a channel of a variant may have: the one that is declared, or those of the
    /// field's habits.
    #[must_use]
    pub fn channel_names(&self, channel: &str, affix: &Affix) -> Vec<String> {
        match self.channel(channel) {
            Some(declared) => vec![declared.tag(&self.variant_name(affix), affix)],
            None => affix.channel_names(channel),
        }
    }

    /// Whether a tag is one of those that a channel of a variant may have.
    #[must_use]
    pub fn is_channel_of(&self, affix: &Affix, tag: &str, channel: &str) -> bool {
        match self.channel(channel) {
            Some(declared) => declared.tag(&self.variant_name(affix), affix) == tag,
            None => affix.goes_by(tag, channel),
        }
    }

    /// What moves the channel that a tag is one of, where that is declared.
    #[must_use]
    pub fn follows(&self, tag: &str) -> Option<Follows> {
        let channels = &self.declared.as_ref()?.channels;
        let found = channels.iter().find(|channel| {
            let mut variants = self.variants.iter();
            variants.any(|affix| channel.tag(&self.variant_name(affix), affix) == tag)
        });
        found.map(|channel| channel.follows)
    }

    /// The variant whose release channel a tag is: of any channel that follows releases.
    #[must_use]
    pub fn variant_of_release_channel(&self, tag: &str) -> Option<&Affix> {
        let mut channels = self.release_channels().into_iter();
        channels.find_map(|channel| self.variant_of_channel(tag, channel))
    }

    /// The version tags that a release publishes of a variant, where they are declared.
    #[must_use]
    pub fn version_tags(&self, version: &str, affix: &Affix) -> Vec<String> {
        let forms = self.declared.iter().flat_map(|declared| &declared.versions);
        let name = self.variant_name(affix);
        forms
            .map(|form| version_form(form, version, &name, affix))
            .collect()
    }

    /// Every tag that the known channels have, with its variant: those declared, and `latest` and
    /// `stable` in an inferred scheme.
    fn channel_tags(&self) -> Vec<(String, &Affix)> {
        let names: Vec<&str> = match &self.declared {
            Some(declared) => declared
                .channels
                .iter()
                .map(|one| one.name.as_str())
                .collect(),
            None => vec!["latest", "stable"],
        };
        let each = names.iter().flat_map(|name| {
            let variants = self.variants.iter();
            variants.flat_map(move |affix| {
                let tags = self.channel_names(name, affix).into_iter();
                tags.map(move |tag| (tag, affix))
            })
        });
        each.collect()
    }

    /// Which variant a tag names, without knowing what was released.
    #[must_use]
    pub fn variant_of_tag(&self, tag: &str) -> Named {
        let channels = self.channel_tags();
        if let Some((_, affix)) = channels.iter().find(|(name, _)| name == tag) {
            return Named::Variant((*affix).clone());
        }
        let mut longest: Vec<&Affix> = self.variants.iter().collect();
        longest.sort_by_key(|affix| std::cmp::Reverse(affix.prefix.len() + affix.suffix.len()));
        let mut inner = longest.iter().filter_map(|affix| {
            let rest = tag.strip_prefix(affix.prefix.as_str())?;
            Some((affix, rest.strip_suffix(affix.suffix.as_str())?))
        });
        let plain = |text: &str| {
            let read = Tag::parse(text);
            !matches!(read, Tag::Other) && read.variant().is_none()
        };
        if let Some((affix, _)) = inner.find(|(_, inner)| plain(inner)) {
            return Named::Variant((**affix).clone());
        }
        let read = Tag::parse(tag);
        let near = nearest_of(tag, &channels);
        match (&read, read.variant()) {
            (Tag::Version { .. }, Some(word)) => {
                let affix = Affix {
                    prefix: String::new(),
                    suffix: format!("-{word}"),
                };
                if affix.is_no_variant() {
                    return Named::Nothing;
                }
                let nearest = self.nearest_variant(&word);
                Named::Unknown {
                    nearest: nearest.and_then(|right| exchanged(tag, &word, &right.name())),
                    word,
                }
            }
            (Tag::Channel { name, .. }, Some(word)) if self.is_channel_word(name) => {
                Named::Unknown {
                    nearest: near.or_else(|| {
                        let right = self.nearest_variant(&word)?;
                        Some(self.channel_tag(name, right))
                    }),
                    word,
                }
            }
            (Tag::Other | Tag::Channel { .. }, _) if near.is_some() => Named::Unknown {
                word: tag.to_owned(),
                nearest: near,
            },
            _ => Named::Nothing,
        }
    }

    fn is_channel_word(&self, name: &str) -> bool {
        name == "latest" || self.channel(name).is_some()
    }

    /// The variant with an affix whose name is nearest to a word.
    #[must_use]
    pub fn nearest_variant(&self, word: &str) -> Option<&Affix> {
        let named = self.variants.iter().filter(|affix| !affix.is_base());
        let names: Vec<(String, &Affix)> = named.map(|affix| (affix.name(), affix)).collect();
        let near = crate::nearest::nearest(word, names.iter().map(|(name, _)| name.as_str()))?;
        names
            .iter()
            .find(|(name, _)| name == near)
            .map(|(_, affix)| *affix)
    }
}

/// The channel's tag that a tag was perhaps meant for: two letters aside at most, and few of it.
fn nearest_of(tag: &str, channels: &[(String, &Affix)]) -> Option<String> {
    let weighed = channels.iter().map(|(name, _)| (distance(tag, name), name));
    let (weight, name) = weighed.min()?;
    (weight <= 2 && weight * 3 <= name.chars().count()).then(|| name.clone())
}

/// A tag with its variant's word exchanged for another.
fn exchanged(tag: &str, word: &str, other: &str) -> Option<String> {
    let at = tag.rfind(word)?;
    Some([tag.get(..at)?, other, tag.get(at + word.len()..)?].concat())
}
