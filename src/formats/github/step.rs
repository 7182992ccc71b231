//! The steps of one job instance, in order: what each sets, and what it publishes.

use std::rc::Rc;

use super::actions;
use super::context::Frame;
use super::ledger::Ledger;
use super::render;
use super::run::Run;
use super::script;
use super::workflow::Step;
use crate::eval::value::{Object, Truth, Value};
use crate::source::Place;

/// What a step leaves behind.
pub enum Effect {
    /// It ran; these are its outputs.
    Done(Object),
    /// It fails for certain: the rest of the job does not run unless it says `always()`.
    Failed(String, Place),
}

/// Runs all steps of a job instance or of a composite action.
pub fn steps(run: &Run<'_>, steps: &[Step], frame: &mut Frame<'_>, ledger: &mut Ledger<'_>) {
    let base_env = frame.env.clone();
    // What `$GITHUB_ENV` writes add, above workflow and job `env`, below that of a step.
    let mut written = Object::default();
    for step in steps {
        frame.env = layered(&base_env, &written);
        let ran = render::condition(frame, run.workflow.file, step.condition.as_ref());
        let doubts = ledger.doubts();
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
        let effect = one(run, step, &inner, &mut written, ledger);
        ledger.restore_doubts(doubts);
        match effect {
            Effect::Done(outputs) => {
                let outputs = match ran {
                    Truth::Unknown(mark) => maybe(outputs, mark),
                    _ => outputs,
                };
                record(frame, step, "success", outputs);
            }
            Effect::Failed(message, at) => {
                ledger.fault(message, at);
                record(frame, step, "failure", Object::default());
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

/// Outputs of a step that may not have run: nothing in them is certain.
fn maybe(outputs: Object, mark: crate::eval::unknown::Mark) -> Object {
    let mut doubtful = Object::default();
    for (name, value) in outputs.iter() {
        // A text that is there or not is still best shown as that text; publications learn of the
        // doubt from the tag's declaration.
        doubtful.insert(name, value.clone());
    }
    doubtful.open = outputs.open.or(Some(mark));
    doubtful
}

fn record(frame: &mut Frame<'_>, step: &Step, outcome: &str, outputs: Object) {
    let Some(id) = &step.id else { return };
    let mut object = Object::default();
    object.insert("outputs", Value::Object(Rc::new(outputs)));
    object.insert("outcome", super::context::text(outcome));
    object.insert("conclusion", super::context::text(outcome));
    frame.steps.insert(id, Value::Object(Rc::new(object)));
}
