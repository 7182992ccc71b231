//! Nodes of a YAML tree, and how to walk them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Scalar, ScalarStyle, Yaml, index};
use crate::source::Span;

/// Index of a node in its document's arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(pub(super) u32);

/// A run of the arena's child list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Children {
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Debug)]
pub(super) enum Data<'s> {
    Scalar(Cow<'s, str>, ScalarStyle),
    Sequence(Children),
    /// Keys and values in turn.
    Mapping(Children),
    /// An alias and the node that it stands for, where there is one.
    Alias(Option<NodeId>),
}

#[derive(Debug)]
pub(super) struct Node<'s> {
    pub(super) data: Data<'s>,
    pub(super) span: Span,
    pub(super) tag: Option<Box<str>>,
}

impl Node<'_> {
    /// The scalar that it is, in the text of its file.
    pub(super) fn scalar<'d>(&'d self, source: &'d str) -> Option<Scalar<'d>> {
        match &self.data {
            Data::Scalar(value, style) => Some(Scalar {
                text: value,
                style: *style,
                span: self.span,
                source,
                tagged_str: self.tag.as_deref() == Some("tag:yaml.org,2002:str"),
            }),
            _ => None,
        }
    }
}

/// What a node is, aliases followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, a number, a boolean or nothing.
    Scalar,
    /// A list.
    Sequence,
    /// Keys with values.
    Mapping,
    /// An alias to no anchor.
    Missing,
}

/// A node of a [`Yaml`] tree.
#[derive(Clone, Copy)]
pub struct NodeRef<'d, 's> {
    yaml: &'d Yaml<'s>,
    id: NodeId,
    node: &'d Node<'s>,
}

/// What stands where there is no node.
static MISSING: Node<'static> = Node {
    data: Data::Alias(None),
    span: Span { start: 0, end: 0 },
    tag: None,
};

/// How many aliases or merge keys in a row are followed.
const MAX_HOPS: usize = 16;

/// A mapping with so many keys is looked through key by key.
const FEW: usize = 16;

impl<'d, 's> NodeRef<'d, 's> {
    pub(super) fn at(yaml: &'d Yaml<'s>, id: NodeId) -> Self {
        let node = yaml.node(id).unwrap_or(&MISSING);
        Self { yaml, id, node }
    }

    /// The node an alias stands for; itself for any other node.
    #[must_use]
    #[inline]
    pub fn resolved(self) -> Self {
        match self.node.data {
            Data::Alias(_) => self.followed(),
            _ => self,
        }
    }

    fn followed(self) -> Self {
        let mut at = self;
        for _ in 0..MAX_HOPS {
            match at.node.data {
                Data::Alias(Some(target)) => at = Self::at(self.yaml, target),
                _ => break,
            }
        }
        at
    }

    /// Whether the node is written as an alias (`*name`).
    #[must_use]
    pub fn is_alias(self) -> bool {
        matches!(self.node.data, Data::Alias(_))
    }

    /// What it is, aliases followed.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.resolved().node.data {
            Data::Scalar(..) => Kind::Scalar,
            Data::Sequence(_) => Kind::Sequence,
            Data::Mapping(_) => Kind::Mapping,
            Data::Alias(_) => Kind::Missing,
        }
    }

    /// Where the node itself is written (for an alias, the `*name`).
    #[must_use]
    pub fn span(self) -> Span {
        self.node.span
    }

    /// The explicit tag, such as `!reset` or `!!str` in its long form.
    #[must_use]
    pub fn tag(self) -> Option<&'d str> {
        self.node.tag.as_deref()
    }

    /// The scalar, aliases followed.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar<'d>> {
        self.resolved().node.scalar(self.yaml.text)
    }

    /// The scalar's text, whatever its type.
    #[must_use]
    pub fn text(self) -> Option<&'d str> {
        match &self.resolved().node.data {
            Data::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The items of a sequence; nothing for anything else.
    #[must_use]
    pub fn items(self) -> Items<'d, 's> {
        let range = match self.resolved().node.data {
            Data::Sequence(range) => range,
            _ => Children { start: 0, end: 0 },
        };
        Items {
            yaml: self.yaml,
            ids: self.yaml.child_ids(range),
        }
    }

    /// The pairs as written: merge keys stay pairs.
    pub fn pairs(self) -> impl Iterator<Item = (Self, Self)> {
        let (pairs, _) = self.key_value_ids().as_chunks::<2>();
        pairs.iter().map(move |pair| self.pair(pair))
    }

    /// The ids of keys and values in turn.
    fn key_value_ids(self) -> &'d [NodeId] {
        match self.resolved().node.data {
            Data::Mapping(range) => self.yaml.child_ids(range),
            _ => &[],
        }
    }

    fn pair(self, [key, value]: &[NodeId; 2]) -> (Self, Self) {
        (Self::at(self.yaml, *key), Self::at(self.yaml, *value))
    }

    /// The pairs with text keys, in order, those of `<<` included where not overridden.
    #[must_use]
    pub fn entries(self) -> Vec<(&'d str, Self, Self)> {
        let mut entries = Vec::new();
        self.collect_entries(&mut entries, &mut HashSet::new(), &mut HashSet::new(), 0);
        entries
    }

    fn collect_entries(
        self,
        entries: &mut Vec<(&'d str, Self, Self)>,
        names: &mut HashSet<&'d str>,
        visited: &mut HashSet<NodeId>,
        hops: usize,
    ) {
        let mut merged = Vec::new();
        for (key, value) in self.pairs() {
            match key.text() {
                Some("<<") => merged.push(value),
                Some(name) => {
                    // Few are looked through faster than hashed; many would take quadratic time.
                    let known = match entries.len() {
                        0..FEW => entries.iter().any(|(known, ..)| *known == name),
                        FEW => {
                            names.extend(entries.iter().map(|(known, ..)| *known));
                            !names.insert(name)
                        }
                        _ => !names.insert(name),
                    };
                    if !known {
                        entries.push((name, key, value));
                    }
                }
                None => {}
            }
        }
        if hops >= MAX_HOPS {
            return;
        }
        for source in merged.into_iter().flat_map(Self::merge_sources) {
            if visited.insert(source.resolved().id) {
                source.collect_entries(entries, names, visited, hops + 1);
            }
        }
    }

    fn merge_sources(self) -> Vec<Self> {
        match self.kind() {
            Kind::Mapping => vec![self],
            Kind::Sequence => self.items().take(MAX_HOPS).collect(),
            _ => Vec::new(),
        }
    }

    /// The value under a key, merge keys included; the first one where a key stands twice.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Self> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The key and the value under it, merge keys included.
    #[must_use]
    pub fn entry(self, name: &str) -> Option<(Self, Self)> {
        self.find(name, &mut HashSet::new(), 0)
    }

    /// What is merged in by several ways is looked into once: mappings that merge each other twice
    /// would double the work with each step.
    fn find(self, name: &str, visited: &mut HashSet<NodeId>, hops: usize) -> Option<(Self, Self)> {
        let (found, merges) = self.find_here(name);
        if found.is_some() || hops >= MAX_HOPS {
            return found;
        }
        for source in merges.into_iter().flat_map(Self::merge_sources) {
            if !visited.insert(source.resolved().id) {
                continue;
            }
            if let Some(found) = source.find(name, visited, hops + 1) {
                return Some(found);
            }
        }
        None
    }

    /// The pair of a key as written here, and what `<<` merges in.
    fn find_here(self, name: &str) -> (Option<(Self, Self)>, Vec<Self>) {
        let mut merges = Vec::new();
        let (pairs, _) = self.key_value_ids().as_chunks::<2>();
        let large = pairs.len() > index::FEW;
        let index = large.then(|| self.yaml.indexes.get(&self.resolved().id));
        if let Some(index) = index.flatten() {
            let nth = |at: usize| pairs.get(at).map(|pair| self.pair(pair));
            match index.pair(name).and_then(nth) {
                Some((key, value)) if key.text() == Some(name) => {
                    return (Some((key, value)), merges);
                }
                // Another key has its hash.
                Some(_) => {}
                None => {
                    let merges = index.merges().filter_map(nth);
                    return (None, merges.map(|(_, value)| value).collect());
                }
            }
        }
        for pair in pairs {
            let [key, value] = pair;
            match Self::at(self.yaml, *key).text() {
                Some(text) if text == name => return (Some(self.pair(pair)), Vec::new()),
                Some("<<") => merges.push(Self::at(self.yaml, *value)),
                _ => {}
            }
        }
        (None, merges)
    }

    /// The value under a path of keys.
    #[must_use]
    pub fn path(self, names: &[&str]) -> Option<Self> {
        names.iter().try_fold(self, |node, name| node.get(name))
    }
}

impl std::fmt::Debug for NodeRef<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {:?}", self.kind(), self.span())
    }
}

impl<'s> Yaml<'s> {
    fn child_ids(&self, range: Children) -> &[NodeId] {
        self.children
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    }
}

/// Iterates over the items of a sequence.
pub struct Items<'d, 's> {
    yaml: &'d Yaml<'s>,
    ids: &'d [NodeId],
}

impl<'d, 's> Iterator for Items<'d, 's> {
    type Item = NodeRef<'d, 's>;

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.ids.split_first()?;
        self.ids = rest;
        Some(NodeRef::at(self.yaml, *first))
    }
}
