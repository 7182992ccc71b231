//! The parser: terms and what follows them.

use super::lex::{Part, Token};
use super::parse::Parser;
use super::syntax::{Filter, Piece};

/// Words that are no names of functions.
const KEYWORDS: [&str; 17] = [
    "def", "if", "then", "elif", "else", "end", "as", "reduce", "foreach", "try", "catch", "label",
    "import", "include", "and", "or", "__loc__",
];

/// A text without interpolation.
pub(super) fn plain(text: &str) -> Filter {
    Filter::Text(None, vec![Piece::Plain(text.to_owned())])
}

fn index(of: Filter, by: Filter) -> Filter {
    Filter::Index(Box::new(of), Box::new(by))
}

impl Parser<'_> {
    /// A term with what follows it: `.a`, `[0]`, `[]`, `?`.
    pub(super) fn postfix(&mut self) -> Option<Filter> {
        self.depth = self.depth.checked_sub(1)?;
        if self.word("try") {
            let body = self.postfix()?;
            let handler = if self.word("catch") {
                Some(Box::new(self.postfix()?))
            } else {
                None
            };
            self.depth += 1;
            return Some(Filter::Try(Box::new(body), handler));
        }
        let mut term = self.term()?;
        let mut length = 0;
        loop {
            // What follows makes the tree deeper, too.
            length += 1;
            if length > 40 {
                return None;
            }
            term = match self.peek() {
                Some(Token::Field(name)) => {
                    self.at += 1;
                    index(term, plain(name))
                }
                Some(Token::Sign("?")) => {
                    self.at += 1;
                    match term {
                        Filter::Index(..) | Filter::Slice(..) | Filter::Each(_) => {
                            Filter::Maybe(Box::new(term))
                        }
                        term => Filter::Try(Box::new(term), None),
                    }
                }
                Some(Token::Sign("[")) => {
                    self.at += 1;
                    self.brackets(term)?
                }
                Some(Token::Sign(".")) => match self.tokens.get(self.at + 1) {
                    Some(Token::Text(_)) => {
                        self.at += 1;
                        let name = self.text(None)?;
                        index(term, name)
                    }
                    Some(Token::Sign("[")) => {
                        self.at += 2;
                        self.brackets(term)?
                    }
                    _ => return None,
                },
                _ => break,
            };
            term = self.of_environment(term);
        }
        self.depth += 1;
        Some(term)
    }

    /// `env.NAME` and `$ENV.NAME` ask for one variable.
    fn of_environment(&mut self, term: Filter) -> Filter {
        let Filter::Index(of, by) = &term else {
            return term;
        };
        let asks = match of.as_ref() {
            Filter::Call(name, arguments) => name == "env" && arguments.is_empty(),
            Filter::Variable(name) => name == "ENV",
            _ => false,
        };
        match by.as_ref() {
            Filter::Text(None, pieces) if asks => match pieces.as_slice() {
                [Piece::Plain(name)] => {
                    self.environment.push(name.clone());
                    Filter::Environment(name.clone())
                }
                _ => term,
            },
            _ => term,
        }
    }

    /// What stands in brackets after a term, whose opening one was read.
    fn brackets(&mut self, of: Filter) -> Option<Filter> {
        if self.sign("]") {
            return Some(Filter::Each(Box::new(of)));
        }
        if self.sign(":") {
            let to = self.pipe()?;
            self.expect("]")?;
            return Some(Filter::Slice(Box::new(of), None, Some(Box::new(to))));
        }
        let from = self.pipe()?;
        if self.sign("]") {
            return Some(index(of, from));
        }
        self.expect(":")?;
        let mut to = None;
        if !self.sign("]") {
            to = Some(Box::new(self.pipe()?));
            self.expect("]")?;
        }
        Some(Filter::Slice(Box::new(of), Some(Box::new(from)), to))
    }

    /// A text, by a format or not.
    fn text(&mut self, format: Option<String>) -> Option<Filter> {
        let Token::Text(parts) = self.peek()? else {
            return None;
        };
        self.at += 1;
        let mut pieces = Vec::new();
        for part in parts {
            pieces.push(match part {
                Part::Plain(text) => Piece::Plain(text.clone()),
                Part::Program(tokens) => {
                    let mut inner = Parser::new(tokens, self.depth);
                    let filter = inner.pipe()?;
                    if inner.at < tokens.len() {
                        return None;
                    }
                    self.environment.append(&mut inner.environment);
                    Piece::Filter(filter)
                }
            });
        }
        Some(Filter::Text(format, pieces))
    }

    fn term(&mut self) -> Option<Filter> {
        let token = self.peek()?;
        if let Token::Text(_) = token {
            return self.text(None);
        }
        self.at += 1;
        Some(match token {
            Token::Number(value, written) => Filter::Number(*value, written.clone()),
            Token::Format(name) => {
                if matches!(self.peek(), Some(Token::Text(_))) {
                    return self.text(Some(name.clone()));
                }
                Filter::Format(name.clone())
            }
            Token::Field(name) => index(Filter::Identity, plain(name)),
            Token::Variable(name) if name == "__loc__" => return None,
            Token::Variable(name) => Filter::Variable(name.clone()),
            Token::Name(name) => return self.named(name),
            Token::Sign("..") => Filter::Everything,
            Token::Sign(".") => match self.peek() {
                Some(Token::Text(_)) => {
                    let name = self.text(None)?;
                    index(Filter::Identity, name)
                }
                _ => Filter::Identity,
            },
            Token::Sign("(") => {
                let inner = self.pipe()?;
                self.expect(")")?;
                inner
            }
            Token::Sign("[") => {
                if self.sign("]") {
                    return Some(Filter::Array(None));
                }
                let inner = self.pipe()?;
                self.expect("]")?;
                Filter::Array(Some(Box::new(inner)))
            }
            Token::Sign("{") => self.object()?,
            Token::Sign("-") => Filter::Negative(Box::new(self.postfix()?)),
            _ => return None,
        })
    }

    fn named(&mut self, name: &str) -> Option<Filter> {
        Some(match name {
            "null" => Filter::Null,
            "true" => Filter::Bool(true),
            "false" => Filter::Bool(false),
            "reduce" => Filter::Reduce(Box::new(self.fold()?)),
            "foreach" => Filter::Foreach(Box::new(self.fold()?)),
            "if" => self.conditional()?,
            "break" => Filter::Break(self.variable()?),
            _ if KEYWORDS.contains(&name) => return None,
            _ => {
                let mut arguments = Vec::new();
                if self.sign("(") {
                    loop {
                        arguments.push(self.pipe()?);
                        if !self.sign(";") {
                            break;
                        }
                    }
                    self.expect(")")?;
                }
                Filter::Call(name.to_owned(), arguments)
            }
        })
    }

    /// What follows `if` or `elif`.
    fn conditional(&mut self) -> Option<Filter> {
        self.depth = self.depth.checked_sub(1)?;
        let condition = self.pipe()?;
        self.word("then").then_some(())?;
        let then = self.pipe()?;
        let otherwise = if self.word("elif") {
            Some(Box::new(self.conditional()?))
        } else if self.word("else") {
            let otherwise = self.pipe()?;
            self.word("end").then_some(())?;
            Some(Box::new(otherwise))
        } else {
            self.word("end").then_some(())?;
            None
        };
        self.depth += 1;
        Some(Filter::If(Box::new(condition), Box::new(then), otherwise))
    }

    /// The key of an entry of an object: a name, a text, or an expression in parentheses.
    pub(super) fn key(&mut self) -> Option<Filter> {
        match self.peek()? {
            Token::Name(name) => {
                self.at += 1;
                Some(plain(name))
            }
            Token::Text(_) => self.text(None),
            Token::Format(name) => {
                self.at += 1;
                self.text(Some(name.clone()))
            }
            Token::Sign("(") => {
                self.at += 1;
                let key = self.pipe()?;
                self.expect(")")?;
                Some(key)
            }
            _ => None,
        }
    }

    fn object(&mut self) -> Option<Filter> {
        let mut entries = Vec::new();
        while !self.sign("}") {
            if !entries.is_empty() {
                self.expect(",")?;
                if self.sign("}") {
                    return None;
                }
            }
            if let Some(name) = self.variable() {
                let value = if self.sign(":") {
                    // The variable itself is the key.
                    let value = self.object_value()?;
                    entries.push((Filter::Variable(name), value));
                    continue;
                } else {
                    Filter::Variable(name.clone())
                };
                entries.push((plain(&name), value));
                continue;
            }
            let start = self.at;
            let computed = matches!(self.peek(), Some(Token::Sign("(")));
            let key = self.key()?;
            let value = if self.sign(":") {
                self.object_value()?
            } else if computed {
                return None;
            } else {
                let end = std::mem::replace(&mut self.at, start);
                let same = self.key()?;
                self.at = end;
                index(Filter::Identity, same)
            };
            entries.push((key, value));
        }
        Some(Filter::Object(entries))
    }

    /// The value of an entry: terms with pipes between them.
    fn object_value(&mut self) -> Option<Filter> {
        let left = self.postfix()?;
        if self.sign("|") {
            let right = self.object_value()?;
            return Some(Filter::Pipe(Box::new(left), Box::new(right)));
        }
        Some(left)
    }
}
