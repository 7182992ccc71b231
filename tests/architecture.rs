//! A module imports only what stands before it.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::path::Path;

/// The layers, lowest first.
const LAYERS: &[&str] = &[
    "source",
    "files",
    "image",
    "memory",
    "nearest",
    "words",
    "yaml",
    "policy",
    "facts",
    "eval",
    "discover",
    "formats",
    "project",
    "draft",
    "finding",
    "fix",
    "audit",
    "pinning",
    "rules",
    "suppress",
    "baseline",
    "report",
    "registry",
    "workspace",
    "lsp",
    "cli",
    "commands",
];

/// The longest file that is still read with pleasure.
const LONGEST: usize = 500;

fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walkdir::WalkDir::new(&root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let inside = path
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            let layer = inside.split(['/', '.']).next().unwrap().to_owned();
            (inside, layer, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn imports_point_down() {
    for (path, layer, text) in sources() {
        if matches!(layer.as_str(), "lib" | "main") {
            continue;
        }
        let own = LAYERS.iter().position(|name| *name == layer);
        let own = own.unwrap_or_else(|| panic!("{path} is in no layer"));
        for (at, _) in text.match_indices("crate::") {
            let name: String = text[at + 7..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if let Some(other) = LAYERS.iter().position(|layer| *layer == name) {
                assert!(other <= own, "{path} uses {name}, which stands above it");
            }
        }
    }
}

#[test]
fn files_stay_small_and_open_with_a_word_on_themselves() {
    for (path, _, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{path} has {lines} lines");
        let tests = path.ends_with("tests.rs");
        assert!(
            tests || text.starts_with("//!"),
            "{path} does not say what lives there"
        );
        let name = path.rsplit('/').next().unwrap();
        assert!(
            !["utils.rs", "common.rs", "helpers.rs"].contains(&name),
            "{path} is a drawer"
        );
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let reasons = std::fs::read_to_string(root.join("docs/dependencies.md")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap();
    let section = section.split("\n[profile").next().unwrap();
    let section = section.split("\n[[").next().unwrap();
    for line in section.lines() {
        let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('[')) else {
            continue;
        };
        assert!(
            reasons.contains(&format!("`{name}`")),
            "{name} has no reason in docs/dependencies.md"
        );
    }
}
