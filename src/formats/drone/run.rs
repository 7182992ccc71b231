//! One run of the pipelines of a file for an event.

use super::Pipelines;
use super::condition::Asked;
use super::plugin::{self, Kind, Plugin};
use super::surroundings::{Surroundings, event_name};
use crate::eval::drone::Family;
use crate::eval::shell;
use crate::eval::unknown::Unknowns;
use crate::eval::value::{Object, Truth, Value};
use crate::facts::Plan;
use crate::files::Files;
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::{self, images};
use crate::formats::github::event::{Event, Settings};
use crate::formats::github::tree::{Template, Tree};
use crate::source::Place;

/// What the pipelines of a file publish, on every event that starts one of them.
#[must_use]
pub fn plans(pipelines: &Pipelines, settings: &Settings, files: &dyn Files) -> Vec<Plan> {
    let scripts = shell::Cache::default();
    let events = settings.every_event();
    let known = events
        .iter()
        .filter(|event| event_name(event, pipelines.family).is_some());
    known
        .filter_map(|event| plan(pipelines, event, settings, files, &scripts))
        .collect()
}

fn plan(
    pipelines: &Pipelines,
    event: &Event,
    settings: &Settings,
    files: &dyn Files,
    scripts: &shell::Cache,
) -> Option<Plan> {
    let unknowns = Unknowns::default();
    let around = Surroundings::new(event, pipelines.family, settings, files, &unknowns, scripts);
    let mut ledger = Ledger::new(&unknowns, pipelines.file);
    let mut started = false;
    for document in &pipelines.documents {
        let rows = matrix(document);
        for row in rows {
            let around = around.with(&row);
            let asked = Asked {
                event,
                family: pipelines.family,
                file: pipelines.file,
                repository: settings.repository.as_deref(),
                around: &around,
            };
            let condition = match pipelines.family {
                Family::Drone => document.get("trigger"),
                Family::Woodpecker => document.get("when"),
            };
            let runs = asked.holds(condition);
            if runs == Truth::False {
                continue;
            }
            started = true;
            let doubts = ledger.doubts();
            if let Truth::Unknown(mark) = runs {
                ledger.doubt(mark);
            }
            let run = Run {
                pipelines,
                document,
                row: &row,
                asked: &asked,
            };
            run.steps(&mut ledger);
            ledger.restore_doubts(doubts);
        }
    }
    started.then(|| ledger.into_plan(event.scenario, &event.name, &event.reference))
}

/// The rows of Woodpecker's `matrix`; one without variables where there is none.
fn matrix(document: &Tree) -> Vec<Vec<(String, String)>> {
    const MOST: usize = 256;
    let Some(matrix) = document.get("matrix") else {
        return vec![Vec::new()];
    };
    let scalar =
        |pair: &(Template, Tree)| Some((pair.0.text.clone(), pair.1.scalar()?.text.clone()));
    if let Some(include) = matrix.get("include") {
        let rows = include.items().iter().take(MOST);
        return rows
            .map(|row| row.pairs().iter().filter_map(scalar).collect())
            .collect();
    }
    let mut rows: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for (name, values) in matrix.pairs() {
        let mut next = Vec::new();
        for row in &rows {
            for value in values.texts() {
                let mut row = row.clone();
                row.push((name.text.clone(), value.to_owned()));
                next.push(row);
            }
        }
        next.truncate(MOST);
        rows = next;
    }
    rows
}

struct Run<'a> {
    pipelines: &'a Pipelines,
    document: &'a Tree,
    row: &'a [(String, String)],
    asked: &'a Asked<'a>,
}

impl Run<'_> {
    /// Each step with its name: a list, or the mapping of Woodpecker.
    fn list(&self) -> Vec<(String, &Tree)> {
        let steps = self
            .document
            .get("steps")
            .or_else(|| self.document.get("pipeline"));
        let Some(steps) = steps else {
            return Vec::new();
        };
        if steps.pairs().is_empty() {
            let name = |step: &Tree| step.get("name")?.scalar().map(|name| name.text.clone());
            let named = steps
                .items()
                .iter()
                .map(|step| (name(step).unwrap_or_default(), step));
            return named.collect();
        }
        let pairs = steps.pairs().iter();
        pairs
            .map(|(name, step)| (name.text.clone(), step))
            .collect()
    }

    /// A job is a step of its own: steps run in containers that share nothing but files.
    fn job(&self, step: &str) -> String {
        let name = self.document.get("name").and_then(Tree::scalar);
        match (self.pipelines.family, name) {
            (Family::Drone, Some(name)) => format!("{}/{step}", name.text),
            _ => step.to_owned(),
        }
    }

    fn steps(&self, ledger: &mut Ledger<'_>) {
        let row = (!self.row.is_empty()).then(|| {
            let mut object = Object::default();
            for (name, value) in self.row {
                object.insert(name.as_str(), Value::text(value.as_str()));
            }
            object
        });
        for (number, (name, step)) in self.list().into_iter().enumerate() {
            let at = Place {
                file: self.pipelines.file,
                span: step.span(),
            };
            let runs = self.asked.holds(step.get("when"));
            ledger.come_to(at, runs != Truth::False);
            if runs == Truth::False {
                continue;
            }
            ledger.begin_job(&self.job(&name), row.as_ref(), None);
            ledger.job_stands_at(at);
            let doubts = ledger.doubts();
            if let Truth::Unknown(mark) = runs {
                ledger.doubt(mark);
            }
            let goes_on = self.step(number, step, at, ledger);
            ledger.restore_doubts(doubts);
            if !goes_on {
                return;
            }
        }
    }

    fn step(&self, number: usize, step: &Tree, at: Place, ledger: &mut Ledger<'_>) -> bool {
        let around = self.asked.around;
        let image = step.get("image").and_then(Tree::scalar);
        let image = image
            .map(|image| around.substitute(&image.text, at))
            .unwrap_or_default();
        if let Some(kind) = plugin::kind(&image) {
            let plugin = Plugin {
                event: self.asked.event,
                around,
                file: self.pipelines.file,
                settings: step.get("settings").unwrap_or(step),
                step: number,
                at: step.get("image").map_or(at, |image| Place {
                    file: self.pipelines.file,
                    span: image.span(),
                }),
            };
            match kind {
                Kind::Build { family, registry } => return plugin.build(family, registry, ledger),
                Kind::Manifest => plugin.manifest(ledger),
            }
            return true;
        }
        self.commands(number, step, ledger);
        true
    }

    /// The commands of a step: one script, which stops at the first that fails.
    fn commands(&self, number: usize, step: &Tree, ledger: &mut Ledger<'_>) {
        let commands = step.get("commands").map(Tree::items).unwrap_or_default();
        let mut environment: Vec<(String, String)> = Vec::new();
        let set = step.get("environment").into_iter();
        for (name, value) in set.flat_map(Tree::pairs) {
            if let Some(value) = value.scalar() {
                let at = Place {
                    file: self.pipelines.file,
                    span: value.span,
                };
                let text = self.asked.around.substitute(&value.text, at);
                environment.push((name.text.clone(), text));
            }
        }
        let around = self.asked.around.with(&environment);
        let mut text = String::new();
        let mut lines: Vec<(usize, Place)> = Vec::new();
        for command in commands.iter().filter_map(Tree::scalar) {
            let at = Place {
                file: self.pipelines.file,
                span: command.span,
            };
            lines.push((text.len(), at));
            text.push_str(&around.substitute(&command.text, at));
            text.push('\n');
        }
        if images::may_name(&text) {
            ledger.go_blind();
        }
        if !shell::may_publish(&text) {
            return;
        }
        // A command stands where its item does.
        let whole = lines.first().map(|(_, at)| *at);
        let place = |range: std::ops::Range<usize>| {
            let before = lines.iter().rev().find(|(start, _)| *start <= range.start);
            before.map(|(_, at)| *at).or(whole).unwrap_or(Place {
                file: self.pipelines.file,
                span: step.span(),
            })
        };
        let ran = shell::run(&shell::Script {
            cache: around.scripts,
            text: &text,
            environment: &around,
            unknowns: around.unknowns,
            locate: &|range| Some(place(range)),
        });
        for fault in &ran.faults {
            let at = Some(place(fault.span.clone()));
            let mark = around
                .unknowns
                .note_at("a part of a script", &fault.message, at);
            ledger.opaque(mark);
        }
        let script = ci::Script {
            text: &text,
            place: &place,
            step: number,
            environment: &around,
            unknowns: around.unknowns,
            files: around.files,
            has_dockerfile: &|_| None,
        };
        images::publish(&script, &ran, ledger);
    }
}
