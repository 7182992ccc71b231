//! Wildcards of `${VAR#x}`, `${VAR%x}` and `${VAR/x/y}`: `*` and `?`, no brackets.

/// Patterns and values longer than this are left alone: no reference is longer.
const MAX_LENGTH: usize = 512;

/// A pattern, read.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    Any,
    Many,
}

impl Pattern {
    /// Reads a pattern; `None` where its escapes are wrong.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' => Token::Many,
                '?' => Token::Any,
                // What had to be escaped for the braces is itself.
                '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
                '\\' => match chars.next()? {
                    c @ ('*' | '?' | '\\') => Token::Char(c),
                    _ => return None,
                },
                c => Token::Char(c),
            });
        }
        Some(Self(tokens))
    }

    /// The text without what matches at its start.
    pub(super) fn without_start(&self, text: &str, longest: bool) -> String {
        let chars: Vec<char> = text.chars().collect();
        let cut = self.ends(&chars, longest).unwrap_or(0);
        chars.iter().skip(cut).collect()
    }

    /// The text without what matches at its end.
    pub(super) fn without_end(&self, text: &str, longest: bool) -> String {
        let chars: Vec<char> = text.chars().rev().collect();
        let reversed = Self(self.0.iter().rev().copied().collect());
        let cut = reversed.ends(&chars, longest).unwrap_or(0);
        chars.iter().skip(cut).rev().collect()
    }

    /// The text with the first match, or all, replaced.
    pub(super) fn replaced(&self, text: &str, with: &str, all: bool) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        let mut done = false;
        while at <= chars.len() {
            let rest = chars.get(at..).unwrap_or_default();
            let found = match done && !all {
                true => None,
                false => self.ends(rest, true),
            };
            if let Some(length) = found {
                done = true;
                out.push_str(with);
                at += length;
                if length > 0 {
                    continue;
                }
            }
            out.extend(chars.get(at));
            at += 1;
        }
        out
    }

    /// How many characters a match at the start takes.
    fn ends(&self, text: &[char], longest: bool) -> Option<usize> {
        if text.len() > MAX_LENGTH || self.0.len() > MAX_LENGTH {
            return None;
        }
        // Which lengths the tokens so far can take.
        let mut reached = vec![false; text.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        for token in &self.0 {
            let mut next = vec![false; text.len() + 1];
            let mut seen = false;
            for (at, slot) in next.iter_mut().enumerate() {
                let here = |at: usize| reached.get(at).copied().unwrap_or(false);
                seen |= here(at);
                let before = at.checked_sub(1);
                *slot = match token {
                    Token::Many => seen,
                    Token::Any => before.is_some_and(here),
                    Token::Char(c) => before.is_some_and(|b| here(b) && text.get(b) == Some(c)),
                };
            }
            reached = next;
        }
        match longest {
            true => reached.iter().rposition(|reached| *reached),
            false => reached.iter().position(|reached| *reached),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_take_the_shortest_or_the_longest() {
        let of = |text: &str| Pattern::read(text).unwrap();
        assert_eq!(of("*/").without_start("a/b/c", false), "b/c");
        assert_eq!(of("*/").without_start("a/b/c", true), "c");
        assert_eq!(of(".*").without_end("1.2.3", false), "1.2");
        assert_eq!(of(".*").without_end("1.2.3", true), "1");
        assert_eq!(of("x").without_end("1.2.3", true), "1.2.3");
        assert_eq!(of("?").replaced("abc", "-", false), "-bc");
        assert_eq!(of(".").replaced("1.2.3", "_", true), "1_2_3");
        assert_eq!(of("").replaced("ab", "-", true), "-a-b-");
        assert!(Pattern::read("\\a").is_none());
    }
}
