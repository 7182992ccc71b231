//! A script of a job, evaluated, and what it publishes entered into the account.

use super::ledger::Ledger;
use super::text::Text;
use super::variables::Variables;
use super::{Script, images};
use crate::eval::shell;
use crate::source::Place;

/// Runs a script. `false` where it fails for certain, so that the job ends there.
pub fn run(
    text: &Text,
    variables: &Variables<'_>,
    step: usize,
    whole: Place,
    ledger: &mut Ledger<'_>,
) -> bool {
    if images::may_name(&text.text) {
        ledger.go_blind();
    }
    if !shell::may_publish(&text.text) && !shell::runs_file(&text.text) {
        return true;
    }
    let place = |range: std::ops::Range<usize>| text.place(range).unwrap_or(whole);
    let locate = |range| Some(place(range));
    let ran = shell::run(&shell::Script {
        text: &text.text,
        environment: variables,
        unknowns: variables.unknowns,
        locate: &locate,
    });
    for fault in &ran.faults {
        let at = Some(place(fault.span.clone()));
        let mark = variables
            .unknowns
            .note_at("a part of a script", &fault.message, at);
        ledger.opaque(mark);
    }
    let script = Script {
        text: &text.text,
        place: &place,
        step,
        environment: variables,
        unknowns: variables.unknowns,
        files: variables.files,
        has_dockerfile: &|_| None,
        of_others: &[],
    };
    images::publish(&script, &ran, ledger)
}
