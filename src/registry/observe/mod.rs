//! Looks at an image: lists its tags, and looks up what an audit of it needs, and no more. Channels
//! and the newest versions come first; older versions only as long as some channel is not explained.

mod look;

use look::Look;

use super::client::Client;
use super::error::RegistryError;
use crate::audit::{Audit, ChannelTag, Observed, Standing};
use crate::image::{Digest, ImageRef};
use crate::policy::Declared;
use crate::source::{FileId, Place, Span};

/// So many digests are looked up before it is asked again whether that suffices.
const BATCH: usize = 48;

/// For a channel that no version explains so many version tags are looked up, and no more.
const MOST: usize = 5000;

/// How much is looked up.
#[derive(Debug, Clone, Copy)]
pub struct Depth {
    /// Of how many of the newest versions the platforms are compared, and signatures looked for.
    pub versions: usize,
    /// Whether the digest of every version tag is wanted.
    pub all_digests: bool,
    /// Whether signatures are looked for.
    pub signatures: bool,
}

/// Looks at an image. What fails after the list of tags is told in what is given back.
///
/// # Errors
/// The tags cannot be listed.
pub fn observe(
    client: &Client,
    image: &ImageRef,
    declared: Option<&Declared>,
    depth: Depth,
) -> Result<Observed, RegistryError> {
    let listing = client.tags(image)?;
    let mut observed = Observed::listed(image.normalized_repository().name(), listing.tags);
    if let Some(reason) = listing.partial {
        observed.complete = false;
        observed
            .partial
            .push(format!("not all tags were listed: {reason}"));
    }
    let mut look = Look::new(client, image);
    let laid_out = |observed: &Observed| {
        let at = Place {
            file: FileId(0),
            span: Span::default(),
        };
        Audit::new(observed.clone(), declared.cloned(), at)
    };
    let audit = laid_out(&observed);
    let mut first: Vec<String> = audit
        .channels
        .iter()
        .filter_map(|one| one.tag.clone())
        .collect();
    let variants = 0..audit.scheme.variants.len();
    first.extend(variants.filter_map(|variant| Some(audit.newest(variant)?.1.to_owned())));
    first.extend(
        audit
            .newest_tags(depth.versions)
            .into_iter()
            .map(str::to_owned),
    );
    look.digests(&mut observed, first);
    let seen = laid_out(&observed);
    let mut open = open(&seen);
    let mut versions = order(&seen).into_iter();
    let mut left = if depth.all_digests { usize::MAX } else { MOST };
    while depth.all_digests || !open.is_empty() {
        let unknown = |tag: &String| observed.digest(tag).is_none();
        let batch: Vec<String> = versions
            .by_ref()
            .filter(unknown)
            .take(BATCH.min(left))
            .collect();
        if batch.is_empty() || look.has_stopped() {
            break;
        }
        left = left.saturating_sub(batch.len());
        look.digests(&mut observed, batch.clone());
        let found: Vec<&Digest> = batch
            .iter()
            .filter_map(|tag| observed.digest(tag))
            .collect();
        open.retain(|(_, digest)| !found.contains(&digest));
    }
    if left == 0 && !open.is_empty() {
        let names: Vec<&str> = open.iter().map(|(tag, _)| tag.as_str()).collect();
        observed.partial.push(format!(
            "what `{}` is: no version among the {MOST} looked up has its digest",
            names.join("`, `")
        ));
    }
    let newest: Vec<String> = audit
        .newest_tags(depth.versions)
        .into_iter()
        .map(str::to_owned)
        .collect();
    look.platforms(&mut observed, &newest);
    if depth.signatures {
        look.signatures(&mut observed, &newest);
    }
    observed.partial.extend(look.told());
    Ok(observed)
}

/// All version tags in the order in which they are looked up: newest first, those of variants whose
/// channel is not explained before all others.
fn order(audit: &Audit) -> Vec<String> {
    let open = |variant: usize| {
        let mut channels = audit.channels.iter();
        channels.any(|channel| channel.variant == variant && is_unexplained(audit, channel))
    };
    let mut tags: Vec<(bool, &String)> = Vec::new();
    for release in &audit.releases {
        let own = release.tags.iter().enumerate();
        tags.extend(own.filter_map(|(variant, tag)| Some((!open(variant), tag.as_ref()?))));
    }
    // The sort is stable.
    tags.sort_by_key(|(later, _)| *later);
    tags.into_iter().map(|(_, tag)| tag.clone()).collect()
}

/// The channels with a digest that no version looked up so far has, and that digest.
fn open(audit: &Audit) -> Vec<(String, Digest)> {
    let channels = audit.channels.iter();
    let open = channels.filter(|channel| is_unexplained(audit, channel));
    let named = open.filter_map(|channel| {
        let tag = channel.tag.clone()?;
        let digest = audit.observed.digest(&tag)?.clone();
        Some((tag, digest))
    });
    named.collect()
}

/// Without the digest of the newest version nothing would be explained by an older one.
fn is_unexplained(audit: &Audit, channel: &ChannelTag) -> bool {
    let tag = channel.tag.as_ref();
    let digest = tag.and_then(|tag| audit.observed.digest(tag));
    let newest = audit.newest(channel.variant);
    let newest = newest.is_none_or(|(_, tag)| audit.observed.digest(tag).is_some());
    digest.is_some() && newest && matches!(audit.standing(channel), Standing::Unknown)
}
