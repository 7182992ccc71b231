//! Names, arguments and paths of a template.

use super::parser::{Parsed, Parser};
use super::token::Token;
use super::tree::{Call, Expression, Path};

impl Parser {
    pub(super) fn parameters(&mut self) -> Parsed<Vec<String>> {
        let mut names = Vec::new();
        if self.take(&Token::OpenParams) {
            while let Some(Token::Id { text, .. }) = self.peek().cloned() {
                self.at += 1;
                names.push(text);
            }
            if names.is_empty() || !self.take(&Token::CloseParams) {
                return Err(self.unexpected());
            }
        }
        Ok(names)
    }

    /// A name, its arguments, and its named arguments.
    pub(super) fn call(&mut self) -> Parsed<Call> {
        let path = self.helper_name()?;
        self.call_of(path)
    }

    pub(super) fn call_of(&mut self, path: Expression) -> Parsed<Call> {
        let mut arguments = Vec::new();
        let mut hash: Vec<(String, Expression)> = Vec::new();
        loop {
            let named = matches!(self.peek(), Some(Token::Id { .. }))
                && self.tokens.get(self.at + 1) == Some(&Token::Equals);
            if named {
                if let Some(Token::Id { text, .. }) = self.next() {
                    self.at += 1;
                    let value = self.expression()?;
                    hash.push((text, value));
                }
            } else if hash.is_empty() && self.begins_expression() {
                arguments.push(self.expression()?);
            } else {
                break;
            }
        }
        Ok(Call {
            path,
            arguments,
            hash,
        })
    }

    fn begins_expression(&self) -> bool {
        matches!(
            self.peek(),
            Some(
                Token::OpenCall
                    | Token::Id { .. }
                    | Token::Data
                    | Token::Text(_)
                    | Token::Number(_)
                    | Token::Bool(_)
                    | Token::Undefined
                    | Token::Null
            )
        )
    }

    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        if !self.take(&Token::OpenCall) {
            return self.helper_name();
        }
        let call = self.deeper(Self::call)?;
        if !self.take(&Token::CloseCall) {
            return Err(self.unexpected());
        }
        Ok(Expression::Call(Box::new(call)))
    }

    pub(super) fn helper_name(&mut self) -> Parsed<Expression> {
        if self.take(&Token::Data) {
            return self.path(true);
        }
        let expression = match self.peek() {
            Some(Token::Id { .. }) => return self.path(false),
            Some(Token::Text(text)) => Expression::Text(text.clone()),
            Some(Token::Number(number)) => Expression::Number(*number),
            Some(Token::Bool(value)) => Expression::Bool(*value),
            Some(Token::Undefined) => Expression::Undefined,
            Some(Token::Null) => Expression::Null,
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(expression)
    }

    fn path(&mut self, data: bool) -> Parsed<Expression> {
        let mut path = Path {
            data,
            depth: 0,
            parts: Vec::new(),
            original: if data { "@".to_owned() } else { String::new() },
        };
        loop {
            let Some(Token::Id { text, literal }) = self.next() else {
                self.at -= 1;
                return Err(self.unexpected());
            };
            path.original.push_str(&text);
            if !literal && matches!(text.as_str(), ".." | "." | "this") {
                if !path.parts.is_empty() {
                    return Err(format!("`{}` is no valid path", path.original));
                }
                path.depth += usize::from(text == "..");
            } else {
                path.parts.push(text);
            }
            let Some(Token::Separator(c)) = self.peek() else {
                return Ok(Expression::Path(path));
            };
            path.original.push(*c);
            self.at += 1;
        }
    }
}
