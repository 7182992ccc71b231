//! `read` and `mapfile`.

use crate::eval::shell::Word;
use crate::eval::shell::fields::{self, Segment};
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::state::{Item, Var};
use crate::eval::shell::truth::Status;
use crate::eval::unknown::{self, Mark};

/// Options, and the names that are read into.
fn options(
    arguments: &[Word],
    valued: &str,
) -> (String, Option<String>, Option<String>, Vec<String>) {
    let (mut flags, mut array, mut delimiter) = (String::new(), None, None);
    let mut names = Vec::new();
    let mut words = arguments.iter().map(|word| word.text.as_str());
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix('-') else {
            names.push(word.to_owned());
            continue;
        };
        let last = letters.chars().last().unwrap_or_default();
        match last {
            'a' if valued.contains('a') => array = words.next().map(str::to_owned),
            'd' => delimiter = words.next().map(str::to_owned),
            _ if valued.contains(last) => {
                words.next();
            }
            _ => {}
        }
        flags.push_str(letters);
    }
    (flags, array, delimiter, names)
}

fn only_marks(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| Mark::from_char(c).is_some())
}

pub(super) fn read(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let (_, array, delimiter, mut names) = options(arguments, "apnNtuid");
    if names.is_empty() {
        names.push("REPLY".to_owned());
    }
    let Some(mut input) = shell.input.take() else {
        let what = shell.unknown("read", "what is read from standard input is not known");
        match array {
            Some(name) => shell.state.set(
                &name,
                Var::List(vec![Item {
                    text: what,
                    certain: false,
                }]),
            ),
            None => {
                for name in names {
                    shell.set_text(&name, what.clone());
                }
            }
        }
        return Status::Unknown;
    };
    let rest = input.rest().to_owned();
    let end = match delimiter.as_deref() {
        Some("") => '\0',
        Some(text) => text.chars().next().unwrap_or('\n'),
        None => '\n',
    };
    let (line, taken, ended) = match rest.split_once(end) {
        Some((line, _)) => (line, line.len() + end.len_utf8(), true),
        None => (rest.as_str(), rest.len(), false),
    };
    input.at += taken;
    shell.input = Some(input);
    let separators = shell.separators();
    let split = |text: &str| {
        let segment = Segment::Text {
            text: text.to_owned(),
            quoted: false,
            expanded: true,
            certain: true,
        };
        fields::split(vec![segment], &separators)
    };
    if let Some(name) = array {
        let items = split(line)
            .into_iter()
            .map(|field| Item {
                certain: !field.open,
                text: field.text,
            })
            .collect();
        shell.state.set(&name, Var::List(items));
    } else if let [name] = names.as_slice() {
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() && separators.contains(c));
        shell.set_text(name, trimmed.to_owned());
    } else {
        let parts = split(line);
        let count = names.len();
        for (index, name) in names.iter().enumerate() {
            let text = if index + 1 == count {
                let rest: Vec<&str> = parts.iter().skip(index).map(|f| f.text.as_str()).collect();
                let joint: String = separators
                    .chars()
                    .find(|c| line.contains(*c))
                    .unwrap_or(' ')
                    .into();
                rest.join(&joint)
            } else {
                parts.get(index).map(|f| f.text.clone()).unwrap_or_default()
            };
            let text = if unknown::is_known(line) {
                text
            } else {
                shell.derived(&format!("${name}"), line)
            };
            shell.set_text(name, text);
        }
    }
    if only_marks(line) {
        // There may be any number of lines in it.
        return Status::Unknown;
    }
    if ended {
        Status::Success
    } else {
        Status::Failure
    }
}

pub(super) fn read_lines(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let (_, _, delimiter, names) = options(arguments, "dnOsucC");
    let name = names
        .first()
        .cloned()
        .unwrap_or_else(|| "MAPFILE".to_owned());
    let text = shell.input.as_ref().map(|input| input.rest().to_owned());
    let items = match text {
        None => {
            let what = shell.unknown(
                &format!("${name}"),
                "what is read from standard input is not known",
            );
            vec![Item {
                text: what,
                certain: false,
            }]
        }
        Some(text) => {
            let end = delimiter.and_then(|d| d.chars().next()).unwrap_or('\n');
            text.split_terminator(end)
                .map(|line| Item {
                    text: line.to_owned(),
                    certain: !only_marks(line),
                })
                .collect()
        }
    };
    shell.state.set(&name, Var::List(items));
    Status::Success
}
