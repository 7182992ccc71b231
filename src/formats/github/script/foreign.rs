//! Steps whose script is none of a POSIX shell: nothing of it is evaluated, and what it may do is
//! said.

use crate::eval::shell;
use crate::eval::value::Object;
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::context::Frame;
use crate::formats::github::render::Rendered;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::{Effect, Run};

/// The program that runs the script of a step, where it is no shell that is read here: by the step,
/// else by the defaults of its job, else by those of the workflow.
pub(super) fn program(run: &Run<'_>, step: &Step, job: &str) -> Option<String> {
    let id = job.rsplit(" / ").next().unwrap_or(job);
    let job = run.workflow.jobs.iter().find(|job| job.id == id);
    let shell = step
        .shell
        .as_ref()
        .or_else(|| job.and_then(|job| job.shell.as_ref()))
        .or(run.workflow.shell.as_ref())?;
    let word = shell.split_whitespace().next().unwrap_or_default();
    let name = word.rsplit('/').next().unwrap_or(word);
    let own = matches!(name, "bash" | "sh" | "dash" | "zsh" | "ash") || name.starts_with("${{");
    // `nix develop -c bash -e {0}` and the like end in a shell.
    let wrapped = shell
        .split_whitespace()
        .any(|word| word == "bash" || word == "sh");
    (!own && !wrapped).then(|| name.to_owned())
}

/// What such a step leaves behind.
pub(super) fn run(
    program: &str,
    script: &Rendered,
    frame: &Frame<'_>,
    written: &mut Object,
    ledger: &mut Ledger<'_>,
) -> Effect {
    let mut outputs = Object::default();
    let text = script.text.as_str();
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let note = |what: &str| {
        let reason = format!("a script of `{program}`, which is not evaluated");
        frame.unknowns.note_at(what, reason, Some(script.whole()))
    };
    if has(&["GITHUB_OUTPUT", "set-output"]) {
        outputs.open = Some(note("an output"));
    }
    if has(&["GITHUB_ENV", "set-env"]) {
        written.open = Some(note("a variable"));
    }
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'));
    let pushes = lines.clone().any(|line| {
        shell::may_publish(line)
            && ["push", "copy", "imagetools", "buildx", "bake"]
                .iter()
                .any(|verb| line.contains(verb))
    });
    if pushes {
        ledger.opaque(note("a command that may publish images"));
    }
    Effect::Done(outputs)
}
