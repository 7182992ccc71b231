//! Whether the repository holds the Dockerfile of a build.

use super::tree::Template;
use super::workflow::Step;
use super::world::Run;
use crate::facts::Build;

/// Whether the repository holds the Dockerfile; `None` where that cannot be said, or something in
/// the job may make it or bring it.
pub(super) fn exists(run: &Run<'_>, step: &Step, job: &str, build: &Build) -> Option<bool> {
    let file = build.dockerfile.as_deref()?;
    let remote = build
        .context
        .as_deref()
        .is_some_and(|context| context.contains("://"));
    if remote || file == "-" || file.contains("{?}") {
        return None;
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let id = job.rsplit(" / ").next().unwrap_or(job);
    let job = run.workflow.jobs.iter().find(|other| other.id == id)?;
    let made = job.steps.iter().take(step.number + 1).any(|before| {
        let own = before.number == step.number;
        let mentions = |script: &Template| {
            // The script that builds may change folders, or write the file before.
            let text = &script.text;
            let writes = text.contains('>') && text.contains(name);
            text.contains("git clone")
                || text.contains("cd ")
                || writes
                || (!own && text.contains(name))
        };
        let brings = match before.action().as_deref() {
            Some("actions/checkout") => {
                before.input("repository").is_some() || before.input("path").is_some()
            }
            Some(action) => action.contains("download") || action.contains("cache"),
            None => false,
        };
        brings || before.run.as_ref().is_some_and(mentions)
    });
    if made {
        None
    } else {
        run.repository.holds(file)
    }
}
