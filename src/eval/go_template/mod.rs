//! Go's `text/template`, evaluated: the language and its own functions. What a program adds to it
//! (functions, the environment) it hands in as a [`Host`].
//!
//! A condition that is not known splits the evaluation: [`render`] gives the text of each way, with
//! what it hangs on. Where all ways give one text, nothing does.

mod builtin;
mod compare;
mod execute;
mod lexer;
mod parser;
mod print;
mod syntax;
pub mod time;
mod value;

#[cfg(test)]
mod tests;

use thiserror::Error;

use super::unknown::{Mark, Unknowns};
pub use value::{Map, Value};

/// More ways than this are not told apart.
const MAX_WAYS: usize = 32;

/// A template that cannot be read, or that fails.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct TemplateError {
    /// What is wrong.
    pub message: String,
}

impl TemplateError {
    /// An error that says this.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// How an entry of the host's mapping is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// As a field: it has to be there.
    Field,
    /// By `index`: what is missing is empty.
    Index,
}

/// What a program adds to the language.
pub trait Host {
    /// Whether it has a function of this name.
    fn knows(&self, function: &str) -> bool;

    /// Calls one of its functions.
    ///
    /// # Errors
    /// What the function says.
    fn call(
        &self,
        function: &str,
        arguments: &[Value],
        unknowns: &Unknowns,
    ) -> Result<Value, TemplateError>;

    /// An entry of the mapping that [`Value::Hosted`] stands for; `None` where there is none.
    fn entry(&self, name: &str, access: Access) -> Option<Value>;
}

/// One text that a template may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The text.
    pub text: String,
    /// What is not known and decides that it is this one.
    pub doubts: Vec<Mark>,
}

/// Evaluates a template.
///
/// # Errors
/// Where it cannot be read, or fails on every way.
pub fn render(
    text: &str,
    data: &Value,
    host: &dyn Host,
    unknowns: &Unknowns,
) -> Result<Vec<Rendering>, TemplateError> {
    if !text.contains("{{") {
        return Ok(vec![Rendering {
            text: text.to_owned(),
            doubts: Vec::new(),
        }]);
    }
    let knows = |name: &str| builtin::knows(name) || host.knows(name);
    let parsed = parser::parse(lexer::pieces(text)?, &knows)?;
    let mut renderings: Vec<Rendering> = Vec::new();
    let mut failure = None;
    let mut ways = 0;
    let mut plan: Vec<bool> = Vec::new();
    loop {
        let (result, taken) = execute::execute(&parsed, data, host, unknowns, &plan);
        let doubts: Vec<Mark> = taken.iter().map(|(mark, _)| *mark).collect();
        match result {
            Ok(text) => match renderings.iter_mut().find(|known| known.text == text) {
                Some(known) => known.doubts.extend(doubts),
                None => renderings.push(Rendering { text, doubts }),
            },
            Err(error) => failure = Some(error),
        }
        ways += 1;
        plan = taken.iter().map(|(_, choice)| *choice).collect();
        while plan.last() == Some(&false) {
            plan.pop();
        }
        match plan.last_mut() {
            None => break,
            Some(last) => *last = false,
        }
        if ways >= MAX_WAYS {
            let mark = unknowns.note("a template", "too many of its conditions are not known");
            return Ok(vec![Rendering {
                text: mark.as_char().to_string(),
                doubts: vec![mark],
            }]);
        }
    }
    match failure {
        Some(error) if renderings.is_empty() => Err(error),
        None if renderings.len() == 1 => {
            renderings.iter_mut().for_each(|only| only.doubts.clear());
            Ok(renderings)
        }
        _ => {
            for rendering in &mut renderings {
                let mut seen = Vec::new();
                rendering.doubts.retain(|mark| {
                    let new = !seen.contains(mark);
                    seen.push(*mark);
                    new
                });
            }
            Ok(renderings)
        }
    }
}
