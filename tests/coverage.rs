//! No publishing step of real CI files is passed over, and `docs/coverage.md` has the figures.
//!
//! The files lie outside the repository, in `../shared/corpus`; where that folder is absent (on a
//! user's machine), the test says so and passes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

#[test]
fn no_publishing_step_is_passed_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("../shared/corpus/publish");
    if !corpus.is_dir() {
        eprintln!("the corpus is not on this machine, nothing counted");
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["plan", "--quiet", "--format", "coverage"])
        .arg(&corpus)
        .output()
        .unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let last = table.lines().last().unwrap();
    let cells: Vec<&str> = last.split('|').map(str::trim).collect();
    let steps: usize = cells.get(2).unwrap().parse().unwrap();
    assert!(steps > 250, "{last}");
    assert_eq!(cells.get(8), Some(&""), "steps are passed over: {last}");
    let page = std::fs::read_to_string(root.join("docs/coverage.md")).unwrap();
    assert!(
        page.contains(&table),
        "run `scripts/coverage ../shared/corpus/publish`:\n{table}"
    );
}
