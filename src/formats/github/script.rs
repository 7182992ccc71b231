//! `run:` steps.
use super::context::Frame;
use super::ledger::Ledger;
use super::render::Rendered;
use super::run::Run;
use super::step::Effect;
use super::workflow::Step;
use crate::eval::value::Object;
/// Runs the script of a step.
pub fn run(
    _run: &Run<'_>,
    _step: &Step,
    _script: &Rendered,
    _frame: &Frame<'_>,
    _written: &mut Object,
    _ledger: &mut Ledger<'_>,
) -> Effect {
    Effect::Done(Object::default())
}
