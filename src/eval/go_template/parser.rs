//! From words to a template.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::TemplateError;
use super::lexer::{Piece, Token, Word};
use super::syntax::{Branch, Head, Node, Operand, Pipeline};

/// Deeper templates are refused.
const MAX_DEPTH: usize = 64;

/// A template, and those that it defines.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) nodes: Vec<Node>,
    pub(super) defined: BTreeMap<String, Vec<Node>>,
}

/// How a list of parts ends.
enum End {
    /// With the text.
    Text,
    /// With `end`.
    Closed,
    /// With `else`, and the words after it.
    Else(Vec<Token>),
}

pub(super) fn parse(
    pieces: Vec<Piece>,
    knows: &dyn Fn(&str) -> bool,
) -> Result<Parsed, TemplateError> {
    let mut parser = Parser {
        pieces: pieces.into_iter(),
        knows,
        defined: BTreeMap::new(),
        depth: 0,
        variables: vec![String::new()],
        loops: 0,
    };
    let (nodes, end) = parser.list()?;
    match end {
        End::Text => Ok(Parsed {
            nodes,
            defined: parser.defined,
        }),
        End::Closed => Err(TemplateError::new("unexpected {{end}}")),
        End::Else(_) => Err(TemplateError::new("unexpected {{else}}")),
    }
}

struct Parser<'a> {
    pieces: IntoIter<Piece>,
    knows: &'a dyn Fn(&str) -> bool,
    defined: BTreeMap<String, Vec<Node>>,
    depth: usize,
    /// The variables that are there, innermost last.
    variables: Vec<String>,
    loops: usize,
}

type Words = Peekable<IntoIter<Token>>;

impl Parser<'_> {
    fn list(&mut self) -> Result<(Vec<Node>, End), TemplateError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::new("the template is nested too deeply"));
        }
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let tokens = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(tokens) => tokens,
            };
            let mut rest = tokens.iter();
            let keyword = match rest.next().map(|token| &token.word) {
                Some(Word::Name(name)) => name.as_str(),
                _ => "",
            };
            let rest = || rest.clone().cloned().collect::<Vec<_>>();
            match keyword {
                "end" if tokens.len() == 1 => {
                    self.depth -= 1;
                    return Ok((nodes, End::Closed));
                }
                "else" => {
                    self.depth -= 1;
                    return Ok((nodes, End::Else(rest())));
                }
                "if" | "with" | "range" => {
                    let keyword = keyword.to_owned();
                    let node = self.branch(&keyword, rest())?;
                    nodes.push(node);
                }
                "define" | "block" => nodes.extend(self.define(keyword == "block", rest())?),
                "template" => {
                    let (name, data) = self.named(rest())?;
                    nodes.push(Node::Template(name, data));
                }
                "break" | "continue" if tokens.len() == 1 => {
                    if self.loops == 0 {
                        let message = format!("{{{{{keyword}}}}} outside {{{{range}}}}");
                        return Err(TemplateError::new(message));
                    }
                    nodes.push(if keyword == "break" {
                        Node::Break
                    } else {
                        Node::Continue
                    });
                }
                _ => {
                    let pipeline = self.pipeline(tokens, false)?;
                    nodes.push(Node::Print(pipeline));
                }
            }
        }
        self.depth -= 1;
        Ok((nodes, End::Text))
    }

    fn branch(&mut self, keyword: &str, words: Vec<Token>) -> Result<Node, TemplateError> {
        let known = self.variables.len();
        let pipeline = self.pipeline(words, keyword == "range")?;
        self.loops += usize::from(keyword == "range");
        let (then, end) = self.list()?;
        self.loops -= usize::from(keyword == "range");
        let otherwise = match end {
            End::Closed => Vec::new(),
            End::Text => return Err(TemplateError::new("unexpected EOF")),
            End::Else(words) => match words.first().map(|token| token.word.clone()) {
                None => {
                    let (nodes, end) = self.list()?;
                    if !matches!(end, End::Closed) {
                        return Err(TemplateError::new("expected end; found {{else}} or EOF"));
                    }
                    nodes
                }
                Some(Word::Name(next)) if next == keyword && keyword != "range" => {
                    // The one `end` closes both.
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(TemplateError::new("the template is nested too deeply"));
                    }
                    let inner = self.branch(keyword, words.into_iter().skip(1).collect())?;
                    self.depth -= 1;
                    vec![inner]
                }
                Some(_) => return Err(TemplateError::new("unexpected word after else")),
            },
        };
        self.variables.truncate(known);
        let branch = Branch {
            pipeline,
            then,
            otherwise,
        };
        Ok(match keyword {
            "if" => Node::If(branch),
            "with" => Node::With(branch),
            _ => Node::Range(branch),
        })
    }

    fn define(&mut self, block: bool, words: Vec<Token>) -> Result<Option<Node>, TemplateError> {
        let (name, data) = self.named(words)?;
        let variables = std::mem::replace(&mut self.variables, vec![String::new()]);
        let loops = std::mem::take(&mut self.loops);
        let (nodes, end) = self.list()?;
        self.variables = variables;
        self.loops = loops;
        if !matches!(end, End::Closed) {
            return Err(TemplateError::new("unexpected EOF in a definition"));
        }
        self.defined.insert(name.clone(), nodes);
        Ok(block.then_some(Node::Template(name, data)))
    }

    /// `"name" pipeline`
    fn named(&mut self, words: Vec<Token>) -> Result<(String, Option<Pipeline>), TemplateError> {
        let mut words = words.into_iter();
        let Some(Word::Text(name)) = words.next().map(|token| token.word) else {
            return Err(TemplateError::new("a template's name is quoted text"));
        };
        let rest: Vec<Token> = words.collect();
        let data = if rest.is_empty() {
            None
        } else {
            Some(self.pipeline(rest, false)?)
        };
        Ok((name, data))
    }

    /// A whole action as a pipeline.
    fn pipeline(&mut self, words: Vec<Token>, ranges: bool) -> Result<Pipeline, TemplateError> {
        let mut words = words.into_iter().peekable();
        let pipeline = self.pipe(&mut words, ranges, 0)?;
        match words.next() {
            None => Ok(pipeline),
            Some(_) => Err(TemplateError::new("unexpected right paren")),
        }
    }

    fn pipe(
        &mut self,
        words: &mut Words,
        ranges: bool,
        depth: usize,
    ) -> Result<Pipeline, TemplateError> {
        if depth > MAX_DEPTH {
            return Err(TemplateError::new("the template is nested too deeply"));
        }
        let mut pipeline = Pipeline::default();
        self.variables_of(words, ranges, &mut pipeline)?;
        let mut command = Vec::new();
        while let Some(token) = words.peek() {
            if token.word == Word::Close {
                break;
            }
            if token.word == Word::Pipe {
                words.next();
                if command.is_empty() {
                    return Err(TemplateError::new("missing value for command"));
                }
                pipeline.commands.push(std::mem::take(&mut command));
                continue;
            }
            let operand = self.operand(words, depth)?;
            command.push(operand);
        }
        if command.is_empty() {
            return Err(TemplateError::new("missing value for command"));
        }
        pipeline.commands.push(command);
        let constant = |command: &Vec<Operand>| {
            command
                .first()
                .is_some_and(|operand| matches!(operand.head, Head::Constant(_)))
        };
        if pipeline.commands.iter().skip(1).any(constant) {
            let message = "non executable command in pipeline";
            return Err(TemplateError::new(message));
        }
        Ok(pipeline)
    }

    /// `$x :=`, `$x =`, `$i, $x :=`
    fn variables_of(
        &mut self,
        words: &mut Words,
        ranges: bool,
        pipeline: &mut Pipeline,
    ) -> Result<(), TemplateError> {
        let ahead: Vec<Word> = words.clone().take(4).map(|token| token.word).collect();
        let (names, operator, count) = match ahead.as_slice() {
            [
                Word::Variable(a),
                operator @ (Word::Declare | Word::Assign),
                ..,
            ] => (vec![a.clone()], operator, 2),
            [
                Word::Variable(a),
                Word::Comma,
                Word::Variable(b),
                operator @ (Word::Declare | Word::Assign),
            ] if ranges => (vec![a.clone(), b.clone()], operator, 4),
            _ => return Ok(()),
        };
        for _ in 0..count {
            words.next();
        }
        pipeline.assigns = *operator == Word::Assign;
        for name in &names {
            if pipeline.assigns {
                self.known(name)?;
            } else {
                self.variables.push(name.clone());
            }
        }
        pipeline.variables = names;
        Ok(())
    }

    fn known(&self, name: &str) -> Result<(), TemplateError> {
        if self.variables.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(TemplateError::new(format!(
            "undefined variable \"${name}\""
        )))
    }

    fn operand(&mut self, words: &mut Words, depth: usize) -> Result<Operand, TemplateError> {
        let Some(token) = words.next() else {
            return Err(TemplateError::new("missing value for command"));
        };
        let mut fields = Vec::new();
        let head = match token.word {
            Word::Dot => Head::Dot,
            Word::Field(name) => {
                fields.push(name);
                Head::Dot
            }
            Word::Variable(name) => {
                self.known(&name)?;
                Head::Variable(name)
            }
            Word::Open => {
                let inner = self.pipe(words, false, depth + 1)?;
                if words.next().map(|token| token.word) != Some(Word::Close) {
                    return Err(TemplateError::new("unclosed left paren"));
                }
                Head::Pipeline(Box::new(inner))
            }
            word => match (word.constant(), word) {
                (Some(constant), _) => Head::Constant(constant),
                (None, Word::Name(name)) if (self.knows)(&name) => Head::Function(name),
                (None, Word::Name(name)) => {
                    let message = format!("function {name:?} not defined");
                    return Err(TemplateError::new(message));
                }
                (None, word) => {
                    return Err(TemplateError::new(format!("unexpected {word:?}")));
                }
            },
        };
        while let Some(Token {
            word: Word::Field(name),
            apart: false,
        }) = words.peek()
        {
            fields.push(name.clone());
            words.next();
        }
        Ok(Operand { head, fields })
    }
}
