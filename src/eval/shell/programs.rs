//! Programs that the files of the repository tell what to do: `make`, whose recipes run like the
//! script that calls it.

use std::rc::Rc;

use super::interpreter::Shell;
use super::redirect::join_paths;
use super::state::Var;
use super::syntax::Raw;
use super::truth::Status;
use super::{Fault, Variable, Word};
use crate::eval::make::{self, Host, Line};
use crate::eval::unknown;

/// The files that make looks for.
const MAKEFILES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];

/// Runs `make`; nothing where the command is another, or its Makefile is not known.
pub(super) fn run(
    shell: &mut Shell<'_>,
    words: &[Word],
    given: &[(String, String)],
) -> Option<Status> {
    let (name, arguments) = words.split_first()?;
    let called = match name.text.as_str() {
        "bash" | "sh" => arguments.iter().find(|word| !word.text.starts_with('-'))?,
        _ => name,
    };
    match called.text.as_str() {
        "make" | "gmake" => make(shell, arguments, given),
        path if path.ends_with(".sh") && unknown::is_known(path) => {
            // It would have been run if it were there.
            let name = path.rsplit('/').next().unwrap_or(path);
            if says_push(name) {
                shell.fault(format!("`{path}` is not in this repository's files"));
            }
            None
        }
        _ => None,
    }
}

/// Whether a name says that something is pushed.
fn says_push(name: &str) -> bool {
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "push" | "publish" | "pushes"))
}

/// What `make` is told.
#[derive(Default)]
struct Told {
    goals: Vec<String>,
    file: Option<String>,
    directory: Option<String>,
    overrides: Vec<(String, String)>,
    dry: bool,
}

fn told(arguments: &[Word]) -> Told {
    let mut told = Told::default();
    let mut words = arguments.iter().map(|word| word.text.as_str()).peekable();
    while let Some(word) = words.next() {
        if let Some((name, value)) = word.split_once('=').filter(|_| !word.starts_with('-')) {
            let name = name.trim_end_matches([':', '?', '+']);
            told.overrides.push((name.to_owned(), value.to_owned()));
            continue;
        }
        let long = |name: &str| {
            word.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='))
        };
        match word {
            "-C" | "--directory" => told.directory = words.next().map(str::to_owned),
            "-f" | "--file" | "--makefile" => told.file = words.next().map(str::to_owned),
            "-j" | "-l" | "--jobs" | "--load-average" => {
                words.next_if(|next| next.starts_with(|c: char| c.is_ascii_digit()));
            }
            "-I" | "-o" | "-W" | "--include-dir" | "-E" | "--eval" => {
                words.next();
            }
            "-n" | "-q" | "--dry-run" | "--just-print" | "--question" | "-v" | "--version" => {
                told.dry = true;
            }
            _ => {
                if let Some(path) = long("--directory") {
                    told.directory = Some(path.to_owned());
                } else if let Some(path) = long("--file").or_else(|| long("--makefile")) {
                    told.file = Some(path.to_owned());
                } else if let Some(path) = word.strip_prefix("-C") {
                    told.directory = Some(path.to_owned());
                } else if let Some(path) = word.strip_prefix("-f") {
                    told.file = Some(path.to_owned());
                } else if !word.starts_with('-') {
                    told.goals.push(word.to_owned());
                }
            }
        }
    }
    told
}

fn make(shell: &mut Shell<'_>, arguments: &[Word], given: &[(String, String)]) -> Option<Status> {
    let told = told(arguments);
    if told.dry {
        return Some(Status::Assumed);
    }
    let goal = told.goals.iter().find(|goal| !unknown::is_known(goal));
    if goal.is_some() || arguments.iter().any(|word| word.open) {
        shell.fault("the goals of `make` are not known".to_owned());
        return None;
    }
    let directory = told.directory.clone().unwrap_or_default();
    let file = shell.subshell(|shell| {
        shell.state.directory = join_paths(&shell.state.directory, &directory);
        match &told.file {
            Some(path) => shell.read_file(path),
            None => MAKEFILES.iter().find_map(|path| shell.read_file(path)),
        }
    });
    let Some(text) = file else {
        if told.goals.iter().any(|goal| says_push(goal)) {
            let goals = told.goals.join(" ");
            shell.fault(format!(
                "the Makefile of `make {goals}` is not in this repository's files"
            ));
        }
        return None;
    };
    let text = unknown::clean(&text).into_owned();
    shell.deeper(|shell| {
        shell.subshell(|shell| {
            shell.state.directory = join_paths(&shell.state.directory, &directory);
            shell.leave_to_process(given);
            shell.make(&text, &told.goals, &told.overrides);
        });
    });
    Some(Status::Assumed)
}

impl Shell<'_> {
    /// A part of the script that is not evaluated and may publish.
    fn fault(&mut self, message: String) {
        let fault = Fault {
            message,
            span: self.here.clone(),
        };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Whether a process that is started gets a variable.
    fn is_exported(&self, name: &str) -> bool {
        self.state.exported.contains_key(name)
            || !matches!(self.around.variable(name), Variable::Unset)
    }

    /// Leaves of the state what a process of its own gets.
    pub(super) fn leave_to_process(&mut self, given: &[(String, String)]) {
        for (name, text) in given {
            Rc::make_mut(&mut self.state.exported).insert(name.clone(), ());
            self.state.set(name, Var::Text(text.clone()));
        }
        let names: Vec<String> = self.state.variables.keys().cloned().collect();
        for name in names {
            if !self.is_exported(&name) {
                Rc::make_mut(&mut self.state.variables).remove(&name);
            }
        }
        self.state.functions = Rc::default();
        self.state.positional.clear();
        self.state.frames.clear();
    }

    /// The targets of the script, which is a Makefile.
    pub(super) fn targets(mut self, text: &str) -> Vec<String> {
        let mut process = Process { shell: &mut self };
        let makefile = make::read(text, &[], &mut process);
        let targets = makefile.targets();
        targets.into_iter().map(str::to_owned).collect()
    }

    /// Makes goals of a Makefile.
    pub(super) fn make(&mut self, text: &str, goals: &[String], overrides: &[(String, String)]) {
        let before = self.overrides.len();
        self.overrides.extend_from_slice(overrides);
        let all = self.overrides.clone();
        let mut process = Process { shell: self };
        let mut makefile = make::read(text, &all, &mut process);
        let default: Vec<String>;
        let goals = if goals.is_empty() {
            default = make::default_goal(&mut makefile, &mut process)
                .into_iter()
                .collect();
            &default
        } else {
            goals
        };
        for goal in goals {
            make::build(&mut makefile, goal, &mut process);
        }
        self.overrides.truncate(before);
    }
}

/// Make as a process of the shell.
struct Process<'s, 'a> {
    shell: &'s mut Shell<'a>,
}

impl Process<'_, '_> {
    /// Runs text in a shell of its own.
    fn shell_of_its_own(&mut self, raw: &Raw) {
        let faults = self.shell.faults.len();
        let block = self.shell.parse(raw);
        // What is not understood of a recipe that builds a program is nobody's loss.
        if !super::may_publish(&raw.text) {
            self.shell.faults.truncate(faults);
        }
        self.shell.deeper(|shell| {
            shell.state.positional.clear();
            shell.block(&block)
        });
    }
}

impl Host for Process<'_, '_> {
    fn shell(&mut self, command: &str) -> String {
        let raw = self.shell.raw_here(command);
        let block = self.shell.parse(&raw);
        let printed = self.shell.deeper(|shell| {
            shell.subshell(|shell| {
                shell.captured(|shell| {
                    shell.block(&block);
                })
            })
        });
        let printed = printed.unwrap_or_default();
        printed.trim_end_matches('\n').replace('\n', " ")
    }

    fn file(&mut self, path: &str) -> Option<String> {
        self.shell.read_file(path)
    }

    fn variable(&mut self, name: &str) -> Option<String> {
        let own = self.shell.state.variables.contains_key(name);
        if !own && self.shell.around.may_be_unset(name) {
            return None;
        }
        match self.shell.variable(name) {
            Var::Text(text) => Some(text),
            _ => None,
        }
    }

    fn unknown(&mut self, what: &str, reason: &str) -> String {
        self.shell.unknown(what, reason)
    }

    fn recipe(&mut self, line: &Line<'_>) {
        let placed = self.shell.places_recipes;
        let before = self.shell.commands.len();
        let raw = match &line.at {
            Some(at) if placed => Raw {
                text: line.text.into(),
                at: at.clone(),
                exact: false,
            },
            _ => self.shell.raw_here(line.text),
        };
        self.shell.subshell(|shell| {
            for (name, text) in line.exported {
                shell.state.set(name, Var::Text(text.clone()));
                Rc::make_mut(&mut shell.state.exported).insert(name.clone(), ());
            }
            Process { shell }.shell_of_its_own(&raw);
        });
        if placed && line.is_other {
            let after = self.shell.commands.len();
            self.shell.of_others.push(before..after);
        }
    }
}
