//! From the paths of a command line to a project, with a progress bar.

use std::path::{Path, PathBuf};

use super::terminal::Progress;
use crate::formats::github::event::Settings;
use crate::workspace::{Disk, Governing, Load, Options, Overlay, Survey};

/// The policies that the command line asks for.
#[must_use]
pub fn governing(config: Option<&Path>) -> Governing {
    config.map_or(Governing::Nearest, |path| Governing::Named(path.to_owned()))
}

/// Reads and evaluates everything under the given paths.
#[must_use]
pub fn load(
    paths: &[PathBuf],
    ignore_files: bool,
    quiet: bool,
    settings: &Settings,
    governing: Governing,
) -> Load {
    let overlay = Overlay::default();
    load_over(paths, ignore_files, quiet, settings, governing, overlay)
}

/// The same, with some files' texts replaced.
#[must_use]
pub fn load_over(
    paths: &[PathBuf],
    ignore_files: bool,
    quiet: bool,
    settings: &Settings,
    governing: Governing,
    overlay: Overlay,
) -> Load {
    let options = Options {
        paths: paths.to_vec(),
        ignore_files,
        governing,
        settings: settings.clone(),
        let_go: true,
    };
    let survey = Survey::new(options, Disk::here(overlay));
    let progress = Progress::new(survey.files(), quiet);
    let workspace = survey.read(|| progress.step());
    let load = workspace.into_load();
    progress.finish();
    load
}
