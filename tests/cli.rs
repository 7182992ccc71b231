//! The command as people and scripts meet it: formats by contract, exit statuses, bad input.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use serde_json::Value;

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("taglint-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn taglint(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn rules(output: &Output) -> Vec<String> {
    let found = json(output);
    let findings = found["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

fn validate(schema: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas")
        .join(schema);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

const FLOATING: &str = "services: {web: {image: 'nginx:latest-slim'}}\n";

#[test]
fn both_json_outputs_follow_their_schemas() {
    let check = taglint(&fixtures(), &["check", "--format", "json", "--list-images"]);
    let output = json(&check);
    validate("check.schema.json", &output);
    assert!(output["findings"].as_array().unwrap().len() > 10);
    assert!(output["images"].as_array().unwrap().len() > 10);
    let plan = taglint(&fixtures(), &["plan", "--format", "json"]);
    let output = json(&plan);
    validate("plan.schema.json", &output);
    assert!(output["plans"].as_array().unwrap().len() > 3);
}

#[test]
fn printed_schemas_are_schemas() {
    for name in ["check", "plan"] {
        let output = taglint(&fixtures(), &["schema", name]);
        assert!(jsonschema::validator_for(&json(&output)).is_ok());
    }
}

#[test]
fn production_may_not_float_and_development_may() {
    let folder = Folder::new("environments");
    folder
        .write(
            "docker-compose.prod.yml",
            "services: {b: {image: 'emqx/nanomq:latest-slim'}}\n",
        )
        .write(
            "dev/docker-compose.yml",
            "services: {b: {image: 'emqx/nanomq:latest-slim'}}\n",
        );
    let output = taglint(&folder.0, &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let found = json(&output);
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["rule"], "floating-tag");
    assert_eq!(findings[0]["level"], "warning");
    assert_eq!(findings[0]["path"], "docker-compose.prod.yml");
    assert_eq!(findings[0]["environment"], "production");
    let span = &findings[0]["span"];
    assert_eq!(
        (&span["start"]["line"], &span["start"]["column"]),
        (&1.into(), &23.into())
    );
}

#[test]
fn exit_status_follows_fail_on() {
    let folder = Folder::new("status");
    folder.write("prod/compose.yml", FLOATING);
    let status = |arguments: &[&str]| taglint(&folder.0, arguments).status.code();
    assert_eq!(status(&["check"]), Some(1));
    assert_eq!(status(&["check", "--fail-on", "error"]), Some(0));
    assert_eq!(status(&["check", "--fail-on", "never"]), Some(0));
    assert_eq!(status(&["check", "--ignore", "floating-tag"]), Some(0));
    assert_eq!(status(&["check", "--select", "scheme"]), Some(0));
    assert_eq!(
        status(&["check", "--select", "floating-tag,scheme"]),
        Some(1)
    );
    assert_eq!(status(&["check", "--select", "no-such-rule"]), Some(2));
    assert_eq!(status(&["check", "--no-such-option"]), Some(2));
    assert_eq!(status(&["explain", "floatin-tag"]), Some(2));
    assert_eq!(status(&["explain", "floating-tag"]), Some(0));
    assert_eq!(status(&["rules"]), Some(0));
}

#[test]
fn a_missing_path_costs_no_other_file() {
    let folder = Folder::new("missing");
    folder.write("prod/compose.yml", FLOATING);
    let output = taglint(
        &folder.0,
        &["check", "prod", "nowhere.yml", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(rules(&output), ["floating-tag"]);
    assert!(text(&output.stderr).contains("nowhere.yml: no such file"));
}

#[test]
fn one_odd_file_never_costs_the_others() {
    let folder = Folder::new("odd");
    folder
        .write("prod/compose.yml", FLOATING)
        .write("broken.yml", "image: [unclosed\n")
        .write("latin.yml", b"image: caf\xe9\n")
        .write("deep.yml", format!("image: {}", "[".repeat(100_000)))
        .write("empty.yml", "")
        .write("bomb.yml", "a: &a [image, image]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f]\njobs: {x: {steps: *g, strategy: {matrix: {a: *g}}}}\non: push\n")
        .write("loop.yml", "on: push\njobs: &j\n  a: *j\nimage: x\n");
    let output = taglint(&folder.0, &["check", "--format", "json"]);
    validate("check.schema.json", &json(&output));
    let found = rules(&output);
    assert!(found.contains(&"floating-tag".to_owned()), "{found:?}");
    assert_eq!(
        found.iter().filter(|rule| *rule == "invalid-yaml").count(),
        2,
        "{found:?}"
    );
    assert!(found.contains(&"unreadable-file".to_owned()), "{found:?}");
}

#[test]
fn a_large_file_is_read_to_its_end() {
    let folder = Folder::new("large");
    let line = "      # a comment that only takes room, and says nothing about any image at all\n";
    let mut large = String::from("services:\n  web:\n    environment:\n");
    large.push_str(&line.repeat(50 * 1024 * 1024 / line.len()));
    large.push_str("    image: nginx:latest\n");
    folder.write("compose.prod.yml", large);
    let started = Instant::now();
    let output = taglint(&folder.0, &["check", "--format", "json"]);
    assert_eq!(rules(&output), ["floating-tag"]);
    println!("50 MB checked in {:?}", started.elapsed());
}

#[test]
fn documents_that_would_not_matter_alone_are_passed_over_unless_the_file_is_named() {
    let folder = Folder::new("documents");
    folder.write(
        "prod/all.yaml",
        "a: [\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a/b:latest'}]}\n---\nc: d: e\n",
    );
    folder.write("prod/none.yaml", "a: [\n");
    let found = taglint(&folder.0, &["check", "--format", "json"]);
    assert_eq!(rules(&found), ["floating-tag"]);
    assert_eq!(json(&found)["findings"][0]["span"]["start"]["line"], 5);
    for (file, faults) in [("prod/all.yaml", 2), ("prod/none.yaml", 1)] {
        let found = rules(&taglint(&folder.0, &["check", "--format", "json", file]));
        let told = found.iter().filter(|rule| *rule == "invalid-yaml").count();
        assert_eq!(told, faults, "{file}: {found:?}");
    }
}

#[test]
fn ignore_files_are_honoured_unless_told_otherwise() {
    let folder = Folder::new("ignore");
    folder
        .write("prod/compose.yml", FLOATING)
        .write(".gitignore", "prod/\n");
    assert_eq!(taglint(&folder.0, &["check"]).status.code(), Some(0));
    assert_eq!(
        taglint(&folder.0, &["check", "--no-ignore"]).status.code(),
        Some(1)
    );
}

#[test]
fn charts_templates_are_counted_and_not_read() {
    let folder = Folder::new("chart");
    folder.write("app/Chart.yaml", "name: app\n").write(
        "app/templates/web.yaml",
        "image: {{ .Values.image }}:latest\n",
    );
    let output = taglint(&folder.0, &["check"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout).contains("1 chart template skipped"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_clean_run_says_what_it_looked_at() {
    let folder = Folder::new("clean");
    folder.write(
        "prod/compose.yml",
        "services: {web: {image: 'nginx:1.27.4'}}\n",
    );
    let output = taglint(&folder.0, &["check"]);
    assert_eq!(output.status.code(), Some(0));
    let text = text(&output.stdout);
    assert!(
        text.starts_with("0 findings in 1 file · 1 image · 0 tags planned · "),
        "{text}"
    );
    let quiet = taglint(&folder.0, &["check", "--quiet"]);
    assert!(quiet.stdout.is_empty());
}

#[test]
fn colours_only_where_they_are_wanted() {
    let folder = Folder::new("colour");
    folder.write("prod/compose.yml", FLOATING);
    let coloured = |arguments: &[&str]| taglint(&folder.0, arguments).stdout.contains(&0x1b);
    assert!(!coloured(&["check"]));
    assert!(!coloured(&["check", "--color", "never"]));
    assert!(coloured(&["check", "--color", "always"]));
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let folder = Folder::new("escape");
    folder.write(
        "prod/compose.yml",
        "services: {\"w\\e[31m\": {image: 'nginx:latest'}} # \u{1b}[31m\u{9b}2J\n",
    );
    let output = taglint(&folder.0, &["check"]);
    assert!(!output.stdout.contains(&0x1b));
    assert!(!text(&output.stdout).contains('\u{9b}'));
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let run = |threads: &str| {
        Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(["check", "--format", "json", "--list-images"])
            .current_dir(fixtures())
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap()
            .stdout
    };
    assert_eq!(run("1"), run("7"));
}

#[test]
fn expressions_evaluate_on_the_command_line() {
    let folder = Folder::new("eval");
    folder.write(
        "contexts.json",
        r#"{"github": {"ref": "refs/tags/v1.2.3"}}"#,
    );
    let eval = |expression: &str| {
        let arguments = [
            "eval",
            expression,
            "--context",
            "contexts.json",
            "--format",
            "json",
        ];
        taglint(&folder.0, &arguments)
    };
    let output = eval("startsWith(github.ref, 'refs/tags/') && 1.50");
    let expected = serde_json::json!({"type": "number", "value": 1.5, "string": "1.5"});
    assert_eq!(json(&output), expected);
    let output = eval("github.ref == ");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("column"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn plan_takes_the_event_that_it_is_told() {
    let folder = Folder::new("plan");
    folder.write(
        ".github/workflows/release.yml",
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: acme/app:${{ github.ref_name }},acme/app:${{ github.event.head_commit.id }}-${{ secrets.X }}\n",
    );
    let arguments = [
        "plan",
        "--event",
        "push",
        "--ref",
        "refs/tags/2.0.0",
        "--format",
        "json",
    ];
    let output = json(&taglint(&folder.0, &arguments));
    validate("plan.schema.json", &output);
    let tags: Vec<&str> = output["plans"][0]["publications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|publication| publication["tag"].as_str().unwrap())
        .collect();
    assert_eq!(
        tags,
        ["2.0.0", "abcdef1000000000000000000000000000000000-{?}"]
    );
    let unknowns = output["plans"][0]["unknowns"].as_array().unwrap();
    assert_eq!(unknowns[0]["what"], "secrets.X");
    assert_eq!(unknowns[0]["at"]["line"], 9);
    let refused = taglint(&folder.0, &["plan", "--ref", "refs/heads/x"]);
    assert_eq!(refused.status.code(), Some(2));
}
