//! The machine that runs a compiled pattern over text, by backtracking.
//!
//! Everything that changes while it runs lies in slots: where groups begin and end, and the rounds
//! of loops. Each change is noted, so that going back undoes it.

use std::ops::Range;

use super::PatternError;
use super::class::{ends_line, fold, is_word};
use super::compile::{Program, Step};

/// Steps after which a pattern is given up; a second or so of work.
const BUDGET: usize = 2_000_000;

/// A slot that nothing was put into.
const UNSET: usize = usize::MAX;

/// The groups of a match, the whole of it first.
pub(super) type Groups = Vec<Option<Range<usize>>>;

pub(super) struct Machine<'a> {
    program: &'a Program,
    text: &'a [char],
    slots: Vec<usize>,
    /// Slots that were changed and what they held.
    changes: Vec<(usize, usize)>,
    budget: usize,
}

/// A place to go back to.
struct Point {
    step: usize,
    at: usize,
    changes: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(program: &'a Program, text: &'a [char]) -> Self {
        Self {
            program,
            text,
            slots: Vec::new(),
            changes: Vec::new(),
            budget: BUDGET,
        }
    }

    /// The first match that begins at `from` or, unless `sticky`, after it.
    pub(super) fn find(
        &mut self,
        from: usize,
        sticky: bool,
    ) -> Result<Option<Groups>, PatternError> {
        let last = if sticky { from } else { self.text.len() };
        for at in from..=last {
            self.charge(self.program.slots / 8);
            self.slots = vec![UNSET; self.program.slots];
            self.changes.clear();
            if self.run(0, at)? {
                let groups = (0..self.program.captures).map(|group| self.group(group));
                return Ok(Some(groups.collect()));
            }
        }
        Ok(None)
    }

    fn group(&self, group: usize) -> Option<Range<usize>> {
        let start = self.slot(group.checked_mul(2)?);
        let end = self.slot(group * 2 + 1);
        (start != UNSET && end != UNSET).then_some(start..end)
    }

    fn slot(&self, slot: usize) -> usize {
        self.slots.get(slot).copied().unwrap_or(UNSET)
    }

    fn set(&mut self, slot: usize, value: usize) {
        if let Some(place) = self.slots.get_mut(slot) {
            self.changes.push((slot, *place));
            *place = value;
        }
    }

    fn undo(&mut self, changes: usize) {
        while self.changes.len() > changes {
            if let Some((slot, value)) = self.changes.pop()
                && let Some(place) = self.slots.get_mut(slot)
            {
                *place = value;
            }
        }
    }

    /// Whether the steps from one on reach their end. Calls itself only for what looks around.
    fn run(&mut self, step: usize, at: usize) -> Result<bool, PatternError> {
        let (mut step, mut at) = (step, at);
        let mut points: Vec<Point> = Vec::new();
        let program = self.program;
        loop {
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or(PatternError::Beyond("the pattern takes too many steps"))?;
            let Some(current) = program.steps.get(step) else {
                return Ok(true);
            };
            let mut fork = |other: usize, machine: &Self| {
                points.push(Point {
                    step: other,
                    at,
                    changes: machine.changes.len(),
                });
            };
            // Where to go on: the step, and the place in the text.
            let next = match current {
                Step::Done => return Ok(true),
                Step::Char { c, fold: ci, back } => self
                    .read(at, *back, |other| {
                        (if *ci { fold(other) } else { other }) == *c
                    })
                    .map(|at| (step + 1, at)),
                Step::Any { lines, back } => self
                    .read(at, *back, |other| *lines || !ends_line(other))
                    .map(|at| (step + 1, at)),
                Step::Class { class, fold, back } => {
                    self.charge(class.items.len() / 8);
                    self.read(at, *back, |other| class.holds(other, *fold))
                        .map(|at| (step + 1, at))
                }
                Step::Start { lines } => {
                    let before = at.checked_sub(1).and_then(|at| self.text.get(at));
                    let holds = before.is_none_or(|c| *lines && ends_line(*c));
                    holds.then_some((step + 1, at))
                }
                Step::End { lines } => {
                    let holds = self.text.get(at).is_none_or(|c| *lines && ends_line(*c));
                    holds.then_some((step + 1, at))
                }
                Step::WordEdge { negated } => {
                    let word = |at: Option<usize>| {
                        at.and_then(|at| self.text.get(at))
                            .is_some_and(|c| is_word(*c))
                    };
                    let edge = word(at.checked_sub(1)) != word(Some(at));
                    (edge != *negated).then_some((step + 1, at))
                }
                Step::Save(slot) => {
                    self.set(*slot, at);
                    Some((step + 1, at))
                }
                Step::Again { group, fold, back } => self
                    .again(*group, *fold, *back, at)
                    .map(|at| (step + 1, at)),
                Step::Jump(to) => Some((*to, at)),
                Step::Split(first, second) => {
                    fork(*second, self);
                    Some((*first, at))
                }
                Step::Look { negated, next } => {
                    let before = self.changes.len();
                    let found = self.run(step + 1, at)?;
                    if *negated || !found {
                        self.undo(before);
                    }
                    (found != *negated).then_some((*next, at))
                }
                Step::Enter { counter } => {
                    self.set(*counter, 0);
                    Some((step + 1, at))
                }
                Step::Round {
                    counter,
                    least,
                    most,
                    greedy,
                    exit,
                    first,
                    last,
                } => {
                    let rounds = self.slot(*counter);
                    if rounds >= *most {
                        Some((*exit, at))
                    } else if rounds >= *least && !*greedy {
                        // The body is reached by going back to a copy of this decision.
                        fork(UNSET - step, self);
                        Some((*exit, at))
                    } else {
                        if rounds >= *least {
                            fork(*exit, self);
                        }
                        self.begin_round(*counter, *first..*last, at);
                        Some((step + 1, at))
                    }
                }
                Step::Turn {
                    counter,
                    least,
                    round,
                } => {
                    let rounds = self.slot(*counter);
                    // A round of nothing is none, once there are enough.
                    if rounds >= *least && self.slot(counter + 1) == at {
                        None
                    } else {
                        self.set(*counter, rounds.saturating_add(1));
                        Some((*round, at))
                    }
                }
            };
            if let Some(next) = next {
                (step, at) = next;
                continue;
            }
            let Some(point) = points.pop() else {
                return Ok(false);
            };
            self.undo(point.changes);
            (step, at) = (point.step, point.at);
            // A lazy loop that went on without a round now takes one.
            let decision = UNSET - step;
            if let Some(Step::Round {
                counter,
                first,
                last,
                ..
            }) = program.steps.get(decision)
            {
                self.begin_round(*counter, *first..*last, at);
                step = decision + 1;
            }
        }
    }

    fn charge(&mut self, steps: usize) {
        self.budget = self.budget.saturating_sub(steps);
    }

    fn begin_round(&mut self, counter: usize, captures: Range<usize>, at: usize) {
        self.charge(captures.len());
        self.set(counter + 1, at);
        for group in captures {
            self.set(group * 2, UNSET);
            self.set(group * 2 + 1, UNSET);
        }
    }

    /// Reads one character if it is wanted.
    fn read(&self, at: usize, back: bool, wanted: impl Fn(char) -> bool) -> Option<usize> {
        let place = if back { at.checked_sub(1)? } else { at };
        let c = self.text.get(place)?;
        wanted(*c).then_some(if back { place } else { at + 1 })
    }

    /// Reads what a group matched; a group that matched nothing is nothing.
    fn again(&mut self, group: usize, ignore_case: bool, back: bool, at: usize) -> Option<usize> {
        let Some(range) = self.group(group) else {
            return Some(at);
        };
        let length = range.len();
        self.charge(length);
        let start = if back { at.checked_sub(length)? } else { at };
        let here = self.text.get(start..start.checked_add(length)?)?;
        let there = self.text.get(range)?;
        let same = |(a, b): (&char, &char)| a == b || (ignore_case && fold(*a) == fold(*b));
        let equal = here.iter().zip(there).all(same);
        equal.then_some(if back { start } else { start + length })
    }
}
