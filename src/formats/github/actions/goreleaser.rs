//! goreleaser/goreleaser-action.

use super::{boolean, input, words};
use crate::eval::shell::Environment;
use crate::eval::value::{Object, Truth};
use crate::formats::ci::goreleaser::{self, Call};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::context::Frame;
use crate::formats::github::script::Surroundings;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::{Effect, Run};
use crate::source::Place;

/// Runs the step.
pub fn run(run: &Run<'_>, step: &Step, frame: &Frame<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let at = Place {
        file: run.workflow.file,
        span: step.uses.as_ref().map_or(step.at, |uses| uses.span),
    };
    let installs = boolean(run, step, frame, "install-only") == Ok(Truth::True);
    let text = |name: &str| input(run, step, frame, name);
    let mut goes_on = true;
    if !installs && let Some(arguments) = text("args") {
        let surroundings = Surroundings::new(run, frame).at(step, ledger.job());
        let folder = text("workdir").map(|folder| folder.text.trim().to_owned());
        let call = Call {
            files: run.repository,
            unknowns: frame.unknowns,
            words: words(&arguments.text),
            folder: folder.unwrap_or_default(),
            environment: &|name| surroundings.variable(name),
            presumes: false,
            git: &|words| surroundings.git(words),
            time: run.settings.time,
            step: step.number,
            at: arguments.whole(),
        };
        goes_on = goreleaser::publish(&call, ledger);
    }
    let mut outputs = Object::default();
    let reason = "known only once the release is built";
    let what = "an output of goreleaser/goreleaser-action";
    outputs.open = Some(frame.unknowns.note_at(what, reason, Some(at)));
    if goes_on {
        Effect::Done(outputs)
    } else {
        Effect::Failed(None)
    }
}
