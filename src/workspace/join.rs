//! Joins what the files of a run say into one project.

use std::sync::Arc;

use super::checkout::Index;
use super::{Load, Workspace, compose};
use crate::facts::{ImageUse, Scenario};
use crate::formats::compose::Follows;
use crate::formats::deploy;
use crate::project::{Fault, Project};
use crate::source::{FileId, Source};

impl Workspace {
    /// The project; with `last`, facts move into it and are gone from here.
    pub(super) fn join(&mut self, last: bool) -> Load {
        let mut project = Project::default();
        project.dockerfiles.clone_from(&self.found.dockerfiles);
        project.skipped_templates = self.found.skipped_templates;
        // What is released by itself comes after what definitions of CI publish.
        for by_itself in [false, true] {
            for (planned, file) in self.planned.iter_mut().zip(&self.loaded) {
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
        let files = self.loaded.iter().filter(|file| file.read).count();
        let mut errors = self.found.errors.clone();
        let mut composed: Vec<(FileId, Follows)> = Vec::new();
        let uses = self.loaded.iter().map(|file| file.uses.len()).sum();
        project.uses.reserve_exact(uses);
        project.sources.reserve_exact(self.loaded.len());
        // Of what moves, nothing is held twice: what follows finds its room.
        let mut moved: Vec<(Source, Box<deploy::Notes>)> = Vec::new();
        for (file, id) in self.loaded.iter_mut().zip(0..) {
            project.skipped_templates += usize::from(file.template);
            project.faults.extend(file.faults.iter().cloned());
            errors.extend(file.error.as_deref().cloned());
            project.sources.push(file.source.clone());
            composed.extend(file.compose.map(|follows| (FileId(id), follows)));
            if last {
                project.uses.append(&mut file.uses);
                let notes = file.notes.take();
                moved.extend(notes.map(|notes| (file.source.clone(), notes)));
            } else {
                project.uses.extend(file.uses.iter().cloned());
            }
        }
        if last {
            let loaded = std::mem::take(&mut self.loaded);
            rayon::spawn(|| drop(loaded));
        }
        let policies = match last {
            true => std::mem::take(&mut self.policies),
            false => self.policies.clone(),
        };
        project.sources.extend(policies.sources);
        project.faults.extend(policies.faults);
        project.policies = policies.policies;
        errors.extend(policies.errors);
        let index = Index::default();
        let (deployed, repositories) = rayon::join(
            || self.deployed(&moved, &project.uses),
            || compose::load(&project, &composed, &self.options.paths, &self.disk, &index),
        );
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
        // What is let go takes its time.
        rayon::spawn(|| drop(moved));
        compose::resolve(&mut project, repositories);
        project.resolve_environments();
        let paths = self.found.files.iter();
        Load {
            project,
            files,
            errors,
            paths: paths.map(|file| Arc::clone(&file.path)).collect(),
        }
    }

    /// What the files deploy together; their notes are those that were moved, and those still here.
    fn deployed(
        &self,
        moved: &[(Source, Box<deploy::Notes>)],
        uses: &[ImageUse],
    ) -> deploy::Deployed {
        let files = self.found.files.iter();
        let paths: Vec<&str> = files.map(|file| &*file.shown).collect();
        let here = self.loaded.iter();
        let here = here.filter_map(|file| Some((file.source.path(), file.notes.as_deref()?)));
        let moved = moved.iter();
        let moved = moved.map(|(source, notes)| (source.path(), notes.as_ref()));
        let notes: Vec<_> = moved.chain(here).collect();
        deploy::deploy(&paths, &notes, uses)
    }
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
