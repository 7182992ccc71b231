//! Assignments in all their forms.

use super::{Host, Makefile, Origin, Variable};

/// How a variable is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Recursive,
    Simple,
    Default,
    Append,
    Shell,
}

/// The name, the way and the value of an assignment; nothing where a line is none.
pub(super) fn assignment(line: &str) -> Option<(&str, How, &str)> {
    let mut depth = 0_usize;
    let mut signs = line.char_indices();
    let (at, c) = signs.find(|(_, c)| {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(c, '=' | ':')
    })?;
    let rest = line.get(at..)?;
    if c == ':' {
        let colons = rest.len() - rest.trim_start_matches(':').len();
        let value = rest.get(colons..)?.strip_prefix('=')?;
        return Some((line.get(..at)?.trim(), How::Simple, value.trim_start()));
    }
    let name = line.get(..at)?;
    let value = rest.get(1..)?.trim_start();
    let (name, how) = match name.chars().last() {
        Some('?') => (name.strip_suffix('?')?, How::Default),
        Some('+') => (name.strip_suffix('+')?, How::Append),
        Some('!') => (name.strip_suffix('!')?, How::Shell),
        _ => (name, How::Recursive),
    };
    Some((name.trim(), how, value))
}

impl Makefile {
    /// The variable that an assignment makes of what was there before.
    pub(super) fn assigned(
        &mut self,
        before: Option<Variable>,
        how: How,
        value: &str,
        host: &mut dyn Host,
    ) -> Option<Variable> {
        let make = |text: String, simple| Variable {
            text,
            simple,
            origin: Origin::Makefile,
        };
        Some(match how {
            How::Recursive => make(value.to_owned(), false),
            How::Simple => make(self.expanded(value, host), true),
            How::Shell => {
                let command = self.expanded(value, host);
                make(host.shell(&command), true)
            }
            How::Default if before.is_some() => return None,
            How::Default => make(value.to_owned(), false),
            How::Append => match before {
                Some(before) => {
                    let added = if before.simple {
                        self.expanded(value, host)
                    } else {
                        value.to_owned()
                    };
                    let space = if before.text.is_empty() { "" } else { " " };
                    make(format!("{}{space}{added}", before.text), before.simple)
                }
                None => make(value.to_owned(), false),
            },
        })
    }

    /// Assigns a variable of the Makefile. What the command line gives stays, unless it is
    /// overridden.
    pub(super) fn assign(
        &mut self,
        name: &str,
        how: How,
        value: &str,
        overrides: bool,
        host: &mut dyn Host,
    ) {
        let name = self.expanded(name, host);
        let own = self.variables.get(&name).cloned();
        let given = own
            .as_ref()
            .is_some_and(|own| own.origin == Origin::CommandLine);
        if name.is_empty() || given && !overrides {
            return;
        }
        let environment = |host: &mut dyn Host| {
            host.variable(&name).map(|text| Variable {
                text,
                simple: true,
                origin: Origin::Makefile,
            })
        };
        let before = match how {
            How::Default | How::Append => own.or_else(|| environment(host)),
            _ => own,
        };
        if let Some(variable) = self.assigned(before, how, value, host) {
            self.variables.insert(name, variable);
        }
    }
}
