//! Declaring, unsetting and counting variables; positional parameters.

use std::rc::Rc;

use crate::eval::shell::Word;
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::lookup;
use crate::eval::shell::state::Var;
use crate::eval::shell::syntax::Raw;
use crate::eval::shell::truth::Status;

impl Shell<'_> {
    /// `export A=b`, `local a`, `declare -A m`, `readonly X=1`, `unset a`.
    pub(in crate::eval::shell) fn declare(&mut self, words: &[Raw]) -> Status {
        let Some((keyword, rest)) = words.split_first() else {
            return Status::Success;
        };
        let keyword = &*keyword.text;
        if matches!(keyword, "unset" | "unsetenv") {
            let arguments: Vec<Word> = rest.iter().flat_map(|raw| self.words(raw)).collect();
            return unset(self, &arguments);
        }
        let flags: String = rest
            .iter()
            .map(|raw| &*raw.text)
            .filter(|text| text.starts_with('-'))
            .collect();
        let local = matches!(keyword, "local" | "declare" | "typeset") && !flags.contains('g');
        let exports = keyword == "export" || flags.contains('x');
        for raw in rest.iter().filter(|raw| !raw.text.starts_with(['-', '+'])) {
            let end = raw.text.find(['=', '+', '[']).unwrap_or(raw.text.len());
            let name = raw.text.get(..end).unwrap_or_default().to_owned();
            if name.is_empty() || name.contains(['$', '"', '\'', '`']) {
                self.declare_expanded(raw, exports);
                continue;
            }
            let before = self.variable(&name);
            if local {
                self.state.make_local(&name);
            }
            if flags.contains('A') && !matches!(self.variable(&name), Var::Map(_)) {
                self.state.set(&name, Var::Map(Vec::new()));
            }
            if flags.contains('a') && matches!(self.variable(&name), Var::Unset) {
                self.state.set(&name, Var::List(Vec::new()));
            }
            if lookup::is_assignment(raw) {
                self.assign(raw);
            } else if exports && !self.state.variables.contains_key(&name) {
                self.state.set(&name, before);
            }
            if exports {
                Rc::make_mut(&mut self.state.exported).insert(name, ());
            }
        }
        Status::Success
    }

    /// `export "$NAME=value"`: known only after expansion.
    fn declare_expanded(&mut self, raw: &Raw, exports: bool) {
        for word in self.words(raw) {
            let (name, value) = match word.text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word.text, None),
            };
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            if let Some(value) = value {
                self.set_text(&name, value);
            }
            if exports {
                Rc::make_mut(&mut self.state.exported).insert(name, ());
            }
        }
    }
}

pub(super) fn unset(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    for word in arguments.iter().filter(|word| !word.text.starts_with('-')) {
        match word.text.split_once('[') {
            Some((name, key)) => {
                let key = key.trim_end_matches(']');
                match shell.variable(name) {
                    Var::Map(mut pairs) => {
                        pairs.retain(|(own, _)| own != key);
                        shell.state.set(name, Var::Map(pairs));
                    }
                    Var::List(mut items) => {
                        let at = key.parse().ok().filter(|at: &usize| *at < items.len());
                        if let Some(at) = at {
                            items.remove(at);
                            shell.state.set(name, Var::List(items));
                        }
                    }
                    _ => {}
                }
            }
            None => {
                shell.state.set(&word.text, Var::Unset);
                Rc::make_mut(&mut shell.state.exported).remove(&word.text);
            }
        }
    }
    Status::Success
}

/// `set -- a b`: other options change nothing that is followed here, but for `-a`.
pub(super) fn set(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    if let Some(at) = arguments.iter().position(|word| word.text == "--") {
        shell.state.positional = Shell::items(arguments.get(at + 1..).unwrap_or_default());
    }
    Status::Success
}

pub(super) fn shift(shell: &mut Shell<'_>, count: Option<&str>) -> Status {
    let count: usize = count.and_then(|count| count.parse().ok()).unwrap_or(1);
    if count > shell.state.positional.len() {
        return Status::Failure;
    }
    shell.state.positional.drain(..count);
    Status::Success
}

/// `let A=1+2`
pub(super) fn calculate(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let mut last = None;
    for word in arguments {
        let raw = shell.raw_here(&word.text);
        last = shell.calculate(&raw);
    }
    match last {
        Some(0) => Status::Failure,
        Some(_) => Status::Success,
        None => Status::Unknown,
    }
}
