//! The grammar of image references, as distribution (and with it Docker and containerd) has it.

use std::fmt;

use thiserror::Error;

/// Repositories with a longer path are refused.
const MAX_PATH: usize = 255;
/// Tags are no longer than this.
const MAX_TAG: usize = 128;

/// The digest of a manifest: `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A parsed image reference: `[domain/]path[:tag][@digest]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRef {
    domain: String,
    path: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// There is no text.
    #[error("it is empty")]
    Empty,
    /// It does not follow the grammar.
    #[error("{0}")]
    Format(String),
    /// The repository has capitals.
    #[error("the repository `{0}` must be in lower case")]
    Uppercase(String),
    /// The repository's path is too long.
    #[error("the repository is longer than {MAX_PATH} characters")]
    TooLong,
    /// The digest's algorithm is not supported.
    #[error("the digest's algorithm is not supported")]
    DigestUnsupported,
    /// The digest is too short or too long for its algorithm.
    #[error("the digest has the wrong length")]
    DigestLength,
    /// The digest has characters that its algorithm does not give.
    #[error("the digest is not in lower-case hexadecimal")]
    DigestFormat,
    /// 64 hexadecimal digits name an image by its id, not by a repository.
    #[error("64 hexadecimal digits are an image's id, not a repository")]
    ImageId,
}

impl ImageRef {
    /// Parses a reference as it stands, without any default.
    ///
    /// # Errors
    /// The text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        match Self::split(text) {
            Some(found) => found.checked(),
            None if text.bytes().any(|b| b.is_ascii_uppercase())
                && Self::split(&text.to_lowercase()).is_some() =>
            {
                Err(ReferenceError::Uppercase(repository_of(text).to_owned()))
            }
            None => Err(ReferenceError::Format(diagnose(text))),
        }
    }

    /// Parses a reference as people write it: `nginx` is `docker.io/library/nginx`.
    ///
    /// # Errors
    /// The text does not follow the grammar, or is an image's id.
    pub fn parse_normalized(text: &str) -> Result<Self, ReferenceError> {
        if text.len() == 64 && text.bytes().all(is_lower_hex) {
            return Err(ReferenceError::ImageId);
        }
        let (domain, rest) = split_domain(text);
        let path_end = rest.find(':').unwrap_or(rest.len());
        let path = rest.get(..path_end).unwrap_or(&rest);
        if path.chars().any(char::is_uppercase) {
            return Err(ReferenceError::Uppercase(path.to_owned()));
        }
        Self::parse(&format!("{domain}/{rest}"))
    }

    /// A reference whose tag and digest nobody has checked against the digest algorithms yet.
    fn split(text: &str) -> Option<Self> {
        // A digest follows the last `@`, and a tag the first `:` after the last `/` before that.
        let (name, digest) = match text.rsplit_once('@') {
            Some((name, digest)) if is_digest(digest) => (name, Some(digest)),
            Some(_) => return None,
            None => (text, None),
        };
        let slash = name.rfind('/').map_or(0, |at| at + 1);
        let last = name.get(slash..)?;
        let (name, tag) = match last.split_once(':') {
            Some((short, tag)) if is_tag(tag) => (name.get(..slash + short.len())?, Some(tag)),
            Some(_) => return None,
            None => (name, None),
        };
        let (domain, path) = match name.split_once('/') {
            Some((domain, path)) if is_domain(domain) && is_path(path) => (domain, path),
            _ if is_path(name) => ("", name),
            _ => return None,
        };
        Some(Self {
            domain: domain.to_owned(),
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(|digest| Digest(digest.to_owned())),
        })
    }

    fn checked(self) -> Result<Self, ReferenceError> {
        if self.path.len() > MAX_PATH {
            return Err(ReferenceError::TooLong);
        }
        if let Some(Digest(digest)) = &self.digest {
            let (algorithm, hex) = digest.split_once(':').unwrap_or_default();
            if algorithm != "sha256" {
                return Err(ReferenceError::DigestUnsupported);
            }
            if hex.len() != 64 {
                return Err(ReferenceError::DigestLength);
            }
            if !hex.bytes().all(is_lower_hex) {
                return Err(ReferenceError::DigestFormat);
            }
        }
        Ok(self)
    }

    /// The registry's host, with its port; empty where none is written.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The repository within its registry.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The repository with its registry.
    #[must_use]
    pub fn name(&self) -> String {
        if self.domain.is_empty() {
            self.path.clone()
        } else {
            format!("{}/{}", self.domain, self.path)
        }
    }

    /// The tag, where one is written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, where one is written.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The same with the registry and namespace that a bare name means.
    #[must_use]
    pub fn normalized(&self) -> Self {
        Self::parse_normalized(&self.to_string()).unwrap_or_else(|_| self.clone())
    }

    /// The repository as short as people write it: without `docker.io/` and `library/`.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        if self.domain != "docker.io" {
            return self.name();
        }
        match self.path.strip_prefix("library/") {
            Some(short) if !short.contains('/') => short.to_owned(),
            _ => self.path.clone(),
        }
    }

    /// The same with the tag `latest` where neither tag nor digest is written.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }

    /// What a pull takes: the digest alone where there is one, else the tag or `latest`.
    #[must_use]
    pub fn as_pulled(mut self) -> Self {
        if self.digest.is_some() {
            self.tag = None;
        }
        self.with_default_tag()
    }

    /// The same with another tag, and no digest.
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> Self {
        self.tag = Some(tag.to_owned());
        self.digest = None;
        self
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{}", digest.0)?;
        }
        Ok(())
    }
}

/// The registry that a name means, and the rest of the reference.
fn split_domain(text: &str) -> (String, String) {
    const HUB: &str = "docker.io";
    let first = text.split_once('/');
    let (domain, rest) = match first {
        Some((host, rest))
            if host.contains(['.', ':'])
                || host == "localhost"
                || host.chars().any(char::is_uppercase) =>
        {
            (if host == "index.docker.io" { HUB } else { host }, rest)
        }
        _ => (HUB, text),
    };
    if domain == HUB && !rest.contains('/') {
        return (domain.to_owned(), format!("library/{rest}"));
    }
    (domain.to_owned(), rest.to_owned())
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// `host`, `host.example:5000`, `[::1]:5000`.
fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, after)) => {
                let hex = |b: u8| b.is_ascii_hexdigit() || b == b':';
                if address.is_empty() || !address.bytes().all(hex) {
                    return false;
                }
                let port = after.strip_prefix(':');
                if port.is_none() && !after.is_empty() {
                    return false;
                }
                ("", port)
            }
            None => return false,
        },
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let label = |label: &str| {
        let bytes = label.as_bytes();
        let alnum = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        alnum(bytes.first())
            && alnum(bytes.last())
            && bytes
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || *b == b'-')
    };
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    (text.starts_with('[') || host.split('.').all(label)) && port.is_none_or(digits)
}

/// Components of lower-case letters and digits, joined inside by `.`, `_`, `__` or any run of `-`.
fn is_path(text: &str) -> bool {
    text.split('/').all(|component| {
        let alnum = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = component.as_bytes();
        let ends = |b: Option<&u8>| b.is_some_and(|b| alnum(*b));
        ends(bytes.first())
            && ends(bytes.last())
            && bytes.split(|b| alnum(*b)).all(|separator| match separator {
                [] | b"." | b"_" | b"__" => true,
                run => run.iter().all(|b| *b == b'-'),
            })
    })
}

/// Whether a text can be a tag: at most 128 letters, digits, `_`, `.` and `-`, the first of them a
/// letter, a digit or `_`.
pub(super) fn is_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    bytes.len() <= MAX_TAG
        && bytes.first().is_some_and(word)
        && bytes.iter().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

/// `algorithm:hex`, the algorithm of words joined by one of `+ . _ -`, the digits 32 or more.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['+', '.', '_', '-']).all(word)
        && hex.len() >= 32
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

fn repository_of(text: &str) -> &str {
    let slash = text.rfind('/').map_or(0, |at| at + 1);
    let end = text.get(slash..).and_then(|last| last.find([':', '@']));
    end.and_then(|end| text.get(..slash + end)).unwrap_or(text)
}

/// What in a text breaks the grammar, in words.
fn diagnose(text: &str) -> String {
    if text.contains(char::is_whitespace) {
        return "it contains a blank".to_owned();
    }
    if text.contains("://") {
        return "a reference has no `http://` before it".to_owned();
    }
    let repository = repository_of(text);
    let rest = text.get(repository.len()..).unwrap_or_default();
    let tag = rest
        .strip_prefix(':')
        .map(|tag| tag.split('@').next().unwrap_or(tag));
    match tag {
        Some("") => "the tag is empty".to_owned(),
        Some(tag) if tag.len() > MAX_TAG => {
            format!("the tag is longer than {MAX_TAG} characters")
        }
        Some(tag) if tag.starts_with(['-', '.']) => {
            format!(
                "the tag `{tag}` begins with `{}`",
                tag.get(..1).unwrap_or_default()
            )
        }
        Some(tag) if !is_tag(tag) => {
            format!("the tag `{tag}` has a character other than letters, digits, `_`, `.` and `-`")
        }
        _ if repository.is_empty() => "it names no repository".to_owned(),
        _ => format!("the repository `{repository}` does not follow the grammar"),
    }
}
