//! The variables that Drone and Woodpecker set for an event.

use super::condition::event_name;
use super::definition::{Pipeline, System};
use crate::eval::unknown::Unknowns;
use crate::files::Files;
use crate::formats::ci::event::{Event, Kind};
use crate::formats::ci::settings::Settings;
use crate::formats::ci::variables::{Elsewhere, Variables};

/// All variables of a pipeline on an event.
pub fn of<'a>(
    system: System,
    pipeline: &Pipeline,
    event: &Event,
    settings: &Settings,
    files: &'a dyn Files,
    unknowns: &'a Unknowns,
) -> Variables<'a> {
    let mut all = Variables::new(event, settings, files, unknowns, Elsewhere::Unset);
    let branch = event.branch().unwrap_or_default();
    let tag = event.tag().unwrap_or_default();
    let name = event_name(system, event.kind);
    let semver = semver::Version::parse(tag.trim_start_matches('v')).ok();
    let (owner, short) = match settings
        .repository
        .as_deref()
        .and_then(|r| r.split_once('/'))
    {
        Some((owner, short)) => (Some(owner), Some(short)),
        None => (settings.repository_owner.as_deref(), None),
    };
    let link = "it is the repository's";
    for prefix in ["DRONE", "CI"] {
        let mut set = |name: &str, text: &str| all.set_default(&format!("{prefix}_{name}"), text);
        set("COMMIT_SHA", &event.sha);
        set("COMMIT_REF", &event.reference);
        set("COMMIT_BRANCH", branch);
        set("BUILD_EVENT", name);
        set("PIPELINE_EVENT", name);
        set("REPO_DEFAULT_BRANCH", &event.default_branch);
        set("REPO_BRANCH", &event.default_branch);
        set("WORKFLOW_NAME", &pipeline.name);
        set("STAGE_NAME", &pipeline.name);
        if !tag.is_empty() {
            set("COMMIT_TAG", tag);
            set("TAG", tag);
        }
        if event.kind == Kind::PullRequest {
            let number = event.pull_request().unwrap_or("1");
            set("COMMIT_PULL_REQUEST", number);
            set("PULL_REQUEST", number);
            set("TARGET_BRANCH", branch);
            set("COMMIT_TARGET_BRANCH", branch);
        } else {
            set("SOURCE_BRANCH", branch);
            set("TARGET_BRANCH", branch);
        }
        if let (Some(owner), Some(short)) = (owner, short) {
            set("REPO", &format!("{owner}/{short}"));
        }
        if let Some(owner) = owner {
            set("REPO_OWNER", owner);
            set("REPO_NAMESPACE", owner);
        }
        if let Some(short) = short {
            set("REPO_NAME", short);
        }
        if let Some(version) = &semver {
            let pre = version.pre.as_str();
            set("SEMVER", &version.to_string());
            set(
                "SEMVER_SHORT",
                &format!("{}.{}.{}", version.major, version.minor, version.patch),
            );
            set("SEMVER_MAJOR", &version.major.to_string());
            set("SEMVER_MINOR", &version.minor.to_string());
            set("SEMVER_PATCH", &version.patch.to_string());
            set("SEMVER_PRERELEASE", pre);
            set("SEMVER_BUILD", version.build.as_str());
        }
        for name in [
            "REPO",
            "REPO_OWNER",
            "REPO_NAMESPACE",
            "REPO_NAME",
            "REPO_LINK",
            "REPO_URL",
        ] {
            all.set_unknown(&format!("{prefix}_{name}"), link);
        }
        for name in [
            "BUILD_NUMBER",
            "PIPELINE_NUMBER",
            "BUILD_CREATED",
            "BUILD_STARTED",
            "PIPELINE_CREATED",
            "PIPELINE_STARTED",
            "COMMIT_MESSAGE",
            "COMMIT_AUTHOR",
            "COMMIT_BEFORE",
            "SYSTEM_HOST",
        ] {
            all.set_unknown(&format!("{prefix}_{name}"), "it differs from run to run");
        }
        if event.kind == Kind::PullRequest {
            let reason = "it is the pull request's";
            for name in [
                "COMMIT_SOURCE_BRANCH",
                "SOURCE_BRANCH",
                "COMMIT_PULL_REQUEST_LABELS",
            ] {
                all.set_unknown(&format!("{prefix}_{name}"), reason);
            }
        }
    }
    all.set_default("DRONE_COMMIT", event.sha.as_str());
    all.set_default("DRONE_BRANCH", branch);
    all.set_default(
        "CI",
        if system == System::Drone {
            "true"
        } else {
            "woodpecker"
        },
    );
    all.set_default("DRONE", "true");
    all
}
