//! Backslash escapes in double-quoted values of `.env` files: `\a \b \c \f \n \r \t \v \\ \" \$`
//! and octal `\0NNN`. Anything else stays as it is.

/// The text with its escapes expanded; `\$` becomes the `$$` that interpolation takes for a dollar.
pub(super) fn expand(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at + 1..).unwrap_or_default();
        let plain = match after.chars().next() {
            Some('a') => Some("\u{7}"),
            Some('b') => Some("\u{8}"),
            Some('f') => Some("\u{c}"),
            Some('n') => Some("\n"),
            Some('r') => Some("\r"),
            Some('t') => Some("\t"),
            Some('v') => Some("\u{b}"),
            Some('\\') => Some("\\"),
            Some('"') => Some("\""),
            Some('$') => Some("$$"),
            _ => None,
        };
        if let Some(plain) = plain {
            out.push_str(plain);
            rest = after.get(1..).unwrap_or_default();
        } else if let Some(digits) = after.strip_prefix('0') {
            rest = octal(digits, &mut out);
        } else {
            out.push('\\');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What follows `\0`: three octal digits are a character, with fewer only the `0` goes.
fn octal<'t>(digits: &'t str, out: &mut String) -> &'t str {
    let length = digits
        .bytes()
        .take(3)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, tail) = digits.split_at_checked(length).unwrap_or((digits, ""));
    let value = u32::from_str_radix(number, 8).ok().filter(|_| length == 3);
    match value.filter(|value| *value <= 255).and_then(char::from_u32) {
        Some(c) => out.push(c),
        None => {
            out.push('\\');
            out.push_str(number);
        }
    }
    tail
}
