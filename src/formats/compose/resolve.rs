//! Joins the compose files of a repository into the projects that compose makes of them, and judges
//! each image where its project decides it.
//!
//! A file is a project of its own, with the `.env` beside it, unless another one always loads it:
//! by `include`, by `extends`, or because `COMPOSE_FILE` in `.env` names it. An override file is
//! none of these: production runs the base without it, so neither changes how the other is judged.

use std::collections::HashMap;

use super::super::uses::path_environment;
use super::sample::Samples;
use super::world::{Image, Loaded, World, above};
use super::{Follows, image};
use crate::eval::compose::Value;
use crate::eval::compose::interpolate::Interpolated;
use crate::facts::{Gives, ImageUse, Resolved, UseKind, UsedVariable};
use crate::files::Files;
use crate::image::Pin;
use crate::policy::{Environment, Reason};
use crate::source::{FileId, Place};

/// A compose file of a repository.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its path, relative to the root of the repository.
    pub path: String,
    /// Its number among the files of the run.
    pub file: FileId,
    /// What it takes from other files.
    pub follows: Follows,
}

/// Files that a policy says are loaded together, relative to the root of the repository.
#[derive(Debug, Clone, Default)]
pub struct Set {
    /// The files that `-f` names.
    pub files: Vec<String>,
    /// The files that `--env-file` names.
    pub env_files: Vec<String>,
    /// What the set deploys to, where the policy says so.
    pub environment: Option<(Environment, Reason)>,
}

/// Judges the images of all compose files of one repository by its projects. `number` gives a file of
/// the repository, such as a `.env`, its number among the files of the run.
pub fn resolve(
    files: &dyn Files,
    members: &[Member],
    projects: &[Loaded],
    uses: &mut [ImageUse],
    number: &mut dyn FnMut(&str) -> Option<FileId>,
) {
    if projects.is_empty() {
        return;
    }
    let world = World::new(members, projects);
    let samples = Samples::new(files);
    let composed = |found: &&mut ImageUse| found.kind == UseKind::Compose;
    for found in uses.iter_mut().filter(composed) {
        let Some(path) = world.paths.get(&found.at.file) else {
            continue;
        };
        let verdict = world.verdict(path, found.at);
        found.replaced = verdict.replaced && verdict.images.is_empty();
        // What it is built from may stand in the service that it extends.
        found.built_here |= verdict.images.iter().any(|image| image.built);
        let in_set = verdict.images.iter().any(|image| image.set.is_some());
        if !found.written.contains('$') && !verdict.elsewhere && !in_set {
            continue;
        }
        let judged = verdict.images.iter().map(|image| {
            let place = |name: &str| set_at(image, name, number);
            Judged::new(found, image, place, &samples)
        });
        // Where projects differ, the one that is worth most of a look; the first among equals.
        let mut heaviest: Option<Judged> = None;
        for judged in judged {
            let known = heaviest.as_ref().map_or(0, Judged::weight);
            if heaviest.is_none() || judged.weight() > known {
                heaviest = Some(judged);
            }
        }
        if let Some(judged) = heaviest {
            (found.resolved, found.variables) = judged.image;
            (found.environment, found.environment_reason) = judged.environment;
            found.loaded_by = judged.loader.filter(|_| verdict.elsewhere);
        }
    }
}

/// What one project makes of an image.
struct Judged {
    image: (Resolved, Vec<UsedVariable>),
    environment: (Environment, Reason),
    /// The file that the project begins with.
    loader: Option<String>,
}

impl Judged {
    fn new(
        found: &ImageUse,
        image: &Image<'_>,
        place: impl FnMut(&str) -> Option<Place>,
        samples: &Samples<'_>,
    ) -> Self {
        // A file that says nothing deploys to what the project does that loads it.
        let first = image.project.whole.first();
        let first = first.and_then(|index| image.project.files.get(*index));
        let own = || (found.environment, found.environment_reason.clone());
        let environment = match (found.environment, first, image.set) {
            (.., Some(set)) if set.environment.is_some() => {
                set.environment.clone().unwrap_or_else(own)
            }
            (Environment::Unknown, _, Some(set)) => {
                let paths = set.files.iter();
                let mut said = paths.filter_map(|path| Environment::of_path(path));
                said.next().unwrap_or_else(own)
            }
            (Environment::Unknown, Some(first), None) => path_environment(first),
            _ => own(),
        };
        let (mut resolved, mut variables) = judge(image.value, place);
        let folder = first.map_or("", |first| above(first));
        for variable in &mut variables {
            if variable.gives == Gives::Nothing && samples.have(folder, &variable.name) {
                variable.gives = Gives::Value;
                if variable.in_tag {
                    resolved = Resolved::Unresolved(format!("${{{}}}", variable.name));
                }
            }
        }
        Self {
            image: (resolved, variables),
            environment,
            loader: first.cloned(),
        }
    }

    fn weight(&self) -> u8 {
        let environment = match self.environment.0 {
            Environment::Production => 3,
            Environment::Unknown => 2,
            Environment::Staging | Environment::Development | Environment::Ci => 1,
        };
        environment + if floats(&self.image.0) { 3 } else { 0 }
    }
}

fn floats(resolved: &Resolved) -> bool {
    let Resolved::Reference(image) = resolved else {
        return false;
    };
    matches!(Pin::of(image), Pin::Channel | Pin::Untagged)
}

fn judge(
    value: &Value,
    mut place: impl FnMut(&str) -> Option<Place>,
) -> (Resolved, Vec<UsedVariable>) {
    let done = match &value.problem {
        Some(problem) => Err(problem.clone()),
        None => Ok(Interpolated {
            text: value.text.clone(),
            pieces: value.variables.iter().map(|v| v.piece.clone()).collect(),
        }),
    };
    let mut places: HashMap<&str, Option<Place>> = HashMap::new();
    for variable in &value.variables {
        let name = variable.piece.variable.as_str();
        places.entry(name).or_insert_with(|| place(name));
    }
    image::judged(&value.text, Some(done), &|name| {
        places.get(name).copied().flatten()
    })
}

/// Where a variable in an image is set.
fn set_at(
    image: &Image<'_>,
    name: &str,
    number: &mut dyn FnMut(&str) -> Option<FileId>,
) -> Option<Place> {
    let mut variables = image.value.variables.iter();
    let variable = variables.find(|v| v.piece.variable == name && v.at.is_some())?;
    let origin = variable.at?;
    let file = number(image.project.files.get(origin.file)?)?;
    let span = origin.span;
    Some(Place { file, span })
}
