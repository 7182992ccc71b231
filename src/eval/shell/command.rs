//! Simple commands: assignments, functions, builtins, filters, and those that are only recorded.

use super::interpreter::{Flow, Shell, Sink};
use super::lookup;
use super::state::Var;
use super::syntax::Raw;
use super::truth::Status;
use super::{Word, builtin, capture, programs};

/// Words before a command that run it as it is, with the options of each that take a value.
const WRAPPERS: [(&str, &[&str]); 14] = [
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T"]),
    ("env", &["-u", "-C", "-S"]),
    ("command", &[]),
    ("builtin", &[]),
    ("exec", &["-a"]),
    ("time", &["-f", "-o"]),
    ("nohup", &[]),
    ("nice", &["-n"]),
    ("ionice", &["-c", "-n"]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("timeout", &["-s", "-k", "--signal", "--kill-after"]),
    (
        "retry",
        &[
            "-t", "-d", "-n", "-s", "-m", "--times", "--delay", "--tries", "--sleep", "--max",
            "--until",
        ],
    ),
    ("unbuffer", &[]),
    ("doas", &["-u", "-C"]),
];

/// The command behind `sudo`, `env A=b`, `timeout 10m` and their like, and where it starts.
pub(super) fn unwrapped(words: &[Word]) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        let Some((name, valued)) = WRAPPERS.iter().find(|(own, _)| *own == name) else {
            break;
        };
        let mut next = at + 1;
        while let Some(word) = words.get(next) {
            let text = word.text.as_str();
            if *name == "command" && matches!(text, "-v" | "-V") {
                return at;
            }
            let assigns = matches!(*name, "env" | "sudo")
                && text.split_once('=').is_some_and(|(name, _)| {
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                });
            if text == "--" {
                next += 1;
                break;
            }
            if valued.contains(&text) {
                next += 2;
            } else if assigns || (text.starts_with('-') && text.len() > 1) {
                next += 1;
            } else {
                break;
            }
        }
        let number = |word: &Word| word.text.starts_with(|c: char| c.is_ascii_digit());
        while matches!(*name, "timeout" | "retry") && words.get(next).is_some_and(number) {
            next += 1;
        }
        if next >= words.len() {
            break;
        }
        at = next;
    }
    at
}

impl Shell<'_> {
    pub(super) fn simple(
        &mut self,
        assignments: &[Raw],
        words: &[Raw],
        declaration: bool,
    ) -> Status {
        if declaration {
            return self.declare(words);
        }
        let arguments: Vec<Word> = words.iter().flat_map(|raw| self.words(raw)).collect();
        if arguments.is_empty() {
            self.status = Status::Success;
            for assignment in assignments {
                self.assign(assignment);
            }
            return self.status;
        }
        // An assignment before a command is the command's alone.
        let mut hidden: Vec<(String, Option<Var>)> = Vec::new();
        let mut given = Vec::new();
        for assignment in assignments {
            let Some(name) = assigned_name(assignment) else {
                continue;
            };
            hidden.push((name.to_owned(), self.state.variables.get(name).cloned()));
            self.assign(assignment);
            if let Some(Var::Text(text)) = self.state.variables.get(name) {
                given.push((name.to_owned(), text.clone()));
            }
        }
        // For a script of the repository they are exported variables.
        let exported = self.state.exported.clone();
        let news = given
            .iter()
            .filter(|(name, _)| !exported.contains_key(name));
        let news: Vec<String> = news.map(|(name, _)| name.clone()).collect();
        if !news.is_empty() {
            let exported = std::rc::Rc::make_mut(&mut self.state.exported);
            exported.extend(news.iter().map(|name| (name.clone(), ())));
        }
        let status = self.invoke(&arguments, &given);
        if !news.is_empty() {
            let exported = std::rc::Rc::make_mut(&mut self.state.exported);
            exported.retain(|name, ()| !news.contains(name));
        }
        for (name, value) in hidden.into_iter().rev() {
            match value {
                Some(value) => self.state.set(&name, value),
                None => {
                    std::rc::Rc::make_mut(&mut self.state.variables).remove(&name);
                }
            }
        }
        status
    }

    /// Runs a command by its words.
    pub(super) fn invoke(&mut self, words: &[Word], given: &[(String, String)]) -> Status {
        if !self.step() {
            self.flow = Flow::Exit(Status::Unknown);
            return Status::Unknown;
        }
        let inner = words.get(unwrapped(words)..).unwrap_or_default();
        let Some(name) = inner.first() else {
            return Status::Success;
        };
        if inner.len() == words.len()
            && let Some(body) = self.state.functions.get(&name.text).cloned()
        {
            return self.call(&body, inner);
        }
        if let Some(status) = builtin::run(self, inner) {
            return status;
        }
        if let Some(status) = capture::run(self, inner) {
            return status;
        }
        if let Some(status) = programs::run(self, inner, given) {
            return status;
        }
        self.record(words, given);
        if self.sink == Sink::Capture {
            let texts: Vec<&str> = inner.iter().map(|word| word.text.as_str()).collect();
            let shown = texts.join(" ");
            let name =
                crate::eval::unknown::pattern(name.text.rsplit('/').next().unwrap_or_default());
            let output = self.unknown(
                &format!("$({shown})"),
                &format!("the output of `{name}` is not evaluated"),
            );
            self.print(&(output + "\n"));
        }
        builtin::recorded_status(inner)
    }

    fn call(&mut self, body: &super::syntax::Statement, words: &[Word]) -> Status {
        let positional = std::mem::replace(
            &mut self.state.positional,
            Self::items(words.get(1..).unwrap_or_default()),
        );
        self.state.frames.push(Vec::new());
        let frames = self.state.frames.len();
        let (certain, escapes) = (self.certain, self.escapes.len());
        let here = self.here.clone();
        let status = self.deeper(|shell| shell.statement(body));
        self.here = here;
        let mut status = status.unwrap_or(Status::Unknown);
        if self.flow == Flow::Return {
            self.flow = Flow::Next;
            status = self.status;
        }
        if self.escapes.len() > escapes {
            status = Status::Unknown;
        }
        self.join_escapes(escapes, |_| true);
        self.certain = certain && !self.may_have_ended;
        self.state.frames.truncate(frames);
        self.state.leave_frame();
        self.state.positional = positional;
        status
    }
}

fn assigned_name(raw: &Raw) -> Option<&str> {
    let end = raw.text.find(['=', '+', '['])?;
    raw.text.get(..end).filter(|_| lookup::is_assignment(raw))
}
