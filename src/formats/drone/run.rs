//! One run of the pipelines of a file for one event.

use super::condition::Asked;
use super::definition::{Definition, Pipeline, Step, System};
use super::matrix::{self, Instance};
use super::plugin::{self, Use};
use super::settings::Told;
use super::{substitute, variables};
use crate::eval::shell;
use crate::eval::unknown::Unknowns;
use crate::eval::value::{Object, Truth, Value};
use crate::facts::Plan;
use crate::files::Files;
use crate::formats::ci::event::{self, Event, Names};
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::script;
use crate::formats::ci::settings::Settings;
use crate::formats::ci::text::Text;
use crate::formats::ci::tree::{TOO_LARGE, Template, Tree};
use crate::formats::ci::variables::Variables;
use crate::source::{Place, Span};

/// What the pipelines of a file publish, in each scenario that their conditions admit.
#[must_use]
pub fn plans(definition: &Definition, settings: &Settings, files: &dyn Files) -> Vec<Plan> {
    event::plans(settings, &names(definition), |event| {
        let unknowns = Unknowns::default();
        let mut run = Run {
            definition,
            settings,
            files,
            event,
            unknowns: &unknowns,
            ran: false,
        };
        let mut ledger = Ledger::new(&unknowns, definition.file);
        for pipeline in &definition.pipelines {
            run.pipeline(pipeline, &mut ledger);
        }
        let plan = ledger.into_plan(event.scenario, &event.name, &event.reference);
        (plan, run.ran)
    })
}

/// What conditions call branches and git tags.
fn names(definition: &Definition) -> Names {
    let mut names = Names::default();
    for pipeline in &definition.pipelines {
        let steps = pipeline.steps.iter().map(|step| step.tree.get("when"));
        for when in steps.chain([pipeline.when.as_ref()]).flatten() {
            let lists = match when {
                Tree::Sequence(items, _) => items.iter().collect(),
                when => vec![when],
            };
            for list in lists {
                gather(list, &mut names);
            }
        }
    }
    names
}

fn gather(conditions: &Tree, names: &mut Names) {
    for (key, value) in conditions.pairs() {
        let list = value.get("include").unwrap_or(value);
        for text in list.texts() {
            match key.text.as_str() {
                "branch" => names.branches.push(text.to_owned()),
                "tag" => names.tags.push(text.to_owned()),
                "ref" => {
                    let branch = text.strip_prefix("refs/heads/");
                    names.branches.extend(branch.map(str::to_owned));
                    names
                        .tags
                        .extend(text.strip_prefix("refs/tags/").map(str::to_owned));
                }
                _ => {}
            }
        }
    }
}

/// One instance of a pipeline.
struct Job<'a> {
    pipeline: &'a Pipeline,
    values: Option<&'a Object>,
    matrix_at: Option<Place>,
}

struct Run<'a> {
    definition: &'a Definition,
    settings: &'a Settings,
    files: &'a dyn Files,
    event: &'a Event,
    unknowns: &'a Unknowns,
    ran: bool,
}

impl Run<'_> {
    fn place(&self, span: Span) -> Place {
        Place {
            file: self.definition.file,
            span,
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, ledger: &mut Ledger<'_>) {
        let matrix = match self.definition.system {
            System::Woodpecker => pipeline.tree.get("matrix"),
            // Only pipelines of the old form have one.
            System::Drone => pipeline
                .tree
                .get("matrix")
                .filter(|_| pipeline.tree.get("kind").is_none()),
        };
        if let Some(cut) = pipeline.cut {
            let at = Some(self.place(cut));
            let unknowns = ledger.unknowns();
            let mark = unknowns.note_at("the rest of the file", TOO_LARGE, at);
            ledger.opaque(mark);
        }
        let matrix_at = matrix.map(|tree| self.place(tree.span()));
        let (instances, whole) = matrix::instances(matrix);
        if !whole {
            let reason = format!(
                "the matrix gives more than {} workflows: those beyond are not evaluated",
                matrix::MAX_INSTANCES
            );
            let mark = ledger.unknowns().note_at("matrix", reason, matrix_at);
            ledger.opaque(mark);
        }
        for instance in instances {
            if !ledger.may_go_on() {
                break;
            }
            let mut values = Object::default();
            for (name, value) in &instance {
                values.insert(name.as_str(), Value::text(value.as_str()));
            }
            let doubts = ledger.doubts();
            let job = Job {
                pipeline,
                values: (!instance.is_empty()).then_some(&values),
                matrix_at,
            };
            self.instance(&job, &instance, ledger);
            ledger.restore_doubts(doubts);
        }
    }

    /// A step counts as a job of its own: it runs in a container that shares nothing but files.
    fn name(&self, pipeline: &Pipeline, step: &Step) -> String {
        let named = pipeline.tree.get("name").is_some();
        match (&step.name, self.definition.system) {
            (Some(step), System::Drone) if named => format!("{}/{step}", pipeline.name),
            (Some(step), _) => step.clone(),
            (None, _) => pipeline.name.clone(),
        }
    }

    fn instance(&mut self, job: &Job<'_>, instance: &Instance, ledger: &mut Ledger<'_>) {
        let pipeline = job.pipeline;
        let system = self.definition.system;
        let (event, unknowns) = (self.event, self.unknowns);
        let mut all = variables::of(system, pipeline, event, self.settings, self.files, unknowns);
        for (name, value) in instance {
            all.set(name, value.as_str());
        }
        let file = self.definition.file;
        let lookup = |name: &str| all.get(name).unwrap_or_default().to_owned();
        let text = |template: &Template| substitute::scalar(file, template, &lookup, unknowns);
        let asked = Asked {
            system,
            file,
            event,
            repository: self.settings.repository.as_deref(),
            matrix: instance,
            unknowns,
            text: &text,
        };
        match asked.holds(pipeline.when.as_ref()) {
            Truth::False => return,
            Truth::Unknown(mark) => ledger.doubt(mark),
            Truth::True => {}
        }
        let mut all = all.clone();
        environment(file, pipeline.tree.get("environment"), &text, &mut all);
        for step in &pipeline.steps {
            let doubts = ledger.doubts();
            let at = self.place(step.at);
            let runs = asked.holds(step.tree.get("when"));
            ledger.come_to(self.place(step.tree.span()), runs != Truth::False);
            ledger.begin_job(&self.name(pipeline, step), job.values, job.matrix_at);
            ledger.job_stands_at(at);
            match runs {
                Truth::False => continue,
                Truth::Unknown(mark) => ledger.doubt(mark),
                Truth::True => {}
            }
            self.ran = true;
            let goes_on = self.step(pipeline, step, &text, &all, ledger);
            ledger.restore_doubts(doubts);
            if !goes_on {
                break;
            }
        }
    }

    fn step(
        &self,
        pipeline: &Pipeline,
        step: &Step,
        text: &dyn Fn(&Template) -> Text,
        variables: &Variables<'_>,
        ledger: &mut Ledger<'_>,
    ) -> bool {
        let at = self.place(step.at);
        let file = self.definition.file;
        let image = step.tree.get("image").and_then(Tree::scalar).map(text);
        let Some(commands) = step.commands() else {
            let Some(image) = image else { return true };
            let used = Use {
                told: Told {
                    step,
                    file,
                    unknowns: self.unknowns,
                    text,
                },
                pipeline,
                event: self.event,
                files: self.files,
                at,
            };
            return match plugin::publish(&image.text, &used, ledger) {
                Ok(()) => true,
                Err(reason) => {
                    let tag = self.event.tag().unwrap_or_default();
                    let message = format!("`auto_tag` fails for the git tag `{tag}`: {reason}");
                    // Sample names of git tags are nobody's fault.
                    if self.settings.event.is_some() {
                        ledger.fault(message, at);
                    }
                    false
                }
            };
        };
        let mut script = Text::default();
        for command in commands.items().iter().filter_map(Tree::scalar) {
            script.append(&text(command));
            script.glue("\n");
        }
        if pipeline.windows {
            if shell::may_publish(&script.text) {
                let reason = "commands of PowerShell are not evaluated";
                let mark = self.unknowns.note_at("a script", reason, Some(at));
                ledger.opaque(mark);
            }
            return true;
        }
        let mut variables = variables.clone();
        environment(file, step.tree.get("environment"), text, &mut variables);
        secrets(step, &mut variables);
        script::run(&script, &variables, step.number, at, ledger)
    }
}

/// Variables of an `environment` block: a map, or a list of `NAME=value`.
fn environment(
    file: crate::source::FileId,
    block: Option<&Tree>,
    text: &dyn Fn(&Template) -> Text,
    variables: &mut Variables<'_>,
) {
    let Some(block) = block else { return };
    let unknowns = variables.unknowns;
    for (name, value) in block.pairs() {
        match value {
            Tree::Scalar(template) => variables.set(&name.text, text(template).text),
            _ => {
                let secret = value.get("from_secret").and_then(Tree::scalar);
                let place = Place {
                    file,
                    span: value.span(),
                };
                let what = secret.map_or(name.text.as_str(), |secret| secret.text.as_str());
                let mark = unknowns.note_at(format!("secrets.{what}"), "a secret", Some(place));
                variables.set(&name.text, mark.as_char().to_string());
            }
        }
    }
    if let Tree::Sequence(items, _) = block {
        for item in items.iter().filter_map(Tree::scalar) {
            if let Some((name, value)) = text(item).text.split_once('=') {
                variables.set(name, value);
            }
        }
    }
}

/// `secrets` of a step: each is a variable of its name in capitals.
fn secrets(step: &Step, variables: &mut Variables<'_>) {
    let Some(Tree::Sequence(items, _)) = step.tree.get("secrets") else {
        return;
    };
    for item in items {
        let scalar = |name: &str| item.get(name).and_then(Tree::scalar);
        let source = item.scalar().or_else(|| scalar("source"));
        let target = scalar("target").or(source);
        if let (Some(source), Some(target)) = (source, target) {
            let what = format!("secrets.{}", source.text);
            let mark = variables.unknowns.note(what, "a secret");
            variables.set(&target.text.to_uppercase(), mark.as_char().to_string());
        }
    }
}
