//! From parser events to the arena.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle as Style, Span as Marks, options};
use thiserror::Error;

use super::node::{Children, Data, Node, NodeId};
use super::{MAX_DEPTH, ScalarStyle, Yaml};
use crate::source::Span;

/// Why a document could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct YamlError {
    /// What is wrong, in the parser's words.
    pub message: String,
    /// Where it was noticed.
    pub span: Span,
}

/// A collection that is open: its node, and where its children start on the pending list.
struct Open {
    node: NodeId,
    first: usize,
    mapping: bool,
}

struct Builder<'s> {
    yaml: Yaml<'s>,
    /// Where what is being read begins in the text.
    base: usize,
    open: Vec<Open>,
    pending: Vec<NodeId>,
    anchors: HashMap<usize, NodeId>,
    too_deep: bool,
}

pub(super) fn build<'s>(text: &'s str, parts: &[Span]) -> Yaml<'s> {
    let mut builder = Builder {
        yaml: Yaml {
            text,
            ..Yaml::default()
        },
        base: 0,
        open: Vec::new(),
        pending: Vec::new(),
        anchors: HashMap::new(),
        too_deep: false,
    };
    // In most files a node takes at least so many bytes.
    let bytes = parts.iter().map(|part| part.len()).sum::<usize>();
    builder.yaml.nodes.reserve((bytes / 12).min(4_096));
    for part in parts {
        builder.base = part.start;
        builder.part(text.get(part.start..part.end).unwrap_or_default());
    }
    builder.yaml
}

impl<'s> Builder<'s> {
    /// Reads the documents of a part of the text.
    fn part(&mut self, part: &'s str) {
        let options = options! {
            emit_unresolved_aliases: true,
            // As libyaml has it.
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut parser = Parser::new_from_str_with_options(part, options);
        // A failed recovery that makes no progress must end the reading.
        let mut last_fault = None;
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, marks)) => self.event(event, marks),
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(part.len());
                    self.fail(error.info(), self.base + at);
                    if last_fault == Some(at) || !matches!(parser.proceed_next_document(), Ok(true))
                    {
                        break;
                    }
                    last_fault = Some(at);
                }
            }
        }
    }

    fn span(&self, marks: &Marks) -> Span {
        let range = marks.byte_range().unwrap_or_default();
        Span::new(self.base + range.start, self.base + range.end)
    }

    fn event(&mut self, event: Event<'s>, marks: Marks) {
        let span = self.span(&marks);
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let style = match style {
                    Style::Plain => ScalarStyle::Plain,
                    Style::SingleQuoted => ScalarStyle::SingleQuoted,
                    Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
                    Style::Literal => ScalarStyle::Literal,
                    Style::Folded => ScalarStyle::Folded,
                };
                let id = self.push(Data::Scalar(value, style), span, tag.as_deref());
                self.anchor(anchor, id);
            }
            Event::SequenceStart(_, anchor, tag) => {
                let empty = Children { start: 0, end: 0 };
                let id = self.push(Data::Sequence(empty), span, tag.as_deref());
                self.anchor(anchor, id);
                self.start(id, false, span);
            }
            Event::MappingStart(_, anchor, tag) => {
                let empty = Children { start: 0, end: 0 };
                let id = self.push(Data::Mapping(empty), span, tag.as_deref());
                self.anchor(anchor, id);
                self.start(id, true, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                self.push(Data::Alias(target), span, None);
            }
            Event::UnresolvedAlias(name) => {
                self.yaml.errors.push(YamlError {
                    message: format!("the alias `*{name}` has no anchor before it"),
                    span,
                });
                self.push(Data::Alias(None), span, None);
            }
            Event::DocumentStart(..) => self.reset(),
            Event::DocumentEnd => {
                if let Some(root) = self.pending.first().copied()
                    && !self.too_deep
                {
                    self.yaml.roots.push(root);
                }
                self.reset();
            }
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.open.clear();
        self.pending.clear();
        self.anchors.clear();
        self.too_deep = false;
    }

    fn fail(&mut self, message: String, at: usize) {
        self.yaml.broken.push(at);
        self.yaml.errors.push(YamlError {
            message,
            span: Span::at(at),
        });
        self.reset();
    }

    fn push(&mut self, data: Data<'s>, span: Span, tag: Option<&granit_parser::Tag>) -> NodeId {
        let id = NodeId(u32::try_from(self.yaml.nodes.len()).unwrap_or(u32::MAX));
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()).into());
        self.yaml.nodes.push(Node { data, span, tag });
        self.pending.push(id);
        id
    }

    fn anchor(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn start(&mut self, node: NodeId, mapping: bool, span: Span) {
        self.open.push(Open {
            node,
            first: self.pending.len(),
            mapping,
        });
        if self.open.len() > MAX_DEPTH && !self.too_deep {
            self.too_deep = true;
            self.yaml.errors.push(YamlError {
                message: format!("nested deeper than {MAX_DEPTH} levels"),
                span,
            });
        }
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let start = self.yaml.children.len();
        let first = open.first.min(self.pending.len());
        self.yaml.children.extend(self.pending.drain(first..));
        let range = Children {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.yaml.children.len()).unwrap_or(u32::MAX),
        };
        // A block collection's end mark lies past blank lines: its last child says where it ends.
        let last = self.yaml.children.last().and_then(|id| self.yaml.node(*id));
        let last = last.map_or(span.end, |node| node.span.end);
        if let Some(node) = self.yaml.nodes.get_mut(open.node.0 as usize) {
            let flow = !span.is_empty();
            let end = if flow { span.end } else { last };
            node.span = Span::new(node.span.start, end.max(node.span.start));
            node.data = if open.mapping {
                Data::Mapping(range)
            } else {
                Data::Sequence(range)
            };
        }
    }
}
