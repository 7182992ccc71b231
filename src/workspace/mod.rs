//! The files of a run, kept so that a change of one file costs little more than that file: found once,
//! read one by one, and joined into a project whenever somebody asks.
//!
//! The command line joins once and lets go; the language server changes files and joins again.

mod checkout;
mod compose;
mod disk;
mod evaluate;
mod folders;
mod join;
pub mod policies;
mod read;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::discover::{self, DiscoverError, Discovered};
use crate::formats::github::event::Settings;
use crate::project::Project;
use crate::source::FileId;

pub use disk::{Disk, Overlay};
use evaluate::Planned;
use policies::FoundPolicies;
use read::Loaded;

/// Which policies hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Governing {
    /// Of each file, the nearest one upwards.
    #[default]
    Nearest,
    /// This one, for all files.
    Named(PathBuf),
    /// None at all.
    None,
}

/// What is looked at, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders, from the base; the base itself where there are none.
    pub paths: Vec<PathBuf>,
    /// Whether `.gitignore` and the like are heeded.
    pub ignore_files: bool,
    /// Which policies hold.
    pub governing: Governing,
    /// What workflows are told about the world.
    pub settings: Settings,
    /// Whether texts may be let go of once they are read, to be read again where somebody asks for
    /// one: for those who look once, and not for those who wait for changes.
    pub let_go: bool,
}

/// A project, and what was met on the way to it.
pub struct Load {
    /// Everything that the files say.
    pub project: Project,
    /// How many files were read.
    pub files: usize,
    /// Paths that could not be read.
    pub errors: Vec<DiscoverError>,
    /// Where each of the project's sources lies; files that were read for others' sake come last
    /// and have none.
    pub paths: Vec<Arc<Path>>,
}

/// The files of a run before they are read.
pub struct Survey {
    options: Options,
    disk: Disk,
    found: Discovered,
}

impl Survey {
    /// Finds the files.
    #[must_use]
    pub fn new(options: Options, disk: Disk) -> Self {
        let mut found = discover::discover(disk.base(), &options.paths, options.ignore_files);
        let unsaved = disk.overlay.paths().filter(|path| {
            path.starts_with(disk.base()) && options.paths.is_empty() && !path.exists()
        });
        found.add(disk.base(), &unsaved.collect::<Vec<_>>());
        Self {
            options,
            disk,
            found,
        }
    }

    /// How many files there are to read.
    #[must_use]
    pub fn files(&self) -> usize {
        self.found.files.len()
    }

    /// Reads them all, in parallel, and finds their policies; `step` is told of each.
    #[must_use]
    pub fn read(self, step: impl Fn() + Sync) -> Workspace {
        let read = |(index, file)| {
            let loaded = read::read(id(index), file, &self.disk, self.options.let_go);
            step();
            loaded
        };
        let files = &self.found.files;
        let (policies, loaded) = rayon::join(
            || policies::find(&self.found, &self.options.governing, &self.disk),
            || {
                files
                    .par_iter()
                    .enumerate()
                    .map(read)
                    .collect::<Vec<Loaded>>()
            },
        );
        let files = self.found.files.iter().enumerate();
        Workspace {
            // Who lets go of texts asks for no file by its path either.
            indexes: match self.options.let_go {
                true => HashMap::new(),
                false => files
                    .map(|(at, file)| (file.path.to_path_buf(), at))
                    .collect(),
            },
            planned: loaded.iter().map(|_| None).collect(),
            passed_over: HashSet::new(),
            options: self.options,
            disk: self.disk,
            found: self.found,
            policies,
            loaded,
        }
    }
}

fn id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// The files of a run, read.
pub struct Workspace {
    options: Options,
    disk: Disk,
    found: Discovered,
    policies: FoundPolicies,
    loaded: Vec<Loaded>,
    /// What each definition of CI publishes, as far as it was evaluated and still holds.
    planned: Vec<Option<Box<Planned>>>,
    indexes: HashMap<PathBuf, usize>,
    /// Changed files that are none of the run's.
    passed_over: HashSet<PathBuf>,
}

/// Files that decide which others are found.
const DECIDING: [&str; 5] = [
    ".gitignore",
    ".ignore",
    ".taglintignore",
    "Chart.yaml",
    "exclude",
];

impl Workspace {
    /// Where the files lie, and what stands in for them.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The number of the file at a path, where it is one of the run's.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.indexes.get(path).copied().map(id)
    }

    /// Takes up what files hold now: a text that stands in for one, or what is on disk again. Files
    /// that have come or gone make the whole run be surveyed anew.
    pub fn change(&mut self, changes: Vec<(PathBuf, Option<std::sync::Arc<str>>)>) {
        let mut survey = false;
        let mut policies = false;
        let mut again = Vec::new();
        let mut unknown = Vec::new();
        for (path, text) in changes {
            match text {
                Some(text) => self.disk.overlay.insert(&path, text),
                None => self.disk.overlay.remove(&path),
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            policies |= policies::is_policy(&name);
            survey |= DECIDING.contains(&name.as_ref());
            match self.indexes.get(&path) {
                Some(index) if self.disk.is_file(&path) => again.push(*index),
                Some(_) => survey = true,
                // What other files ask for is looked up when they do.
                None if !discover::is_taken(&name) => {}
                None if self.passed_over.contains(&path) => {}
                None => unknown.push(path),
            }
        }
        if survey || !unknown.is_empty() {
            // What decides over files may have changed for those passed over, too.
            let passed = match survey {
                true => HashSet::new(),
                false => std::mem::take(&mut self.passed_over),
            };
            self.survey();
            let own = &self.indexes;
            let passed = passed.into_iter().chain(unknown);
            self.passed_over = passed.filter(|path| !own.contains_key(path)).collect();
            return;
        }
        for index in again {
            if let Some(file) = self.found.files.get(index) {
                let loaded = read::read(id(index), file, &self.disk, self.options.let_go);
                self.loaded.splice(index..=index, [loaded]);
                self.planned.splice(index..=index, [None]);
            }
        }
        if policies {
            self.policies = policies::find(&self.found, &self.options.governing, &self.disk);
        }
    }

    /// Finds and reads everything anew.
    pub fn survey(&mut self) {
        let (options, disk) = (self.options.clone(), self.disk.clone());
        *self = Survey::new(options, disk).read(|| {});
    }

    /// The project as the files have it now.
    #[must_use]
    pub fn load(&mut self) -> Load {
        self.join(false)
    }

    /// The project, once and for all.
    #[must_use]
    pub fn into_load(mut self) -> Load {
        self.join(true)
    }
}
