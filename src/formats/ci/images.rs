//! What the container commands of a script build, tag and push, entered into the account.

mod projects;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Script;
use super::bake::{self, Call};
use super::ledger::Ledger;
use crate::eval::shell::docker::{self, Action, Build, What};
use crate::eval::shell::{self, Truth, Variable, Word};
use crate::eval::unknown;
use crate::eval::value;
use crate::facts::StrayArgument;
use crate::source::Place;

/// The script's step, for all that is entered.
struct Entry<'a, 'l> {
    script: &'a Script<'a>,
    ran: &'a shell::Run,
    /// What the running command's environment holds besides that of the step.
    exported: Rc<BTreeMap<String, String>>,
    /// Where it runs, from where the script started.
    folder: String,
    ledger: &'a mut Ledger<'l>,
}

/// Enters what a script publishes; `false` where one of its commands is refused, so that the step
/// ends there.
pub fn publish(script: &Script<'_>, ran: &shell::Run, ledger: &mut Ledger<'_>) -> bool {
    let mut entry = Entry {
        script,
        ran,
        exported: Rc::default(),
        folder: String::new(),
        ledger,
    };
    docker::actions(ran)
        .iter()
        .all(|action| entry.enter(action))
}

impl Entry<'_, '_> {
    fn place(&self, word: &Word) -> Place {
        (self.script.place)(word.span.clone())
    }

    fn enter(&mut self, action: &Action) -> bool {
        let doubts = self.ledger.doubts();
        let at = (self.script.place)(action.span.clone());
        if !action.certain {
            self.doubt(
                "a command",
                "it runs under a condition that is not known",
                at,
            );
        }
        if let Some(command) = self.ran.commands.get(action.command) {
            let mut exported = (*command.exported).clone();
            exported.extend(command.assignments.iter().cloned());
            self.exported = Rc::new(exported);
            self.folder.clone_from(&command.directory);
        }
        let mut others = self.script.of_others.iter();
        self.ledger
            .mute(others.any(|others| others.contains(&action.command)));
        let goes_on = self.what(&action.what, at);
        self.ledger.mute(false);
        self.ledger.restore_doubts(doubts);
        goes_on
    }

    fn doubt(&mut self, what: &str, reason: &str, at: Place) {
        let mark = self.script.unknowns.note_at(what, reason, Some(at));
        self.ledger.doubt(mark);
    }

    /// Something that may publish and is not evaluated.
    fn opaque(&mut self, what: &str, at: Place) {
        let reason = "it may publish images, and is not evaluated";
        let mark = self.script.unknowns.note_at(what, reason, Some(at));
        self.ledger.opaque(mark);
    }

    fn what(&mut self, what: &What, at: Place) -> bool {
        match what {
            What::Build(build) => return self.build(build, at),
            What::Tag { from, to } => {
                let build = self.build_of(&from.text, at);
                self.name(to, build);
            }
            What::Pull { reference } => {
                self.build_of(&reference.text, at);
            }
            What::Push {
                reference,
                all_tags,
                destination,
                ..
            } => match destination {
                Some(to) => self.copy(reference, to, at),
                None => self.push(reference, *all_tags == Truth::True, at),
            },
            What::ManifestCreate { name, sources } => {
                let number = self.join(std::slice::from_ref(name), sources, at);
                self.name(name, number);
            }
            What::ManifestPush { name, destination } => match destination {
                Some(to) => self.copy(name, to, at),
                None => self.push(name, false, at),
            },
            What::ImagetoolsCreate {
                tags,
                sources,
                dry_run,
                unknown,
                ..
            } => {
                if *dry_run != Truth::True {
                    let number = self.join(tags, sources, at);
                    tags.iter().for_each(|tag| self.publish(tag, number));
                    self.open(unknown.as_ref());
                }
            }
            What::Copy { from, to, .. } => self.copy(from, to, at),
            What::RegistryTag { reference, tag } => {
                let image = repository(&reference.text);
                let to = Word {
                    text: format!("{image}:{}", tag.text),
                    ..tag.clone()
                };
                self.copy(reference, &to, at);
            }
            What::Kaniko {
                destinations,
                push,
                unknown,
                ..
            } => {
                if *push != Truth::False {
                    let build = self.ledger.blank_build(self.script.step, at);
                    let number = self.ledger.build(build);
                    destinations.iter().for_each(|to| self.publish(to, number));
                    self.open(unknown.as_ref());
                }
            }
            What::Bake(bake) => {
                if bake.print != Truth::True {
                    self.bake(bake, at);
                }
            }
            What::Compose(compose) => self.compose(compose, at),
            What::Ko(ko) => {
                if ko.push != Truth::False {
                    return self.ko(ko, at);
                }
            }
            What::Goreleaser { arguments } => return self.goreleaser(arguments, at),
            What::Unknown { what } => self.opaque(&format!("`{what}`"), at),
            What::Login { .. } => {}
        }
        true
    }

    fn truth(&self, push: Truth, at: Place) -> value::Truth {
        match push {
            Truth::True => value::Truth::True,
            Truth::False => value::Truth::False,
            Truth::Unknown => {
                let reason = "it depends on something that is not known";
                let mark = self.script.unknowns.note_at("a push", reason, Some(at));
                value::Truth::Unknown(mark)
            }
        }
    }

    fn bake(&mut self, bake: &docker::Bake, at: Place) {
        self.open(bake.unknown.as_ref());
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect();
        let surroundings = self.script.environment;
        let exported = self.exported.clone();
        let environment = |name: &str| {
            exported
                .get(name)
                .cloned()
                .or_else(|| match surroundings.variable(name) {
                    Variable::Known(text) => Some(text),
                    Variable::Unknown(mark) => Some(mark.as_char().to_string()),
                    Variable::Unset => None,
                })
        };
        let push = self.truth(bake.push, at);
        let call = Call {
            repository: self.script.files,
            unknowns: self.script.unknowns,
            files: texts(&bake.files),
            targets: texts(&bake.targets),
            sets: texts(&bake.sets),
            push,
            environment: &environment,
            step: self.script.step,
            at,
        };
        bake::publish(&call, self.ledger);
    }

    /// Words that may be any number of options: there may be further tags among them.
    fn open(&mut self, word: Option<&Word>) {
        for mark in unknown::marks(word.map_or("", |word| word.text.as_str())) {
            self.ledger.opaque(mark);
        }
    }

    /// The texts of a word: several where an unknown condition chooses among a few.
    fn texts(&self, word: &Word) -> (Vec<String>, bool) {
        let texts = self.ran.variants(&word.text);
        let certain = word.certain && texts.len() == 1;
        (texts, certain)
    }

    fn name(&mut self, word: &Word, build: usize) {
        let place = self.place(word);
        let (texts, certain) = self.texts(word);
        for text in texts {
            self.ledger.tag_locally(&text, Some(build), place, certain);
        }
    }

    fn publish(&mut self, word: &Word, build: usize) {
        let place = self.place(word);
        let (texts, certain) = self.texts(word);
        for text in texts {
            self.ledger.publish(&text, build, place, certain);
        }
    }

    fn build(&mut self, build: &Build, at: Place) -> bool {
        if build.is_refused() && !build.stray.is_empty() {
            self.stray(build);
            return false;
        }
        let mut entered = self.ledger.blank_build(self.script.step, at);
        let text = |word: &Option<Word>| word.as_ref().map(|word| unknown::pattern(&word.text));
        entered.context = text(&build.context);
        entered.target = text(&build.target);
        let platforms = build.platforms.iter();
        entered.platforms = platforms.map(|word| unknown::pattern(&word.text)).collect();
        if let Some(file) = &build.file {
            entered.dockerfile = Some(unknown::pattern(&file.text));
            entered.dockerfile_at = Some(self.place(file));
            entered.dockerfile_exists = (self.script.has_dockerfile)(&entered);
        }
        let number = self.ledger.build(entered);
        let names = build.outputs.iter().flat_map(|output| &output.names);
        let tags: Vec<&Word> = build.tags.iter().chain(names).collect();
        tags.iter().for_each(|tag| self.name(tag, number));
        let pushes = build
            .outputs
            .iter()
            .fold(build.push, |push, output| push.or(output.push));
        if pushes == Truth::False {
            return true;
        }
        if build.by_digest() == Truth::True {
            let names = build.outputs.iter().flat_map(|output| &output.names);
            for name in build.tags.iter().chain(names) {
                let place = self.place(name);
                self.ledger.publish_digest(&name.text, number, place);
            }
            return true;
        }
        if pushes == Truth::Unknown {
            self.doubt("a push", "it depends on something that is not known", at);
        }
        tags.iter().for_each(|tag| self.publish(tag, number));
        self.open(build.unknown.as_ref());
        true
    }

    /// The command takes one positional argument. Of several, the one that could be a folder is it.
    fn stray(&mut self, build: &Build) {
        let folder = |word: &&Word| {
            let text = &word.text;
            text.starts_with(['.', '/']) || text == "-" || text.contains("://")
        };
        let mut all: Vec<&Word> = build.context.iter().chain(&build.stray).collect();
        let at = all.iter().position(folder).unwrap_or(0);
        let context = (at < all.len()).then(|| all.remove(at));
        for stray in all {
            self.ledger.stray(StrayArgument {
                argument: unknown::pattern(&stray.text),
                at: self.place(stray),
                context: context.map(|word| unknown::pattern(&word.text)),
                looks_like_reference: stray.text.contains([':', '/']) && !folder(&stray),
            });
        }
    }

    fn push(&mut self, reference: &Word, all_tags: bool, at: Place) {
        let (texts, certain) = self.texts(reference);
        for text in texts {
            let names = if all_tags {
                self.ledger.locals_of(&text)
            } else {
                vec![text]
            };
            for name in names {
                self.push_one(&name, reference, certain, at);
            }
        }
    }

    /// The tag is declared where it was given; a name that nothing in the job gave stands for itself.
    fn push_one(&mut self, name: &str, word: &Word, certain: bool, at: Place) {
        let (build, place, sure) = match self.ledger.local(name) {
            Some((Some(build), place, sure)) => (build, place, sure),
            _ => {
                let (build, place) = (self.build_of(name, at), self.place(word));
                self.ledger.push_untagged(name, build, place, certain);
                (build, place, true)
            }
        };
        self.ledger.publish(name, build, place, certain && sure);
    }

    fn copy(&mut self, from: &Word, to: &Word, at: Place) {
        let build = self.build_of(&from.text, at);
        self.ledger.joined(&to.text, &from.text);
        self.publish(to, build);
    }

    /// An index made of other images; those of single processors are no publications of their own.
    fn join(&mut self, targets: &[Word], sources: &[Word], at: Place) -> usize {
        let mut build = self.ledger.blank_build(self.script.step, at);
        build.joins = true;
        let keys = sources.iter().map(|word| self.ledger.key(&word.text));
        build.sources = keys.collect();
        let number = self.ledger.build(build);
        for target in targets {
            for source in sources {
                self.ledger.joined(&target.text, &source.text);
            }
        }
        number
    }

    /// The build behind a name; a name that comes from elsewhere stands for one image throughout
    /// the job.
    fn build_of(&mut self, name: &str, at: Place) -> usize {
        if let Some((Some(build), ..)) = self.ledger.local(name) {
            return build;
        }
        let mut build = self.ledger.blank_build(self.script.step, at);
        build.joins = true;
        let number = self.ledger.build(build);
        self.ledger.tag_locally(name, Some(number), at, true);
        number
    }
}

/// Whether a program may give names to images in ways that are not read.
fn is_builder(program: &[u8]) -> bool {
    matches!(
        program,
        b"ant"
            | b"bake"
            | b"bash"
            | b"bazel"
            | b"bazelisk"
            | b"bob"
            | b"cargo"
            | b"compose"
            | b"commit"
            | b"dagger"
            | b"docker-compose"
            | b"earth"
            | b"earthly"
            | b"eval"
            | b"go"
            | b"gradle"
            | b"gradlew"
            | b"import"
            | b"just"
            | b"load"
            | b"mage"
            | b"make"
            | b"mvn"
            | b"mvnw"
            | b"nix"
            | b"nix-build"
            | b"node"
            | b"npm"
            | b"npx"
            | b"pack"
            | b"pants"
            | b"pnpm"
            | b"poetry"
            | b"python"
            | b"python3"
            | b"rake"
            | b"sbt"
            | b"sh"
            | b"source"
            | b"task"
            | b"tilt"
            | b"uv"
            | b"werf"
            | b"xargs"
            | b"yarn"
            | b"zsh"
    )
}

/// Whether a script may give names to images in ways that are not read.
#[must_use]
pub fn may_name(text: &str) -> bool {
    let separates = |b: &u8| {
        matches!(
            b,
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'`'
        )
    };
    let mut words = text.as_bytes().split(separates);
    words.any(|word| {
        let script = word.ends_with(b".sh") || word.starts_with(b"./") && word.len() > 2;
        script || is_builder(word)
    })
}

/// A reference without tag and digest.
fn repository(reference: &str) -> &str {
    let image = reference.split('@').next().unwrap_or_default();
    let slash = image.rfind('/').map_or(0, |at| at + 1);
    let end = image.get(slash..).and_then(|last| last.find(':'));
    end.and_then(|end| image.get(..slash + end))
        .unwrap_or(image)
}
