//! The parser: operators, bindings and definitions. Terms are read by [`super::parse_term`].

use super::lex::{self, Token};
use super::syntax::{Definition, Filter, Fold, Operator, Pattern, Update};

/// How deep a program may nest.
const DEPTH: usize = 60;

/// Reads tokens.
pub(super) struct Parser<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) at: usize,
    pub(super) depth: usize,
    /// The variables of the environment that the program names.
    pub(super) environment: Vec<String>,
}

/// A program, and the variables of the environment that it names; nothing where it is none.
pub(super) fn program(text: &str) -> Option<(Filter, Vec<String>)> {
    let tokens = lex::tokens(text)?;
    if tokens.is_empty() {
        return Some((Filter::Identity, Vec::new()));
    }
    let mut parser = Parser::new(&tokens, DEPTH);
    let filter = parser.pipe()?;
    (parser.at == tokens.len()).then_some((filter, parser.environment))
}

/// A row of definitions.
pub(super) fn definitions(text: &str) -> Option<Vec<Definition>> {
    let tokens = lex::tokens(text)?;
    let mut parser = Parser::new(&tokens, DEPTH);
    let mut found = Vec::new();
    while parser.at < tokens.len() {
        found.push(parser.definition()?);
    }
    Some(found)
}

/// How strongly an operator binds, and whether it may stand in a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Left,
    Right,
    Alone,
}

enum Binary {
    Comma,
    Otherwise,
    Update(Update),
    Or,
    And,
    Operation(Operator),
}

fn binary(token: &Token) -> Option<(u8, Row, Binary)> {
    let operation = |level, row, operator| Some((level, row, Binary::Operation(operator)));
    let update = |update| Some((3, Row::Alone, Binary::Update(update)));
    match token {
        Token::Name(name) if name == "or" => Some((4, Row::Left, Binary::Or)),
        Token::Name(name) if name == "and" => Some((5, Row::Left, Binary::And)),
        Token::Sign(sign) => match *sign {
            "," => Some((1, Row::Left, Binary::Comma)),
            "//" => Some((2, Row::Right, Binary::Otherwise)),
            "=" => update(Update::Set),
            "|=" => update(Update::Modify),
            "+=" => update(Update::Operation(Operator::Add)),
            "-=" => update(Update::Operation(Operator::Subtract)),
            "*=" => update(Update::Operation(Operator::Multiply)),
            "/=" => update(Update::Operation(Operator::Divide)),
            "%=" => update(Update::Operation(Operator::Remainder)),
            "//=" => update(Update::Otherwise),
            "==" => operation(6, Row::Alone, Operator::Equal),
            "!=" => operation(6, Row::Alone, Operator::Unequal),
            "<" => operation(6, Row::Alone, Operator::Less),
            "<=" => operation(6, Row::Alone, Operator::AtMost),
            ">" => operation(6, Row::Alone, Operator::Greater),
            ">=" => operation(6, Row::Alone, Operator::AtLeast),
            "+" => operation(7, Row::Left, Operator::Add),
            "-" => operation(7, Row::Left, Operator::Subtract),
            "*" => operation(8, Row::Left, Operator::Multiply),
            "/" => operation(8, Row::Left, Operator::Divide),
            "%" => operation(8, Row::Left, Operator::Remainder),
            _ => None,
        },
        _ => None,
    }
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token], depth: usize) -> Self {
        Self {
            tokens,
            at: 0,
            depth,
            environment: Vec::new(),
        }
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, wanted: &str) -> Option<()> {
        self.sign(wanted).then_some(())
    }

    pub(super) fn is_word(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(name)) if name == wanted)
    }

    pub(super) fn word(&mut self, wanted: &str) -> bool {
        let found = self.is_word(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn variable(&mut self) -> Option<String> {
        let Token::Variable(name) = self.peek()? else {
            return None;
        };
        self.at += 1;
        Some(name.clone())
    }

    fn name(&mut self) -> Option<String> {
        let Token::Name(name) = self.peek()? else {
            return None;
        };
        self.at += 1;
        Some(name.clone())
    }

    /// The whole of an expression.
    pub(super) fn pipe(&mut self) -> Option<Filter> {
        self.depth = self.depth.checked_sub(1)?;
        let filter = if self.is_word("def") {
            let definition = self.definition()?;
            Filter::Define(Box::new(definition), Box::new(self.pipe()?))
        } else {
            let left = self.operators(1)?;
            if self.sign("|") {
                Filter::Pipe(Box::new(left), Box::new(self.pipe()?))
            } else {
                left
            }
        };
        self.depth += 1;
        Some(filter)
    }

    fn operators(&mut self, least: u8) -> Option<Filter> {
        self.depth = self.depth.checked_sub(1)?;
        let mut left = self.operand()?;
        let mut alone = None;
        while let Some((level, row, operator)) = self.peek().and_then(binary) {
            if level < least {
                break;
            }
            if alone == Some(level) {
                return None;
            }
            self.at += 1;
            let right = self.operators(if row == Row::Right { level } else { level + 1 })?;
            let (a, b) = (Box::new(left), Box::new(right));
            left = match operator {
                Binary::Comma => Filter::Comma(a, b),
                Binary::Otherwise => Filter::Otherwise(a, b),
                Binary::Update(update) => Filter::Update(update, a, b),
                Binary::Or => Filter::Or(a, b),
                Binary::And => Filter::And(a, b),
                Binary::Operation(operator) => Filter::Operation(operator, a, b),
            };
            alone = (row == Row::Alone).then_some(level);
        }
        self.depth += 1;
        Some(left)
    }

    /// An operand: a term, what binds one to names, or a definition with what follows it.
    fn operand(&mut self) -> Option<Filter> {
        if self.is_word("def") {
            return self.pipe();
        }
        if self.sign("-") {
            self.depth = self.depth.checked_sub(1)?;
            let negative = Filter::Negative(Box::new(self.operators(8)?));
            self.depth += 1;
            return Some(negative);
        }
        if self.word("label") {
            let name = self.variable()?;
            self.expect("|")?;
            return Some(Filter::Label(name, Box::new(self.pipe()?)));
        }
        let term = self.postfix()?;
        if !self.word("as") {
            return Some(term);
        }
        let pattern = self.pattern()?;
        self.expect("|")?;
        let body = self.pipe()?;
        Some(Filter::Bind(
            Box::new(term),
            Box::new(pattern),
            Box::new(body),
        ))
    }

    pub(super) fn definition(&mut self) -> Option<Definition> {
        self.word("def").then_some(())?;
        let name = self.name()?;
        let mut parameters = Vec::new();
        if self.sign("(") {
            loop {
                match self.variable() {
                    Some(name) => parameters.push(format!("${name}")),
                    None => parameters.push(self.name()?),
                }
                if !self.sign(";") {
                    break;
                }
            }
            self.expect(")")?;
        }
        self.expect(":")?;
        let body = self.pipe()?;
        self.expect(";")?;
        Some(Definition {
            name,
            parameters,
            body,
        })
    }

    /// `SOURCE as PATTERN (START; UPDATE)`, after its keyword.
    pub(super) fn fold(&mut self) -> Option<Fold> {
        let source = self.postfix()?;
        self.word("as").then_some(())?;
        let pattern = self.pattern()?;
        self.expect("(")?;
        let start = self.pipe()?;
        self.expect(";")?;
        let update = self.pipe()?;
        let extract = if self.sign(";") {
            Some(self.pipe()?)
        } else {
            None
        };
        self.expect(")")?;
        Some(Fold {
            source,
            pattern,
            start,
            update,
            extract,
        })
    }

    fn pattern(&mut self) -> Option<Pattern> {
        self.depth = self.depth.checked_sub(1)?;
        let pattern = if let Some(name) = self.variable() {
            Pattern::Variable(name)
        } else if self.sign("[") {
            let mut items = vec![self.pattern()?];
            while self.sign(",") {
                items.push(self.pattern()?);
            }
            self.expect("]")?;
            Pattern::Array(items)
        } else {
            self.expect("{")?;
            let mut entries = Vec::new();
            loop {
                let (bound, key) = match self.variable() {
                    Some(name) => (Some(name.clone()), super::parse_term::plain(&name)),
                    None => (None, self.key()?),
                };
                let pattern = if self.sign(":") {
                    Some(self.pattern()?)
                } else {
                    None
                };
                if bound.is_none() && pattern.is_none() {
                    return None;
                }
                entries.push((bound, key, pattern));
                if !self.sign(",") {
                    break;
                }
            }
            self.expect("}")?;
            Pattern::Object(entries)
        };
        self.depth += 1;
        Some(pattern)
    }
}
