//! Redirections, and the files that a script writes and reads.

use super::interpreter::{Input, LONGEST_TEXT, Shell, Sink};
use super::outputs::{ENVIRONMENT, OUTPUT};
use super::syntax::{Redirect, Statement};
use super::truth::Status;
use crate::eval::unknown;
use std::rc::Rc;

impl Shell<'_> {
    pub(super) fn redirected(&mut self, body: &Statement, redirects: &[Redirect]) -> Status {
        let input = self.input.clone();
        let mut target = None;
        let mut replaced = false;
        for redirect in redirects {
            match redirect {
                Redirect::Input(path) => {
                    let path = self.text(path);
                    self.input = self.read_file(&path).map(|text| Input::new(&text));
                    replaced = true;
                }
                Redirect::Document { text, literal } => {
                    let text = if *literal {
                        text.text.to_string()
                    } else {
                        self.document(text)
                    };
                    self.input = Some(Input::new(&text));
                    replaced = true;
                }
                Redirect::Text(word) => {
                    let text = self.text(word) + "\n";
                    self.input = Some(Input::new(&text));
                    replaced = true;
                }
                Redirect::Output { to, append } => {
                    let path = self.text(to);
                    target = Some((path, *append));
                }
                Redirect::ToError => target = Some(("/dev/stderr".to_owned(), true)),
                Redirect::Other => {}
            }
        }
        let status = match target {
            None => self.statement(body),
            Some((path, _)) if matches!(path.as_str(), "/dev/stdout" | "/dev/fd/1") => {
                self.statement(body)
            }
            Some((path, _))
                if matches!(
                    path.as_str(),
                    "/dev/null" | "/dev/stderr" | "/dev/tty" | "/dev/fd/2"
                ) =>
            {
                let sink = std::mem::replace(&mut self.sink, Sink::Nothing);
                let status = self.statement(body);
                self.sink = sink;
                status
            }
            Some((path, append)) => {
                let mut status = Status::Success;
                let text = self.captured(|shell| status = shell.statement(body));
                self.write(&path, &text, append);
                status
            }
        };
        if replaced {
            self.input = input;
        }
        status
    }

    /// Writes text to a file; the runner's command files are kept apart.
    pub(super) fn write(&mut self, path: &str, text: &str, append: bool) {
        let span = self.here.clone();
        match path {
            OUTPUT => self.outputs.write(text, self.certain, span),
            ENVIRONMENT => self.variables.write(text, self.certain, span),
            "/dev/null" | "/dev/stderr" | "/dev/tty" => {}
            "/dev/stdout" => self.print(text),
            _ if path.starts_with("/github/file_commands/") => {}
            _ => {
                let name = self.path(path);
                let mut whole = if append {
                    self.read_file(path).unwrap_or_default()
                } else {
                    String::new()
                };
                whole.push_str(text);
                if whole.len() > LONGEST_TEXT {
                    whole = self.unknown(path, "it grows too long");
                }
                if self.state.files.len() < 200 {
                    Rc::make_mut(&mut self.state.files).insert(name, whole);
                }
            }
        }
    }

    /// The text of a file that the script wrote, or of the repository.
    pub(super) fn read_file(&mut self, path: &str) -> Option<String> {
        if !unknown::is_known(path) {
            return None;
        }
        let path = self.path(path);
        if let Some(text) = self.state.files.get(&path) {
            return Some(text.clone());
        }
        self.around.file(&path)
    }

    /// A path as seen from where the script started.
    pub(super) fn path(&self, path: &str) -> String {
        let mut path = path;
        while let Some(rest) = path.strip_prefix("./") {
            path = rest.trim_start_matches('/');
        }
        if path.starts_with('/') || path.starts_with('~') || self.state.directory.is_empty() {
            return path.to_owned();
        }
        join_paths(&self.state.directory, path)
    }
}

/// A path below a directory, with `.` and `..` taken out.
pub(super) fn join_paths(directory: &str, path: &str) -> String {
    let rooted = directory.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}
