//! One run of a workflow for one event: jobs in the order of their needs, each matrix instance by
//! itself, and what it all publishes.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use rayon::prelude::*;

use super::call;
use super::context::Frame;
use super::event::{Event, Settings};
use super::render;
use super::step;
use super::workflow::{Job, Workflow};
use super::world::{Repository, Run};
use crate::eval::matrix::{self, Matrix, Presence};
use crate::eval::unknown::{Mark, Unknowns};
use crate::eval::value::{Object, Truth, Value};
use crate::facts::{Plan, Scenario};
use crate::formats::ci::ledger::Ledger;
use crate::source::Place;

/// More instances than GitHub starts for one matrix.
const MAX_INSTANCES: usize = 256;

/// From this many steps on, the events of a workflow are evaluated side by side: below, reading its
/// scripts more than once costs more than that saves.
const MANY_STEPS: usize = 40;

/// How a job went.
struct Outcome {
    /// Whether it ran, and well.
    succeeded: Truth,
    result: Value,
}

/// The order that jobs run in: from the first to the last as often as it takes, each as soon as its
/// needs are done. Jobs that need each other never run.
struct Order<'w> {
    jobs: &'w [Job],
    /// The jobs that may run, by the round and their place in the file.
    ready: BTreeSet<(usize, usize)>,
    /// How many needs of each job are not done yet.
    missing: Vec<usize>,
    /// The jobs that need a job, by its id.
    needed_by: HashMap<String, Vec<usize>>,
}

impl<'w> Order<'w> {
    fn new(jobs: &'w [Job]) -> Self {
        let mut order = Self {
            jobs,
            ready: BTreeSet::new(),
            missing: Vec::new(),
            needed_by: HashMap::new(),
        };
        for (place, job) in jobs.iter().enumerate() {
            let needs = job.needs.iter().map(|need| need.to_ascii_lowercase());
            let needs: BTreeSet<String> = needs.collect();
            order.missing.push(needs.len());
            if needs.is_empty() {
                order.ready.insert((0, place));
            }
            for need in needs {
                order.needed_by.entry(need).or_default().push(place);
            }
        }
        order
    }

    /// The next job, which counts as done from now on.
    fn next(&mut self) -> Option<&'w Job> {
        let (round, place) = self.ready.pop_first()?;
        let job = self.jobs.get(place)?;
        let freed = self.needed_by.remove(&job.id.to_ascii_lowercase());
        for other in freed.unwrap_or_default() {
            let Some(missing) = self.missing.get_mut(other) else {
                continue;
            };
            *missing -= 1;
            if *missing == 0 {
                self.ready
                    .insert((round + usize::from(other < place), other));
            }
        }
        Some(job)
    }
}

/// The jobs that are done, in order; their ids are the same in any case.
#[derive(Default)]
struct Done<'w> {
    outcomes: Vec<(&'w str, Outcome)>,
    index: HashMap<String, usize>,
}

impl<'w> Done<'w> {
    fn add(&mut self, id: &'w str, outcome: Outcome) {
        let next = self.outcomes.len();
        self.index.entry(id.to_ascii_lowercase()).or_insert(next);
        self.outcomes.push((id, outcome));
    }

    fn get(&self, id: &str) -> Option<&(&'w str, Outcome)> {
        let index = self.index.get(&id.to_ascii_lowercase())?;
        self.outcomes.get(*index)
    }
}

/// Evaluates a workflow for an event.
#[must_use]
pub fn run(
    workflow: &Workflow,
    event: &Event,
    settings: &Settings,
    repository: &dyn Repository,
) -> Plan {
    let unknowns = Unknowns::default();
    let run = Run {
        workflow,
        event,
        settings,
        repository,
        unknowns: &unknowns,
        depth: 0,
    };
    let mut ledger = Ledger::new(&unknowns, workflow.file);
    let mut frame = Frame::new(event, settings, workflow, &unknowns);
    for (name, value) in &settings.env {
        frame.env.insert(name.as_str(), super::context::text(value));
    }
    run.jobs(frame, &mut ledger);
    let mut plan = ledger.into_plan(event.scenario, &event.name, &event.reference);
    let triggers = workflow.triggers.iter();
    let mut admitting = triggers.filter(|trigger| trigger.event == event.name);
    plan.trigger_at = admitting.next().map(|trigger| Place {
        file: workflow.file,
        span: trigger.at,
    });
    plan
}

/// Evaluates a workflow for every event that it is asked about.
#[must_use]
pub fn plans(workflow: &Workflow, settings: &Settings, repository: &dyn Repository) -> Vec<Plan> {
    let one = |event: &Event| run(workflow, event, settings, repository);
    let events = settings.events(&workflow.triggers);
    let steps: usize = workflow.jobs.iter().map(|job| job.steps.len()).sum();
    let mut plans: Vec<Plan> = if steps < MANY_STEPS {
        events.iter().map(one).collect()
    } else {
        events.par_iter().map(one).collect()
    };
    let publishes =
        |plan: &Plan| plan.scenario == Scenario::Release && !plan.publications.is_empty();
    // Only what a release moves can be moved by a tag that looks like a version and is none.
    if settings.odd_versions && plans.iter().any(publishes) {
        plans.extend(settings.odd_events(&workflow.triggers).iter().map(one));
    }
    plans
}

impl Run<'_> {
    /// Runs all jobs; gives the result of each by its id.
    pub(super) fn jobs(&self, mut frame: Frame<'_>, ledger: &mut Ledger<'_>) -> Object {
        render::env_block(&mut frame, self.workflow.file, self.workflow.env.as_ref());
        let mut done = Done::default();
        let mut order = Order::new(&self.workflow.jobs);
        while let Some(job) = order.next() {
            let outcome = self.job(job, &frame, &done, ledger);
            done.add(&job.id, outcome);
        }
        let mut results = Object::default();
        for (id, outcome) in done.outcomes {
            results.insert(id, outcome.result);
        }
        results
    }

    fn job(
        &self,
        job: &Job,
        base: &Frame<'_>,
        done: &Done<'_>,
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        let mut frame = base.clone();
        for need in &job.needs {
            if let Some((id, outcome)) = done.get(need) {
                frame.success = frame.success.and(outcome.succeeded);
                frame.needs.insert(*id, outcome.result.clone());
            }
        }
        let ran = render::condition(&frame, self.workflow.file, job.condition.as_ref());
        let doubts = ledger.doubts();
        match ran {
            Truth::False => {
                return Outcome {
                    succeeded: ran,
                    result: result("skipped", Object::default()),
                };
            }
            Truth::Unknown(mark) => ledger.doubt(mark),
            Truth::True => {}
        }
        frame.success = Truth::True;
        let (outputs, went_well) = self.instances(job, &frame, ledger);
        ledger.restore_doubts(doubts);
        let went_well = if job.tolerant { Truth::True } else { went_well };
        let word = match went_well {
            Truth::False => "failure",
            _ => "success",
        };
        Outcome {
            succeeded: ran.and(went_well),
            result: result(word, outputs),
        }
    }

    /// The job's outputs, and whether all of its instances go well.
    fn instances(&self, job: &Job, frame: &Frame<'_>, ledger: &mut Ledger<'_>) -> (Object, Truth) {
        let matrix_at = job.matrix.as_ref().map(|tree| Place {
            file: self.workflow.file,
            span: tree.span(),
        });
        let mut outputs: Option<Object> = None;
        let mut went_well = Truth::True;
        for (values, doubt) in self.matrix(job, frame, ledger) {
            if !ledger.may_go_on() {
                break;
            }
            let mut frame = frame.clone();
            let doubts = ledger.doubts();
            if let Some(mark) = doubt {
                ledger.doubt(mark);
            }
            ledger.begin_job(&job.id, values.as_ref(), matrix_at);
            ledger.job_stands_at(Place {
                file: self.workflow.file,
                span: job.at,
            });
            frame.matrix = values.map_or(Value::Null, Value::object);
            let here = if let Some(uses) = &job.uses {
                call::workflow(self, job, uses, &frame, ledger)
            } else {
                render::env_block(&mut frame, self.workflow.file, job.env.as_ref());
                step::steps(self, &job.steps, &mut frame, ledger);
                went_well = went_well.and(frame.success);
                self.outputs(job, &frame)
            };
            outputs = Some(match outputs {
                Some(before) => joined(&before, &here, self.unknowns),
                None => here,
            });
            ledger.restore_doubts(doubts);
        }
        (outputs.unwrap_or_default(), went_well)
    }

    /// The values of each instance of a job, `None` for a job without a matrix; the mark says why
    /// there may be none like it, or several.
    fn matrix(
        &self,
        job: &Job,
        frame: &Frame<'_>,
        ledger: &mut Ledger<'_>,
    ) -> Vec<(Option<Object>, Option<Mark>)> {
        let Some(tree) = &job.matrix else {
            return vec![(None, None)];
        };
        let value = render::tree(frame, self.workflow.file, tree);
        match matrix::expand(&value) {
            Ok(Matrix::Jobs(instances)) => instances
                .into_iter()
                .take(MAX_INSTANCES)
                .map(|instance| match instance.presence {
                    Presence::Certain => (Some(instance.values), None),
                    Presence::Maybe(mark) => (Some(instance.values), Some(mark)),
                    Presence::Any(mark) => {
                        ledger.opaque(mark);
                        (Some(instance.values), Some(mark))
                    }
                })
                .collect(),
            Ok(Matrix::Unknown(mark)) => {
                ledger.opaque(mark);
                vec![(Some(Object::open(mark)), Some(mark))]
            }
            Err(faults) => {
                let place = Place {
                    file: self.workflow.file,
                    span: tree.span(),
                };
                for fault in faults {
                    let job = &job.id;
                    let message =
                        format!("the matrix of job `{job}` is refused: {}", fault.message);
                    ledger.fault(message, place);
                }
                Vec::new()
            }
        }
    }

    fn outputs(&self, job: &Job, frame: &Frame<'_>) -> Object {
        match &job.outputs {
            Some(tree) => match render::tree(frame, self.workflow.file, tree) {
                Value::Object(object) => (*object).clone(),
                Value::Unknown(mark) => Object::open(mark),
                _ => Object::default(),
            },
            None => Object::default(),
        }
    }
}

fn result(word: &str, outputs: Object) -> Value {
    let mut object = Object::default();
    object.insert("result", super::context::text(word));
    object.insert("outputs", Value::Object(Rc::new(outputs)));
    Value::Object(Rc::new(object))
}

/// The outputs of a matrix job are those of the instance that ends last: known only where all say
/// the same.
fn joined(before: &Object, after: &Object, unknowns: &Unknowns) -> Object {
    let mut joined = after.clone();
    for (name, value) in before.iter() {
        let other = after.get(name).map(|other| other.to_text());
        let same = other.is_none_or(|other| other.is_empty() || *other == *value.to_text());
        let value = if value.to_text().is_empty() {
            continue;
        } else if same {
            value.clone()
        } else {
            let reason = "each matrix instance sets it to something else";
            Value::Unknown(unknowns.note(format!("outputs.{name}"), reason))
        };
        joined.insert(name, value);
    }
    joined
}
