//! The folders of a run as the system knows them, each with its nearest policy: upwards, and not
//! beyond the root of its repository.
//!
//! Asking the system is what costs here: of folders that were walked it is not asked again, and each
//! other one is looked at once, those that hold files all at the same time.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::disk::Disk;
use super::policies::parent;
use crate::discover::Discovered;
use crate::policy::FILE_NAMES;

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
    /// Where walks began, and the policies that they met, by their folders.
    roots: HashSet<&'d Path>,
    met: HashMap<&'d OsStr, &'static str>,
}

impl<'d> Folders<'d> {
    /// Looks at folders by their paths, in parallel, to know them along with those that were walked.
    pub(super) fn new(disk: &'d Disk, paths: Vec<&Path>, discovered: &'d Discovered) -> Self {
        let looked = paths.into_par_iter();
        let mut met = HashMap::new();
        for path in discovered.policies.iter().filter(|path| disk.is_file(path)) {
            let mut names = FILE_NAMES.into_iter().enumerate();
            let Some((rank, name)) =
                names.find(|(_, name)| path.file_name() == Some(name.as_ref()))
            else {
                continue;
            };
            let first = met.entry(parent(path).as_os_str()).or_insert(name);
            if rank == 0 {
                *first = name;
            }
        }
        Self {
            disk,
            roots: discovered.roots.iter().map(PathBuf::as_path).collect(),
            met,
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

    /// The folder at a path, which was walked or not.
    pub(super) fn folder(&mut self, path: &Path, walked: bool) -> Arc<Folder> {
        if let Some(known) = self.known.get(path.as_os_str()) {
            return Arc::clone(known);
        }
        // A walk follows no links, but it may begin at one.
        let walked = walked && !self.roots.contains(path);
        let look = match walked {
            true => Look {
                plain: true,
                policy: self.met.get(path.as_os_str()).copied(),
            },
            false => {
                let before = self.looked.remove(path.as_os_str());
                before.unwrap_or_else(|| look(path, self.disk))
            }
        };
        let above = match (look.plain, path.file_name()) {
            (true, Some(name)) => Some((self.folder(parent(path), walked), name)),
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
                        .and_then(|above| self.folder(above, false).policy.clone()),
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
    let mut names = FILE_NAMES.into_iter();
    Look {
        plain: meta.is_ok_and(|meta| !meta.is_symlink()),
        policy: names.find(|name| disk.is_file(&path.join(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::discover;
    use crate::workspace::{Governing, Overlay, policies};

    /// Which policy governs each file, by the rule that it switches off.
    fn governing(root: &Path, paths: &[&str]) -> Vec<(String, Option<String>)> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let disk = Disk::at(root.to_owned(), Overlay::default());
        let found = discover(root, &paths, true);
        let policies = policies::find(&found, &Governing::Nearest, &disk).policies;
        let files = found.files.iter().zip(&policies.governed);
        files
            .filter(|(file, _)| !policies::is_policy(&file.shown))
            .map(|(file, governed)| {
                let policy = match governed {
                    crate::project::Governed::By { policy, .. } => policies.sound.get(*policy),
                    _ => None,
                };
                let shown = policy.map(|policy| policy.rules[0].0.clone());
                (file.shown.to_string(), shown)
            })
            .collect()
    }

    #[test]
    fn the_nearest_policy_is_found_whatever_it_lies_in() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), text).unwrap();
        };
        let policy = |rule: &str| format!("version: 1\nrules: {{{rule}: off}}\n");
        write(".git/HEAD", "");
        write(".gitignore", "/taglint.yaml\n/c/taglint.yaml\n");
        write("taglint.yaml", &policy("floating-tag"));
        write("a/taglint.yaml", &policy("version-drift"));
        write("c/taglint.yaml", &policy("stale-pull-policy"));
        write("d/.taglint.yaml", &policy("unset-variable"));
        for path in [
            "x.yaml",
            "a/b/c/x.yaml",
            "c/x.yaml",
            "d/x.yaml",
            "e/x.yaml",
            ".cache/x.yaml",
        ] {
            write(path, "a: 1\n");
        }
        write(".cache/taglint.yaml", &policy("unknown-variant"));
        let mut wanted = vec![
            ("a/b/c/x.yaml", "version-drift"),
            // What is ignored is not looked at; where the run starts, it is asked for.
            ("c/x.yaml", "floating-tag"),
            ("d/x.yaml", "unset-variable"),
            ("e/x.yaml", "floating-tag"),
            ("x.yaml", "floating-tag"),
        ];
        let owned = |wanted: &[(&str, &str)]| -> Vec<(String, Option<String>)> {
            let each = wanted.iter();
            each.map(|(path, rule)| ((*path).to_owned(), Some((*rule).to_owned())))
                .collect()
        };
        assert_eq!(governing(root, &[]), owned(&wanted));
        assert_eq!(governing(root, &["."]), owned(&wanted));
        // Of files that are named, each folder is asked.
        let named = ["c/x.yaml", ".cache/x.yaml"];
        let of_named = [
            (".cache/x.yaml", "unknown-variant"),
            ("c/x.yaml", "stale-pull-policy"),
        ];
        assert_eq!(governing(root, &named), owned(&of_named));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../a/taglint.yaml", root.join("e/taglint.yaml")).unwrap();
            wanted[3].1 = "version-drift";
            assert_eq!(governing(root, &[]), owned(&wanted));
        }
    }
}
