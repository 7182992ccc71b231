//! Shell patterns against text, either of which may hold unknown parts.

use super::scan::text_of;
use super::truth::Truth;
use crate::eval::unknown::Mark;

/// How many steps a match may take before its outcome counts as unknown.
const STEPS: usize = 50_000;
/// How deep alternatives may nest.
const DEPTH: usize = 8;

/// A pattern, ready to be matched.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glob {
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Char(char),
    AnyChar,
    Star,
    Set {
        negated: bool,
        parts: Vec<Part>,
    },
    Group {
        kind: char,
        ways: Vec<Vec<Token>>,
    },
    /// An unknown part of the pattern itself.
    Hole,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Range(char, char),
    Class(String),
}

impl Glob {
    /// Compiles a pattern in which `\` takes the meaning from the character after it.
    pub(super) fn new(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        Self {
            tokens: compile(&chars, DEPTH),
        }
    }

    /// Whether all of the text matches.
    pub(super) fn matches(&self, text: &[char]) -> Truth {
        let mut steps = STEPS;
        if run(&self.tokens, text, false, &mut steps) {
            return Truth::True;
        }
        let open = text.iter().any(|c| Mark::from_char(*c).is_some()) || self.has_hole();
        if steps == 0 || (open && self.could_match(text)) {
            return Truth::Unknown;
        }
        Truth::False
    }

    /// Whether the text could match once its unknown parts are filled in.
    pub(super) fn could_match(&self, text: &[char]) -> bool {
        let mut steps = STEPS;
        run(&self.tokens, text, true, &mut steps) || steps == 0
    }

    fn has_hole(&self) -> bool {
        self.tokens.iter().any(|token| match token {
            Token::Hole => true,
            Token::Group { ways, .. } => ways.iter().flatten().any(|t| *t == Token::Hole),
            _ => false,
        })
    }

    /// The text that it matches and no other, where it has no wildcard.
    pub(super) fn literal(&self) -> Option<Vec<char>> {
        self.tokens
            .iter()
            .map(|token| match token {
                Token::Char(c) => Some(*c),
                _ => None,
            })
            .collect()
    }

    /// Whether whatever it matches is one character long.
    pub(super) fn is_one_char(&self) -> bool {
        matches!(
            self.tokens.as_slice(),
            [Token::Char(_) | Token::AnyChar | Token::Set { .. }]
        )
    }
}

/// A text as a pattern that matches only it.
pub(super) fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        if matches!(
            c,
            '*' | '?' | '[' | ']' | '\\' | '(' | ')' | '|' | '@' | '+' | '!'
        ) {
            into.push('\\');
        }
        into.push(c);
    }
}

fn compile(pattern: &[char], depth: usize) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = pattern.get(at) {
        at += 1;
        let token = match c {
            '\\' => {
                let next = pattern.get(at).copied().unwrap_or('\\');
                at += 1;
                Token::Char(next)
            }
            '@' | '?' | '+' | '*' | '!' if depth > 0 && pattern.get(at) == Some(&'(') => {
                match group(pattern, at + 1, depth - 1) {
                    Some((ways, end)) => {
                        at = end;
                        Token::Group { kind: *c, ways }
                    }
                    None => Token::Char(*c),
                }
            }
            '*' => Token::Star,
            '?' => Token::AnyChar,
            '[' => match set(pattern, at) {
                Some((token, end)) => {
                    at = end;
                    token
                }
                None => Token::Char('['),
            },
            c if Mark::from_char(*c).is_some() => Token::Hole,
            c => Token::Char(*c),
        };
        if token != Token::Star || tokens.last() != Some(&Token::Star) {
            tokens.push(token);
        }
    }
    tokens
}

fn group(pattern: &[char], from: usize, depth: usize) -> Option<(Vec<Vec<Token>>, usize)> {
    let mut ways = Vec::new();
    let (mut at, mut start, mut open) = (from, from, 0usize);
    loop {
        match pattern.get(at)? {
            '\\' => at += 1,
            '(' => open += 1,
            ')' if open > 0 => open -= 1,
            ')' => break,
            '|' if open == 0 => {
                ways.push(compile(pattern.get(start..at)?, depth));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    ways.push(compile(pattern.get(start..at)?, depth));
    Some((ways, at + 1))
}

fn set(pattern: &[char], from: usize) -> Option<(Token, usize)> {
    let mut at = from;
    let negated = matches!(pattern.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let first = at;
    let mut parts = Vec::new();
    loop {
        let mut c = *pattern.get(at)?;
        if c == ']' && at > first {
            return Some((Token::Set { negated, parts }, at + 1));
        }
        if c == '[' && pattern.get(at + 1) == Some(&':') {
            let end = (at + 2..pattern.len().min(at + 14))
                .find(|i| pattern.get(*i) == Some(&':') && pattern.get(i + 1) == Some(&']'));
            if let Some(end) = end {
                parts.push(Part::Class(text_of(pattern, at + 2, end)));
                at = end + 2;
                continue;
            }
        }
        if c == '\\' {
            at += 1;
            c = *pattern.get(at)?;
        }
        let high = match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(high)) if *high != ']' => {
                at += 2;
                *high
            }
            _ => c,
        };
        parts.push(Part::Range(c, high));
        at += 1;
    }
}

/// Whether a character is of a named class, such as `upper`.
pub(super) fn in_class(name: &str, c: char) -> bool {
    match name {
        "alpha" => c.is_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_alphanumeric(),
        "upper" => c.is_uppercase(),
        "lower" => c.is_lowercase(),
        "space" => c.is_whitespace(),
        "blank" => matches!(c, ' ' | '\t'),
        "punct" => c.is_ascii_punctuation(),
        "xdigit" => c.is_ascii_hexdigit(),
        "cntrl" => c.is_control(),
        "print" => !c.is_control(),
        "graph" => !c.is_control() && !c.is_whitespace(),
        "word" => c.is_alphanumeric() || c == '_',
        _ => false,
    }
}

impl Token {
    fn takes(&self, c: char) -> bool {
        if Mark::from_char(c).is_some() {
            return false;
        }
        match self {
            Token::Char(own) => *own == c,
            Token::AnyChar => true,
            Token::Set { negated, parts } => {
                let inside = parts.iter().any(|part| match part {
                    Part::Range(low, high) => (*low..=*high).contains(&c),
                    Part::Class(name) => in_class(name, c),
                });
                inside != *negated
            }
            _ => false,
        }
    }
}

/// Every end of a match of `tokens` from the start of `text`, by a table of reachable positions.
/// With `could`, an unknown part of the text stands for whatever suits; without, only `*` takes it.
fn ends(
    tokens: &[Token],
    text: &[char],
    from: &[bool],
    could: bool,
    steps: &mut usize,
) -> Vec<bool> {
    let mut reach = from.to_vec();
    if could {
        spread(&mut reach, text);
    }
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        for (at, _) in reach.iter().enumerate().filter(|(_, on)| **on) {
            *steps = steps.saturating_sub(1);
            let here = text.get(at).copied();
            let hole = here.is_some_and(|c| Mark::from_char(c).is_some());
            match token {
                Token::Star => fill(&mut next, at),
                Token::Hole if could => fill(&mut next, at),
                Token::Hole => {}
                Token::Group { kind, ways } => {
                    let ended = group_ends(*kind, ways, text, at, could, steps);
                    for (slot, on) in next.iter_mut().zip(ended) {
                        *slot |= on;
                    }
                }
                _ if could && hole => set_true(&mut next, at),
                _ if here.is_some_and(|c| token.takes(c)) => set_true(&mut next, at + 1),
                _ => {}
            }
            if *steps == 0 {
                return next;
            }
            if *token == Token::Star {
                break;
            }
        }
        if could {
            spread(&mut next, text);
        }
        reach = next;
    }
    reach
}

fn set_true(table: &mut [bool], at: usize) {
    if let Some(slot) = table.get_mut(at) {
        *slot = true;
    }
}

fn fill(table: &mut [bool], from: usize) {
    for slot in table.iter_mut().skip(from) {
        *slot = true;
    }
}

/// An unknown part may be empty, or end anywhere: what reaches it reaches past it.
fn spread(table: &mut [bool], text: &[char]) {
    for (at, c) in text.iter().enumerate() {
        if Mark::from_char(*c).is_some() && table.get(at) == Some(&true) {
            set_true(table, at + 1);
        }
    }
}

fn group_ends(
    kind: char,
    ways: &[Vec<Token>],
    text: &[char],
    at: usize,
    could: bool,
    steps: &mut usize,
) -> Vec<bool> {
    let single = |from: &[bool], steps: &mut usize| {
        let mut all = vec![false; text.len() + 1];
        for way in ways {
            for (slot, on) in all.iter_mut().zip(ends(way, text, from, could, steps)) {
                *slot |= on;
            }
        }
        all
    };
    let mut start = vec![false; text.len() + 1];
    set_true(&mut start, at);
    let once = single(&start, steps);
    match kind {
        '@' => once,
        '?' => once.iter().zip(&start).map(|(a, b)| *a || *b).collect(),
        '!' => once
            .iter()
            .enumerate()
            .map(|(end, on)| end >= at && (could || !on))
            .collect(),
        _ => {
            let mut all = once.clone();
            let mut last = once;
            loop {
                let next = single(&last, steps);
                let grown = next.iter().zip(&all).any(|(new, old)| *new && !old);
                if !grown || *steps == 0 {
                    break;
                }
                for (slot, on) in all.iter_mut().zip(&next) {
                    *slot |= on;
                }
                last = next;
            }
            if kind == '*' {
                set_true(&mut all, at);
            }
            all
        }
    }
}

fn run(tokens: &[Token], text: &[char], could: bool, steps: &mut usize) -> bool {
    let mut start = vec![false; text.len() + 1];
    set_true(&mut start, 0);
    ends(tokens, text, &start, could, steps).last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    fn of(pattern: &str, text: &str) -> Truth {
        let hole = Unknowns::default().note("x", "y").as_char().to_string();
        let text: Vec<char> = text.replace('?', &hole).chars().collect();
        Glob::new(&pattern.replace('%', &hole)).matches(&text)
    }

    #[test]
    fn patterns_match_known_text() {
        for (pattern, text, holds) in [
            ("v*", "v1.2", true),
            ("refs/tags/*", "refs/tags/v1", true),
            ("[0-9]*.[!a]", "12.3", true),
            ("[[:upper:]]b", "Ab", true),
            ("@(a|b*)", "bcd", true),
            ("+([0-9])", "123", true),
            ("+([0-9])", "12a", false),
            ("!(a|b)", "c", true),
            ("!(a|b)", "a", false),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a[", "a[", true),
            ("*a*b*", "xaxbx", true),
            ("", "", true),
        ] {
            assert_eq!(of(pattern, text), Truth::known(holds), "{pattern} {text}");
        }
    }

    #[test]
    fn unknown_parts_decide_only_what_they_can() {
        for (pattern, text, truth) in [
            ("v*", "v?", Truth::True),
            ("v*", "w?", Truth::False),
            ("v1", "v?", Truth::Unknown),
            ("*-slim", "1?", Truth::Unknown),
            ("*-slim", "?-slim", Truth::True),
            ("*-slim", "?-full", Truth::False),
            ("v%", "v1", Truth::Unknown),
            ("v%", "w1", Truth::False),
        ] {
            assert_eq!(of(pattern, text), truth, "{pattern} {text}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        let text: Vec<char> = "a".repeat(3_000).chars().collect();
        let glob = Glob::new(&format!("{}b", "*a".repeat(500)));
        assert_ne!(glob.matches(&text), Truth::True);
        let nested = format!("{}a{}", "+(".repeat(50), ")".repeat(50));
        let _ = Glob::new(&nested).matches(&text);
    }
}
