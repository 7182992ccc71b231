//! Further files of a repository, for what is evaluated over several of them: a script that reads
//! a version file, a bake definition, the files that a compose file includes.

use crate::source::FileId;

/// The files of one repository. Paths are relative to its root, with `/`; nothing outside of it is
/// ever read.
pub trait Files: Sync {
    /// The text of a file; `None` where there is none, where it is no text or too large, or where
    /// nothing is known of the repository.
    fn read(&self, path: &str) -> Option<String>;

    /// Whether the repository holds a file; `None` where that cannot be said.
    fn holds(&self, path: &str) -> Option<bool>;

    /// The source that a file is, where it is one of those of this run: places may point into it.
    fn source(&self, _path: &str) -> Option<FileId> {
        None
    }
}

/// The files of a repository as seen from one of its folders.
pub struct Inside<'a> {
    /// The repository.
    pub files: &'a dyn Files,
    /// The folder, from the root; empty for the root itself.
    pub folder: String,
}

impl Inside<'_> {
    fn path(&self, path: &str) -> Option<String> {
        if path.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

impl Files for Inside<'_> {
    fn read(&self, path: &str) -> Option<String> {
        self.files.read(&self.path(path)?)
    }

    fn holds(&self, path: &str) -> Option<bool> {
        self.files.holds(&self.path(path)?)
    }

    fn source(&self, path: &str) -> Option<FileId> {
        self.files.source(&self.path(path)?)
    }
}

/// A repository of which nothing is known.
pub struct Nowhere;

impl Files for Nowhere {
    fn read(&self, _: &str) -> Option<String> {
        None
    }

    fn holds(&self, _: &str) -> Option<bool> {
        None
    }
}
