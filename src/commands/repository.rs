//! What a checkout says of itself: its name, and the files that scripts read.

use std::path::{Component, Path, PathBuf};

use crate::files::Files;
use crate::formats::github::workflow::{Action, Workflow};
use crate::formats::github::world::Repository;
use crate::source::{FileId, Source};

/// Scripts read version files and the like; nothing larger is handed to them.
const MAX_READ: u64 = 1024 * 1024;

/// A repository in the file system.
pub struct Checkout<'a> {
    root: PathBuf,
    shown: &'a str,
    dockerfiles: &'a [String],
    workflows: &'a [(&'a Source, &'a Workflow)],
    actions: &'a [(&'a Source, &'a Action)],
    sources: &'a [(&'a Source, FileId)],
}

impl<'a> Checkout<'a> {
    /// The repository at a path as shown, with the Dockerfiles, workflows, actions and further sources known of the
    /// whole run.
    #[must_use]
    pub fn new(
        shown: &'a str,
        dockerfiles: &'a [String],
        workflows: &'a [(&'a Source, &'a Workflow)],
        actions: &'a [(&'a Source, &'a Action)],
        sources: &'a [(&'a Source, FileId)],
    ) -> Self {
        let root = if shown.is_empty() { "." } else { shown };
        Self {
            root: PathBuf::from(root),
            shown,
            dockerfiles,
            workflows,
            actions,
            sources,
        }
    }

    /// A path inside the repository; nothing that leads out of it.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let mut inside = PathBuf::new();
        for part in Path::new(path).components() {
            match part {
                Component::CurDir => {}
                Component::Normal(part) => inside.push(part),
                Component::ParentDir => {
                    if !inside.pop() {
                        return None;
                    }
                }
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        let full = self.root.join(inside);
        let real = full.canonicalize().ok()?;
        let root = self.root.canonicalize().ok()?;
        real.starts_with(root).then_some(real)
    }
}

impl Files for Checkout<'_> {
    fn read(&self, path: &str) -> Option<String> {
        let path = self.inside(path)?;
        let meta = std::fs::metadata(&path).ok()?;
        if !meta.is_file() || meta.len() > MAX_READ {
            return None;
        }
        std::fs::read_to_string(path).ok()
    }

    fn holds(&self, path: &str) -> Option<bool> {
        if path.contains("://") || path.starts_with('/') {
            return None;
        }
        // A tree without any Dockerfile is no checkout of the whole repository.
        let mut known = self.dockerfiles.iter();
        if !known.any(|dockerfile| dockerfile.starts_with(self.shown)) {
            return None;
        }
        Some(self.inside(path).is_some_and(|path| path.is_file()))
    }

    fn source(&self, path: &str) -> Option<FileId> {
        let path = format!("{}{path}", self.shown);
        let mut sources = self.sources.iter();
        sources.find_map(|(source, file)| (source.path() == path).then_some(*file))
    }
}

impl Repository for Checkout<'_> {
    fn workflow(&self, path: &str) -> Option<&Workflow> {
        let path = format!("{}{path}", self.shown);
        let mut workflows = self.workflows.iter();
        workflows.find_map(|(source, workflow)| (source.path() == path).then_some(*workflow))
    }

    fn action(&self, folder: &str) -> Option<&Action> {
        let folder = format!("{}{folder}", self.shown);
        let mut actions = self.actions.iter();
        actions.find_map(|(source, action)| {
            let here = source.path().strip_prefix(folder.as_str())?;
            matches!(here, "/action.yml" | "/action.yaml").then_some(*action)
        })
    }
}

/// `OWNER/NAME` of the remote `origin` on GitHub, from the checkout's git configuration.
#[must_use]
pub fn remote(shown_root: &str) -> Option<String> {
    let root = if shown_root.is_empty() {
        "."
    } else {
        shown_root
    };
    let config = std::fs::read_to_string(Path::new(root).join(".git/config")).ok()?;
    let mut origin = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            origin = line == "[remote \"origin\"]";
        } else if let (true, Some((key, url))) = (origin, line.split_once('='))
            && key.trim() == "url"
        {
            return from_url(url.trim());
        }
    }
    None
}

fn from_url(url: &str) -> Option<String> {
    let (_, path) = url.split_once("github.com")?;
    let path = path.trim_start_matches([':', '/']).trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(owner), Some(name), None) if !owner.is_empty() && !name.is_empty() => {
            Some(format!("{owner}/{name}"))
        }
        _ => None,
    }
}

/// What workflows say of their own repository's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Guarded {
    /// `OWNER/NAME`.
    pub name: Option<String>,
    /// The owner alone.
    pub owner: Option<String>,
}

/// Workflows that must not run in forks compare `github.repository` with their own name: where all
/// such comparisons name one repository, that is it.
#[must_use]
pub fn guarded<'a>(texts: impl Iterator<Item = &'a str>) -> Guarded {
    let (mut names, mut owners) = (Vec::new(), Vec::new());
    for text in texts {
        for (at, variable) in text.match_indices("github.repository") {
            let rest = text.get(at + variable.len()..).unwrap_or_default();
            let (list, rest) = match rest.strip_prefix("_owner") {
                Some(rest) => (&mut owners, rest),
                None => (&mut names, rest),
            };
            let literal = rest
                .trim_start()
                .strip_prefix("==")
                .and_then(|rest| rest.trim_start().strip_prefix('\''))
                .and_then(|rest| rest.split('\'').next());
            if let Some(literal) = literal
                && !list.contains(&literal)
            {
                list.push(literal);
            }
        }
    }
    let only = |list: &[&str]| match list {
        [one] => Some((*one).to_owned()),
        _ => None,
    };
    Guarded {
        name: only(&names).filter(|name| name.contains('/')),
        owner: only(&owners),
    }
}

/// The branch that workflows compare the ref with, where `main` is nowhere among them.
#[must_use]
pub fn named_branch<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut master = false;
    for text in texts {
        if text.contains("refs/heads/main") {
            return None;
        }
        master |= text.contains("refs/heads/master");
    }
    master.then(|| "master".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_of_all_forms_are_read() {
        for url in [
            "git@github.com:acme/app.git",
            "https://github.com/acme/app",
            "ssh://git@github.com/acme/app.git/",
        ] {
            assert_eq!(from_url(url).as_deref(), Some("acme/app"), "{url}");
        }
        assert_eq!(from_url("https://gitlab.com/acme/app"), None);
    }

    #[test]
    fn guards_name_the_repository_where_they_agree() {
        let one = "if: github.repository == 'acme/app'";
        let two = "if: github.repository=='acme/other' && github.repository_owner == 'acme'";
        assert_eq!(guarded([one].into_iter()).name.as_deref(), Some("acme/app"));
        let both = guarded([one, two].into_iter());
        assert_eq!((both.name, both.owner.as_deref()), (None, Some("acme")));
    }
}
