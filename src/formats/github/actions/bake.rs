//! docker/bake-action.

use super::{boolean, input, list};
use crate::eval::value::Object;
use crate::formats::ci::bake::{self, Call};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::context::Frame;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::{Effect, Run};
use crate::source::Place;

/// Runs the step.
pub fn run(run: &Run<'_>, step: &Step, frame: &Frame<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let at = Place {
        file: run.workflow.file,
        span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
    };
    let push = match boolean(run, step, frame, "push") {
        Ok(push) => push,
        Err(message) => {
            return Effect::Failed(Some((format!("the bake step fails: {message}"), at)));
        }
    };
    let lines = |name: &str, commas: bool| -> Vec<String> {
        let text = input(run, step, frame, name).map(|text| text.text);
        let items = list(&text.unwrap_or_default(), commas).into_iter();
        items.map(|(item, _)| item).collect()
    };
    let environment = |name: &str| {
        let value = frame.env.get(name)?;
        Some(value.to_text().to_string())
    };
    let call = Call {
        repository: run.repository,
        unknowns: frame.unknowns,
        files: lines("files", false),
        targets: lines("targets", true),
        sets: lines("set", false),
        push,
        environment: &environment,
        step: step.number,
        at,
    };
    bake::publish(&call, ledger);
    let mut outputs = Object::default();
    let reason = "known only once the images are built";
    outputs.open = Some(frame.unknowns.note_at(
        "an output of docker/bake-action",
        reason,
        Some(at),
    ));
    Effect::Done(outputs)
}
