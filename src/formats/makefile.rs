//! A Makefile by itself: each goal whose own recipe pushes is planned for the git tags of releases,
//! as if somebody made it there. What a goal needs is made before, and what that pushes counts where
//! it is a goal of its own.

use std::ops::Range;

use super::ci::event::{Event, Kind};
use super::ci::ledger::Ledger;
use super::ci::settings::Settings;
use super::ci::variables::{Elsewhere, Variables};
use super::ci::{Script, images};
use crate::eval::shell;
use crate::eval::unknown::{self, Unknowns};
use crate::facts::{Plan, Scenario};
use crate::files::Files;
use crate::source::{FileId, Place, Span};

/// More goals than a Makefile may reasonably push with.
const MAX_GOALS: usize = 100;

/// A Makefile.
#[derive(Debug)]
pub struct Makefile {
    /// The file.
    pub file: FileId,
    text: String,
}

/// Whether a path is that of a Makefile.
#[must_use]
pub fn is_makefile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    !yaml && (matches!(stem, "Makefile" | "makefile" | "GNUmakefile") || name.ends_with(".mk"))
}

/// Takes a Makefile in.
#[must_use]
pub fn read(file: FileId, text: &str) -> Makefile {
    Makefile {
        file,
        text: unknown::clean(text).into_owned(),
    }
}

/// What each goal publishes: a plan for a goal and a scenario, since one is made or the other.
#[must_use]
pub fn plans(makefile: &Makefile, settings: &Settings, files: &dyn Files) -> Vec<Plan> {
    let events = events(settings);
    let mut plans = Vec::new();
    for event in &events {
        let unknowns = Unknowns::default();
        let world = World {
            makefile,
            settings,
            event,
            files,
        };
        for goal in world.targets(&unknowns) {
            plans.extend(world.goal(&goal));
        }
    }
    plans
}

/// The event that the caller describes, or the releases of the samples.
fn events(settings: &Settings) -> Vec<Event> {
    let branch = settings.default_branch.as_deref().unwrap_or("main");
    let event = |scenario, reference: String| Event {
        scenario,
        name: settings.event.clone().unwrap_or_default(),
        kind: if reference.starts_with("refs/tags/") {
            Kind::Tag
        } else {
            Kind::Manual
        },
        reference,
        sha: settings.sha(),
        default_branch: branch.to_owned(),
    };
    if settings.event.is_some() {
        let head = || format!("refs/heads/{branch}");
        let reference = settings.reference.clone().unwrap_or_else(head);
        return vec![event(Scenario::Given, reference)];
    }
    let versions = settings.versions().into_iter();
    versions
        .map(|(scenario, version)| event(scenario, format!("refs/tags/v{version}")))
        .collect()
}

struct World<'a> {
    makefile: &'a Makefile,
    settings: &'a Settings,
    event: &'a Event,
    files: &'a dyn Files,
}

impl World<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        Place {
            file: self.makefile.file,
            span: Span::new(range.start, range.end),
        }
    }

    fn with_script<T>(
        &self,
        unknowns: &Unknowns,
        work: impl FnOnce(&shell::Script<'_>, &Variables<'_>) -> T,
    ) -> T {
        let (settings, unset) = (self.settings, Elsewhere::Unset);
        let variables = Variables::new(self.event, settings, self.files, unknowns, unset);
        let locate = |range| Some(self.place(range));
        let script = shell::Script {
            text: &self.makefile.text,
            environment: &variables,
            unknowns,
            locate: &locate,
        };
        work(&script, &variables)
    }

    fn targets(&self, unknowns: &Unknowns) -> Vec<String> {
        let targets = self.with_script(unknowns, |script, _| shell::make_targets(script));
        targets.into_iter().take(MAX_GOALS).collect()
    }

    /// The plan of a goal, where it publishes something or may.
    fn goal(&self, goal: &str) -> Option<Plan> {
        let unknowns = Unknowns::default();
        let mut ledger = Ledger::new(&unknowns, self.makefile.file);
        ledger.begin_job(goal, None, None);
        self.with_script(&unknowns, |script, variables| {
            let ran = shell::make(script, goal);
            let script = Script {
                text: &self.makefile.text,
                place: &|range| self.place(range),
                step: 0,
                environment: variables,
                unknowns: &unknowns,
                files: self.files,
                has_dockerfile: &|_| None,
                of_others: &ran.of_others,
            };
            images::publish(&script, &ran, &mut ledger);
        });
        let name = match self.event.scenario {
            Scenario::Given => self.event.name.clone(),
            _ => format!("make {goal}"),
        };
        let plan = ledger.into_plan(self.event.scenario, &name, &self.event.reference);
        (!plan.publications.is_empty() || plan.opaque).then_some(plan)
    }
}
