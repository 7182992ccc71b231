//! How much of a run is evaluated: calls of calls and matrices of matrices grow without bound.

use super::Ledger;

/// Workflows and actions called, each instance counted. GitHub runs no more than 50 called workflows.
const CALLS: usize = 500;

/// Steps and instances of jobs.
const STEPS: usize = 25_000;

/// What is left of it.
pub(super) struct Budget {
    calls: usize,
    steps: usize,
    told: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            calls: CALLS,
            steps: STEPS,
            told: false,
        }
    }
}

impl Ledger<'_> {
    /// Whether another workflow or action may be called; where not, that is said.
    pub fn may_call(&mut self) -> bool {
        let left = self.budget.calls.checked_sub(1);
        self.budget.calls = left.unwrap_or(0);
        left.is_some()
            || self.exceeded(&format!("more than {CALLS} calls of workflows and actions"))
    }

    /// Whether another step or instance of a job may run; where not, that is said.
    pub fn may_go_on(&mut self) -> bool {
        let left = self.budget.steps.checked_sub(1);
        self.budget.steps = left.unwrap_or(0);
        left.is_some() || self.exceeded(&format!("more than {STEPS} steps"))
    }

    fn exceeded(&mut self, what: &str) -> bool {
        if !self.budget.told {
            self.budget.told = true;
            let reason = format!("it comes to {what}: those beyond are not evaluated");
            let mark = self.unknowns.note("the run", &reason);
            self.opaque(mark);
        }
        false
    }
}
