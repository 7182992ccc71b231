//! GoReleaser: a configuration of the repository, evaluated and entered into the account.

use std::collections::HashMap;

use jiff::Timestamp;

use super::ledger::Ledger;
use crate::eval::go_template::{Access, Value};
use crate::eval::goreleaser::command::{Command, Verb};
use crate::eval::goreleaser::definition::{self, Image};
use crate::eval::goreleaser::{Config, DEFAULT_FILES, Include, Situation, Tag};
use crate::eval::shell::Variable;
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::files::Files;
use crate::source::Place;
use crate::yaml::Yaml;

/// Configurations that include one another deeper than this are not followed.
const MAX_INCLUDES: usize = 8;

/// A call, from a script, an action, or for the configuration's own sake.
pub struct Call<'a> {
    /// The repository.
    pub files: &'a dyn Files,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The words after the program's name.
    pub words: Vec<String>,
    /// Where it runs, from the root of the repository; empty for there.
    pub folder: String,
    /// A variable of the environment.
    pub environment: &'a dyn Fn(&str) -> Variable,
    /// Whether a variable that may be missing is missing, and one that has to be there is there.
    pub presumes: bool,
    /// What `git` prints.
    pub git: &'a dyn Fn(&[String]) -> Option<String>,
    /// When the run starts.
    pub time: Option<Timestamp>,
    /// The step.
    pub step: usize,
    /// Where the call stands.
    pub at: Place,
}

/// Enters what a call builds and publishes; `false` where it fails for certain.
pub fn publish(call: &Call<'_>, ledger: &mut Ledger<'_>) -> bool {
    let command = Command::read(call.words.iter().map(String::as_str));
    let snapshot = command.snapshot == Truth::True;
    let nightly = command.nightly == Truth::True;
    let tag = call.tag();
    if command.verb == Verb::Other || (tag == Tag::None && !snapshot && !nightly) {
        return true;
    }
    let config = match call.config(&command) {
        Ok(config) => config,
        Err(_) if snapshot || command.skips("publish") || command.verb == Verb::Prepare => {
            return true;
        }
        Err(reason) => {
            let what = "GoReleaser's configuration";
            let mark = call.unknowns.note_at(what, reason, Some(call.at));
            ledger.opaque(mark);
            return true;
        }
    };
    for include in &config.includes {
        if let Include::Address(address) = include {
            let reason = "a configuration from an address, which is not fetched";
            let what = format!("`{}`", address.text);
            let mark = call.unknowns.note_at(what, reason, Some(address.at));
            ledger.opaque(mark);
        }
    }
    let variable = |name: &str, access| call.variable(name, access);
    let module = |folder: &str| call.module(folder);
    let situation = Situation {
        tag,
        commit: call.git(&["rev-parse", "HEAD"]),
        branch: call.git(&["rev-parse", "--abbrev-ref", "HEAD"]),
        repository: match (call.environment)("GITHUB_REPOSITORY") {
            Variable::Known(name) if unknown::is_known(&name) => Some(name),
            _ => None,
        },
        time: call.time,
        snapshot,
        nightly,
        variable: &variable,
        module: &module,
        unknowns: call.unknowns,
    };
    let definition = definition::evaluate(&config, &command, &situation, call.at);
    let doubts = ledger.doubts();
    for truth in [command.snapshot, command.nightly] {
        if let Truth::Unknown(mark) = truth {
            ledger.doubt(mark);
        }
    }
    command
        .unknown
        .into_iter()
        .for_each(|mark| ledger.doubt(mark));
    let mut built = Built::default();
    for image in &definition.images {
        enter(call, &config, image, &mut built, ledger);
    }
    ledger.restore_doubts(doubts);
    let goes_well = definition.faults.is_empty();
    for (message, at) in definition.faults {
        ledger.fault(message, at);
    }
    goes_well
}

/// The platforms of an image, and its Dockerfile.
type Part = (Vec<String>, Option<(String, Place)>);

/// What the call has made so far.
#[derive(Default)]
struct Built {
    /// How many images were entered.
    entries: usize,
    /// The platform and the Dockerfile of each image, by its name.
    images: HashMap<String, Part>,
    /// The build of what joins the same images.
    joined: HashMap<Vec<String>, usize>,
}

fn enter(
    call: &Call<'_>,
    config: &Config,
    image: &Image,
    built: &mut Built,
    ledger: &mut Ledger<'_>,
) {
    // By itself, each entry of the configuration is a step.
    let step = if call.presumes {
        built.entries
    } else {
        call.step
    };
    built.entries += 1;
    let mut build = ledger.blank_build(step, image.at);
    let mut platforms: Vec<String> = image.platforms.clone();
    let mut dockerfile = image.dockerfile.clone();
    if let Some(sources) = &image.joins {
        build.joins = true;
        build.sources = sources.iter().map(|source| ledger.key(source)).collect();
        let parts: Vec<_> = sources
            .iter()
            .filter_map(|name| built.images.get(name))
            .collect();
        for (own, _) in &parts {
            platforms.extend(own.iter().cloned());
        }
        // What joins images of one Dockerfile is of that Dockerfile.
        let file = |part: &&Part| part.1.clone();
        dockerfile = parts.first().and_then(file);
        if parts.iter().any(|part| part.1 != dockerfile) {
            dockerfile = None;
        }
    }
    for platform in platforms {
        let platform = unknown::pattern(&platform);
        if !build.platforms.contains(&platform) {
            build.platforms.push(platform);
        }
    }
    if let Some((file, at)) = &dockerfile {
        build.dockerfile = Some(unknown::pattern(file));
        build.dockerfile_at = Some(*at);
        let known = unknown::is_known(file) && !file.starts_with('/');
        let path = call.path(file).filter(|_| known && !image.is_joined());
        // Commands that run before may make the file.
        build.dockerfile_exists = path
            .and_then(|path| call.files.holds(&path))
            .filter(|holds| *holds || !config.hooks);
    }
    let sources = build.sources.clone();
    let number = match built.joined.get(&sources) {
        Some(number) if !sources.is_empty() => *number,
        _ => ledger.build(build),
    };
    built.joined.insert(sources, number);
    let doubts = ledger.doubts();
    if let Truth::Unknown(mark) = image.push {
        ledger.doubt(mark);
    }
    for name in &image.names {
        let here = ledger.doubts();
        name.doubts.iter().for_each(|mark| ledger.doubt(*mark));
        if image.local {
            ledger.tag_locally(&name.text, Some(number), name.at, name.doubts.is_empty());
            built.images.insert(
                name.text.clone(),
                (image.platforms.clone(), dockerfile.clone()),
            );
        }
        for source in image.joins.iter().flatten() {
            ledger.joined(&name.text, source);
        }
        if image.push != Truth::False {
            ledger.publish(&name.text, number, name.at, true);
        }
        ledger.restore_doubts(here);
    }
    ledger.restore_doubts(doubts);
}

impl Image {
    fn is_joined(&self) -> bool {
        self.joins.is_some()
    }
}

impl Call<'_> {
    fn git(&self, words: &[&str]) -> Option<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        (self.git)(&words)
    }

    /// The tag: as the environment says, else as git does.
    fn tag(&self) -> Tag {
        if let Variable::Known(tag) = (self.environment)("GORELEASER_CURRENT_TAG")
            && !tag.is_empty()
        {
            return Tag::At(tag);
        }
        let printed = self
            .git(&["tag", "--points-at", "HEAD"])
            .unwrap_or_default();
        let mut lines = printed.lines().map(str::trim);
        match lines.find(|line| !line.is_empty()) {
            Some(tag) => Tag::At(tag.to_owned()),
            None => Tag::None,
        }
    }

    fn variable(&self, name: &str, access: Access) -> Option<Value> {
        match (self.environment)(name) {
            Variable::Known(text) => Some(Value::text(text)),
            Variable::Unknown(_) if self.presumes && access == Access::Index => None,
            Variable::Unknown(mark) => Some(Value::Unknown(mark)),
            Variable::Unset if self.presumes && access == Access::Field => {
                let what = format!("env.{name}");
                let reason = "a variable of the environment; `--env` gives it";
                Some(Value::Unknown(self.unknowns.note(what, reason)))
            }
            Variable::Unset => None,
        }
    }

    /// The path of the Go module in a folder.
    fn module(&self, folder: &str) -> Option<String> {
        let file = match folder {
            "" => "go.mod".to_owned(),
            folder => format!("{folder}/go.mod"),
        };
        let text = self.files.read(&self.path(&file)?)?;
        super::go::module(&text)
    }

    /// A path from the root of the repository.
    fn path(&self, path: &str) -> Option<String> {
        if !unknown::is_known(&self.folder) || !unknown::is_known(path) {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// The configuration, with what it includes.
    fn config(&self, command: &Command) -> Result<Config, String> {
        let absent = |path: &str| format!("`{path}` is not in this repository's files");
        if let Some(named) = &command.config {
            let path = self.path(named).filter(|_| !named.starts_with('/'));
            let path = path.ok_or("its path is not known")?;
            return self.read(&path, 0).ok_or_else(|| absent(&path));
        }
        let mut usual = DEFAULT_FILES.iter();
        let found = usual.find_map(|name| self.read(&self.path(name)?, 0));
        found.ok_or_else(|| absent(".goreleaser.yaml"))
    }

    fn read(&self, path: &str, depth: usize) -> Option<Config> {
        let text = self.files.read(path)?;
        let yaml = Yaml::parse(&text);
        let source = self.files.source(path);
        let mut config = Config::read(source.unwrap_or(self.at.file), yaml.first()?);
        if source.is_none() {
            config.stand_at(self.at);
        }
        for include in config.includes.clone() {
            let Include::File(file) = include else {
                continue;
            };
            let inner = self.path(&file.text).filter(|_| depth < MAX_INCLUDES);
            match inner.and_then(|path| self.read(&path, depth + 1)) {
                Some(inner) => {
                    let addresses = inner.includes.iter();
                    let address = |include: &&Include| matches!(include, Include::Address(_));
                    config.includes.extend(addresses.filter(address).cloned());
                    config.include(inner);
                }
                // What cannot be read is as good as an address.
                None => config.includes.push(Include::Address(file)),
            }
        }
        Some(config)
    }
}
