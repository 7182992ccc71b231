//! Events as any CI system sees them, and the plans of the scenarios that a pipeline admits.

use super::settings::Settings;
use crate::facts::{Plan, Scenario};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Commits reach a branch.
    Branch,
    /// A git tag is pushed.
    Tag,
    /// A release is published on a git tag.
    Release,
    /// A pull request is opened or updated.
    PullRequest,
    /// The clock starts a run.
    Schedule,
    /// A person or another program starts a run.
    Manual,
}

/// One event to evaluate.
#[derive(Debug, Clone)]
pub struct Event {
    /// The scenario it belongs to.
    pub scenario: Scenario,
    /// Its name, as GitHub calls it.
    pub name: String,
    /// What happened.
    pub kind: Kind,
    /// The full git ref.
    pub reference: String,
    /// The commit, in hex.
    pub sha: String,
    /// The default branch.
    pub default_branch: String,
}

impl Event {
    /// The git tag that the event is about.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.reference.strip_prefix("refs/tags/")
    }

    /// The branch that the event is about; for a pull request, the one it goes to.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self.kind {
            Kind::PullRequest => Some(&self.default_branch),
            _ => self.reference.strip_prefix("refs/heads/"),
        }
    }

    /// The number of the pull request.
    #[must_use]
    pub fn pull_request(&self) -> Option<&str> {
        let rest = self.reference.strip_prefix("refs/pull/");
        let rest = rest.or_else(|| self.reference.strip_prefix("refs/merge-requests/"))?;
        rest.split('/').next()
    }
}

/// Names that a pipeline's own conditions hold: what its branches and git tags are called.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Branches that conditions name literally.
    pub branches: Vec<String>,
    /// Patterns or beginnings of git tags.
    pub tags: Vec<String>,
}

impl Names {
    /// The default branch: as told, else `main`, else the usual name that conditions hold in its
    /// place.
    #[must_use]
    pub fn default_branch(&self, settings: &Settings) -> String {
        if let Some(branch) = &settings.default_branch {
            return branch.clone();
        }
        let named = |name: &&str| self.branches.iter().any(|own| own == name);
        let mut usual = ["main", "master", "trunk", "develop"].into_iter();
        usual.find(named).unwrap_or("main").to_owned()
    }

    /// How the git tag of a version may be called.
    fn tag_names(&self, version: &str) -> Vec<String> {
        let mut names = vec![format!("v{version}"), version.to_owned()];
        for pattern in &self.tags {
            let end = pattern.find(['*', '[', '?', '+', '\\', '(', '$']);
            let prefix = pattern.get(..end.unwrap_or(0)).unwrap_or_default();
            let prefix = prefix.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            for name in [format!("{prefix}{version}"), format!("{prefix}v{version}")] {
                if !prefix.is_empty() && !names.contains(&name) && names.len() < 16 {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// Plans the event that the caller describes, or each scenario for which `run` says that something
/// runs. Of the names that a version's git tag may have, the first counts with which something is
/// published, else the first with which something runs.
pub fn plans(
    settings: &Settings,
    names: &Names,
    mut run: impl FnMut(&Event) -> (Plan, bool),
) -> Vec<Plan> {
    let default_branch = names.default_branch(settings);
    let event = |scenario, name: &str, kind, reference: String| Event {
        scenario,
        name: name.to_owned(),
        kind,
        reference,
        sha: settings.sha(),
        default_branch: default_branch.clone(),
    };
    let head = format!("refs/heads/{default_branch}");
    if let Some(name) = &settings.event {
        let reference = settings.reference.clone().unwrap_or(head);
        let kind = kind_of(name, &reference);
        return vec![run(&event(Scenario::Given, name, kind, reference)).0];
    }
    let mut plans = Vec::new();
    for (scenario, version) in settings.versions() {
        let mut best: Option<Plan> = None;
        for tag in names.tag_names(&version) {
            let reference = format!("refs/tags/{tag}");
            let (plan, runs) = run(&event(scenario, "push", Kind::Tag, reference));
            if runs && !plan.publications.is_empty() {
                best = Some(plan);
                break;
            }
            if runs && best.is_none() {
                best = Some(plan);
            }
        }
        plans.extend(best);
    }
    for (scenario, name, kind, reference) in [
        (Scenario::Branch, "push", Kind::Branch, head.clone()),
        (
            Scenario::PullRequest,
            "pull_request",
            Kind::PullRequest,
            "refs/pull/1/head".to_owned(),
        ),
        (Scenario::Schedule, "schedule", Kind::Schedule, head.clone()),
        (Scenario::Manual, "workflow_dispatch", Kind::Manual, head),
    ] {
        let (plan, runs) = run(&event(scenario, name, kind, reference));
        if runs {
            plans.push(plan);
        }
    }
    plans
}

fn kind_of(name: &str, reference: &str) -> Kind {
    match name {
        "schedule" => Kind::Schedule,
        "release" => Kind::Release,
        "push" | "create" | "tag" if reference.starts_with("refs/tags/") => Kind::Tag,
        "push" | "create" => Kind::Branch,
        _ if name.starts_with("pull_request") || name.starts_with("merge_request") => {
            Kind::PullRequest
        }
        _ => Kind::Manual,
    }
}
