//! Policies at work: each case under `fixtures/policy` is a repository, with what `check` says of it
//! and the exit status beside it. Further arguments stand in `arguments.txt`, a line each.
//!
//! `TAGLINT_BLESS=1 cargo test --test policy` writes the expected outputs anew.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use taglint::rules::RULES;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn taglint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

#[test]
fn repositories_are_checked_as_their_policies_say() {
    let bless = std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1");
    let folder = root().join("fixtures/policy");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() > 10);
    let mut failed = Vec::new();
    for case in cases {
        let more = std::fs::read_to_string(case.join("arguments.txt")).unwrap_or_default();
        let mut arguments = vec![
            "check",
            "--quiet",
            "--color",
            "never",
            "--today",
            "2026-11-24",
        ];
        arguments.extend(more.lines());
        let output = taglint(&case, &arguments);
        let text = format!(
            "{}{}exit status {}\n",
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
            output.status.code().unwrap()
        );
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        if text != wanted {
            failed.push(format!("{}:\n{text}", case.display()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The schema names all rules, so that editors propose them.
#[test]
fn the_schema_knows_every_rule() {
    let path = root().join("schemas/policy.schema.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    let wanted: Value = names.into();
    let known = &mut schema["definitions"]["rule"]["enum"];
    if std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1") && *known != wanted {
        *known = wanted.clone();
        let mut text = serde_json::to_string_pretty(&schema).unwrap();
        text.push('\n');
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(
        *known, wanted,
        "run `TAGLINT_BLESS=1 cargo test --test policy`"
    );
}
