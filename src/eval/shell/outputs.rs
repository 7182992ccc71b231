//! What a step hands on: text written to `$GITHUB_OUTPUT` and `$GITHUB_ENV`, taken apart.

use std::ops::Range;

/// A name that a step gives a value for later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value; it may hold unknown parts.
    pub value: String,
    /// Whether it is given in every run that goes well. Several uncertain ones of one name are
    /// alternatives.
    pub certain: bool,
    /// The command that writes it.
    pub span: Range<usize>,
}

pub(super) const OUTPUT: &str = "/github/file_commands/output";
pub(super) const ENVIRONMENT: &str = "/github/file_commands/env";
const OTHERS: [(&str, &str); 3] = [
    ("GITHUB_STATE", "/github/file_commands/state"),
    ("GITHUB_PATH", "/github/file_commands/path"),
    ("GITHUB_STEP_SUMMARY", "/github/file_commands/summary"),
];

/// The path that stands in for one of the runner's command files.
pub(super) fn path_of(variable: &str) -> Option<&'static str> {
    match variable {
        "GITHUB_OUTPUT" => Some(OUTPUT),
        "GITHUB_ENV" => Some(ENVIRONMENT),
        _ => OTHERS
            .iter()
            .find(|(name, _)| *name == variable)
            .map(|(_, path)| *path),
    }
}

/// A command file as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
pub(super) enum Entry {
    Text {
        text: String,
        certain: bool,
        span: Range<usize>,
    },
    Set(Assignment),
}

impl Log {
    pub(super) fn write(&mut self, text: &str, certain: bool, span: Range<usize>) {
        if self.entries.len() < 10_000 {
            self.entries.push(Entry::Text {
                text: text.to_owned(),
                certain,
                span,
            });
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Takes out what was written since it had this length.
    pub(super) fn split_off(&mut self, length: usize) -> Vec<Entry> {
        self.entries.split_off(length.min(self.entries.len()))
    }

    pub(super) fn extend(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    /// Adds what the two ways of an unknown condition wrote. What both give is given for certain.
    pub(super) fn extend_either(
        &mut self,
        left: Vec<Entry>,
        right: Vec<Entry>,
        certain: bool,
        unsettled: &mut dyn FnMut(&str, &str, &str) -> String,
    ) {
        let whole = parse(&self.entries).1;
        let ((one, one_whole), (two, two_whole)) = (parse(&left), parse(&right));
        if left.is_empty() || right.is_empty() || !(whole && one_whole && two_whole) {
            self.entries.extend(left);
            self.entries.extend(right);
            return;
        }
        let last = |list: &[Assignment], name: &str| list.iter().rfind(|a| a.name == name).cloned();
        let mut names: Vec<&String> = Vec::new();
        for assignment in one.iter().chain(&two) {
            if !names.contains(&&assignment.name) {
                names.push(&assignment.name);
            }
        }
        for name in names {
            let joined = match (last(&one, name), last(&two, name)) {
                (Some(a), Some(b)) => {
                    let value = if a.value == b.value {
                        a.value.clone()
                    } else {
                        unsettled(name, &a.value, &b.value)
                    };
                    Assignment {
                        value,
                        certain,
                        ..a
                    }
                }
                (Some(only), None) | (None, Some(only)) => Assignment {
                    certain: false,
                    ..only
                },
                (None, None) => continue,
            };
            self.entries.push(Entry::Set(joined));
        }
    }

    pub(super) fn assignments(&self) -> Vec<Assignment> {
        parse(&self.entries).0
    }
}

struct Line {
    text: String,
    certain: bool,
    span: Range<usize>,
}

/// The assignments, and whether the text ends outside of any.
fn parse(entries: &[Entry]) -> (Vec<Assignment>, bool) {
    let mut found: Vec<Assignment> = Vec::new();
    let mut open: Option<(Assignment, String, bool)> = None;
    let mut line: Option<Line> = None;
    let mut finish = |line: Line, found: &mut Vec<Assignment>| {
        let text = line.text.strip_suffix('\r').unwrap_or(&line.text);
        if let Some((assignment, delimiter, started)) = &mut open {
            assignment.certain &= line.certain;
            if text == delimiter {
                if let Some((assignment, ..)) = open.take() {
                    found.push(assignment);
                }
                return true;
            }
            if *started {
                assignment.value.push('\n');
            }
            *started = true;
            assignment.value.push_str(text);
            return false;
        }
        let equals = text.find('=');
        let document = text.find("<<");
        let new = |name: &str, value: &str| Assignment {
            name: name.to_owned(),
            value: value.to_owned(),
            certain: line.certain,
            span: line.span.clone(),
        };
        match (equals, document) {
            (equals, Some(at)) if equals.is_none_or(|equals| at < equals) => {
                if let Some((name, delimiter)) = text.split_once("<<") {
                    open = Some((new(name, ""), delimiter.to_owned(), false));
                    return false;
                }
            }
            (Some(_), _) => {
                if let Some((name, value)) = text.split_once('=') {
                    found.push(new(name, value));
                }
            }
            _ => {}
        }
        true
    };
    let mut whole = true;
    for entry in entries {
        let (text, certain, span) = match entry {
            Entry::Text {
                text,
                certain,
                span,
            } => (text, *certain, span),
            Entry::Set(assignment) => {
                if let Some(line) = line.take() {
                    finish(line, &mut found);
                }
                found.push(assignment.clone());
                continue;
            }
        };
        for piece in text.split_inclusive('\n') {
            let current = line.get_or_insert_with(|| Line {
                text: String::new(),
                certain,
                span: span.clone(),
            });
            current.certain &= certain;
            current
                .text
                .push_str(piece.strip_suffix('\n').unwrap_or(piece));
            if piece.ends_with('\n')
                && let Some(line) = line.take()
            {
                whole = finish(line, &mut found);
            }
        }
    }
    if let Some(line) = line.take() {
        whole = finish(line, &mut found);
    }
    (found, whole)
}

/// The assignments in the text of a command file: `name=value`, or `name<<END` with lines up to
/// `END`.
#[must_use]
pub fn parse_outputs(text: &str) -> Vec<Assignment> {
    let mut log = Log::default();
    log.write(text, true, 0..text.len());
    log.assignments()
}

/// The assignments among printed lines: `::set-output name=k::v`.
pub(super) fn set_output(log: &Log) -> Vec<Assignment> {
    let mut found = Vec::new();
    for entry in &log.entries {
        let Entry::Text {
            text,
            certain,
            span,
        } = entry
        else {
            continue;
        };
        for line in text.lines() {
            let Some(rest) = line.trim_start().strip_prefix("::set-output ") else {
                continue;
            };
            let Some((properties, value)) = rest.split_once("::") else {
                continue;
            };
            let name = properties
                .split(',')
                .find_map(|p| p.trim().strip_prefix("name="));
            if let Some(name) = name {
                let value = value
                    .replace("%0D", "\r")
                    .replace("%0A", "\n")
                    .replace("%25", "%");
                found.push(Assignment {
                    name: name.to_owned(),
                    value,
                    certain: *certain,
                    span: span.clone(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parse_outputs;

    #[test]
    fn command_files_are_taken_apart() {
        for (text, wanted) in [
            ("a=b\n", "a=b"),
            ("a=b=c\nd=\n", "a=b=c d="),
            ("tags<<EOF\nx\ny=z\nEOF\nb=1", "tags=x|y=z b=1"),
            ("a=x<<y\n", "a=x<<y"),
            ("nothing\n\na=1\n", "a=1"),
            ("a<<E\nE\n", "a="),
            ("a<<E\nnever ends", ""),
        ] {
            let found: Vec<String> = parse_outputs(text)
                .iter()
                .map(|a| format!("{}={}", a.name, a.value.replace('\n', "|")))
                .collect();
            assert_eq!(found.join(" "), wanted, "{text:?}");
        }
    }
}
