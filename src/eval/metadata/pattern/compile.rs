//! A parsed pattern as instructions.
//!
//! What stands in a look-behind is matched from its end to its start, so its parts come in reverse
//! and its characters are read leftwards.

use super::Flags;
use super::class::{Class, fold};
use super::tree::{Node, Parsed, Repeat};

/// One step of the machine.
#[derive(Debug)]
pub(super) enum Step {
    Char {
        c: char,
        fold: bool,
        back: bool,
    },
    Any {
        lines: bool,
        back: bool,
    },
    Class {
        class: Class,
        fold: bool,
        back: bool,
    },
    Start {
        lines: bool,
    },
    End {
        lines: bool,
    },
    WordEdge {
        negated: bool,
    },
    Save(usize),
    /// What a group matched before, again.
    Again {
        group: usize,
        fold: bool,
        back: bool,
    },
    Jump(usize),
    /// Goes on at the first; if that fails, at the second.
    Split(usize, usize),
    /// Runs the steps after it up to their `Done`; goes on at `next`.
    Look {
        negated: bool,
        next: usize,
    },
    /// Begins a loop: no round yet.
    Enter {
        counter: usize,
    },
    /// Decides on one more round.
    Round {
        counter: usize,
        least: usize,
        most: usize,
        greedy: bool,
        exit: usize,
        first: usize,
        last: usize,
    },
    /// Ends a round that began at `round`.
    Turn {
        counter: usize,
        least: usize,
        round: usize,
    },
    Done,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// How many captures there are; each has two slots, and loops have two more each after them.
    pub(super) captures: usize,
    pub(super) slots: usize,
}

pub(super) fn compile(parsed: &Parsed, flags: Flags) -> Program {
    let mut compiler = Compiler {
        steps: Vec::new(),
        slots: parsed.captures * 2,
        names: &parsed.names,
        flags,
        back: false,
    };
    compiler.steps.push(Step::Save(0));
    compiler.node(&parsed.node);
    compiler.steps.push(Step::Save(1));
    compiler.steps.push(Step::Done);
    Program {
        steps: compiler.steps,
        captures: parsed.captures,
        slots: compiler.slots,
    }
}

struct Compiler<'a> {
    steps: Vec<Step>,
    slots: usize,
    names: &'a [(String, usize)],
    flags: Flags,
    back: bool,
}

impl Compiler<'_> {
    fn node(&mut self, node: &Node) {
        let (back, ignore_case) = (self.back, self.flags.ignore_case);
        let step = match node {
            Node::Char(c) => Step::Char {
                c: if ignore_case { fold(*c) } else { *c },
                fold: ignore_case,
                back,
            },
            Node::Any => Step::Any {
                lines: self.flags.dot_all,
                back,
            },
            Node::Class(class) => Step::Class {
                class: class.clone(),
                fold: ignore_case,
                back,
            },
            Node::Start => Step::Start {
                lines: self.flags.multiline,
            },
            Node::End => Step::End {
                lines: self.flags.multiline,
            },
            Node::WordEdge { negated } => Step::WordEdge { negated: *negated },
            Node::Back(group) => Step::Again {
                group: *group,
                fold: ignore_case,
                back,
            },
            Node::NamedBack(name) => {
                let group = self.names.iter().find(|(other, _)| other == name);
                Step::Again {
                    group: group.map_or(usize::MAX, |(_, group)| *group),
                    fold: ignore_case,
                    back,
                }
            }
            Node::Group { capture, body } => return self.group(*capture, body),
            Node::Modified { flags, body } => {
                let outer = std::mem::replace(&mut self.flags, *flags);
                self.node(body);
                self.flags = outer;
                return;
            }
            Node::Look {
                ahead,
                negated,
                body,
            } => return self.look(*ahead, *negated, body),
            Node::Repeat(repeat) => return self.repeat(repeat),
            Node::Concat(nodes) => {
                if back {
                    nodes.iter().rev().for_each(|node| self.node(node));
                } else {
                    nodes.iter().for_each(|node| self.node(node));
                }
                return;
            }
            Node::Either(branches) => return self.either(branches),
        };
        self.steps.push(step);
    }

    fn group(&mut self, capture: Option<usize>, body: &Node) {
        let Some(group) = capture else {
            return self.node(body);
        };
        let (first, second) = if self.back {
            (group * 2 + 1, group * 2)
        } else {
            (group * 2, group * 2 + 1)
        };
        self.steps.push(Step::Save(first));
        self.node(body);
        self.steps.push(Step::Save(second));
    }

    fn look(&mut self, ahead: bool, negated: bool, body: &Node) {
        let at = self.steps.len();
        self.steps.push(Step::Done);
        let outer = std::mem::replace(&mut self.back, !ahead);
        self.node(body);
        self.back = outer;
        self.steps.push(Step::Done);
        let next = self.steps.len();
        self.set(at, Step::Look { negated, next });
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let counter = self.slots;
        self.slots += 2;
        self.steps.push(Step::Enter { counter });
        let round = self.steps.len();
        self.steps.push(Step::Done);
        self.node(&repeat.body);
        self.steps.push(Step::Turn {
            counter,
            least: repeat.least,
            round,
        });
        let exit = self.steps.len();
        let step = Step::Round {
            counter,
            least: repeat.least,
            most: repeat.most,
            greedy: repeat.greedy,
            exit,
            first: repeat.captures.start,
            last: repeat.captures.end,
        };
        self.set(round, step);
    }

    fn either(&mut self, branches: &[Node]) {
        let mut jumps = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.node(branch);
                break;
            }
            let split = self.steps.len();
            self.steps.push(Step::Done);
            self.node(branch);
            jumps.push(self.steps.len());
            self.steps.push(Step::Done);
            self.set(split, Step::Split(split + 1, self.steps.len()));
        }
        for jump in jumps {
            self.set(jump, Step::Jump(self.steps.len()));
        }
    }

    fn set(&mut self, at: usize, step: Step) {
        if let Some(place) = self.steps.get_mut(at) {
            *place = step;
        }
    }
}
