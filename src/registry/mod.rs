//! Asks registries, by the OCI Distribution API: tags, digests, manifests, referrers.
//!
//! Nothing else in the crate reaches the network, and this does so only for commands that say so.
//! What a registry sends is not trusted: bodies are bounded, content is checked against its digest,
//! and credentials go to the registry that they are for, or to the token server that it names.
//! What the answers mean for an image is decided in `audit`.

mod cache;
mod challenge;
mod client;
mod credentials;
mod endpoint;
mod error;
mod limits;
mod link;
mod manifest;
mod observe;
mod resolve;
mod retry;
mod search;
mod tags;
mod token;
mod transport;
mod url;

pub use cache::Cache;
pub use client::{Client, Options};
pub use error::RegistryError;
pub use limits::RateLimit;
pub use manifest::{Descriptor, Manifest};
pub use observe::{Depth, observe};
pub use resolve::{Answer, Resolver};
pub use tags::Listing;
