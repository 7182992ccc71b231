//! What the workflows under `fixtures/plans` would publish, as people see it.
//!
//! `TAGLINT_BLESS=1 cargo test --test plans` writes the expected outputs anew.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn plans_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans");
    let bless = std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for case in names {
        let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(["plan", "--color", "never"])
            .current_dir(&case)
            .env("LC_ALL", "C.UTF-8")
            .env_remove("COLUMNS")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(text, wanted, "{}", case.display());
    }
}
