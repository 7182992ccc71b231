//! The inputs of docker/metadata-action: images, tags and flavor, parted by a byte 0xff.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use taglint::eval::metadata::{Context, Inputs, Payload, evaluate};
use taglint::eval::unknown::Unknowns;

fuzz_target!(|data: &[u8]| {
    let parts = taglint_fuzz::texts(data);
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let unknowns = Unknowns::default();
    let payload = json!({ "repository": { "default_branch": "main" } });
    for (event_name, reference) in [
        ("push", "refs/heads/main"),
        ("push", "refs/tags/v1.2.3"),
        ("pull_request", "refs/pull/2/merge"),
        ("schedule", "refs/heads/main"),
    ] {
        let context = Context {
            event_name,
            reference,
            sha: "abcdef1000000000000000000000000000000000",
            payload: Payload { json: &payload, complete: false },
            default_branch: "main",
            now: None,
            commit_time: None,
            environment: &|_| None,
            unknowns: &unknowns,
        };
        let inputs = Inputs {
            images: part(0),
            tags: part(1),
            flavor: part(2),
            labels: part(3),
            sep_tags: parts.get(4).copied(),
            ..Inputs::default()
        };
        let once = evaluate(&inputs, &context).map(|found| format!("{found:?}"));
        let twice = evaluate(&inputs, &context).map(|found| format!("{found:?}"));
        assert_eq!(once.map_err(|error| error.to_string()), twice.map_err(|error| error.to_string()));
    }
});
