//! `format` and `formatlist`: printf's verbs.

use super::{Call, MANY, Named, Returned, Stop, with_nulls};
use crate::eval::bake::value::{Value, print_number};

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "format",
        with_nulls(1, MANY, |call| {
            let text = format(call, call.values.get(1..).unwrap_or_default())?;
            call.give(&text)
        }),
    ),
    ("formatlist", with_nulls(1, MANY, format_list)),
];

/// Formats once for each item of the lists among the arguments; all lists are equally long.
fn format_list(call: &Call<'_>) -> Returned {
    let arguments = call.values.get(1..).unwrap_or_default();
    let mut count = None;
    for argument in arguments {
        if let Value::List(_, items) = argument {
            if count.is_some_and(|count| count != items.len()) {
                return Err(call.fault("the lists differ in length"));
            }
            count = Some(items.len());
        }
    }
    let Some(count) = count else {
        return Ok(Value::list(vec![Value::text(&format(call, arguments)?)]));
    };
    let mut all = Vec::new();
    for index in 0..count {
        call.budget.spend(arguments.len())?;
        let row: Vec<Value> = arguments
            .iter()
            .map(|argument| match argument {
                Value::List(_, items) => items.get(index).cloned().unwrap_or(Value::NULL),
                other => other.clone(),
            })
            .collect();
        all.push(Value::text(&format(call, &row)?));
    }
    Ok(Value::list(all))
}

/// One verb of a format: flags, width, precision, the argument's number, and the letter.
#[derive(Default)]
struct Verb {
    flags: String,
    width: usize,
    precision: Option<usize>,
    index: Option<usize>,
    letter: char,
}

fn format(call: &Call<'_>, arguments: &[Value]) -> Result<String, Stop> {
    let template = call.known_text(0)?;
    let mut out = String::new();
    let mut rest = &*template;
    let mut next = 0;
    let mut by_number = false;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (verb, after) = read_verb(after).ok_or_else(|| call.fault("a verb is not valid"))?;
        rest = after;
        by_number |= verb.index.is_some();
        let index = verb.index.unwrap_or(next);
        next = index + 1;
        let argument = arguments
            .get(index)
            .ok_or_else(|| call.fault("there are more verbs than arguments"))?;
        call.budget.text(verb.width)?;
        out.push_str(&pad(&verb, print(call, &verb, argument)?));
        call.budget.text(out.len())?;
    }
    out.push_str(rest);
    if !by_number && next < arguments.len() {
        return Err(call.fault("there are more arguments than verbs"));
    }
    Ok(out)
}

fn read_verb(text: &str) -> Option<(Verb, &str)> {
    let mut verb = Verb::default();
    let rest = text.trim_start_matches(['+', '-', '#', ' ', '0']);
    verb.flags = text.get(..text.len() - rest.len())?.to_owned();
    let (width, rest) = digits(rest);
    verb.width = width.unwrap_or(0).min(1 << 21);
    let rest = match rest.strip_prefix('.') {
        Some(rest) => {
            let (precision, rest) = digits(rest);
            verb.precision = Some(precision.unwrap_or(0).min(200));
            rest
        }
        None => rest,
    };
    let rest = match rest.strip_prefix('[') {
        Some(rest) => {
            let (index, rest) = digits(rest);
            verb.index = Some(index?.checked_sub(1)?);
            rest.strip_prefix(']')?
        }
        None => rest,
    };
    let mut chars = rest.chars();
    verb.letter = chars.next()?;
    Some((verb, chars.as_str()))
}

fn digits(text: &str) -> (Option<usize>, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text.get(..text.len() - rest.len());
    (number.and_then(|number| number.parse().ok()), rest)
}

fn print(call: &Call<'_>, verb: &Verb, value: &Value) -> Result<String, Stop> {
    let number = || -> Result<f64, Stop> {
        match value.to_number() {
            Some(number) => number.map_err(Stop::Unknown),
            None => Err(call.fault("a verb needs a number")),
        }
    };
    let text = || -> Result<String, Stop> {
        let text = value.to_text();
        let text = text.ok_or_else(|| call.fault("a verb needs a string"))?;
        Ok(match verb.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_string(),
        })
    };
    // A number that is not known is an unknown part of the text, not an unknown text.
    if let (Value::Unknown(mark), false) = (value, matches!(verb.letter, 's' | 'v')) {
        return Ok(mark.as_char().to_string());
    }
    let signed = |value: f64, digits: String| {
        let plus = verb.flags.contains('+') && value >= 0.0;
        if plus { format!("+{digits}") } else { digits }
    };
    Ok(match verb.letter {
        'v' if verb.flags.contains('#') => super::encoding::to_json(call, value)?,
        'v' => match value {
            Value::Null(_) => "null".to_owned(),
            Value::List(..) | Value::Map(..) => super::encoding::to_json(call, value)?,
            _ => text()?,
        },
        's' => text()?,
        'q' => super::encoding::to_json(call, &Value::text(&text()?))?,
        't' => match value.to_truth() {
            Some(truth) => Value::from(truth).to_text().unwrap_or_default().to_string(),
            None => return Err(call.fault("a verb needs a bool")),
        },
        'd' => signed(number()?, print_number(number()?.trunc())),
        'b' => format!("{:b}", number()? as i64),
        'o' => format!("{:o}", number()? as i64),
        'x' => format!("{:x}", number()? as i64),
        'X' => format!("{:X}", number()? as i64),
        'f' => signed(
            number()?,
            format!("{:.*}", verb.precision.unwrap_or(6), number()?),
        ),
        'g' => print_number(number()?),
        'e' => format!("{:.*e}", verb.precision.unwrap_or(6), number()?),
        _ => return Err(call.fault("there is no such verb")),
    })
}

fn pad(verb: &Verb, text: String) -> String {
    let count = text.chars().count();
    let missing = verb.width.saturating_sub(count);
    if missing == 0 {
        return text;
    }
    let numeric = matches!(verb.letter, 'd' | 'f' | 'x' | 'X' | 'b' | 'o' | 'e' | 'g');
    if verb.flags.contains('-') {
        format!("{text}{}", " ".repeat(missing))
    } else if verb.flags.contains('0') && numeric {
        let (sign, digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) => (text.get(..1).unwrap_or_default(), digits),
            None => ("", text.as_str()),
        };
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{text}", " ".repeat(missing))
    }
}
