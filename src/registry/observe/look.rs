//! Asks for something of many tags at once, and notes what failed.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::audit::Observed;
use crate::image::{Digest, ImageRef};
use crate::registry::client::Client;
use crate::registry::error::RegistryError;

/// One look, with what failed.
pub(super) struct Look<'a> {
    client: &'a Client,
    image: &'a ImageRef,
    /// Set by a failure that every further request would share.
    stop: AtomicBool,
    /// What was looked for, and why it was not seen.
    failures: Vec<(&'static str, String, RegistryError)>,
}

impl<'a> Look<'a> {
    pub(super) fn new(client: &'a Client, image: &'a ImageRef) -> Self {
        Self {
            client,
            image,
            stop: AtomicBool::new(false),
            failures: Vec::new(),
        }
    }

    /// Whether nothing more is to be asked.
    pub(super) fn has_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

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
                return Err(RegistryError::Skipped);
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

    pub(super) fn digests(&mut self, observed: &mut Observed, mut tags: Vec<String>) {
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

    pub(super) fn platforms(&mut self, observed: &mut Observed, tags: &[String]) {
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

    pub(super) fn signatures(&mut self, observed: &mut Observed, tags: &[String]) {
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
    pub(super) fn told(self) -> Vec<String> {
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
