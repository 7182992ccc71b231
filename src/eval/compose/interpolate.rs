//! Compose's interpolation of variables, to the letter: `$NAME`, `${NAME}`, and `${NAME` with one of
//! the operators `:-` `-` `:+` `+` `:?` `?` and a text that is interpolated in turn. `$$` is a
//! dollar, and so is one that no name follows. Where the values come from is the caller's affair;
//! they may hold unknown parts.

use std::ops::Range;

use thiserror::Error;

use crate::eval::unknown::{self, Mark};

/// Defaults nest; deeper than this they are refused.
const MAX_DEPTH: usize = 32;

/// Longer texts are refused where a variable makes them longer.
const MAX_TEXT: usize = 128 * 1024;

/// Why a template has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InterpolateError {
    /// It does not follow the grammar.
    #[error("`{0}` is no valid template")]
    Invalid(String),
    /// A variable is required and missing.
    #[error("the variable `{name}` is required: {message}")]
    Required {
        /// The variable.
        name: String,
        /// What the template says of it.
        message: String,
    },
    /// Values that are built of each other grow fast.
    #[error("the text is longer than {MAX_TEXT} bytes once its variables are replaced")]
    TooLong,
}

/// What a variable came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Came {
    /// It has a value, which stands here.
    Set,
    /// It has none, and its default stands here.
    Default,
    /// It has neither, and nothing stands here.
    Unset,
    /// It has a value, for which the text after `+` stands here.
    Alternative,
    /// It has no value, so the text after `+` does not stand here.
    Absent,
}

/// A part of an interpolated text that a variable decides. What a default or an alternative takes
/// from other variables is a piece of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The variable.
    pub variable: String,
    /// What it came to.
    pub came: Came,
    /// Its bytes in the text; empty where nothing stands there.
    pub range: Range<usize>,
}

/// An interpolated text, and what decided over its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interpolated {
    /// The text.
    pub text: String,
    /// What variables decide, in order.
    pub pieces: Vec<Piece>,
}

impl Interpolated {
    /// The variables that came to this, in order, each once.
    #[must_use]
    pub fn variables(&self, came: Came) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.came == came) {
            if !names.contains(&piece.variable.as_str()) {
                names.push(&piece.variable);
            }
        }
        names
    }
}

/// Replaces variables; `lookup` gives `None` for one that is not set.
///
/// # Errors
/// The template is invalid, or requires a variable that is missing.
pub fn interpolate(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Interpolated, InterpolateError> {
    let mut expansion = Expansion {
        lookup,
        out: Interpolated::default(),
    };
    expansion.expand(template, None, 0)?;
    Ok(expansion.out)
}

struct Expansion<'l> {
    lookup: &'l dyn Fn(&str) -> Option<String>,
    out: Interpolated,
}

impl Expansion<'_> {
    /// Appends the text of a template. Its literal parts belong to the variable whose default or
    /// alternative it is, where it is one.
    fn expand(
        &mut self,
        template: &str,
        owner: Option<(&str, Came)>,
        depth: usize,
    ) -> Result<(), InterpolateError> {
        if depth > MAX_DEPTH {
            return Err(InterpolateError::Invalid(template.to_owned()));
        }
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            self.literal(rest.get(..at).unwrap_or_default(), owner);
            let after = rest.get(at + 1..).unwrap_or_default();
            let name = name_length(after);
            if let Some(tail) = after.strip_prefix('$') {
                self.literal("$", owner);
                rest = tail;
            } else if let Some(inside) = after.strip_prefix('{') {
                let invalid = || InterpolateError::Invalid(template.to_owned());
                let (braces, tail) = Braces::read(inside).ok_or_else(invalid)?;
                self.braces(&braces, depth)?;
                rest = tail;
            } else if name > 0 {
                let (name, tail) = after.split_at_checked(name).unwrap_or((after, ""));
                self.plain(name)?;
                rest = tail;
            } else {
                self.literal("$", owner);
                rest = after;
            }
        }
        self.literal(rest, owner);
        Ok(())
    }

    fn literal(&mut self, text: &str, owner: Option<(&str, Came)>) {
        match owner {
            Some((variable, came)) if !text.is_empty() => self.piece(variable, came, text),
            _ => self.out.text.push_str(text),
        }
    }

    fn piece(&mut self, variable: &str, came: Came, text: &str) {
        let start = self.out.text.len();
        self.out.text.push_str(text);
        self.out.pieces.push(Piece {
            variable: variable.to_owned(),
            came,
            range: start..self.out.text.len(),
        });
    }

    fn plain(&mut self, name: &str) -> Result<(), InterpolateError> {
        match (self.lookup)(name) {
            Some(value) => self.value(name, &value)?,
            None => self.piece(name, Came::Unset, ""),
        }
        Ok(())
    }

    fn value(&mut self, name: &str, value: &str) -> Result<(), InterpolateError> {
        if self.out.text.len() + value.len() > MAX_TEXT {
            return Err(InterpolateError::TooLong);
        }
        self.piece(name, Came::Set, value);
        Ok(())
    }

    fn braces(&mut self, braces: &Braces<'_>, depth: usize) -> Result<(), InterpolateError> {
        let name = braces.name;
        let Some((operator, empty_is_none, text)) = braces.operation else {
            return self.plain(name);
        };
        let value = (self.lookup)(name).filter(|value| !(empty_is_none && value.is_empty()));
        match (operator, value) {
            (Operator::Default | Operator::Required, Some(value)) => {
                self.value(name, &value)?;
            }
            (Operator::Default, None) if text.is_empty() => self.piece(name, Came::Default, ""),
            (Operator::Default, None) => {
                self.expand(text, Some((name, Came::Default)), depth + 1)?
            }
            // A value of which nothing is known may be empty: then nothing stands here.
            (Operator::Alternative, Some(value)) if empty_is_none && is_open(&value) => {
                let mark = unknown::first_mark(&value).map(|mark| mark.as_char().to_string());
                self.piece(name, Came::Set, &mark.unwrap_or_default());
            }
            (Operator::Alternative, Some(_)) => {
                self.expand(text, Some((name, Came::Alternative)), depth + 1)?;
            }
            (Operator::Alternative, None) => self.piece(name, Came::Absent, ""),
            (Operator::Required, None) => {
                let mut message = Expansion {
                    lookup: self.lookup,
                    out: Interpolated::default(),
                };
                message.expand(text, None, depth + 1)?;
                return Err(InterpolateError::Required {
                    name: name.to_owned(),
                    message: message.out.text,
                });
            }
        }
        Ok(())
    }
}

/// Whether nothing at all is known of a text.
fn is_open(text: &str) -> bool {
    text.chars().all(|c| Mark::from_char(c).is_some())
}

fn name_length(text: &str) -> usize {
    let mut bytes = text.bytes();
    let first = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    if !bytes.next().is_some_and(first) {
        return 0;
    }
    1 + bytes
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count()
}

/// What an operator does with its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// `-`: it stands in for a missing value.
    Default,
    /// `+`: it replaces a value that is there.
    Alternative,
    /// `?`: it says what is wrong where there is no value.
    Required,
}

/// What stands between `${` and `}`.
struct Braces<'t> {
    name: &'t str,
    /// The operator, whether an empty value counts as none for it, and its text.
    operation: Option<(Operator, bool, &'t str)>,
}

impl<'t> Braces<'t> {
    /// Reads what follows `${`; gives what follows the closing brace.
    fn read(inside: &'t str) -> Option<(Self, &'t str)> {
        let length = name_length(inside);
        let (name, after) = inside.split_at_checked(length).filter(|_| length > 0)?;
        if let Some(rest) = after.strip_prefix('}') {
            let operation = None;
            return Some((Self { name, operation }, rest));
        }
        let (empty_is_none, after) = match after.strip_prefix(':') {
            Some(after) => (true, after),
            None => (false, after),
        };
        let operator = match after.bytes().next()? {
            b'-' => Operator::Default,
            b'+' => Operator::Alternative,
            b'?' => Operator::Required,
            _ => return None,
        };
        let text = after.get(1..)?;
        let end = closing(text)?;
        let operation = Some((operator, empty_is_none, text.get(..end)?));
        Some((Self { name, operation }, text.get(end + 1..)?))
    }
}

/// The brace that closes an operator's text. Braces within it are paired, but the character after an
/// opening one is passed over; where they do not pair up, the last one of the line closes.
fn closing(text: &str) -> Option<usize> {
    let line = text.split('\n').next().unwrap_or(text).as_bytes();
    let last = memchr::memrchr(b'}', line)?;
    let mut open = 1_usize;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'}' if open == 1 => return Some(at),
            b'}' => open -= 1,
            b'{' => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    fn text(template: &str) -> Result<String, InterpolateError> {
        let lookup = |name: &str| (name == "SET").then(|| "v".to_owned());
        interpolate(template, &lookup).map(|done| done.text)
    }

    #[test]
    fn braces_inside_are_paired() {
        for (template, expected) in [
            ("${A:-{}}", "{}"),
            ("${A:-{\"x\":1}}b", "{\"x\":1}b"),
            ("${SET:-{\"x\":1}}b", "vb"),
            ("${A:-}}", "}"),
            ("${A:-{x}", "{x"),
            ("${A:-a}/${SET:-b}", "a/v"),
            ("${A:-${B:-c}}", "c"),
        ] {
            assert_eq!(text(template).unwrap(), expected, "{template}");
        }
        for template in ["${A:-x\ny}", "${A", "${A:-x", "${A:x}"] {
            assert!(text(template).is_err(), "{template}");
        }
    }

    #[test]
    fn hostile_templates_end() {
        assert!(text(&"${A:-".repeat(10_000)).is_err());
        let deep = format!("{}x{}", "${A:-".repeat(100), "}".repeat(100));
        assert!(text(&deep).is_err());
    }

    #[test]
    fn what_decides_is_told() {
        let lookup = |name: &str| (name == "S").then(|| "v".to_owned());
        let done = interpolate("a:${A:-1$S-}${B}$C${D:+x}${S:+y}", &lookup).unwrap();
        assert_eq!(done.text, "a:1v-y");
        assert_eq!(done.variables(Came::Unset), ["B", "C"]);
        let pieces: Vec<_> = done
            .pieces
            .iter()
            .map(|p| (p.variable.as_str(), p.came, p.range.clone()))
            .collect();
        let expected = [
            ("A", Came::Default, 2..3),
            ("S", Came::Set, 3..4),
            ("A", Came::Default, 4..5),
            ("B", Came::Unset, 5..5),
            ("C", Came::Unset, 5..5),
            ("D", Came::Absent, 5..5),
            ("S", Came::Alternative, 5..6),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        let mark = Unknowns::default().note("T", "not set here").as_char();
        let lookup = |_: &str| Some(mark.to_string());
        let done = interpolate("a:${T:-1}-${T:+x}", &lookup).unwrap();
        assert_eq!(done.text, format!("a:{mark}-{mark}"));
    }
}
