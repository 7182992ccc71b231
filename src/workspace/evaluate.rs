//! What the definitions of CI publish: each evaluated once, and again only where something that it
//! asked for has changed.

use std::collections::HashMap;

use rayon::prelude::*;

use super::checkout::{self, Asked, Checkout, Index};
use super::disk::Disk;
use super::read::Loaded;
use crate::facts::Plan;
use crate::files::Nowhere;
use crate::formats::github::event::Settings;
use crate::formats::github::workflow::Workflow;
use crate::formats::github::world::Repository;
use crate::formats::goreleaser;
use crate::formats::pipeline::Pipeline;
use crate::project::repository_root;
use crate::source::FileId;

/// What one definition publishes, and what that rests on.
pub(super) struct Planned {
    pub(super) plans: Vec<Plan>,
    told: Told,
    asked: Asked,
}

/// What the definitions of a repository say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    named_branch: Option<String>,
    repository: Option<String>,
    owner: Option<String>,
}

/// Evaluates whatever is not evaluated yet, or rests on something that has changed.
pub(super) fn plan(
    loaded: &[Loaded],
    planned: &mut [Option<Box<Planned>>],
    dockerfiles: &[String],
    disk: &Disk,
    settings: &Settings,
) {
    let index = Index::new(loaded, dockerfiles);
    let mut world = World {
        loaded,
        index: &index,
        disk,
        settings,
        told: HashMap::new(),
    };
    world.tell();
    let world = &world;
    let loaded = loaded.iter().zip(planned).enumerate();
    let definitions: Vec<_> = loaded
        .filter_map(|(id, (file, planned))| Some((id, file, world.told_to(file)?, planned)))
        .collect();
    // Few files define CI, and one may take as long as all others: each is taken by itself.
    let definitions = definitions.into_par_iter().with_max_len(1);
    definitions.for_each(|(id, file, told, planned)| {
        let same =
            |before: &Planned| before.told == *told && before.asked.holds(world.index, world.disk);
        if !planned.as_deref().is_some_and(same) {
            let id = super::id(id);
            *planned = Some(Box::new(world.evaluate(id, file, told)));
        }
    });
}

/// What the workflows of a run see of one another and of their repositories.
struct World<'a> {
    loaded: &'a [Loaded],
    index: &'a Index<'a>,
    disk: &'a Disk,
    settings: &'a Settings,
    /// By the root of the repository, or the path of what lies in none.
    told: HashMap<String, Told>,
}

/// Under which key a definition finds what it is told.
fn key(file: &Loaded) -> Option<&str> {
    let path = file.source.path();
    let known = file.pipeline.is_some() || file.goreleaser;
    known.then(|| repository_root(path).unwrap_or(path))
}

impl World<'_> {
    fn workflows(&self) -> impl Iterator<Item = (&str, &Workflow)> {
        let files = self.loaded.iter();
        files.filter_map(|file| Some((file.source.path(), file.workflow()?)))
    }

    /// The root that a GoReleaser configuration is read in: that of the workflows around it, or its
    /// own folder.
    fn root_of_release(&self, path: &str) -> String {
        let around = self.workflows().filter_map(|(other, _)| {
            let root = repository_root(other)?;
            path.starts_with(root).then_some(root)
        });
        let folder = path.rfind('/').map_or(0, |at| at + 1);
        let folder = path.get(..folder).unwrap_or_default();
        let own = folder.strip_suffix(".config/").unwrap_or(folder);
        around
            .max_by_key(|root| root.len())
            .unwrap_or(own)
            .to_owned()
    }

    /// Gathers what each repository says of itself.
    fn tell(&mut self) {
        let mut texts: HashMap<&str, Vec<&str>> = HashMap::new();
        for file in self.loaded.iter().filter(|file| file.workflow().is_some()) {
            if let Some(key) = key(file) {
                texts.entry(key).or_default().push(file.source.text());
            }
        }
        let mut told = HashMap::new();
        for file in self.loaded {
            let (Some(own), path) = (key(file), file.source.path()) else {
                continue;
            };
            let release = file.goreleaser.then(|| self.root_of_release(path));
            let root = release.as_deref().or_else(|| repository_root(path));
            let key = root.unwrap_or(own);
            if !told.contains_key(key) {
                let texts = texts.get(key).map_or(&[][..], Vec::as_slice);
                told.insert(key.to_owned(), self.told_by(root, texts));
            }
            if key != own {
                let same = told.get(key).cloned().unwrap_or_default();
                told.entry(own.to_owned()).or_insert(same);
            }
        }
        self.told = told;
    }

    fn told_by(&self, root: Option<&str>, texts: &[&str]) -> Told {
        if let Some(repository) = &self.settings.repository {
            return Told {
                repository: Some(repository.clone()),
                named_branch: self.settings.named_branch.clone(),
                owner: self.settings.repository_owner.clone(),
            };
        }
        let guarded = checkout::guarded(texts.iter().copied());
        let remote = root.and_then(|root| checkout::remote(&self.disk.path(root)));
        let owner = self.settings.repository_owner.clone();
        Told {
            named_branch: checkout::named_branch(texts.iter().copied()),
            repository: remote.or(guarded.name),
            owner: owner.or(guarded.owner),
        }
    }

    fn told_to(&self, file: &Loaded) -> Option<&Told> {
        self.told.get(key(file)?)
    }

    fn evaluate(&self, id: FileId, file: &Loaded, told: &Told) -> Planned {
        let settings = Settings {
            named_branch: told.named_branch.clone(),
            repository: told.repository.clone(),
            repository_owner: told.owner.clone(),
            ..self.settings.clone()
        };
        let (plans, asked) = match &file.pipeline {
            Some(pipeline) => self.run(file, pipeline, &settings),
            None => self.release(id, file, &settings),
        };
        Planned {
            plans,
            told: told.clone(),
            asked,
        }
    }

    fn run(&self, file: &Loaded, pipeline: &Pipeline, settings: &Settings) -> (Vec<Plan>, Asked) {
        let root = repository_root(file.source.path());
        let checkout = root.map(|root| Checkout::new(root, self.disk, self.index));
        let repository: &dyn Repository = match &checkout {
            Some(checkout) => checkout,
            None => &Nowhere,
        };
        let plans = pipeline.plans(settings, repository);
        let asked = checkout.map(Checkout::into_asked);
        (plans, asked.unwrap_or_default())
    }

    /// What a configuration of GoReleaser publishes by itself, where no workflow of its repository
    /// runs it.
    fn release(&self, id: FileId, file: &Loaded, settings: &Settings) -> (Vec<Plan>, Asked) {
        let whole = file.source.path();
        let mut asked = Asked::default();
        if !goreleaser::is_named(whole) {
            return (Vec::new(), asked);
        }
        let root = self.root_of_release(whole);
        let path = whole.strip_prefix(root.as_str()).unwrap_or(whole);
        for (other, workflow) in self.workflows() {
            if repository_root(other) == Some(root.as_str()) {
                asked.source(self.index, other);
                if goreleaser::runs(workflow, path) {
                    return (Vec::new(), asked);
                }
            }
        }
        let own = goreleaser::Standalone {
            file: id,
            path,
            prefix: goreleaser::prefix(file.source.text()),
        };
        let checkout = Checkout::new(&root, self.disk, self.index);
        let plans = goreleaser::plans(&own, settings, &checkout);
        (plans, checkout.into_asked().with(asked))
    }
}
