//! The steps of `action.yml`, run as the runner runs them: inputs put into the environment, each script
//! under the shell that it names, files for outputs and for the summary of the job.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn action() -> Value {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// A step by its identifier or its name.
fn step<'a>(action: &'a Value, wanted: &str) -> &'a Value {
    let mut steps = action["runs"]["steps"].as_array().unwrap().iter();
    let wanted = |step: &&Value| step["id"] == wanted || step["name"] == wanted;
    steps.find(wanted).unwrap()
}

/// The workspace of a job, with folders of the runner beside it.
struct Job(PathBuf);

impl Job {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("action-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        for inside in ["workspace", "temp", "bin"] {
            std::fs::create_dir_all(folder.join(inside)).unwrap();
        }
        let job = Self(folder);
        // A link under the name that the script calls.
        let program = env!("CARGO_BIN_EXE_taglint");
        std::os::unix::fs::symlink(program, job.0.join("bin/taglint")).unwrap();
        job
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.workspace().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn workspace(&self) -> PathBuf {
        self.0.join("workspace")
    }

    /// Runs a step with what its environment stands for.
    fn run(&self, step: &Value, values: &BTreeMap<String, String>) -> Output {
        assert_eq!(step["shell"], "bash");
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
            .arg(step["run"].as_str().unwrap())
            .current_dir(self.workspace());
        let path = format!(
            "{}:{}",
            self.0.join("bin").display(),
            std::env::var("PATH").unwrap()
        );
        command
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_REPOSITORY", "acme/app")
            .env("GITHUB_WORKSPACE", self.workspace())
            .env("GITHUB_OUTPUT", self.0.join("output"))
            .env("GITHUB_STEP_SUMMARY", self.0.join("summary"))
            .env("GITHUB_PATH", self.0.join("temp/path"))
            .env(
                "GITHUB_SERVER_URL",
                format!("file://{}/server", self.0.display()),
            )
            .env("RUNNER_TEMP", self.0.join("temp"));
        for (name, value) in step["env"].as_object().unwrap() {
            let expression = value.as_str().unwrap();
            let inside = expression
                .strip_prefix("${{ ")
                .and_then(|rest| rest.strip_suffix(" }}"));
            command.env(name, &values[inside.unwrap()]);
        }
        command.output().unwrap()
    }

    /// The action with these inputs, without the build: what it says, and what it leaves.
    fn check(&self, inputs: &[(&str, &str)]) -> Done {
        let action = action();
        let mut values = BTreeMap::new();
        values.insert(
            "github.action_path".to_owned(),
            root().display().to_string(),
        );
        for (name, input) in action["inputs"].as_object().unwrap() {
            let given = inputs.iter().find(|(given, _)| given == name);
            let default = input["default"].as_str().unwrap();
            let value = given.map_or(default, |(_, value)| value);
            values.insert(format!("inputs.{name}"), value.to_owned());
        }
        for file in ["output", "summary"] {
            let _ = std::fs::remove_file(self.0.join(file));
        }
        let output = self.run(step(&action, "check"), &values);
        assert_eq!(output.status.code(), Some(0), "the step itself fails never");
        let read = |file: &str| std::fs::read_to_string(self.0.join(file)).unwrap_or_default();
        let outputs: BTreeMap<String, String> = read("output")
            .lines()
            .map(|line| line.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (name, value) in &outputs {
            values.insert(format!("steps.check.outputs.{name}"), value.clone());
        }
        let status = self.run(step(&action, "Status"), &values).status.code();
        Done {
            log: String::from_utf8(output.stdout).unwrap(),
            summary: read("summary"),
            sarif: outputs["sarif"].clone(),
            status: outputs["status"].parse().unwrap(),
            job: status.unwrap(),
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What the action left behind.
struct Done {
    log: String,
    summary: String,
    sarif: String,
    status: i32,
    /// The exit status of the last step, and so of the job.
    job: i32,
}

const FLOATING: &str = "services: {web: {image: 'nginx:latest'}}\n";

/// Production on a floating tag, in two folders, and a workflow that publishes.
fn repository(name: &str) -> Job {
    let job = Job::new(name);
    let workflow = root().join("fixtures/fixes/onlatest/.github/workflows/release.yml");
    let workflow = std::fs::read_to_string(workflow).unwrap();
    let (suffix, tags) = (
        "suffix=${{ matrix.suffix }}\n",
        "          tags: type=semver",
    );
    let accepted = "          # taglint: ignore[backport-moves-latest] one line only\n";
    assert!(workflow.contains(suffix) && workflow.contains(tags));
    let workflow = workflow
        .replace(suffix, "suffix=${{ matrix.suffix }},onlatest=true\n")
        .replace(tags, &format!("{accepted}{tags}"));
    job.write(".github/workflows/release.yml", &workflow);
    for suffix in ["", "-slim", "-full"] {
        job.write(&format!("deploy/Dockerfile{suffix}"), "FROM scratch\n");
    }
    job.write("eu west/prod/compose.yml", FLOATING);
    job.write("prod/compose.yml", FLOATING);
    job
}

#[test]
fn without_inputs_everything_is_judged_annotated_and_summed_up() {
    let done = repository("defaults").check(&[]);
    assert_eq!((done.status, done.job), (1, 1));
    assert_eq!(
        done.log.matches("warning[floating-tag]").count(),
        2,
        "{}",
        done.log
    );
    assert!(
        done.log
            .contains("\n::warning file=prod/compose.yml,line=1,"),
        "{}",
        done.log
    );
    assert!(
        done.log
            .contains("::warning file=eu west/prod/compose.yml,"),
        "{}",
        done.log
    );
    assert_eq!(done.sarif, "");
    assert!(
        done.summary.contains("latest-slim") && done.summary.contains("|"),
        "{}",
        done.summary
    );
}

#[test]
fn paths_stand_on_lines_and_are_no_script() {
    let job = repository("paths");
    let done = job.check(&[("paths", "eu west\r\n\n.github\n")]);
    assert_eq!((done.status, done.job), (1, 1));
    assert!(
        done.log.contains("eu west/prod/compose.yml"),
        "{}",
        done.log
    );
    assert!(!done.log.contains("╭─[prod/compose.yml"), "{}", done.log);
    assert!(done.summary.contains("latest-full"), "{}", done.summary);
    let done = job.check(&[("paths", "deploy")]);
    assert_eq!((done.status, done.job), (0, 0));
    assert!(done.log.contains("0 findings"), "{}", done.log);
    let done = job.check(&[(
        "paths",
        "prod\n$(touch owned)\n`touch owned`;touch owned\n--version",
    )]);
    assert_eq!((done.status, done.job), (2, 2), "{}", done.log);
    assert!(!job.workspace().join("owned").exists());
}

#[test]
fn arguments_stand_on_lines() {
    let job = repository("args");
    let done = job.check(&[("args", "--fail-on\nerror\n")]);
    assert_eq!((done.status, done.job), (0, 0));
    assert!(done.log.contains("warning[floating-tag]"), "{}", done.log);
    let done = job.check(&[("args", "--ignore=floating-tag")]);
    assert_eq!(done.status, 0);
    assert!(!done.log.contains("floating-tag"), "{}", done.log);
    let done = job.check(&[("args", "--no-such-option"), ("upload-sarif", "true")]);
    assert_eq!((done.status, done.job), (2, 2));
    assert_eq!(done.sarif, "", "there is nothing to upload");
}

#[test]
fn annotations_format_and_summary_are_switched() {
    let job = repository("switches");
    let inputs = [
        ("annotations", "false"),
        ("format", "concise"),
        ("summary", "false"),
    ];
    let done = job.check(&inputs);
    assert_eq!(done.status, 1);
    assert!(!done.log.contains("::"), "{}", done.log);
    assert!(
        done.log.starts_with("eu west/prod/compose.yml:1:"),
        "{}",
        done.log
    );
    assert_eq!(done.summary, "");
    let done = job.check(&[("format", "concise")]);
    assert_eq!(done.log.matches("::warning ").count(), 2, "{}", done.log);
}

#[test]
fn the_sarif_log_lies_where_the_output_says() {
    let job = repository("sarif");
    let findings = |path: &Path| {
        let log: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        log["runs"][0]["results"].as_array().unwrap().len()
    };
    let done = job.check(&[("sarif", "a report.sarif")]);
    assert_eq!(done.sarif, "a report.sarif");
    assert_eq!(findings(&job.workspace().join(&done.sarif)), 2);
    let done = job.check(&[("upload-sarif", "true")]);
    assert_eq!(Path::new(&done.sarif), job.0.join("temp/taglint.sarif"));
    assert_eq!(findings(Path::new(&done.sarif)), 2);
    let done = job.check(&[("upload-sarif", "true"), ("sarif", "own.sarif")]);
    assert_eq!(done.sarif, "own.sarif");
    let upload = &action()["runs"]["steps"][2];
    assert_eq!(
        upload["with"]["sarif_file"],
        "${{ steps.check.outputs.sarif }}"
    );
    let when = "inputs.upload-sarif == 'true' && steps.check.outputs.sarif != ''";
    assert_eq!(upload["if"], when);
}

/// The build itself is tried by `scripts/try-install action`; here cargo only says what it was asked.
#[test]
fn the_version_is_checked_out_and_installed_on_the_path_of_the_job() {
    let job = Job::new("install");
    let (origin, bin) = (job.0.join("server/acme/taglint"), job.0.join("bin"));
    std::fs::create_dir_all(&origin).unwrap();
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let mut command = Command::new("git");
        let output = command
            .args(who)
            .args(arguments)
            .current_dir(&origin)
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet"]);
    for version in ["v1", "v2"] {
        std::fs::write(origin.join("version"), version).unwrap();
        git(&["add", "version"]);
        git(&[
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "-m",
            version,
        ]);
        git(&["-c", "tag.gpgsign=false", "tag", version]);
    }
    let cargo = "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$RUNNER_TEMP/asked\"\n";
    std::fs::write(bin.join("cargo"), cargo).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bin.join("cargo"), executable).unwrap();
    let temp = job.0.join("temp");
    let mut values = BTreeMap::from([
        (
            "github.action_path".to_owned(),
            root().display().to_string(),
        ),
        (
            "github.action_repository".to_owned(),
            "acme/taglint".to_owned(),
        ),
    ]);
    for (version, source, holds) in [
        ("", root().to_owned(), None),
        ("v1", temp.join("taglint-source"), Some("v1")),
        (
            &git(&["rev-parse", "v2"]),
            temp.join("taglint-source"),
            Some("v2"),
        ),
        ("v3", temp.join("taglint-source"), None),
    ] {
        for left in ["asked", "path"] {
            let _ = std::fs::remove_file(temp.join(left));
        }
        let _ = std::fs::remove_dir_all(temp.join("taglint-source"));
        values.insert("inputs.version".to_owned(), version.to_owned());
        let output = job.run(step(&action(), "Build taglint"), &values);
        if version == "v3" {
            assert_ne!(output.status.code(), Some(0), "there is no such version");
            assert!(!temp.join("asked").exists());
            continue;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let asked = std::fs::read_to_string(temp.join("asked")).unwrap();
        let (source, into) = (source.display(), temp.join("taglint"));
        let wanted = format!(
            "install\n--locked\n--quiet\n--path\n{source}\n--root\n{}\n",
            into.display()
        );
        assert_eq!(asked, wanted);
        let path = std::fs::read_to_string(temp.join("path")).unwrap();
        assert_eq!(path, format!("{}/bin\n", into.display()));
        if let Some(holds) = holds {
            let file = temp.join("taglint-source/version");
            assert_eq!(std::fs::read_to_string(file).unwrap(), holds);
        }
    }
}

#[test]
fn every_input_reaches_a_step_and_none_a_script() {
    let action = action();
    let names: BTreeSet<&String> = action["inputs"].as_object().unwrap().keys().collect();
    let mut used = BTreeSet::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        let run = step["run"].as_str().unwrap_or_default();
        assert!(!run.contains("${{"), "{run}");
        let text = serde_json::to_string(step).unwrap();
        used.extend(
            names
                .iter()
                .filter(|name| text.contains(&format!("inputs.{name}"))),
        );
    }
    assert_eq!(names, used);
}

#[test]
fn a_word_that_is_no_step_is_refused() {
    let script = root().join("scripts/action");
    for arguments in [&[][..], &["publish"]] {
        let output = Command::new(&script).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, "# usage: scripts/action install|check\n");
    }
}
