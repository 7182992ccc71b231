//! `taglint init`: what it writes is a valid policy that fits what is published, and it writes nothing
//! over.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn taglint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let inside = entry.path().strip_prefix(from).unwrap();
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(to.join(inside)).unwrap();
        } else if entry.file_type().is_file() {
            std::fs::copy(entry.path(), to.join(inside)).unwrap();
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    rule: String,
    level: String,
    path: String,
    offset: u64,
    message: String,
}

/// The findings of a folder.
fn findings(folder: &Path) -> BTreeSet<Found> {
    let output = taglint(folder, &["check", "--quiet", "--format", "json"]);
    assert_ne!(
        output.status.code(),
        Some(2),
        "{}: {}{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout)
    );
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = json["findings"].as_array().unwrap().iter();
    found
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            Found {
                rule: text("rule"),
                level: text("level"),
                path: text("path"),
                offset: one["span"]["start"]["offset"].as_u64().unwrap(),
                message: text("message"),
            }
        })
        .collect()
}

#[test]
fn what_is_seen_is_written() {
    let folder = scratch("init-variants");
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    copy(&own.join("fixtures/policy/scheme-channels"), &folder);
    std::fs::remove_file(folder.join("taglint.yaml")).unwrap();
    std::fs::remove_file(folder.join("expected.txt")).unwrap();
    let output = taglint(&folder, &["init"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("with 1 scheme; `taglint check` finds"),
        "{said}"
    );
    let text = std::fs::read_to_string(folder.join("taglint.yaml")).unwrap();
    for line in [
        "  - image: acme/app\n",
        "      base: \"\"\n",
        "      slim: { suffix: \"-slim\", target: slim }",
        "      cuda: { prefix: cuda-, target: cuda }\n",
        "      latest: { pattern: \"{variant}\" }\n",
        "      stable: { pattern: \"stable-{variant}\" }\n",
        "    versions: [\"{version}\"]\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    // What is there is not written over, and nothing but the policy was written.
    let again = taglint(&folder, &["init"]);
    assert_eq!(again.status.code(), Some(2));
    let kept = std::fs::read_to_string(folder.join("taglint.yaml")).unwrap();
    assert_eq!(kept, text);
    assert!(taglint(&folder, &["init", "--force"]).status.success());
    let shown = taglint(&folder, &["init", "--output", "-"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap(), text);
}

#[test]
fn a_repository_without_images_gets_a_policy_too() {
    let folder = scratch("init-empty");
    let output = taglint(&folder, &["init"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("clean under it"), "{said}");
    assert!(findings(&folder).is_empty());
}

/// Over real repositories: the policy is valid, nothing that is published is unknown to it, and the
/// summary says what `check` finds.
#[test]
fn what_is_published_fits_what_is_written() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/labelled");
    if !corpus.is_dir() {
        eprintln!("{} is not here: nothing is compared", corpus.display());
        return;
    }
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    let mut strange = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let folder = scratch(&format!("init-{}", name.replace('@', "-")));
        copy(case, &folder);
        let before = findings(&folder);
        let output = taglint(&folder, &["init"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{name}: {said}");
        let after = findings(&folder);
        let of = |level: &str| after.iter().filter(|one| one.level == level).count();
        let (errors, warnings) = (of("error"), of("warning"));
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let told = match errors + warnings {
            0 => "is clean under it".to_owned(),
            _ => format!(
                "finds {errors} error{} and {warnings} warning{} under it",
                plural(errors),
                plural(warnings)
            ),
        };
        assert!(said.contains(&told), "{name}: {said}, and not: {told}");
        let doubted = ["undeclared-variant", "malformed-tag", "invalid-policy"];
        let new = after.difference(&before);
        let new = new.filter(|one| doubted.contains(&one.rule.as_str()));
        strange.extend(new.map(|one| (name.clone(), one.clone())));
    }
    assert!(cases.len() > 20);
    assert!(strange.is_empty(), "{strange:#?}");
}
