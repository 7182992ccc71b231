//! Regular expression text as a tree, by the rules of JavaScript with its lenient corners.

use super::tree::{Node, Parsed, Repeat};
use super::{Flags, PatternError, invalid};

/// How deep groups may lie in each other.
const DEPTH: usize = 60;

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

pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    depth: usize,
    pub(super) flags: Flags,
    pub(super) named: bool,
    pub(super) groups: usize,
    captures: usize,
    names: Vec<(String, usize)>,
    pub(super) used: Vec<String>,
}

pub(super) type Found<T> = Result<T, PatternError>;

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn take(&mut self, wanted: &str) -> bool {
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

    pub(super) fn decimal(&mut self) -> Option<usize> {
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
    pub(super) fn group_name(&mut self) -> Found<String> {
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
}
