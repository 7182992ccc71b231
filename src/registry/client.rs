//! The client: what can be asked of a registry, and how an answer is checked.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::cache::{Cache, digest_of};
use super::challenge::Challenge;
use super::credentials::Credentials;
use super::endpoint::{Plain, Remote};
use super::error::RegistryError;
use super::limits::RateLimit;
use super::manifest::{ACCEPT, Descriptor, Manifest, Platform};
use super::retry::Patience;
use super::token::{Auth, refused};
use super::transport::{Ask, Reply, Transport};
use super::url::{Url, is_loopback};
use crate::image::{Digest, ImageRef};

/// A day.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// The largest manifest or configuration, in bytes; registries refuse larger manifests too.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// How registries are asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// A host that is asked in Docker Hub's place.
    pub mirror: Option<String>,
    /// Hosts that may be asked without encryption.
    pub insecure: Vec<String>,
    /// A file of certificates (PEM) that are trusted in place of the usual ones.
    pub authorities: Option<PathBuf>,
    /// Where manifests are kept.
    pub cache: Option<Cache>,
    /// The folder of Docker's `config.json`.
    pub docker_config: Option<PathBuf>,
    /// How long all questions together may take.
    pub timeout: Duration,
    /// How often one thing is asked for, one at least.
    pub attempts: u32,
    /// The wait after a first attempt that failed.
    pub first_wait: Duration,
    /// How many requests are under way at once, one at least.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mirror: None,
            insecure: Vec::new(),
            authorities: None,
            cache: None,
            docker_config: Credentials::folder_of_user(),
            timeout: Duration::from_secs(120),
            attempts: 4,
            first_wait: Duration::from_millis(500),
            width: 8,
        }
    }
}

/// Asks registries. One client serves a whole run, and may be shared between threads.
#[derive(Debug)]
pub struct Client {
    transport: Transport,
    auth: Auth,
    mirror: Option<String>,
    plain: Plain,
    cache: Option<Cache>,
    /// Hosts of this machine that turned out to speak with encryption.
    secure: Mutex<HashSet<String>>,
    pub(super) width: usize,
}

/// What is asked for of a repository.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Whether only the headers are wanted.
    pub(super) head: bool,
    /// Media types.
    pub(super) accept: &'static str,
    /// The largest body, in bytes.
    pub(super) limit: u64,
}

/// A manifest or nothing: what a tag or a digest leads to.
const MANIFEST: Wanted = Wanted {
    head: false,
    accept: ACCEPT,
    limit: MAX_BYTES,
};

impl Client {
    /// A client; its time begins to run.
    ///
    /// # Errors
    /// The file of certificates cannot be used.
    pub fn new(options: Options) -> Result<Self, RegistryError> {
        let plain = Plain::new(&options.insecure);
        let now = Instant::now();
        let patience = Patience {
            // A time beyond what the clock can tell is as good as a day.
            deadline: now.checked_add(options.timeout).unwrap_or(now + DAY),
            attempts: options.attempts.max(1),
            first_wait: options.first_wait,
        };
        let authorities = options.authorities.as_deref();
        Ok(Self {
            transport: Transport::new(plain.clone(), patience, authorities)?,
            auth: Auth::new(Credentials::of(options.docker_config.as_deref())),
            mirror: options.mirror,
            plain,
            cache: options.cache,
            secure: Mutex::new(HashSet::new()),
            width: options.width.max(1),
        })
    }

    /// How many requests were sent so far, those for tokens and repeated ones included.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.transport.requests()
    }

    /// The least that a registry said it still allows, where one did.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.transport.rate_limit()
    }

    pub(super) fn remote(&self, image: &ImageRef) -> Remote {
        Remote::of(image, self.mirror.as_deref())
    }

    /// The digest that a tag has now; `None` where there is no such tag. Headers are asked for
    /// first, which no registry counts as a pull; where they hold no digest, it is made from the
    /// manifest itself.
    ///
    /// # Errors
    /// The registry cannot be asked, or says something else than its own manifest.
    pub fn digest(&self, image: &ImageRef, tag: &str) -> Result<Option<Digest>, RegistryError> {
        let remote = self.remote(image);
        let below = format!("manifests/{tag}");
        let head = Wanted {
            head: true,
            ..MANIFEST
        };
        let (reply, _) = self.ask(&remote, &below, &head)?;
        match (reply.status, told(&reply)) {
            (200, Some(digest)) => return Ok(Some(digest)),
            (404, _) => return Ok(None),
            // A registry without answers to HEAD has some to GET.
            (200 | 405, None) => {}
            (status, _) => return Err(self.status(&remote, status, &reply)),
        }
        let (reply, _) = self.ask(&remote, &below, &MANIFEST)?;
        match reply.status {
            200 => {}
            404 => return Ok(None),
            status => return Err(self.status(&remote, status, &reply)),
        }
        let digest = self.checked(&remote, &reply, told(&reply))?;
        Manifest::read(&reply.body).map_err(|reason| self.malformed(&remote, reason))?;
        if let Some(cache) = &self.cache {
            cache.put(&digest, &reply.body);
        }
        Ok(Some(digest))
    }

    /// The manifest of a digest, from the cache or the registry; `None` where there is none.
    ///
    /// # Errors
    /// The registry cannot be asked, or sends something else.
    pub fn manifest(
        &self,
        image: &ImageRef,
        digest: &Digest,
    ) -> Result<Option<Manifest>, RegistryError> {
        let remote = self.remote(image);
        let Some(bytes) = self.content(&remote, "manifests", digest)? else {
            return Ok(None);
        };
        let manifest = Manifest::read(&bytes);
        manifest
            .map(Some)
            .map_err(|reason| self.malformed(&remote, reason))
    }

    /// The platforms of an image, sorted; of a single image that which its configuration names.
    /// `None` where the digest leads to nothing.
    ///
    /// # Errors
    /// The registry cannot be asked, or sends something else.
    pub fn platforms(
        &self,
        image: &ImageRef,
        digest: &Digest,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        let Some(manifest) = self.manifest(image, digest)? else {
            return Ok(None);
        };
        let Some(config) = &manifest.config else {
            return Ok(Some(manifest.platforms()));
        };
        let remote = self.remote(image);
        let Some(bytes) = self.content(&remote, "blobs", config)? else {
            return Ok(None);
        };
        let platform: Platform = serde_json::from_slice(&bytes)
            .map_err(|error| self.malformed(&remote, format!("no configuration: {error}")))?;
        Ok(Some(platform.text().into_iter().collect()))
    }

    /// What refers to a digest (signatures, attestations), by the API of OCI 1.1, or by the tag that
    /// stands in for it where a registry does not have that; empty where nothing does.
    ///
    /// # Errors
    /// The registry cannot be asked, or sends something else.
    pub fn referrers(
        &self,
        image: &ImageRef,
        digest: &Digest,
    ) -> Result<Vec<Descriptor>, RegistryError> {
        let remote = self.remote(image);
        let index = Wanted {
            head: false,
            accept: "application/vnd.oci.image.index.v1+json",
            limit: MAX_BYTES,
        };
        let (mut reply, _) = self.ask(&remote, &format!("referrers/{digest}"), &index)?;
        if reply.status != 200 {
            let tag = digest.as_str().replace(':', "-");
            reply = self.ask(&remote, &format!("manifests/{tag}"), &index)?.0;
        }
        match reply.status {
            200 => {
                let manifest = Manifest::read(&reply.body);
                let manifest = manifest.map_err(|reason| self.malformed(&remote, reason))?;
                Ok(manifest.entries)
            }
            404 => Ok(Vec::new()),
            status => Err(self.status(&remote, status, &reply)),
        }
    }

    /// Content by its digest.
    fn content(
        &self,
        remote: &Remote,
        kind: &str,
        digest: &Digest,
    ) -> Result<Option<Vec<u8>>, RegistryError> {
        if let Some(bytes) = self.cache.as_ref().and_then(|cache| cache.get(digest)) {
            return Ok(Some(bytes));
        }
        let accept = if kind == "manifests" { ACCEPT } else { "*/*" };
        let wanted = Wanted { accept, ..MANIFEST };
        let (reply, _) = self.ask(remote, &format!("{kind}/{digest}"), &wanted)?;
        match reply.status {
            200 => {}
            404 => return Ok(None),
            status => return Err(self.status(remote, status, &reply)),
        }
        self.checked(remote, &reply, Some(digest.clone()))?;
        if let Some(cache) = &self.cache {
            cache.put(digest, &reply.body);
        }
        Ok(Some(reply.body))
    }

    /// The digest of a body, which has to be the one that is wanted.
    fn checked(
        &self,
        remote: &Remote,
        reply: &Reply,
        wanted: Option<Digest>,
    ) -> Result<Digest, RegistryError> {
        let found = digest_of(&reply.body)
            .ok_or_else(|| self.malformed(remote, "content without digest".to_owned()))?;
        match wanted.filter(|wanted| *wanted != found) {
            None => Ok(found),
            Some(wanted) => Err(RegistryError::Mismatch {
                host: remote.host.clone(),
                wanted,
                found,
            }),
        }
    }

    /// Asks something of a repository, with whatever the registry wants to know of who asks.
    pub(super) fn ask(
        &self,
        remote: &Remote,
        below: &str,
        wanted: &Wanted,
    ) -> Result<(Reply, Url), RegistryError> {
        let url = remote.url(self.is_secure(&remote.host), below)?;
        let mut ask = Ask::get(url, wanted.accept, wanted.limit);
        ask.head = wanted.head;
        ask.authorization = self.auth.header(remote);
        let mut reply = self.transport.send(&ask)?;
        if self.wants_encryption(&ask, &reply) {
            ask.url.secure = true;
            if let Ok(mut secure) = self.secure.lock() {
                secure.insert(remote.host.clone());
            }
            reply = self.transport.send(&ask)?;
        }
        if reply.status == 401 {
            let headers = reply.headers.get_all("www-authenticate").iter();
            let challenge = Challenge::read(headers.filter_map(|value| value.to_str().ok()));
            let challenge =
                challenge.ok_or_else(|| refused(remote, "it does not say what it asks for"))?;
            let used = ask.authorization.as_deref();
            let header = self
                .auth
                .answer(&self.transport, remote, &challenge, used)?;
            ask.authorization = Some(header);
            reply = self.transport.send(&ask)?;
        }
        match reply.status {
            401 | 403 => {
                let reason = match reply.reason() {
                    reason if reason.is_empty() => "the credentials do not suffice".to_owned(),
                    reason => reason,
                };
                Err(refused(remote, &reason))
            }
            _ => Ok((reply, ask.url)),
        }
    }

    /// Whether a host is spoken to with encryption.
    fn is_secure(&self, host: &str) -> bool {
        let known = || self.secure.lock().is_ok_and(|secure| secure.contains(host));
        !self.plain.allows(host) || known()
    }

    /// Whether a server on this machine says that it speaks with encryption only. Nothing that is
    /// secret has been sent by then: it was asked for nothing yet.
    fn wants_encryption(&self, ask: &Ask, reply: &Reply) -> bool {
        // An answer to HEAD has no words.
        let told = || ask.head || String::from_utf8_lossy(&reply.body).contains("HTTPS");
        reply.status == 400
            && !ask.url.secure
            && is_loopback(&ask.url.authority)
            && !self.plain.names(&ask.url.authority)
            && told()
    }

    fn status(&self, remote: &Remote, status: u16, reply: &Reply) -> RegistryError {
        RegistryError::Status {
            host: remote.host.clone(),
            status,
            reason: reply.reason(),
        }
    }

    fn malformed(&self, remote: &Remote, reason: String) -> RegistryError {
        RegistryError::Malformed {
            host: remote.host.clone(),
            reason,
        }
    }
}

/// The digest that a registry tells beside a manifest.
fn told(reply: &Reply) -> Option<Digest> {
    Digest::parse(reply.header("docker-content-digest")?).ok()
}
