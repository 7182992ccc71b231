//! Where the API of an image's registry is: Docker Hub's names, mirrors, and who may be spoken to
//! without encryption.

use super::error::RegistryError;
use super::url::{Url, is_loopback};
use crate::image::ImageRef;

/// The registry that a name without one means.
pub(super) const HUB: &str = "docker.io";
/// Where its API is.
const HUB_API: &str = "registry-1.docker.io";

/// A repository of a registry, by what the API calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remote {
    /// The registry, as people write it; credentials go by this name.
    pub(super) registry: String,
    /// Host and port of the API.
    pub(super) host: String,
    /// The path of the repository.
    pub(super) path: String,
}

impl Remote {
    /// The repository of an image; those on Docker Hub are asked of the mirror where there is one.
    pub(super) fn of(image: &ImageRef, mirror: Option<&str>) -> Self {
        let image = image.normalized();
        let registry = match (image.domain(), mirror) {
            (HUB, Some(mirror)) => mirror,
            (domain, _) => domain,
        };
        let host = match registry {
            HUB => HUB_API,
            other => other,
        };
        Self {
            registry: registry.to_owned(),
            host: host.to_ascii_lowercase(),
            path: image.path().to_owned(),
        }
    }

    /// The address of something under the repository: `manifests/1.2.3`.
    pub(super) fn url(&self, secure: bool, below: &str) -> Result<Url, RegistryError> {
        let scheme = if secure { "https" } else { "http" };
        let text = format!("{scheme}://{}/v2/{}/{below}", self.host, self.path);
        Url::parse(&text).ok_or_else(|| {
            RegistryError::Forbidden(format!("`{}` is no host of a registry", self.host))
        })
    }
}

/// Who may be spoken to without encryption: this very machine, and hosts that are named.
#[derive(Debug, Clone, Default)]
pub(super) struct Plain {
    hosts: Vec<String>,
}

impl Plain {
    pub(super) fn new(hosts: &[String]) -> Self {
        Self {
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        }
    }

    /// Whether a host, with its port, is one that was named.
    pub(super) fn names(&self, authority: &str) -> bool {
        self.hosts.iter().any(|host| host == authority)
    }

    /// Whether a host may be spoken to without encryption.
    pub(super) fn allows(&self, authority: &str) -> bool {
        is_loopback(authority) || self.names(authority)
    }

    /// Refuses addresses without encryption that are not allowed.
    pub(super) fn check(&self, url: &Url) -> Result<(), RegistryError> {
        if url.secure || self.allows(&url.authority) {
            return Ok(());
        }
        Err(RegistryError::Forbidden(format!(
            "`{}` would be asked without encryption: name it with `--insecure-registry {0}` if that is meant",
            url.authority
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(image: &str, mirror: Option<&str>) -> (String, String) {
        let remote = Remote::of(&ImageRef::parse_normalized(image).unwrap(), mirror);
        let url = remote.url(true, "tags/list").unwrap().to_string();
        (remote.registry, url)
    }

    #[test]
    fn the_hub_has_an_api_of_its_own() {
        let (registry, url) = remote("nginx", None);
        assert_eq!(registry, "docker.io");
        assert_eq!(
            url,
            "https://registry-1.docker.io/v2/library/nginx/tags/list"
        );
        let (registry, url) = remote("emqx/nanomq", Some("mirror.example:5000"));
        assert_eq!(registry, "mirror.example:5000");
        assert_eq!(url, "https://mirror.example:5000/v2/emqx/nanomq/tags/list");
        let (_, url) = remote("ghcr.io/a/b", Some("mirror.example"));
        assert_eq!(url, "https://ghcr.io/v2/a/b/tags/list");
    }

    #[test]
    fn plain_http_is_for_this_machine_and_named_hosts() {
        let plain = Plain::new(&["Registry.local:5000".to_owned()]);
        let of = |text: &str| plain.check(&Url::parse(text).unwrap()).is_ok();
        assert!(of("http://127.0.0.1:5000/v2/"));
        assert!(of("http://registry.local:5000/v2/"));
        assert!(of("https://other.example/v2/"));
        assert!(!of("http://other.example/v2/"));
        assert!(!of("http://registry.local/v2/"));
    }
}
