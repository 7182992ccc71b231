//! What the manifests under `fixtures/manifests` run: each image at its place, with what it comes
//! to by itself; and behind the images what is found, with what other files make of them.
//!
//! `TAGLINT_BLESS=1 cargo test --test manifests` writes the expected outputs anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

#[test]
fn images_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manifests");
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
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut text = String::new();
        for image in json["images"].as_array().unwrap() {
            let field = |key: &str| image[key].as_str().unwrap_or("-").to_owned();
            let _ = writeln!(
                text,
                "{}:{}:{} {} {} {} {}\n    {}",
                field("path"),
                image["line"],
                image["column"],
                field("kind"),
                field("environment"),
                field("pin"),
                field("written"),
                field("resolved"),
            );
        }
        for finding in json["findings"].as_array().unwrap() {
            let start = &finding["span"]["start"];
            let _ = writeln!(
                text,
                "{}[{}] {}:{}:{} {}",
                finding["level"].as_str().unwrap(),
                finding["rule"].as_str().unwrap(),
                finding["path"].as_str().unwrap(),
                start["line"],
                start["column"],
                finding["message"].as_str().unwrap(),
            );
        }
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(text, wanted, "{}", case.display());
    }
}
