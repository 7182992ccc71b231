//! Commands that scripts use to shape text: evaluated where their input is known.

mod columns;
mod edit;
mod jq;
mod lines;
mod regular;
mod xargs;

use super::Word;
use super::interpreter::Shell;
use super::truth::{Status, Truth};
use crate::eval::unknown;

/// What a filter prints, and how it ends.
struct Output {
    text: String,
    status: Status,
}

impl Output {
    fn of(text: impl Into<String>) -> Option<Self> {
        Some(Self {
            text: text.into(),
            status: Status::Success,
        })
    }
}

/// Runs a command that shapes text; nothing where it is none.
pub(super) fn run(shell: &mut Shell<'_>, words: &[Word]) -> Option<Status> {
    let (name, arguments) = words.split_first()?;
    let name = name.text.rsplit('/').next().unwrap_or_default().to_owned();
    match name.as_str() {
        "tee" => return Some(tee(shell, arguments)),
        "xargs" => return Some(xargs::run(shell, arguments)),
        "git" => return git(shell, words),
        "date" => {
            let format: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            let text = shell.unknown(
                &format!("$({})", format.join(" ")),
                "it is the time of the run",
            );
            shell.print(&(text + "\n"));
            return Some(Status::Success);
        }
        _ => {}
    }
    let texts: Vec<String> = arguments.iter().map(|word| shell.settled(word)).collect();
    let open = arguments.iter().any(|word| word.open);
    let filter = Filter::named(&name)?;
    let output = if open {
        None
    } else {
        filter.run(shell, &texts)
    };
    Some(match output {
        Some(output) => {
            shell.print(&output.text);
            output.status
        }
        None => {
            let what = format!("$({name} {})", texts.join(" "));
            let from = shell.input.as_ref().map(|input| input.rest().to_owned());
            let quiet = name == "grep"
                && texts
                    .iter()
                    .any(|text| text.starts_with('-') && text.contains('q'));
            if !quiet && shell.sink == super::interpreter::Sink::Capture {
                let text = match from {
                    Some(from) if !unknown::is_known(&from) => shell.derived(&what, &from),
                    _ => shell.unknown(
                        &what,
                        &format!("the output of `{name}` is not evaluated here"),
                    ),
                };
                shell.print(&(text + "\n"));
            }
            if matches!(name.as_str(), "grep" | "egrep" | "fgrep" | "jq") {
                Status::Unknown
            } else {
                Status::Assumed
            }
        }
    })
}

/// Which filter a name is.
#[derive(Clone, Copy)]
enum Filter {
    Cat,
    Cut,
    Awk,
    Rev,
    Head,
    Tail,
    Grep,
    Sort,
    Uniq,
    Wc,
    Seq,
    Tr,
    Sed,
    Basename,
    Dirname,
    Jq,
}

impl Filter {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cat" => Self::Cat,
            "cut" => Self::Cut,
            "awk" | "gawk" | "mawk" => Self::Awk,
            "rev" => Self::Rev,
            "head" => Self::Head,
            "tail" => Self::Tail,
            "grep" | "egrep" | "fgrep" => Self::Grep,
            "sort" => Self::Sort,
            "uniq" => Self::Uniq,
            "wc" => Self::Wc,
            "seq" => Self::Seq,
            "tr" => Self::Tr,
            "sed" | "gsed" => Self::Sed,
            "basename" => Self::Basename,
            "dirname" => Self::Dirname,
            "jq" => Self::Jq,
            _ => return None,
        })
    }

    fn run(self, shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
        match self {
            Self::Cat => cat(shell, arguments),
            Self::Cut => columns::cut(shell, arguments),
            Self::Awk => columns::awk(shell, arguments),
            Self::Rev => {
                let text = known_input(shell, arguments)?;
                let lines: Vec<String> = text
                    .lines()
                    .map(|line| line.chars().rev().collect())
                    .collect();
                Output::of(joined(&lines))
            }
            Self::Head => lines::head(shell, arguments),
            Self::Tail => lines::tail(shell, arguments),
            Self::Grep => lines::grep(shell, arguments),
            Self::Sort => lines::sort(shell, arguments),
            Self::Uniq => lines::uniq(shell, arguments),
            Self::Wc => lines::wc(shell, arguments),
            Self::Seq => lines::seq(arguments),
            Self::Tr => edit::tr(shell, arguments),
            Self::Sed => edit::sed(shell, arguments),
            Self::Basename => basename(arguments),
            Self::Dirname => dirname(arguments),
            Self::Jq => jq::run(shell, arguments),
        }
    }
}

/// The text that a filter reads: its files, or standard input. Unknown parts may be in it.
fn input(shell: &mut Shell<'_>, files: &[String]) -> Option<String> {
    let files: Vec<&String> = files.iter().filter(|file| *file != "-").collect();
    if files.is_empty() {
        return shell.input.as_ref().map(|input| input.rest().to_owned());
    }
    let mut text = String::new();
    for file in files {
        text.push_str(&shell.read_file(file)?);
    }
    Some(text)
}

/// The same where all of it is known.
fn known_input(shell: &mut Shell<'_>, files: &[String]) -> Option<String> {
    input(shell, files).filter(|text| unknown::is_known(text))
}

/// Lines as text.
fn joined<S: AsRef<str>>(lines: &[S]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.as_ref());
        text.push('\n');
    }
    text
}

fn cat(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    if arguments
        .iter()
        .any(|word| word.starts_with('-') && word.len() > 1)
    {
        return None;
    }
    let text = input(shell, arguments)?;
    Output::of(text)
}

fn basename(arguments: &[String]) -> Option<Output> {
    let (path, suffix) = match arguments {
        [path] => (path, ""),
        [path, suffix] if !path.starts_with('-') => (path, suffix.as_str()),
        _ => return None,
    };
    let trimmed = path.trim_end_matches('/');
    let last = trimmed.rsplit('/').next().unwrap_or_default();
    // An unknown part may hold a slash, and then more of it would go.
    if !unknown::is_known(last) {
        return None;
    }
    let name = last
        .strip_suffix(suffix)
        .filter(|name| !name.is_empty())
        .unwrap_or(last);
    Output::of(format!("{name}\n"))
}

fn dirname(arguments: &[String]) -> Option<Output> {
    let [path] = arguments else { return None };
    if !unknown::is_known(path) {
        return None;
    }
    let trimmed = path.trim_end_matches('/');
    let directory = match trimmed.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None if path.starts_with('/') => "/",
        None => ".",
    };
    Output::of(format!("{directory}\n"))
}

fn tee(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let append = arguments
        .iter()
        .any(|word| matches!(word.text.as_str(), "-a" | "--append" | "-ai" | "-ia"));
    let text = match &shell.input {
        Some(input) => input.rest().to_owned(),
        None => shell.unknown("tee", "what is read from standard input is not known"),
    };
    for word in arguments.iter().filter(|word| !word.text.starts_with('-')) {
        shell.write(&word.text, &text, append);
    }
    shell.print(&text);
    Status::Success
}

/// Git as the caller knows it; what changes something is left to be recorded.
fn git(shell: &mut Shell<'_>, words: &[Word]) -> Option<Status> {
    const ASKS: [&str; 9] = [
        "describe",
        "rev-parse",
        "branch",
        "tag",
        "log",
        "show",
        "symbolic-ref",
        "rev-list",
        "config",
    ];
    let arguments: Vec<String> = words
        .iter()
        .skip(1)
        .map(|word| shell.settled(word))
        .collect();
    let command = arguments.iter().find(|word| !word.starts_with('-'))?;
    if !ASKS.contains(&command.as_str()) || shell.sink != super::interpreter::Sink::Capture {
        return None;
    }
    let all_known = arguments.iter().all(|word| unknown::is_known(word));
    let answer = if all_known {
        shell.around.git(arguments.clone())
    } else {
        None
    };
    Some(match answer {
        Some(text) => {
            let found = Truth::known(!text.is_empty() || command != "describe");
            shell.print(&(text + "\n"));
            found.into()
        }
        None => {
            let what = format!("$(git {})", arguments.join(" "));
            let text = shell.unknown(&what, "it depends on the history of the repository");
            shell.print(&(text + "\n"));
            Status::Unknown
        }
    })
}
