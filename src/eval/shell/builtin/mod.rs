//! The commands that belong to the shell itself.

mod file;
mod input;
mod print;
mod variables;

use super::Word;
use super::interpreter::{Flow, Shell};
use super::redirect::join_paths;
use super::syntax::Raw;
use super::truth::Status;

pub(super) use print::unescape;

/// Runs a builtin; nothing where the command is none.
pub(super) fn run(shell: &mut Shell<'_>, words: &[Word]) -> Option<Status> {
    let (name, arguments) = words.split_first()?;
    let first = arguments.first().map(|word| word.text.as_str());
    Some(match name.text.as_str() {
        "true" | ":" => Status::Success,
        "false" => Status::Failure,
        "echo" => print::echo(shell, arguments),
        "printf" => print::printf(shell, arguments),
        "pwd" => {
            let directory = match shell.variable("PWD") {
                super::state::Var::Text(text) => text,
                _ => String::new(),
            };
            let path = join_paths(&directory, &shell.state.directory);
            shell.print(&(path + "\n"));
            Status::Success
        }
        "cd" | "pushd" => {
            let target = arguments.iter().find(|word| !word.text.starts_with('-'));
            change_directory(shell, target.map(|word| word.text.as_str()));
            Status::Assumed
        }
        "popd" => {
            shell.state.directory = shell.unknown("popd", "directories are not followed back");
            Status::Assumed
        }
        "[" | "test" => {
            let mut texts: Vec<String> = arguments.iter().map(|word| shell.settled(word)).collect();
            if name.text == "[" && texts.last().is_some_and(|last| last == "]") {
                texts.pop();
            }
            shell.single_test(&texts).into()
        }
        "exit" | "return" => {
            let status = match first.map(str::parse::<i64>) {
                None => shell.status,
                Some(Ok(0)) => Status::Success,
                Some(Ok(_)) => Status::Failure,
                Some(Err(_)) => Status::Unknown,
            };
            shell.flow = if name.text == "exit" {
                Flow::Exit(status)
            } else {
                Flow::Return
            };
            shell.status = status;
            status
        }
        "break" | "continue" => {
            let levels = first.and_then(|word| word.parse().ok()).unwrap_or(1);
            shell.flow = if name.text == "break" {
                Flow::Break(levels)
            } else {
                Flow::Continue(levels)
            };
            Status::Success
        }
        "set" => variables::set(shell, arguments),
        "shift" => variables::shift(shell, first),
        "unset" => variables::unset(shell, arguments),
        "let" => variables::calculate(shell, arguments),
        "shopt" | "trap" | "umask" | "ulimit" | "wait" | "alias" | "sleep" | "hash" | "jobs" => {
            Status::Success
        }
        "read" => input::read(shell, arguments),
        "mapfile" | "readarray" => input::read_lines(shell, arguments),
        "eval" => {
            let texts: Vec<String> = arguments.iter().map(|word| shell.settled(word)).collect();
            evaluate(shell, &texts.join(" "))
        }
        "bash" | "sh" | "source" | "." => return script(shell, &name.text, arguments),
        path if path.contains('/') => return file::run(shell, words, false),
        _ => return None,
    })
}

/// The status of a command that is only recorded. One that asks something leaves it open; one that
/// does something is assumed to do it.
pub(super) fn recorded_status(words: &[Word]) -> Status {
    const ASKS: [&str; 22] = [
        "grep", "egrep", "fgrep", "curl", "wget", "diff", "cmp", "command", "which", "type", "gh",
        "nc", "jq", "yq", "ls", "find", "stat", "pgrep", "expr", "git", "awk", "hub",
    ];
    const QUESTIONS: [&str; 8] = [
        "inspect",
        "digest",
        "manifest-digest",
        "ls",
        "images",
        "ps",
        "search",
        "tags",
    ];
    let Some(name) = words.first() else {
        return Status::Assumed;
    };
    let base = name.text.rsplit('/').next().unwrap_or_default();
    let mut rest = words.iter().skip(1).map(|word| word.text.as_str());
    let asks = match base {
        "git" => rest.any(|word| {
            matches!(
                word,
                "diff"
                    | "ls-remote"
                    | "show-ref"
                    | "merge-base"
                    | "rev-parse"
                    | "describe"
                    | "cat-file"
                    | "tag"
                    | "log"
                    | "status"
            )
        }),
        _ if ASKS.contains(&base) => true,
        "docker" | "podman" | "buildah" | "skopeo" | "crane" | "regctl" | "nerdctl" | "oras" => {
            rest.take(4).any(|word| QUESTIONS.contains(&word))
        }
        _ => false,
    };
    if asks {
        Status::Unknown
    } else {
        Status::Assumed
    }
}

fn change_directory(shell: &mut Shell<'_>, target: Option<&str>) {
    let Some(target) = target else {
        shell.state.directory = "~".to_owned();
        return;
    };
    let workspace = match shell.variable("GITHUB_WORKSPACE") {
        super::state::Var::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    };
    let inside =
        workspace.and_then(|workspace| target.strip_prefix(workspace.as_str()).map(str::to_owned));
    shell.state.directory = match inside {
        Some(rest) => rest.trim_matches('/').to_owned(),
        None if target.starts_with('/') || target.starts_with('~') => target.to_owned(),
        None => join_paths(&shell.state.directory, target),
    };
}

/// Runs text as statements.
fn evaluate(shell: &mut Shell<'_>, text: &str) -> Status {
    let raw: Raw = shell.raw_here(text);
    let block = shell.parse(&raw);
    shell
        .deeper(|shell| shell.block(&block))
        .unwrap_or(Status::Unknown)
}

/// `bash -c TEXT`, and scripts of the repository that are sourced.
fn script(shell: &mut Shell<'_>, name: &str, arguments: &[Word]) -> Option<Status> {
    if matches!(name, "source" | ".") {
        let path = arguments.first()?.text.clone();
        let Some(text) = shell.read_file(&path) else {
            shell.state.foreign = Some(path);
            return Some(Status::Assumed);
        };
        return Some(evaluate(shell, &text));
    }
    let flag = arguments.iter().position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    });
    let Some(flag) = flag else {
        let at = arguments
            .iter()
            .position(|word| !word.text.starts_with('-'))?;
        return file::run(shell, arguments.get(at..)?, true);
    };
    let text = arguments.get(flag + 1)?.text.clone();
    let rest = Shell::items(arguments.get(flag + 3..).unwrap_or_default());
    Some(shell.subshell(|shell| {
        shell.state.positional = rest;
        evaluate(shell, &text)
    }))
}
