//! taglint keeps its own rules: this repository is clean, and its release publishes what the scheme
//! promises; what it ships to other tools is well-formed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn taglint(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
    command.args(arguments).current_dir(root());
    command.env("LC_ALL", "C.UTF-8").output().unwrap()
}

/// Whether a tool is there; its absence is a fault where tools are required.
fn has(tool: &str) -> bool {
    let mut asked = Command::new(tool);
    asked
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let found = asked.status().is_ok_and(|status| status.success());
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|given| given == value);
    let required = set("CI", "true") || set("TAGLINT_REQUIRE_TOOLS", "1");
    assert!(
        found || !required,
        "{tool} is missing: run scripts/install-test-tools"
    );
    if !found {
        println!("skipped: there is no {tool} here; scripts/install-test-tools brings it");
    }
    found
}

#[test]
fn this_repository_is_clean() {
    let output = taglint(&["check", ".", "--fail-on", "info"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains(" 0 tags planned"), "{text}");
}

#[test]
fn a_release_publishes_both_variants_each_with_its_own_latest() {
    let plan = |reference: &str| {
        let arguments = [
            "plan",
            ".github",
            "--event",
            "release",
            "--ref",
            reference,
            "--repository",
            "acme/taglint",
            "--format",
            "json",
        ];
        let output: Value = serde_json::from_slice(&taglint(&arguments).stdout).unwrap();
        let plans = output["plans"].as_array().unwrap();
        let publications = plans
            .iter()
            .flat_map(|plan| plan["publications"].as_array().unwrap());
        let mut tags: Vec<String> = publications
            .map(|publication| {
                assert_eq!(publication["image"], "ghcr.io/acme/taglint");
                assert_eq!(publication["certain"], true);
                let build = &publication["build"];
                let word = |value: &Value| value.as_str().unwrap().to_owned();
                format!(
                    "{} from {}",
                    word(&publication["tag"]),
                    word(&build["target"])
                )
            })
            .collect();
        tags.sort();
        tags
    };
    assert_eq!(
        plan("refs/tags/v2.0.1"),
        [
            "2.0.1 from full",
            "2.0.1-slim from slim",
            "latest from full",
            "latest-slim from slim"
        ]
    );
    assert_eq!(
        plan("refs/tags/v2.1.0-rc.1"),
        ["2.1.0-rc.1 from full", "2.1.0-rc.1-slim from slim"]
    );
}

#[test]
fn completions_are_accepted_by_their_shells() {
    let folder = std::env::temp_dir().join(format!("taglint-shells-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = taglint(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            script.contains("check") && script.contains("taglint"),
            "{shell}"
        );
        if !["bash", "zsh", "fish"].contains(&shell) || !has(shell) {
            continue;
        }
        let file = folder.join(shell);
        std::fs::write(&file, script).unwrap();
        let checked = Command::new(shell).arg("-n").arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(
            checked.status.success() && said.is_empty(),
            "{shell}: {said}"
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = std::env::temp_dir().join(format!("taglint-man-{}", std::process::id()));
    assert_eq!(
        taglint(&["man", folder.to_str().unwrap()]).status.code(),
        Some(0)
    );
    for page in [
        "taglint",
        "taglint-check",
        "taglint-plan",
        "taglint-explain",
    ] {
        let text = std::fs::read_to_string(folder.join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
