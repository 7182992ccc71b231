//! The image transformer of kustomize: whether an entry of `images` meets an image, and what it
//! makes of it. Nothing is normalised: `nginx` and `docker.io/library/nginx` are two names.

use super::pattern::NamePattern;

/// An image's text taken apart as kustomize does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What stands before tag and digest.
    pub name: &'a str,
    /// The tag; empty where there is none.
    pub tag: &'a str,
    /// The digest; empty where there is none.
    pub digest: &'a str,
}

/// Takes an image apart. Only what stands behind the first slash is searched, so that a port is no
/// tag; without a slash, it is one.
#[must_use]
pub fn split(image: &str) -> Parts<'_> {
    let from = image.find('/').unwrap_or(0);
    let rest = image.get(from..).unwrap_or_default();
    let tag = rest.find(':').map(|at| at + from);
    let digest = rest.find('@').map(|at| at + from);
    let part = |start: usize, end: usize| image.get(start..end).unwrap_or_default();
    let end = image.len();
    match (tag, digest) {
        (None, None) => Parts {
            name: image,
            tag: "",
            digest: "",
        },
        (Some(tag), None) => Parts {
            name: part(0, tag),
            tag: part(tag + 1, end),
            digest: "",
        },
        (Some(tag), Some(digest)) if tag < digest => Parts {
            name: part(0, tag),
            tag: part(tag + 1, digest),
            digest: part(digest + 1, end),
        },
        (_, Some(digest)) => Parts {
            name: part(0, digest),
            tag: "",
            digest: part(digest + 1, end),
        },
    }
}

/// What an entry changes; empty text changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// `newName`.
    pub name: String,
    /// `newTag`.
    pub tag: String,
    /// `tagSuffix`.
    pub suffix: String,
    /// `digest`.
    pub digest: String,
}

impl Change {
    /// Whether tag or digest of an image come out of the entry.
    #[must_use]
    pub fn decides_version(&self) -> bool {
        !(self.tag.is_empty() && self.digest.is_empty() && self.suffix.is_empty())
    }

    /// The changed image: a new tag or digest replaces both the old ones, a suffix the digest.
    #[must_use]
    pub fn apply(&self, image: &str) -> String {
        let old = split(image);
        let name = match self.name.as_str() {
            "" => old.name,
            new => new,
        };
        let suffixed;
        let (tag, digest) = if !self.tag.is_empty() || !self.digest.is_empty() {
            (self.tag.as_str(), self.digest.as_str())
        } else if !self.suffix.is_empty() {
            suffixed = format!("{}{}", old.tag, self.suffix);
            (suffixed.as_str(), "")
        } else {
            (old.tag, old.digest)
        };
        let mut changed = name.to_owned();
        for (separator, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                changed.push(separator);
                changed.push_str(part);
            }
        }
        changed
    }
}

/// An entry of `images`: which images it meets, and what it changes.
#[derive(Debug, Clone)]
pub struct Transformer {
    name: NamePattern,
    change: Change,
}

impl Transformer {
    /// An entry with this `name`.
    #[must_use]
    pub fn new(name: &str, change: Change) -> Self {
        Self {
            name: NamePattern::new(name),
            change,
        }
    }

    /// What it changes.
    #[must_use]
    pub fn change(&self) -> &Change {
        &self.change
    }

    /// The image that it makes of one that it meets.
    #[must_use]
    pub fn transform(&self, image: &str) -> Option<String> {
        let met = self.name.matches(image);
        met.then(|| self.change.apply(image))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_change_what_they_name() {
        let change = |name: &str, tag: &str, suffix: &str, digest: &str| Change {
            name: name.to_owned(),
            tag: tag.to_owned(),
            suffix: suffix.to_owned(),
            digest: digest.to_owned(),
        };
        for (change, image, wanted) in [
            (change("", "2", "", ""), "nginx", "nginx:2"),
            (change("", "2", "", ""), "nginx:1@sha256:a", "nginx:2"),
            (change("", "", "", "sha256:b"), "nginx:1", "nginx@sha256:b"),
            (
                change("", "2", "", "sha256:b"),
                "nginx:1",
                "nginx:2@sha256:b",
            ),
            (change("x", "", "", ""), "nginx:1@sha256:a", "x:1@sha256:a"),
            (
                change("", "", "-slim", ""),
                "nginx:1@sha256:a",
                "nginx:1-slim",
            ),
            (change("", "2", "-slim", ""), "nginx:1", "nginx:2"),
            (change("", "2", "", ""), "localhost:5000", "localhost:2"),
            (change("", "2", "", ""), "h:5000/a", "h:5000/a:2"),
        ] {
            assert_eq!(change.apply(image), wanted, "{image} {change:?}");
        }
    }
}
