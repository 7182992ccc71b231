//! Compose's interpolation of variables, to the letter: `$NAME`, `${NAME}`, and `${NAME` with one of
//! the operators `:-` `-` `:+` `+` `:?` `?` and a text that is interpolated in turn. `$$` is a
//! dollar, and so is one that no name follows. Where the values come from is the caller's affair.

use thiserror::Error;

/// Defaults nest; deeper than this they are refused.
const MAX_DEPTH: usize = 32;

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
}

/// What an interpolation met on its way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interpolated {
    /// The text.
    pub text: String,
    /// Variables that had no value and no default.
    pub unset: Vec<String>,
    /// Variables whose default was taken.
    pub defaulted: Vec<String>,
}

/// Replaces variables; `lookup` gives `None` for one that is not set.
///
/// # Errors
/// The template is invalid, or requires a variable that is missing.
pub fn interpolate(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Interpolated, InterpolateError> {
    let mut out = Interpolated::default();
    let text = expand(template, lookup, &mut out, 0)?;
    out.text = text;
    Ok(out)
}

fn expand(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    out: &mut Interpolated,
    depth: usize,
) -> Result<String, InterpolateError> {
    if depth > MAX_DEPTH {
        return Err(InterpolateError::Invalid(template.to_owned()));
    }
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        text.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let name = name_length(after);
        if let Some(tail) = after.strip_prefix('$') {
            text.push('$');
            rest = tail;
        } else if let Some(inside) = after.strip_prefix('{') {
            let invalid = || InterpolateError::Invalid(template.to_owned());
            let (braces, tail) = Braces::read(inside).ok_or_else(invalid)?;
            text.push_str(&braces.value(lookup, out, depth)?);
            rest = tail;
        } else if name > 0 {
            let (name, tail) = after.split_at_checked(name).unwrap_or((after, ""));
            text.push_str(&plain(name, lookup, out));
            rest = tail;
        } else {
            text.push('$');
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(text)
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

fn plain(name: &str, lookup: &dyn Fn(&str) -> Option<String>, out: &mut Interpolated) -> String {
    lookup(name).unwrap_or_else(|| {
        out.unset.push(name.to_owned());
        String::new()
    })
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

    fn value(
        &self,
        lookup: &dyn Fn(&str) -> Option<String>,
        out: &mut Interpolated,
        depth: usize,
    ) -> Result<String, InterpolateError> {
        let Some((operator, empty_is_none, text)) = self.operation else {
            return Ok(plain(self.name, lookup, out));
        };
        let value = lookup(self.name).filter(|value| !(empty_is_none && value.is_empty()));
        match (operator, value) {
            (Operator::Default | Operator::Required, Some(value)) => Ok(value),
            (Operator::Default, None) => {
                out.defaulted.push(self.name.to_owned());
                expand(text, lookup, out, depth + 1)
            }
            (Operator::Alternative, Some(_)) => expand(text, lookup, out, depth + 1),
            (Operator::Alternative, None) => Ok(String::new()),
            (Operator::Required, None) => Err(InterpolateError::Required {
                name: self.name.to_owned(),
                message: expand(text, lookup, out, depth + 1)?,
            }),
        }
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
    fn what_was_missing_is_told() {
        let done = interpolate("${A:-1}${B}$C${D:+x}", &|_| None).unwrap();
        assert_eq!(done.defaulted, ["A"]);
        assert_eq!(done.unset, ["B", "C"]);
    }
}
