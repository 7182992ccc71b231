//! Numbers as .NET reads and prints them.

/// The number that a text spells: empty text is 0, what spells none is NaN.
pub(crate) fn parse(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(number) = decimal(text) {
        return number;
    }
    radix(text, "0x", 16)
        .or_else(|| radix(text, "0o", 8))
        .unwrap_or(f64::NAN)
}

/// Digits with sign, point and exponent, or a word for an infinity.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let spells_digits = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if spells_digits || unsigned.eq_ignore_ascii_case("infinity") {
        return text.parse().ok();
    }
    None
}

/// Digits of another base; 32 bits wide, so that the upper half is negative.
fn radix(text: &str, prefix: &str, base: u32) -> Option<f64> {
    let digits = text.strip_prefix(prefix)?;
    if !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    let bits = u32::from_str_radix(digits, base).ok()?;
    Some(f64::from(bits.cast_signed()))
}

/// Whether text with unknown parts could spell a number: no known character rules it out.
pub(crate) fn could_be_number(text: &str) -> bool {
    text.chars().all(|c| {
        crate::eval::unknown::Mark::from_char(c).is_some()
            || c.is_whitespace()
            || c.is_ascii_hexdigit()
            || "+-.xoINFTYnfity".contains(c)
    })
}

/// A number as text, with at most 15 significant digits.
pub(crate) fn print(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let (digits, exponent) = significant(number.abs());
    let point = exponent + 1;
    if !(-3..=15).contains(&point) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{sign}{first}{dot}{rest}E{exponent_sign}{:02}",
            exponent.abs()
        );
    }
    let Ok(whole) = usize::try_from(point) else {
        let zeros = "0".repeat(point.unsigned_abs() as usize);
        return format!("{sign}0.{zeros}{digits}");
    };
    match digits.split_at_checked(whole) {
        Some(("", rest)) => format!("{sign}0.{rest}"),
        Some((all, "")) => format!("{sign}{all}"),
        Some((whole, rest)) => format!("{sign}{whole}.{rest}"),
        None => format!("{sign}{digits:0<whole$}"),
    }
}

/// Up to 15 significant digits without zeros at the end, and the decimal exponent of the first.
/// Halves round away from zero, so the digits are cut from the exact expansion.
fn significant(number: f64) -> (String, i32) {
    // No double has more than 767 significant digits.
    let exact = format!("{number:.770e}");
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let mut exponent = exponent.parse().unwrap_or(0);
    let mut all = mantissa.bytes().filter(u8::is_ascii_digit);
    let mut digits: Vec<u8> = all.by_ref().take(15).collect();
    if all.next().is_some_and(|digit| digit >= b'5') {
        while digits.last() == Some(&b'9') {
            digits.pop();
        }
        match digits.last_mut() {
            Some(last) => *last += 1,
            None => {
                digits.push(b'1');
                exponent += 1;
            }
        }
    }
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    (digits.into_iter().map(char::from).collect(), exponent)
}

/// A number as JSON: whole ones without a point; null for NaN and the infinities.
pub(crate) fn to_json(number: f64) -> serde_json::Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        // Whole and within 2^53: the cast is exact.
        #[allow(clippy::cast_possible_truncation)]
        return (number as i64).into();
    }
    serde_json::Number::from_f64(number).map_or(serde_json::Value::Null, Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_dotnet_prints_them() {
        for (number, text) in [
            (1.10, "1.1"),
            (1e20, "1E+20"),
            (1e-7, "1E-07"),
            (1e-5, "1E-05"),
            (0.0001, "0.0001"),
            (-0.0, "0"),
            (123_456_789_012_345_678.0, "1.23456789012346E+17"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e15, "1E+15"),
            (1e14, "100000000000000"),
            (999_999_999_999_999.9, "1E+15"),
            (0.845_512_408_225_570_1, "0.84551240822557"),
            (-1234.5, "-1234.5"),
            (0.1 + 0.2, "0.3"),
            (1_000_000_000_000.125, "1000000000000.13"),
            (1.5e300, "1.5E+300"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(print(number), text);
        }
    }

    #[test]
    fn text_is_read_as_dotnet_reads_it() {
        for (text, number) in [
            ("", 0.0),
            (" 1.5 ", 1.5),
            ("+5.", 5.0),
            ("-.5", -0.5),
            ("1e3", 1000.0),
            ("0xff", 255.0),
            ("0xFFFFFFFF", -1.0),
            ("0o17", 15.0),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
        ] {
            assert_eq!(parse(text), number, "{text}");
        }
        for text in [
            "1.2.3",
            "0x",
            "0X1",
            "-0x1",
            "0b1",
            "1_0",
            "inf",
            ".",
            "1e",
            "+-1",
            "- 1",
            "NaN",
            "0x100000000",
        ] {
            assert!(parse(text).is_nan(), "{text}");
        }
    }
}
