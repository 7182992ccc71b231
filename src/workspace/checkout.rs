//! What a checkout says of itself: its name, and the files that scripts read.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::disk::{Disk, Stamp};
use super::read::Loaded;
use crate::files::Files;
use crate::formats::github::workflow::{Action, Workflow};
use crate::formats::github::world::Repository;
use crate::source::FileId;

/// Scripts read version files and the like; nothing larger is handed to them.
const MAX_READ: u64 = 1024 * 1024;

/// The files of a run by their paths as shown.
#[derive(Default)]
pub(super) struct Index<'a> {
    files: HashMap<&'a str, (FileId, &'a Loaded)>,
    pub(super) dockerfiles: &'a [String],
}

impl<'a> Index<'a> {
    /// Of files in the order of their numbers, and the Dockerfiles met.
    pub(super) fn new(loaded: &'a [Loaded], dockerfiles: &'a [String]) -> Self {
        let known = loaded.iter().zip(0..).map(|(file, id)| {
            let path = file.source.path();
            (path, (FileId(id), file))
        });
        Self {
            files: known.collect(),
            dockerfiles,
        }
    }

    /// The file at a path as shown.
    pub(super) fn file(&self, shown: &str) -> Option<&'a Loaded> {
        self.files.get(shown).map(|(_, file)| *file)
    }

    /// The number of the file at a path as shown, where its text was kept.
    fn source(&self, shown: &str) -> Option<FileId> {
        let (id, file) = self.files.get(shown)?;
        (file.source.is_let_go() || !file.source.text().is_empty()).then_some(*id)
    }
}

/// What an evaluation has asked for: as long as all of it is the same, so is what it came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    on_disk: BTreeMap<PathBuf, Stamp>,
    sources: BTreeMap<String, Option<Arc<str>>>,
}

impl Asked {
    /// Notes that a file of the run was asked for.
    pub(super) fn source(&mut self, index: &Index<'_>, shown: &str) {
        if !self.sources.contains_key(shown) {
            let text = index.file(shown).map(|file| file.source.shared_text());
            self.sources.insert(shown.to_owned(), text);
        }
    }

    /// Both together.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.on_disk.extend(other.on_disk);
        self.sources.extend(other.sources);
        self
    }

    /// Whether everything is as it was.
    pub(super) fn holds(&self, index: &Index<'_>, disk: &Disk) -> bool {
        let mut sources = self.sources.iter();
        let mut on_disk = self.on_disk.iter();
        sources.all(|(shown, before)| {
            let now = index.file(shown).map(|file| file.source.shared_text());
            match (before, now) {
                (Some(before), Some(now)) => Arc::ptr_eq(before, &now),
                (before, now) => before.is_none() && now.is_none(),
            }
        }) && on_disk.all(|(path, stamp)| disk.stamp(path) == *stamp)
    }
}

/// A repository in the file system.
pub(super) struct Checkout<'a> {
    root: PathBuf,
    shown: String,
    disk: &'a Disk,
    index: &'a Index<'a>,
    asked: Mutex<Asked>,
    real_root: OnceLock<Option<PathBuf>>,
    /// What was read before: a file is asked for on each event, by each instance of a matrix.
    read: Mutex<HashMap<String, Option<String>>>,
}

impl<'a> Checkout<'a> {
    /// The repository at a path as shown, with the files known of the whole run.
    pub(super) fn new(shown: &str, disk: &'a Disk, index: &'a Index<'a>) -> Self {
        Self {
            root: disk.path(shown),
            shown: shown.to_owned(),
            disk,
            index,
            asked: Mutex::default(),
            real_root: OnceLock::new(),
            read: Mutex::default(),
        }
    }

    /// What was asked for.
    pub(super) fn into_asked(self) -> Asked {
        let asked = self.asked.into_inner();
        asked.unwrap_or_else(PoisonError::into_inner)
    }

    /// A path inside the repository, with what stands in for it or is on disk; nothing that leads out
    /// of it.
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
        self.note(|asked| {
            if !asked.on_disk.contains_key(&full) {
                let stamp = self.disk.stamp(&full);
                asked.on_disk.insert(full.clone(), stamp);
            }
        });
        if self.disk.overlay.get(&full).is_some() {
            return Some(full);
        }
        let real = full.canonicalize().ok()?;
        let root = self.real_root.get_or_init(|| self.root.canonicalize().ok());
        real.starts_with(root.as_ref()?).then_some(real)
    }

    fn read_anew(&self, path: &str) -> Option<String> {
        let path = self.inside(path)?;
        if self.disk.size(&path)? > MAX_READ {
            return None;
        }
        String::from_utf8(self.disk.bytes(&path).ok()?).ok()
    }

    fn note(&self, note: impl FnOnce(&mut Asked)) {
        let asked = self.asked.lock();
        note(&mut asked.unwrap_or_else(PoisonError::into_inner));
    }

    /// A path of a file of the run, as shown.
    fn known(&self, path: &str) -> String {
        let shown = format!("{}{path}", self.shown);
        self.note(|asked| asked.source(self.index, &shown));
        shown
    }
}

impl Files for Checkout<'_> {
    fn read(&self, path: &str) -> Option<String> {
        let read = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read().get(path) {
            return known.clone();
        }
        let text = self.read_anew(path);
        read().insert(path.to_owned(), text.clone());
        text
    }

    fn holds(&self, path: &str) -> Option<bool> {
        if path.contains("://") || path.starts_with('/') {
            return None;
        }
        // A tree without any Dockerfile is no checkout of the whole repository.
        let mut known = self.index.dockerfiles.iter();
        if !known.any(|dockerfile| dockerfile.starts_with(&self.shown)) {
            return None;
        }
        let inside = self.inside(path);
        Some(inside.is_some_and(|path| self.disk.is_file(&path)))
    }

    fn source(&self, path: &str) -> Option<FileId> {
        self.index.source(&self.known(path))
    }
}

impl Repository for Checkout<'_> {
    fn workflow(&self, path: &str) -> Option<&Workflow> {
        self.index.file(&self.known(path))?.workflow()
    }

    fn action(&self, folder: &str) -> Option<&Action> {
        let names = ["action.yml", "action.yaml"].iter();
        let mut paths = names.map(|name| self.known(&format!("{folder}/{name}")));
        paths.find_map(|path| self.index.file(&path)?.action.as_deref())
    }
}

/// `OWNER/NAME` of the remote `origin` on GitHub, from the checkout's git configuration.
pub(super) fn remote(root: &Path) -> Option<String> {
    let config = crate::discover::read_named_text(&root.join(".git/config"), MAX_READ).ok()?;
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
pub(super) struct Guarded {
    /// `OWNER/NAME`.
    pub(super) name: Option<String>,
    /// The owner alone.
    pub(super) owner: Option<String>,
}

/// Workflows that must not run in forks compare `github.repository` with their own name: where all
/// such comparisons name one repository, that is it.
pub(super) fn guarded<'a>(texts: impl Iterator<Item = &'a str>) -> Guarded {
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
pub(super) fn named_branch<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
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
