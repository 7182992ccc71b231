//! The logical lines of a Dockerfile, as BuildKit joins them: parser directives, continuations,
//! comments between continued lines, heredocs. What an instruction means is read elsewhere.

use std::ops::Range;

use crate::source::Span;

/// A Dockerfile, cut into instructions.
#[derive(Debug)]
pub(super) struct Lines {
    /// What escapes, and continues a line at its end.
    pub(super) escape: char,
    /// The value of the directive `syntax`.
    pub(super) syntax: Option<Span>,
    /// The instructions in order.
    pub(super) instructions: Vec<Instruction>,
}

/// One instruction: its lines joined, without what continues them.
#[derive(Debug, Default)]
pub(super) struct Instruction {
    /// The joined text; the keyword begins it.
    pub(super) text: String,
    /// Pairs (offset in the text, offset in the file), ascending; between two both move alike.
    steps: Vec<(usize, usize)>,
}

impl Instruction {
    /// The keyword in lower case.
    pub(super) fn keyword(&self) -> String {
        self.text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// The bytes in the file of a range of the text.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.offset(range.start);
        if range.end <= range.start {
            return Span::at(start);
        }
        // By the last byte inside, so that it never runs over a continuation.
        Span::new(start, self.offset(range.end - 1) + 1)
    }

    fn offset(&self, at: usize) -> usize {
        let step = self.steps.partition_point(|(text, _)| *text <= at);
        let found = self.steps.get(step.saturating_sub(1));
        found.map_or(at, |(text, file)| file + at.saturating_sub(*text))
    }

    fn push(&mut self, text: &str, at: usize) {
        self.steps.push((self.text.len(), at));
        self.text.push_str(text);
    }
}

/// Cuts a file.
pub(super) fn read(text: &str) -> Lines {
    let mut lines = Lines {
        escape: '\\',
        syntax: None,
        instructions: Vec::new(),
    };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at = text.len() - body.len();
    let mut physical = body.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    });
    let mut directives = true;
    let mut first = true;
    while let Some((start, line)) = physical.next() {
        let shebang = first && line.starts_with("#!");
        first = false;
        let trimmed = line.trim_start();
        let start = start + (line.len() - trimmed.len());
        if directives && !shebang {
            directives = lines.directive(trimmed, start);
        }
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut instruction = Instruction::default();
        let (content, mut more) = continued(trimmed, lines.escape);
        instruction.push(content, start);
        while more {
            let Some((start, line)) = physical.next() else {
                break;
            };
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let (content, goes_on) = continued(line, lines.escape);
            instruction.push(content, start);
            more = goes_on;
        }
        for heredoc in heredocs(&instruction) {
            for (_, line) in physical.by_ref() {
                let line = match heredoc.indented {
                    true => line.trim_start_matches('\t'),
                    false => line,
                };
                if line == heredoc.end {
                    break;
                }
            }
        }
        lines.instructions.push(instruction);
    }
    lines
}

impl Lines {
    /// Takes a line that may be a parser directive; tells whether the next may still be one.
    fn directive(&mut self, line: &str, start: usize) -> bool {
        let Some((name, value)) = line.strip_prefix('#').and_then(|rest| rest.split_once('='))
        else {
            return false;
        };
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match name.trim().to_ascii_lowercase().as_str() {
            "escape" => {
                if let "`" | "\\" = value {
                    self.escape = value.chars().next().unwrap_or('\\');
                }
            }
            "syntax" => {
                let before = line.len()
                    - line
                        .split_once('=')
                        .map_or("", |(_, v)| v)
                        .trim_start()
                        .len();
                self.syntax = self.syntax.or(Some(Span::new(
                    start + before,
                    start + before + value.len(),
                )));
            }
            "check" => {}
            _ => return false,
        }
        true
    }
}

/// A line without the escape that continues it, and whether it had one. A doubled escape is a
/// character and continues nothing.
fn continued(line: &str, escape: char) -> (&str, bool) {
    match line.trim_end_matches([' ', '\t']).strip_suffix(escape) {
        Some(before) if !before.ends_with(escape) => (before, true),
        _ => (line, false),
    }
}

/// A heredoc that an instruction opens.
struct Heredoc {
    /// The line that ends it.
    end: String,
    /// Whether tabs may stand before that line.
    indented: bool,
}

fn heredocs(instruction: &Instruction) -> Vec<Heredoc> {
    let opens = matches!(
        instruction.keyword().as_str(),
        "run" | "copy" | "add" | "onbuild"
    );
    if !opens || !instruction.text.contains("<<") {
        return Vec::new();
    }
    shell_words(&instruction.text)
        .into_iter()
        .filter_map(|word| heredoc(&word))
        .collect()
}

/// `<<EOF`, `3<<-"EOF"`; a here-string or a shift is none.
fn heredoc(word: &str) -> Option<Heredoc> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix("<<")?;
    let (indented, name) = match rest.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, rest),
    };
    if name.contains('<') {
        return None;
    }
    let end: String = name.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    (!end.is_empty()).then_some(Heredoc { end, indented })
}

/// The text cut at blanks outside of quotes; quotes stay.
fn shell_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, None) if c.is_whitespace() => {
                words.push(String::new());
                continue;
            }
            ('\\', None | Some('"')) => {
                push(&mut words, c);
                chars.next().into_iter().for_each(|c| push(&mut words, c));
                continue;
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
        push(&mut words, c);
    }
    words
}

fn push(words: &mut [String], c: char) {
    if let Some(last) = words.last_mut() {
        last.push(c);
    }
}
