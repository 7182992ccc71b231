//! The list of a repository's tags, page by page.

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;

use super::client::{Client, Wanted};
use super::endpoint::Remote;
use super::error::RegistryError;
use super::link;
use super::url::encoded;
use crate::image::{ImageRef, is_tag};

/// How many tags are asked for at once.
const PAGE: usize = 1000;
/// The largest page, in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// More tags than this are not read.
const MAX_TAGS: usize = 500_000;
/// More pages than this are not asked for.
const MAX_PAGES: usize = 10_000;

/// More pages without any tag are not asked for.
const MAX_EMPTY: usize = 8;

/// The tags of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The tags, sorted, each once.
    pub tags: Vec<String>,
    /// Why there may be more, where that is so.
    pub partial: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    tags: Option<Vec<String>>,
}

impl Client {
    /// Lists the tags of an image's repository. A page that fails after the first ends the list,
    /// which then says so.
    ///
    /// # Errors
    /// Not even the first page can be read.
    pub fn tags(&self, image: &ImageRef) -> Result<Listing, RegistryError> {
        let remote = self.remote(image);
        let mut tags = BTreeSet::new();
        let mut asked = HashSet::new();
        let mut below = format!("tags/list?n={PAGE}");
        let mut empty = 0;
        let partial = loop {
            if !asked.insert(below.clone()) {
                break Some("the registry names the same page again".to_owned());
            }
            if asked.len() > MAX_PAGES {
                break Some(format!("the list has more than {MAX_PAGES} pages"));
            }
            let page = match self.page(&remote, &below) {
                Ok(page) => page,
                Err(error) if asked.len() == 1 => return Err(error),
                Err(error) => break Some(error.to_string()),
            };
            let before = tags.len();
            let last = page.tags.last().cloned();
            let full = page.tags.len();
            tags.extend(page.tags.into_iter().filter(|tag| is_tag(tag)));
            if tags.len() > MAX_TAGS {
                break Some(format!("the repository has more than {MAX_TAGS} tags"));
            }
            let grew = tags.len() > before;
            empty += usize::from(full == 0);
            if empty > MAX_EMPTY {
                break Some("the registry gives one empty page after the other".to_owned());
            }
            below = match (page.next, last) {
                (Some(_), _) if !grew && full > 0 => {
                    break Some("the registry gives the same tags again".to_owned());
                }
                (Some(next), _) => next,
                // Without a link, a page that is cut at what was asked for, or at the hundred of
                // many registries, may have a next one all the same. That gives nothing new where
                // it does not.
                (None, Some(last)) if grew && is_cut(full) => {
                    format!("tags/list?n={PAGE}&last={}", encoded(&last))
                }
                (None, _) => break None,
            };
        };
        Ok(Listing {
            tags: tags.into_iter().collect(),
            partial,
        })
    }

    fn page(&self, remote: &Remote, below: &str) -> Result<Got, RegistryError> {
        let wanted = Wanted {
            head: false,
            accept: "application/json",
            limit: MAX_BYTES,
        };
        let (reply, url) = self.ask(remote, below, &wanted)?;
        let host = || remote.host.clone();
        match reply.status {
            200 => {}
            404 => {
                return Err(RegistryError::NoRepository {
                    host: remote.registry.clone(),
                    path: remote.path.clone(),
                });
            }
            status => {
                return Err(RegistryError::Status {
                    host: host(),
                    status,
                    reason: reply.reason(),
                });
            }
        }
        let malformed = |reason: &str| RegistryError::Malformed {
            host: host(),
            reason: reason.to_owned(),
        };
        let page: Page = serde_json::from_slice(&reply.body)
            .map_err(|error| malformed(&format!("no list of tags: {error}")))?;
        let next = match reply.header("link").and_then(link::next) {
            None => None,
            Some(reference) => {
                let next = url.join(reference).filter(|next| next.same_origin(&url));
                let next = next.ok_or_else(|| malformed("the next page lies elsewhere"))?;
                let own = format!("/v2/{}/", remote.path);
                let below = next.rest.strip_prefix(&own).map(str::to_owned);
                Some(below.ok_or_else(|| malformed("the next page lies elsewhere"))?)
            }
        };
        Ok(Got {
            tags: page.tags.unwrap_or_default(),
            next,
        })
    }
}

/// Whether a page of so many tags may have been cut.
fn is_cut(tags: usize) -> bool {
    tags > 0 && tags.is_multiple_of(50) && tags <= PAGE
}

/// One page, and the next one.
struct Got {
    tags: Vec<String>,
    next: Option<String>,
}
