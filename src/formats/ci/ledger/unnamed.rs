//! What is pushed without a name of its own: digests, and names that nothing in the job gave.

use super::Ledger;
use super::reference::{is_local_registry, split, with_tag};
use crate::eval::unknown;
use crate::facts::{DigestPush, UntaggedPush};
use crate::source::Place;

impl Ledger<'_> {
    /// An image is pushed by its digest, under no tag.
    pub fn publish_digest(&mut self, reference: &str, build: usize, at: Place) {
        let (image, _) = split(reference.split('@').next().unwrap_or(reference).trim());
        if image.is_empty() || is_local_registry(reference) {
            return;
        }
        let push = DigestPush {
            image_key: self.key(image),
            build,
            at,
            certain: self.is_certain(),
        };
        if !self.digests.contains(&push) {
            self.digests.push(push);
        }
    }

    /// A name is pushed that nothing in the job gave: told where the job gives other names of the
    /// repository, and everything in it that may name images is read.
    pub fn push_untagged(&mut self, reference: &str, build: usize, at: Place, certain: bool) {
        if self.blind || self.opaque || !unknown::is_known(reference) {
            return;
        }
        let reference = with_tag(reference);
        let (image, _) = split(&reference);
        let tagged: Vec<(String, Place)> = self
            .local
            .iter()
            .filter(|tag| {
                let named = tag.build.is_some() && split(&tag.reference).0 == image;
                named && tag.reference != reference
            })
            .map(|tag| (tag.reference.clone(), tag.at))
            .collect();
        let open = tagged.iter().any(|(name, _)| !unknown::is_known(name));
        if tagged.is_empty() || open || is_local_registry(&reference) {
            return;
        }
        let push = UntaggedPush {
            certain: certain && self.is_certain(),
            reference,
            tagged,
            build,
            at,
        };
        if !self.untagged.contains(&push) {
            self.untagged.push(push);
        }
    }
}
