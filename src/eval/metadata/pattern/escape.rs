//! Escapes and classes of characters in a regular expression.

use super::class::{Class, Item};
use super::parse::{Found, Parser};
use super::tree::Node;
use super::{PatternError, invalid};

impl Parser {
    pub(super) fn escape(&mut self) -> Found<Node> {
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

    pub(super) fn class(&mut self) -> Found<Class> {
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
