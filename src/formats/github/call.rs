//! Calls: a job that calls a workflow of the repository, a step that uses one of its actions.

use std::rc::Rc;

use super::context::Frame;
use super::render;
use super::step;
use super::tree::{Template, Tree};
use super::workflow::{Job, Step, Workflow};
use super::world::Effect;
use super::world::Run;
use crate::eval::value::{Object, Truth, Value};
use crate::formats::ci::ledger::Ledger;
use crate::source::Place;

/// GitHub's own limit of workflows that call one another.
const MAX_DEPTH: usize = 10;

/// Runs the workflow that a job calls; gives the job's outputs.
pub(super) fn workflow(
    run: &Run<'_>,
    job: &Job,
    uses: &Template,
    frame: &Frame<'_>,
    ledger: &mut Ledger<'_>,
) -> Object {
    let place = Place {
        file: run.workflow.file,
        span: uses.span,
    };
    let path = uses.text.trim().strip_prefix("./");
    let called = path.and_then(|path| run.repository.workflow(path));
    if called.is_some() && !ledger.may_call() {
        return Object::default();
    }
    let Some(called) = called.filter(|_| run.depth < MAX_DEPTH) else {
        let reason = "a called workflow that is not in this repository's files";
        let mark = frame
            .unknowns
            .note_at(uses.text.trim(), reason, Some(place));
        ledger.opaque(mark);
        return Object::open(mark);
    };
    let mut inner = frame.clone();
    inner.env = Object::default();
    inner.needs = Object::default();
    inner.steps = Object::default();
    inner.matrix = Value::Null;
    inner.success = Truth::True;
    inner.inputs = Value::Object(Rc::new(inputs(run, called, job.with.as_ref(), frame)));
    let called_run = Run {
        workflow: called,
        depth: run.depth + 1,
        ..*run
    };
    let caller = ledger.enter_call(&job.id);
    let results = called_run.jobs(inner.clone(), ledger);
    ledger.leave_call(caller);
    inner.jobs = Value::Object(Rc::new(results));
    let declared = call_trigger(called).and_then(|settings| settings.get("outputs"));
    let mut outputs = Object::default();
    for (name, declaration) in declared.map(Tree::pairs).unwrap_or_default() {
        if let Some(value) = declaration.get("value") {
            outputs.insert(name.text.as_str(), render::tree(&inner, called.file, value));
        }
    }
    outputs
}

fn call_trigger(workflow: &Workflow) -> Option<&Tree> {
    let mut triggers = workflow.triggers.iter();
    triggers
        .find(|trigger| trigger.event == "workflow_call")?
        .settings()
}

/// The inputs of a called workflow: what the caller hands over, else the default, of the declared
/// type.
fn inputs(run: &Run<'_>, called: &Workflow, with: Option<&Tree>, frame: &Frame<'_>) -> Object {
    let declared = call_trigger(called).and_then(|settings| settings.get("inputs"));
    let mut inputs = Object::default();
    for (name, declaration) in declared.map(Tree::pairs).unwrap_or_default() {
        let kind = declaration.get("type").and_then(Tree::scalar);
        let kind = kind.map_or("string", |kind| kind.text.as_str());
        let value = match with.and_then(|with| with.get(&name.text)) {
            Some(value) => render::tree(frame, run.workflow.file, value),
            None => match declaration.get("default") {
                Some(default) => render::tree(frame, called.file, default),
                None if kind == "boolean" => Value::Bool(false),
                None if kind == "number" => Value::Number(0.0),
                None => Value::text(""),
            },
        };
        inputs.insert(name.text.as_str(), typed(value, kind));
    }
    inputs
}

fn typed(value: Value, kind: &str) -> Value {
    match (kind, &value) {
        ("string", Value::Unknown(_)) => value,
        ("string", _) => Value::String(value.to_text()),
        ("boolean", Value::String(text)) => match &**text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => value,
        },
        ("number", Value::String(_)) => value.to_number().map_or(value, Value::Number),
        _ => value,
    }
}

/// Runs a composite action of the repository; `None` where the step uses something else.
pub(super) fn action(
    run: &Run<'_>,
    step: &Step,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Option<Effect> {
    let folder = step.uses.as_ref()?.text.trim().strip_prefix("./")?;
    let action = run.repository.action(folder.trim_end_matches('/'))?;
    let steps = action.steps.as_ref().filter(|_| run.depth < MAX_DEPTH)?;
    if !ledger.may_call() {
        return Some(Effect::Done(Object::default()));
    }
    let mut inner = frame.clone();
    inner.steps = Object::default();
    inner.success = Truth::True;
    inner.inputs = Value::Null;
    let mut inputs = Object::default();
    for (name, declaration) in action.inputs.as_ref().map(Tree::pairs).unwrap_or_default() {
        let given = step.input(&name.text);
        let value = match given {
            Some(given) => render::tree(frame, run.workflow.file, given),
            None => declaration
                .get("default")
                .map_or(Value::text(""), |default| {
                    render::tree(frame, action.file, default)
                }),
        };
        // Inputs of an action are always text.
        let value = match value {
            Value::Unknown(_) => value,
            other => Value::String(other.to_text()),
        };
        inputs.insert(name.text.as_str(), value);
    }
    inner.inputs = Value::Object(Rc::new(inputs));
    // The steps stand in the action's file: a workflow that holds nothing else lends it to them.
    let host = Workflow {
        file: action.file,
        jobs: Vec::new(),
        ..run.workflow.clone()
    };
    let inner_run = Run {
        workflow: &host,
        depth: run.depth + 1,
        ..*run
    };
    let before = inner.env.clone();
    ledger.enter_action(step.number);
    step::steps(&inner_run, steps, &mut inner, ledger);
    ledger.leave_action();
    for (name, value) in inner.env.iter() {
        let same = before
            .get(name)
            .is_some_and(|old| old.to_text() == value.to_text());
        if !same {
            written.insert(name, value.clone());
        }
    }
    written.open = written.open.or(inner.env.open);
    let mut outputs = Object::default();
    for (name, declaration) in action.outputs.as_ref().map(Tree::pairs).unwrap_or_default() {
        if let Some(value) = declaration.get("value") {
            outputs.insert(name.text.as_str(), render::tree(&inner, action.file, value));
        }
    }
    if inner.success == Truth::False {
        // What failed inside is told at its own place.
        return Some(Effect::Failed(None));
    }
    Some(Effect::Done(outputs))
}
