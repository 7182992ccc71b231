//! Finds comments that speak to taglint, and reads them.

use std::ops::Range;

use crate::fix::is_yaml;
use crate::rules;
use crate::source::{Source, Span};
use crate::yaml::{ScalarStyle, Yaml};

/// The word that such a comment begins with.
const WORD: &str = "taglint:";

/// A comment as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// From its `#` to its end.
    pub(super) span: Span,
    /// What stands after `taglint:`.
    pub(super) text: String,
    /// Where that begins, from the `#` on.
    pub(super) offset: usize,
}

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// Whether it is about the whole file.
    pub(super) file: bool,
    /// The rules that it names.
    pub(super) rules: Vec<String>,
    /// What stands between the brackets.
    pub(super) list: Range<usize>,
}

/// Whether a text may hold a comment that speaks to taglint. Whoever lets go of texts holds these.
#[must_use]
pub fn speaks(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), WORD.as_bytes()).is_some()
}

/// The comments of a file that speak to taglint, in order.
pub(super) fn find(source: &Source) -> Vec<Written> {
    if source.is_let_go() || !speaks(source.text()) {
        return Vec::new();
    }
    let text = source.text();
    let spans = if is_yaml(source.path()) {
        yaml_comments(text)
    } else {
        line_comments(text)
    };
    spans
        .into_iter()
        .filter_map(|span| written(text, span))
        .collect()
}

fn written(text: &str, span: Span) -> Option<Written> {
    let comment = text.get(span.start..span.end)?;
    let inner = comment.trim_start_matches(['#', '/']);
    let body = inner.trim_start().strip_prefix(WORD)?;
    Some(Written {
        span: Span::new(span.start, span.start + comment.trim_end().len()),
        text: body.trim_end().to_owned(),
        offset: comment.len() - body.len(),
    })
}

/// YAML's own comments, and those of scripts and lists inside block scalars.
fn yaml_comments(text: &str) -> Vec<Span> {
    let yaml = Yaml::parse(text);
    let mut spans = yaml.comments();
    for (_, scalar) in yaml.scalars() {
        if !matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded) {
            continue;
        }
        let raw = text.get(scalar.span.start..scalar.span.end);
        let mut at = scalar.span.start;
        for line in raw.unwrap_or_default().split_inclusive('\n') {
            let end = at + line.trim_end().len();
            spans.extend(hash(line).map(|hash| Span::new(at + hash, end)));
            at += line.len();
        }
    }
    spans.sort();
    spans.dedup();
    spans
}

/// Where a comment begins in a line of a script: at a `#` that begins a word, outside of quotes.
fn hash(line: &str) -> Option<usize> {
    line.match_indices('#').map(|(at, _)| at).find(|at| {
        let before = line.get(..*at).unwrap_or_default();
        let begins = before.is_empty() || before.ends_with([' ', '\t']);
        let even = |quote| before.matches(quote).count() % 2 == 0;
        begins && even('"') && even('\'')
    })
}

/// Lines that are comments as a whole, as Dockerfiles and bake definitions have them.
fn line_comments(text: &str) -> Vec<Span> {
    let mut at = 0;
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || trimmed.starts_with("//") {
            let start = at + line.len() - line.trim_start().len();
            spans.push(Span::new(start, start + trimmed.len()));
        }
        at += line.len();
    }
    spans
}

/// Reads what stands after `taglint:`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Directive, String> {
    let lead = text.len() - text.trim_start().len();
    let rest = text.trim_start();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let word = rest.split(|c| !is_word(c)).next().unwrap_or_default();
    let file = match word {
        "ignore" => false,
        "ignore-file" => true,
        _ => return Err(format!("`{word}` is nothing that a comment can ask for")),
    };
    let after = rest.get(word.len()..).unwrap_or_default();
    let Some(list) = after.trim_start().strip_prefix('[') else {
        return Err("this suppression names no rule".to_owned());
    };
    let Some(end) = list.find(']') else {
        return Err("this suppression's list of rules has no end".to_owned());
    };
    let start = lead + rest.len() - list.len();
    let names = list.get(..end).unwrap_or_default();
    let rules: Vec<String> = names
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if rules.iter().any(String::is_empty) {
        return Err("this suppression names no rule".to_owned());
    }
    if let Some(name) = rules.iter().find(|name| rules::find(name).is_none()) {
        let hint = rules::nearest(name).map(|near| format!("; did you mean `{near}`?"));
        return Err(format!(
            "there is no rule `{name}`{}",
            hint.unwrap_or_default()
        ));
    }
    Ok(Directive {
        file,
        rules,
        list: start..start + end,
    })
}
