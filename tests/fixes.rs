//! `check --fix` and `--diff`: what each fix writes, that it mends what it says, and, over real files,
//! that nothing else changes.
//!
//! `TAGLINT_BLESS=1 cargo test --test fixes` writes the expected diffs anew.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use taglint::yaml::Yaml;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn taglint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .args(["--color", "never"])
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
            // Written anew, since a copy would be as read-only as its original.
            std::fs::write(to.join(inside), std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn texts(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let inside = entry.path().strip_prefix(folder).unwrap().to_owned();
            (inside, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Each case under `fixtures/fixes`: the safe fixes, the unsafe ones, and what is left.
#[test]
fn fixes_write_what_is_expected() {
    let bless = std::env::var("TAGLINT_BLESS").is_ok_and(|value| value == "1");
    let mut cases: Vec<_> = std::fs::read_dir(root().join("fixtures/fixes"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 7);
    let mut failed = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let folder = scratch(&format!("fixes-{name}"));
        copy(&case, &folder);
        let _ = std::fs::remove_file(folder.join("expected.txt"));
        let before = texts(&folder);
        let mut text = String::new();
        for arguments in [&["--diff"][..], &["--diff", "--unsafe-fixes"]] {
            let output = taglint(
                &folder,
                &[&["check", "--fail-on", "info"], arguments].concat(),
            );
            text.push_str(&format!(
                "$ taglint check {}\n{}{}exit status {}\n\n",
                arguments.join(" "),
                String::from_utf8(output.stdout).unwrap(),
                String::from_utf8(output.stderr).unwrap(),
                output.status.code().unwrap()
            ));
        }
        assert_eq!(
            texts(&folder),
            before,
            "{name}: --diff has written something"
        );
        let output = taglint(
            &folder,
            &["check", "--fix", "--unsafe-fixes", "--format", "concise"],
        );
        text.push_str(&format!(
            "$ taglint check --fix --unsafe-fixes --format concise\n{}{}",
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        ));
        let after = texts(&folder);
        taglint(&folder, &["check", "--fix", "--unsafe-fixes"]);
        assert_eq!(
            texts(&folder),
            after,
            "{name}: a second run changes something"
        );
        let expected = case.join("expected.txt");
        if bless {
            std::fs::write(&expected, &text).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        if wanted != text {
            failed.push(format!("{name}:\n{text}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A folder that cannot be written to keeps its files, and the run says so.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_survives() {
    use std::os::unix::fs::PermissionsExt;
    let folder = scratch("fixes-read-only");
    copy(&root().join("fixtures/fixes/typos"), &folder);
    let prod = folder.join("prod");
    let before = texts(&folder);
    std::fs::set_permissions(&prod, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Root writes wherever it likes.
    let writable = std::fs::write(prod.join("probe"), "").is_ok();
    let output = taglint(&folder, &["check", "--fix"]);
    std::fs::set_permissions(&prod, std::fs::Permissions::from_mode(0o755)).unwrap();
    if writable {
        eprintln!("run by root, which a read-only folder does not stop");
        return;
    }
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(texts(&folder), before);
}

/// Over the corpus: every file is the same tree apart from scalars that a finding's edit names, and
/// a second run changes nothing.
#[test]
fn nothing_else_changes_in_real_files() {
    let corpus = root().join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("{} is not here: nothing is compared", corpus.display());
        return;
    }
    let (mut files, mut changed, mut scalars) = (0, 0, 0);
    for part in ["consumers", "labelled", "nanomq"] {
        let folder = scratch(&format!("fixes-corpus-{part}"));
        copy(&corpus.join(part), &folder);
        let before = texts(&folder);
        let looked = taglint(
            &folder,
            &["check", "--format", "json", "--quiet", "--no-ignore"],
        );
        let json: Value = serde_json::from_slice(&looked.stdout).unwrap();
        let mut edits: BTreeMap<PathBuf, Vec<(usize, usize)>> = BTreeMap::new();
        for finding in json["findings"].as_array().unwrap() {
            let all = finding["fix"]["edits"].as_array().into_iter().flatten();
            for edit in all {
                let number = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
                let path = PathBuf::from(edit["path"].as_str().unwrap());
                edits
                    .entry(path)
                    .or_default()
                    .push((number("start"), number("end")));
            }
        }
        let arguments = ["check", "--fix", "--unsafe-fixes", "--quiet", "--no-ignore"];
        let output = taglint(&folder, &arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        let after = texts(&folder);
        assert_eq!(before.len(), after.len(), "{part}");
        files += before.len();
        for (path, old) in &before {
            let new = &after[path];
            if old == new {
                continue;
            }
            changed += 1;
            let none = Vec::new();
            let known = edits.get(path).unwrap_or(&none);
            assert!(
                !known.is_empty(),
                "{part}/{}: no finding says so",
                path.display()
            );
            scalars += compare(path, old, new, known);
        }
        taglint(&folder, &arguments);
        assert_eq!(
            texts(&folder),
            after,
            "{part}: a second run changes something"
        );
    }
    println!("{files} files, {changed} changed by fixes, in {scalars} scalars");
    assert!(files > 2000 && changed > 10, "{changed} of {files} files");
}

/// Compares two texts as trees; how many scalars differ, each of which an edit has to touch.
fn compare(path: &Path, old: &[u8], new: &[u8], edits: &[(usize, usize)]) -> usize {
    let (old, new) = (
        std::str::from_utf8(old).unwrap(),
        std::str::from_utf8(new).unwrap(),
    );
    let (a, b) = (Yaml::parse(old), Yaml::parse(new));
    assert_eq!(a.errors().len(), b.errors().len(), "{}", path.display());
    let scalars = |yaml: &Yaml<'_>| {
        yaml.scalars()
            .map(|(_, scalar)| (scalar.text.to_owned(), scalar.span))
            .collect::<Vec<_>>()
    };
    let (a, b) = (scalars(&a), scalars(&b));
    assert_eq!(a.len(), b.len(), "{}", path.display());
    let differ = a.iter().zip(&b).filter(|((old, _), (new, _))| old != new);
    let mut count = 0;
    for ((was, span), (is, _)) in differ {
        count += 1;
        let named = edits
            .iter()
            .any(|(start, end)| span.start <= *end && *start <= span.end);
        assert!(named, "{}: `{was}` became `{is}`", path.display());
    }
    count
}
