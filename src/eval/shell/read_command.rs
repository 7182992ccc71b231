//! Reading simple commands, assignments and redirections.

use tree_sitter::Node;

use super::read::{Reader, append, children, pipe};
use super::syntax::{Block, Kind, Link, Raw, Redirect, Statement};

impl Reader<'_> {
    pub(super) fn command(&mut self, node: Node<'_>) -> Kind {
        let mut assignments: Vec<Raw> = Vec::new();
        let mut words: Vec<Raw> = Vec::new();
        let mut redirects = Vec::new();
        // Two nodes with nothing between them are one word: the grammar parts some that hold
        // variables, and takes the second half for the command's name.
        let (mut started, mut ended) = (0, None);
        for part in children(node) {
            let list = match part.kind() {
                "file_redirect" | "herestring_redirect" => {
                    redirects.extend(self.redirect(part, &mut words));
                    continue;
                }
                "ERROR" => {
                    let message = "this part of a command is not understood";
                    self.fault(message, part.byte_range());
                    continue;
                }
                "comment" => continue,
                "variable_assignment" => &mut assignments,
                _ if words.is_empty()
                    && (ended == Some(part.start_byte())
                        || is_assignment(self.slice(part.byte_range()))) =>
                {
                    &mut assignments
                }
                _ => &mut words,
            };
            match list.last_mut() {
                Some(last) if ended == Some(part.start_byte()) => {
                    *last = self.raw(started..part.end_byte());
                }
                _ => {
                    list.push(self.raw_of(part));
                    started = part.start_byte();
                }
            }
            ended = Some(part.end_byte());
        }
        let kind = Kind::Command {
            assignments,
            words,
            declaration: false,
        };
        self.with_redirects(kind, redirects, node)
    }

    fn with_redirects(&self, kind: Kind, redirects: Vec<Redirect>, node: Node<'_>) -> Kind {
        if redirects.is_empty() {
            return kind;
        }
        let range = node.byte_range();
        let at = self.raw(range).at;
        Kind::Redirected {
            body: Box::new(Statement { kind, at }),
            redirects,
        }
    }

    pub(super) fn declaration(&mut self, node: Node<'_>) -> Kind {
        let words = children(node).into_iter();
        Kind::Command {
            assignments: Vec::new(),
            words: self.words(words.filter(|part| part.kind() != "comment")),
            declaration: true,
        }
    }

    pub(super) fn assignments(&mut self, nodes: &[Node<'_>]) -> Kind {
        Kind::Command {
            assignments: self.words(nodes.iter().copied()),
            words: Vec::new(),
            declaration: false,
        }
    }

    /// Nodes as words; those with nothing between them are one.
    pub(super) fn words<'n>(&self, nodes: impl Iterator<Item = Node<'n>>) -> Vec<Raw> {
        let mut words: Vec<Raw> = Vec::new();
        let (mut started, mut ended) = (0, None);
        for node in nodes {
            match words.last_mut() {
                Some(last) if ended == Some(node.start_byte()) => {
                    *last = self.raw(started..node.end_byte());
                }
                _ => {
                    words.push(self.raw_of(node));
                    started = node.start_byte();
                }
            }
            ended = Some(node.end_byte());
        }
        words
    }

    /// One redirection. The grammar lets a file redirection swallow words that follow it: they are
    /// the command's, and go to `words`.
    fn redirect(&self, node: Node<'_>, words: &mut Vec<Raw>) -> Option<Redirect> {
        let mut descriptor = "";
        let mut operator = "";
        let mut targets = Vec::new();
        for part in children(node) {
            match part.kind() {
                "file_descriptor" => descriptor = self.slice(part.byte_range()),
                "comment" => {}
                _ if !part.is_named() => operator = self.slice(part.byte_range()),
                _ => targets.push(self.raw_of(part)),
            }
        }
        let mut targets = targets.into_iter();
        let to = targets.next()?;
        words.extend(targets);
        let digits = to.text.chars().all(|c| c.is_ascii_digit());
        let standard = matches!(descriptor, "" | "1");
        Some(match operator {
            "<<<" => Redirect::Text(to),
            "<" if matches!(descriptor, "" | "0") => Redirect::Input(to),
            ">&" if standard && &*to.text == "2" => Redirect::ToError,
            ">&" if digits => Redirect::Other,
            ">" | ">|" | ">&" if standard => Redirect::Output { to, append: false },
            ">>" if standard => Redirect::Output { to, append: true },
            "&>" => Redirect::Output { to, append: false },
            "&>>" => Redirect::Output { to, append: true },
            _ => Redirect::Other,
        })
    }

    pub(super) fn redirected(&mut self, node: Node<'_>) -> Option<Kind> {
        let mut redirects = Vec::new();
        let mut words = Vec::new();
        let mut after = After::default();
        let mut body = None;
        for part in children(node) {
            match part.kind() {
                "file_redirect" | "herestring_redirect" => {
                    redirects.extend(self.redirect(part, &mut words));
                }
                "heredoc_redirect" => {
                    self.document(part, &mut redirects, &mut words, &mut after);
                }
                _ if body.is_none() => body = self.statement(part),
                _ => {}
            }
        }
        let range = node.byte_range();
        let at = self.raw(range).at;
        let body = body.unwrap_or_else(|| Statement {
            kind: self.assignments(&[]),
            at: at.clone(),
        });
        let mut statement = attach(body, redirects, words);
        if !after.piped.is_empty() {
            let mut rest = after.piped;
            // `a <<E | b && c` reads as `a | (b && c)` in the tree, and is `(a | b) && c`.
            let tail = match rest.pop() {
                Some(Statement {
                    kind: Kind::Chain(chain),
                    ..
                }) => chain,
                Some(last) => vec![(Link::First, last)],
                None => Vec::new(),
            };
            let mut tail = tail.into_iter();
            let mut stages: Block = vec![statement];
            stages.extend(rest);
            stages.extend(tail.next().map(|(_, first)| first));
            let kind = pipe(stages);
            statement = Statement {
                kind,
                at: at.clone(),
            };
            after.chained.splice(0..0, tail);
        }
        if after.chained.is_empty() {
            return Some(statement.kind);
        }
        let mut chain = Vec::new();
        append(&mut chain, Link::First, statement);
        for (link, next) in after.chained {
            append(&mut chain, link, next);
        }
        Some(Kind::Chain(chain))
    }

    fn document(
        &mut self,
        node: Node<'_>,
        redirects: &mut Vec<Redirect>,
        words: &mut Vec<Raw>,
        after: &mut After,
    ) {
        let mut literal = false;
        let mut dashed = false;
        let mut body = None;
        let mut end = node.end_byte();
        let mut link = Link::And;
        for part in children(node) {
            match part.kind() {
                "<<-" => dashed = true,
                "heredoc_start" => {
                    let start = self.slice(part.byte_range());
                    literal = start.contains(['\'', '"', '\\']);
                }
                "file_redirect" | "herestring_redirect" => {
                    redirects.extend(self.redirect(part, words));
                }
                "pipeline" => after.piped.extend(self.block_of(part)),
                "heredoc_body" => body = Some(part),
                "heredoc_end" => end = part.start_byte(),
                "&&" => link = Link::And,
                "||" => link = Link::Or,
                "ERROR" => self.fault(
                    "this part of a here-document is not understood",
                    part.byte_range(),
                ),
                _ if part.is_named() => match self.statement(part) {
                    Some(statement) => after.chained.push((link, statement)),
                    None => words.push(self.raw_of(part)),
                },
                _ => {}
            }
        }
        // The tree leaves out blanks at the edges of the body: it is taken from the text, by lines.
        let line_start = |at: usize| self.slice(0..at).rfind('\n').map_or(0, |i| i + 1);
        let start = body.map_or_else(
            || line_start(end),
            |body| {
                let own = body.start_byte();
                let first = self.slice(own..end).len()
                    - self.slice(own..end).trim_start_matches('\n').len();
                if first > 0 { own } else { line_start(own) }
            },
        );
        let mut text = self.raw(start..line_start(end).max(start));
        if dashed {
            let lines: String = text
                .text
                .split_inclusive('\n')
                .map(|line| line.trim_start_matches('\t'))
                .collect();
            text.text = lines.into();
            text.exact = false;
        }
        redirects.push(Redirect::Document { text, literal });
    }
}

/// What follows a here-document's mark on its line.
#[derive(Default)]
struct After {
    piped: Block,
    chained: Vec<(Link, Statement)>,
}

/// Puts redirections, and words that were read with them, on the command that they belong to: the
/// last one of a list or pipeline.
fn attach(mut statement: Statement, redirects: Vec<Redirect>, words: Vec<Raw>) -> Statement {
    match &mut statement.kind {
        Kind::Chain(chain) => {
            if let Some((link, last)) = chain.pop() {
                chain.push((link, attach(last, redirects, words)));
            }
            return statement;
        }
        Kind::Pipeline(stages) => {
            if let Some(last) = stages.pop() {
                stages.push(attach(last, redirects, words));
            }
            return statement;
        }
        Kind::Not(inner) => {
            let at = inner.at.clone();
            let empty = Statement {
                kind: Kind::Broken(Block::new()),
                at,
            };
            let body = std::mem::replace(&mut **inner, empty);
            **inner = attach(body, redirects, words);
            return statement;
        }
        Kind::Command { words: own, .. } => own.extend(words),
        Kind::Redirected {
            body,
            redirects: own,
        } => {
            if let Kind::Command { words: inner, .. } = &mut body.kind {
                inner.extend(words);
            }
            own.extend(redirects);
            return statement;
        }
        _ => {}
    }
    if redirects.is_empty() {
        return statement;
    }
    let at = statement.at.clone();
    Statement {
        kind: Kind::Redirected {
            body: Box::new(statement),
            redirects,
        },
        at,
    }
}

/// Whether a word before the command's name is an assignment: `NAME=…`.
fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    let name = name.strip_suffix('+').unwrap_or(name);
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(letters)
}
