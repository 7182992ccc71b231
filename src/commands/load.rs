//! From paths to a project: find, read, parse and evaluate, in parallel and in a fixed order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::compose;
use super::policies::{self, FoundPolicies};
use super::repository::{self, Checkout};
use super::terminal::Progress;
use crate::discover::{self, DiscoverError, Discovered, Found};
use crate::eval::shell;
use crate::facts::{ImageUse, Plan, Scenario};
use crate::files::Nowhere;
use crate::formats::compose::Follows;
use crate::formats::deploy;
use crate::formats::github::event::Settings;
use crate::formats::github::workflow::{Action, Workflow};
use crate::formats::github::world::Repository;
use crate::formats::goreleaser;
use crate::formats::pipeline::Pipeline;
use crate::formats::{self, Format};
use crate::project::{Fault, Project, repository_root};
use crate::source::{FileId, Place, Source, Span};
use crate::yaml::Yaml;

/// What one file gave.
struct Loaded {
    source: Source,
    pipeline: Option<Pipeline>,
    action: Option<Action>,
    goreleaser: bool,
    uses: Vec<ImageUse>,
    compose: Option<Follows>,
    notes: deploy::Notes,
    faults: Vec<Fault>,
    error: Option<DiscoverError>,
    template: bool,
    /// Whether it counts as read: files whose name says nothing do once their bytes do.
    read: bool,
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

/// Which policies hold.
#[derive(Debug, Clone, Copy)]
pub enum Policies<'a> {
    /// Of each file, the nearest one upwards.
    Nearest,
    /// This one, for all files.
    Named(&'a Path),
    /// None at all.
    None,
}

impl<'a> Policies<'a> {
    /// Those that the command line asks for.
    #[must_use]
    pub fn of(config: Option<&'a Path>) -> Self {
        config.map_or(Self::Nearest, Self::Named)
    }
}

/// Texts that stand in for what files hold, such as the edits of a run that has written nothing yet.
pub type Overlay = BTreeMap<PathBuf, String>;

/// Reads and evaluates everything under the given paths.
#[must_use]
pub fn load(
    paths: &[PathBuf],
    ignore_files: bool,
    quiet: bool,
    settings: &Settings,
    governing: Policies<'_>,
) -> Load {
    load_over(
        paths,
        ignore_files,
        quiet,
        settings,
        governing,
        &Overlay::new(),
    )
}

/// The same, with some files' texts replaced.
#[must_use]
pub fn load_over(
    paths: &[PathBuf],
    ignore_files: bool,
    quiet: bool,
    settings: &Settings,
    governing: Policies<'_>,
    overlay: &Overlay,
) -> Load {
    let found = discover::discover(paths, ignore_files);
    let policies = match governing {
        Policies::Nearest => policies::find(&found.files, None),
        Policies::Named(path) => policies::find(&found.files, Some(path)),
        Policies::None => FoundPolicies::default(),
    };
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
    let pipelines: Vec<(&Source, &Pipeline)> = loaded
        .iter()
        .filter_map(|file| Some((&file.source, file.pipeline.as_ref()?)))
        .collect();
    let workflows: Vec<(&Source, &Workflow)> = pipelines
        .iter()
        .filter_map(|(source, pipeline)| Some((*source, pipeline.workflow()?)))
        .collect();
    let actions: Vec<(&Source, &Action)> = loaded
        .iter()
        .filter_map(|file| Some((&file.source, file.action.as_ref()?)))
        .collect();
    let configurations: Vec<(&Source, FileId)> = loaded
        .iter()
        .zip(0..)
        .filter(|(file, _)| file.goreleaser)
        .map(|(file, index)| (&file.source, FileId(index)))
        .collect();
    let texts: Vec<(&Source, FileId)> = loaded
        .iter()
        .zip(0..)
        .filter(|(file, _)| !file.source.text().is_empty())
        .map(|(file, index)| (&file.source, FileId(index)))
        .collect();
    let world = World {
        workflows: &workflows,
        actions: &actions,
        sources: &texts,
        found: &found,
        settings,
    };
    let plans: Vec<Vec<Plan>> = pipelines
        .par_iter()
        .map(|(source, pipeline)| world.evaluate(source, pipeline))
        .collect();
    let by_themselves = configurations.par_iter();
    let by_themselves = by_themselves.map(|(source, file)| world.release(source, *file));
    let plans = plans.into_iter();
    let plans = plans.chain(by_themselves.collect::<Vec<_>>());
    let plans = plans.collect();
    progress.finish();
    let composed: Vec<(FileId, Follows)> = (0..)
        .map(FileId)
        .zip(&loaded)
        .filter_map(|(file, loaded)| Some((file, loaded.compose?)))
        .collect();
    let mut load = assemble(found, loaded, plans, policies);
    compose::resolve(&mut load.project, &composed, paths);
    load.project.resolve_environments();
    load
}

/// What the files deploy together.
fn deployed(found: &Discovered, loaded: &[Loaded]) -> deploy::Deployed {
    let paths: Vec<&str> = found.files.iter().map(|file| file.shown.as_str()).collect();
    let noted = loaded.iter().filter(|file| !file.notes.is_empty());
    let notes: Vec<_> = noted
        .map(|file| (file.source.path(), &file.notes))
        .collect();
    let uses: Vec<_> = loaded.iter().flat_map(|file| &file.uses).collect();
    deploy::deploy(&paths, &notes, &uses)
}

fn assemble(
    found: Discovered,
    loaded: Vec<Loaded>,
    plans: Vec<Vec<Plan>>,
    policies: FoundPolicies,
) -> Load {
    let deployed = deployed(&found, &loaded);
    let mut project = Project::default();
    project.plans = plans.into_iter().flatten().collect();
    project.dockerfiles = found.dockerfiles;
    project.skipped_templates = found.skipped_templates;
    let files = loaded.iter().filter(|file| file.read).count();
    let mut errors = found.errors;
    for file in loaded {
        project.skipped_templates += usize::from(file.template);
        project.uses.extend(file.uses);
        project.faults.extend(file.faults);
        errors.extend(file.error);
        project.sources.push(file.source);
    }
    project.sources.extend(policies.sources);
    project.faults.extend(policies.faults);
    project.policies = policies.policies;
    errors.extend(policies.errors);
    project.governed = deployed.governed;
    project.deployed = deployed.uses;
    for (message, at) in deployed.faults {
        project.faults.push(Fault {
            rule: "invalid-kustomization",
            message,
            at,
            help: None,
        });
    }
    for plan in &project.plans {
        if plan.scenario == Scenario::OddVersion {
            continue;
        }
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
        pipeline: None,
        action: None,
        goreleaser: false,
        uses: Vec::new(),
        compose: None,
        notes: deploy::Notes::default(),
        faults: Vec::new(),
        error: None,
        template: false,
        read: Format::of(&file.shown) == Format::Yaml,
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
    if policies::is_policy(&file.shown) {
        loaded.source = Source::new(file.shown.clone(), text);
        return loaded;
    }
    if !file.named && !formats::is_of_interest(&file.shown, &text) {
        return loaded;
    }
    loaded.read = true;
    loaded.pipeline = formats::read_text(id, &file.shown, &text);
    if loaded.pipeline.is_some() || formats::is_plain_text(&file.shown) {
        loaded.source = Source::new(file.shown.clone(), text);
        return loaded;
    }
    if let Some(uses) = formats::read_other(id, &file.shown, &text) {
        loaded.uses = uses;
        if !loaded.uses.is_empty() {
            loaded.source = Source::new(file.shown.clone(), text);
        }
        return loaded;
    }
    let yaml = Yaml::parse(&text);
    // What only may have been a manifest is nobody's fault either.
    let json = Format::of(&file.shown) == Format::Json;
    if !yaml.errors().is_empty() && !file.named && json {
        return loaded;
    }
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
    let workflow = facts.pipeline.as_ref().and_then(Pipeline::workflow);
    for (message, span) in workflow.iter().flat_map(|workflow| &workflow.faults) {
        loaded
            .faults
            .push(fault("invalid-workflow", message.clone(), *span));
    }
    drop(yaml);
    loaded.pipeline = facts.pipeline;
    loaded.action = facts.action;
    loaded.goreleaser = facts.goreleaser;
    loaded.uses = facts.uses;
    loaded.compose = facts.compose;
    loaded.notes = facts.notes;
    let silent = loaded.pipeline.is_none()
        && loaded.action.is_none()
        && !loaded.goreleaser
        && loaded.uses.is_empty()
        && loaded.notes.is_empty()
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
    sources: &'a [(&'a Source, FileId)],
    found: &'a Discovered,
    settings: &'a Settings,
}

impl World<'_> {
    fn evaluate(&self, source: &Source, pipeline: &Pipeline) -> Vec<Plan> {
        let root = repository_root(source.path());
        let settings = self.settings_of(source, root);
        let checkout = root.map(|root| self.checkout(root));
        let repository: &dyn Repository = match &checkout {
            Some(checkout) => checkout,
            None => &Nowhere,
        };
        let scripts = shell::Cache::default();
        pipeline.plans(&settings, repository, &scripts)
    }

    fn checkout<'c>(&'c self, root: &'c str) -> Checkout<'c> {
        let dockerfiles = &self.found.dockerfiles;
        Checkout::new(
            root,
            dockerfiles,
            self.workflows,
            self.actions,
            self.sources,
        )
    }

    /// What a configuration of GoReleaser publishes by itself, where no workflow of its repository
    /// runs it.
    fn release(&self, source: &Source, file: FileId) -> Vec<Plan> {
        if !goreleaser::is_named(source.path()) {
            return Vec::new();
        }
        let workflows = self.workflows.iter();
        let around = workflows.filter_map(|(other, workflow)| {
            let root = repository_root(other.path())?;
            source.path().starts_with(root).then_some((root, *workflow))
        });
        let around: Vec<(&str, &Workflow)> = around.collect();
        let nearest = around.iter().map(|(root, _)| *root);
        let nearest = nearest.max_by_key(|root| root.len());
        let folder = source.path().rfind('/').map_or(0, |at| at + 1);
        let folder = source.path().get(..folder).unwrap_or_default();
        let root = nearest.unwrap_or_else(|| folder.strip_suffix(".config/").unwrap_or(folder));
        let path = source.path().strip_prefix(root).unwrap_or(source.path());
        let mut own = around.iter().filter(|(other, _)| *other == root);
        if own.any(|(_, workflow)| goreleaser::runs(workflow, path)) {
            return Vec::new();
        }
        let standalone = goreleaser::Standalone {
            file,
            path,
            prefix: goreleaser::prefix(source.text()),
        };
        let settings = self.settings_of(source, Some(root));
        goreleaser::plans(&standalone, &settings, &self.checkout(root))
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
