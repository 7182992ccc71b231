//! `uses: docker://…`: a container run with `args`. Only kaniko's is followed.

use super::{Given, input};
use crate::eval::shell::{self, Script};
use crate::eval::value::Object;
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::{self, images};
use crate::formats::github::script::Surroundings;
use crate::formats::github::world::Effect;

/// What the container runs, before its arguments.
const KANIKO: &str = "/kaniko/executor ";

/// Whether an image is kaniko's.
pub fn is_kaniko(action: &str) -> bool {
    action.starts_with("docker://") && action.contains("kaniko-project/executor")
}

/// Runs the step.
pub fn kaniko(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let Some(arguments) = input(given.run, given.step, given.frame, "args") else {
        return Effect::Done(Object::default());
    };
    // The arguments are words apart at blanks, and no lines of a script.
    let text = KANIKO.to_owned() + &arguments.text.replace('\n', " ");
    let place = |range: std::ops::Range<usize>| {
        let start = range.start.saturating_sub(KANIKO.len());
        arguments.place(start..range.end.saturating_sub(KANIKO.len()).max(start))
    };
    let surroundings = Surroundings::new(given.run, given.frame);
    let ran = shell::run(&Script {
        text: &text,
        environment: &surroundings,
        unknowns: given.frame.unknowns,
        locate: &|range| Some(place(range)),
    });
    let script = ci::Script {
        text: &text,
        place: &place,
        step: given.step.number,
        environment: &surroundings,
        unknowns: given.frame.unknowns,
        files: given.run.repository,
        has_dockerfile: &|_| None,
        of_others: &[],
    };
    images::publish(&script, &ran, ledger);
    Effect::Done(Object::default())
}
