//! A whole run over files that are in memory only: each text is the file whose path its first byte
//! chooses. Reports must be harmless, and fixes must fit their files.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use taglint::report::{self, Summary};
use taglint::rules::{self, Selection};
use taglint::suppress;
use taglint::workspace::{Disk, Options, Overlay, Survey};

const PATHS: [&str; 16] = [
    ".github/workflows/release.yml",
    ".github/workflows/called.yml",
    "action.yml",
    ".gitlab-ci.yml",
    "compose.yaml",
    "compose.override.yaml",
    "deploy/prod/app.yaml",
    "deploy/kustomization.yaml",
    "deploy/prod/kustomization.yaml",
    "chart/Chart.yaml",
    "chart/values.yaml",
    "Dockerfile",
    "docker-bake.hcl",
    ".drone.yml",
    "Makefile",
    "taglint.yaml",
];

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|data: &[u8]| {
    let root: &Path = FOLDER.path();
    let mut overlay = Overlay::default();
    for part in data.split(|byte| *byte == 0xff).take(8) {
        let Some((choice, text)) = part.split_first() else { continue };
        let Ok(text) = std::str::from_utf8(text) else { continue };
        let path = PATHS[usize::from(*choice) % PATHS.len()];
        overlay.insert(&root.join(path), text);
    }
    let options = Options {
        paths: Vec::<PathBuf>::new(),
        ..Options::default()
    };
    let survey = Survey::new(options, Disk::at(root.to_owned(), overlay));
    let load = survey.read(|| {}).into_load();
    let selection = Selection::new(&["all".to_owned()], &[]).unwrap();
    let findings = rules::run(&load.project, &selection);
    let left = suppress::suppress(&load.project, &selection, findings);
    for finding in &left.findings {
        if let Some(source) = load.project.source(finding.at) {
            taglint_fuzz::lies_in(finding.at.span, source.text());
        }
    }
    taglint_fuzz::is_harmless(&report::concise::render(&load.project, &left.findings));
    taglint_fuzz::is_harmless(&report::github::render(&load.project, &left.findings));
    let json = report::json::render(&load.project, &left.findings, &Summary::default(), true);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
});
