//! `run:` steps: the script evaluated, what it hands on, and what it publishes.

mod checkout;
mod environment;
mod foreign;

use super::context::Frame;
use super::render::{self, Rendered};
use super::workflow::Step;
use super::world::Effect;
use super::world::Run;
use crate::eval::shell::{self, Assignment, Script};
use crate::eval::unknown;
use crate::eval::value::{Object, Value};
use crate::facts::Scenario;
use crate::files::{Files, Inside, Nowhere};
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::{self, images};
use crate::formats::github::dockerfile;
use crate::source::Place;
pub(super) use environment::Surroundings;

/// Runs the script of a step.
pub fn run(
    run: &Run<'_>,
    step: &Step,
    script: &Rendered,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    if images::may_name(&script.text) {
        ledger.go_blind();
    }
    if let Some(program) = foreign::program(run, step, ledger.job()) {
        return foreign::run(&program, script, frame, written, ledger);
    }
    if !shell::may_publish(&script.text) && !shell::runs_file(&script.text) {
        return Effect::Done(Object::default());
    }
    let folder = step.directory.as_ref();
    let folder = folder.map(|folder| render::text(frame, run.workflow.file, folder).text);
    let folder = folder.unwrap_or_default();
    let known = unknown::is_known(&folder);
    let inside = Inside {
        files: run.repository,
        folder: folder
            .trim()
            .trim_start_matches("${GITHUB_WORKSPACE}/")
            .to_owned(),
    };
    // In a folder that is not known no file is known.
    let files: &dyn Files = if known { &inside } else { &Nowhere };
    let surroundings = Surroundings::new(run, frame)
        .at(step, ledger.job())
        .with(files);
    let locate = |range| Some(script.place(range));
    let ran = shell::run(&Script {
        text: &script.text,
        environment: &surroundings,
        unknowns: frame.unknowns,
        locate: &locate,
    });
    let mut outputs = Object::default();
    for fault in &ran.faults {
        let place = script.place(fault.span.clone());
        let mark = frame
            .unknowns
            .note_at("a part of a script", &fault.message, Some(place));
        ledger.opaque(mark);
        // What is not understood may be what sets an output or a variable.
        let sets = |signs: [&str; 2]| signs.iter().any(|sign| script.text.contains(sign));
        if sets(["GITHUB_OUTPUT", "set-output"]) {
            outputs.open = Some(mark);
        }
        if sets(["GITHUB_ENV", "set-env"]) {
            written.open = Some(mark);
        }
    }
    for assignment in &ran.outputs {
        assign(frame, &mut outputs, "an output", assignment, script);
    }
    for assignment in &ran.environment {
        assign(frame, written, "a variable", assignment, script);
    }
    // A guard that a sample does not pass is taken to hold, since the sample is ours; but a tag that
    // is no version was made to fail it.
    if ran.gives_up && run.event.scenario == Scenario::OddVersion {
        return Effect::Failed(None);
    }
    let job = ledger.job().to_owned();
    let whole = ci::Script {
        text: &script.text,
        place: &|range| script.place(range),
        step: step.number,
        environment: &surroundings,
        unknowns: frame.unknowns,
        files,
        has_dockerfile: &|build| {
            let exists = dockerfile::exists(run, step, &job, build);
            // The root is looked at there; the script may run in a folder.
            exists.and_then(|exists| match (&build.dockerfile, folder.is_empty()) {
                (Some(file), false) => files.holds(file),
                _ => Some(exists),
            })
        },
        of_others: &[],
    };
    if images::publish(&whole, &ran, ledger) {
        Effect::Done(outputs)
    } else {
        Effect::Failed(None)
    }
}

/// Sets a name to what a script writes; a value that is written on one of several ways only is not
/// known.
fn assign(
    frame: &Frame<'_>,
    object: &mut Object,
    kind: &str,
    assignment: &Assignment,
    script: &Rendered,
) {
    let same = object
        .get(&assignment.name)
        .is_some_and(|value| *value.to_text() == *assignment.value);
    if same {
        return;
    }
    let value = if assignment.certain {
        Value::text(assignment.value.as_str())
    } else {
        let place: Place = script.place(assignment.span.clone());
        let what = format!("{kind} `{}`", assignment.name);
        let reason = "set under a condition that is not known";
        Value::Unknown(frame.unknowns.note_at(what, reason, Some(place)))
    };
    object.insert(assignment.name.as_str(), value);
}
