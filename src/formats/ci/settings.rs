//! What a run of the evaluation is told about the world, and the sample values that it takes where
//! it is told nothing.

use serde_json::Value as Json;

use crate::facts::Scenario;

/// What a run of the evaluation is told about the world.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The event to plan; without one, every scenario that the triggers admit.
    pub event: Option<String>,
    /// The full git ref of that event.
    pub reference: Option<String>,
    /// The default branch.
    pub default_branch: Option<String>,
    /// The branch that the workflows name as theirs in conditions and scripts, where they do.
    pub named_branch: Option<String>,
    /// The commit.
    pub sha: Option<String>,
    /// `OWNER/NAME`.
    pub repository: Option<String>,
    /// The owner, where that much is known.
    pub repository_owner: Option<String>,
    /// The event's JSON as GitHub delivers it.
    pub payload: Option<Json>,
    /// When the run starts.
    pub time: Option<jiff::Timestamp>,
    /// Environment variables that the workflow does not set itself.
    pub env: Vec<(String, String)>,
    /// Configuration variables (`vars`).
    pub vars: Vec<(String, String)>,
    /// Inputs of a dispatched or called workflow.
    pub inputs: Vec<(String, String)>,
    /// The version that the release scenario releases.
    pub release_version: Option<String>,
    /// Whether to ask as well what a tag publishes that looks like a version and is none.
    pub odd_versions: bool,
}

/// The commit of sample events.
const SAMPLE_SHA: &str = "abcdef1000000000000000000000000000000000";

impl Settings {
    /// The scenarios that release a version, each with that version.
    #[must_use]
    pub fn versions(&self) -> [(Scenario, String); 3] {
        let release = self.release_version.as_deref().unwrap_or("1.2.3");
        [
            (Scenario::Release, release.to_owned()),
            (Scenario::Prerelease, format!("{release}-rc.1")),
            (Scenario::Backport, older_line(release)),
        ]
    }

    /// The version that a scenario releases, without a leading `v`.
    #[must_use]
    pub fn version_of(&self, scenario: Scenario) -> Option<String> {
        let mut versions = self.versions().into_iter();
        versions.find_map(|(of, version)| (of == scenario).then_some(version))
    }

    /// The commit of an event.
    #[must_use]
    pub fn sha(&self) -> String {
        self.sha.clone().unwrap_or_else(|| SAMPLE_SHA.to_owned())
    }
}

/// A version of the line before: 1.1.9 for 1.2.3, 0.9.9 for 1.0.0.
fn older_line(version: &str) -> String {
    match semver::Version::parse(version) {
        Ok(version) if version.minor > 0 => format!("{}.{}.9", version.major, version.minor - 1),
        Ok(version) if version.major > 0 => format!("{}.9.9", version.major - 1),
        _ => "0.0.1".to_owned(),
    }
}
