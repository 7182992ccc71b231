//! Parsing scripts, most of which differ from one before in a few places only: in what a matrix or an
//! event puts into them. Only those places are parsed anew.

use std::collections::HashMap;
use std::ops::ControlFlow;

use tree_sitter::{InputEdit, ParseOptions, ParseState, Parser, Point, Tree};

/// How many scripts are kept to start from.
const MOST: usize = 96;

/// Scripts shorter than this are parsed as they are.
const SHORT: usize = 128;

/// How often the parser may report on its work, which it does in steps of equal size: so often, and
/// once more for so many bytes. A script that can be read takes one report for 40 to 100 bytes; one
/// full of brackets that nothing closes takes more for each byte the longer it is.
const WORK: usize = 2_000;
const BYTES_A_CHECK: usize = 4;

/// A parser with the last tree of each script.
pub(super) struct Trees {
    parser: Option<Parser>,
    last: HashMap<Key, (String, Tree)>,
}

/// What scripts that come of one template mostly have in common: where they start, how many lines
/// they have, and their first bytes.
type Key = (usize, usize, Vec<u8>);

fn key(start: usize, text: &str) -> Key {
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    (start, lines, text.bytes().take(24).collect())
}

impl Trees {
    pub(super) fn new() -> Self {
        let mut parser = Parser::new();
        let language = tree_sitter_bash::LANGUAGE.into();
        let loads = parser.set_language(&language).is_ok();
        Self {
            parser: loads.then_some(parser),
            last: HashMap::new(),
        }
    }

    /// The tree of a script that starts somewhere.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn parse(&mut self, start: usize, text: &str) -> Result<Tree, &'static str> {
        let parser = self.parser.as_mut();
        let parser = parser.ok_or("the shell grammar does not load")?;
        let key = key(start, text);
        let last = self.last.get(&key);
        let edited = last.and_then(|(before, tree)| edited(before, tree, text));
        let again = edited.and_then(|tree| bounded(parser, text, Some(&tree)));
        // What does not parse is not put together from parts.
        let again = again.filter(|tree| !tree.root_node().has_error());
        let tree = again.or_else(|| bounded(parser, text, None));
        let tree = tree.ok_or("the script is too tangled to be evaluated")?;
        if text.len() >= SHORT && !tree.root_node().has_error() {
            if self.last.len() >= MOST && !self.last.contains_key(&key) {
                self.last.clear();
            }
            self.last.insert(key, (text.to_owned(), tree.clone()));
        }
        Ok(tree)
    }
}

/// The tree of a text, from another one or from none; nothing where that is too much work.
fn bounded(parser: &mut Parser, text: &str, from: Option<&Tree>) -> Option<Tree> {
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
    let tree = parser.parse_with_options(&mut rest, from, Some(options));
    if tree.is_none() {
        // Else it would go on where it was stopped.
        parser.reset();
    }
    tree
}

/// The tree of a script told of what differs in another one; none where most does.
fn edited(before: &str, tree: &Tree, after: &str) -> Option<Tree> {
    let same = |(a, b): &(u8, u8)| a == b;
    let shorter = before.len().min(after.len());
    let mut front = before.bytes().zip(after.bytes()).take_while(same).count();
    let back = before.bytes().rev().zip(after.bytes().rev());
    let mut back = back.take(shorter - front).take_while(same).count();
    while !before.is_char_boundary(front) {
        front -= 1;
    }
    while !before.is_char_boundary(before.len() - back) {
        back -= 1;
    }
    if front + back < before.len().max(after.len()) / 2 {
        return None;
    }
    let (old_end, new_end) = (before.len() - back, after.len() - back);
    let mut tree = tree.clone();
    tree.edit(&InputEdit {
        start_byte: front,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point(before, front),
        old_end_position: point(before, old_end),
        new_end_position: point(after, new_end),
    });
    Some(tree)
}

fn point(text: &str, at: usize) -> Point {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    Point {
        row: memchr::memchr_iter(b'\n', before).count(),
        column: at - line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_made_from_another_is_what_parsing_gives() {
        let script = |value: &str| {
            format!(
                "set -e\nif [ \"{value}\" = x ]; then\n  docker tag a \"b:{value}\"\nfi\n\
                 cat <<EOF > out\n{value}\nEOF\nfor one in {value}; do\n  docker push \"$one\"\ndone\n"
            )
        };
        let mut trees = Trees::new();
        for value in [
            "1.2.3", "", "x", "a b", "$(date)", "'", "x; fi", "EOF", "ä", "a\nb", "1", "if",
            "<<EOF", "\\", "1.2.3",
        ] {
            let text = script(value);
            let again = trees.parse(7, &text).unwrap();
            let fresh = Trees::new().parse(7, &text).unwrap();
            let (again, fresh) = (again.root_node(), fresh.root_node());
            assert_eq!(again.to_sexp(), fresh.to_sexp(), "{value}");
            assert_eq!(again.byte_range(), fresh.byte_range(), "{value}");
        }
        assert_eq!(trees.last.len(), 2);
    }
}
