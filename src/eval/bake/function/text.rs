//! Functions of text.

use super::{Call, MANY, Named, Returned, Stop, between, exactly};
use crate::eval::bake::value::Value;
use crate::eval::unknown::{self, Mark};

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "lower",
        exactly(1, |call| call.give(&call.text(0)?.to_lowercase())),
    ),
    (
        "upper",
        exactly(1, |call| call.give(&call.text(0)?.to_uppercase())),
    ),
    (
        "title",
        exactly(1, |call| call.give(&title(&call.text(0)?))),
    ),
    ("trim", exactly(2, trim)),
    (
        "trimspace",
        exactly(1, |call| call.give(call.text(0)?.trim())),
    ),
    ("trimprefix", exactly(2, trim_prefix)),
    ("trimsuffix", exactly(2, trim_suffix)),
    (
        "chomp",
        exactly(1, |call| {
            call.give(call.text(0)?.trim_end_matches(['\n', '\r']))
        }),
    ),
    ("indent", exactly(2, indent)),
    ("replace", exactly(3, replace)),
    ("split", exactly(2, split)),
    ("join", between(1, MANY, join)),
    ("substr", exactly(3, substr)),
    (
        "strlen",
        exactly(1, |call| {
            Ok(Value::Number(call.known_text(0)?.chars().count() as f64))
        }),
    ),
    (
        "byteslen",
        exactly(1, |call| {
            Ok(Value::Number(call.known_text(0)?.len() as f64))
        }),
    ),
    ("bytesslice", exactly(3, bytes_slice)),
    (
        "reverse",
        exactly(1, |call| {
            let text: String = call.text(0)?.chars().rev().collect();
            call.give(&text)
        }),
    ),
    ("sanitize", exactly(1, sanitize)),
    (
        "basename",
        exactly(1, |call| call.give(basename(&call.text(0)?))),
    ),
    (
        "dirname",
        exactly(1, |call| call.give(&dirname(&call.text(0)?))),
    ),
];

/// The first letter of each word in upper case.
fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut starts = true;
    for c in text.chars() {
        if starts {
            titled.extend(c.to_uppercase());
        } else {
            titled.push(c);
        }
        starts = match c {
            '_' => false,
            c if c.is_ascii() => !c.is_ascii_alphanumeric(),
            // What an unknown part ends with is not known; a word more often goes on than not.
            c if Mark::from_char(c).is_some() => false,
            c => c.is_whitespace(),
        };
    }
    titled
}

fn trim(call: &Call<'_>) -> Returned {
    let cut = call.known_text(1)?;
    call.give(call.text(0)?.trim_matches(|c| cut.contains(c)))
}

fn trim_prefix(call: &Call<'_>) -> Returned {
    let (text, prefix) = (call.text(0)?, call.known_text(1)?);
    call.give(text.strip_prefix(&*prefix).unwrap_or(&text))
}

fn trim_suffix(call: &Call<'_>) -> Returned {
    let (text, suffix) = (call.text(0)?, call.known_text(1)?);
    call.give(text.strip_suffix(&*suffix).unwrap_or(&text))
}

fn indent(call: &Call<'_>) -> Returned {
    let blanks = usize::try_from(call.whole(0)?).unwrap_or(0);
    call.budget.text(blanks)?;
    let text = call.text(1)?;
    call.budget
        .text(text.len() + blanks.saturating_mul(text.matches('\n').count()))?;
    call.give(&text.replace('\n', &format!("\n{}", " ".repeat(blanks))))
}

fn replace(call: &Call<'_>) -> Returned {
    let (text, from, to) = (call.text(0)?, call.known_text(1)?, call.text(2)?);
    let count = text.matches(&*from).count();
    call.budget
        .text(text.len().saturating_add(count.saturating_mul(to.len())))?;
    call.give(&text.replace(&*from, &to))
}

fn split(call: &Call<'_>) -> Returned {
    let (separator, text) = (call.known_text(0)?, call.known_text(1)?);
    call.budget.spend(text.len())?;
    let items = if separator.is_empty() {
        text.chars().map(|c| Value::text(&c.to_string())).collect()
    } else {
        text.split(&*separator).map(Value::text).collect()
    };
    Ok(Value::list(items))
}

fn join(call: &Call<'_>) -> Returned {
    let separator = call.text(0)?;
    let mut joined = String::new();
    let mut first = true;
    for index in 1..call.values.len() {
        for item in call.items(index)?.1.iter() {
            let Some(text) = item.to_text() else {
                return Err(call.fault("only strings can be joined"));
            };
            if !first {
                joined.push_str(&separator);
            }
            first = false;
            joined.push_str(&text);
            call.budget.text(joined.len())?;
        }
    }
    call.give(&joined)
}

fn substr(call: &Call<'_>) -> Returned {
    let text = call.text(0)?;
    let (offset, length) = (call.whole(1)?, call.whole(2)?);
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let start = if offset < 0 { offset + count } else { offset };
    let end = if length < 0 {
        count
    } else {
        start.saturating_add(length)
    };
    if let Some(mark) = unknown::first_mark(&text) {
        // What stands before the first unknown part is where it is.
        let known = text.chars().take_while(|c| Mark::from_char(*c).is_none());
        let known = i64::try_from(known.count()).unwrap_or(0);
        if offset < 0 || length < 0 || end > known {
            return Err(Stop::Unknown(mark));
        }
    }
    let start = usize::try_from(start).unwrap_or(0);
    let length = usize::try_from(end).unwrap_or(0).saturating_sub(start);
    let part: String = text.chars().skip(start).take(length).collect();
    call.give(&part)
}

fn bytes_slice(call: &Call<'_>) -> Returned {
    let text = call.known_text(0)?;
    let start = usize::try_from(call.whole(1)?).unwrap_or(usize::MAX);
    let length = usize::try_from(call.whole(2)?).unwrap_or(usize::MAX);
    match text.get(start..start.saturating_add(length)) {
        Some(part) => call.give(part),
        None => Err(call.fault("the text is shorter than that")),
    }
}

/// Whatever a target's name cannot hold becomes an underscore.
fn sanitize(call: &Call<'_>) -> Returned {
    let clean: String = call
        .text(0)?
        .chars()
        .map(|c| {
            let fits = c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let kept = fits || Mark::from_char(c).is_some();
            if kept { c } else { '_' }
        })
        .collect();
    call.give(&clean)
}

fn basename(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    match path.trim_end_matches('/') {
        "" => "/",
        path => path.rsplit('/').next().unwrap_or(path),
    }
}

fn dirname(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => crate::eval::bake::path::clean(folder),
        None => ".".to_owned(),
    }
}
