//! What one evaluation may cost, so that a hostile definition is an error and not a hang.

use std::cell::Cell;

use super::error::{Fault, Outcome};

/// Steps of one evaluation: expressions, items, and every few bytes of text.
const STEPS: usize = 1_000_000;

/// Expressions inside each other, across variables and functions. Each level takes some kilobytes
/// of stack, and threads have two megabytes.
const DEPTH: usize = 160;

/// Bytes of one text.
const TEXT: usize = 1 << 20;

/// Targets that one matrix may give.
pub(super) const INSTANCES: usize = 4096;

/// Targets and groups of a definition, and members of one group.
pub(super) const NAMES: usize = 10_000;

/// Lists and maps inside each other.
pub(super) const NESTING: usize = 200;

/// What is left to spend.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<usize>,
    depth: Cell<usize>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            steps: Cell::new(STEPS),
            depth: Cell::new(0),
        }
    }

    /// Pays for some work.
    pub(super) fn spend(&self, steps: usize) -> Outcome<()> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(Fault::new("the definition takes too long to evaluate")),
        }
    }

    /// Pays for a text of this many bytes.
    pub(super) fn text(&self, bytes: usize) -> Outcome<()> {
        if bytes > TEXT {
            return Err(Fault::new("a text grows too long"));
        }
        self.spend(bytes / 64)
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        self.spend(1)?;
        let depth = self.depth.get();
        if depth >= DEPTH {
            return Err(Fault::new("the definition is nested too deeply"));
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        done
    }
}
