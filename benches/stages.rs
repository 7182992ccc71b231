//! What each stage of a run costs, and the whole program: `cargo bench --bench stages`.
//!
//! The input is made (`tree/`), so the figures need nothing but this repository. Each stage is given
//! what the one before it came to, made beforehand.

#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use taglint::discover::discover;
use taglint::files::Nowhere;
use taglint::formats::github::event::Settings;
use taglint::formats::{self, FileFacts};
use taglint::report::{Summary, json};
use taglint::rules::{self, Selection};
use taglint::source::FileId;
use taglint::suppress;
use taglint::workspace::{Disk, Governing, Load, Options, Overlay, Survey, Workspace, policies};
use taglint::yaml::Yaml;

#[allow(dead_code)]
mod tree;

#[cfg(all(
    feature = "jemalloc",
    not(any(target_env = "msvc", target_os = "openbsd"))
))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How many files the tree has.
const FILES: usize = 2_000;

/// The tree on disk: there until the process ends.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    tree::write(folder.path(), FILES).unwrap();
    folder
});

fn root() -> &'static Path {
    FOLDER.path()
}

fn main() {
    divan::main();
    // A static is never dropped.
    let _ = std::fs::remove_dir_all(root());
}

fn survey() -> Survey {
    let options = Options {
        paths: vec![PathBuf::from(".")],
        ignore_files: true,
        let_go: true,
        ..Options::default()
    };
    Survey::new(options, Disk::at(root().to_owned(), Overlay::default()))
}

fn workspace() -> Workspace {
    survey().read(|| {})
}

fn load() -> Load {
    workspace().into_load()
}

/// The texts of the files that are parsed, with their paths.
fn of_interest() -> Vec<(String, String)> {
    tree::files(FILES)
        .map(|file| (file.path, file.text))
        .filter(|(path, text)| {
            let yaml = formats::Format::of(path) == formats::Format::Yaml;
            yaml && formats::is_of_interest(path, text)
        })
        .collect()
}

fn bytes(files: &[(String, String)]) -> BytesCount {
    BytesCount::new(files.iter().map(|(_, text)| text.len()).sum::<usize>())
}

fn read(path: &str, yaml: &Yaml<'_>) -> FileFacts {
    formats::read(FileId(0), path, yaml)
}

#[divan::bench]
fn a_walk(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(FILES));
    bencher.bench(|| discover(root(), &[], true));
}

#[divan::bench]
fn b_policies(bencher: Bencher<'_, '_>) {
    let found = discover(root(), &[], true);
    let disk = Disk::at(root().to_owned(), Overlay::default());
    bencher
        .counter(ItemsCount::new(FILES))
        .bench(|| policies::find(&found, &Governing::Nearest, &disk));
}

#[divan::bench]
fn c_classify(bencher: Bencher<'_, '_>) {
    let files: Vec<_> = tree::files(FILES).collect();
    bencher.counter(ItemsCount::new(FILES)).bench(|| {
        let found = files.iter();
        let found = found.filter(|file| formats::is_of_interest(&file.path, &file.text));
        found.count()
    });
}

#[divan::bench]
fn d_parse_yaml(bencher: Bencher<'_, '_>) {
    let files = of_interest();
    bencher.counter(bytes(&files)).bench(|| {
        let parsed = files.iter().map(|(path, text)| formats::parse(path, text));
        parsed.map(|yaml| yaml.documents().count()).sum::<usize>()
    });
}

#[divan::bench]
fn e_parsed_to_facts(bencher: Bencher<'_, '_>) {
    let files = of_interest();
    let parsed: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), formats::parse(path, text)))
        .collect();
    bencher.counter(ItemsCount::new(files.len())).bench(|| {
        let facts = parsed.iter().map(|(path, yaml)| read(path, yaml));
        facts.map(|facts| facts.uses.len()).sum::<usize>()
    });
}

#[divan::bench]
fn f_read_all_in_parallel(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(FILES));
    bencher
        .with_inputs(survey)
        .bench_values(|survey| survey.read(|| {}));
}

#[divan::bench]
fn g_evaluate_a_workflow(bencher: Bencher<'_, '_>) {
    let files = of_interest();
    let mut workflows = files
        .iter()
        .filter_map(|(path, text)| read(path, &formats::parse(path, text)).pipeline);
    let pipeline = workflows.next().expect("the tree has a workflow");
    let settings = Settings {
        odd_versions: true,
        ..Settings::default()
    };
    bencher.bench(|| pipeline.plans(&settings, &Nowhere));
}

#[divan::bench]
fn h_evaluate_all_and_join(bencher: Bencher<'_, '_>) {
    let bencher = bencher.counter(ItemsCount::new(FILES));
    bencher
        .with_inputs(workspace)
        .bench_values(Workspace::into_load);
}

#[divan::bench]
fn i_rules(bencher: Bencher<'_, '_>) {
    let bencher = bencher.with_inputs(|| load().project);
    bencher.bench_refs(|project| rules::run_for(project, &Selection::default(), &|_| false));
}

#[divan::bench]
fn j_rules_and_fixes(bencher: Bencher<'_, '_>) {
    let bencher = bencher.with_inputs(|| load().project);
    bencher.bench_refs(|project| rules::run(project, &Selection::default()));
}

#[divan::bench]
fn k_suppress_and_report(bencher: Bencher<'_, '_>) {
    let project = load().project;
    let selection = Selection::default();
    let found = || rules::run(&project, &selection);
    bencher.with_inputs(found).bench_values(|findings| {
        let left = suppress::suppress(&project, &selection, findings);
        json::render(&project, &left.findings, &Summary::default(), false)
    });
}

#[divan::bench]
fn z_whole_program(bencher: Bencher<'_, '_>) {
    let program = env!("CARGO_BIN_EXE_taglint");
    let root = root();
    bencher.counter(ItemsCount::new(FILES)).bench(|| {
        let mut command = Command::new(program);
        command.args(["check", "--quiet", "--format", "json"]);
        command.arg(root).stdout(Stdio::null()).status().unwrap()
    });
}
