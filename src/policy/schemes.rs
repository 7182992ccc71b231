//! The `schemes` of a policy: from what is written to what is meant.

use super::declared::{CONSTRAINED_MEMORY, Channel, DeclaredScheme, Follows, Variant};
use super::file::{ChannelEntry, ChannelsEntry, Memory, SchemeEntry, VariantEntry, VariantFields};
use super::load::Reader;
use super::{Affix, Pattern};
use crate::image::is_tag;
use crate::memory;
use crate::nearest::hint;

/// Placeholders of a variant.
const OF_VARIANT: &[&str] = &["prefix", "suffix", "variant"];
/// Placeholders of a version form.
const OF_VERSION: &[&str] = &[
    "version", "major", "minor", "patch", "prefix", "suffix", "variant",
];

pub(super) fn read(
    reader: &mut Reader<'_, '_, '_>,
    entries: &[SchemeEntry],
) -> Vec<DeclaredScheme> {
    let each = entries.iter().enumerate();
    each.map(|(index, entry)| scheme(reader, &index.to_string(), entry))
        .collect()
}

fn scheme(reader: &mut Reader<'_, '_, '_>, index: &str, entry: &SchemeEntry) -> DeclaredScheme {
    let mut images = Vec::new();
    for (position, text) in entry.image.texts().iter().enumerate() {
        let position = position.to_string();
        let path = ["schemes", index, "image", position.as_str()];
        images.extend(reader.glob(&path, text, Pattern::name));
        if super::glob::without_tag(text) != text {
            let at = reader.at(&path);
            let message =
                format!("`{text}` has a tag or a digest: a scheme is for the whole image");
            reader.fault(at, message);
        }
    }
    let variants = entry.variants.as_ref().map(|variants| {
        let each = variants.0.iter();
        let variants: Vec<Variant> = each
            .map(|(name, entry)| variant(reader, index, name, entry))
            .collect();
        tell_alike(reader, &variants);
        variants
    });
    let names: Vec<&str> = entry
        .variants
        .iter()
        .flat_map(|all| &all.0)
        .map(|(name, _)| name.as_str())
        .collect();
    let channels = match &entry.channels {
        None => vec![Channel::named("latest")],
        Some(ChannelsEntry::Names(names)) => {
            let each = names.iter().enumerate();
            each.map(|(position, name)| {
                let position = position.to_string();
                let at = reader.at(&["schemes", index, "channels", &position]);
                valid_tag(reader, at, name);
                Channel::named(name)
            })
            .collect()
        }
        Some(ChannelsEntry::Full(channels)) => {
            let each = channels.0.iter();
            each.map(|(name, entry)| channel(reader, index, name, entry.as_ref(), &names))
                .collect()
        }
    };
    let versions = entry.versions.clone().unwrap_or_default();
    for (position, form) in versions.iter().enumerate() {
        let at = reader.at(&["schemes", index, "versions", &position.to_string()]);
        let sound = reader.placeholders(at, form, OF_VERSION);
        let tells = ["{version}", "{major}", "{minor}", "{patch}"];
        if sound && !tells.iter().any(|part| form.contains(part)) {
            let message =
                format!("`{form}` names no part of the version: `{{version}}` is the whole");
            reader.fault(at, message);
        }
    }
    DeclaredScheme {
        images,
        variants,
        channels,
        versions,
        signed: entry.signed,
        at: reader.at(&["schemes", index, "image"]),
    }
}

fn variant(
    reader: &mut Reader<'_, '_, '_>,
    index: &str,
    name: &str,
    entry: &VariantEntry,
) -> Variant {
    let path = ["schemes", index, "variants", name];
    let at = reader.key_at(&path);
    let none = VariantFields::default();
    let (fields, suffix) = match entry {
        VariantEntry::Suffix(suffix) => (&none, suffix),
        VariantEntry::Full(fields) => (fields, &fields.suffix),
    };
    let affix = Affix {
        prefix: fields.prefix.clone(),
        suffix: suffix.clone(),
    };
    if !is_tag(&affix.around("1")) {
        let at = reader.at(&path);
        let message = format!("`{}` is no valid tag", affix.around("1.2.3"));
        reader.fault(at, message);
    }
    if let Some(repository) = &fields.repository {
        let at = reader.at(&["schemes", index, "variants", name, "repository"]);
        reader.placeholders(at, repository, &["image"]);
    }
    let bound = fields.memory.as_ref().and_then(|memory| {
        let bytes = match memory {
            Memory::Bytes(bytes) => Some(*bytes),
            Memory::Quantity(text) => memory::kubernetes(text).or_else(|| memory::compose(text)),
        };
        if bytes.is_none() {
            let at = reader.at(&["schemes", index, "variants", name, "memory"]);
            let message = "this is no quantity of memory: write it as `256Mi`".to_owned();
            reader.fault(at, message);
        }
        bytes
    });
    let constrained = fields.meant_for.as_deref() == Some("constrained");
    if fields.memory.is_some() && !constrained {
        let at = reader.key_at(&["schemes", index, "variants", name, "memory"]);
        let message = "`memory` is the bound of a variant with `for: constrained`".to_owned();
        reader.fault(at, message);
    }
    Variant {
        name: name.to_owned(),
        affix,
        repository: fields.repository.clone(),
        dockerfile: fields.dockerfile.clone(),
        target: fields.target.clone(),
        constrained: constrained.then(|| bound.unwrap_or(CONSTRAINED_MEMORY)),
        at,
    }
}

/// Two variants of one image with the same affix could not be told apart.
fn tell_alike(reader: &mut Reader<'_, '_, '_>, variants: &[Variant]) {
    for (index, variant) in variants.iter().enumerate() {
        let same = |other: &&Variant| {
            other.affix == variant.affix && other.repository == variant.repository
        };
        if let Some(other) = variants.iter().take(index).find(same) {
            let affix = match variant.affix.is_base() {
                true => "no affix".to_owned(),
                false => format!("the affix `{}`", variant.affix.around("…")),
            };
            let message = format!(
                "`{}` and `{}` both have {affix}: their tags could not be told apart",
                other.name, variant.name
            );
            reader.fault(variant.at, message);
        }
    }
}

fn channel(
    reader: &mut Reader<'_, '_, '_>,
    index: &str,
    name: &str,
    entry: Option<&ChannelEntry>,
    known: &[&str],
) -> Channel {
    let path = ["schemes", index, "channels", name];
    let at = reader.at(&path);
    let mut channel = Channel::named(name);
    match entry {
        None => {}
        Some(ChannelEntry::Pattern(pattern)) => {
            reader.placeholders(at, pattern, OF_VARIANT);
            channel.pattern = Some(pattern.clone());
        }
        Some(ChannelEntry::Full(fields)) => {
            if let Some(pattern) = &fields.pattern {
                let at = reader.at(&["schemes", index, "channels", name, "pattern"]);
                reader.placeholders(at, pattern, OF_VARIANT);
            }
            for (variant, tag) in &fields.variants.0 {
                let path = ["schemes", index, "channels", name, "variants", variant];
                let at = reader.at(&path);
                reader.placeholders(at, tag, OF_VARIANT);
                if !known.is_empty() && !known.contains(&variant.as_str()) {
                    let near = hint(variant, known.iter().copied());
                    let at = reader.key_at(&path);
                    reader.fault(at, format!("there is no variant `{variant}`{near}"));
                }
            }
            channel.pattern = fields.pattern.clone();
            channel.variants = fields.variants.0.clone();
            if fields.follows.as_deref() == Some("branch") {
                channel.follows = Follows::Branch;
            }
        }
    }
    let plain = channel.tag("base", &Affix::default());
    let at = reader.key_at(&path);
    valid_tag(reader, at, &plain);
    channel
}

fn valid_tag(reader: &mut Reader<'_, '_, '_>, at: crate::source::Place, tag: &str) {
    if !is_tag(tag) && !tag.contains(['{', '}']) {
        reader.fault(at, format!("`{tag}` is no valid tag"));
    }
}
