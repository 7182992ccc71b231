//! The files of a run as kustomizations find them: by folder and by path.
//!
//! Nothing is read here. A path that leads anywhere else than to a file of the run, out of the
//! repository above all, leads nowhere.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use super::Notes;
use super::definition::{Definition, Layer};

/// The files of a run.
pub struct Tree<'a> {
    /// Every file met, read or not.
    paths: HashSet<&'a str>,
    /// Every folder with a file in it or below.
    holding: HashSet<&'a str>,
    notes: BTreeMap<&'a str, &'a Notes>,
    /// The kustomizations of each folder.
    folders: HashMap<&'a str, Vec<&'a Definition>>,
}

/// What a path leads to.
pub(super) enum Target<'a> {
    /// A file of objects, or one that says nothing of images.
    File(Option<&'a Notes>),
    /// A folder with the kustomization in it.
    Folder(String, &'a Definition),
    /// A folder with several kustomizations, which kustomize refuses.
    Ambiguous,
    /// Nothing that is known here.
    Nowhere,
}

impl<'a> Tree<'a> {
    /// The files of a run: all paths, and what some of them say.
    #[must_use]
    pub fn new(paths: &[&'a str], notes: &[(&'a str, &'a Notes)]) -> Self {
        let mut tree = Self {
            paths: paths.iter().copied().collect(),
            holding: HashSet::new(),
            notes: notes.iter().copied().collect(),
            folders: HashMap::new(),
        };
        for path in paths {
            let mut folder = folder_of(path);
            // Those above a known folder are known.
            while !folder.is_empty() && tree.holding.insert(folder) {
                folder = folder_of(folder);
            }
        }
        for (path, notes) in notes {
            for definition in &notes.definitions {
                if matches!(definition.layer, Layer::Kustomization | Layer::Component)
                    && is_recognised(path)
                {
                    let folder = tree.folders.entry(folder_of(path)).or_default();
                    folder.push(definition);
                }
            }
        }
        tree
    }

    /// Every definition with the path of its file, in order.
    pub(super) fn definitions(&self) -> impl Iterator<Item = (&'a str, &'a Definition)> {
        let all = self.notes.iter();
        all.flat_map(|(path, notes)| notes.definitions.iter().map(|one| (*path, one)))
    }

    pub(super) fn notes(&self, path: &str) -> Option<&'a Notes> {
        self.notes.get(path).copied()
    }

    /// What a path of a kustomization in a folder leads to.
    pub(super) fn find(&self, folder: &str, text: &str) -> Target<'a> {
        let Some(path) = join(folder, text) else {
            return Target::Nowhere;
        };
        if let Some(path) = self.paths.get(path.as_str()) {
            return Target::File(self.notes(path));
        }
        match self.folders.get(path.as_str()).map(Vec::as_slice) {
            Some([definition]) => Target::Folder(path, definition),
            Some(_) => Target::Ambiguous,
            None => Target::Nowhere,
        }
    }

    /// The folder that an outer layer means: its path starts at the repository's root, which is
    /// one of the folders above its file; the nearest one that holds such a folder is taken.
    pub(in crate::formats) fn outer_folder(&self, file: &str, text: &str) -> Option<String> {
        let mut above = folder_of(file);
        loop {
            let path = join(above, text.trim_start_matches('/'))?;
            if path != above && self.holding.contains(path.as_str()) {
                return Some(path);
            }
            if above.is_empty() || above == ".." || above.ends_with("/..") {
                return None;
            }
            above = folder_of(above);
        }
    }

    /// The files and the kustomizations that stand for a folder without one of its own: all files
    /// below it, and where a folder below has one, that.
    pub(super) fn below(&self, folder: &str) -> (Vec<&'a str>, Vec<String>) {
        let mut files = Vec::new();
        let mut folders: Vec<String> = Vec::new();
        for path in below(&self.notes, folder).map(|(path, _)| path) {
            let mut above = folder_of(path);
            let mut covered = None;
            while is_below(above, folder) {
                if self.folders.contains_key(above) {
                    covered = Some(above);
                }
                above = folder_of(above);
            }
            match covered {
                // What lies below one folder stands together.
                Some(covered) if folders.last().is_some_and(|known| known == covered) => {}
                Some(covered) => folders.push(covered.to_owned()),
                None => files.push(path),
            }
        }
        (files, folders)
    }
}

/// The names that kustomize looks for.
pub(in crate::formats) fn is_recognised(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        "kustomization.yaml" | "kustomization.yml" | "Kustomization"
    )
}

/// The folder of a path; empty at the top.
pub(in crate::formats) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Those of some paths that lie below a folder, in order.
pub(in crate::formats) fn below<'a, 'm, T>(
    paths: &'m BTreeMap<&'a str, T>,
    folder: &str,
) -> impl Iterator<Item = (&'a str, &'m T)> {
    let inside = format!("{folder}/");
    let from = (Bound::Included(inside.as_str()), Bound::Unbounded);
    let found = paths.range::<str, _>(from);
    found
        .map(|(path, held)| (*path, held))
        .take_while(move |(path, _)| path.starts_with(&inside))
}

/// Whether a path lies below a folder.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// A path seen from a folder, without `.` and, where it can be said, `..`; absolute paths are of no
/// repository.
pub(in crate::formats) fn join(folder: &str, text: &str) -> Option<String> {
    if text.is_empty() || text.starts_with('/') || text.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(text.split('/')) {
        match part {
            "" if parts.is_empty() && folder.starts_with('/') => parts.push(""),
            "" | "." => {}
            ".." => match parts.last() {
                // Above the folder where the run started nothing is known by name.
                None | Some(&"..") => parts.push(".."),
                Some(&"") => return None,
                Some(_) => {
                    parts.pop();
                }
            },
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_by_their_parts_alone() {
        for (folder, text, wanted) in [
            ("overlays/prod", "../../base", Some("base")),
            (
                "overlays/prod",
                "./app.yaml",
                Some("overlays/prod/app.yaml"),
            ),
            ("", "../up/x", Some("../up/x")),
            ("../shared/a", "../b/", Some("../shared/b")),
            ("a", "../../../../etc/passwd", Some("../../../etc/passwd")),
            ("/tmp/a", "../b", Some("/tmp/b")),
            ("/tmp/a", "../../../etc", None),
            ("a", "/etc/passwd", None),
            ("a", "", None),
            ("a", ".", Some("a")),
        ] {
            assert_eq!(join(folder, text).as_deref(), wanted, "{folder} {text}");
        }
    }
}
