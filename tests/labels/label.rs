//! One label, and what taglint says of its files.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// A workflow, or several of one commit, with what they publish.
pub struct Label {
    pub id: String,
    pub problems: Vec<String>,
    pub json: Value,
    folder: PathBuf,
    files: Vec<PathBuf>,
    planned: OnceCell<Vec<Value>>,
}

/// All labels; none where the corpus is not on this machine.
pub fn all() -> Option<Vec<Label>> {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(text) = std::fs::read_to_string(corpus.join("labels.json")) else {
        eprintln!("the corpus is not on this machine, nothing compared");
        return None;
    };
    let labels: Vec<Value> = serde_json::from_str(&text).unwrap();
    let read = |json: Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let id = text(&json["id"]);
        let folder = corpus.join("labelled").join(&id);
        let paths = json["paths"].as_array().unwrap().iter();
        let files = paths.map(|path| folder.join(path.as_str().unwrap()));
        Label {
            problems: json["problems"]
                .as_array()
                .unwrap()
                .iter()
                .map(text)
                .collect(),
            files: files.filter(|path| path.is_file()).collect(),
            folder,
            planned: OnceCell::new(),
            id,
            json,
        }
    };
    Some(labels.into_iter().map(read).collect())
}

impl Label {
    /// Runs taglint over the folder, or over a single file that is no workflow.
    fn run(&self, arguments: &[&str]) -> Value {
        let workflows = self.folder.join(".github").is_dir();
        let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
        command.args(arguments).args(["--format", "json"]);
        if workflows {
            command.arg(&self.folder);
        } else {
            command.args(&self.files);
        }
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}: {errors}", self.id))
    }

    /// What is planned in all scenarios, or for a git tag on each event that releases.
    pub fn plans(&self, tag: Option<&str>) -> Vec<Value> {
        let run = || self.run(&["plan"])["plans"].as_array().unwrap().clone();
        let whole = self.planned.get_or_init(run).clone();
        let Some(tag) = tag else { return whole };
        let mut plans = Vec::new();
        for event in ["push", "release", "create"] {
            let released = whole
                .iter()
                .any(|plan| plan["event"] == event && plan["scenario"] == "release");
            if released {
                let reference = format!("refs/tags/{tag}");
                let arguments = ["plan", "--event", event, "--ref", &reference];
                plans.extend(self.run(&arguments)["plans"].as_array().unwrap().clone());
            }
        }
        plans
    }

    /// What a person starts with these inputs.
    pub fn dispatched(&self, inputs: &[String]) -> Vec<Value> {
        let mut arguments = vec!["plan", "--event", "workflow_dispatch"];
        for input in inputs {
            arguments.extend(["--input", input]);
        }
        self.run(&arguments)["plans"].as_array().unwrap().clone()
    }

    /// All findings.
    pub fn all_findings(&self) -> Vec<Value> {
        self.run(&["check"])["findings"].as_array().unwrap().clone()
    }

    /// The findings of the scheme family.
    pub fn findings(&self) -> Vec<Value> {
        let arguments = ["check", "--select", "scheme"];
        self.run(&arguments)["findings"].as_array().unwrap().clone()
    }
}
