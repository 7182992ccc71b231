//! Loops: unrolled where the rounds are known, taken once where they are not.

use super::Word;
use super::interpreter::{Flow, Shell};
use super::state::{State, Var};
use super::syntax::{Block, Raw};
use super::truth::{Status, Truth};

impl Shell<'_> {
    pub(super) fn for_loop(
        &mut self,
        variable: &str,
        words: Option<&[Raw]>,
        body: &Block,
    ) -> Status {
        let words: Vec<Word> = match words {
            Some(raws) => raws.iter().flat_map(|raw| self.words(raw)).collect(),
            None => {
                let all = self.raw_here("\"$@\"");
                self.words(&all)
            }
        };
        let mut status = Status::Success;
        let (certain, escapes) = (self.certain, self.escapes.len());
        for word in words {
            if !self.round() {
                return self.uncounted(&mut |_| Status::Unknown, body, Some(variable));
            }
            let text = word.text.clone();
            if word.open {
                // Nobody knows how many words these are: the body is seen once.
                self.forget_changes(body);
                let text = self.derived(&format!("${variable}"), &word.text);
                status = self.fork(
                    &mut |shell| {
                        shell.set_text(variable, text.clone());
                        shell.round_of(body)
                    },
                    &mut |_| Status::Success,
                );
            } else if word.certain {
                self.set_text(variable, text);
                status = self.round_of(body);
            } else {
                status = self.fork(
                    &mut |shell| {
                        shell.set_text(variable, text.clone());
                        shell.round_of(body)
                    },
                    &mut |_| Status::Success,
                );
            }
            if self.ends_loop() {
                break;
            }
        }
        self.leave_loop(certain, escapes);
        status
    }

    /// One round: an early `continue` of an uncertain way joins at its end.
    fn round_of(&mut self, body: &Block) -> Status {
        let (certain, escapes) = (self.certain, self.escapes.len());
        let status = self.block(body);
        self.join_escapes(escapes, |flow| matches!(flow, Flow::Continue(0 | 1)));
        self.certain = certain && !self.may_have_ended && self.escapes.len() == escapes;
        status
    }

    /// Whether a `break`, `return` or `exit` ends the loop; takes what is meant for this loop.
    fn ends_loop(&mut self) -> bool {
        match self.flow {
            Flow::Next => false,
            Flow::Continue(0 | 1) => {
                self.flow = Flow::Next;
                false
            }
            Flow::Break(0 | 1) => {
                self.flow = Flow::Next;
                true
            }
            Flow::Continue(n) => {
                self.flow = Flow::Continue(n - 1);
                true
            }
            Flow::Break(n) => {
                self.flow = Flow::Break(n - 1);
                true
            }
            Flow::Return | Flow::Exit(_) => true,
        }
    }

    fn leave_loop(&mut self, certain: bool, escapes: usize) {
        self.join_escapes(escapes, |flow| {
            matches!(flow, Flow::Break(_) | Flow::Continue(_))
        });
        self.certain = certain && !self.may_have_ended && self.escapes.len() == escapes;
    }

    /// Joins the states that were left early, since there were `from` of them, for these reasons.
    pub(super) fn join_escapes(&mut self, from: usize, wanted: impl Fn(Flow) -> bool) {
        let (meant, others): (Vec<_>, Vec<_>) = self
            .escapes
            .split_off(from.min(self.escapes.len()))
            .into_iter()
            .partition(|(flow, _)| wanted(*flow));
        self.escapes.extend(others);
        for (_, state) in meant {
            let own = std::mem::take(&mut self.state);
            self.state = self.joined(own, state);
        }
    }

    pub(super) fn counting_loop(
        &mut self,
        start: &Raw,
        condition: &Raw,
        step: &Raw,
        body: &Block,
    ) -> Status {
        self.calculate(start);
        let (certain, escapes) = (self.certain, self.escapes.len());
        let mut status = Status::Success;
        loop {
            let holds = if condition.text.trim().is_empty() {
                Some(1)
            } else {
                self.calculate(condition)
            };
            match holds {
                Some(0) => break,
                Some(_) if self.round() => {}
                _ => return self.uncounted(&mut |_| Status::Unknown, body, None),
            }
            status = self.round_of(body);
            if self.ends_loop() {
                break;
            }
            self.calculate(step);
        }
        self.leave_loop(certain, escapes);
        status
    }

    pub(super) fn while_loop(&mut self, until: bool, condition: &Block, body: &Block) -> Status {
        let (certain, escapes) = (self.certain, self.escapes.len());
        let mut status = Status::Success;
        loop {
            let before = (self.state.clone(), self.input.clone(), self.commands.len());
            let truth = self.block(condition).truth();
            if self.ends_loop() {
                break;
            }
            let holds = if until { truth.not() } else { truth };
            match holds {
                Truth::False => break,
                Truth::True if self.round() => {}
                _ => {
                    (self.state, self.input) = (before.0, before.1);
                    self.commands.truncate(before.2);
                    status = self.uncounted(&mut |shell| shell.block(condition), body, None);
                    break;
                }
            }
            status = self.round_of(body);
            if self.ends_loop() {
                break;
            }
            if self.escapes.len() > escapes {
                // It may have ended here: nobody knows how many rounds there are.
                self.forget_changes(body);
                break;
            }
        }
        self.leave_loop(certain, escapes);
        status
    }

    /// A loop whose number of rounds is not known: the body is seen once, with every variable that
    /// it changes unknown.
    fn uncounted(
        &mut self,
        condition: &mut dyn FnMut(&mut Self) -> Status,
        body: &Block,
        variable: Option<&str>,
    ) -> Status {
        if let Some(name) = variable {
            let text = self.unknown(&format!("${name}"), "the loop has too many rounds");
            self.set_text(name, text);
        }
        condition(self);
        self.flow = Flow::Next;
        self.forget_changes(body);
        self.fork(
            &mut |shell| {
                let status = shell.round_of(body);
                shell.ends_loop();
                status
            },
            &mut |_| Status::Unknown,
        );
        self.forget_changes(body);
        Status::Unknown
    }

    /// Makes every variable unknown that a body changes: it may run any number of times.
    fn forget_changes(&mut self, body: &Block) {
        let before = self.state.clone();
        let commands = self.commands.len();
        let (outputs, variables) = (self.outputs.clone(), self.variables.clone());
        let (certain, ended, input) = (self.certain, self.may_have_ended, self.input.clone());
        let escapes = self.escapes.len();
        self.deeper(|shell| shell.block(body));
        self.flow = Flow::Next;
        self.escapes.truncate(escapes);
        self.commands.truncate(commands);
        (self.outputs, self.variables) = (outputs, variables);
        (self.certain, self.may_have_ended, self.input) = (certain, ended, input);
        let after = std::mem::replace(&mut self.state, before);
        self.forget_differences(&after);
    }

    fn forget_differences(&mut self, after: &State) {
        let mut names: Vec<&String> = after.variables.keys().collect();
        names.sort();
        for name in names {
            let now = after.variables.get(name);
            let old = self.state.variables.get(name);
            if now == old {
                continue;
            }
            let what = self.unknown(
                &format!("${name}"),
                "it is set in a loop whose rounds are not known",
            );
            let value = match now {
                Some(Var::List(_)) => {
                    let mut items = match old {
                        Some(Var::List(items)) => items.clone(),
                        _ => Vec::new(),
                    };
                    items.push(super::state::Item {
                        text: what,
                        certain: false,
                    });
                    Var::List(items)
                }
                Some(Var::Map(_)) | None => continue,
                Some(_) => Var::Text(what),
            };
            self.state.set(name, value);
        }
    }
}
