//! How a reference is written with another tag: as the file writes it, in whole or as a tag apart.

use super::Task;
use crate::finding::Edit;
use crate::image::{Digest, ImageRef};
use crate::policy::without_tag;
use crate::project::Project;

/// What a reference is to have after its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// The tag; a digest by itself has none.
    pub tag: Option<String>,
    /// The digest.
    pub digest: Option<Digest>,
}

impl Pinned {
    /// The whole reference of an image.
    #[must_use]
    pub fn of(&self, name: &str) -> String {
        let mut text = name.to_owned();
        if let Some(tag) = &self.tag {
            text.push_str(&format!(":{tag}"));
        }
        if let Some(digest) = &self.digest {
            text.push_str(&format!("@{digest}"));
        }
        text
    }
}

/// The edit that gives a reference its new tag or digest.
///
/// # Errors
/// Why it cannot be written there.
pub fn edit(project: &Project, task: &Task<'_>, pinned: &Pinned) -> Result<Edit, &'static str> {
    let at = task.found.at;
    let source = project.source(at).ok_or("its file is not known")?;
    let written = source.slice(at.span).trim();
    let inner = written.trim_matches(['"', '\'']);
    if inner.contains(['$', '{', '\\']) || inner.is_empty() {
        return Err("its text holds a variable");
    }
    let whole = inner == task.found.written && is_same(inner, task.image);
    let text = if whole {
        pinned.of(without_tag(inner))
    } else if Some(inner) == task.image.tag() && task.image.digest().is_none() {
        match (&pinned.tag, &pinned.digest) {
            (Some(tag), None) => tag.clone(),
            _ => return Err("its tag stands apart, where a digest cannot be written"),
        }
    } else {
        return Err("its parts stand apart");
    };
    Ok(Edit { at, text })
}

/// Whether a text is the whole of a reference.
fn is_same(text: &str, image: &ImageRef) -> bool {
    ImageRef::parse_normalized(text).is_ok_and(|read| read == image.normalized())
}
