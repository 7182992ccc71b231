//! A part of a pipeline file as an owned tree: every scalar with its bytes, so that what it
//! evaluates to can be traced back.

use std::ops::Range;

use crate::eval::unknown;
use crate::source::Span;
use crate::yaml::{Kind, NodeRef, SourceMap, Typed};

/// Why a part of a file may be left out.
pub const TOO_LARGE: &str = "the file holds more than 50,000 values: those beyond are not read";

/// A workflow is small; more nodes than this come from aliases that multiply.
const MAX_NODES: usize = 50_000;

/// The tag of a sequence that names a part of the same file; it is read as a mapping from this word
/// to the sequence.
pub const REFERENCE: &str = "!reference";

/// A scalar that may hold `${{ }}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its text.
    pub text: String,
    /// Its type by YAML's core schema.
    pub typed: Scalar,
    /// Its bytes, quotes included.
    pub span: Span,
    map: SourceMap,
    /// Whether it is written in another file, and `span` is what brought it here.
    moved: bool,
}

/// The type of a scalar, with its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// Nothing or `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text,
}

impl Template {
    /// The bytes of a range of the text.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        if self.moved {
            return self.span;
        }
        self.map.span(range)
    }
}

/// A value of a workflow file.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// A scalar.
    Scalar(Template),
    /// A sequence and its bytes.
    Sequence(Vec<Tree>, Span),
    /// A mapping and its bytes.
    Mapping(Vec<(Template, Tree)>, Span),
}

/// What may still be read, and where reading stopped.
struct Budget {
    nodes: usize,
    cut: Option<Span>,
}

impl Tree {
    /// Reads a node; aliases and merge keys are followed, up to a bound.
    #[must_use]
    pub fn read(node: NodeRef<'_, '_>) -> Self {
        Self::read_whole(node).0
    }

    /// The same, and where the first part stands that was left out.
    #[must_use]
    pub fn read_whole(node: NodeRef<'_, '_>) -> (Self, Option<Span>) {
        let mut budget = Budget {
            nodes: MAX_NODES,
            cut: None,
        };
        let tree = Self::read_within(node, &mut budget, 0);
        (tree, budget.cut)
    }

    fn read_within(node: NodeRef<'_, '_>, budget: &mut Budget, depth: usize) -> Self {
        let exhausted = budget.nodes == 0 || depth > crate::yaml::MAX_DEPTH;
        budget.nodes = budget.nodes.saturating_sub(1);
        match node.kind() {
            _ if exhausted => {
                budget.cut.get_or_insert(node.span());
                Self::Sequence(Vec::new(), node.span())
            }
            Kind::Sequence => {
                let items = node.items();
                let items = items.map(|item| Self::read_within(item, budget, depth + 1));
                let sequence = Self::Sequence(items.collect(), node.span());
                match node.resolved().tag() {
                    Some(REFERENCE) => {
                        let key = Template::made(REFERENCE, node.span());
                        Self::Mapping(vec![(key, sequence)], node.span())
                    }
                    _ => sequence,
                }
            }
            Kind::Mapping => {
                let mut pairs = Vec::new();
                for (_, key, value) in node.entries() {
                    let value = Self::read_within(value, budget, depth + 1);
                    pairs.extend(Template::read(key).map(|key| (key, value)));
                }
                Self::Mapping(pairs, node.span())
            }
            Kind::Scalar | Kind::Missing => Template::read(node)
                .map_or_else(|| Self::Sequence(Vec::new(), node.span()), Self::Scalar),
        }
    }

    /// The same with one place for all of it: that of what brought it here from another file.
    #[must_use]
    pub fn moved_to(&self, span: Span) -> Self {
        let scalar = |template: &Template| Template {
            span,
            moved: true,
            ..template.clone()
        };
        match self {
            Self::Scalar(template) => Self::Scalar(scalar(template)),
            Self::Sequence(items, _) => {
                Self::Sequence(items.iter().map(|i| i.moved_to(span)).collect(), span)
            }
            Self::Mapping(pairs, _) => {
                let pairs = pairs.iter();
                let moved = pairs.map(|(key, value)| (scalar(key), value.moved_to(span)));
                Self::Mapping(moved.collect(), span)
            }
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(template) => template.span,
            Self::Sequence(_, span) | Self::Mapping(_, span) => *span,
        }
    }

    /// The scalar, if it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<&Template> {
        match self {
            Self::Scalar(template) => Some(template),
            _ => None,
        }
    }

    /// The value under a key, case ignored as GitHub does.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The key and the value under it.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<(&Template, &Self)> {
        self.pairs()
            .iter()
            .find(|(key, _)| key.text.eq_ignore_ascii_case(name))
            .map(|(key, value)| (key, value))
    }

    /// The pairs of a mapping; nothing for anything else.
    #[must_use]
    pub fn pairs(&self) -> &[(Template, Self)] {
        match self {
            Self::Mapping(pairs, _) => pairs,
            _ => &[],
        }
    }

    /// The items of a sequence, or the scalar alone.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Sequence(items, _) => items,
            Self::Scalar(_) => std::slice::from_ref(self),
            Self::Mapping(..) => &[],
        }
    }

    /// The texts of a sequence's scalars, or of the scalar alone.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.items()
            .iter()
            .filter_map(|item| Some(item.scalar()?.text.as_str()))
    }
}

impl Template {
    /// Reads a scalar.
    #[must_use]
    pub fn read(node: NodeRef<'_, '_>) -> Option<Self> {
        let scalar = node.scalar()?;
        let typed = match scalar.typed() {
            Typed::Null => Scalar::Null,
            Typed::Bool(value) => Scalar::Bool(value),
            Typed::Number(value) => Scalar::Number(value),
            Typed::Text(_) => Scalar::Text,
        };
        Some(Self {
            text: unknown::clean(scalar.text).into_owned(),
            typed,
            span: scalar.span,
            map: scalar.source_map(),
            moved: false,
        })
    }

    /// A text that is written nowhere, with a place to stand for it.
    #[must_use]
    pub fn made(text: &str, span: Span) -> Self {
        Self {
            text: text.to_owned(),
            typed: Scalar::Text,
            span,
            map: SourceMap::default(),
            moved: true,
        }
    }
}
