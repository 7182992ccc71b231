//! Parsing scripts, most of which differ from one before in a few places only: in what a matrix or an
//! event puts into them. Only those places are parsed anew.

use std::collections::HashMap;
use std::ops::ControlFlow;

use tree_sitter::{InputEdit, ParseOptions, ParseState, Parser, Point, Tree};

/// How many scripts are kept to start from.
const MOST: usize = 96;

/// How many of these are compared with a script.
const NEWEST: usize = 6;

/// Scripts shorter than this are parsed as they are.
const SHORT: usize = 128;

/// How often the parser may report on its work, which it does in steps of equal size: so often, and
/// once more for so many bytes. A script that can be read takes one report for 40 to 100 bytes; one
/// full of brackets that nothing closes takes more for each byte the longer it is.
const WORK: usize = 2_000;
const BYTES_A_CHECK: usize = 4;

/// A parser with the trees of scripts that it parsed.
pub(super) struct Trees {
    parser: Option<Parser>,
    /// By what scripts that come of one template have in common: where they start, and how many lines
    /// they have. The last one is the newest.
    known: HashMap<(usize, usize), Vec<(String, Tree)>>,
    count: usize,
}

impl Trees {
    pub(super) fn new() -> Self {
        let mut parser = Parser::new();
        let language = tree_sitter_bash::LANGUAGE.into();
        let loads = parser.set_language(&language).is_ok();
        Self {
            parser: loads.then_some(parser),
            known: HashMap::new(),
            count: 0,
        }
    }

    /// The tree of a script that starts somewhere.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn parse(&mut self, start: usize, text: &str) -> Result<Tree, &'static str> {
        let parser = self.parser.as_mut();
        let parser = parser.ok_or("the shell grammar does not load")?;
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        let known = self
            .known
            .get(&(start, lines))
            .map_or(&[][..], Vec::as_slice);
        let again = nearest(known, text).and_then(|tree| bounded(parser, text, Some(&tree)));
        // What does not parse is not put together from parts.
        let again = again.filter(|tree| !tree.root_node().has_error());
        let tree = again.or_else(|| bounded(parser, text, None));
        let tree = tree.ok_or("the script is too tangled to be evaluated")?;
        if text.len() >= SHORT && !tree.root_node().has_error() {
            if self.count >= MOST {
                self.known.clear();
                self.count = 0;
            }
            self.count += 1;
            let known = self.known.entry((start, lines)).or_default();
            known.push((text.to_owned(), tree.clone()));
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

/// A tree of the known script that another one differs least from, told of what differs; none where
/// most does.
fn nearest(known: &[(String, Tree)], text: &str) -> Option<Tree> {
    let newest = known.iter().rev().take(NEWEST);
    let changes = newest.map(|(before, tree)| (changes(before, text), tree));
    let changed = |changes: &[InputEdit]| -> usize {
        let lengths = changes
            .iter()
            .map(|edit| edit.new_end_byte - edit.start_byte);
        lengths.sum::<usize>() + changes.len()
    };
    let (changes, tree) = changes.min_by_key(|(changes, _)| changed(changes))?;
    if changed(&changes) > text.len() / 2 {
        return None;
    }
    let mut tree = tree.clone();
    // From the last one to the first, none moves another.
    changes.iter().rev().for_each(|edit| tree.edit(edit));
    Some(tree)
}

/// What differs in a text from another one of as many lines, line by line; the places in the text
/// after are those where all changes behind them are made already.
fn changes(before: &str, after: &str) -> Vec<InputEdit> {
    let mut changes = Vec::new();
    let mut start = 0;
    let lines = before
        .split_inclusive('\n')
        .zip(after.split_inclusive('\n'));
    for (row, (old, new)) in lines.enumerate() {
        if old != new {
            let (front, back) = common(old, new);
            let (old_end, new_end) = (old.len() - back, new.len() - back);
            let point = |column| Point { row, column };
            changes.push(InputEdit {
                start_byte: start + front,
                old_end_byte: start + old_end,
                new_end_byte: start + new_end,
                start_position: point(front),
                old_end_position: point(old_end),
                new_end_position: point(new_end),
            });
        }
        start += old.len();
    }
    changes
}

/// How many bytes two lines have in common at their start, and after that at their end.
fn common(a: &str, b: &str) -> (usize, usize) {
    let same = |(a, b): &(u8, u8)| a == b;
    let mut front = a.bytes().zip(b.bytes()).take_while(same).count();
    let back = a.bytes().rev().zip(b.bytes().rev());
    let mut back = back
        .take(a.len().min(b.len()) - front)
        .take_while(same)
        .count();
    while !a.is_char_boundary(front) {
        front -= 1;
    }
    while !a.is_char_boundary(a.len() - back) {
        back -= 1;
    }
    (front, back)
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
            assert_fresh(&mut trees, &text);
        }
    }

    /// Parses a script, and compares all nodes with those of a parser that knows no other script.
    fn assert_fresh(trees: &mut Trees, text: &str) {
        let again = trees.parse(7, text).unwrap();
        let fresh = Trees::new().parse(7, text).unwrap();
        assert_eq!(nodes(&again), nodes(&fresh), "{text}");
    }

    /// The kinds and places of all nodes, in order.
    fn nodes(tree: &Tree) -> Vec<(&str, std::ops::Range<usize>)> {
        let mut found = Vec::new();
        let mut cursor = tree.walk();
        loop {
            found.push((cursor.node().kind(), cursor.node().byte_range()));
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return found;
                }
            }
        }
    }

    #[test]
    fn random_changes_give_what_parsing_gives() {
        const LINES: [&str; 16] = [
            "set -eu",
            "tag=$(echo @ | cut -d / -f 3)",
            "if [ \"$tag\" = '@' ]; then",
            "elif [[ @ =~ ^v[0-9]+$ ]]; then",
            "else",
            "fi",
            "for one in @ b; do",
            "done",
            "  docker build -t \"app:@\" \\",
            "    --build-arg A=@ .",
            "docker push app:${tag:-@}",
            "cat <<EOF >> $GITHUB_OUTPUT",
            "EOF",
            "echo \"a @ b",
            "case @ in a) docker pull x;; *) true;; esac",
            "f() { @; }",
        ];
        const VALUES: [&str; 12] = [
            "1.2.3",
            "x",
            "",
            "amd64",
            "a b",
            "$(date)",
            "\"",
            "'",
            "\u{f0000}",
            "#",
            ")",
            "EOF",
        ];
        // A linear congruential generator: the same every time.
        let mut state = 7_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let (mut trees, mut again) = (Trees::new(), 0);
        for _ in 0..100 {
            let template: Vec<&str> = (0..12).map(|_| LINES[next(LINES.len())]).collect();
            for _ in 0..6 {
                let mut lines = template.join("\n") + "\n";
                while let Some(at) = lines.find('@') {
                    lines.replace_range(at..=at, VALUES[next(VALUES.len())]);
                }
                let known = trees.known.get(&(7, 12));
                again += usize::from(known.is_some_and(|known| nearest(known, &lines).is_some()));
                assert_fresh(&mut trees, &lines);
            }
        }
        assert!(again > 100, "{again}");
    }
}
