//! Functions of regular expressions, in the dialect of RE2.

use regex::{Captures, Regex, RegexBuilder};

use super::{Call, Named, Stop, exactly};
use crate::eval::bake::value::{Entries, Value};

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "regex",
        exactly(2, |call| {
            let (pattern, text) = subject(call)?;
            match pattern.captures(&text) {
                Some(found) => Ok(captured(&pattern, &found)),
                None => Err(call.fault("the pattern does not match")),
            }
        }),
    ),
    (
        "regexall",
        exactly(2, |call| {
            let (pattern, text) = subject(call)?;
            let found = pattern.captures_iter(&text);
            Ok(Value::list(
                found.map(|found| captured(&pattern, &found)).collect(),
            ))
        }),
    ),
    (
        "regex_replace",
        exactly(3, |call| {
            let text = call.known_text(0)?;
            let pattern = compile(call, &call.known_text(1)?)?;
            let replacement = call.text(2)?;
            call.budget.spend(text.len())?;
            let count = pattern.find_iter(&text).count();
            call.budget.text(
                count
                    .saturating_mul(replacement.len().saturating_add(text.len().min(64)))
                    .saturating_add(text.len()),
            )?;
            call.give(&pattern.replace_all(&text, &*replacement))
        }),
    ),
];

fn subject(call: &Call<'_>) -> Result<(Regex, std::rc::Rc<str>), Stop> {
    let text = call.known_text(1)?;
    call.budget.spend(text.len())?;
    Ok((compile(call, &call.known_text(0)?)?, text))
}

fn compile(call: &Call<'_>, pattern: &str) -> Result<Regex, Stop> {
    call.budget.spend(1000)?;
    RegexBuilder::new(&ascii_classes(pattern))
        .size_limit(1 << 20)
        .nest_limit(50)
        .build()
        .map_err(|_| call.fault("the pattern cannot be read"))
}

/// RE2's `\d`, `\w` and `\s` know ASCII only.
fn ascii_classes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some('s') => out.push_str("[\\t\\n\\x0C\\r ]"),
            Some('S') => out.push_str("[^\\t\\n\\x0C\\r ]"),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    out
}

/// What a match gives: its groups by name, in order, or all of it.
fn captured(pattern: &Regex, found: &Captures<'_>) -> Value {
    let text = |index: usize| match found.get(index) {
        Some(group) => Value::text(group.as_str()),
        None => Value::NULL,
    };
    if pattern.captures_len() == 1 {
        return text(0);
    }
    let named: Entries = pattern
        .capture_names()
        .enumerate()
        .filter_map(|(index, name)| Some((name?.into(), text(index))))
        .collect();
    if !named.is_empty() {
        return Value::object(named);
    }
    Value::tuple((1..pattern.captures_len()).map(text).collect())
}
