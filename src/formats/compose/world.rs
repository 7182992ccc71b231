//! Which projects the compose files of a repository make, and which of them count for an image.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Member, Set};
use crate::eval::compose::{DEFAULTS, Origin, Project, Request, Value, files_of, load};
use crate::files::Files;
use crate::source::{FileId, Place};

/// A project, and the set that it was loaded as, where a policy declares one.
pub struct Loaded {
    project: Project,
    set: Option<Arc<Set>>,
}

/// The projects of a repository: the sets that a policy declares, the files that `COMPOSE_FILE`
/// joins, and each further file that takes something from others by itself.
#[must_use]
pub fn projects(files: &dyn Files, members: &[Member], sets: &[Arc<Set>]) -> Vec<Loaded> {
    let mut folders: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    for member in members {
        let folder = above(&member.path);
        folders.entry(folder).or_default().push(member);
    }
    let of = |folder: &str, compose_files: &[String], env_files: &[String]| {
        load(&Request {
            files,
            folder,
            compose_files,
            env_files,
            environment: &|_| None,
            fallback: &|_| None,
            profiles: &[],
            lenient: true,
        })
    };
    let mut projects = Vec::new();
    for set in sets {
        let project = of("", &set.files, &set.env_files).ok();
        projects.extend(project.map(|project| Loaded {
            project,
            set: Some(Arc::clone(set)),
        }));
    }
    let plain = |project| Loaded { project, set: None };
    let in_set = |path: &String| sets.iter().any(|set| set.files.contains(path));
    let of_folder = |(folder, members): (&str, Vec<&Member>)| {
        let takes = |member: &&&Member| member.follows.variables || member.follows.files;
        let taking: Vec<&Member> = members.iter().filter(takes).copied().collect();
        let listed = match members.len() > 1 || !taking.is_empty() {
            true => files_of(files, folder),
            false => Vec::new(),
        };
        let whole = (!listed.is_empty()).then(|| of(folder, &[], &[]).ok());
        let mut projects: Vec<Loaded> = whole.flatten().map(plain).into_iter().collect();
        let alone = taking
            .iter()
            .filter(|member| !listed.contains(&member.path) && !in_set(&member.path));
        let alone = alone.filter_map(|one| of("", std::slice::from_ref(&one.path), &[]).ok());
        projects.extend(alone.map(plain));
        projects
    };
    projects.par_extend(folders.into_par_iter().flat_map_iter(of_folder));
    projects
}

/// The folder of a file.
pub(super) fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// An image in a project.
#[derive(Clone, Copy)]
pub(super) struct Image<'w> {
    pub(super) project: &'w Project,
    /// The set that the project was loaded as, where a policy declares one.
    pub(super) set: Option<&'w Set>,
    pub(super) value: &'w Value,
    /// Whether its service builds it.
    pub(super) built: bool,
}

/// Which project says what of which place.
pub(super) struct World<'w> {
    /// The compose files, by their numbers.
    pub(super) paths: HashMap<FileId, &'w str>,
    values: HashMap<(&'w str, usize), Vec<Image<'w>>>,
    replaced: HashMap<(&'w str, usize), Vec<&'w Project>>,
    /// Files all of whose services are in a project that begins with another file.
    inside: BTreeSet<&'w str>,
}

/// What the projects say of one place.
pub(super) struct Verdict<'w> {
    /// What it is in the projects that count.
    pub(super) images: Vec<Image<'w>>,
    /// Whether a project that counts has another image instead.
    pub(super) replaced: bool,
    /// Whether the projects that count begin with other files.
    pub(super) elsewhere: bool,
}

impl<'w> World<'w> {
    pub(super) fn new(members: &'w [Member], projects: &'w [Loaded]) -> Self {
        let mut world = Self {
            paths: members
                .iter()
                .map(|member| (member.file, member.path.as_str()))
                .collect(),
            values: HashMap::new(),
            replaced: HashMap::new(),
            inside: BTreeSet::new(),
        };
        for Loaded { project, set } in projects {
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
                    set: set.as_deref(),
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
    pub(super) fn verdict(&self, path: &str, at: Place) -> Verdict<'w> {
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
                images: others,
                replaced: true,
                elsewhere: true,
            },
            false => Verdict {
                replaced: replaced.iter().any(|project| begins(project, path)),
                images: own,
                elsewhere: false,
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
