//! The values of a compose file: variables replaced, and files laid over each other.

use std::cell::Cell;
use std::rc::Rc;

use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::value::Text;
use crate::eval::compose::interpolate::interpolate;
use crate::yaml::{Kind, NodeRef, Typed};

/// Nodes of one file, aliases expanded.
const MAX_NODES: usize = 100_000;

/// Nesting, aliases expanded.
const MAX_DEPTH: usize = 100;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) content: Content,
    pub(super) at: At,
    /// Whether it takes the place of what it is laid over, `!override` or `!reset`.
    replaces: bool,
}

/// What a value is. Numbers keep their text.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Null,
    Bool(bool),
    Number(f64, Rc<str>),
    Text(Rc<str>),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: Rc<str>,
    pub(super) at: At,
    pub(super) value: Node,
}

/// Reads one file.
pub(super) struct Reader<'r> {
    file: usize,
    environment: &'r dyn Fn(&str) -> Option<String>,
    nodes: Cell<usize>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(file: usize, environment: &'r dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            file,
            environment,
            nodes: Cell::new(0),
        }
    }

    pub(super) fn read(&mut self, node: NodeRef<'_, '_>) -> Outcome<Node> {
        self.node(node, 0)
    }

    fn at(&self, node: NodeRef<'_, '_>) -> At {
        let span = match node.scalar() {
            Some(scalar) if !node.is_alias() => scalar.content_span(),
            _ => node.span(),
        };
        At::new(self.file, span.start..span.end)
    }

    fn node(&self, node: NodeRef<'_, '_>, depth: usize) -> Outcome<Node> {
        let at = self.at(node);
        self.nodes.set(self.nodes.get() + 1);
        if depth > MAX_DEPTH || self.nodes.get() > MAX_NODES {
            return Err(Fault::at(at, "the file is too deep or too large"));
        }
        let tag = node.tag().unwrap_or_default();
        let content = match node.kind() {
            Kind::Missing => Content::Null,
            _ if tag.ends_with("!reset") => Content::Null,
            Kind::Scalar => self.scalar(node, at)?,
            Kind::Sequence => {
                let items = node.items().map(|item| self.node(item, depth + 1));
                Content::List(items.collect::<Outcome<_>>()?)
            }
            Kind::Mapping => Content::Map(self.entries(node, depth)?),
        };
        Ok(Node {
            content,
            at,
            replaces: tag.ends_with("!reset") || tag.ends_with("!override"),
        })
    }

    fn scalar(&self, node: NodeRef<'_, '_>, at: At) -> Outcome<Content> {
        let Some(scalar) = node.scalar() else {
            return Ok(Content::Null);
        };
        Ok(match scalar.typed() {
            Typed::Null => Content::Null,
            Typed::Bool(value) => Content::Bool(value),
            Typed::Number(value) => Content::Number(value, scalar.text.into()),
            Typed::Text(text) => {
                let done = interpolate(text, self.environment)
                    .map_err(|error| Fault::at(at, error.to_string()))?;
                Content::Text(done.text.into())
            }
        })
    }

    fn entries(&self, node: NodeRef<'_, '_>, depth: usize) -> Outcome<Vec<Entry>> {
        let mut seen: Vec<&str> = Vec::new();
        for (key, _) in node.pairs() {
            let name = key.text().unwrap_or_default();
            if name != "<<" && seen.contains(&name) {
                let message = format!("the key `{name}` stands twice");
                return Err(Fault::at(self.at(key), message));
            }
            self.nodes.set(self.nodes.get() + 1 + seen.len() / 64);
            seen.push(name);
        }
        let entries = node.entries().into_iter().map(|(name, key, value)| {
            Ok(Entry {
                name: name.into(),
                at: self.at(key),
                value: self.node(value, depth + 1)?,
            })
        });
        entries.collect()
    }
}

impl Node {
    pub(super) fn new(content: Content, at: At) -> Self {
        Self {
            content,
            at,
            replaces: false,
        }
    }

    pub(super) fn empty() -> Self {
        Self::new(Content::Map(Vec::new()), At::default())
    }

    /// The key and its value, also where that is null.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.name == name)
    }

    /// The value under a key, where it is not null.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name)
            .map(|entry| &entry.value)
            .filter(|value| !matches!(value.content, Content::Null))
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar as text; `None` where it is null or no scalar.
    pub(super) fn text(&self) -> Option<Text> {
        let text: Rc<str> = match &self.content {
            Content::Text(text) => Rc::clone(text),
            Content::Bool(value) => value.to_string().into(),
            Content::Number(value, text) => {
                // Fractions are read as numbers and printed again: 1.10 is 1.1.
                if value.fract() == 0.0 && !text.contains(['.', 'e', 'E']) {
                    Rc::clone(text)
                } else {
                    crate::eval::bake::value::print_number(*value).into()
                }
            }
            Content::Null | Content::List(_) | Content::Map(_) => return None,
        };
        Some(Text {
            text,
            at: Some(self.at),
        })
    }

    /// This value with a later one laid over it: maps by key, lists one after the other.
    pub(super) fn merged(self, later: Self) -> Self {
        if later.replaces {
            return later;
        }
        match (self.content, later.content) {
            (Content::Map(mut entries), Content::Map(more)) => {
                for entry in more {
                    let known = entries.iter_mut().find(|known| known.name == entry.name);
                    match known {
                        Some(known) => {
                            let nothing = Self::new(Content::Null, known.at);
                            let earlier = std::mem::replace(&mut known.value, nothing);
                            known.value = earlier.merged(entry.value);
                        }
                        None => entries.push(entry),
                    }
                }
                Self::new(Content::Map(entries), self.at)
            }
            (Content::List(mut items), Content::List(more)) => {
                items.extend(more);
                Self::new(Content::List(items), self.at)
            }
            (earlier @ (Content::Map(_) | Content::List(_)), Content::Null) => {
                Self::new(earlier, self.at)
            }
            (_, later_content) => Self::new(later_content, later.at),
        }
    }
}
