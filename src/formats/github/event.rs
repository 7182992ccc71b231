//! Events as GitHub would deliver them: the one a caller describes, or samples for each scenario
//! that a workflow's triggers admit.

use serde_json::Value as Json;

use super::payload;
use super::triggers::{Incoming, Trigger};
use crate::facts::Scenario;
pub use crate::formats::ci::settings::Settings;

/// One event to evaluate.
#[derive(Debug, Clone)]
pub struct Event {
    /// The scenario it belongs to.
    pub scenario: Scenario,
    /// Its name.
    pub name: String,
    /// The full git ref.
    pub reference: String,
    /// The commit, in hex.
    pub sha: String,
    /// Its JSON.
    pub payload: Json,
    /// Whether the JSON is the event's own, whole, and not a sample.
    pub payload_is_whole: bool,
    /// The default branch.
    pub default_branch: String,
    /// The branch that a pull request goes to.
    pub base: Option<String>,
}

impl Settings {
    /// The events to evaluate for a workflow with these triggers.
    #[must_use]
    pub fn events(&self, triggers: &[Trigger]) -> Vec<Event> {
        if let Some(name) = &self.event {
            let event = self.given(name, triggers);
            let admitted = triggers.iter().any(|trigger| event.passes(trigger));
            return if admitted { vec![event] } else { Vec::new() };
        }
        let mut events = Vec::new();
        for (scenario, version) in self.versions() {
            events.extend(self.version_events(scenario, &version, triggers));
        }
        for (scenario, name) in [
            (Scenario::Branch, "push"),
            (Scenario::Branch, "workflow_run"),
            (Scenario::PullRequest, "pull_request"),
            (Scenario::PullRequest, "pull_request_target"),
            (Scenario::Schedule, "schedule"),
            (Scenario::Manual, "workflow_dispatch"),
            (Scenario::Manual, "repository_dispatch"),
        ] {
            events.extend(self.branch_event(scenario, name, triggers));
        }
        events
    }

    /// Releases of a tag that semantic versioning refuses, such as `v1.2.3rc`.
    #[must_use]
    pub fn odd_events(&self, triggers: &[Trigger]) -> Vec<Event> {
        if self.event.is_some() {
            return Vec::new();
        }
        let release = self.release_version.as_deref().unwrap_or("1.2.3");
        self.version_events(Scenario::OddVersion, &format!("{release}rc"), triggers)
    }

    /// The events about a tag, for what is released by itself and no workflow starts.
    #[must_use]
    pub fn tag_events(&self, prefix: &str) -> Vec<Event> {
        let branch = self.default_branch(&[]);
        if let Some(name) = &self.event {
            return vec![self.given(name, &[])];
        }
        let versions = self.versions().into_iter();
        let event = |(scenario, version)| {
            let reference = format!("refs/tags/{prefix}v{version}");
            self.event(scenario, "push", &reference, &branch)
        };
        versions.map(event).collect()
    }

    fn given(&self, name: &str, triggers: &[Trigger]) -> Event {
        let default_branch = self.default_branch(triggers);
        let reference = self
            .reference
            .clone()
            .unwrap_or_else(|| format!("refs/heads/{default_branch}"));
        let mut event = self.event(Scenario::Given, name, &reference, &default_branch);
        event.payload_is_whole = self.payload.is_some();
        if let Some(payload) = &self.payload {
            let branch = payload.pointer("/repository/default_branch");
            if let (Some(branch), None) = (branch.and_then(Json::as_str), &self.default_branch) {
                event.default_branch = branch.to_owned();
            }
            event.base = payload
                .pointer("/pull_request/base/ref")
                .and_then(Json::as_str)
                .map(str::to_owned);
            event.payload = payload.clone();
        }
        event
    }

    /// The default branch: as told, else what the workflows name, else `main`, else what the push
    /// filters name in its place.
    fn default_branch(&self, triggers: &[Trigger]) -> String {
        if let Some(branch) = &self.default_branch {
            return branch.clone();
        }
        let patterns: Vec<&str> = triggers
            .iter()
            .filter(|trigger| trigger.event == "push")
            .flat_map(Trigger::branch_patterns)
            .collect();
        let literal = |name: &&&str| !name.contains(['*', '?', '+', '[', '!']);
        let usual = self.named_branch.as_deref().unwrap_or("main");
        let filtered = !patterns.is_empty() && !super::filter::admits(patterns.clone(), usual);
        ["main", "master", "trunk", "develop"]
            .into_iter()
            .find(|name| filtered && patterns.contains(name))
            .or_else(|| patterns.iter().find(literal).copied().filter(|_| filtered))
            .unwrap_or(usual)
            .to_owned()
    }

    fn version_events(
        &self,
        scenario: Scenario,
        version: &str,
        triggers: &[Trigger],
    ) -> Vec<Event> {
        let default_branch = self.default_branch(triggers);
        let types = match scenario {
            Scenario::Prerelease => &["created", "published", "prereleased"][..],
            _ => &["created", "published", "released"][..],
        };
        let mut events = Vec::new();
        for trigger in triggers {
            for tag in tag_names(version, trigger) {
                let reference = format!("refs/tags/{tag}");
                let incoming = Incoming {
                    event: &trigger.event,
                    reference: &reference,
                    base: "",
                    types,
                };
                let tagged = matches!(trigger.event.as_str(), "push" | "release" | "create");
                if tagged && trigger.admits(&incoming) {
                    events.push(self.event(scenario, &trigger.event, &reference, &default_branch));
                    break;
                }
            }
        }
        events
    }

    fn branch_event(&self, scenario: Scenario, name: &str, triggers: &[Trigger]) -> Option<Event> {
        let default_branch = self.default_branch(triggers);
        let trigger = triggers.iter().find(|trigger| trigger.event == name)?;
        let reference = match scenario {
            Scenario::PullRequest if name == "pull_request" => "refs/pull/1/merge".to_owned(),
            _ => format!("refs/heads/{default_branch}"),
        };
        let incoming = Incoming {
            event: name,
            reference: &reference,
            base: &default_branch,
            types: &["opened", "synchronize", "reopened", "completed"],
        };
        let admitted = trigger.admits(&incoming);
        admitted.then(|| self.event(scenario, name, &reference, &default_branch))
    }

    fn event(
        &self,
        scenario: Scenario,
        name: &str,
        reference: &str,
        default_branch: &str,
    ) -> Event {
        let sha = self.sha();
        let payload = payload::sample(self, name, reference, &sha, default_branch);
        let pulls = name.starts_with("pull_request");
        Event {
            scenario,
            name: name.to_owned(),
            reference: reference.to_owned(),
            sha,
            payload,
            payload_is_whole: false,
            default_branch: default_branch.to_owned(),
            base: pulls.then(|| default_branch.to_owned()),
        }
    }
}

/// The activities that an event may be about, where its JSON does not say.
const ACTIVITIES: &[&str] = &[
    "created",
    "published",
    "released",
    "prereleased",
    "edited",
    "opened",
    "synchronize",
    "reopened",
    "closed",
    "completed",
    "labeled",
    "ready_for_review",
    "requested",
];

impl Event {
    /// Whether a trigger lets this event start the workflow.
    fn passes(&self, trigger: &Trigger) -> bool {
        let told = self.payload.get("action").and_then(Json::as_str);
        let told = told.filter(|_| self.payload_is_whole);
        let one = told.map(|action| [action]);
        trigger.admits(&Incoming {
            event: &self.name,
            reference: &self.reference,
            base: self.base.as_deref().unwrap_or(&self.default_branch),
            types: one.as_ref().map_or(ACTIVITIES, |one| one.as_slice()),
        })
    }

    /// The git tag that the event is about.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.reference.strip_prefix("refs/tags/")
    }

    /// The branch that the event is about.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        self.reference.strip_prefix("refs/heads/")
    }
}

/// How the git tag of a version may be called: with `v`, without, or as the trigger's patterns
/// spell it (`app-v*`).
fn tag_names(version: &str, trigger: &Trigger) -> Vec<String> {
    let mut names = vec![format!("v{version}"), version.to_owned()];
    if trigger.event == "push" {
        for pattern in trigger.tag_patterns() {
            let Some(at) = pattern.find(['*', '[', '?', '+']) else {
                continue;
            };
            let prefix = pattern.get(..at).unwrap_or_default();
            if !prefix.is_empty() && !prefix.starts_with('!') {
                let digits = prefix.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
                names.push(format!("{digits}{version}"));
                names.push(format!("{prefix}v{version}"));
            }
            names.extend(super::filter::sample(pattern, version));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::github::tree::Tree;
    use crate::yaml::Yaml;

    fn planned(on: &str) -> Vec<(&'static str, String, String)> {
        let yaml = Yaml::parse(on);
        let triggers = Trigger::read(&Tree::read(yaml.first().unwrap()));
        let events = Settings::default().events(&triggers);
        let row = |event: Event| (event.scenario.name(), event.name, event.reference);
        events.into_iter().map(row).collect()
    }

    fn short(on: &str) -> Vec<String> {
        planned(on)
            .into_iter()
            .map(|(scenario, event, reference)| format!("{scenario} {event} {reference}"))
            .collect()
    }

    #[test]
    fn scenarios_follow_the_triggers() {
        assert_eq!(
            short("{push: {tags: ['[0-9]+.[0-9]+.[0-9]+']}}"),
            [
                "release push refs/tags/1.2.3",
                "backport push refs/tags/1.1.9"
            ]
        );
        assert_eq!(
            short("{push: {tags: ['app-v*']}, schedule: [{cron: x}]}"),
            [
                "release push refs/tags/app-v1.2.3",
                "prerelease push refs/tags/app-v1.2.3-rc.1",
                "backport push refs/tags/app-v1.1.9",
                "schedule schedule refs/heads/main"
            ]
        );
        assert_eq!(
            short("{push: {branches: [master]}, release: {types: [released]}}"),
            [
                "release release refs/tags/v1.2.3",
                "backport release refs/tags/v1.1.9",
                "branch push refs/heads/master"
            ]
        );
        assert_eq!(short("workflow_call"), Vec::<String>::new());
        assert_eq!(
            short("[pull_request, workflow_dispatch]"),
            [
                "pull-request pull_request refs/pull/1/merge",
                "manual workflow_dispatch refs/heads/main"
            ]
        );
    }
}
