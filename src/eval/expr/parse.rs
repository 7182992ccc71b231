//! From tokens to a tree, by precedence.

use super::lex::{Kind, Lexer, Operator, Token};
use super::{ExprError, Function, Phase};

/// GitHub's own limits.
const MAX_LENGTH: usize = 21_000;
const MAX_DEPTH: usize = 50;
/// Parentheses make no level of their own there; the parser's own recursion is bounded by this.
const MAX_NESTING: usize = 120;

/// A node with its bytes in the source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) start: usize,
    pub(super) end: usize,
    depth: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    Context(String),
    /// `left.name` and `left[index]`; the name of a property is a string literal.
    Index(Box<Node>, Box<Node>),
    /// `left.*` and `left[*]`.
    Star(Box<Node>),
    Not(Box<Node>),
    Compare(Operator, Box<Node>, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Call(Function, Vec<Node>),
}

pub(super) struct Parser<'s, 'k> {
    lexer: Lexer<'s>,
    token: Option<Token>,
    last_end: usize,
    knows: &'k dyn Fn(&str) -> bool,
    nesting: usize,
}

/// Parses a whole expression; `None` for one that is empty.
pub(super) fn parse(source: &str, knows: &dyn Fn(&str) -> bool) -> Result<Option<Node>, ExprError> {
    if source.chars().count() > MAX_LENGTH {
        return Err(error(0, format!("longer than {MAX_LENGTH} characters")));
    }
    let mut parser = Parser {
        lexer: Lexer::new(source),
        token: None,
        last_end: 0,
        knows,
        nesting: 0,
    };
    if parser.peek()?.kind == Kind::End {
        return Ok(None);
    }
    let node = parser.binary(0)?;
    let rest = parser.take()?;
    if rest.kind != Kind::End {
        return Err(unexpected(&rest));
    }
    Ok(Some(node))
}

fn error(offset: usize, message: String) -> ExprError {
    ExprError {
        phase: Phase::Parsing,
        message,
        offset,
    }
}

fn unexpected(token: &Token) -> ExprError {
    let message = match &token.kind {
        Kind::End => "unexpected end of the expression".to_owned(),
        Kind::Mark(c) => format!("unexpected symbol `{c}`"),
        Kind::Name(name) => format!("unexpected name `{name}`"),
        _ => "unexpected symbol".to_owned(),
    };
    error(token.start, message)
}

/// How strongly an operator binds; `!` is no binary operator.
fn strength(operator: Operator) -> u8 {
    match operator {
        Operator::Or => 1,
        Operator::And => 2,
        Operator::Equal | Operator::NotEqual => 3,
        _ => 4,
    }
}

impl Parser<'_, '_> {
    fn peek(&mut self) -> Result<&Token, ExprError> {
        let token = match self.token.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        Ok(self.token.insert(token))
    }

    fn take(&mut self) -> Result<Token, ExprError> {
        let token = match self.token.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        self.last_end = token.end;
        Ok(token)
    }

    fn expect(&mut self, mark: char) -> Result<(), ExprError> {
        let token = self.take()?;
        if token.kind == Kind::Mark(mark) {
            Ok(())
        } else {
            Err(unexpected(&token))
        }
    }

    fn node(&self, expr: Expr, start: usize) -> Result<Node, ExprError> {
        let below = match &expr {
            Expr::Index(left, index) => left.depth.max(index.depth),
            Expr::Star(inner) | Expr::Not(inner) => inner.depth,
            Expr::Compare(_, left, right) => left.depth.max(right.depth),
            Expr::And(all) | Expr::Or(all) | Expr::Call(_, all) => {
                all.iter().map(|node| node.depth).max().unwrap_or(0)
            }
            _ => 0,
        };
        if below >= MAX_DEPTH {
            return Err(error(
                start,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        Ok(Node {
            expr,
            start,
            end: self.last_end,
            depth: below + 1,
        })
    }

    fn deeper(&mut self) -> Result<(), ExprError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(error(
                self.last_end,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        Ok(())
    }

    fn binary(&mut self, least: u8) -> Result<Node, ExprError> {
        self.deeper()?;
        let mut left = self.unary()?;
        while let Kind::Operator(operator) = self.peek()?.kind {
            if operator == Operator::Not {
                let token = self.take()?;
                return Err(unexpected(&token));
            }
            if strength(operator) <= least {
                break;
            }
            self.take()?;
            let right = self.binary(strength(operator))?;
            let start = left.start;
            left = match operator {
                Operator::And => self.node(Expr::And(chain(left, right, is_and)), start)?,
                Operator::Or => self.node(Expr::Or(chain(left, right, is_or)), start)?,
                _ => {
                    let expr = Expr::Compare(operator, Box::new(left), Box::new(right));
                    self.node(expr, start)?
                }
            };
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, ExprError> {
        let mut negations = Vec::new();
        while self.peek()?.kind == Kind::Operator(Operator::Not) {
            negations.push(self.take()?.start);
            if negations.len() > MAX_DEPTH {
                return Err(error(0, format!("nested deeper than {MAX_DEPTH} levels")));
            }
        }
        let mut node = self.postfix()?;
        for start in negations.into_iter().rev() {
            node = self.node(Expr::Not(Box::new(node)), start)?;
        }
        Ok(node)
    }

    fn postfix(&mut self) -> Result<Node, ExprError> {
        let mut node = self.primary()?;
        let literal = matches!(
            node.expr,
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::String(_)
        ) && self.lexer_closed_group().is_none();
        loop {
            let start = node.start;
            match self.peek()?.kind {
                Kind::Mark(mark @ ('.' | '[')) if literal => {
                    let token = self.take()?;
                    debug_assert!(token.kind == Kind::Mark(mark));
                    return Err(unexpected(&token));
                }
                Kind::Mark('.') => {
                    self.take()?;
                    let name = self.take()?;
                    node = match name.kind {
                        Kind::Mark('*') => self.node(Expr::Star(Box::new(node)), start)?,
                        Kind::Name(text) => {
                            let index = self.node(Expr::String(text), name.start)?;
                            self.node(Expr::Index(Box::new(node), Box::new(index)), start)?
                        }
                        _ => return Err(unexpected(&name)),
                    };
                }
                Kind::Mark('[') => {
                    self.take()?;
                    if self.peek()?.kind == Kind::Mark('*') {
                        self.take()?;
                        self.expect(']')?;
                        node = self.node(Expr::Star(Box::new(node)), start)?;
                    } else {
                        let index = self.binary(0)?;
                        self.expect(']')?;
                        node = self.node(Expr::Index(Box::new(node), Box::new(index)), start)?;
                    }
                }
                _ => return Ok(node),
            }
        }
    }

    /// Where the value just read was closed by a parenthesis; a literal in parentheses may be
    /// followed by an access, a bare one may not.
    fn lexer_closed_group(&self) -> Option<usize> {
        self.lexer
            .ends_with_group(self.last_end)
            .then_some(self.last_end)
    }

    fn primary(&mut self) -> Result<Node, ExprError> {
        let token = self.take()?;
        let start = token.start;
        let expr = match token.kind {
            Kind::Null => Expr::Null,
            Kind::Bool(value) => Expr::Bool(value),
            Kind::Number(value) => Expr::Number(value),
            Kind::String(text) => Expr::String(text),
            Kind::Mark('(') => {
                let mut inner = self.binary(0)?;
                self.expect(')')?;
                inner.start = start;
                inner.end = self.last_end;
                return Ok(inner);
            }
            Kind::Name(name) => {
                if self.peek()?.kind == Kind::Mark('(') {
                    return self.call(&name, start);
                }
                if !(self.knows)(&name) {
                    return Err(error(start, format!("there is no context `{name}`")));
                }
                self.last_end = token.end;
                Expr::Context(name)
            }
            _ => return Err(unexpected(&token)),
        };
        self.node(expr, start)
    }

    fn call(&mut self, name: &str, start: usize) -> Result<Node, ExprError> {
        let Some(function) = Function::named(name) else {
            return Err(error(start, format!("there is no function `{name}`")));
        };
        self.expect('(')?;
        let mut arguments = Vec::new();
        if self.peek()?.kind == Kind::Mark(')') {
            self.take()?;
        } else {
            loop {
                arguments.push(self.binary(0)?);
                let token = self.take()?;
                match token.kind {
                    Kind::Mark(',') => {}
                    Kind::Mark(')') => break,
                    _ => return Err(unexpected(&token)),
                }
            }
        }
        let (least, most) = function.arity();
        if arguments.len() < least {
            return Err(error(start, format!("`{name}` needs more arguments")));
        }
        if arguments.len() > most || (function == Function::Case && arguments.len() % 2 == 0) {
            return Err(error(
                start,
                format!("`{name}` has the wrong number of arguments"),
            ));
        }
        self.node(Expr::Call(function, arguments), start)
    }
}

fn is_and(node: &Node) -> bool {
    matches!(node.expr, Expr::And(_))
}

fn is_or(node: &Node) -> bool {
    matches!(node.expr, Expr::Or(_))
}

/// A chain of one operator is one node, however long.
fn chain(left: Node, right: Node, same: fn(&Node) -> bool) -> Vec<Node> {
    let mut all = if same(&left) {
        match left.expr {
            Expr::And(all) | Expr::Or(all) => all,
            _ => Vec::new(),
        }
    } else {
        vec![left]
    };
    all.push(right);
    all
}
