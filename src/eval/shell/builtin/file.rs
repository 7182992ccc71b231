//! Scripts of the repository that a script runs: `./publish.sh 1.2.3`, `bash publish.sh`.

use super::evaluate;
use crate::eval::shell::Word;
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::state::Var;
use crate::eval::shell::truth::Status;

/// How deep scripts may run one another.
const NESTED: usize = 8;

/// Runs a file by its path and arguments, where the repository holds it and it is a shell script:
/// it sees the exported variables and its arguments, and leaves behind what it writes.
pub(super) fn run(shell: &mut Shell<'_>, words: &[Word], by_shell: bool) -> Option<Status> {
    let (path, arguments) = words.split_first()?;
    let text = shell.read_file(&path.text)?;
    if shell.state.scripts >= NESTED || (!by_shell && !is_shell(&path.text, &text)) {
        return None;
    }
    let positional = Shell::items(arguments);
    Some(shell.subshell(|shell| {
        shell.leave_to_process(&[]);
        shell.state.positional = positional;
        shell.state.script = Some(path.text.clone());
        shell.state.set("BASH_SOURCE", Var::Text(path.text.clone()));
        shell.state.scripts += 1;
        evaluate(shell, &text)
    }))
}

/// Whether a shell runs the file: by its first line, or by its name where that says nothing.
fn is_shell(path: &str, text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    match first.strip_prefix("#!") {
        Some(program) => {
            let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
            let mut words = program.split_whitespace().map(name);
            words.any(|word| matches!(word.as_str(), "sh" | "bash" | "dash" | "ash" | "zsh"))
        }
        None => path.ends_with(".sh") || path.ends_with(".bash"),
    }
}
