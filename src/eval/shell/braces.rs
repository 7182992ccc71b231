//! Brace expansion of a word as written: `{a,b}` and `{1..3}`.

use super::scan;

/// How many words one word may become.
const MOST: usize = 256;

/// Whether a word may have braces that expand.
pub(super) fn may_expand(word: &str) -> bool {
    word.contains('{')
}

/// The words that a word becomes; the word itself where it has no braces that expand.
pub(super) fn expand(word: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut todo = vec![word.to_owned()];
    while let Some(word) = todo.pop() {
        match once(&word) {
            Some(words) if todo.len() + done.len() + words.len() <= MOST => {
                todo.extend(words.into_iter().rev());
            }
            _ => done.push(word),
        }
    }
    done
}

/// The first brace that expands, expanded.
fn once(word: &str) -> Option<Vec<String>> {
    let chars: Vec<char> = word.chars().collect();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if *c == '{'
            && let Some((ways, end)) = ways(&chars, at + 1)
        {
            let before = scan::text_of(&chars, 0, at);
            let after = scan::text_of(&chars, end, chars.len());
            let words = ways.iter().map(|way| format!("{before}{way}{after}"));
            return Some(words.collect());
        }
        at = scan::skip(&chars, at);
    }
    None
}

/// What stands between a brace and its end, one for each way, and where the end is.
fn ways(chars: &[char], from: usize) -> Option<(Vec<String>, usize)> {
    let (mut at, mut start, mut open) = (from, from, 0usize);
    let mut ways = Vec::new();
    loop {
        match chars.get(at)? {
            '{' => open += 1,
            '}' if open > 0 => open -= 1,
            '}' => break,
            ',' if open == 0 => {
                ways.push(scan::text_of(chars, start, at));
                start = at + 1;
            }
            c if c.is_whitespace() => return None,
            _ => {}
        }
        at = scan::skip(chars, at);
    }
    let last = scan::text_of(chars, start, at);
    if ways.is_empty() {
        ways = range(&last)?;
    } else {
        ways.push(last);
    }
    Some((ways, at + 1))
}

fn range(text: &str) -> Option<Vec<String>> {
    let mut parts = text.split("..");
    let (low, high) = (parts.next()?, parts.next()?);
    let step: i64 = parts.next().map_or(Some(1), |step| step.parse().ok())?;
    if let (Ok(low), Ok(high)) = (low.parse::<i64>(), high.parse::<i64>()) {
        let step = step.unsigned_abs().max(1);
        let count = low.abs_diff(high) / step;
        if count >= MOST as u64 {
            return None;
        }
        let step = i64::try_from(step).ok()?;
        let step = if low <= high { step } else { -step };
        let count = i64::try_from(count).ok()?;
        return Some((0..=count).map(|i| (low + i * step).to_string()).collect());
    }
    let mut low_chars = low.chars();
    let mut high_chars = high.chars();
    let (low, high) = (low_chars.next()?, high_chars.next()?);
    let letters = low.is_ascii_alphabetic() && high.is_ascii_alphabetic() && low <= high;
    if !letters || low_chars.next().is_some() || high_chars.next().is_some() {
        return None;
    }
    Some((low..=high).map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn braces() {
        for (word, words) in [
            ("a{b,c}d", "abd acd"),
            ("{a,b}{1..2}", "a1 a2 b1 b2"),
            ("{a,{b,c}}", "a b c"),
            ("${a,b}", "${a,b}"),
            ("'{a,b}'", "'{a,b}'"),
            ("{3..1}", "3 2 1"),
            ("{a}", "{a}"),
            ("{}", "{}"),
            ("{a..c}", "a b c"),
            ("{1..99999999}", "{1..99999999}"),
        ] {
            assert_eq!(expand(word).join(" "), words, "{word}");
        }
        assert!(expand(&"{a,b}".repeat(40)).len() <= 300);
    }
}
