//! Statements: lists, conditions, pipelines, functions, and both ways of what is not known.

use std::rc::Rc;

use super::interpreter::{Flow, Input, Shell};
use super::outputs::Entry;
use super::state::State;
use super::syntax::{Arm, Block, Kind, Link, Raw, Statement};
use super::truth::{Status, Truth};

/// One way of a fork: what to run.
pub(super) type Way<'w, 'a> = &'w mut dyn FnMut(&mut Shell<'a>) -> Status;

/// What one way left behind.
struct Outcome {
    status: Status,
    flow: Flow,
    state: State,
    outputs: Vec<Entry>,
    variables: Vec<Entry>,
}

impl<'a> Shell<'a> {
    /// Runs statements until one ends the run.
    pub(super) fn block(&mut self, block: &Block) -> Status {
        let mut status = Status::Success;
        for statement in block {
            status = self.statement(statement);
            if self.flow != Flow::Next {
                break;
            }
        }
        status
    }

    pub(super) fn statement(&mut self, statement: &Statement) -> Status {
        if !self.step() {
            self.flow = Flow::Exit(Status::Unknown);
            return Status::Unknown;
        }
        let here = std::mem::replace(&mut self.here, statement.at.clone());
        let status = self
            .deeper(|shell| shell.kind(&statement.kind))
            .unwrap_or(Status::Unknown);
        self.here = here;
        self.status = status;
        status
    }

    fn kind(&mut self, kind: &Kind) -> Status {
        match kind {
            Kind::Command {
                assignments,
                words,
                declaration,
            } => self.simple(assignments, words, *declaration),
            Kind::Test { double: true, text } => self.double_test(text).into(),
            Kind::Test {
                double: false,
                text,
            } => self.bracket(text),
            Kind::Arithmetic(code) => match self.calculate(code) {
                Some(value) => Truth::known(value != 0).into(),
                None => Status::Unknown,
            },
            Kind::If {
                branches,
                otherwise,
            } => self.branches(branches, otherwise),
            Kind::For {
                variable,
                words,
                body,
            } => self.for_loop(variable, words.as_deref(), body),
            Kind::CountingFor {
                start,
                condition,
                step,
                body,
            } => self.counting_loop(start, condition, step, body),
            Kind::While {
                until,
                condition,
                body,
            } => self.while_loop(*until, condition, body),
            Kind::Case { value, arms } => {
                let value = self.text(value);
                self.arms(&value.chars().collect::<Vec<_>>(), arms)
            }
            Kind::Group(block) => self.block(block),
            Kind::Subshell(block) => self.subshell(|shell| {
                let status = shell.block(block);
                match shell.flow {
                    Flow::Exit(status) => status,
                    _ => status,
                }
            }),
            Kind::Pipeline(stages) => self.pipeline(stages),
            Kind::Chain(chain) => self.chain(chain),
            Kind::Not(inner) => match self.statement(inner) {
                Status::Success => Status::Failure,
                Status::Failure => Status::Success,
                _ => Status::Unknown,
            },
            Kind::Function { name, body } => {
                Rc::make_mut(&mut self.state.functions).insert(name.clone(), body.clone());
                Status::Success
            }
            Kind::Redirected { body, redirects } => self.redirected(body, redirects),
            Kind::Broken(block) => {
                self.fork(&mut |shell| shell.block(block), &mut |_| Status::Unknown)
            }
        }
    }

    fn bracket(&mut self, raw: &Raw) -> Status {
        let chars: Vec<char> = raw.text.chars().collect();
        let mut arguments = Vec::new();
        for (start, end) in super::scan::words(&chars, |_| 0) {
            let text = super::scan::text_of(&chars, start, end);
            let words = self.words(&self.raw_here(&text));
            arguments.extend(words.iter().map(|word| self.settled(word)));
        }
        self.single_test(&arguments).into()
    }

    fn branches(&mut self, branches: &[(Block, Block)], otherwise: &Block) -> Status {
        for (index, (condition, body)) in branches.iter().enumerate() {
            let status = self.block(condition);
            if self.flow != Flow::Next {
                return status;
            }
            let rest = branches.get(index + 1..).unwrap_or_default();
            match status.truth() {
                Truth::True => return self.block(body),
                Truth::False => {}
                Truth::Unknown => {
                    return self.fork(&mut |shell| shell.block(body), &mut |shell| {
                        shell
                            .deeper(|shell| shell.branches(rest, otherwise))
                            .unwrap_or(Status::Unknown)
                    });
                }
            }
        }
        self.block(otherwise)
    }

    fn arms(&mut self, value: &[char], arms: &[Arm]) -> Status {
        for (index, arm) in arms.iter().enumerate() {
            let mut truth = Truth::False;
            for pattern in &arm.patterns {
                let pattern = self.pattern(pattern);
                truth = truth.or(super::glob::Glob::new(&pattern).matches(value));
            }
            let rest = arms.get(index + 1..).unwrap_or_default();
            let run = |shell: &mut Self| {
                let status = shell.block(&arm.body);
                match rest.first() {
                    Some(next) if arm.falls_through && shell.flow == Flow::Next => {
                        shell.block(&next.body)
                    }
                    _ => status,
                }
            };
            match truth {
                Truth::False => {}
                Truth::True => return run(self),
                Truth::Unknown => {
                    return self.fork(&mut |shell| run(shell), &mut |shell| {
                        shell
                            .deeper(|shell| shell.arms(value, rest))
                            .unwrap_or(Status::Unknown)
                    });
                }
            }
        }
        Status::Success
    }

    fn chain(&mut self, chain: &[(Link, Statement)]) -> Status {
        let mut status = Status::Success;
        for (link, statement) in chain {
            status = match (link, status) {
                (Link::First, _) | (Link::And, Status::Success | Status::Assumed) => {
                    let before = status;
                    let status = self.statement(statement);
                    match (before, status) {
                        (Status::Assumed, Status::Success) => Status::Assumed,
                        _ => status,
                    }
                }
                (Link::And, Status::Failure) => Status::Failure,
                (Link::Or, Status::Success) => Status::Success,
                (Link::Or, Status::Failure) => self.statement(statement),
                (Link::And, Status::Unknown) => self
                    .fork(&mut |shell| shell.statement(statement), &mut |_| {
                        Status::Failure
                    }),
                (Link::Or, before) => {
                    let after = self.fork(&mut |shell| shell.statement(statement), &mut |_| {
                        Status::Success
                    });
                    match (before, after) {
                        (Status::Assumed, Status::Success) => Status::Assumed,
                        _ => after,
                    }
                }
            };
            self.status = status;
            if self.flow != Flow::Next {
                break;
            }
        }
        status
    }

    fn pipeline(&mut self, stages: &[Statement]) -> Status {
        let input = self.input.clone();
        let mut status = Status::Success;
        for (index, stage) in stages.iter().enumerate() {
            if index + 1 == stages.len() {
                status = self.subshell(|shell| shell.statement(stage));
                // What a loop at the end of a pipe prints goes on to where the pipe's output goes.
            } else {
                let text = self.subshell(|shell| {
                    shell.captured(|shell| {
                        shell.statement(stage);
                    })
                });
                self.input = Some(Input::new(&text));
            }
        }
        self.input = input;
        status
    }

    /// Runs both ways of a condition that is not known, and joins what they leave behind.
    pub(super) fn fork(&mut self, first: Way<'_, 'a>, second: Way<'_, 'a>) -> Status {
        let before = self.state.clone();
        let input = self.input.clone();
        let (certain, commands, escapes) = (self.certain, self.commands.len(), self.escapes.len());
        let ended = self.may_have_ended;
        let is_guard = |flow: Flow| flow == Flow::Exit(Status::Failure);

        self.certain = false;
        let mut one = self.way(first);
        self.state = before.clone();
        self.input.clone_from(&input);
        // A way that fails the script is a guard: in a run that goes well the other one is taken.
        self.certain = is_guard(one.flow) && certain;
        let two = self.way(second);
        if is_guard(two.flow) && !is_guard(one.flow) {
            self.commands.truncate(commands);
            self.escapes.truncate(escapes);
            self.may_have_ended = ended;
            self.state = before;
            self.input = input;
            self.certain = certain;
            one = self.way(first);
            return self.take(one, certain, escapes);
        }
        if is_guard(one.flow) && !is_guard(two.flow) {
            return self.take(two, certain, escapes);
        }
        let status = one.status.join(two.status);
        let both = certain && one.flow == Flow::Next && two.flow == Flow::Next;
        self.join_entries(one.outputs, two.outputs, both, true);
        self.join_entries(one.variables, two.variables, both, false);
        match (one.flow, two.flow) {
            (Flow::Next, Flow::Next) => self.state = self.joined(one.state, two.state),
            (flow, Flow::Next) => {
                self.state = two.state;
                self.leave(flow, one.state);
            }
            (Flow::Next, flow) => {
                self.state = one.state;
                self.leave(flow, two.state);
            }
            (left, right) => {
                self.state = self.joined(one.state, two.state);
                self.flow = match (left, right) {
                    (Flow::Exit(a), Flow::Exit(b)) => Flow::Exit(a.join(b)),
                    (Flow::Exit(_), other) => {
                        self.may_have_ended = true;
                        other
                    }
                    (other, _) => other,
                };
            }
        }
        self.certain = certain && !self.may_have_ended && self.escapes.len() == escapes;
        status
    }

    fn way(&mut self, way: Way<'_, 'a>) -> Outcome {
        let (outputs, variables) = (self.outputs.len(), self.variables.len());
        let status = way(self);
        Outcome {
            status,
            flow: std::mem::replace(&mut self.flow, Flow::Next),
            state: std::mem::take(&mut self.state),
            outputs: self.outputs.split_off(outputs),
            variables: self.variables.split_off(variables),
        }
    }

    /// Goes on after the only way that a run which goes well takes.
    fn take(&mut self, way: Outcome, certain: bool, escapes: usize) -> Status {
        self.state = way.state;
        self.outputs.extend(way.outputs);
        self.variables.extend(way.variables);
        self.flow = way.flow;
        self.certain = certain && !self.may_have_ended && self.escapes.len() == escapes;
        way.status
    }

    fn join_entries(&mut self, one: Vec<Entry>, two: Vec<Entry>, certain: bool, outputs: bool) {
        let mut log = std::mem::take(if outputs {
            &mut self.outputs
        } else {
            &mut self.variables
        });
        log.extend_either(one, two, certain, &mut |name, left, right| {
            self.unsettled(name, left, right)
        });
        *(if outputs {
            &mut self.outputs
        } else {
            &mut self.variables
        }) = log;
    }

    /// One way ended early with this state: whoever it leads to joins it in.
    fn leave(&mut self, flow: Flow, state: State) {
        match flow {
            Flow::Exit(Status::Failure) | Flow::Next => {}
            Flow::Exit(_) => self.may_have_ended = true,
            flow => self.escapes.push((flow, state)),
        }
    }

    /// The state after one way or the other.
    pub(super) fn joined(&self, one: State, two: State) -> State {
        one.join(
            two,
            &mut |name| self.outer_variable(name),
            &mut |name, left, right| self.unsettled(name, left, right),
        )
    }

    /// The text that is one or the other.
    pub(super) fn unsettled(&self, name: &str, left: &str, right: &str) -> String {
        let shown = |text: &str| {
            let text = crate::eval::unknown::pattern(text);
            if text.is_empty() {
                return "nothing".to_owned();
            }
            format!("`{}`", text.chars().take(40).collect::<String>())
        };
        let reason = format!(
            "it is {} or {}, by a condition that is not known",
            shown(left),
            shown(right)
        );
        let text = self.unknown(name, &reason);
        if let Some(mark) = crate::eval::unknown::first_mark(&text) {
            let mut alternatives = self.alternatives.borrow_mut();
            let known = alternatives.entry(mark.as_char()).or_default();
            for way in [left, right] {
                if known.len() < 16 && !known.iter().any(|own| own == way) {
                    known.push(way.to_owned());
                }
            }
        }
        text
    }
}
