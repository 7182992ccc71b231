//! Image references as distribution (and with it Docker and containerd) reads them.

use std::fmt;

use super::grammar::{self, Cut, MAX_PATH, is_lower_hex};
use super::repository::{self, LIBRARY};
use super::{Digest, ReferenceError, Repository};

/// A parsed image reference: `[domain/]path[:tag][@digest]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRef {
    repository: Repository,
    tag: Option<Box<str>>,
    digest: Option<Digest>,
}

/// What a program may be given in place of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AnyRef {
    /// A reference.
    Named(ImageRef),
    /// A digest or an image's id by itself.
    Digest(Digest),
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
        let Some((cut, domain)) = whole(text) else {
            return Err(refusal(text));
        };
        let path = cut.name.len() - domain - usize::from(domain > 0);
        if path > MAX_PATH {
            return Err(ReferenceError::TooLong);
        }
        Self::with_rest(Repository::new(cut.name, domain), &cut)
    }

    /// Parses a reference as people write it: `nginx` is `docker.io/library/nginx`.
    ///
    /// # Errors
    /// The text does not follow the grammar, or is an image's id.
    pub fn parse_normalized(text: &str) -> Result<Self, ReferenceError> {
        if is_image_id(text) {
            return Err(ReferenceError::ImageId);
        }
        let Some(rest) = repository::on_hub(text) else {
            // The registry may be in capitals, and the path may not.
            let after = text.split_once('/').map_or("", |(_, rest)| rest);
            return match uppercase_path(after) {
                Some(error) => Err(error),
                None => Self::parse(text),
            };
        };
        if let Some(error) = uppercase_path(rest) {
            return Err(error);
        }
        let Some(cut) = grammar::cut(rest).filter(|cut| grammar::is_path(cut.name)) else {
            return Err(match text {
                "" => ReferenceError::Empty,
                _ => refusal(text),
            });
        };
        if library(cut.name).len() + cut.name.len() > MAX_PATH {
            return Err(ReferenceError::TooLong);
        }
        Self::with_rest(Repository::on_hub(cut.name), &cut)
    }

    /// Parses what may be a reference, a digest by itself, or an image's id.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse_any(text: &str) -> Result<AnyRef, ReferenceError> {
        if is_image_id(text) {
            return Digest::of_hex(text).map(AnyRef::Digest);
        }
        match Digest::parse(text) {
            Ok(digest) => Ok(AnyRef::Digest(digest)),
            Err(_) => Self::parse_normalized(text).map(AnyRef::Named),
        }
    }

    fn with_rest(repository: Repository, cut: &Cut<'_>) -> Result<Self, ReferenceError> {
        Ok(Self {
            digest: cut.digest.map(Digest::parse).transpose()?,
            tag: cut.tag.map(Into::into),
            repository,
        })
    }

    /// The registry and the path in it.
    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The registry's host, with its port; empty where none is written.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.repository.domain()
    }

    /// The repository within its registry.
    #[must_use]
    pub fn path(&self) -> &str {
        self.repository.path()
    }

    /// The repository with its registry.
    #[must_use]
    pub fn name(&self) -> &str {
        self.repository.name()
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
        Self {
            repository: self.normalized_repository(),
            tag: self.tag.clone(),
            digest: self.digest.clone(),
        }
    }

    /// The repository with the registry and namespace that a bare name means.
    #[must_use]
    pub fn normalized_repository(&self) -> Repository {
        let alone = self.tag.is_none() && self.digest.is_none();
        let is_id = alone && is_image_id(self.name());
        // What is a reference already needs no reading again: it only gets what it leaves out.
        match repository::on_hub(self.name()).filter(|_| !is_id) {
            Some(path) if library(path).len() + path.len() <= MAX_PATH => Repository::on_hub(path),
            _ => self.repository.clone(),
        }
    }

    /// The repository as short as people write it: without `docker.io/` and `library/`.
    #[must_use]
    pub fn familiar_name(&self) -> &str {
        self.repository.familiar()
    }

    /// The reference as short as people write it.
    #[must_use]
    pub fn familiar(&self) -> String {
        let mut text = self.familiar_name().to_owned();
        self.push_rest(&mut text);
        text
    }

    /// The same with the tag `latest` where neither tag nor digest is written.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".into());
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
        self.tag = Some(tag.into());
        self.digest = None;
        self
    }

    fn push_rest(&self, text: &mut String) {
        if let Some(tag) = &self.tag {
            text.push(':');
            text.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest.as_str());
        }
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.name().to_owned();
        self.push_rest(&mut text);
        f.pad(&text)
    }
}

/// A whole reference, cut, and how much of its name is the registry.
fn whole(text: &str) -> Option<(Cut<'_>, usize)> {
    let cut = grammar::cut(text)?;
    let domain = grammar::domain_length(cut.name)?;
    Some((cut, domain))
}

/// Why the grammar refuses a text that is not empty.
fn refusal(text: &str) -> ReferenceError {
    if whole(&text.to_lowercase()).is_some() {
        return ReferenceError::uppercase(text);
    }
    ReferenceError::of(text)
}

/// The error of a path, with what follows it, that has capitals before its first colon.
fn uppercase_path(rest: &str) -> Option<ReferenceError> {
    let path = rest.split(':').next().unwrap_or(rest);
    let capital = path.chars().any(char::is_uppercase);
    capital.then(|| ReferenceError::Uppercase(path.to_owned()))
}

/// The namespace that a path of Docker Hub leaves out.
fn library(path: &str) -> &'static str {
    if path.contains('/') { "" } else { LIBRARY }
}

fn is_image_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(is_lower_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_again_is_what_normalizing_gives() {
        let id = "a".repeat(64);
        let (long, longest) = ("a".repeat(250), "a".repeat(247));
        let digest = format!("a@sha256:{id}");
        for text in [
            "nginx",
            "nginx:1.2",
            "a/b",
            "docker.io/a",
            "docker.io/library/a:x",
            "index.docker.io/a/b",
            "localhost/a",
            "localhost:5000",
            "localhost:5000/a",
            "ghcr.io/a/b:c",
            "HOST/a",
            "a.b",
            "a_b/c",
            &id,
            &format!("{id}:x"),
            &long,
            &longest,
            &digest,
            &format!("x.io/{id}"),
        ] {
            let parsed = ImageRef::parse(text).unwrap();
            let again = ImageRef::parse_normalized(&parsed.to_string());
            assert_eq!(parsed.normalized(), again.unwrap_or(parsed), "{text}");
        }
    }
}
