//! Where in a policy a place is, also while the policy is half written: told from indentation, and from
//! brackets on the line itself, so that no parser has to accept what is being typed.

use std::ops::Range;

use crate::source::Span;

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Under this key.
    Key(String),
    /// In an item of a list.
    Item,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The way from the root to the mapping or list around it.
    pub path: Vec<Step>,
    /// The key whose value it is; none where it is a key, or an item, itself.
    pub value_of: Option<String>,
    /// The bytes of the word.
    pub word: Span,
}

/// What a line is: where its dashes stand, and its key.
struct Line<'t> {
    dashes: Vec<usize>,
    column: usize,
    rest: &'t str,
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Self {
        let mut rest = text.trim_start_matches(' ');
        let mut column = text.len() - rest.len();
        let mut dashes = Vec::new();
        while let Some(after) = rest.strip_prefix("- ").or((rest == "-").then_some("")) {
            dashes.push(column);
            let inner = after.trim_start_matches(' ');
            column += rest.len() - inner.len();
            rest = inner;
        }
        Self {
            dashes,
            column,
            rest,
        }
    }

    fn key(&self) -> Option<&'t str> {
        let end = key_end(self.rest)?;
        Some(unquoted(self.rest.get(..end)?))
    }
}

/// Where the key of `key: value` ends.
fn key_end(text: &str) -> Option<usize> {
    let colon = text
        .find(": ")
        .or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
    let key = text.get(..colon)?;
    (!key.contains(['{', '[', '#'])).then_some(colon)
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// What is being typed at an offset.
pub fn cursor(text: &str, offset: usize) -> Option<Cursor> {
    let before = text.get(..offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = Line::new(before.get(start..)?);
    if line.rest.contains(" #") || line.rest.starts_with('#') {
        return None;
    }
    let mut path = above(before.get(..start)?, &line);
    let mut rest = line.rest;
    let mut value_of = None;
    let mut at = offset - rest.len();
    if let Some(end) = key_end(rest).filter(|end| rest.get(end + 1..).is_some()) {
        value_of = Some(unquoted(rest.get(..end)?).to_owned());
        at += end + 1;
        rest = rest.get(end + 1..)?;
    }
    let (rest, skipped) = flow(rest, &mut path, &mut value_of);
    at += skipped;
    let lead = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let quote = usize::from(rest.starts_with(['"', '\'']));
    let after = text.get(offset..)?;
    let tail = after.find(|c: char| !(c.is_alphanumeric() || "-_/".contains(c)));
    let end = offset + tail.unwrap_or(after.len());
    Some(Cursor {
        path,
        value_of,
        word: Span::new(at + lead + quote, end),
    })
}

/// The way to a line, told from the lines above it.
fn above(before: &str, line: &Line<'_>) -> Vec<Step> {
    let mut path = Vec::new();
    // What is around the line begins left of this column; a list may stand right below its key.
    let (mut limit, mut list) = (line.column, false);
    let enter = |dashes: &[usize], path: &mut Vec<Step>, limit: &mut usize, list: &mut bool| {
        for dash in dashes.iter().rev() {
            path.push(Step::Item);
            (*limit, *list) = (*dash, true);
        }
    };
    enter(&line.dashes, &mut path, &mut limit, &mut list);
    for text in before.lines().rev() {
        if text.trim().is_empty() || text.trim_start().starts_with('#') {
            continue;
        }
        if limit == 0 && !list {
            break;
        }
        let line = Line::new(text);
        let first = line.dashes.first().copied().unwrap_or(line.column);
        if list && first == limit && !line.dashes.is_empty() {
            continue;
        }
        let around = line.column < limit || (list && line.column == limit);
        if around && let Some(key) = line.key() {
            path.push(Step::Key(key.to_owned()));
            (limit, list) = (line.column, false);
            enter(&line.dashes, &mut path, &mut limit, &mut list);
        } else if line.column == limit && !list {
            enter(&line.dashes, &mut path, &mut limit, &mut list);
        }
    }
    path.reverse();
    path
}

/// Follows brackets on the line: gives what is left after the last of them, and how much that skips.
fn flow<'t>(
    text: &'t str,
    path: &mut Vec<Step>,
    value_of: &mut Option<String>,
) -> (&'t str, usize) {
    let mut at = 0;
    let mut open: Vec<(char, usize)> = Vec::new();
    for (index, c) in text.char_indices() {
        let range = at..index;
        match c {
            '{' | '[' => {
                open.push((c, path.len()));
                if let Some(key) = value_of.take() {
                    path.push(Step::Key(key));
                }
                if c == '[' {
                    path.push(Step::Item);
                }
                at = index + 1;
            }
            ':' if matches!(open.last(), Some(('{', _))) => {
                *value_of = Some(unquoted(part(text, range)).to_owned());
                at = index + 1;
            }
            ',' if !open.is_empty() => {
                *value_of = None;
                at = index + 1;
            }
            '}' | ']' => {
                if let Some((_, depth)) = open.pop() {
                    path.truncate(depth);
                }
                *value_of = None;
                at = index + 1;
            }
            _ => {}
        }
    }
    (text.get(at..).unwrap_or_default(), at)
}

fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cursor at `|`, in short: path, then `=key` for a value, then the word.
    fn at(text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let cursor = cursor(&text, offset).unwrap();
        let mut out: Vec<String> = cursor
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.clone(),
                Step::Item => "-".to_owned(),
            })
            .collect();
        out.extend(cursor.value_of.map(|key| format!("={key}")));
        let word = text.get(cursor.word.start..cursor.word.end).unwrap();
        format!("{} <{word}>", out.join(" "))
    }

    #[test]
    fn places_are_told_from_half_written_policies() {
        for (text, wanted) in [
            ("vers|", " <vers>"),
            ("version: |", "=version <>"),
            ("rules:\n  floa|", "rules <floa>"),
            ("rules:\n  floating-tag: e|", "rules =floating-tag <e>"),
            ("schemes:\n  - ima|", "schemes - <ima>"),
            ("schemes:\n- image: a\n  var|", "schemes - <var>"),
            (
                "schemes:\n  - image: a\n    variants:\n      slim: { suf|",
                "schemes - variants slim <suf>",
            ),
            ("schemes:\n  - image: a\n  - |", "schemes - <>"),
            (
                "environments:\n  production: { paths: [a], require: v|",
                "environments production =require <v>",
            ),
            (
                "environments:\n  production:\n    require: dig|est",
                "environments production =require <digest>",
            ),
            (
                "allow:\n  - { image: x, rules: [floating-tag, unt|",
                "allow - rules - <unt>",
            ),
            (
                "allow:\n  - image: x\n    rules:\n      - floa|",
                "allow - rules - <floa>",
            ),
            ("a:\n  b: 1\n\nrules:\n\n  x|", "rules <x>"),
        ] {
            assert_eq!(at(text), wanted, "{text}");
        }
        assert_eq!(cursor("rules: # |", 9), None);
    }
}
