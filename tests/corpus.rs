//! A run over all of the real files: nothing panics, and everything is accounted for.
//!
//! The files lie outside the repository, in `../shared/corpus`; where that folder is absent (on a
//! user's machine), the test says so and passes.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

/// Writes a line past the test runner's capture: figures are worth seeing when all is well.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn corpus() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !path.is_dir() {
        eprintln!("the corpus is not on this machine, nothing run");
        return None;
    }
    Some(path)
}

fn run(arguments: &[&str]) -> Option<Value> {
    let corpus = corpus()?;
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .args(["--no-ignore", "--format", "json"])
        .arg(corpus)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    say(&format!("{arguments:?}: {:?}", started.elapsed()));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn the_whole_corpus_is_checked() {
    let Some(output) = run(&["check", "--list-images"]) else {
        return;
    };
    say(&output["summary"].to_string());
    assert!(output["summary"]["files"].as_u64().unwrap() > 2_000);
    assert!(output["summary"]["images"].as_u64().unwrap() > 1_300);
    assert!(output["summary"]["publications"].as_u64().unwrap() > 500);
}

#[test]
fn the_whole_corpus_is_planned() {
    let Some(output) = run(&["plan"]) else { return };
    let plans = output["plans"].as_array().unwrap();
    let count = |key: &str| {
        plans
            .iter()
            .map(|plan| plan[key].as_array().unwrap().len())
            .sum::<usize>()
    };
    say(&format!(
        "{} publications, {} unknowns",
        count("publications"),
        count("unknowns")
    ));
    assert!(count("publications") > 1_000);
}

/// The image references that the hand-made truth names in compose files and Kubernetes objects.
#[test]
fn image_uses_are_found_where_the_truth_has_them() {
    let Some(corpus) = corpus() else { return };
    let Some(output) = run(&["check", "--list-images"]) else {
        return;
    };
    let mut found = std::collections::HashSet::new();
    for image in output["images"].as_array().unwrap() {
        let path = image["path"].as_str().unwrap();
        let inside = path.split("/consumers/").nth(1).unwrap_or_default();
        found.insert((inside.to_owned(), image["line"].as_u64().unwrap()));
    }
    let (mut total, mut hit) = (0, 0);
    for entry in std::fs::read_dir(corpus.join("consumers-truth")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let truth: Value = serde_json::from_str(&text).unwrap();
        let folder = truth["repo"].as_str().unwrap().replace('/', "__");
        for reference in truth["refs"].as_array().unwrap() {
            let file = reference["file"].as_str().unwrap();
            let path = format!("{folder}/{file}");
            let kind = reference["kind"].as_str().unwrap();
            let here = corpus.join("consumers").join(&path).is_file();
            if !here || !matches!(kind, "compose" | "k8s" | "k8s-crd") {
                continue;
            }
            total += 1;
            hit += usize::from(found.contains(&(path, reference["line"].as_u64().unwrap())));
        }
    }
    say(&format!(
        "{hit} of {total} references of compose files and Kubernetes objects found"
    ));
    assert_eq!(hit, total);
}
