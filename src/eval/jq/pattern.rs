//! Regular expressions: `match`, and what builds on it.

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::evaluate::Stop;
use super::operator::{describe, fail};
use super::value::Value;

/// How far a match may search back.
const BACKTRACKING: usize = 50_000;
/// How long an expression may be.
const LONGEST: usize = 2_000;
/// How many matches are looked for.
const MOST: usize = 5_000;

/// What the flags of an expression say.
pub(super) struct Compiled {
    regex: Regex,
    all: bool,
    skip_empty: bool,
}

/// `test`, or an array of all matches where more than whether there is one is asked; the latter
/// has a match for each item.
pub(super) fn find(
    value: &Value,
    pattern: &Value,
    flags: &Value,
    only_whether: bool,
) -> Result<Value, Stop> {
    let found = matches(value, pattern, flags)?;
    Ok(if only_whether {
        Value::Bool(!found.is_empty())
    } else {
        Value::array(found)
    })
}

/// The matches of an expression, as `jq` describes them.
pub(super) fn matches(value: &Value, pattern: &Value, flags: &Value) -> Result<Vec<Value>, Stop> {
    let Value::String(text) = value else {
        return fail(format!(
            "{} cannot be matched, as it is not a string",
            describe(value)
        ));
    };
    let Value::String(pattern) = pattern else {
        return fail(format!("{} not a string or array", pattern.type_name()));
    };
    let compiled = compile(pattern, flags)?;
    if !value.is_known() {
        return Err(Stop::Unknown);
    }
    let mut found = Vec::new();
    for captures in compiled.regex.captures_iter(&**text) {
        let captures = captures.map_err(|_| Stop::Unknown)?;
        let whole = captures.get(0).ok_or(Stop::Unknown)?;
        if compiled.skip_empty && whole.as_str().is_empty() {
            continue;
        }
        found.push(described(text, &captures, &compiled.regex)?);
        if !compiled.all {
            break;
        }
        if found.len() > MOST {
            return Err(Stop::Unknown);
        }
    }
    Ok(found)
}

fn described(text: &str, captures: &Captures<'_, str>, regex: &Regex) -> Result<Value, Stop> {
    let place = |start: usize| {
        let before = text.get(..start).unwrap_or_default();
        Value::count(before.chars().count())
    };
    let mut groups = Vec::new();
    for (at, name) in regex.capture_names().enumerate().skip(1) {
        let name = name.map_or(Value::Null, Value::text);
        groups.push(match captures.get(at) {
            Some(own) => Value::record([
                ("offset", place(own.start())),
                ("length", Value::count(own.as_str().chars().count())),
                ("string", Value::text(own.as_str())),
                ("name", name),
            ]),
            None => Value::record([
                ("offset", Value::number(-1.0)),
                ("length", Value::number(0.0)),
                ("string", Value::Null),
                ("name", name),
            ]),
        });
    }
    let whole = captures.get(0).ok_or(Stop::Unknown)?;
    Ok(Value::record([
        ("offset", place(whole.start())),
        ("length", Value::count(whole.as_str().chars().count())),
        ("string", Value::text(whole.as_str())),
        ("captures", Value::array(groups)),
    ]))
}

fn compile(pattern: &str, flags: &Value) -> Result<Compiled, Stop> {
    let mut options = String::new();
    let (mut all, mut skip_empty) = (false, false);
    match flags {
        Value::Null => {}
        Value::String(flags) => {
            for flag in flags.chars() {
                match flag {
                    'g' => all = true,
                    'n' => skip_empty = true,
                    'i' | 'x' => options.push(flag),
                    // A dot that matches line breaks, too.
                    'p' => options.push('s'),
                    's' => {}
                    'l' => return Err(Stop::Unknown),
                    _ => {
                        return fail(format!("{flags} is not a valid modifier string"));
                    }
                }
            }
        }
        other => return fail(format!("{} is not a string", describe(other))),
    }
    if pattern.len() > LONGEST || !crate::eval::unknown::is_known(pattern) {
        return Err(Stop::Unknown);
    }
    let mut source = translate(pattern).ok_or(Stop::Unknown)?;
    if !options.is_empty() {
        source = format!("(?{options}){source}");
    }
    let regex = RegexBuilder::new(&source)
        .backtrack_limit(BACKTRACKING)
        .build()
        .map_err(|_| Stop::Unknown)?;
    Ok(Compiled {
        regex,
        all,
        skip_empty,
    })
}

/// The expression in the syntax of the crate: `$` matches before a last line break, too, and `\d`
/// and its like know ASCII and beyond in both.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars();
    let mut bracket = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next()?;
                match next {
                    'h' => out.push_str(if bracket { "0-9a-fA-F" } else { "[0-9a-fA-F]" }),
                    'Z' => out.push_str("(?=\\n?\\z)"),
                    _ => {
                        out.push(c);
                        out.push(next);
                    }
                }
            }
            '[' if !bracket => {
                bracket = true;
                out.push(c);
                // A bracket that comes first stands for itself.
                let rest = chars.as_str();
                let inner = rest.strip_prefix('^').unwrap_or(rest);
                if rest.len() != inner.len() {
                    out.push('^');
                    chars.next();
                }
                if inner.starts_with(']') {
                    out.push_str("\\]");
                    chars.next();
                }
            }
            '[' => {
                // A class by its name; sets in sets are rare enough to be left.
                if !chars.as_str().starts_with(':') {
                    return None;
                }
                out.push(c);
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            ']' if bracket => {
                bracket = false;
                out.push(c);
            }
            '$' if !bracket => out.push_str("(?=\\n?\\z)"),
            c => out.push(c),
        }
    }
    Some(out)
}
