//! Sample payloads: as much of an event's JSON as follows from the event itself.

use serde_json::{Map, Value as Json, json};

use super::event::Settings;

/// Parts that only some events have; an event of another kind lacks them for certain, and what it
/// may have besides these is unknown.
const PARTS: &[&str] = &[
    "pull_request",
    "release",
    "workflow_run",
    "inputs",
    "issue",
    "comment",
    "client_payload",
    "action",
];

/// The payload of a sample event.
pub(super) fn sample(
    settings: &Settings,
    event: &str,
    reference: &str,
    sha: &str,
    default_branch: &str,
) -> Json {
    let mut payload = Map::new();
    payload.insert("ref".to_owned(), json!(reference));
    payload.insert(
        "repository".to_owned(),
        repository(settings, default_branch),
    );
    let own = match event {
        "push" => push(reference, sha),
        "release" => release(reference, default_branch),
        "pull_request" | "pull_request_target" => pull_request(reference, sha, default_branch),
        "workflow_dispatch" => {
            let told = settings.inputs.iter();
            let told: Map<String, Json> = told.map(|(k, v)| (k.clone(), json!(v))).collect();
            json!({ "inputs": told })
        }
        "schedule" => json!({ "schedule": "0 0 * * *" }),
        "workflow_run" => json!({
            "action": "completed",
            "workflow_run": { "conclusion": "success", "event": "push",
                "head_branch": default_branch, "head_sha": sha },
        }),
        _ => json!({}),
    };
    if let Json::Object(own) = own {
        payload.extend(own);
    }
    if event != "repository_dispatch" {
        for part in PARTS {
            payload.entry(*part).or_insert(Json::Null);
        }
    }
    Json::Object(payload)
}

fn repository(settings: &Settings, default_branch: &str) -> Json {
    let mut repository = Map::new();
    repository.insert("default_branch".to_owned(), json!(default_branch));
    if let Some(full) = &settings.repository {
        let (owner, short) = full.split_once('/').unwrap_or(("", full));
        repository.insert("full_name".to_owned(), json!(full));
        repository.insert("name".to_owned(), json!(short));
        repository.insert("owner".to_owned(), json!({ "login": owner }));
    }
    Json::Object(repository)
}

fn push(reference: &str, sha: &str) -> Json {
    json!({
        "after": sha,
        "created": reference.starts_with("refs/tags/"),
        "deleted": false,
        "base_ref": null,
        "head_commit": { "id": sha },
    })
}

fn release(reference: &str, default_branch: &str) -> Json {
    let tag = reference.strip_prefix("refs/tags/").unwrap_or_default();
    json!({
        "action": "published",
        "release": { "tag_name": tag, "name": tag, "prerelease": is_prerelease(tag),
            "draft": false, "target_commitish": default_branch },
    })
}

fn pull_request(reference: &str, sha: &str, default_branch: &str) -> Json {
    let number = reference
        .strip_prefix("refs/pull/")
        .and_then(|rest| rest.split('/').next()?.parse::<u64>().ok())
        .unwrap_or(1);
    json!({
        "action": "synchronize",
        "number": number,
        "pull_request": { "number": number, "draft": false, "merged": false,
            "head": { "ref": "feature", "sha": sha }, "base": { "ref": default_branch } },
    })
}

/// A version says that it is a pre-release by a part after its numbers.
fn is_prerelease(tag: &str) -> bool {
    let version = tag.trim_start_matches(|c: char| !c.is_ascii_digit());
    semver::Version::parse(version).is_ok_and(|version| !version.pre.is_empty())
}
