//! What a reference is to become, by what its registry says. Each question is asked once a run.

use std::collections::HashMap;

use super::{Client, Listing, RegistryError};
use crate::image::{Digest, ImageRef, Pin};
use crate::pinning::{self, Goal, Pinned, Task};
use crate::policy::Affix;

/// What becomes of a reference.
pub enum Answer {
    /// This.
    As(Pinned),
    /// It is as it should be.
    Good,
    /// It cannot be changed, and why.
    None(String),
    /// The registry did not say, and why.
    Failed(String),
}

type Known<T> = HashMap<String, Result<T, RegistryError>>;

/// Asks the registries.
pub struct Resolver {
    client: Client,
    goal: Goal,
    listings: Known<Listing>,
    digests: Known<Option<Digest>>,
    versions: Known<Option<String>>,
    /// Registries that cannot be asked any more, and why.
    gone: HashMap<String, RegistryError>,
}

impl Resolver {
    /// A resolver that asks with this client, to this end.
    #[must_use]
    pub fn new(client: Client, goal: Goal) -> Self {
        Self {
            client,
            goal,
            listings: HashMap::new(),
            digests: HashMap::new(),
            versions: HashMap::new(),
            gone: HashMap::new(),
        }
    }

    /// What becomes of a reference.
    pub fn answer(&mut self, task: &Task<'_>) -> Answer {
        let image = task.image;
        let registry = image.normalized_repository().domain().to_owned();
        if let Some(error) = self.gone.get(&registry) {
            return Answer::Failed(error.to_string());
        }
        let answer = match self.goal {
            Goal::Pin { digest, .. } => self.pin(image, task.variant.as_ref(), digest),
            Goal::Update(bound) => self.update(image, bound),
            Goal::Unpin => self.unpin(image),
        };
        answer.unwrap_or_else(|error| {
            let told = error.to_string();
            if error.is_lasting() {
                self.gone.insert(registry, error);
            }
            Answer::Failed(told)
        })
    }

    fn pin(
        &mut self,
        image: &ImageRef,
        declared: Option<&Affix>,
        with_digest: bool,
    ) -> Result<Answer, RegistryError> {
        let tag = image.tag().unwrap_or("latest");
        let Some(digest) = self.digest(image, tag)? else {
            return Ok(Answer::None("the registry has no such tag".to_owned()));
        };
        let floats = matches!(Pin::of(image), Pin::Channel | Pin::Untagged | Pin::Partial);
        let version = match floats {
            true => self.version(image, Some(tag), declared, &digest)?,
            false => Some(tag.to_owned()),
        };
        let kept = with_digest.then_some(digest);
        Ok(match (version, kept) {
            (Some(version), digest) => Answer::As(Pinned {
                tag: Some(version),
                digest,
            }),
            // Without a version the digest alone holds it, beside the tag that it had.
            (None, Some(digest)) => Answer::As(Pinned {
                tag: Some(tag.to_owned()),
                digest: Some(digest),
            }),
            (None, None) => Answer::None(
                "no version of its variant has its digest; `--digest` pins it all the same"
                    .to_owned(),
            ),
        })
    }

    fn update(&mut self, image: &ImageRef, bound: pinning::Bound) -> Result<Answer, RegistryError> {
        let Some(tag) = image.tag() else {
            return Ok(Answer::Good);
        };
        let listing = self.listing(image)?;
        let Some(newer) = pinning::newer(&listing.tags, tag, bound).cloned() else {
            return Ok(match &listing.partial {
                Some(reason) => Answer::Failed(format!("not all tags were listed: {reason}")),
                None => Answer::Good,
            });
        };
        let digest = match image.digest() {
            None => None,
            Some(_) => match self.digest(image, &newer)? {
                Some(digest) => Some(digest),
                None => return Ok(Answer::None(format!("`{newer}` is listed, and not there"))),
            },
        };
        Ok(Answer::As(Pinned {
            tag: Some(newer),
            digest,
        }))
    }

    fn unpin(&mut self, image: &ImageRef) -> Result<Answer, RegistryError> {
        let Some(digest) = image.digest() else {
            return Ok(Answer::Good);
        };
        let tag = match image.tag() {
            Some(tag) => Some(tag.to_owned()),
            None => self.version(image, None, None, digest)?,
        };
        Ok(match tag {
            Some(tag) => Answer::As(Pinned {
                tag: Some(tag),
                digest: None,
            }),
            None => Answer::None("no version tag has its digest".to_owned()),
        })
    }

    /// The version tag that has a digest: of the variant that is declared, of that of a tag, or of any.
    fn version(
        &mut self,
        image: &ImageRef,
        floating: Option<&str>,
        declared: Option<&Affix>,
        digest: &Digest,
    ) -> Result<Option<String>, RegistryError> {
        let name = image.normalized_repository().name().to_owned();
        let variant = declared.map(|affix| affix.around("\n")).unwrap_or_default();
        let key = format!("{name}:{}@{digest} {variant}", floating.unwrap_or_default());
        if let Some(known) = self.versions.get(&key) {
            return known.clone();
        }
        let found = self.listing(image).and_then(|listing| {
            let candidates = pinning::candidates(&listing.tags, floating, declared);
            let tags = self.client.tags_with(image, digest, &candidates)?;
            match (pinning::best(&tags), listing.partial) {
                (None, Some(reason)) => Err(RegistryError::Setup(format!(
                    "not all tags were listed: {reason}"
                ))),
                (best, _) => Ok(best.cloned()),
            }
        });
        self.versions.insert(key, found.clone());
        found
    }

    fn listing(&mut self, image: &ImageRef) -> Result<Listing, RegistryError> {
        let name = image.normalized_repository().name().to_owned();
        let client = &self.client;
        let known = self.listings.entry(name);
        known.or_insert_with(|| client.tags(image)).clone()
    }

    fn digest(&mut self, image: &ImageRef, tag: &str) -> Result<Option<Digest>, RegistryError> {
        let key = format!("{}:{tag}", image.normalized_repository().name());
        let client = &self.client;
        let known = self.digests.entry(key);
        known.or_insert_with(|| client.digest(image, tag)).clone()
    }
}
