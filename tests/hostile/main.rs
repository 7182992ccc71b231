//! The command against files that were made to hurt it, and against a world that fails: it comes to an
//! end within a time and a memory that are stated for each, and says what it left out.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]
#![cfg(unix)]

mod escapes;
mod faults;
mod growth;
mod nesting;
mod outside;
mod sizes;
mod writing;

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How much larger an optimised program takes its files.
const SCALE: usize = if cfg!(debug_assertions) { 1 } else { 10 };

/// What each run may take. Nothing here comes near it; without its bound each takes minutes, or forever.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 150 } else { 15 });

/// The address space of a run, in MiB: enough for the stacks of its threads, and for a file of 64 MiB
/// some times over.
const MEMORY: usize = 1024;

const WORKFLOW: &str = ".github/workflows/release.yml";

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("taglint-hostile-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Runs the command in the folder, within the bounds.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.shell(
            &format!("ulimit -v {}; exec \"$@\"", MEMORY << 10),
            arguments,
        )
    }

    /// Runs the command by a script of the shell, to which it is `"$@"`, within the time.
    fn shell(&self, script: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new("sh");
        command
            .args(["-c", script, "sh", env!("CARGO_BIN_EXE_taglint")])
            .args(arguments)
            .current_dir(&self.0);
        Ran(within(command, TIME))
    }

    /// The findings of a check, which must not fail.
    fn check(&self) -> Vec<Value> {
        let ran = self.run(&["check", "--format", "json", "--no-ignore"]);
        ran.json()["findings"].as_array().unwrap().clone()
    }

    /// The plan of a release, for people.
    fn plan(&self) -> String {
        let ran = self.run(&["plan", "--event", "push", "--ref", "refs/tags/v1.2.3"]);
        assert_eq!(ran.0.status.code(), Some(0), "{}", ran.errors());
        ran.text()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A run that has come to its end.
struct Ran(Output);

impl Ran {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn errors(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    fn status(&self) -> Option<i32> {
        self.0.status.code()
    }

    fn json(&self) -> Value {
        let told = |error| panic!("{error}: {}", self.errors());
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(told)
    }
}

/// Runs a command to its end, which comes within a time and is neither a panic nor a signal.
fn within(mut command: Command, time: Duration) -> Output {
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id().to_string();
    let (over, waits) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waits.recv_timeout(time) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let output = child.wait_with_output().unwrap();
    drop(over);
    watch.join().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.signal(),
        None,
        "after {:?}: {errors}",
        started.elapsed()
    );
    assert!(!errors.contains("panicked"), "{errors}");
    output
}

/// A workflow for git tags and `main`, with these steps.
fn workflow(steps: &str) -> String {
    with_job("", steps)
}

/// The same, with more lines in its job.
fn with_job(job: &str, steps: &str) -> String {
    format!(
        "name: r\non: {{push: {{tags: ['v*'], branches: [main]}}}}\njobs:\n  b:\n    runs-on: x\n{job}    steps:\n{steps}"
    )
}

/// A step that publishes a reference.
fn push(reference: &str) -> String {
    format!(
        "      - uses: docker/build-push-action@v6\n        with: {{push: true, tags: '{reference}'}}\n"
    )
}

/// A step that runs a script.
fn script(text: &str) -> String {
    let lines = text.lines().map(|line| format!("          {line}\n"));
    format!("      - run: |\n{}", lines.collect::<String>())
}
