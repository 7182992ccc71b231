//! From tree-sitter's tree to [`syntax`](super::syntax): lists made flat, redirections put on the
//! command that they belong to, and what could not be parsed kept apart with its place.

use std::ops::{ControlFlow, Range};
use std::rc::Rc;

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point};

use super::Fault;
use super::syntax::{Block, Kind, Link, Raw, Statement};

/// How deep a tree is followed.
const DEPTH: usize = 120;
/// Scripts longer than this are not read.
const LONGEST: usize = 400_000;
/// How often the parser may report on its work, which it does in steps of equal size: so often, and
/// once more for so many bytes. A script that can be read takes one report for 40 to 100 bytes; one
/// full of brackets that nothing closes takes more for each byte the longer it is.
const WORK: usize = 2_000;
const BYTES_A_CHECK: usize = 4;

/// What was read of a text.
pub(super) struct Read {
    pub(super) block: Rc<Block>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a text that stands where `raw` says.
pub(super) fn read(raw: &Raw) -> Read {
    let failed = |what: &str| Read {
        block: Rc::new(Block::new()),
        faults: vec![Fault {
            message: what.to_owned(),
            span: raw.at.clone(),
        }],
    };
    if raw.text.len() > LONGEST {
        return failed("the script is too long to be evaluated");
    }
    let mut parser = Parser::new();
    if parser
        .set_language(&tree_sitter_bash::LANGUAGE.into())
        .is_err()
    {
        return failed("the shell grammar does not load");
    }
    // A last line without its line break hides the end of a here-document.
    let text = format!("{}\n", raw.text);
    let mut left = WORK + text.len() / BYTES_A_CHECK;
    let mut go_on = |_: &ParseState| match left.checked_sub(1) {
        Some(fewer) => {
            left = fewer;
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    };
    let bytes = text.as_bytes();
    let mut rest = |at: usize, _: Point| bytes.get(at..).unwrap_or_default();
    let options = ParseOptions::new().progress_callback(&mut go_on);
    let tree = parser.parse_with_options(&mut rest, None, Some(options));
    let Some(tree) = tree else {
        return failed("the script is too tangled to be evaluated");
    };
    let mut reader = Reader {
        text: &text,
        raw,
        faults: Vec::new(),
        depth: 0,
    };
    let block = reader.block_of(tree.root_node());
    Read {
        block: Rc::new(block),
        faults: reader.faults,
    }
}

pub(super) struct Reader<'a> {
    text: &'a str,
    raw: &'a Raw,
    faults: Vec<Fault>,
    depth: usize,
}

impl Reader<'_> {
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn raw(&self, range: Range<usize>) -> Raw {
        Raw {
            text: Rc::from(self.slice(range.clone())),
            at: self.raw.part(range.start, range.end),
            exact: self.raw.exact,
        }
    }

    pub(super) fn raw_of(&self, node: Node<'_>) -> Raw {
        self.raw(node.byte_range())
    }

    pub(super) fn fault(&mut self, message: &str, range: Range<usize>) {
        self.faults.push(Fault {
            message: message.to_owned(),
            span: self.raw.part(range.start, range.end),
        });
    }

    /// The statements among a node's children.
    pub(super) fn block_of(&mut self, node: Node<'_>) -> Block {
        let children = children(node);
        self.block(&children)
    }

    /// The statements among these nodes.
    pub(super) fn block(&mut self, nodes: &[Node<'_>]) -> Block {
        nodes
            .iter()
            .filter_map(|node| self.statement(*node))
            .collect()
    }

    /// A node as a statement; none for tokens and comments.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        if node.is_missing() || (!node.is_named() && !node.is_error()) {
            return None;
        }
        if self.depth >= DEPTH {
            self.fault("nested too deep to be evaluated", node.byte_range());
            return None;
        }
        self.depth += 1;
        let kind = self.kind(node);
        self.depth -= 1;
        let range = node.byte_range();
        Some(Statement {
            kind: kind?,
            at: self.raw.part(range.start, range.end),
        })
    }

    fn kind(&mut self, node: Node<'_>) -> Option<Kind> {
        Some(match node.kind() {
            "ERROR" => {
                self.fault(
                    "this part of the script is not understood",
                    node.byte_range(),
                );
                Kind::Broken(self.block_of(node))
            }
            "command" => self.command(node),
            "declaration_command" | "unset_command" => self.declaration(node),
            "variable_assignment" => self.assignments(&[node]),
            "variable_assignments" => self.assignments(&children(node)),
            "test_command" => self.test(node),
            "if_statement" => self.conditional(node),
            "for_statement" => self.for_loop(node),
            "c_style_for_statement" => self.counting_loop(node),
            "while_statement" => self.while_loop(node),
            "case_statement" => self.case(node),
            "compound_statement" => self.compound(node),
            "subshell" => Kind::Subshell(self.block_of(node)),
            "pipeline" => self.pipeline(node),
            "list" => self.chain(node),
            "negated_command" => {
                let inner = self.block_of(node).into_iter().next()?;
                Kind::Not(Box::new(inner))
            }
            "function_definition" => self.function(node)?,
            "redirected_statement" => return self.redirected(node),
            "do_group" => Kind::Group(self.block_of(node)),
            _ => return None,
        })
    }

    fn compound(&mut self, node: Node<'_>) -> Kind {
        let range = node.byte_range();
        if self.slice(range.clone()).starts_with("((") {
            let inner = range.start + 2..range.end.saturating_sub(2);
            return Kind::Arithmetic(self.raw(inner));
        }
        Kind::Group(self.block_of(node))
    }

    fn test(&mut self, node: Node<'_>) -> Kind {
        let range = node.byte_range();
        let double = self.slice(range.clone()).starts_with("[[");
        let width = if double { 2 } else { 1 };
        let inner = range.start + width..range.end.saturating_sub(width);
        Kind::Test {
            double,
            text: self.raw(inner),
        }
    }

    fn pipeline(&mut self, node: Node<'_>) -> Kind {
        let stages = self.block_of(node);
        pipe(stages)
    }

    /// A list leans to the left in the tree: it is followed down without recursion.
    fn chain(&mut self, node: Node<'_>) -> Kind {
        let mut reversed: Vec<(Link, Node<'_>)> = Vec::new();
        let mut at = node;
        loop {
            let parts = children(at);
            let link = if parts.iter().any(|part| part.kind() == "||") {
                Link::Or
            } else {
                Link::And
            };
            let mut sides = parts
                .into_iter()
                .filter(|part| (part.is_named() || part.is_error()) && part.kind() != "comment");
            let Some(left) = sides.next() else { break };
            for side in sides.collect::<Vec<_>>().into_iter().rev() {
                reversed.push((link, side));
            }
            if left.kind() == "list" {
                at = left;
            } else {
                reversed.push((Link::First, left));
                break;
            }
        }
        let mut chain = Vec::new();
        for (link, node) in reversed.into_iter().rev() {
            if let Some(statement) = self.statement(node) {
                append(&mut chain, link, statement);
            }
        }
        Kind::Chain(chain)
    }

    fn function(&mut self, node: Node<'_>) -> Option<Kind> {
        let name = node.child_by_field_name("name")?;
        let body = node.child_by_field_name("body")?;
        let body = self.statement(body)?;
        Some(Kind::Function {
            name: self.slice(name.byte_range()).to_owned(),
            body: Rc::new(body),
        })
    }
}

/// Adds a statement to a chain; a chain that follows is taken apart, since `&&` and `||` bind alike
/// and to the left.
pub(super) fn append(chain: &mut Vec<(Link, Statement)>, link: Link, statement: Statement) {
    match statement.kind {
        Kind::Chain(inner) => {
            for (own, statement) in inner {
                let link = if own == Link::First { link } else { own };
                chain.push((link, statement));
            }
        }
        _ => chain.push((link, statement)),
    }
}

/// A pipeline of these stages; `!` before the first one negates all of it.
pub(super) fn pipe(mut stages: Block) -> Kind {
    if let Some(first) = stages.first_mut()
        && matches!(first.kind, Kind::Not(_))
    {
        let at = first.at.clone();
        if let Kind::Not(inner) = std::mem::replace(&mut first.kind, Kind::Broken(Block::new())) {
            *first = *inner;
        }
        return Kind::Not(Box::new(Statement {
            kind: Kind::Pipeline(stages),
            at,
        }));
    }
    Kind::Pipeline(stages)
}

/// All children of a node, tokens too.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}
