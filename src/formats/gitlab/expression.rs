//! The language of `if:` in rules: comparisons of variables with text and patterns, joined with
//! `&&` and `||`.

use regex::RegexBuilder;

use crate::eval::unknown::{self, Mark, Unknowns};
use crate::eval::value::Truth;

/// How deep parentheses may stand in one another.
const DEPTH: usize = 30;

/// The value of a variable; `None` where it is not set.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Variable(String),
    Text(String),
    Pattern(String),
    Null,
    Word(&'static str),
}

/// Whether an expression holds. One that cannot be read is unknown.
#[must_use]
pub fn holds(text: &str, lookup: Lookup<'_>, unknowns: &Unknowns) -> Truth {
    let failed = || {
        let mark = unknowns.note(format!("`{text}`"), "the expression cannot be read");
        Truth::Unknown(mark)
    };
    let Some(tokens) = tokens(text) else {
        return failed();
    };
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        lookup,
        unknowns,
    };
    match parser.either(0) {
        Some(truth) if parser.at == tokens.len() => truth,
        _ => failed(),
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    const SIGNS: [&str; 8] = ["==", "!=", "=~", "!~", "&&", "||", "(", ")"];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |text: &str, more: fn(char) -> bool| {
            text.find(|c: char| !more(c)).unwrap_or(text.len())
        };
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let after = match first {
            '$' => {
                let inner = rest.get(1..)?;
                let end = word(inner, name);
                tokens.push(Token::Variable(inner.get(..end)?.to_owned()));
                inner.get(end..)?
            }
            '"' | '\'' => {
                let inner = rest.get(1..)?;
                let end = inner.find(first)?;
                tokens.push(Token::Text(inner.get(..end)?.to_owned()));
                inner.get(end + 1..)?
            }
            '/' => {
                let end = pattern_end(rest)?;
                tokens.push(Token::Pattern(rest.get(..end)?.to_owned()));
                rest.get(end..)?
            }
            'n' if rest.starts_with("null") => {
                tokens.push(Token::Null);
                rest.get(4..)?
            }
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
                tokens.push(Token::Word(sign));
                rest.get(sign.len()..)?
            }
        };
        rest = after.trim_start();
    }
    Some(tokens)
}

/// Where a pattern with its flags ends.
fn pattern_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '/' => {
                let flags = text.get(at + 1..)?;
                let end = flags.find(|c: char| !matches!(c, 'i' | 'm' | 's' | 'U'));
                return Some(at + 1 + end.unwrap_or(flags.len()));
            }
            _ => {}
        }
    }
    None
}

/// Whether a `/pattern/flags` matches somewhere in a text; `None` where it is no pattern.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    let body = pattern.strip_prefix('/')?;
    let end = body.rfind('/')?;
    let flags = body.get(end + 1..)?;
    let body = body.get(..end)?.replace("\\/", "/");
    let regex = RegexBuilder::new(&body)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(1 << 20)
        .build()
        .ok()?;
    Some(regex.is_match(text))
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    lookup: Lookup<'a>,
    unknowns: &'a Unknowns,
}

/// An operand: nothing, or text in which parts may not be known.
type Operand = Option<String>;

impl Parser<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Word(own)) if *own == word);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self, depth: usize) -> Option<Truth> {
        let mut truth = self.both(depth)?;
        while self.take("||") {
            truth = truth.or(self.both(depth)?);
        }
        Some(truth)
    }

    fn both(&mut self, depth: usize) -> Option<Truth> {
        let mut truth = self.one(depth)?;
        while self.take("&&") {
            truth = truth.and(self.one(depth)?);
        }
        Some(truth)
    }

    fn one(&mut self, depth: usize) -> Option<Truth> {
        if depth > DEPTH {
            return None;
        }
        if self.take("(") {
            let truth = self.either(depth + 1)?;
            return self.take(")").then_some(truth);
        }
        let left = self.operand()?;
        for (sign, negated) in [("==", false), ("!=", true)] {
            if self.take(sign) {
                let right = self.operand()?;
                let same = self.same(&left, &right);
                return Some(if negated { !same } else { same });
            }
        }
        for (sign, negated) in [("=~", false), ("!~", true)] {
            if self.take(sign) {
                let pattern = self.operand()?;
                let found = self.found(&left, &pattern);
                return Some(if negated { !found } else { found });
            }
        }
        Some(match left {
            None => Truth::False,
            Some(text) if text.chars().any(|c| Mark::from_char(c).is_none()) => Truth::True,
            Some(text) => match unknown::first_mark(&text) {
                Some(mark) => Truth::Unknown(mark),
                None => Truth::False,
            },
        })
    }

    fn operand(&mut self) -> Option<Operand> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(match token {
            Token::Variable(name) => (self.lookup)(name),
            Token::Text(text) | Token::Pattern(text) => Some(text.clone()),
            Token::Null => None,
            Token::Word(_) => return None,
        })
    }

    fn same(&self, left: &Operand, right: &Operand) -> Truth {
        let texts = [left, right].map(|side| side.as_deref().unwrap_or_default());
        let mark = texts.iter().find_map(|text| unknown::first_mark(text));
        let Some(mark) = mark else {
            return Truth::from(left == right);
        };
        let equal = |a: char, b: char| a == b;
        let [left, right] = texts;
        let possible = match (unknown::is_known(left), unknown::is_known(right)) {
            (false, true) => unknown::could_equal(left, right, equal),
            (true, false) => unknown::could_equal(right, left, equal),
            _ => true,
        };
        if possible {
            Truth::Unknown(mark)
        } else {
            Truth::False
        }
    }

    fn found(&self, text: &Operand, pattern: &Operand) -> Truth {
        let Some(text) = text else {
            return Truth::False;
        };
        let pattern = pattern.as_deref().unwrap_or_default();
        let unsettled = unknown::first_mark(text).or_else(|| unknown::first_mark(pattern));
        if let Some(mark) = unsettled {
            return Truth::Unknown(mark);
        }
        match matches(pattern, text) {
            Some(found) => Truth::from(found),
            // A variable that holds no pattern is compared as plain text inside of the other.
            None if !pattern.starts_with('/') => Truth::False,
            None => {
                let what = format!("`{pattern}`");
                Truth::Unknown(self.unknowns.note(what, "the pattern cannot be read"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_rules() {
        let unknowns = Unknowns::default();
        let hole = unknowns.note("variables.X", "settings").as_char();
        let lookup = |name: &str| match name {
            "TAG" => Some("v1.2.3".to_owned()),
            "BRANCH" => Some("main".to_owned()),
            "EMPTY" => Some(String::new()),
            "X" => Some(hole.to_string()),
            "RE" => Some("/^v/".to_owned()),
            _ => None,
        };
        for (text, wanted) in [
            ("$TAG", Some(true)),
            ("$NONE", Some(false)),
            ("$EMPTY", Some(false)),
            ("$NONE == null", Some(true)),
            ("$EMPTY == null", Some(false)),
            ("$EMPTY == \"\"", Some(true)),
            ("$BRANCH == \"main\" && $TAG =~ /^v\\d+/", Some(true)),
            ("$TAG =~ $RE", Some(true)),
            ("$TAG !~ /^V/", Some(true)),
            ("$TAG =~ /^V/i", Some(true)),
            ("$NONE =~ /x/", Some(false)),
            ("$NONE !~ /x/", Some(true)),
            ("($NONE || $TAG) && $BRANCH != 'dev'", Some(true)),
            ("$X == 'a'", None),
            ("$X == 'a' || $TAG", Some(true)),
            ("$X && $NONE", Some(false)),
            ("$TAG ==", None),
        ] {
            let truth = match holds(text, &lookup, &unknowns) {
                Truth::True => Some(true),
                Truth::False => Some(false),
                Truth::Unknown(_) => None,
            };
            assert_eq!(truth, wanted, "{text}");
        }
    }
}
