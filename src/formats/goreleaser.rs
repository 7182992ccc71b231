//! A GoReleaser configuration that no workflow of its repository runs: what it would publish by
//! itself, for a tag.

use super::ci::goreleaser::{self, Call};
use super::ci::ledger::Ledger;
use super::github::event::{Event, Settings};
use super::github::workflow::{Step, Workflow};
use crate::eval::goreleaser::Config;
use crate::eval::shell::{Repository, Variable};
use crate::eval::unknown::Unknowns;
use crate::facts::Plan;
use crate::files::Files;
use crate::source::{FileId, Place, Span};

/// A configuration, and where it is.
pub struct Standalone<'a> {
    /// The source.
    pub file: FileId,
    /// Its path from the root of the repository.
    pub path: &'a str,
    /// The prefix of its tags, in a repository of several projects.
    pub prefix: Option<String>,
}

/// The prefix of the tags of a configuration.
#[must_use]
pub fn prefix(text: &str) -> Option<String> {
    let yaml = crate::yaml::Yaml::parse(text);
    let config = Config::read(FileId(0), yaml.first()?);
    Some(config.tag_prefix?.text)
}

/// Whether a file of this path is one that GoReleaser reads by itself, or is named like it.
#[must_use]
pub fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("goreleaser")
}

/// Whether a workflow runs the configuration at a path.
#[must_use]
pub fn runs(workflow: &Workflow, path: &str) -> bool {
    let mut jobs = workflow.jobs.iter();
    jobs.any(|job| job.steps.iter().any(|step| step_runs(step, path)))
}

fn step_runs(step: &Step, path: &str) -> bool {
    let named = |text: &str| {
        let explicit = ["--config", "-f ", "-f="]
            .iter()
            .any(|option| text.contains(option));
        let unknown = text.contains("${");
        let name = path.rsplit('/').next().unwrap_or(path);
        !explicit || unknown || text.contains(path) || text.contains(name)
    };
    if step.action().as_deref() == Some("goreleaser/goreleaser-action") {
        let arguments = step.input("args").and_then(|tree| tree.scalar());
        return arguments.is_some_and(|arguments| {
            let first = arguments.text.split_whitespace().next().unwrap_or_default();
            !matches!(first, "check" | "build" | "init" | "healthcheck") && named(&arguments.text)
        });
    }
    let Some(script) = &step.run else {
        return false;
    };
    ["release", "continue", "publish", "--"].iter().any(|verb| {
        let call = format!("goreleaser {verb}");
        script
            .text
            .lines()
            .any(|line| line.contains(&call) && named(line))
    })
}

/// What the configuration publishes on each event that is about a tag.
#[must_use]
pub fn plans(own: &Standalone<'_>, settings: &Settings, files: &dyn Files) -> Vec<Plan> {
    let events = settings.tag_events(own.prefix.as_deref().unwrap_or_default());
    events
        .iter()
        .map(|event| plan(own, event, settings, files))
        .collect()
}

fn plan(own: &Standalone<'_>, event: &Event, settings: &Settings, files: &dyn Files) -> Plan {
    let unknowns = Unknowns::default();
    let at = Place {
        file: own.file,
        span: Span::default(),
    };
    let mut ledger = Ledger::new(&unknowns, own.file);
    ledger.begin_job("goreleaser", None, None);
    let git = Repository {
        commit: Some(event.sha.clone()),
        branch: Some(event.branch().unwrap_or_default().to_owned()),
        tags: event.tag().map(|tag| vec![tag.to_owned()]),
        last_tag: None,
    };
    let environment = |name: &str| {
        let given = settings.env.iter().rev().find(|(own, _)| own == name);
        if let Some((_, value)) = given {
            return Variable::Known(value.clone());
        }
        let repository = settings.repository.as_deref();
        let owner = repository.and_then(|name| name.split_once('/'));
        let owner = owner
            .map(|(owner, _)| owner)
            .or(settings.repository_owner.as_deref());
        let known = match name {
            "GITHUB_REPOSITORY" => repository.map(str::to_owned),
            "GITHUB_REPOSITORY_OWNER" => owner.map(str::to_owned),
            "GITHUB_SHA" => Some(event.sha.clone()),
            "GITHUB_REF" => Some(event.reference.clone()),
            "GITHUB_REF_NAME" => event.tag().or(event.branch()).map(str::to_owned),
            _ => None,
        };
        if let Some(known) = known {
            return Variable::Known(known);
        }
        let of_github = match name {
            "GITHUB_REPOSITORY" => "github.repository",
            "GITHUB_REPOSITORY_OWNER" => "github.repository_owner",
            _ => return Variable::Unset,
        };
        let reason = "the repository's name; `--repository` gives it";
        let mark = unknowns.note_at(of_github, reason, Some(at));
        Variable::Known(mark.as_char().to_string())
    };
    let folder = own.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // In `.config` it is that of the folder above.
    let folder = folder
        .strip_suffix(".config")
        .unwrap_or(folder)
        .trim_end_matches('/');
    let inside = own.path.strip_prefix(folder).unwrap_or(own.path);
    let call = Call {
        files,
        unknowns: &unknowns,
        words: vec![
            "release".to_owned(),
            "--config".to_owned(),
            inside.trim_start_matches('/').to_owned(),
        ],
        folder: folder.to_owned(),
        environment: &environment,
        presumes: true,
        git: &|words| git.answer(words),
        time: settings.time,
        step: 0,
        at,
    };
    goreleaser::publish(&call, &mut ledger);
    ledger.into_plan(event.scenario, &event.name, &event.reference)
}
