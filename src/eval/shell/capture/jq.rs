//! `jq`: what [`crate::eval::jq`] finds around it in a script.

use super::Output;
use crate::eval::jq::{Call, World};
use crate::eval::shell::Variable;
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::state::Var;
use crate::eval::shell::truth::Status;

/// A script as `jq` sees it.
pub(super) struct Around<'s, 'a>(pub(super) &'s mut Shell<'a>);

impl World for Around<'_, '_> {
    fn read(&mut self, file: Option<&str>) -> Option<String> {
        match file {
            Some(file) => self.0.read_file(file),
            None => self.0.input.as_ref().map(|input| input.rest().to_owned()),
        }
    }

    fn variable(&mut self, name: &str) -> Option<Option<String>> {
        let given = self.0.around.variable(name);
        let exported = self.0.state.exported.contains_key(name);
        match self.0.state.variables.get(name) {
            // A variable of the script alone is none of the environment, unless it stands before
            // this very command, which is not told apart here.
            Some(_) if given == Variable::Unset && !exported => None,
            Some(Var::Text(text)) => Some(Some(text.clone())),
            Some(Var::Unset) => Some(None),
            Some(_) => None,
            None => match self.0.outer_variable(name) {
                Var::Text(text) => Some(Some(text)),
                Var::Unset => Some(None),
                _ => None,
            },
        }
    }
}

pub(super) fn run(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let ended = Call::parse(arguments)?.run(&mut Around(shell))?;
    Some(Output {
        text: ended.text,
        status: if ended.status == 0 {
            Status::Success
        } else {
            Status::Failure
        },
    })
}
