//! Finding where quotes and expansions end in raw script text.

/// How deep expansions may nest before the rest of the text is taken as one piece.
const DEPTH: usize = 48;

/// The index just past the quote, expansion or escape that starts at `at`; `at + 1` for any other
/// character. An unclosed one ends with the text.
pub(super) fn skip(text: &[char], at: usize) -> usize {
    skip_at(text, at, DEPTH)
}

fn skip_at(text: &[char], at: usize, depth: usize) -> usize {
    let end = text.len();
    if depth == 0 {
        return end;
    }
    match (text.get(at), text.get(at + 1)) {
        (Some('\\'), Some(_)) => at + 2,
        (Some('\''), _) => find(text, at + 1, '\'').map_or(end, |i| i + 1),
        (Some('"'), _) => double(text, at + 1, depth - 1),
        (Some('`'), _) => backtick(text, at + 1),
        (Some('$'), Some('\'')) => ansi(text, at + 2),
        (Some('$'), Some('"')) => double(text, at + 2, depth - 1),
        (Some('$' | '<' | '>'), Some('(')) => parenthesis(text, at + 2, depth - 1),
        (Some('$'), Some('{')) => brace(text, at + 2, depth - 1),
        _ => at + 1,
    }
}

fn find(text: &[char], from: usize, wanted: char) -> Option<usize> {
    (from..text.len()).find(|i| text.get(*i) == Some(&wanted))
}

fn ansi(text: &[char], mut at: usize) -> usize {
    while let Some(c) = text.get(at) {
        match c {
            '\\' => at += 2,
            '\'' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn backtick(text: &[char], mut at: usize) -> usize {
    while let Some(c) = text.get(at) {
        match c {
            '\\' => at += 2,
            '`' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Past the closing `"` of a string whose first character stands at `at`.
fn double(text: &[char], mut at: usize, depth: usize) -> usize {
    while let Some(c) = text.get(at) {
        match (c, text.get(at + 1)) {
            ('"', _) => return at + 1,
            ('\\' | '`', _) | ('$', Some('(' | '{')) => at = skip_at(text, at, depth),
            _ => at += 1,
        }
    }
    text.len()
}

/// Past the `}` that closes an expansion whose first character stands at `at`.
fn brace(text: &[char], mut at: usize, depth: usize) -> usize {
    while let Some(c) = text.get(at) {
        match c {
            '}' => return at + 1,
            '\'' | '"' | '\\' | '`' | '$' => at = skip_at(text, at, depth),
            _ => at += 1,
        }
    }
    text.len()
}

/// Past the `)` that closes what starts at `at`. The `)` of a `case` pattern closes nothing.
fn parenthesis(text: &[char], mut at: usize, depth: usize) -> usize {
    let mut open = 0usize;
    let mut cases = 0usize;
    let mut word = String::new();
    while let Some(c) = text.get(at) {
        if c.is_ascii_alphabetic() {
            word.push(*c);
            at += 1;
            continue;
        }
        let before = std::mem::take(&mut word);
        let ends = c.is_whitespace() || matches!(c, ';' | ')');
        match before.as_str() {
            "case" if ends => cases += 1,
            "esac" if ends => cases = cases.saturating_sub(1),
            _ => {}
        }
        match c {
            '(' => open += 1,
            ')' if open > 0 => open -= 1,
            ')' if cases > 0 => {}
            ')' => return at + 1,
            '#' if starts_word(text, at) => {
                at = find(text, at, '\n').unwrap_or(text.len());
                continue;
            }
            '\'' | '"' | '\\' | '`' | '$' => {
                at = skip_at(text, at, depth);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn starts_word(text: &[char], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| text.get(before))
        .is_none_or(|c| c.is_whitespace() || matches!(c, ';' | '(' | '|' | '&'))
}

/// The characters of a range as text; empty where it does not fit.
pub(super) fn text_of(chars: &[char], start: usize, end: usize) -> String {
    chars
        .get(start..end.min(chars.len()))
        .unwrap_or_default()
        .iter()
        .collect()
}

/// The words of a text that are separated by blanks outside of quotes and expansions, as ranges of
/// characters. A word for which `alone` holds its first characters' length is a word by itself.
pub(super) fn words(text: &[char], alone: impl Fn(&[char]) -> usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        if *c == '\\' && text.get(at + 1) == Some(&'\n') {
            at += 2;
            continue;
        }
        if *c == '#' && starts_word(text, at) {
            at = find(text, at, '\n').unwrap_or(text.len());
            continue;
        }
        let start = at;
        let single = alone(text.get(at..).unwrap_or_default());
        if single > 0 {
            at += single;
        } else {
            while let Some(c) = text.get(at) {
                let rest = text.get(at..).unwrap_or_default();
                if c.is_whitespace() || (at > start && alone(rest) > 0) {
                    break;
                }
                at = skip(text, at);
            }
        }
        found.push((start, at.min(text.len())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expansion_ends_where_bash_ends_it() {
        for (text, length) in [
            ("$(a)b", 4),
            ("$(a $(b) ')' \")\" \\) c)d", 22),
            ("$(case $x in a) b;; esac)c", 25),
            ("$(a # )\n)b", 9),
            ("${a:-${b}'}'}c", 13),
            ("\"a$(b \")\")c\"d", 12),
            ("`a\\`b`c", 6),
            ("'a'b", 3),
            ("$'a\\'b'c", 7),
            ("$(unclosed", 10),
            ("x", 1),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(skip(&chars, 0), length, "{text}");
        }
    }

    #[test]
    fn hostile_nesting_ends() {
        let chars: Vec<char> = "$(\"".repeat(20_000).chars().collect();
        assert!(skip(&chars, 0) <= chars.len());
    }
}
