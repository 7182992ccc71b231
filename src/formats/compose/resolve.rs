//! Joins the compose files of a repository into the projects that compose makes of them, and judges
//! each image where its project decides it.
//!
//! A file is a project of its own, with the `.env` beside it, unless another one always loads it:
//! by `include`, by `extends`, or because `COMPOSE_FILE` in `.env` names it. An override file is
//! none of these: production runs the base without it, so neither changes how the other is judged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Follows, image};
use crate::eval::compose::interpolate::Interpolated;
use crate::eval::compose::{DEFAULTS, Origin, Project, Request, Value, files_of, load};
use crate::facts::{ImageUse, Resolved, UseKind, UsedVariable};
use crate::files::Files;
use crate::image::Pin;
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

/// Judges the images of all compose files of one repository. `number` gives a file of the repository,
/// such as a `.env`, its number among the files of the run.
pub fn resolve(
    files: &dyn Files,
    members: &[Member],
    uses: &mut [ImageUse],
    number: &mut dyn FnMut(&str) -> Option<FileId>,
) {
    let projects = projects(files, members);
    if projects.is_empty() {
        return;
    }
    let world = World::new(members, &projects);
    for found in uses
        .iter_mut()
        .filter(|found| found.kind == UseKind::Compose)
    {
        let Some(path) = world.paths.get(&found.at.file) else {
            continue;
        };
        let verdict = world.verdict(path, found.at);
        found.replaced = verdict.replaced && verdict.values.is_empty();
        // What it is built from may stand in the service that it extends.
        found.built_here |= verdict.values.iter().any(|image| image.built);
        if !found.written.contains('$') {
            continue;
        }
        let mut judged = verdict.values.iter().map(|image| {
            let place = |name: &str| set_at(image, name, number);
            judge(image.value, place)
        });
        // Where projects differ, the one that floats is worth a look.
        let first = judged.next();
        let floating = first
            .iter()
            .all(|(resolved, _)| !floats(resolved))
            .then(|| judged.find(|(resolved, _)| floats(resolved)))
            .flatten();
        if let Some((resolved, variables)) = floating.or(first) {
            found.resolved = resolved;
            found.variables = variables;
        }
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
    let places: HashMap<&str, Option<Place>> = value
        .variables
        .iter()
        .map(|variable| variable.piece.variable.as_str())
        .map(|name| (name, place(name)))
        .collect();
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

/// The projects of a repository: each file that takes something from others by itself, and the files
/// that `COMPOSE_FILE` joins.
fn projects(files: &dyn Files, members: &[Member]) -> Vec<Project> {
    let mut folders: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    for member in members {
        let folder = member
            .path
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(member);
    }
    let environment = BTreeMap::new();
    let of = |folder: &str, compose_files: &[String]| {
        load(&Request {
            files,
            folder,
            compose_files,
            env_files: &[],
            environment: &environment,
            profiles: &[],
            lenient: true,
        })
    };
    let mut projects = Vec::new();
    for (folder, members) in folders {
        let takes = |member: &&&Member| member.follows.variables || member.follows.files;
        let taking: Vec<&Member> = members.iter().filter(takes).copied().collect();
        let joined = match members.len() > 1 || !taking.is_empty() {
            true => files_of(files, folder),
            false => Vec::new(),
        };
        if !joined.is_empty() {
            projects.extend(of(folder, &[]));
        }
        let alone = taking
            .iter()
            .filter(|member| !joined.contains(&member.path));
        projects.extend(alone.filter_map(|member| of("", std::slice::from_ref(&member.path)).ok()));
    }
    projects
}

/// An image in a project.
#[derive(Clone, Copy)]
struct Image<'w> {
    project: &'w Project,
    value: &'w Value,
    built: bool,
}

/// Which project says what of which place.
struct World<'w> {
    paths: HashMap<FileId, &'w str>,
    values: HashMap<(&'w str, usize), Vec<Image<'w>>>,
    replaced: HashMap<(&'w str, usize), Vec<&'w Project>>,
    /// Files all of whose services are in a project that begins with another file.
    inside: BTreeSet<&'w str>,
}

/// What the projects say of one place.
struct Verdict<'w> {
    values: Vec<Image<'w>>,
    replaced: bool,
}

impl<'w> World<'w> {
    fn new(members: &'w [Member], projects: &'w [Project]) -> Self {
        let mut world = Self {
            paths: members
                .iter()
                .map(|member| (member.file, member.path.as_str()))
                .collect(),
            values: HashMap::new(),
            replaced: HashMap::new(),
            inside: BTreeSet::new(),
        };
        for project in projects {
            let place = |at: Origin| {
                let path = project.files.get(at.file)?;
                Some((path.as_str(), at.span.start))
            };
            for service in &project.services {
                let Some(value) = &service.image else {
                    continue;
                };
                let image = Image {
                    project,
                    value,
                    built: service.build.is_some(),
                };
                if let Some(place) = place(value.at) {
                    world.values.entry(place).or_default().push(image);
                }
            }
            for place in project.replaced.iter().filter_map(|at| place(*at)) {
                world.replaced.entry(place).or_default().push(project);
            }
            let inside = project
                .whole
                .iter()
                .filter_map(|index| project.files.get(*index));
            let inside = inside
                .map(String::as_str)
                .filter(|path| !begins(project, path));
            world.inside.extend(inside);
        }
        world
    }

    /// What counts for a place: its own project, unless another one always loads the file.
    fn verdict(&self, path: &str, at: Place) -> Verdict<'w> {
        let key = (path, at.span.start);
        let values = self.values.get(&key).cloned().unwrap_or_default();
        let replaced = self.replaced.get(&key).cloned().unwrap_or_default();
        let (own, others): (Vec<_>, Vec<_>) = values
            .into_iter()
            .partition(|image| begins(image.project, path));
        let name = path.rsplit('/').next().unwrap_or(path);
        let extended = !others.is_empty() || replaced.iter().any(|project| !begins(project, path));
        let elsewhere = self.inside.contains(path) || (extended && !DEFAULTS.contains(&name));
        match elsewhere && extended {
            true => Verdict {
                values: others,
                replaced: true,
            },
            false => Verdict {
                replaced: replaced.iter().any(|project| begins(project, path)),
                values: own,
            },
        }
    }
}

/// Whether a project begins with this file: it is the project's first.
fn begins(project: &Project, path: &str) -> bool {
    let first = project
        .whole
        .first()
        .and_then(|index| project.files.get(*index));
    first.is_some_and(|first| first == path)
}
