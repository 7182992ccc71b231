//! The folders of a run as the system knows them, each with its nearest policy: upwards, and not
//! beyond the root of its repository.
//!
//! Asking the system is what costs here, so each folder is looked at once, and the folders that hold
//! files all at the same time.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::disk::Disk;
use super::policies::{NAMES, parent};

/// A folder, as the system knows it, and its nearest policy.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) real: PathBuf,
    pub(super) policy: Option<PathBuf>,
}

/// What a look at one folder tells.
#[derive(Clone, Copy)]
struct Look {
    /// Whether it is where its path says, given that the folder above is.
    plain: bool,
    holds: Holds,
}

/// What a folder holds.
#[derive(Clone, Copy)]
enum Holds {
    /// A policy of this name.
    Policy(&'static str),
    /// A repository: what lies above is none of its business.
    Repository,
    Neither,
}

/// The folders met so far.
pub(super) struct Folders<'d> {
    disk: &'d Disk,
    looked: HashMap<PathBuf, Look>,
    known: HashMap<PathBuf, Arc<Folder>>,
}

impl<'d> Folders<'d> {
    /// Looks at folders by their paths, in parallel.
    pub(super) fn new(disk: &'d Disk, paths: Vec<&Path>) -> Self {
        let looked = paths.into_par_iter();
        Self {
            disk,
            looked: looked
                .map(|path| (path.to_owned(), look(path, disk)))
                .collect(),
            known: HashMap::new(),
        }
    }

    /// The folder at a path, where it was met.
    pub(super) fn known(&self, path: &Path) -> Option<&Folder> {
        self.known.get(path).map(Arc::as_ref)
    }

    /// The folder at a path.
    pub(super) fn folder(&mut self, path: &Path) -> Arc<Folder> {
        if let Some(known) = self.known.get(path) {
            return Arc::clone(known);
        }
        let before = self.looked.remove(path);
        let look = before.unwrap_or_else(|| look(path, self.disk));
        let above = match (look.plain, path.file_name()) {
            (true, Some(name)) => Some((self.folder(parent(path)), name)),
            _ => None,
        };
        let real = match &above {
            Some((above, name)) => above.real.join(name),
            None => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        };
        let policy = match (look.holds, above) {
            (Holds::Policy(name), _) => Some(real.join(name)),
            (Holds::Repository, _) => None,
            (Holds::Neither, Some((above, _))) => above.policy.clone(),
            (Holds::Neither, None) => real
                .parent()
                .filter(|above| *above != Path::new(""))
                .and_then(|above| self.folder(above).policy.clone()),
        };
        let folder = Arc::new(Folder { real, policy });
        self.known.insert(path.to_owned(), Arc::clone(&folder));
        folder
    }
}

/// Looks at a folder. What an editor has open goes by the folder's path as the editor has it.
fn look(path: &Path, disk: &Disk) -> Look {
    let meta = path.symlink_metadata();
    let mut names = NAMES.into_iter();
    let holds = match names.find(|name| disk.is_file(&path.join(name))) {
        Some(name) => Holds::Policy(name),
        None if path.join(".git").exists() => Holds::Repository,
        None => Holds::Neither,
    };
    Look {
        plain: meta.is_ok_and(|meta| !meta.is_symlink()),
        holds,
    }
}
