//! Conditions: `[ … ]`, `test` and `[[ … ]]`.

use super::glob::Glob;
use super::interpreter::Shell;
use super::scan::{self, text_of};
use super::state::{Item, Var};
use super::syntax::Raw;
use super::truth::Truth;
use crate::eval::unknown::{self, Mark};

/// How deep conditions may nest.
const DEPTH: usize = 32;
/// How far a regular expression may search back.
const BACKTRACKING: usize = 50_000;

const BINARY: [&str; 15] = [
    "==", "=", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
];

impl Shell<'_> {
    /// `[[ … ]]`: its words are expanded one by one, and not split.
    pub(super) fn double_test(&mut self, raw: &Raw) -> Truth {
        let chars: Vec<char> = raw.text.chars().collect();
        let tokens = double_tokens(&chars);
        let mut reader = Double {
            shell: self,
            tokens: &tokens,
            at: 0,
            depth: DEPTH,
        };
        reader.or().unwrap_or(Truth::Unknown)
    }

    /// `[ … ]` and `test …`, by its arguments.
    pub(super) fn single_test(&mut self, arguments: &[String]) -> Truth {
        let mut at = 0;
        self.single_or(arguments, &mut at, DEPTH)
            .unwrap_or(Truth::Unknown)
    }

    fn single_or(&mut self, words: &[String], at: &mut usize, depth: usize) -> Option<Truth> {
        let mut truth = self.single_and(words, at, depth)?;
        while words.get(*at).is_some_and(|word| word == "-o") {
            *at += 1;
            truth = truth.or(self.single_and(words, at, depth)?);
        }
        Some(truth)
    }

    fn single_and(&mut self, words: &[String], at: &mut usize, depth: usize) -> Option<Truth> {
        let mut truth = self.single_primary(words, at, depth)?;
        while words.get(*at).is_some_and(|word| word == "-a") {
            *at += 1;
            truth = truth.and(self.single_primary(words, at, depth)?);
        }
        Some(truth)
    }

    fn single_primary(&mut self, words: &[String], at: &mut usize, depth: usize) -> Option<Truth> {
        let depth = depth.checked_sub(1)?;
        let left = words.len().saturating_sub(*at);
        let Some(first) = words.get(*at) else {
            return Some(Truth::False);
        };
        let binary = words
            .get(*at + 1)
            .filter(|word| BINARY.contains(&word.as_str()));
        if let (Some(operator), Some(right)) = (binary, words.get(*at + 2)) {
            *at += 3;
            let (left, right) = (first.as_str(), right.as_str());
            return Some(match operator.as_str() {
                "=" | "==" => equal(left, right),
                "!=" => equal(left, right).not(),
                _ => self.compare(operator, left, right),
            });
        }
        if first == "!" && left > 1 {
            *at += 1;
            return Some(self.single_primary(words, at, depth)?.not());
        }
        if first == "(" && left > 2 {
            *at += 1;
            let truth = self.single_or(words, at, depth)?;
            *at += 1;
            return Some(truth);
        }
        if is_unary(first) && left > 1 {
            let word = words.get(*at + 1)?;
            *at += 2;
            return Some(self.unary(first, word));
        }
        *at += 1;
        Some(not_empty(first))
    }

    fn unary(&mut self, operator: &str, word: &str) -> Truth {
        match operator {
            "-n" => not_empty(word),
            "-z" => not_empty(word).not(),
            "-v" => match self.variable(word) {
                Var::Unset => Truth::False,
                _ => Truth::True,
            },
            "-f" | "-e" | "-r" | "-s" => match self.read_file(word) {
                Some(text) if operator == "-s" => not_empty(&text),
                Some(_) => Truth::True,
                None => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    fn compare(&mut self, operator: &str, left: &str, right: &str) -> Truth {
        if !unknown::is_known(left) || !unknown::is_known(right) {
            return Truth::Unknown;
        }
        if matches!(operator, "<" | ">") {
            return Truth::known(if operator == "<" {
                left < right
            } else {
                left > right
            });
        }
        let (left, right) = (self.raw_here(left), self.raw_here(right));
        let (Some(left), Some(right)) = (self.calculate(&left), self.calculate(&right)) else {
            return Truth::Unknown;
        };
        Truth::known(match operator {
            "-eq" => left == right,
            "-ne" => left != right,
            "-lt" => left < right,
            "-le" => left <= right,
            "-gt" => left > right,
            "-ge" => left >= right,
            _ => return Truth::Unknown,
        })
    }

    /// `text =~ expression`, with what its groups matched in `BASH_REMATCH`.
    fn matches(&mut self, text: &str, expression: &str) -> Truth {
        let known = unknown::is_known(text) && unknown::is_known(expression);
        let compiled = known
            .then(|| {
                fancy_regex::RegexBuilder::new(expression)
                    .backtrack_limit(BACKTRACKING)
                    .build()
                    .ok()
            })
            .flatten();
        let found = compiled.as_ref().map(|regex| regex.captures(text));
        let Some(Ok(found)) = found else {
            let what = self.derived("${BASH_REMATCH[@]}", text);
            let items = (0..10).map(|_| Item::new(what.clone())).collect();
            self.state.set("BASH_REMATCH", Var::List(items));
            return Truth::Unknown;
        };
        let Some(groups) = found else {
            self.state.set("BASH_REMATCH", Var::List(Vec::new()));
            return Truth::False;
        };
        let items = groups
            .iter()
            .map(|group| Item::new(group.map_or("", |group| group.as_str())))
            .collect();
        self.state.set("BASH_REMATCH", Var::List(items));
        Truth::True
    }
}

fn is_unary(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next() == Some('-')
        && chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next().is_none()
        && !matches!(word, "-a" | "-o")
}

fn not_empty(text: &str) -> Truth {
    if text.is_empty() {
        Truth::False
    } else if text.chars().any(|c| Mark::from_char(c).is_none()) {
        Truth::True
    } else {
        Truth::Unknown
    }
}

/// Whether two texts are the same once their unknown parts are filled in.
fn equal(left: &str, right: &str) -> Truth {
    let exact = |a: char, b: char| a == b;
    match (unknown::is_known(left), unknown::is_known(right)) {
        (true, true) => Truth::known(left == right),
        (false, true) if !unknown::could_equal(left, right, exact) => Truth::False,
        (true, false) if !unknown::could_equal(right, left, exact) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// The words and operators between `[[` and `]]`.
fn double_tokens(chars: &[char]) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if c.is_whitespace() || (*c == '\\' && chars.get(at + 1) == Some(&'\n')) {
            at += if *c == '\\' { 2 } else { 1 };
            continue;
        }
        let pair = text_of(chars, at, at + 2);
        let previous = tokens.last().map(String::as_str);
        let right_side = matches!(previous, Some("=~" | "==" | "!=" | "="));
        if pair == "&&" || pair == "||" {
            tokens.push(pair);
            at += 2;
            continue;
        }
        if !right_side && matches!(c, '(' | ')')
            || matches!(c, '<' | '>') && chars.get(at + 1) != Some(&'(')
        {
            tokens.push(c.to_string());
            at += 1;
            continue;
        }
        let start = at;
        let mut open = 0usize;
        while let Some(c) = chars.get(at) {
            match c {
                '(' => open += 1,
                ')' if open == 0 && previous != Some("=~") => break,
                ')' => open = open.saturating_sub(1),
                c if c.is_whitespace() && open == 0 => break,
                '&' if open == 0 && chars.get(at + 1) == Some(&'&') => break,
                '|' if open == 0 && chars.get(at + 1) == Some(&'|') => break,
                '[' if right_side => {
                    // Brackets may hold blanks and quotes.
                    let close = (at + 2..chars.len()).find(|i| chars.get(*i) == Some(&']'));
                    let blank = (at..chars.len())
                        .find(|i| chars.get(*i).is_some_and(|c| c.is_whitespace()));
                    if let Some(close) = close
                        && blank.is_none_or(|blank| close < blank)
                    {
                        at = close;
                    }
                }
                _ => {}
            }
            at = scan::skip(chars, at).max(at + 1);
        }
        tokens.push(text_of(chars, start, at));
    }
    tokens
}

struct Double<'s, 'e, 't> {
    shell: &'s mut Shell<'e>,
    tokens: &'t [String],
    at: usize,
    depth: usize,
}

impl Double<'_, '_, '_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn raw(&self, token: &str) -> Raw {
        self.shell.raw_here(token)
    }

    fn or(&mut self) -> Option<Truth> {
        let mut truth = self.and()?;
        while self.peek() == Some("||") {
            self.at += 1;
            truth = truth.or(self.and()?);
        }
        Some(truth)
    }

    fn and(&mut self) -> Option<Truth> {
        let mut truth = self.primary()?;
        while self.peek() == Some("&&") {
            self.at += 1;
            truth = truth.and(self.primary()?);
        }
        Some(truth)
    }

    fn primary(&mut self) -> Option<Truth> {
        self.depth = self.depth.checked_sub(1)?;
        let token = self.next()?;
        let truth = match token.as_str() {
            "!" => self.primary()?.not(),
            "(" => {
                let truth = self.or()?;
                self.at += 1;
                truth
            }
            word if is_unary(word) && !matches!(self.peek(), None | Some("&&" | "||" | ")")) => {
                let operand = self.next()?;
                let operand = self.shell.text(&self.raw(&operand));
                self.shell.unary(&token, &operand)
            }
            _ => {
                let left = self.shell.text(&self.raw(&token));
                match self.peek().map(str::to_owned) {
                    Some(operator) if BINARY.contains(&operator.as_str()) => {
                        self.at += 1;
                        let right = self.next()?;
                        self.binary(&left, &operator, &right)
                    }
                    _ => not_empty(&left),
                }
            }
        };
        self.depth += 1;
        Some(truth)
    }

    fn binary(&mut self, left: &str, operator: &str, right: &str) -> Truth {
        let raw = self.raw(right);
        match operator {
            "=" | "==" | "!=" => {
                let pattern = self.shell.pattern(&raw);
                let chars: Vec<char> = left.chars().collect();
                let truth = Glob::new(&pattern).matches(&chars);
                if operator == "!=" { truth.not() } else { truth }
            }
            "=~" => {
                let expression = self.shell.regex(&raw);
                self.shell.matches(left, &expression)
            }
            _ => {
                let right = self.shell.text(&raw);
                self.shell.compare(operator, left, &right)
            }
        }
    }
}
