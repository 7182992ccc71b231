//! What JavaScript means by white space and by a number in text.
//!
//! The action is a JavaScript program, so its trimming and its reading of `priority`, `group` and
//! the length of a commit are those of that language. Only these rules live here.

/// Whether JavaScript trims this character: its white space and its line ends.
pub(crate) fn is_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// The text without the space around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// What `Number(text)` gives; `None` for what is not a number.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = trim(text);
    if text.is_empty() {
        return Some(0.0);
    }
    for (mark, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let prefixed = text
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if prefixed {
            return digits(text.get(2..)?, radix);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "Infinity" {
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        return Some(sign * f64::INFINITY);
    }
    // Rust also reads words such as `inf` and `nan`, which JavaScript does not.
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !unsigned.chars().all(plain)
    {
        return None;
    }
    text.parse().ok()
}

fn digits(text: &str, radix: u32) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    text.chars().try_fold(0.0, |sum, c| {
        Some(sum * f64::from(radix) + f64::from(c.to_digit(radix)?))
    })
}

/// The text that JavaScript writes for a number.
pub(crate) fn number_text(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_infinite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    let size = value.abs();
    if (1e-6..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    if text.contains("e-") {
        text
    } else {
        text.replace('e', "e+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_javascript_reads_them() {
        for (text, value) in [
            ("", 0.0),
            (" 12 ", 12.0),
            ("0x10", 16.0),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("-3", -3.0),
            ("00", 0.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in [
            "abc", "1a", "inf", "nan", "0x", "0xg", "1_0", "-0x1", ".", "e1", "--1",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        assert_eq!(number_text(20_240_301.0), "20240301");
        assert_eq!(number_text(1e20), "100000000000000000000");
        assert_eq!(number_text(1e21), "1e+21");
        assert_eq!(number_text(-0.0), "0");
    }
}
