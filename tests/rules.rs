//! Each rule has a case that it reports and a twin that shows it mended; the output that people
//! see stands beside the bad case in `expected.txt`.
//!
//! `TAGLINT_BLESS=1 cargo test --test rules` writes the expected outputs anew.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use taglint::rules::{Family, RULES, Rule};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

/// The rule's command over its case: files of a repository, or what a registry shows.
fn check(rule: &Rule, folder: &Path, format: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
    match rule.family {
        Family::Registry => command.args(["audit", "--from", "registry.json"]),
        _ => command.arg("check"),
    };
    if folder.join("before.json").exists() {
        command.args(["--since", "before.json"]);
    }
    command
        .args(["--quiet", "--color", "never", "--format", format])
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

fn findings(rule: &Rule, folder: &Path) -> Vec<(String, String)> {
    let output = check(rule, folder, "json");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = json["findings"].as_array().unwrap().iter();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    list.map(|finding| (text(finding, "rule"), text(finding, "level")))
        .collect()
}

#[test]
fn every_rule_reports_its_bad_case_and_no_rule_the_good_one() {
    for rule in RULES {
        let case = folder().join(rule.name);
        assert!(case.is_dir(), "{} has no fixture", rule.name);
        let bad = findings(rule, &case.join("bad"));
        assert!(
            bad.iter().any(|(name, _)| name == rule.name),
            "{} does not report its bad case: {bad:?}",
            rule.name
        );
        let good = findings(rule, &case.join("good"));
        // What is worth knowing about any release (`backport-moves-latest`) may be said there too.
        assert!(
            good.iter()
                .all(|(name, level)| name != rule.name && level == "info"),
            "{}: the good case is reported: {good:?}",
            rule.name
        );
    }
}

#[test]
fn people_see_the_expected_text() {
    let bless = std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1");
    for rule in RULES {
        let case = folder().join(rule.name);
        let output = check(rule, &case.join("bad"), "human");
        let text = String::from_utf8(output.stdout).unwrap();
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap();
        assert_eq!(text, wanted, "{}", rule.name);
    }
}

#[test]
fn no_fixture_is_without_its_rule() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name();
        let name = name.to_string_lossy();
        assert!(
            RULES.iter().any(|rule| rule.name == name),
            "{name} is no rule"
        );
    }
}

#[test]
fn every_rule_has_a_page_with_all_parts() {
    for rule in RULES {
        for part in ["What it does", "Why it matters", "Example", "Use instead"] {
            assert!(
                rule.docs.contains(&format!("## {part}")),
                "{}: {part}",
                rule.name
            );
        }
        assert!(rule.summary().starts_with("Reports "), "{}", rule.name);
    }
}

#[test]
fn the_pages_in_docs_are_those_of_the_rules() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for rule in RULES {
        let page = std::fs::read_to_string(docs.join(format!("{}.md", rule.name)));
        let page = page.unwrap_or_default();
        assert!(
            page == taglint::report::rule_page(rule),
            "{}: run `cargo run -- rules --write-docs docs/rules`",
            rule.name
        );
    }
}
