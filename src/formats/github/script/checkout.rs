//! Which git tag the steps of a job put at the commit that it works on.

use crate::eval::unknown;
use crate::formats::github::context::Frame;
use crate::formats::github::render;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Run;
use crate::source::Place;

/// The tag that a step before this one checks out or makes, on an event that is about none.
pub(super) fn tag(run: &Run<'_>, frame: &Frame<'_>, step: &Step, job: &str) -> Option<String> {
    let id = job.rsplit(" / ").next().unwrap_or(job);
    let job = run.workflow.jobs.iter().find(|other| other.id == id)?;
    let mut tag = None;
    for before in job.steps.iter().take(step.number) {
        let place = Place {
            file: run.workflow.file,
            span: before.at,
        };
        if let Some(action) = before.action() {
            let own = action.rsplit('/').next().unwrap_or_default().to_owned();
            if action == "actions/checkout" {
                let other = before.input("repository").is_some();
                let reference = before.input("ref").and_then(|tree| tree.scalar());
                if let Some(reference) = reference.filter(|_| !other) {
                    let text = render::text(frame, run.workflow.file, reference).text;
                    tag = of_reference(&text);
                }
            } else if own.split('-').any(|word| word == "tag") || own.contains("semantic-release") {
                let what = "the git tag";
                let reason = format!("`{action}` makes it");
                let mark = frame.unknowns.note_at(what, reason, Some(place));
                tag = Some(mark.as_char().to_string());
            }
        }
        let makes = |text: &str| {
            text.lines().any(|line| {
                let after = line.split("git tag ").nth(1);
                after.is_some_and(|rest| {
                    let rest = rest.trim_start();
                    let asks = [
                        "-l",
                        "--list",
                        "--sort",
                        "--points-at",
                        "--contains",
                        "-d",
                        "-n",
                    ];
                    !asks.iter().any(|option| rest.starts_with(option))
                })
            })
        };
        if before.run.as_ref().is_some_and(|run| makes(&run.text)) {
            let reason = "an earlier step makes it";
            let mark = frame.unknowns.note_at("the git tag", reason, Some(place));
            tag = Some(mark.as_char().to_string());
        }
    }
    tag
}

/// The tag that a reference names; a branch or a commit is none.
fn of_reference(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(tag) = text.strip_prefix("refs/tags/") {
        return Some(tag.to_owned());
    }
    if !unknown::is_known(text) {
        return (!text.starts_with("refs/")).then(|| text.to_owned());
    }
    let number = text.strip_prefix('v').unwrap_or(text);
    let version = number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.');
    version.then(|| text.to_owned())
}
