//! What compose projects under `fixtures/compose` run: each image at its place, and what is found
//! about it, with the places that the finding names besides.
//!
//! `TAGLINT_BLESS=1 cargo test --test compose` writes the expected outputs anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn field<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("-")
}

#[test]
fn images_are_judged_in_their_projects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/compose");
    let bless = std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(["check", "--list-images", "--format", "json"])
            .current_dir(&case)
            .output()
            .unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut text = String::new();
        for image in json["images"].as_array().unwrap() {
            let (path, line) = (field(image, "path"), &image["line"]);
            let pin = field(image, "pin");
            let _ = writeln!(text, "{path}:{line} {pin} {}", field(image, "resolved"));
        }
        for finding in json["findings"].as_array().unwrap() {
            let (level, rule) = (field(finding, "level"), field(finding, "rule"));
            let line = &finding["span"]["start"]["line"];
            let _ = write!(text, "{level}[{rule}] {}:{line}", field(finding, "path"));
            for related in finding["related"].as_array().unwrap() {
                let line = &related["span"]["start"]["line"];
                let _ = write!(text, ", see {}:{line}", field(related, "path"));
            }
            text.push('\n');
        }
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(text, wanted, "{}", case.display());
    }
}
