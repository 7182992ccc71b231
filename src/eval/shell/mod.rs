//! What a shell script of a CI step would do: the commands that it runs with their words, and what
//! it hands to later steps. Nothing is executed.
//!
//! [`run`] walks the script the way that bash would, over text that may hold unknown parts. Both
//! ways of a condition that is not known are walked, and what they leave behind is joined; what
//! only one of them does is marked as not certain. A guard (`… || exit 1`) is taken to hold: the
//! question is what a run publishes that goes well. [`docker::actions`] then reads the commands
//! that build, tag and push container images.

mod arithmetic;
mod asked;
mod braces;
mod builtin;
mod capture;
mod command;
mod control;
pub mod docker;
mod expand;
mod fields;
mod git;
mod glob;
mod interpreter;
mod lookup;
mod loops;
mod outputs;
mod parameter;
mod parameter_change;
mod parameter_parts;
mod programs;
mod read;
mod read_command;
mod read_compound;
mod redirect;
mod removal;
mod scan;
mod state;
mod syntax;
mod test;
mod trees;
mod truth;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use super::unknown::{Mark, Unknowns};
use crate::source::Place;
use crate::words::Words;

pub use git::Repository;
pub use outputs::{Assignment, parse_outputs};
pub use truth::Truth;

/// A script and what it runs in.
pub struct Script<'a> {
    /// The text; `${{ }}` has been replaced already, unknown parts are marks.
    pub text: &'a str,
    /// Variables, git and files.
    pub environment: &'a dyn Environment,
    /// Where what is not known is noted.
    pub unknowns: &'a Unknowns,
    /// The place in a file of a byte range of the text.
    pub locate: &'a dyn Fn(Range<usize>) -> Option<Place>,
}

/// What a script finds around it.
pub trait Environment {
    /// A variable that the script has not set itself.
    fn variable(&self, name: &str) -> Variable;
    /// What `git` prints for these arguments, without the last line break; none where that is not
    /// known. [`Repository::answer`] answers the usual questions.
    fn git(&self, arguments: &[String]) -> Option<String>;
    /// The text of a file of the repository, by its path from where the script starts.
    fn file(&self, path: &str) -> Option<String>;
    /// Whether a variable that is not known may as well not be set at all.
    fn may_be_unset(&self, name: &str) -> bool {
        let _ = name;
        false
    }
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// It is set to this text, which may hold unknown parts.
    Known(String),
    /// It is not set.
    Unset,
    /// Nothing is known of it.
    Unknown(Mark),
}

/// What a script does.
#[derive(Debug, Default)]
pub struct Run {
    /// The commands that were not evaluated away, in the order of their execution.
    pub commands: Vec<Command>,
    /// What is written to `$GITHUB_OUTPUT`, or printed as `::set-output`.
    pub outputs: Vec<Assignment>,
    /// What is written to `$GITHUB_ENV`.
    pub environment: Vec<Assignment>,
    /// The variables at the end that hold one text.
    pub variables: BTreeMap<String, String>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// Whether the script comes to an `exit 1` of its own, whatever is not known.
    pub gives_up: bool,
    /// For a goal of a Makefile, the numbers of the commands in recipes of other goals.
    pub of_others: Vec<Range<usize>>,
    alternatives: BTreeMap<char, Vec<String>>,
}

impl Run {
    /// The texts that a text of this run stands for, where an unknown part of it is one of a few
    /// texts, by a condition that is not known. The text itself where there is no such part, or
    /// where there would be too many texts.
    #[must_use]
    pub fn variants(&self, text: &str) -> Vec<String> {
        const MOST: usize = 32;
        let mut done: Vec<String> = Vec::new();
        let mut todo = vec![text.to_owned()];
        let mut steps = 0;
        while let Some(next) = todo.pop() {
            let open = next.chars().find(|c| self.alternatives.contains_key(c));
            let ways = open.and_then(|c| Some((c, self.alternatives.get(&c)?)));
            match ways {
                Some((mark, ways)) => {
                    let mut buffer = [0; 4];
                    let mark: &str = mark.encode_utf8(&mut buffer);
                    todo.extend(ways.iter().rev().map(|way| next.replace(mark, way)));
                }
                None if done.contains(&next) => {}
                None => done.push(next),
            }
            steps += 1;
            if done.len() + todo.len() > MOST || steps > 4 * MOST {
                return vec![text.to_owned()];
            }
        }
        done
    }

    /// About how many bytes it takes.
    fn size(&self) -> usize {
        let words = self.commands.iter().flat_map(|command| &command.words);
        let words: usize = words.map(|word| size_of::<Word>() + word.text.len()).sum();
        let inputs = self
            .commands
            .iter()
            .filter_map(|command| command.input.as_ref());
        let set = self.outputs.iter().chain(&self.environment);
        self.commands.len() * size_of::<Command>()
            + words
            + inputs.map(String::len).sum::<usize>()
            + set
                .map(|set| size_of::<Assignment>() + set.value.len())
                .sum::<usize>()
            + self
                .variables
                .values()
                .map(|text| 80 + text.len())
                .sum::<usize>()
    }
}

/// A command that the script runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The name and the arguments.
    pub words: Vec<Word>,
    /// Where the command stands in the script.
    pub span: Range<usize>,
    /// Whether it runs whenever the script goes well; not so under a condition that is not known.
    pub certain: bool,
    /// What is assigned for this command alone: `A=b command`.
    pub assignments: Vec<(String, String)>,
    /// The variables that the script has exported by then.
    pub exported: Rc<BTreeMap<String, String>>,
    /// Where it runs, seen from where the script started; empty for there.
    pub directory: String,
    /// What it reads from standard input, where that is known.
    pub input: Option<String>,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text, after all expansions.
    pub text: String,
    /// Where it is written in the script.
    pub span: Range<usize>,
    /// Whether it is there whenever the command runs.
    pub certain: bool,
    /// Whether it may be any number of words: unknown text that is not quoted.
    pub open: bool,
}

/// A part of a script that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Range<usize>,
}

/// Evaluates a script.
#[must_use]
pub fn run(script: &Script<'_>) -> Rc<Run> {
    asked::run(script, None)
}

/// Whether a script may run another file of the repository.
#[must_use]
pub fn runs_file(text: &str) -> bool {
    text.contains(".sh") || text.contains("./") || text.contains(".bash")
}

/// Evaluates what making a goal does; the text of the script is a Makefile.
#[must_use]
pub fn make(script: &Script<'_>, goal: &str) -> Rc<Run> {
    asked::run(script, Some(goal))
}

/// The targets of a Makefile that make or need something, in order.
#[must_use]
pub fn make_targets(script: &Script<'_>) -> Vec<String> {
    asked::targets(script)
}

/// Whether a script could publish an image or hand something to later steps: a quick look at its
/// bytes, to pass over the many that cannot.
#[must_use]
pub fn may_publish(text: &str) -> bool {
    static SIGNS: LazyLock<Words> = LazyLock::new(|| {
        Words::new([
            "docker",
            "podman",
            "buildah",
            "nerdctl",
            "skopeo",
            "crane",
            "regctl",
            "oras",
            "kaniko",
            "ko ",
            "GITHUB_OUTPUT",
            "GITHUB_ENV",
            "set-output",
            "set-env",
            "executor",
            "bake",
            "goreleaser",
            "gradle",
            "jib",
            "mvn",
            "make ",
            ".sh",
        ])
    });
    SIGNS.any_in(text)
}
