//! Regular expression text as a tree, by the rules of JavaScript with its lenient corners.

use super::class::{Class, Item};
use super::{Flags, PatternError, invalid};

/// How deep groups may lie in each other.
const DEPTH: usize = 60;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Char(char),
    Any,
    Class(Class),
    Start,
    End,
    WordEdge {
        negated: bool,
    },
    Group {
        capture: Option<usize>,
        body: Box<Node>,
    },
    /// `(?i:…)`: its own flags.
    Modified {
        flags: Flags,
        body: Box<Node>,
    },
    Back(usize),
    NamedBack(String),
    Look {
        ahead: bool,
        negated: bool,
        body: Box<Node>,
    },
    Repeat(Box<Repeat>),
    Concat(Vec<Node>),
    Either(Vec<Node>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Repeat {
    pub(super) body: Node,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) greedy: bool,
    /// The captures inside, which each round begins without.
    pub(super) captures: std::ops::Range<usize>,
}

/// A parsed pattern.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) node: Node,
    /// How many captures it has, the whole match included.
    pub(super) captures: usize,
    pub(super) names: Vec<(String, usize)>,
}

pub(super) fn parse(source: &str, flags: Flags) -> Result<Parsed, PatternError> {
    let chars: Vec<char> = source.chars().collect();
    let (groups, named) = count_groups(&chars);
    let mut parser = Parser {
        chars,
        at: 0,
        depth: 0,
        flags,
        named,
        groups,
        captures: 1,
        names: Vec::new(),
        used: Vec::new(),
    };
    let node = parser.either()?;
    if parser.at < parser.chars.len() {
        return Err(invalid("a `)` closes nothing"));
    }
    for name in &parser.used {
        if !parser.names.iter().any(|(other, _)| other == name) {
            return Err(invalid(format!("there is no group `{name}`")));
        }
    }
    Ok(Parsed {
        node,
        captures: parser.captures,
        names: parser.names,
    })
}

/// How many groups capture, and whether any has a name: both change what an escape means.
fn count_groups(chars: &[char]) -> (usize, bool) {
    let (mut groups, mut named, mut in_class, mut at) = (0, false, false, 0);
    while let Some(c) = chars.get(at) {
        match c {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let name = chars.get(at + 1) == Some(&'?')
                    && chars.get(at + 2) == Some(&'<')
                    && !matches!(chars.get(at + 3), Some('=' | '!'));
                groups += usize::from(name || chars.get(at + 1) != Some(&'?'));
                named |= name;
            }
            _ => {}
        }
        at += 1;
    }
    (groups, named)
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    flags: Flags,
    named: bool,
    groups: usize,
    captures: usize,
    names: Vec<(String, usize)>,
    used: Vec<String>,
}

type Found<T> = Result<T, PatternError>;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let mut chars = self.chars.get(self.at..).unwrap_or_default().iter();
        let found = wanted.chars().all(|c| chars.next() == Some(&c));
        if found {
            self.at += wanted.chars().count();
        }
        found
    }

    fn either(&mut self) -> Found<Node> {
        if self.depth >= DEPTH {
            return Err(PatternError::Beyond("the pattern is nested too deeply"));
        }
        self.depth += 1;
        let mut branches = vec![self.concat()?];
        while self.take("|") {
            branches.push(self.concat()?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 {
            branches.swap_remove(0)
        } else {
            Node::Either(branches)
        })
    }

    fn concat(&mut self) -> Found<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let before = self.captures;
            let node = self.term(c)?;
            let repeatable = match &node {
                Node::Start | Node::End | Node::WordEdge { .. } => false,
                Node::Look { ahead, .. } => *ahead && !self.flags.unicode,
                _ => true,
            };
            nodes.push(self.repeated(node, repeatable, before)?);
        }
        Ok(Node::Concat(nodes))
    }

    fn repeated(&mut self, body: Node, repeatable: bool, before: usize) -> Found<Node> {
        let start = self.at;
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => match self.braces() {
                Some(bounds) => bounds,
                None if self.flags.unicode => return Err(invalid("a repetition is incomplete")),
                None => return Ok(body),
            },
            _ => return Ok(body),
        };
        if self.at == start {
            self.at += 1;
        }
        if !repeatable {
            return Err(invalid("there is nothing to repeat"));
        }
        if least > most {
            return Err(invalid("the numbers of a repetition are out of order"));
        }
        let greedy = !self.take("?");
        Ok(Node::Repeat(Box::new(Repeat {
            body,
            least,
            most,
            greedy,
            captures: before..self.captures,
        })))
    }

    /// `{2}`, `{2,}` or `{2,3}`; anything else is plain text and stays unread.
    fn braces(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        let found = (|| {
            if !self.take("{") {
                return None;
            }
            let least = self.decimal()?;
            let most = if self.take(",") {
                if self.peek() == Some('}') {
                    usize::MAX
                } else {
                    self.decimal()?
                }
            } else {
                least
            };
            self.take("}").then_some((least, most))
        })();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn decimal(&mut self) -> Option<usize> {
        let start = self.at;
        let mut value = 0_usize;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            value = value.saturating_mul(10).saturating_add(digit as usize);
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    fn term(&mut self, c: char) -> Found<Node> {
        match c {
            '{' if self.flags.unicode || self.braces().is_some() => {
                return Err(invalid("there is nothing to repeat"));
            }
            '*' | '+' | '?' => return Err(invalid("there is nothing to repeat")),
            '}' | ']' if self.flags.unicode => return Err(invalid("a bracket stands alone")),
            _ => {}
        }
        self.at += 1;
        Ok(match c {
            '^' => Node::Start,
            '$' => Node::End,
            '.' => Node::Any,
            '(' => self.group()?,
            '[' => Node::Class(self.class()?),
            '\\' => self.escape()?,
            c => Node::Char(c),
        })
    }

    fn group(&mut self) -> Found<Node> {
        let look = [
            ("?=", true, false),
            ("?!", true, true),
            ("?<=", false, false),
            ("?<!", false, true),
        ];
        for (mark, ahead, negated) in look {
            if self.take(mark) {
                let body = Box::new(self.closed()?);
                return Ok(Node::Look {
                    ahead,
                    negated,
                    body,
                });
            }
        }
        let mut capture = None;
        if self.take("?:") {
        } else if self.take("?<") {
            let name = self.group_name()?;
            if self.names.iter().any(|(other, _)| *other == name) {
                return Err(invalid(format!("two groups are called `{name}`")));
            }
            self.names.push((name, self.captures));
            capture = Some(self.captures);
        } else if self.take("?") {
            return self.modified();
        } else {
            capture = Some(self.captures);
        }
        self.captures += usize::from(capture.is_some());
        let body = Box::new(self.closed()?);
        Ok(Node::Group { capture, body })
    }

    fn closed(&mut self) -> Found<Node> {
        let body = self.either()?;
        if self.take(")") {
            Ok(body)
        } else {
            Err(invalid("a group is not closed"))
        }
    }

    fn modified(&mut self) -> Found<Node> {
        let outer = self.flags;
        let mut inner = outer;
        let (mut on, mut seen) = (true, String::new());
        loop {
            let Some(c) = self.peek() else {
                return Err(invalid("a group is not closed"));
            };
            self.at += 1;
            if c == ':' && seen != "-" {
                break;
            }
            if seen.contains(c) {
                return Err(invalid("a group begins wrongly"));
            }
            seen.push(c);
            match c {
                'i' => inner.ignore_case = on,
                'm' => inner.multiline = on,
                's' => inner.dot_all = on,
                '-' => on = false,
                _ => return Err(invalid("a group begins wrongly")),
            }
        }
        self.flags = inner;
        let body = self.closed();
        self.flags = outer;
        Ok(Node::Modified {
            flags: inner,
            body: Box::new(body?),
        })
    }

    /// The name up to `>`.
    fn group_name(&mut self) -> Found<String> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == '>' && !name.is_empty() {
                return Ok(name);
            }
            let first = c.is_alphabetic() || c == '$' || c == '_';
            if !(first || (!name.is_empty() && c.is_numeric())) {
                break;
            }
            name.push(c);
        }
        Err(invalid("the name of a group is wrong"))
    }

    fn escape(&mut self) -> Found<Node> {
        let Some(c) = self.peek() else {
            return Err(invalid("a `\\` stands at the end"));
        };
        if let Some(class) = Class::of_escape(c) {
            self.at += 1;
            return Ok(Node::Class(class));
        }
        match c {
            'b' | 'B' => {
                self.at += 1;
                return Ok(Node::WordEdge { negated: c == 'B' });
            }
            'k' if self.named || self.flags.unicode => {
                self.at += 1;
                if !self.take("<") {
                    return Err(invalid("`\\k` names no group"));
                }
                let name = self.group_name()?;
                self.used.push(name.clone());
                return Ok(Node::NamedBack(name));
            }
            '1'..='9' => {
                let start = self.at;
                let number = self.decimal().unwrap_or(usize::MAX);
                if number <= self.groups {
                    return Ok(Node::Back(number));
                }
                if self.flags.unicode {
                    return Err(invalid("there is no such group"));
                }
                self.at = start;
            }
            _ => {}
        }
        self.character(c, false).map(Node::Char)
    }

    /// An escape that stands for one character.
    fn character(&mut self, c: char, in_class: bool) -> Found<char> {
        self.at += 1;
        let unicode = self.flags.unicode;
        let simple = match c {
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            _ => None,
        };
        if let Some(simple) = simple {
            return Ok(simple);
        }
        match c {
            'c' => {
                let next = self.peek().filter(|next| {
                    let lenient = in_class && !unicode && (next.is_ascii_digit() || *next == '_');
                    next.is_ascii_alphabetic() || lenient
                });
                if let Some(next) = next {
                    self.at += 1;
                    let control = u32::from(next) % 32;
                    return Ok(char::from_u32(control).unwrap_or(next));
                }
                if unicode {
                    return Err(invalid("`\\c` names no control character"));
                }
                // The backslash stands for itself, and the letter after it, too.
                self.at -= 1;
                Ok('\\')
            }
            'x' => Ok(self.hex(2).map_or_else(|| self.as_is('x', in_class), Ok)?),
            'u' => {
                if unicode && self.take("{") {
                    let digits = (self.at..).map_while(|at| self.chars.get(at));
                    let digits: String = digits.take_while(|c| **c != '}').collect();
                    self.at += digits.chars().count() + 1;
                    let code = u32::from_str_radix(&digits, 16).ok();
                    return code
                        .and_then(char::from_u32)
                        .ok_or_else(|| invalid("`\\u{…}` names no character"));
                }
                Ok(self.hex(4).map_or_else(|| self.as_is('u', in_class), Ok)?)
            }
            '0'..='7' if !unicode => {
                // Octal, as long as it stays below 256.
                let mut code = u32::from(c) - u32::from('0');
                for _ in 0..2 {
                    match self.peek().and_then(|c| c.to_digit(8)) {
                        Some(digit) if code * 8 + digit <= 0o377 => {
                            code = code * 8 + digit;
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                Ok(char::from_u32(code).unwrap_or(c))
            }
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => Ok('\0'),
            'p' | 'P' if unicode => {
                Err(PatternError::Beyond("classes of Unicode are not evaluated"))
            }
            c => self.as_is(c, in_class),
        }
    }

    /// An escaped character that stands for itself.
    fn as_is(&self, c: char, in_class: bool) -> Found<char> {
        let syntax = "^$\\.*+?()[]{}|/".contains(c) || (in_class && c == '-');
        if self.flags.unicode && !syntax {
            return Err(invalid(format!("`\\{c}` is no escape")));
        }
        Ok(c)
    }

    fn hex(&mut self, length: usize) -> Option<char> {
        let digits = self.chars.get(self.at..self.at + length)?;
        let code = digits
            .iter()
            .try_fold(0, |code, c| Some(code * 16 + c.to_digit(16)?))?;
        let c = char::from_u32(code)?;
        self.at += length;
        Some(c)
    }

    fn class(&mut self) -> Found<Class> {
        let mut class = Class {
            negated: self.take("^"),
            items: Vec::new(),
        };
        loop {
            if self.take("]") {
                return Ok(class);
            }
            let first = self.class_atom()?;
            let ranges = self.peek() == Some('-')
                && !matches!(self.chars.get(self.at + 1), Some(']') | None);
            if !ranges {
                class.items.push(first);
                continue;
            }
            self.at += 1;
            let last = self.class_atom()?;
            match (&first, &last) {
                (Item::Range(start, _), Item::Range(end, _)) => {
                    if start > end {
                        return Err(invalid("a range of characters is out of order"));
                    }
                    class.items.push(Item::Range(*start, *end));
                }
                _ if self.flags.unicode => return Err(invalid("a class cannot bound a range")),
                _ => class.items.extend([first, Item::Range('-', '-'), last]),
            }
        }
    }

    /// One character of a class, as a range of its own, or a class such as `\d`.
    fn class_atom(&mut self) -> Found<Item> {
        let Some(c) = self.peek() else {
            return Err(invalid("a class of characters is not closed"));
        };
        self.at += 1;
        if c != '\\' {
            return Ok(Item::Range(c, c));
        }
        let Some(c) = self.peek() else {
            return Err(invalid("a `\\` stands at the end"));
        };
        if let Some(item) = Item::of_escape(c) {
            self.at += 1;
            return Ok(item);
        }
        if c == 'b' {
            self.at += 1;
            return Ok(Item::Range('\u{8}', '\u{8}'));
        }
        let c = self.character(c, true)?;
        Ok(Item::Range(c, c))
    }
}
