//! The interpreter itself: what it carries along, its bounds, and how it notes what is unknown.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::asked::{Answer, Question, Surroundings};
use super::outputs::{self, Log};
use super::read;
use super::state::{Item, State, Var};
use super::syntax::{Block, Raw};
use super::truth::Status;
use super::{Command, Fault, Run, Word};
use crate::eval::recall::Told;
use crate::eval::unknown;

/// How many statements and words one script may cost.
const STEPS: usize = 20_000;
/// How deep statements, substitutions and calls may nest together.
const DEPTH: usize = 40;
/// How many rounds all loops of a script may take together.
const ROUNDS: usize = 512;
/// How long a text may grow.
pub(super) const LONGEST_TEXT: usize = 100_000;

/// Why a run of statements ends before its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break(usize),
    Continue(usize),
    Return,
    /// `exit`, with success, or not, or nobody knows.
    Exit(Status),
}

/// Where standard output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    /// To the log of the step.
    Log,
    /// Into the state, for a substitution, a pipe or a file.
    Capture,
    /// Nowhere.
    Nothing,
}

pub(super) struct Shell<'a> {
    pub(super) around: Surroundings<'a>,
    pub(super) state: State,
    pub(super) input: Option<Input>,
    pub(super) sink: Sink,
    /// The status of the last command.
    pub(super) status: Status,
    /// Whether what runs now runs in every run that goes well.
    pub(super) certain: bool,
    /// Whether the script may have ended well before this point.
    pub(super) may_have_ended: bool,
    pub(super) flow: Flow,
    /// The states in which a loop or function may have been left early.
    pub(super) escapes: Vec<(Flow, State)>,
    pub(super) commands: Vec<Command>,
    pub(super) outputs: Log,
    pub(super) variables: Log,
    printed: Log,
    /// What the command lines of the `make`s that run assign.
    pub(super) overrides: Vec<(String, String)>,
    /// Whether the script is a Makefile, so that its recipes have places of their own.
    pub(super) places_recipes: bool,
    /// The commands of recipes of other goals.
    pub(super) of_others: Vec<Range<usize>>,
    /// What an unknown part may be, where it is one of a few texts.
    pub(super) alternatives: RefCell<BTreeMap<char, Vec<String>>>,
    pub(super) faults: Vec<Fault>,
    /// Where the command stands that runs now.
    pub(super) here: Range<usize>,
    steps: usize,
    rounds: usize,
    depth: usize,
}

/// Standard input: its text, and how much of it was read.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) text: Rc<str>,
    pub(super) at: usize,
}

impl Input {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            at: 0,
        }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

impl<'a> Shell<'a> {
    pub(super) fn new(told: &'a Told<'a, Question, Answer>) -> Self {
        Self {
            around: Surroundings::new(told),
            state: State::default(),
            input: None,
            sink: Sink::Log,
            status: Status::Success,
            certain: true,
            may_have_ended: false,
            flow: Flow::Next,
            escapes: Vec::new(),
            commands: Vec::new(),
            outputs: Log::default(),
            variables: Log::default(),
            printed: Log::default(),
            overrides: Vec::new(),
            places_recipes: false,
            of_others: Vec::new(),
            alternatives: RefCell::default(),
            faults: Vec::new(),
            here: 0..0,
            steps: STEPS,
            rounds: ROUNDS,
            depth: 0,
        }
    }

    pub(super) fn finish(mut self, text: &str) -> Run {
        let raw = Raw {
            text: text.into(),
            at: 0..text.len(),
            exact: true,
        };
        let block = self.parse(&raw);
        self.block(&block);
        self.ended()
    }

    /// Makes a goal of a Makefile.
    pub(super) fn finish_goal(mut self, text: &str, goal: &str) -> Run {
        self.places_recipes = true;
        self.make(text, &[goal.to_owned()], &[]);
        self.ended()
    }

    fn ended(self) -> Run {
        let mut outputs = self.outputs.assignments();
        outputs.extend(outputs::set_output(&self.printed));
        let mut variables = BTreeMap::new();
        for (name, value) in self.state.variables.iter() {
            if let Var::Text(text) = value {
                variables.insert(name.clone(), text.clone());
            }
        }
        Run {
            commands: self.commands,
            outputs,
            environment: self.variables.assignments(),
            variables,
            alternatives: self.alternatives.into_inner(),
            faults: self.faults,
            gives_up: self.flow == Flow::Exit(Status::Failure),
            of_others: self.of_others,
        }
    }

    /// The statements of a text.
    pub(super) fn parse(&mut self, raw: &Raw) -> Rc<Block> {
        let read = read::read(raw);
        for fault in &read.faults {
            if !self.faults.contains(fault) {
                self.faults.push(fault.clone());
            }
        }
        Rc::clone(&read.block)
    }

    /// Takes one step; false once the script has cost too much.
    pub(super) fn step(&mut self) -> bool {
        if self.steps == 1 {
            self.faults.push(Fault {
                message: "the script takes too long to be evaluated to its end".to_owned(),
                span: self.here.clone(),
            });
        }
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    /// Takes one round of a loop; false once there were too many.
    pub(super) fn round(&mut self) -> bool {
        self.rounds = self.rounds.saturating_sub(1);
        self.rounds > 0
    }

    /// Goes one level deeper, if that is not too deep.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    /// Notes an unknown that stands where the running command does, and gives it as text.
    pub(super) fn unknown(&self, what: &str, reason: &str) -> String {
        let mut shown = unknown::pattern(what.trim());
        if shown.chars().count() > 80 {
            shown = shown.chars().take(79).collect::<String>() + "…";
        }
        let mark = self.around.note(self.here.clone(), shown, reason);
        mark.as_char().to_string()
    }

    /// An unknown that was made from text with unknown parts.
    pub(super) fn derived(&self, what: &str, from: &str) -> String {
        let Some(origin) = unknown::first_mark(from).and_then(|mark| self.around.origin(mark))
        else {
            return self.unknown(what, "it is not evaluated");
        };
        if origin.reason.starts_with("it depends on ") {
            return self.unknown(what, &origin.reason);
        }
        let reason = format!("it depends on `{}`: {}", origin.what, origin.reason);
        self.unknown(what, &reason)
    }

    /// Writes to standard output.
    pub(super) fn print(&mut self, text: &str) {
        match self.sink {
            Sink::Capture if self.state.output.len() + text.len() <= LONGEST_TEXT => {
                self.state.output.push_str(text);
            }
            Sink::Log if memchr::memmem::find(text.as_bytes(), b"::set-").is_some() => {
                self.printed.write(text, self.certain, self.here.clone());
            }
            _ => {}
        }
    }

    /// Runs with standard output captured, and gives what was written.
    pub(super) fn captured(&mut self, work: impl FnOnce(&mut Self)) -> String {
        let before = std::mem::take(&mut self.state.output);
        let sink = std::mem::replace(&mut self.sink, Sink::Capture);
        work(self);
        self.sink = sink;
        std::mem::replace(&mut self.state.output, before)
    }

    /// Runs in a process of its own: nothing of what it sets stays, but for what it writes.
    pub(super) fn subshell<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.state.clone();
        let (certain, ended) = (self.certain, self.may_have_ended);
        let escapes = self.escapes.len();
        let result = work(self);
        self.escapes.truncate(escapes);
        self.certain = certain;
        self.may_have_ended = ended;
        if let Flow::Exit(status) = self.flow {
            self.status = status;
        }
        self.flow = Flow::Next;
        let after = std::mem::replace(&mut self.state, before);
        self.state.output = after.output;
        self.state.files = after.files;
        result
    }

    /// Records a command that is not evaluated.
    pub(super) fn record(&mut self, words: &[Word], assignments: &[(String, String)]) {
        let exported: BTreeMap<String, String> = self
            .state
            .exported
            .keys()
            .filter_map(|name| match self.state.variables.get(name) {
                Some(Var::Text(text)) => Some((name.clone(), text.clone())),
                _ => None,
            })
            .collect();
        let exported = match self.commands.last() {
            Some(last) if *last.exported == exported => last.exported.clone(),
            _ => Rc::new(exported),
        };
        self.commands.push(Command {
            words: words.to_vec(),
            span: self.here.clone(),
            certain: self.certain,
            assignments: assignments.to_vec(),
            exported,
            directory: self.state.directory.clone(),
            input: self.input.as_ref().map(|input| input.rest().to_owned()),
        });
    }

    /// The text of a word that may not be there.
    pub(super) fn settled(&self, word: &Word) -> String {
        if word.certain {
            return word.text.clone();
        }
        self.unknown(
            &word.text,
            "it is there under a condition that is not known",
        )
    }

    /// The texts of words as list elements.
    pub(super) fn items(words: &[Word]) -> Vec<Item> {
        words
            .iter()
            .map(|word| Item {
                text: word.text.clone(),
                certain: word.certain,
            })
            .collect()
    }
}
