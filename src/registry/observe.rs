//! Looks at an image: lists its tags, and looks up what an audit of it needs, and no more. Channels
//! and the newest versions come first; older versions only as long as some channel is not explained.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

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
    let mut observed = Observed::listed(image.normalized().name(), listing.tags);
    if let Some(reason) = listing.partial {
        observed.complete = false;
        observed
            .partial
            .push(format!("not all tags were listed: {reason}"));
    }
    let mut look = Look {
        client,
        image,
        stop: AtomicBool::new(false),
        failures: Vec::new(),
    };
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
        if batch.is_empty() || look.stop.load(Ordering::Relaxed) {
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

/// One look, with what failed.
struct Look<'a> {
    client: &'a Client,
    image: &'a ImageRef,
    /// Set by a failure that every further request would share.
    stop: AtomicBool,
    /// What was looked for, and why it was not seen.
    failures: Vec<(&'static str, String, RegistryError)>,
}

impl Look<'_> {
    /// Asks for something of each tag, several at a time; the answers keep the order.
    fn each<T: Send>(
        &mut self,
        what: &'static str,
        tags: &[(String, Option<Digest>)],
        ask: impl Fn(&str, Option<&Digest>) -> Result<T, RegistryError> + Sync,
    ) -> Vec<(String, T)> {
        let stop = &self.stop;
        let one = |(tag, digest): &(String, Option<Digest>)| {
            if stop.load(Ordering::Relaxed) {
                return Err(RegistryError::OutOfTime);
            }
            let answer = ask(tag, digest.as_ref());
            if answer
                .as_ref()
                .is_err_and(|error| error.is_lasting_for_image())
            {
                stop.store(true, Ordering::Relaxed);
            }
            answer
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.client.width)
            .build();
        let answers: Vec<Result<T, RegistryError>> = match pool {
            Ok(pool) => pool.install(|| tags.par_iter().map(one).collect()),
            Err(_) => tags.iter().map(one).collect(),
        };
        let mut seen = Vec::new();
        for ((tag, _), answer) in tags.iter().zip(answers) {
            match answer {
                Ok(answer) => seen.push((tag.clone(), answer)),
                Err(error) => self.failures.push((what, tag.clone(), error)),
            }
        }
        seen
    }

    fn digests(&mut self, observed: &mut Observed, mut tags: Vec<String>) {
        tags.sort();
        tags.dedup();
        let tags: Vec<_> = tags.into_iter().map(|tag| (tag, None)).collect();
        let (client, image) = (self.client, self.image);
        let seen = self.each("the digest", &tags, |tag, _| client.digest(image, tag));
        for (tag, digest) in seen {
            match (digest, observed.tags.get_mut(&tag)) {
                (Some(digest), Some(seen)) => seen.digest = Some(digest),
                _ => {
                    let told = format!("`{tag}` is listed, and leads to nothing");
                    observed.partial.push(told);
                }
            }
        }
    }

    fn platforms(&mut self, observed: &mut Observed, tags: &[String]) {
        let tags = with_digests(observed, tags);
        let (client, image) = (self.client, self.image);
        let seen = self.each("the platforms", &tags, |_, digest| match digest {
            Some(digest) => client.platforms(image, digest),
            None => Ok(None),
        });
        for (tag, platforms) in seen {
            if let Some(seen) = observed.tags.get_mut(&tag) {
                seen.platforms = platforms.filter(|platforms| !platforms.is_empty());
            }
        }
    }

    fn signatures(&mut self, observed: &mut Observed, tags: &[String]) {
        let tags = with_digests(observed, tags);
        let (client, image) = (self.client, self.image);
        let listed = observed.clone();
        let seen = self.each("the signatures", &tags, |_, digest| {
            let Some(digest) = digest else {
                return Ok(None);
            };
            let base = digest.as_str().replace(':', "-");
            let tagged = |end: &str| listed.tags.contains_key(&format!("{base}.{end}"));
            if tagged("sig") || tagged("att") {
                return Ok(Some(true));
            }
            let referrers = client.referrers(image, digest)?;
            let signed = referrers.iter().any(|one| is_signature(&one.artifact_type));
            // Without the whole list a signature's tag may be among what is missing.
            Ok((signed || listed.complete).then_some(signed))
        });
        for (tag, signed) in seen {
            if let Some(seen) = observed.tags.get_mut(&tag) {
                seen.signed = signed;
            }
        }
    }

    /// What was not seen: one line for each reason.
    fn told(self) -> Vec<String> {
        let mut lines: Vec<(&str, String, Vec<String>)> = Vec::new();
        for (what, tag, error) in self.failures {
            let reason = error.to_string();
            let same = lines
                .iter_mut()
                .find(|(known, why, _)| *known == what && *why == reason);
            match same {
                Some((_, _, tags)) => tags.push(tag),
                None => lines.push((what, reason, vec![tag])),
            }
        }
        let told = lines
            .into_iter()
            .map(|(what, reason, tags)| match tags.as_slice() {
                [tag] => format!("{what} of `{tag}`: {reason}"),
                tags => {
                    let first = tags.first().map_or("", String::as_str);
                    format!("{what} of `{first}` and {} more: {reason}", tags.len() - 1)
                }
            });
        told.collect()
    }
}

/// The tags whose digests are known, with them.
fn with_digests(observed: &Observed, tags: &[String]) -> Vec<(String, Option<Digest>)> {
    let known = tags
        .iter()
        .filter_map(|tag| Some((tag.clone(), Some(observed.digest(tag)?.clone()))));
    known.collect()
}

/// Whether what refers to an image is a signature or an attestation of it.
fn is_signature(artifact_type: &str) -> bool {
    ["cosign", "sigstore", "notary", "in-toto", "dsse"]
        .iter()
        .any(|word| artifact_type.contains(word))
}
