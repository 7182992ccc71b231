//! `pin` on real files, against a registry that holds what they name.
//!
//! The files lie outside the repository, in `../shared/corpus`; where that folder is absent (on a
//! user's machine), the test says so and passes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_yaml::Value;
use taglint::image::{ImageRef, Tag};
use walkdir::WalkDir;

use super::push::{MANIFEST, Repository, configuration, image};
use super::run::Place;
use super::server::Server;

/// Copies a folder's files.
fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else if entry.file_type().is_file() {
            // Without its rights: the files may be write-protected where they lie.
            std::fs::write(target, std::fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = files.filter_map(|entry| {
        let name = entry
            .path()
            .strip_prefix(folder)
            .unwrap()
            .display()
            .to_string();
        Some((name, std::fs::read_to_string(entry.path()).ok()?))
    });
    read.collect()
}

/// The images of Docker Hub that the files name by a tag that moves, with those tags.
fn floating(place: &Place) -> BTreeMap<String, BTreeSet<String>> {
    let output = place.taglint(&[
        "check",
        "--list-images",
        "--no-ignore",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for use_ in json["images"].as_array().unwrap() {
        let pin = use_["pin"].as_str().unwrap();
        let Some(text) = use_["resolved"]
            .as_str()
            .filter(|_| ["channel", "untagged"].contains(&pin))
        else {
            continue;
        };
        let image = ImageRef::parse_normalized(text).unwrap();
        if image.domain() == "docker.io" {
            let tags = found.entry(image.path().to_owned()).or_default();
            tags.insert(image.tag().unwrap_or("latest").to_owned());
        }
    }
    found
}

/// For each tag that moves two versions of its variant, of which it is the newer one.
fn fill(server: &Server, images: &BTreeMap<String, BTreeSet<String>>) {
    let config = configuration("linux/amd64");
    for (path, tags) in images {
        let repository = Repository::new(&server.host(), path);
        repository.blob(config.as_bytes());
        for tag in tags {
            let variant = Tag::parse(tag).variant();
            let suffix = variant
                .map(|variant| format!("-{variant}"))
                .unwrap_or_default();
            for version in ["7.7.6", "7.7.7"] {
                let text = image(&config, &format!("{version}{suffix}"));
                repository.manifest(&format!("{version}{suffix}"), MANIFEST, &text);
            }
            repository.copy(&format!("7.7.7{suffix}"), tag);
        }
    }
}

/// Whether two documents are the same but for scalars, and how many of these differ.
fn differing(before: &Value, after: &Value) -> Option<usize> {
    match (before, after) {
        (Value::Mapping(before), Value::Mapping(after)) => {
            let pairs = before.iter().zip(after.iter());
            let mut sum = 0;
            for ((key, one), (other_key, other)) in pairs {
                if key != other_key {
                    return None;
                }
                sum += differing(one, other)?;
            }
            (before.len() == after.len()).then_some(sum)
        }
        (Value::Sequence(before), Value::Sequence(after)) => {
            let each = before
                .iter()
                .zip(after)
                .map(|(one, other)| differing(one, other));
            (before.len() == after.len())
                .then(|| each.sum::<Option<usize>>())
                .flatten()
        }
        (Value::String(one), Value::String(other)) => Some(usize::from(one != other)),
        (one, other) => (one == other).then_some(0),
    }
}

fn documents(text: &str) -> Option<Vec<Value>> {
    let each = serde_yaml::Deserializer::from_str(text).map(Value::deserialize);
    each.collect::<Result<_, _>>().ok()
}

#[test]
fn real_files_are_pinned_and_nothing_else_changes() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/consumers");
    if !corpus.is_dir() {
        println!("skipped: the corpus is not on this machine");
        return;
    }
    let Some(server) = Server::start() else {
        return;
    };
    let place = Place::new();
    copy(&corpus, &place.work());
    let images = floating(&place);
    assert!(images.len() > 50, "{}", images.len());
    fill(&server, &images);
    let before = files(&place.work());
    let mirror = server.host();
    let options = [
        "--no-ignore",
        "--all",
        "--image",
        "docker.io/**",
        "--registry-mirror",
        &mirror,
        "--timeout",
        "300",
    ];
    let pin = |more: &[&str]| place.taglint(&[&["pin"], &options[..], more].concat());
    let output = pin(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let told = String::from_utf8(output.stdout).unwrap().lines().count();
    let after = files(&place.work());
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let (mut changed, mut scalars, mut lines) = (0, 0, 0);
    for (name, old) in &before {
        let new = &after[name];
        if old == new {
            continue;
        }
        changed += 1;
        assert_eq!(old.lines().count(), new.lines().count(), "{name}");
        let pairs = old.lines().zip(new.lines()).filter(|(old, new)| old != new);
        for (old, new) in pairs {
            lines += 1;
            assert!(new.contains("7.7.7"), "{name}: {old} | {new}");
            // What stands around the reference is as it was.
            let comment = |line: &str| line.split_once(" #").map(|(_, comment)| comment.to_owned());
            assert_eq!(comment(old), comment(new), "{name}: {old} | {new}");
        }
        if let Some(documents_before) = documents(old) {
            let documents_after =
                documents(new).unwrap_or_else(|| panic!("{name} is no YAML any more"));
            assert_eq!(documents_before.len(), documents_after.len(), "{name}");
            for (one, other) in documents_before.iter().zip(&documents_after) {
                let differ = differing(one, other);
                scalars += differ.unwrap_or_else(|| panic!("{name}: more than scalars changed"));
            }
        }
    }
    println!(
        "{told} references in {changed} files, {lines} lines, {scalars} scalars of YAML; left as they are: {}",
        said.lines().count()
    );
    assert!(changed > 100 && lines >= changed && scalars > 100);
    assert_eq!(told, lines, "each reference stands on a line of its own");
    let again = pin(&["--check"]);
    assert_eq!(
        again.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&again.stdout)
    );
    assert!(again.stdout.is_empty());
    assert_eq!(files(&place.work()), after);
}
