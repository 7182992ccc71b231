//! JSON where it is no YAML: comments, and several values in a row. Bytes keep their places.

use std::ops::Range;

/// The text with blanks in place of comments, outside of strings.
#[must_use]
pub fn without_comments(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => string_end(rest),
            b'/' if rest.starts_with(b"//") => {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                blank(rest.get(..end).unwrap_or_default(), &mut out);
                at += end;
                continue;
            }
            b'/' if rest.starts_with(b"/*") => {
                let inner = rest.get(2..).unwrap_or_default();
                let end = memchr::memmem::find(inner, b"*/").map_or(rest.len(), |end| end + 4);
                blank(rest.get(..end).unwrap_or_default(), &mut out);
                at += end;
                continue;
            }
            _ => 1,
        };
        out.extend_from_slice(rest.get(..length).unwrap_or_default());
        at += length;
    }
    String::from_utf8(out).unwrap_or_default()
}

fn blank(comment: &[u8], out: &mut Vec<u8>) {
    let keep = |byte: &u8| {
        if matches!(byte, b'\n' | b'\r') {
            *byte
        } else {
            b' '
        }
    };
    out.extend(comment.iter().map(keep));
}

/// The bytes of each value that stands at the top, where there are several; braces decide.
#[must_use]
pub fn values(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut depth, mut start) = (0, 0_usize, 0);
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'"' => {
                at += string_end(bytes.get(at..).unwrap_or_default());
                continue;
            }
            b'{' | b'[' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The length of the string that begins the bytes, quotes included.
fn string_end(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_blanks_and_strings_stay() {
        let text = "{\"a\": \"//\\\"/*\", // é\n/* x\n*/ \"b\": 1}";
        let plain = without_comments(text);
        assert_eq!(plain.len(), text.len());
        assert_eq!(
            plain.split_whitespace().collect::<String>(),
            "{\"a\":\"//\\\"/*\",\"b\":1}"
        );
        for broken in ["\"", "/*", "/", "\"\\", "//", "/*/"] {
            assert_eq!(without_comments(broken).len(), broken.len());
        }
    }

    #[test]
    fn values_in_a_row() {
        assert_eq!(values("{\"a\": \"}\"}\n{}"), [0..10, 11..13]);
        assert_eq!(values("}{").len(), 1);
    }
}
