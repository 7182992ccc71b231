//! Numbers as the runner reads and prints them.

/// The number that a text is; empty text is 0, and what is none is NaN.
#[must_use]
pub fn parse(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return thirty_two_bits(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return thirty_two_bits(octal, 8);
    }
    match text {
        "Infinity" | "+Infinity" => return f64::INFINITY,
        "-Infinity" => return f64::NEG_INFINITY,
        _ => {}
    }
    let decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !text.chars().all(decimal) {
        return f64::NAN;
    }
    text.parse().unwrap_or(f64::NAN)
}

/// Hexadecimal and octal numbers have 32 bits, the highest of them the sign.
fn thirty_two_bits(digits: &str, radix: u32) -> f64 {
    if digits.starts_with(['+', '-']) {
        return f64::NAN;
    }
    match u32::from_str_radix(digits, radix) {
        Ok(value) => f64::from(i32::from_ne_bytes(value.to_ne_bytes())),
        Err(_) => f64::NAN,
    }
}

/// A number with at most 15 significant digits, in exponent form where it is very large or small.
#[must_use]
pub fn print(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    if !(-4..15).contains(&exponent) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}E{mark}{:02}", exponent.abs());
    }
    let point = usize::try_from(exponent.max(0)).unwrap_or(0) + 1;
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{digits}");
    }
    let padded = format!("{digits:0<point$}");
    match padded.split_at_checked(point) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, rest)) => format!("{sign}{whole}.{rest}"),
        None => format!("{sign}{padded}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_with_fifteen_digits() {
        for (value, text) in [
            (1.10, "1.1"),
            (1e20, "1E+20"),
            (1e-7, "1E-07"),
            (-0.0, "0"),
            (123_456_789_012_345_678.0, "1.23456789012346E+17"),
            (0.1 + 0.2, "0.3"),
            (-12.5, "-12.5"),
            (100.0, "100"),
            (0.00001, "1E-05"),
            (0.0001, "0.0001"),
        ] {
            assert_eq!(print(value), text);
        }
    }

    #[test]
    fn texts_read_as_numbers() {
        for (text, value) in [
            ("", 0.0),
            (" 12 ", 12.0),
            ("0xff", 255.0),
            ("0xffffffff", -1.0),
            ("0o17", 15.0),
            ("5.", 5.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse(text), value, "{text}");
        }
        for text in ["abc", "1 2", "inf", "0x", "0o9", "--1", "nan"] {
            assert!(parse(text).is_nan(), "{text}");
        }
    }
}
