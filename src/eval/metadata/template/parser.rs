//! Tokens as a tree.

use super::lexer::tokens;
use super::token::{Other, Strip, Token};
use super::tree::{Block, BlockKind, Call, Content, Program, Statement, original};
use super::whitespace;
use crate::eval::unknown::first_mark;

/// How deep blocks and calls may lie in each other.
const DEPTH: usize = 60;

/// Parses a template, blanks around its tags taken away where the language says so.
pub(super) fn parse(text: &str) -> Result<Program, String> {
    let mut program = parse_only(text)?;
    whitespace::control(&mut program);
    Ok(program)
}

/// Parses a template and leaves its blanks alone.
pub(super) fn parse_only(text: &str) -> Result<Program, String> {
    let mut parser = Parser {
        tokens: tokens(text),
        at: 0,
        depth: 0,
    };
    let program = parser.program()?;
    match parser.peek() {
        None => Ok(program),
        Some(_) => Err(parser.unexpected()),
    }
}

/// Whether an unknown part stands in a name, where it may change what the template is.
pub(super) fn has_unknown_names(text: &str) -> bool {
    tokens(text).iter().any(|token| match token {
        Token::Id { text, .. } | Token::EndRaw(text) => first_mark(text).is_some(),
        _ => false,
    })
}

pub(super) struct Parser {
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
}

pub(super) type Parsed<T> = Result<T, String>;

impl Parser {
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    pub(super) fn take(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn unexpected(&self) -> String {
        match self.peek() {
            None => "the template ends before it is complete".to_owned(),
            Some(_) => "the template has something in a place where it cannot stand".to_owned(),
        }
    }

    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH {
            return Err("the template is nested too deeply".to_owned());
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn program(&mut self) -> Parsed<Program> {
        let mut body = Vec::new();
        while let Some(statement) = self.statement()? {
            body.push(statement);
        }
        Ok(Program {
            body,
            ..Program::default()
        })
    }

    /// The next statement; `None` where something else comes.
    fn statement(&mut self) -> Parsed<Option<Statement>> {
        let Some(token) = self.peek().cloned() else {
            return Ok(None);
        };
        let start = self.at;
        self.at += 1;
        Ok(Some(match token {
            Token::Content(text) => content(text),
            Token::Comment(strip) => Statement::Comment(strip),
            Token::Open { strip, escaped } => {
                let call = self.call()?;
                let strip = self.close(strip)?;
                Statement::Mustache {
                    call,
                    escaped,
                    strip,
                }
            }
            Token::OpenUnescaped { strip: open } => {
                let call = self.call()?;
                let Some(Token::CloseUnescaped { strip: close }) = self.next() else {
                    self.at -= 1;
                    return Err(self.unexpected());
                };
                Statement::Mustache {
                    call,
                    escaped: false,
                    strip: Strip { open, close },
                }
            }
            Token::OpenBlock { strip } => self.deeper(|p| p.block(strip, false))?,
            Token::OpenInverse { strip } => self.deeper(|p| p.block(strip, true))?,
            Token::OpenOther { strip, kind } => self.deeper(|p| p.other(strip, kind))?,
            Token::OpenRaw => self.raw()?,
            _ => {
                self.at = start;
                return Ok(None);
            }
        }))
    }

    fn close(&mut self, open: bool) -> Parsed<Strip> {
        match self.next() {
            Some(Token::Close { strip: close }) => Ok(Strip { open, close }),
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    fn block(&mut self, strip: bool, inverted: bool) -> Parsed<Statement> {
        let call = self.call()?;
        let parameters = self.parameters()?;
        let open = self.close(strip)?;
        let mut program = self.program()?;
        program.parameters = parameters;
        let rest = if inverted {
            self.inverse()?
        } else {
            self.inverse_chain()?
        };
        let close = self.end(&call)?;
        let (middle, inverse) = chain_closed(rest, close);
        let (program, inverse) = match (inverted, inverse) {
            (false, inverse) => (Some(program), inverse),
            (true, inverse) => (inverse, Some(program)),
        };
        Ok(Statement::Block(Box::new(Block {
            kind: BlockKind::Plain,
            call,
            program,
            inverse,
            open,
            middle,
            close,
        })))
    }

    /// `{{/name}}`, which must name what was opened.
    fn end(&mut self, call: &Call) -> Parsed<Strip> {
        let Some(Token::OpenEnd { strip }) = self.peek().cloned() else {
            return Err(self.unexpected());
        };
        self.at += 1;
        let name = self.helper_name()?;
        let strip = self.close(strip)?;
        let (opened, closed) = (original(&call.path), original(&name));
        if opened != closed {
            return Err(format!("the block `{opened}` is closed as `{closed}`"));
        }
        Ok(strip)
    }

    /// `{{else}}` or `{{^}}` and what follows.
    fn inverse(&mut self) -> Parsed<Option<(Strip, Program)>> {
        let Some(Token::Inverse(strip)) = self.peek().cloned() else {
            return Ok(None);
        };
        self.at += 1;
        Ok(Some((strip, self.program()?)))
    }

    /// `{{else if …}}` and what follows, or a plain inverse.
    fn inverse_chain(&mut self) -> Parsed<Option<(Strip, Program)>> {
        let Some(Token::OpenChain { strip }) = self.peek().cloned() else {
            return self.inverse();
        };
        self.at += 1;
        self.deeper(|parser| {
            let call = parser.call()?;
            let parameters = parser.parameters()?;
            let open = parser.close(strip)?;
            let mut program = parser.program()?;
            program.parameters = parameters;
            let rest = parser.inverse_chain()?;
            let close = rest.as_ref().map(|(strip, _)| *strip).unwrap_or_default();
            let (middle, inverse) = chain_closed(rest, close);
            let block = Block {
                kind: BlockKind::Plain,
                call,
                program: Some(program),
                inverse,
                open,
                middle,
                close,
            };
            let chained = Program {
                body: vec![Statement::Block(Box::new(block))],
                chained: true,
                parameters: Vec::new(),
            };
            Ok(Some((open, chained)))
        })
    }

    fn other(&mut self, strip: bool, kind: Other) -> Parsed<Statement> {
        // The name of a partial may be computed.
        let path = if matches!(kind, Other::Partial | Other::PartialBlock) {
            self.expression()?
        } else {
            self.helper_name()?
        };
        let call = self.call_of(path)?;
        if matches!(kind, Other::Decorator | Other::Partial) {
            let strip = self.close(strip)?;
            return Ok(if kind == Other::Partial {
                Statement::Partial(strip)
            } else {
                Statement::Decorator(strip)
            });
        }
        let parameters = if kind == Other::DecoratorBlock {
            self.parameters()?
        } else {
            Vec::new()
        };
        let open = self.close(strip)?;
        let mut program = self.program()?;
        program.parameters = parameters;
        let close = self.end(&call)?;
        Ok(Statement::Block(Box::new(Block {
            kind: if kind == Other::PartialBlock {
                BlockKind::Partial
            } else {
                BlockKind::Decorator
            },
            call,
            program: Some(program),
            inverse: None,
            open,
            middle: Strip::default(),
            close,
        })))
    }

    fn raw(&mut self) -> Parsed<Statement> {
        let call = self.call()?;
        if !self.take(&Token::CloseRaw) {
            return Err(self.unexpected());
        }
        let mut body = Vec::new();
        while let Some(Token::Content(text)) = self.peek().cloned() {
            self.at += 1;
            body.push(content(text));
        }
        match self.next() {
            Some(Token::EndRaw(name)) if name == original(&call.path) => {}
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        }
        Ok(Statement::Block(Box::new(Block {
            kind: BlockKind::Plain,
            call,
            program: Some(Program {
                body,
                ..Program::default()
            }),
            inverse: None,
            open: Strip::default(),
            middle: Strip::default(),
            close: Strip::default(),
        })))
    }
}

/// The strip and program of an inverse; a chained block is closed by what closes the whole.
fn chain_closed(rest: Option<(Strip, Program)>, close: Strip) -> (Strip, Option<Program>) {
    let Some((strip, mut program)) = rest else {
        return (Strip::default(), None);
    };
    if program.chained
        && let Some(Statement::Block(block)) = program.body.first_mut()
    {
        block.close = close;
    }
    (strip, Some(program))
}

fn content(text: String) -> Statement {
    Statement::Content(Content {
        original: text.clone(),
        value: text,
        left_stripped: false,
        right_stripped: false,
    })
}
