//! Fixes of spoilt files: what one run of `--fix` leaves, another leaves as it is, and finds nothing
//! in it that it would mend.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::chance::Chance;
use crate::say;

/// How many spoilt copies of each fixture are mended.
const COPIES: usize = 4;

/// The fixtures' folders with all that lies in them.
fn fixtures() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = |of: PathBuf| {
        std::fs::read_dir(of)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    let rules = folders(root.join("rules")).map(|rule| rule.join("bad"));
    let mut all: Vec<_> = folders(root.join("fixes")).chain(rules).collect();
    all.sort();
    all
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let inside = entry.path().strip_prefix(folder).unwrap().to_owned();
            (inside, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// A text with some of its lines gone, doubled, commented on, or ended as on Windows.
fn spoilt(text: &str, chance: &mut Chance) -> String {
    let windows = chance.one_in(3);
    let mut out = String::new();
    for line in text.lines() {
        let copies = match chance.below(40) {
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for _ in 0..copies {
            out.push_str(line);
            out.push_str(chance.pick(&["", "", "", "", "", "", " ", " # ä"]));
            out.push_str(if windows { "\r\n" } else { "\n" });
        }
    }
    out
}

fn check(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .arg("check")
        .args(arguments)
        .args(["--unsafe-fixes", "--quiet"])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{}: {said}", folder.display());
    output.stdout
}

/// How many findings have an edit to mend them.
fn mendable(folder: &Path) -> usize {
    let output = check(folder, &["--format", "json"]);
    // A spoilt policy is refused, and nothing is found then.
    let Ok(json) = serde_json::from_slice::<Value>(&output) else {
        return 0;
    };
    let findings = json["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["fix"].is_object())
        .count()
}

#[test]
fn a_second_run_of_fix_changes_nothing() {
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("properties-fixes");
    let mut chance = Chance::new();
    let (mut looked, mut found, mut left, mut changed) = (0, 0, Vec::new(), 0);
    for fixture in fixtures() {
        let originals = files(&fixture);
        for copy in 0..COPIES {
            let _ = std::fs::remove_dir_all(&scratch);
            for (path, bytes) in &originals {
                let to = scratch.join(path);
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                let text = String::from_utf8_lossy(bytes);
                std::fs::write(to, spoilt(&text, &mut chance)).unwrap();
            }
            looked += 1;
            let before = mendable(&scratch);
            if before == 0 {
                continue;
            }
            found += before;
            let spoilt = files(&scratch);
            check(&scratch, &["--fix"]);
            let once = files(&scratch);
            changed += usize::from(once != spoilt);
            let rest = mendable(&scratch);
            check(&scratch, &["--fix"]);
            let name = format!("copy {copy} of {}", fixture.display());
            if files(&scratch) != once {
                left.push(format!("{name}: a second run changes something"));
            } else if rest > 0 {
                left.push(format!(
                    "{name}: {rest} of {before} findings with a fix are left"
                ));
            }
        }
    }
    say(&format!(
        "fixes: {looked} spoilt folders, {found} findings with a fix, {changed} folders mended"
    ));
    assert!(changed > 20, "{changed}");
    assert!(left.is_empty(), "{left:#?}");
}
