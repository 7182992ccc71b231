//! `plan --format json`, by contract: see `schemas/plan.schema.json`.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::facts::{Build, Plan, Publication};
use crate::project::Project;
use crate::source::Place;

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    plans: Vec<PlanOut<'a>>,
}

#[derive(Serialize)]
struct PlanOut<'a> {
    scenario: &'a str,
    event: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    publications: Vec<PublicationOut<'a>>,
    unknowns: Vec<UnknownOut<'a>>,
}

#[derive(Serialize)]
struct PublicationOut<'a> {
    image: &'a str,
    tag: &'a str,
    certain: bool,
    build: Option<BuildOut<'a>>,
    at: AtOut<'a>,
}

#[derive(Serialize)]
struct BuildOut<'a> {
    path: &'a str,
    job: &'a str,
    instance: Map<String, Json>,
    step: usize,
    context: Option<&'a str>,
    dockerfile: Option<&'a str>,
    target: Option<&'a str>,
    platforms: &'a [String],
}

#[derive(Serialize)]
struct AtOut<'a> {
    path: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct UnknownOut<'a> {
    what: &'a str,
    reason: &'a str,
    at: AtOut<'a>,
}

fn at(project: &Project, place: Place) -> AtOut<'_> {
    let source = project.source(place);
    let position = source.map(|source| source.position(place.span.start));
    AtOut {
        path: project.path(place),
        line: position.map_or(1, |position| position.line),
        column: position.map_or(1, |position| position.column),
    }
}

fn build<'a>(project: &'a Project, build: &'a Build) -> BuildOut<'a> {
    BuildOut {
        path: project.path(build.at),
        job: &build.job,
        instance: build.instance.iter().cloned().collect(),
        step: build.step,
        context: build.context.as_deref(),
        dockerfile: build.dockerfile.as_deref(),
        target: build.target.as_deref(),
        platforms: &build.platforms,
    }
}

fn publication<'a>(
    project: &'a Project,
    plan: &'a Plan,
    publication: &'a Publication,
) -> PublicationOut<'a> {
    PublicationOut {
        image: &publication.image,
        tag: &publication.tag,
        certain: publication.certain,
        build: plan
            .builds
            .get(publication.build)
            .map(|found| build(project, found)),
        at: at(project, publication.at),
    }
}

/// One event and everything that it starts, over all workflows.
fn merged(project: &Project) -> Vec<PlanOut<'_>> {
    let mut plans: Vec<PlanOut<'_>> = Vec::new();
    for plan in &project.plans {
        let publications = plan.publications.iter();
        let publications = publications.map(|found| publication(project, plan, found));
        let unknowns = plan.unknowns.iter().map(|unknown| UnknownOut {
            what: &unknown.what,
            reason: &unknown.reason,
            at: at(project, unknown.at),
        });
        let scenario = plan.scenario.name();
        let same = |known: &&mut PlanOut<'_>| {
            known.scenario == scenario
                && known.event == plan.event
                && known.reference == plan.reference
        };
        match plans.iter_mut().find(same) {
            Some(known) => {
                known.publications.extend(publications);
                known.unknowns.extend(unknowns);
            }
            None => plans.push(PlanOut {
                scenario,
                event: &plan.event,
                reference: &plan.reference,
                publications: publications.collect(),
                unknowns: unknowns.collect(),
            }),
        }
    }
    for plan in &mut plans {
        plan.publications.sort_by_cached_key(|publication| {
            let build = publication.build.as_ref();
            let instance = build.map(|build| Json::Object(build.instance.clone()).to_string());
            (
                publication.image,
                publication.tag,
                build.map(|build| (build.job, build.path)),
                instance,
            )
        });
    }
    plans
}

/// The plans as JSON text, with a line break at the end.
#[must_use]
pub fn render(project: &Project) -> String {
    let output = Output {
        schema: 1,
        plans: merged(project),
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}
