//! The folders of a run as the system knows them, each with its nearest policy: upwards, and not
//! beyond the root of its repository.
//!
//! Asking the system is what costs here, so each folder is looked at once, and the folders that hold
//! files all at the same time.

use std::collections::HashMap;
use std::ffi::OsString;
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
    /// The name of the policy in it.
    policy: Option<&'static str>,
}

/// The folders met so far.
pub(super) struct Folders<'d> {
    disk: &'d Disk,
    /// By the text of the path: taking paths apart costs more than meeting a folder twice.
    looked: HashMap<OsString, Look>,
    known: HashMap<OsString, Arc<Folder>>,
}

impl<'d> Folders<'d> {
    /// Looks at folders by their paths, in parallel.
    pub(super) fn new(disk: &'d Disk, paths: Vec<&Path>) -> Self {
        let looked = paths.into_par_iter();
        Self {
            disk,
            looked: looked
                .map(|path| (path.as_os_str().to_owned(), look(path, disk)))
                .collect(),
            known: HashMap::new(),
        }
    }

    /// The folder at a path, where it was met.
    pub(super) fn known(&self, path: &Path) -> Option<&Folder> {
        self.known.get(path.as_os_str()).map(Arc::as_ref)
    }

    /// The folder at a path.
    pub(super) fn folder(&mut self, path: &Path) -> Arc<Folder> {
        if let Some(known) = self.known.get(path.as_os_str()) {
            return Arc::clone(known);
        }
        let before = self.looked.remove(path.as_os_str());
        let look = before.unwrap_or_else(|| look(path, self.disk));
        let above = match (look.plain, path.file_name()) {
            (true, Some(name)) => Some((self.folder(parent(path)), name)),
            _ => None,
        };
        let real = match &above {
            Some((above, name)) => above.real.join(name),
            None => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        };
        let policy = match (look.policy, above) {
            (Some(name), _) => Some(real.join(name)),
            (None, above) => {
                let above = match above {
                    Some((above, _)) => above.policy.clone(),
                    None => real
                        .parent()
                        .filter(|above| *above != Path::new(""))
                        .and_then(|above| self.folder(above).policy.clone()),
                };
                // What lies above a repository is none of its business.
                above.filter(|_| !path.join(".git").exists())
            }
        };
        let folder = Arc::new(Folder { real, policy });
        let key = path.as_os_str().to_owned();
        self.known.insert(key, Arc::clone(&folder));
        folder
    }
}

/// Looks at a folder. What an editor has open goes by the folder's path as the editor has it.
fn look(path: &Path, disk: &Disk) -> Look {
    let meta = path.symlink_metadata();
    let mut names = NAMES.into_iter();
    Look {
        plain: meta.is_ok_and(|meta| !meta.is_symlink()),
        policy: names.find(|name| disk.is_file(&path.join(name))),
    }
}
