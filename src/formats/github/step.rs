//! The steps of one job instance, in order: what each sets, and what it publishes.

use std::rc::Rc;

use super::actions;
use super::context::Frame;
use super::render;
use super::script;
use super::workflow::Step;
use super::world::{Effect, Run};
use crate::eval::unknown::{Mark, Unknowns};
use crate::eval::value::{Object, Truth, Value};
use crate::formats::ci::ledger::Ledger;
use crate::source::Place;

/// Runs all steps of a job instance or of a composite action.
pub fn steps(run: &Run<'_>, steps: &[Step], frame: &mut Frame<'_>, ledger: &mut Ledger<'_>) {
    let base_env = frame.env.clone();
    // What `$GITHUB_ENV` writes add, above workflow and job `env`, below that of a step.
    let mut written = Object::default();
    for step in steps {
        if !ledger.may_go_on() {
            break;
        }
        frame.env = layered(&base_env, &written);
        let ran = render::condition(frame, run.workflow.file, step.condition.as_ref());
        let doubts = ledger.doubts();
        let place = Place {
            file: run.workflow.file,
            span: step.at,
        };
        ledger.come_to(place, ran != Truth::False);
        match ran {
            Truth::False => {
                record(frame, step, "skipped", Object::default());
                continue;
            }
            Truth::Unknown(mark) => ledger.doubt(mark),
            Truth::True => {}
        }
        let mut inner = frame.clone();
        render::env_block(&mut inner, run.workflow.file, step.env.as_ref());
        let before = written.clone();
        let effect = one(run, step, &inner, &mut written, ledger);
        ledger.restore_doubts(doubts);
        match effect {
            Effect::Done(outputs) => {
                let outputs = match ran {
                    Truth::Unknown(mark) => {
                        written = doubtful(frame.unknowns, &before, &written);
                        maybe(frame.unknowns, step, outputs, mark)
                    }
                    _ => outputs,
                };
                record(frame, step, "success", outputs);
            }
            Effect::Failed(fault) => {
                if let Some((message, at)) = fault {
                    ledger.fault(message, at);
                }
                record(frame, step, "failure", Object::default());
                if step.tolerant {
                    continue;
                }
                frame.success = match ran {
                    Truth::Unknown(mark) => frame.success.and(Truth::Unknown(mark)),
                    _ => Truth::False,
                };
            }
        }
    }
    frame.env = layered(&base_env, &written);
}

fn one(
    run: &Run<'_>,
    step: &Step,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    if let Some(script) = &step.run {
        let script = render::text(frame, run.workflow.file, script);
        return script::run(run, step, &script, frame, written, ledger);
    }
    actions::run(run, step, frame, written, ledger)
}

fn layered(base: &Object, written: &Object) -> Object {
    let mut env = base.clone();
    for (name, value) in written.iter() {
        env.insert(name, value.clone());
    }
    env.open = written.open.or(base.open);
    env
}

/// Outputs of a step that may not have run: each is what it gives, or empty. The tags that
/// docker/metadata-action gives stay as they are: each knows by itself that it is not certain.
fn maybe(unknowns: &Unknowns, step: &Step, outputs: Object, mark: Mark) -> Object {
    if step
        .action()
        .is_some_and(|action| action.ends_with("/metadata-action"))
    {
        return outputs;
    }
    let id = step.id.as_deref().unwrap_or("step");
    let mut doubtful = Object::default();
    for (name, value) in outputs.iter() {
        let value = match value {
            Value::Unknown(_) => value.clone(),
            _ => {
                let what = format!("steps.{id}.outputs.{name}");
                Value::Unknown(unknowns.note(what, "its step may not run"))
            }
        };
        doubtful.insert(name, value);
    }
    doubtful.open = outputs.open.or(Some(mark));
    doubtful
}

/// Variables after a step that may not have run: those that it changes are not known.
fn doubtful(unknowns: &Unknowns, before: &Object, after: &Object) -> Object {
    let mut joined = after.clone();
    for (name, value) in after.iter() {
        let same = before
            .get(name)
            .is_some_and(|old| old.to_text() == value.to_text());
        // What docker/metadata-action sets mirrors its outputs.
        if !same && !name.starts_with("DOCKER_METADATA_OUTPUT_") {
            let what = format!("env.{name}");
            let mark = unknowns.note(what, "the step that sets it may not run");
            joined.insert(name, Value::Unknown(mark));
        }
    }
    joined
}

fn record(frame: &mut Frame<'_>, step: &Step, outcome: &str, outputs: Object) {
    let Some(id) = &step.id else { return };
    let mut object = Object::default();
    object.insert("outputs", Value::Object(Rc::new(outputs)));
    object.insert("outcome", super::context::text(outcome));
    object.insert("conclusion", super::context::text(outcome));
    frame
        .steps
        .insert(id.as_str(), Value::Object(Rc::new(object)));
}
