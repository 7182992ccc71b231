//! Joins what the files of a run say into one project.

use std::sync::Arc;

use super::checkout::Index;
use super::read::Loaded;
use super::{Load, Workspace, compose, evaluate};
use crate::discover::Found;
use crate::facts::{ImageUse, Scenario};
use crate::formats::deploy;
use crate::project::{Fault, Project};

impl Workspace {
    /// The project; with `last`, facts move into it and are gone from here.
    pub(super) fn join(&mut self, last: bool) -> Load {
        let Self {
            options,
            disk,
            found,
            policies,
            loaded,
            planned,
            ..
        } = self;
        let mut project = Project::default();
        project.dockerfiles.clone_from(&found.dockerfiles);
        project.skipped_templates = found.skipped_templates;
        let files = loaded.iter().filter(|file| file.read).count();
        let mut errors = found.errors.clone();
        let uses = loaded.iter().map(|file| file.uses.len()).sum();
        project.uses.reserve_exact(uses);
        project.sources.reserve_exact(loaded.len());
        for file in loaded.iter_mut() {
            project.skipped_templates += usize::from(file.template);
            project.faults.extend(file.faults.iter().cloned());
            errors.extend(file.error.as_deref().cloned());
            project.sources.push(file.source.clone());
            match last {
                // The room of each is free for what follows.
                true => project.uses.extend(std::mem::take(&mut file.uses)),
                false => project.uses.extend(file.uses.iter().cloned()),
            }
        }
        let index = Index::default();
        // What no file says by itself: definitions of CI are evaluated, while kustomizations and charts
        // are built and compose projects loaded.
        let settings = &options.settings;
        let ((), (deployed, repositories)) = rayon::join(
            || evaluate::plan(loaded, planned, &found.dockerfiles, disk, settings),
            || {
                rayon::join(
                    || deployed(loaded, &found.files, &project.uses),
                    || compose::load(loaded, policies, &options.paths, disk, &index),
                )
            },
        );
        // What is released by itself comes after what definitions of CI publish.
        for by_itself in [false, true] {
            for (planned, file) in planned.iter_mut().zip(&*loaded) {
                let Some(planned) = planned.as_mut() else {
                    continue;
                };
                if file.pipeline.is_none() != by_itself {
                    continue;
                }
                match last {
                    true => project.plans.append(&mut planned.plans),
                    false => project.plans.extend(planned.plans.iter().cloned()),
                }
            }
        }
        if last {
            // What is let go takes its time.
            let loaded = std::mem::take(loaded);
            rayon::spawn(|| drop(loaded));
        }
        let policies = match last {
            true => std::mem::take(policies),
            false => policies.clone(),
        };
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
        faults_of_plans(&mut project);
        compose::resolve(&mut project, repositories);
        project.resolve_environments();
        let paths = found.files.iter();
        Load {
            project,
            files,
            errors,
            paths: paths.map(|file| Arc::clone(&file.path)).collect(),
        }
    }
}

/// What the files deploy together.
fn deployed(loaded: &[Loaded], files: &[Found], uses: &[ImageUse]) -> deploy::Deployed {
    let paths: Vec<&str> = files.iter().map(|file| &*file.shown).collect();
    let notes: Vec<_> = loaded
        .iter()
        .filter_map(|file| Some((file.source.path(), file.notes.as_deref()?)))
        .collect();
    deploy::deploy(&paths, &notes, uses)
}

/// Steps that fail for certain are faults of their workflows.
fn faults_of_plans(project: &mut Project) {
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
}
