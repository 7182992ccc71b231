//! The contexts that expressions of a workflow see: `github`, `env`, `matrix`, `needs`, `steps`, …

use std::rc::Rc;

use serde_json::Value as Json;

use super::event::{Event, Settings};
use super::workflow::Workflow;
use crate::eval::expr::Contexts;
use crate::eval::unknown::{Mark, Unknowns, clean};
use crate::eval::value::{Object, Truth, Value};

/// What expressions see at one point of a run. Cloning is cheap: values share their contents.
#[derive(Clone)]
pub struct Frame<'u> {
    /// Where unknowns are noted.
    pub unknowns: &'u Unknowns,
    /// `github`.
    pub github: Value,
    /// `env`, as far as set up to here.
    pub env: Object,
    /// `vars`.
    pub vars: Value,
    /// `inputs`.
    pub inputs: Value,
    /// `matrix`.
    pub matrix: Value,
    /// `needs`.
    pub needs: Object,
    /// `steps`.
    pub steps: Object,
    /// `jobs`: the results of a called workflow's jobs, for its outputs.
    pub jobs: Value,
    /// What `success()` gives.
    pub success: Truth,
}

/// A value of known text.
#[must_use]
pub fn text(text: &str) -> Value {
    Value::String(Rc::from(text))
}

impl<'u> Frame<'u> {
    /// The contexts at the start of a run.
    #[must_use]
    pub fn new(
        event: &Event,
        settings: &Settings,
        workflow: &Workflow,
        unknowns: &'u Unknowns,
    ) -> Self {
        let mut vars = object(settings.vars.iter().map(|(k, v)| (k.as_str(), text(v))));
        vars.open = Some(unknowns.note("vars", "a configuration variable; `--var` gives it"));
        Self {
            unknowns,
            github: Value::Object(Rc::new(github(event, settings, workflow, unknowns))),
            env: Object::default(),
            vars: Value::Object(Rc::new(vars)),
            inputs: inputs(event, settings, workflow, unknowns),
            matrix: Value::Null,
            needs: Object::default(),
            steps: Object::default(),
            jobs: Value::Null,
            success: Truth::True,
        }
    }

    fn open(&self, what: &str, reason: &str) -> Value {
        Value::object(Object::open(self.unknowns.note(what, reason)))
    }
}

fn object<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Object {
    let mut object = Object::default();
    for (name, value) in entries {
        object.insert(name, value);
    }
    object
}

fn github(event: &Event, settings: &Settings, workflow: &Workflow, unknowns: &Unknowns) -> Object {
    let reference = event.reference.as_str();
    let short = |prefix| reference.strip_prefix(prefix);
    let (kind, name) = match (short("refs/tags/"), short("refs/heads/")) {
        (Some(tag), _) => ("tag", tag),
        (None, Some(branch)) => ("branch", branch),
        _ => ("branch", short("refs/pull/").unwrap_or(reference)),
    };
    let pull = event.name.starts_with("pull_request");
    let head = event.payload.pointer("/pull_request/head/ref");
    let head = head.and_then(Json::as_str).filter(|_| pull);
    let run = |what: &str| Value::Unknown(unknowns.note(what, "differs in each run"));
    let repository = || {
        let reason = "the repository's name; `--repository` gives it";
        unknowns.note("github.repository", reason)
    };
    let (full, owner) = match settings.repository.as_deref() {
        Some(full) => (
            text(full),
            text(full.split_once('/').map_or(full, |(owner, _)| owner)),
        ),
        None => {
            let reason = "the repository's owner; `--repository` gives it";
            let owner = match &settings.repository_owner {
                Some(owner) => text(owner),
                None => Value::Unknown(unknowns.note("github.repository_owner", reason)),
            };
            (Value::Unknown(repository()), owner)
        }
    };
    let mut github = object([
        ("event_name", text(&event.name)),
        ("ref", text(&clean(reference))),
        ("ref_name", text(&clean(name))),
        ("ref_type", text(kind)),
        ("sha", text(&event.sha)),
        ("head_ref", text(&clean(head.unwrap_or_default()))),
        ("base_ref", text(event.base.as_deref().unwrap_or_default())),
        ("repository", full),
        ("repository_owner", owner),
        (
            "workflow",
            text(workflow.name.as_deref().unwrap_or_default()),
        ),
        ("server_url", text("https://github.com")),
        ("api_url", text("https://api.github.com")),
        ("workspace", text("/home/runner/work")),
        ("actor", run("github.actor")),
        ("triggering_actor", run("github.triggering_actor")),
        ("run_id", run("github.run_id")),
        ("run_number", run("github.run_number")),
        ("run_attempt", text("1")),
        (
            "token",
            Value::Unknown(unknowns.note("github.token", "a secret")),
        ),
    ]);
    let mut payload = Value::from(event.payload.clone());
    if !event.payload_is_whole {
        let reason = "not part of the sample event; `--payload` gives it";
        payload = opened(&payload, unknowns.note("github.event", reason));
    }
    github.insert("event", payload);
    github
}

/// The value with all objects in it open: what they do not name is unknown.
fn opened(value: &Value, mark: Mark) -> Value {
    let Value::Object(object) = value else {
        return value.clone();
    };
    let mut open = Object::open(mark);
    for (name, value) in object.iter() {
        open.insert(name, opened(value, mark));
    }
    Value::object(open)
}

/// Inputs of a dispatch: what was told, else the declared default; on other events there are none.
fn inputs(event: &Event, settings: &Settings, workflow: &Workflow, unknowns: &Unknowns) -> Value {
    let mut inputs = object(settings.inputs.iter().map(|(k, v)| (k.as_str(), text(v))));
    let trigger = workflow
        .triggers
        .iter()
        .find(|trigger| trigger.event == event.name);
    let declared = trigger
        .and_then(|trigger| trigger.settings()?.get("inputs"))
        .map(super::tree::Tree::pairs)
        .unwrap_or_default();
    for (name, declaration) in declared {
        let default = declaration.get("default").and_then(|tree| tree.scalar());
        let kind = declaration.get("type").and_then(|tree| tree.scalar());
        let kind = kind.map_or("string", |kind| kind.text.as_str());
        let told = settings
            .inputs
            .iter()
            .find(|(told, _)| told.eq_ignore_ascii_case(&name.text));
        let given = told.map(|(_, value)| value.as_str());
        let value = match (given.or(default.map(|default| default.text.as_str())), kind) {
            (Some(value), "boolean") => Value::Bool(value == "true"),
            (Some(value), "number") => Value::Number(value.parse().unwrap_or(0.0)),
            (Some(value), _) => text(&clean(value)),
            (None, "boolean") => Value::Bool(false),
            (None, _) => {
                let what = format!("inputs.{}", name.text);
                Value::Unknown(unknowns.note(what, "an input; `--input` gives it"))
            }
        };
        inputs.insert(name.text.as_str(), value);
    }
    if inputs.is_empty() {
        return Value::Null;
    }
    Value::Object(Rc::new(inputs))
}

impl Contexts for Frame<'_> {
    fn context(&self, name: &str) -> Option<Value> {
        Some(match name.to_ascii_lowercase().as_str() {
            "github" => self.github.clone(),
            "env" => Value::Object(Rc::new(self.env.clone())),
            "vars" => self.vars.clone(),
            "inputs" => self.inputs.clone(),
            "matrix" => self.matrix.clone(),
            "needs" => Value::Object(Rc::new(self.needs.clone())),
            "steps" => Value::Object(Rc::new(self.steps.clone())),
            "jobs" => self.jobs.clone(),
            "secrets" => self.open("secrets", "a secret"),
            "runner" => self.open("runner", "the machine that runs the job"),
            "job" => self.open("job", "the running job"),
            "strategy" => self.open("strategy", "the running matrix"),
            _ => return None,
        })
    }

    fn function(&self, name: &str, _: &[Value]) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "success" => Some(Value::from(self.success)),
            "always" => Some(Value::Bool(true)),
            "failure" | "cancelled" => Some(Value::Bool(false)),
            "hashfiles" => {
                let reason = "the contents of the checked-out files";
                Some(Value::Unknown(self.unknowns.note("hashFiles(…)", reason)))
            }
            _ => None,
        }
    }

    fn unknowns(&self) -> &Unknowns {
        self.unknowns
    }
}
