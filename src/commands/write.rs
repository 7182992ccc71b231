//! Writes files in one stroke: whatever goes wrong, a file is the old one or the new one.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

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
    let linked = has_other_names(&meta);
    // What lies beside it is the new file or, of one with other names, a copy of the old one.
    let text = if linked { before } else { after };
    let beside = beside(folder, text, Some(meta.permissions())).map_err(|error| named(&error))?;
    // As late as can be: somebody may have saved the file meanwhile.
    let now = std::fs::read(&target).map_err(|error| named(&error))?;
    if now != before.as_bytes() {
        return Err(told("not fixed: the file has changed since it was read"));
    }
    if linked {
        return overwrite(&target, before, after).map_err(|(error, whole)| {
            if whole {
                return named(&error);
            }
            // The copy is what is left of it.
            let copy = beside.keep().map(|(_, path)| path.display().to_string());
            format!(
                "{}; its old text is in {}",
                named(&error),
                copy.unwrap_or_default()
            )
        });
    }
    keep_owner(&meta, beside.path());
    beside
        .persist(&target)
        .map_err(|error| named(&error.error))?;
    Ok(())
}

/// Writes a text over a file, or where there is none. A file that is there stays whole until the new
/// one is; what is no file, such as a pipe, is written to.
///
/// # Errors
/// As the system says.
pub fn put(path: &Path, text: &str) -> io::Result<()> {
    let known = std::fs::metadata(path);
    let target = match &known {
        Ok(meta) if !meta.is_file() || has_other_names(meta) => return std::fs::write(path, text),
        Ok(_) => path.canonicalize()?,
        Err(_) => path.to_owned(),
    };
    let rights = known.as_ref().ok().map(std::fs::Metadata::permissions);
    if rights.as_ref().is_some_and(std::fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let beside = match beside(folder(&target), text, rights) {
        // A file may be written where none may be made.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && known.is_ok() => {
            return std::fs::write(target, text);
        }
        beside => beside?,
    };
    if let Ok(meta) = &known {
        keep_owner(meta, beside.path());
    }
    beside.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a text where there is no file yet.
///
/// # Errors
/// There is one, or as the system says.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let beside = beside(folder(path), text, None)?;
    beside
        .persist_noclobber(path)
        .map_err(|error| error.error)?;
    Ok(())
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A file with this text that goes away by itself; a run that is killed leaves it under a name that
/// says whose it is. Without rights to keep it has those of any new file.
fn beside(
    folder: &Path,
    text: &str,
    rights: Option<std::fs::Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".taglint-");
    let rights_of_new = new_rights();
    if let (None, Some(new)) = (&rights, &rights_of_new) {
        builder.permissions(new.clone());
    }
    let mut beside = builder.tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    if let Some(rights) = rights {
        std::fs::set_permissions(beside.path(), rights)?;
    }
    beside.as_file().sync_all()?;
    Ok(beside)
}

/// What a new file is made with, before the mask of the process.
#[cfg(unix)]
fn new_rights() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_rights() -> Option<std::fs::Permissions> {
    None
}

/// Writes over a file in place, so that its other names go on to be names of it; gives the error, and
/// whether the file is whole in spite of it.
fn overwrite(path: &Path, before: &str, after: &str) -> Result<(), (io::Error, bool)> {
    let mut file = OpenOptions::new()
        .write(true)
        .open(path)
        .map_err(|error| (error, true))?;
    write_all(&mut file, after).map_err(|error| {
        let whole = write_all(&mut file, before).is_ok();
        (error, whole)
    })
}

fn write_all(file: &mut File, text: &str) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)?;
    file.sync_all()
}

/// Whether a file is known by other names too: whatever takes its place would not be.
#[cfg(unix)]
fn has_other_names(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    meta.nlink() > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &std::fs::Metadata) -> bool {
    false
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
