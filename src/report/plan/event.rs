//! What people call an event: `release v1.2.3`, `branch main`, `pull request`.

use crate::facts::{Plan, Scenario};

/// An event that CI is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it stands for.
    pub scenario: Scenario,
    /// Its name, such as `push`.
    pub name: String,
    /// The full git ref.
    pub reference: String,
}

impl Event {
    /// The event of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Self {
            scenario: plan.scenario,
            name: plan.event.clone(),
            reference: plan.reference.clone(),
        }
    }

    /// What people call it; its name comes with it where others share its scenario.
    #[must_use]
    pub fn title(&self, all: &[Self]) -> String {
        let short = self.reference.strip_prefix("refs/tags/");
        let branch = self.reference.strip_prefix("refs/heads/");
        let title = match (self.scenario, short, branch) {
            (Scenario::Release, Some(tag), _) => format!("release {tag}"),
            (Scenario::Prerelease, Some(tag), _) => format!("pre-release {tag}"),
            (Scenario::Backport, Some(tag), _) => format!("backport {tag}"),
            (Scenario::Branch, _, Some(branch)) => format!("branch {branch}"),
            (Scenario::PullRequest, ..) => "pull request".to_owned(),
            (Scenario::Schedule, ..) => "schedule".to_owned(),
            (Scenario::OddVersion, Some(tag), _) => format!("tag {tag}"),
            (Scenario::Manual, ..) => "manual".to_owned(),
            _ => short.or(branch).unwrap_or(&self.reference).to_owned(),
        };
        let shared = all.iter().filter(|other| other.scenario == self.scenario);
        if shared.count() > 1 || self.scenario == Scenario::Given {
            format!("{title} ({})", self.name)
        } else {
            title
        }
    }
}
