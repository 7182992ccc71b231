//! Manifests and image configurations on disk, by digest: they never change, so that they need be
//! fetched once only. What is read is checked against its digest each time.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::image::Digest;

/// Files larger than this are neither kept nor read.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A folder of content by digest. A cache that cannot be read or written is an empty one.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in this folder, which need not be there yet.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The user's own: `$XDG_CACHE_HOME/taglint/registry`, or below `~/.cache`.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let absolute = |name: &str| {
            let path = PathBuf::from(std::env::var_os(name)?);
            path.is_absolute().then_some(path)
        };
        let base = absolute("XDG_CACHE_HOME");
        let base = base.or_else(|| Some(absolute("HOME")?.join(".cache")))?;
        Some(Self::at(base.join("taglint").join("registry")))
    }

    fn path(&self, digest: &Digest) -> Option<PathBuf> {
        let hex = digest.as_str().strip_prefix("sha256:")?;
        Some(self.folder.join("sha256").join(hex.get(..2)?).join(hex))
    }

    /// The content of a digest. A file that holds anything else is removed.
    pub(super) fn get(&self, digest: &Digest) -> Option<Vec<u8>> {
        let path = self.path(digest)?;
        if std::fs::metadata(&path).ok()?.len() > MAX_BYTES {
            let _ = std::fs::remove_file(path);
            return None;
        }
        let bytes = std::fs::read(&path).ok()?;
        if digest_of(&bytes).as_ref() == Some(digest) {
            return Some(bytes);
        }
        let _ = std::fs::remove_file(path);
        None
    }

    /// Keeps the content of a digest; the caller has checked it.
    pub(super) fn put(&self, digest: &Digest, bytes: &[u8]) {
        if bytes.len() as u64 <= MAX_BYTES
            && let Some(path) = self.path(digest)
            && let Some(folder) = path.parent()
        {
            // Without it the next run asks again, which is no fault.
            let _ = write(folder, &path, bytes);
        }
    }
}

/// Through a file beside it, so that no reader sees half of it. What private images hold is for their
/// owner alone, which is how the temporary file is made.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.persist(path)?;
    Ok(())
}

/// The digest of content.
pub(super) fn digest_of(bytes: &[u8]) -> Option<Digest> {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    Digest::parse(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_checked_each_time_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let digest = digest_of(b"{}").unwrap();
        assert!(digest.as_str().starts_with("sha256:44136fa355b3678a1146"));
        assert_eq!(cache.get(&digest), None);
        cache.put(&digest, b"{}");
        assert_eq!(cache.get(&digest).as_deref(), Some(&b"{}"[..]));
        let path = cache.path(&digest).unwrap();
        std::fs::write(&path, "[]").unwrap();
        assert_eq!(cache.get(&digest), None);
        assert!(!path.exists());
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_empty() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let cache = Cache::at(file.path());
        let digest = digest_of(b"{}").unwrap();
        cache.put(&digest, b"{}");
        assert_eq!(cache.get(&digest), None);
    }
}
