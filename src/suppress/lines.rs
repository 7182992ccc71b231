//! Which lines a comment is about.

use crate::fix::is_yaml;
use crate::source::{Source, Span};
use crate::yaml::{ScalarStyle, Yaml};

/// The lines of a file, with the block scalars that span several of them.
pub(super) struct Lines<'s> {
    source: &'s Source,
    /// The line that opens each block scalar, and the last line of it.
    blocks: Vec<(usize, usize)>,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s Source) -> Self {
        let mut blocks = Vec::new();
        if is_yaml(source.path()) {
            let yaml = Yaml::parse(source.text());
            for (_, scalar) in yaml.scalars() {
                let block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
                let line = |offset: usize| source.position(offset).line;
                let first = line(scalar.span.start);
                let last = line(scalar.span.end.saturating_sub(1)).max(first);
                // A block begins with its text; the line above it has the `|`.
                if block {
                    blocks.push((header(source, first), last));
                } else if last > first {
                    blocks.push((first, last));
                }
            }
        }
        Self { source, blocks }
    }

    fn text(&self, line: usize) -> &'s str {
        self.source.line(line).unwrap_or_default()
    }

    /// The lines that a comment is about: its own, or the next one where it stands alone; with all
    /// lines of a block that begins there, and of a command that goes on.
    pub(super) fn about(&self, comment: Span) -> (usize, usize) {
        let own = self.source.position(comment.start).line;
        let start = self.source.line_start(own).unwrap_or_default();
        let before = self.source.slice(Span::new(start, comment.start));
        let mut line = own;
        if before.trim().is_empty() {
            line += 1;
            // Several comments may stand above one line.
            while is_comment(self.text(line)) {
                line += 1;
            }
        }
        let block = self.blocks.iter().find(|(first, _)| *first == line);
        let mut last = block.map_or(line, |(_, last)| *last);
        while self.text(last).ends_with('\\') {
            last += 1;
        }
        (line, last)
    }

    /// The line above which a comment about a line can stand: inside of a block that is the block's
    /// first.
    pub(super) fn anchor(&self, line: usize) -> usize {
        let mut blocks = self.blocks.iter();
        let block = blocks.find(|(first, last)| (first + 1..=*last).contains(&line));
        block.map_or(line, |(first, _)| *first)
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

/// The line with the `|` or `>` of a block whose text begins on a line.
fn header(source: &Source, first: usize) -> usize {
    let opens = |line: usize| {
        let text = source.line(line).unwrap_or_default();
        let text = text.split(" #").next().unwrap_or_default().trim_end();
        let text =
            text.trim_end_matches(['+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        text.ends_with(['|', '>'])
    };
    let blank = |line: usize| source.line(line).is_none_or(|text| text.trim().is_empty());
    if opens(first) {
        return first;
    }
    let mut line = first.saturating_sub(1);
    while line > 1 && blank(line) {
        line -= 1;
    }
    if opens(line) { line } else { first }
}
