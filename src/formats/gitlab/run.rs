//! One run of a pipeline for one event.

use super::definition::{Definition, Whole};
use super::matrix;
use super::refs;
use super::rules::Asked;
use super::variables::{self, block};
use crate::eval::unknown::Unknowns;
use crate::eval::value::{Object, Truth, Value};
use crate::facts::Plan;
use crate::files::Files;
use crate::formats::ci::event::{self, Event, Names};
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::script;
use crate::formats::ci::settings::Settings;
use crate::formats::ci::text::Text;
use crate::formats::ci::tree::{Template, Tree};
use crate::formats::ci::variables::Variables;
use crate::source::{Place, Span};

/// What a pipeline publishes, in each scenario that its rules admit.
#[must_use]
pub fn plans(definition: &Definition, settings: &Settings, files: &dyn Files) -> Vec<Plan> {
    let whole = definition.whole(files);
    event::plans(settings, &names(&whole), |event| {
        let unknowns = Unknowns::default();
        let mut run = Run {
            definition,
            whole: &whole,
            settings,
            files,
            event,
            unknowns: &unknowns,
            ran: false,
        };
        let mut ledger = Ledger::new(&unknowns, definition.file);
        run.pipeline(&mut ledger);
        let plan = ledger.into_plan(event.scenario, &event.name, &event.reference);
        (plan, run.ran)
    })
}

/// What rules call branches and git tags.
fn names(whole: &Whole) -> Names {
    let mut names = Names::default();
    let jobs = whole.jobs.iter().map(|(_, job)| job);
    for job in jobs.chain(whole.root.get("workflow")) {
        for rule in job.get("rules").map(Tree::items).unwrap_or_default() {
            let text = rule.get("if").and_then(Tree::scalar);
            let text = text.map_or("", |text| text.text.as_str());
            for quote in ['"', '\''] {
                let words = text.split(quote).skip(1).step_by(2);
                names.branches.extend(words.map(str::to_owned));
            }
            let patterns = text.split("/^").skip(1);
            names.tags.extend(patterns.map(str::to_owned));
        }
        let only = job.get("only").map(|only| only.get("refs").unwrap_or(only));
        for text in only.iter().flat_map(|only| only.texts()) {
            match text.strip_prefix("/^") {
                Some(pattern) => names.tags.push(pattern.to_owned()),
                None => names.branches.push(text.to_owned()),
            }
        }
    }
    names
}

struct Run<'a> {
    definition: &'a Definition,
    whole: &'a Whole,
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

    fn pipeline(&mut self, ledger: &mut Ledger<'_>) {
        let base = variables::predefined(self.event, self.settings, self.files, self.unknowns);
        let mut blocks = vec![block(self.whole.root.get("variables"))];
        let workflow = self.whole.root.get("workflow");
        if let Some(rules) = workflow.and_then(|workflow| workflow.get("rules")) {
            let mut all = base.clone();
            variables::set_all(&mut all, self.settings, &blocks);
            let lookup = |name: &str| all.value(name);
            let verdict = self.asked(&lookup).decide(rules, None);
            match verdict.runs {
                Truth::False => return,
                Truth::Unknown(mark) => ledger.doubt(mark),
                Truth::True => {}
            }
            blocks.push(verdict.variables);
        }
        for foreign in &self.whole.foreign {
            let at = Some(self.place(foreign.at));
            let mark = self.unknowns.note_at(&foreign.what, foreign.reason, at);
            ledger.opaque(mark);
        }
        for (name, job) in &self.whole.jobs {
            let doubts = ledger.doubts();
            self.job(name, job, &base, &blocks, ledger);
            ledger.restore_doubts(doubts);
        }
    }

    fn asked<'l>(&'l self, lookup: &'l dyn Fn(&str) -> Option<String>) -> Asked<'l> {
        Asked {
            file: self.definition.file,
            event: self.event,
            lookup,
            unknowns: self.unknowns,
        }
    }

    fn job(
        &mut self,
        name: &Template,
        job: &Tree,
        base: &Variables<'_>,
        blocks: &[Vec<(String, String)>],
        ledger: &mut Ledger<'_>,
    ) {
        let matrix_at = job.get("parallel").map(|tree| self.place(tree.span()));
        let inherited = self.inherited(job, blocks);
        let instances = matrix::instances(job).unwrap_or_else(|refused| {
            let message = format!("the matrix of job `{}` is refused: {refused}", name.text);
            ledger.fault(message, matrix_at.unwrap_or(self.place(name.span)));
            self.ran = true;
            Vec::new()
        });
        for instance in instances {
            if !ledger.may_go_on() {
                break;
            }
            let mut blocks = inherited.clone();
            blocks.push(block(job.get("variables")));
            blocks.push(instance.clone());
            let mut all = base.clone();
            all.set_default("CI_JOB_NAME", name.text.as_str());
            let stage = job.get("stage").and_then(Tree::scalar);
            all.set_default("CI_JOB_STAGE", stage.map_or("test", |stage| &stage.text));
            let mut first = all.clone();
            variables::set_all(&mut first, self.settings, &blocks);
            let doubts = ledger.doubts();
            let lookup = |name: &str| first.value(name);
            let asked = self.asked(&lookup);
            let runs = match job.get("rules") {
                Some(rules) => {
                    let verdict = asked.decide(rules, job.get("when"));
                    blocks.push(verdict.variables);
                    verdict.runs
                }
                None => refs::admit(&asked, job).and(asked.when(job.get("when"))),
            };
            match runs {
                Truth::False => continue,
                Truth::Unknown(mark) => ledger.doubt(mark),
                Truth::True => {}
            }
            self.ran = true;
            variables::set_all(&mut all, self.settings, &blocks);
            let mut values = Object::default();
            for (name, value) in &instance {
                values.insert(name.as_str(), Value::text(value.as_str()));
            }
            let values = (!instance.is_empty()).then_some(&values);
            ledger.begin_job(&name.text, values, matrix_at);
            self.scripts(name, job, &all, ledger);
            ledger.restore_doubts(doubts);
        }
    }

    /// The variables of the pipeline that a job takes over.
    fn inherited(
        &self,
        job: &Tree,
        blocks: &[Vec<(String, String)>],
    ) -> Vec<Vec<(String, String)>> {
        let inherit = job
            .get("inherit")
            .and_then(|inherit| inherit.get("variables"));
        match inherit {
            None => blocks.to_vec(),
            Some(Tree::Scalar(flag)) if flag.text == "true" => blocks.to_vec(),
            Some(Tree::Scalar(_)) => Vec::new(),
            Some(list) => {
                let named = |name: &str| list.texts().any(|own| own == name);
                let kept = blocks.iter().map(|block| {
                    let kept = block.iter().filter(|(name, _)| named(name));
                    kept.cloned().collect()
                });
                kept.collect()
            }
        }
    }

    fn scripts(
        &self,
        name: &Template,
        job: &Tree,
        variables: &Variables<'_>,
        ledger: &mut Ledger<'_>,
    ) {
        let at = self.place(name.span);
        if let Some(trigger) = job.get("trigger") {
            let at = Some(self.place(trigger.span()));
            let reason = "the pipeline that it starts is not evaluated";
            let what = format!("`trigger` of job `{}`", name.text);
            ledger.opaque(self.unknowns.note_at(what, reason, at));
            return;
        }
        let inherit = job
            .get("inherit")
            .and_then(|inherit| inherit.get("default"));
        let inherits = inherit
            .and_then(Tree::scalar)
            .is_none_or(|flag| flag.text != "false");
        let section = |name: &str| {
            let root = &self.whole.root;
            let default = || root.get("default").and_then(|default| default.get(name));
            let below = || default().or_else(|| root.get(name)).filter(|_| inherits);
            job.get(name).or_else(below)
        };
        let mut main = Text::default();
        for name in ["before_script", "script"] {
            let part = if name == "script" {
                job.get(name)
            } else {
                section(name)
            };
            self.lines(part, &mut main, 0);
        }
        let step = 0;
        script::run(&main, variables, step, at, ledger);
        let mut after = Text::default();
        self.lines(section("after_script"), &mut after, 0);
        script::run(&after, variables, step + 1, at, ledger);
    }

    /// The lines of a script; lists in it are part of it.
    fn lines(&self, part: Option<&Tree>, text: &mut Text, depth: usize) {
        for item in part.map(Tree::items).unwrap_or_default() {
            match item {
                Tree::Scalar(line) => {
                    text.append(&Text::literal(self.definition.file, line));
                    text.glue("\n");
                }
                list if depth < 10 => self.lines(Some(list), text, depth + 1),
                _ => {}
            }
        }
    }
}
