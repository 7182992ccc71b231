//! What a script finds around it: variables, git, the repository's files.

use std::cell::OnceCell;

use super::checkout;
use crate::eval::shell::{Environment, Repository, Variable};
use crate::eval::unknown::{Mark, Unknowns};
use crate::eval::value::Value;
use crate::files::Files;
use crate::formats::github::context::Frame;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Run;

/// The surroundings of one script.
pub(in crate::formats::github) struct Surroundings<'a> {
    run: &'a Run<'a>,
    frame: &'a Frame<'a>,
    git: Repository,
    /// The step and its job: an earlier step of the job may check out or make a tag.
    at: Option<(&'a Step, String)>,
    /// What an earlier step may have put on the commit; looked for when first asked.
    made_tag: OnceCell<Option<String>>,
    files: &'a dyn Files,
}

/// Default variables that hold what a property of `github` holds.
const FROM_GITHUB: &[(&str, &str)] = &[
    ("GITHUB_ACTOR", "actor"),
    ("GITHUB_API_URL", "api_url"),
    ("GITHUB_BASE_REF", "base_ref"),
    ("GITHUB_EVENT_NAME", "event_name"),
    ("GITHUB_HEAD_REF", "head_ref"),
    ("GITHUB_REF", "ref"),
    ("GITHUB_REF_NAME", "ref_name"),
    ("GITHUB_REF_TYPE", "ref_type"),
    ("GITHUB_REPOSITORY", "repository"),
    ("GITHUB_REPOSITORY_OWNER", "repository_owner"),
    ("GITHUB_RUN_ATTEMPT", "run_attempt"),
    ("GITHUB_RUN_ID", "run_id"),
    ("GITHUB_RUN_NUMBER", "run_number"),
    ("GITHUB_SERVER_URL", "server_url"),
    ("GITHUB_SHA", "sha"),
    ("GITHUB_TOKEN", "token"),
    ("GITHUB_TRIGGERING_ACTOR", "triggering_actor"),
    ("GITHUB_WORKFLOW", "workflow"),
    ("GITHUB_WORKSPACE", "workspace"),
];

/// Variables that every machine sets to something of its own.
const OF_THE_MACHINE: &[&str] = &[
    "HOME",
    "PATH",
    "PWD",
    "USER",
    "LOGNAME",
    "HOSTNAME",
    "SHELL",
    "TMPDIR",
    "LANG",
    "UID",
    "EUID",
    "RANDOM",
    "SECONDS",
    "GOPATH",
    "JAVA_HOME",
    "OSTYPE",
    "HOSTTYPE",
    "MACHTYPE",
];

impl<'a> Surroundings<'a> {
    pub(in crate::formats::github) fn new(run: &'a Run<'a>, frame: &'a Frame<'a>) -> Self {
        let event = run.event;
        Self {
            run,
            frame,
            git: Repository {
                commit: Some(event.sha.clone()),
                // A tag is checked out without a branch.
                branch: match (event.branch(), event.tag()) {
                    (Some(branch), _) => Some(branch.to_owned()),
                    (None, Some(_)) => Some(String::new()),
                    (None, None) => None,
                },
                tags: event.tag().map(|tag| vec![tag.to_owned()]),
                last_tag: None,
            },
            at: None,
            made_tag: OnceCell::new(),
            files: run.repository,
        }
    }

    /// The same, with files as the script sees them.
    pub(in crate::formats::github) fn with(mut self, files: &'a dyn Files) -> Self {
        self.files = files;
        self
    }

    /// The surroundings of one step: an earlier one of its job may check out or make a tag.
    pub(in crate::formats::github) fn at(mut self, step: &'a Step, job: &str) -> Self {
        if self.run.event.tag().is_none() {
            self.at = Some((step, job.to_owned()));
        }
        self
    }

    fn made_tag(&self) -> Option<&str> {
        let (step, job) = self.at.as_ref()?;
        let tag = || checkout::tag(self.run, self.frame, step, job);
        self.made_tag.get_or_init(tag).as_deref()
    }

    fn github(&self, property: &str) -> Option<&Value> {
        match &self.frame.github {
            Value::Object(github) => github.get(property),
            _ => None,
        }
    }

    fn unknown(&self, name: &str) -> Mark {
        let unknowns: &Unknowns = self.frame.unknowns;
        unknowns.note(format!("${name}"), "differs from machine to machine")
    }
}

impl Environment for Surroundings<'_> {
    fn variable(&self, name: &str) -> Variable {
        if let Some(value) = self.frame.env.get(name) {
            return match value {
                Value::Unknown(mark) => Variable::Unknown(*mark),
                value => Variable::Known(value.to_text().to_string()),
            };
        }
        let from_github = FROM_GITHUB.iter().find(|(variable, _)| *variable == name);
        if let Some(value) = from_github.and_then(|(_, property)| self.github(property)) {
            return match value {
                Value::Unknown(mark) => Variable::Unknown(*mark),
                value => Variable::Known(value.to_text().to_string()),
            };
        }
        match name {
            "CI" | "GITHUB_ACTIONS" => Variable::Known("true".to_owned()),
            _ if name.starts_with("RUNNER_") || OF_THE_MACHINE.contains(&name) => {
                Variable::Unknown(self.unknown(name))
            }
            _ => match self.frame.env.open {
                Some(mark) => Variable::Unknown(mark),
                None => Variable::Unset,
            },
        }
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        let asks = ["tag", "--points-at", "HEAD"];
        let asked = arguments.iter().map(String::as_str).eq(asks);
        match asked.then(|| self.made_tag()).flatten() {
            Some(tag) => Some(tag.to_owned()),
            None => self.git.answer(arguments),
        }
    }

    fn file(&self, path: &str) -> Option<String> {
        self.files.read(path)
    }
}
