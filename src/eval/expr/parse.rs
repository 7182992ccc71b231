//! From tokens to a tree: operator precedence with an explicit stack, so that brackets may nest
//! as deeply as the length allows while the tree itself may not.

use std::ops::Range;

use super::ast::{Comparison, Kind, Node};
use super::functions::Function;
use super::lex::{Operator, Token, TokenKind, tokens};
use super::{ExprError, MAX_DEPTH, MAX_LENGTH, Phase};
use crate::eval::value::Value;

/// Which names an expression may use.
pub(super) struct Names<'a> {
    /// Whether there is a context of this name.
    pub(super) context: &'a dyn Fn(&str) -> bool,
    /// Whether there is a function of this name, besides those of the language.
    pub(super) function: &'a dyn Fn(&str) -> bool,
}

/// The tree of an expression; `None` where it holds nothing but blanks.
pub(super) fn parse(source: &str, names: &Names<'_>) -> Result<Option<Node>, ExprError> {
    if source.encode_utf16().count() > MAX_LENGTH {
        return Err(error("the expression is longer than 21,000 characters", 0));
    }
    let tokens = tokens(source)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser {
        source,
        names,
        operands: Vec::new(),
        pending: Vec::new(),
    };
    // What the next token may be: the begin of an operand, or what follows one.
    let mut state = State::Operand;
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        (state, rest) = match state {
            State::Operand => parser.operand(token, after)?,
            State::Operator { indexable } => parser.operator(token, after, indexable)?,
        };
    }
    let end = tokens.last().map_or(0, |token| token.span.start);
    if matches!(state, State::Operand) {
        return Err(error("unexpected end of expression", end));
    }
    parser.reduce_above(0)?;
    if !parser.pending.is_empty() {
        return Err(error("unexpected end of expression", end));
    }
    Ok(parser.operands.pop())
}

fn error(message: impl Into<String>, offset: usize) -> ExprError {
    ExprError::new(Phase::Parsing, message, offset)
}

enum State {
    Operand,
    Operator { indexable: bool },
}

/// What waits on the stack for its operands or its closing bracket.
enum Pending {
    Operator(Operator, usize),
    Group(usize),
    Index,
    /// A function, where its name starts, and how many arguments are complete.
    Call(Function, usize, usize),
}

impl Pending {
    /// How tightly it binds; brackets are never reduced by precedence.
    fn precedence(&self) -> u8 {
        match self {
            Self::Operator(operator, _) => precedence(*operator),
            Self::Group(_) | Self::Index | Self::Call(..) => 0,
        }
    }
}

fn precedence(operator: Operator) -> u8 {
    match operator {
        Operator::Not => 5,
        Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast => 4,
        Operator::Equal | Operator::NotEqual => 3,
        Operator::And => 2,
        Operator::Or => 1,
    }
}

struct Parser<'a> {
    source: &'a str,
    names: &'a Names<'a>,
    operands: Vec<Node>,
    pending: Vec<Pending>,
}

type Step<'t> = Result<(State, &'t [Token]), ExprError>;

impl Parser<'_> {
    fn text(&self, span: &Range<usize>) -> &str {
        self.source.get(span.clone()).unwrap_or_default()
    }

    fn unexpected(&self, token: &Token) -> ExprError {
        let symbol = self.text(&token.span);
        error(format!("unexpected symbol: `{symbol}`"), token.span.start)
    }

    /// Reads what begins an operand.
    fn operand<'t>(&mut self, token: &Token, rest: &'t [Token]) -> Step<'t> {
        let span = token.span.clone();
        match &token.kind {
            TokenKind::Literal(value) => {
                self.operands
                    .push(Node::leaf(Kind::Literal(value.clone()), span));
                Ok((State::Operator { indexable: false }, rest))
            }
            TokenKind::Word => self.name(token, rest),
            TokenKind::Open => {
                self.pending.push(Pending::Group(span.start));
                Ok((State::Operand, rest))
            }
            TokenKind::Operator(Operator::Not) => {
                self.pending
                    .push(Pending::Operator(Operator::Not, span.start));
                Ok((State::Operand, rest))
            }
            _ => Err(self.unexpected(token)),
        }
    }

    /// A context, or a function with the bracket that opens its arguments.
    fn name<'t>(&mut self, token: &Token, rest: &'t [Token]) -> Step<'t> {
        let name = self.text(&token.span).to_owned();
        let start = token.span.start;
        let Some((
            Token {
                kind: TokenKind::Open,
                ..
            },
            inside,
        )) = rest.split_first()
        else {
            if !(self.names.context)(&name) {
                return Err(error(format!("there is no context `{name}` here"), start));
            }
            self.operands
                .push(Node::leaf(Kind::Context(name), token.span.clone()));
            return Ok((State::Operator { indexable: true }, rest));
        };
        let function = Function::named(&name, self.names.function)
            .ok_or_else(|| error(format!("there is no function `{name}`"), start))?;
        if let Some((
            close @ Token {
                kind: TokenKind::Close,
                ..
            },
            rest,
        )) = inside.split_first()
        {
            self.call(function, 0, start..close.span.end)?;
            return Ok((State::Operator { indexable: true }, rest));
        }
        self.pending.push(Pending::Call(function, start, 0));
        Ok((State::Operand, inside))
    }

    /// Reads what follows a complete operand.
    fn operator<'t>(&mut self, token: &Token, rest: &'t [Token], indexable: bool) -> Step<'t> {
        match &token.kind {
            TokenKind::Operator(operator) if *operator != Operator::Not => {
                self.reduce_above(precedence(*operator))?;
                self.pending
                    .push(Pending::Operator(*operator, token.span.start));
                Ok((State::Operand, rest))
            }
            TokenKind::Dot if indexable => self.property(token, rest),
            TokenKind::OpenIndex if indexable => {
                if let [star, close, rest @ ..] = rest
                    && matches!(star.kind, TokenKind::Star)
                    && matches!(close.kind, TokenKind::CloseIndex)
                {
                    self.index(
                        Node::leaf(Kind::Wildcard, star.span.clone()),
                        close.span.end,
                    )?;
                    return Ok((State::Operator { indexable: true }, rest));
                }
                self.pending.push(Pending::Index);
                Ok((State::Operand, rest))
            }
            TokenKind::Close | TokenKind::CloseIndex | TokenKind::Comma => {
                self.reduce_above(0)?;
                self.bracket(token)?;
                let state = match token.kind {
                    TokenKind::Comma => State::Operand,
                    _ => State::Operator { indexable: true },
                };
                Ok((state, rest))
            }
            _ => Err(self.unexpected(token)),
        }
    }

    /// The name or star after a dot.
    fn property<'t>(&mut self, dot: &Token, rest: &'t [Token]) -> Step<'t> {
        let Some((token, rest)) = rest.split_first() else {
            return Err(error("unexpected end of expression", dot.span.start));
        };
        let kind = match token.kind {
            TokenKind::Word => Kind::Literal(Value::text(self.text(&token.span))),
            TokenKind::Star => Kind::Wildcard,
            _ => return Err(self.unexpected(token)),
        };
        self.index(Node::leaf(kind, token.span.clone()), token.span.end)?;
        Ok((State::Operator { indexable: true }, rest))
    }

    /// `)`, `]` or `,`: what is open must be what this closes.
    fn bracket(&mut self, token: &Token) -> Result<(), ExprError> {
        let end = token.span.end;
        match (&token.kind, self.pending.pop()) {
            (TokenKind::Close, Some(Pending::Group(start))) => {
                if let Some(inner) = self.operands.last_mut() {
                    inner.span = start..end;
                }
                Ok(())
            }
            (TokenKind::Close, Some(Pending::Call(function, start, before))) => {
                self.call(function, before + 1, start..end)
            }
            (TokenKind::CloseIndex, Some(Pending::Index)) => match self.operands.pop() {
                Some(key) => self.index(key, end),
                None => Err(self.unexpected(token)),
            },
            (TokenKind::Comma, Some(Pending::Call(function, start, before))) => {
                self.pending
                    .push(Pending::Call(function, start, before + 1));
                Ok(())
            }
            _ => Err(self.unexpected(token)),
        }
    }

    /// Reduces every operator on the stack, down to a bracket, that binds at least so tightly.
    fn reduce_above(&mut self, least: u8) -> Result<(), ExprError> {
        while let Some(Pending::Operator(operator, start)) =
            self.pending.pop_if(|top| top.precedence() >= least.max(1))
        {
            self.reduce(operator, start)?;
        }
        Ok(())
    }

    fn reduce(&mut self, operator: Operator, start: usize) -> Result<(), ExprError> {
        let missing = || error("an operand is missing", start);
        let right = self.operands.pop().ok_or_else(missing)?;
        let comparison = match operator {
            Operator::Not => {
                let (span, depth) = (start..right.span.end, right.depth + 1);
                return self.push(Kind::Not(Box::new(right)), span, depth);
            }
            Operator::And | Operator::Or => None,
            Operator::Equal => Some(Comparison::Equal),
            Operator::NotEqual => Some(Comparison::NotEqual),
            Operator::Less => Some(Comparison::Less),
            Operator::AtMost => Some(Comparison::AtMost),
            Operator::Greater => Some(Comparison::Greater),
            Operator::AtLeast => Some(Comparison::AtLeast),
        };
        let left = self.operands.pop().ok_or_else(missing)?;
        let span = left.span.start..right.span.end;
        if let Some(comparison) = comparison {
            let depth = left.depth.max(right.depth) + 1;
            let kind = Kind::Compare(comparison, Box::new(left), Box::new(right));
            return self.push(kind, span, depth);
        }
        let and = operator == Operator::And;
        let (mut parts, left_depth) = flatten(left, and);
        let (mut more, right_depth) = flatten(right, and);
        parts.append(&mut more);
        let kind = if and {
            Kind::And(parts)
        } else {
            Kind::Or(parts)
        };
        self.push(kind, span, left_depth.max(right_depth) + 1)
    }

    fn index(&mut self, key: Node, end: usize) -> Result<(), ExprError> {
        let Some(base) = self.operands.pop() else {
            return Err(error("an operand is missing", key.span.start));
        };
        let depth = base.depth.max(key.depth) + 1;
        let span = base.span.start..end;
        self.push(Kind::Index(Box::new(base), Box::new(key)), span, depth)
    }

    fn call(
        &mut self,
        function: Function,
        count: usize,
        span: Range<usize>,
    ) -> Result<(), ExprError> {
        function
            .check_count(count)
            .map_err(|message| error(message, span.start))?;
        let first = self.operands.len().saturating_sub(count);
        let arguments = self.operands.split_off(first);
        let depth = arguments.iter().map(|part| part.depth).max().unwrap_or(0) + 1;
        self.push(Kind::Call(function, arguments), span, depth)
    }

    fn push(&mut self, kind: Kind, span: Range<usize>, depth: usize) -> Result<(), ExprError> {
        if depth > MAX_DEPTH {
            return Err(error("the expression nests deeper than 50", span.start));
        }
        self.operands.push(Node { kind, span, depth });
        Ok(())
    }
}

/// The operands of a chain of the same operator (a single one if it is none), and their depth.
fn flatten(node: Node, and: bool) -> (Vec<Node>, usize) {
    match node.kind {
        Kind::And(parts) if and => (parts, node.depth.saturating_sub(1)),
        Kind::Or(parts) if !and => (parts, node.depth.saturating_sub(1)),
        _ => {
            let depth = node.depth;
            (vec![node], depth)
        }
    }
}
