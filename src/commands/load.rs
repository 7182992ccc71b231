//! From paths to a project: find, read, parse and evaluate, in parallel and in a fixed order.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use super::repository::{self, Checkout};
use super::terminal::Progress;
use crate::discover::{self, DiscoverError, Discovered, Found};
use crate::eval::shell;
use crate::facts::{ImageUse, Plan};
use crate::files::Nowhere;
use crate::formats;
use crate::formats::github::event::Settings;
use crate::formats::github::run;
use crate::formats::github::workflow::{Action, Workflow};
use crate::formats::github::world::Repository;
use crate::project::{Fault, Project, repository_root};
use crate::source::{FileId, Place, Source, Span};
use crate::yaml::Yaml;

/// What one file gave.
struct Loaded {
    source: Source,
    workflow: Option<Workflow>,
    action: Option<Action>,
    uses: Vec<ImageUse>,
    faults: Vec<Fault>,
    error: Option<DiscoverError>,
    template: bool,
}

/// A project, the number of files read, and the paths that could not be.
pub struct Load {
    /// Everything that the files say.
    pub project: Project,
    /// How many files were read.
    pub files: usize,
    /// Paths that could not be read.
    pub errors: Vec<DiscoverError>,
    /// Where each of the project's sources lies.
    pub paths: Vec<PathBuf>,
}

/// Texts that stand in for what files hold, such as the edits of a run that has written nothing yet.
pub type Overlay = BTreeMap<PathBuf, String>;

/// Reads and evaluates everything under the given paths.
#[must_use]
pub fn load(paths: &[PathBuf], ignore_files: bool, quiet: bool, settings: &Settings) -> Load {
    load_over(paths, ignore_files, quiet, settings, &Overlay::new())
}

/// The same, with some files' texts replaced.
#[must_use]
pub fn load_over(
    paths: &[PathBuf],
    ignore_files: bool,
    quiet: bool,
    settings: &Settings,
    overlay: &Overlay,
) -> Load {
    let found = discover::discover(paths, ignore_files);
    let progress = Progress::new(found.files.len(), quiet);
    let loaded: Vec<Loaded> = found
        .files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            let loaded = read(id, file, overlay);
            progress.step();
            loaded
        })
        .collect();
    let workflows: Vec<(&Source, &Workflow)> = loaded
        .iter()
        .filter_map(|file| Some((&file.source, file.workflow.as_ref()?)))
        .collect();
    let actions: Vec<(&Source, &Action)> = loaded
        .iter()
        .filter_map(|file| Some((&file.source, file.action.as_ref()?)))
        .collect();
    let world = World {
        workflows: &workflows,
        actions: &actions,
        found: &found,
        settings,
    };
    let plans: Vec<Vec<Plan>> = workflows
        .par_iter()
        .map(|(source, workflow)| world.evaluate(source, workflow))
        .collect();
    progress.finish();
    assemble(found, loaded, plans)
}

fn assemble(found: Discovered, loaded: Vec<Loaded>, plans: Vec<Vec<Plan>>) -> Load {
    let mut project = Project {
        plans: plans.into_iter().flatten().collect(),
        dockerfiles: found.dockerfiles,
        skipped_templates: found.skipped_templates,
        ..Project::default()
    };
    let files = loaded.len();
    let mut errors = found.errors;
    for file in loaded {
        project.skipped_templates += usize::from(file.template);
        project.uses.extend(file.uses);
        project.faults.extend(file.faults);
        errors.extend(file.error);
        project.sources.push(file.source);
    }
    for plan in &project.plans {
        for (message, at) in &plan.faults {
            let fault = Fault {
                rule: "invalid-workflow",
                message: message.clone(),
                at: *at,
                help: None,
            };
            if !project.faults.contains(&fault) {
                project.faults.push(fault);
            }
        }
    }
    Load {
        project,
        files,
        errors,
        paths: found.files.into_iter().map(|file| file.path).collect(),
    }
}

fn read(id: FileId, file: &Found, overlay: &Overlay) -> Loaded {
    let mut loaded = Loaded {
        source: Source::new(file.shown.clone(), ""),
        workflow: None,
        action: None,
        uses: Vec::new(),
        faults: Vec::new(),
        error: None,
        template: false,
    };
    let fault = |rule, message: String, span| Fault {
        rule,
        message,
        at: Place { file: id, span },
        help: None,
    };
    let size = std::fs::metadata(&file.path).map(|meta| meta.len());
    if let Ok(bytes) = size
        && bytes > discover::MAX_FILE_BYTES
    {
        let message = format!(
            "the file has {} MiB; more than 64 MiB are not read",
            bytes >> 20
        );
        loaded
            .faults
            .push(fault("unreadable-file", message, Span::default()));
        return loaded;
    }
    let held = overlay.get(&file.path).cloned().map(String::into_bytes);
    let bytes = match held.map_or_else(|| std::fs::read(&file.path), Ok) {
        Ok(bytes) => bytes,
        Err(error) => {
            loaded.error = Some(DiscoverError {
                path: file.shown.clone(),
                reason: discover::plain(&error),
            });
            return loaded;
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            if file.named || formats::is_of_interest(&file.shown, &text) {
                let message = "the file is not UTF-8 text".to_owned();
                let span = Span::new(at, (at + 1).min(text.len()));
                loaded.faults.push(fault("unreadable-file", message, span));
                loaded.source = Source::new(file.shown.clone(), text);
            }
            return loaded;
        }
    };
    if !file.named && !formats::is_of_interest(&file.shown, &text) {
        return loaded;
    }
    let yaml = Yaml::parse(&text);
    // A file of another template language is no YAML yet, and nobody's fault.
    if !yaml.errors().is_empty() && !file.named && formats::is_template(&text) {
        loaded.template = true;
        return loaded;
    }
    for error in yaml.errors() {
        let message = format!("the document cannot be read: {}", error.message);
        loaded
            .faults
            .push(fault("invalid-yaml", message, error.span));
    }
    let facts = formats::read(id, &file.shown, &yaml);
    for (message, span) in facts.workflow.iter().flat_map(|workflow| &workflow.faults) {
        loaded
            .faults
            .push(fault("invalid-workflow", message.clone(), *span));
    }
    drop(yaml);
    loaded.workflow = facts.workflow;
    loaded.action = facts.action;
    loaded.uses = facts.uses;
    let silent = loaded.workflow.is_none()
        && loaded.action.is_none()
        && loaded.uses.is_empty()
        && loaded.faults.is_empty();
    if !silent {
        loaded.source = Source::new(file.shown.clone(), text);
    }
    loaded
}

/// What the workflows of a run see of one another and of their repositories.
struct World<'a> {
    workflows: &'a [(&'a Source, &'a Workflow)],
    actions: &'a [(&'a Source, &'a Action)],
    found: &'a Discovered,
    settings: &'a Settings,
}

impl World<'_> {
    fn evaluate(&self, source: &Source, workflow: &Workflow) -> Vec<Plan> {
        let root = repository_root(source.path());
        let settings = self.settings_of(source, root);
        let checkout = root
            .map(|root| Checkout::new(root, &self.found.dockerfiles, self.workflows, self.actions));
        let repository: &dyn Repository = match &checkout {
            Some(checkout) => checkout,
            None => &Nowhere,
        };
        let scripts = shell::Cache::default();
        settings
            .events(&workflow.triggers)
            .iter()
            .map(|event| run::run(workflow, event, &settings, repository, &scripts))
            .collect()
    }

    /// The settings, with the repository's name where the checkout or its workflows tell it.
    fn settings_of(&self, source: &Source, root: Option<&str>) -> Settings {
        let mut settings = self.settings.clone();
        if settings.repository.is_some() {
            return settings;
        }
        let together = |other: &Source| {
            other.path() == source.path()
                || (root.is_some() && repository_root(other.path()) == root)
        };
        let texts = self
            .workflows
            .iter()
            .filter(|(other, _)| together(other))
            .map(|(other, _)| other.text());
        settings.named_branch = repository::named_branch(texts.clone());
        let guarded = repository::guarded(texts);
        settings.repository = root.and_then(repository::remote).or(guarded.name);
        settings.repository_owner = settings.repository_owner.or(guarded.owner);
        settings
    }
}
