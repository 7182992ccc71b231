//! docker/metadata-action against what it came to when it was run, and against its own tests.

use serde_json::{Value, json};
use taglint::eval::metadata::{Context, Inputs, Metadata, MetadataError, Payload, evaluate};
use taglint::eval::unknown::{Unknowns, is_known};

use super::vectors::{Tally, find, json};

/// A run of the action: its inputs, and the event with its surroundings.
#[derive(Default)]
struct Run {
    images: String,
    tags: String,
    flavor: String,
    sep_tags: Option<String>,
    bake_target: Option<String>,
    event: String,
    reference: String,
    sha: String,
    payload: Value,
    default_branch: String,
    now: String,
    commit_time: String,
    environment: Vec<(String, String)>,
}

impl Run {
    fn evaluate(&self, unknowns: &Unknowns) -> Result<Metadata, MetadataError> {
        let environment = |name: &str| {
            let found = self.environment.iter().find(|(other, _)| other == name);
            found.map(|(_, value)| value.clone())
        };
        let inputs = Inputs {
            images: &self.images,
            tags: &self.tags,
            flavor: &self.flavor,
            sep_tags: self.sep_tags.as_deref(),
            bake_target: self.bake_target.as_deref(),
            ..Inputs::default()
        };
        let context = Context {
            event_name: &self.event,
            reference: &self.reference,
            sha: &self.sha,
            payload: Payload {
                json: &self.payload,
                complete: true,
            },
            default_branch: &self.default_branch,
            now: self.now.parse().ok(),
            commit_time: self.commit_time.parse().ok(),
            environment: &environment,
            unknowns,
        };
        evaluate(&inputs, &context)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn names(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn references(metadata: &Metadata) -> Vec<String> {
    let references = metadata.references();
    assert!(references.iter().all(|r| r.certain && is_known(&r.name)));
    references.into_iter().map(|r| r.name).collect()
}

#[test]
fn runs_of_the_action() {
    let Some(path) = find("metadata-action.jsonl") else {
        return;
    };
    let lines = std::fs::read_to_string(path).expect("vectors can be read");
    let mut tally = Tally::default();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("vectors are JSON");
        let (event, inputs, expected) = (&case["event"], &case["inputs"], &case["expected"]);
        let run = Run {
            images: text(&inputs["images"]),
            tags: text(&inputs["tags"]),
            flavor: text(&inputs["flavor"]),
            event: text(&event["name"]),
            reference: text(&event["ref"]),
            sha: text(&event["sha"]),
            payload: event["payload"].clone(),
            default_branch: text(&case["default_branch"]),
            now: text(&case["time"]),
            commit_time: text(&case["commit_time"]),
            ..Run::default()
        };
        let unknowns = Unknowns::default();
        let got = run.evaluate(&unknowns);
        let agrees = match &got {
            Err(_) => expected.get("error").is_some(),
            Ok(metadata) => {
                expected.get("error").is_none()
                    && metadata.version == text(&expected["version"])
                    && references(metadata) == names(&expected["tags"])
            }
        };
        tally.case(agrees, || {
            format!("{}: {inputs} gives {got:?}, not {expected}", case["name"])
        });
    }
    tally.finish("metadata-action.jsonl");
}

#[test]
fn systematic_runs_of_the_action() {
    let Some(vectors) = json("metadata-action-systematic.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in vectors["vectors"].as_array().expect("a list of cases") {
        let (event, inputs, expected) = (&case["github"], &case["inputs"], &case["expected"]);
        let environment = case["env"].as_object().into_iter().flatten();
        let option = |name: &str| inputs.get(name).map(text);
        let run = Run {
            images: text(&inputs["images"]),
            tags: text(&inputs["tags"]),
            flavor: text(&inputs["flavor"]),
            sep_tags: option("sep-tags"),
            bake_target: option("bake-target"),
            event: text(&event["event_name"]),
            reference: text(&event["ref"]),
            sha: text(&event["sha"]),
            payload: event["payload"].clone(),
            default_branch: text(&case["repo"]["default_branch"]),
            now: text(&case["now"]),
            commit_time: text(&case["commit_date_api"]),
            environment: environment
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
        };
        let unknowns = Unknowns::default();
        let got = run.evaluate(&unknowns);
        let agrees = match &got {
            Err(_) => expected.get("error").is_some(),
            Ok(metadata) => expected.get("error").is_none() && same(metadata, &unknowns, expected),
        };
        tally.case(agrees, || {
            format!(
                "{}: {inputs} at {event} gives {got:?}, not {expected}",
                case["name"]
            )
        });
    }
    tally.finish("metadata-action-systematic.json");
}

fn same(metadata: &Metadata, unknowns: &Unknowns, expected: &Value) -> bool {
    let mut tag_names: Vec<&str> = metadata.tags.iter().map(|tag| tag.name.as_str()).collect();
    let version = &expected["version"];
    let wanted = names(&expected["tag_names"]);
    let outputs = json!({
        "version": metadata.version,
        "tags": metadata.tags_output(unknowns),
        "tag-names": metadata.tag_names_output(unknowns),
    });
    let mut agrees = tag_names == wanted
        && references(metadata) == names(&expected["tags"])
        && outputs == expected["outputs"]
        && metadata.bake_file_tags(unknowns) == expected["bake"]
        && metadata.warnings.len() == names(&expected["warnings"]).len()
        && metadata.version == text(&version["main"]);
    if !wanted.is_empty() {
        if version["latest"] == true {
            tag_names.pop();
        }
        agrees &= tag_names.get(1..).unwrap_or_default() == names(&version["partial"]);
    }
    agrees
}

/// A list whose lines come out of the first reading of an input as they are here.
fn quoted(lines: &Value) -> String {
    let quote = |line: String| format!("\"{}\"", line.replace('"', "\"\""));
    let lines: Vec<String> = names(lines).into_iter().map(quote).collect();
    lines.join("\n")
}

#[test]
fn own_tests_of_the_action() {
    let Some(vectors) = json("metadata-action-own-tests.json") else {
        return;
    };
    let mut tally = Tally::default();
    let mut seen = Vec::new();
    for case in vectors["cases"].as_array().expect("a list of cases") {
        let (name, event, reference) = (
            text(&case["name"]),
            text(&case["event"]),
            text(&case["ref"]),
        );
        // What the fixtures' events hold beside the reference; the vectors leave it out.
        let mut payload = json!({ "repository": { "default_branch": "master" } });
        if event.starts_with("pull_request") {
            payload["number"] = json!(15);
            payload["pull_request"] = json!({
                "base": { "ref": "master" },
                "head": { "sha": "3370e228f2209994d57af4427fe64e71bb79ac96" },
            });
        } else if event == "push" && reference.starts_with("refs/tags/") {
            payload["base_ref"] = json!("refs/heads/master");
        }
        // The pull request tests stand there twice: the second time the environment asks for the
        // commit at the head.
        let again = name.starts_with("pr") && seen.contains(&name);
        let environment = [("DOCKER_METADATA_PR_HEAD_SHA".to_owned(), again.to_string())];
        seen.push(name.clone());
        let run = Run {
            images: quoted(&case["images"]),
            tags: quoted(&case["tags"]),
            flavor: quoted(&case["flavor"]),
            event,
            reference,
            sha: text(&case["sha"]),
            payload,
            default_branch: "master".to_owned(),
            now: "2020-01-10T00:30:00Z".to_owned(),
            commit_time: "2020-01-10T00:30:00Z".to_owned(),
            environment: environment.into(),
            ..Run::default()
        };
        let got = run.evaluate(&Unknowns::default());
        // Where the tests compute what they expect, the vectors hold the version or the tags only,
        // or, if those are times, neither.
        let (version, tags) = (text(&case["expected_main"]), names(&case["expected_tags"]));
        let neither = version.is_empty() && tags.is_empty();
        if neither && case["tags"].to_string().contains("{{commit_date") {
            continue;
        }
        let agrees = got.as_ref().is_ok_and(|metadata| {
            (metadata.version == version || (version.is_empty() && !tags.is_empty()))
                && (references(metadata) == tags || (tags.is_empty() && !version.is_empty()))
        });
        tally.case(agrees, || format!("{name}: {case} gives {got:?}"));
    }
    tally.finish("metadata-action-own-tests.json");
}
