//! What a step finds around it: the variables of the event, git, files; and the substitution of
//! variables in the text of a pipeline.

use std::collections::BTreeMap;

use crate::eval::drone::Family;
use crate::eval::shell::{self, Environment, Repository, Script, Variable};
use crate::eval::unknown::Unknowns;
use crate::files::Files;
use crate::formats::github::event::{Event, Settings};
use crate::source::Place;

/// The surroundings of the steps of one event.
pub(super) struct Surroundings<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) unknowns: &'a Unknowns,
    pub(super) scripts: &'a shell::Cache,
    variables: BTreeMap<String, String>,
    git: Repository,
}

/// The name of an event in the words of the two systems; `None` for one that they do not know.
pub(super) fn event_name(event: &Event, family: Family) -> Option<&'static str> {
    Some(match event.name.as_str() {
        "push" if event.tag().is_some() => "tag",
        "push" => "push",
        "pull_request" | "pull_request_target" => "pull_request",
        "schedule" => "cron",
        "release" if family == Family::Woodpecker => "release",
        "workflow_dispatch" if family == Family::Woodpecker => "manual",
        "workflow_dispatch" => "custom",
        _ => return None,
    })
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(
        event: &Event,
        family: Family,
        settings: &Settings,
        files: &'a dyn Files,
        unknowns: &'a Unknowns,
        scripts: &'a shell::Cache,
    ) -> Self {
        let mut variables = BTreeMap::new();
        let mut set = |names: &[&str], value: &str| {
            for name in names {
                variables.insert((*name).to_owned(), value.to_owned());
            }
        };
        set(
            &["CI"],
            if family == Family::Drone {
                "true"
            } else {
                "woodpecker"
            },
        );
        set(&["DRONE"], "true");
        set(
            &[
                "DRONE_COMMIT",
                "DRONE_COMMIT_SHA",
                "DRONE_COMMIT_AFTER",
                "CI_COMMIT_SHA",
            ],
            &event.sha,
        );
        set(&["DRONE_COMMIT_REF", "CI_COMMIT_REF"], &event.reference);
        let default = event.default_branch.as_str();
        set(&["DRONE_REPO_BRANCH", "CI_REPO_DEFAULT_BRANCH"], default);
        let branch = event.branch().or(event.base.as_deref()).unwrap_or_default();
        let names = ["DRONE_BRANCH", "DRONE_COMMIT_BRANCH", "DRONE_TARGET_BRANCH"];
        set(&names, branch);
        set(&["CI_COMMIT_BRANCH", "CI_COMMIT_TARGET_BRANCH"], branch);
        let tag = event.tag().unwrap_or_default();
        set(&["DRONE_TAG", "CI_COMMIT_TAG"], tag);
        set(
            &["DRONE_BUILD_EVENT", "CI_PIPELINE_EVENT", "CI_BUILD_EVENT"],
            event_name(event, family).unwrap_or_default(),
        );
        if event.name.starts_with("pull_request") {
            set(&["DRONE_PULL_REQUEST", "CI_COMMIT_PULL_REQUEST"], "1");
        }
        if let Ok(version) = semver::Version::parse(tag.strip_prefix('v').unwrap_or(tag)) {
            set(&["DRONE_SEMVER"], &version.to_string());
            set(&["DRONE_SEMVER_MAJOR"], &version.major.to_string());
            set(&["DRONE_SEMVER_MINOR"], &version.minor.to_string());
            set(&["DRONE_SEMVER_PATCH"], &version.patch.to_string());
            set(&["DRONE_SEMVER_PRERELEASE"], version.pre.as_str());
            let short = format!("{}.{}.{}", version.major, version.minor, version.patch);
            set(&["DRONE_SEMVER_SHORT"], &short);
        }
        if let Some((owner, name)) = settings
            .repository
            .as_deref()
            .and_then(|r| r.split_once('/'))
        {
            set(&["DRONE_REPO", "CI_REPO"], &format!("{owner}/{name}"));
            set(
                &["DRONE_REPO_OWNER", "DRONE_REPO_NAMESPACE", "CI_REPO_OWNER"],
                owner,
            );
            set(&["DRONE_REPO_NAME", "CI_REPO_NAME"], name);
        }
        for (name, value) in &settings.env {
            set(&[name], value);
        }
        Self {
            files,
            unknowns,
            scripts,
            variables,
            git: Repository {
                commit: Some(event.sha.clone()),
                branch: Some(event.branch().unwrap_or_default().to_owned()),
                tags: event.tag().map(|tag| vec![tag.to_owned()]),
                last_tag: None,
            },
        }
    }

    /// The same with further variables, those of a matrix or a step.
    pub(super) fn with(&self, more: &[(String, String)]) -> Self {
        let mut variables = self.variables.clone();
        variables.extend(more.iter().cloned());
        Self {
            files: self.files,
            unknowns: self.unknowns,
            scripts: self.scripts,
            variables,
            git: self.git.clone(),
        }
    }

    /// The text with its `${…}` replaced; these have the operators of the shell.
    pub(super) fn substitute(&self, text: &str, at: Place) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        let assigned = format!("taglint_value=\"{}\"", quoted(text));
        let ran = shell::run(&Script {
            cache: self.scripts,
            text: &assigned,
            environment: self,
            unknowns: self.unknowns,
            locate: &|_| Some(at),
        });
        let value = ran.variables.get("taglint_value").cloned();
        value.unwrap_or_else(|| {
            let reason = "a variable of the pipeline that is not known";
            let mark = self.unknowns.note_at(text, reason, Some(at));
            mark.as_char().to_string()
        })
    }
}

/// Text inside double quotes of a script, in which `${` alone has a meaning; `$${` is a plain `${`.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut depth = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '$' if chars.peek() == Some(&'$') => {
                chars.next();
                out.push_str("\\$");
                // The brace that follows is text.
                if chars.peek() == Some(&'{') {
                    chars.next();
                    out.push('{');
                }
            }
            '$' if chars.peek() == Some(&'{') => {
                depth += 1;
                out.push_str("${");
                chars.next();
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push('}');
            }
            '$' | '`' | '"' | '\\' if depth == 0 => {
                out.push('\\');
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out
}

impl Environment for Surroundings<'_> {
    fn variable(&self, name: &str) -> Variable {
        if let Some(value) = self.variables.get(name) {
            return Variable::Known(value.clone());
        }
        // The system sets many more, such as the number of the build.
        if name.starts_with("DRONE_") || name.starts_with("CI_") {
            let reason = "a variable of the CI system; `--env` gives it";
            let what = match name {
                "DRONE_REPO" | "CI_REPO" => "github.repository".to_owned(),
                _ => format!("${name}"),
            };
            return Variable::Unknown(self.unknowns.note(what, reason));
        }
        Variable::Unset
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        self.git.answer(arguments)
    }

    fn file(&self, path: &str) -> Option<String> {
        self.files.read(path)
    }
}
