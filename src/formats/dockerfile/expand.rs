//! Variables in a word of a Dockerfile, expanded as BuildKit does: quotes, escapes, `${VAR:-x}`,
//! `${VAR:+x}`, `${VAR#x}`, `${VAR%x}`, `${VAR/x/y}`.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

use super::pattern::Pattern;

/// Words longer than this are not expanded; neither is what grows beyond it.
const MAX_LENGTH: usize = 4 * 1024;

/// Alternatives nested deeper than this are not expanded.
const MAX_DEPTH: usize = 32;

/// What is known of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Variable {
    /// Its default.
    Default(String),
    /// It has none, but may be given to the build.
    Open,
    /// The builder sets it, and to what is not known.
    Given,
}

/// The variables in scope, by name.
pub(super) type Variables = HashMap<String, Variable>;

/// What an expansion came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expanded {
    /// Text.
    Known(String),
    /// It rests on these variables, of which no value is known.
    Unknown(Vec<String>),
    /// The builder refuses it, with the reason.
    Refused(String),
}

/// Expands a word.
pub(super) fn expand(word: &str, escape: char, variables: &Variables) -> Expanded {
    let mut expansion = Expansion {
        chars: word.chars().peekable(),
        escape,
        variables,
        unknown: Vec::new(),
        depth: 0,
    };
    if word.len() > MAX_LENGTH {
        return Expanded::Refused(format!("it is longer than {MAX_LENGTH} bytes"));
    }
    match expansion.until(None, false) {
        Err(reason) => Expanded::Refused(reason),
        Ok(text) if expansion.unknown.is_empty() => Expanded::Known(text),
        Ok(_) => {
            expansion.unknown.dedup();
            Expanded::Unknown(expansion.unknown)
        }
    }
}

struct Expansion<'a> {
    chars: Peekable<Chars<'a>>,
    escape: char,
    variables: &'a Variables,
    /// The variables met whose value counts and is not known.
    unknown: Vec<String>,
    depth: usize,
}

type Text = Result<String, String>;

impl Expansion<'_> {
    /// Reads up to a character that ends the part, or to the end; `raw` keeps escapes.
    fn until(&mut self, stop: Option<char>, raw: bool) -> Text {
        let mut text = String::new();
        while let Some(c) = self.chars.peek().copied() {
            if text.len() > MAX_LENGTH {
                return Err(format!("it grows beyond {MAX_LENGTH} bytes"));
            }
            match c {
                c if Some(c) == stop => {
                    self.chars.next();
                    return Ok(text);
                }
                '\'' => {
                    self.chars.next();
                    text.push_str(&self.single_quoted()?);
                }
                '"' => {
                    self.chars.next();
                    text.push_str(&self.double_quoted()?);
                }
                '$' => {
                    self.chars.next();
                    text.push_str(&self.dollar()?);
                }
                c => {
                    self.chars.next();
                    if c != self.escape {
                        text.push(c);
                        continue;
                    }
                    if raw {
                        text.push(c);
                    }
                    text.extend(self.chars.next());
                }
            }
        }
        match stop {
            None => Ok(text),
            Some(stop) => Err(format!("a `{stop}` is missing")),
        }
    }

    fn single_quoted(&mut self) -> Text {
        let mut text = String::new();
        for c in self.chars.by_ref() {
            if c == '\'' {
                return Ok(text);
            }
            text.push(c);
        }
        Err("a `'` is missing".to_owned())
    }

    fn double_quoted(&mut self) -> Text {
        let mut text = String::new();
        while let Some(c) = self.chars.next() {
            match c {
                '"' => return Ok(text),
                '$' => text.push_str(&self.dollar()?),
                c if c == self.escape => match self.chars.peek().copied() {
                    Some(next) if matches!(next, '"' | '$') || next == self.escape => {
                        text.extend(self.chars.next());
                    }
                    Some(_) => text.push(c),
                    None => {}
                },
                c => text.push(c),
            }
        }
        Err("a `\"` is missing".to_owned())
    }

    /// What follows a dollar.
    fn dollar(&mut self) -> Text {
        if self.chars.peek() != Some(&'{') {
            let name = self.name();
            return Ok(match name.as_str() {
                "" => "$".to_owned(),
                name => self.value(name),
            });
        }
        self.chars.next();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("its variables are nested too deeply".to_owned());
        }
        let text = self.braced();
        self.depth -= 1;
        text
    }

    fn braced(&mut self) -> Text {
        if matches!(self.chars.peek(), Some('{' | '}' | ':')) {
            return Err("`${` is followed by no name".to_owned());
        }
        let name = self.name();
        let mut empty_too = false;
        let mut operator = self.chars.next();
        if operator == Some(':') {
            empty_too = true;
            operator = self.chars.next();
        }
        match operator {
            Some('}') if !empty_too => Ok(self.value(&name)),
            Some('-' | '+' | '?') => self.alternative(&name, operator, empty_too),
            Some(end @ ('#' | '%')) => {
                let pattern = self.until(Some('}'), true)?;
                let (longest, pattern) = match pattern.strip_prefix(end) {
                    Some(pattern) => (true, pattern),
                    None => (false, pattern.as_str()),
                };
                let value = self.value(&name);
                let pattern = self.pattern(pattern)?;
                Ok(match end {
                    '#' => pattern.without_start(&value, longest),
                    _ => pattern.without_end(&value, longest),
                })
            }
            Some('/') if !empty_too => {
                let all = self.chars.next_if_eq(&'/').is_some();
                let pattern = self.until(Some('/'), true)?;
                let replacement = self.until(Some('}'), true)?;
                let value = self.value(&name);
                Ok(self.pattern(&pattern)?.replaced(&value, &replacement, all))
            }
            Some(c) => Err(format!("`${{{name}{c}` is no substitution")),
            None => Err("a `}` is missing".to_owned()),
        }
    }

    fn alternative(&mut self, name: &str, operator: Option<char>, empty_too: bool) -> Text {
        let before = self.unknown.len();
        let word = self.until(Some('}'), false)?;
        let set = match self.variables.get(name) {
            Some(Variable::Default(value)) => !(empty_too && value.is_empty()),
            Some(Variable::Given) => true,
            Some(Variable::Open) | None => false,
        };
        match (operator, set) {
            (Some('+'), true) | (Some('-'), false) => return Ok(word),
            (Some('+'), false) => {
                self.unknown.truncate(before);
                return Ok(String::new());
            }
            _ => self.unknown.truncate(before),
        }
        if !set {
            // `?` refuses what is not set; the build must be given it.
            self.unknown.push(name.to_owned());
            return Ok(String::new());
        }
        Ok(self.value(name))
    }

    /// A variable's value; empty where it has none, and noted where that is not known.
    fn value(&mut self, name: &str) -> String {
        match self.variables.get(name) {
            Some(Variable::Default(value)) => value.clone(),
            Some(Variable::Open | Variable::Given) | None => {
                self.unknown.push(name.to_owned());
                String::new()
            }
        }
    }

    fn pattern(&self, pattern: &str) -> Result<Pattern, String> {
        Pattern::read(pattern).ok_or_else(|| format!("`{pattern}` is no pattern"))
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        let special = |c: &char| matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!');
        if let Some(c) = self.chars.next_if(special) {
            return c.to_string();
        }
        let digits = self.chars.peek().is_some_and(char::is_ascii_digit);
        while let Some(c) = self.chars.next_if(|c| match digits {
            true => c.is_ascii_digit(),
            false => c.is_alphanumeric() || *c == '_',
        }) {
            name.push(c);
        }
        name
    }
}
