//! Every image reference that people found by hand in real repositories, at its exact place, and
//! with the pin that its class means.
//!
//! The files lie outside the repository, in `../shared/corpus`; where that folder is absent (on a
//! user's machine), the test says so and passes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !path.is_dir() {
        eprintln!("the corpus is not on this machine, nothing run");
        return None;
    }
    Some(path)
}

/// Each reference whose file is here: the path below the corpus, and what is said of it.
fn truth(corpus: &std::path::Path) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(corpus.join("consumers-truth")).unwrap() {
        let json = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let truth: Value = serde_json::from_str(&json).unwrap();
        let folder = text(&truth, "repo").replace('/', "__");
        for reference in truth["refs"].as_array().unwrap() {
            let path = format!("{folder}/{}", text(reference, "file"));
            if corpus.join("consumers").join(&path).is_file() {
                all.push((path, reference.clone()));
            }
        }
    }
    all
}

/// The pins that a class of the truth may have. Templates are unresolved whatever their class; the
/// truth takes distributions and revisions for names of their own, and does not know channels with
/// other words than `latest`.
fn pins(class: &str) -> &'static [&'static str] {
    match class {
        "digest" => &["digest"],
        "latest" => &["channel", "unresolved"],
        "moving-name" => &["channel"],
        "untagged" => &["untagged", "unresolved"],
        "full-version" | "full-version-embedded" => &["version"],
        "partial-version" => &["partial", "date"],
        "date-tag" => &["date"],
        "sha-tag" => &["commit"],
        "other-named" => &["channel", "commit", "other", "version", "unresolved"],
        _ => &["unresolved"],
    }
}

#[test]
fn every_reference_is_found_at_its_place_with_its_pin() {
    let Some(corpus) = corpus() else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--no-ignore", "--list-images", "--format", "json"])
        .arg(corpus.join("consumers"))
        .output()
        .unwrap();
    let output: Value = serde_json::from_slice(&output.stdout).unwrap();
    let place = |path: &str, value: &Value| {
        let number = |key: &str| value[key].as_u64().unwrap_or_default();
        (path.to_owned(), number("line"), number("column"))
    };
    let mut found = HashMap::new();
    for image in output["images"].as_array().unwrap() {
        let path = text(image, "path").split("/consumers/").nth(1).unwrap();
        found.insert(place(path, image), text(image, "pin"));
    }
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, reference) in truth(&corpus) {
        let count = counts
            .entry(text(&reference, "kind").to_owned())
            .or_default();
        count.1 += 1;
        let place = place(&path, &reference);
        match found.get(&place) {
            Some(pin) if pins(text(&reference, "class")).contains(pin) => count.0 += 1,
            other => wrong.push(format!(
                "{place:?} {} {}: {other:?}",
                text(&reference, "raw"),
                text(&reference, "class")
            )),
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the truth calls fixed, and is none: the name of a branch or a distribution moves. Nothing
/// else that it calls fixed may be reported as floating.
#[test]
fn nothing_fixed_is_reported_as_floating() {
    const MOVES: &[&str] = &[
        ":alpine", ":apache", ":beta", ":master", ":nightly", ":rolling", ":xenial",
    ];
    let Some(corpus) = corpus() else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--no-ignore", "--format", "json"])
        .args(["--select", "floating-tag", "--select", "untagged-image"])
        .arg(corpus.join("consumers"))
        .output()
        .unwrap();
    let output: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut reported = HashMap::new();
    for finding in output["findings"].as_array().unwrap() {
        let path = text(finding, "path").split("/consumers/").nth(1).unwrap();
        let start = &finding["span"]["start"];
        let place = (
            path.to_owned(),
            start["line"].as_u64(),
            start["column"].as_u64(),
        );
        reported.insert(place, text(finding, "message"));
    }
    assert!(reported.len() > 100);
    for (path, reference) in truth(&corpus) {
        let place = (
            path,
            reference["line"].as_u64(),
            reference["column"].as_u64(),
        );
        let raw = text(&reference, "raw");
        if reference["floating"] == false && !MOVES.iter().any(|name| raw.ends_with(name)) {
            assert_eq!(reported.get(&place), None, "{raw}");
        }
    }
}
