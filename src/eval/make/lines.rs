//! The logical lines of a Makefile: continuations joined, each with where it is written.

use std::ops::Range;

/// A logical line.
#[derive(Debug)]
pub(super) struct Logical {
    pub(super) text: String,
    pub(super) at: Range<usize>,
    /// Whether it starts with a tab, as recipes do.
    pub(super) recipe: bool,
}

/// Takes a text apart. In recipes a continuation is left to the shell.
pub(super) fn logical(text: &str) -> Vec<Logical> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let mut joined = String::new();
        let recipe = text.get(at..).is_some_and(|rest| rest.starts_with('\t'));
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.find('\n').unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default().trim_end_matches('\r');
            at += end + 1;
            let slashes = line.len() - line.trim_end_matches('\\').len();
            let goes_on = slashes % 2 == 1 && at < text.len();
            let line = if start + end + 1 == at && joined.is_empty() {
                line
            } else if recipe {
                line.strip_prefix('\t').unwrap_or(line)
            } else {
                line.trim_start()
            };
            if !goes_on {
                joined.push_str(line);
                break;
            }
            if recipe {
                joined.push_str(line);
                joined.push('\n');
            } else {
                let line = line.get(..line.len() - 1).unwrap_or_default();
                joined.push_str(line.trim_end());
                joined.push(' ');
            }
        }
        let end = at.min(text.len());
        let trimmed = text
            .get(start..end)
            .map_or(start, |raw| start + raw.trim_end().len());
        lines.push(Logical {
            text: joined,
            at: start..trimmed,
            recipe,
        });
    }
    lines
}

/// A line without its comment.
pub(super) fn without_comment(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '#' if escaped => {
                kept.pop();
                kept.push('#');
                escaped = false;
                continue;
            }
            '#' => break,
            _ => kept.push(c),
        }
        escaped = c == '\\';
    }
    kept
}
