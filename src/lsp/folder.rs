//! One folder of the editor with its files, and what was found in them at the last look.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::settings::Settings;
use crate::finding::Finding;
use crate::formats::github::event::Settings as World;
use crate::project::Project;
use crate::rules::{self, Selection};
use crate::source::{FileId, Source};
use crate::suppress;
use crate::workspace::{Disk, Governing, Options, Overlay, Survey, Workspace, policies};

/// A change of a file: its text in the editor, or `None` for what is on disk.
pub type Change = (PathBuf, Option<Arc<str>>);

/// What one look came to.
#[derive(Default)]
pub struct View {
    /// Everything that the files say.
    pub project: Project,
    /// What is wrong, by file and place.
    pub findings: Vec<Finding>,
    /// Where the project's files lie.
    pub paths: Vec<Arc<Path>>,
    files: HashMap<Arc<Path>, FileId>,
}

impl View {
    /// The file at a path.
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// The findings in a file.
    pub fn findings_in(&self, file: FileId) -> impl Iterator<Item = &Finding> {
        let after = |finding: &Finding| finding.at.file < file;
        let start = self.findings.partition_point(after);
        let rest = self.findings.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |finding| finding.at.file == file)
    }

    /// A file by its number.
    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.project.sources.get(file.0 as usize)
    }
}

/// A folder, or a file that lies in none.
pub struct Folder {
    /// The folder; that of the file, where it is one alone.
    pub root: PathBuf,
    /// The file, where there is no folder around it.
    pub alone: Option<PathBuf>,
    /// What was found at the last look.
    pub view: View,
    workspace: Workspace,
    stale: bool,
}

impl Folder {
    /// Finds and reads the files of a folder, or the one file.
    pub fn open(root: PathBuf, alone: Option<PathBuf>, open: Overlay, settings: &Settings) -> Self {
        let name = alone.as_deref().and_then(Path::file_name);
        let options = Options {
            paths: name.map(PathBuf::from).into_iter().collect(),
            ignore_files: true,
            governing: match &settings.config {
                Some(path) => Governing::Named(path.clone()),
                None => Governing::Nearest,
            },
            settings: World {
                odd_versions: true,
                ..World::default()
            },
            let_go: false,
        };
        let disk = Disk::at(root.clone(), open);
        Self {
            workspace: Survey::new(options, disk).read(|| {}),
            root,
            alone,
            view: View::default(),
            stale: true,
        }
    }

    /// Whether a path is its business.
    pub fn holds(&self, path: &Path) -> bool {
        match &self.alone {
            Some(alone) => alone == path,
            None => path.starts_with(&self.root),
        }
    }

    /// Takes up changes of files below it.
    pub fn change(&mut self, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.workspace.change(changes);
            self.stale = true;
        }
    }

    /// Looks again if anything has changed; gives what was known before, to be let go when there is
    /// time. Fixes are worked out for the files that somebody wants to see.
    pub fn look(&mut self, seen: &dyn Fn(&Path) -> bool) -> Option<View> {
        if !std::mem::take(&mut self.stale) {
            return None;
        }
        let mut loaded = self.workspace.load();
        loaded.project.policies.today = policies::today(None).ok();
        let project = loaded.project;
        let selection = Selection::default();
        let paths = loaded.paths;
        let wanted = |file: FileId| paths.get(file.0 as usize).is_none_or(|path| seen(path));
        let findings = rules::run_for(&project, &selection, &wanted);
        let findings = suppress::suppress(&project, &selection, findings).findings;
        let files = paths.iter().cloned().zip((0..).map(FileId));
        let view = View {
            files: files.collect(),
            findings,
            paths,
            project,
        };
        Some(std::mem::replace(&mut self.view, view))
    }
}
