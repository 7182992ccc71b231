//! Commands that read what they build out of files of the repository: compose, ko, GoReleaser.

use super::Entry;
use crate::eval::shell::docker;
use crate::eval::shell::{Variable, Word};
use crate::eval::value;
use crate::formats::ci::{compose, goreleaser, ko};
use crate::source::Place;

impl Entry<'_, '_> {
    pub(super) fn compose(&mut self, compose: &docker::Compose, at: Place) {
        let push = self.truth(compose.push, at);
        if push != value::Truth::False {
            self.open(compose.unknown.as_ref());
        }
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect();
        let surroundings = self.script.environment;
        let exported = self.exported.clone();
        let environment = |name: &str| match exported.get(name) {
            Some(text) => Variable::Known(text.clone()),
            None => surroundings.variable(name),
        };
        let call = compose::Call {
            files: self.script.files,
            unknowns: self.script.unknowns,
            named: texts(&compose.files),
            env_files: texts(&compose.env_files),
            profiles: texts(&compose.profiles),
            services: texts(&compose.services),
            builds: compose.build,
            push,
            folder: self.folder.clone(),
            environment: &environment,
            step: self.script.step,
            at,
        };
        compose::publish(&call, self.ledger);
    }

    pub(super) fn ko(&mut self, ko: &docker::Ko, at: Place) -> bool {
        let script = self.script;
        let call = ko::Call {
            ko,
            files: script.files,
            unknowns: script.unknowns,
            folder: &self.folder,
            environment: &|name| script.environment.variable(name),
            place: &|word| (script.place)(word.span.clone()),
            step: script.step,
            at,
        };
        ko::publish(&call, self.ledger)
    }

    pub(super) fn goreleaser(&mut self, arguments: &[Word], at: Place) -> bool {
        let surroundings = self.script.environment;
        let exported = self.exported.clone();
        let environment = |name: &str| match exported.get(name) {
            Some(text) => Variable::Known(text.clone()),
            None => surroundings.variable(name),
        };
        let call = goreleaser::Call {
            files: self.script.files,
            unknowns: self.script.unknowns,
            words: arguments.iter().map(|word| word.text.clone()).collect(),
            folder: self.folder.clone(),
            environment: &environment,
            presumes: false,
            git: &|words| surroundings.git(words),
            time: None,
            step: self.script.step,
            at,
        };
        goreleaser::publish(&call, self.ledger)
    }
}
