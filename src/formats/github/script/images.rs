//! What the container commands of a script build, tag and push, entered into the account.

use crate::eval::shell::docker::{self, Action, ActionKind, Build, Pushes};
use crate::eval::shell::{self, Word};
use crate::eval::unknown;
use crate::facts::StrayArgument;
use crate::formats::github::context::Frame;
use crate::formats::github::dockerfile;
use crate::formats::github::ledger::Ledger;
use crate::formats::github::render::Rendered;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::Run;
use crate::source::Place;

/// The script's step, for all that is entered.
struct Entry<'a, 'f, 'l> {
    run: &'a Run<'a>,
    step: &'a Step,
    script: &'a Rendered,
    frame: &'a Frame<'f>,
    ledger: &'a mut Ledger<'l>,
}

/// Enters what a script publishes; `false` where one of its commands is refused, so that the step
/// ends there.
pub(super) fn publish(
    run: &Run<'_>,
    step: &Step,
    script: &Rendered,
    frame: &Frame<'_>,
    ran: &shell::Run,
    ledger: &mut Ledger<'_>,
) -> bool {
    let mut entry = Entry {
        run,
        step,
        script,
        frame,
        ledger,
    };
    docker::actions(&ran.commands)
        .iter()
        .all(|action| entry.enter(action))
}

impl Entry<'_, '_, '_> {
    fn place(&self, word: &Word) -> Place {
        self.script.place(word.span.clone())
    }

    fn enter(&mut self, action: &Action) -> bool {
        let doubts = self.ledger.doubts();
        let at = self.script.place(action.span.clone());
        if !action.certain {
            let reason = "it runs under a condition that is not known";
            let mark = self.frame.unknowns.note_at("a command", reason, Some(at));
            self.ledger.doubt(mark);
        }
        let goes_on = self.kind(action, at);
        self.ledger.restore_doubts(doubts);
        goes_on
    }

    fn kind(&mut self, action: &Action, at: Place) -> bool {
        match &action.kind {
            ActionKind::Build(build) => return self.build(build, at),
            ActionKind::Tag { from, to } => {
                let build = self.build_of(&from.text, at);
                let place = self.place(to);
                self.ledger
                    .tag_locally(&to.text, Some(build), place, to.certain);
            }
            ActionKind::Pull(reference) => {
                self.build_of(&reference.text, at);
            }
            ActionKind::Push {
                reference,
                all_tags,
            } => self.push(reference, *all_tags, at),
            ActionKind::Join {
                targets,
                sources,
                push,
            } => self.join(targets, sources, *push, at),
            ActionKind::Copy { from, to } => {
                let build = self.build_of(&from.text, at);
                self.ledger.joined(&to.text, &from.text);
                let place = self.place(to);
                self.ledger.publish(&to.text, build, place, to.certain);
            }
            ActionKind::Opaque(what) => {
                let reason = "it may publish images";
                let mark = self.frame.unknowns.note_at(what.as_str(), reason, Some(at));
                self.ledger.opaque(mark);
            }
        }
        true
    }

    fn build(&mut self, build: &Build, at: Place) -> bool {
        if !build.stray.is_empty() {
            for stray in &build.stray {
                let context = build.context.as_ref();
                self.ledger.stray(StrayArgument {
                    argument: unknown::pattern(&stray.text),
                    at: self.place(stray),
                    context: context.map(|word| unknown::pattern(&word.text)),
                    looks_like_reference: stray.text.contains([':', '/'])
                        && !stray.text.starts_with(['.', '/']),
                });
            }
            return false;
        }
        let mut entered = self.ledger.blank_build(self.step.number, at);
        let text = |word: &Option<Word>| word.as_ref().map(|word| unknown::pattern(&word.text));
        entered.context = text(&build.context);
        entered.target = text(&build.target);
        entered.platforms.clone_from(&build.platforms);
        if let Some(file) = &build.file {
            entered.dockerfile = Some(unknown::pattern(&file.text));
            entered.dockerfile_at = Some(self.place(file));
            entered.dockerfile_exists =
                dockerfile::exists(self.run, self.step, self.ledger.job(), &entered);
        }
        let number = self.ledger.build(entered);
        for word in &build.open {
            // Among unknown options there may be further tags.
            if build.pushes != Pushes::No {
                self.ledger.meet_all(&word.text);
                unknown::marks(&word.text).for_each(|mark| self.ledger.opaque(mark));
            }
        }
        for tag in &build.tags {
            let place = self.place(tag);
            self.ledger
                .tag_locally(&tag.text, Some(number), place, tag.certain);
            match build.pushes {
                Pushes::Tags => self.ledger.publish(&tag.text, number, place, tag.certain),
                Pushes::Unknown(mark) => {
                    self.ledger.doubt(mark);
                    self.ledger.publish(&tag.text, number, place, tag.certain);
                }
                Pushes::No | Pushes::Digest => {}
            }
        }
        true
    }

    fn push(&mut self, reference: &Word, all_tags: bool, at: Place) {
        if all_tags {
            for name in self.ledger.locals_of(&reference.text) {
                self.push_one(&name, reference, at);
            }
            return;
        }
        self.push_one(&reference.text, reference, at);
    }

    /// The tag is declared where it was given; a name that nothing in the job gave stands for itself.
    fn push_one(&mut self, name: &str, word: &Word, at: Place) {
        let (build, place, certain) = match self.ledger.local(name) {
            Some((Some(build), place, certain)) => (build, place, certain),
            _ => (self.build_of(name, at), self.place(word), true),
        };
        self.ledger
            .publish(name, build, place, certain && word.certain);
    }

    fn join(&mut self, targets: &[Word], sources: &[Word], push: bool, at: Place) {
        let mut build = self.ledger.blank_build(self.step.number, at);
        build.joins = true;
        build.sources = sources
            .iter()
            .map(|word| self.ledger.key(&word.text))
            .collect();
        let number = self.ledger.build(build);
        for target in targets {
            for source in sources {
                self.ledger.joined(&target.text, &source.text);
            }
            let place = self.place(target);
            if push {
                self.ledger
                    .publish(&target.text, number, place, target.certain);
            } else {
                self.ledger
                    .tag_locally(&target.text, Some(number), place, target.certain);
            }
        }
    }

    /// The build behind a name; a name that comes from elsewhere stands for one image throughout
    /// the job.
    fn build_of(&mut self, name: &str, at: Place) -> usize {
        if let Some((Some(build), ..)) = self.ledger.local(name) {
            return build;
        }
        let mut build = self.ledger.blank_build(self.step.number, at);
        build.joins = true;
        let number = self.ledger.build(build);
        self.ledger.tag_locally(name, Some(number), at, true);
        number
    }
}
