//! Compose's interpolation of variables, to the letter.

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
        } else if after.starts_with('{') {
            let Some(end) = closing(after) else {
                return Err(InterpolateError::Invalid(template.to_owned()));
            };
            let inner = after.get(1..end).unwrap_or_default();
            text.push_str(&braced(inner, template, lookup, out, depth)?);
            rest = after.get(end + 1..).unwrap_or_default();
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

/// The `}` that closes the `{` at the start: those of variables inside are passed over.
fn closing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' if at == 0 || bytes.get(at - 1) == Some(&b'$') => open += 1,
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn plain(name: &str, lookup: &dyn Fn(&str) -> Option<String>, out: &mut Interpolated) -> String {
    lookup(name).unwrap_or_else(|| {
        out.unset.push(name.to_owned());
        String::new()
    })
}

fn braced(
    inner: &str,
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    out: &mut Interpolated,
    depth: usize,
) -> Result<String, InterpolateError> {
    let length = name_length(inner);
    let invalid = || InterpolateError::Invalid(template.to_owned());
    let (name, tail) = inner.split_at_checked(length).ok_or_else(invalid)?;
    if name.is_empty() {
        return Err(invalid());
    }
    if tail.is_empty() {
        return Ok(plain(name, lookup, out));
    }
    let (counts_empty, operator, argument) = match tail.strip_prefix(':') {
        Some(tail) => (true, tail.chars().next(), tail.get(1..)),
        None => (false, tail.chars().next(), tail.get(1..)),
    };
    let argument = argument.unwrap_or_default();
    let value = lookup(name).filter(|value| !(counts_empty && value.is_empty()));
    match (operator, value) {
        (Some('-'), Some(value)) => Ok(value),
        (Some('-'), None) => {
            out.defaulted.push(name.to_owned());
            expand(argument, lookup, out, depth + 1)
        }
        (Some('+'), Some(_)) => expand(argument, lookup, out, depth + 1),
        (Some('+'), None) => Ok(String::new()),
        (Some('?'), Some(value)) => Ok(value),
        (Some('?'), None) => Err(InterpolateError::Required {
            name: name.to_owned(),
            message: expand(argument, lookup, out, depth + 1)?,
        }),
        _ => Err(invalid()),
    }
}
