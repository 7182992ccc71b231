//! Pushes images that are built by hand: manifests, indexes and configurations, by plain requests.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use ureq::Agent;

/// A repository that images are pushed to.
pub struct Repository {
    pub host: String,
    pub name: String,
    scheme: &'static str,
    agent: Agent,
    authorization: Option<String>,
}

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The media type, size and digest of content, as JSON without the braces.
fn descriptor(media_type: &str, bytes: &[u8]) -> String {
    format!(
        r#""mediaType":"{media_type}","size":{},"digest":"{}""#,
        bytes.len(),
        digest(bytes)
    )
}

impl Repository {
    pub fn new(host: &str, name: &str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build();
        Self {
            host: host.to_owned(),
            name: name.to_owned(),
            scheme: "http",
            agent: agent.into(),
            authorization: None,
        }
    }

    /// The same, as the user of a registry with passwords.
    pub fn with_password(mut self) -> Self {
        let pair = base64::engine::general_purpose::STANDARD.encode("user:secret");
        self.authorization = Some(format!("Basic {pair}"));
        self
    }

    /// The same, with encryption, trusting one certificate.
    pub fn encrypted(mut self, certificate: &std::path::Path) -> Self {
        let pem = std::fs::read(certificate).unwrap();
        let own = ureq::tls::Certificate::from_pem(&pem).unwrap();
        let roots = ureq::tls::RootCerts::new_with_certs(&[own]);
        let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .tls_config(tls);
        self.agent = config.build().into();
        self.scheme = "https";
        self
    }

    /// The image, as `taglint audit` takes it.
    pub fn image(&self) -> String {
        format!("{}/{}", self.host, self.name)
    }

    fn put(&self, path: &str, media_type: &str, bytes: &[u8]) {
        let url = format!("{}://{}/v2/{}/{path}", self.scheme, self.host, self.name);
        let mut request = self.agent.put(&url).header("content-type", media_type);
        if let Some(value) = &self.authorization {
            request = request.header("authorization", value);
        }
        let mut response = request.send(bytes).unwrap();
        let status = response.status().as_u16();
        let said = response.body_mut().read_to_string().unwrap();
        assert!(matches!(status, 201 | 202), "{url}: {status} {said}");
    }

    pub fn blob(&self, bytes: &[u8]) {
        let url = format!(
            "{}://{}/v2/{}/blobs/uploads/",
            self.scheme, self.host, self.name
        );
        let mut request = self.agent.post(&url);
        if let Some(value) = &self.authorization {
            request = request.header("authorization", value);
        }
        let response = request.send_empty().unwrap();
        assert_eq!(response.status().as_u16(), 202);
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let at = location.find("/blobs/uploads/").unwrap();
        let mark = if location.contains('?') { '&' } else { '?' };
        let path = format!("{}{mark}digest={}", &location[at + 1..], digest(bytes));
        self.put(&path, "application/octet-stream", bytes);
    }

    /// Puts a manifest under a tag or a digest.
    pub fn manifest(&self, reference: &str, media_type: &str, text: &str) {
        self.put(
            &format!("manifests/{reference}"),
            media_type,
            text.as_bytes(),
        );
    }

    /// What an image of a platform consists of; its configuration is pushed.
    pub fn single(&self, platform: &str, mark: &str) -> String {
        let config = configuration(platform);
        self.blob(config.as_bytes());
        image(&config, mark)
    }

    /// Pushes an image for one platform; the mark makes it differ from others.
    pub fn push(&self, tag: &str, mark: &str) {
        let text = self.single("linux/amd64", mark);
        self.manifest(tag, MANIFEST, &text);
    }

    /// Pushes an index over several platforms.
    pub fn push_index(&self, tag: &str, mark: &str, platforms: &[&str]) {
        let entries: Vec<String> = platforms
            .iter()
            .map(|platform| {
                let text = self.single(platform, mark);
                self.manifest(&digest(text.as_bytes()), MANIFEST, &text);
                let (os, architecture) = platform.split_once('/').unwrap();
                format!(
                    r#"{{{},"platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#,
                    descriptor(MANIFEST, text.as_bytes())
                )
            })
            .collect();
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{}]}}"#,
            entries.join(",")
        );
        self.manifest(tag, INDEX, &text);
    }

    /// Gives a tag the image of another.
    pub fn copy(&self, from: &str, to: &str) {
        let (media_type, text) = self.get(from);
        self.manifest(to, &media_type, &text);
    }

    /// The media type and the text of a manifest.
    pub fn get(&self, reference: &str) -> (String, String) {
        let url = format!(
            "{}://{}/v2/{}/manifests/{reference}",
            self.scheme, self.host, self.name
        );
        let mut request = self
            .agent
            .get(&url)
            .header("accept", format!("{MANIFEST}, {INDEX}"));
        if let Some(value) = &self.authorization {
            request = request.header("authorization", value);
        }
        let mut response = request.call().unwrap();
        assert_eq!(response.status().as_u16(), 200, "{url}");
        let media_type = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (media_type, response.body_mut().read_to_string().unwrap())
    }

    /// The digest of a tag.
    pub fn digest_of(&self, tag: &str) -> String {
        digest(self.get(tag).1.as_bytes())
    }
}

/// The configuration of an image for a platform.
pub fn configuration(platform: &str) -> String {
    let (os, architecture) = platform.split_once('/').unwrap();
    format!(
        r#"{{"os":"{os}","architecture":"{architecture}","rootfs":{{"type":"layers","diff_ids":[]}}}}"#
    )
}

/// A manifest over a configuration; the mark makes it differ from others.
pub fn image(config: &str, mark: &str) -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{{}}},"layers":[],"annotations":{{"mark":"{mark}"}}}}"#,
        descriptor(
            "application/vnd.oci.image.config.v1+json",
            config.as_bytes()
        )
    )
}

/// NanoMQ's images: each version with each of the suffixes, and each `latest`.
pub fn nanomq(repository: &Repository, versions: &[&str], suffixes: &[&str]) {
    for version in versions {
        for suffix in suffixes {
            let tag = format!("{version}{suffix}");
            repository.push(&tag, &tag);
        }
    }
    let newest = versions.last().unwrap();
    for suffix in suffixes {
        repository.copy(&format!("{newest}{suffix}"), &format!("latest{suffix}"));
    }
}
