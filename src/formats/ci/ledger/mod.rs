//! What a run has built, tagged and pushed so far, and what it could not know.

mod budget;
mod published;
mod reference;
mod unnamed;

pub use reference::split;

use crate::eval::unknown::{self, Mark, Unknown, Unknowns};
use crate::eval::value::Object;
use crate::facts::{
    Build, Declaration, DigestPush, Plan, Publication, Scenario, StrayArgument, TagEntry,
    UnknownFact, UntaggedPush,
};
use crate::policy::tag_names_processor;
use crate::source::{FileId, Place, Span};
use budget::Budget;
use published::{Declared, Published};
use reference::{is_constant, is_local_registry, shown, with_tag};

/// A tag that docker/metadata-action gave, with what gave it.
#[derive(Debug, Clone)]
pub struct DeclaredTag {
    /// The whole reference, with marks.
    pub reference: String,
    /// How it stands in the step's outputs: a tag that may not be there is one mark in them.
    pub line: String,
    /// Whether nothing unknown decides over it.
    pub certain: bool,
    /// Where it is declared.
    pub at: Place,
    /// What declares it.
    pub declaration: Declaration,
    /// The job of that step.
    pub job: String,
    /// The id of that step, where it has one.
    pub step: Option<String>,
}

/// An image that lies on the machine of a job under a local name.
#[derive(Debug, Clone)]
struct LocalTag {
    reference: String,
    build: Option<usize>,
    at: Place,
    certain: bool,
}

/// The account of one run.
pub struct Ledger<'u> {
    unknowns: &'u Unknowns,
    file: FileId,
    builds: Vec<Build>,
    publications: Published,
    steps: Vec<(Place, bool)>,
    digests: Vec<DigestPush>,
    untagged: Vec<UntaggedPush>,
    /// Whether something in the job may name images and is not read.
    blind: bool,
    job_at: Option<Place>,
    doubts: Vec<Mark>,
    met: Vec<Unknown>,
    opaque: bool,
    strays: Vec<StrayArgument>,
    entries: Vec<TagEntry>,
    faults: Vec<(String, Place)>,
    declared: Declared,
    budget: Budget,
    local: Vec<LocalTag>,
    job: String,
    instance: Vec<(String, serde_json::Value)>,
    matrix_at: Option<Place>,
    /// The jobs whose calls led here: `release / `.
    callers: String,
    /// The step of the job whose composite action runs.
    action_step: Vec<usize>,
    /// Whether what is pushed belongs to another job.
    muted: bool,
}

impl<'u> Ledger<'u> {
    /// An empty account for a run of a workflow file.
    #[must_use]
    pub fn new(unknowns: &'u Unknowns, file: FileId) -> Self {
        Self {
            unknowns,
            file,
            builds: Vec::new(),
            publications: Published::default(),
            steps: Vec::new(),
            digests: Vec::new(),
            untagged: Vec::new(),
            blind: false,
            job_at: None,
            doubts: Vec::new(),
            met: Vec::new(),
            opaque: false,
            strays: Vec::new(),
            entries: Vec::new(),
            faults: Vec::new(),
            declared: Declared::default(),
            budget: Budget::default(),
            local: Vec::new(),
            job: String::new(),
            instance: Vec::new(),
            matrix_at: None,
            callers: String::new(),
            action_step: Vec::new(),
            muted: false,
        }
    }

    /// What is pushed now belongs to another job, or to this one again.
    pub fn mute(&mut self, muted: bool) {
        self.muted = muted;
    }

    /// A job calls a workflow: its jobs are named after the caller too. Gives what
    /// [`Ledger::leave_call`] takes.
    pub fn enter_call(&mut self, job: &str) -> (String, Vec<(String, serde_json::Value)>) {
        let before = self.callers.clone();
        self.callers.push_str(&format!("{job} / "));
        (before, self.instance.clone())
    }

    /// The call ends.
    pub fn leave_call(&mut self, before: (String, Vec<(String, serde_json::Value)>)) {
        (self.callers, self.instance) = before;
    }

    /// A composite action runs: its builds count as those of the step that uses it.
    pub fn enter_action(&mut self, step: usize) {
        self.action_step.push(step);
    }

    /// The action ends.
    pub fn leave_action(&mut self) {
        self.action_step.pop();
    }

    /// Starts a job instance: a machine of its own, with no images on it.
    pub fn begin_job(&mut self, id: &str, matrix: Option<&Object>, matrix_at: Option<Place>) {
        self.job = format!("{}{id}", self.callers);
        self.matrix_at = matrix_at;
        self.instance = matrix
            .map(|values| {
                let row = values.iter();
                row.map(|(name, value)| (name.to_string(), shown(value.to_json())))
                    .collect()
            })
            .unwrap_or_default();
        self.local.clear();
        self.blind = false;
        self.job_at = None;
    }

    /// Where the job that runs is declared.
    pub fn job_stands_at(&mut self, place: Place) {
        self.job_at = Some(place);
    }

    /// The run comes to a step, and runs it or does not.
    pub fn come_to(&mut self, step: Place, ran: bool) {
        let steps = &mut self.steps;
        match steps.iter_mut().rev().find(|(known, _)| *known == step) {
            Some((_, known)) => *known |= ran,
            None => steps.push((step, ran)),
        }
    }

    /// Something in the job may name images, and is not read.
    pub fn go_blind(&mut self) {
        self.blind = true;
    }

    /// Where unknowns are noted.
    #[must_use]
    pub fn unknowns(&self) -> &'u Unknowns {
        self.unknowns
    }

    /// The job that runs.
    #[must_use]
    pub fn job(&self) -> &str {
        &self.job
    }

    /// How many doubts lie over what comes next.
    #[must_use]
    pub fn doubts(&self) -> usize {
        self.doubts.len()
    }

    /// What comes next happens only if something unknown holds.
    pub fn doubt(&mut self, mark: Mark) {
        self.doubts.push(mark);
    }

    /// Drops the doubts added since [`Ledger::doubts`] gave this number.
    pub fn restore_doubts(&mut self, count: usize) {
        self.doubts.truncate(count);
    }

    /// Whether nothing unknown decides over what comes next.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.doubts.is_empty()
    }

    /// Something that may publish is not known at all.
    pub fn opaque(&mut self, mark: Mark) {
        if self.muted {
            return;
        }
        self.opaque = true;
        self.meet(mark);
    }

    /// Something that bears on a publication is not known.
    pub fn meet(&mut self, mark: Mark) {
        if let Some(unknown) = self.unknowns.get(mark)
            && !self.met.contains(&unknown)
        {
            self.met.push(unknown);
        }
    }

    /// All unknown parts of a text bear on a publication.
    pub fn meet_all(&mut self, text: &str) {
        for mark in unknown::marks(text) {
            self.meet(mark);
        }
    }

    /// A step or a job fails for certain, with what it says.
    pub fn fault(&mut self, message: String, at: Place) {
        if !self
            .faults
            .iter()
            .any(|(known, place)| *known == message && *place == at)
        {
            self.faults.push((message, at));
        }
    }

    /// A positional argument that makes a build command fail.
    pub fn stray(&mut self, stray: StrayArgument) {
        if !self.strays.contains(&stray) {
            self.strays.push(stray);
        }
    }

    /// An entry of a `tags` input and what became of it.
    pub fn entry(&mut self, entry: TagEntry) {
        self.entries.push(entry);
    }

    /// Adds a build of the running job; gives its number.
    pub fn build(&mut self, mut build: Build) -> usize {
        build.job.clone_from(&self.job);
        build.instance.clone_from(&self.instance);
        build.matrix_at = self.matrix_at;
        build.job_at = self.job_at;
        if let Some(step) = self.action_step.first() {
            build.step = *step;
        }
        // The builds of one instance of a job stand together.
        let own = self.builds.iter().rev();
        let own =
            own.take_while(|other| other.job == build.job && other.instance == build.instance);
        build.ordinal = own.filter(|other| other.step == build.step).count();
        self.builds.push(build);
        self.builds.len() - 1
    }

    /// A build as started by a step, to be completed and handed to [`Ledger::build`].
    #[must_use]
    pub fn blank_build(&self, step: usize, at: Place) -> Build {
        Build {
            at,
            job: String::new(),
            instance: Vec::new(),
            job_at: None,
            matrix_at: None,
            step,
            ordinal: 0,
            context: None,
            dockerfile: None,
            dockerfile_at: None,
            dockerfile_exists: None,
            target: None,
            platforms: Vec::new(),
            joins: false,
            sources: Vec::new(),
        }
    }

    /// The name of an image on the job's machine.
    pub fn tag_locally(&mut self, reference: &str, build: Option<usize>, at: Place, certain: bool) {
        let reference = with_tag(reference);
        self.local.retain(|tag| tag.reference != reference);
        self.local.push(LocalTag {
            reference,
            build,
            at,
            certain,
        });
    }

    /// The build that a local name stands for, where it was named, and whether that is certain.
    #[must_use]
    pub fn local(&self, reference: &str) -> Option<(Option<usize>, Place, bool)> {
        let reference = with_tag(reference);
        let found = self.local.iter().find(|tag| tag.reference == reference)?;
        Some((found.build, found.at, found.certain))
    }

    /// All local names of a repository.
    #[must_use]
    pub fn locals_of(&self, image: &str) -> Vec<String> {
        let names = self.local.iter().map(|tag| tag.reference.clone());
        names.filter(|name| split(name).0 == image).collect()
    }

    /// A reference is pushed.
    pub fn publish(&mut self, reference: &str, build: usize, at: Place, certain: bool) {
        self.publish_written(reference, build, at, certain, "");
    }

    /// A reference is pushed that the file writes in this way: `${{ steps.meta.outputs.tags }}`
    /// tells which step declared it, where several declare the same.
    pub fn publish_written(
        &mut self,
        reference: &str,
        build: usize,
        at: Place,
        certain: bool,
        written: &str,
    ) {
        let reference = reference.trim().trim_start_matches("docker://");
        if self.muted || reference.is_empty() || reference.contains('@') {
            return;
        }
        let declared = self.declared(reference, written).cloned();
        let reference = declared
            .as_ref()
            .map_or(reference, |tag| tag.reference.as_str());
        if is_local_registry(reference) {
            return;
        }
        let (at, declaration, sure) = match &declared {
            Some(tag) => (tag.at, tag.declaration.clone(), tag.certain),
            None => (at, Declaration::Literal, true),
        };
        let certain = certain && sure && self.is_certain();
        let (image, tag) = split(reference);
        self.meet_all(reference);
        for mark in self.doubts.clone() {
            self.meet(mark);
        }
        let publication = Publication {
            image: unknown::pattern(image),
            tag: unknown::pattern(tag),
            image_key: self.key(image),
            tag_key: self.key(tag),
            certain,
            build,
            at,
            declaration,
        };
        self.publications.add(publication);
    }

    /// docker/metadata-action gives a tag.
    pub fn declare(&mut self, tag: DeclaredTag) {
        self.declared.add(tag);
    }

    fn declared(&self, reference: &str, written: &str) -> Option<&DeclaredTag> {
        let here = |tag: &&DeclaredTag| tag.job == self.job;
        let named = |tag: &&DeclaredTag| {
            let step = tag.step.as_deref();
            step.is_some_and(|step| written.contains(&format!("steps.{step}.")))
        };
        let mut declared = self.declared.written(reference);
        declared
            .clone()
            .find(|tag| here(tag) && named(tag))
            .or_else(|| declared.clone().find(here))
            .or_else(|| declared.next())
    }

    /// The text with each unknown part spelled by its name where that stands for one value
    /// throughout a run, so that equal keys mean equal text.
    pub fn key(&self, text: &str) -> String {
        let mut key = String::with_capacity(text.len());
        for c in text.chars() {
            match Mark::from_char(c).and_then(|mark| self.unknowns.get(mark)) {
                Some(unknown) if is_constant(&unknown.what) => {
                    key.push_str(&format!("{{{}}}", unknown.what));
                }
                Some(_) => key.push_str("{?}"),
                None => key.push(c),
            }
        }
        key
    }

    /// References that a later step joins into an image of several platforms, and that are no
    /// publications of their own.
    pub fn joined(&mut self, target: &str, source: &str) {
        let (image, tag) = split(source);
        let (_, joined) = split(target);
        if !tag_names_processor(tag) || tag == joined {
            return;
        }
        let (image, tag) = (self.key(image), self.key(tag));
        self.publications.drop(&image, &tag);
    }

    /// The finished account.
    #[must_use]
    pub fn into_plan(self, scenario: Scenario, event: &str, reference: &str) -> Plan {
        let whole = Place {
            file: self.file,
            span: Span::default(),
        };
        let order = |p: &Publication, builds: &[Build]| {
            let build = builds.get(p.build);
            let instance = build.and_then(Build::instance_name);
            let job = build.map(|build| (build.job.clone(), instance, build.step));
            (p.image.clone(), p.tag.clone(), job)
        };
        let builds = &self.builds;
        let mut publications = self.publications.into_all();
        publications.sort_by_cached_key(|p| order(p, builds));
        let mut unknowns: Vec<UnknownFact> = self
            .met
            .into_iter()
            .map(|unknown| UnknownFact {
                what: unknown.what,
                reason: unknown.reason,
                at: unknown.at.unwrap_or(whole),
            })
            .collect();
        unknowns.sort_by(|a, b| (a.at, &a.what).cmp(&(b.at, &b.what)));
        unknowns.dedup();
        Plan {
            scenario,
            event: event.to_owned(),
            reference: reference.to_owned(),
            file: self.file,
            trigger_at: None,
            steps: self.steps,
            builds: self.builds,
            publications,
            unknowns,
            opaque: self.opaque,
            strays: self.strays,
            digests: self.digests,
            untagged: self.untagged,
            tag_entries: self.entries,
            faults: self.faults,
        }
    }
}
