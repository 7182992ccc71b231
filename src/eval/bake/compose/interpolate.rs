//! Compose's replacement of variables, where values may be unknown.

use crate::eval::unknown::{self, Mark};

/// Defaults nest; deeper than this they are refused.
const MAX_DEPTH: usize = 32;

/// The text with its variables replaced; `lookup` gives `None` for one that is not set.
///
/// # Errors
/// What is wrong with the template, or which variable it wants.
pub fn interpolate(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    expand(template, lookup, 0)
}

fn expand(
    template: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, String> {
    let refused = || format!("`{template}` is no valid template");
    if depth > MAX_DEPTH {
        return Err(refused());
    }
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            text.push('$');
            rest = after;
        } else if let Some(inside) = after.strip_prefix('{') {
            let end = closing(inside).ok_or_else(refused)?;
            let (inner, after) = inside.split_at_checked(end).ok_or_else(refused)?;
            let value = braced(inner, lookup, depth).map_err(|why| why.unwrap_or_else(refused))?;
            text.push_str(&value);
            rest = after.strip_prefix('}').unwrap_or(after);
        } else {
            let (name, after) = split_name(after);
            if name.is_empty() {
                text.push('$');
            } else {
                text.push_str(&lookup(name).unwrap_or_default());
            }
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// A variable's name at the start, and what follows it.
fn split_name(text: &str) -> (&str, &str) {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    text.split_at_checked(if starts { end } else { 0 })
        .unwrap_or(("", text))
}

/// Where the brace that was opened before this text is closed; those of variables inside are not.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1_usize;
    let mut dollar = false;
    for (at, c) in text.char_indices() {
        match c {
            '{' if dollar => open += 1,
            '}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        dollar = c == '$';
    }
    None
}

/// What stands between braces; `Err(None)` where it does not follow the grammar.
fn braced(
    inner: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<String, Option<String>> {
    let (name, tail) = split_name(inner);
    if name.is_empty() {
        return Err(None);
    }
    let value = lookup(name);
    if tail.is_empty() {
        return Ok(value.unwrap_or_default());
    }
    let (for_empty, tail) = match tail.strip_prefix(':') {
        Some(tail) => (true, tail),
        None => (false, tail),
    };
    // A value of which nothing is known may be empty: then it is not known what is taken.
    let open = |text: &String| text.chars().all(|c| Mark::from_char(c).is_some());
    let doubtful = for_empty && value.as_ref().is_some_and(|v| !v.is_empty() && open(v));
    let value = value.filter(|value| !(for_empty && value.is_empty()));
    let argument = tail.get(1..).unwrap_or_default();
    let other = || expand(argument, lookup, depth + 1).map_err(Some);
    match (tail.chars().next(), value) {
        (Some('-' | '?'), Some(value)) => Ok(value),
        (Some('-'), None) => other(),
        (Some('?'), None) => Err(Some(format!(
            "the variable `{name}` is required: {}",
            other()?
        ))),
        (Some('+'), Some(value)) if doubtful => {
            Ok(unknown::first_mark(&value).map_or(value, |mark| mark.as_char().to_string()))
        }
        (Some('+'), Some(_)) => other(),
        (Some('+'), None) => Ok(String::new()),
        _ => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn variables_are_replaced() {
        let lookup = |name: &str| match name {
            "A" => Some("a".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (template, wanted) in [
            ("x:$A-y", Some("x:a-y")),
            ("${A}${B}", Some("a")),
            ("${B:-${A:-x}}", Some("a")),
            ("${EMPTY-x}${EMPTY:-y}", Some("y")),
            ("${A:+b}${B:+c}", Some("b")),
            ("$$A ^x$ $1", Some("$A ^x$ $1")),
            ("${B:?no}", None),
            ("${}", None),
            ("${a b}", None),
            ("${A", None),
        ] {
            let got = interpolate(template, &lookup);
            assert_eq!(got.ok().as_deref(), wanted, "{template}");
        }
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        let mark = Unknowns::default().note("T", "not set here").as_char();
        let lookup = |_: &str| Some(mark.to_string());
        assert_eq!(
            interpolate("a:${T:-1}-${T:+x}", &lookup).unwrap(),
            format!("a:{mark}-{mark}")
        );
    }
}
