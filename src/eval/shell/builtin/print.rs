//! `echo` and `printf`.

use crate::eval::shell::Word;
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::truth::Status;

pub(super) fn echo(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let mut newline = true;
    let mut escapes = false;
    let mut rest = arguments;
    while let Some((first, after)) = rest.split_first() {
        let Some(flags) = first.text.strip_prefix('-') else {
            break;
        };
        if flags.is_empty() || !flags.chars().all(|c| matches!(c, 'n' | 'e' | 'E')) {
            break;
        }
        newline &= !flags.contains('n');
        escapes |= flags.contains('e');
        rest = after;
    }
    let texts: Vec<String> = rest.iter().map(|word| shell.settled(word)).collect();
    let mut text = texts.join(" ");
    if escapes {
        text = unescape(&text);
    }
    if newline {
        text.push('\n');
    }
    shell.print(&text);
    Status::Success
}

pub(super) fn printf(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let mut rest = arguments;
    let mut target = None;
    if let [flag, name, after @ ..] = rest
        && flag.text == "-v"
    {
        target = Some(name.text.clone());
        rest = after;
    }
    if let [flag, after @ ..] = rest
        && flag.text == "--"
    {
        rest = after;
    }
    let Some((format, values)) = rest.split_first() else {
        return Status::Failure;
    };
    let format: Vec<char> = format.text.chars().collect();
    let mut values = values.iter();
    let mut text = String::new();
    loop {
        let left = values.len();
        text.push_str(&once(shell, &format, &mut values));
        if values.len() == 0 || values.len() == left || text.len() > 100_000 {
            break;
        }
    }
    match target {
        Some(name) => shell.set_text(&name, text),
        None => shell.print(&text),
    }
    Status::Success
}

/// The format filled in once.
fn once(shell: &Shell<'_>, format: &[char], values: &mut std::slice::Iter<'_, Word>) -> String {
    let mut out = String::new();
    let mut at = 0;
    let mut literal = String::new();
    while let Some(c) = format.get(at) {
        at += 1;
        if *c == '\\' {
            literal.push('\\');
            literal.extend(format.get(at));
            at += 1;
            continue;
        }
        if *c != '%' {
            literal.push(*c);
            continue;
        }
        out.push_str(&unescape(&std::mem::take(&mut literal)));
        if format.get(at) == Some(&'%') {
            out.push('%');
            at += 1;
            continue;
        }
        let start = at;
        while format
            .get(at)
            .is_some_and(|c| "-+ #0123456789.*".contains(*c))
        {
            at += 1;
        }
        let flags: String = format.get(start..at).unwrap_or_default().iter().collect();
        let kind = format.get(at).copied().unwrap_or('s');
        at += 1;
        let value = values
            .next()
            .map(|word| shell.settled(word))
            .unwrap_or_default();
        let value = match kind {
            'b' => unescape(&value),
            'd' | 'i' | 'u' if value.is_empty() => "0".to_owned(),
            _ => value,
        };
        pad(&value, &flags, &mut out);
    }
    out.push_str(&unescape(&literal));
    out
}

fn pad(value: &str, flags: &str, out: &mut String) {
    let left = flags.starts_with('-');
    let fill = if flags.starts_with('0') { '0' } else { ' ' };
    let digits = flags.trim_start_matches(['-', '+', ' ', '#', '0']);
    let (width, precision) = match digits.split_once('.') {
        Some((width, precision)) => (width, precision.parse().ok()),
        None => (digits, None),
    };
    let width: usize = width.parse().unwrap_or(0).min(1_000);
    let value: String = value
        .chars()
        .take(precision.unwrap_or(usize::MAX))
        .collect();
    let missing = width.saturating_sub(value.chars().count());
    if !left {
        out.extend(std::iter::repeat_n(fill, missing));
    }
    out.push_str(&value);
    if left {
        out.extend(std::iter::repeat_n(' ', missing));
    }
}

/// The escapes of `$'…'`, `echo -e` and `printf`.
pub(in crate::eval::shell) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(next) = chars.next() else {
            out.push('\\');
            break;
        };
        let mut number = |radix: u32, most: usize, first: Option<char>| {
            let mut digits: String = first.into_iter().collect();
            while digits.len() < most
                && let Some(c) = chars.next_if(|c| c.is_digit(radix))
            {
                digits.push(c);
            }
            u32::from_str_radix(&digits, radix)
                .ok()
                .and_then(char::from_u32)
        };
        match next {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            'e' | 'E' => out.push('\u{1b}'),
            '\\' | '\'' | '"' => out.push(next),
            'x' => out.extend(number(16, 2, None)),
            'u' => out.extend(number(16, 4, None)),
            'U' => out.extend(number(16, 8, None)),
            '0' => out.extend(number(8, 4, Some('0'))),
            '1'..='7' => out.extend(number(8, 3, Some(next))),
            _ => {
                out.push('\\');
                out.push(next);
            }
        }
    }
    // Escapes name characters of the script's making: none may pass for an unknown part that the
    // text did not hold.
    if crate::eval::unknown::is_known(text) && !crate::eval::unknown::is_known(&out) {
        return crate::eval::unknown::clean(&out).into_owned();
    }
    out
}
