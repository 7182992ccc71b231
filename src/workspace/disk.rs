//! The files as a run sees them: what is on disk, and texts that stand in for what files hold.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::discover::{self, MAX_FILE_BYTES};
use crate::source::Recall;

/// Texts that stand in for what files hold: edits of a run that has written nothing yet, and what an
/// editor has open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay(BTreeMap<PathBuf, Arc<str>>);

/// The current folder is named or not: `./a` is `a`.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

impl Overlay {
    /// Lets a text stand in for a file.
    pub fn insert(&mut self, path: &Path, text: impl Into<Arc<str>>) {
        self.0.insert(plain(path).to_owned(), text.into());
    }

    /// Lets the file speak for itself again.
    pub fn remove(&mut self, path: &Path) {
        self.0.remove(plain(path));
    }

    /// The text that stands in for a file.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Arc<str>> {
        self.0.get(plain(path))
    }

    /// Whether no file is stood in for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The files stood in for.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

/// What a file was like when it was asked for: as long as this is the same, so is the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// There is none.
    Missing,
    /// On disk: its length in bytes, and when it was last written.
    OnDisk(u64, Option<SystemTime>),
    /// Stood in for: a hash of the text.
    Open(u64),
}

/// What a file holds.
pub enum Held {
    /// These bytes; where they are on disk, what the file was like then.
    Bytes(Vec<u8>, Option<Stamp>),
    /// More than was asked for: so many bytes.
    TooLarge(u64),
}

fn held_on_disk(path: &Path, most: u64) -> std::io::Result<Held> {
    let file = File::open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() && meta.len() > most {
        return Ok(Held::TooLarge(meta.len()));
    }
    let stamp = meta
        .is_file()
        .then(|| Stamp::OnDisk(meta.len(), meta.modified().ok()));
    // One byte more than there should be, so that the end is met without growing.
    let length = usize::try_from(meta.len()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(length + 1);
    // What is no file says nothing of its length, and what is one may grow meanwhile.
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        length if length > most => Ok(Held::TooLarge(length)),
        _ => Ok(Held::Bytes(bytes, stamp)),
    }
}

/// A text on disk that was read once, and may be read again while the file is as it was.
#[derive(Debug)]
pub(super) struct OnDisk {
    pub(super) path: Arc<Path>,
    pub(super) stamp: Stamp,
}

impl Recall for OnDisk {
    fn text(&self) -> Option<String> {
        match held_on_disk(&self.path, MAX_FILE_BYTES).ok()? {
            Held::Bytes(bytes, Some(stamp)) if stamp == self.stamp => String::from_utf8(bytes).ok(),
            Held::Bytes(..) | Held::TooLarge(_) => None,
        }
    }
}

/// The file system, from a base on which all shown paths rest.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    base: PathBuf,
    /// What stands in for files.
    pub overlay: Overlay,
}

impl Disk {
    /// The file system from the current folder on.
    #[must_use]
    pub fn here(overlay: Overlay) -> Self {
        Self::at(PathBuf::new(), overlay)
    }

    /// The file system from a folder on.
    #[must_use]
    pub fn at(base: PathBuf, overlay: Overlay) -> Self {
        Self { base, overlay }
    }

    /// The folder that shown paths start from; empty for the current one.
    #[must_use]
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The base, from the root of the file system on where that is known.
    #[must_use]
    pub fn absolute_base(&self) -> PathBuf {
        let here = || std::env::current_dir().unwrap_or_default();
        match self.base == Path::new("") {
            true => here(),
            false => self.base.clone(),
        }
    }

    /// Where a shown path lies.
    #[must_use]
    pub fn path(&self, shown: &str) -> PathBuf {
        let path = self.base.join(shown);
        match path == Path::new("") {
            true => PathBuf::from("."),
            false => path,
        }
    }

    /// What a file holds.
    ///
    /// # Errors
    /// As the system says.
    pub fn bytes(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        match self.overlay.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => discover::read_named(path, MAX_FILE_BYTES),
        }
    }

    /// What a file holds where that is not more than so many bytes.
    ///
    /// # Errors
    /// As the system says.
    pub fn held(&self, path: &Path, most: u64) -> std::io::Result<Held> {
        let Some(text) = self.overlay.get(path) else {
            return held_on_disk(path, most);
        };
        let length = text.len() as u64;
        Ok(match length > most {
            true => Held::TooLarge(length),
            false => Held::Bytes(text.as_bytes().to_vec(), None),
        })
    }

    /// How many bytes a file holds; `None` where it is no file.
    #[must_use]
    pub fn size(&self, path: &Path) -> Option<u64> {
        if let Some(text) = self.overlay.get(path) {
            return u64::try_from(text.len()).ok();
        }
        let meta = std::fs::metadata(path).ok()?;
        meta.is_file().then_some(meta.len())
    }

    /// Whether there is such a file.
    #[must_use]
    pub fn is_file(&self, path: &Path) -> bool {
        self.overlay.get(path).is_some() || path.is_file()
    }

    /// What a file is like now.
    #[must_use]
    pub fn stamp(&self, path: &Path) -> Stamp {
        if let Some(text) = self.overlay.get(path) {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            return Stamp::Open(hasher.finish());
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_file() => Stamp::OnDisk(meta.len(), meta.modified().ok()),
            _ => Stamp::Missing,
        }
    }
}
