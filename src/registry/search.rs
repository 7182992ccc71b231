//! Looks for the tags that have a digest.

use rayon::prelude::*;

use super::client::Client;
use super::error::RegistryError;
use crate::image::{Digest, ImageRef};

/// So many tags are looked up before it is asked again whether that suffices.
const BATCH: usize = 16;
/// More tags than this are not looked up.
const MOST: usize = 512;

impl Client {
    /// Those of the tags that have a digest, in their order: all of the first batch that has any. The
    /// caller puts the likeliest first; beyond the first 512 none is looked up.
    ///
    /// # Errors
    /// The registry cannot be asked of one of them before any is found.
    pub fn tags_with(
        &self,
        image: &ImageRef,
        digest: &Digest,
        tags: &[String],
    ) -> Result<Vec<String>, RegistryError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.width)
            .build();
        let pool = pool.map_err(|error| RegistryError::Setup(error.to_string()))?;
        let looked = tags.get(..tags.len().min(MOST)).unwrap_or_default();
        for batch in looked.chunks(BATCH) {
            let one = |tag: &String| Ok((tag.clone(), self.digest(image, tag)?));
            let seen: Vec<Result<_, RegistryError>> =
                pool.install(|| batch.par_iter().map(one).collect());
            let mut found = Vec::new();
            let mut failed = None;
            for answer in seen {
                match answer {
                    Ok((tag, Some(own))) if own == *digest => found.push(tag),
                    Ok(_) => {}
                    Err(error) => failed = Some(error),
                }
            }
            match (found.is_empty(), failed) {
                (false, _) => return Ok(found),
                (true, Some(error)) => return Err(error),
                (true, None) => {}
            }
        }
        Ok(Vec::new())
    }
}
