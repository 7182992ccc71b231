//! Reads a compose file: variables replaced, each value with its place, and the paths that `!reset`
//! and `!override` name.

use std::cell::Cell;
use std::rc::Rc;

use super::environment::Environment;
use super::interpolate::{Came, InterpolateError, interpolate};
use super::tree::{Content, Entry, Node, Path};
use super::{ComposeError, Origin, Value, Variable};
use crate::eval::unknown;
use crate::yaml::{Kind, NodeRef, Typed};

/// Nodes of one project, aliases expanded.
const MAX_NODES: usize = 200_000;

/// Nesting, aliases expanded.
const MAX_DEPTH: usize = 100;

/// What all files of one project share.
pub(super) struct Budget {
    nodes: Cell<usize>,
    /// Whether a text that cannot be interpolated is kept with its problem.
    pub(super) lenient: bool,
}

impl Budget {
    pub(super) fn new(lenient: bool) -> Self {
        let nodes = Cell::new(0);
        Self { nodes, lenient }
    }

    /// Counts some nodes.
    pub(super) fn spend(&self, nodes: usize) -> Result<(), ComposeError> {
        let spent = self.nodes.get().saturating_add(nodes);
        self.nodes.set(spent);
        if spent > MAX_NODES {
            return Err(ComposeError::new("the project is too large"));
        }
        Ok(())
    }
}

/// Reads one document of a file.
pub(super) struct Reader<'r> {
    pub(super) file: usize,
    pub(super) environment: &'r Environment<'r>,
    pub(super) budget: &'r Budget,
    /// The paths that this document resets or overrides.
    pub(super) resets: Vec<Path>,
}

impl Reader<'_> {
    /// The document's value; `None` where it is empty.
    pub(super) fn read(&mut self, node: NodeRef<'_, '_>) -> Result<Option<Node>, ComposeError> {
        self.node(node, &mut Vec::new())
    }

    fn at(&self, node: NodeRef<'_, '_>) -> Origin {
        // What an alias stands for is where the text is.
        let span = node.scalar().map_or(node.span(), |scalar| scalar.span);
        Origin {
            file: self.file,
            span,
        }
    }

    /// A value; `None` for one that is reset.
    fn node(
        &mut self,
        node: NodeRef<'_, '_>,
        path: &mut Path,
    ) -> Result<Option<Node>, ComposeError> {
        let at = self.at(node);
        self.budget.spend(1)?;
        if path.len() > MAX_DEPTH {
            return Err(ComposeError::at("the file is nested too deeply", at));
        }
        let target = node.resolved();
        let tag = node.tag().or_else(|| target.tag()).unwrap_or_default();
        let reset = tag.ends_with("!reset");
        if reset || tag.ends_with("!override") {
            self.resets.push(path.clone());
        }
        if reset {
            return Ok(None);
        }
        let content = match node.kind() {
            Kind::Missing if self.budget.lenient => Content::Null,
            Kind::Missing => return Err(ComposeError::at("there is no such anchor", at)),
            Kind::Scalar => self.scalar(node, at)?,
            Kind::Sequence => {
                let mut items = Vec::new();
                for (index, item) in node.items().enumerate() {
                    path.push(index.to_string().into());
                    items.extend(self.node(item, path)?);
                    path.pop();
                }
                Content::List(items)
            }
            Kind::Mapping => Content::Map(self.entries(node, path)?),
        };
        Ok(Some(Node { content, at }))
    }

    fn scalar(&self, node: NodeRef<'_, '_>, at: Origin) -> Result<Content, ComposeError> {
        let Some(scalar) = node.scalar() else {
            return Ok(Content::Null);
        };
        let text = match scalar.typed() {
            Typed::Null => return Ok(Content::Null),
            Typed::Bool(value) => return Ok(Content::Bool(value)),
            Typed::Number(_) => return Ok(Content::Number(scalar.text.into())),
            Typed::Text(text) => text,
        };
        let mut value = Value {
            text: unknown::clean(text).into_owned(),
            at,
            variables: Vec::new(),
            problem: None,
        };
        if text.contains('$') {
            let lookup = |name: &str| self.environment.text(name);
            match interpolate(&unknown::clean(text), &lookup) {
                Ok(done) => {
                    self.budget.spend(done.text.len() / 64)?;
                    let variables = done.pieces.into_iter().map(|piece| Variable {
                        at: match piece.came {
                            Came::Set | Came::Alternative => {
                                self.environment.origin(&piece.variable)
                            }
                            Came::Default | Came::Unset | Came::Absent => None,
                        },
                        piece,
                    });
                    value.variables = variables.collect();
                    value.text = done.text;
                }
                Err(error @ InterpolateError::TooLong) => {
                    return Err(ComposeError::at(error.to_string(), at));
                }
                Err(error) if self.budget.lenient => value.problem = Some(error),
                Err(error) => return Err(ComposeError::at(error.to_string(), at)),
            }
        }
        Ok(Content::Text(Rc::new(value)))
    }

    /// Keys are strings, each once, and what is merged is a mapping or several.
    fn check_keys(&self, node: NodeRef<'_, '_>) -> Result<(), ComposeError> {
        let mut seen = std::collections::HashSet::new();
        for (key, value) in node.pairs() {
            let refused = |message: String| Err(ComposeError::at(message, self.at(key)));
            let scalar = key.scalar();
            let scalar = scalar.filter(|scalar| matches!(scalar.typed(), Typed::Text(_)));
            let Some(scalar) = scalar else {
                return refused("a key must be a string".to_owned());
            };
            if !seen.insert(scalar.text) {
                return refused(format!("the key `{}` stands twice", scalar.text));
            }
            let is_map = |node: NodeRef<'_, '_>| node.kind() == Kind::Mapping;
            let merges = scalar.text == "<<";
            let list = value.kind() == Kind::Sequence && value.items().all(is_map);
            if merges && !is_map(value) && !list {
                return refused("only mappings can be merged".to_owned());
            }
        }
        Ok(())
    }

    fn entries(
        &mut self,
        node: NodeRef<'_, '_>,
        path: &mut Path,
    ) -> Result<Vec<Entry>, ComposeError> {
        if !self.budget.lenient {
            self.check_keys(node)?;
        }
        let pairs = node.entries();
        // Keys are looked for one after the other.
        self.budget.spend(pairs.len() * pairs.len() / 64)?;
        let mut entries = Vec::with_capacity(pairs.len());
        for (name, key, value) in pairs {
            path.push(name.into());
            if let Some(value) = self.node(value, path)? {
                entries.push(Entry {
                    name: name.into(),
                    at: self.at(key),
                    value,
                });
            }
            path.pop();
        }
        Ok(entries)
    }
}
