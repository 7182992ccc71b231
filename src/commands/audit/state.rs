//! The file that holds what was seen at the last audit.

use std::io::Write;
use std::path::Path;

use crate::audit::{Observed, Saved};
use crate::discover::{plain, read_named_text};

/// Larger files are not read.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Reads it; `None` where there is none yet.
///
/// # Errors
/// It cannot be read, or is no such file.
pub fn read(path: &Path) -> Result<Option<Saved>, String> {
    let told = |reason: &str| format!("{}: {reason}", path.display());
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(told(&plain(&error))),
        Ok(_) => {}
    }
    let text = read_named_text(path, MAX_BYTES).map_err(|error| told(&plain(&error)))?;
    let saved = Saved::read(&text);
    saved
        .map(Some)
        .map_err(|error| told(&format!("this holds no state of an audit: {error}")))
}

/// Writes what was seen over what it held. What was not seen this time stays as it was.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, previous: Option<Saved>, seen: Vec<Observed>) -> Result<(), String> {
    let mut saved = previous.unwrap_or_else(|| Saved::of(Vec::new()));
    for image in seen {
        match saved
            .images
            .iter_mut()
            .find(|known| known.image == image.image)
        {
            Some(known) => *known = joined(std::mem::replace(known, image.clone()), image),
            None => saved.images.push(image),
        }
    }
    saved.images.sort_by(|a, b| a.image.cmp(&b.image));
    let told = |error: &std::io::Error| format!("{}: {}", path.display(), plain(error));
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let beside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
    let mut beside = beside.map_err(|error| told(&error))?;
    let written = beside.write_all(saved.text().as_bytes());
    written.map_err(|error| told(&error))?;
    beside.persist(path).map_err(|error| told(&error.error))?;
    Ok(())
}

/// What is known now: a tag that was not looked up this time keeps its digest.
fn joined(before: Observed, mut now: Observed) -> Observed {
    for (tag, old) in before.tags {
        match now.tags.get_mut(&tag) {
            Some(seen) if seen.digest.is_none() => *seen = old,
            Some(_) => {}
            None if !now.complete => {
                now.tags.insert(tag, old);
            }
            None => {}
        }
    }
    now
}
