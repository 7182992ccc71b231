//! `print`, `println` and `printf`.

use super::TemplateError;
use super::value::Value;

/// Widths and precisions beyond this are cut.
const MAX_WIDTH: usize = 1024;

/// `fmt.Sprint`: a blank between two values of which neither is text.
pub(super) fn print(arguments: &[Value]) -> String {
    let mut text = String::new();
    let mut before: Option<&Value> = None;
    for value in arguments {
        let plain = |value: &Value| !matches!(value, Value::Text(_));
        if before.is_some_and(plain) && plain(value) {
            text.push(' ');
        }
        text.push_str(&value.print());
        before = Some(value);
    }
    text
}

pub(super) fn println(arguments: &[Value]) -> String {
    let texts: Vec<String> = arguments.iter().map(Value::print).collect();
    texts.join(" ") + "\n"
}

#[derive(Default)]
struct Form {
    left: bool,
    zero: bool,
    plus: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

pub(super) fn printf(arguments: &[Value]) -> Result<String, TemplateError> {
    let Some((Value::Text(format), rest)) = arguments.split_first() else {
        return Err(TemplateError::new("printf wants a format"));
    };
    let mut values = rest.iter();
    let mut text = String::new();
    let mut letters = format.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut form = Form::default();
        while let Some(flag) = letters.next_if(|c| matches!(c, '-' | '0' | '+' | '#' | ' ')) {
            match flag {
                '-' => form.left = true,
                '0' => form.zero = true,
                '+' => form.plus = true,
                '#' => form.sharp = true,
                _ => {}
            }
        }
        let mut digits = |letters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            if letters.next_if_eq(&'*').is_some() {
                return match values.next() {
                    Some(Value::Int(number)) => usize::try_from(*number).ok(),
                    _ => None,
                };
            }
            let mut number = None;
            while let Some(digit) = letters.peek().and_then(|c| c.to_digit(10)) {
                letters.next();
                let digit = usize::try_from(digit).unwrap_or(0);
                number = Some((number.unwrap_or(0) * 10 + digit).min(MAX_WIDTH));
            }
            number
        };
        form.width = digits(&mut letters);
        if letters.next_if_eq(&'.').is_some() {
            form.precision = Some(digits(&mut letters).unwrap_or(0));
        }
        match letters.next() {
            None => text.push_str("%!(NOVERB)"),
            Some('%') => text.push('%'),
            Some(verb) => match values.next() {
                Some(value) => text.push_str(&verb_text(verb, value, &form)),
                None => text.push_str(&format!("%!{verb}(MISSING)")),
            },
        }
    }
    let extra: Vec<String> = values
        .map(|value| format!("{}={}", value.type_name(), value.print()))
        .collect();
    if !extra.is_empty() {
        text.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    Ok(text)
}

fn verb_text(verb: char, value: &Value, form: &Form) -> String {
    let sign = |number: i64| if form.plus && number >= 0 { "+" } else { "" };
    let (body, number) = match (verb, value) {
        (_, Value::Unknown(_)) => (value.print(), false),
        ('v' | 'd', Value::Int(number)) => (format!("{}{number}", sign(*number)), true),
        ('x', Value::Int(number)) => (format!("{number:x}"), true),
        ('X', Value::Int(number)) => (format!("{number:X}"), true),
        ('o', Value::Int(number)) => (format!("{number:o}"), true),
        ('b', Value::Int(number)) => (format!("{number:b}"), true),
        ('c', Value::Int(number)) => {
            let c = u32::try_from(*number).ok().and_then(char::from_u32);
            (c.unwrap_or(char::REPLACEMENT_CHARACTER).to_string(), false)
        }
        ('f' | 'F', Value::Float(number)) => {
            let places = form.precision.unwrap_or(6).min(64);
            (format!("{number:.places$}"), true)
        }
        ('g' | 'v', Value::Float(number)) => (number.to_string(), true),
        ('s' | 'v', Value::Text(text)) => match form.precision {
            Some(most) => (text.chars().take(most).collect(), false),
            None if verb == 'v' && form.sharp => (format!("{text:?}"), false),
            None => (text.to_string(), false),
        },
        ('q', Value::Text(text)) => (format!("{text:?}"), false),
        ('x', Value::Text(text)) => {
            let bytes = text.bytes();
            (bytes.map(|byte| format!("{byte:02x}")).collect(), false)
        }
        ('t' | 'v', Value::Bool(truth)) => (truth.to_string(), false),
        ('v' | 's', Value::List(_) | Value::Map(_) | Value::Time(_)) => (value.print(), false),
        ('v', Value::Nil) => ("<nil>".to_owned(), false),
        ('T', _) => (value.type_name().to_owned(), false),
        _ => {
            let shown = format!("%!{verb}({}={})", value.type_name(), value.print());
            return shown;
        }
    };
    let missing = form
        .width
        .unwrap_or(0)
        .min(MAX_WIDTH)
        .saturating_sub(body.chars().count());
    if form.left {
        return body + &" ".repeat(missing);
    }
    if form.zero && number {
        let (sign, digits) = match body.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", body.as_str()),
        };
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    " ".repeat(missing) + &body
}
