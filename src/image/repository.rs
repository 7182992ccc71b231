//! Where an image lies: a registry and a path in it, without tag or digest.

use std::fmt;

/// The registry that a name without one means.
pub(super) const HUB: &str = "docker.io";
/// The other name of that registry.
const HUB_INDEX: &str = "index.docker.io";
/// The namespace that a name of one component has there.
pub(super) const LIBRARY: &str = "library/";

/// A registry, where one is written, and a path in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository {
    name: Box<str>,
    /// Length of the registry at the start of the name; 0 for none.
    domain: usize,
}

impl Repository {
    /// The name is one by the grammar, and `domain` the length of its registry.
    pub(super) fn new(name: &str, domain: usize) -> Self {
        Self {
            name: name.into(),
            domain,
        }
    }

    /// A repository of Docker Hub, of which the path is known to be one.
    pub(super) fn on_hub(path: &str) -> Self {
        let library = if path.contains('/') { "" } else { LIBRARY };
        Self {
            name: [HUB, "/", library, path].concat().into(),
            domain: HUB.len(),
        }
    }

    /// The whole: registry and path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The registry's host, with its port; empty where none is written.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.name.get(..self.domain).unwrap_or_default()
    }

    /// The path within the registry.
    #[must_use]
    pub fn path(&self) -> &str {
        let start = match self.domain {
            0 => 0,
            length => length + 1,
        };
        self.name.get(start..).unwrap_or_default()
    }

    /// As short as people write it: without `docker.io/` and `library/`.
    #[must_use]
    pub fn familiar(&self) -> &str {
        if self.domain() != HUB {
            return self.name();
        }
        match self.path().strip_prefix(LIBRARY) {
            Some(short) if !short.contains('/') => short,
            _ => self.path(),
        }
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What of a reference, as people write it, lies on Docker Hub: the reference without the registry;
/// `None` where it names another registry.
pub(super) fn on_hub(text: &str) -> Option<&str> {
    match text.split_once('/') {
        Some((HUB | HUB_INDEX, rest)) => Some(rest),
        Some((host, _)) if names_registry(host) => None,
        _ => Some(text),
    }
}

fn names_registry(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':']) || first.chars().any(char::is_uppercase)
}
