//! A GitHub Actions workflow as written: jobs and steps with their places, nothing evaluated.

use super::tree::{Template, Tree};
use super::triggers::Trigger;
use crate::source::{FileId, Span};
use crate::yaml::{Kind, NodeRef};

/// A workflow file.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// The file.
    pub file: FileId,
    /// Its display name, where it has one.
    pub name: Option<String>,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// `env` of the workflow.
    pub env: Option<Tree>,
    /// `defaults.run.shell`.
    pub shell: Option<String>,
    /// Its jobs in order.
    pub jobs: Vec<Job>,
    /// What is wrong with its structure: a message and where.
    pub faults: Vec<(String, Span)>,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its key.
    pub id: String,
    /// The key's bytes.
    pub at: Span,
    /// `if`.
    pub condition: Option<Template>,
    /// The jobs it waits for.
    pub needs: Vec<String>,
    /// `strategy.matrix`, with the bytes of its key.
    pub matrix: Option<Tree>,
    /// `env`.
    pub env: Option<Tree>,
    /// `outputs`.
    pub outputs: Option<Tree>,
    /// The workflow it calls, where it does.
    pub uses: Option<Template>,
    /// What it hands to the called workflow.
    pub with: Option<Tree>,
    /// `defaults.run.shell`.
    pub shell: Option<String>,
    /// Whether the run goes on where it fails, or may do so.
    pub tolerant: bool,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its number in the job, from 0.
    pub number: usize,
    /// `id`.
    pub id: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// The bytes of the whole step.
    pub at: Span,
    /// `if`.
    pub condition: Option<Template>,
    /// The action it uses.
    pub uses: Option<Template>,
    /// The action's inputs.
    pub with: Option<Tree>,
    /// The script it runs.
    pub run: Option<Template>,
    /// The shell that runs it, where the step says.
    pub shell: Option<String>,
    /// Whether the job goes on where it fails, or may do so.
    pub tolerant: bool,
    /// `env`.
    pub env: Option<Tree>,
    /// The folder that its script runs in, from the root of the repository.
    pub directory: Option<Template>,
}

impl Step {
    /// The action's name without its version, in lower case: `docker/metadata-action`.
    #[must_use]
    pub fn action(&self) -> Option<String> {
        let uses = &self.uses.as_ref()?.text;
        let name = uses.split_once('@').map_or(uses.as_str(), |(name, _)| name);
        Some(name.trim().to_ascii_lowercase())
    }

    /// What follows the `@` of `uses`: a version, a branch or a commit.
    #[must_use]
    pub fn action_version(&self) -> Option<&str> {
        Some(self.uses.as_ref()?.text.split_once('@')?.1.trim())
    }

    /// An input of the action as written.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Tree> {
        self.with.as_ref()?.get(name)
    }
}

/// An action of the repository: composite, or of a kind that is not evaluated.
#[derive(Debug, Clone)]
pub struct Action {
    /// The file.
    pub file: FileId,
    /// `inputs` with their defaults.
    pub inputs: Option<Tree>,
    /// `outputs` with the expressions that give them.
    pub outputs: Option<Tree>,
    /// The steps of a composite action; `None` for other kinds.
    pub steps: Option<Vec<Step>>,
}

/// Whether a document has the shape of an action's `action.yml`.
#[must_use]
pub fn is_action(root: NodeRef<'_, '_>) -> bool {
    root.path(&["runs", "using"]).is_some()
}

/// Reads an action.
#[must_use]
pub fn read_action(file: FileId, root: NodeRef<'_, '_>) -> Action {
    let runs = root.get("runs");
    let using = runs.and_then(|runs| runs.get("using")?.text());
    let steps = runs.and_then(|runs| runs.get("steps"));
    let composite = using == Some("composite");
    Action {
        file,
        inputs: root.get("inputs").map(Tree::read),
        outputs: root.get("outputs").map(Tree::read),
        steps: composite.then(|| {
            let steps = steps.into_iter().flat_map(NodeRef::items);
            steps
                .enumerate()
                .map(|(n, step)| read_step(n, step))
                .collect()
        }),
    }
}

/// Whether a document has the shape of a workflow.
#[must_use]
pub fn is_workflow(root: NodeRef<'_, '_>) -> bool {
    let jobs = root.get("jobs").map(NodeRef::kind) == Some(Kind::Mapping);
    jobs && (root.get("on").is_some() || root.get("true").is_some())
}

/// Reads a workflow.
#[must_use]
pub fn read(file: FileId, root: NodeRef<'_, '_>) -> Workflow {
    let mut faults = Vec::new();
    let mut jobs = Vec::new();
    match root.entry("jobs") {
        Some((_, list)) if list.kind() == Kind::Mapping => {
            for (id, key, job) in list.entries() {
                jobs.push(read_job(id, key.span(), job, &mut faults));
            }
        }
        Some((key, _)) => faults.push(("`jobs` is no mapping".to_owned(), key.span())),
        None => faults.push(("a workflow without `jobs`".to_owned(), root.span())),
    }
    let usual = directory(root);
    let steps = jobs.iter_mut().flat_map(|job: &mut Job| &mut job.steps);
    for step in steps.filter(|step| step.directory.is_none()) {
        step.directory.clone_from(&usual);
    }
    let on = root.get("on").or_else(|| root.get("true"));
    Workflow {
        file,
        name: text(root, "name"),
        triggers: on
            .map(|on| Trigger::read(&Tree::read(on)))
            .unwrap_or_default(),
        env: root.get("env").map(Tree::read),
        shell: default_shell(root),
        jobs,
        faults,
    }
}

fn read_job(id: &str, at: Span, job: NodeRef<'_, '_>, faults: &mut Vec<(String, Span)>) -> Job {
    let uses = job.get("uses").and_then(Template::read);
    let mut steps: Vec<Step> = Vec::new();
    match job.get("steps") {
        Some(list) if list.kind() == Kind::Sequence => {
            steps.extend(list.items().enumerate().map(|(n, step)| read_step(n, step)));
        }
        Some(other) => faults.push((format!("`steps` of job `{id}` is no list"), other.span())),
        None if uses.is_none() => {
            faults.push((format!("job `{id}` has neither `steps` nor `uses`"), at));
        }
        None => {}
    }
    let usual = directory(job);
    for step in steps.iter_mut().filter(|step| step.directory.is_none()) {
        step.directory.clone_from(&usual);
    }
    Job {
        id: id.to_owned(),
        at,
        condition: job.get("if").and_then(Template::read),
        needs: job
            .get("needs")
            .map(|needs| Tree::read(needs).texts().map(str::to_owned).collect())
            .unwrap_or_default(),
        matrix: job.path(&["strategy", "matrix"]).map(Tree::read),
        env: job.get("env").map(Tree::read),
        outputs: job.get("outputs").map(Tree::read),
        uses,
        with: job.get("with").map(Tree::read),
        shell: default_shell(job),
        tolerant: is_tolerant(job),
        steps,
    }
}

/// The folder that scripts run in, where the step does not say another.
fn directory(node: NodeRef<'_, '_>) -> Option<Template> {
    let path = ["defaults", "run", "working-directory"];
    node.path(&path).and_then(Template::read)
}

fn read_step(number: usize, step: NodeRef<'_, '_>) -> Step {
    Step {
        number,
        id: text(step, "id"),
        name: text(step, "name"),
        at: step.span(),
        condition: step.get("if").and_then(Template::read),
        uses: step.get("uses").and_then(Template::read),
        with: step.get("with").map(Tree::read),
        run: step.get("run").and_then(Template::read),
        shell: text(step, "shell"),
        tolerant: is_tolerant(step),
        env: step.get("env").map(Tree::read),
        directory: step.get("working-directory").and_then(Template::read),
    }
}

/// The shell of `defaults`.
fn default_shell(node: NodeRef<'_, '_>) -> Option<String> {
    let shell = node.path(&["defaults", "run", "shell"])?;
    Some(shell.text()?.to_owned())
}

/// `continue-on-error`, but for a plain `false`.
fn is_tolerant(node: NodeRef<'_, '_>) -> bool {
    let text = node.get("continue-on-error").and_then(NodeRef::text);
    text.is_some_and(|text| text != "false")
}

fn text(node: NodeRef<'_, '_>, key: &str) -> Option<String> {
    Some(node.get(key)?.text()?.to_owned())
}
