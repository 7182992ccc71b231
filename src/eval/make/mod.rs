//! What GNU make would run for a goal: variables, conditionals, functions, rules and recipes, over
//! text that may hold unknown parts. What the shell does is the host's business.
//!
//! [`read`] takes a Makefile in, as make does: line by line, with each conditional decided and each
//! immediate part expanded where it stands. [`build`] then walks the prerequisites of a goal and
//! hands each line of a recipe to the [`Host`].

mod assign;
mod expand;
mod function;
mod lines;
mod read;
mod run;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

pub use read::read;
pub use run::{build, default_goal};

/// The shell, the files and the environment that make works with.
pub trait Host {
    /// What a command prints, without the last line breaks.
    fn shell(&mut self, command: &str) -> String;
    /// The text of a file.
    fn file(&mut self, path: &str) -> Option<String>;
    /// A variable of the environment.
    fn variable(&mut self, name: &str) -> Option<String>;
    /// Text for something that is not known.
    fn unknown(&mut self, what: &str, reason: &str) -> String;
    /// Runs a line of a recipe, or all of it where it is one script.
    fn recipe(&mut self, line: &Line<'_>);
}

/// A line of a recipe, expanded.
#[derive(Debug)]
pub struct Line<'a> {
    /// The target that it makes.
    pub target: &'a str,
    /// The text for the shell.
    pub text: &'a str,
    /// Where it is written in the Makefile; nothing where it comes from another file.
    pub at: Option<Range<usize>>,
    /// The variables that make hands to the shell.
    pub exported: &'a [(String, String)],
    /// Whether the target is another one that could be a goal, with a rule of its own.
    pub is_other: bool,
}

/// Where a variable comes from: what comes from further down is not overwritten from further up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Makefile,
    CommandLine,
}

/// A variable.
#[derive(Debug, Clone)]
struct Variable {
    text: String,
    /// Whether the text is expanded already.
    simple: bool,
    origin: Origin,
}

/// A line of a recipe as it is written.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    at: Option<Range<usize>>,
}

/// A rule for one target.
#[derive(Debug, Clone, Default)]
struct Rule {
    target: String,
    needs: Vec<String>,
    recipe: Vec<Written>,
}

/// What a Makefile holds.
#[derive(Debug, Default)]
pub struct Makefile {
    variables: BTreeMap<String, Variable>,
    /// Variables of single targets.
    of_targets: Vec<(String, String, Variable)>,
    rules: Vec<Rule>,
    exported: Vec<String>,
    exports_all: bool,
    one_shell: bool,
    /// Variables that hold for the target that is made, the innermost last.
    scopes: Vec<BTreeMap<String, Variable>>,
    /// How much more may be read and expanded.
    budget: usize,
}

/// How many lines, expansions and targets one Makefile may cost.
const BUDGET: usize = 200_000;
/// How long an expanded text may grow.
const LONGEST_TEXT: usize = 200_000;

impl Makefile {
    fn new(overrides: &[(String, String)]) -> Self {
        let mut makefile = Self {
            budget: BUDGET,
            ..Self::default()
        };
        for (name, text) in overrides {
            let variable = Variable {
                text: text.clone(),
                simple: false,
                origin: Origin::CommandLine,
            };
            makefile.variables.insert(name.clone(), variable);
            makefile.exported.push(name.clone());
        }
        for (name, text) in [("MAKE", "make"), ("SHELL", "/bin/sh"), ("CURDIR", ".")] {
            makefile
                .variables
                .entry(name.to_owned())
                .or_insert(Variable {
                    text: text.to_owned(),
                    simple: true,
                    origin: Origin::Makefile,
                });
        }
        makefile
    }

    /// Takes one from what may still be done; false once that is nothing.
    fn step(&mut self) -> bool {
        self.spend(1);
        self.budget > 0
    }

    /// Takes so much from what may still be done.
    fn spend(&mut self, steps: usize) {
        self.budget = self.budget.saturating_sub(steps);
    }

    fn variable(&self, name: &str) -> Option<&Variable> {
        let own = self.variables.get(name);
        if own.is_some_and(|own| own.origin == Origin::CommandLine) {
            return own;
        }
        let mut scopes = self.scopes.iter().rev();
        scopes.find_map(|scope| scope.get(name)).or(own)
    }

    /// The targets that make or need something, in order, without patterns and special ones.
    #[must_use]
    pub fn targets(&self) -> Vec<&str> {
        let mut targets: Vec<&str> = Vec::new();
        for rule in &self.rules {
            let plain = !rule.target.contains('%') && !rule.target.starts_with('.');
            let does = !rule.recipe.is_empty() || !rule.needs.is_empty();
            if plain && does && !targets.contains(&rule.target.as_str()) {
                targets.push(&rule.target);
            }
        }
        targets
    }
}
