//! Regular expressions as JavaScript has them, for `match` and `pattern` attributes.
//!
//! A pattern is parsed by the rules of that language, its lenient corners included, made into
//! instructions, and run by backtracking under a limit of steps: a pattern that would run for
//! hours on a build machine is given up here. Text is taken by characters, not by UTF-16 units.

mod class;
mod compile;
mod escape;
mod parse;
mod run;
mod tree;

use std::ops::Range;

/// What a pattern can be besides right or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// It is no regular expression; the run fails.
    Invalid(String),
    /// It is one, perhaps, but is not evaluated here, or not to its end.
    Beyond(&'static str),
}

/// A compiled regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    program: compile::Program,
    flags: Flags,
}

/// The letters after `/…/`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flags {
    global: bool,
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
    unicode: bool,
    sticky: bool,
}

/// What `text.match(pattern)` gives: the groups of the first match, or with the flag `g` all
/// matches.
pub(crate) type Matches = Vec<Option<String>>;

impl Pattern {
    /// Compiles a pattern with flags.
    pub(crate) fn new(source: &str, flags: &str) -> Result<Self, PatternError> {
        let flags = Flags::read(flags)?;
        let parsed = parse::parse(source, flags)?;
        Ok(Self {
            program: compile::compile(&parsed, flags),
            flags,
        })
    }

    /// What the text's own method `match` gives; `None` where nothing matches.
    pub(crate) fn matches(&self, text: &str) -> Result<Option<Matches>, PatternError> {
        let chars: Vec<char> = text.chars().collect();
        let mut machine = run::Machine::new(&self.program, &chars);
        let slice = |range: &Range<usize>| -> String {
            chars
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .collect()
        };
        let Some(first) = machine.find(0, self.flags.sticky)? else {
            return Ok(None);
        };
        if !self.flags.global {
            return Ok(Some(first.iter().map(|g| g.as_ref().map(slice)).collect()));
        }
        let mut all = Vec::new();
        let mut next = Some(first);
        while let Some(groups) = next {
            let Some(Some(whole)) = groups.first() else {
                break;
            };
            all.push(Some(slice(whole)));
            let from = whole.end + usize::from(whole.is_empty());
            next = if from > chars.len() {
                None
            } else {
                machine.find(from, self.flags.sticky)?
            };
        }
        Ok(Some(all))
    }
}

impl Flags {
    fn read(text: &str) -> Result<Self, PatternError> {
        let mut flags = Self::default();
        for (at, c) in text.char_indices() {
            let twice = text.get(..at).is_some_and(|before| before.contains(c));
            match c {
                _ if twice => return Err(invalid(format!("the flag `{c}` stands twice"))),
                'd' => {}
                'g' => flags.global = true,
                'i' => flags.ignore_case = true,
                'm' => flags.multiline = true,
                's' => flags.dot_all = true,
                'u' | 'v' if text.contains('u') && text.contains('v') => {
                    return Err(invalid("the flags `u` and `v` exclude each other"));
                }
                'u' => flags.unicode = true,
                'v' => return Err(PatternError::Beyond("the flag `v` is not evaluated")),
                'y' => flags.sticky = true,
                other => return Err(invalid(format!("`{other}` is no flag"))),
            }
        }
        Ok(flags)
    }
}

fn invalid(message: impl Into<String>) -> PatternError {
    PatternError::Invalid(message.into())
}

#[cfg(test)]
mod tests;
