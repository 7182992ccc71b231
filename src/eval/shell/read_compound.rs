//! Reading the statements that hold others: conditions, loops, `case`.

use tree_sitter::Node;

use super::read::{Reader, children};
use super::scan;
use super::syntax::{Arm, Block, Kind, Raw};

impl Reader<'_> {
    pub(super) fn conditional(&mut self, node: Node<'_>) -> Kind {
        let mut branches = Vec::new();
        let mut otherwise = Block::new();
        let parts = children(node);
        let (condition, rest) = split_at(&parts, "then");
        let clause = |part: &&Node<'_>| matches!(part.kind(), "elif_clause" | "else_clause");
        let own: Vec<_> = rest.iter().filter(|part| !clause(part)).copied().collect();
        branches.push((self.block(condition), self.block(&own)));
        for part in rest.iter().filter(clause) {
            let inner = children(*part);
            if part.kind() == "elif_clause" {
                let (condition, body) = split_at(&inner, "then");
                branches.push((self.block(condition), self.block(body)));
            } else {
                otherwise.extend(self.block(&inner));
            }
        }
        Kind::If {
            branches,
            otherwise,
        }
    }

    pub(super) fn for_loop(&mut self, node: Node<'_>) -> Kind {
        let mut words: Option<Vec<Node<'_>>> = None;
        let mut body = Block::new();
        let mut variable = String::new();
        for (index, part) in children(node).into_iter().enumerate() {
            let field = node.field_name_for_child(u32::try_from(index).unwrap_or(u32::MAX));
            match (part.kind(), field) {
                ("in", _) => words = Some(words.unwrap_or_default()),
                (_, Some("variable")) => variable = self.slice(part.byte_range()).to_owned(),
                (_, Some("value")) => words.get_or_insert_default().push(part),
                ("do_group", _) => body = self.block_of(part),
                ("ERROR", _) => self.fault("this loop is not understood", part.byte_range()),
                _ => {}
            }
        }
        let words = words.map(|nodes| self.words(nodes.into_iter()));
        Kind::For {
            variable,
            words,
            body,
        }
    }

    pub(super) fn counting_loop(&mut self, node: Node<'_>) -> Kind {
        let parts = children(node);
        let (head, tail) = split_at(&parts, "))");
        let (_, head) = split_at(head, "((");
        let mut sections: Vec<(usize, usize)> = Vec::new();
        let mut start = None;
        for part in head {
            if part.kind() == ";" {
                let at = start.take().unwrap_or(part.start_byte());
                sections.push((at, part.start_byte()));
            } else if start.is_none() {
                start = Some(part.start_byte());
            }
        }
        if let (Some(start), Some(last)) = (start, head.last()) {
            sections.push((start, last.end_byte()));
        }
        let section = |reader: &Self, index: usize| {
            let (start, end) = sections.get(index).copied().unwrap_or((0, 0));
            reader.raw(start..end)
        };
        Kind::CountingFor {
            start: section(self, 0),
            condition: section(self, 1),
            step: section(self, 2),
            body: self.block(tail),
        }
    }

    pub(super) fn while_loop(&mut self, node: Node<'_>) -> Kind {
        let parts = children(node);
        let until = parts.first().is_some_and(|part| part.kind() == "until");
        let (mut condition, mut body) = (Vec::new(), Block::new());
        for part in parts {
            if part.kind() == "do_group" {
                body = self.block_of(part);
            } else {
                condition.push(part);
            }
        }
        Kind::While {
            until,
            condition: self.block(&condition),
            body,
        }
    }

    pub(super) fn case(&mut self, node: Node<'_>) -> Kind {
        let mut arms = Vec::new();
        let mut value = self.raw(0..0);
        for (index, part) in children(node).into_iter().enumerate() {
            let field = node.field_name_for_child(u32::try_from(index).unwrap_or(u32::MAX));
            if part.kind() == "case_item" {
                arms.push(self.arm(part));
            } else if field == Some("value") {
                value = self.raw_of(part);
            } else if part.is_error() {
                self.fault("this part of a `case` is not understood", part.byte_range());
            }
        }
        Kind::Case { value, arms }
    }

    fn arm(&mut self, node: Node<'_>) -> Arm {
        let parts = children(node);
        let (head, tail) = split_at(&parts, ")");
        let start = node.start_byte();
        let end = head.last().map_or(start, Node::end_byte);
        let falls_through = tail.iter().any(|part| matches!(part.kind(), ";&" | ";;&"));
        Arm {
            patterns: self.patterns(start, end),
            body: self.block(tail),
            falls_through,
        }
    }

    /// The alternatives of `(a|b|c`, split at the bars outside of quotes and brackets.
    fn patterns(&self, start: usize, end: usize) -> Vec<Raw> {
        let text: Vec<char> = self.slice(start..end).chars().collect();
        let mut found = Vec::new();
        let mut at = usize::from(text.first() == Some(&'('));
        let mut from = at;
        let mut open = 0usize;
        let mut push = |from: usize, to: usize| {
            let piece = scan::text_of(&text, from, to);
            let mut raw = self.raw(start..end);
            raw.text = piece.trim().into();
            raw.exact = false;
            found.push(raw);
        };
        while let Some(c) = text.get(at) {
            match c {
                '(' => open += 1,
                ')' => open = open.saturating_sub(1),
                '|' if open == 0 => {
                    push(from, at);
                    from = at + 1;
                }
                _ => {}
            }
            at = scan::skip(&text, at);
        }
        push(from, text.len());
        found
    }
}

/// What stands before and after the first token of this kind; all before where there is none.
fn split_at<'s, 't>(parts: &'s [Node<'t>], token: &str) -> (&'s [Node<'t>], &'s [Node<'t>]) {
    let at = parts
        .iter()
        .position(|part| part.kind() == token)
        .unwrap_or(parts.len());
    let (before, after) = parts.split_at(at);
    (before, after.get(1..).unwrap_or_default())
}
