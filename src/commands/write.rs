//! Writes a file in one stroke: whatever goes wrong, the file is the old one or the new one.

use std::io::Write;
use std::path::Path;

use crate::discover::plain;

/// Replaces a file's text, given what it held when it was read. A symbolic link stays one: the file
/// that it leads to is replaced. Rights and, where allowed, the owner are kept.
///
/// # Errors
/// The file may not be written, has changed since it was read, or cannot be replaced.
pub fn replace(path: &Path, before: &str, after: &str) -> Result<(), String> {
    let named = |error: &std::io::Error| format!("{}: {}", path.display(), plain(error));
    let told = |reason: &str| format!("{}: {reason}", path.display());
    let target = path.canonicalize().map_err(|error| named(&error))?;
    let meta = std::fs::metadata(&target).map_err(|error| named(&error))?;
    if meta.permissions().readonly() {
        return Err(told("not fixed: the file is read-only"));
    }
    let folder = target
        .parent()
        .ok_or_else(|| told("it lies in no folder"))?;
    let mut beside = tempfile::Builder::new()
        .prefix(".taglint-")
        .tempfile_in(folder)
        .map_err(|error| named(&error))?;
    beside
        .write_all(after.as_bytes())
        .and_then(|()| std::fs::set_permissions(beside.path(), meta.permissions()))
        .map_err(|error| named(&error))?;
    keep_owner(&meta, beside.path());
    beside.as_file().sync_all().map_err(|error| named(&error))?;
    // As late as can be: somebody may have saved the file meanwhile.
    let now = std::fs::read(&target).map_err(|error| named(&error))?;
    if now != before.as_bytes() {
        return Err(told("not fixed: the file has changed since it was read"));
    }
    beside
        .persist(&target)
        .map_err(|error| named(&error.error))?;
    Ok(())
}

/// Gives the new file the old one's owner, where they differ and the system allows it.
#[cfg(unix)]
fn keep_owner(old: &std::fs::Metadata, new: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    let own = std::fs::metadata(new).map(|meta| (meta.uid(), meta.gid()));
    if own.is_ok_and(|own| own != (old.uid(), old.gid())) {
        // Only a privileged user may; for others the file is theirs from now on.
        let _ = chown(new, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &std::fs::Metadata, _: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_as_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "old").unwrap();
        assert!(replace(&path, "other", "new").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        replace(&path, "old", "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.yaml"), folder.path().join("link"));
        std::fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        replace(&link, "old", "new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o440)).unwrap();
        let error = replace(&path, "new", "newer").unwrap_err();
        assert!(error.contains("read-only"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }
}
